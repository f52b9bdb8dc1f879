# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The key that a call is about."""

from .. import backend


def key_of(call):
    """The key that a call names, or None where moto is to say that there is none."""
    parameters = call.parameters
    named = parameters.get("KeyId") or parameters.get("TargetKeyId") or parameters.get("DestinationKeyId")
    return key_in(backend(call), named) if named else None


def key_in(state, named):
    """A key of a region by its id, its ARN or an alias, or None."""
    try:
        return state.keys.get(state.get_key_id(state.any_id_to_key_id(named)))
    except (AttributeError, KeyError):  # an alias that does not exist
        return None
