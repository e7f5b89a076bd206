"""Files that may be hostile, read in child processes with limits, on all cores; answers come in the order of the files."""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli import console

if TYPE_CHECKING:
    from intake.workers import Workers

_MAX_FILE = 50 * 2**20
"""Octets read of a file; the readers have smaller limits, and say so."""
STDIN = Path("-")


class Trouble:
    """Why a file has no answer of its own: `problem` is a code when it was there and stopped its reader."""

    def __init__(self, words: str, problem: str | None = None) -> None:
        self.words, self.problem = words, problem


Task = Callable[["Workers", bytes, Path], Any]


def read_each(files: Sequence[Path], task: Task, what: str) -> Iterator[tuple[Path, Any]]:
    """Run `task` for each file in child processes; yield each file with its result or its `Trouble`, in the files' order."""
    return console.watched(_read_ahead(files, task), len(files), what)


def _read_ahead(files: Sequence[Path], task: Task) -> Iterator[tuple[Path, Any]]:
    from intake.workers import Workers  # noqa: PLC0415

    cores = min(os.cpu_count() or 1, len(files))
    threads = cores + 1
    # the threads only wait for the children; leaving early stops the children first, so that no thread waits in vain
    with ThreadPoolExecutor(threads) as pool, Workers(cores) as workers:
        ahead: deque[tuple[Path, Future[Any]]] = deque()
        try:
            for path in files:
                ahead.append((path, pool.submit(_read_one, workers, path, task)))
                if len(ahead) > 2 * threads:
                    first, future = ahead.popleft()
                    yield first, future.result()
            while ahead:
                first, future = ahead.popleft()
                yield first, future.result()
        finally:
            for _, future in ahead:
                future.cancel()


def _read_one(workers: Workers, path: Path, task: Task) -> Any:
    from intake.workers import WorkerError, WorkerKilledError  # noqa: PLC0415

    try:
        content = _content(path)
    except OSError as error:
        return Trouble(f"cannot be read ({error.strerror})")
    if len(content) > _MAX_FILE:
        return Trouble(f"is larger than {_MAX_FILE // 2**20} MB", "too_large")
    try:
        return task(workers, content, path)
    except WorkerKilledError as error:
        return Trouble(str(error), "timeout")
    except WorkerError as error:
        return Trouble(str(error), "unreadable")


def _content(path: Path) -> bytes:
    if path == STDIN:
        return sys.stdin.buffer.read(_MAX_FILE + 1)
    with path.open("rb") as file:
        return file.read(_MAX_FILE + 1)
