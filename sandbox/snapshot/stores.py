# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What keeps data beside databases: caches and tables."""

# Type: (operation, member with the list, member with the name)
CACHES = {
    "cluster": ("describe_cache_clusters", "CacheClusters", "CacheClusterId"),
    "parameter-group": ("describe_cache_parameter_groups", "CacheParameterGroups", "CacheParameterGroupName"),
    "replication-group": ("describe_replication_groups", "ReplicationGroups", "ReplicationGroupId"),
    "serverless-cache": ("describe_serverless_caches", "ServerlessCaches", "ServerlessCacheName"),
    "snapshot": ("describe_snapshots", "Snapshots", "SnapshotName"),
    "subnet-group": ("describe_cache_subnet_groups", "CacheSubnetGroups", "CacheSubnetGroupName"),
    "user": ("describe_users", "Users", "UserId"),
    "user-group": ("describe_user_groups", "UserGroups", "UserGroupId"),
}


def read_caches(view):
    """Caches with their groups and users, and the snapshots that stay."""
    for kind, (operation, member, name) in CACHES.items():
        for item in view.all(operation, member):
            if _is_of_aws(item, item[name]) and not view.defaults:
                continue
            if kind == "parameter-group":
                group = {"CacheParameterGroupName": item[name], "Source": "user"}
                item["Parameters"] = view.all("describe_cache_parameters", "Parameters", **group)
            item["Tags"] = view.part("list_tags_for_resource", "TagList", ResourceName=item["ARN"])
            view.add(f"elasticache/{kind}", item[name], item)


def _is_of_aws(item, name):
    return item.get("SnapshotSource") == "automated" or name == "default" or name.startswith("default.")


def read_tables(view):
    """Tables with what is set beside them; of their items the number."""
    for name in view.all("list_tables", "TableNames"):
        named = {"TableName": name}
        table = view.part("describe_table", "Table", **named)
        table["TimeToLive"] = view.part("describe_time_to_live", "TimeToLiveDescription", **named)
        table["Backups"] = view.part("describe_continuous_backups", "ContinuousBackupsDescription", **named)
        table["Policy"] = view.part("get_resource_policy", "Policy", ResourceArn=table["TableArn"])
        table["Tags"] = view.all("list_tags_of_resource", "Tags", ResourceArn=table["TableArn"])
        view.add("dynamodb/table", name, table)


READERS = {"dynamodb": read_tables, "elasticache": read_caches}
