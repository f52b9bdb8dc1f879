# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Amazon ECR refuses."""

import json

from tests.unit.sandbox.rule import Rule

API = "https://docs.aws.amazon.com/AmazonECR/latest/APIReference"
GUIDE = "https://docs.aws.amazon.com/AmazonECR/latest/userguide"
LIFECYCLE = f"{GUIDE}/lifecycle_policy_parameters.html"
MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
HUB = {"ecrRepositoryPrefix": "hub", "upstreamRegistryUrl": "registry-1.docker.io"}
PUBLIC = {"ecrRepositoryPrefix": "pub", "upstreamRegistryUrl": "public.ecr.aws"}
TEMPLATE = {"prefix": "hub", "appliedFor": ["PULL_THROUGH_CACHE"]}


def _repository(world, **settings):
    return world.ecr.create_repository(repositoryName="app", **settings)


def _manifest(number=1):
    layer = {"mediaType": "application/x", "size": number, "digest": f"sha256:{'0' * 64}"}
    return json.dumps({"schemaVersion": 2, "mediaType": MANIFEST, "config": layer, "layers": [layer]})


def _image(tag, number=1, **settings):
    return {"repositoryName": "app", "imageManifest": _manifest(number), "imageTag": tag, **settings}


def _with_image(world, **settings):
    _repository(world, **settings)
    return world.ecr.put_image(**_image("v1"))


def _selection(status="any", kind="imageCountMoreThan", number=3, **settings):
    return {"tagStatus": status, "countType": kind, "countNumber": number, **settings}


def _policy(*selections, priorities=(1, 2, 3), action="expire"):
    """The parameters of a lifecycle policy that is long enough."""
    rules = [
        {"rulePriority": number, "description": "a" * 60, "selection": selection, "action": {"type": action}}
        for number, selection in zip(priorities, selections, strict=False)
    ]
    return {"repositoryName": "app", "lifecyclePolicyText": json.dumps({"rules": rules})}


def _lifecycle(says, refused, accepted):
    """A rule about lifecycle policies."""
    return Rule(
        says=says, page=LIFECYCLE, operation="put_lifecycle_policy", code="InvalidParameterException",
        given=_repository, refused=refused, accepted=accepted,
    )  # fmt: skip


def _allow(**settings):
    statement = {"Sid": "a", "Effect": "Allow", "Action": ["ecr:ReplicateImage"], **settings}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _secret(world):
    return world.secretsmanager.create_secret(Name="ecr-pullthroughcache/hub", SecretString="{}")["ARN"]


def _scan(frequency, kind):
    filters = [{"filter": "app*", "filterType": "WILDCARD"}]
    return {"scanType": kind, "rules": [{"scanFrequency": frequency, "repositoryFilters": filters}]}


def _replicate(*regions):
    rules = [{"destinations": [{"region": region, "registryId": "123456789012"}]} for region in regions]
    return {"replicationConfiguration": {"rules": rules}}


TAGGED = _selection("tagged", tagPrefixList=["v"])
OLD = {"kind": "sinceImagePushed", "countUnit": "days"}
ALLOWED = {"Principal": {"AWS": "arn:aws:iam::210987654321:root"}, "Resource": "*"}

SERVICE = "ecr"
RULES = [
    Rule(
        says="a repository's name is taken",
        page=f"{API}/API_CreateRepository.html",
        operation="create_repository",
        code="RepositoryAlreadyExistsException",
        given=_repository,
        refused={"repositoryName": "app"},
        accepted={"repositoryName": "app2"},
    ),
    Rule(
        says="a repository is encrypted with a key that exists",
        page=f"{API}/API_CreateRepository.html",
        operation="create_repository",
        code="KmsException",
        given=lambda world: world.kms.create_key()["KeyMetadata"]["Arn"],
        refused=lambda world: {
            "repositoryName": "app",
            "encryptionConfiguration": {"encryptionType": "KMS", "kmsKey": world.given[:-4] + "0000"},
        },
        accepted=lambda world: {
            "repositoryName": "app",
            "encryptionConfiguration": {"encryptionType": "KMS", "kmsKey": world.given},
        },
    ),
    Rule(
        says="AES256 has no key of the caller's",
        page=f"{API}/API_EncryptionConfiguration.html",
        operation="create_repository",
        code="InvalidParameterException",
        given=lambda world: world.kms.create_key()["KeyMetadata"]["Arn"],
        refused=lambda world: {
            "repositoryName": "app",
            "encryptionConfiguration": {"encryptionType": "AES256", "kmsKey": world.given},
        },
        accepted={"repositoryName": "app", "encryptionConfiguration": {"encryptionType": "AES256"}},
    ),
    Rule(
        says="exclusions from a mode need the mode with exclusion",
        page=f"{GUIDE}/image-tag-mutability.html",
        operation="create_repository",
        code="InvalidParameterException",
        refused={
            "repositoryName": "app",
            "imageTagMutability": "IMMUTABLE",
            "imageTagMutabilityExclusionFilters": [{"filterType": "WILDCARD", "filter": "latest"}],
        },
        accepted={
            "repositoryName": "app",
            "imageTagMutability": "IMMUTABLE_WITH_EXCLUSION",
            "imageTagMutabilityExclusionFilters": [{"filterType": "WILDCARD", "filter": "latest"}],
        },
    ),
    Rule(
        says="the mode with exclusion needs exclusions",
        page=f"{API}/API_PutImageTagMutability.html",
        operation="put_image_tag_mutability",
        code="InvalidParameterException",
        given=_repository,
        refused={"repositoryName": "app", "imageTagMutability": "MUTABLE_WITH_EXCLUSION"},
        accepted={"repositoryName": "app", "imageTagMutability": "IMMUTABLE"},
    ),
    Rule(
        says="a repository with images goes by force only",
        page=f"{API}/API_DeleteRepository.html",
        operation="delete_repository",
        code="RepositoryNotEmptyException",
        given=_with_image,
        refused={"repositoryName": "app"},
        accepted={"repositoryName": "app", "force": True},
    ),
    Rule(
        says="an image goes into a repository that exists",
        page=f"{API}/API_PutImage.html",
        operation="put_image",
        code="RepositoryNotFoundException",
        given=_repository,
        refused=_image("v1", repositoryName="web"),
        accepted=_image("v1"),
    ),
    Rule(
        says="an immutable tag stays on its image",
        page=f"{GUIDE}/image-tag-mutability.html",
        operation="put_image",
        code="ImageTagAlreadyExistsException",
        given=lambda world: _with_image(world, imageTagMutability="IMMUTABLE"),
        refused=_image("v1", 2),
        accepted=_image("v2", 2),
    ),
    Rule(
        says="an image is pushed with the same tag once",
        page=f"{API}/API_PutImage.html",
        operation="put_image",
        code="ImageAlreadyExistsException",
        given=_with_image,
        refused=_image("v1"),
        accepted=_image("v2"),
    ),
    Rule(
        says="a digest is that of the manifest",
        page=f"{API}/API_PutImage.html",
        operation="put_image",
        code="ImageDigestDoesNotMatchException",
        given=_repository,
        refused=_image("v1", imageDigest=f"sha256:{'0' * 64}"),
        accepted=_image("v1"),
    ),
    Rule(
        says="an image that is scanned exists",
        page=f"{API}/API_StartImageScan.html",
        operation="start_image_scan",
        code="ImageNotFoundException",
        given=_with_image,
        refused={"repositoryName": "app", "imageId": {"imageTag": "v2"}},
        accepted={"repositoryName": "app", "imageId": {"imageTag": "v1"}},
    ),
    Rule(
        says="an image is scanned once in a day",
        page=f"{GUIDE}/image-scanning-basic.html",
        operation="start_image_scan",
        code="LimitExceededException",
        given=lambda world: [
            _with_image(world),
            world.ecr.put_image(**_image("v2", 2)),
            world.ecr.start_image_scan(repositoryName="app", imageId={"imageTag": "v1"}),
        ],
        refused={"repositoryName": "app", "imageId": {"imageTag": "v1"}},
        accepted={"repositoryName": "app", "imageId": {"imageTag": "v2"}},
    ),
    Rule(
        says="basic scanning does not go on",
        page=f"{API}/API_PutRegistryScanningConfiguration.html",
        operation="put_registry_scanning_configuration",
        code="InvalidParameterException",
        refused=_scan("CONTINUOUS_SCAN", "BASIC"),
        accepted=_scan("CONTINUOUS_SCAN", "ENHANCED"),
    ),
    Rule(
        says="a registry is not replicated to itself",
        page=f"{GUIDE}/replication.html",
        operation="put_replication_configuration",
        code="InvalidParameterException",
        refused=_replicate("eu-central-1"),
        accepted=_replicate("eu-west-1"),
    ),
    _lifecycle(
        "a lifecycle rule for tagged images says which tags",
        _policy(_selection("tagged")),
        _policy(_selection("tagged", tagPatternList=["v*"])),
    ),
    _lifecycle(
        "a lifecycle rule for untagged images says no tags",
        _policy(_selection("untagged", tagPrefixList=["v"])),
        _policy(_selection("untagged")),
    ),
    _lifecycle(
        "a lifecycle rule has prefixes or patterns of tags",
        _policy(_selection("tagged", tagPrefixList=["v"], tagPatternList=["v*"])),
        _policy(TAGGED),
    ),
    _lifecycle(
        "a pattern of tags has four wildcards",
        _policy(_selection("tagged", tagPatternList=["*a*b*c*d*"])),
        _policy(_selection("tagged", tagPatternList=["*a*b*c*d"])),
    ),
    _lifecycle(
        "the age of images has a unit",
        _policy(_selection(kind="sinceImagePushed")),
        _policy(_selection(**OLD)),
    ),
    _lifecycle(
        "the number of images has no unit",
        _policy(_selection(countUnit="days")),
        _policy(_selection()),
    ),
    _lifecycle(
        "the number of images is positive",
        _policy(_selection(number=0)),
        _policy(_selection(number=1)),
    ),
    _lifecycle(
        "priorities of lifecycle rules differ",
        _policy(TAGGED, _selection(), priorities=(1, 1)),
        _policy(TAGGED, _selection(), priorities=(1, 5)),
    ),
    _lifecycle(
        "the lifecycle rule for any image comes last",
        _policy(_selection(), TAGGED),
        _policy(TAGGED, _selection()),
    ),
    _lifecycle(
        "a lifecycle rule's action is known",
        _policy(_selection(), action="delete"),
        _policy(_selection(), action="expire"),
    ),
    Rule(
        says="a preview is of a policy",
        page=f"{API}/API_StartLifecyclePolicyPreview.html",
        operation="start_lifecycle_policy_preview",
        code="LifecyclePolicyNotFoundException",
        given=_repository,
        refused={"repositoryName": "app"},
        accepted=_policy(_selection()),
    ),
    Rule(
        says="a repository's policy names who it is about",
        page=f"{GUIDE}/repository-policies.html",
        operation="set_repository_policy",
        code="InvalidParameterException",
        given=_repository,
        refused={"repositoryName": "app", "policyText": _allow()},
        accepted={"repositoryName": "app", "policyText": _allow(Principal="*")},
    ),
    Rule(
        says="a registry's policy is about actions of ECR",
        page=f"{GUIDE}/registry-permissions.html",
        operation="put_registry_policy",
        code="InvalidParameterException",
        refused={"policyText": _allow(**ALLOWED, Action=["s3:GetObject"])},
        accepted={"policyText": _allow(**ALLOWED)},
    ),
    Rule(
        says="an account setting has a value that it knows",
        page=f"{API}/API_PutAccountSetting.html",
        operation="put_account_setting",
        code="InvalidParameterException",
        refused={"name": "BLOB_MOUNTING", "value": "on"},
        accepted={"name": "BLOB_MOUNTING", "value": "ENABLED"},
    ),
    Rule(
        says="a prefix has one pull-through cache rule",
        page=f"{API}/API_CreatePullThroughCacheRule.html",
        operation="create_pull_through_cache_rule",
        code="PullThroughCacheRuleAlreadyExistsException",
        given=lambda world: world.ecr.create_pull_through_cache_rule(**PUBLIC),
        refused=PUBLIC,
        accepted={**PUBLIC, "ecrRepositoryPrefix": "pub2"},
    ),
    Rule(
        says="a registry has fifty pull-through cache rules",
        page=f"{GUIDE}/service-quotas.html",
        operation="create_pull_through_cache_rule",
        code="LimitExceededException",
        given=lambda world: [
            world.ecr.create_pull_through_cache_rule(**PUBLIC | {"ecrRepositoryPrefix": f"p{number}"})
            for number in range(10, 60)
        ],
        refused=PUBLIC,
        accepted=lambda world: (world.ecr.delete_pull_through_cache_rule(ecrRepositoryPrefix="p10"), PUBLIC)[1],
    ),
    Rule(
        says="images are cached of some registries only",
        page=f"{GUIDE}/pull-through-cache.html",
        operation="create_pull_through_cache_rule",
        code="UnsupportedUpstreamRegistryException",
        refused={**PUBLIC, "upstreamRegistryUrl": "registry.example.com"},
        accepted=PUBLIC,
    ),
    Rule(
        says="Docker Hub wants a secret",
        page=f"{GUIDE}/pull-through-cache-creating-rule.html",
        operation="create_pull_through_cache_rule",
        code="InvalidParameterException",
        given=_secret,
        refused=HUB,
        accepted=lambda world: {**HUB, "credentialArn": world.given},
    ),
    Rule(
        says="a pull-through cache rule's secret exists",
        page=f"{API}/API_CreatePullThroughCacheRule.html",
        operation="create_pull_through_cache_rule",
        code="SecretNotFoundException",
        given=_secret,
        refused=lambda world: {**HUB, "credentialArn": world.given.replace("/hub", "/other")},
        accepted=lambda world: {**HUB, "credentialArn": world.given},
    ),
    Rule(
        says="a prefix has one creation template",
        page=f"{API}/API_CreateRepositoryCreationTemplate.html",
        operation="create_repository_creation_template",
        code="TemplateAlreadyExistsException",
        given=lambda world: world.ecr.create_repository_creation_template(**TEMPLATE),
        refused=TEMPLATE,
        accepted={**TEMPLATE, "prefix": "quay"},
    ),
    Rule(
        says="a creation template that is changed exists",
        page=f"{API}/API_UpdateRepositoryCreationTemplate.html",
        operation="update_repository_creation_template",
        code="TemplateNotFoundException",
        given=lambda world: world.ecr.create_repository_creation_template(**TEMPLATE),
        refused={**TEMPLATE, "prefix": "quay"},
        accepted={**TEMPLATE, "description": "other"},
    ),
]
