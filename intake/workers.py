"""Child processes in which hostile mails and documents are read: killed when they take too long, eat too much, or die.

A child has no database handle, no credentials and no way to write a file; bytes go in, frozen dataclasses come out.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
from collections.abc import Callable
from concurrent.futures import TimeoutError as FutureTimeoutError
from multiprocessing import forkserver
from types import TracebackType
from typing import ParamSpec, TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

MEMORY = 1536 * 2**20
"""Address space of a child in octets; a usual CV needs 40 MB."""
SECONDS = 30.0
"""Wall clock for one task."""
_CPU_SECONDS = 20
_OPEN_FILES = 64
_TASKS_PER_CHILD = 20
"""Children are renewed, so that one document cannot poison the next for long."""

P = ParamSpec("P")
R = TypeVar("R")


class WorkerError(Exception):
    """A task did not end well; the message is a sentence for a person."""


class WorkerKilledError(WorkerError):
    """The task took too long, too much memory, or died."""


class WorkerFailedError(WorkerError):
    """The task raised; a mistake of ours, since readers return problems."""


class Workers:
    """A pool of limited children; use as a context manager."""

    def __init__(self, count: int | None = None) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["parsing.understand"])
        _start_fork_server()
        self._pool = ProcessPool(
            max_workers=count or min(4, os.cpu_count() or 1), max_tasks=_TASKS_PER_CHILD, initializer=_limit, context=context
        )

    def run(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Return `function(...)`, computed in a child within `SECONDS`. Raises WorkerKilledError or WorkerFailedError."""
        return self.result(self.submit(function, *args, **kwargs))

    def submit(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> ProcessFuture[R]:
        """Start `function(...)` in a child; the result comes from `result`."""
        return self._pool.schedule(_call, args=(function, args, kwargs), timeout=SECONDS)

    def result(self, future: ProcessFuture[R]) -> R:
        """Wait for a submitted task. Raises WorkerKilledError or WorkerFailedError."""
        try:
            answer: R = future.result()
        except FutureTimeoutError:
            raise WorkerKilledError(f"reading took longer than {SECONDS:.0f} s and was stopped") from None
        except ProcessExpired as error:
            raise WorkerKilledError(f"reading stopped its process (exit code {error.exitcode})") from None
        except MemoryError:
            raise WorkerKilledError(f"reading needed more than {MEMORY // 2**20} MB and was stopped") from None
        except Exception as error:
            raise WorkerFailedError(f"reading failed: {type(error).__name__}") from error
        return answer

    def close(self) -> None:
        """Stop every child now."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def _start_fork_server() -> None:
    """Start the process that children are forked from, with nothing behind its stderr.

    What dying children print (tracebacks, warnings of libraries) may quote strangers' words, and says nothing that we are not told
    otherwise: errors come back as exceptions.
    """
    ours = os.dup(2)
    nothing = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nothing, 2)
        forkserver.ensure_running()
    finally:
        os.dup2(ours, 2)
        os.close(ours)
        os.close(nothing)


def _call(function: Callable[..., R], args: tuple[object, ...], kwargs: dict[str, object]) -> R:
    # CPU time counts over a child's life, so the limit moves with each task
    usage = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(usage.ru_utime + usage.ru_stime)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (spent + _CPU_SECONDS, hard))
    return function(*args, **kwargs)


def _limit() -> None:
    for name in [name for name in os.environ if name.startswith("PLI_")]:
        del os.environ[name]
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
