# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole account graph in a file, and back in another process: what was there before a restart is there after it."""

import contextlib
import importlib.metadata
import io
import os
import tempfile
import threading
import weakref
from pathlib import Path

import dill
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from moto.backends import get_backend
from moto.core.base_backend import AccountSpecificBackend, BackendDict

from . import delays, services
from .server import NotRestored

# A file says which code wrote it: what it holds are the objects of these versions.
FORMAT = 1
WRITTEN_BY = {"format": FORMAT, **{name: importlib.metadata.version(name) for name in ("moto", "dill")}}


class Gate:
    """Many may pass at once, or one who wants nobody else inside."""

    def __init__(self):
        self._changed = threading.Condition()
        self._inside, self._closed = 0, False

    @contextlib.contextmanager
    def open(self):
        """Pass, unless it is closed."""
        with self._changed:
            self._changed.wait_for(lambda: not self._closed)
            self._inside += 1
        try:
            yield
        finally:
            with self._changed:
                self._inside -= 1
                self._changed.notify_all()

    @contextlib.contextmanager
    def closed(self):
        """Let nobody in, and wait until nobody is inside."""
        with self._changed:
            self._changed.wait_for(lambda: not self._closed)
            self._closed = True
            self._changed.wait_for(lambda: not self._inside)
        try:
            yield
        finally:
            with self._changed:
                self._closed = False
                self._changed.notify_all()


def save(path, record):
    """Write everything that is there; the file is complete or as it was."""
    path = Path(path)
    found = {service.service_name: _backends(service) for service in list(BackendDict._instances)}
    state = {
        "written_by": WRITTEN_BY,
        "moto": found,
        "stores": services.stores(),
        "regions": record.regions,
        "now": delays.now(),
    }
    stream = io.BytesIO()
    _Pickler(stream, recurse=False).dump(state)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}", delete=False) as copy:
        copy.write(stream.getvalue())
    os.replace(copy.name, path)


def restore(path, record):
    """Put what a file holds in the place of everything that is there; NotRestored if that cannot be."""
    try:
        state = dill.loads(Path(path).read_bytes())
        written_by = state["written_by"]
    except Exception as error:  # whatever is in there, it is not ours
        raise NotRestored(f"{path} is no state of a sandbox: {error!r}") from error
    if written_by != WRITTEN_BY:
        raise NotRestored(f"{path} was written by {written_by}, this is {WRITTEN_BY}")
    services.reset()
    for service, accounts in state["moto"].items():
        for account, regions in accounts.items():
            for region, backend in regions.items():
                get_backend(service)[account][region] = backend
    services.restore(state["stores"])
    record.regions = state["regions"]
    delays.resume(state["now"])


def _backends(service):
    return {account: dict(regions.items()) for account, regions in list(service.items())}


class _Pickler(dill.Pickler):
    """Knows what dill does not: moto's registries stay those of the process, keys are what they are in PEM, weak stays weak."""

    def reducer_override(self, obj):
        if isinstance(obj, BackendDict):
            return get_backend, (obj.service_name,)
        if isinstance(obj, AccountSpecificBackend):
            return _account, (obj.service_name, obj.account_id)
        if isinstance(obj, PrivateKeyTypes):
            form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            return _private_key, (obj.private_bytes(*form),)
        if isinstance(obj, x509.Certificate):
            return _certificate, (obj.public_bytes(serialization.Encoding.PEM),)
        if isinstance(obj, weakref.WeakValueDictionary):  # of Lambda's functions by ARN
            return weakref.WeakValueDictionary, (dict(obj),)
        return NotImplemented


def _account(service, account):
    return get_backend(service)[account]


def _certificate(pem):
    return x509.load_pem_x509_certificate(pem)


def _private_key(pem):
    return serialization.load_pem_private_key(pem, None)
