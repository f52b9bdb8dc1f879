# Copyright: the groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""In a worker of Ansible: find or start the warm process of this run, and have it execute a payload."""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import os
import selectors
import socket
import subprocess
import sys
import time
import typing as t

from . import payload_cache, protocol, shellenv
from .payload_cache import Sources

_PACKAGE = "groundwork_warm"

_BOOTSTRAP = """
import importlib.util as _util, sys as _sys
_config = {config!r}
_config["path"] = list(_sys.path)
_spec = _util.spec_from_file_location({package!r}, {init!r}, submodule_search_locations=[{directory!r}])
_sys.modules[{package!r}] = _util.module_from_spec(_spec)
_spec.loader.exec_module(_sys.modules[{package!r}])
_groundwork_job = __import__({package!r} + ".server", fromlist=["serve"]).serve(_config)
try:
    exec(_groundwork_job.compile(), _groundwork_job.namespace)
except BaseException as _error:
    _groundwork_job.finish(_error)
_groundwork_job.finish(None)
"""


class Unavailable(Exception):
    """There is no warm process; the module has not been started."""


class Refused(Exception):
    """The warm process cannot do this one faithfully; the module has not been started."""


class Broken(Exception):
    """The warm process went away during a run: the module may have done anything."""


@dataclasses.dataclass(frozen=True)
class Settings:
    """What the warm process needs to know."""

    directory: str
    main_pid: int
    executable: str
    shell: str
    ansible: str
    version: str
    author: str
    collections: dict[str, str]
    preload: list[str]
    start_timeout: float
    payload_cache: str | None

    @property
    def sources(self) -> Sources:
        """What payloads are made of."""
        return Sources(self.ansible, self.version, self.collections)


class Client:
    """One worker's access to the warm process."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    # -- finding and starting

    def main_is_alive(self) -> bool:
        """Whether the ansible process that this worker belongs to is still there."""
        return self._settings.main_pid in (os.getppid(), os.getpid())

    def fail(self) -> bool:
        """Give up for the rest of this run; True for the one worker that is to say so."""
        try:
            os.close(os.open(self._file(protocol.FAILED), os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            return False
        except OSError:
            pass  # no place to note it: rather say it twice than never
        return True

    def start(self) -> None:
        """Make sure that there is a warm process; it may still be getting ready."""
        if os.path.exists(self._file(protocol.FAILED)):
            raise Unavailable("it has failed before")
        if os.path.exists(self._file(protocol.SOCKET)):
            return
        with self._lock():
            if os.path.exists(self._file(protocol.FAILED)):
                raise Unavailable("it has failed before")
            if not os.path.exists(self._file(protocol.SOCKET)):
                if self._settings.payload_cache:
                    payload_cache.fill(self._settings.directory, self._settings.payload_cache, self._settings.sources)
                self._launch()

    def _file(self, name: str) -> str:
        return os.path.join(self._settings.directory, name)

    @contextlib.contextmanager
    def _lock(self) -> t.Iterator[None]:
        try:
            fd = os.open(self._file(protocol.LOCK), os.O_CREAT | os.O_RDWR, 0o600)
        except OSError as ex:
            raise Unavailable(str(ex)) from ex
        try:
            fcntl.flock(fd, fcntl.LOCK_EX)
            yield
        finally:
            os.close(fd)

    def _launch(self) -> None:
        """Start a fresh interpreter exactly as a module would get it: a script on standard input."""
        status = os.stat(self._settings.directory)
        if status.st_uid != os.geteuid() or status.st_mode & 0o077:
            raise Unavailable(f"{self._settings.directory} is not private")
        ready, ready_child = os.pipe()
        main_fd = self._open_main()
        config = self._config(main_fd, ready_child)
        directory = os.path.dirname(os.path.abspath(__file__))
        script = _BOOTSTRAP.format(
            config=config, package=_PACKAGE, directory=directory, init=os.path.join(directory, "__init__.py")
        )
        try:
            process = subprocess.Popen(
                [sys.executable],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                start_new_session=True,
                pass_fds=[fd for fd in (main_fd, ready_child) if fd is not None],
            )
        except OSError as ex:
            os.close(ready)
            raise Unavailable(str(ex)) from ex
        finally:
            os.close(ready_child)
            if main_fd is not None:
                os.close(main_fd)
        self._hand_over(process, script, ready)

    def _hand_over(self, process: subprocess.Popen, script: str, ready: int) -> None:
        try:
            with contextlib.suppress(BrokenPipeError), t.cast(t.BinaryIO, process.stdin) as stdin:
                stdin.write(script.encode())
            answer = _read_until(ready, time.monotonic() + self._settings.start_timeout)
        finally:
            os.close(ready)
        if answer != b"ready":
            process.kill()
            process.wait()
            raise Unavailable(answer.decode(errors="replace") or "it did not start")
        process.returncode = 0  # it outlives this worker: nobody here waits for it

    def _open_main(self) -> int | None:
        """A descriptor of the main process; checking afterwards makes sure that it is not of a later one."""
        if not hasattr(os, "pidfd_open"):
            return None
        try:
            fd = os.pidfd_open(self._settings.main_pid)
        except OSError:
            return None
        if not self.main_is_alive():
            os.close(fd)
            raise Unavailable("ansible has ended")
        return fd

    def _config(self, main_fd: int | None, ready_fd: int) -> dict[str, t.Any]:
        settings = dataclasses.asdict(self._settings)
        return {**settings, "main_fd": main_fd, "ready_fd": ready_fd, "startup": shellenv.startup(os.environ)}

    # -- a run

    def run(self, request: dict[str, t.Any], payload: bytes) -> tuple[int, bytes, bytes]:
        """Execute a payload: exit code (negative: a signal), standard output and error."""
        self.start()
        with contextlib.ExitStack() as stack:
            sock = self._connect(stack)
            ours, theirs = _pipes(stack)
            reader = protocol.Reader(sock)
            try:
                protocol.send(sock, request, theirs)
                for fd in theirs:
                    os.close(fd)
                theirs.clear()
                self._await_start(sock, reader)
            except (OSError, protocol.ProtocolError) as ex:
                raise Unavailable(str(ex) or type(ex).__name__) from ex
            answer = _Exchange(sock, reader, ours, payload).run()
        if self._settings.payload_cache:
            payload_cache.publish(self._settings.directory, self._settings.sources)
        return answer

    def _connect(self, stack: contextlib.ExitStack) -> socket.socket:
        sock = stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
        sock.settimeout(self._settings.start_timeout)
        try:
            with _inside(self._settings.directory):
                sock.connect(protocol.SOCKET)
            protocol.check_peer(sock)
        except (OSError, protocol.ProtocolError) as ex:
            raise Unavailable(str(ex)) from ex
        return sock

    @staticmethod
    def _await_start(sock: socket.socket, reader: protocol.Reader) -> None:
        """The child waits for its payload: until here the module can still be executed in another way."""
        while not reader.eof:
            for message in reader.receive():
                if "started" not in message:
                    raise Refused(str(message))
                sock.settimeout(None)
                return
        raise Unavailable("it has ended")


@contextlib.contextmanager
def _inside(directory: str) -> t.Iterator[None]:
    """Be in a directory for a moment: the full name may be too long for a socket."""
    here = os.open(".", os.O_RDONLY)
    try:
        os.chdir(directory)
        yield
    finally:
        os.fchdir(here)
        os.close(here)


def _read_until(fd: int, deadline: float) -> bytes:
    """Read to the end or to the deadline."""
    data = b""
    with selectors.DefaultSelector() as selector:
        selector.register(fd, selectors.EVENT_READ)
        while selector.select(max(0, deadline - time.monotonic())):
            chunk = os.read(fd, 4096)
            if not chunk:
                break
            data += chunk
    return data


def _pipes(stack: contextlib.ExitStack) -> tuple[dict[str, int], list[int]]:
    """Pipes for standard input, output and error; whoever closes an end takes it out of the collection."""
    (stdin_r, stdin_w), (stdout_r, stdout_w), (stderr_r, stderr_w) = os.pipe(), os.pipe(), os.pipe()
    ours = {"stdin": stdin_w, "stdout": stdout_r, "stderr": stderr_r}
    theirs = [stdin_r, stdout_w, stderr_w]
    stack.callback(_close_all, ours, theirs)
    return ours, theirs


def _close_all(ours: dict[str, int], theirs: list[int]) -> None:
    for fd in (*ours.values(), *theirs):
        os.close(fd)


class _Exchange:
    """As subprocess's communicate(): feed the input, collect the output until its end, wait for the exit."""

    def __init__(self, sock: socket.socket, reader: protocol.Reader, ours: dict[str, int], payload: bytes) -> None:
        self._sock = sock
        self._reader = reader
        self._ours = ours
        self._payload = memoryview(payload)
        self._output: dict[str, list[bytes]] = {"stdout": [], "stderr": []}
        self._status: int | None = None

    def run(self) -> tuple[int, bytes, bytes]:
        with selectors.DefaultSelector() as selector:
            self._selector = selector
            for name, fd in self._ours.items():
                os.set_blocking(fd, False)
                event = selectors.EVENT_WRITE if name == "stdin" else selectors.EVENT_READ
                selector.register(fd, event, name)
            selector.register(self._sock, selectors.EVENT_READ, "status")
            while self._status is None or self._ours:
                for key, _events in selector.select():
                    self._handle(key.data)
        return self._status, b"".join(self._output["stdout"]), b"".join(self._output["stderr"])

    def _handle(self, name: str) -> None:
        if name == "status":
            self._take_status()
        elif name in self._ours:
            (self._feed if name == "stdin" else self._collect)(name)

    def _take_status(self) -> None:
        try:
            messages = self._reader.receive()
        except (OSError, protocol.ProtocolError):
            messages = []
            self._reader.eof = True
        for message in messages:
            self._status = message["exit"]
        if self._status is None and self._reader.eof:
            raise Broken("the warm process ended during the run")
        if self._reader.eof:
            self._selector.unregister(self._sock)
        elif self._status is not None and "stdin" in self._ours:
            self._close("stdin")

    def _feed(self, name: str) -> None:
        try:
            written = os.write(self._ours[name], self._payload)
        except BlockingIOError:
            return
        except BrokenPipeError:
            written = len(self._payload)
        self._payload = self._payload[written:]
        if not self._payload:
            self._close(name)

    def _collect(self, name: str) -> None:
        chunk = os.read(self._ours[name], 1 << 20)
        if chunk:
            self._output[name].append(chunk)
        else:
            self._close(name)

    def _close(self, name: str) -> None:
        fd = self._ours.pop(name)
        self._selector.unregister(fd)
        os.close(fd)
