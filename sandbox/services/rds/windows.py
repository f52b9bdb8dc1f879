# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The windows of an instance, which may meet but not overlap, as moto wrongly has it."""

import re

from ...errors import AwsError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY, WEEK = 24 * 60, 7 * 24 * 60
SHORTEST = 30
TIME = r"([01]\d|2[0-3]):([0-5]\d)"
BACKUP = re.compile(f"{TIME}-{TIME}")
MAINTENANCE = re.compile(f"({'|'.join(DAYS)}):{TIME}-({'|'.join(DAYS)}):{TIME}")


def check_windows(settings):
    """Refuse windows that are malformed, too short, too long or overlap."""
    start, length = _backup(settings["PreferredBackupWindow"])
    maintenance_start, maintenance_length = _maintenance(settings["PreferredMaintenanceWindow"])
    # Both are circular: the backup window repeats every day, the maintenance window every week.
    for day in range(7):
        offset = (day * DAY + start - maintenance_start) % WEEK
        if offset < maintenance_length or (WEEK - offset) < length:
            raise _refused("The backup window and maintenance window must not overlap.")


def check_maintenance(settings):
    """Refuse a maintenance window that is malformed, too short or too long."""
    _maintenance(settings["PreferredMaintenanceWindow"])


def _backup(window):
    match = BACKUP.fullmatch(window)
    if not match:
        raise _refused(f"Invalid backup window format: {window}. Should be specified as a range hh24:mi-hh24:mi.")
    start, end = (int(match[index]) * 60 + int(match[index + 1]) for index in (1, 3))
    length = (end - start) % DAY
    if length < SHORTEST:
        raise _refused(f"Invalid backup window: {window}. Window must be at least {SHORTEST} minutes.")
    return start, length


def _maintenance(window):
    match = MAINTENANCE.fullmatch(window)
    if not match:
        message = f"Invalid maintenance window format: {window}. Should be specified as ddd:hh24:mi-ddd:hh24:mi."
        raise _refused(message)
    start, end = (DAYS.index(match[i]) * DAY + int(match[i + 1]) * 60 + int(match[i + 2]) for i in (1, 4))
    length = (end - start) % WEEK
    if not SHORTEST <= length < DAY:
        message = f"Maintenance window must be at least {SHORTEST} minutes and less than 24 hours: {window}"
        raise _refused(message)
    return start, length


def _refused(message):
    return AwsError("InvalidParameterValue", message)
