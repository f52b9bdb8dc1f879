# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS Security Token Service refuses."""

import json

from tests.unit.sandbox.rule import Rule

API = "https://docs.aws.amazon.com/STS/latest/APIReference"
GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide"
ARN = "arn:aws:iam::123456789012:role"
TRUSTED = {"AWS": "123456789012"}


def _role(world, name, principal=None, **condition):
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal or TRUSTED}
    document = {"Version": "2012-10-17", "Statement": [{**statement, **condition}]}
    world.iam.create_role(
        RoleName=name, AssumeRolePolicyDocument=json.dumps(document), MaxSessionDuration=7200
    )  # fmt: skip


def _asked(name, **more):
    return {"RoleArn": f"{ARN}/{name}", "RoleSessionName": "deploy", **more}


SERVICE = "sts"
RULES = [
    Rule(
        says="a role trusts who assumes it",
        page=f"{API}/API_AssumeRole.html",
        operation="assume_role",
        code="AccessDenied",
        given=lambda world: (_role(world, "task", {"Service": "ecs-tasks.amazonaws.com"}), _role(world, "deploy")),
        refused=_asked("task"),
        accepted=_asked("deploy"),
    ),
    Rule(
        says="another account's role trusts that account only",
        page=f"{GUIDE}/id_roles_create_for-user.html",
        operation="assume_role",
        code="AccessDenied",
        given=lambda world: (_role(world, "theirs", {"AWS": "222222222222"}), _role(world, "ours")),
        refused=_asked("theirs"),
        accepted=_asked("ours"),
    ),
    Rule(
        says="a role with an external id is assumed with it",
        page=f"{GUIDE}/id_roles_common-scenarios_third-party.html",
        operation="assume_role",
        code="AccessDenied",
        given=lambda world: _role(world, "deploy", Condition={"StringEquals": {"sts:ExternalId": "agreed"}}),
        refused=_asked("deploy", ExternalId="guessed"),
        accepted=_asked("deploy", ExternalId="agreed"),
    ),
    Rule(
        says="a session is no longer than its role allows",
        page=f"{API}/API_AssumeRole.html",
        operation="assume_role",
        code="ValidationError",
        given=lambda world: _role(world, "deploy"),
        refused=_asked("deploy", DurationSeconds=10800),
        accepted=_asked("deploy", DurationSeconds=7200),
    ),
    Rule(
        says="the policy of a session is JSON with statements",
        page=f"{API}/API_AssumeRole.html",
        operation="assume_role",
        code="MalformedPolicyDocument",
        given=lambda world: _role(world, "deploy"),
        refused=_asked("deploy", Policy="{}"),
        accepted=_asked(
            "deploy",
            Policy=json.dumps(
                {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
            ),
        ),
    ),
]
