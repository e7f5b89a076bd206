"""Waiting for what another process or thread does, no longer than it takes."""

from __future__ import annotations

import time


def wait(condition, seconds=60):
    """Return once `condition()` is true; fails after `seconds`."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)
