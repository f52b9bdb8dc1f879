# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS Systems Manager refuses."""

import json

from tests.unit.sandbox.rule import Rule

API = "https://docs.aws.amazon.com/systems-manager/latest/APIReference"
GUIDE = "https://docs.aws.amazon.com/systems-manager/latest/userguide"
TIERS = f"{GUIDE}/parameter-store-advanced-parameters.html"
NAMES = f"{GUIDE}/sysman-paramstore-su-create.html"
PUT = f"{API}/API_PutParameter.html"
STRING = {"Value": "a", "Type": "String"}


def _parameter(world, name="/app/host", **more):
    world.ssm.put_parameter(Name=name, **{**STRING, **more})


def _document(world):
    world.ssm.create_document(Name="install", Content=_content("one"), DocumentType="Command", DocumentFormat="JSON")


def _content(command):
    step = {"action": "aws:runShellScript", "name": "run", "inputs": {"runCommand": [command]}}
    return json.dumps({"schemaVersion": "2.2", "description": "d", "mainSteps": [step]})


def _instances(world):
    image = world.ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    made = world.ec2.run_instances(ImageId=image, MinCount=2, MaxCount=2, SubnetId=world.subnets()[0])["Instances"]
    stopped, running = (one["InstanceId"] for one in made)
    world.ec2.stop_instances(InstanceIds=[stopped])
    return stopped, running


def _put(says, refused, accepted, code="ValidationException", page=PUT, given=lambda world: None):
    """A rule of PutParameter."""
    return Rule(
        says=says, page=page, operation="put_parameter", code=code, given=given, refused=refused, accepted=accepted
    )  # fmt: skip


SERVICE = "ssm"
RULES = [
    _put(
        "a parameter's name is taken unless it is overwritten",
        {"Name": "/app/host", **STRING},
        {"Name": "/app/host", **STRING, "Overwrite": True},
        code="ParameterAlreadyExists",
        given=_parameter,
    ),
    _put(
        "a parameter's name with levels begins with a slash",
        {"Name": "app/host", **STRING},
        {"Name": "/app/host", **STRING},
        page=NAMES,
    ),
    _put(
        "a parameter's name has no spaces",
        {"Name": "/app/the host", **STRING},
        {"Name": "/app/the_host", **STRING},
        page=NAMES,
    ),
    _put(
        "a parameter's name has at most 15 levels",
        {"Name": "/a" * 16, **STRING},
        {"Name": "/a" * 15, **STRING},
        code="HierarchyLevelLimitExceededException",
        page=NAMES,
    ),
    _put(
        "a parameter's name does not begin with ssm",
        {"Name": "ssm-host", **STRING},
        {"Name": "host-ssm", **STRING},
        page=NAMES,
    ),
    _put(
        "the names of AWS's parameters are AWS's",
        {"Name": "/aws/service/host", **STRING},
        {"Name": "/service/aws/host", **STRING},
        code="AccessDeniedException",
        page=NAMES,
    ),
    _put("a new parameter has a type", {"Name": "/app/host", "Value": "a"}, {"Name": "/app/host", **STRING}),
    _put(
        "a standard parameter holds 4096 characters",
        {"Name": "/app/host", "Type": "String", "Value": "a" * 4097},
        {"Name": "/app/host", "Type": "String", "Value": "a" * 4096},
        page=TIERS,
    ),
    _put(
        "an advanced parameter holds 8192 characters",
        {"Name": "/app/host", "Type": "String", "Value": "a" * 8193, "Tier": "Advanced"},
        {"Name": "/app/host", "Type": "String", "Value": "a" * 8192, "Tier": "Advanced"},
        page=TIERS,
    ),
    _put(
        "an advanced parameter does not become a standard one",
        {"Name": "/app/host", **STRING, "Tier": "Standard", "Overwrite": True},
        {"Name": "/app/host", **STRING, "Tier": "Advanced", "Overwrite": True},
        page=TIERS,
        given=lambda world: _parameter(world, Tier="Advanced"),
    ),
    _put(
        "a parameter that is overwritten gets its tags elsewhere",
        {"Name": "/app/host", **STRING, "Overwrite": True, "Tags": [{"Key": "a", "Value": "b"}]},
        {"Name": "/app/host", **STRING, "Tags": [{"Key": "a", "Value": "b"}]},
    ),
    _put(
        "a value is one that its pattern allows",
        {"Name": "/app/port", "Type": "String", "Value": "http", "AllowedPattern": r"^\d+$"},
        {"Name": "/app/port", "Type": "String", "Value": "80", "AllowedPattern": r"^\d+$"},
        code="ParameterPatternMismatchException",
    ),
    _put(
        "a pattern is a regular expression",
        {"Name": "/app/port", "Type": "String", "Value": "80", "AllowedPattern": "(80"},
        {"Name": "/app/port", "Type": "String", "Value": "80", "AllowedPattern": "(80)"},
        code="InvalidAllowedPatternException",
    ),
    _put(
        "the key of a parameter exists",
        {"Name": "/app/token", "Type": "SecureString", "Value": "a", "KeyId": "alias/nowhere"},
        {"Name": "/app/token", "Type": "SecureString", "Value": "a", "KeyId": "alias/data"},
        code="InvalidKeyId",
        given=lambda world: world.kms.create_alias(
            AliasName="alias/data", TargetKeyId=world.kms.create_key()["KeyMetadata"]["KeyId"]
        ),
    ),
    _put(
        "a parameter that is not encrypted has no key",
        {"Name": "/app/token", "Type": "String", "Value": "a", "KeyId": "alias/aws/ssm"},
        {"Name": "/app/token", "Type": "SecureString", "Value": "a", "KeyId": "alias/aws/ssm"},
    ),
    _put(
        "a parameter holds text or the name of an image",
        {"Name": "/app/host", **STRING, "DataType": "number"},
        {"Name": "/app/host", **STRING, "DataType": "text"},
    ),
    Rule(
        says="a path begins with a slash",
        page=f"{API}/API_GetParametersByPath.html",
        operation="get_parameters_by_path",
        code="ValidationException",
        given=_parameter,
        refused={"Path": "app"},
        accepted={"Path": "/app"},
    ),
    Rule(
        says="a parameter that is deleted exists",
        page=f"{API}/API_DeleteParameter.html",
        operation="delete_parameter",
        code="ParameterNotFound",
        given=_parameter,
        refused={"Name": "/app/port"},
        accepted={"Name": "/app/host"},
    ),
    Rule(
        says="a version that is labelled exists",
        page=f"{API}/API_LabelParameterVersion.html",
        operation="label_parameter_version",
        code="ParameterVersionNotFound",
        given=_parameter,
        refused={"Name": "/app/host", "ParameterVersion": 2, "Labels": ["live"]},
        accepted={"Name": "/app/host", "ParameterVersion": 1, "Labels": ["live"]},
    ),
    Rule(
        says="a version has at most 10 labels",
        page=f"{GUIDE}/sysman-paramstore-labels.html",
        operation="label_parameter_version",
        code="ParameterVersionLabelLimitExceeded",
        given=lambda world: (
            _parameter(world),
            world.ssm.label_parameter_version(Name="/app/host", Labels=[f"l{number}" for number in range(9)]),
        ),
        refused={"Name": "/app/host", "Labels": ["one", "two"]},
        accepted={"Name": "/app/host", "Labels": ["one"]},
    ),
    Rule(
        says="a document's name is taken",
        page=f"{API}/API_CreateDocument.html",
        operation="create_document",
        code="DocumentAlreadyExists",
        given=_document,
        refused={"Name": "install", "Content": _content("two"), "DocumentType": "Command"},
        accepted={"Name": "install2", "Content": _content("two"), "DocumentType": "Command"},
    ),
    Rule(
        says="a document is JSON where it says so",
        page=f"{API}/API_CreateDocument.html",
        operation="create_document",
        code="InvalidDocumentContent",
        refused={"Name": "install", "Content": "{", "DocumentType": "Command", "DocumentFormat": "JSON"},
        accepted={"Name": "install", "Content": _content("two"), "DocumentType": "Command", "DocumentFormat": "JSON"},
    ),
    Rule(
        says="another version of a document is another",
        page=f"{API}/API_UpdateDocument.html",
        operation="update_document",
        code="DuplicateDocumentContent",
        given=_document,
        refused={"Name": "install", "Content": _content("one"), "DocumentVersion": "$LATEST"},
        accepted={"Name": "install", "Content": _content("two"), "DocumentVersion": "$LATEST"},
    ),
    Rule(
        says="a session is with an instance that runs",
        page=f"{API}/API_StartSession.html",
        operation="start_session",
        code="TargetNotConnected",
        given=_instances,
        refused=lambda world: {"Target": world.given[0]},
        accepted=lambda world: {"Target": world.given[1]},
    ),
    Rule(
        says="a session has a document that exists",
        page=f"{API}/API_StartSession.html",
        operation="start_session",
        code="InvalidDocument",
        given=_instances,
        refused=lambda world: {"Target": world.given[1], "DocumentName": "nowhere"},
        accepted=lambda world: {"Target": world.given[1], "DocumentName": "AWS-StartPortForwardingSession"},
    ),
    Rule(
        says="a setting is one of Systems Manager's",
        page=f"{API}/API_UpdateServiceSetting.html",
        operation="update_service_setting",
        code="ServiceSettingNotFound",
        refused={"SettingId": "/ssm/parameter-store/tier", "SettingValue": "Advanced"},
        accepted={"SettingId": "/ssm/parameter-store/default-parameter-tier", "SettingValue": "Advanced"},
    ),
]
