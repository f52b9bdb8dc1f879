# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lives of what Inspector has."""


def account(probe):
    inspector = probe.client("inspector2")
    probe.does(inspector.enable, resourceTypes=["ECR", "LAMBDA"])
    status = {"ecr": {"status": "ENABLED"}, "lambda": {"status": "ENABLED"}, "ec2": {"status": "DISABLED"}}
    wanted = {"accountId": "123456789012", "state": {"status": "ENABLED"}, "resourceState": status}
    probe.shows(wanted, inspector.batch_get_account_status, "accounts.0", accountIds=["123456789012"])
    probe.does(inspector.disable, resourceTypes=["LAMBDA"])
    status["lambda"]["status"] = "DISABLED"
    probe.shows(wanted, inspector.batch_get_account_status, "accounts.0")
    inspector.disable()
    status["ecr"]["status"] = "DISABLED"
    wanted["state"]["status"] = "DISABLED"
    probe.shows(wanted, inspector.batch_get_account_status, "accounts.0")


def configuration(probe):
    inspector = probe.client("inspector2")
    wanted = {"rescanDuration": "DAYS_30", "pullDateRescanDuration": "DAYS_60"}
    scans = {"scanMode": "EC2_SSM_AGENT_BASED"}
    probe.does(inspector.update_configuration, ecrConfiguration=wanted, ec2Configuration=scans)
    shown = {
        "ecrConfiguration": {"rescanDurationState": {**wanted, "status": "SUCCESS"}},
        "ec2Configuration": {"scanModeState": {**scans, "scanModeStatus": "SUCCESS"}},
    }
    probe.shows(shown, inspector.get_configuration)
    probe.does(inspector.update_ec2_deep_inspection_configuration, packagePaths=["/opt/app"])
    probe.shows({"packagePaths": ["/opt/app"]}, inspector.get_ec2_deep_inspection_configuration)
    probe.does(inspector.update_ec2_deep_inspection_configuration, activateDeepInspection=True)
    shown = {"packagePaths": ["/opt/app"], "status": "ACTIVATED"}
    probe.shows(shown, inspector.get_ec2_deep_inspection_configuration)


def finding_filter(probe):
    inspector = probe.client("inspector2")
    wanted = {"name": "low", "action": "SUPPRESS", "description": "nothing to see"}
    criteria = {"severity": [{"comparison": "EQUALS", "value": "LOW"}]}
    arn = probe.does(inspector.create_filter, **wanted, filterCriteria=criteria, tags={"a": "b"})["arn"]
    probe.shows({**wanted, "arn": arn, "criteria": criteria, "tags": {"a": "b"}}, inspector.list_filters, "filters.0")
    changed = {"name": "lower", "action": "NONE"}
    criteria["severity"][0]["value"] = "INFORMATIONAL"
    probe.does(inspector.update_filter, filterArn=arn, **changed, filterCriteria=criteria)
    probe.shows({**wanted, **changed, "criteria": criteria}, inspector.list_filters, "filters.0", arns=[arn])
    probe.does(inspector.tag_resource, resourceArn=arn, tags={"c": "d"})
    probe.shows({"a": "b", "c": "d"}, inspector.list_tags_for_resource, "tags", resourceArn=arn)
    probe.does(inspector.untag_resource, resourceArn=arn, tagKeys=["a"])
    assert probe.shows({"c": "d"}, inspector.list_tags_for_resource, "tags", resourceArn=arn) == {"c": "d"}
    probe.does(inspector.delete_filter, arn=arn)
    probe.lacks(inspector.list_filters, path="filters")


def coverage(probe):
    inspector, ecr = probe.client("inspector2"), probe.client("ecr")
    arn = ecr.create_repository(repositoryName="app")["repository"]["repositoryArn"]
    probe.lacks(inspector.list_coverage, path="coveredResources")
    inspector.enable(resourceTypes=["ECR"])
    criteria = {"ecrRepositoryName": [{"comparison": "EQUALS", "value": "app"}]}
    wanted = {
        "resourceType": "AWS_ECR_REPOSITORY",
        "resourceId": arn,
        "scanStatus": {"statusCode": "ACTIVE", "reason": "SUCCESSFUL"},
    }
    probe.shows(wanted, inspector.list_coverage, "coveredResources.0", filterCriteria=criteria)
    probe.shows({"totalCounts": 1}, inspector.list_coverage_statistics)
    criteria["ecrRepositoryName"][0]["value"] = "other"
    probe.lacks(inspector.list_coverage, path="coveredResources", filterCriteria=criteria)
