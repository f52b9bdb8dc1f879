# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The secret that a call is about."""

from .. import backend


def secret_of(call):
    """The secret of a call, or None where moto is to say that there is none."""
    return backend(call).secrets.get(call.parameters["SecretId"])
