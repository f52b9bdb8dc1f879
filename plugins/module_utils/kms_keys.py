# Copyright: groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How AWS calls a KMS key."""

from __future__ import annotations

from typing import Optional


def same_key(before: Optional[str], after: Optional[str]) -> bool:
    """Whether two names of a key are the same; some services show the ARN, some the id, some what they were given."""
    return (before or "").rpartition("/")[2] == (after or "").rpartition("/")[2]
