# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What CloudFront refuses in the configuration of a distribution."""

from .behavior_checks import check_behaviors
from .origin_checks import check_origins
from .shared import items, kept, refuse
from .things import KINDS
from .viewer_checks import check_viewers

# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/creating-custom-error-pages.html
REPLACED = {400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504}
ANSWERED = {"200", *map(str, REPLACED)}
LONGEST_COMMENT = 128


def check_config(call, config, distribution=None, taking=()):
    """Refuse a configuration, of a distribution that there is, or a new one; ``taking``: those that lose an alias."""
    refuse(len(config["Comment"]) > LONGEST_COMMENT, "The parameter Comment is too long.")
    root = config["DefaultRootObject"]
    message = "The parameter DefaultRootObject cannot begin with a slash."
    refuse(root.startswith("/") or len(root) > 255, message, "InvalidDefaultRootObject")
    check_origins(call, config)
    check_behaviors(call, config)
    _check_errors(config)
    _check_restriction(config["Restrictions"]["GeoRestriction"])
    check_viewers(call, config, distribution, taking)
    _check_deployment(call, config, distribution)


def _check_errors(config):
    for response in items(config["CustomErrorResponses"]):
        code, wanted = response["ErrorCode"], response.get("ResponseCode") or ""
        refuse(code not in REPLACED, f"The parameter ErrorCode {code} is not valid.", "InvalidErrorCode")
        refuse(
            wanted and wanted not in ANSWERED,
            f"The parameter ResponseCode {wanted} is not valid.",
            "InvalidResponseCode",
        )
        path = response.get("ResponsePagePath") or ""
        refuse(bool(path) != bool(wanted), "ResponsePagePath and ResponseCode must be specified together.")
        refuse(path and not path.startswith("/"), "The parameter ResponsePagePath must begin with a slash.")


def _check_restriction(restriction):
    kind, places = restriction["RestrictionType"], items(restriction)
    message = "The specified geo restriction parameter is not valid."
    refuse((kind == "none") == bool(places), message, "InvalidGeoRestrictionParameter")
    wrong = [place for place in places if len(place) != 2 or not place.isalpha() or not place.isupper()]
    refuse(wrong, f"The location codes are not valid: {wrong}", "InvalidLocationCode")


def _check_deployment(call, config, distribution):
    number = config["ContinuousDeploymentPolicyId"]
    if not number:
        return
    message = "The continuous deployment policy doesn't exist."
    policies = kept(call, "ContinuousDeploymentPolicy")
    refuse(number not in policies, message, "NoSuchContinuousDeploymentPolicy")
    others = [item for item in KINDS["ContinuousDeploymentPolicy"].users(call, number) if item is not distribution]
    refuse(others, "The policy is associated with another distribution.", "ContinuousDeploymentPolicyInUse")
