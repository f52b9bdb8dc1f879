# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Policies as IAM evaluates them, and whom they may name."""

import json

import pytest

ARN = "arn:aws:iam::123456789012:role/app"
BUCKET = "arn:aws:s3:::data"


def statement(**changes):
    return {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"{BUCKET}/*", **changes}


@pytest.fixture
def decide(sandbox):
    """decide(statements, ...): what IAM says about s3:GetObject on an object."""
    iam = sandbox.client("iam")

    def simulate(*statements, context=(), boundary=None, action="s3:GetObject", resource=f"{BUCKET}/key"):
        document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
        limit = json.dumps({"Version": "2012-10-17", "Statement": [boundary]}) if boundary else None
        asked = {"PolicyInputList": [document], "ActionNames": [action], "ResourceArns": [resource]}
        if limit:
            asked["PermissionsBoundaryPolicyInputList"] = [limit]
        entries = [
            {"ContextKeyName": name, "ContextKeyType": "string", "ContextKeyValues": [value]} for name, value in context
        ]
        return iam.simulate_custom_policy(**asked, ContextEntries=entries)["EvaluationResults"][0]

    return simulate


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "allowed"),
        ({"Action": "S3:get*"}, "allowed"),
        ({"Action": "s3:GetObjec?"}, "allowed"),
        ({"Resource": f"{BUCKET}/other"}, "implicitDeny"),
        ({"Effect": "Deny"}, "explicitDeny"),
    ],
)
def test_statements(decide, changes, expected):
    assert decide(statement(**changes))["EvalDecision"] == expected


def test_what_is_not_named(decide):
    other = {"Effect": "Allow", "NotAction": "iam:*", "NotResource": "arn:aws:s3:::secrets/*"}
    assert decide(other)["EvalDecision"] == "allowed"
    assert decide(other, action="iam:CreateUser")["EvalDecision"] == "implicitDeny"
    assert decide(other, resource="arn:aws:s3:::secrets/key")["EvalDecision"] == "implicitDeny"


@pytest.mark.parametrize(
    ("condition", "value", "expected"),
    [
        ({"StringLike": {"aws:PrincipalTag/team": "op*"}}, "ops", "allowed"),
        ({"StringNotEquals": {"aws:PrincipalTag/team": "ops"}}, "ops", "implicitDeny"),
        ({"StringEqualsIfExists": {"aws:other": "x"}}, "ops", "allowed"),
        ({"Null": {"aws:other": "true"}}, "ops", "allowed"),
        ({"NumericLessThan": {"aws:PrincipalTag/team": "10"}}, "9", "allowed"),
        (
            {"DateGreaterThan": {"aws:PrincipalTag/team": "2026-01-01T00:00:00Z"}},
            "2025-12-31T00:00:00Z",
            "implicitDeny",
        ),
        ({"Bool": {"aws:PrincipalTag/team": True}}, "true", "allowed"),
        ({"IpAddress": {"aws:PrincipalTag/team": "10.0.0.0/8"}}, "10.1.2.3", "allowed"),
        ({"NotIpAddress": {"aws:PrincipalTag/team": "10.0.0.0/8"}}, "10.1.2.3", "implicitDeny"),
        ({"ArnLike": {"aws:PrincipalTag/team": "arn:aws:iam::*:role/app-*"}}, f"{ARN}-one", "allowed"),
        ({"ForAnyValue:StringEquals": {"aws:PrincipalTag/team": ["ops", "dev"]}}, "dev", "allowed"),
    ],
)
def test_conditions(decide, condition, value, expected):
    result = decide(statement(Condition=condition), context=[("aws:PrincipalTag/Team", value)])
    assert result["EvalDecision"] == expected


def test_variables_and_boundaries(decide):
    own = statement(Resource=BUCKET + "/${aws:username}/*")
    asked = {"context": [("aws:username", "ada")]}
    assert decide(own, resource=f"{BUCKET}/ada/key", **asked)["EvalDecision"] == "allowed"
    assert decide(own, resource=f"{BUCKET}/bob/key", **asked)["EvalDecision"] == "implicitDeny"
    result = decide(statement(), boundary=statement(Action="ec2:*"))
    assert result["EvalDecision"] == "implicitDeny"
    assert result["PermissionsBoundaryDecisionDetail"] == {"AllowedByPermissionsBoundary": False}


def test_a_role_may_trust_who_creates_it(sandbox):
    iam, sts = sandbox.client("iam"), sandbox.client("sts")
    me = sts.get_caller_identity()["Arn"]
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": me}}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    iam.create_role(RoleName="app", AssumeRolePolicyDocument=document)
    assert sts.assume_role(RoleArn=ARN, RoleSessionName="one")["AssumedRoleUser"]["Arn"].endswith("/app/one")
