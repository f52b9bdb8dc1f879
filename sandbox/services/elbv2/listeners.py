# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Listeners and rules: what they need, and what AWS fills in."""

from moto.backends import get_backend
from moto.elbv2.ssl_policies import SSL_POLICIES

from .. import after, backend, check, correct
from .shared import all_rules, find_balancer, find_group, find_listener, forwarded, invalid, refused
from .trust_stores import mutual_authentication

CHANGES = (
    "CreateListener", "ModifyListener", "DeleteListener", "CreateRule", "ModifyRule", "DeleteRule",
)  # fmt: skip
TERMINAL = ("forward", "redirect", "fixed-response")
REDIRECT = {"Protocol": "#{protocol}", "Port": "#{port}", "Host": "#{host}", "Path": "/#{path}", "Query": "#{query}"}
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
MOST_VALUES, MOST_WEIGHT = 5, 999
CONFIGS = {"host-header": "HostHeaderConfig", "path-pattern": "PathPatternConfig"}


@check("elbv2", "CreateListener")
def check_new_listener(call):
    """moto takes any certificate and any port."""
    parameters, balancer = call.parameters, find_balancer(call)
    _check_port(balancer, parameters.get("Port"), None)
    _check_security(call, parameters.get("Protocol"), parameters.get("Certificates") or [])
    _check_actions(call, balancer, parameters["DefaultActions"])


@check("elbv2", "ModifyListener")
def check_listener(call):
    """As a new one; what is left out stays."""
    parameters = call.parameters
    balancer, listener = find_listener(call, parameters["ListenerArn"])
    _check_port(balancer, parameters.get("Port"), listener)
    certificates = parameters.get("Certificates") or []
    if not certificates and listener.certificate:
        certificates = [{"CertificateArn": listener.certificate}]
    protocol = parameters.get("Protocol") or listener.protocol
    _check_security(call, protocol, certificates if protocol == "HTTPS" else parameters.get("Certificates") or [])
    if parameters.get("DefaultActions"):
        _check_actions(call, balancer, parameters["DefaultActions"])


def _check_port(balancer, port, itself):
    for listener in balancer.listeners.values():
        if listener is not itself and port is not None and int(listener.port) == int(port):
            raise refused("DuplicateListener", "A listener already exists on this port for this load balancer")


def _check_security(call, protocol, certificates):
    policy = call.parameters.get("SslPolicy")
    if policy and policy not in SSL_POLICIES:
        raise refused("SSLPolicyNotFound", f"SSL policy '{policy}' not found")
    if protocol not in ("HTTPS", "TLS"):
        if certificates or policy:
            raise invalid(f"Certificates and SSL policies cannot be specified for {protocol} listeners")
        return
    if len(certificates) != 1:
        raise invalid(f"A single certificate must be specified for {protocol} listeners")
    _check_certificate(call, certificates[0]["CertificateArn"])


def _check_certificate(call, arn):
    if not backend(call)._certificate_exists(arn):
        raise refused("CertificateNotFound", f"Certificate ARN '{arn}' is not valid")
    if ":acm:" not in arn:
        return
    certificate = get_backend("acm")[call.account][call.region].get_certificate(arn)
    if certificate.status != "ISSUED":
        message = (
            f"The certificate '{arn}' must have a fully-qualified domain name, a supported signature, "
            "and a supported key size."
        )
        raise refused("UnsupportedCertificate", message)


@check("elbv2", "AddListenerCertificates")
def check_more_certificates(call):
    """As for the first certificate."""
    for item in call.parameters["Certificates"]:
        _check_certificate(call, item["CertificateArn"])


def _check_actions(call, balancer, actions):
    last = sorted(actions, key=lambda action: action.get("Order") or 0)[-1]
    if sum(action["Type"] in TERMINAL for action in actions) != 1 or last["Type"] not in TERMINAL:
        raise refused("InvalidLoadBalancerAction", "The actions must end with exactly one that answers the request")
    for action in actions:
        _check_action(action)
    for arn in forwarded(actions):
        group = find_group(call, arn)
        if group.vpc_id != balancer.vpc_id:
            message = f"The target group '{arn}' and the load balancer must be in the same VPC"
            raise refused("InvalidConfigurationRequest", message)
        if (group.protocol in ("HTTP", "HTTPS")) != (balancer.type == "application"):
            message = f"The protocol of the target group '{arn}' is not supported by the load balancer's type"
            raise refused("IncompatibleProtocols", message)
        if set(group.load_balancer_arns) - {balancer.arn}:
            message = f"The following target groups cannot be associated with more than one load balancer: {arn}"
            raise refused("TargetGroupAssociationLimit", message)


def _check_action(action):
    """A redirect leads elsewhere, and weights are in range."""
    if action["Type"] == "redirect" and all(
        (action.get("RedirectConfig") or {}).get(name, usual) == usual for name, usual in REDIRECT.items()
    ):
        message = "The redirect configuration is not valid because it creates a loop."
        raise refused("InvalidLoadBalancerAction", message)
    for group in (action.get("ForwardConfig") or {}).get("TargetGroups") or []:
        if not 0 <= int(group.get("Weight") or 0) <= MOST_WEIGHT:
            raise invalid(f"Target group weight '{group['Weight']}' must be between 0 and {MOST_WEIGHT} inclusive")


@check("elbv2", "CreateRule", "ModifyRule")
def check_conditions(call):
    """Five values altogether."""
    count = sum(
        len((condition.get(name) or {}).get("Values") or [])
        for condition in call.parameters.get("Conditions") or []
        for name in condition
        if name.endswith("Config")
    )
    if count > MOST_VALUES:
        raise invalid(f"A rule can only have '{MOST_VALUES}' condition values")


@check("elbv2", "CreateRule")
def check_new_rule(call):
    """moto takes any priority, and target groups of anyone."""
    parameters = call.parameters
    balancer, _listener = find_listener(call, parameters["ListenerArn"])
    if not 1 <= int(parameters["Priority"]) <= 50000:
        raise invalid(f"Priority '{parameters['Priority']}' must be between 1 and 50000 inclusive")
    _check_actions(call, balancer, parameters["Actions"])


@check("elbv2", "ModifyRule")
def check_rule(call):
    """As a new one."""
    found = [balancer for balancer, rule in all_rules(backend(call)) if rule.arn == call.parameters["RuleArn"]]
    if not found:
        raise refused("RuleNotFound", "One or more rules not found")
    if call.parameters.get("Actions"):
        _check_actions(call, found[0], call.parameters["Actions"])


@check("elbv2", "DeleteRule")
def check_deleted_rule(call):
    """moto takes any ARN, also that of a default rule."""
    found = [rule for _balancer, rule in all_rules(backend(call)) if rule.arn == call.parameters["RuleArn"]]
    if not found:
        raise refused("RuleNotFound", "One or more rules not found")
    if found[0].is_default:
        raise refused("OperationNotPermitted", f"Default rule '{found[0].arn}' cannot be deleted")


@after("elbv2", *CHANGES)
def associate(call):
    """Say of each target group where it is used, and fill in what a caller left out."""
    state, used = backend(call), {}
    for balancer, rule in all_rules(state):
        for action in rule.actions:
            _fill_in(action)
        rule.conditions = [_condition(item) for item in rule.conditions]
        for arn in forwarded([action.data for action in rule.actions]):
            used.setdefault(arn, set()).add(balancer.arn)
    for arn, group in state.target_groups.items():
        group.load_balancer_arns = sorted(used.get(arn, ()))


def _fill_in(action):
    data = action.data
    if action.type == "forward":
        config = dict(data.get("ForwardConfig") or {})
        groups = config.get("TargetGroups") or [{"TargetGroupArn": data["TargetGroupArn"]}]
        config["TargetGroups"] = [{"Weight": 1, **group} for group in groups]
        config["TargetGroupStickinessConfig"] = {"Enabled": False, **(config.get("TargetGroupStickinessConfig") or {})}
        data["ForwardConfig"] = config
        if len(groups) == 1:
            data["TargetGroupArn"] = groups[0]["TargetGroupArn"]
    elif action.type == "redirect":
        data["RedirectConfig"] = {**REDIRECT, **data["RedirectConfig"]}
    action.__dict__.update(data)  # where moto's serializer looks


def _condition(given):
    config = CONFIGS.get(given.get("Field"))
    if config is None:
        return given
    values = (given.get(config) or {}).get("Values") or given.get("Values") or []
    return {**given, "Values": values, config: {**(given.get(config) or {}), "Values": values}}


@correct("elbv2", "CreateListener", "ModifyListener", "DescribeListeners", "CreateRule", "ModifyRule")
def show(call, parsed):
    """What was filled in shows at once, and only secure listeners have a policy."""
    rules = {rule.arn: rule for _balancer, rule in all_rules(backend(call))}
    for view in parsed.get("Rules", []):
        rule = rules[view["RuleArn"]]
        view.update(Actions=[action.data for action in rule.actions], Conditions=rule.conditions)
    for view in parsed.get("Listeners", []):
        _balancer, listener = find_listener(call, view["ListenerArn"])
        view["DefaultActions"] = [action.data for action in listener.default_actions]
        if listener.protocol in ("HTTPS", "TLS"):
            view["MutualAuthentication"] = mutual_authentication(listener)
        else:
            view.pop("SslPolicy", None)
            view.pop("Certificates", None)
