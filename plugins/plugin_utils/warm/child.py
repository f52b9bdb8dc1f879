# Copyright: the groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One module run: a forked child of the warm process that becomes what `python < payload` would be."""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import gc
import importlib.machinery
import json
import os
import select
import signal
import socket
import sys
import tempfile
import threading
import time
import types
import typing as t

from . import aws, pages, payload, preload, protocol, shellenv

_PR_SET_PDEATHSIG = 1
_REPORT_FD = 64


def bind_to_parent(parent: int, poll: float = 0.02) -> None:
    """Die with the warm process: by the kernel's hand on Linux, by a thread's elsewhere."""
    if pages.LIBC is not None:
        pages.LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    else:
        threading.Thread(target=_watch, args=(parent, poll), daemon=True).start()
    if os.getppid() != parent:
        os._exit(1)  # it died before the line above


def _watch(parent: int, poll: float) -> None:
    while os.getppid() == parent:
        time.sleep(poll)
    os.kill(os.getpid(), signal.SIGKILL)


class Reporter:
    """Tells the warm process where the payload is and what was missing; never waits and never fails."""

    def __init__(self, fd: int) -> None:
        self._fd = fd

    def send(self, **fields: t.Any) -> None:
        """Write one line."""
        try:
            os.write(self._fd, json.dumps(fields).encode("ascii") + b"\n")
        except (OSError, ValueError, TypeError):
            pass


class Job:
    """What the warm process hands to the first frame of a child: code to execute, and how to end."""

    def __init__(
        self,
        store: preload.Store,
        models: aws.Models,
        handlers: aws.Handlers,
        contexts: aws.Contexts,
        memory: pages.Pages,
        effects: shellenv.ShellEffects | None,
        path: list[str],
    ) -> None:
        self._store = store
        self._models = models
        self._handlers = handlers
        self._contexts = contexts
        self._memory = memory
        self._effects = effects
        self._path = path
        self._reporter = Reporter(-1)
        self._fds: list[int] = []
        self._report_fd = -1
        self._hook: payload.PathHook | None = None
        self._modules: frozenset[str] = frozenset()
        self._pid = 0
        self.namespace: dict[str, t.Any] = {}
        self.source = b""

    def await_run(self, sock: socket.socket, report: int, parent: int) -> socket.socket:
        """Wait for a run and become the process of its module, except for its files; returns the worker's socket.

        Until then, and whatever fails here, nothing has happened yet.
        """
        bind_to_parent(parent)
        os.setpgid(0, 0)
        self._reset_signals()
        # What the warm process has open for others must end when it closes it. Its objects stay, or they would close
        # numbers that belong to somebody else by then.
        gc.freeze()
        sock, report = socket.socket(fileno=_above(sock.detach(), _REPORT_FD)), _above(report, _REPORT_FD)
        keep = sorted((0, 1, 2, sock.fileno(), report))
        for first, last in zip(keep, [*keep[1:], keep[-1] + 4096]):
            os.closerange(first + 1, last)
        poll = select.poll()
        poll.register(sock, select.POLLIN)
        self._memory.copy(wanted=lambda: bool(poll.poll(0)))
        reader = protocol.Reader(sock)
        messages: list[dict[str, t.Any]] = []
        while not messages:
            messages = reader.receive()
            if reader.eof:
                os._exit(0)  # the warm process has no use for this child
        sock.close()
        worker = socket.socket(fileno=reader.fds.pop())
        self._fds, self._report_fd = reader.fds, report
        self._enter(messages[0])
        self._reset_python()
        return worker

    def commit(self) -> None:
        """Take the files and read the payload; the worker sends it when it knows that this child is ready."""
        self._pid = os.getpid()
        self._take_files(self._fds, self._report_fd)
        self._hook = payload.PathHook(self._store, lambda path: self._reporter.send(payload=path))
        sys.path_hooks.insert(0, self._hook)
        self._models.share()
        self._handlers.share()
        self._contexts.share()
        self.source = _read_all(0)
        if not self.source:
            os._exit(0)  # the worker went away before it committed itself to this run

    def _take_files(self, fds: list[int], report: int) -> None:
        """Only standard input, output and error are left open, and the report, out of a module's way."""
        fds = [fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 3) for fd in fds]
        for number, fd in enumerate(fds):
            os.dup2(fd, number, inheritable=True)
        os.closerange(3, report)
        os.closerange(report + 1, report + 4096)
        os.set_blocking(report, False)
        self._reporter = Reporter(report)

    @staticmethod
    def _reset_signals() -> None:
        """As Python starts: the warm process's own handlers go."""
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.pthread_sigmask(signal.SIG_SETMASK, ())

    def _enter(self, request: dict[str, t.Any]) -> None:
        """Directory, umask and environment of the worker, the shell's changes, the task's variables."""
        os.chdir(os.fsencode(request["cwd"]))
        os.umask(request["umask"])
        environment = dict(request["environment"])
        if self._effects is not None:
            environment = self._effects.apply(environment, request["interpreter"])
        environment.update(request["assignments"])
        for name in set(os.environ) - set(environment):
            del os.environ[name]
        for name, value in environment.items():
            if os.environ.get(name) != value:
                os.environ[name] = value

    def _reset_python(self) -> None:
        """The state of an interpreter that has just started to read a script from standard input."""
        sys.argv[:] = [""]
        sys.path[:] = self._path
        sys.dont_write_bytecode = bool(sys.flags.dont_write_bytecode)
        tempfile.tempdir = None
        main = types.ModuleType("__main__")
        main.__dict__.update(__builtins__=__builtins__, __loader__=importlib.machinery.BuiltinImporter)
        sys.modules["__main__"] = main
        self._modules = frozenset(sys.modules)
        self.namespace = main.__dict__
        gc.freeze()
        gc.enable()

    def compile(self) -> types.CodeType:
        """The payload as a script."""
        source, self.source = self.source, b""
        return compile(source, "<stdin>", "exec", dont_inherit=True)

    def finish(self, error: BaseException | None) -> t.NoReturn:
        """End as the interpreter does, without taking down what the warm process had built up."""
        status = _exit_status(error)
        interrupted = isinstance(error, KeyboardInterrupt)
        error = None
        self._report()
        getattr(threading, "_shutdown", lambda: None)()
        atexit._run_exitfuncs()
        self._drop_modules()
        status = _flush() or status
        if interrupted:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            os.kill(os.getpid(), signal.SIGINT)
        self._announce(status & 0xFF)
        os._exit(status & 0xFF)

    def _announce(self, status: int) -> None:
        """Say how it ends, as nothing is left to be done but what the kernel does, which takes longer than an API call."""
        if os.getpid() != self._pid or threading.active_count() > 1:
            return  # a copy that the module has made of itself, or one whose threads may still write
        for fd in (0, 1, 2):
            with contextlib.suppress(OSError):
                os.close(fd)
        self._reporter.send(exit=status)
        if owned := self._memory.owned():
            self._reporter.send(pages=owned)

    def _report(self) -> None:
        names = [name for name in sys.modules if name not in self._store.kept and _is_utility(name)]
        self._reporter.send(
            models=self._models.news(), utilities=names, compiled=self._hook.compiled if self._hook else []
        )

    def _drop_modules(self) -> None:
        """Objects of the module go, so that open files are written and temporary ones removed."""
        if threading.active_count() > 1:
            return  # a daemon thread may be using them
        self.namespace.clear()
        for name in [name for name in sys.modules if name not in self._modules]:
            module = sys.modules.pop(name)
            if isinstance(module, types.ModuleType):
                module.__dict__.clear()
        gc.collect()


def _above(fd: int, least: int) -> int:
    """The same file with a number from this one on, if the limit of open files allows it."""
    try:
        other = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, least)
    except OSError:
        return fd
    os.close(fd)
    return other


def _is_utility(name: str) -> bool:
    return name.startswith("ansible.module_utils.") or ".plugins.module_utils." in name


def _read_all(fd: int) -> bytes:
    chunks = []
    while chunk := os.read(fd, 1 << 20):
        chunks.append(chunk)
    return b"".join(chunks)


def _exit_status(error: BaseException | None) -> int:
    """Print what Python would print and return what it would exit with."""
    if error is None:
        return 0
    if isinstance(error, SystemExit):
        if error.code is None or isinstance(error.code, int):
            return error.code or 0
        _flush()
        sys.stderr.write(f"{error.code}\n")
        return 1
    frames = error.__traceback__
    while frames is not None and frames.tb_frame.f_globals.get("__name__") != "__main__":
        frames = frames.tb_next
    # the first frame is the warm process's own
    frames = frames.tb_next if frames is not None and "_groundwork_job" in frames.tb_frame.f_globals else frames
    sys.excepthook(type(error), error.with_traceback(frames), frames)
    return 1


def _flush() -> int:
    """Write out standard output and error; Python exits with 120 if it cannot."""
    status = 0
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None and not stream.closed:
                stream.flush()
        except Exception as ex:  # pylint: disable=broad-exception-caught
            if stream is sys.stdout:
                arguments: t.Any = sys.UnraisableHookArgs
                sys.unraisablehook(arguments((type(ex), ex, ex.__traceback__, None, stream)))
                status = 120
    return status
