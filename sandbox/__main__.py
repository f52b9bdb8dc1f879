# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""python -m sandbox: the local AWS in the foreground, or around one command."""

import argparse
import os
import signal
import sys
import threading

from .environment import environment
from .script import BadScript
from .server import NotRestored, Server

ACCOUNT = "123456789012"


STOP = {signal.SIGTERM, signal.SIGINT}


def main(arguments=None):
    """Parse the command line and return the exit status."""
    options = _parser().parse_args(arguments)
    # Blocked before any thread starts, and taken with sigwait: a handler in Python could miss its moment,
    # because a signal that comes just before the main thread begins to wait does not wake it.
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP | {signal.SIGCHLD})
    try:
        return run(options) if options.verb == "run" else serve(options)
    except (NotRestored, BadScript) as error:
        print(f"python -m sandbox: {error}", file=sys.stderr)
        return 2


def _server(options):
    return Server(options.account, options.port, options.time_scale, options.state, options.script)


def serve(options):
    """Answer until a signal comes, or until standard input ends if so asked."""
    with _server(options) as server:
        print(f"AWS_ENDPOINT_URL={server.endpoint}", flush=True)
        if options.until_eof:
            threading.Thread(target=_stop_at_eof, daemon=True).start()
        signal.sigwait(STOP)
    return 0


def run(options):
    """Run a command against a sandbox of its own and return its exit status."""
    command = options.command[1:] if options.command[:1] == ["--"] else options.command
    if not command:
        print("python -m sandbox run: no command given", file=sys.stderr)
        return 2
    with _server(options) as server:
        if signal.sigpending() & STOP:
            return 128 + min(signal.sigpending() & STOP)
        print(f"AWS_ENDPOINT_URL={server.endpoint}", file=sys.stderr, flush=True)
        try:
            # Not subprocess, which cannot give the child an empty signal mask while threads run.
            child = os.posix_spawnp(command[0], command, _child_environment(server.endpoint), setsigmask=())
        except OSError as error:
            print(f"{command[0]}: {error.strerror}", file=sys.stderr)
            return 127
        return _wait(child)


def _wait(child):
    """Pass signals on until the command ends; its exit status, as a shell would give it."""
    while True:
        number = signal.sigwait(STOP | {signal.SIGCHLD})
        if number in STOP and not (number == signal.SIGINT and _terminal_sent_it()):
            os.kill(child, number)
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code


def _child_environment(endpoint):
    # What server.prepare set for moto is none of the command's business.
    return environment(endpoint, {name: value for name, value in os.environ.items() if not name.startswith("MOTO_")})


def _terminal_sent_it():
    # Ctrl-C reaches the command too; a second one from us would make Ansible abort hard.
    try:
        return os.tcgetpgrp(0) == os.getpgrp()
    except OSError:
        return False


def _stop_at_eof():
    # Not through sys.stdin: a thread that waits in it keeps the interpreter from ending.
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def _parser():
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    _add_common(parser, ACCOUNT, 0, 0.0, None, None)
    # For tests: a parent that dies takes its sandbox along.
    parser.add_argument("--until-eof", action="store_true", help="stop when standard input ends")
    run_parser = parser.add_subparsers(dest="verb").add_parser("run", help="run a command against its own sandbox")
    # Without defaults, or they would overwrite what was said before "run".
    _add_common(run_parser, *[argparse.SUPPRESS] * 5)
    run_parser.add_argument("command", nargs=argparse.REMAINDER)
    return parser


def _add_common(parser, account, port, time_scale, state, script):
    parser.add_argument("--account", type=_account, default=account, help="the AWS account ID of everything")
    parser.add_argument("--port", type=int, default=port, help="the port on 127.0.0.1; 0 takes a free one")
    scale_help = (
        "what takes time takes this share of what it takes on AWS (sandbox/durations.yml); 0, the default: none"
    )
    parser.add_argument("--time-scale", type=_scale, default=time_scale, help=scale_help, metavar="SHARE")
    state_help = "go on with what this file holds, if there is one, and write it when stopped"
    parser.add_argument("--state", default=state, help=state_help, metavar="FILE")
    script_help = "do what this file says: faults, alarms and the like, each at its moment; see docs/sandbox.md"
    parser.add_argument("--script", default=script, help=script_help, metavar="FILE")


def _scale(text):
    if not 0 <= float(text) < float("inf"):
        raise argparse.ArgumentTypeError("0 or more")
    return float(text)


def _account(text):
    if len(text) != 12 or not text.isdigit():
        raise argparse.ArgumentTypeError("an account ID has 12 digits")
    return text


if __name__ == "__main__":
    _status = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # Everything is stopped and written; taking moto's objects apart one by one would cost a second.
    os._exit(_status)
