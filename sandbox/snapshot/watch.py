# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What keeps watch over the account: threats, findings, configurations, and who did what."""


def read_detectors(view):
    """GuardDuty, of which a region has one detector."""
    for number in view.all("list_detectors", "DetectorIds"):
        of = {"DetectorId": number}
        view.add("guardduty/detector", number, view.get("get_detector", **of))
        for name in view.all("list_filters", "FilterNames", **of):
            view.add("guardduty/filter", name, view.get("get_filter", **of, FilterName=name))
        for one in view.all("list_ip_sets", "IpSetIds", **of):
            view.add("guardduty/ip-set", one, view.get("get_ip_set", **of, IpSetId=one))
        for one in view.all("list_threat_intel_sets", "ThreatIntelSetIds", **of):
            view.add("guardduty/threat-intel-set", one, view.get("get_threat_intel_set", **of, ThreatIntelSetId=one))
        for listed in view.all("list_publishing_destinations", "Destinations", **of):
            one = listed["DestinationId"]
            destination = view.get("describe_publishing_destination", **of, DestinationId=one)
            view.add("guardduty/publishing-destination", one, destination)


def read_hub(view):
    """Security Hub with its standards and integrations, if it is enabled."""
    hub = view.get("describe_hub")
    if hub is None:
        return
    hub["Tags"] = view.part("list_tags_for_resource", "Tags", ResourceArn=hub["HubArn"])
    hub["Products"] = view.all("list_enabled_products_for_import", "ProductSubscriptions")
    view.add("securityhub/hub", "hub", hub)
    for standard in view.all("get_enabled_standards", "StandardsSubscriptions"):
        arn = standard["StandardsArn"]
        shown = {name: standard.get(name) for name in ("StandardsArn", "StandardsInput", "StandardsSubscriptionArn")}
        view.add("securityhub/standard", arn.partition(":standards/")[2] or arn.rpartition(":ruleset/")[2], shown)
    for target in view.all("describe_action_targets", "ActionTargets"):
        view.add("securityhub/action-target", target["ActionTargetArn"].rpartition("/")[2], target)
    for insight in view.all("get_insights", "Insights"):
        view.add("securityhub/insight", insight["InsightArn"].rpartition("/")[2], insight)
    for listed in view.all("list_finding_aggregators", "FindingAggregators"):
        arn = listed["FindingAggregatorArn"]
        aggregator = view.get("get_finding_aggregator", FindingAggregatorArn=arn)
        view.add("securityhub/finding-aggregator", arn.rpartition("/")[2], aggregator)


def read_scans(view):
    """What Inspector scans, and what it suppresses."""
    for account in view.client.batch_get_account_status()["accounts"]:
        states = {kind: state["status"] for kind, state in account["resourceState"].items()}
        if set(states.values()) != {"DISABLED"}:
            view.add("inspector2/account", account["accountId"], states)
    for item in view.all("list_filters", "filters"):
        view.add("inspector2/filter", item["name"], item)


def read_configurations(view):
    """AWS Config: what records, where to, and what is held against rules."""
    recording = view.all("describe_configuration_recorder_status", "ConfigurationRecordersStatus")
    recording = {status["name"]: status["recording"] for status in recording}
    for recorder in view.all("describe_configuration_recorders", "ConfigurationRecorders"):
        recorder["Recording"] = recording.get(recorder["name"])
        view.add("config/recorder", recorder["name"], recorder)
    for channel in view.all("describe_delivery_channels", "DeliveryChannels"):
        view.add("config/delivery-channel", channel["name"], channel)
    for rule in view.all("describe_config_rules", "ConfigRules"):
        name = rule["ConfigRuleName"]
        rule["Tags"] = view.all("list_tags_for_resource", "Tags", ResourceArn=rule["ConfigRuleArn"])
        remedies = view.all("describe_remediation_configurations", "RemediationConfigurations", ConfigRuleNames=[name])
        rule["Remediations"] = remedies
        view.add("config/rule", name, rule)
    for pack in view.all("describe_conformance_packs", "ConformancePackDetails"):
        view.add("config/conformance-pack", pack["ConformancePackName"], pack)
    for aggregator in view.all("describe_configuration_aggregators", "ConfigurationAggregators"):
        view.add("config/aggregator", aggregator["ConfigurationAggregatorName"], aggregator)
    for listed in view.all("list_stored_queries", "StoredQueryMetadata"):
        query = view.part("get_stored_query", "StoredQuery", QueryName=listed["QueryName"])
        view.add("config/stored-query", listed["QueryName"], query)


def read_trails(view):
    """Trails where they are at home; other regions only show them."""
    for trail in view.all("describe_trails", "trailList", includeShadowTrails=False):
        arn = trail["TrailARN"]
        trail["Logging"] = view.part("get_trail_status", "IsLogging", Name=arn)
        trail["Selectors"] = view.get("get_event_selectors", TrailName=arn)
        if trail.get("HasInsightSelectors"):
            trail["Insights"] = view.part("get_insight_selectors", "InsightSelectors", TrailName=arn)
        tagged = view.all("list_tags", "ResourceTagList", ResourceIdList=[arn])
        trail["Tags"] = [tag for item in tagged for tag in item["TagsList"]]
        view.add("cloudtrail/trail", trail["Name"], trail)


READERS = {
    "cloudtrail": read_trails,
    "config": read_configurations,
    "guardduty": read_detectors,
    "inspector2": read_scans,
    "securityhub": read_hub,
}
