# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lives of what Amazon ECR has."""

import hashlib
import json

LAYER = b"layer of the image"
DIGEST = f"sha256:{hashlib.sha256(LAYER).hexdigest()}"
MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"


def _manifest(number=1):
    layer = {"mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip", "size": number, "digest": DIGEST}
    return json.dumps({"schemaVersion": 2, "mediaType": MANIFEST, "config": layer, "layers": [layer]})


def _push(probe, tag, number=1, repository="app"):
    image = {"imageManifest": _manifest(number), "imageManifestMediaType": MANIFEST, "imageTag": tag}
    return probe.does(probe.client("ecr").put_image, repositoryName=repository, **image)["image"]["imageId"]


def repository(probe):
    ecr = probe.client("ecr")
    wanted = {
        "repositoryName": "app",
        "imageTagMutability": "IMMUTABLE",
        "imageScanningConfiguration": {"scanOnPush": True},
        "encryptionConfiguration": {"encryptionType": "AES256"},
    }
    arn = probe.does(ecr.create_repository, **wanted, tags=[{"Key": "a", "Value": "b"}])["repository"]["repositoryArn"]
    probe.shows(wanted, ecr.describe_repositories, "repositories.0", repositoryNames=["app"])
    probe.shows([{"Key": "a", "Value": "b"}], ecr.list_tags_for_resource, "tags", resourceArn=arn)
    probe.does(ecr.tag_resource, resourceArn=arn, tags=[{"Key": "c", "Value": "d"}])
    probe.does(ecr.untag_resource, resourceArn=arn, tagKeys=["a"])
    probe.shows([{"Key": "c", "Value": "d"}], ecr.list_tags_for_resource, "tags", resourceArn=arn)
    probe.does(ecr.put_image_tag_mutability, repositoryName="app", imageTagMutability="MUTABLE")
    probe.does(ecr.put_image_scanning_configuration, repositoryName="app",
               imageScanningConfiguration={"scanOnPush": False})  # fmt: skip
    changed = {"imageTagMutability": "MUTABLE", "imageScanningConfiguration": {"scanOnPush": False}}
    probe.shows(changed, ecr.describe_repositories, "repositories.0", repositoryNames=["app"])
    probe.does(ecr.delete_repository, repositoryName="app")
    probe.lacks(ecr.describe_repositories, "RepositoryNotFoundException", repositoryNames=["app"])


def repository_policy(probe):
    ecr = probe.client("ecr")
    probe.does(ecr.create_repository, repositoryName="app")
    for action in ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"):
        statement = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": action}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        probe.does(ecr.set_repository_policy, repositoryName="app", policyText=policy)
        probe.shows({"policyText": policy}, ecr.get_repository_policy, repositoryName="app")
    probe.does(ecr.delete_repository_policy, repositoryName="app")
    probe.lacks(ecr.get_repository_policy, "RepositoryPolicyNotFoundException", repositoryName="app")


def lifecycle_policy(probe):
    ecr = probe.client("ecr")
    probe.does(ecr.create_repository, repositoryName="app")
    for number in (1, 2):
        policy = _keep(number)
        probe.does(ecr.put_lifecycle_policy, repositoryName="app", lifecyclePolicyText=policy)
        probe.shows({"lifecyclePolicyText": policy}, ecr.get_lifecycle_policy, repositoryName="app")
    digests = [_push(probe, f"v{number}", number)["imageDigest"] for number in (1, 2, 3)]
    probe.does(ecr.start_lifecycle_policy_preview, repositoryName="app")
    found = {"imageTags": ["v1"], "imageDigest": digests[0], "action": {"type": "EXPIRE"}, "appliedRulePriority": 1}
    expected = {"status": "COMPLETE", "previewResults": [found], "summary": {"expiringImageTotalCount": 1}}
    probe.shows(expected, ecr.get_lifecycle_policy_preview, repositoryName="app")
    probe.does(ecr.delete_lifecycle_policy, repositoryName="app")
    probe.lacks(ecr.get_lifecycle_policy, "LifecyclePolicyNotFoundException", repositoryName="app")


def _keep(number):
    selection = {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": number}
    return json.dumps({"rules": [{"rulePriority": 1, "selection": selection, "action": {"type": "expire"}}]})


def images(probe):
    ecr = probe.client("ecr")
    probe.does(ecr.create_repository, repositoryName="app")
    identity = _push(probe, "v1")
    probe.shows({**identity, "imageTag": "v1"}, ecr.list_images, "imageIds.0", repositoryName="app")
    probe.shows({"imageManifest": _manifest(), "imageManifestMediaType": MANIFEST}, ecr.batch_get_image, "images.0",
                repositoryName="app", imageIds=[{"imageTag": "v1"}])  # fmt: skip
    _push(probe, "v2")
    probe.shows({"imageTags": ["v1", "v2"], "imageDigest": identity["imageDigest"]}, ecr.describe_images,
                "imageDetails.0", repositoryName="app")  # fmt: skip
    probe.does(ecr.batch_delete_image, repositoryName="app", imageIds=[{"imageTag": "v1"}])
    probe.shows({"imageTags": ["v2"]}, ecr.describe_images, "imageDetails.0", repositoryName="app")
    probe.does(ecr.batch_delete_image, repositoryName="app", imageIds=[{"imageDigest": identity["imageDigest"]}])
    probe.lacks(ecr.list_images, path="imageIds", repositoryName="app")


def layers(probe):
    ecr = probe.client("ecr")
    probe.does(ecr.create_repository, repositoryName="app")
    upload = probe.does(ecr.initiate_layer_upload, repositoryName="app")["uploadId"]
    part = {"partFirstByte": 0, "partLastByte": len(LAYER) - 1, "layerPartBlob": LAYER}
    probe.does(ecr.upload_layer_part, repositoryName="app", uploadId=upload, **part)
    probe.does(ecr.complete_layer_upload, repositoryName="app", uploadId=upload, layerDigests=[DIGEST])
    expected = {"layerDigest": DIGEST, "layerAvailability": "AVAILABLE", "layerSize": len(LAYER)}
    probe.shows(expected, ecr.batch_check_layer_availability, "layers.0", repositoryName="app", layerDigests=[DIGEST])


def scanning(probe):
    ecr = probe.client("ecr")
    probe.does(ecr.create_repository, repositoryName="app")
    image = {"imageTag": _push(probe, "v1")["imageTag"]}
    probe.does(ecr.start_image_scan, repositoryName="app", imageId=image)
    probe.shows({"imageId": image, "imageScanStatus": {"status": "COMPLETE"}}, ecr.describe_image_scan_findings,
                repositoryName="app", imageId=image)  # fmt: skip
    rule = {"scanFrequency": "CONTINUOUS_SCAN", "repositoryFilters": [{"filter": "app*", "filterType": "WILDCARD"}]}
    probe.does(ecr.put_registry_scanning_configuration, scanType="ENHANCED", rules=[rule])
    probe.shows({"scanType": "ENHANCED", "rules": [rule]}, ecr.get_registry_scanning_configuration,
                "scanningConfiguration")  # fmt: skip
    applied = {"scanFrequency": "CONTINUOUS_SCAN", "appliedScanFilters": rule["repositoryFilters"]}
    probe.shows(applied, ecr.batch_get_repository_scanning_configuration, "scanningConfigurations.0",
                repositoryNames=["app"])  # fmt: skip
    probe.does(ecr.put_registry_scanning_configuration, scanType="BASIC", rules=[])
    probe.shows({"scanType": "BASIC", "rules": []}, ecr.get_registry_scanning_configuration, "scanningConfiguration")


def scan_on_push(probe):
    ecr = probe.client("ecr")
    probe.does(ecr.create_repository, repositoryName="app", imageScanningConfiguration={"scanOnPush": True})
    image = {"imageTag": _push(probe, "v1")["imageTag"]}
    found = {
        "imageScanStatus": {"status": "COMPLETE"},
        "imageScanFindings": {"findings": [], "findingSeverityCounts": {}},
    }
    probe.shows(found, ecr.describe_image_scan_findings, repositoryName="app", imageId=image)


def registry(probe):
    ecr = probe.client("ecr")
    for action in ("ecr:ReplicateImage", "ecr:BatchImportUpstreamImage"):
        resource = "arn:aws:ecr:eu-central-1:123456789012:repository/*"
        principal = {"AWS": "arn:aws:iam::210987654321:root"}
        statement = {"Sid": "a", "Effect": "Allow", "Principal": principal, "Action": [action], "Resource": resource}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        probe.does(ecr.put_registry_policy, policyText=policy)
        probe.shows({"policyText": policy}, ecr.get_registry_policy)
    probe.does(ecr.delete_registry_policy)
    probe.lacks(ecr.get_registry_policy, "RegistryPolicyNotFoundException")
    for name, value in (("BASIC_SCAN_TYPE_VERSION", "AWS_NATIVE"), ("BLOB_MOUNTING", "ENABLED")):
        probe.does(ecr.put_account_setting, name=name, value=value)
        probe.shows({"name": name, "value": value}, ecr.get_account_setting, name=name)


def replication(probe):
    ecr, other = probe.client("ecr"), probe.client("ecr", "eu-west-1")
    probe.does(ecr.create_repository, repositoryName="app")
    places = [{"region": "eu-west-1", "registryId": "123456789012"}]
    rules = [
        {"destinations": places, "repositoryFilters": [{"filter": prefix, "filterType": "PREFIX_MATCH"}]}
        for prefix in ("app", "web")
    ]
    probe.does(ecr.put_replication_configuration, replicationConfiguration={"rules": rules})
    probe.shows({"rules": rules}, ecr.describe_registry, "replicationConfiguration")
    image = _push(probe, "v1")
    probe.shows([{**places[0], "status": "COMPLETE"}], ecr.describe_image_replication_status, "replicationStatuses",
                repositoryName="app", imageId={"imageTag": "v1"})  # fmt: skip
    assert other.list_images(repositoryName="app")["imageIds"] == [image]
    probe.does(ecr.put_replication_configuration, replicationConfiguration={"rules": []})
    probe.lacks(ecr.describe_registry, path="replicationConfiguration.rules")


def pull_through_cache_rule(probe):
    ecr, secrets = probe.client("ecr"), probe.client("secretsmanager")
    one, two = (secrets.create_secret(Name=f"ecr-pullthroughcache/{n}", SecretString="{}")["ARN"] for n in "ab")
    wanted = {"ecrRepositoryPrefix": "hub", "upstreamRegistryUrl": "registry-1.docker.io", "credentialArn": one,
              "upstreamRegistry": "docker-hub"}  # fmt: skip
    probe.does(ecr.create_pull_through_cache_rule, **wanted)
    probe.shows(wanted, ecr.describe_pull_through_cache_rules, "pullThroughCacheRules.0")
    probe.does(ecr.update_pull_through_cache_rule, ecrRepositoryPrefix="hub", credentialArn=two)
    probe.shows({"credentialArn": two}, ecr.describe_pull_through_cache_rules, "pullThroughCacheRules.0")
    probe.shows({"isValid": True, "credentialArn": two}, ecr.validate_pull_through_cache_rule,
                ecrRepositoryPrefix="hub")  # fmt: skip
    probe.does(ecr.delete_pull_through_cache_rule, ecrRepositoryPrefix="hub")
    probe.lacks(ecr.describe_pull_through_cache_rules, path="pullThroughCacheRules")


def repository_creation_template(probe):
    ecr = probe.client("ecr")
    wanted = {
        "prefix": "hub", "description": "of the cache", "imageTagMutability": "IMMUTABLE",
        "resourceTags": [{"Key": "a", "Value": "b"}], "lifecyclePolicy": _keep(5),
        "appliedFor": ["PULL_THROUGH_CACHE"], "customRoleArn": "arn:aws:iam::123456789012:role/ecr",
        "encryptionConfiguration": {"encryptionType": "AES256"},
    }  # fmt: skip
    probe.does(ecr.create_repository_creation_template, **wanted)
    probe.shows(wanted, ecr.describe_repository_creation_templates, "repositoryCreationTemplates.0", prefixes=["hub"])
    probe.does(ecr.update_repository_creation_template, prefix="hub", appliedFor=["REPLICATION"])
    probe.shows({**wanted, "appliedFor": ["REPLICATION"]}, ecr.describe_repository_creation_templates,
                "repositoryCreationTemplates.0")  # fmt: skip
    probe.does(ecr.delete_repository_creation_template, prefix="hub")
    probe.lacks(ecr.describe_repository_creation_templates, path="repositoryCreationTemplates")
