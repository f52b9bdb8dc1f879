# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is found by its tags, of whatever service."""


def tagged(probe):
    tagging, backup = probe.client("resourcegroupstaggingapi"), probe.client("backup")
    tags = {"app": "web", "stage": "test"}
    made = backup.create_backup_vault(BackupVaultName="main", BackupVaultTags=tags)
    wanted = {"ResourceARN": made["BackupVaultArn"], "Tags": [{"Key": key, "Value": tags[key]} for key in sorted(tags)]}
    filters = [{"Key": "app", "Values": ["web"]}]
    probe.shows([wanted], tagging.get_resources, "ResourceTagMappingList", TagFilters=filters)
    probe.shows(["app", "stage"], tagging.get_tag_keys, "TagKeys")
    probe.shows(["web"], tagging.get_tag_values, "TagValues", Key="app")
    arns = {"ResourceARNList": [made["BackupVaultArn"]]}
    probe.does(tagging.tag_resources, **arns, Tags={"stage": "prod"})
    wanted["Tags"][1]["Value"] = "prod"
    probe.shows([wanted], tagging.get_resources, "ResourceTagMappingList", **arns)
    probe.does(tagging.untag_resources, **arns, TagKeys=["stage"])
    probe.shows(["app"], tagging.get_tag_keys, "TagKeys")
    backup.delete_backup_vault(BackupVaultName="main")
    probe.lacks(tagging.get_resources, path="ResourceTagMappingList", TagFilters=filters)
    probe.lacks(tagging.get_tag_keys, path="TagKeys")
