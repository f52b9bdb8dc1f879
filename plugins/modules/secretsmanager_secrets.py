#!/usr/bin/python
# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: secretsmanager_secrets
version_added: 1.0.0
short_description: Manage secrets in Secrets Manager without ever seeing a value
description:
  - Creates, changes, deletes or reads secrets. Values are neither parameters nor results; the module never reads one.
  - With O(secrets[].generate) the value is made inside the module run that creates the secret, once, and never
    overwritten. Without it the secret is created empty, for somebody to set; RV(secrets) says whether it has a value.
  - A deleted secret can be taken back for O(recovery_window_days). One that is wanted again in that time is restored and
    keeps its value.
  - Exists beside M(community.aws.secretsmanager_secret) because that module takes the value as a parameter and puts it
    back over a rotated one, cancels rotations in check mode, and returns no ARN in check mode on an empty account.
options:
  secrets:
    description:
      - The secrets. Others are left alone.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description:
          - The name, of letters, digits and C(/_+=.@-), at most 512 characters.
          - One that ends with a hyphen and six letters or digits, such as C(jwt-secret), cannot be found by a part of its
            ARN; name it in full elsewhere.
        type: str
        required: true
      description:
        description: What the secret is for.
        type: str
      kms_key_arn:
        description: The KMS key that encrypts the values. Without one a new secret gets AWS's key for Secrets Manager.
        type: str
      policy:
        description:
          - The resource policy. V({}) removes it. One that lets everybody in is refused by AWS.
        type: dict
      generate:
        description:
          - How to make the value of a secret that has none. Without it the value is for somebody else to set.
        type: dict
        suboptions:
          length:
            description: How many characters, V(16) to V(4096).
            type: int
            default: 64
          characters:
            description: Which characters. V(hex) takes small letters, V(base64url) letters, digits, C(-) and C(_).
            type: str
            choices: [alphanumeric, hex, base64url]
            default: alphanumeric
      tags:
        description: Tags of this secret beside O(tags).
        type: dict
  recovery_window_days:
    description:
      - How many days a deleted secret can still be taken back. V(0) deletes at once and for ever, also a secret that
        waits for its deletion.
    type: int
    choices: [0, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30]
    default: 30
  account_id:
    description:
      - The account, for the ARN of a secret that check mode would create.
    type: str
    default: "000000000000"
author:
  - groundwork.aws contributors (@groundwork-aws)
extends_documentation_fragment:
  - groundwork.aws.lifecycle
  - amazon.aws.common.modules
  - amazon.aws.region.modules
  - amazon.aws.tags
  - amazon.aws.boto3
"""

EXAMPLES = r"""
- name: Create the secrets of an API
  groundwork.aws.secretsmanager_secrets:
    secrets:
      - name: prod/dougust/jwt-secret
        description: Signs the access tokens
        kms_key_arn: arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab
        generate:
          length: 64
      - name: prod/dougust/mail-password
        description: Set by an operator
    tags:
      Platform: dougust
      Environment: production

- name: Schedule the deletion of one
  groundwork.aws.secretsmanager_secrets:
    secrets:
      - name: prod/dougust/mail-password
    recovery_window_days: 7
    state: absent
"""

RETURN = r"""
secrets:
  description: The secrets by name, with the policy where it is given; never a value.
  returned: always
  type: dict
  sample:
    prod/dougust/jwt-secret:
      name: prod/dougust/jwt-secret
      arn: arn:aws:secretsmanager:us-east-1:123456789012:secret:prod/dougust/jwt-secret-a1b2c3
      description: Signs the access tokens
      kms_key_arn: arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab
      has_value: true
      tags: {Platform: dougust, Environment: production}
pending_deletion:
  description:
    - The secrets that this run deleted, or that were deleted before, and that can still be taken back. Check mode lists
      those that were deleted before.
  returned: always
  type: list
  elements: dict
  contains:
    name:
      description: The name.
      returned: always
      type: str
      sample: prod/dougust/mail-password
    arn:
      description: The ARN.
      returned: always
      type: str
      sample: arn:aws:secretsmanager:us-east-1:123456789012:secret:prod/dougust/mail-password-a1b2c3
    deletion_date:
      description: The date that AWS gives for the deletion.
      returned: always
      type: str
      sample: "2026-01-31T12:00:00+00:00"
"""

import re
import secrets
import string

from ansible_collections.groundwork.aws.plugins.module_utils import compare, lifecycle, planned
from ansible_collections.groundwork.aws.plugins.module_utils.api import secretsmanager as api
from ansible_collections.groundwork.aws.plugins.module_utils.errors import UserError
from ansible_collections.groundwork.aws.plugins.module_utils.kms_keys import same_key

ALPHABETS = {
    "alphanumeric": string.ascii_letters + string.digits,
    "hex": "0123456789abcdef",
    "base64url": string.ascii_letters + string.digits + "-_",
}

ARGUMENT_SPEC = {
    "secrets": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "no_log": False,
        "options": {
            "name": {"type": "str", "required": True},
            "description": {"type": "str"},
            "kms_key_arn": {"type": "str", "no_log": False},
            "policy": {"type": "dict"},
            "generate": {
                "type": "dict",
                "options": {
                    "length": {"type": "int", "default": 64},
                    "characters": {"type": "str", "choices": list(ALPHABETS), "default": "alphanumeric"},
                },
            },
            "tags": {"type": "dict"},
        },
    },
    "recovery_window_days": {"type": "int", "choices": [0, *range(7, 31)], "default": 30},
    "account_id": {"type": "str", "default": "000000000000"},
}


def flaw(item):
    """What is wrong with an item; empty when nothing is."""
    # https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
    if not re.fullmatch(r"[A-Za-z0-9/_+=.@-]{1,512}", item["name"]):
        return "is no name of a secret. To fix: only letters, digits and /_+=.@-, at most 512 of them"
    if len(item["description"] or "") > 2048:
        return "has a description that is too long. To fix: at most 2048 characters"
    if item["generate"] and not 16 <= item["generate"]["length"] <= 4096:
        return (
            f"cannot get a value of {item['generate']['length']} characters. To fix: 16 to 4096, 32 or more are better"
        )
    return ""


def generated(generate):
    """A new value; only AWS is told."""
    return "".join(secrets.choice(ALPHABETS[generate["characters"]]) for _position in range(generate["length"]))


def has_value(described):
    """Whether a secret has a current value, without reading it."""
    return any("AWSCURRENT" in stages for stages in (described.get("VersionIdsToStages") or {}).values())


class Secret(lifecycle.Kind):
    service = "secretsmanager"
    type = "secret"
    result = "secrets"
    items = "secrets"
    equal = {"policy": compare.same_policy, "kms_key_arn": same_key}
    tagged_as = "secretsmanager:secret"
    holds_data = True

    def __init__(self, module):
        super().__init__(module)
        self.pending = []

    def name_of(self, arn, tags):
        return arn.partition(":secret:")[2][: -len("-a1b2c3")]

    def report(self):
        return {"pending_deletion": self.pending}

    def validate(self, items):
        for item in items:
            if flaw(item):
                raise UserError(f"{self.label(item['name'])} {flaw(item)}.")

    def find_one(self, item):
        described = api.describe_secret(self.client, item["name"])
        secret = self.read(item, described) if described else None
        if secret:
            self.refuse_foreign(secret)
        return secret

    def read(self, item, described):
        """The secret with what the item manages; V(None) where it waits for its deletion and is not wanted back."""
        secret = self.from_aws(described)
        if "deletion_date" in secret and not self.counts(item["name"]):
            self.note_pending(secret)
            return None
        if item["policy"] is not None:
            secret["policy"] = {} if "deletion_date" in secret else api.get_resource_policy(self.client, item["name"])
        return secret

    def counts(self, name):
        """Whether a secret that waits for its deletion is to be restored, or deleted at once."""
        declared = any(item["name"] == name for item in self.params["secrets"])
        deleted_at_once = self.params["state"] == "absent" and not self.params["recovery_window_days"]
        return declared and (self.params["state"] == "present" or deleted_at_once)

    def from_aws(self, described):
        return {
            "name": described["Name"],
            "arn": described["ARN"],
            "description": described.get("Description", ""),
            "kms_key_arn": described.get("KmsKeyId"),
            "has_value": has_value(described),
            "tags": {tag["Key"]: tag["Value"] for tag in described.get("Tags") or []},
            **({"deletion_date": described["DeletedDate"].isoformat()} if described.get("DeletedDate") else {}),
        }

    def note_pending(self, secret):
        self.pending.append({field: secret[field] for field in ("name", "arn", "deletion_date")})

    def planned(self, item):
        region = self.module.region or ""
        return {
            "arn": planned.secret_arn(item["name"], region, self.params["account_id"]),
            "has_value": bool(item["generate"]),
        }

    def desired(self, item):
        # In this order: AWS changes nothing about a secret that waits for its deletion.
        waits = "deletion_date" in self.resources.get(item["name"], {})
        return {
            "restored": True if waits else None,
            "description": item["description"],
            "kms_key_arn": item["kms_key_arn"],
            "policy": item["policy"],
            "has_value": True if item["generate"] else None,
        }

    def create(self, item):
        given = {"Description": item["description"], "KmsKeyId": item["kms_key_arn"]}
        if item["generate"]:
            given["SecretString"] = generated(item["generate"])
        given = {key: value for key, value in given.items() if value}
        tags = self.tags(item) or {}
        created = api.create_secret(self.client, item["name"], tags, **given)
        return {
            "name": item["name"],
            "arn": created["ARN"],
            "description": item["description"] or "",
            "kms_key_arn": item["kms_key_arn"],
            "has_value": bool(item["generate"]),
            "tags": tags,
            **({} if item["policy"] is None else {"policy": {}}),
        }

    def update_restored(self, resource, before, after):
        api.restore_secret(self.client, resource["name"])
        del resource["deletion_date"]

    def update_description(self, resource, before, after):
        api.update_secret(self.client, resource["name"], Description=after)

    def update_kms_key_arn(self, resource, before, after):
        api.update_secret(self.client, resource["name"], KmsKeyId=after)

    def update_policy(self, resource, before, after):
        if after:
            api.put_resource_policy(self.client, resource["name"], after)
        else:
            api.delete_resource_policy(self.client, resource["name"])

    def update_has_value(self, resource, before, after):
        item = next(item for item in self.params["secrets"] if item["name"] == resource["name"])
        api.put_secret_value(self.client, resource["name"], generated(item["generate"]))

    def set_tags(self, resource, tags):
        api.tag_resource(self.client, resource["name"], tags)

    def remove_tags(self, resource, keys):
        api.untag_resource(self.client, resource["name"], keys)

    def delete(self, resource):
        days = self.params["recovery_window_days"]
        answer = api.delete_secret(self.client, resource["name"], days)
        if answer and days:
            self.note_pending({**resource, "deletion_date": answer["DeletionDate"].isoformat()})


def main():
    lifecycle.run(Secret, ARGUMENT_SPEC)


if __name__ == "__main__":
    main()
