# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is particular to RDS instances: the order of secret and instance, and waiting for what takes minutes."""

from __future__ import annotations

import datetime
from typing import Any, Dict, List, Optional

from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from ansible_collections.groundwork.aws.plugins.module_utils import planned, rds_master_secret, waiters
from ansible_collections.groundwork.aws.plugins.module_utils import rds_instances as known
from ansible_collections.groundwork.aws.plugins.module_utils.api import rds as api
from ansible_collections.groundwork.aws.plugins.module_utils.compare import Change, same
from ansible_collections.groundwork.aws.plugins.module_utils.errors import AwsCallError, UserError
from ansible_collections.groundwork.aws.plugins.module_utils.kms_keys import same_key
from ansible_collections.groundwork.aws.plugins.module_utils.lifecycle import Resource, make_client
from ansible_collections.groundwork.aws.plugins.module_utils.rds import RdsKind
from ansible_collections.groundwork.aws.plugins.module_utils.rds_credentials import Login
from ansible_collections.groundwork.aws.plugins.module_utils.rds_master_secret import FITS, MasterSecret

READY = ("available", "storage-optimization")
# Words for C(credentials) where RDS comes in; the others are the secret's.
BY_RDS = "is managed by RDS"
NOT_BY_RDS = "is not managed by RDS"
WAITING = "waits for the instance"
# The status of an instance that is gone while its secret is still there.
GONE = "gone"


def same_window(before: Optional[str], after: str) -> bool:
    """Whether two windows are the same; AWS turns capitals into small letters."""
    return (before or "").lower() == after.lower()


class Instance(RdsKind):
    """An RDS instance and the secret with its login."""

    type = "db"
    arn_type = "db"
    result = "instances"
    items = "instances"
    longest_name = 63
    tagged_as = "rds:db"
    holds_data = True
    equal = {
        "allocated_storage": lambda before, after: (before or 0) >= after,
        "backup_window": same_window,
        "engine_lifecycle_support": lambda before, after: before in (None, after),  # None: an older answer
        "engine_version": known.not_older,
        "kms_key_arn": same_key,
        "maintenance_window": same_window,
        "performance_insights_kms_key_arn": same_key,
    }

    def __init__(self, module: AnsibleAWSModule):
        super().__init__(module)
        self.wishes: Dict[str, dict] = {}  # the items, by name
        self.secrets: Dict[str, MasterSecret] = {}  # by the name of the instance, where the module manages them
        self.changing: Dict[str, str] = {}  # the waiter for what this run started, by the name of the instance
        self.final_snapshots: List[str] = []
        self.pending: List[dict] = []
        self._secrets_client: Any = None

    def label(self, name: str) -> str:
        return f"DB instance {name}"

    def report(self) -> dict:
        return {"final_snapshots": self.final_snapshots, "pending_deletion": self.pending}

    def flaw(self, item: dict) -> str:
        return super().flaw(item) or known.flaw(item)

    # Finding

    def find(self, items: List[dict]) -> Dict[str, Resource]:
        found = {}
        for item in items:
            self.wishes[item["name"]] = item
            self.find_secret(item)
            resource = self.read(item)
            if resource:
                self.refuse_foreign(resource)
                found[item["name"]] = resource
            elif self.params["state"] == "present" and self.is_declared(item):
                self.refuse_incomplete(item)
        return found

    def is_declared(self, item: dict) -> bool:
        """Whether an item is the user's; the others stand for what is tagged and not declared any more."""
        return item in self.params["instances"]

    def find_secret(self, item: dict) -> None:
        """Look for the secret of an item; its value only where something could be made of it."""
        credentials = item["credentials"]
        if not credentials or credentials["managed_by"] != "module" or not credentials["secret_name"]:
            return
        if self._secrets_client is None:
            self._secrets_client = make_client(self.module, "secretsmanager")
        secret = MasterSecret(self._secrets_client, credentials, item["engine"])
        secret.find(self.identity())
        secret.tags = self.tags(item, secret.current_tags)
        if self.params["state"] == "present":
            secret.load()
        elif secret.pending():
            self.pending.append(secret.pending())
        self.secrets[item["name"]] = secret

    def read(self, item: dict) -> Optional[Resource]:
        """The instance, or what is left of it."""
        resource = self.describe(item)
        if self.params["state"] == "absent":
            return self.read_for_deletion(item, resource)
        if resource and resource["status"] == "deleting":
            if self.params["state"] == "present" and self.is_declared(item):
                self.await_deletion(item["name"])
            return None
        if resource and resource["status"] == "creating" and self.waits():
            self.wait_for("db_instance_available", item["name"], self.params["wait_timeout"])
            resource = self.describe(item)
        if resource and self.params["state"] == "present":
            self.refuse_version(resource, item)
        return resource

    def read_for_deletion(self, item: dict, resource: Optional[Resource]) -> Optional[Resource]:
        self.final_snapshots += self.final_snapshots_of(item["name"])
        secret = self.secrets.get(item["name"])
        secret_is_left = bool(secret and secret.arn and not secret.deletion_date)
        if resource and resource["status"] != "deleting":
            self.refuse_protected(resource)
            return resource
        if resource and not secret_is_left:
            self.leaving.append(resource)
        if not secret_is_left:
            return None
        return resource or {"name": item["name"], "status": GONE, "tags": {}}

    def describe(self, item: dict) -> Optional[Resource]:
        """The instance as AWS describes it, with what follows from that."""
        described = api.describe_db_instances(self.client, item["name"])
        if not described:
            return None
        resource = known.view(described[0])
        return {**resource, **self.derived(resource, item), "credentials": self.credentials(resource, item)}

    def derived(self, resource: Resource, item: dict) -> Resource:
        """What AWS does not say about an instance."""
        secret = self.secrets.get(item["name"])
        connections = known.max_connections(resource["engine"], resource["instance_class"] or "")
        return {
            "max_connections": item["max_connections"] or connections,
            "secret_arn": secret.arn if secret else None,
        }

    def credentials(self, resource: Resource, item: dict) -> Optional[str]:
        """How the password is kept; V(None) where the item does not say how it should be."""
        secret = self.secrets.get(item["name"])
        if not item["credentials"] or self.params["state"] != "present":
            return None
        if secret is None:
            return FITS if resource["master_secret_arn"] else NOT_BY_RDS
        if resource["status"] == "creating" or not resource["endpoint"]:
            return WAITING
        return BY_RDS if resource["master_secret_arn"] else secret.state(self.login(resource))

    def login(self, resource: Resource) -> Login:
        """The login to an instance without its password."""
        engine = resource["engine"]
        dbname = resource["database_name"] or known.DEFAULT_DATABASES.get(engine, "")
        port = resource["port"] or known.DEFAULT_PORTS.get(engine, 0)
        return Login(resource["username"] or "", "", resource["endpoint"] or "", port, dbname, engine)

    def waits(self) -> bool:
        """Whether this run may wait."""
        return bool(self.params["wait"]) and not self.check_mode and self.params["state"] == "present"

    # Refusing

    def refuse_incomplete(self, item: dict) -> None:
        """Fail about an instance that is to be created and lacks what that takes."""
        missing = known.lacking(item)
        if missing:
            raise UserError(
                f"{self.label(item['name'])} does not exist yet and lacks {', '.join(missing)}. To fix: add them."
            )

    def refuse_version(self, resource: Resource, item: dict) -> None:
        """Fail about a major version that is lower, or higher without permission."""
        if not item["engine_version"]:
            return
        engine, wanted = resource["engine"], item["engine_version"]
        before, after = known.major(engine, resource["engine_version"]), known.major(engine, wanted)
        shown = f"{self.label(resource['name'])} runs version {resource['engine_version']}"
        if after < before[: len(after)]:
            raise UserError(f"{shown}; AWS does not go back to {wanted}. To fix: name what it runs.")
        if after > before and not self.params["allow_major_version_upgrade"]:
            raise UserError(
                f"{shown}; {wanted} is a major upgrade, which interrupts the service. "
                "To fix: set allow_major_version_upgrade after a test, with a parameter group of the new family."
            )

    def refuse_protected(self, resource: Resource) -> None:
        """Fail about a deletion that the instance is protected from."""
        if resource.get("deletion_protection") and not self.params["force"]:
            raise UserError(
                f"{self.label(resource['name'])} is protected from deletion. Nothing was changed. "
                "To fix: converge with deletion_protection: false, or tear down with force."
            )

    # Wishes

    def planned(self, item: dict) -> Resource:
        region, engine, name = self.module.region or "", item["engine"], item["name"]
        storage = item["allocated_storage"]
        return {
            **super().planned(item),
            "status": "available",
            "endpoint": planned.endpoint(name, region, "rds"),
            "port": item["port"] or known.DEFAULT_PORTS[engine],
            "allocated_storage_bytes": storage * known.GIB if storage else None,
            "max_connections": item["max_connections"] or known.max_connections(engine, item["instance_class"]),
            "resource_id": None,
            "pending_reboot": False,
            **self.planned_secrets(item, region),
        }

    def planned_secrets(self, item: dict, region: str) -> Dict[str, Optional[str]]:
        secret, account_id = self.secrets.get(item["name"]), self.params["account_id"]
        own = master = None
        if secret:
            own = secret.arn or planned.secret_arn(secret.name, region, account_id)
        elif item["credentials"]:
            master = planned.secret_arn(f"rds!db-{planned.uuid('rds', region, item['name'])}", region, account_id)
        return {"secret_arn": own, "master_secret_arn": master}

    def fixed(self, item: dict) -> Resource:
        names = ("engine", "kms_key_arn", "database_name", "username", "subnet_group_name", "replica_of")
        resource = self.resources.get(item["name"], {})
        insights = ("performance_insights_kms_key_arn",) if resource.get("performance_insights") else ()
        return {name: item[name] for name in names + insights}

    def desired(self, item: dict) -> Resource:
        resource = self.resources.get(item["name"], {})
        credentials = FITS if item["credentials"] and resource.get("credentials") != WAITING else None
        options = (*known.REQUESTED, "port", "cloudwatch_logs_exports")
        wanted = {**{option: item[option] for option in options}, "credentials": credentials}
        if resource.get("status") == "creating" and not self.waits():
            # Nothing can be changed yet, and not everything is said; a later run compares it.
            return {option: value for option, value in wanted.items() if same(resource.get(option), value)}
        return wanted

    # Changing

    def create(self, item: dict) -> Resource:
        request, secret = known.creation(item), self.secrets.get(item["name"])
        if secret:
            database = item["database_name"] or known.DEFAULT_DATABASES[item["engine"]]
            port = item["port"] or known.DEFAULT_PORTS[item["engine"]]
            login = Login(item["username"], "", "", port, database, item["engine"])
            request["MasterUserPassword"] = secret.prepare(login)
        elif item["credentials"]:
            key = item["credentials"]["secret_kms_key_arn"]
            request.update({"ManageMasterUserPassword": True, **({"MasterUserSecretKmsKeyId": key} if key else {})})
        if item["replica_of"] in self.changing and self.waits():
            self.wait_for("db_instance_available", item["replica_of"], self.params["wait_timeout"])
        call = api.create_db_instance_read_replica if item["replica_of"] else api.create_db_instance
        resource = known.view(call(self.client, item["name"], self.tags(item) or {}, **request))
        self.changing[item["name"]] = "db_instance_available"
        return {
            **resource,
            **known.granted(item),
            **self.derived(resource, item),
            "status": "creating",
            "tags": self.tags(item) or {},
            "credentials": (WAITING if secret else FITS) if item["credentials"] else None,
        }

    def update(self, resource: Resource, changes: Dict[str, Change]) -> None:
        item = self.wishes[resource["name"]]
        request = known.modification(changes, item, resource)
        if "credentials" in changes:
            request.update(self.repaired(resource, item, changes["credentials"].before))
        if request:
            self.modify(resource, request)
        if "tags" in changes:
            self.update_tags(resource, *changes["tags"])

    def modify(self, resource: Resource, request: Dict[str, Any]) -> None:
        """Change everything in one call, when AWS is done with what it does."""
        name = resource["name"]
        # A password is applied at once anyway.
        immediately = self.params["apply_immediately"] or "MasterUserPassword" in request
        if resource["status"] not in READY + waiters.DB_BROKEN and self.waits():
            self.wait_for("db_instance_available", name, self.params["wait_timeout"])
        api.modify_db_instance(self.client, name, ApplyImmediately=immediately, **request)
        if "MasterUserPassword" in request:
            resource["status"] = "modifying"  # also where AWS says so later: the secret is finished after it only
        self.changing[name] = "db_instance_modified" if immediately else "db_instance_available"

    def repaired(self, resource: Resource, item: dict, state: Optional[str]) -> Dict[str, Any]:
        """Let secret and instance fit each other again; returns what RDS has to be told for it."""
        secret = self.secrets.get(resource["name"])
        if secret is None:
            key = item["credentials"]["secret_kms_key_arn"]
            return {"ManageMasterUserPassword": True, **({"MasterUserSecretKmsKeyId": key} if key else {})}
        login = self.login(resource)
        if state == rds_master_secret.DELETED:
            secret.restore()
            state = secret.state(login)
        if state == BY_RDS or state in rds_master_secret.WITHOUT_PASSWORD:
            told = {"ManageMasterUserPassword": False} if state == BY_RDS else {}
            return {**told, "MasterUserPassword": secret.reset(login)}
        secret.finish(login)
        return {}

    def settle(self, resources: List[Resource], timeout: int) -> None:
        for resource in resources:
            name, item = resource["name"], self.wishes[resource["name"]]
            if name in self.changing or resource["status"] not in READY:
                self.wait_for(self.changing.get(name, "db_instance_available"), name, timeout)
                resource.update(self.describe(item) or {})
            secret = self.secrets.get(name)
            if secret and resource["endpoint"]:
                secret.finish(self.login(resource))
                resource.update({"credentials": FITS, "secret_arn": secret.arn})

    # Waiting

    def wait_for(self, waiter: str, name: str, timeout: int) -> None:
        """Wait, and say it plainly when the instance came to a state that only a person can end."""
        try:
            waiters.wait(self.client, waiter, f"{self.label(name)} available", timeout, DBInstanceIdentifier=name)
        except AwsCallError:
            for described in api.describe_db_instances(self.client, name):
                if described["DBInstanceStatus"] in waiters.DB_BROKEN:
                    raise UserError(
                        f"{self.label(name)} is {described['DBInstanceStatus']}. To fix: see its events in the RDS "
                        "console, correct what they name, and run again."
                    ) from None
            raise

    def await_deletion(self, name: str) -> None:
        """Wait until a name is free again that somebody's deletion still holds."""
        if not self.params["wait"] and not self.check_mode:
            raise UserError(f"{self.label(name)} is being deleted. To fix: run again when it is gone, or with wait.")
        if self.waits():
            self.settle_deleted([{"name": name}], self.params["wait_timeout"])

    def settle_deleted(self, resources: List[Resource], timeout: int) -> None:
        for resource in resources:
            name = resource["name"]
            waiters.wait(
                self.client, "db_instance_deleted", f"{self.label(name)} gone", timeout, DBInstanceIdentifier=name
            )

    # Deleting

    def delete(self, resource: Resource) -> None:
        if resource["status"] not in ("deleting", GONE):
            self.delete_instance(resource)
        secret = self.secrets.get(resource["name"])
        kept = secret.delete(self.params["recovery_window_days"]) if secret else None
        if kept:
            self.pending.append(kept)

    def final_snapshots_of(self, name: str) -> List[str]:
        """What earlier deletions left, also one that was killed before it could say so."""
        found = [snapshot["DBSnapshotIdentifier"] for snapshot in api.describe_manual_snapshots(self.client, name)]
        return sorted(one for one in found if one.startswith(f"{name}-final-"))

    def delete_instance(self, resource: Resource) -> None:
        name = resource["name"]
        self.refuse_protected(resource)
        if resource["status"] not in READY + waiters.DB_BROKEN and self.params["wait"]:
            self.wait_for("db_instance_available", name, self.params["wait_timeout"])
        if resource["deletion_protection"]:
            api.modify_db_instance(self.client, name, DeletionProtection=False, ApplyImmediately=True)
        if resource["replica_of"] or not self.wishes[name]["final_snapshot"]:
            api.delete_db_instance(self.client, name, SkipFinalSnapshot=True)
            return
        moment = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%d%H%M%S")
        snapshot = f"{name}-final-{moment}"
        api.delete_db_instance(self.client, name, SkipFinalSnapshot=False, FinalDBSnapshotIdentifier=snapshot)
        self.final_snapshots.append(snapshot)
