# Copyright: the groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of the warm connection, each alone; the whole is in tests/integration."""

from __future__ import annotations

import base64
import importlib
import io
import os
import pathlib
import shlex
import socket
import subprocess
import sys
import threading
import time
import types
import zipfile
import zipimport
import zlib

import ansible
import pytest
from ansible.release import __author__, __version__

from ansible_collections.groundwork.aws.plugins.plugin_utils.warm import (
    aws,
    client,
    command,
    payload,
    preload,
    protocol,
    shellenv,
)
from ansible_collections.groundwork.aws.tests.unit.connection.warm_process import (
    make_client,
    make_request,
    owned_client,
)

# -- commands


def build(inner: str, shell: str = "/bin/sh") -> str:
    return f"{shell} -c {shlex.quote(inner + ' && sleep 0')}"


def test_a_module_command_is_taken_apart():
    assignments = {"A": "b c", "Q": 'it\'s "$HOME"', "EMPTY": "", "PLAIN": "x/y.z"}
    words = " ".join(f"{name}={shlex.quote(value)}" for name, value in assignments.items())
    assert command.parse(build(f"{words} /usr/bin/python3")) == command.Command(
        "/bin/sh", assignments, "/usr/bin/python3"
    )


@pytest.mark.parametrize(
    "cmd",
    [
        "",
        "/bin/sh -c 'unbalanced",
        "/bin/sh -c 'echo ~ && sleep 0' more",
        "/bin/sh -c '/usr/bin/python3'",
        "/bin/sh -l '/usr/bin/python3 && sleep 0'",
        "/usr/bin/fish -c '/usr/bin/python3 && sleep 0'",
        build("cd /tmp && /usr/bin/python3"),
        build("/usr/bin/python3 /tmp/file"),
        build("A=$HOME /usr/bin/python3"),
        build("A=b  /usr/bin/python3"),
        build('A="b" /usr/bin/python3'),
        build("A=b A=c /usr/bin/python3"),
        build("Ü=b /usr/bin/python3"),
        build("IFS=b /usr/bin/python3"),
        build("sudo -n /usr/bin/python3"),
        build("/usr/bin/python3; rm"),
        build("$(python)"),
    ],
)
def test_everything_else_is_not_ours(cmd):
    assert command.parse(cmd) is None


def test_payloads():
    head, call = (
        b"#!/usr/bin/python\n\n_ANSIBALLZ_WRAPPER = True\n\n",
        b'\nif __name__ == "__main__":\n    _ansiballz_main(\n)',
    )
    assert command.is_ansiballz(head + call)
    assert not command.is_ansiballz(head)
    assert not command.is_ansiballz(b"import os\n" + call)
    assert not command.is_ansiballz(b"#!/usr/bin/python\nprint('_ANSIBALLZ_WRAPPER = True')\n" + call)


# -- messages


def test_messages_arrive_whole_and_with_their_files():
    left, right = socket.socketpair()
    reader, writer = os.pipe()
    with left, right:
        message = {"environment": {"A": os.fsdecode(b"\xff\xfe"), "B": "ü" * 100_000}}
        sender = threading.Thread(target=protocol.send, args=(left, message, [writer]))
        sender.start()
        incoming, received = protocol.Reader(right), []
        while not received:
            received = incoming.receive()
        sender.join()
        assert received == [message]
        assert len(incoming.fds) == 1
        os.write(incoming.fds[0], b"x")
        assert os.read(reader, 1) == b"x"
        incoming.close_fds()
        assert incoming.fds == []
    os.close(reader)
    os.close(writer)


@pytest.mark.parametrize("frame", [b"\xff\xff\xff\xff", b"\0\0\0\2[]", b"\0\0\0\2{]"])
def test_nonsense_is_refused(frame):
    left, right = socket.socketpair()
    with left, right:
        left.sendall(frame)
        with pytest.raises(protocol.ProtocolError):
            protocol.Reader(right).receive()


def test_peers_are_known(monkeypatch):
    left, right = socket.socketpair()
    with left, right:
        protocol.check_peer(left)
        monkeypatch.setattr(protocol, "peer_uid", lambda sock: os.geteuid() + 1)
        with pytest.raises(protocol.ProtocolError):
            protocol.check_peer(left)


# -- the shell's part of the environment


@pytest.mark.parametrize("inherited", ["/", "/nowhere", None])
def test_shell_effects_are_those_of_the_shell(tmp_path, inherited):
    base = {"PATH": os.environ["PATH"], "A": "b", "odd.name": "c", "SHLVL": "3"}
    environment = {**base, "PWD": inherited} if inherited else base
    effects = shellenv.probe("/bin/sh", "/bin/sh", base)
    expected = subprocess.run(
        f"/bin/sh -c {shlex.quote('env && sleep 0')}",
        shell=True,
        executable="/bin/sh",
        env=environment,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    found = subprocess_apply(effects, environment, tmp_path)
    wanted = dict(line.split("=", 1) for line in expected.splitlines())
    for name in ("_", "LC_CTYPE"):  # of the command, and of Python
        found.pop(name, None), wanted.pop(name, None)
    assert found == wanted


def subprocess_apply(effects, environment, directory):
    """In another working directory, without changing that of the tests."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.chdir(directory)
        os.write(writer, repr(effects.apply(environment, "/usr/bin/env")).encode())
        os._exit(0)
    os.waitpid(pid, 0)
    os.close(writer)
    with open(reader, "rb") as stream:
        return eval(stream.read())  # our own repr


def test_variables_of_the_start():
    environment = {"PYTHONPATH": "/x", "LC_ALL": "C", "HOME": "/", "AWS_PROFILE": "p", "PATH": "/bin"}
    assert set(shellenv.startup(environment)) == {"PYTHONPATH", "LC_ALL", "HOME"}


# -- what is imported in advance


@pytest.fixture
def sources(tmp_path):
    utils = tmp_path / "coll" / "plugins" / "module_utils"
    (utils / "sub").mkdir(parents=True)
    (utils / "one.py").write_text("from .sub.two import VALUE\nHERE = __file__\n")
    (utils / "sub" / "two.py").write_text("VALUE = 2\n")
    (utils / "broken.py").write_text("import nothing_like_this\n")
    return preload.Sources(
        os.path.dirname(ansible.__file__), __version__, __author__, {"test.coll": str(tmp_path / "coll")}
    )


PREFIX = "ansible_collections.test.coll.plugins.module_utils"


def test_preloaded_modules_are_kept_out_of_sight(sources):
    before = {name: module for name, module in sys.modules.items() if name.startswith("ansible")}
    for name in before:
        del sys.modules[name]
    try:
        store = preload.Store(sources)
        store.preload([f"{PREFIX}.one", f"{PREFIX}.broken", "ansible.playbook", "ansible.module_utils.six"])
        assert not [name for name in sys.modules if name.startswith("ansible")]
    finally:
        sys.modules.update(before)
    assert {f"{PREFIX}.one", f"{PREFIX}.sub.two", "ansible.module_utils.six"} <= set(store.kept)
    assert not {f"{PREFIX}.broken", "ansible.playbook"} & set(store.kept)
    one = store.kept[f"{PREFIX}.one"]
    assert store.kept["ansible.module_utils.six"].sealed and not one.sealed
    assert one.module.VALUE == 2 and one.paths == ("HERE",)
    assert one.print == preload.fingerprint(sources.read(one.member))


def test_only_installed_and_equal_sources_are_compiled(sources):
    store = preload.Store(sources)
    member = f"{PREFIX.replace('.', '/')}/one.py"
    store.learn_code(member, (1, 2))
    store.learn_code("../../etc/passwd.py", (1, 2))
    store.learn_code("os.py", (1, 2))
    assert store.codes == {}
    print_ = preload.fingerprint(sources.read(member))
    store.learn_code(member, print_)
    assert list(store.codes) == [(member, print_)]


@pytest.mark.parametrize("reader", [zipimport, types.SimpleNamespace(zipimporter=lambda path: object())])
def test_a_payload_tells_what_it_holds_also_without_the_insides_of_zipimport(tmp_path, monkeypatch, reader):
    archive = tmp_path / "ansible_x_payload_1" / "ansible_x_payload.zip"
    archive.parent.mkdir()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as written:
        written.writestr("ansible/module_utils/basic.py", "VALUE = 1\n" * 9)
        written.writestr("ansible/__init__.py", "")
    monkeypatch.setattr(payload, "zipimport", reader)
    found = payload.PathHook(None, lambda _directory: None)
    found(str(archive))
    assert found.members == {
        "ansible/module_utils/basic.py": (zlib.crc32(b"VALUE = 1\n" * 9), 90),
        "ansible/__init__.py": (0, 0),
    }


# -- a whole run of the server, with this process in the place of ansible


RUN = """
import base64, os, sys, tempfile
from pathlib import Path
directory = tempfile.mkdtemp(prefix="ansible_x_payload_")
archive = os.path.join(directory, "ansible_x_payload.zip")
Path(archive).write_bytes(base64.b64decode({zip!r}))
sys.path.insert(0, archive)
try:
    import ansible.module_utils.basic as basic
    from ansible_collections.test.coll.plugins.module_utils import one
    print(one.VALUE, one.HERE.startswith(archive), one.__file__ == one.HERE, basic.__file__.startswith(archive))
    import ansible
    assert ansible.module_utils.basic is basic and sys.modules["ansible"] is ansible
    print("kept" if getattr(sys.modules["ansible"], "__spec__").loader.__class__.__name__ == "PayloadImporter" else "no")
    print(sys.path_importer_cache[archive].hook.compiled)
finally:
    Path(archive).unlink()
    os.rmdir(directory)
"""


def make_payload(sources, **changed: str) -> bytes:
    """A zip file as AnsiballZ makes it, with all of Ansible's module_utils."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        top = pathlib.Path(ansible.__file__).parent
        names = {f"ansible/{path.relative_to(top)}" for path in (top / "module_utils").rglob("*.py")}
        prefix = PREFIX.replace(".", "/")
        parts = prefix.split("/")
        names |= {"/".join(parts[:count]) + "/__init__.py" for count in range(1, len(parts) + 1)}
        names |= {"ansible/__init__.py"} | {f"{prefix}/{name}" for name in ("one.py", "sub/__init__.py", "sub/two.py")}
        for name in sorted(names):
            archive.writestr(name, changed.get(os.path.basename(name)[:-3], sources.read(name)))
    return RUN.format(zip=base64.b64encode(stream.getvalue()).decode()).encode()


@pytest.fixture
def warm(tmp_path, monkeypatch):
    """A client whose warm process belongs to a process that the test ends."""
    with owned_client(tmp_path, monkeypatch) as client_:
        yield client_


def test_equal_sources_are_used_and_others_are_not(sources, warm):
    equal = make_payload(sources)
    lines = warm.run(make_request(), equal)[1].decode().splitlines()
    assert lines == ["2 True True True", "kept", "[]"]
    status, stdout, stderr = warm.run(make_request(), make_payload(sources, two="VALUE = 3\n"))
    assert (status, stderr) == (0, b"")
    assert stdout.decode().splitlines()[0] == "3 True True True"
    assert "module_utils/basic.py" in stdout.decode()


def test_exits_streams_and_refusals(warm):
    assert warm.run(make_request(), b"import os; os._exit(9)") == (9, b"", b"")
    assert warm.run(make_request(), b"import os; os.kill(os.getpid(), 9)") == (-9, b"", b"")
    assert warm.run(make_request(), b"import sys; sys.exit('bye')") == (1, b"", b"bye\n")
    assert warm.run(make_request(), b"1/0")[2].startswith(
        b'Traceback (most recent call last):\n  File "<stdin>", line 1'
    )
    assert warm.run(make_request(assignments={"X": "y"}), b"import os; print(os.environ['X'])")[1] == b"y\n"
    assert (
        warm.run(make_request(umask=0o77, cwd="/tmp"), b"import os; print(os.getcwd(), os.umask(0))")[1] == b"/tmp 63\n"
    )
    for changes in ({"assignments": {"LANG": "xx"}}, {"shell": "/bin/other"}):
        with pytest.raises(client.Refused):
            warm.run(make_request(**changes), b"")
    with pytest.raises(client.Refused):
        warm.run(make_request(cwd="/nowhere"), b"")  # before anything has happened


# So much memory that the kernel needs longer to take it apart than a worker to read an answer and go.
LARGE = 'import os, sys\nsys.kept = bytearray(b"x") * 200_000_000\nprint(os.getpid())\n'


def test_the_end_of_a_run_is_told_before_its_process_is_gone(warm):
    def is_there_afterwards():
        status, stdout, stderr = warm.run(make_request(), LARGE.encode())
        assert (status, stderr) == (0, b"")
        return os.path.exists(f"/proc/{int(stdout)}") if sys.platform == "linux" else True

    assert any(is_there_afterwards() for _run in range(5))


def test_what_a_run_leaves_behind_lives_on(warm, tmp_path):
    """Its end is told before its process is gone, so nothing may be killed for it when the worker goes."""
    markers = [tmp_path / f"done{number}" for number in range(5)]
    for marker in markers:
        script = f"""{LARGE}
import subprocess
null = subprocess.DEVNULL
subprocess.Popen(["sh", "-c", "sleep 1; echo $$ > {marker}"], stdin=null, stdout=null, stderr=null)
sys.exit(3)
"""
        assert warm.run(make_request(), script.encode())[0] == 3
    end = time.monotonic() + 10
    while not all(marker.exists() for marker in markers):
        assert time.monotonic() < end
        time.sleep(0.05)


def test_the_end_of_a_copy_is_not_that_of_the_run(warm):
    script = b"""
import os, sys, time
if not os.fork():
    sys.exit(4)
os.wait()
time.sleep(0.2)
print("the run itself")
sys.exit(5)
"""
    assert warm.run(make_request(), script) == (5, b"the run itself\n", b"")


def test_a_thread_may_write_to_the_end(warm):
    script = b"""
import threading, time
def write():
    time.sleep(0.2)
    print("late", flush=True)
threading.Thread(target=write).start()
"""
    assert warm.run(make_request(), script) == (0, b"late\n", b"")


@pytest.mark.parametrize("descriptor", [True, False])
def test_ends_with_the_main_process(tmp_path, monkeypatch, descriptor):
    """Also where there are no process descriptors."""
    main = subprocess.Popen(["sleep", "300"])
    monkeypatch.setattr(client.Client, "main_is_alive", lambda self: main.poll() is None)
    if not descriptor:
        monkeypatch.delattr(os, "pidfd_open", raising=False)
    warm = make_client(tmp_path, main.pid)
    warm.run(make_request(), b"pass")
    marker = tmp_path / "pid"
    threading.Timer(0.3, main.kill).start()
    script = f"import os, time; open({str(marker)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    with pytest.raises(client.Broken):
        warm.run(make_request(), script.encode())
    with pytest.raises(ProcessLookupError):
        os.kill(int(marker.read_text()), 0)
    main.wait()
    with pytest.raises(client.Unavailable):
        warm.run(make_request(), b"pass")


def test_a_directory_for_others_is_refused(tmp_path):
    warm = make_client(tmp_path, os.getpid())
    os.chmod(warm._settings.directory, 0o755)
    with pytest.raises(client.Unavailable, match="private"):
        warm.start()
    assert warm.fail() and not warm.fail()


# -- botocore


def test_loaders_share_what_has_been_read(monkeypatch):
    loaders = pytest.importorskip("botocore.loaders")
    monkeypatch.setattr(loaders.Loader, "__init__", loaders.Loader.__init__)
    models = aws.Models()
    models.learn(("load_service_model", "sts", "service-2", "api_version", None))
    models.learn(("load_service_model", "no-such-service", "service-2"))
    models.learn(("__class__",))
    models.share()
    ready = loaders.Loader()
    assert ready.load_service_model("sts", "service-2", api_version=None) is models._warm.load_service_model(
        "sts", "service-2", api_version=None
    )
    assert models.news() == []
    ready.load_service_model("sqs", "service-2", api_version=None)
    assert ("load_service_model", "sqs", "service-2", "api_version", None) in models.news()
    assert loaders.Loader(extra_search_paths=["/x"])._cache == {}


def test_another_botocore_is_left_alone(monkeypatch):
    loaders = pytest.importorskip("botocore.loaders")
    original = loaders.Loader.__init__
    monkeypatch.setattr(loaders.Loader, "load_data_with_path", lambda self, name: ({}, name))
    models = aws.Models()
    assert not models.usable
    models.learn(("load_data_with_path", "endpoints"))
    models.share()
    assert loaders.Loader.__init__ is original and models.news() == []


def test_only_default_sessions_get_ready_contexts(monkeypatch, tmp_path):
    httpsession = pytest.importorskip("botocore.httpsession")
    session = httpsession.URLLib3Session
    monkeypatch.setattr(session, "_get_ssl_context", session._get_ssl_context)
    contexts = aws.Contexts()
    for _number in range(5):
        contexts.build()
    assert len(contexts._spare) == 3
    contexts.share()
    for other in ({"verify": False}, {"verify": str(tmp_path)}, {"proxies": {"https": "http://127.0.0.1:1"}}):
        session(**other)
    assert len(contexts._spare) == 3
    context = session(verify=True)._manager.connection_pool_kw["ssl_context"]
    assert len(contexts._spare) == 2
    assert len(context.get_ca_certs()) == context.cert_store_stats()["x509_ca"] > 50
    context.load_verify_locations(httpsession.get_cert_path(True))


def test_sessions_take_ready_handlers(monkeypatch):
    session = pytest.importorskip("botocore.session")
    hooks = pytest.importorskip("botocore.hooks")
    stock = registered(session.Session())
    monkeypatch.setattr(session.Session, "__init__", session.Session.__init__)
    handlers = aws.Handlers()
    handlers.build()
    ready = handlers._spare[0]
    handlers.share()
    mine = hooks.HierarchicalEmitter()
    assert session.Session(event_hooks=mine)._original_handler is mine
    assert registered(session.Session(include_builtin_handlers=False)) == []
    first, second = session.Session(profile="p"), session.Session()
    assert first._original_handler is ready and second._original_handler is not ready
    assert registered(first) == registered(second) == stock and first.profile == "p"
    first.register("before-call", lambda **_arguments: None)
    assert registered(first) != stock and registered(second) == stock


def registered(session):
    """What a session has registered: (event, handlers in their order)."""
    queue, found = [((), session._original_handler._handlers._root)], []
    while queue:
        path, node = queue.pop()
        found += [(path, [list(section) for section in node["values"]])] if node["values"] else []
        queue += [((*path, name), child) for name, child in sorted(node["children"].items())]
    return found


def test_handlers_that_somebody_changed_are_not_ready(monkeypatch):
    session = pytest.importorskip("botocore.session")
    builtin = pytest.importorskip("botocore.handlers")
    monkeypatch.setattr(session.Session, "__init__", session.Session.__init__)
    handlers = aws.Handlers()
    handlers.build()
    handlers.share()
    monkeypatch.setattr(builtin, "BUILTIN_HANDLERS", builtin.BUILTIN_HANDLERS[:-1])
    assert len(handlers._spare) == 1 and session.Session() and len(handlers._spare) == 1


@pytest.fixture
def session(monkeypatch):
    """botocore's module of sessions; what models share in it is taken back."""
    loader = pytest.importorskip("botocore.loaders").Loader
    creator = pytest.importorskip("botocore.client").ClientCreator
    for owner, name in ((loader, "__init__"), (creator, "_create_methods"), (creator, "_create_name_mapping")):
        monkeypatch.setattr(owner, name, getattr(owner, name))
    return importlib.import_module("botocore.session")


def test_clients_of_a_known_model_take_ready_methods(session):
    keys = {"region_name": "eu-west-1", "aws_access_key_id": "x", "aws_secret_access_key": "y"}
    stock = session.Session().create_client("sts", **keys)
    models = aws.Models()
    models.learn(("load_service_model", "sts", "service-2", "api_version", None))
    models.share()
    first, second = (session.Session().create_client("sts", **keys) for _number in range(2))
    assert type(first).get_caller_identity is type(second).get_caller_identity
    assert type(first).get_caller_identity is not type(stock).get_caller_identity
    assert sorted(vars(type(first))) == sorted(vars(type(stock)))
    assert first.meta.method_to_api_mapping == stock.meta.method_to_api_mapping
    first._PY_TO_OP_NAME.clear()
    assert second._PY_TO_OP_NAME == stock._PY_TO_OP_NAME
    assert vars(second.meta.service_model)["endpoint_discovery_operation"] is None
    assert stock.meta.service_model.endpoint_discovery_operation is None
    type(first).get_caller_identity = None
    assert type(second).get_caller_identity is not None
    other = session.Session().create_client("sqs", **keys)
    assert other.meta.service_model.service_name == "sqs" and callable(other.send_message)


def test_a_service_that_tells_its_endpoints_is_still_asked(session):
    models = aws.Models()
    models.learn(("load_service_model", "timestream-query", "service-2", "api_version", None))
    models.share()
    keys = {"region_name": "eu-west-1", "aws_access_key_id": "x", "aws_secret_access_key": "y"}
    client_ = session.Session().create_client("timestream-query", **keys)
    assert client_.meta.service_model.endpoint_discovery_operation.name == "DescribeEndpoints"


@pytest.mark.parametrize(
    ("module", "owner", "name"),
    [
        ("session", "Session", "_register_builtin_handlers"),
        ("handlers", None, "BUILTIN_HANDLERS"),
        ("hooks", None, "HierarchicalEmitter"),
        ("client", "ClientCreator", "_create_methods"),
        ("client", "ClientCreator", "_create_name_mapping"),
        ("model", None, "ServiceModel"),
        ("loaders", None, "Loader"),
        ("loaders", "Loader", "load_data_with_path"),
        ("httpsession", None, "URLLib3Session"),
        ("httpsession", "URLLib3Session", "_get_ssl_context"),
        ("httpsession", None, "get_cert_path"),
        ("httpsession", None, "create_urllib3_context"),
    ],
)
def test_a_botocore_that_renames_what_is_used_works_unhelped(monkeypatch, module, owner, name):
    botocore = pytest.importorskip("botocore.session")
    home = importlib.import_module(f"botocore.{module}")
    monkeypatch.delattr(getattr(home, owner) if owner else home, name)
    models, handlers, contexts = aws.Models(), aws.Handlers(), aws.Contexts()
    for key in models.first():
        models.learn(key)
    handlers.build()
    contexts.build()
    models.share()
    handlers.share()
    contexts.share()
    assert models.news() == [] and (module == "loaders") != models.usable
    monkeypatch.undo()
    assert botocore.Session().create_client("sts", "eu-west-1", aws_access_key_id="x", aws_secret_access_key="y")
