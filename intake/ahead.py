"""Messages that wait, read ahead of their turn: as many at a time as there are children to read them.

Reading costs far more than recording, and most mail is by people who never wrote before. So while one message is recorded, those behind
it are read as if by strangers (`read_ahead`); when a message's turn comes, and everything before it is recorded, it is looked up whether
that was true (`read_in_turn`). Turns come in the order of arrival, and nothing but documents is kept before a turn.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from intake.collect import Desk
from intake.reading import Ahead, read_ahead, strangers_context
from parsing.attachment import Role
from parsing.context import Context
from parsing.understand import Understanding
from storage.database import StorageError, transaction
from storage.messages import Claimed, claim_some, give_back


class UnreadableError(Exception):
    """The document store cannot hand a message over; the message says why and what helps."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A message whose turn it is, and which may be read already."""

    message: Claimed
    content: Callable[[], bytes]
    """Its octets; raises UnreadableError."""
    _ahead: Future[Ahead]

    def ahead(self) -> Ahead:
        """Wait for the reading. Raises WorkerError, UnreadableError, and StorageError when documents cannot be kept."""
        return self._ahead.result()


class Line:
    """What is in work, in the order of its turns."""

    def __init__(self, desk: Desk, pool: ThreadPoolExecutor, owner: str, lease: timedelta, leaving: Collection[int]) -> None:
        self._desk, self._pool, self._owner, self._lease, self._leaving = desk, pool, owner, lease, leaving
        self._turns: deque[Turn] = deque()
        self._length = 4 * desk.workers.count
        self._alone = False

    def next(self) -> Turn | None:
        """Return the next in line; None when nothing waits."""
        if not self._alone and len(self._turns) <= self._length // 2:
            self._fill()
        if not self._turns:
            return None
        self._alone = False
        return self._turns.popleft()

    def give_back(self) -> None:
        """Put everything that had no turn back, as if it had not been taken."""
        self._give_back([turn.message for turn in self._turns])
        self._turns.clear()

    def _give_back(self, messages: Collection[Claimed]) -> None:
        for message in messages:
            with transaction(self._desk.engine) as session:
                give_back(session, message)

    def _fill(self) -> None:
        desk, contexts = self._desk, dict[str, Context]()
        most, now = self._length - len(self._turns), desk.now()
        among = [turn.message for turn in self._turns]
        taken = deque(claim_some(desk.engine, owner=self._owner, now=now, lease=self._lease, most=most, leaving=self._leaving, among=among))
        try:
            while taken:
                message = taken[0]
                self._alone = message.attempts > 1
                if message.mailbox not in contexts:
                    contexts[message.mailbox] = strangers_context(desk.engine, message.mailbox, desk.house, now.date())
                reading = self._pool.submit(_read, desk, message, contexts[message.mailbox])
                self._turns.append(Turn(message, partial(_content, desk, message.sha256), reading))
                taken.popleft()
        finally:
            self._give_back(taken)  # what could not be put in line, if anything


@contextmanager
def reading_ahead(desk: Desk, *, owner: str, lease: timedelta, leaving: Collection[int]) -> Iterator[Line]:
    """Yield the line of what waits, but for `leaving`, which may grow meanwhile; what had no turn at the end is given back."""
    with ThreadPoolExecutor(desk.workers.count + 1, thread_name_prefix="reading ahead") as pool:
        line = Line(desk, pool, owner, lease, leaving)
        try:
            yield line
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            line.give_back()


def keep_documents(desk: Desk, facts: Understanding) -> None:
    """Put the documents before T2: a crash leaves at worst a file without a row, never a row without its file. Raises StorageError."""
    for attachment in facts.attachments:
        if attachment.role is not Role.INLINE_IMAGE and not attachment.container:
            desk.store.put(attachment.content)


def _read(desk: Desk, message: Claimed, context: Context) -> Ahead:
    ahead = read_ahead(desk.workers, _content(desk, message.sha256), context, desk.stop)
    if ahead.facts is not None:
        keep_documents(desk, ahead.facts)
    return ahead


def _content(desk: Desk, sha256: str) -> bytes:
    try:
        return desk.store.get(sha256)
    except StorageError as error:
        raise UnreadableError(str(error)) from error
