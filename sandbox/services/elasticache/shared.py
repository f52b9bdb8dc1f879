# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ElastiCache has, by kind: where it is kept, how it is named and refused, and what happens to it as time passes."""

from dataclasses import dataclass
from datetime import datetime, timezone

from ... import delays
from ...errors import AwsError
from .. import backend, before
from ..rds.catalog import page_of


@dataclass(frozen=True)
class Kind:
    """The words that AWS has for a kind; ``holder`` is the attribute of moto's backend that has them all."""

    holder: str
    name: str
    plural: str
    missing: str
    taken: str
    busy: str = ""
    status: str = ""
    source: str = ""  # as events call it


KINDS = {
    "cluster": Kind(
        "cache_clusters", "CacheClusterId", "CacheClusters", "CacheClusterNotFound", "CacheClusterAlreadyExists",
        "InvalidCacheClusterState", "CacheClusterStatus", "cache-cluster",
    ),
    "parametergroup": Kind(
        "sandbox_parameter_groups", "CacheParameterGroupName", "CacheParameterGroups", "CacheParameterGroupNotFound",
        "CacheParameterGroupAlreadyExists", source="cache-parameter-group",
    ),
    "replicationgroup": Kind(
        "replication_groups", "ReplicationGroupId", "ReplicationGroups", "ReplicationGroupNotFoundFault",
        "ReplicationGroupAlreadyExists", "InvalidReplicationGroupState", "Status", "replication-group",
    ),
    "serverlesscache": Kind(
        "sandbox_serverless_caches", "ServerlessCacheName", "ServerlessCaches", "ServerlessCacheNotFoundFault",
        "ServerlessCacheAlreadyExistsFault", "InvalidServerlessCacheStateFault", "Status", "serverless-cache",
    ),
    "snapshot": Kind(
        "snapshots", "SnapshotName", "Snapshots", "SnapshotNotFoundFault", "SnapshotAlreadyExistsFault",
        "InvalidSnapshotState", "SnapshotStatus",
    ),
    "subnetgroup": Kind(
        "cache_subnet_groups", "CacheSubnetGroupName", "CacheSubnetGroups", "CacheSubnetGroupNotFoundFault",
        "CacheSubnetGroupAlreadyExists", source="cache-subnet-group",
    ),
    "user": Kind(
        "users", "UserId", "Users", "UserNotFound", "UserAlreadyExists", "InvalidUserState", "Status", "user",
    ),
    "usergroup": Kind(
        "sandbox_user_groups", "UserGroupId", "UserGroups", "UserGroupNotFound", "UserGroupAlreadyExists",
        "InvalidUserGroupState", "Status", "user-group",
    ),
}  # fmt: skip
READY = ("available", "active")
MOST_TAGS = 50
FINISH = {}  # what happens when something has taken its time, by name


class Thing:
    """Something of a kind: ``view`` is how AWS describes it, ``own`` what no description shows."""

    def __init__(self, call, kind, identifier, view, **own):
        self.kind, self.id, self.view, self.own = kind, identifier, view, own
        self.arn = f"arn:aws:elasticache:{call.region}:{call.account}:{kind}:{identifier}"
        self.view |= {KINDS[kind].name: identifier, "ARN": self.arn}
        self.then, self.ready_at = None, 0.0

    @property
    def status(self):
        """Its present state."""
        return self.view[KINDS[self.kind].status]

    def begin(self, status, delay, then):
        """Let something begin that takes its time, and say what is done at its end."""
        self.view[KINDS[self.kind].status] = status
        self.then, self.ready_at = then, delays.ready_at(delay)


def invalid(message):
    """A value that AWS refuses."""
    return AwsError("InvalidParameterValue", message)


def clash(message):
    """Values that AWS refuses together."""
    return AwsError("InvalidParameterCombination", message)


def things(call, kind):
    """Everything of a kind, by its name."""
    state = backend(call, "elasticache")
    found = state.__dict__.setdefault(KINDS[kind].holder, {})
    if kind == "user" and not isinstance(found["default"], Thing):
        found["default"] = _default_user(call)
    return found


def _default_user(call):
    view = {
        "UserName": "default", "Status": "active", "Engine": "redis", "MinimumEngineVersion": "6.0",
        "AccessString": "on ~* +@all", "UserGroupIds": [], "Authentication": {"Type": "no-password"},
    }  # fmt: skip
    return Thing(call, "user", "default", view)


def require(call, kind, name):
    """Something by its name."""
    found = things(call, kind).get(name.lower())
    if found is None:
        raise AwsError(KINDS[kind].missing, f"{KINDS[kind].name.removesuffix('Id')} not found: {name}")
    return found


def require_ready(thing, *others):
    """Refuse what cannot be done to something that is being made, changed or deleted."""
    if thing.status not in (*READY, *others):
        message = f"{thing.kind} {thing.id} is not in available state, but {thing.status}."
        raise AwsError(KINDS[thing.kind].busy, message)


def refuse_taken(call, kind, name):
    """Names are unique whatever their case."""
    if name.lower() in things(call, kind):
        raise AwsError(KINDS[kind].taken, f"{KINDS[kind].name} {name} already exists.")


def add(call, thing, message="created"):
    """Keep something new with the tags of the call."""
    things(call, thing.kind)[thing.id] = thing
    set_tags(call, thing.arn, call.parameters.get("Tags") or [])
    note(call, thing, message)
    return thing


def remove(call, thing):
    """Forget something, and its tags."""
    del things(call, thing.kind)[thing.id]
    backend(call, "elasticache").tagging_service.delete_all_tags_for_resource(thing.arn)
    note(call, thing, "deleted")


def set_tags(call, arn, tags):
    """Add tags; AWS refuses keys of its own and more than fifty."""
    service = backend(call, "elasticache").tagging_service
    if any(tag["Key"].startswith("aws:") for tag in tags):
        raise invalid("Tag keys that begin with aws: are reserved.")
    if len(service.get_tag_dict_for_resource(arn) | {tag["Key"]: tag for tag in tags}) > MOST_TAGS:
        raise AwsError("TagQuotaPerResourceExceeded", f"A resource has at most {MOST_TAGS} tags.")
    service.tag_resource(arn, tags)


def note(call, thing, what):
    """An event about something."""
    source = KINDS[thing.kind].source
    if source:
        event = {"SourceIdentifier": thing.id, "SourceType": source, "Date": datetime.now(timezone.utc)}
        events = backend(call, "elasticache").__dict__.setdefault("sandbox_events", [])
        events.append(event | {"Message": f"{source.replace('-', ' ').capitalize()} {what}"})


def described(call, kind, view, wanted=lambda thing: True):
    """The answer to a call that describes all of a kind, or the one it names."""
    name = call.parameters.get(KINDS[kind].name)
    found = [require(call, kind, name)] if name else things(call, kind).values()
    page, following = page_of(call, [thing for thing in found if wanted(thing)])
    return {KINDS[kind].plural: [view(call, thing) for thing in page], **following}


def plain(_call, thing):
    """A description that needs nothing else."""
    return thing.view


def at_end(name):
    """Register a function of a call and a thing for what has taken its time."""
    return lambda function: FINISH.setdefault(name, function)


@before("elasticache")
def settle(call):
    """Let what has taken its time be done."""
    for kind in KINDS:
        for thing in list(things(call, kind).values()):
            if thing.then and delays.is_past(thing.ready_at):
                then, thing.then = thing.then, None
                FINISH[then](call, thing)


@at_end("available")
def become_available(_call, thing):
    """It is there."""
    thing.view[KINDS[thing.kind].status] = "available"


@at_end("active")
def become_active(_call, thing):
    """It is in force."""
    thing.view[KINDS[thing.kind].status] = "active"


@at_end("gone")
def go(call, thing):
    """It is not there any more."""
    remove(call, thing)
