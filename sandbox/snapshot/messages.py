# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What passes messages on, and what runs for each: queues, buses, functions; and how requests are traced."""

CHANGING = ("CreatedTimestamp", "LastModifiedTimestamp")  # of queues, beside the numbers of messages
STATES = ("State", "StateReason", "StateReasonCode", "LastUpdateStatus", "StateTransitionReason")


def read_queues(view):
    """Queues, whatever is in them."""
    for url in view.all("list_queues", "QueueUrls"):
        queue = view.part("get_queue_attributes", "Attributes", QueueUrl=url, AttributeNames=["All"])
        for name in [name for name in queue if name.startswith("Approximate") or name in CHANGING]:
            del queue[name]
        queue["Tags"] = view.part("list_queue_tags", "Tags", QueueUrl=url) or {}
        view.add("sqs/queue", url.rpartition("/")[2], queue)


def read_events(view):
    """Buses with their rules, but for those that AWS's services put there; archives, connections, API destinations."""
    for bus in view.all("list_event_buses", "EventBuses"):
        name = bus["Name"]
        bus = view.get("describe_event_bus", Name=name)
        bus["Tags"] = view.client.list_tags_for_resource(ResourceARN=bus["Arn"])["Tags"]
        if name != "default" or bus.get("Policy") or view.defaults:
            view.add("events/bus", name, bus)
        _read_rules(view, name)
    for listed in view.all("list_archives", "Archives"):
        archive = view.get("describe_archive", ArchiveName=listed["ArchiveName"])
        archive.pop("EventCount", None)
        archive.pop("SizeBytes", None)
        view.add("events/archive", listed["ArchiveName"], archive)
    for listed in view.all("list_connections", "Connections"):
        connection = view.get("describe_connection", Name=listed["Name"])
        connection.pop("ConnectionState")
        view.add("events/connection", listed["Name"], connection)
    for destination in view.all("list_api_destinations", "ApiDestinations"):
        view.add("events/api-destination", destination["Name"], destination)


def _read_rules(view, bus):
    for rule in view.all("list_rules", "Rules", EventBusName=bus):
        if rule.get("ManagedBy") and not view.defaults:
            continue
        rule["Targets"] = view.all("list_targets_by_rule", "Targets", Rule=rule["Name"], EventBusName=bus)
        rule["Tags"] = view.client.list_tags_for_resource(ResourceARN=rule["Arn"])["Tags"]
        view.add("events/rule", rule["Name"] if bus == "default" else f"{bus}/{rule['Name']}", rule)


def read_functions(view):
    """Functions with all that is theirs, layers, and what calls functions."""
    for listed in view.all("list_functions", "Functions"):
        name = {"FunctionName": listed["FunctionName"]}
        function = view.get("get_function", **name)
        function["Versions"] = view.all("list_versions_by_function", "Versions", **name)
        for one in (function["Configuration"], *function["Versions"]):
            _without_states(one)
        function["Aliases"] = view.all("list_aliases", "Aliases", **name)
        function["Policy"] = view.part("get_policy", "Policy", **name)
        function["Urls"] = view.all("list_function_url_configs", "FunctionUrlConfigs", **name)
        function["Events"] = view.all("list_function_event_invoke_configs", "FunctionEventInvokeConfigs", **name)
        provisioned = view.all("list_provisioned_concurrency_configs", "ProvisionedConcurrencyConfigs", **name)
        wanted = "RequestedProvisionedConcurrentExecutions"
        function["Provisioned"] = {item["FunctionArn"]: item[wanted] for item in provisioned}
        view.add("lambda/function", listed["FunctionName"], function)
    for layer in view.all("list_layers", "Layers"):
        versions = view.all("list_layer_versions", "LayerVersions", LayerName=layer["LayerName"])
        view.add("lambda/layer", layer["LayerName"], {"Versions": versions})
    for mapping in view.all("list_event_source_mappings", "EventSourceMappings"):
        switched_off = mapping["State"] in ("Disabled", "Disabling")
        view.add(
            "lambda/event-source-mapping", mapping["UUID"], {**_without_states(mapping), "Enabled": not switched_off}
        )


def _without_states(description):
    for name in STATES:
        description.pop(name, None)
    return description


def read_tracing(view):
    """What X-Ray keeps beside traces, but for the group and the rules that it provides."""
    for group in view.all("get_groups", "Groups"):
        if group["GroupName"] != "Default" or view.defaults:
            group["Tags"] = view.part("list_tags_for_resource", "Tags", ResourceARN=group["GroupARN"]) or []
            view.add("xray/group", group["GroupName"], group)
    for record in view.all("get_sampling_rules", "SamplingRuleRecords"):
        rule = record["SamplingRule"]
        if rule["RuleName"] != "Default" or view.defaults or record["ModifiedAt"] != record["CreatedAt"]:
            view.add("xray/sampling-rule", rule["RuleName"], rule)
    for policy in view.all("list_resource_policies", "ResourcePolicies"):
        view.add("xray/resource-policy", policy["PolicyName"], policy)
    encryption = view.part("get_encryption_config", "EncryptionConfig")
    if encryption["Type"] != "NONE" or view.defaults:
        encryption.pop("Status")
        view.add("xray/encryption", "configuration", encryption)


READERS = {"events": read_events, "lambda": read_functions, "sqs": read_queues, "xray": read_tracing}
