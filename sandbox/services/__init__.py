# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the layer does itself, by service and operation.

A function registers for the operations that it is about:

- ``@check``: refuses, by raising AwsError, what AWS refuses and moto accepts;
- ``@answer``: answers in place of moto, or returns None to let moto answer;
- ``@correct``: changes moto's parsed answer;
- ``@after``: does what moto forgot, once it answered without an error;
- ``@before``: runs before every call of a service, for what changes as time passes.

A check may also change ``call.body``, for what moto wants spelt out and AWS does not.
Own state hangs on moto's backend objects, or in a ``store``, so that a reset empties it too.
"""

import contextlib
import importlib
import pkgutil
import threading
from collections import defaultdict

from moto.backends import get_backend
from moto.core.base_backend import BackendDict
from moto.moto_api._internal.models import moto_api_backend

from ..errors import answer_result
from ..record import parse

_checks = defaultdict(list)
_answers = {}
_corrections = defaultdict(list)
_afters = defaultdict(list)
_befores = defaultdict(list)
_stores = []
_registered = set()
_locks = defaultdict(threading.RLock)


def check(service, *operations):
    """Register a function of a call that raises AwsError for what AWS refuses."""
    return lambda function: _register(lambda key: _checks[key].append(function), service, operations, function)


def answer(service, *operations):
    """Register a function of a call that returns the parsed answer, or None for moto to answer."""
    return lambda function: _register(lambda key: _answers.update({key: function}), service, operations, function)


def correct(service, *operations):
    """Register a function of a call and moto's parsed answer that changes the latter in place."""
    return lambda function: _register(lambda key: _corrections[key].append(function), service, operations, function)


def after(service, *operations):
    """Register a function of a call that moto has just executed without an error."""
    return lambda function: _register(lambda key: _afters[key].append(function), service, operations, function)


def before(service):
    """Register a function of a call to run before every call of a service."""
    return lambda function: _register(lambda key: _befores[key].append(function), service, ("*",), function)


def _register(put, service, operations, function):
    for operation in operations:
        put((service, operation))
        _registered.add((service, operation))
    return function


def store():
    """A dict for state of our own, emptied on reset."""
    _stores.append({})
    return _stores[-1]


_answered = store()  # client token: answer
_asked = store()  # service: regions, where anything was to be changed


def backend(call, service=None):
    """moto's state for the call's account and region; global services have one for all regions."""
    regions = get_backend(service or call.service)[call.account]
    return regions[call.region] if call.region in regions else regions["aws"]


def used(account):
    """The services that may have anything: {service: its regions}."""
    found = {service: set(regions) for service, regions in list(_asked.items())}
    for backends in list(BackendDict._instances):
        # What one service does in another has passed no front door. AWS's partition is a region to global services.
        found.setdefault(backends.service_name, set()).update(backends[account].keys() if account in backends else ())
    return {service: sorted(filter(None, regions)) for service, regions in found.items() if regions}


def lock(service):
    """What a call of a service holds while it changes anything, for those that change another service's things."""
    return _locks[service]


def warm_up(service, account):
    """Load moto's backend of a service, in some region, before it is asked for."""
    get_backend(service)[account]["us-east-1"]


def handle(call, ask_moto):
    """The answer to a call: ours, or that of moto with our corrections."""
    key = (call.service, call.operation)
    if call.mutating:
        _asked.setdefault(call.service, set()).add(call.region)
    if (call.service, "*") in _befores:
        with _locks[call.service]:
            for function in _befores[(call.service, "*")]:
                function(call)
    token = _client_token(call)
    # A check and the call that it allows are one step, or two callers could both pass the check.
    with _locks[call.service] if key in _registered or token else contextlib.nullcontext():
        if token not in _answered:
            result = _handle(call, key, ask_moto)
            if not token or result.status >= 300:
                return result
            _answered[token] = result
        return _answered[token]


def _client_token(call):
    """What makes a call that is sent twice be executed once, which moto does for some operations only."""
    if call.service == "secretsmanager" and call.operation != "RotateSecret":
        return None  # moto does, and refuses another value under the same token
    for name in call.model.idempotent_members if call.model else ():
        if call.parameters.get(name):
            return call.account, call.region, call.service, call.operation, call.parameters[name]
    return None


def _handle(call, key, ask_moto):
    for function in _checks.get(key, ()):
        function(call)
    result = _answers[key](call) if key in _answers else None
    if result is not None:
        return answer_result(call, result)
    moto_answer = ask_moto(call)
    if moto_answer.status >= 300:
        return moto_answer
    for function in _afters.get(key, ()):
        function(call)
    return _corrected(call, key, moto_answer) if key in _corrections else moto_answer


def _corrected(call, key, moto_answer):
    parsed = parse(call, moto_answer)
    parsed.pop("ResponseMetadata", None)
    changes = [function(call, parsed) for function in _corrections[key]]
    # A correction that returns False found nothing to correct, and moto's answer is good as it is.
    return moto_answer if all(change is False for change in changes) else answer_result(call, parsed)


def reset():
    """Empty every store, and moto."""
    for state in _stores:
        state.clear()
    for service in ("ec2", "iam"):
        # moto's own reset would build these two anew only to throw them away, for 0.2 s each.
        get_backend(service).clear()
    moto_api_backend.reset()


def stores():
    """What is in every store."""
    return [dict(state) for state in _stores]


def restore(saved):
    """Fill every store again; they are in the order in which the modules are loaded."""
    for state, content in zip(_stores, saved, strict=True):
        state.update(content)


def load():
    """Import the modules of all services, which registers their functions."""
    # Sorted, because a saved state fills the stores in their order.
    for module in sorted(module.name for module in pkgutil.walk_packages(__path__, f"{__name__}.")):
        importlib.import_module(module)
