# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages under /_sandbox/: the record, faults, refusals, delays, reset."""

import json
from urllib.parse import parse_qs

from . import delays, services
from .errors import Answer, answer_json
from .server import NotRestored
from .services.cloudwatch import states as cloudwatch_states
from .services.codedeploy import deployments as codedeploy_deployments
from .services.ecs import behaviour as ecs_behaviour
from .services.ecs import capacity as ecs_capacity
from .services.ecs import hooks as ecs_hooks
from .services.elbv2 import site as elbv2_site
from .services.rds import instances as rds_instances
from .services.route53 import zones as route53
from .services.service_quotas import quotas
from .services.sns import subscriptions as sns


class Control:
    """The control pages of a layer."""

    def __init__(self, layer):
        self._layer = layer
        self._pages = {
            ("GET", "calls"): self._calls,
            ("DELETE", "calls"): self._forget,
            ("POST", "faults"): self._arm,
            ("GET", "faults"): self._show,
            ("DELETE", "faults"): self._disarm,
            ("POST", "refuse"): self._refuse,
            ("POST", "confirm"): self._confirm,
            ("POST", "delays"): self._delay,
            ("POST", "advance"): self._advance,
            ("POST", "alarm"): self._plan_alarm,
            ("POST", "unseen"): self._hide,
            ("POST", "reset"): self._reset,
            ("POST", "save"): self._save,
            ("POST", "restore"): self._restore,
            ("GET", "regions"): self._regions,
            ("POST", "database-status"): self._set_database_status,
            ("POST", "quotas"): self._raise_quotas,
            ("POST", "storage"): self._grow_storage,
            ("POST", "delegations"): self._delegate,
            ("POST", "task-behaviours"): self._tell_behaviour,
            ("POST", "task-capacity"): self._tell_capacity,
            ("POST", "lifecycle-hooks"): self._tell_hook,
            ("GET", "hooks"): self._hooks,
            ("GET", "used"): self._used,
            ("GET", "coverage"): self._coverage,
            ("GET", "site"): self._visit,
        }

    def __call__(self, environ):
        page, *rest = environ["PATH_INFO"].removeprefix("/_sandbox/").strip("/").split("/")
        function = self._pages.get((environ["REQUEST_METHOD"], page))
        if function is None:
            return answer_json({"error": f"no such page: {environ['REQUEST_METHOD']} {page}"}, 404)
        query = {name: values[-1] for name, values in parse_qs(environ.get("QUERY_STRING", "")).items()}
        try:
            found = function(rest, query, _json(environ))
            return found if isinstance(found, Answer) else answer_json(found)
        except (ValueError, TypeError, AttributeError) as error:
            return answer_json({"error": str(error)}, 400)
        except KeyError as error:
            return answer_json({"error": f"there is no {error}"}, 404)

    def posts(self):
        """The names of the pages that can be posted to."""
        return [page for method, page in self._pages if method == "POST"]

    def post(self, page, body):
        """Post to a page from within; ValueError, TypeError or KeyError if it refuses."""
        return self._pages[("POST", page)]([], {}, body)

    def _calls(self, _rest, query, _body):
        mutating = {"true": True, "false": False}.get(query.get("mutating"))
        return self._layer.record.calls(mutating, int(query.get("since", 0)))

    def _forget(self, _rest, _query, _body):
        self._layer.record.forget()
        return {}

    def _arm(self, rest, _query, body):
        if rest:
            self._layer.faults.release(int(rest[0]))
            return {}
        return self._layer.faults.arm(body)

    def _show(self, rest, query, _body):
        number = int(rest[0]) if rest else None
        return self._layer.faults.view(number, float(query.get("wait", 0)))

    def _disarm(self, _rest, _query, _body):
        self._layer.faults.clear()
        return {}

    def _refuse(self, _rest, _query, body):
        wanted = body["credentials"]
        self._layer.refused = True if wanted is True else frozenset(wanted or ())
        return {}

    def _delay(self, _rest, _query, body):
        return delays.change(body)

    def _hide(self, _rest, _query, body):
        self._layer.unseen.change(float(body["seconds"]))
        return {}

    def _advance(self, _rest, _query, body):
        return {"advanced": delays.advance(float(body["seconds"]))}

    def _plan_alarm(self, _rest, _query, body):
        name, state, seconds = body["name"], body["state"], float(body["seconds"])
        cloudwatch_states.plan(self._layer.account, body["region"], name, state, seconds)
        return {}

    def _delegate(self, _rest, _query, body):
        route53.delegate(body["zone"], body["delegated"])
        return {}

    def _grow_storage(self, _rest, _query, body):
        rds_instances.grow_storage(self._layer.account, body["region"], body["instance"], body["gib"])
        return {}

    def _raise_quotas(self, _rest, _query, body):
        quotas.multiply(float(body["factor"]))
        return {}

    def _set_database_status(self, _rest, _query, body):
        rds_instances.set_status(self._layer.account, body["region"], body["instance"], body["status"])
        return {}

    def _tell_behaviour(self, _rest, _query, body):
        ecs_behaviour.tell(body)
        return {}

    def _tell_capacity(self, _rest, _query, body):
        ecs_capacity.tell(**body)
        return {}

    def _tell_hook(self, _rest, _query, body):
        ecs_hooks.tell(**body)
        return {}

    def _confirm(self, _rest, _query, body):
        return {"SubscriptionArn": sns.confirm(self._layer.account, body["topic"], body["endpoint"])}

    def _reset(self, _rest, _query, _body):
        layer = self._layer
        layer.faults.clear()
        layer.unseen.clear()
        layer.refused = frozenset()
        delays.reset()
        services.reset()
        layer.record.clear()
        return {}

    def _save(self, _rest, _query, body):
        self._layer.save(body["path"])
        return {}

    def _restore(self, _rest, _query, body):
        try:
            self._layer.restore(body["path"])
        except NotRestored as error:
            raise ValueError(str(error)) from error
        return {}

    def _regions(self, _rest, _query, _body):
        return sorted(region for region in self._layer.record.regions if region)

    def _visit(self, rest, _query, _body):
        status = elbv2_site.answer_site(self._layer.account, rest[0])
        return answer_json({"status": status}, status)

    def _coverage(self, _rest, _query, _body):
        return self._layer.record.coverage()

    def _hooks(self, _rest, query, _body):
        return codedeploy_deployments.waiting_hooks(self._layer.account, query["region"])

    def _used(self, _rest, _query, _body):
        return services.used(self._layer.account)


def _json(environ):
    length = int(environ.get("CONTENT_LENGTH") or 0)
    return json.loads(environ["wsgi.input"].read(length)) if length else {}
