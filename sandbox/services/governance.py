# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the services of security, backups and cost share: their state, pages, and what they ask of other services."""

import fnmatch
import json
from datetime import datetime, timezone

from moto.backends import get_backend

from ..errors import AwsError
from . import backend


def kept(call, what):
    """A dict of the call's service, account and region, emptied on reset."""
    return vars(backend(call)).setdefault(f"sandbox_{what}", {})


def given(members):
    """Without what was not given."""
    return {name: value for name, value in members.items() if value is not None}


def clean(value):
    """The same, at every depth."""
    if isinstance(value, dict):
        return {name: clean(item) for name, item in value.items() if item is not None}
    return [clean(item) for item in value] if isinstance(value, list) else value


def chosen(parameters, *names):
    """Those of the parameters that are given."""
    return {name: parameters[name] for name in names if parameters.get(name) is not None}


def now():
    """The moment, as an answer has it."""
    return datetime.now(timezone.utc).replace(microsecond=0)


def page(call, member, items, usual=100, token="NextToken", size="MaxResults", refusal="ValidationException"):
    """The part of a list that a call asks for, with the token for the next one."""
    start = call.parameters.get(token) or "0"
    if not start.isdigit():
        raise AwsError(refusal, "The pagination token is not valid.", 400)
    start, most = int(start), call.parameters.get(size) or usual
    following = start + most
    return {member: items[start:following]} | ({token: str(following)} if following < len(items) else {})


def tag_dict(tags):
    """{key: value} of tags as a list."""
    return {tag["Key"]: tag.get("Value") or "" for tag in tags or []}


def tag_list(tags):
    """[{Key, Value}] of tags as a dict."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def bucket_of(call, name):
    """A bucket of the account, or None."""
    return get_backend("s3")[call.account]["aws"].buckets.get(name)


def key_of(call, number):
    """A KMS key of the account and region that can encrypt, or None."""
    state = get_backend("kms")[call.account][call.region]
    key = state.keys.get(state.any_id_to_key_id(number)) if number else None
    return key if key is not None and key.key_state == "Enabled" else None


def topic_exists(call, arn):
    """Whether there is a topic with an ARN, in whatever region."""
    parts = arn.split(":")
    return len(parts) == 6 and arn in get_backend("sns")[parts[4]][parts[3]].topics


def role_of(call, arn):
    """A role of the account, or None."""
    return next((role for role in get_backend("iam")[call.account]["aws"].roles.values() if role.arn == arn), None)


def trusts(role, service):
    """Whether a role lets a service assume it."""
    document = role.assume_role_policy_document
    for statement in _listed((json.loads(document) if isinstance(document, str) else document)["Statement"]):
        principal = statement.get("Principal")
        named = _listed(principal.get("Service")) if isinstance(principal, dict) else []
        if statement["Effect"] == "Allow" and service in named:
            return True
    return False


def allows(policy, service, action, resource):
    """Whether the policy of a resource lets a service do something with it."""
    for statement in _listed(json.loads(policy or b"{}").get("Statement")):
        principal = statement.get("Principal")
        told = [principal.get("Service"), principal.get("AWS")] if isinstance(principal, dict) else [principal]
        named = [name for names in told for name in _listed(names)]
        # Conditions on everybody tell accounts and organizations apart, to none of which a service belongs.
        everybody = "*" in named and not statement.get("Condition")
        fits = statement.get("Effect") == "Allow" and (service in named or everybody)
        if fits and _covers(statement.get("Action"), action) and _covers(statement.get("Resource"), resource):
            return True
    return False


def may(role, action, resource):
    """Whether a policy of a role lets it do something with a resource."""
    documents = [*role.policies.values(), *(policy.document for policy in role.managed_policies.values())]
    for document in documents:
        for statement in _listed((json.loads(document) if isinstance(document, str) else document)["Statement"]):
            fits = statement["Effect"] == "Allow" and _covers(statement.get("Action"), action)
            if fits and _covers(statement.get("Resource"), resource):
                return True
    return False


def _covers(patterns, wanted):
    return any(fnmatch.fnmatchcase(wanted.lower(), pattern.lower()) for pattern in _listed(patterns))


def _listed(value):
    return value if isinstance(value, list) else [value] if value else []
