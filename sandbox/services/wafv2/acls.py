# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Web ACLs: read as they were written, checked, locked, and associated with what there is."""

import re
import uuid

from moto.backends import get_backend
from moto.wafv2.models import FakeWebACL
from moto.wafv2.utils import make_arn_for_wacl

from ...errors import AwsError
from .. import after, answer, backend, check, correct
from .rules import check_response, check_rules, filled, invalid, missing

KEPT = (
    "Name", "DefaultAction", "VisibilityConfig", "DataProtectionConfig", "CustomResponseBodies", "CaptchaConfig",
    "ChallengeConfig", "TokenDomains", "AssociationConfig", "OnSourceDDoSProtectionConfig", "ApplicationConfig",
)  # fmt: skip
BALANCER = re.compile(r"arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:\d{12}:loadbalancer/app/[^/]+/[^/]+")
OTHERS = re.compile(r"arn:aws[a-z-]*:(apigateway|appsync|cognito-idp|apprunner|ec2|amplify):.+")
DESTINATION = re.compile(
    r"arn:aws[a-z-]*:(?P<service>logs|s3|firehose):(?P<region>[a-z0-9-]*):\d{0,12}:"
    r"(log-group:|deliverystream/)?(?P<name>aws-waf-logs-[^:/]+)(:\*)?"
)
REDACTED = {"Method", "QueryString", "SingleHeader", "UriPath"}


def state_of(call, scope=None):
    """moto's state of a scope; CloudFront's lives in one region only."""
    scope = scope or call.parameters.get("Scope") or "REGIONAL"
    if scope == "CLOUDFRONT" and call.region != "us-east-1":
        raise invalid("The scope is not valid.", "SCOPE_VALUE", "CLOUDFRONT")
    return get_backend("wafv2")[call.account]["aws" if scope == "CLOUDFRONT" else call.region]


def _state_of(call, arn):
    return state_of(call, "CLOUDFRONT" if ":global/" in arn else "REGIONAL")


def _acl(call, arn):
    """A web ACL of either scope, or None."""
    return _state_of(call, arn).wacls.get(arn)


@answer("wafv2", "CreateWebACL")
def create_acl(call):
    """moto checks nothing and drops parts of rules."""
    state, parameters = state_of(call), call.parameters
    written = _wanted(call, state)
    if any(acl.name == parameters["Name"] for acl in state.wacls.values()):
        raise duplicate()
    number = str(uuid.uuid4())
    scope = parameters["Scope"]
    arn = make_arn_for_wacl(
        name=parameters["Name"], account_id=call.account, region_name=call.region, _id=number, scope=scope
    )
    acl = state.wacls[arn] = FakeWebACL(
        name=parameters["Name"],
        account=call.account,
        arn=arn,
        wacl_id=number,
        visibility_config=parameters["VisibilityConfig"],
        default_action=parameters["DefaultAction"],
        description=parameters.get("Description"),
        rules=None,
    )
    acl.sandbox_written = written
    state.tag_resource(arn, parameters.get("Tags") or [])
    return {"Summary": acl.to_short_dict()}


@answer("wafv2", "UpdateWebACL")
def update_acl(call):
    """What is not given is taken away."""
    state = state_of(call)
    written = _wanted(call, state)
    acl = _locked(call, state)
    acl.description = call.parameters.get("Description") or ""
    acl.sandbox_written = written
    acl.lock_token = str(uuid.uuid4())
    return {"NextLockToken": acl.lock_token}


def _wanted(call, state):
    """What an ACL is to be; an error for what cannot be."""
    parameters = call.parameters
    if len([action for action in parameters["DefaultAction"].values() if action is not None]) != 1:
        raise invalid("Exactly one default action is needed", "DEFAULT_ACTION")
    bodies = parameters.get("CustomResponseBodies") or {}
    check_response(parameters["DefaultAction"], bodies)
    capacity = check_rules(parameters.get("Rules") or [], bodies, lambda arn: find(state, arn))
    kept = {name: parameters[name] for name in KEPT if parameters.get(name)}
    return {**kept, "Rules": filled(parameters.get("Rules") or []), "Capacity": capacity}


def find(state, arn):
    """A set or a group of rules by its ARN, or None."""
    kept = (state.ip_sets, state.rule_groups, state.regex_pattern_sets)
    return next((items[arn] for items in kept if arn in items), None)


def _locked(call, state):
    """The ACL of a call that shows the token of its last change."""
    acl = _named(call, state)
    check_lock(call, acl)
    return acl


def check_lock(call, item):
    """Refuse a change of something that somebody has changed meanwhile."""
    if item.lock_token != call.parameters["LockToken"]:
        message = (
            "AWS WAF couldn’t save your changes because someone changed the resource after you started to edit it. "
            "Reapply your changes."
        )
        raise AwsError("WAFOptimisticLockException", message, 400)


def _named(call, state):
    parameters = call.parameters
    for acl in state.wacls.values():
        if (acl.name, acl.id) == (parameters.get("Name"), parameters.get("Id")):
            return acl
    raise missing()


@answer("wafv2", "GetWebACL")
def get_acl(call):
    """Everything that was written."""
    arn = call.parameters.get("ARN")
    acl = _acl(call, arn) if arn else _named(call, state_of(call))
    if acl is None:
        raise missing()
    return {"WebACL": _view(acl), "LockToken": acl.lock_token}


def _view(acl):
    own = {"ARN": acl.arn, "Id": acl.id, "Description": acl.description, "LabelNamespace": acl.label_namespace}
    return {**acl.sandbox_written, **own, "ManagedByFirewallManager": False, "RetrofittedByFirewallManager": False}


@check("wafv2", "DeleteWebACL")
def refuse_associated(call):
    """An ACL stays while something is behind it."""
    state = state_of(call)
    acl = _locked(call, state)
    if _resources(call, acl):
        raise associated()
    call.sandbox_arn = acl.arn


@after("wafv2", "DeleteWebACL")
def forget_acl(call):
    """Its logging and its tags go with an ACL."""
    state_of(call).tagging_service.delete_all_tags_for_resource(call.sandbox_arn)
    backend(call).logging_configurations.pop(call.sandbox_arn, None)


@check("wafv2", "ListTagsForResource", "TagResource", "UntagResource")
def require_tagged(call):
    """moto keeps tags of what is not there."""
    arn = call.parameters["ResourceARN"]
    if _acl(call, arn) is None and find(_state_of(call, arn), arn) is None:
        raise missing()


# --- associations --------------------------------------------------------------------------------------------------


@answer("wafv2", "AssociateWebACL")
def associate(call):
    """One ACL a resource: another one takes its place. moto asks nobody whether the resource exists."""
    acl, resource = _acl(call, call.parameters["WebACLArn"]), call.parameters["ResourceArn"]
    if acl is None:
        raise missing()
    if ":global/" in acl.arn:
        raise invalid("Web ACLs of CloudFront are associated by CloudFront", "RESOURCE_ARN", resource)
    _require_resource(call, resource)
    for other in state_of(call).wacls.values():
        other.associated_resources = [arn for arn in other.associated_resources if arn != resource]
    acl.associated_resources.append(resource)
    return {}


@check("wafv2", "DisassociateWebACL")
def require_resource(call):
    """Only what exists can be taken from behind an ACL."""
    _require_resource(call, call.parameters["ResourceArn"])


@answer("wafv2", "GetWebACLForResource")
def acl_of_resource(call):
    """The whole ACL, or nothing."""
    resource = call.parameters["ResourceArn"]
    _require_resource(call, resource)
    acls = [acl for acl in state_of(call).wacls.values() if resource in acl.associated_resources]
    return {"WebACL": _view(acls[0])} if acls else {}


@answer("wafv2", "ListResourcesForWebACL")
def list_resources(call):
    """moto does not have it. Without a type, load balancers are meant."""
    acl = _acl(call, call.parameters["WebACLArn"])
    if acl is None:
        raise missing()
    is_balancer = (call.parameters.get("ResourceType") or "APPLICATION_LOAD_BALANCER") == "APPLICATION_LOAD_BALANCER"
    return {"ResourceArns": [arn for arn in _resources(call, acl) if bool(BALANCER.fullmatch(arn)) == is_balancer]}


def _resources(call, acl):
    """What is behind an ACL; what was deleted meanwhile is not."""
    return [arn for arn in acl.associated_resources if not BALANCER.fullmatch(arn) or arn in _balancers(call)]


def _balancers(call):
    return get_backend("elbv2")[call.account][call.region].load_balancers


def _require_resource(call, arn):
    if BALANCER.fullmatch(arn):
        if arn not in _balancers(call):
            raise missing()
    elif not OTHERS.fullmatch(arn):
        raise invalid("The ARN isn't valid. A valid ARN begins with arn: and is of a protectable resource",
                      "RESOURCE_ARN", arn)  # fmt: skip


# --- logging -------------------------------------------------------------------------------------------------------


@check("wafv2", "PutLoggingConfiguration")
def check_logging(call):
    """One destination, of the right name, that exists."""
    wanted = call.parameters["LoggingConfiguration"]
    if _acl(call, wanted["ResourceArn"]) is None:
        raise missing()
    if len(wanted["LogDestinationConfigs"]) != 1:
        raise invalid("One logging destination is allowed", "LOG_DESTINATION")
    destination = wanted["LogDestinationConfigs"][0]
    match = DESTINATION.fullmatch(destination)
    if match is None or match["region"] not in ("", call.region):
        reason = "The ARN isn't valid. A valid ARN begins with arn: and the name with aws-waf-logs-"
        raise invalid(reason, "LOG_DESTINATION", destination)
    if not _destination_exists(call, match["service"], match["name"]):
        raise missing()
    for field in wanted.get("RedactedFields") or []:
        if not set(field) <= REDACTED:
            raise invalid("The field cannot be redacted", "FIELD_TO_MATCH", ", ".join(field))


def _destination_exists(call, service, name):
    if service == "logs":
        return name in get_backend("logs")[call.account][call.region].groups
    if service == "s3":
        return name in get_backend("s3")[call.account]["aws"].buckets
    return name in get_backend("firehose")[call.account][call.region].delivery_streams


@after("wafv2", "PutLoggingConfiguration")
def keep_logging(call):
    """moto drops the type and the scope."""
    wanted = {name: value for name, value in call.parameters["LoggingConfiguration"].items() if value is not None}
    wanted["LogDestinationConfigs"] = [arn.removesuffix(":*") for arn in wanted["LogDestinationConfigs"]]
    kept = backend(call).logging_configurations[wanted["ResourceArn"]]
    defaults = {"ManagedByFirewallManager": False, "LogType": "WAF_LOGS", "LogScope": "CUSTOMER"}
    kept.sandbox_written = {**defaults, **wanted}


@correct("wafv2", "GetLoggingConfiguration", "PutLoggingConfiguration")
def answer_logging(call, parsed):
    """Everything that was written."""
    arn = parsed["LoggingConfiguration"]["ResourceArn"]
    parsed["LoggingConfiguration"] = backend(call).logging_configurations[arn].sandbox_written


@correct("wafv2", "ListLoggingConfigurations")
def list_logging(call, parsed):
    """The same in lists."""
    kept = backend(call).logging_configurations
    views = [kept[view["ResourceArn"]].sandbox_written for view in parsed["LoggingConfigurations"]]
    parsed["LoggingConfigurations"] = views


def duplicate():
    """WAF's error for what is there already."""
    message = (
        "AWS WAF could not perform the operation because some resource in your request is a duplicate "
        "of an existing one."
    )
    return AwsError("WAFDuplicateItemException", message, 400)


def associated():
    """WAF's error for what is in use."""
    message = (
        "AWS WAF couldn’t perform the operation because your resource is being used by another resource "
        "or it’s associated with another resource."
    )
    return AwsError("WAFAssociatedItemException", message, 400)
