# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP server of the sandbox: threads, on the loopback address only."""

import os
import threading

from . import script as scripts
from .environment import without_aws

HOST = "127.0.0.1"


class NotRestored(Exception):
    """Why a file is not what this sandbox can go on with."""


def prepare():
    """Set this process up for moto, before anything imports it."""
    for name in set(os.environ) - set(without_aws(os.environ)):
        del os.environ[name]
    os.environ.update(without_aws({}))
    # moto's own boto3 sessions want some credentials and a region.
    os.environ.update(
        AWS_ACCESS_KEY_ID="unused",
        AWS_SECRET_ACCESS_KEY="unused",
        AWS_DEFAULT_REGION="us-east-1",
        # services/iam/managed.py and services/ec2/images.py load these once somebody asks for them.
        MOTO_IAM_LOAD_MANAGED_POLICIES="false",
        MOTO_EC2_LOAD_DEFAULT_AMIS="false",
    )


class Server:
    """A running sandbox in this process."""

    def __init__(self, account, port=0, time_scale=0.0, state=None, script=None):
        prepare()
        # Only now: importing moto reads the environment.
        from werkzeug.serving import make_server

        from . import delays
        from .layer import Layer

        delays.start(time_scale)
        self.layer, self._state = Layer(account), state
        if state and os.path.exists(state):
            self.layer.restore(state)
        self._steps = scripts.read(script, self.layer.control.posts()) if script else []
        self._stopped = threading.Event()
        self._http = make_server(HOST, port, self.layer, threaded=True, request_handler=_handler())
        self.endpoint = f"http://{HOST}:{self._http.port}"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self):
        scripts.follow(self._steps, self.layer.control.post, self._stopped)
        self._thread.start()
        # EC2's instance types take a second to load: meanwhile the caller imports its own boto3.
        threading.Thread(target=self.layer.warm_up, daemon=True).start()
        return self

    def __exit__(self, *_exception):
        self._stopped.set()
        self.layer.faults.clear()
        self._http.shutdown()
        self._http.server_close()
        if self._state:
            self.layer.save(self._state)


def _handler():
    from moto.moto_server.werkzeug_app import MotoRequestHandler

    class Handler(MotoRequestHandler):
        """Quiet, and without the wait for small packets that costs 40 ms a call."""

        disable_nagle_algorithm = True

        def log(self, *_args):
            """The record is the log."""

    return Handler
