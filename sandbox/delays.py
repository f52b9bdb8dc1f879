# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sandbox's clock, and how long things take that take time on AWS: at once, until somebody says otherwise."""

import threading
import time
from pathlib import Path

import yaml

TYPICAL = yaml.safe_load((Path(__file__).parent / "durations.yml").read_text())

_lock = threading.Lock()
_told = {}  # seconds by what happens, instead of the typical ones
_usual_scale = 0.0  # what a reset returns to
_scale = 0.0
_advanced = 0.0


def start(scale):
    """Multiply the typical durations, until a reset and after it."""
    global _usual_scale
    _usual_scale = scale
    reset()


def change(wanted):
    """Set seconds by what happens, and ``scale``; returns what applies now. KeyError for an unknown name."""
    global _scale
    told = {name: float(wanted[name]) + 0 * TYPICAL[name] for name in set(wanted) - {"scale"}}
    with _lock:
        _told.update(told)
        _scale = float(wanted.get("scale", _scale))
    return {**{name: _seconds(name) for name in TYPICAL}, "scale": _scale}


def reset():
    """Back to the scale that the sandbox was started with, and to the time of day."""
    global _scale, _advanced
    with _lock:
        _told.clear()
        _scale, _advanced = _usual_scale, 0.0


def now():
    """The time on the sandbox's clock, in seconds since some moment."""
    return time.monotonic() + _advanced


def advance(wanted):
    """Let time pass: what takes time is that much further. Returns how much has been skipped since the reset."""
    global _advanced
    if wanted < 0:
        raise ValueError("time does not go back")
    with _lock:
        _advanced += wanted
    return _advanced


def resume(moment):
    """Go on from a moment on another process's clock."""
    global _advanced
    with _lock:
        _advanced += moment - now()


def ready_at(name, times=1):
    """When something that starts now will be done, or done so many times."""
    return now() + _seconds(name) * times


def is_past(moment):
    """Whether a moment from ``ready_at`` has come."""
    return now() >= moment


def _seconds(name):
    return _told[name] if name in _told else TYPICAL[name] * _scale
