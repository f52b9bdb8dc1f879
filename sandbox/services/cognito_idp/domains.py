# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Domains: whose they are, and certificates of those that are our own."""

from moto.backends import get_backend

from ... import delays
from .. import answer, backend, check
from ..acm.certificates import settle_certificates
from .shared import found, invalid, not_found, pool_of

# https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html
RESERVED = ("aws", "amazon", "cognito")
CLOUDFRONT = "us-east-1"


@check("cognito-idp", "CreateUserPoolDomain")
def check_domain(call):
    """A domain of one pool, in words that are not AWS's."""
    domain, pool = call.parameters["Domain"], found(call)
    custom = call.parameters.get("CustomDomainConfig")
    if pool is None:
        return
    if not custom:
        _check_prefix(domain)
    check_certificate(call)
    if _is_taken(call, domain, custom):
        raise invalid("Domain already associated with another user pool.")
    if any(bool(one.custom_domain_config) == bool(custom) for one in _domains(backend(call), pool)):
        raise invalid("User pool already has a domain configured.")


def _check_prefix(domain):
    if "." in domain:
        raise invalid("1 validation error detected: a prefix of a domain has no dots. Give a certificate for a domain.")
    for word in RESERVED:
        if word in domain:
            raise invalid(f"Domain cannot contain reserved word: {word}")


def _is_taken(call, domain, custom):
    # A prefix is one of a region, for all its accounts; a domain of our own is one of the world.
    return any(
        domain in state.user_pool_domains
        for regions in list(get_backend("cognito-idp").values())
        for region, state in list(regions.items())
        if custom or region == call.region
    )


def _domains(state, pool):
    return [one for one in state.user_pool_domains.values() if one.user_pool_id == pool.id]


@check("cognito-idp", "UpdateUserPoolDomain")
def check_certificate(call):
    """CloudFront serves a domain of our own, with a certificate of its region."""
    arn = (call.parameters.get("CustomDomainConfig") or {}).get("CertificateArn")
    if not arn:
        return
    if arn.split(":")[3] != CLOUDFRONT:
        raise invalid(f"Invalid certificate: {arn} is not in {CLOUDFRONT}.")
    settle_certificates(call.account, CLOUDFRONT)
    certificate = get_backend("acm")[call.account][CLOUDFRONT]._certificates.get(arn)
    if certificate is None or certificate.status != "ISSUED":
        raise invalid(f"Invalid certificate: {arn} does not exist, or is not issued.")


@answer("cognito-idp", "CreateUserPoolDomain")
def create_domain(call):
    """moto forgets the version of the login pages, and when the domain will be served."""
    state, pool = backend(call), pool_of(call)
    custom = call.parameters.get("CustomDomainConfig")
    domain = state.create_user_pool_domain(pool.id, call.parameters["Domain"], custom)
    domain.sandbox_version = call.parameters.get("ManagedLoginVersion") or 1
    domain.sandbox_ready_at = delays.ready_at("cognito-domain-change") if custom else 0
    return _answer(domain)


@answer("cognito-idp", "UpdateUserPoolDomain")
def update_domain(call):
    """The same later."""
    domain = backend(call).user_pool_domains.get(call.parameters["Domain"])
    if domain is None or domain.user_pool_id != call.parameters["UserPoolId"]:
        raise not_found(f"Domain {call.parameters['Domain']} does not exist.")
    domain.sandbox_version = call.parameters.get("ManagedLoginVersion") or domain.sandbox_version
    if call.parameters.get("CustomDomainConfig"):
        domain.custom_domain_config = call.parameters["CustomDomainConfig"]
        domain.sandbox_ready_at, domain.sandbox_changed = delays.ready_at("cognito-domain-change"), True
    return _answer(domain)


def _answer(domain):
    shown = {"ManagedLoginVersion": domain.sandbox_version}
    return {**shown, "CloudFrontDomain": domain._distribution_name()} if domain.custom_domain_config else shown


@answer("cognito-idp", "DescribeUserPoolDomain")
def describe_domain(call):
    """moto invents an account, and forgets the certificate. What does not exist is described as nothing."""
    domain = backend(call).user_pool_domains.get(call.parameters["Domain"])
    if domain is None:
        return {"DomainDescription": {}}
    changing = "UPDATING" if getattr(domain, "sandbox_changed", False) else "CREATING"
    shown = {
        "UserPoolId": domain.user_pool_id, "AWSAccountId": call.account, "Domain": domain.domain,
        "CloudFrontDistribution": domain._distribution_name(), "ManagedLoginVersion": domain.sandbox_version,
        "Status": "ACTIVE" if delays.is_past(domain.sandbox_ready_at) else changing,
    }  # fmt: skip
    if domain.custom_domain_config:
        shown["CustomDomainConfig"] = domain.custom_domain_config
    return {"DomainDescription": shown}
