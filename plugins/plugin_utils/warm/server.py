# Copyright: the groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The warm process: imports once, forks a child for each module run, ends with the ansible process it serves."""

from __future__ import annotations

import collections
import contextlib
import functools
import gc
import os
import selectors
import shutil
import signal
import socket
import stat
import sys
import typing as t

from . import aws, child, pages, payload_cache, preload, protocol, shellenv
from .runs import Run, Waiting

_POLL = 0.02
_LARGE_SOURCE = 60_000
_MOST_KNOWN = 20_000
_SESSIONS = 2  # of boto3 in a run, as many as nearly every module has at most


class Server:
    """The event loop."""

    def __init__(self, config: dict[str, t.Any]) -> None:
        self._config = config
        self._selector = selectors.DefaultSelector()
        self._runs: dict[socket.socket, Run] = {}
        self._children: dict[int, Run] = {}
        self._chores: collections.deque[tuple[bool, t.Callable[[], None]]] = collections.deque()
        self._path = list(config["path"])
        self._effects: shellenv.ShellEffects | None = None
        self._job: child.Job | None = None
        self._memory = pages.Pages()
        self._waiting: Waiting | None = None
        self._outdated = True  # nobody waits, or who waits lacks what has been learned since
        self._stop = False
        self._known: set[t.Any] = set()
        self._pid = os.getpid()
        self._directory_fd = os.open(config["directory"], os.O_RDONLY)
        self._listener = self._listen()
        self._watch_main()
        self._watch_signals()

    # -- what it listens to

    def _listen(self) -> socket.socket:
        """Bind inside the private directory by a relative name: the full one may be too long for a socket."""
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        os.fchdir(self._directory_fd)
        mask = os.umask(0o177)
        listener.bind(protocol.SOCKET)
        os.umask(mask)
        os.chdir("/")
        listener.listen(512)
        listener.setblocking(False)
        self._selector.register(listener, selectors.EVENT_READ, self._on_connect)
        return listener

    def _watch_main(self) -> None:
        """A process descriptor tells at once that ansible has ended; without one, look often."""
        fd = self._config["main_fd"]
        if fd is not None:
            self._selector.register(fd, selectors.EVENT_READ, self._on_main_end)

    def _watch_signals(self) -> None:
        reader, writer = os.pipe()
        os.set_blocking(reader, False)
        os.set_blocking(writer, False)
        self._wakeup = reader
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, self._on_main_end)
        self._selector.register(reader, selectors.EVENT_READ, self._on_signal)

    def _main_is_alive(self) -> bool:
        if self._config["main_fd"] is not None:
            with selectors.DefaultSelector() as selector:
                selector.register(self._config["main_fd"], selectors.EVENT_READ)
                return not selector.select(0)
        return _is_running(self._config["main_pid"])

    # -- the loop

    def serve(self) -> child.Job:
        """Work until ansible ends; returns in children only."""
        for chore in self._essentials():
            chore()
            if not self._main_is_alive():
                self._end()
        self._settle()
        while True:
            for key, _events in self._selector.select(self._timeout()):
                key.data(key.fileobj)
                if self._job is not None:
                    return self._job
            if self._stop or (self._config["main_fd"] is None and not self._main_is_alive()):
                self._end()
            self._do_chore()
            if self._job is not None:
                return self._job

    def _timeout(self) -> float | None:
        if self._next_chore() is not None or self._outdated:
            return 0
        return _POLL if self._config["main_fd"] is None else None

    def _on_main_end(self, *_args: t.Any) -> None:
        self._stop = True

    def _end(self) -> t.NoReturn:
        """Kill the children first, then leave nothing behind."""
        if self._waiting is not None:
            self._waiting.end()
        for run in self._children.values():
            run.kill()
        for pid, run in self._children.items():
            try:
                os.waitpid(pid, 0)
            except ChildProcessError:
                pass
            run.listen()
            self._remove_payload(run.notes())
        for name in (protocol.SOCKET, protocol.LOCK, protocol.FAILED, payload_cache.KEPT):
            try:
                os.unlink(name, dir_fd=self._directory_fd)
            except OSError:
                pass  # ansible has removed its directory, or there was none
        os._exit(0)

    # -- runs

    def _on_connect(self, _listener: t.Any) -> None:
        try:
            sock, _address = self._listener.accept()
            protocol.check_peer(sock)
        except (BlockingIOError, ConnectionError, protocol.ProtocolError):
            return
        self._runs[sock] = Run(sock, protocol.Reader(sock))
        self._selector.register(sock, selectors.EVENT_READ, self._on_message)

    def _on_message(self, sock: socket.socket) -> None:
        run = self._runs[sock]
        try:
            messages = run.reader.receive()
            for request in messages[:1]:
                self._on_request(run, request)
        except (OSError, KeyError, TypeError, ValueError, protocol.ProtocolError):
            self._drop(run)
            return
        if run.reader.eof and self._job is None:
            self._drop(run)

    def _drop(self, run: Run) -> None:
        """The worker has gone: so goes the run. Its child is collected when it has died."""
        if self._runs.pop(run.sock, None) is None:
            return
        run.kill()
        run.reader.close_fds()
        self._selector.unregister(run.sock)
        run.sock.close()

    def _on_request(self, run: Run, request: dict[str, t.Any]) -> None:
        if run.requested or len(run.reader.fds) != 3:
            raise protocol.ProtocolError("unexpected request")
        run.requested = True
        if not self._suits(request):
            protocol.send(run.sock, {"refused": "environment"})
            run.reader.close_fds()
        elif self._main_is_alive():
            self._hand_over(run, request)
        else:
            self._end()

    def _suits(self, request: dict[str, t.Any]) -> bool:
        """Whether an interpreter started for this request would be one like this."""
        wanted = shellenv.startup({**request["environment"], **request["assignments"]})
        return wanted == self._config["startup"] and request["shell"] == self._config["shell"]

    def _hand_over(self, run: Run, request: dict[str, t.Any]) -> None:
        """Give a run to the child that waits, or to a new one."""
        waiting, self._waiting, self._outdated = self._waiting, None, True
        if waiting is not None:
            try:
                self._give(waiting, run, request)
                return
            except OSError:
                waiting.end()  # somebody has killed it
        if (fresh := self._fork()) is not None:  # otherwise this is the child, which has its run
            self._give(fresh, run, request)

    def _give(self, waiting: Waiting, run: Run, request: dict[str, t.Any]) -> None:
        protocol.send(waiting.sock, request, [*run.reader.fds, run.sock.fileno()])
        waiting.sock.close()
        run.pid, run.report = waiting.pid, waiting.report
        run.reader.close_fds()
        self._children[run.pid] = run
        self._selector.register(run.report, selectors.EVENT_READ, functools.partial(self._on_report, run))

    def _fork(self) -> Waiting | None:
        """A child that waits for its run; None in the child, once it has one."""
        report, report_child = os.pipe()
        sock, sock_child = socket.socketpair()
        try:
            pid = os.fork()
        except OSError:
            for end in (sock.detach(), sock_child.detach(), report, report_child):
                os.close(end)
            raise
        if pid == 0:
            self._become(sock_child, report_child)
            return None
        try:
            os.setpgid(pid, pid)
        except OSError:
            pass  # the child has done so
        sock_child.close()
        os.close(report_child)
        os.set_blocking(report, False)
        return Waiting(pid, sock, report)

    def _become(self, sock: socket.socket, report: int) -> None:
        """In the child: leave the loop with a job. Ending without a word makes the worker do it in another way."""
        try:
            job = child.Job(
                self._store, self._models, self._handlers, self._contexts, self._memory, self._effects, self._path
            )
            worker = job.await_run(sock, report, self._pid)
            protocol.send(worker, {"started": os.getpid()})
            worker.detach()  # closed with all other files
            job.commit()
        except BaseException:  # pylint: disable=broad-exception-caught
            os._exit(1)
        self._job = job

    def _renew_waiting(self) -> None:
        """Have a child ready that knows what has been learned."""
        if self._waiting is not None:
            self._waiting.end()
        self._outdated = False
        try:
            self._waiting = self._fork()
        except OSError:
            self._waiting = None  # a run that comes tries again

    def _on_signal(self, _fd: t.Any) -> None:
        try:
            os.read(self._wakeup, 4096)
        except BlockingIOError:
            pass
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            self._on_exit(pid, status)

    def _on_report(self, run: Run, _fd: t.Any) -> None:
        """A child says how it ends before the kernel has taken its memory apart, and the worker need not wait for that."""
        if not run.listen():
            self._selector.unregister(run.report)
        for note in run.notes():
            if "exit" in note and run.pid:
                run.pid = 0  # what it has started in the background lives on
                self._answer(run, note["exit"])

    def _answer(self, run: Run, status: int) -> None:
        if run.sock in self._runs and not run.answered:
            run.answered = True
            try:
                protocol.send(run.sock, {"exit": status})
            except OSError:
                self._drop(run)

    def _on_exit(self, pid: int, status: int) -> None:
        run = self._children.pop(pid, None)
        if run is None:
            if self._waiting is not None and self._waiting.pid == pid:
                self._waiting.end()
                self._waiting, self._outdated = None, True
            return
        run.pid = 0
        run.listen()
        notes = run.notes()
        with contextlib.suppress(KeyError):
            self._selector.unregister(run.report)
        os.close(run.report)
        run.report = -1  # the number may be another's before the events of this round are through
        self._answer(run, os.waitstatus_to_exitcode(status))
        if os.WIFSIGNALED(status):
            self._remove_payload(notes)
        self._learn(notes)

    @staticmethod
    def _remove_payload(notes: list[dict[str, t.Any]]) -> None:
        """A killed run could not remove the directory of its payload."""
        for note in notes:
            path = str(note.get("payload") or "")
            if os.path.basename(path).startswith("ansible_") and "_payload_" in os.path.basename(path):
                try:
                    status = os.lstat(path)
                except OSError:
                    continue
                if stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid():
                    shutil.rmtree(path, ignore_errors=True)

    # -- what it has ready

    def _essentials(self) -> list[t.Callable[[], None]]:
        """In order: what every run needs, what every AWS run needs."""
        config = self._config
        installed = preload.Sources(config["ansible"], config["version"], config["author"], config["collections"])
        self._store = preload.Store(installed)
        utilities = [name for collection in config["preload"] for name in installed.utilities(collection)]
        return [
            self._probe_shell,
            lambda: self._store.preload(preload.ESSENTIAL),
            self._import_aws,
            lambda: self._store.preload(utilities),
        ]

    def _probe_shell(self) -> None:
        try:
            self._effects = shellenv.probe(self._config["executable"], self._config["shell"], dict(os.environ))
        except (OSError, ValueError):
            self._effects = None

    def _import_aws(self) -> None:
        self._models = aws.Models()
        self._handlers = aws.Handlers()
        self._contexts = aws.Contexts()
        for _number in range(_SESSIONS):
            self._chores.append((False, self._handlers.build))
            self._chores.append((False, self._contexts.build))
        for key in self._models.first():
            self._chores.append((False, functools.partial(self._models.learn, key)))

    def _learn(self, notes: list[dict[str, t.Any]]) -> None:
        """Have ready for the next runs what this one had to do itself; only names are taken from it."""
        for note in notes:
            for key in self._unknown(map(tuple, note.get("models", ()))):
                self._chores.append((False, functools.partial(self._models.learn, key)))
            for member, crc, size in self._unknown((m, *p) for m, p in note.get("compiled", ())):
                chore = functools.partial(self._store.learn_code, member, (crc, size))
                self._chores.append((size > _LARGE_SOURCE, chore))
            if owned := note.get("pages"):
                self._chores.append((False, functools.partial(self._memory.learn, owned)))
            names = [name for name in self._unknown(note.get("utilities", ())) if self._may_import(name)]
            if names:
                self._chores.append((True, functools.partial(self._store.preload, names)))

    def _unknown(self, items: t.Iterable[t.Any]) -> list[t.Any]:
        """Everything is tried once."""
        new = [item for item in items if item not in self._known]
        if len(self._known) < _MOST_KNOWN:
            self._known.update(new)
            return new
        return []

    def _may_import(self, name: str) -> bool:
        """Ansible's own utilities and those of the collections that we were told to preload."""
        known = tuple(
            f"ansible_collections.{collection}.plugins.module_utils." for collection in self._config["preload"]
        )
        return name not in self._store.kept and name.startswith(("ansible.module_utils.", *known))

    def _next_chore(self) -> int | None:
        """While a child runs only what is short: nothing may stand between ansible's end and the child's."""
        for index, (large, _chore) in enumerate(self._chores):
            if not large or not self._children:
                return index
        return None

    def _do_chore(self) -> None:
        index = self._next_chore()
        if index is None:
            if self._outdated:
                self._renew_waiting()
            return
        chore = self._chores[index][1]
        del self._chores[index]
        self._outdated = True
        try:
            chore()
        except Exception:  # pylint: disable=broad-exception-caught
            return  # what is not ready is done by the runs themselves
        if not self._chores:
            self._settle()

    @staticmethod
    def _settle() -> None:
        """Keep the collector of children, and of this process, away from what will stay."""
        gc.collect()
        gc.freeze()


def _is_running(pid: int) -> bool:
    """Without a process descriptor; a zombie, whom nobody has waited for yet, has ended as well."""
    try:
        os.kill(pid, 0)
        with open(f"/proc/{pid}/stat", "rb") as stream:
            return stream.read().rpartition(b")")[2].split()[0] != b"Z"
    except FileNotFoundError:
        return not os.path.isdir("/proc/self")
    except OSError:
        return False


def serve(config: dict[str, t.Any]) -> child.Job:
    """Start: tell the launcher that workers may connect, then get ready. Returns in children only."""
    sys.path[:] = [entry for entry in sys.path if entry not in ("", ".")]
    sys.dont_write_bytecode = True
    try:
        server = Server(config)
    except BaseException as ex:  # pylint: disable=broad-exception-caught
        os.write(config["ready_fd"], f"{type(ex).__name__}: {ex}".encode())
        os._exit(1)
    os.write(config["ready_fd"], b"ready")
    os.close(config["ready_fd"])
    return server.serve()
