# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""WAF: one function per API call; those that need the lock token read it first.

Source: U(https://docs.aws.amazon.com/waf/latest/APIReference/).
"""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Optional

from ansible_collections.amazon.aws.plugins.module_utils.tagging import (
    ansible_dict_to_boto3_tag_list,
    boto3_tag_list_to_ansible_dict,
)

from ansible_collections.groundwork.aws.plugins.module_utils.errors import aws_call

NOT_THERE = ("WAFNonexistentItemException",)
# "If you've just created a resource [...], you might just need to wait a few minutes."
NOT_SEEN_YET = ("WAFUnavailableEntityException",)
# Somebody changed the web ACL between reading it and writing it: read it again.
CHANGED_MEANWHILE = ("WAFOptimisticLockException",)
# A moment ago it was associated with a load balancer.
STILL_ASSOCIATED = ("WAFAssociatedItemException",)
# The policy of the log group and the service-linked role of the first logging take a moment.
LOGGING_NOT_READY = ("WAFLogDestinationPermissionIssueException", "WAFServiceLinkedRoleErrorException")
A_FEW_MINUTES = 60  # attempts
PAGE = 100


def _all(ask: Callable[..., dict], key: str, **params: Any) -> List[dict]:
    """Everything of a list: botocore has no paginators for WAF."""
    found: List[dict] = []
    marker: Dict[str, str] = {}
    while True:
        answer = ask(Limit=PAGE, **params, **marker)
        found += answer.get(key) or []
        # AWS returns a marker with the last page, too; nothing comes after it.
        if not answer.get("NextMarker") or not answer.get(key):
            return found
        marker = {"NextMarker": answer["NextMarker"]}


# Web ACLs


@aws_call("list the web ACLs of scope {scope}")
def list_web_acls(client: Any, scope: str) -> Dict[str, str]:
    """The ids of all web ACLs by name."""
    return {one["Name"]: one["Id"] for one in _all(client.list_web_acls, "WebACLs", Scope=scope)}


@aws_call("read web ACL {name}", missing=NOT_THERE)
def get_web_acl(client: Any, scope: str, name: str, web_acl_id: str) -> Optional[dict]:
    return client.get_web_acl(Scope=scope, Name=name, Id=web_acl_id)["WebACL"]


@aws_call("create web ACL {Name}", eventual=NOT_SEEN_YET, retries=A_FEW_MINUTES)
def create_web_acl(client: Any, tags: Dict[str, str], **params: Any) -> dict:
    # AWS refuses an empty list.
    tagged = {"Tags": ansible_dict_to_boto3_tag_list(tags)} if tags else {}
    return client.create_web_acl(**params, **tagged)["Summary"]


@aws_call("change web ACL {name}", eventual=NOT_SEEN_YET + CHANGED_MEANWHILE, retries=A_FEW_MINUTES)
def update_web_acl(client: Any, scope: str, name: str, web_acl_id: str, change: Callable[[dict], dict]) -> None:
    """Change what C(change) returns for the web ACL there is; the call replaces everything, so the rest goes with it."""
    key = {"Scope": scope, "Name": name, "Id": web_acl_id}
    answer = client.get_web_acl(**key)
    writable = client.meta.service_model.operation_model("UpdateWebACL").input_shape.members
    kept = {field: value for field, value in answer["WebACL"].items() if field in writable and value not in ("", [])}
    client.update_web_acl(**{**kept, **change(answer["WebACL"]), **key, "LockToken": answer["LockToken"]})


@aws_call(
    "delete web ACL {name}",
    missing=NOT_THERE,
    eventual=STILL_ASSOCIATED + CHANGED_MEANWHILE + NOT_SEEN_YET,
    retries=A_FEW_MINUTES,
)
def delete_web_acl(client: Any, scope: str, name: str, web_acl_id: str) -> None:
    key = {"Scope": scope, "Name": name, "Id": web_acl_id}
    client.delete_web_acl(**key, LockToken=client.get_web_acl(**key)["LockToken"])


# Associations


@aws_call("list the load balancers of web ACL {arn}", missing=NOT_THERE, default=())
def list_resources_for_web_acl(client: Any, arn: str) -> List[str]:
    """The ARNs of the application load balancers."""
    answer = client.list_resources_for_web_acl(WebACLArn=arn, ResourceType="APPLICATION_LOAD_BALANCER")
    return answer.get("ResourceArns") or []


@aws_call("read the web ACL of {resource_arn}", missing=NOT_THERE, eventual=NOT_SEEN_YET)
def get_web_acl_for_resource(client: Any, resource_arn: str) -> Optional[dict]:
    """The web ACL; V(None) where there is none, or no such resource."""
    return client.get_web_acl_for_resource(ResourceArn=resource_arn).get("WebACL")


@aws_call("associate web ACL {arn} with {resource_arn}", eventual=NOT_SEEN_YET, retries=A_FEW_MINUTES)
def associate_web_acl(client: Any, arn: str, resource_arn: str) -> None:
    client.associate_web_acl(WebACLArn=arn, ResourceArn=resource_arn)


@aws_call("take the web ACL from {resource_arn}", missing=NOT_THERE)
def disassociate_web_acl(client: Any, resource_arn: str) -> None:
    client.disassociate_web_acl(ResourceArn=resource_arn)


# Logging


@aws_call("read the logging of web ACL {arn}", missing=NOT_THERE)
def get_logging_configuration(client: Any, arn: str) -> Optional[dict]:
    return client.get_logging_configuration(ResourceArn=arn)["LoggingConfiguration"]


@aws_call("set the logging of web ACL {ResourceArn}", eventual=NOT_THERE + LOGGING_NOT_READY + CHANGED_MEANWHILE)
def put_logging_configuration(client: Any, **configuration: Any) -> None:
    client.put_logging_configuration(LoggingConfiguration=configuration)


@aws_call("stop the logging of web ACL {arn}", missing=NOT_THERE, eventual=CHANGED_MEANWHILE)
def delete_logging_configuration(client: Any, arn: str) -> None:
    client.delete_logging_configuration(ResourceArn=arn)


# Tags


@aws_call("read the tags of {arn}", eventual=NOT_THERE)
def list_tags_for_resource(client: Any, arn: str) -> Dict[str, str]:
    answer = client.list_tags_for_resource(ResourceARN=arn, Limit=PAGE)  # a resource has 50 tags at most
    return boto3_tag_list_to_ansible_dict(answer["TagInfoForResource"]["TagList"])


@aws_call("tag {arn}", eventual=NOT_THERE)
def tag_resource(client: Any, arn: str, tags: Dict[str, str]) -> None:
    client.tag_resource(ResourceARN=arn, Tags=ansible_dict_to_boto3_tag_list(tags))


@aws_call("remove tags {keys} from {arn}", missing=NOT_THERE)
def untag_resource(client: Any, arn: str, keys: List[str]) -> None:
    client.untag_resource(ResourceARN=arn, TagKeys=keys)
