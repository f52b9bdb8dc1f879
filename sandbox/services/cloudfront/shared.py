# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What CloudFront's kinds of things have in common: ids, versions with ETags, and pages of lists."""

import random
import string
from dataclasses import dataclass, field
from datetime import datetime, timezone

from ...errors import AwsError
from .. import backend

LETTERS = string.ascii_uppercase + string.digits
USUAL_PAGE = 100


def new_id(length=13):
    """An id or an ETag, as CloudFront makes them."""
    return "E" + "".join(random.choices(LETTERS, k=length - 1))


def now():
    """The time of day."""
    return datetime.now(timezone.utc)


@dataclass
class Thing:
    """Something with a configuration; each version of that has an ETag."""

    id: str
    config: dict
    rest: dict = field(default_factory=dict)  # what AWS says beside the configuration
    created: datetime = field(default_factory=now)
    modified: datetime = field(default_factory=now)
    etags: list = field(default_factory=lambda: [new_id()])

    @property
    def etag(self):
        """The ETag of the version that there is."""
        return self.etags[-1]

    def change(self, config):
        """Put another version in its place."""
        self.config, self.modified = config, now()
        self.etags.append(new_id())


def kept(call, name):
    """The things of a kind, by id."""
    # On moto's backend, so that a reset empties them.
    return backend(call, "cloudfront").__dict__.setdefault(f"sandbox_{name}", {})


def distributions(call):
    """The distributions of the account, in the order of their creation."""
    return backend(call, "cloudfront").distributions.values()


def behaviors(config):
    """The cache behaviors of a distribution, the default one first."""
    return [config["DefaultCacheBehavior"], *items(config["CacheBehaviors"])]


def items(listed):
    """What is in one of CloudFront's lists, which says its quantity and may be absent."""
    return (listed or {}).get("Items") or []


def of(wanted):
    """A list that says its quantity; an empty one has no items."""
    return {"Quantity": len(wanted), "Items": wanted} if wanted else {"Quantity": 0}


def cleaned(value):
    """Parameters without what was not given."""
    if isinstance(value, dict):
        return {name: cleaned(item) for name, item in value.items() if item is not None}
    return [cleaned(item) for item in value] if isinstance(value, list) else value


def require_match(call, thing):
    """Refuse a change to another version than the one that there is."""
    given = call.parameters.get("IfMatch")
    if given == thing.etag:
        return
    if given in thing.etags:
        message = "The request failed because it didn't meet the preconditions in one or more request-header fields."
        raise AwsError("PreconditionFailed", message)
    raise AwsError("InvalidIfMatchVersion", "The If-Match version is missing or not valid for the resource.")


def page(call, wanted, view=lambda item: item, name=lambda item: item.id):
    """A page of a list, which begins at the marker."""
    marker, size = call.parameters.get("Marker"), int(call.parameters.get("MaxItems") or USUAL_PAGE)
    wanted = list(wanted)
    names = [name(item) for item in wanted]
    if marker and marker not in names:
        raise AwsError("InvalidArgument", "The parameter Marker is not valid.")
    start = names.index(marker) if marker else 0
    shown, following = wanted[start : start + size], names[start + size : start + size + 1]
    return {
        "Marker": marker or "",
        "MaxItems": size,
        "IsTruncated": bool(following),
        **({"NextMarker": following[0]} if following else {}),
        **of([view(item) for item in shown]),
    }


def refuse(wrong, message, code="InvalidArgument"):
    """Refuse what is wrong."""
    if wrong:
        raise AwsError(code, message)
