# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Endpoints of clusters: the two that every cluster has, and custom ones, of which moto has nothing."""

from moto.moto_api._internal import mock_random

from ... import delays
from ...errors import AwsError
from .. import answer, backend, before
from .catalog import page_of
from .clusters import clusters, members_of, require_available, require_cluster
from .instances import UNIQUE
from .parameters import check_name
from .rules import clash

MOST = 5  # of a cluster


@before("rds")
def settle_endpoints(call):
    """Let what has taken its time be done."""
    for cluster in clusters(backend(call, "rds")):
        for name, endpoint in list(cluster.sandbox_endpoints.items()):
            if endpoint["Status"] != "available" and delays.is_past(endpoint["ready_at"]):
                if endpoint["Status"] == "deleting":
                    del cluster.sandbox_endpoints[name]
                endpoint["Status"] = "available"


@answer("rds", "CreateDBClusterEndpoint")
def create_endpoint(call):
    """A name for some of the members of a cluster."""
    parameters, state = call.parameters, backend(call)
    cluster = require_cluster(state, parameters["DBClusterIdentifier"])
    if cluster is None:
        raise AwsError("DBClusterNotFoundFault", f"DBCluster {parameters['DBClusterIdentifier']} not found.")
    name = parameters["DBClusterEndpointIdentifier"].lower()
    check_name("DBClusterEndpointIdentifier", name, 63)
    if any(name in other.sandbox_endpoints for other in clusters(state)):
        raise AwsError("DBClusterEndpointAlreadyExistsFault", f"DB cluster endpoint {name} already exists")
    require_available(cluster)
    if len(cluster.sandbox_endpoints) >= MOST:
        message = f"A cluster has at most {MOST} custom endpoints."
        raise AwsError("DBClusterEndpointQuotaExceededFault", message)
    random = f"c{cluster.account_id[:10]}x.{cluster.region}.rds.amazonaws.com"
    endpoint = {
        "DBClusterEndpointIdentifier": name,
        "DBClusterIdentifier": cluster.db_cluster_identifier,
        "DBClusterEndpointResourceIdentifier": "cluster-endpoint-" + "".join(mock_random.choices(UNIQUE, k=26)),
        "Endpoint": f"{name}.cluster-custom-{random}",
        "EndpointType": "CUSTOM",
        "DBClusterEndpointArn": f"arn:aws:rds:{call.region}:{call.account}:cluster-endpoint:{name}",
    } | _choice(call, cluster, parameters["EndpointType"])
    _begin(endpoint, "creating")
    cluster.sandbox_endpoints[name] = endpoint
    return _view(endpoint)


def _choice(call, cluster, kind):
    """Which members an endpoint is for: those that are named, or all but those that are named."""
    static, excluded = call.parameters.get("StaticMembers") or [], call.parameters.get("ExcludedMembers") or []
    if kind not in ("READER", "ANY"):
        raise AwsError("InvalidParameterValue", f"Invalid EndpointType for a custom endpoint: {kind}")
    if static and excluded:
        raise clash("StaticMembers and ExcludedMembers cannot both be specified.")
    known = [member.db_instance_identifier for member in members_of(backend(call), cluster)]
    for name in (*static, *excluded):
        if name not in known:
            raise AwsError("DBInstanceNotFound", f"DBInstance {name} not found in the cluster.")
    return {"CustomEndpointType": kind, "StaticMembers": static, "ExcludedMembers": excluded}


def _begin(endpoint, status):
    endpoint.update(Status=status, ready_at=delays.ready_at("db-cluster-endpoint-change"))


def _view(endpoint):
    return {name: value for name, value in endpoint.items() if name != "ready_at"}


def _find(call):
    name = call.parameters["DBClusterEndpointIdentifier"].lower()
    for cluster in clusters(backend(call)):
        if name in cluster.sandbox_endpoints:
            endpoint = cluster.sandbox_endpoints[name]
            if endpoint["Status"] != "available":
                raise AwsError("InvalidDBClusterEndpointStateFault", f"The endpoint {name} is {endpoint['Status']}.")
            return cluster, endpoint
    raise AwsError("DBClusterEndpointNotFoundFault", f"DB cluster endpoint {name} not found.")


@answer("rds", "ModifyDBClusterEndpoint")
def modify_endpoint(call):
    """Other members, or another kind."""
    cluster, endpoint = _find(call)
    endpoint.update(_choice(call, cluster, call.parameters.get("EndpointType") or endpoint["CustomEndpointType"]))
    _begin(endpoint, "modifying")
    return _view(endpoint)


@answer("rds", "DeleteDBClusterEndpoint")
def delete_endpoint(call):
    """It is deleting for a while."""
    _cluster, endpoint = _find(call)
    _begin(endpoint, "deleting")
    return _view(endpoint)


@answer("rds", "DescribeDBClusterEndpoints")
def describe_endpoints(call):
    """Custom endpoints, and those that a cluster has by itself."""
    parameters, state = call.parameters, backend(call)
    named = parameters.get("DBClusterIdentifier")
    wanted = [require_cluster(state, named)] if named else clusters(state)
    found = [view for cluster in wanted if cluster is not None for view in _endpoints(cluster)]
    name = parameters.get("DBClusterEndpointIdentifier")
    found = [view for view in found if not name or view.get("DBClusterEndpointIdentifier") == name.lower()]
    filters = {item["Name"]: item["Values"] for item in parameters.get("Filters") or []}
    members = {
        "db-cluster-endpoint-type": "EndpointType",
        "db-cluster-endpoint-custom-type": "CustomEndpointType",
        "db-cluster-endpoint-id": "DBClusterEndpointIdentifier",
        "db-cluster-endpoint-status": "Status",
    }
    for name, values in filters.items():
        values = [value.lower() for value in values]
        found = [view for view in found if str(view.get(members.get(name))).lower() in values]
    page, following = page_of(call, found)
    return {"DBClusterEndpoints": page, **following}


def _endpoints(cluster):
    name, address = cluster.db_cluster_identifier, f"c{cluster.account_id[:10]}x.{cluster.region}.rds.amazonaws.com"
    usual = {"DBClusterIdentifier": name, "Status": cluster.sandbox_status}
    yield {**usual, "Endpoint": f"{name}.cluster-{address}", "EndpointType": "WRITER"}
    yield {**usual, "Endpoint": f"{name}.cluster-ro-{address}", "EndpointType": "READER"}
    yield from (_view(endpoint) for endpoint in cluster.sandbox_endpoints.values())
