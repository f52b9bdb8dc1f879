# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The life cycle of a resource, once for every module: describe, compare, change, wait, tag.

A module brings a L(Kind,Kind): what is particular to one kind of resource. L(run,run) does the rest.
"""

from __future__ import annotations

import os
import threading
import time
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

try:
    from botocore.config import Config
    from botocore.exceptions import HTTPClientError
except ImportError:
    Config = None  # AnsibleAWSModule reports that boto3 is missing.

from ansible_collections.amazon.aws.plugins.module_utils.exceptions import AnsibleAWSError
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule
from ansible_collections.amazon.aws.plugins.module_utils.tagging import compare_aws_tags

from ansible_collections.groundwork.aws.plugins.module_utils import compare, planned, side_by_side
from ansible_collections.groundwork.aws.plugins.module_utils.api import tagging
from ansible_collections.groundwork.aws.plugins.module_utils.errors import UserError, reason

Resource = Dict[str, Any]

# Calls that may be sent twice: they read, they say how something should be, or the second finds it gone.
REPEATABLE = (
    ("BatchGet", "Describe", "Get", "Head", "List", "Lookup", "Search", "Simulate")
    + (
        "Add",
        "Change",
        "CreateTags",
        "Disable",
        "Enable",
        "Modify",
        "Put",
        "Register",
        "Set",
        "Subscribe",
        "Tag",
        "Update",
    )
    + ("Delete", "Deregister", "Release", "Remove", "Stop", "Unsubscribe", "Untag")
)

# How often a run that lost an answer looks again at what there is, and the seconds before: by then AWS shows what it has
# created (U(https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html)), so it is not created twice.
LOOKS_AGAIN = 3
VISIBLE_AFTER = 10

# Where the tags of a module have these keys, a resource with other values is somebody else's.
IDENTITY_TAGS = ("Platform", "Environment")
# What carries the same values of all these tags was made by the same role of the same platform.
OWNER_TAGS = IDENTITY_TAGS + ("ManagedBy", "Component")

ARGUMENTS = {
    "state": {"choices": ["present", "absent", "gathered"], "default": "present"},
    "undeclared": {"choices": ["ignore", "report", "delete", "delete_with_data"], "default": "ignore"},
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "int", "default": 600},
}
TAG_ARGUMENTS = {
    "tags": {"type": "dict", "aliases": ["resource_tags"]},
    "purge_tags": {"type": "bool", "default": True},
}


class Kind:
    """One kind of AWS resource. Subclasses say what is particular to it.

    A resource is a flat dictionary in snake case: its name, its id, its tags, and the fields that
    the module compares. An item is what the user wrote about one resource.
    """

    service: str = ""  # boto3's name of the service
    type: str = ""  # the type as IAM and the plan call it: subnet, route-table
    result: str = ""  # the key of the module's result
    items: str = ""  # the parameter with the list of items; empty: the parameters are the one item
    parents: Sequence[str] = ()  # parameters with the ids of resources that this kind lives in
    equal: Dict[str, Callable[[Any, Any], bool]] = {}  # fields that need a comparison of their own
    replaceable: bool = False  # a changed fixed field replaces the resource instead of failing
    tagged_as: str = ""  # the type in GetResources; empty: what the items no longer name cannot be found
    holds_data: bool = False  # deleting one loses what cannot be made again

    def __init__(self, module: AnsibleAWSModule):
        self.module = module
        self.params = module.params
        self.check_mode = module.check_mode
        self.resources: Dict[str, Resource] = {}
        self.leaving: List[Resource] = []  # what find() saw being deleted, by a run that did not wait or was killed
        self._client = None
        self._making_client = threading.Lock()  # boto3 makes one at a time; what it made serves all threads

    @property
    def client(self) -> Any:
        """The boto3 client, made when the first call needs it: planned parents need none."""
        with self._making_client:
            if self._client is None:
                self._client = make_client(self.module, self.service)
            return self._client

    # What a subclass says.

    def validate(self, items: List[dict]) -> None:
        """Refuse wishes that cannot be carried out, before the first call."""

    def inherent(self, items: List[dict]) -> Dict[str, Resource]:
        """The items that exist in planned parents, because AWS creates them together."""
        return {}

    def find(self, items: List[dict]) -> Dict[str, Resource]:
        """The items that exist, by name, in as few calls as AWS allows."""
        found = side_by_side.each(self.find_one, items)
        return {item["name"]: resource for item, resource in zip(items, found) if resource}

    def find_one(self, item: dict) -> Optional[Resource]:
        """One item, for a kind that AWS describes one at a time; it runs beside others and changes nothing."""
        raise NotImplementedError

    def planned(self, item: dict) -> Resource:
        """What identifies a resource that check mode would create."""
        return {}

    def fixed(self, item: dict) -> Resource:
        """The fields that AWS cannot change after creation."""
        return {}

    def desired(self, item: dict) -> Resource:
        """The fields that a method C(update_<field>) can change. V(None): not managed."""
        return {}

    def create(self, item: dict) -> Resource:
        """Create the resource with whatever one call can set, name and tags at least."""
        raise NotImplementedError

    def set_tags(self, resource: Resource, tags: Dict[str, str]) -> None:
        """Add tags, or change their values."""
        raise NotImplementedError

    def remove_tags(self, resource: Resource, keys: List[str]) -> None:
        """Remove tags."""
        raise NotImplementedError

    def delete(self, resource: Resource) -> None:
        """Delete the resource; that it is gone already is no error."""
        raise NotImplementedError

    def update(self, resource: Resource, changes: Dict[str, compare.Change]) -> None:
        """Change a resource, field by field; a kind with one call for several fields says so here."""
        for field, change in changes.items():
            getattr(self, f"update_{field}")(resource, change.before, change.after)
            resource[field] = change.after

    def name_of(self, arn: str, tags: Dict[str, str]) -> str:
        """The name of an item from its resource's ARN and tags, for kinds with C(tagged_as)."""
        return arn.rpartition(":")[2].rpartition("/")[2]

    def settle(self, resources: List[Resource], timeout: int) -> None:
        """Wait until the resources, found or just created, can be used."""

    def settle_deleted(self, resources: List[Resource], timeout: int) -> None:
        """Wait until the deleted resources no longer hold on to what they used."""

    def report(self) -> dict:
        """What the module's result says beside the resources."""
        return {}

    # What the subclasses share.

    def label(self, name: str) -> str:
        """How messages call a resource."""
        return f"{self.type.replace('-', ' ')} {name}"

    def tags(self, item: dict, current: Optional[dict] = None) -> Optional[Dict[str, str]]:
        """The tags an item should have: those of the module, then its own."""
        if self.params.get("tags") is None and not item.get("tags"):
            return None
        wanted = {**(self.params.get("tags") or {}), **(item.get("tags") or {})}
        return compare.final_tags(current or {}, wanted, self.params.get("purge_tags", True))

    def update_tags(self, resource: Resource, before: Dict[str, str], after: Dict[str, str]) -> None:
        """Set and remove tags, in two calls at most."""
        to_set, to_remove = compare_aws_tags(before, after)
        if to_remove:
            self.remove_tags(resource, to_remove)
        if to_set:
            self.set_tags(resource, to_set)

    def identity(self) -> Dict[str, str]:
        """The tags that say whose the resources are."""
        tags = self.params.get("tags") or {}
        return {key: str(tags[key]) for key in IDENTITY_TAGS if key in tags}

    def owned(self) -> List[str]:
        """The names of all resources with the tags of this module's resources, whether its items name them or not."""
        tags = self.params.get("tags") or {}
        if not self.tagged_as or any(key not in tags for key in OWNER_TAGS):
            return []
        client = make_client(self.module, "resourcegroupstaggingapi")
        found = tagging.get_resources(client, self.tagged_as, {key: str(tags[key]) for key in OWNER_TAGS})
        return sorted(self.name_of(arn, tags) for arn, tags in found.items())

    def refuse_foreign(self, resource: Resource) -> None:
        """Fail about a resource that the account has once by this name, and that is somebody else's."""
        wanted = self.identity()
        others = {key: resource["tags"][key] for key in wanted if resource["tags"].get(key, wanted[key]) != wanted[key]}
        if others:
            owner = ", ".join(f"{key}={value}" for key, value in sorted(others.items()))
            raise UserError(
                f"{self.label(resource['name'])} belongs to somebody else: it is tagged {owner}. Nothing was changed. "
                "To fix: choose another name, or correct the tags of the existing one if it is yours."
            )


class Lifecycle:
    """Takes the items of one kind through their life cycle and keeps account of what it did."""

    def __init__(self, module: AnsibleAWSModule, kind: Kind):
        self.module = module
        self.kind = kind
        self.check_mode = module.check_mode
        self.params = module.params
        self.items: Dict[str, dict] = {}
        self.actions: List[dict] = []
        self.diffs: List[dict] = []
        self.replaced: List[str] = []
        self.undeclared: List[dict] = []
        self.attempted: Optional[Tuple[str, str]] = None  # the action and the name that are not noted yet

    def again(self, kind: Kind) -> Lifecycle:
        """A life cycle that goes on where this one lost an answer, with the account of both."""
        if self.attempted:
            self._note(*self.attempted, {})
        other = Lifecycle(self.module, kind)
        other.actions, other.diffs, other.replaced = self.actions, self.diffs, self.replaced
        return other

    def run(self) -> None:
        """Do what O(state) asks. The outcome is in the attributes, also when this raises."""
        self.items = self._items()
        if self.params["state"] == "present":
            self.kind.validate(list(self.items.values()))
        self.kind.resources = self._find()
        getattr(self, self.params["state"])()

    def outcome(self) -> dict:
        """The module's result: also what was done before a failure."""
        resources = self.kind.resources
        if self.kind.items:
            found: Any = resources
        else:
            found = next(iter(resources.values()), None)
        return {
            self.kind.result: found,
            "changed": bool(self.actions),
            "actions": self.actions,
            "diff": self.diffs,
            "undeclared": self.undeclared,
            **self.kind.report(),
        }

    def gathered(self) -> None:
        """Read. In check mode what is missing is returned as planned, so that later roles can plan too."""
        if self.check_mode:
            for name, item in self._missing().items():
                self.kind.resources[name] = self._predict(item)

    def present(self) -> None:
        """Create what is missing and update what differs."""
        self._replace_or_refuse_fixed()
        missing = self._missing()
        for name, item in missing.items():
            self._create(name, item)
        for name, item in self.items.items():
            self._update(name, item, created=name in missing)
        removed = self._remove_undeclared()
        if removed and self.params["wait"] and not self.check_mode:
            self.kind.settle_deleted(removed, self.params["wait_timeout"])
        if self.params["wait"] and not self.check_mode:
            self.kind.settle(list(self.kind.resources.values()), self.params["wait_timeout"])

    def absent(self) -> None:
        """Delete what is there, in the reverse of the order of the items."""
        deleted = list(self.kind.leaving)
        for name in reversed(list(self.kind.resources)):
            deleted.append(self._delete(name))
        deleted += self._remove_undeclared()
        if deleted and self.params["wait"] and not self.check_mode:
            self.kind.settle_deleted(deleted, self.params["wait_timeout"])

    def _items(self) -> Dict[str, dict]:
        listed = self.params[self.kind.items] if self.kind.items else [self.params]
        items: Dict[str, dict] = {}
        for item in listed:
            if item["name"] in items:
                raise UserError(f"{self.kind.label(item['name'])} is listed twice. To fix: give each its own name.")
            items[item["name"]] = item
        return items

    def _find(self) -> Dict[str, Resource]:
        parents = {parent: self.params.get(parent) for parent in self.kind.parents}
        if not self.check_mode and planned.is_planned(self.params):
            raise UserError(
                f"{self._subject()}: a planned id of a --check run was passed to a real one. "
                "To fix: converge the role that creates it first, or run without its tag's restriction."
            )
        if planned.is_planned(parents):
            return self.kind.inherent(list(self.items.values()))
        absent_parents = sorted(parent for parent, value in parents.items() if not value)
        if absent_parents and self.params["state"] == "present":
            raise UserError(f"{self._subject()}: {', '.join(absent_parents)} is not known: its role has not run yet.")
        return {} if absent_parents or not self.items else self.kind.find(list(self.items.values()))

    def _subject(self) -> str:
        return ", ".join(self.kind.label(name) for name in self.items) or self.kind.type

    def _missing(self) -> Dict[str, dict]:
        return {name: item for name, item in self.items.items() if name not in self.kind.resources}

    def _replace_or_refuse_fixed(self) -> None:
        # Before anything changes: a later item's impossible wish must not leave a half-done run.
        for name, resource in list(self.kind.resources.items()):
            changes = compare.difference(resource, self.kind.fixed(self.items[name]), self.kind.equal)
            if not changes:
                continue
            if not self.kind.replaceable:
                raise UserError(_fixed_message(self.kind.label(name), changes))
            self._note("replace", name, changes)
            if not self.check_mode:
                self.kind.delete(resource)
            del self.kind.resources[name]
            self.replaced.append(name)

    def _create(self, name: str, item: dict) -> None:
        if self.check_mode:
            self.kind.resources[name] = self._predict(item)
        else:
            self.attempted = ("create", name)
            self.kind.resources[name] = self.kind.create(item)
            self.attempted = None
        if name not in self.replaced:
            self._note("create", name, {})

    def _update(self, name: str, item: dict, created: bool) -> None:
        resource = self.kind.resources[name]
        wanted = {**self.kind.desired(item), "tags": self.kind.tags(item, resource.get("tags"))}
        changes = compare.difference(resource, wanted, self.kind.equal)
        if created:
            self.diffs.append(_diff(self.kind.label(name), {}, {**self.kind.fixed(item), **wanted}))
        elif changes:
            self._note("update", name, changes)
        if changes and not self.check_mode:
            self.kind.update(resource, changes)
        resource.update({field: change.after for field, change in changes.items()})

    def _delete(self, name: str) -> Resource:
        if not self.check_mode:
            self.attempted = ("delete", name)
            self.kind.delete(self.kind.resources[name])
        self._note("delete", name, {})
        return self.kind.resources.pop(name)

    def _remove_undeclared(self) -> List[Resource]:
        """Delete what is tagged as the items' and not among them, or say that it is there."""
        parents = [self.params.get(parent) for parent in self.kind.parents]
        if self.params["undeclared"] == "ignore" or planned.is_planned(parents):
            return []
        names = [name for name in self.kind.owned() if name not in self.items]
        found = self.kind.find([self._blank(name) for name in names]) if names else {}
        if self.params["undeclared"] == "report" or (
            self.kind.holds_data and self.params["undeclared"] != "delete_with_data"
        ):
            self.undeclared = [self._entry("undeclared", name) for name in found]
            return []
        self.kind.resources.update(found)
        return [self._delete(name) for name in found]

    def _blank(self, name: str) -> dict:
        options = self.module.argument_spec[self.kind.items]["options"]
        return {**{option: spec.get("default") for option, spec in options.items()}, "name": name}

    def _predict(self, item: dict) -> Resource:
        tags = self.kind.tags(item)
        return {"name": item["name"], "tags": tags, **self.kind.fixed(item), **self.kind.planned(item)}

    def _note(self, action: str, name: str, changes: Dict[str, compare.Change]) -> None:
        self.attempted = None
        known = next((one for one in self.actions if one["name"] == name), None)
        if known:  # by a run that lost the answer
            known["fields"] = sorted({*known["fields"], *changes})
        else:
            self.actions.append({**self._entry(action, name), "fields": sorted(changes)})
        if action == "delete" and not known:
            self.diffs.append(_diff(self.kind.label(name), {"exists": True}, {}))
        elif changes:
            before = {field: change.before for field, change in changes.items()}
            self.diffs.append(_diff(self.kind.label(name), before, {f: c.after for f, c in changes.items()}))

    def _entry(self, action: str, name: str) -> dict:
        return {"service": self.kind.service, "type": self.kind.type, "name": name, "action": action}


def _fixed_message(label: str, changes: Dict[str, compare.Change]) -> str:
    fields = "; ".join(f"{f} is {c.before} and cannot become {c.after}" for f, c in sorted(changes.items()))
    return f"{label}: {fields}. To fix: put the old value back, or give the new resource another name."


def _diff(label: str, before: Resource, after: Resource) -> dict:
    return {
        "before_header": label,
        "after_header": label,
        "before": compare.canonical(before),
        "after": compare.canonical({key: value for key, value in after.items() if value is not None}),
    }


def make_client(module: AnsibleAWSModule, service: str) -> Any:
    """A boto3 client that retries throttled calls and lost connections.

    botocore's standard mode with 8 attempts bridges about half a minute
    (U(https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html)); the environment
    variable E(AWS_MAX_ATTEMPTS) overrides it.
    """
    if Config is None:
        return module.client(service)
    retries = {} if "AWS_MAX_ATTEMPTS" in os.environ else {"retries": {"mode": "standard", "total_max_attempts": 8}}
    client = module.client(service, config=Config(**retries))
    event = f"needs-retry.{client.meta.service_model.service_id.hyphenize()}"
    client.meta.events.register_first(event, _give_up_on_lost_creation)
    return client


def _give_up_on_lost_creation(operation: Any, caught_exception: Optional[Exception], **_kwargs: Any) -> None:
    # AWS may have carried out a call whose answer was lost. botocore would send it again and so create a second
    # VPC, address or key; run() looks again at what there is instead. A client token makes it safe.
    if not isinstance(caught_exception, HTTPClientError):
        return  # there was an answer, or the request never arrived
    if not operation.idempotent_members and not operation.name.startswith(REPEATABLE):
        caught_exception.may_be_done = True
        raise caught_exception


def run(kind_class: type, argument_spec: dict, **module_arguments: Any) -> None:
    """A module's C(main()): make the module, run the life cycle, report."""
    spec = {**ARGUMENTS, **TAG_ARGUMENTS, **argument_spec}
    module = AnsibleAWSModule(argument_spec=spec, supports_check_mode=True, **module_arguments)
    lifecycle = Lifecycle(module, kind_class(module))
    for looks in reversed(range(LOOKS_AGAIN + 1)):
        try:
            lifecycle.run()
            break
        except AnsibleAWSError as error:
            # What botocore has sent again in vain is no better for a fourth half minute.
            if not looks or not getattr(error.exception, "may_be_done", False):
                module.fail_json(msg=_failure(error, module), **lifecycle.outcome())
        time.sleep(VISIBLE_AFTER)
        lifecycle = lifecycle.again(kind_class(module))
    module.exit_json(**lifecycle.outcome())


def _failure(error: AnsibleAWSError, module: AnsibleAWSModule) -> str:
    text = str(error.message)
    if error.exception is not None and ": " not in text:
        text = f"{text}: {reason(error.exception)}"
    return f"{text} (region {module.region})" if error.exception is not None else text
