# Copyright: the groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All that touches botocore: parsed models and TLS contexts, shared by the runs of one warm process.

Nothing but botocore's own data files is shared. Where botocore is not built as expected, nothing is shared at all.
"""

from __future__ import annotations

import os
import ssl
import typing as t

# Read by every client, and the model that takes longest to parse; the rest is learned from the runs.
_BASE = (("endpoints",), ("partitions",), ("sdk-default-configuration",), ("_retry",))
_LARGE = ("ec2",)
_TYPES = ("service-2", "endpoint-rule-set-1", "paginators-1", "waiters-2")
_METHODS = (
    "determine_latest_version",
    "list_api_versions",
    "list_available_services",
    "load_data_with_path",
    "load_service_model",
)
_PARAMETERS = ("service_name", "type_name", "api_version", "name")
_CONTEXTS = 3

Key = tuple[t.Any, ...]


class Models:
    """What botocore's loader has read, for the loaders of the runs."""

    def __init__(self) -> None:
        self._loaders: t.Any = None
        self._botocore: t.Any = None
        self._warm: t.Any = None
        self._new: list[t.Any] = []
        try:
            # boto3 brings in what every run of an AWS module imports
            import boto3  # pylint: disable=import-outside-toplevel,unused-import
            import botocore  # pylint: disable=import-outside-toplevel
            from botocore import loaders  # pylint: disable=import-outside-toplevel

            self._botocore = botocore

            self._warm = loaders.Loader()
            self._warm.load_data_with_path("endpoints")
            if ("load_data_with_path", "endpoints") in self._warm._cache:
                self._loaders = loaders
        except Exception:  # pylint: disable=broad-exception-caught
            self._loaders = None  # no botocore, or one that caches in another way

    @property
    def usable(self) -> bool:
        """Whether botocore's loader is the one we know."""
        return self._loaders is not None

    def first(self) -> list[Key]:
        """What is worth reading before the first run."""
        keys: list[Key] = [("load_data_with_path", *name) for name in _BASE]
        for service in _LARGE:
            keys += [("load_service_model", service, kind, "api_version", None) for kind in _TYPES]
        return keys

    def learn(self, key: Key) -> None:
        """Read what a run had to read; afterwards it is in the cache under the same key."""
        if not self.usable or key in self._warm._cache or not key or key[0] not in _METHODS:
            return
        names = [i for i, part in enumerate(key) if i and part in _PARAMETERS]
        start = names[0] if names else len(key)
        keywords = dict(zip(key[start::2], key[start + 1 :: 2]))
        try:
            result = getattr(self._warm, key[0])(*key[1:start], **keywords)
            for operation in result.get("operations", ()) if isinstance(result, dict) else ():
                self._botocore.xform_name(operation)  # remembers the Python name, which every client computes
        except Exception:  # pylint: disable=broad-exception-caught
            return  # unknown to this botocore

    def share(self) -> None:
        """In a run: loaders start with what is there."""
        if not self.usable:
            return
        original = self._loaders.Loader.__init__
        models = self

        def __init__(loader: t.Any, *args: t.Any, **kwargs: t.Any) -> None:
            original(loader, *args, **kwargs)
            models.seed(loader)

        self._loaders.Loader.__init__ = __init__

    def seed(self, loader: t.Any) -> None:
        """Fill the cache of a loader that reads the same files as ours."""
        try:
            same = type(loader) is type(self._warm) and type(loader.file_loader) is type(self._warm.file_loader)
            if not same or loader.search_paths != self._warm.search_paths:
                return
            if loader.extras_types != self._warm.extras_types or os.path.isdir(loader.CUSTOMER_DATA_PATH):
                return
            loader._cache.update(self._warm._cache)
            self._new.append(loader)
        except AttributeError:
            return

    def news(self) -> list[Key]:
        """In a run, at its end: the keys that were not there."""
        known = self._warm._cache if self._new else {}
        return list({key: None for loader in self._new for key in loader._cache if key not in known})


class _Context(ssl.SSLContext):
    """A context that has the default certificates already and does not read the same file again."""

    loaded: tuple[str, int, int] | None = None

    def load_verify_locations(self, cafile: t.Any = None, capath: t.Any = None, cadata: t.Any = None) -> None:
        """Reading and parsing a bundle takes longer than the rest of a handshake."""
        if self.loaded and cafile and not capath and not cadata and _stamp(cafile) == self.loaded:
            return
        super().load_verify_locations(cafile, capath, cadata)


class Contexts:
    """TLS contexts, each used once by each run."""

    def __init__(self) -> None:
        self._httpsession: t.Any = None
        self._spare: list[_Context] = []
        try:
            from botocore import httpsession  # pylint: disable=import-outside-toplevel

            if callable(httpsession.URLLib3Session._get_ssl_context) and callable(httpsession.get_cert_path):
                self._httpsession = httpsession
        except Exception:  # pylint: disable=broad-exception-caught
            self._httpsession = None

    def build(self) -> None:
        """Make one more context, up to as many as a run may reasonably use."""
        if self._httpsession is None or len(self._spare) >= _CONTEXTS or os.environ.get("SSLKEYLOGFILE"):
            return  # a context would write its keys there even in a run that has no such variable
        try:
            context: t.Any = self._httpsession.create_urllib3_context()
            bundle = self._httpsession.get_cert_path(True)
            context.load_verify_locations(bundle)
            context.__class__ = _Context  # refused unless it is a plain SSLContext
            context.loaded = _stamp(bundle)
        except Exception:  # pylint: disable=broad-exception-caught
            self._httpsession = None
            return
        self._spare.append(context)

    def share(self) -> None:
        """In a run: sessions that verify against the default bundle take a ready context."""
        if self._httpsession is None:
            return
        original = self._httpsession.URLLib3Session._get_ssl_context
        spare = self._spare

        def _get_ssl_context(session: t.Any) -> t.Any:
            # Any other bundle must not find the default certificates in its context.
            default = getattr(session, "_verify", None) is True and not os.environ.get("SSLKEYLOGFILE")
            proxies = getattr(getattr(session, "_proxy_config", None), "_proxies", True)
            return spare.pop() if spare and default and not proxies else original(session)

        self._httpsession.URLLib3Session._get_ssl_context = _get_ssl_context


def _stamp(path: t.Any) -> tuple[str, int, int] | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return os.fspath(path), status.st_mtime_ns, status.st_size
