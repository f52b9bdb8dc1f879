# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The WSGI layer around moto: identify → check → fault → answer → record."""

import io
import sys
import time
import traceback

from moto.core.exceptions import ServiceException, _RESTError
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.http import HTTP_STATUS_CODES

from . import persistence, services, unseen
from .control import Control
from .errors import Answer, AwsError, answer_error, bad_credentials, bad_region, missing
from .faults import Faults, drop
from .identify import identify, known_regions
from .record import Record
from .services import sts
from .shapes import check_shapes

# The snapshot reads through the front door, and must neither show in the record nor be struck by faults.
UNRECORDED = "HTTP_X_SANDBOX_UNRECORDED"


class Moto(DomainDispatcherApplication):
    """moto's own application, but for services that it does not have."""

    def get_backend_for_host(self, host):
        """The backend of a host; NotImplementedError where moto would go on with none and crash."""
        if host is None:
            return None
        found = super().get_backend_for_host(host)
        if found is None:
            raise NotImplementedError(f"no such service in moto: {host}")
        return found


class Layer:
    """The WSGI application of one sandbox."""

    def __init__(self, account):
        self.account = account
        self.record, self.faults, self.unseen = Record(), Faults(), unseen.Unseen()
        self._gate = persistence.Gate()
        self.refused = frozenset()  # access keys; True for all of them
        self._moto = Moto(create_backend_app)
        self.control = Control(self)
        services.load()

    def __call__(self, environ, start_response):
        if environ["PATH_INFO"].startswith("/_sandbox/"):
            answer = self.control(environ)
        else:
            answer = self._serve(self._identified(environ))
        status = f"{answer.status} {HTTP_STATUS_CODES.get(answer.status, 'Unknown')}"
        start_response(status, answer.headers)
        return [answer.body]

    def save(self, path):
        """Write what is there to a file, between two calls."""
        with self._gate.closed():
            persistence.save(path, self.record)

    def restore(self, path):
        """Go on with what a file holds; persistence.NotRestored if that cannot be."""
        with self._gate.closed():
            persistence.restore(path, self.record)

    def warm_up(self):
        """Load what nearly every user of the sandbox will use first."""
        services.warm_up("ec2", self.account)

    def _identified(self, environ):
        call = identify(environ)
        call.account = sts.account_of(call.access_key, self.account)
        return call

    def _serve(self, call):
        if UNRECORDED in call.environ:
            return self._answer(call)
        entry = self.record.open(call)
        fault = self.faults.strike(call)
        if fault is None:
            return self._close(entry, call, self._answer(call))
        entry["fault"] = fault.action
        return self._serve_fault(call, entry, fault)

    def _serve_fault(self, call, entry, fault):
        connection = call.environ.get("werkzeug.socket")
        if fault.action == "drop_before":
            self.record.close(entry, call, None, "dropped")
            self.faults.report(fault, entry["n"])
            drop(connection)
        if fault.action == "delay":
            time.sleep(fault.seconds)
        if fault.action == "error":
            answer = answer_error(call, fault.aws_error(call))
        else:
            answer = self._answer(call)
        self._close(entry, call, answer)
        # Only now: who waits for "held" or "dropped" relies on the call having been executed.
        self.faults.report(fault, entry["n"])
        if fault.action == "drop_after":
            drop(connection)
        if fault.action == "hold_after":
            self.faults.hold(fault, connection)
        return answer

    def _close(self, entry, call, answer):
        self.record.close(entry, call, answer)
        if entry["outcome"] == "ok":
            self.unseen.note(call.label, entry["created"])
        return answer

    def _answer(self, call):
        hidden = {} if UNRECORDED in call.environ else self.unseen.hidden(call)
        with self._gate.open():
            if hidden:
                other = self._identified(unseen.without(call.environ, call.body, hidden))
                return unseen.answered(self._answer_now(other), hidden)
            return self._answer_now(call)

    def _answer_now(self, call):
        try:
            self._refuse(call)
            check_shapes(call)
            return services.handle(call, self._ask_moto)
        except AwsError as error:
            return answer_error(call, error)
        except ServiceException as error:  # raised by moto's backends under our own operations
            return answer_error(call, AwsError(error.code, error.message))
        except _RESTError as error:
            return answer_error(call, AwsError(error.error_type, error.message, error.code))

    def _refuse(self, call):
        if UNRECORDED in call.environ or call.region is None:
            return
        if self.refused is True or call.access_key in self.refused:
            raise bad_credentials(call)
        if call.region not in known_regions():
            raise bad_region(call)

    def _ask_moto(self, call):
        environ = {name: value for name, value in call.environ.items() if not name.startswith("werkzeug.")}
        environ.update({"wsgi.input": io.BytesIO(call.body), "CONTENT_LENGTH": str(len(call.body))})
        environ["HTTP_X_MOTO_ACCOUNT_ID"] = call.account
        head = []
        try:
            chunks = self._moto(environ, lambda status, headers, exc_info=None: head.extend((status, headers)))
            body = b"".join(chunks)
        except NotImplementedError as error:
            raise missing(call, error) from error
        except (ServiceException, _RESTError):
            raise
        except Exception as error:
            traceback.print_exc(file=sys.stderr)
            raise AwsError("InternalFailure", f"the sandbox failed in {call.label}: {error!r}", 500) from error
        answer = Answer(int(head[0].split()[0]), _without_hop(head[1]), body)
        if _is_no_route(answer):
            raise missing(call, "moto has no such path")
        return answer


def _is_no_route(answer):
    """Whether moto's web framework has answered instead of one of its services."""
    return answer.status in (404, 405) and (
        answer.body[:14].lower() == b"<!doctype html" or answer.body == b"Not Found"
    )


def _without_hop(headers):
    # The server sets these itself, and a second one confuses strict clients.
    return [(name, value) for name, value in headers if name.lower() not in ("connection", "date", "server")]
