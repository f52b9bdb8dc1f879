# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Elastic Load Balancing v2: one function per API call.

Source: U(https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/).
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from ansible_collections.amazon.aws.plugins.module_utils.tagging import (
    ansible_dict_to_boto3_tag_list,
    boto3_tag_list_to_ansible_dict,
)

from ansible_collections.groundwork.aws.plugins.module_utils.errors import aws_call

LOAD_BALANCER_UNKNOWN = ("LoadBalancerNotFound",)
TARGET_GROUP_UNKNOWN = ("TargetGroupNotFound",)
LISTENER_UNKNOWN = ("ListenerNotFound",)
RULE_UNKNOWN = ("RuleNotFound",)
ANY_UNKNOWN = LOAD_BALANCER_UNKNOWN + TARGET_GROUP_UNKNOWN + LISTENER_UNKNOWN + RULE_UNKNOWN
# Networks, certificates and buckets' policies of a moment ago, which load balancing does not see yet.
NETWORK_UNKNOWN = (
    "SubnetNotFound",
    "InvalidSecurityGroup",
    "InvalidConfigurationRequest: One or more security groups are invalid",
)
VPC_UNKNOWN = ("ValidationError: The VPC ID",)
BUCKET_CLOSED = ("InvalidConfigurationRequest: Access Denied for bucket",)
CERTIFICATE_UNKNOWN = ("CertificateNotFound", "UnsupportedCertificate")
# What a listener forwards to is in use for a moment after the listener is gone.
STILL_USED = ("ResourceInUse",)
TAGS_IN_ONE_CALL = 20


def _pages(client: Any, operation: str, key: str, **params: Any) -> List[dict]:
    return client.get_paginator(operation).paginate(**params).build_full_result()[key]


def _attributes(described: List[dict]) -> Dict[str, str]:
    return {one["Key"]: one["Value"] for one in described}


def _as_list(attributes: Dict[str, str]) -> List[dict]:
    return [{"Key": key, "Value": value} for key, value in attributes.items()]


def _tagged(tags: Dict[str, str]) -> Dict[str, List[dict]]:
    # AWS refuses an empty list.
    return {"Tags": ansible_dict_to_boto3_tag_list(tags)} if tags else {}


# Load balancers


@aws_call("read load balancers {names}", missing=LOAD_BALANCER_UNKNOWN)
def describe_load_balancers(client: Any, names: List[str]) -> Optional[List[dict]]:
    """The load balancers; V(None) where one of them does not exist."""
    return _pages(client, "describe_load_balancers", "LoadBalancers", Names=names)


@aws_call("create load balancer {Name}", eventual=NETWORK_UNKNOWN)
def create_load_balancer(client: Any, tags: Dict[str, str], **params: Any) -> dict:
    return client.create_load_balancer(**params, **_tagged(tags))["LoadBalancers"][0]


@aws_call("put load balancer {arn} into subnets {subnet_ids}", eventual=NETWORK_UNKNOWN)
def set_subnets(client: Any, arn: str, subnet_ids: List[str]) -> None:
    client.set_subnets(LoadBalancerArn=arn, Subnets=subnet_ids)


@aws_call("give load balancer {arn} the security groups {security_group_ids}", eventual=NETWORK_UNKNOWN)
def set_security_groups(client: Any, arn: str, security_group_ids: List[str]) -> None:
    client.set_security_groups(LoadBalancerArn=arn, SecurityGroups=security_group_ids)


@aws_call("change the addresses of load balancer {arn} to {ip_address_type}")
def set_ip_address_type(client: Any, arn: str, ip_address_type: str) -> None:
    client.set_ip_address_type(LoadBalancerArn=arn, IpAddressType=ip_address_type)


@aws_call("read the attributes of load balancer {arn}", eventual=LOAD_BALANCER_UNKNOWN)
def describe_load_balancer_attributes(client: Any, arn: str) -> Dict[str, str]:
    return _attributes(client.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"])


@aws_call("set attributes {attributes} of load balancer {arn}", eventual=LOAD_BALANCER_UNKNOWN + BUCKET_CLOSED)
def modify_load_balancer_attributes(client: Any, arn: str, attributes: Dict[str, str]) -> None:
    client.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=_as_list(attributes))


@aws_call("delete load balancer {arn}", missing=LOAD_BALANCER_UNKNOWN)
def delete_load_balancer(client: Any, arn: str) -> None:
    client.delete_load_balancer(LoadBalancerArn=arn)


# Target groups


@aws_call("read target groups {names}", missing=TARGET_GROUP_UNKNOWN)
def describe_target_groups(client: Any, names: List[str]) -> Optional[List[dict]]:
    """The target groups; V(None) where one of them does not exist."""
    return _pages(client, "describe_target_groups", "TargetGroups", Names=names)


@aws_call("create target group {Name}", eventual=VPC_UNKNOWN)
def create_target_group(client: Any, tags: Dict[str, str], **params: Any) -> dict:
    return client.create_target_group(**params, **_tagged(tags))["TargetGroups"][0]


@aws_call("change the health check of target group {TargetGroupArn}", eventual=TARGET_GROUP_UNKNOWN)
def modify_target_group(client: Any, **params: Any) -> None:
    client.modify_target_group(**params)


@aws_call("read the attributes of target group {arn}", eventual=TARGET_GROUP_UNKNOWN)
def describe_target_group_attributes(client: Any, arn: str) -> Dict[str, str]:
    return _attributes(client.describe_target_group_attributes(TargetGroupArn=arn)["Attributes"])


@aws_call("set attributes {attributes} of target group {arn}", eventual=TARGET_GROUP_UNKNOWN)
def modify_target_group_attributes(client: Any, arn: str, attributes: Dict[str, str]) -> None:
    client.modify_target_group_attributes(TargetGroupArn=arn, Attributes=_as_list(attributes))


@aws_call("read the health of the targets of {arn}")
def describe_target_health(client: Any, arn: str) -> List[dict]:
    return client.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]


@aws_call("delete target group {arn}", missing=TARGET_GROUP_UNKNOWN, eventual=STILL_USED)
def delete_target_group(client: Any, arn: str) -> None:
    client.delete_target_group(TargetGroupArn=arn)


# Listeners


@aws_call("read the listeners of {load_balancer_arn}", missing=LOAD_BALANCER_UNKNOWN, default=())
def describe_listeners(client: Any, load_balancer_arn: str) -> List[dict]:
    return _pages(client, "describe_listeners", "Listeners", LoadBalancerArn=load_balancer_arn)


@aws_call(
    "create a listener at port {Port} of {LoadBalancerArn}",
    eventual=LOAD_BALANCER_UNKNOWN + TARGET_GROUP_UNKNOWN + CERTIFICATE_UNKNOWN,
)
def create_listener(client: Any, tags: Dict[str, str], **params: Any) -> dict:
    return client.create_listener(**params, **_tagged(tags))["Listeners"][0]


@aws_call("change listener {ListenerArn}", eventual=TARGET_GROUP_UNKNOWN + CERTIFICATE_UNKNOWN)
def modify_listener(client: Any, **params: Any) -> None:
    client.modify_listener(**params)


@aws_call("delete listener {arn}", missing=LISTENER_UNKNOWN)
def delete_listener(client: Any, arn: str) -> None:
    client.delete_listener(ListenerArn=arn)


@aws_call("read the certificates of listener {arn}", eventual=LISTENER_UNKNOWN)
def describe_listener_certificates(client: Any, arn: str) -> List[str]:
    """The ARNs of the certificates beside the default one."""
    described = _pages(client, "describe_listener_certificates", "Certificates", ListenerArn=arn)
    return [one["CertificateArn"] for one in described if not one.get("IsDefault")]


@aws_call("add certificates {certificate_arns} to listener {arn}", eventual=LISTENER_UNKNOWN + CERTIFICATE_UNKNOWN)
def add_listener_certificates(client: Any, arn: str, certificate_arns: List[str]) -> None:
    certificates = [{"CertificateArn": one} for one in certificate_arns]
    client.add_listener_certificates(ListenerArn=arn, Certificates=certificates)


@aws_call("remove certificates {certificate_arns} from listener {arn}")
def remove_listener_certificates(client: Any, arn: str, certificate_arns: List[str]) -> None:
    certificates = [{"CertificateArn": one} for one in certificate_arns]
    client.remove_listener_certificates(ListenerArn=arn, Certificates=certificates)


# Rules


@aws_call("read the rules of listener {listener_arn}", missing=LISTENER_UNKNOWN, default=())
def describe_rules(client: Any, listener_arn: str) -> List[dict]:
    """The rules, without the default one: that is the listener's default action."""
    described = _pages(client, "describe_rules", "Rules", ListenerArn=listener_arn)
    return [rule for rule in described if not rule["IsDefault"]]


@aws_call("create the rule with priority {Priority} of {ListenerArn}", eventual=LISTENER_UNKNOWN + TARGET_GROUP_UNKNOWN)
def create_rule(client: Any, tags: Dict[str, str], **params: Any) -> str:
    """The ARN of the new rule."""
    return client.create_rule(**params, **_tagged(tags))["Rules"][0]["RuleArn"]


@aws_call("change rule {RuleArn}", eventual=TARGET_GROUP_UNKNOWN)
def modify_rule(client: Any, **params: Any) -> None:
    client.modify_rule(**params)


@aws_call("give rules the priorities {priorities}")
def set_rule_priorities(client: Any, priorities: Dict[str, int]) -> None:
    """Set priorities by the ARN of the rule; rules may swap theirs in one call."""
    pairs = [{"RuleArn": arn, "Priority": priority} for arn, priority in priorities.items()]
    client.set_rule_priorities(RulePriorities=pairs)


@aws_call("delete rule {arn}", missing=RULE_UNKNOWN)
def delete_rule(client: Any, arn: str) -> None:
    client.delete_rule(RuleArn=arn)


# Tags


@aws_call("read the tags of {arns}", eventual=ANY_UNKNOWN)
def _describe_tags(client: Any, arns: List[str]) -> List[dict]:
    return client.describe_tags(ResourceArns=arns)["TagDescriptions"]


def describe_tags(client: Any, arns: List[str]) -> Dict[str, Dict[str, str]]:
    """The tags of resources of any kind by ARN, in one call for every 20."""
    parts = [arns[start : start + TAGS_IN_ONE_CALL] for start in range(0, len(arns), TAGS_IN_ONE_CALL)]
    described = [one for part in parts for one in _describe_tags(client, part)]
    return {one["ResourceArn"]: boto3_tag_list_to_ansible_dict(one["Tags"]) for one in described}


@aws_call("tag {arn}", eventual=ANY_UNKNOWN)
def add_tags(client: Any, arn: str, tags: Dict[str, str]) -> None:
    client.add_tags(ResourceArns=[arn], **_tagged(tags))


@aws_call("remove tags {keys} from {arn}", missing=ANY_UNKNOWN)
def remove_tags(client: Any, arn: str, keys: List[str]) -> None:
    client.remove_tags(ResourceArns=[arn], TagKeys=keys)
