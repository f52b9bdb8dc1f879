# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Resource Groups Tagging: one function per API call.

Source: U(https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/).
"""

from __future__ import annotations

from typing import Any, Dict

from ansible_collections.amazon.aws.plugins.module_utils.tagging import boto3_tag_list_to_ansible_dict

from ansible_collections.groundwork.aws.plugins.module_utils.errors import aws_call


@aws_call("find what is tagged {tags} among {resource_type}")
def get_resources(client: Any, resource_type: str, tags: Dict[str, str]) -> Dict[str, Dict[str, str]]:
    """The resources of a type that carry all these tags: their tags by ARN."""
    filters = [{"Key": key, "Values": [value]} for key, value in tags.items()]
    pages = client.get_paginator("get_resources").paginate(TagFilters=filters, ResourceTypeFilters=[resource_type])
    found = pages.build_full_result()["ResourceTagMappingList"]
    return {one["ResourceARN"]: boto3_tag_list_to_ansible_dict(one["Tags"]) for one in found}
