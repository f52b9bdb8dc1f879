# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trust stores: whose certificates a listener takes from its clients, which moto does not have."""

import uuid

from moto.backends import get_backend
from moto.s3.exceptions import MissingBucket
from moto.utilities.utils import get_partition

from .. import after, answer, backend, check
from .shared import find_listener, invalid, refused

BEGIN_CERTIFICATE, BEGIN_LIST = b"-----BEGIN CERTIFICATE-----", b"-----BEGIN X509 CRL-----"
SECURE = ("HTTPS",)


def _stores(call):
    return vars(backend(call, "elbv2")).setdefault("sandbox_trust_stores", {})


def _store(call, arn=None):
    arn = arn or call.parameters["TrustStoreArn"]
    if arn not in _stores(call):
        raise refused("TrustStoreNotFound", "One or more trust stores not found")
    return _stores(call)[arn]


def _content(call, bucket, key, version, code):
    state = get_backend("s3")[call.account][get_partition(call.region)]
    try:
        found = state.get_object(bucket, key, version_id=version)
    except MissingBucket:
        found = None
    if found is None:
        raise refused(code, f"The object '{key}' in the bucket '{bucket}' does not exist")
    return found.value


def _bundle(call):
    """How many certificates the file of a call holds."""
    given = [call.parameters.get(f"CaCertificatesBundleS3{name}") for name in ("Bucket", "Key", "ObjectVersion")]
    count = _content(call, *given, "CaCertificatesBundleNotFound").count(BEGIN_CERTIFICATE)
    if not count:
        raise refused("InvalidCaCertificatesBundle", "The CA certificates bundle holds no certificate in PEM format")
    return count, f"https://s3.{call.region}.amazonaws.com/{given[0]}/{given[1]}"


def _view(store):
    revoked = sum(entry["NumberOfRevokedEntries"] for entry in store["revocations"].values())
    return {name: store[name] for name in ("Name", "TrustStoreArn", "Status", "NumberOfCaCertificates")} | {
        "TotalRevokedEntries": revoked
    }


@answer("elbv2", "CreateTrustStore")
def create(call):
    """A name of its own, and a bundle that is there."""
    name, state = call.parameters["Name"], backend(call)
    if any(store["Name"] == name for store in _stores(call).values()):
        raise refused("DuplicateTrustStoreName", f"A trust store with the name '{name}' already exists")
    count, location = _bundle(call)
    where = f"arn:{get_partition(call.region)}:elasticloadbalancing:{call.region}:{call.account}"
    arn = f"{where}:truststore/{name}/{uuid.uuid4().hex[:16]}"
    _stores(call)[arn] = {
        "Name": name, "TrustStoreArn": arn, "Status": "ACTIVE", "NumberOfCaCertificates": count,
        "location": location, "revocations": {}, "last": 0,
    }  # fmt: skip
    state.tagging_service.tag_resource(arn, call.parameters.get("Tags") or [])
    return {"TrustStores": [_view(_stores(call)[arn])]}


@answer("elbv2", "ModifyTrustStore")
def modify(call):
    """Another bundle."""
    store = _store(call)
    store["NumberOfCaCertificates"], store["location"] = _bundle(call)
    return {"TrustStores": [_view(store)]}


@answer("elbv2", "DescribeTrustStores")
def describe(call):
    """All, or those that are named."""
    arns, names = call.parameters.get("TrustStoreArns"), call.parameters.get("Names")
    if arns:
        found = [_store(call, arn) for arn in arns]
    else:
        found = [store for store in _stores(call).values() if not names or store["Name"] in names]
        if names and len(found) < len(set(names)):
            raise refused("TrustStoreNotFound", "One or more trust stores not found")
    return {"TrustStores": [_view(store) for store in found]}


@answer("elbv2", "DeleteTrustStore")
def delete(call):
    """Once no listener uses it."""
    store = _store(call)
    if _users(call, store["TrustStoreArn"]):
        raise refused("TrustStoreInUse", f"The trust store '{store['TrustStoreArn']}' is in use")
    del _stores(call)[store["TrustStoreArn"]]
    return {}


@answer("elbv2", "GetTrustStoreCaCertificatesBundle")
def bundle_location(call):
    """Where the bundle can be read."""
    return {"Location": _store(call)["location"]}


# --- what is revoked -----------------------------------------------------------------------------------------------


@answer("elbv2", "AddTrustStoreRevocations")
def revoke(call):
    """Lists of certificates that are none any more."""
    store, added = _store(call), []
    for content in call.parameters.get("RevocationContents") or []:
        given = (content.get("S3Bucket"), content.get("S3Key"), content.get("S3ObjectVersion"))
        text = _content(call, *given, "RevocationContentNotFound")
        if BEGIN_LIST not in text:
            raise refused("InvalidRevocationContent", "The file is no list of revoked certificates in PEM format")
        store["last"] += 1
        added.append({
            "TrustStoreArn": store["TrustStoreArn"], "RevocationId": store["last"], "RevocationType": "CRL",
            "NumberOfRevokedEntries": text.count(BEGIN_LIST),
        })  # fmt: skip
    store["revocations"].update({entry["RevocationId"]: entry for entry in added})
    return {"TrustStoreRevocations": added}


def _revocations(call):
    store = _store(call)
    wanted = [int(number) for number in call.parameters.get("RevocationIds") or store["revocations"]]
    if not set(wanted) <= set(store["revocations"]):
        raise refused("RevocationIdNotFound", "One or more revocation IDs not found")
    return store, wanted


@answer("elbv2", "DescribeTrustStoreRevocations")
def describe_revocations(call):
    """All, or those that are named."""
    store, wanted = _revocations(call)
    return {"TrustStoreRevocations": [store["revocations"][number] for number in wanted]}


@answer("elbv2", "RemoveTrustStoreRevocations")
def remove_revocations(call):
    """Their certificates are good again."""
    store, wanted = _revocations(call)
    for number in wanted:
        del store["revocations"][number]
    return {}


# --- listeners that use them ---------------------------------------------------------------------------------------


def _users(call, arn):
    return [
        listener.arn
        for balancer in backend(call).load_balancers.values()
        for listener in balancer.listeners.values()
        if mutual_authentication(listener).get("TrustStoreArn") == arn
    ]


def mutual_authentication(listener):
    """What a listener asks of its clients."""
    return getattr(listener, "sandbox_mutual", {"Mode": "off"})


@answer("elbv2", "DescribeTrustStoreAssociations")
def describe_associations(call):
    """The listeners that use it."""
    arn = _store(call)["TrustStoreArn"]
    return {"TrustStoreAssociations": [{"ResourceArn": user} for user in _users(call, arn)]}


@check("elbv2", "CreateListener", "ModifyListener")
def check_mutual_authentication(call):
    """Secure listeners only, and a trust store to verify with."""
    wanted = call.parameters.get("MutualAuthentication") or {}
    if wanted.get("Mode", "off") == "off":
        return
    protocol = call.parameters.get("Protocol")
    if not protocol:
        protocol = find_listener(call, call.parameters["ListenerArn"])[1].protocol
    if protocol not in SECURE:
        raise invalid(f"Mutual authentication cannot be specified for {protocol} listeners")
    if wanted["Mode"] == "verify":
        if not wanted.get("TrustStoreArn"):
            raise invalid("A trust store must be specified for the mutual authentication mode 'verify'")
        _store(call, wanted["TrustStoreArn"])
    elif wanted.get("TrustStoreArn"):
        raise invalid("A trust store can be specified for the mutual authentication mode 'verify' only")


@after("elbv2", "CreateListener", "ModifyListener")
def keep_mutual_authentication(call):
    """moto forgets it."""
    wanted = call.parameters.get("MutualAuthentication")
    if not wanted:
        return
    if call.operation == "ModifyListener":
        listener = find_listener(call, call.parameters["ListenerArn"])[1]
    else:
        balancer = backend(call).load_balancers[call.parameters["LoadBalancerArn"]]
        listener = list(balancer.listeners.values())[-1]
    kept = {name: value for name, value in wanted.items() if value is not None}
    if kept["Mode"] == "verify":
        kept = {"IgnoreClientCertificateExpiry": False, "AdvertiseTrustStoreCaNames": "off", **kept}
        kept["TrustStoreAssociationStatus"] = "active"
    listener.sandbox_mutual = kept
