#!/usr/bin/python
# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
module: preflight
version_added: 1.0.0
short_description: Refuse a platform whose variables or credentials are wrong
description:
  - Holds every variable of a host against the argument specs of the roles that will run, nested keys too, and against
    what AWS allows, before anything is started. All problems of a host are reported in one failure, one line each.
  - Nothing is converted, because roles get their variables as they are. A number where text is expected is refused.
  - Variables that are wired from another role's outputs (C(<role>_outputs)) cannot be rendered yet. Only the place
    of the role that returns them is checked; with the P(ansible.builtin.default#filter) filter it may be missing.
  - Variables from the inventory that begin with a role's prefix and are no variable of the role are refused.
  - With O(caller) it checks only whose the credentials are.
author:
  - groundwork.aws contributors (@groundwork-aws)
options:
  roles:
    description:
      - Names of the roles, in the order in which they run.
      - Role C(preflight), whose spec describes the conventions, comes first without being named.
    type: list
    elements: str
    default: []
  roles_path:
    description: Folders that are searched for roles before this collection's own.
    type: list
    elements: path
    default: []
  versions:
    description:
      - Versions that the platform uses, each with C(product), C(version) and the variable C(source).
      - Without it, the host's variable C(preflight_versions) is rendered, with the defaults of all O(roles) in scope.
      - The versions of ansible-core and Python are always checked.
    type: list
    elements: raw
  allow_unknown:
    description: Names, or regular expressions of whole names, of variables that are not refused as unknown.
    type: list
    elements: str
    default: []
  accept_retired:
    description: Retired versions that are accepted, each as C(product version).
    type: list
    elements: str
    default: []
  tags:
    description: Tags that the run selects or skips. Each must be a role's or one of Ansible's own, or nothing would happen.
    type: list
    elements: str
    default: []
  today:
    description: The day, as V(YYYY-MM-DD), that versions are held against instead of today.
    type: str
  caller:
    description: The result of M(amazon.aws.aws_caller_info), failed or not.
    type: dict
  account_ids:
    description: The accounts that the caller may belong to.
    type: list
    elements: raw
    default: []
  region:
    description: The region that was asked; required with O(caller).
    type: str
  profile:
    description: The profile whose credentials were used.
    type: str
attributes:
  check_mode:
    description: It changes nothing, and says the same in check mode.
    support: full
  diff_mode:
    description: It changes nothing, so there is no difference to show.
    support: none
  action:
    description: It runs on the controller, without a connection and without a call to AWS.
    support: full
  platform:
    description: It runs wherever the controller runs.
    platforms: all
extends_documentation_fragment:
  - ansible.builtin.action_common_attributes
"""

EXAMPLES = r"""
- name: Hold the variables against the specs of the roles
  groundwork.aws.preflight:
    roles: [encryption, networking, security_groups, registry]

- name: Accept a version that is no longer supported
  groundwork.aws.preflight:
    roles: [networking, eks]
    accept_retired:
      - kubernetes 1.32

- name: Ask AWS whose the credentials are
  amazon.aws.aws_caller_info:
    region: us-east-1
  register: caller
  failed_when: false

- name: Refuse an account that the inventory does not name
  groundwork.aws.preflight:
    caller: "{{ caller }}"
    account_ids: ["123456789012"]
    region: us-east-1
"""

RETURN = r"""
roles:
  description: The roles whose variables were checked.
  returned: without caller
  type: list
  elements: str
  sample: [encryption, networking]
outputs:
  description: What other roles are told about the account.
  returned: success, with caller
  type: dict
  contains:
    account_id:
      description: The account of the caller.
      type: str
      sample: "123456789012"
    caller_arn:
      description: The ARN of the caller.
      type: str
      sample: arn:aws:iam::123456789012:user/deploy
    partition:
      description: The partition of the account.
      type: str
      sample: aws
    region:
      description: The region that was asked.
      type: str
      sample: us-east-1
    sandbox:
      description: Whether the endpoint is on this machine.
      type: bool
      sample: false
"""
