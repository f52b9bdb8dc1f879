# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a listener or a rule does with a request: as an item says it, as AWS has it. Pure functions.

In between, an action is a dictionary with one of C(redirect), C(fixed_response) and C(forward), with what AWS fills in.
"""

from __future__ import annotations

import re
from typing import Any, Dict, List, Optional

Action = Dict[str, Any]

# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
MOST_TARGET_GROUPS = 5
MOST_WEIGHT = 999
LONGEST_STICKINESS = 604800
# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RedirectActionConfig.html
REDIRECT = {
    "protocol": ("Protocol", "#{protocol}"),
    "port": ("Port", "#{port}"),
    "host": ("Host", "#{host}"),
    "path": ("Path", "/#{path}"),
    "query": ("Query", "#{query}"),
}
CONTENT_TYPES = ["text/plain", "text/css", "text/html", "application/javascript", "application/json"]
LONGEST_BODY = 1024

ARGUMENTS = {
    "type": "dict",
    "mutually_exclusive": [("redirect", "fixed_response", "forward")],
    "required_one_of": [("redirect", "fixed_response", "forward")],
    "options": {
        "redirect": {
            "type": "dict",
            "options": {
                "protocol": {"type": "str", "choices": ["HTTP", "HTTPS", "#{protocol}"], "default": "#{protocol}"},
                "port": {"type": "str", "default": "#{port}"},
                "host": {"type": "str", "default": "#{host}"},
                "path": {"type": "str", "default": "/#{path}"},
                "query": {"type": "str", "default": "#{query}"},
                "status_code": {"type": "int", "choices": [301, 302], "default": 301},
            },
        },
        "fixed_response": {
            "type": "dict",
            "options": {
                "status_code": {"type": "int", "required": True},
                "content_type": {"type": "str", "choices": CONTENT_TYPES, "default": "text/plain"},
                "body": {"type": "str", "default": ""},
            },
        },
        "forward": {
            "type": "dict",
            "mutually_exclusive": [("target_group_arn", "target_groups")],
            "required_one_of": [("target_group_arn", "target_groups")],
            "options": {
                "target_group_arn": {"type": "str"},
                "target_groups": {
                    "type": "list",
                    "elements": "dict",
                    "options": {"arn": {"type": "str", "required": True}, "weight": {"type": "int", "default": 1}},
                },
                "stickiness_seconds": {"type": "int", "default": 0},
                "keep_weights": {"type": "bool", "default": False},
            },
        },
    },
}


def flaw(given: Dict[str, Any], protocol: str) -> str:
    """What is wrong with an item's action at a listener of a protocol; empty when nothing is."""
    if protocol not in ("HTTP", "HTTPS") and not given.get("forward"):
        return f"has an action that {protocol} does not know. To fix: forward"
    if given.get("redirect"):
        return _redirect_flaw(given["redirect"], protocol)
    if given.get("fixed_response"):
        return _fixed_response_flaw(given["fixed_response"])
    return _forward_flaw(given["forward"])


def _redirect_flaw(redirect: Dict[str, Any], protocol: str) -> str:
    parts = ("protocol", "port", "host", "path")
    if all(redirect[part] == REDIRECT[part][1] for part in parts):
        return "redirects to where it comes from. To fix: change its protocol, port, host or path"
    if protocol == "HTTPS" and redirect["protocol"] == "HTTP":
        return "redirects from HTTPS to HTTP, which AWS does not do. To fix: another protocol"
    if not re.fullmatch(r"#\{port\}|\d{1,5}", redirect["port"]):
        return f"redirects to port {redirect['port']}. To fix: 1 to 65535, or #{{port}}"
    if not redirect["path"].startswith("/") or any(len(redirect[part]) > 128 for part in REDIRECT):
        return "has an impossible redirect. To fix: a path that begins with /, and at most 128 characters a part"
    return ""


def _fixed_response_flaw(response: Dict[str, Any]) -> str:
    if not re.fullmatch(r"[245]\d\d", str(response["status_code"])):
        return f"answers {response['status_code']}. To fix: a status code of 2xx, 4xx or 5xx"
    if len(response["body"]) > LONGEST_BODY:
        return f"answers with more than {LONGEST_BODY} characters. To fix: a shorter body"
    return ""


def _forward_flaw(forward: Dict[str, Any]) -> str:
    groups = _groups(forward)
    arns = [group["arn"] for group in groups]
    if not 1 <= len(set(arns)) == len(arns) <= MOST_TARGET_GROUPS:
        return f"forwards to {len(arns)} target groups. To fix: 1 to {MOST_TARGET_GROUPS}, each once"
    if any(not 0 <= group["weight"] <= MOST_WEIGHT for group in groups):
        return f"has an impossible weight. To fix: 0 to {MOST_WEIGHT}"
    if not 0 <= forward["stickiness_seconds"] <= LONGEST_STICKINESS:
        return f"has impossible stickiness_seconds. To fix: 1 to {LONGEST_STICKINESS}, or 0 for none"
    return ""


def _groups(forward: Dict[str, Any]) -> List[Dict[str, Any]]:
    if forward["target_group_arn"]:
        return [{"arn": forward["target_group_arn"], "weight": 1}]
    return [{"arn": group["arn"], "weight": group["weight"]} for group in forward["target_groups"] or []]


def wanted(given: Dict[str, Any], live: Optional[Action]) -> Action:
    """The action that an item asks for, where releases own the weights: with the weights there are."""
    forward = given.get("forward")
    if not forward:
        kind = "redirect" if given.get("redirect") else "fixed_response"
        return {kind: given[kind]}
    action = {
        "forward": {"target_groups": _groups(forward), "stickiness_seconds": forward["stickiness_seconds"]},
    }
    return _with_live_weights(action, live) if forward["keep_weights"] else action


def _with_live_weights(action: Action, live: Optional[Action]) -> Action:
    """The action after a release: whatever it made of the target groups stays, and foreign ones leave."""
    now = (live or {}).get("forward", {}).get("target_groups", [])
    weights = {group["arn"]: group["weight"] for group in now}
    known = [group["arn"] for group in action["forward"]["target_groups"]]
    if weights and live and set(weights) <= set(known):
        return live
    if not any(weights.get(arn) for arn in known):
        return action
    groups = [{"arn": arn, "weight": weights.get(arn, 0)} for arn in known]
    return {"forward": {**action["forward"], "target_groups": groups}}


def from_aws(described: List[dict]) -> Action:
    """The action that AWS has; one that no item can ask for has the key C(other)."""
    if len(described) != 1:
        return {"other": [one["Type"] for one in described]}
    action = described[0]
    if action["Type"] == "redirect":
        config = action["RedirectConfig"]
        parts = {part: config.get(key, default) for part, (key, default) in REDIRECT.items()}
        return {"redirect": {**parts, "status_code": int(config["StatusCode"].removeprefix("HTTP_"))}}
    if action["Type"] == "fixed-response":
        config = action["FixedResponseConfig"]
        content_type, body = config.get("ContentType") or CONTENT_TYPES[0], config.get("MessageBody") or ""
        return {
            "fixed_response": {"status_code": int(config["StatusCode"]), "content_type": content_type, "body": body}
        }
    return _forward_from_aws(action) if action["Type"] == "forward" else {"other": [action["Type"]]}


def _forward_from_aws(action: dict) -> Action:
    config = action.get("ForwardConfig") or {"TargetGroups": [{"TargetGroupArn": action["TargetGroupArn"]}]}
    sticky = config.get("TargetGroupStickinessConfig") or {}
    return {
        "forward": {
            "target_groups": [
                {"arn": group["TargetGroupArn"], "weight": group.get("Weight", 1)} for group in config["TargetGroups"]
            ],
            "stickiness_seconds": sticky.get("DurationSeconds", 0) if sticky.get("Enabled") else 0,
        }
    }


def to_aws(action: Action) -> List[dict]:
    """The parameter of the API for an action."""
    if "redirect" in action:
        redirect = action["redirect"]
        config = {key: redirect[part] for part, (key, _default) in REDIRECT.items()}
        return [{"Type": "redirect", "RedirectConfig": {**config, "StatusCode": f"HTTP_{redirect['status_code']}"}}]
    if "fixed_response" in action:
        response = action["fixed_response"]
        config = {"StatusCode": str(response["status_code"]), "ContentType": response["content_type"]}
        return [{"Type": "fixed-response", "FixedResponseConfig": {**config, "MessageBody": response["body"]}}]
    forward = action["forward"]
    groups = [{"TargetGroupArn": group["arn"], "Weight": group["weight"]} for group in forward["target_groups"]]
    if [group["Weight"] for group in groups] == [1] and not forward["stickiness_seconds"]:
        # The only form that network load balancers have always known.
        return [{"Type": "forward", "TargetGroupArn": groups[0]["TargetGroupArn"]}]
    sticky: Dict[str, Any] = {"Enabled": bool(forward["stickiness_seconds"])}
    if forward["stickiness_seconds"]:
        sticky["DurationSeconds"] = forward["stickiness_seconds"]
    return [{"Type": "forward", "ForwardConfig": {"TargetGroups": groups, "TargetGroupStickinessConfig": sticky}}]
