"""Measurements: `python -m bench` makes all of them (`make bench`), `python -m bench NAME…` those named.

One module for each kind of figure, with a `measure()` that yields its lines; a new one is a row of `FIGURES`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

from bench import answering, reading, understanding

FIGURES: dict[str, Callable[[], Iterator[str]]] = {
    "understanding": understanding.measure,
    "answering": answering.measure,
    "reading": reading.measure,
}


def main(names: list[str]) -> int:
    """Measure and print; returns 2 when a name is none of ours."""
    unknown = [name for name in names if name not in FIGURES]
    if unknown:
        print(f"there is no figure {unknown[0]}; there are: {', '.join(FIGURES)}", file=sys.stderr)
        return 2
    for name in names or FIGURES:
        for line in FIGURES[name]():
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
