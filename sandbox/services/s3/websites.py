# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Websites, and which pages of others may use a bucket."""

from .. import check
from .errors import invalid, unfit

MOST_RULES = 100


@check("s3", "PutBucketWebsite")
def check_website(call):
    """An index document, or somewhere else to go."""
    wanted = call.parameters["WebsiteConfiguration"]
    index, elsewhere = wanted.get("IndexDocument"), wanted.get("RedirectAllRequestsTo")
    if elsewhere and (index or wanted.get("ErrorDocument") or wanted.get("RoutingRules")):
        raise invalid("RedirectAllRequestsTo cannot be provided in conjunction with other Routing Rules.")
    if not elsewhere and not index:
        raise invalid("A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty")
    if index and (not index["Suffix"] or "/" in index["Suffix"]):
        raise invalid("The IndexDocument Suffix is not well formed")


@check("s3", "PutBucketCors")
def check_cors(call):
    """Origins with a wildcard at most, and not too many rules."""
    rules = call.parameters["CORSConfiguration"]["CORSRules"]
    if len(rules) > MOST_RULES:
        raise unfit(f"The number of CORS rules should not exceed allowed limit of {MOST_RULES} rules.")
    for origin in (origin for rule in rules for origin in rule["AllowedOrigins"]):
        if origin.count("*") > 1:
            raise unfit(f'AllowedOrigin "{origin}" can not have more than one wildcard.')
