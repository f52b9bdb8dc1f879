#!/usr/bin/python
# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: s3_buckets
version_added: 1.0.0
short_description: Manage S3 buckets with everything that is set on them
description:
  - Creates, changes, deletes or reads general purpose buckets, found by their name, which is unique in all of AWS.
  - A bucket whose Platform or Environment tag differs from the one in O(tags), a bucket of another account and one in
    another region are refused; nothing is changed then.
  - Exists beside M(amazon.aws.s3_bucket), M(community.aws.s3_lifecycle), M(community.aws.s3_logging) and
    M(community.aws.s3_bucket_notification) because those need a run each for every bucket and rule, return nothing in
    check mode on an empty account, set up logging by ACLs that new buckets do not have, and cannot switch on
    EventBridge.
options:
  buckets:
    description:
      - The buckets. Others are left alone. One that receives another's access logs comes before it.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description:
          - The name, 3 to 63 characters; lower-case letters, digits, C(-) and C(.).
        type: str
        required: true
      versioning:
        description: Whether S3 keeps former versions of objects. Switched off, it keeps those that there are.
        type: bool
      encryption:
        description: How new objects are encrypted. AWS starts with V(AES256).
        type: str
        choices: [AES256, 'aws:kms']
      kms_key_arn:
        description:
          - The ARN of the key for V(aws:kms), in the bucket's region.
          - Without it AWS takes its own key aws/s3, which other accounts and most services cannot use.
        type: str
      bucket_key:
        description: Whether S3 derives keys from the KMS key itself, which saves nearly all calls of KMS.
        type: bool
        default: true
      policy:
        description: The bucket policy; V({}) removes it. Compared by meaning.
        type: dict
      public_access_block:
        description: Whether all four settings that block public access are on, or all are off.
        type: bool
        default: true
      object_ownership:
        description: Who owns objects that others upload; V(BucketOwnerEnforced) switches ACLs off.
        type: str
        choices: [BucketOwnerEnforced, BucketOwnerPreferred, ObjectWriter]
        default: BucketOwnerEnforced
      lifecycle_rules:
        description: When objects move to other storage classes and when they are deleted; V([]) removes all rules.
        type: list
        elements: dict
        suboptions:
          id:
            description: The name of the rule, unique in its bucket.
            type: str
            required: true
          prefix:
            description: How the keys of the rule's objects begin.
            type: str
            default: ""
          enabled:
            description: Whether S3 applies the rule.
            type: bool
            default: true
          expiration_days:
            description: After how many days an object is deleted, or with versioning becomes a former version.
            type: int
          transitions:
            description: When an object moves to which storage class.
            type: list
            elements: dict
            suboptions: &transition
              days:
                description: After how many days; at least 30 for V(STANDARD_IA) and V(ONEZONE_IA).
                type: int
                required: true
              storage_class:
                description: Where to.
                type: str
                choices: [STANDARD_IA, INTELLIGENT_TIERING, ONEZONE_IA, GLACIER_IR, GLACIER, DEEP_ARCHIVE]
                required: true
          noncurrent_expiration_days:
            description: How many days after it was replaced a former version is deleted.
            type: int
          noncurrent_transitions:
            description: When a former version moves to which storage class.
            type: list
            elements: dict
            suboptions: *transition
          abort_incomplete_multipart_days:
            description: After how many days the parts of an upload that was never finished are deleted.
            type: int
      access_logging:
        description: Where S3 delivers logs of all requests; V({}) switches it off. The target's policy has to allow it.
        type: dict
        suboptions:
          bucket:
            description: The bucket that receives the logs, in the same account and region.
            type: str
          prefix:
            description: How the keys of the logs begin.
            type: str
            default: ""
      event_bridge:
        description: Whether S3 sends its events to EventBridge. Other notifications are left alone.
        type: bool
      cors_rules:
        description: Which web pages of other origins may use the bucket, first match first; V([]) removes all rules.
        type: list
        elements: dict
        suboptions:
          allowed_origins:
            description: Origins, with one C(*) each at most.
            type: list
            elements: str
            required: true
          allowed_methods:
            description: HTTP methods.
            type: list
            elements: str
            choices: [GET, PUT, POST, DELETE, HEAD]
            required: true
          allowed_headers:
            description: Headers that a request may have.
            type: list
            elements: str
          expose_headers:
            description: Headers of the answer that the page may read.
            type: list
            elements: str
          max_age_seconds:
            description: How long a browser may remember the answer.
            type: int
      disposable:
        description: Whether to delete the bucket with everything in it also without O(force), such as one that keeps logs.
        type: bool
        default: false
      tags:
        description: Tags of this bucket beside O(tags).
        type: dict
  force:
    description:
      - Whether to delete buckets with all versions of all objects in them.
    type: bool
    default: false
author:
  - groundwork.aws contributors (@groundwork-aws)
extends_documentation_fragment:
  - groundwork.aws.lifecycle
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.tags
  - amazon.aws.boto3
seealso:
  - name: Bucket naming rules in the S3 user guide
    description: Which names S3 takes.
    link: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
"""

EXAMPLES = r"""
- name: Create the bucket of a platform's exports
  groundwork.aws.s3_buckets:
    buckets:
      - name: dougust-production-exports-123456789012
        versioning: true
        encryption: aws:kms
        kms_key_arn: arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab
        lifecycle_rules:
          - id: archive
            transitions:
              - {days: 30, storage_class: STANDARD_IA}
              - {days: 90, storage_class: GLACIER}
            expiration_days: 365
            abort_incomplete_multipart_days: 7
    tags:
      Platform: dougust
      Environment: production

- name: Delete it with everything in it
  groundwork.aws.s3_buckets:
    buckets:
      - name: dougust-production-exports-123456789012
    tags:
      Platform: dougust
      Environment: production
    force: true
    state: absent
"""

RETURN = r"""
buckets:
  description: The buckets by name; of their settings those that are given.
  returned: always
  type: dict
  sample:
    dougust-production-exports-123456789012:
      name: dougust-production-exports-123456789012
      arn: arn:aws:s3:::dougust-production-exports-123456789012
      region: us-east-1
      domain_name: dougust-production-exports-123456789012.s3.amazonaws.com
      regional_domain_name: dougust-production-exports-123456789012.s3.us-east-1.amazonaws.com
      versioning: true
      encryption:
        algorithm: aws:kms
        kms_key_arn: arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab
        bucket_key: true
      public_access_block: true
      object_ownership: BucketOwnerEnforced
      tags: {Platform: dougust, Environment: production}
"""

from ansible_collections.groundwork.aws.plugins.module_utils import compare, lifecycle, s3, s3_lifecycle, side_by_side
from ansible_collections.groundwork.aws.plugins.module_utils.api import s3 as api
from ansible_collections.groundwork.aws.plugins.module_utils.errors import AwsCallError, UserError, error_code

# How often a bucket is emptied: what writes logs into it may still be doing so.
EMPTYINGS = 3

ARGUMENT_SPEC = {
    "buckets": {"type": "list", "elements": "dict", "required": True, "options": s3.BUCKET_SPEC},
    "force": {"type": "bool", "default": False},
}


class Bucket(lifecycle.Kind):
    service = "s3"
    type = "bucket"
    result = "buckets"
    items = "buckets"
    equal = {"policy": compare.same_policy, "cors_rules": s3.same_in_order}
    tagged_as = "s3"
    holds_data = True

    def name_of(self, arn, tags):
        return arn.partition(":::")[2]

    def label(self, name):
        return f"S3 bucket {name}"

    def validate(self, items):
        for item in items:
            flaw = s3.flaw(item, self.module.region)
            if flaw:
                raise UserError(f"{self.label(item['name'])} {flaw}.")

    def find_one(self, item):
        region = self.region_of(item["name"])
        if region is None:
            return None
        if region != self.module.region:
            raise UserError(
                f"{self.label(item['name'])} is in region {region}, not in {self.module.region}. Nothing was "
                "changed. To fix: choose another name, or delete the one that is there; a bucket cannot move."
            )
        return self.read(item)

    def region_of(self, name):
        try:
            return api.get_bucket_location(self.client, name)
        except AwsCallError as error:
            if error_code(error.exception) != "AccessDenied":
                raise
            raise UserError(
                f"{self.label(name)} exists and AWS denies access to it: it belongs to another account, or the caller "
                "may not s3:GetBucketLocation. To fix: choose another name, since a name exists once in all of AWS, or "
                "grant the action."
            ) from error

    def read(self, item):
        """The bucket with what the item manages."""
        bucket = {**self.identified(item["name"]), "tags": api.get_bucket_tagging(self.client, item["name"])}
        self.refuse_foreign(bucket)
        managed = [field for field, value in self.desired(item).items() if value is not None]
        return {**bucket, **side_by_side.by_name(lambda field: s3.READERS[field](self.client, item["name"]), managed)}

    def identified(self, name):
        return s3.identified(name, self.module.region or "")

    def planned(self, item):
        return self.identified(item["name"])

    def desired(self, item):
        # In this order: a public policy is refused while public access is blocked.
        return {
            "object_ownership": item["object_ownership"],
            "public_access_block": item["public_access_block"],
            "encryption": s3.encryption(item),
            "versioning": item["versioning"],
            "policy": item["policy"],
            "lifecycle_rules": s3.lifecycle_rules(item),
            "access_logging": s3.access_logging(item),
            "event_bridge": item["event_bridge"],
            "cors_rules": s3.cors_rules(item),
        }

    def create(self, item):
        tags = self.tags(item) or {}
        ownership = item["object_ownership"]
        name = item["name"]
        if not api.create_bucket(self.client, self.module.region, tags, Bucket=name, ObjectOwnership=ownership):
            return self.read(item)
        managed = {field: s3.NEW.get(field) for field, value in self.desired(item).items() if value is not None}
        return {**self.identified(name), **managed, "object_ownership": ownership, "tags": tags}

    def update_object_ownership(self, resource, before, after):
        api.put_bucket_ownership_controls(self.client, resource["name"], after)

    def update_public_access_block(self, resource, before, after):
        api.put_public_access_block(self.client, resource["name"], s3.public_access_block(after))

    def update_encryption(self, resource, before, after):
        rule = api.get_bucket_encryption(self.client, resource["name"])
        api.put_bucket_encryption(self.client, resource["name"], s3.encryption_rule(rule, after))

    def update_versioning(self, resource, before, after):
        api.put_bucket_versioning(self.client, resource["name"], after)

    def update_policy(self, resource, before, after):
        if after:
            api.put_bucket_policy(self.client, resource["name"], after)
        else:
            api.delete_bucket_policy(self.client, resource["name"])

    def update_lifecycle_rules(self, resource, before, after):
        if after:
            rules = [s3_lifecycle.to_aws(rule) for rule in after]
            api.put_bucket_lifecycle_configuration(self.client, resource["name"], rules)
        else:
            api.delete_bucket_lifecycle(self.client, resource["name"])

    def update_access_logging(self, resource, before, after):
        logging = {"TargetBucket": after["bucket"], "TargetPrefix": after["prefix"]} if after else {}
        api.put_bucket_logging(self.client, resource["name"], logging)

    def update_event_bridge(self, resource, before, after):
        # One call sets all notifications of a bucket: those of others have to be sent along.
        configuration = api.get_bucket_notification_configuration(self.client, resource["name"])
        configuration.pop("EventBridgeConfiguration", None)
        wanted = {**configuration, **({"EventBridgeConfiguration": {}} if after else {})}
        api.put_bucket_notification_configuration(self.client, resource["name"], wanted)

    def update_cors_rules(self, resource, before, after):
        if after:
            api.put_bucket_cors(self.client, resource["name"], [s3.cors_to_aws(rule) for rule in after])
        else:
            api.delete_bucket_cors(self.client, resource["name"])

    def update_tags(self, resource, before, after):
        if after:
            api.put_bucket_tagging(self.client, resource["name"], after)
        else:
            api.delete_bucket_tagging(self.client, resource["name"])

    def delete(self, resource):
        disposable = [item["name"] for item in self.params["buckets"] if item["disposable"]]
        force = self.params["force"] or resource["name"] in disposable
        for left in reversed(range(EMPTYINGS if force else 1)):
            if force:
                self.empty(resource["name"])
            try:
                return api.delete_bucket(self.client, resource["name"])
            except AwsCallError as error:
                if error_code(error.exception) != "BucketNotEmpty" or not left:
                    raise

    def empty(self, name):
        """Delete all versions of all objects."""
        versions = api.list_object_versions(self.client, name)
        while versions:
            errors = api.delete_objects(self.client, name, versions)
            if errors:
                raise UserError(
                    f"Could not delete {len(errors)} objects of {self.label(name)}, the first of them "
                    f"{errors[0]['Key']}: {errors[0]['Code']}: {errors[0].get('Message', '')} "
                    "To fix: remove what protects them (object lock, MFA delete, a denying policy) and run again."
                )
            versions = api.list_object_versions(self.client, name)


def main():
    lifecycle.run(Bucket, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
