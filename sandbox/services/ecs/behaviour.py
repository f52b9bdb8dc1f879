# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a test says of images: how their containers behave once they run."""

import fnmatch
from dataclasses import dataclass, field

from ... import delays
from .. import store

_told = store()  # "behaviours": list, the latest last


@dataclass
class Behaviour:
    """How a container behaves; without an exit code a service's runs for ever and a one-off's ends well."""

    image: str = "*"
    command: str = ""
    exit_code: int | None = None
    healthy: bool = True
    log_lines: list = field(default_factory=list)
    seconds: float = 0

    def fits(self, container):
        """Whether it is about a container of a task."""
        images = (container["image"], f"{container['image']}@{container.get('imageDigest')}")
        known = any(self.image in image or fnmatch.fnmatch(image, self.image) for image in images)
        return known and self.command in " ".join(container["command"])


USUAL = Behaviour()


def tell(body):
    """Add what a test says; TypeError for a word that is not known."""
    _told.setdefault("behaviours", []).append(Behaviour(**body))


def behaviour(container):
    """How a container behaves: what was said last of it counts."""
    return next((item for item in reversed(_told.get("behaviours", [])) if item.fits(container)), USUAL)


def ended(container, since, one_off):
    """The exit code of a container that started at a moment, or None while it runs."""
    known = behaviour(container)
    code = 0 if one_off and known.exit_code is None else known.exit_code
    return code if delays.now() >= since + known.seconds else None
