# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reserved instances: what is offered, and what was purchased."""

import hashlib
from datetime import datetime, timezone

from ...errors import AwsError
from .. import answer, backend
from .catalog import CLASSES, page_of

YEAR = 365 * 24 * 3600
OFFERING_TYPES = ("No Upfront", "Partial Upfront", "All Upfront")


def _offerings():
    """One for each class, duration, way to pay, and number of zones; three years are never without an upfront."""
    for name in CLASSES:
        for years in (1, 3):
            for kind in OFFERING_TYPES[0 if years == 1 else 1 :]:
                for zones in (False, True):
                    yield _offering(name, years, kind, zones)


def _offering(name, years, kind, zones):
    number = hashlib.md5(f"{name}{years}{kind}{zones}".encode()).hexdigest()
    return {
        "ReservedDBInstancesOfferingId": f"{number[:8]}-{number[8:12]}-{number[12:16]}-{number[16:20]}-{number[20:]}",
        "DBInstanceClass": name,
        "Duration": years * YEAR,
        "FixedPrice": 0.0 if kind == "No Upfront" else 100.0 * years,
        "UsagePrice": 0.0,
        "CurrencyCode": "USD",
        "ProductDescription": "postgresql",
        "OfferingType": kind,
        "MultiAZ": zones,
        "RecurringCharges": [{"RecurringChargeAmount": 0.1, "RecurringChargeFrequency": "Hourly"}],
    }


def _matching(call, found):
    parameters = call.parameters
    wanted = {
        name: parameters.get(name)
        for name in (
            "ReservedDBInstancesOfferingId",
            "DBInstanceClass",
            "ProductDescription",
            "OfferingType",
            "MultiAZ",
        )
    }
    duration = {"1": YEAR, "3": 3 * YEAR}.get(parameters.get("Duration"), parameters.get("Duration"))
    wanted["Duration"] = int(duration) if duration else None
    return [item for item in found if all(value in (None, item[name]) for name, value in wanted.items())]


@answer("rds", "DescribeReservedDBInstancesOfferings")
def describe_offerings(call):
    """For PostgreSQL; the prices are none of AWS's."""
    found = _matching(call, _offerings())
    if call.parameters.get("ReservedDBInstancesOfferingId") and not found:
        raise AwsError("ReservedDBInstancesOfferingNotFound", "The offering does not exist.")
    page, following = page_of(call, found)
    return {"ReservedDBInstancesOfferings": page, **following}


def _reservations(state):
    return state.__dict__.setdefault("sandbox_reservations", {})


@answer("rds", "PurchaseReservedDBInstancesOffering")
def purchase(call):
    """moto does not have it; nobody pays for it here."""
    parameters, known = call.parameters, _reservations(backend(call))
    offering = _matching(call, _offerings())
    if not offering:
        raise AwsError("ReservedDBInstancesOfferingNotFound", "The offering does not exist.")
    now = datetime.now(timezone.utc)
    name = parameters.get("ReservedDBInstanceId") or f"ri-{now:%Y-%m-%d-%H-%M-%S-%f}"
    if name in known:
        raise AwsError("ReservedDBInstanceAlreadyExists", f"The reserved DB instance {name} already exists.")
    arn = f"arn:aws:rds:{call.region}:{call.account}:ri:{name}"
    own = {"ReservedDBInstanceId": name, "StartTime": now, "State": "active", "ReservedDBInstanceArn": arn}
    known[name] = offering[0] | own | {"DBInstanceCount": parameters.get("DBInstanceCount") or 1}
    return {"ReservedDBInstance": known[name]}


@answer("rds", "DescribeReservedDBInstances")
def describe_reservations(call):
    """What was purchased."""
    known, name = _reservations(backend(call)), call.parameters.get("ReservedDBInstanceId")
    if name and name not in known:
        raise AwsError("ReservedDBInstanceNotFound", f"The reserved DB instance {name} does not exist.")
    found = _matching(call, [known[name]] if name else known.values())
    page, following = page_of(call, found)
    return {"ReservedDBInstances": page, **following}
