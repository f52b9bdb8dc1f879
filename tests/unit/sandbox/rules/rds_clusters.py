# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Amazon RDS refuses of Aurora clusters."""

from tests.unit.sandbox.rule import Rule
from tests.unit.sandbox.rules.rds import API, CLASH, GONE, NOW, VALUE, private

GUIDE = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide"

SERVICE = "rds"
NAME = {"DBClusterIdentifier": "app"}
ENGINE = {"Engine": "aurora-postgresql"}
SCALING = "ServerlessV2ScalingConfiguration"


def _cluster(**settings):
    """A cluster in a subnet group."""
    usual = {**NAME, **ENGINE, "EngineVersion": "15.12", "MasterUsername": "app", "DBSubnetGroupName": "private"}
    return usual | {"MasterUserPassword": "correct-horse-9"} | settings


def _member(**settings):
    """An instance of the cluster."""
    return {"DBInstanceIdentifier": "one", **NAME, **ENGINE, "DBInstanceClass": "db.r7g.large"} | settings


def _made(*members, **settings):
    """A function that makes a cluster with members, and another without."""

    def make(world):
        private(world)
        world.rds.create_db_cluster(**_cluster(**settings))
        world.rds.create_db_cluster(**_cluster(DBClusterIdentifier="free"))
        for member in members:
            world.rds.create_db_instance(**_member(DBInstanceIdentifier=member))

    return make


def _being_made(world):
    _made()(world)
    world.sandbox.delays(db_cluster_create=600)
    world.rds.create_db_cluster(**_cluster(DBClusterIdentifier="new"))


def _protected(world):
    _made()(world)
    world.rds.modify_db_cluster(**NAME, DeletionProtection=True, **NOW)


def _snapshot(world):
    _made()(world)
    world.rds.create_db_cluster_snapshot(**NAME, DBClusterSnapshotIdentifier="first")


def _stopped(world):
    _made()(world)
    world.rds.stop_db_cluster(**NAME)


def _two_members(world):
    """A cluster with one instance, and one with two."""
    _made("one")(world)
    for name in ("two", "three"):
        world.rds.create_db_instance(**_member(DBInstanceIdentifier=name, DBClusterIdentifier="free"))


def _parameter_group(world):
    for name in ("own", "free"):
        wanted = {"DBClusterParameterGroupName": name, "DBParameterGroupFamily": "aurora-postgresql15"}
        world.rds.create_db_cluster_parameter_group(**wanted, Description="d")


def _used_parameter_group(world):
    _parameter_group(world)
    private(world)
    world.rds.create_db_cluster(**_cluster(DBClusterParameterGroupName="own"))


def _endpoint(**settings):
    return {**NAME, "DBClusterEndpointIdentifier": "reports", "EndpointType": "READER"} | settings


def _scaling(low, high):
    return {SCALING: {"MinCapacity": low, "MaxCapacity": high}}


def _creation(says, refused, accepted, code=CLASH, given=private, page=f"{API}/API_CreateDBCluster.html"):
    """A rule about new clusters."""
    return Rule(says, page, "create_db_cluster", code, _cluster(**refused), _cluster(**accepted), given)


def _joining(says, refused, accepted, code=CLASH, given=None, page=f"{API}/API_CreateDBInstance.html"):
    """A rule about new instances of a cluster."""
    return Rule(says, page, "create_db_instance", code, _member(**refused), _member(**accepted), given or _made())


def _on(says, operation, page, refused, accepted, code=CLASH, given=None):
    """A rule about a cluster that is there."""
    return Rule(says, f"{API}/API_{page}.html", operation, code, refused, accepted, given or _made())


FREE = {"DBClusterIdentifier": "free"}
NEW = {"DBClusterIdentifier": "new", "DBSubnetGroupName": "private"}
MOMENT = {"UseLatestRestorableTime": True}
CLUSTERS = [
    _creation(
        "a cluster's identifier is taken", {}, {"DBClusterIdentifier": "app2"}, "DBClusterAlreadyExistsFault", _made()
    ),
    _creation(
        "a cluster's identifier does not end in a hyphen",
        {"DBClusterIdentifier": "a-"},
        {"DBClusterIdentifier": "a-b"},
        VALUE,
    ),
    _creation("a cluster's version is one that Aurora has", {"EngineVersion": "15.9"}, {"EngineVersion": "15.10"}),
    _creation("a cluster has a master user", {"MasterUsername": "admin"}, {"MasterUsername": "administrator"}, VALUE),
    _creation(
        "a cluster's password has at least eight characters",
        {"MasterUserPassword": "seven77"},
        {"MasterUserPassword": "eight888"},
        VALUE,
    ),
    _creation(
        "a cluster's managed password is not told",
        {"ManageMasterUserPassword": True},
        {"ManageMasterUserPassword": False},
        page=f"{GUIDE}/rds-secrets-manager.html",
    ),
    _creation("a cluster always has backups", {"BackupRetentionPeriod": 0}, {"BackupRetentionPeriod": 1}, VALUE),
    _creation(
        "a cluster's backups are kept for at most 35 days",
        {"BackupRetentionPeriod": 36},
        {"BackupRetentionPeriod": 35},
        VALUE,
    ),
    _creation("a cluster's subnet group is there", {"DBSubnetGroupName": "none"}, {}, "DBSubnetGroupNotFoundFault"),
    _creation(
        "a cluster's parameter group is there",
        {"DBClusterParameterGroupName": "none"},
        {},
        "DBClusterParameterGroupNotFound",
    ),
    _creation(
        "a cluster's parameter group is of the version's family",
        {"DBClusterParameterGroupName": "default.aurora-postgresql16"},
        {"DBClusterParameterGroupName": "default.aurora-postgresql15"},
        page=f"{GUIDE}/USER_WorkingWithParamGroups.html",
    ),
    _creation(
        "serverless capacity goes from low to high",
        _scaling(4, 2),
        _scaling(2, 4),
        VALUE,
        page=f"{API}/API_ServerlessV2ScalingConfiguration.html",
    ),
    _creation(
        "serverless capacity comes in halves",
        _scaling(0.7, 4),
        _scaling(0.5, 4),
        VALUE,
        page=f"{API}/API_ServerlessV2ScalingConfiguration.html",
    ),
    _creation(
        "serverless capacity is at most 256",
        _scaling(2, 257),
        _scaling(2, 256),
        VALUE,
        page=f"{API}/API_ServerlessV2ScalingConfiguration.html",
    ),
    _creation(
        "a cluster's key is for encrypted storage",
        {"KmsKeyId": "alias/aws/rds"},
        {"KmsKeyId": "alias/aws/rds", "StorageEncrypted": True},
        page=f"{GUIDE}/Overview.Encryption.html",
    ),
    _creation(
        "a cluster's logs are of the engine's types",
        {"EnableCloudwatchLogsExports": ["error"]},
        {"EnableCloudwatchLogsExports": ["postgresql"]},
    ),
    _joining("an instance's cluster is there", {"DBClusterIdentifier": "none"}, {}, "DBClusterNotFoundFault"),
    _joining(
        "an instance's class is one of Aurora's",
        {"DBInstanceClass": "db.m7g.large"},
        {"DBInstanceClass": "db.r7g.large"},
    ),
    _joining(
        "a serverless instance needs capacity of its cluster",
        {"DBInstanceClass": "db.serverless", **FREE},
        {"DBInstanceClass": "db.serverless"},
        given=_made(**_scaling(0.5, 4)),
        page=f"{GUIDE}/aurora-serverless-v2.create.html",
    ),
    _joining("the password is the cluster's", {"MasterUserPassword": "correct-horse-9"}, {}),
    _joining("the backups are the cluster's", {"BackupRetentionPeriod": 7}, {"BackupRetentionPeriod": 1}),
    _joining("an instance's version is its cluster's", {"EngineVersion": "15.13"}, {"EngineVersion": "15.12"}),
    _joining("there are sixteen promotion tiers", {"PromotionTier": 16}, {"PromotionTier": 15}, VALUE),
]
CHANGES = [
    _on(
        "a cluster's new major version is allowed explicitly",
        "modify_db_cluster",
        "ModifyDBCluster",
        {**NAME, "EngineVersion": "16.8", **NOW},
        {**NAME, "EngineVersion": "16.8", "AllowMajorVersionUpgrade": True, **NOW},
    ),
    _on(
        "a cluster's version does not go down",
        "modify_db_cluster",
        "ModifyDBCluster",
        {**NAME, "EngineVersion": "15.10", **NOW},
        {**NAME, "EngineVersion": "15.13", **NOW},
    ),
    _on(
        "a cluster that is being made is not changed",
        "modify_db_cluster",
        "ModifyDBCluster",
        {"DBClusterIdentifier": "new", "DeletionProtection": True},
        {**NAME, "DeletionProtection": True},
        "InvalidDBClusterStateFault",
        _being_made,
    ),
    _on(
        "a cluster with instances is not deleted",
        "delete_db_cluster",
        "DeleteDBCluster",
        {**NAME, **GONE},
        {**FREE, **GONE},
        "InvalidDBClusterStateFault",
        _made("one"),
    ),
    _on(
        "a protected cluster is not deleted",
        "delete_db_cluster",
        "DeleteDBCluster",
        {**NAME, **GONE},
        {**FREE, **GONE},
        given=_protected,
    ),
    _on(
        "a cluster's final snapshot is taken or skipped",
        "delete_db_cluster",
        "DeleteDBCluster",
        NAME,
        {**NAME, "FinalDBSnapshotIdentifier": "last"},
    ),
    _on(
        "the name of a cluster's final snapshot is taken",
        "delete_db_cluster",
        "DeleteDBCluster",
        {**NAME, "FinalDBSnapshotIdentifier": "first"},
        {**NAME, "FinalDBSnapshotIdentifier": "last"},
        "DBClusterSnapshotAlreadyExistsFault",
        _snapshot,
    ),
    _on(
        "a cluster's failover needs a reader",
        "failover_db_cluster",
        "FailoverDBCluster",
        NAME,
        FREE,
        "InvalidDBClusterStateFault",
        _two_members,
    ),
    _on(
        "only a stopped cluster starts",
        "start_db_cluster",
        "StartDBCluster",
        FREE,
        NAME,
        "InvalidDBClusterStateFault",
        _stopped,
    ),
    _on(
        "a cluster that is being made has no snapshot taken",
        "create_db_cluster_snapshot",
        "CreateDBClusterSnapshot",
        {"DBClusterIdentifier": "new", "DBClusterSnapshotIdentifier": "s"},
        {**FREE, "DBClusterSnapshotIdentifier": "s"},
        "InvalidDBClusterStateFault",
        _being_made,
    ),
    _on(
        "a cluster's snapshot that is restored is there",
        "restore_db_cluster_from_snapshot",
        "RestoreDBClusterFromSnapshot",
        {**NEW, **ENGINE, "SnapshotIdentifier": "none"},
        {**NEW, **ENGINE, "SnapshotIdentifier": "first"},
        "DBClusterSnapshotNotFoundFault",
        _snapshot,
    ),
    _on(
        "a cluster's restore has one moment",
        "restore_db_cluster_to_point_in_time",
        "RestoreDBClusterToPointInTime",
        {**NEW, "SourceDBClusterIdentifier": "app"},
        {**NEW, "SourceDBClusterIdentifier": "app", **MOMENT},
    ),
    _on(
        "a restored cluster's identifier is not taken",
        "restore_db_cluster_to_point_in_time",
        "RestoreDBClusterToPointInTime",
        {**NEW, "SourceDBClusterIdentifier": "app", **MOMENT, **FREE},
        {**NEW, "SourceDBClusterIdentifier": "app", **MOMENT},
        "DBClusterAlreadyExistsFault",
    ),
    _on(
        "an endpoint names members in one way",
        "create_db_cluster_endpoint",
        "CreateDBClusterEndpoint",
        _endpoint(StaticMembers=["one"], ExcludedMembers=["two"]),
        _endpoint(StaticMembers=["one"]),
        given=_made("one", "two"),
    ),
    _on(
        "an endpoint's members are the cluster's",
        "create_db_cluster_endpoint",
        "CreateDBClusterEndpoint",
        _endpoint(StaticMembers=["two"]),
        _endpoint(StaticMembers=["one"]),
        "DBInstanceNotFound",
        _made("one"),
    ),
    _on(
        "a cluster's parameter group in use is not deleted",
        "delete_db_cluster_parameter_group",
        "DeleteDBClusterParameterGroup",
        {"DBClusterParameterGroupName": "own"},
        {"DBClusterParameterGroupName": "free"},
        "InvalidDBParameterGroupState",
        _used_parameter_group,
    ),
]
RULES = CLUSTERS + CHANGES
