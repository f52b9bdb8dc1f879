# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fixtures of tests about releases: a plugin, so that all of them in a process share one platform."""

import pytest

from sandbox.client import Sandbox
from tests.integration.releases import SINCE, Platform, Site, short


@pytest.fixture(scope="session")
def converged(tmp_path_factory):
    """A platform before its first release, in an account of its own; its ``bootstrap`` revision."""
    site = Site()
    with Sandbox.start() as sandbox, site.open() as url:
        platform = Platform(sandbox, tmp_path_factory.mktemp("releases"), site, url)
        platform.converge().ok()
        platform.bootstrap = platform.service()["taskDefinition"]
        yield platform


@pytest.fixture(scope="session")
def released(converged):
    """The platform with its first release: the ``run``, its ``image`` and ``revision``, and the platform."""
    image = converged.push("v1")
    converged.restore(converged.bootstrap, {})
    run = converged.deploy("v1").ok()
    return run, image, converged.service()["taskDefinition"]


@pytest.fixture
def unreleased(converged):
    """The platform as it is before its first release."""
    converged.restore(converged.bootstrap, {})
    return converged


@pytest.fixture
def platform(converged, released):
    """The platform as it is after its first release, of ``image``, as ``revision``."""
    _run, converged.image, converged.revision = released
    converged.restore(converged.revision, {"live": f"{short(converged.revision)} {SINCE}"})
    return converged
