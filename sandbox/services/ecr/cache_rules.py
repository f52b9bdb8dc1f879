# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pull-through cache rules, which moto does not have."""

import re

from moto.backends import get_backend
from moto.core.utils import utcnow

from ...errors import AwsError
from .. import answer
from .shared import invalid, page, settings_of

# https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html
UPSTREAM = {
    "docker-hub": r"registry-1\.docker\.io", "github-container-registry": r"ghcr\.io", "quay": r"quay\.io",
    "k8s": r"registry\.k8s\.io", "ecr-public": r"public\.ecr\.aws",
    "gitlab-container-registry": r"registry\.gitlab\.com",
    "azure-container-registry": r"[a-z0-9]+\.azurecr\.(io|us|cn)", "chainguard": r"cgr\.dev",
    "ecr": r"\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?",
}  # fmt: skip
WITH_SECRET = (
    "azure-container-registry", "chainguard", "docker-hub", "github-container-registry", "gitlab-container-registry",
)  # fmt: skip
MOST = 50  # https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html
SHOWN = ("credentialArn", "customRoleArn", "upstreamRepositoryPrefix", "upstreamRegistry")


@answer("ecr", "CreatePullThroughCacheRule")
def create(call):
    """Each prefix leads to one upstream registry, with the secret that it wants."""
    parameters, rules = call.parameters, settings_of(call)["rules"]
    prefix, url = parameters["ecrRepositoryPrefix"], parameters["upstreamRegistryUrl"]
    if prefix in rules:
        message = f"Pull through cache rule with prefix '{prefix}' already exists."
        raise AwsError("PullThroughCacheRuleAlreadyExistsException", message)
    if len(rules) >= MOST:
        raise AwsError("LimitExceededException", f"A registry can have {MOST} pull through cache rules.")
    registry = next((name for name, pattern in UPSTREAM.items() if re.fullmatch(pattern, url)), None)
    if registry is None or parameters.get("upstreamRegistry") not in (None, registry):
        raise AwsError("UnsupportedUpstreamRegistryException", f"The upstream registry '{url}' is not supported.")
    if registry in WITH_SECRET and not parameters.get("credentialArn"):
        raise invalid("credentialArn", f"A credential ARN is required for the upstream registry '{url}'")
    _check_secret(call)
    rules[prefix] = {
        "ecrRepositoryPrefix": prefix, "upstreamRegistryUrl": url, "createdAt": utcnow(),
        "registryId": call.account, "upstreamRepositoryPrefix": "ROOT",
        **{name: parameters[name] for name in SHOWN if parameters.get(name)}, "upstreamRegistry": registry,
    }  # fmt: skip
    return rules[prefix]


def _check_secret(call):
    arn = call.parameters.get("credentialArn")
    if arn is None:
        return
    secrets = get_backend("secretsmanager")[call.account][call.region].secrets.values()
    # moto ends the ARNs of secrets as AWS does, with six characters that a caller may leave out.
    if not any(arn in (secret.arn, secret.arn[:-7]) for secret in secrets):
        raise AwsError("SecretNotFoundException", f"The secret '{arn}' does not exist.")


def _find(call):
    prefix = call.parameters["ecrRepositoryPrefix"]
    if prefix not in settings_of(call)["rules"]:
        raise _missing(call, prefix)
    return settings_of(call)["rules"][prefix]


def _missing(call, prefix):
    message = f"The pull through cache rule with prefix '{prefix}' does not exist in the registry '{call.account}'."
    return AwsError("PullThroughCacheRuleNotFoundException", message)


@answer("ecr", "DescribePullThroughCacheRules")
def describe(call):
    """All rules, or those that are named."""
    rules = settings_of(call)["rules"]
    names = call.parameters.get("ecrRepositoryPrefixes") or sorted(rules)
    for name in names:
        if name not in rules:
            raise _missing(call, name)
    items, following = page(call, [rules[name] for name in names])
    return {"pullThroughCacheRules": items, **following}


@answer("ecr", "UpdatePullThroughCacheRule")
def update(call):
    """A rule may get another secret or role."""
    rule = _find(call)
    _check_secret(call)
    rule.update({name: call.parameters[name] for name in SHOWN[:2] if call.parameters.get(name)}, updatedAt=utcnow())
    return rule


@answer("ecr", "ValidatePullThroughCacheRule")
def validate(call):
    """A rule is good as long as its secret is there."""
    rule = _find(call)
    call.parameters["credentialArn"] = rule.get("credentialArn")
    try:
        _check_secret(call)
    except AwsError as error:
        return {**rule, "isValid": False, "failure": error.message}
    return {**rule, "isValid": True}


@answer("ecr", "DeletePullThroughCacheRule")
def delete(call):
    """What was cached stays."""
    return settings_of(call)["rules"].pop(_find(call)["ecrRepositoryPrefix"])
