# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Serverless caches, of which moto has nothing."""

from datetime import datetime, timezone

from ...errors import AwsError
from .. import answer, backend
from .catalog import ENGINES, full_version
from .nodes import domain
from .settings import check_name, check_times, key_arn, security_groups
from .shared import (
    Thing,
    add,
    clash,
    invalid,
    note,
    refuse_taken,
    require,
    require_ready,
    things,
)

KIND = "serverlesscache"
MAJORS = {"memcached": ("1.6",), "redis": ("7",), "valkey": ("7", "8")}
LIMITS = {"DataStorage": (1, 5000), "ECPUPerSecond": (1000, 15000000)}


@answer("elasticache", "CreateServerlessCache")
def create_cache(call):
    """A cache in two or three subnets of one VPC."""
    parameters = call.parameters
    check_name(parameters["ServerlessCacheName"], 40, "ServerlessCacheName")
    refuse_taken(call, KIND, parameters["ServerlessCacheName"])
    view = _engine_view(parameters) | _network_view(call) | {"CreateTime": datetime.now(timezone.utc)}
    check_times(parameters)
    _check_limits(parameters.get("CacheUsageLimits") or {})
    view["Description"] = parameters.get("Description") or " "
    view["SnapshotRetentionLimit"] = parameters.get("SnapshotRetentionLimit") or 0
    for name in ("CacheUsageLimits", "DailySnapshotTime"):
        if parameters.get(name):
            view[name] = parameters[name]
    if parameters.get("KmsKeyId"):
        view["KmsKeyId"] = key_arn(call, parameters["KmsKeyId"])
    if parameters.get("UserGroupId"):
        view["UserGroupId"] = _user_group(call, view["Engine"])
    cache = Thing(call, KIND, parameters["ServerlessCacheName"].lower(), view)
    cache.begin("creating", "serverless-cache-create", "available")
    return {"ServerlessCache": _view(call, add(call, cache))}


def _engine_view(parameters):
    engine = parameters["Engine"]
    major = parameters.get("MajorEngineVersion") or MAJORS.get(engine, ("",))[-1]
    if major not in MAJORS.get(engine, ()):
        raise invalid(f"There is no serverless cache of {engine} {major}.")
    known = [version for versions in ENGINES[engine].values() for version in versions if version.startswith(major)]
    full = f"{major}.{full_version(engine, known[-1])[0].split('.', 1)[1]}"
    return {"Engine": engine, "MajorEngineVersion": major, "FullEngineVersion": full}


def _network_view(call):
    network, parameters = backend(call, "ec2"), call.parameters
    known = {subnet.id: subnet for zone in network.subnets.values() for subnet in zone.values()}
    wanted = parameters.get("SubnetIds") or []
    if not wanted:
        vpc = network.default_vpc
        wanted = sorted(number for number, subnet in known.items() if vpc and subnet.vpc_id == vpc.id)[:3]
    if not wanted or set(wanted) - set(known):
        raise invalid(f"Some subnets do not exist: {sorted(set(wanted) - set(known))}")
    subnets = [known[number] for number in wanted]
    if len({subnet.vpc_id for subnet in subnets}) > 1:
        raise invalid("The subnets of a serverless cache must be in the same VPC.")
    if len({subnet.availability_zone for subnet in subnets}) < len(subnets):
        raise invalid("The subnets of a serverless cache must be in different Availability Zones.")
    if not 2 <= len(subnets) <= 3:
        raise invalid("A serverless cache has two or three subnets.")
    groups = security_groups(call, parameters.get("SecurityGroupIds"), subnets[0].vpc_id)
    return {"SubnetIds": list(wanted), "SecurityGroupIds": [item["SecurityGroupId"] for item in groups]}


def _check_limits(limits):
    for name, (least, most) in LIMITS.items():
        given = limits.get(name) or {}
        low, high = given.get("Minimum", least), given.get("Maximum", most)
        if not least <= low <= high <= most:
            raise invalid(f"{name} must be between {least} and {most}, its minimum not above its maximum.")


def _user_group(call, engine):
    if engine == "memcached":
        raise clash("Memcached has no user groups.")
    return require(call, "usergroup", call.parameters["UserGroupId"]).id


def _view(call, cache):
    if cache.status == "creating":
        return cache.view
    random, rest = domain(call)
    address, port = f"{cache.id}-{random}.serverless.{rest}", 11211 if cache.view["Engine"] == "memcached" else 6379
    view = {**cache.view, "Endpoint": {"Address": address, "Port": port}}
    return view | {"ReaderEndpoint": {"Address": address, "Port": port + 1}}


@answer("elasticache", "DescribeServerlessCaches")
def describe_caches(call):
    """Pages are named by tokens here."""
    parameters = call.parameters
    name = parameters.get("ServerlessCacheName")
    found = [require(call, KIND, name)] if name else list(things(call, KIND).values())
    start, size = int(parameters.get("NextToken") or 0), parameters.get("MaxResults") or 50
    following = {"NextToken": str(start + size)} if start + size < len(found) else {}
    return {"ServerlessCaches": [_view(call, cache) for cache in found[start : start + size]], **following}


@answer("elasticache", "ModifyServerlessCache")
def modify_cache(call):
    """What is not given stays."""
    parameters, cache = call.parameters, require(call, KIND, call.parameters["ServerlessCacheName"])
    require_ready(cache)
    check_times(parameters)
    _check_limits(parameters.get("CacheUsageLimits") or {})
    wanted = {
        name: parameters[name]
        for name in ("CacheUsageLimits", "DailySnapshotTime", "Description", "SnapshotRetentionLimit")
        if parameters.get(name) is not None
    }
    if parameters.get("Engine") or parameters.get("MajorEngineVersion"):
        engine = parameters.get("Engine") or cache.view["Engine"]
        wanted |= _engine_view({"MajorEngineVersion": parameters.get("MajorEngineVersion"), "Engine": engine})
    if parameters.get("SecurityGroupIds"):
        vpc_id = backend(call, "ec2").get_subnet(cache.view["SubnetIds"][0]).vpc_id
        groups = security_groups(call, parameters["SecurityGroupIds"], vpc_id)
        wanted["SecurityGroupIds"] = [item["SecurityGroupId"] for item in groups]
    if parameters.get("UserGroupId"):
        wanted["UserGroupId"] = _user_group(call, cache.view["Engine"])
    if parameters.get("RemoveUserGroup"):
        cache.view.pop("UserGroupId", None)
    cache.view |= wanted
    cache.begin("modifying", "serverless-cache-modify", "available")
    note(call, cache, "modified")
    return {"ServerlessCache": _view(call, cache)}


@answer("elasticache", "DeleteServerlessCache")
def delete_cache(call):
    """It is deleting for a while."""
    cache = require(call, KIND, call.parameters["ServerlessCacheName"])
    require_ready(cache)
    if call.parameters.get("FinalSnapshotName"):
        raise AwsError("InvalidParameterValue", "Snapshots of serverless caches are not kept here.")
    cache.begin("deleting", "serverless-cache-delete", "gone")
    return {"ServerlessCache": _view(call, cache)}
