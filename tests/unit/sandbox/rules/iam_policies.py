# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with policies in AWS Identity and Access Management."""

import json

from tests.unit.sandbox.rule import Rule

API = "https://docs.aws.amazon.com/IAM/latest/APIReference"
GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide"
ELEMENTS = f"{GUIDE}/reference_policies_elements"
ACCOUNT = "arn:aws:iam::123456789012"


def _policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def trust(principal=None, action="sts:AssumeRole", **more):
    """A trust policy."""
    principal = principal or {"Service": "ecs-tasks.amazonaws.com"}
    return _policy({"Effect": "Allow", "Principal": principal, "Action": action, **more})


def allow(**changes):
    """A policy that allows something."""
    return _policy({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"} | changes)


def _role(world):
    return world.iam.create_role(RoleName="app", AssumeRolePolicyDocument=trust())


def _inline(document, accepted=None, **rule):
    """A rule on the grammar of a role's policy."""
    request = {"RoleName": "app", "PolicyName": "one"}
    return Rule(
        operation="put_role_policy",
        code="MalformedPolicyDocument",
        given=_role,
        refused={**request, "PolicyDocument": document},
        accepted={**request, "PolicyDocument": accepted or allow()},
        **rule,
    )


def _trusting(document, accepted=None, **rule):
    """A rule on the grammar of a trust policy."""
    return Rule(
        operation="create_role",
        code="MalformedPolicyDocument",
        refused={"RoleName": "app", "AssumeRolePolicyDocument": document},
        accepted={"RoleName": "app", "AssumeRolePolicyDocument": accepted or trust()},
        **rule,
    )


GRAMMAR = [
    _inline("{", says="a policy is JSON", page=f"{GUIDE}/reference_policies_grammar.html"),
    _inline(
        allow(Effect="Maybe"),
        says="an effect is Allow or Deny",
        page=f"{ELEMENTS}_effect.html",
        accepted=allow(Effect="Deny"),
    ),
    _inline(
        _policy({"Effect": "Allow", "Resource": "*"}),
        says="a statement has an Action or a NotAction",
        page=f"{ELEMENTS}_action.html",
        accepted=_policy({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}),
    ),
    _inline(
        _policy({"Effect": "Allow", "Action": "s3:*"}),
        says="a statement of an identity's policy has a Resource or a NotResource",
        page=f"{ELEMENTS}_resource.html",
    ),
    _inline(
        _policy({"Effect": "Allow", "Action": "s3:*", "NotAction": "iam:*", "Resource": "*"}),
        says="a statement has one of Action and NotAction",
        page=f"{ELEMENTS}_notaction.html",
    ),
    _inline(allow(Principal="*"), says="an identity's policy names no principal", page=f"{ELEMENTS}_principal.html"),
    _inline(
        allow(Action="GetObject"),
        says="an action begins with the prefix of a service",
        page=f"{ELEMENTS}_action.html",
        accepted=allow(Action="nosuchservice:GetObject"),
    ),
    _inline(
        allow(Resource="my-bucket"),
        says="a resource is an ARN or *",
        page=f"{ELEMENTS}_resource.html",
        accepted=allow(Resource="arn:aws:s3:::my-bucket"),
    ),
    _inline(
        allow(Sid="read objects"),
        says="a Sid has letters and digits only",
        page=f"{ELEMENTS}_sid.html",
        accepted=allow(Sid="ReadObjects"),
    ),
    _inline(
        _policy(*(json.loads(allow(Sid="Same"))["Statement"] * 2)),
        says="a Sid is unique in its policy",
        page=f"{ELEMENTS}_sid.html",
    ),
    _inline(
        allow(Condition={"StringLooksLike": {"aws:PrincipalTag/a": "b"}}),
        says="a condition has a known operator",
        page=f"{ELEMENTS}_condition_operators.html",
        accepted=allow(Condition={"StringLike": {"aws:PrincipalTag/a": "b"}}),
    ),
    _inline(
        json.dumps({"Version": "2020-01-01", "Statement": json.loads(allow())["Statement"]}),
        says="the version of the policy language is one of two",
        page=f"{ELEMENTS}_version.html",
    ),
]

TRUST = [
    _trusting("trust", says="a trust policy is JSON", page=f"{API}/API_CreateRole.html"),
    _trusting(
        trust(Resource="*"),
        says="a trust policy names no resource",
        page=f"{GUIDE}/reference_policies_elements_resource.html",
    ),
    _trusting(
        _policy({"Effect": "Allow", "Action": "sts:AssumeRole"}),
        says="a trust policy names whom it trusts",
        page=f"{ELEMENTS}_principal.html",
    ),
    _trusting(
        trust(action="s3:GetObject"),
        says="a trust policy is about assuming the role",
        page=f"{GUIDE}/reference_policies_elements_action.html",
        accepted=trust(action=["sts:AssumeRole", "sts:TagSession"]),
    ),
    _trusting(
        trust({"AWS": f"{ACCOUNT}:role/nobody"}),
        says="a role that a trust policy trusts exists",
        page=f"{ELEMENTS}_principal.html",
        accepted=trust({"AWS": f"{ACCOUNT}:root"}),
    ),
    _trusting(
        trust({"AWS": "somebody"}),
        says="an AWS principal is an ARN, an account or *",
        page=f"{ELEMENTS}_principal.html",
        accepted=trust({"AWS": "123456789012"}),
    ),
    _trusting(
        trust({"Service": "ecs-tasks"}),
        says="a service principal is a host name of AWS",
        page=f"{ELEMENTS}_principal.html",
    ),
    _trusting(
        trust({"Robot": "ecs-tasks.amazonaws.com"}),
        says="a principal is of one of four kinds",
        page=f"{ELEMENTS}_principal.html",
    ),
]

SERVICE = "iam"
RULES = [*GRAMMAR, *TRUST]
