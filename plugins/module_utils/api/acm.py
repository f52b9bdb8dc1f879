# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ACM: one function per API call (U(https://docs.aws.amazon.com/acm/latest/APIReference/))."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from ansible_collections.amazon.aws.plugins.module_utils.tagging import (
    ansible_dict_to_boto3_tag_list,
    boto3_tag_list_to_ansible_dict,
)

from ansible_collections.groundwork.aws.plugins.module_utils.errors import aws_call

CERTIFICATE_UNKNOWN = ("ResourceNotFoundException",)
# ACM hears some time later that a listener was deleted or uses another certificate.
STILL_IN_USE = ("ResourceInUseException",)


@aws_call("read certificate {arn}", missing=CERTIFICATE_UNKNOWN)
def describe_certificate(client: Any, arn: str) -> Optional[dict]:
    return client.describe_certificate(CertificateArn=arn)["Certificate"]


@aws_call("read new certificate {arn}", missing=CERTIFICATE_UNKNOWN, eventual=CERTIFICATE_UNKNOWN)
def describe_new_certificate(client: Any, arn: str) -> Optional[dict]:
    """The certificate; V(None) where it was deleted and an old request's token led to it."""
    return client.describe_certificate(CertificateArn=arn)["Certificate"]


@aws_call("request certificate {name}")
def request_certificate(client: Any, name: str, tags: Dict[str, str], **params: Any) -> str:
    listed = ansible_dict_to_boto3_tag_list({**tags, "Name": name})
    return client.request_certificate(Tags=listed, ValidationMethod="DNS", **params)["CertificateArn"]


@aws_call("delete certificate {arn}", missing=CERTIFICATE_UNKNOWN, eventual=STILL_IN_USE)
def delete_certificate(client: Any, arn: str) -> None:
    client.delete_certificate(CertificateArn=arn)


@aws_call("read the tags of certificate {arn}", eventual=CERTIFICATE_UNKNOWN)
def list_tags_for_certificate(client: Any, arn: str) -> Dict[str, str]:
    return boto3_tag_list_to_ansible_dict(client.list_tags_for_certificate(CertificateArn=arn).get("Tags", []))


@aws_call("tag certificate {arn}", eventual=CERTIFICATE_UNKNOWN)
def add_tags_to_certificate(client: Any, arn: str, tags: Dict[str, str]) -> None:
    client.add_tags_to_certificate(CertificateArn=arn, Tags=ansible_dict_to_boto3_tag_list(tags))


@aws_call("remove tags {keys} from certificate {arn}", eventual=CERTIFICATE_UNKNOWN)
def remove_tags_from_certificate(client: Any, arn: str, keys: List[str]) -> None:
    client.remove_tags_from_certificate(CertificateArn=arn, Tags=[{"Key": key} for key in keys])
