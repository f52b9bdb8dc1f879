# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the clone's playbooks against a sandbox, and says which resources a run's calls were about."""

import dataclasses
import functools
import itertools
import json
import os
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
REGION = "us-east-1"
RECAP = re.compile(r"^(\S+)\s+: (ok=.*)$", re.MULTILINE)
# What ansible prints when something is not as it should be, other than a task's failure.
COMPLAINT = re.compile(r"^.*(?:\[(?:WARNING|ERROR|DEPRECATION)|Traceback).*$", re.MULTILINE | re.IGNORECASE)
TIMEOUT = 180


# Running playbooks


@dataclasses.dataclass
class Run:
    """What one ansible-playbook did, and the calls that the sandbox recorded meanwhile."""

    command: list
    rc: int
    output: str
    calls: list

    @functools.cached_property
    def recap(self):
        """{host: {"ok": 1, "changed": 0, ...}}"""
        lines = RECAP.findall(self.output)
        return {host: {key: int(n) for key, n in re.findall(r"(\w+)=(\d+)", counts)} for host, counts in lines}

    @property
    def complaints(self):
        """The lines with warnings, deprecations, errors and tracebacks."""
        return COMPLAINT.findall(self.output)

    @property
    def mutating(self):
        """The calls that change something."""
        return [call for call in self.calls if call["mutating"]]

    @property
    def text(self):
        """The output with every run of white space made one space: messages are wrapped."""
        return " ".join(self.output.split())

    def total(self, count):
        """A count of the recap over all hosts."""
        return sum(counts[count] for counts in self.recap.values())

    def ok(self):
        """This run, after making sure that it worked and complained about nothing."""
        assert self.rc == 0, self.report()
        assert not self.complaints, self.report()
        assert self.recap and not self.total("failed") and not self.total("unreachable"), self.report()
        return self

    def unchanged(self):
        """This run, after making sure that it worked and changed nothing."""
        self.ok()
        assert not self.mutating, [(call["service"], call["operation"], call["parameters"]) for call in self.mutating]
        assert self.total("changed") == 0, self.report()
        return self

    def refused(self, *messages):
        """This run, after making sure that it failed with these messages, and without a traceback."""
        assert self.rc != 0, self.report()
        assert "Traceback" not in self.output, self.report()
        for message in messages:
            assert message in self.text, f"it never says {message!r}\n{self.report()}"
        return self

    def report(self):
        """What to show when a test fails."""
        return f"{' '.join(self.command)}\nrc={self.rc}\n{self.output[-12000:]}"


class Ansible:
    """ansible-playbook as a user of the clone runs it, with a home of its own and a sandbox as its AWS."""

    def __init__(self, sandbox, folder):
        self.sandbox, self.folder = sandbox, Path(folder)

    def converge(self, inventory, *arguments, **options):
        """Run site.yml."""
        return self.run("site.yml", inventory, *arguments, **options)

    def plan(self, inventory, *arguments, **options):
        """Run the plan: (run, content of plan.json)."""
        path = self.folder / "plan.json"
        path.unlink(missing_ok=True)
        extra = {"plan_file": str(path)} | options.pop("extra", {})
        run = self.run("playbooks/plan.yml", inventory, "--check", "--diff", *arguments, extra=extra, **options)
        return run, json.loads(path.read_text()) if path.exists() else None

    def teardown(self, inventory, host=None, force=False, **options):
        """Run the teardown of a host, or unconfirmed."""
        extra = {"teardown_confirm": host} if host else {}
        extra |= {"teardown_force": True} if force else {}
        return self.run("playbooks/teardown.yml", inventory, extra=extra, **options)

    def run(self, playbook, inventory, *arguments, **options):
        """Run a playbook to its end and say what came of it."""
        self.sandbox.forget_calls()
        with self.start(playbook, inventory, *arguments, **options) as process:
            try:
                output, _nothing = process.communicate(timeout=TIMEOUT)
            except BaseException:
                os.killpg(process.pid, signal.SIGKILL)
                raise
        return Run(process.args, process.returncode, output, self.sandbox.calls())

    def start(self, playbook, inventory, *arguments, extra=None, environment=None, cwd=ROOT, stdout=subprocess.PIPE):
        """Start a playbook in a process group of its own. An inventory is a path, or a name below inventories/."""
        inventory = inventory if os.sep in str(inventory) else f"{ROOT}/inventories/{inventory}"
        command = [f"{sys.prefix}/bin/ansible-playbook", str(playbook), "-i", str(inventory), *arguments]
        command += ["-e", json.dumps(extra)] if extra else []
        pipes = {"stdin": subprocess.DEVNULL, "stdout": stdout, "stderr": subprocess.STDOUT}
        env = self.environment() | (environment or {})
        return subprocess.Popen(command, cwd=cwd, env=env, text=True, start_new_session=True, **pipes)

    def environment(self):
        """What a run gets: nothing of the user's AWS, Ansible and home."""
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        base = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "GROUNDWORK_"))}
        own = {"HOME": home, "ANSIBLE_HOME": home / ".ansible", "ANSIBLE_LOCAL_TEMP": home / "tmp"}
        return self.sandbox.environment(base) | {name: str(path) for name, path in own.items()} | {"NO_COLOR": "1"}


def inventory(folder, hosts, **files):
    """Write an inventory: ``hosts`` is {host: (environment, platform)}, files are {"group_vars/x": {...}}."""
    groups = {}
    for host, names in hosts.items():
        for name in names:
            groups.setdefault(name, {"hosts": {}})["hosts"][host] = None
    for name, content in {"hosts": {"all": {"children": groups}}, **files}.items():
        path = Path(folder) / f"{name}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(content))
    return folder


def environment_policy(name, **variables):
    """The variables that every environment has to set, for a made-up one."""
    policy = {"platform_environment": name, "platform_account_ids": ["123456789012"], "platform_regions": [REGION]}
    return policy | variables


# What is in the account

# The member that names a resource where it is not the tag Name.
NAME = {
    "ec2/security-group": "GroupName",
    "ecr/repository": "repositoryName",
    "iam/role": "RoleName",
    "kms/alias": "AliasName",
    "logs/log-group": "logGroupName",
}


class Account:
    """What boto3 shows of the account at one moment: {kind: {name: description}}, see sandbox/snapshot.py."""

    def __init__(self, sandbox, region=None):
        self.snapshot = sandbox.snapshot(region and [region])

    def names(self, kind):
        """The names of a kind, sorted; what AWS makes beside what it is asked for has none."""
        return sorted(self.of(kind))

    def every(self, kind):
        """(name, description) of the resources of a kind; the name of some is empty."""
        items = self.snapshot.get(kind, {}).values()
        return [(item.get(NAME.get(kind, "")) or tagged_name(item), item) for item in items]

    def of(self, kind):
        """The named resources of a kind by name. A name that is there twice fails, but for what every VPC has."""
        found = {}
        for name, item in self.every(kind):
            assert name not in found or name == "default", f"{kind} {name} is there twice"
            if name:
                found[name] = item
        return found

    def one(self, kind, name=None):
        """A resource by name, or the only one of its kind."""
        named = self.of(kind)
        if name is None:
            assert len(named) == 1, f"{kind}: {sorted(named)}"
            return next(iter(named.values()))
        assert name in named, f"no {kind} {name}, there are {sorted(named)}"
        return named[name]


def without_pending_keys(snapshot):
    """A snapshot without the keys that wait for their deletion, which nothing can hurry."""
    return {kind: items for kind, items in snapshot.items() if kind != "kms/pending-deletion"}


# What a run's calls were about

# EC2's creating calls: the type as the plan calls it. Their names are in the tags.
CREATED = {
    "AllocateAddress": "elastic-ip",
    "CreateFlowLogs": "vpc-flow-log",
    "CreateInternetGateway": "internet-gateway",
    "CreateNatGateway": "natgateway",
    "CreateNetworkAcl": "network-acl",
    "CreateRouteTable": "route-table",
    "CreateSecurityGroup": "security-group",
    "CreateSubnet": "subnet",
    "CreateVpc": "vpc",
    "CreateVpcEndpoint": "vpc-endpoint",
}
# EC2's other calls: the parameter that says what they are about. Unlisted operations are not known.
ABOUT = {
    "AttachInternetGateway": "InternetGatewayId",
    "AssociateRouteTable": "RouteTableId",
    "AuthorizeSecurityGroupEgress": "GroupId",
    "AuthorizeSecurityGroupIngress": "GroupId",
    "CreateNetworkAclEntry": "NetworkAclId",
    "CreateRoute": "RouteTableId",
    "CreateTags": "Resources",
    "DeleteFlowLogs": "FlowLogIds",
    "DeleteInternetGateway": "InternetGatewayId",
    "DeleteNatGateway": "NatGatewayId",
    "DeleteNetworkAcl": "NetworkAclId",
    "DeleteNetworkAclEntry": "NetworkAclId",
    "DeleteRoute": "RouteTableId",
    "DeleteRouteTable": "RouteTableId",
    "DeleteSecurityGroup": "GroupId",
    "DeleteSubnet": "SubnetId",
    "DeleteTags": "Resources",
    "DeleteVpc": "VpcId",
    "DeleteVpcEndpoints": "VpcEndpointIds",
    "DetachInternetGateway": "InternetGatewayId",
    "DisassociateRouteTable": "AssociationId",
    "ModifySecurityGroupRules": "GroupId",
    "ModifySubnetAttribute": "SubnetId",
    "ModifyVpcAttribute": "VpcId",
    "ModifyVpcEndpoint": "VpcEndpointId",
    "ReleaseAddress": "AllocationId",
    "ReplaceNetworkAclAssociation": "NetworkAclId",
    "ReplaceNetworkAclEntry": "NetworkAclId",
    "ReplaceRoute": "RouteTableId",
    "ReplaceRouteTableAssociation": "RouteTableId",
    "RevokeSecurityGroupEgress": "GroupId",
    "RevokeSecurityGroupIngress": "GroupId",
    "UpdateSecurityGroupRuleDescriptionsEgress": "GroupId",
    "UpdateSecurityGroupRuleDescriptionsIngress": "GroupId",
}
# The services whose calls say a name, or an ARN that ends with it: the type, and the parameters to look at.
NAMED = {
    "ecr": ("repository", ("repositoryName", "resourceArn")),
    "iam": ("role", ("RoleName",)),
    "logs": ("log-group", ("logGroupName", "resourceArn", "resourceIdentifier")),
}
ARN_OF_NAMED = re.compile(r"arn:[^:]*:[^:]*:[^:]*:[^:]*:(?:repository/|log-group:)(.*?)(?::\*)?$")


class Directory:
    """Which resource an id belongs to, from what the account holds at times and what calls create."""

    def __init__(self, *snapshots):
        self.known = {}
        for kind, items in itertools.chain.from_iterable(snapshot.items() for snapshot in snapshots):
            service, _slash, type_ = kind.partition("/")
            for key, item in items.items():
                if service in ("ec2", "kms"):
                    self._enter(key.partition("/")[2], service, type_, item)

    def _enter(self, identifier, service, type_, item):
        if type_ == "alias":
            return
        # A key that waits for its deletion is a key all the same.
        resource = (service, "key" if service == "kms" else type_, item.get("GroupName") or tagged_name(item))
        self.known[identifier] = resource
        for association in item.get("Associations", []):
            for name in ("RouteTableAssociationId", "NetworkAclAssociationId"):
                if name in association:
                    self.known[association[name]] = resource

    def resource(self, call):
        """The (service, type, name) that a mutating call is about; AssertionError if nothing says so."""
        service, operation, parameters = call["service"], call["operation"], call["parameters"]
        if service == "ec2" and operation in CREATED:
            name = parameters.get("GroupName") or tagged_name({"Tags": _specified_tags(parameters)})
            return self._created(call, ("ec2", CREATED[operation], name))
        if (service, operation) == ("kms", "CreateKey"):
            return self._created(call, ("kms", "key", tagged_name(parameters)))
        if service == "ec2":
            found = self._by_id(parameters.get(ABOUT.get(operation)))
        elif service == "kms":
            found = self._by_id(parameters.get("TargetKeyId") or parameters.get("KeyId"))
        else:
            found = _by_name(service, parameters)
        assert found and found[2], f"nothing says what {service}.{operation} is about: {parameters}"
        return self._created(call, found)

    def _by_id(self, value):
        value = value[0] if isinstance(value, list) and len(value) == 1 else value
        return self.known.get(value.rpartition("/")[2]) if isinstance(value, str) else None

    def _created(self, call, resource):
        # Associations and the like that a call makes belong to what it is about.
        self.known.update((identifier.rpartition("/")[2], resource) for identifier in call["created"])
        return resource


def _by_name(service, parameters):
    type_, names = NAMED.get(service, ("", ()))
    value = next((parameters[name] for name in names if name in parameters), None)
    arn = ARN_OF_NAMED.match(value or "")
    return value and (service, type_, arn.group(1) if arn else value)


def _specified_tags(parameters):
    return [tag for specification in parameters.get("TagSpecifications", []) for tag in specification.get("Tags", [])]


def tagged_name(item):
    """The Name tag of a resource, in EC2's way or in KMS's."""
    return tags_of(item).get("Name", "")


def tags_of(item):
    """The tags of a resource as a dict, whatever its service calls them."""
    tags = item.get("Tags") or item.get("TagSet") or item.get("tags") or []
    if isinstance(tags, dict):
        return tags
    return {tag.get("Key") or tag.get("TagKey"): tag.get("Value", tag.get("TagValue", "")) for tag in tags}


def resources(calls, *snapshots):
    """The set of (service, type, name) that mutating calls are about.

    The snapshots, before and after the calls, say what was there already and what AWS made by itself.
    """
    directory = Directory(*snapshots)
    return {directory.resource(call) for call in calls if call["mutating"] and call["outcome"] == "ok"}


def planned_resources(plan):
    """The set of (service, type, name) of a plan.json."""
    return {(change["service"], change["type"], change["name"]) for change in plan["changes"]}


# What an account holds, whatever its ids are

# Random, or about when something was made.
RANDOM = {
    "CreateDate", "CreateTime", "CreationDate", "CreationTime", "CreationTimestamp", "createdAt", "creationTime",
    "AttachTime", "MacAddress", "NetworkInterfaceIds", "PrivateDnsName", "PrivateIp", "PrivateIpAddress", "PublicIp",
    "PublicDnsName", "RoleId", "LastUpdatedDate",
}  # fmt: skip
ANY_ID = re.compile(r"\b[a-z]{2,10}-[0-9a-f]{8,17}\b|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")


def named(snapshot):
    """A snapshot with names for ids, to compare accounts that went different ways: {kind: [description]}."""
    known = Directory(snapshot).known
    return {kind: _ordered(_named(item, known) for item in items.values()) for kind, items in snapshot.items()}


def _named(value, known):
    if isinstance(value, dict):
        return {key: _named(item, known) for key, item in value.items() if key not in RANDOM}
    if isinstance(value, list):
        return _ordered(_named(item, known) for item in value)
    if isinstance(value, str):
        return ANY_ID.sub(lambda found: "/".join(known.get(found[0], ["id"])), value)
    return value


def _ordered(items):
    return sorted(items, key=lambda item: json.dumps(item, sort_keys=True))


# What a run leaves behind on the machine


def processes(folder):
    """{pid: command line} of whatever runs with a home below a folder, wherever it is in the tree of processes."""
    marker = f"HOME={Path(folder) / 'home'}".encode()
    found = {}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if marker in (path / "environ").read_bytes().split(b"\0"):
                found[int(path.name)] = (path / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            pass  # it has just ended, or belongs to somebody else
    return found


def await_end(folder, seconds=5):
    """Wait until nothing runs with a home below a folder; AssertionError if something still does."""
    deadline = time.monotonic() + seconds
    while running := processes(folder):
        for pid in running:
            assert _ends(pid, deadline - time.monotonic()), f"still running after {seconds} s: {running}"


def _ends(pid, seconds):
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([process], [], [], max(0, seconds))[0])
    finally:
        os.close(process)
