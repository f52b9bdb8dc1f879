# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ecr_repositories against moto: from nothing to repositories, back, and what is refused."""

from __future__ import annotations

import json

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils import planned

MODULE = "ecr_repositories"
NAME = "dougust/backend"
TAGS = {"Platform": "dougust", "Environment": "test"}
KEY_ARN = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def expire(priority, **selection):
    wanted = {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 10, **selection}
    return {"rulePriority": priority, "description": "Keep some", "selection": wanted, "action": {"type": "expire"}}


LIFECYCLE = {"rules": [expire(1, tagStatus="untagged"), expire(2)]}
POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Sid": "Pull", "Effect": "Allow", "Principal": "*", "Action": ["ecr:BatchGetImage"]}],
}
REPOSITORY = {
    "name": NAME,
    "scan_on_push": True,
    "tag_mutability": "IMMUTABLE_WITH_EXCLUSION",
    "tag_mutability_exclusions": ["latest"],
    "kms_key_arn": KEY_ARN,
    "lifecycle_policy": LIFECYCLE,
    "policy": POLICY,
}


def run(cloud, *repositories, **params):
    return cloud.run(MODULE, **{"repositories": list(repositories) or [REPOSITORY], "tags": TAGS, **params})


def fail(cloud, *repositories, **params):
    return cloud.run_failing(MODULE, **{"repositories": list(repositories) or [REPOSITORY], "tags": TAGS, **params})


def repositories(cloud):
    return {one["repositoryName"]: one for one in cloud.client("ecr").describe_repositories()["repositories"]}


def test_check_mode_on_an_empty_account_predicts_the_repository(cloud):
    result = run(cloud, check_mode=True, account_id="123456789012")
    repository = result["repositories"][NAME]
    assert repository["arn"] == f"arn:aws:ecr:us-east-1:123456789012:repository/{NAME}"
    assert repository["uri"] == f"123456789012.dkr.ecr.us-east-1.amazonaws.com/{NAME}"
    assert repository["tag_mutability_exclusions"] == ["latest"]
    assert [action["action"] for action in result["actions"]] == ["create"]
    assert result["diff"][0]["after"]["kms_key_arn"] == KEY_ARN
    assert cloud.mutations == []
    uri = run(cloud, check_mode=True, region="cn-north-1")["repositories"][NAME]["uri"]
    assert uri == f"000000000000.dkr.ecr.cn-north-1.amazonaws.com.cn/{NAME}"


def test_a_planned_key_is_passed_on_and_never_sent(cloud):
    arn = planned.arn("kms", "us-east-1", "123456789012", f"key/{planned.uuid('one')}")
    assert run(cloud, {**REPOSITORY, "kms_key_arn": arn}, check_mode=True)["repositories"][NAME]["kms_key_arn"] == arn
    assert not planned.is_planned(cloud.calls)
    assert "planned id" in fail(cloud, {**REPOSITORY, "kms_key_arn": arn})["msg"]


def test_create_then_nothing_to_do(cloud):
    created = run(cloud)
    assert [action["action"] for action in created["actions"]] == ["create"]
    assert cloud.mutations == ["CreateRepository", "PutLifecyclePolicy", "SetRepositoryPolicy"]
    (call,) = cloud.parameters("CreateRepository")
    assert call["encryptionConfiguration"] == {"encryptionType": "KMS", "kmsKey": KEY_ARN}
    assert call["imageTagMutabilityExclusionFilters"] == [{"filterType": "WILDCARD", "filter": "latest"}]
    assert {"Key": "Platform", "Value": "dougust"} in call["tags"]
    described = repositories(cloud)[NAME]
    assert described["imageTagMutability"] == "IMMUTABLE_WITH_EXCLUSION"
    assert created["repositories"][NAME]["uri"] == described["repositoryUri"]
    for check_mode in (False, True):
        again = run(cloud, check_mode=check_mode)
        assert (again["changed"], again["diff"], cloud.mutations) == (False, [], [])
        assert again["repositories"] == created["repositories"]


@pytest.mark.parametrize(
    "change, fields, calls",
    [
        ({"scan_on_push": False}, ["scan_on_push"], ["PutImageScanningConfiguration"]),
        ({"tag_mutability_exclusions": ["latest", "dev-*"]}, ["tag_mutability_exclusions"], ["PutImageTagMutability"]),
        (
            {"tag_mutability": "MUTABLE", "tag_mutability_exclusions": []},
            ["tag_mutability", "tag_mutability_exclusions"],
            ["PutImageTagMutability"],
        ),
        ({"lifecycle_policy": {"rules": [expire(1)]}}, ["lifecycle_policy"], ["PutLifecyclePolicy"]),
        ({"lifecycle_policy": {}}, ["lifecycle_policy"], ["DeleteLifecyclePolicy"]),
        ({"policy": {}}, ["policy"], ["DeleteRepositoryPolicy"]),
        (
            {"policy": {**POLICY, "Statement": [{**POLICY["Statement"][0], "Action": "ecr:*"}]}},
            ["policy"],
            ["SetRepositoryPolicy"],
        ),
        ({"tags": {"Tier": "app"}}, ["tags"], ["TagResource"]),
    ],
)
def test_fields_change_in_place(cloud, change, fields, calls):
    run(cloud)
    assert run(cloud, {**REPOSITORY, **change}, check_mode=True)["actions"][0]["fields"] == fields
    assert cloud.mutations == []
    assert run(cloud, {**REPOSITORY, **change})["actions"][0]["fields"] == fields
    assert cloud.mutations == calls
    assert not run(cloud, {**REPOSITORY, **change})["changed"]
    if fields == ["tags"]:
        run(cloud)
        assert cloud.mutations == ["UntagResource"]


def test_the_order_and_the_spelling_of_policies_do_not_count(cloud):
    run(cloud)
    text = json.dumps({"rules": LIFECYCLE["rules"][::-1]}, indent=2)
    cloud.client("ecr").put_lifecycle_policy(repositoryName=NAME, lifecyclePolicyText=text)
    policy = {
        **POLICY,
        "Statement": [{**POLICY["Statement"][0], "Principal": {"AWS": "*"}, "Action": "ecr:BatchGetImage"}],
    }
    assert not run(cloud, {**REPOSITORY, "policy": policy})["changed"]


def test_what_is_not_given_is_left_alone(cloud):
    created = run(cloud, {"name": NAME})
    assert run(cloud, {"name": NAME})["repositories"] == created["repositories"]
    assert not cloud.run(MODULE, repositories=[{"name": NAME}])["changed"]
    assert cloud.operations == ["DescribeRepositories", "ListTagsForResource"]


def test_encryption_cannot_change(cloud):
    run(cloud, {"name": NAME})
    failed = fail(cloud, {**REPOSITORY, "name": "new"}, REPOSITORY)
    assert f"repository {NAME}: kms_key_arn is None and cannot become {KEY_ARN}. To fix:" in failed["msg"]
    assert cloud.mutations == []


def test_a_missing_repository_does_not_hide_the_others(cloud):
    run(cloud, {"name": "one"}, {"name": "three"})
    found = run(cloud, {"name": "one"}, {"name": "two"}, {"name": "three"}, state="gathered")
    assert list(found["repositories"]) == ["one", "three"]
    assert cloud.operations.count("DescribeRepositories") == 4
    run(cloud, {"name": "one"}, {"name": "three"}, state="gathered")
    assert cloud.operations.count("DescribeRepositories") == 1


@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_repository_of_somebody_else_is_not_touched(cloud, state):
    run(cloud, tags={**TAGS, "Environment": "production"})
    failed = fail(cloud, state=state, force=True)
    assert f"repository {NAME} belongs to somebody else: it is tagged Environment=production." in failed["msg"]
    assert cloud.mutations == []


def test_delete_and_delete_again(cloud):
    run(cloud)
    assert run(cloud, state="absent", check_mode=True)["actions"][0]["action"] == "delete"
    assert cloud.mutations == []
    assert run(cloud, state="absent")["repositories"] == {}
    assert repositories(cloud) == {}
    assert not run(cloud, state="absent")["changed"]


def test_images_are_deleted_only_by_force(cloud):
    run(cloud)
    cloud.fail(
        "DeleteRepository", "RepositoryNotEmptyException", "It still contains images", when=lambda p: not p["force"]
    )
    message = f"Could not delete ECR repository {NAME}: RepositoryNotEmptyException: It still contains images. To fix: "
    assert message in fail(cloud, state="absent")["msg"]
    assert run(cloud, state="absent", force=True)["changed"]


def test_gathered_reads_and_plans_what_is_missing(cloud):
    assert run(cloud, state="gathered")["repositories"] == {}
    assert run(cloud, state="gathered", check_mode=True)["repositories"][NAME]["uri"]
    created = run(cloud)
    assert run(cloud, state="gathered")["repositories"] == created["repositories"]


@pytest.mark.parametrize(
    "change, message",
    [
        ({"name": "Backend"}, "repository Backend is no name of a repository. To fix:"),
        ({"name": "a"}, "repository a is no name of a repository. To fix:"),
        ({"tag_mutability": "IMMUTABLE"}, "needs both or neither: tag_mutability *_WITH_EXCLUSION and exclusions"),
        ({"tag_mutability_exclusions": []}, "needs both or neither: tag_mutability *_WITH_EXCLUSION and exclusions"),
        ({"tag_mutability_exclusions": ["a*b*c*"]}, "has impossible tag_mutability_exclusions. To fix:"),
        ({"tag_mutability_exclusions": list("abcdef")}, "has impossible tag_mutability_exclusions. To fix:"),
    ],
)
def test_impossible_wishes_are_refused_before_the_first_call(cloud, change, message):
    assert message in fail(cloud, {**REPOSITORY, **change})["msg"]
    assert cloud.calls == []


def test_what_aws_does_not_know_yet_is_tried_again(cloud):
    cloud.fail("CreateRepository", "KmsException", times=2)
    cloud.fail("SetRepositoryPolicy", "InvalidParameterException", times=1)
    assert run(cloud)["changed"]


def test_a_failed_call_is_one_clear_message(cloud):
    cloud.fail("CreateRepository", "LimitExceededException", "The quota has been reached")
    assert fail(cloud)["msg"] == (
        f"Could not create ECR repository {NAME}: LimitExceededException: The quota has been reached. "
        "To fix: ask AWS for a higher quota (Service Quotas console) or delete what is not used. (region us-east-1)"
    )
