#!/usr/bin/env python3
"""Says as JSON what boto3 shows of the keys and repositories in the account of the environment."""

import json

import boto3

session = boto3.Session(region_name="us-east-1")
kms, ecr = session.client("kms"), session.client("ecr")
aliases = {
    alias["AliasName"]: alias["TargetKeyId"]
    for alias in kms.list_aliases()["Aliases"]
    if not alias["AliasName"].startswith("alias/aws/")
}
rotating = [key for key in aliases.values() if kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"]]
repositories = {
    repository["repositoryName"]: {
        "scan": repository["imageScanningConfiguration"]["scanOnPush"],
        "encryption": repository["encryptionConfiguration"]["encryptionType"],
        "mutability": repository["imageTagMutability"],
        "tags": {
            tag["Key"]: tag["Value"]
            for tag in ecr.list_tags_for_resource(resourceArn=repository["repositoryArn"])["tags"]
        },
    }
    for repository in ecr.describe_repositories()["repositories"]
}
print(json.dumps({"aliases": sorted(aliases), "rotating": len(rotating), "repositories": repositories}))
