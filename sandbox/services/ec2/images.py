# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Machine images, which moto would make anew for every region and after every reset, for 0.1 s each."""

import os

from ...errors import AwsError
from .. import backend, check

SWITCH = "MOTO_EC2_LOAD_DEFAULT_AMIS"
NEEDING = (
    "CopyImage", "CreateImage", "DeregisterImage", "DescribeImageAttribute", "DescribeImages", "DescribeSnapshots",
    "ModifyImageAttribute", "RequestSpotInstances", "RunInstances",
)  # fmt: skip


@check("ec2", *NEEDING)
def load_images(call):
    """Amazon's images, once somebody asks for any."""
    state = backend(call)
    if not getattr(state, "sandbox_images", False):
        os.environ[SWITCH] = "true"
        try:
            state._load_amis()
        finally:
            os.environ[SWITCH] = "false"
        state.sandbox_images = True


@check("ec2", "DescribeImages")
def require_images(call):
    """moto answers with nothing where an image that is asked for by its id is gone."""
    wanted = call.parameters.get("ImageIds") or []
    missing = [number for number in wanted if number not in backend(call).amis]
    if missing:
        plural = "s" if len(missing) > 1 else ""
        message = f"The image id{plural} '[{', '.join(missing)}]' do{'' if plural else 'es'} not exist"
        raise AwsError("InvalidAMIID.NotFound", message, 400)
