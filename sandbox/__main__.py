# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""python -m sandbox: the local AWS in the foreground, or around one command."""

import argparse
import os
import signal
import subprocess
import sys
import threading

from .environment import environment
from .server import Server

ACCOUNT = "123456789012"


class Stop(BaseException):
    """A signal asked the sandbox to stop."""


def main(arguments=None):
    """Parse the command line and return the exit status."""
    options = _parser().parse_args(arguments)
    if options.verb == "run":
        return run(options)
    return serve(options)


def serve(options):
    """Answer until a signal comes, or until standard input ends if so asked."""
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    try:
        with Server(options.account, options.port) as server:
            print(f"AWS_ENDPOINT_URL={server.endpoint}", flush=True)
            if options.until_eof:
                threading.Thread(target=_stop_at_eof, daemon=True).start()
            threading.Event().wait()
    except Stop:
        return 0


def run(options):
    """Run a command against a sandbox of its own and return its exit status."""
    command = options.command[1:] if options.command[:1] == ["--"] else options.command
    if not command:
        print("python -m sandbox run: no command given", file=sys.stderr)
        return 2
    with Server(options.account, options.port) as server:
        print(f"AWS_ENDPOINT_URL={server.endpoint}", file=sys.stderr, flush=True)
        try:
            # The environment was emptied of the user's AWS variables before moto could see them.
            child = subprocess.Popen(command, env=_child_environment(server.endpoint))
        except OSError as error:
            print(f"{command[0]}: {error.strerror}", file=sys.stderr)
            return 127
        return _wait(child)


def _wait(child):
    signal.signal(signal.SIGTERM, lambda number, _frame: child.send_signal(number))
    signal.signal(signal.SIGINT, lambda number, _frame: None if _terminal_sent_it() else child.send_signal(number))
    status = child.wait()
    return status if status >= 0 else 128 - status


def _child_environment(endpoint):
    ours = ("MOTO_ACCOUNT_ID", "MOTO_IAM_LOAD_MANAGED_POLICIES")
    return environment(endpoint, {name: value for name, value in os.environ.items() if name not in ours})


def _terminal_sent_it():
    # Ctrl-C reaches the command too; a second one from us would make Ansible abort hard.
    try:
        return os.tcgetpgrp(0) == os.getpgrp()
    except OSError:
        return False


def _stop(_number, _frame):
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    raise Stop


def _stop_at_eof():
    # Not through sys.stdin: a thread that waits in it keeps the interpreter from ending.
    while os.read(0, 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def _parser():
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    _add_common(parser, ACCOUNT, 0)
    # For tests: a parent that dies takes its sandbox along.
    parser.add_argument("--until-eof", action="store_true", help="stop when standard input ends")
    run_parser = parser.add_subparsers(dest="verb").add_parser("run", help="run a command against its own sandbox")
    # Without defaults, or they would overwrite what was said before "run".
    _add_common(run_parser, argparse.SUPPRESS, argparse.SUPPRESS)
    run_parser.add_argument("command", nargs=argparse.REMAINDER)
    return parser


def _add_common(parser, account, port):
    parser.add_argument("--account", type=_account, default=account, help="the AWS account ID of everything")
    parser.add_argument("--port", type=int, default=port, help="the port on 127.0.0.1; 0 takes a free one")


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
