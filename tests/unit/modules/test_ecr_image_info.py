# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ecr_image_info against moto: an image by tag, digest or URI, and what to do about one that is not there."""

from __future__ import annotations

import datetime
import json

import pytest

MODULE = "ecr_image_info"
NAME = "dougust/backend"
URI = f"123456789012.dkr.ecr.us-east-1.amazonaws.com/{NAME}"
MEDIA_TYPE = "application/vnd.docker.distribution.manifest.v2+json"


@pytest.fixture
def repository(cloud):
    cloud.client("ecr").create_repository(repositoryName=NAME)


@pytest.fixture
def digests(cloud, repository):
    """Images v1 to v6, and their digests."""
    found = {}
    for number in range(1, 7):
        manifest = {"schemaVersion": 2, "mediaType": MEDIA_TYPE, "config": {"size": number}, "layers": []}
        found[f"v{number}"] = f"sha256:{number:064x}"
        cloud.client("ecr").put_image(
            repositoryName=NAME,
            imageManifest=json.dumps(manifest),
            imageTag=f"v{number}",
            imageDigest=found[f"v{number}"],
        )
    return found


def run(cloud, image, **params):
    return cloud.run(MODULE, repository_name=NAME, image=image, **params)


def fail(cloud, image, **params):
    result = cloud.run_failing(MODULE, **{"repository_name": NAME, "image": image, **params})
    assert result["found"] is False
    return result["msg"]


@pytest.mark.parametrize("check_mode", [False, True])
def test_an_image_is_found_by_tag_digest_and_uri(cloud, digests, check_mode):
    digest = digests["v2"]
    dual_stack = f"123456789012.dkr-ecr.us-east-1.on.aws/{NAME}:v2"
    for image in ("v2", digest, f"{URI}:v2", f"{URI}@{digest}", f"{URI}:v1@{digest}", dual_stack):
        found = run(cloud, image, check_mode=check_mode)
        assert (found["found"], found["digest"], found["uri"]) == (True, digest, f"{URI}@{digest}")
        assert (found["tags"], found["changed"], cloud.mutations) == (["v2"], False, [])
        assert datetime.datetime.fromisoformat(found["pushed_at"]) and found["size"] > 0


def test_a_repository_of_another_account_can_be_named(cloud, digests):
    assert run(cloud, "v1", registry_id="123456789012")["found"]
    assert all(params["registryId"] == "123456789012" for operation, params in cloud.calls)


def test_findings_are_counted(cloud, digests):
    summary = {"findingSeverityCounts": {"HIGH": 2}}

    def scanned(answer):
        for one in answer["imageDetails"]:
            one.update(imageScanStatus={"status": "COMPLETE"}, imageScanFindingsSummary=summary)

    cloud.adjust("DescribeImages", scanned)
    assert run(cloud, "v1")["scan"] == {"status": "COMPLETE", "findings": {"HIGH": 2}}
    assert "DescribeImageScanFindings" not in cloud.operations


def test_findings_of_newer_scans_are_asked_for(cloud, digests):
    answer = {"imageScanStatus": {"status": "ACTIVE"}, "imageScanFindings": {"findingSeverityCounts": {"LOW": 1}}}
    cloud.answer("DescribeImageScanFindings", lambda params: answer)
    assert run(cloud, "v1")["scan"] == {"status": "ACTIVE", "findings": {"LOW": 1}}
    cloud.heal()
    cloud.fail("DescribeImageScanFindings", "ScanNotFoundException")
    assert run(cloud, "v1")["scan"] == {}


def test_a_missing_image_names_the_newest_tags(cloud, digests):
    now = datetime.datetime(2026, 1, 1)

    def age(answer):
        for one in answer["imageDetails"]:
            one["imagePushedAt"] = now + datetime.timedelta(days=int(one["imageTags"][0][1:]))

    cloud.adjust("DescribeImages", age)
    assert fail(cloud, "v9") == (
        f"Could not find image v9 in repository {URI}. Its newest tags are v6, v5, v4, v3, v2. "
        "To fix: push the image first, or name one that is there."
    )


def test_an_empty_repository_says_so(cloud, repository):
    assert "It has no tagged image. To fix: push the image first" in fail(cloud, "v1")


def test_a_missing_repository_says_what_to_do(cloud):
    assert fail(cloud, "v1") == (
        f"Could not find image v1: there is no ECR repository {NAME} in region us-east-1. "
        "To fix: converge the platform's registry, then push the image."
    )


@pytest.mark.parametrize(
    "image",
    [
        f"210987654321.dkr.ecr.us-east-1.amazonaws.com/{NAME}:v1",
        f"123456789012.dkr.ecr.us-west-2.amazonaws.com/{NAME}:v1",
        "123456789012.dkr.ecr.us-east-1.amazonaws.com/other:v1",
    ],
)
def test_images_of_other_repositories_are_refused(cloud, digests, image):
    assert f"Image {image} is not in repository {URI}. To fix: push it there" in fail(cloud, image)


@pytest.mark.parametrize(
    "image", ["docker.io/library/nginx:1", "public.ecr.aws/nginx/nginx:1", "nginx:1", "sha256:12", URI, "-v1", ""]
)
def test_what_is_no_image_of_a_private_repository_is_refused_before_the_first_call(cloud, image):
    assert f"{image} is no image of a private ECR repository. To fix: give a tag" in fail(cloud, image)
    assert cloud.calls == []


def test_a_failed_call_is_one_clear_message(cloud, digests):
    cloud.fail("DescribeImages", "AccessDeniedException", "not authorized to perform: ecr:DescribeImages")
    message = fail(cloud, "v1")
    assert f"of ECR repository {NAME}: AccessDeniedException: not authorized to perform: ecr:DescribeImages." in message
    assert "To fix: grant the caller this action" in message
