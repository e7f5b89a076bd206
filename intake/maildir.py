"""A Maildir as a mailbox: read where it lies, nothing renamed from `new` to `cur`."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from intake.source import MAX_HEADER, MAX_MESSAGE, Known, Look, MailboxSettings, SourceError
from parsing.message import RawMessage


@contextmanager
def open_maildir(mailbox: MailboxSettings) -> Iterator[MaildirSource]:
    """Open the folder. Raises SourceError when it is no Maildir."""
    root = mailbox.maildir
    if root is None or not (root / "new").is_dir() or not (root / "cur").is_dir():
        raise SourceError(f"{mailbox.address}: {root} is no Maildir; it needs the folders new, cur and tmp")
    yield MaildirSource(root, mailbox)


def _arrival(path: Path) -> float | None:
    """Return when a file came, in seconds since 1970; None when it was moved or given a flag since: the next pass finds it."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return None


class MaildirSource:
    """`new` and `cur` of a Maildir; a message's position is its unique name, without the flags (maildir(5))."""

    uidvalidity: int | None = None
    capabilities: frozenset[str] = frozenset()
    can_wait = True

    def __init__(self, root: Path, mailbox: MailboxSettings) -> None:
        self._root = root
        self._mailbox = mailbox
        self._seen = self._stamp()

    def fetch(self, last_uid: int, known: Known, look: Look | None = None) -> Iterator[RawMessage]:  # noqa: ARG002 - names have no order
        """Yield the files that are not journaled yet, oldest first; they lie on this machine, so nobody looks first. Raises SourceError."""
        try:
            files = {
                path.name.partition(":")[0]: path
                for folder in ("new", "cur")
                for path in (self._root / folder).iterdir()
                if path.is_file() and not path.name.startswith(".")  # half-written, says maildir(5)
            }
            done = known(list(files))
            arrivals = ((_arrival(path), name, path) for name, path in files.items() if name not in done)
            waiting = sorted((arrival, name, path) for arrival, name, path in arrivals if arrival is not None)
        except OSError as error:
            raise SourceError(f"{self._mailbox.address}: {self._root} cannot be read: {error.strerror}; check its rights") from error
        for mtime, name, path in waiting:
            received_at = datetime.fromtimestamp(mtime, UTC)
            if self._mailbox.since and received_at.date() < self._mailbox.since:
                continue
            raw = self._read(name, path, received_at)
            if raw is not None:
                yield raw

    def settle(self, position: str) -> None:
        """Nothing: in a Maildir pli only reads."""

    def wait(self, seconds: float) -> bool:
        """Look at `new` once a second until it changes or the time is up; what changed since it was opened counts."""
        end = time.monotonic() + seconds
        while (now := self._stamp()) == self._seen:
            if time.monotonic() >= end:
                return False
            time.sleep(min(1.0, max(0.0, end - time.monotonic())))
        self._seen = now
        return True

    def _read(self, name: str, path: Path, received_at: datetime) -> RawMessage | None:
        try:
            size = path.stat().st_size
            too_large = size > MAX_MESSAGE
            with path.open("rb") as file:
                content = file.read(MAX_HEADER if too_large else MAX_MESSAGE)
        except FileNotFoundError:
            return None  # moved or given a flag since; the next pass finds it
        except OSError:
            content, size, too_large = b"", 0, False  # a person must look; the others go on
        return RawMessage(self._mailbox.address, name, received_at, content, size, too_large=too_large)

    def _stamp(self) -> int:
        try:
            return (self._root / "new").stat().st_mtime_ns
        except OSError as error:
            raise SourceError(f"{self._mailbox.address}: {self._root} cannot be read: {error.strerror}; check its rights") from error
