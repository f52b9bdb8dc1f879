# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation that every module of this collection shares, because lifecycle.run() implements it."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  state:
    description:
      - V(present) creates what is missing and changes what differs; a parameter that is not given is left alone.
      - V(absent) deletes the named resources.
      - V(gathered) reads the named resources and changes nothing.
        In check mode, what is missing is returned with a planned id.
    type: str
    choices: [present, absent, gathered]
    default: present
  undeclared:
    description:
      - What happens to resources that carry the tags Platform, Environment, ManagedBy and Component of this run and that
        no item names any more, for kinds that AWS can find by their tags.
      - V(report) returns them as C(undeclared). V(delete) deletes them, but only reports those that hold data.
        V(delete_with_data) deletes those too.
    type: str
    choices: [ignore, report, delete, delete_with_data]
    default: ignore
  wait:
    description:
      - Whether to wait until what was found or created can be used, or what was deleted is gone.
    type: bool
    default: true
  wait_timeout:
    description:
      - How long to wait, in seconds.
    type: int
    default: 600
attributes:
  check_mode:
    description:
      - Can run in check mode and predicts the result, ids included. Works on an empty account.
    support: full
  diff_mode:
    description:
      - Returns the fields that differ, before and after.
    support: full
notes:
  - Every result has C(actions), what was done or in check mode would be done, after a failure what was done before it.
    An entry has C(service) and C(type), as boto3 and this collection call them, the C(name) of the resource, C(action),
    which is V(create), V(update), V(replace) or V(delete), and of an update the C(fields) that it changes.
  - Every result has C(undeclared), what carries the tags of this run, is not declared any more and was left alone.
    Its entries are like those of C(actions).
"""
