# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Dry runs of what is answered here; moto looks at the others itself."""

from ...errors import AwsError
from .. import check

# What the modules beside this one answer, and what it would change.
OWN = (
    "AssignPrivateNatGatewayAddress", "AssociateNatGatewayAddress", "DeleteFlowLogs", "DeleteLaunchTemplateVersions",
    "DeleteManagedPrefixList", "DeleteVpcEndpoints", "DetachVolume", "DisassociateNatGatewayAddress",
    "ModifyAddressAttribute", "ModifyEbsDefaultKmsKeyId", "ModifyManagedPrefixList", "ModifyVpcEndpoint",
    "MonitorInstances", "ResetAddressAttribute", "ResetEbsDefaultKmsKeyId", "RestoreManagedPrefixListVersion",
    "UnassignPrivateNatGatewayAddress", "UnmonitorInstances", "UpdateSecurityGroupRuleDescriptionsEgress",
    "UpdateSecurityGroupRuleDescriptionsIngress",
)  # fmt: skip


@check("ec2", *OWN)
def stop(call):
    """Nothing is done."""
    if call.parameters.get("DryRun"):
        message = "Request would have succeeded, but DryRun flag is set."
        raise AwsError("DryRunOperation", message, 412)
