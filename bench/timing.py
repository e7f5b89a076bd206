"""How long things take, told so that figures travel: medians of several rounds."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

ROUNDS = 7


def median(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return the median duration of a round of `work`, in seconds."""
    durations = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        durations.append(time.perf_counter() - start)
    return statistics.median(durations)
