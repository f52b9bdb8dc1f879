# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""elbv2_listeners against moto: listeners with certificates and rules, drift, and what releases own."""

from __future__ import annotations

import pytest
from ansible_collections.groundwork.aws.plugins.module_utils import planned

MODULE = "elbv2_listeners"
TAGS = {"Platform": "dougust", "Environment": "test"}
OWNED = {**TAGS, "ManagedBy": "groundwork.aws", "Component": "load_balancer"}
REDIRECT = {"redirect": {"protocol": "HTTPS", "port": "443"}}
NOT_FOUND = {"fixed_response": {"status_code": 404}}
UNKNOWN = planned.arn("elasticloadbalancing", "us-east-1", "1" * 12, "loadbalancer/app/gone/0123456789abcdef")


@pytest.fixture
def elbv2(cloud):
    """The test's own client."""
    return cloud.client("elbv2")


@pytest.fixture
def balancer(cloud, elbv2, subnet_ids):
    """The ARN of a load balancer."""
    created = elbv2.create_load_balancer(Name="dougust-test", Subnets=subnet_ids[:2], Scheme="internal")
    return created["LoadBalancers"][0]["LoadBalancerArn"]


@pytest.fixture
def groups(elbv2, vpc_id):
    """The ARNs of three target groups by name."""
    return {
        name: elbv2.create_target_group(Name=name, Protocol="HTTP", Port=80, VpcId=vpc_id, TargetType="ip")[
            "TargetGroups"
        ][0]["TargetGroupArn"]
        for name in ("blue", "green", "foreign")
    }


@pytest.fixture
def certificates(cloud):
    """The ARNs of three certificates."""
    acm = cloud.client("acm")
    return [acm.request_certificate(DomainName=f"{name}.example.com")["CertificateArn"] for name in "abc"]


@pytest.fixture
def params(balancer, groups, certificates):
    """The module's parameters: HTTP that redirects, HTTPS with rules."""
    return {"load_balancer_arn": balancer, "listeners": [http(), https(groups, certificates)], "tags": TAGS}


def http(**change):
    return {"name": "http", "port": 80, "protocol": "HTTP", "default_action": REDIRECT, **change}


def https(groups, certificates, **change):
    weights = [{"arn": groups["blue"], "weight": 100}, {"arn": groups["green"], "weight": 0}]
    return {
        "name": "https",
        "port": 443,
        "protocol": "HTTPS",
        "certificate_arns": certificates[:2],
        "default_action": {"forward": {"target_groups": weights, "keep_weights": True}},
        "rules": [rule(10), rule(20, path_patterns=["/api/*"])],
        **change,
    }


def rule(priority, name=None, action=None, **conditions):
    wanted = conditions or {"host_headers": ["api.example.com"]}
    return {"name": name or f"r{priority}", "priority": priority, "conditions": wanted, "action": action or NOT_FOUND}


def with_https(params, **change):
    item = {**params["listeners"][1], **change}
    given = {key: value for key, value in item.items() if value is not None}
    return {**params, "listeners": [params["listeners"][0], given]}


def listener(elbv2, balancer, port=443):
    found = elbv2.describe_listeners(LoadBalancerArn=balancer)["Listeners"]
    return next((one for one in found if one["Port"] == port), None)


def rules(elbv2, balancer):
    arn = listener(elbv2, balancer)["ListenerArn"]
    found = elbv2.describe_rules(ListenerArn=arn)["Rules"]
    return {int(one["Priority"]): one for one in found if not one["IsDefault"]}


def forward(*weights, sticky=False):
    groups = [{"TargetGroupArn": arn, "Weight": weight} for arn, weight in weights]
    return [{"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}]


def test_the_whole_life(life_cycle, params, balancer, groups, certificates):
    found = life_cycle(MODULE, "listeners", **params)
    assert found["http"]["default_action"]["redirect"] == {
        "protocol": "HTTPS",
        "port": "443",
        "host": "#{host}",
        "path": "/#{path}",
        "query": "#{query}",
        "status_code": 301,
    }
    https = found["https"]
    assert https["arn"].startswith(balancer.replace(":loadbalancer/", ":listener/"))
    assert https["ssl_policy"] == "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
    assert (https["certificate_arn"], https["additional_certificate_arns"]) == (certificates[0], certificates[1:2])
    assert [one["priority"] for one in https["rules"]] == [10, 20]
    assert all(":listener-rule/app/" in one["arn"] for one in https["rules"])
    assert "rules" not in found["http"]


def test_it_asks_little(cloud, params):
    cloud.run(MODULE, **params)
    assert not cloud.run(MODULE, **params)["changed"]
    calls = ["DescribeListeners", "DescribeRules", "DescribeRules", "DescribeTags", "DescribeListenerCertificates"]
    assert cloud.operations == calls
    assert not cloud.run(MODULE, **{**params, "listeners": [http()]})["changed"]
    assert cloud.operations == ["DescribeListeners", "DescribeTags"]


def test_a_planned_load_balancer_is_not_asked_about(cloud, params):
    arn = planned.arn("elasticloadbalancing", "us-east-1", "1" * 12, f"loadbalancer/app/x/{planned.elb_id('x')}")
    result = cloud.run(MODULE, check_mode=True, **{**params, "load_balancer_arn": arn})
    assert cloud.calls == []
    assert [one["action"] for one in result["actions"]] == ["create", "create"]
    assert planned.is_planned(result["listeners"]["https"]["arn"])
    assert planned.is_planned([one["arn"] for one in result["listeners"]["https"]["rules"]])
    assert "planned id of a --check run" in cloud.run_failing(MODULE, **{**params, "load_balancer_arn": arn})["msg"]


def test_without_a_load_balancer(cloud, params):
    without = {**params, "load_balancer_arn": None}
    assert "load_balancer_arn is not known" in cloud.run_failing(MODULE, **without)["msg"]
    assert not cloud.run(MODULE, **without, state="absent", undeclared="delete")["changed"]
    found = cloud.run(MODULE, check_mode=True, **without, state="gathered")["listeners"]
    assert planned.is_planned(found["http"]["arn"])
    assert cloud.calls == []


def test_a_load_balancer_that_is_gone_has_no_listeners(cloud, params):
    gone = {**params, "load_balancer_arn": UNKNOWN, "tags": OWNED}
    assert not cloud.run(MODULE, **gone, state="absent", undeclared="delete")["changed"]
    assert cloud.operations == ["DescribeListeners"]


def test_a_killed_run_is_finished(cloud, params):
    cloud.fail("CreateRule", "TooManyRules", "as if killed", when=lambda call: call["Priority"] == 20)
    cloud.run_failing(MODULE, **params)
    cloud.heal()
    result = cloud.run(MODULE, **params)
    assert [(one["name"], one["fields"]) for one in result["actions"]] == [("https", ["rules"])]
    assert cloud.mutations == ["CreateRule"]
    assert not cloud.run(MODULE, **params)["changed"]


def test_names_and_tags_are_in_the_creating_calls(cloud, params):
    cloud.run(MODULE, **params)
    for operation in ("CreateListener", "CreateRule"):
        tags = {one["Key"]: one["Value"] for one in cloud.parameters(operation)[0]["Tags"]}
        assert (tags["Name"], tags["Platform"]) == (
            {"CreateListener": "http", "CreateRule": "r10"}[operation],
            "dougust",
        )


def test_fields_change_in_place(cloud, params, elbv2, balancer, certificates, groups):
    cloud.run(MODULE, **params)
    for change, fields, calls in [
        ({"ssl_policy": "ELBSecurityPolicy-TLS13-1-3-2021-06"}, ["ssl_policy"], ["ModifyListener"]),
        (
            {"default_action": {"forward": {"target_group_arn": groups["green"], "stickiness_seconds": 60}}},
            ["default_action"],
            ["ModifyListener"],
        ),
        ({"default_action": NOT_FOUND}, ["default_action"], ["ModifyListener"]),
        (
            {"certificate_arns": [certificates[0], certificates[2]]},
            ["additional_certificate_arns"],
            ["AddListenerCertificates", "RemoveListenerCertificates"],
        ),
        ({"tags": {"Tier": "edge"}}, ["rules", "tags"], ["AddTags", "AddTags", "AddTags"]),
        ({"port": 8443}, ["port"], ["ModifyListener"]),
    ]:
        params = with_https(params, **change)
        assert cloud.run(MODULE, check_mode=True, **params)["actions"][0]["fields"] == fields
        assert cloud.mutations == []
        assert cloud.run(MODULE, **params)["actions"][0]["fields"] == fields
        assert cloud.mutations == calls
        assert not cloud.run(MODULE, **params)["changed"]
    assert listener(elbv2, balancer, 8443)["SslPolicy"] == "ELBSecurityPolicy-TLS13-1-3-2021-06"
    assert listener(elbv2, balancer, 8443)["DefaultActions"][0]["Type"] == "fixed-response"
    cloud.run(MODULE, **with_https(params, tags=None))
    assert cloud.mutations == ["RemoveTags"] * 3


def test_another_default_certificate(cloud, params, elbv2, balancer, certificates):
    cloud.run(MODULE, **with_https(params, certificate_arns=certificates[:1]))
    cloud.run(MODULE, **with_https(params, certificate_arns=certificates[1:2]))
    assert cloud.parameters("ModifyListener")[0]["Certificates"] == [{"CertificateArn": certificates[1]}]
    assert listener(elbv2, balancer)["Certificates"][0]["CertificateArn"] == certificates[1]


def test_the_default_certificate_may_be_listed_twice_by_aws(cloud, params, certificates):
    cloud.run(MODULE, **params)
    described = [{"CertificateArn": one, "IsDefault": False} for one in certificates[:2]]
    described.append({"CertificateArn": certificates[0], "IsDefault": True})
    cloud.answer("DescribeListenerCertificates", lambda call: {"Certificates": described})
    assert not cloud.run(MODULE, **params)["changed"]


def test_http_becomes_https_in_one_call(cloud, params, groups, certificates):
    alone = {**params, "listeners": [http(name="web", default_action=NOT_FOUND)]}
    cloud.run(MODULE, **alone)
    secure = http(name="web", protocol="HTTPS", default_action=NOT_FOUND, certificate_arns=certificates[:1])
    result = cloud.run(MODULE, **{**alone, "listeners": [secure]})
    assert result["actions"][0]["fields"] == [
        "additional_certificate_arns",
        "certificate_arn",
        "protocol",
        "ssl_policy",
    ]
    assert cloud.mutations == ["ModifyListener"]
    assert cloud.parameters("ModifyListener")[0]["Certificates"] == [{"CertificateArn": certificates[0]}]
    assert not cloud.run(MODULE, **{**alone, "listeners": [secure]})["changed"]


def test_drift_by_hand_is_corrected(cloud, params, elbv2, balancer, certificates):
    cloud.run(MODULE, **params)
    http_arn, https_arn = (listener(elbv2, balancer, port)["ListenerArn"] for port in (80, 443))
    fixed = [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "503"}}]
    elbv2.modify_listener(ListenerArn=http_arn, DefaultActions=fixed)
    elbv2.modify_listener(ListenerArn=https_arn, SslPolicy="ELBSecurityPolicy-2016-08")
    elbv2.add_listener_certificates(ListenerArn=https_arn, Certificates=[{"CertificateArn": certificates[2]}])
    found = rules(elbv2, balancer)
    elbv2.modify_rule(RuleArn=found[10]["RuleArn"], Actions=fixed)
    elbv2.delete_rule(RuleArn=found[20]["RuleArn"])
    condition = [{"Field": "path-pattern", "PathPatternConfig": {"Values": ["/by-hand"]}}]
    elbv2.create_rule(ListenerArn=https_arn, Priority=30, Conditions=condition, Actions=fixed)
    result = cloud.run(MODULE, **params)
    assert {one["name"]: one["fields"] for one in result["actions"]} == {
        "http": ["default_action"],
        "https": ["additional_certificate_arns", "rules", "ssl_policy"],
    }
    assert [call for call in cloud.mutations if "Rule" in call] == ["DeleteRule", "ModifyRule", "CreateRule"]
    assert "Conditions" not in cloud.parameters("ModifyRule")[0]
    assert not cloud.run(MODULE, **params)["changed"]
    assert sorted(rules(elbv2, balancer)) == [10, 20]


def test_protocol_drift_is_corrected(cloud, params, elbv2, balancer):
    cloud.run(MODULE, **params)
    elbv2.modify_listener(ListenerArn=listener(elbv2, balancer)["ListenerArn"], Protocol="HTTP")
    assert "protocol" in cloud.run(MODULE, **params)["actions"][0]["fields"]
    assert listener(elbv2, balancer)["Protocol"] == "HTTPS"


@pytest.mark.parametrize("weights", [[("blue", 0), ("green", 100)], [("green", 1)], [("blue", 50), ("green", 50)]])
def test_weights_belong_to_releases(cloud, params, elbv2, balancer, groups, weights):
    own = {"forward": {**params["listeners"][1]["default_action"]["forward"], "stickiness_seconds": 60}}
    params = with_https(params, default_action=own, rules=[rule(10, action=own)])
    cloud.run(MODULE, **params)
    released = forward(*((groups[name], weight) for name, weight in weights))
    elbv2.modify_listener(ListenerArn=listener(elbv2, balancer)["ListenerArn"], DefaultActions=released)
    elbv2.modify_rule(RuleArn=rules(elbv2, balancer)[10]["RuleArn"], Actions=released)
    result = cloud.run(MODULE, **params)
    assert (result["changed"], cloud.mutations) == (False, [])
    shown = result["listeners"]["https"]["default_action"]["forward"]["target_groups"]
    assert shown == [{"arn": groups[name], "weight": weight} for name, weight in weights]
    moved = with_https(params, rules=[rule(10, action=own, path_patterns=["/new"])])
    cloud.run(MODULE, **moved)
    assert [sorted(call) for call in cloud.parameters("ModifyRule")] == [["Conditions", "RuleArn"]]


def test_a_foreign_target_group_leaves_and_the_live_colour_stays_live(cloud, params, elbv2, balancer, groups):
    cloud.run(MODULE, **params)
    arn = listener(elbv2, balancer)["ListenerArn"]
    elbv2.modify_listener(ListenerArn=arn, DefaultActions=forward((groups["green"], 7), (groups["foreign"], 1)))
    cloud.run(MODULE, **params)
    corrected = cloud.parameters("ModifyListener")[0]["DefaultActions"][0]["ForwardConfig"]["TargetGroups"]
    assert corrected == [
        {"TargetGroupArn": groups["blue"], "Weight": 0},
        {"TargetGroupArn": groups["green"], "Weight": 7},
    ]
    for by_hand in (
        forward((groups["foreign"], 1)),
        [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "503"}}],
    ):
        elbv2.modify_listener(ListenerArn=arn, DefaultActions=by_hand)
        cloud.run(MODULE, **params)
        sent = cloud.parameters("ModifyListener")[0]["DefaultActions"][0]["ForwardConfig"]["TargetGroups"]
        assert [one["Weight"] for one in sent] == [100, 0]


def test_weights_of_the_inventory_are_corrected(cloud, params, elbv2, balancer, groups):
    weights = [{"arn": groups["blue"], "weight": 100}, {"arn": groups["green"], "weight": 0}]
    params = with_https(params, default_action={"forward": {"target_groups": weights}})
    cloud.run(MODULE, **params)
    elbv2.modify_listener(
        ListenerArn=listener(elbv2, balancer)["ListenerArn"], DefaultActions=forward((groups["green"], 1))
    )
    assert cloud.run(MODULE, **params)["actions"][0]["fields"] == ["default_action"]


def test_rules_change_with_as_few_calls_as_possible(cloud, params, elbv2, balancer):
    cloud.run(MODULE, **params)
    for wanted, calls in [
        # One is renamed where it is.
        ([rule(10, name="r10"), rule(20, name="new", path_patterns=["/api/*"])], ["AddTags"]),
        # One leaves, and the other takes its place.
        ([rule(10, name="new", path_patterns=["/api/*"])], ["DeleteRule", "SetRulePriorities"]),
        # One moves away, and a new one takes its place.
        (
            [rule(5, name="new", path_patterns=["/api/*"]), rule(10, name="r10", http_methods=["GET"])],
            ["SetRulePriorities", "CreateRule"],
        ),
        ([], ["DeleteRule", "DeleteRule"]),
    ]:
        params = with_https(params, rules=wanted)
        assert cloud.run(MODULE, **params)["actions"][0]["fields"] == ["rules"]
        assert cloud.mutations == calls
        assert not cloud.run(MODULE, **params)["changed"]
        assert sorted(rules(elbv2, balancer)) == sorted(one["priority"] for one in wanted)


def test_rules_swap_their_priorities_in_one_call(cloud, params, elbv2, balancer):
    cloud.run(MODULE, **params)
    arns = {priority: one["RuleArn"] for priority, one in rules(elbv2, balancer).items()}
    # "as long as there are no priority conflicts in the new order", says AWS; moto refuses it.
    cloud.answer("SetRulePriorities", lambda call: {"Rules": []})
    cloud.run(
        MODULE, **with_https(params, rules=[rule(20, name="r10"), rule(10, name="r20", path_patterns=["/api/*"])])
    )
    assert cloud.mutations == ["SetRulePriorities"]
    assert cloud.parameters("SetRulePriorities")[0]["RulePriorities"] == [
        {"RuleArn": arns[20], "Priority": 10},
        {"RuleArn": arns[10], "Priority": 20},
    ]


def test_every_condition_is_read_back(cloud, params):
    conditions = [
        {"http_headers": [{"name": "User-Agent", "values": ["*bot*"]}, {"name": "X-A", "values": ["1"]}]},
        {"query_strings": [{"key": "version", "value": "v1"}, {"value": "*x*"}]},
        {"source_ips": ["10.0.0.0/16"], "http_methods": ["GET", "HEAD"], "path_patterns": ["/a", "/b"]},
    ]
    params = with_https(params, rules=[rule(number + 1, **one) for number, one in enumerate(conditions)])
    cloud.run(MODULE, **params)
    assert not cloud.run(MODULE, **params)["changed"]
    changed = with_https(params, rules=[rule(1, **conditions[2])])
    assert cloud.run(MODULE, **changed)["changed"]


def test_what_is_not_given_is_left_alone(cloud, params):
    cloud.run(MODULE, **params)
    bare = {"load_balancer_arn": params["load_balancer_arn"], "listeners": [{**params["listeners"][1], "rules": None}]}
    assert not cloud.run(MODULE, **bare)["changed"]


def test_the_name_follows_the_port(cloud, params, elbv2, balancer):
    cloud.run(MODULE, **params)
    renamed = {**params, "listeners": [http(name="plain"), params["listeners"][1]]}
    result = cloud.run(MODULE, **renamed)
    assert [(one["name"], one["fields"]) for one in result["actions"]] == [("plain", ["tags"])]
    assert cloud.mutations == ["AddTags"]
    assert not cloud.run(MODULE, **renamed, undeclared="delete")["changed"]


def test_somebody_elses_is_not_touched(cloud, params):
    cloud.run(MODULE, **{**params, "tags": {**TAGS, "Environment": "production"}})
    assert "listener http belongs to somebody else" in cloud.run_failing(MODULE, **params)["msg"]
    assert cloud.mutations == []


def test_undeclared_ones_of_this_load_balancer_leave(cloud, params, elbv2, balancer):
    params = {**params, "tags": OWNED}
    cloud.run(MODULE, **params)
    actions = [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}]
    elbv2.create_listener(LoadBalancerArn=balancer, Port=8080, Protocol="HTTP", DefaultActions=actions)
    only_https = {**params, "listeners": params["listeners"][1:]}
    assert [one["name"] for one in cloud.run(MODULE, **only_https, undeclared="report")["undeclared"]] == ["http"]
    assert cloud.mutations == []
    result = cloud.run(MODULE, **only_https, undeclared="delete")
    assert [(one["name"], one["action"]) for one in result["actions"]] == [("http", "delete")]
    assert not listener(elbv2, balancer, 80) and listener(elbv2, balancer, 8080)
    assert not cloud.run(MODULE, **{**only_https, "tags": TAGS}, undeclared="delete", purge_tags=False)["changed"]


def test_network_load_balancers_have_no_rules(cloud, elbv2, subnet_ids, vpc_id):
    arn = elbv2.create_load_balancer(Name="net", Subnets=subnet_ids, Type="network")["LoadBalancers"][0][
        "LoadBalancerArn"
    ]
    group = elbv2.create_target_group(Name="tcp", Protocol="TCP", Port=80, VpcId=vpc_id, TargetType="ip")
    to_group = {"forward": {"target_group_arn": group["TargetGroups"][0]["TargetGroupArn"]}}
    item = {"name": "tcp", "port": 80, "protocol": "TCP", "default_action": to_group, "rules": []}
    cloud.run(MODULE, load_balancer_arn=arn, listeners=[item])
    assert not cloud.run(MODULE, load_balancer_arn=arn, listeners=[item])["changed"]
    assert "DescribeRules" not in cloud.operations


@pytest.mark.parametrize(
    "change, message",
    [
        ({"port": None}, "is not complete. To fix:"),
        ({"port": 0}, "is not complete. To fix:"),
        ({"protocol": None}, "is not complete. To fix:"),
        ({"default_action": None}, "is not complete. To fix:"),
        ({"port": 80}, "Two listeners have the same port. To fix:"),
        ({"certificate_arns": []}, "listener https has no certificate, which HTTPS needs. To fix:"),
        ({"certificate_arns": ["a", "a"]}, "names a certificate twice. To fix:"),
        ({"protocol": "HTTP"}, "has certificates, which HTTP does not use. To fix:"),
        ({"protocol": "TLS"}, "has rules, which TLS does not know. To fix:"),
        ({"protocol": "TLS", "rules": None, "default_action": NOT_FOUND}, "has an action that TLS does not know."),
        ({"default_action": {"redirect": {}}}, "redirects to where it comes from. To fix:"),
        ({"default_action": {"redirect": {"protocol": "HTTP"}}}, "redirects from HTTPS to HTTP"),
        ({"default_action": {"redirect": {"port": "https"}}}, "redirects to port https. To fix:"),
        ({"default_action": {"redirect": {"path": "x"}}}, "has an impossible redirect. To fix:"),
        ({"default_action": {"fixed_response": {"status_code": 301}}}, "answers 301. To fix:"),
        (
            {"default_action": {"fixed_response": {"status_code": 200, "body": "x" * 1025}}},
            "answers with more than 1024 characters. To fix:",
        ),
        ({"default_action": {"forward": {"target_groups": []}}}, "forwards to 0 target groups. To fix:"),
        (
            {"default_action": {"forward": {"target_groups": [{"arn": "a"}] * 2}}},
            "forwards to 2 target groups. To fix:",
        ),
        (
            {"default_action": {"forward": {"target_groups": [{"arn": "a", "weight": 1000}]}}},
            "has an impossible weight. To fix:",
        ),
        (
            {"default_action": {"forward": {"target_group_arn": "a", "stickiness_seconds": 604801}}},
            "has impossible stickiness_seconds. To fix:",
        ),
        ({"default_action": {}}, "one of the following is required: redirect, fixed_response, forward"),
        ({"rules": [rule(1), rule(1, name="b")]}, "has two rules of the same priority. To fix:"),
        ({"rules": [rule(1, name="a"), rule(2, name="a")]}, "has two rules of the same name. To fix:"),
        ({"rules": [rule(0)]}, "listener https rule r0 has priority 0. To fix:"),
        ({"rules": [rule(1, path_patterns=[])]}, "has 0 values in its conditions. To fix:"),
        ({"rules": [rule(1, path_patterns=list("abcdef"))]}, "has 6 values in its conditions. To fix:"),
        ({"rules": [rule(1, path_patterns=["x" * 129])]}, "has a condition without text, or a long one. To fix:"),
        ({"rules": [rule(1, source_ips=["10.0.0.1"])]}, "has a source_ips that is no network. To fix:"),
        ({"rules": [rule(1, source_ips=["x/8"])]}, "has a source_ips that is no network. To fix:"),
        ({"rules": [rule(1, http_methods=["get"])]}, "has an impossible method. To fix:"),
        ({"rules": [rule(1, host_headers=["localhost"])]}, "has a host without a dot. To fix:"),
        ({"rules": [rule(1, http_headers=[{"name": "Host", "values": ["x"]}])]}, "has an impossible header. To fix:"),
        ({"rules": [rule(1, action={"redirect": {}})]}, "rule r1 redirects to where it comes from. To fix:"),
    ],
)
def test_impossible_wishes_are_refused_before_the_first_call(cloud, change, message):
    listeners = [http(), https({"blue": "arn:blue", "green": "arn:green"}, ["arn:a", "arn:b"])]
    params = {"load_balancer_arn": UNKNOWN, "listeners": listeners}
    assert message in cloud.run_failing(MODULE, **with_https(params, **change))["msg"]
    assert cloud.calls == []


def test_what_aws_does_not_know_yet_is_tried_again(cloud, params):
    cloud.fail("CreateListener", "CertificateNotFound", times=2)
    cloud.fail("AddTags", "ListenerNotFound", times=1)
    assert cloud.run(MODULE, **params)["changed"]


def test_a_failed_call_is_one_clear_message(cloud, params, balancer):
    cloud.fail("CreateListener", "TooManyListeners", "You have reached the maximum")
    message = f"Could not create a listener at port 80 of {balancer}: TooManyListeners: You have reached the maximum"
    assert message in cloud.run_failing(MODULE, **params)["msg"]
