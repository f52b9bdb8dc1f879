# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules about Auto Scaling share."""

from ...errors import AwsError
from .. import backend


def invalid(message):
    """What Auto Scaling says of nearly everything."""
    return AwsError("ValidationError", message, 400)


def find_group(call):
    """The group that a call names."""
    group = backend(call).autoscaling_groups.get(call.parameters["AutoScalingGroupName"])
    if group is None:
        raise invalid("AutoScalingGroup name not found - null")
    return group
