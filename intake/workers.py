"""Child processes in which hostile mails and documents are read: killed when they take too long, eat too much, or die.

A child has no database handle, no credentials and no way to write a file; bytes go in, frozen dataclasses come out.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import threading
from collections.abc import Callable
from concurrent.futures import TimeoutError as FutureTimeoutError
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import forkserver
from types import TracebackType
from typing import Any, ParamSpec, TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

MEMORY = 1536 * 2**20
"""Address space of a child in octets; a usual CV needs 40 MB."""
SECONDS = 30.0
"""Wall clock for one task."""
_CPU_SECONDS = 20
_PATIENCE = 20 * SECONDS
"""Until a task counts as lost, the time in the queue included."""
_OPEN_FILES = 64
_TASKS_PER_CHILD = 50
"""Children are renewed, so that one document cannot poison the next for long."""

P = ParamSpec("P")
R = TypeVar("R")


class WorkerError(Exception):
    """A task did not end well; the message is a sentence for a person."""


class WorkerKilledError(WorkerError):
    """The task took too long, too much memory, or died."""


class WorkerFailedError(WorkerError):
    """The task raised; a mistake of ours, since readers return problems."""


class WorkersClosedError(WorkerError):
    """The program is ending; the task was not done, and nothing is wrong with it."""

    def __init__(self) -> None:
        super().__init__("the program is ending; what was being read waits for the next start")


class Workers:
    """A pool of limited children, `count` of them, for any number of threads; use as a context manager."""

    def __init__(self, count: int | None = None) -> None:
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["intake.nursery"])
        self.count = count or min(4, os.cpu_count() or 1)
        self._lock = threading.Lock()
        self._closed = False
        self._waiting: set[ProcessFuture[Any]] = set()
        self._pool = self._new_pool()

    def run(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Return `function(...)`, computed in a child within `SECONDS`.

        Raises WorkerKilledError, WorkerFailedError, or WorkersClosedError when the pool is closed before the end.
        """
        try:
            try:
                return self._compute(function, args, kwargs)
            except BrokenProcessPool:  # a child that had no task was killed from outside, and pebble gave up all the others
                return self._compute(function, args, kwargs)
        except FutureTimeoutError:
            raise WorkerKilledError(f"reading took longer than {SECONDS:.0f} s and was stopped") from None
        except ProcessExpired as error:
            raise WorkerKilledError(f"reading stopped its process (exit code {error.exitcode})") from None
        except BrokenProcessPool:
            raise WorkerKilledError("the processes that read were stopped from outside") from None
        except MemoryError:
            raise WorkerKilledError(f"reading needed more than {MEMORY // 2**20} MB and was stopped") from None
        except WorkersClosedError:
            raise
        except Exception as error:
            raise WorkerFailedError(f"reading failed: {type(error).__name__}") from error

    def close(self) -> None:
        """Stop every child now; whoever waits for one gets WorkersClosedError."""
        with self._lock:
            self._closed = True
            self._end_pool(WorkersClosedError())

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _compute(self, function: Callable[..., R], args: tuple[Any, ...], kwargs: dict[str, Any]) -> R:
        future = self._schedule(function, args, kwargs)
        try:
            answer: R = future.result(_PATIENCE)
        except FutureTimeoutError:
            if future.done():
                raise
            raise BrokenProcessPool from None  # the task was lost on its way to a child
        finally:
            with self._lock:
                self._waiting.discard(future)
        return answer

    def _schedule(self, function: Callable[..., R], args: tuple[Any, ...], kwargs: dict[str, Any]) -> ProcessFuture[R]:
        with self._lock:
            if self._closed:
                raise WorkersClosedError
            try:
                future = self._pool.schedule(_call, args=(function, args, kwargs), timeout=SECONDS)
            except RuntimeError:  # how pebble says that a pool is broken, for good
                self._end_pool(BrokenProcessPool())
                self._pool = self._new_pool()
                future = self._pool.schedule(_call, args=(function, args, kwargs), timeout=SECONDS)
            self._waiting.add(future)
            return future

    def _new_pool(self) -> ProcessPool:
        _start_fork_server()
        return ProcessPool(max_workers=self.count, max_tasks=_TASKS_PER_CHILD, initializer=_limit, context=self._context)

    def _end_pool(self, error: Exception) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()
        for future in self._waiting:  # pebble leaves those as they are, and their threads would wait for ever
            if not future.done():
                future.set_exception(error)


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
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # a child that outlives us must not keep our reader waiting
    for name in [name for name in os.environ if name.startswith("PLI_")]:
        del os.environ[name]
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
