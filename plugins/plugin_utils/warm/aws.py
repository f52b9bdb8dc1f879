# Copyright: the groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All that touches botocore: what the runs of one warm process need not do again.

Shared is only what follows from botocore's own data files and code: parsed models, the methods made from them, the
handlers that every session registers, TLS contexts. Where botocore is not built as expected, nothing is shared at all.
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
        self._warm: t.Any = None
        self._new: list[t.Any] = []
        self.methods = Methods()
        try:
            # boto3 brings in what every run of an AWS module imports
            import boto3  # pylint: disable=import-outside-toplevel,unused-import
            from botocore import loaders  # pylint: disable=import-outside-toplevel

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
        """What is worth reading before a run asks for it."""
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
            if isinstance(result, dict) and "operations" in result:
                self.methods.make(key[1], result)
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
        self.methods.share()

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


class Made(t.NamedTuple):
    """What clients of one parsed model have in common."""

    description: dict[str, t.Any]
    methods: dict[str, t.Any]
    names: dict[str, str]
    without_discovery: bool


class Methods:
    """The methods of clients, one for each operation of a service's model."""

    def __init__(self) -> None:
        self._creator: t.Any = None
        self._model: t.Any = None
        self._made: dict[int, Made] = {}  # by the identity of the parsed model, which is kept
        try:
            from botocore import client, hooks, model  # pylint: disable=import-outside-toplevel

            self._creator = client.ClientCreator
            self._model = model.ServiceModel
            self._emitter = hooks.HierarchicalEmitter()  # for the documentation of a method, which nobody asks for here
            self._create: t.Any = self._creator._create_methods
            self._name: t.Any = self._creator._create_name_mapping
        except Exception:  # pylint: disable=broad-exception-caught
            self._creator = None

    def make(self, service: str, description: dict[str, t.Any]) -> None:
        """Make them of a model that has been read."""
        if self._creator is None:
            return
        creator = self._creator.__new__(self._creator)
        creator._event_emitter = self._emitter
        model = self._model(description, service_name=service)
        methods, names = self._create(creator, model), self._name(creator, model)
        self._made[id(description)] = Made(description, methods, names, model.endpoint_discovery_operation is None)

    def share(self) -> None:
        """In a run: clients of the same model, not of one that is equal, take the same methods."""
        if self._creator is None:
            return
        methods, names = self._create, self._name

        def _create_methods(creator: t.Any, service_model: t.Any) -> dict[str, t.Any]:
            made = self._of(service_model)
            if made is None:
                return methods(creator, service_model)
            if made.without_discovery:  # or botocore looks through all operations for it
                vars(service_model).setdefault("endpoint_discovery_operation", None)
            return dict(made.methods)  # botocore adds to it what belongs to one client

        def _create_name_mapping(creator: t.Any, service_model: t.Any) -> dict[str, str]:
            made = self._of(service_model)
            return names(creator, service_model) if made is None else dict(made.names)

        self._creator._create_methods = _create_methods
        self._creator._create_name_mapping = _create_name_mapping

    def _of(self, service_model: t.Any) -> Made | None:
        description = getattr(service_model, "_service_description", None)
        made = self._made.get(id(description))
        same = made is not None and made.description is description and service_model.__class__ is self._model
        return made if same else None


class Handlers:
    """The handlers that botocore registers for every session, each set used once by each run."""

    def __init__(self) -> None:
        self._session: t.Any = None
        self._spare: list[t.Any] = []
        try:
            from botocore import handlers, hooks, session  # pylint: disable=import-outside-toplevel

            self._handlers, self._known = handlers, list(handlers.BUILTIN_HANDLERS)
            self._hooks = hooks
            session.Session(include_builtin_handlers=False, event_hooks=hooks.HierarchicalEmitter())
            self._session = session.Session
        except Exception:  # pylint: disable=broad-exception-caught
            self._session = None

    def build(self) -> None:
        """Register them once more, as a session does that is being made."""
        if self._session is None:
            return
        emitter = self._hooks.HierarchicalEmitter()
        try:
            session = self._session.__new__(self._session)
            session._events = self._hooks.EventAliaser(emitter)
            session._register_builtin_handlers(session._events)
        except Exception:  # pylint: disable=broad-exception-caught
            self._session = None
            return
        self._spare.append(emitter)

    def share(self) -> None:
        """In a run: a session that registers nothing else takes what is ready."""
        if self._session is None:
            return
        original, spare = self._session.__init__, self._spare

        def __init__(
            session: t.Any,
            session_vars: t.Any = None,
            event_hooks: t.Any = None,
            include_builtin_handlers: bool = True,
            profile: t.Any = None,
        ) -> None:
            usual = event_hooks is None and include_builtin_handlers
            if usual and spare and self._handlers.BUILTIN_HANDLERS == self._known:
                event_hooks, include_builtin_handlers = spare.pop(), False
            original(session, session_vars, event_hooks, include_builtin_handlers, profile)

        self._session.__init__ = __init__


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
