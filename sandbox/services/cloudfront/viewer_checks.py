# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What CloudFront refuses in what viewers meet: names, their certificate, the web ACL."""

from moto.backends import get_backend

from ..acm.certificates import names_of, settle_certificates
from .shared import items, refuse

MOST_ALIASES = 100  # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
REGION = "us-east-1"  # the only one whose certificates and web ACLs CloudFront takes
SEE = (
    "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/CNAMEs.html#alternate-domain-names-requirements"
)


def check_viewers(call, config, distribution, taking):
    """Refuse names that are not ours to use, and a certificate or an ACL that is not there."""
    aliases, arn = items(config["Aliases"]), config["ViewerCertificate"].get("ACMCertificateArn")
    message = "Your request contains more CNAMEs than are allowed per distribution."
    refuse(len(aliases) > MOST_ALIASES, message, "TooManyDistributionCNAMEs")
    names = _certified(call, arn) if arn else []
    if not config["ViewerCertificate"].get("IAMCertificateId"):
        _check_cover(aliases, arn, names)
    taken = _taken(distribution, taking)
    message = "One or more of the CNAMEs you provided are already associated with a different resource."
    refuse(taken & set(aliases), message, "CNAMEAlreadyExists")
    _check_firewall(call, config["WebACLId"])


def _certified(call, arn):
    """The names in a certificate that CloudFront can use."""
    region = arn.split(":")[3] if arn.count(":") >= 5 else ""
    message = (
        "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include a"
        " valid certificate chain."
    )
    refuse(region != REGION, message, "InvalidViewerCertificate")
    settle_certificates(call.account, REGION)
    certificate = get_backend("acm")[call.account][REGION]._certificates.get(arn)
    refuse(certificate is None or certificate.status != "ISSUED", message, "InvalidViewerCertificate")
    return names_of(certificate)


def _check_cover(aliases, arn, names):
    message = (
        "To add an alternate domain name (CNAME) to a CloudFront distribution, you must attach a trusted certificate"
        f" that validates your authorization to use the domain name. For more details, see: {SEE}"
    )
    refuse(aliases and not arn, message, "InvalidViewerCertificate")
    covered = {*names, *(alias for alias in aliases if f"*.{alias.partition('.')[2]}" in names)}
    message = (
        "The certificate that is attached to your distribution doesn't cover the alternate domain name (CNAME) that"
        f" you're trying to add. For more details, see: {SEE}"
    )
    refuse(set(aliases) - covered, message, "InvalidViewerCertificate")


def _taken(distribution, taking):
    """The names of all other distributions, whoever has them."""
    return {
        alias
        for backends in list(get_backend("cloudfront").values())
        for other in backends["aws"].distributions.values()
        if other is not distribution and other not in taking
        for alias in items(other.config["Aliases"])
    }


def _check_firewall(call, arn):
    """An ACL of the latest WAF, which lives beside CloudFront."""
    if not arn:
        return
    message = "Web ACL is not accessible by the requester."
    known = get_backend("wafv2")[call.account]["aws"].wacls
    refuse(f":{REGION}:" not in arn or ":global/webacl/" not in arn or arn not in known, message, "InvalidWebACLId")
