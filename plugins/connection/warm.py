# Copyright: the groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = """
name: warm
author: groundwork.aws contributors (@groundwork)
short_description: execute on the controller, from one warm process
version_added: 1.0.0
description:
  - Executes tasks on the controller as P(ansible.builtin.local#connection) does, and faster.
  - One process per run of Ansible imports Python's and Ansible's libraries, boto3 and the C(module_utils) of AWS
    collections once, reads botocore's models once, and forks itself for each module.
  - A module gets the same input, environment, working directory and umask as with
    P(ansible.builtin.local#connection) and its own process, so nothing is left from one module to the next.
  - What is no Python module for the interpreter that runs Ansible itself (other interpreters, C(become),
    asynchronous tasks, C(raw), C(script), modules in other languages) is executed by
    P(ansible.builtin.local#connection), unchanged.
  - The process ends with Ansible, however Ansible ends, and kills the modules that are still running.
notes:
  - Modules are always pipelined, whatever is set for pipelining elsewhere.
  - Set C(ansible_python_interpreter) to C({{ ansible_playbook_python }}), otherwise no module is executed warm.
  - The stack that Ansible shows of a failure when C(DISPLAY_TRACEBACK) is on has one frame more, that of the warm process.
  - A module whose task is timed out, or whose worker dies, is killed.
  - Needs Linux for the strictest guarantees. On macOS the end of Ansible is noticed within 20 milliseconds.
options:
  warm_enabled:
    description:
      - Whether to use the warm process; without it this plugin is P(ansible.builtin.local#connection).
    type: bool
    default: true
    env:
      - name: GROUNDWORK_WARM
    ini:
      - section: groundwork_warm
        key: enabled
    vars:
      - name: ansible_warm_enabled
  warm_start_timeout:
    description:
      - Seconds to wait for the warm process to start, and then to be ready for the first module.
      - After that, and whenever the warm process has died, the rest of the run uses
        P(ansible.builtin.local#connection), with one warning.
    type: float
    default: 30
    env:
      - name: GROUNDWORK_WARM_START_TIMEOUT
    ini:
      - section: groundwork_warm
        key: start_timeout
    vars:
      - name: ansible_warm_start_timeout
  warm_preload_collections:
    description:
      - Collections whose C(module_utils) are imported in advance, as far as they are installed.
    type: list
    elements: str
    default: [amazon.aws, community.aws, groundwork.aws]
    env:
      - name: GROUNDWORK_WARM_PRELOAD
    ini:
      - section: groundwork_warm
        key: preload_collections
    vars:
      - name: ansible_warm_preload_collections
  warm_payload_cache:
    description:
      - Whether to keep the payloads that Ansible packs for each module for the runs to come; for modules of ansible-core
        and of O(warm_preload_collections).
      - A payload is used again as long as no source of these has another time of change or size.
      - Switch it off where a role or the playbook's directory replaces C(module_utils) of ansible-core.
    type: bool
    default: true
    env:
      - name: GROUNDWORK_WARM_PAYLOAD_CACHE
    ini:
      - section: groundwork_warm
        key: payload_cache
    vars:
      - name: ansible_warm_payload_cache
  warm_payload_directory:
    description:
      - Where payloads are kept; by default in C(groundwork_warm) below Ansible's home directory.
      - Used only if it belongs to the user and nobody else may look into it.
    type: path
    env:
      - name: GROUNDWORK_WARM_PAYLOAD_DIRECTORY
    ini:
      - section: groundwork_warm
        key: payload_directory
    vars:
      - name: ansible_warm_payload_directory
  become_success_timeout:
    description:
      - Number of seconds to wait for become to succeed when enabled.
      - The default will be used if the configured value is less than 1.
    type: int
    default: 10
    vars:
      - name: ansible_local_become_success_timeout
  become_strip_preamble:
    description:
      - Strip internal become output preceding command execution. Disable for additional diagnostics.
    type: bool
    default: true
    vars:
      - name: ansible_local_become_strip_preamble
extends_documentation_fragment:
  - ansible.builtin.connection_pipelining
"""

import importlib.util
import multiprocessing
import os
import sys
import typing as t

import ansible
import ansible.constants as C
from ansible.errors import AnsibleError
from ansible.module_utils.common.text.converters import to_text
from ansible.plugins.connection.local import Connection as LocalConnection
from ansible.release import __author__, __version__
from ansible.utils.display import Display

from ansible_collections.groundwork.aws.plugins.plugin_utils.warm import client, command

display = Display()

# Executed by plain local after a module was killed: the shell has its own way of telling so.
_DIE = "import os, signal\nsignal.signal({0}, signal.SIG_DFL) if {0} != 9 else None\nos.kill(os.getpid(), {0})\n"


class Connection(LocalConnection):
    """Local connection with a warm process"""

    # ansible-core sets the working directory of tasks for this transport only
    transport = "local"
    has_pipelining = True

    def is_pipelining_enabled(self, wrap_async: bool = False) -> bool:
        """Pipeline all that is not asynchronous; asked before a payload is built, so the warm process can start."""
        if self.become or not self.get_option("warm_enabled"):
            return super().is_pipelining_enabled(wrap_async)
        if wrap_async or C.DEFAULT_KEEP_REMOTE_FILES:
            return False
        self._start()
        return True

    def exec_command(self, cmd: str, in_data: bytes | None = None, sudoable: bool = True) -> tuple[int, bytes, bytes]:
        """Execute a module in the warm process, everything else as local does."""
        parsed = self._recognise(cmd, in_data)
        if parsed is not None:
            try:
                return self._run_warm(cmd, parsed, in_data)
            except client.Refused:
                pass
            except client.Unavailable as ex:
                self._fall_back(ex)
            except client.Broken as ex:
                # The module may have changed something: never execute it twice.
                raise AnsibleError(f"The module was stopped: {ex}.") from ex
        return super().exec_command(cmd, in_data=in_data, sudoable=sudoable)

    def _recognise(self, cmd: t.Any, in_data: bytes | None) -> command.Command | None:
        """The parsed command, if this is a module that the warm process can execute as local would."""
        if not in_data or self.become or not isinstance(cmd, str) or not self.get_option("warm_enabled"):
            return None
        parsed = command.parse(cmd)
        if parsed is None or parsed.interpreter != sys.executable or not command.is_ansiballz(in_data):
            return None
        if parsed.shell != self._play_context.executable or not os.path.isdir(self.cwd or "."):
            return None
        return parsed

    def _run_warm(self, cmd: str, parsed: command.Command, in_data: bytes) -> tuple[int, bytes, bytes]:
        if not self._connected:
            self._connect()
        display.vvv(f"EXEC {to_text(cmd)}", host=self._play_context.remote_addr)
        mask = os.umask(0)
        os.umask(mask)
        request = {
            "cwd": os.fsdecode(self.cwd or os.getcwd()),
            "umask": mask,
            "environment": dict(os.environ),
            "assignments": parsed.assignments,
            "interpreter": parsed.interpreter,
            "shell": parsed.shell,
        }
        status, stdout, stderr = self._client().run(request, in_data)
        if status >= 0:
            return status, stdout, stderr
        if not self._client().main_is_alive():
            raise AnsibleError("Ansible has ended.")
        code, more_stdout, more_stderr = super().exec_command(
            cmd, in_data=_DIE.format(-status).encode(), sudoable=False
        )
        return code, stdout + more_stdout, stderr + more_stderr

    def _start(self) -> None:
        try:
            self._client().start()
        except client.Unavailable as ex:
            self._fall_back(ex)

    def _fall_back(self, reason: client.Unavailable) -> None:
        """Say once why this run goes on without; an orphan does not go on at all."""
        if not self._client().main_is_alive():
            raise AnsibleError("Ansible has ended.")
        if self._client().fail():
            display.warning(f"Modules are executed by the local connection, no warm process is available: {reason}")

    def _client(self) -> client.Client:
        if (ready := getattr(self, "_warm_client", None)) is None:
            ready = self._warm_client = client.Client(self._settings())
        return ready

    def _payload_cache(self) -> str | None:
        if not self.get_option("warm_payload_cache"):
            return None
        return self.get_option("warm_payload_directory") or os.path.join(C.ANSIBLE_HOME, "groundwork_warm")

    def _settings(self) -> client.Settings:
        parent = multiprocessing.parent_process()
        names = self.get_option("warm_preload_collections")
        return client.Settings(
            directory=os.path.realpath(C.DEFAULT_LOCAL_TMP),
            main_pid=parent.pid if parent is not None else os.getpid(),
            executable=(C.DEFAULT_EXECUTABLE or "/bin/sh").split()[0],
            shell=self._play_context.executable or "/bin/sh",
            ansible=os.path.dirname(ansible.__file__),
            version=__version__,
            author=__author__,
            collections={name: path for name in names if (path := _collection_path(name))},
            preload=list(names),
            start_timeout=self.get_option("warm_start_timeout"),
            payload_cache=self._payload_cache(),
        )


def _collection_path(name: str) -> str | None:
    """Where a collection is installed, as Ansible's own import system finds it."""
    try:
        spec = importlib.util.find_spec(f"ansible_collections.{name}")
    except (ImportError, ValueError):
        return None
    places = list(spec.submodule_search_locations or ()) if spec else []
    return places[0] if places else None
