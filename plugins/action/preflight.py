# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The controller's side of groundwork.aws.preflight: it reads variables, and the rest is pure."""

from __future__ import annotations

import datetime
import os
import platform
import typing as t

from ansible.errors import AnsibleError, AnsibleValueOmittedError
from ansible.plugins.action import ActionBase
from ansible.release import __version__ as ansible_version
from ansible.template import trust_as_template

from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight import caller, roles, versions
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.host import CannotRender, Host, inspect
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.problem import Problem, report
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.unknown import tag_problems
from ansible_collections.groundwork.aws.plugins.plugin_utils.preflight.wiring import OMITTED

COLLECTION = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ROLES = os.path.join(COLLECTION, "roles")
NEIGHBOUR_VARIABLES = ("platform_prefix", "platform_region", "platform_account_ids")

ARGUMENTS: dict[str, dict[str, t.Any]] = {
    "roles": {"type": "list", "elements": "str", "default": []},
    "roles_path": {"type": "list", "elements": "path", "default": []},
    "versions": {"type": "list", "elements": "raw"},
    "allow_unknown": {"type": "list", "elements": "str", "default": []},
    "accept_retired": {"type": "list", "elements": "str", "default": []},
    "tags": {"type": "list", "elements": "str", "default": []},
    "today": {"type": "str"},
    "caller": {"type": "dict"},
    "account_ids": {"type": "list", "elements": "raw", "default": []},
    "region": {"type": "str"},
    "profile": {"type": "str"},
}


class ActionModule(ActionBase):
    """Refuse a host whose variables or credentials are wrong, before the first write."""

    _requires_connection = False
    TRANSFERS_FILES = False

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        """Hold the caller against the inventory when there is one, else the host's variables."""
        super().run(tmp, task_vars)
        _validated, arguments = self.validate_argument_spec(argument_spec=ARGUMENTS, required_by={"caller": "region"})
        variables = task_vars or {}
        name = str(variables.get("inventory_hostname"))
        problems, result = self._caller(arguments) if arguments["caller"] else self._inputs(name, arguments, variables)
        result["changed"] = False
        if problems:
            result.update(failed=True, msg=report(name, problems))
        return result

    def _caller(self, arguments: dict[str, t.Any]) -> tuple[list[Problem], dict[str, t.Any]]:
        """Hold the caller's account against the accounts of the environment."""
        endpoint = caller.endpoint_of(self._environment())
        place = caller.where(arguments["region"], arguments["profile"], endpoint)
        problems = caller.caller_problems(arguments["caller"], arguments["account_ids"], place)
        if problems:
            return problems, {}
        return [], {"outputs": caller.caller_outputs(arguments["caller"], arguments["region"], endpoint)}

    def _environment(self) -> dict[str, str]:
        """Return the environment that the task's modules have."""
        environment = dict(os.environ)
        for entry in self._task.environment or []:
            environment.update(self._templar.template(entry) or {})
        return environment

    def _inputs(
        self, name: str, arguments: dict[str, t.Any], variables: dict[str, t.Any]
    ) -> tuple[list[Problem], dict[str, t.Any]]:
        """Hold a host's variables against the specs of its roles and what AWS allows."""
        today = datetime.date.fromisoformat(arguments["today"]) if arguments["today"] else datetime.date.today()
        catalogue = versions.load(os.path.join(COLLECTION, versions.DATA_FILE))
        tags = tag_problems(arguments["tags"], roles.available([*arguments["roles_path"], ROLES]))
        problems, warnings = inspect(self._host(name, arguments, variables), catalogue, today)
        names = [role.rsplit(".", 1)[-1] for role in arguments["roles"]]
        return tags + problems, {
            "roles": names,
            "warnings": warnings,
            "msg": f"{name}: {len(names)} roles can be converged.",
        }

    def _host(self, name: str, arguments: dict[str, t.Any], variables: dict[str, t.Any]) -> Host:
        """Collect what the checks need to know."""
        names = [roles.short_name(role) for role in arguments["roles"]]
        if "preflight" not in names:
            names.insert(0, "preflight")
        folders = [*arguments["roles_path"], ROLES]
        raw = {**self._defaults(names, folders), **variables}
        given = raw.get("preflight_versions") if arguments["versions"] is None else arguments["versions"]
        return Host(
            name=name,
            roles=names,
            folders=folders,
            raw=raw,
            from_inventory=self._from_inventory(name, variables),
            render=self._renderer(raw),
            neighbours=self._neighbours(name, variables),
            allow_unknown=arguments["allow_unknown"],
            accept_retired=arguments["accept_retired"],
            versions=[*tool_versions(), *(given if isinstance(given, list) else [given])],
        )

    def _defaults(self, names: list[str], folders: list[str]) -> dict[str, t.Any]:
        """Return the defaults of the roles, which are not in scope before a role is entered."""
        defaults: dict[str, t.Any] = {}
        for name in names:
            path = roles.find(name, folders)
            defaults.update(roles.defaults(path) if path else {})
        return roles.mapped(defaults, trust_as_template)

    def _renderer(self, raw: dict[str, t.Any]) -> t.Callable[[t.Any], t.Any]:
        """Return a function that renders a value with the defaults of every role in scope."""
        templar = self._templar.copy_with_new_env(available_variables=raw)
        rendered: dict[str, t.Any] = {}

        def render(value: t.Any) -> t.Any:
            try:
                if not isinstance(value, str):
                    return templar.template(value)
                if value not in rendered:
                    rendered[value] = templar.template(value)
                return rendered[value]
            except AnsibleValueOmittedError:
                return OMITTED
            except AnsibleError as error:
                raise CannotRender(error.message) from error

        return render

    def _from_inventory(self, name: str, variables: dict[str, t.Any]) -> set[str]:
        """Return the variables that came from inventory, group_vars or the command line.

        What roles have set at run time is not among them, and Ansible has no public way to ask for it.
        """
        manager = self._task.get_variable_manager()
        set_by_roles: set[str] = set()
        for cache in ("_nonpersistent_fact_cache", "_vars_cache"):
            set_by_roles.update(getattr(manager, cache, {}).get(name, {}))
        return (set(variables["hostvars"].raw_get(name)) - set_by_roles) | set(manager.extra_vars)

    def _neighbours(self, name: str, variables: dict[str, t.Any]) -> dict[str, dict[str, t.Any]]:
        """Return what the other hosts of the inventory are called, where that can be rendered."""
        neighbours = {}
        for other in variables["groups"]["all"]:
            theirs = variables["hostvars"][other] if other != name else {}
            try:
                neighbours[other] = {key: theirs[key] for key in NEIGHBOUR_VARIABLES}
            except (KeyError, AnsibleError):
                continue
        return neighbours


def tool_versions() -> list[dict[str, str]]:
    """Return the versions of what runs this, which are held against the data file like any other."""
    return [
        {"product": "ansible-core", "version": ansible_version, "source": "ansible-core of this controller"},
        {"product": "python", "version": platform.python_version(), "source": "Python of this controller"},
    ]
