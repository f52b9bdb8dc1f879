# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: preload
type: aggregate
version_added: 1.0.0
short_description: Load once what the process of every task would load for itself
description:
  - Ansible forks a process for each task, and each loads and compiles the filters and the connection that it uses.
  - Loads them in Ansible's main process when a playbook starts, so that all its processes have them already.
  - Prints nothing, and changes no result. What cannot be loaded is left to the task that uses it, whose error says why.
author:
  - groundwork.aws contributors (@groundwork-aws)
requirements:
  - enabled in ansible.cfg, callbacks_enabled
"""

import importlib
import pkgutil

from ansible.plugins.callback import CallbackBase
from ansible.plugins.loader import connection_loader, filter_loader

_COLLECTION = "groundwork.aws"
_CONNECTION = f"{_COLLECTION}.warm"


class CallbackModule(CallbackBase):
    """Loads plugins, and shows nothing."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = f"{_COLLECTION}.preload"
    CALLBACK_NEEDS_ENABLED = True

    def v2_playbook_on_start(self, playbook):
        for loader, name in [(connection_loader, _CONNECTION), *((filter_loader, name) for name in filters())]:
            try:
                loader.get(name, class_only=True)
            except Exception as error:  # the task that uses it fails with Ansible's own message
                self._display.vvv(f"{_COLLECTION}.preload: {name} is not loaded: {error}")


def filters() -> list[str]:
    """The names of the collection's filters, one a file."""
    package = importlib.import_module(f"ansible_collections.{_COLLECTION}.plugins.filter")
    return [f"{_COLLECTION}.{found.name}" for found in pkgutil.iter_modules(package.__path__)]
