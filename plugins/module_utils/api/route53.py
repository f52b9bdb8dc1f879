# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Route 53: one function per API call (U(https://docs.aws.amazon.com/Route53/latest/APIReference/))."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from ansible_collections.amazon.aws.plugins.module_utils.tagging import (
    ansible_dict_to_boto3_tag_list,
    boto3_tag_list_to_ansible_dict,
)

from ansible_collections.groundwork.aws.plugins.module_utils.errors import aws_call

ZONE_UNKNOWN = ("NoSuchHostedZone",)
REFERENCE_USED = ("HostedZoneAlreadyExists",)
MOST_TAGS_A_CALL = 10
MOST_ZONES_A_CALL = 10


# Hosted zones


@aws_call("find hosted zone {name}")
def list_hosted_zones_by_name(client: Any, name: str) -> List[dict]:
    """The first hundred zones from this name on."""
    return client.list_hosted_zones_by_name(DNSName=name, MaxItems="100")["HostedZones"]


@aws_call("read hosted zone {zone_id}", missing=ZONE_UNKNOWN)
def get_hosted_zone(client: Any, zone_id: str) -> Optional[dict]:
    return client.get_hosted_zone(Id=zone_id)


@aws_call("create hosted zone {Name}", missing=REFERENCE_USED)
def create_hosted_zone(client: Any, **params: Any) -> Optional[dict]:
    """The zone with its name servers; V(None) where the caller reference was used before."""
    return client.create_hosted_zone(**params)


@aws_call("change the comment of hosted zone {zone_id}")
def update_hosted_zone_comment(client: Any, zone_id: str, comment: str) -> None:
    client.update_hosted_zone_comment(Id=zone_id, Comment=comment)


@aws_call("delete hosted zone {name}", missing=ZONE_UNKNOWN)
def delete_hosted_zone(client: Any, name: str, zone_id: str) -> None:
    client.delete_hosted_zone(Id=zone_id)


# Tags


@aws_call("read the tags of hosted zones {zone_ids}")
def list_tags_for_resources(client: Any, zone_ids: List[str]) -> Dict[str, Dict[str, str]]:
    """The tags by zone."""
    found: List[dict] = []
    for start in range(0, len(zone_ids), MOST_ZONES_A_CALL):
        part = zone_ids[start : start + MOST_ZONES_A_CALL]
        found += client.list_tags_for_resources(ResourceType="hostedzone", ResourceIds=part)["ResourceTagSets"]
    return {one["ResourceId"]: boto3_tag_list_to_ansible_dict(one["Tags"]) for one in found}


@aws_call("tag hosted zone {zone_id}")
def add_tags(client: Any, zone_id: str, tags: Dict[str, str]) -> None:
    listed = ansible_dict_to_boto3_tag_list(tags)
    for start in range(0, len(listed), MOST_TAGS_A_CALL):
        part = listed[start : start + MOST_TAGS_A_CALL]
        client.change_tags_for_resource(ResourceType="hostedzone", ResourceId=zone_id, AddTags=part)


@aws_call("remove tags {keys} from hosted zone {zone_id}")
def remove_tags(client: Any, zone_id: str, keys: List[str]) -> None:
    for start in range(0, len(keys), MOST_TAGS_A_CALL):
        part = keys[start : start + MOST_TAGS_A_CALL]
        client.change_tags_for_resource(ResourceType="hostedzone", ResourceId=zone_id, RemoveTagKeys=part)


# Records


@aws_call("read record {name} of hosted zone {zone_id}", missing=ZONE_UNKNOWN, default=[])
def list_resource_record_sets(client: Any, zone_id: str, name: str, record_type: str) -> List[dict]:
    """The first record set from this name and type on: that one, if it exists."""
    answer = client.list_resource_record_sets(
        HostedZoneId=zone_id, StartRecordName=name, StartRecordType=record_type, MaxItems="1"
    )
    return answer["ResourceRecordSets"]


@aws_call("change {count} records of hosted zone {zone_id}")
def change_resource_record_sets(client: Any, zone_id: str, count: int, changes: List[dict]) -> str:
    """The id of the change; Route 53 carries out all of them or none."""
    answer = client.change_resource_record_sets(HostedZoneId=zone_id, ChangeBatch={"Changes": changes})
    return answer["ChangeInfo"]["Id"]
