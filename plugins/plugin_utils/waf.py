# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From the variables of the waf role to the items of its modules. Pure functions."""

from __future__ import annotations

from typing import Any, Dict, List

from ansible_collections.groundwork.aws.plugins.plugin_utils.names import resource_name, shortened

# U(https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateWebACL.html),
# U(https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html).
ACL_LIMIT = 128
LOG_GROUP_LIMIT = 512
LOGS_PREFIX = "aws-waf-logs"
# Cookies and credentials have no place in a log.
REDACTED = ["authorization", "cookie"]


def log_group_name(prefix: str) -> str:
    """The log group; WAF delivers to no other name."""
    return resource_name(LOGS_PREFIX, prefix, LOG_GROUP_LIMIT)


def web_acl_items(wanted: Dict[str, Any], prefix: str, place: Dict[str, str]) -> List[dict]:
    """The item of wafv2_web_acls, as a list: the rate first, then AWS's groups.

    :param wanted: C(resource_arns), C(rate_limit), C(evaluation_window_seconds), C(managed_groups), C(count_rules).
    :param place: C(account_id), C(region) and C(partition) of the log group.
    """
    rate = {
        "name": "rate",
        "priority": 0,
        "rate_limit": wanted["rate_limit"],
        "evaluation_window_seconds": wanted["evaluation_window_seconds"],
        "action": "block",
    }
    groups = [
        {
            "name": group,
            "priority": number,
            "managed_group": group,
            **({"count_rules": wanted["count_rules"][group]} if wanted["count_rules"].get(group) else {}),
        }
        for number, group in enumerate(wanted["managed_groups"], start=1)
    ]
    group_arn = f"arn:{place['partition']}:logs:{place['region']}:{place['account_id']}:log-group"
    return [
        {
            "name": shortened(prefix, ACL_LIMIT),
            "description": f"Requests to {prefix}",
            "default_action": "allow",
            "rules": ([rate] if wanted["rate_limit"] else []) + groups,
            "associated_arns": [arn for arn in wanted["resource_arns"] if arn],
            "logging": {
                "destination_arn": f"{group_arn}:{log_group_name(prefix)}",
                "redacted_headers": REDACTED,
            },
        }
    ]
