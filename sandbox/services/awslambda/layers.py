# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Layers, which are found by ARN, too."""

from .. import answer, backend
from .shared import missing


@answer("lambda", "GetLayerVersionByArn")
def get_by_arn(call):
    """moto does not have it."""
    version = backend(call).layers_versions_by_arn(call.parameters["Arn"])
    if version is None:
        raise missing(f"The layer version {call.parameters['Arn']} does not exist.")
    return version.get_layer_version()
