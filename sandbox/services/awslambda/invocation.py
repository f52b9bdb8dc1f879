# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No function runs here, whatever calls it; with Docker on the machine moto would start containers."""

import os

from ...errors import missing
from .. import answer
from .shared import function_of

# What moto itself calls functions for (log events, messages) finds no Docker, which it takes for a failed function.
os.environ["DOCKER_HOST"] = "unix:///nonexistent/docker.sock"


@answer("lambda", "Invoke", "InvokeAsync", "InvokeWithResponseStream")
def invoke(call):
    """What is missing says so, of a function that is there."""
    function_of(call)
    raise missing(call, "no function runs here")
