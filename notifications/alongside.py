"""Mail that leaves while a pass still takes messages in: who comes first is answered before the last one is read."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

from notifications.delivery import Delivered, PostOffice, deliver_due


class Alongside:
    """One drain in a thread of its own, for as long as the block lasts; at its end everything that is due has been tried."""

    def __init__(self, office: PostOffice, *, owner: str) -> None:
        self._office, self._owner = office, owner
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="delivery")
        self._news = threading.Condition()
        self._told = self._ended = False
        self._done: Future[Delivered] | None = None

    def tell(self) -> None:
        """Say that there may be something to send."""
        with self._news:
            self._told = True
            self._news.notify()

    def delivered(self) -> Delivered:
        """Return what was done, after the block. Raises what the drain raised."""
        return self._done.result() if self._done else Delivered()

    def __enter__(self) -> Self:
        self._done = self._pool.submit(deliver_due, self._office, owner=self._owner, more=self._more)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        with self._news:
            self._ended = True
            self._news.notify()
        self._pool.shutdown()

    def _more(self) -> bool:
        """Wait until there may be something to send; False when nothing more will come. What was told last is looked for in any case."""
        with self._news:
            self._news.wait_for(lambda: self._told or self._ended)
            told, self._told = self._told, False
            return told
