# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Service Quotas: reading quotas, and asking for more, which somebody at AWS decides about after a while."""

import datetime
import uuid

from ... import delays
from ...errors import AwsError
from .. import answer
from .catalog import GLOBAL, NAMES, QUOTAS
from .quotas import quota, requests

SERVICE = "service-quotas"
OPEN = ("PENDING", "CASE_OPENED")


def _known(call):
    key = call.parameters["ServiceCode"], call.parameters["QuotaCode"]
    if key not in QUOTAS:
        raise AwsError("NoSuchResourceException", "The request failed because the specified quota doesn't exist.", 400)
    return key


def _codes(call):
    service = call.parameters["ServiceCode"]
    if service not in NAMES:
        message = "The request failed because the specified service does not exist."
        raise AwsError("NoSuchResourceException", message, 400)
    return sorted(key for key in QUOTAS if key[0] == service)


def _named(call, key):
    service, code = key
    return {
        "ServiceCode": service, "ServiceName": NAMES[service], "QuotaCode": code, "QuotaName": QUOTAS[key][0],
        "QuotaArn": f"arn:aws:servicequotas:{call.region}:{call.account}:{service}/{code}", "Unit": "None",
        "GlobalQuota": key in GLOBAL,
    }  # fmt: skip


def _view(call, key, value):
    return _named(call, key) | {"Adjustable": QUOTAS[key][2], "Value": float(value), "QuotaAppliedAtLevel": "ACCOUNT"}


def _page(call, member, items):
    first, size = int(call.parameters.get("NextToken") or 0), call.parameters.get("MaxResults") or 100
    following = {"NextToken": str(first + size)} if first + size < len(items) else {}
    return {member: items[first : first + size], **following}


@answer(SERVICE, "ListServices")
def list_services(call):
    """Those whose quotas the sandbox holds."""
    listed = [{"ServiceCode": code, "ServiceName": name} for code, name in sorted(NAMES.items())]
    return _page(call, "Services", listed)


@answer(SERVICE, "ListServiceQuotas")
def list_quotas(call):
    """As they apply now."""
    return _page(call, "Quotas", [_view(call, key, quota(call, *key)) for key in _codes(call)])


@answer(SERVICE, "GetServiceQuota")
def get_quota(call):
    """As it applies now."""
    key = _known(call)
    return {"Quota": _view(call, key, quota(call, *key))}


@answer(SERVICE, "ListAWSDefaultServiceQuotas")
def list_defaults(call):
    """As they are for a new account."""
    return _page(call, "Quotas", [_view(call, key, QUOTAS[key][1]) for key in _codes(call)])


@answer(SERVICE, "GetAWSDefaultServiceQuota")
def get_default(call):
    """As it is for a new account."""
    key = _known(call)
    return {"Quota": _view(call, key, QUOTAS[key][1])}


@answer(SERVICE, "RequestServiceQuotaIncrease")
def request_increase(call):
    """More than there is, one request at a time."""
    key, wanted = _known(call), call.parameters["DesiredValue"]
    if not QUOTAS[key][2]:
        raise AwsError("IllegalArgumentException", "The request failed because the quota is not adjustable.", 400)
    place = (call.account, call.region, *key)
    if any(_status(item) in OPEN for item in requests.values() if item["place"] == place):
        message = "Only one open service quota increase request is allowed per quota."
        raise AwsError("ResourceAlreadyExistsException", message, 400)
    if wanted <= quota(call, *key):
        message = "You must provide a quota value greater than the current quota value"
        raise AwsError("IllegalArgumentException", message, 400)
    now = datetime.datetime.now(datetime.timezone.utc)
    made = {
        **_named(call, key), "Id": uuid.uuid4().hex, "DesiredValue": float(wanted), "Created": now, "LastUpdated": now,
        "Requester": f'{{"accountId":"{call.account}","callerArn":"arn:aws:iam::{call.account}:root"}}',
        "QuotaRequestedAtLevel": "ACCOUNT", "place": place, "ready_at": delays.ready_at("quota-increase"),
    }  # fmt: skip
    requests[made["Id"]] = made
    return {"RequestedQuota": _shown(made) | {"Status": "PENDING"}}


def _status(request):
    return "APPROVED" if delays.is_past(request["ready_at"]) else "CASE_OPENED"


def _shown(request):
    return {name: value for name, value in request.items() if name[0].isupper()} | {"Status": _status(request)}


def _of_region(call):
    return [item for item in requests.values() if item["place"][:2] == (call.account, call.region)]


@answer(SERVICE, "GetRequestedServiceQuotaChange")
def get_request(call):
    """What became of it."""
    for request in _of_region(call):
        if request["Id"] == call.parameters["RequestId"]:
            return {"RequestedQuota": _shown(request)}
    raise AwsError("NoSuchResourceException", "The request failed because the request ID doesn't exist.", 400)


@answer(SERVICE, "ListRequestedServiceQuotaChangeHistory", "ListRequestedServiceQuotaChangeHistoryByQuota")
def list_requests(call):
    """Those that match, the newest first."""
    found = [_shown(request) for request in reversed(_of_region(call))]
    for name in ("ServiceCode", "QuotaCode", "Status"):
        found = [item for item in found if call.parameters.get(name) in (None, item[name])]
    return _page(call, "RequestedQuotas", found)
