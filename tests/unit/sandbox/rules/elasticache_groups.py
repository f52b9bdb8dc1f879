# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Amazon ElastiCache refuses of groups of parameters, subnets and users."""

from tests.unit.sandbox.rule import Rule
from tests.unit.sandbox.rules.elasticache import (
    API,
    GUIDE,
    TOKEN,
    VALUE,
    a_group,
    a_user,
    made,
    private,
    used_user_group,
)

SERVICE = "elasticache"


def _parameter_group(world):
    family = {"CacheParameterGroupFamily": "redis7", "Description": "d"}
    world.elasticache.create_cache_parameter_group(CacheParameterGroupName="own", **family)


def _used_parameter_group(world):
    private(world)
    _parameter_group(world)
    for name in ("used", "free"):
        family = {"CacheParameterGroupFamily": "redis7", "Description": "d"}
        world.elasticache.create_cache_parameter_group(CacheParameterGroupName=name, **family)
    world.elasticache.create_replication_group(**a_group(CacheParameterGroupName="used"))


def _parameter(name, value):
    values = [{"ParameterName": name, "ParameterValue": value}]
    return {"CacheParameterGroupName": "own", "ParameterNameValues": values}


def _with_users(world):
    for name in ("one", "two"):
        world.elasticache.create_user(**a_user(UserId=name, UserName="default"), NoPasswordRequired=True)
    world.elasticache.create_user(**a_user(UserId="three", UserName="three"), NoPasswordRequired=True)


def _two_vpcs(world):
    first = world.subnets(world.vpc())
    other = world.vpc("10.1.0.0/16")
    subnet = world.ec2.create_subnet(VpcId=other, CidrBlock="10.1.0.0/24", AvailabilityZone="eu-central-1b")
    return [*first, subnet["Subnet"]["SubnetId"]]


GROUPS = [
    Rule(
        says="a parameter group's family is one of an engine's",
        page=f"{API}/API_CreateCacheParameterGroup.html",
        operation="create_cache_parameter_group",
        code=VALUE,
        refused={"CacheParameterGroupName": "a", "CacheParameterGroupFamily": "redis7.x", "Description": "d"},
        accepted={"CacheParameterGroupName": "a", "CacheParameterGroupFamily": "redis7", "Description": "d"},
    ),
    Rule(
        says="a parameter has allowed values",
        page=f"{GUIDE}/ParameterGroups.Engine.html",
        operation="modify_cache_parameter_group",
        code=VALUE,
        given=_parameter_group,
        refused=_parameter("maxmemory-policy", "lru"),
        accepted=_parameter("maxmemory-policy", "allkeys-lru"),
    ),
    Rule(
        says="a parameter is one of the family's",
        page=f"{API}/API_ModifyCacheParameterGroup.html",
        operation="modify_cache_parameter_group",
        code=VALUE,
        given=_parameter_group,
        refused=_parameter("time-out", "60"),
        accepted=_parameter("timeout", "60"),
    ),
    Rule(
        says="some parameters cannot be modified",
        page=f"{GUIDE}/ParameterGroups.Engine.html",
        operation="modify_cache_parameter_group",
        code=VALUE,
        given=_parameter_group,
        refused=_parameter("maxclients", "100"),
        accepted=_parameter("slowlog-max-len", "100"),
    ),
    Rule(
        says="a default parameter group is not deleted",
        page=f"{API}/API_DeleteCacheParameterGroup.html",
        operation="delete_cache_parameter_group",
        code="InvalidCacheParameterGroupState",
        given=_parameter_group,
        refused={"CacheParameterGroupName": "default.redis7"},
        accepted={"CacheParameterGroupName": "own"},
    ),
    Rule(
        says="a parameter group in use is not deleted",
        page=f"{API}/API_DeleteCacheParameterGroup.html",
        operation="delete_cache_parameter_group",
        code="InvalidCacheParameterGroupState",
        given=_used_parameter_group,
        refused={"CacheParameterGroupName": "used"},
        accepted={"CacheParameterGroupName": "free"},
    ),
    Rule(
        says="the subnets of a group are there",
        page=f"{API}/API_CreateCacheSubnetGroup.html",
        operation="create_cache_subnet_group",
        code=VALUE,
        given=lambda world: world.subnets(),
        refused=lambda world: {
            "CacheSubnetGroupName": "a",
            "CacheSubnetGroupDescription": "d",
            "SubnetIds": ["subnet-00000000000000000"],
        },
        accepted=lambda world: {
            "CacheSubnetGroupName": "a",
            "CacheSubnetGroupDescription": "d",
            "SubnetIds": world.given[:1],
        },
    ),
    Rule(
        says="the subnets of a group are of one VPC",
        page=f"{API}/API_CreateCacheSubnetGroup.html",
        operation="create_cache_subnet_group",
        code="InvalidSubnet",
        given=_two_vpcs,
        refused=lambda world: {
            "CacheSubnetGroupName": "a",
            "CacheSubnetGroupDescription": "d",
            "SubnetIds": world.given,
        },
        accepted=lambda world: {
            "CacheSubnetGroupName": "a",
            "CacheSubnetGroupDescription": "d",
            "SubnetIds": world.given[:2],
        },
    ),
    Rule(
        says="a subnet group in use is not deleted",
        page=f"{API}/API_DeleteCacheSubnetGroup.html",
        operation="delete_cache_subnet_group",
        code="CacheSubnetGroupInUse",
        given=lambda world: world.elasticache.create_cache_subnet_group(
            CacheSubnetGroupName="free",
            CacheSubnetGroupDescription="d",
            SubnetIds=made()(world),
        ),
        refused={"CacheSubnetGroupName": "private"},
        accepted={"CacheSubnetGroupName": "free"},
    ),
    Rule(
        says="a subnet in use stays in its group",
        page=f"{API}/API_ModifyCacheSubnetGroup.html",
        operation="modify_cache_subnet_group",
        code="SubnetInUse",
        given=made(),
        refused=lambda world: {"CacheSubnetGroupName": "private", "SubnetIds": world.given[1:]},
        accepted=lambda world: {"CacheSubnetGroupName": "private", "SubnetIds": world.given[:1]},
    ),
]

USERS = [
    Rule(
        says="a user has a way to authenticate",
        page=f"{API}/API_CreateUser.html",
        operation="create_user",
        code=VALUE,
        refused=a_user(),
        accepted=a_user(NoPasswordRequired=True),
    ),
    Rule(
        says="a user has at most two passwords",
        page=f"{GUIDE}/Clusters.RBAC.html",
        operation="create_user",
        code=VALUE,
        refused=a_user(Passwords=[TOKEN, TOKEN * 2, TOKEN * 3]),
        accepted=a_user(Passwords=[TOKEN, TOKEN * 2]),
    ),
    Rule(
        says="a password has at least 16 characters",
        page=f"{GUIDE}/Clusters.RBAC.html",
        operation="create_user",
        code=VALUE,
        refused=a_user(Passwords=["a" * 15]),
        accepted=a_user(Passwords=["a" * 16]),
    ),
    Rule(
        says="an IAM user's name is its id",
        page=f"{GUIDE}/auth-iam.html",
        operation="create_user",
        code="InvalidParameterCombination",
        refused=a_user(UserName="other", AuthenticationMode={"Type": "iam"}),
        accepted=a_user(UserName="app", AuthenticationMode={"Type": "iam"}),
    ),
    Rule(
        says="a user group of Redis OSS has a default user",
        page=f"{GUIDE}/Clusters.RBAC.html",
        operation="create_user_group",
        code="DefaultUserRequired",
        given=_with_users,
        refused={"UserGroupId": "g", "Engine": "redis", "UserIds": ["three"]},
        accepted={"UserGroupId": "g", "Engine": "redis", "UserIds": ["one", "three"]},
    ),
    Rule(
        says="a user group has a user name once",
        page=f"{API}/API_CreateUserGroup.html",
        operation="create_user_group",
        code="DuplicateUserName",
        given=_with_users,
        refused={"UserGroupId": "g", "Engine": "redis", "UserIds": ["one", "two"]},
        accepted={"UserGroupId": "g", "Engine": "redis", "UserIds": ["one"]},
    ),
    Rule(
        says="a user group in use is not deleted",
        page=f"{API}/API_DeleteUserGroup.html",
        operation="delete_user_group",
        code="InvalidUserGroupState",
        given=used_user_group,
        refused={"UserGroupId": "used"},
        accepted={"UserGroupId": "free"},
    ),
    Rule(
        says="the default user is not deleted",
        page=f"{GUIDE}/Clusters.RBAC.html",
        operation="delete_user",
        code=VALUE,
        given=lambda world: world.elasticache.create_user(**a_user(), NoPasswordRequired=True),
        refused={"UserId": "default"},
        accepted={"UserId": "app"},
    ),
    Rule(
        says="the subnets of a serverless cache are of one VPC",
        page=f"{API}/API_CreateServerlessCache.html",
        operation="create_serverless_cache",
        code=VALUE,
        given=_two_vpcs,
        refused=lambda world: {"ServerlessCacheName": "a", "Engine": "valkey", "SubnetIds": world.given},
        accepted=lambda world: {"ServerlessCacheName": "a", "Engine": "valkey", "SubnetIds": world.given[:2]},
    ),
    Rule(
        says="what is tagged is there",
        page=f"{API}/API_AddTagsToResource.html",
        operation="add_tags_to_resource",
        code="UserNotFound",
        given=lambda world: world.elasticache.create_user(**a_user(), NoPasswordRequired=True)["ARN"],
        refused=lambda world: {"ResourceName": f"{world.given}s", "Tags": [{"Key": "a", "Value": "b"}]},
        accepted=lambda world: {"ResourceName": world.given, "Tags": [{"Key": "a", "Value": "b"}]},
    ),
    Rule(
        says="tag keys of AWS's own are refused",
        page=f"{GUIDE}/Tagging-Resources.html",
        operation="add_tags_to_resource",
        code=VALUE,
        given=lambda world: world.elasticache.create_user(**a_user(), NoPasswordRequired=True)["ARN"],
        refused=lambda world: {"ResourceName": world.given, "Tags": [{"Key": "aws:a", "Value": "b"}]},
        accepted=lambda world: {"ResourceName": world.given, "Tags": [{"Key": "aws-a", "Value": "b"}]},
    ),
]

RULES = GROUPS + USERS
