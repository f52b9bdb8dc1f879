# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lives of what AWS Systems Manager has."""

import json

A_TAG = [{"Key": "a", "Value": "b"}]
NAME = "/app/host"


def parameter(probe):
    ssm = probe.client("ssm")
    wanted = {"Name": NAME, "Type": "String"}
    more = {"Description": "where", "AllowedPattern": "[a-z.]+", "Tier": "Intelligent-Tiering", "DataType": "text"}
    probe.does(ssm.put_parameter, **wanted, **more, Value="one", Tags=A_TAG)
    shown = {**wanted, "Value": "one", "Version": 1, "DataType": "text"}
    probe.shows(shown, ssm.get_parameter, "Parameter", Name=NAME)
    shown = {**wanted, **more, "Tier": "Standard", "Version": 1}
    probe.shows(shown, ssm.describe_parameters, "Parameters.0")
    probe.shows([{"Name": NAME, "Value": "one"}], ssm.get_parameters, "Parameters", Names=[NAME])
    probe.shows([{"Name": NAME}], ssm.get_parameters_by_path, "Parameters", Path="/app")
    probe.does(ssm.put_parameter, Name=NAME, Value="two", Overwrite=True)
    probe.shows({"Value": "two", "Version": 2, "Type": "String"}, ssm.get_parameter, "Parameter", Name=NAME)
    shown = [{"Value": "one", "Version": 1}, {"Value": "two", "Version": 2}]
    probe.shows(shown, ssm.get_parameter_history, "Parameters", Name=NAME)
    probe.does(ssm.label_parameter_version, Name=NAME, ParameterVersion=1, Labels=["live"])
    probe.shows({"Value": "one"}, ssm.get_parameter, "Parameter", Name=f"{NAME}:live")
    probe.does(ssm.unlabel_parameter_version, Name=NAME, ParameterVersion=1, Labels=["live"])
    probe.lacks(ssm.get_parameter_history, path="Parameters.0.Labels", Name=NAME)
    named = {"ResourceType": "Parameter", "ResourceId": NAME}
    probe.does(ssm.add_tags_to_resource, **named, Tags=[{"Key": "c", "Value": "d"}])
    probe.shows([*A_TAG, {"Key": "c", "Value": "d"}], ssm.list_tags_for_resource, "TagList", **named)
    probe.does(ssm.remove_tags_from_resource, **named, TagKeys=["c"])
    probe.shows(A_TAG, ssm.list_tags_for_resource, "TagList", **named)
    probe.does(ssm.delete_parameter, Name=NAME)
    probe.lacks(ssm.get_parameter, "ParameterNotFound", Name=NAME)
    ssm.put_parameter(Name=NAME, Type="String", Value="x" * 5000, Tier="Intelligent-Tiering")
    probe.shows({"Tier": "Advanced"}, ssm.describe_parameters, "Parameters.0")
    probe.does(ssm.delete_parameters, Names=[NAME])
    probe.lacks(ssm.describe_parameters, path="Parameters")


def encrypted_parameter(probe):
    ssm, kms = probe.client("ssm"), probe.client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    probe.does(ssm.put_parameter, Name=NAME, Type="SecureString", Value="secret", KeyId=key)
    probe.shows({"Value": "secret"}, ssm.get_parameter, "Parameter", Name=NAME, WithDecryption=True)
    probe.shows({"Type": "SecureString", "KeyId": key}, ssm.describe_parameters, "Parameters.0")
    assert ssm.get_parameter(Name=NAME)["Parameter"]["Value"] != "secret"


def document(probe):
    ssm = probe.client("ssm")
    one, two = _content("one"), _content("two")
    named = {"Name": "install"}
    probe.does(ssm.create_document, **named, Content=one, DocumentType="Command", DocumentFormat="JSON", Tags=A_TAG)
    shown = {**named, "DocumentType": "Command", "DocumentVersion": "1", "Status": "Active", "DefaultVersion": "1"}
    probe.shows(shown, ssm.describe_document, "Document", **named)
    content = probe.shows({"DocumentVersion": "1"}, ssm.get_document, **named)["Content"]
    assert json.loads(content) == json.loads(one)
    probe.does(ssm.update_document, **named, Content=two, DocumentVersion="$LATEST")
    shown = [{"DocumentVersion": "1", "IsDefaultVersion": True}, {"DocumentVersion": "2", "IsDefaultVersion": False}]
    probe.shows(shown, ssm.list_document_versions, "DocumentVersions", **named)
    probe.does(ssm.update_document_default_version, **named, DocumentVersion="2")
    probe.shows({"DefaultVersion": "2"}, ssm.describe_document, "Document", **named)
    mine = [{"Key": "Owner", "Values": ["Self"]}]
    probe.shows([{"Name": "install"}], ssm.list_documents, "DocumentIdentifiers", Filters=mine)
    probe.does(ssm.modify_document_permission, **named, PermissionType="Share", AccountIdsToAdd=["222222222222"])
    shared = {**named, "PermissionType": "Share"}
    probe.shows(["222222222222"], ssm.describe_document_permission, "AccountIds", **shared)
    ssm.modify_document_permission(**named, PermissionType="Share", AccountIdsToRemove=["222222222222"])
    probe.does(ssm.delete_document, **named)
    probe.lacks(ssm.describe_document, "InvalidDocument", **named)


def _content(command):
    step = {"action": "aws:runShellScript", "name": "run", "inputs": {"runCommand": [command]}}
    return json.dumps({"schemaVersion": "2.2", "description": "d", "mainSteps": [step]})


def session(probe):
    ssm, ec2 = probe.client("ssm"), probe.client("ec2")
    subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    made = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, SubnetId=subnet)["Instances"][0]
    target = made["InstanceId"]
    number = probe.does(ssm.start_session, Target=target, Reason="look")["SessionId"]
    shown = [{"SessionId": number, "Target": target, "Reason": "look", "Status": "Connected"}]
    probe.shows(shown, ssm.describe_sessions, "Sessions", State="Active")
    probe.does(ssm.resume_session, SessionId=number)
    probe.shows(shown, ssm.describe_sessions, "Sessions", State="Active")
    probe.does(ssm.terminate_session, SessionId=number)
    probe.lacks(ssm.describe_sessions, path="Sessions", State="Active")
    shown = [{"SessionId": number, "Status": "Terminated"}]
    probe.shows(shown, ssm.describe_sessions, "Sessions", State="History")


def setting(probe):
    ssm = probe.client("ssm")
    named = {"SettingId": "/ssm/parameter-store/default-parameter-tier"}
    probe.shows({"SettingValue": "Standard", "Status": "Default"}, ssm.get_service_setting, "ServiceSetting", **named)
    probe.does(ssm.update_service_setting, **named, SettingValue="Advanced")
    probe.shows(
        {"SettingValue": "Advanced", "Status": "Customized"}, ssm.get_service_setting, "ServiceSetting", **named
    )
    ssm.put_parameter(Name=NAME, Type="String", Value="one")
    probe.shows({"Tier": "Advanced"}, ssm.describe_parameters, "Parameters.0")
    probe.does(ssm.reset_service_setting, **named)
    probe.shows({"SettingValue": "Standard", "Status": "Default"}, ssm.get_service_setting, "ServiceSetting", **named)


def maintenance_window(probe):
    ssm = probe.client("ssm")
    wanted = {"Name": "night", "Schedule": "cron(0 2 ? * SUN *)", "Duration": 3, "Cutoff": 1}
    number = probe.does(ssm.create_maintenance_window, **wanted, AllowUnassociatedTargets=False)["WindowId"]
    probe.shows(wanted, ssm.get_maintenance_window, WindowId=number)
    probe.shows([{"WindowId": number, "Name": "night"}], ssm.describe_maintenance_windows, "WindowIdentities")
    probe.does(ssm.update_maintenance_window, WindowId=number, Duration=4, Enabled=False)
    shown = {**wanted, "Duration": 4, "Enabled": False, "AllowUnassociatedTargets": False}
    probe.shows(shown, ssm.get_maintenance_window, WindowId=number)
    targets = [{"Key": "tag:a", "Values": ["b"]}]
    target = probe.does(
        ssm.register_target_with_maintenance_window, WindowId=number, ResourceType="INSTANCE", Targets=targets
    )["WindowTargetId"]  # fmt: skip
    shown = [{"WindowTargetId": target, "Targets": targets}]
    probe.shows(shown, ssm.describe_maintenance_window_targets, "Targets", WindowId=number)
    probe.does(ssm.deregister_target_from_maintenance_window, WindowId=number, WindowTargetId=target)
    probe.lacks(ssm.describe_maintenance_window_targets, path="Targets", WindowId=number)
    probe.does(ssm.delete_maintenance_window, WindowId=number)
    probe.lacks(ssm.describe_maintenance_windows, path="WindowIdentities")


def patch_baseline(probe):
    ssm = probe.client("ssm")
    wanted = {"Name": "linux", "OperatingSystem": "AMAZON_LINUX_2023", "ApprovedPatches": ["kernel*"]}
    number = probe.does(ssm.create_patch_baseline, **wanted, Description="d")["BaselineId"]
    probe.shows({**wanted, "Description": "d"}, ssm.get_patch_baseline, BaselineId=number)
    mine = [{"Key": "NAME_PREFIX", "Values": ["linux"]}]
    shown = [{"BaselineId": number, "BaselineName": "linux"}]
    probe.shows(shown, ssm.describe_patch_baselines, "BaselineIdentities", Filters=mine)
    probe.does(ssm.update_patch_baseline, BaselineId=number, RejectedPatches=["java*"])
    shown = {"RejectedPatches": ["java*"], "ApprovedPatches": ["kernel*"]}
    probe.shows(shown, ssm.get_patch_baseline, BaselineId=number)
    probe.does(ssm.register_patch_baseline_for_patch_group, BaselineId=number, PatchGroup="web")
    asked = {"PatchGroup": "web", "OperatingSystem": "AMAZON_LINUX_2023"}
    probe.shows({"BaselineId": number, "PatchGroup": "web"}, ssm.get_patch_baseline_for_patch_group, **asked)
    ssm.deregister_patch_baseline_for_patch_group(BaselineId=number, PatchGroup="web")
    probe.does(ssm.delete_patch_baseline, BaselineId=number)
    probe.lacks(ssm.get_patch_baseline, "DoesNotExistException", BaselineId=number)
