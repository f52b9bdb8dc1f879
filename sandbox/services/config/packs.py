# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Conformance packs: rules from a template, which come and go with their time."""

import uuid

import yaml

from ... import delays
from ...errors import AwsError
from .. import answer, before
from ..governance import bucket_of, chosen, kept, now, page

KINDS = ("AWS::Config::ConfigRule", "AWS::Config::RemediationConfiguration")
MOST = 50  # https://docs.aws.amazon.com/config/latest/developerguide/configlimits.html
WRITTEN = ("ConformancePackName", "DeliveryS3Bucket", "DeliveryS3KeyPrefix", "ConformancePackInputParameters")
TEMPLATES = ("TemplateBody", "TemplateS3Uri", "TemplateSSMDocumentDetails")
WRONG, TOKEN = "InvalidParameterValueException", "InvalidNextTokenException"
BEGUN = ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS")


class _Loader(yaml.SafeLoader):
    """Knows the short forms of CloudFormation's functions, of which only the names matter here."""


_Loader.add_multi_constructor("!", lambda _loader, _suffix, node: node.value)


@before("config")
def settle(call):
    """What is in progress completes, and what is being deleted goes."""
    packs = kept(call, "packs")
    for name, pack in list(packs.items()):
        if not delays.is_past(pack["done_at"]):
            continue
        if pack["state"] == "DELETE_IN_PROGRESS":
            del packs[name]
        elif pack["state"].endswith("_IN_PROGRESS"):
            pack.update(state=pack["state"].replace("IN_PROGRESS", "COMPLETE"), completed=now())


@answer("config", "PutConformancePack")
def put_pack(call):
    """moto does not have it."""
    parameters, packs = call.parameters, kept(call, "packs")
    rules = _rules(_template(call))
    name = parameters["ConformancePackName"]
    before_it = packs.get(name)
    if before_it is None and len(packs) >= MOST:
        raise AwsError("MaxNumberOfConformancePacksExceededException", f"There are {MOST} conformance packs already.")
    if before_it and before_it["state"].endswith("_IN_PROGRESS"):
        raise AwsError("ResourceInUseException", f"The conformance pack {name} is being changed.")
    number = before_it["id"] if before_it else f"conformance-pack-{uuid.uuid4().hex[:9]}"
    packs[name] = {
        "written": chosen(parameters, *WRITTEN, "TemplateSSMDocumentDetails"),
        "id": number,
        "arn": f"arn:aws:config:{call.region}:{call.account}:conformance-pack/{name}/{number}",
        "rules": [f"{rule}-{number}" for rule in rules],
        "state": BEGUN[before_it is not None],
        "requested": now(),
        "done_at": delays.ready_at("conformance-pack-change"),
    }
    return {"ConformancePackArn": packs[name]["arn"]}


def _template(call):
    """The text of the one template that a call has, None for a document of Systems Manager."""
    parameters = call.parameters
    given = [name for name in TEMPLATES if parameters.get(name)]
    if len(given) != 1:
        raise AwsError(WRONG, f"You must specify exactly one of {', '.join(TEMPLATES)}.")
    if given == ["TemplateS3Uri"]:
        name, _, key = parameters["TemplateS3Uri"].removeprefix("s3://").partition("/")
        bucket = bucket_of(call, name)
        if bucket is None or key not in bucket.keys:
            raise AwsError(WRONG, f"The template {parameters['TemplateS3Uri']} cannot be read.")
        return bucket.keys[key].value.decode()
    return parameters.get("TemplateBody")


def _rules(text):
    """The names of the rules in a template."""
    if text is None:
        return []
    try:
        resources = yaml.load(text, _Loader)["Resources"]
        kinds = {resource["Type"] for resource in resources.values()}
        rules = [item["Properties"] for item in resources.values() if item["Type"] == KINDS[0]]
        names = [rule["ConfigRuleName"] for rule in rules]
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise _invalid("The template is no template of a conformance pack.") from error
    if not rules or not kinds <= set(KINDS):
        raise _invalid(f"The template has other resources than {', '.join(KINDS)}, or none.")
    return names


def _invalid(message):
    return AwsError("ConformancePackTemplateValidationException", message)


def _packs(call, strict):
    packs, wanted = kept(call, "packs"), call.parameters.get("ConformancePackNames")
    if strict:
        for name in wanted or ():
            _pack(call, name)
    return [pack for name, pack in packs.items() if not wanted or name in wanted]


def _pack(call, name):
    if name not in kept(call, "packs"):
        message = f"Cannot find conformance pack with specified name '{name}'."
        raise AwsError("NoSuchConformancePackException", message)
    return kept(call, "packs")[name]


def _names(pack):
    own = {"ConformancePackArn": pack["arn"], "ConformancePackId": pack["id"]}
    return {**chosen(pack["written"], "ConformancePackName"), **own}


@answer("config", "DescribeConformancePacks")
def describe_packs(call):
    """moto does not have it."""
    found = [
        {**pack["written"], **_names(pack), "LastUpdateRequestedTime": pack["requested"]} for pack in _packs(call, True)
    ]
    return page(call, "ConformancePackDetails", found, 20, size="Limit", refusal=TOKEN)


@answer("config", "DescribeConformancePackStatus")
def pack_status(call):
    """moto does not have it."""
    found = []
    for pack in _packs(call, False):
        status = {"ConformancePackState": pack["state"], "LastUpdateRequestedTime": pack["requested"]}
        completed = {"LastUpdateCompletedTime": pack["completed"]} if "completed" in pack else {}
        found.append({**_names(pack), **status, **completed})
    return page(call, "ConformancePackStatusDetails", found, 20, size="Limit", refusal=TOKEN)


@answer("config", "DescribeConformancePackCompliance")
def pack_compliance(call):
    """moto does not have it. Nothing here evaluates, so nothing is known."""
    name = call.parameters["ConformancePackName"]
    found = [{"ConfigRuleName": rule, "ComplianceType": "INSUFFICIENT_DATA"} for rule in _pack(call, name)["rules"]]
    listed = page(call, "ConformancePackRuleComplianceList", found, 100, size="Limit", refusal=TOKEN)
    return {"ConformancePackName": name, **listed}


@answer("config", "DeleteConformancePack")
def delete_pack(call):
    """moto does not have it."""
    name = call.parameters["ConformancePackName"]
    pack = _pack(call, name)
    if pack["state"].endswith("_IN_PROGRESS"):
        raise AwsError("ResourceInUseException", f"The conformance pack {name} is being changed.")
    pack.update(state="DELETE_IN_PROGRESS", done_at=delays.ready_at("conformance-pack-change"))
    return {}
