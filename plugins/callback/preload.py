# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: preload
type: aggregate
version_added: 1.0.0
short_description: Do once what the process of every task would do for itself
description:
  - Ansible forks a process for each task, and each loads and compiles the filters, the tests and the connection that it
    uses, and what templates and the arguments of modules need.
  - Loads them in Ansible's main process when a playbook starts, so that all its processes have them already.
  - Starts the warm process of P(groundwork.aws.warm#connection) with the first play whose hosts use it, so that it gets
    ready while Ansible does.
  - Tells Python's garbage collector to leave alone what is there when a play starts. Otherwise the processes of tasks look
    through all of it, which takes each some 70 ms and its own copy of the memory.
  - Prints nothing, and changes no result. What cannot be done here is left to the task, whose error says why.
author:
  - groundwork.aws contributors (@groundwork-aws)
requirements:
  - enabled in ansible.cfg, callbacks_enabled
"""

import concurrent.futures
import functools
import gc

from ansible.module_utils.common.json import Direction, get_module_decoder, get_module_encoder
from ansible.playbook.play_context import PlayContext
from ansible.plugins.callback import CallbackBase
from ansible.plugins.loader import connection_loader, filter_loader, shell_loader, test_loader
from ansible.template import Templar, trust_as_template

_COLLECTION = "groundwork.aws"
_CONNECTION = f"{_COLLECTION}.warm"


def _template() -> None:
    """The lexer, with its regular expressions, and the templates' own filters."""
    Templar(variables={"one": 1}).template(trust_as_template("{{ one | default(1) }}"))


def _module_arguments() -> None:
    """How a module gets its arguments and gives its result."""
    get_module_encoder("legacy", Direction.CONTROLLER_TO_MODULE)
    get_module_decoder("legacy", Direction.MODULE_TO_CONTROLLER)


# One name loads all filters and one all tests, whichever it is.
_ONCE = {
    "filters": lambda: filter_loader.get(f"{_COLLECTION}.resource_name"),
    "tests": lambda: test_loader.get("ansible.builtin.truthy"),
    "shell": lambda: shell_loader.get("sh"),
    "template": _template,
    "arguments": _module_arguments,
}


class CallbackModule(CallbackBase):
    """Loads and starts, and shows nothing."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = f"{_COLLECTION}.preload"
    CALLBACK_NEEDS_ENABLED = True

    _started = False

    def v2_playbook_on_play_start(self, play):
        if not self._started and (host := first_host(play)):
            self._started = True
            connection = self._attempt(_CONNECTION, functools.partial(warm_connection, play, host))
            # The warm process gets ready meanwhile; the thread ends before Ansible forks.
            with concurrent.futures.ThreadPoolExecutor(1) as pool:
                if connection:
                    pool.submit(self._attempt, _CONNECTION, connection.is_pipelining_enabled)
                for name, action in _ONCE.items():
                    self._attempt(name, action)
        gc.freeze()

    def _attempt(self, name, action):
        try:
            return action()
        except Exception as error:  # the task that uses it fails with Ansible's own message
            self._display.vvv(f"{_COLLECTION}.preload: {name} is not ready: {error}")
            return None


def first_host(play):
    """The first of the hosts that a play is for, if there are any."""
    # Ansible hands its inventory to no callback; where it is kept elsewhere, nothing is done in advance.
    inventory = getattr(play.get_variable_manager(), "_inventory", None)
    return next(iter(inventory.get_hosts(play.hosts)), None) if inventory else None


def warm_connection(play, host):
    """The connection of a host if it is the warm one; asked for pipelining, as by its first task, it starts the process."""
    variables = play.get_variable_manager().get_vars(play=play, host=host, include_hostvars=False)
    if variables.get("ansible_connection", play.connection) != _CONNECTION:
        return None
    connection = connection_loader.get(_CONNECTION, PlayContext(play=play))
    connection.set_options(var_options=variables)
    return connection
