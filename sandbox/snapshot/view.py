# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One service in one region, as the readers of a snapshot see it."""

import json
from datetime import date

# Changes by itself, or says the same as something that has a place of its own.
VOLATILE = {
    "ResponseMetadata",
    "AvailableIpAddressCount", "IpPermissions", "IpPermissionsEgress",  # ec2; rules have ids
    "RoleLastUsed", "PolicyUsageCount", "AttachmentCount",  # iam
    "StateValue", "StateReason", "StateReasonData", "StateUpdatedTimestamp", "StateTransitionedTimestamp",  # cloudwatch
    "SubscriptionsConfirmed", "SubscriptionsDeleted", "SubscriptionsPending",  # sns
    "LatestRestorableTime", "LastAccessedDate",  # rds, secretsmanager
    "EarliestRestorableDateTime", "LatestRestorableDateTime",  # dynamodb
    "LockToken",  # wafv2
    "activeServicesCount", "pendingTasksCount", "runningTasksCount", "statistics",  # ecs clusters
    "deployments", "events", "pendingCount", "runningCount",  # ecs services
    "lastStatus", "healthStatus", "connectivity", "connectivityAt", "version",  # ecs tasks
    "pullStartedAt", "pullStoppedAt", "startedAt",
    "storedBytes",  # logs
}  # fmt: skip
# How codes begin or end that say that there is no such part; the last is that of Security Hub that is not enabled.
MISSING = ("NotFound", "NoSuch", "Nonexistent", "InvalidAccess")


class View:
    """What a reader asks and where it puts what it finds."""

    def __init__(self, client, found, region, defaults, account):
        self.client, self.region, self.defaults = client, region, defaults
        self.regions = [region]
        self._found, self._account = found, account

    @property
    def account(self):
        """The number of the account, which few need, so that only these ask for it."""
        return self._account()

    def add(self, kind, name, description, region=None):
        """Enter something that lives in a region."""
        self.add_global(kind, f"{region or self.region}/{name}", description)

    def add_global(self, kind, key, description):
        """Enter something whose key says all."""
        self._found.setdefault(kind, {})[key] = normal(description)

    def all(self, operation, member, **parameters):
        """Every item of a list, whatever the number of pages."""
        if self.client.can_paginate(operation):
            pages = self.client.get_paginator(operation).paginate(**parameters)
            return pages.build_full_result().get(member, [])
        return getattr(self.client, operation)(**parameters).get(member, [])

    def get(self, operation, **parameters):
        """An answer without its metadata, or None where AWS answers that there is no such thing."""
        try:
            answer = getattr(self.client, operation)(**parameters)
        except self.client.exceptions.ClientError as error:
            if not any(word in error.response["Error"]["Code"] for word in MISSING):
                raise
            return None
        del answer["ResponseMetadata"]
        return answer

    def part(self, operation, member, **parameters):
        """One member of an answer, None where there is no such thing."""
        return (self.get(operation, **parameters) or {}).get(member)


def normal(value):
    """Comparable: without what changes by itself, and lists in an order of their own."""
    if isinstance(value, dict):
        return {name: normal(item) for name, item in sorted(value.items()) if name not in VOLATILE}
    if isinstance(value, list):
        return sorted((normal(item) for item in value), key=lambda item: json.dumps(item, sort_keys=True))
    return value.isoformat() if isinstance(value, date) else value
