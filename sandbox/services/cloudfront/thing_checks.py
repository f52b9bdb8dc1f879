# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What CloudFront refuses in policies, controls and keys, beside what holds for all of them."""

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from ...errors import AwsError
from .. import check
from .shared import distributions, items, kept, refuse
from .things import KINDS

# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
MOST_NAMES, MOST_HEADERS, MOST_KEYS, LONGEST_SECURITY_POLICY = 10, 10, 5, 1783
DAY, YEAR = 86400, 31536000
LISTS = (
    ("HeadersConfig", "HeaderBehavior", "Headers"),
    ("CookiesConfig", "CookieBehavior", "Cookies"),
    ("QueryStringsConfig", "QueryStringBehavior", "QueryStrings"),
)
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/add-origin-custom-headers.html
OF_THE_CACHE = {"authorization", "accept-encoding"}
ENCODINGS = ("EnableAcceptEncodingGzip", "EnableAcceptEncodingBrotli")
LISTING = ("whitelist", "allExcept", "allViewerAndWhitelistCloudFront")


@check("cloudfront", *(f"{verb}{kind}" for verb in ("Create", "Update") for kind in KINDS))
def check_quantities(call):
    """Lists say how many items they have."""
    refuse_quantities(call.parameters)


@check(
    "cloudfront", "CreateDistribution", "CreateDistributionWithTags", "UpdateDistribution", "CreateInvalidation"
)  # fmt: skip
def check_quantities_of_distribution(call):
    """Those of a distribution do, too."""
    refuse_quantities(call.parameters)


def refuse_quantities(value):
    """Refuse a list, somewhere in there, whose quantity is another one."""
    if isinstance(value, list):
        for item in value:
            refuse_quantities(item)
    if isinstance(value, dict):
        wrong = value.get("Quantity") is not None and value["Quantity"] != len(items(value))
        refuse(wrong, "The value of Quantity and the size of Items don't match.", "InconsistentQuantities")
        for item in value.values():
            refuse_quantities(item)


@check("cloudfront", "CreateCachePolicy", "UpdateCachePolicy")
def check_cache_policy(call):
    """Times are in order; a list of names goes with the behavior that has one."""
    config = call.parameters["CachePolicyConfig"]
    least = config["MinTTL"]
    usual = config["DefaultTTL"] = max(DAY, least) if config.get("DefaultTTL") is None else config["DefaultTTL"]
    most = config["MaxTTL"] = max(YEAR, usual) if config.get("MaxTTL") is None else config["MaxTTL"]
    refuse(not 0 <= least <= usual <= most, "The order of MinTTL, DefaultTTL and MaxTTL is not valid.")
    parameters = config.get("ParametersInCacheKeyAndForwardedToOrigin")
    if parameters:
        _check_lists(parameters, "CachePolicy")
        _check_disabled(parameters, most)


def _check_disabled(parameters, most):
    """Where nothing is kept, nothing makes a difference."""
    named = [behavior for part, behavior, _member in LISTS if parameters[part][behavior] != "none"]
    named += [name for name in ENCODINGS if parameters.get(name)]
    refuse(most == 0 and named, f"The parameter {', '.join(named)} is invalid for policy with caching disabled.")


@check("cloudfront", "CreateOriginRequestPolicy", "UpdateOriginRequestPolicy")
def check_origin_request_policy(call):
    """The same lists; what decides who may see something is up to the cache."""
    config = call.parameters["OriginRequestPolicyConfig"]
    _check_lists(config, "OriginRequestPolicy")
    headers = config["HeadersConfig"]
    wanted = {name.lower() for name in items(headers.get("Headers")) if headers["HeaderBehavior"] == "whitelist"}
    wrong = sorted(wanted & OF_THE_CACHE)
    refuse(wrong, f"The parameter Headers contains {', '.join(wrong)} that is not allowed.")


def _check_lists(parts, kind):
    for part, behavior, member in LISTS:
        how, names = parts[part][behavior], items(parts[part].get(member))
        message = f"The parameter {member} goes with a {behavior} that lists some, and {how} is given."
        refuse((how in LISTING) != bool(names), message)
        message = f"The number of {member} in the policy exceeds the maximum."
        refuse(len(names) > MOST_NAMES, message, f"TooMany{member}In{kind}")


@check("cloudfront", "CreateResponseHeadersPolicy", "UpdateResponseHeadersPolicy")
def check_response_headers_policy(call):
    """No more headers, nor longer ones, than there may be."""
    config = call.parameters["ResponseHeadersPolicyConfig"]
    custom, removed = items(config.get("CustomHeadersConfig")), items(config.get("RemoveHeadersConfig"))
    for headers, code in (
        (custom, "TooManyCustomHeadersInResponseHeadersPolicy"),
        (removed, "TooManyRemoveHeadersInResponseHeadersPolicy"),
    ):
        refuse(len(headers) > MOST_HEADERS, f"The maximum is {MOST_HEADERS} headers.", code)
    security = config.get("SecurityHeadersConfig") or {}
    text = (security.get("ContentSecurityPolicy") or {}).get("ContentSecurityPolicy", "")
    message = f"The content security policy is longer than {LONGEST_SECURITY_POLICY} characters."
    refuse(len(text) > LONGEST_SECURITY_POLICY, message, "TooLongCSPInResponseHeadersPolicy")
    protection = security.get("XSSProtection") or {}
    both = protection.get("ModeBlock") and protection.get("ReportUri")
    refuse(both, "ReportUri cannot be specified when ModeBlock is true.")


@check("cloudfront", "CreateOriginAccessControl", "UpdateOriginAccessControl")
def check_control(call):
    """The name is short."""
    name = call.parameters["OriginAccessControlConfig"]["Name"]
    refuse(not 1 <= len(name) <= 64, "The parameter Name must have 1 to 64 characters.")


@check("cloudfront", "CreatePublicKey", "UpdatePublicKey")
def check_key(call):
    """A key is one that signatures can be held against, and stays as it is."""
    config = call.parameters["PublicKeyConfig"]
    # XML takes away the last line break.
    config["EncodedKey"] = config["EncodedKey"].rstrip("\n") + "\n"
    try:
        key = load_pem_public_key(config["EncodedKey"].encode())
    except ValueError as error:
        raise AwsError("InvalidArgument", "The parameter EncodedKey is not a valid public key.") from error
    usable = (isinstance(key, rsa.RSAPublicKey) and key.key_size == 2048) or (
        isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name == "secp256r1"
    )
    refuse(not usable, "The parameter EncodedKey must be an RSA key of 2048 bits or an ECDSA key of 256 bits.")
    known = kept(call, "PublicKey").get(call.parameters.get("Id"))
    changed = known and any(known.config[name] != config[name] for name in ("CallerReference", "Name", "EncodedKey"))
    refuse(changed, "You can't change the value of a public key.", "CannotChangeImmutablePublicKeyFields")


@check("cloudfront", "DeletePublicKey")
def refuse_grouped(call):
    """A key stays while it is in a group."""
    number = call.parameters["Id"]
    groups = [group for group in kept(call, "KeyGroup").values() if number in group.config["Items"]]
    refuse(groups, "The specified public key is in use.", "PublicKeyInUse")


@check("cloudfront", "CreateKeyGroup", "UpdateKeyGroup")
def check_group(call):
    """A group is of keys that there are."""
    numbers = call.parameters["KeyGroupConfig"]["Items"]
    message = f"A key group has at most {MOST_KEYS} public keys."
    refuse(len(numbers) > MOST_KEYS, message, "TooManyPublicKeysInKeyGroup")
    missing = set(numbers) - set(kept(call, "PublicKey"))
    refuse(missing or not numbers, f"The public keys do not exist: {sorted(missing)}.")


@check("cloudfront", "CreateContinuousDeploymentPolicy", "UpdateContinuousDeploymentPolicy")
def check_deployment(call):
    """A little traffic, or what a header selects, goes to a staging distribution."""
    config = call.parameters["ContinuousDeploymentPolicyConfig"]
    names = items(config["StagingDistributionDnsNames"])
    staging = {item.rest["DomainName"] for item in distributions(call) if item.config["Staging"]}
    refuse(len(names) != 1 or not staging & set(names), "Exactly one staging distribution must be named.")
    others = [
        policy
        for policy in kept(call, "ContinuousDeploymentPolicy").values()
        if policy.id != call.parameters.get("Id")
        and set(names) & set(items(policy.config["StagingDistributionDnsNames"]))
    ]
    message = "A continuous deployment policy for this staging distribution already exists."
    refuse(others, message, "StagingDistributionInUse")
    _check_traffic(config.get("TrafficConfig") or {"Type": ""})


def _check_traffic(traffic):
    kind = traffic["Type"]
    given = traffic.get(f"{kind}Config") if kind else {}
    refuse(given is None, f"The parameter {kind}Config is required.")
    if kind == "SingleWeight":
        refuse(not 0 <= given["Weight"] <= 0.15, "The parameter Weight must be from 0 to 0.15.")
        sticky = given.get("SessionStickinessConfig")
        ordered = sticky is None or 300 <= sticky["IdleTTL"] <= sticky["MaximumTTL"] <= 3600
        refuse(not ordered, "IdleTTL must be from 300 to MaximumTTL, and that at most 3600.")
    if kind == "SingleHeader":
        prefixed = given["Header"].lower().startswith("aws-cf-cd-")
        refuse(not prefixed, "The parameter Header must begin with aws-cf-cd-.")
