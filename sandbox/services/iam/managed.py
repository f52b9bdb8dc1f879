# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The policies that AWS manages."""

import json

from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy

from ...errors import AwsError
from .. import backend, before, check

NAMING_ALL = ("GetAccountAuthorizationDetails", "GetAccountSummary")
OURS = ":iam::aws:policy/"
CHANGES = (
    "CreatePolicyVersion", "DeletePolicy", "DeletePolicyVersion", "SetDefaultPolicyVersion", "TagPolicy", "UntagPolicy"
)  # fmt: skip


@before("iam")
def load_managed_policies(call):
    """AWS's policies, once a call is about any. moto would load them at the start and after each reset, for 0.2 s."""
    state = backend(call)
    if getattr(state, "sandbox_policies", False) or not _names_managed(call):
        return
    for name, data in json.loads(aws_managed_policies_data).items():
        policy = AWSManagedPolicy.from_data(name, state.account_id, state.region_name, data)
        state.aws_managed_policies.append(policy)
        state.managed_policies.setdefault(policy.arn, policy)
    state.sandbox_policies = True


def _names_managed(call):
    if call.operation == "ListPolicies":
        return call.parameters.get("Scope") != "Local"
    return call.operation in NAMING_ALL or any(OURS in str(value) for value in call.parameters.values())


@check("iam", *CHANGES)
def refuse_change(call):
    """AWS's policies are everybody's."""
    arn = call.parameters["PolicyArn"]
    if OURS in arn:
        raise AwsError("AccessDenied", f"You are not authorized to perform: iam:{call.operation} on {arn}", 403)
