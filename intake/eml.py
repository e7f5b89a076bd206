"""A folder of `.eml` files as a mailbox: where a program or a person puts mail as files. pli only reads it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from intake.arrival import HEADER, find_arrival
from intake.files import Found, moment, name_of, oldest_first, open_file, read_file
from intake.source import Known, Look, MailboxSettings, SourceError
from parsing.message import RawMessage

SUFFIXES = (".eml", ".msg")
_SETTLED_SECONDS = 3.0
"""A file that changed within this time may still be written; the next pass reads it."""


@contextmanager
def open_eml(mailbox: MailboxSettings) -> Iterator[EmlSource]:
    """Open the folder. Raises SourceError when there is none."""
    root = mailbox.eml
    if root is None or not root.is_dir():
        raise SourceError(f"{mailbox.address}: there is no folder {root}; make it, or correct `eml` in [[mailbox]]")
    yield EmlSource(root, mailbox)


class EmlSource:
    """The files of one folder; its subfolders are not looked into.

    A position is name, size and time of change: a file that is written anew under an old name is another message.
    """

    uidvalidity: int | None = None
    capabilities: frozenset[str] = frozenset()
    can_wait = True

    def __init__(self, root: Path, mailbox: MailboxSettings) -> None:
        self._root = root
        self._mailbox = mailbox
        self._seen = self._stamp()

    def fetch(self, last_uid: int, known: Known, look: Look | None = None) -> Iterator[RawMessage]:  # noqa: ARG002 - as in a Maildir
        """Yield the files that are not journaled yet, oldest first; what is still being written waits. Raises SourceError."""
        try:
            for seconds, position, path in oldest_first(self._look, _arrival, known):
                received_at = moment(seconds, datetime.now(UTC))
                if self._mailbox.since and received_at.date() < self._mailbox.since:
                    continue
                raw = read_file(self._mailbox.address, position, path, received_at)
                if raw is not None and _position(path) == position:  # else it changed while it was read
                    yield raw
        except OSError as error:
            raise self._trouble(error) from error

    def settle(self, position: str) -> None:
        """Nothing: pli only reads."""

    def wait(self, seconds: float) -> bool:
        """Look at the folder once a second until it changes or the time is up; what changed since it was opened counts.

        A file that has just come is not read at once: the folder counts as changed when it has been left alone for a moment.
        """
        end = time.monotonic() + seconds
        while (now := self._stamp()) == self._seen or _is_fresh(now / 1e9):
            if time.monotonic() >= end:
                return False
            time.sleep(min(1.0, max(0.0, end - time.monotonic())))
        self._seen = now
        return True

    def _look(self) -> Iterator[Found]:
        with os.scandir(self._root) as entries:
            for entry in entries:
                if entry.name.startswith(".") or not entry.name.lower().endswith(SUFFIXES):
                    continue  # so waits what is written under another name first: .part, .tmp
                if entry.is_dir(follow_symlinks=False):
                    continue
                position = _position(entry.path)
                if position is not None:
                    yield position, entry.path

    def _stamp(self) -> int:
        try:
            return self._root.stat().st_mtime_ns
        except OSError as error:
            raise self._trouble(error) from error

    def _trouble(self, error: OSError) -> SourceError:
        return SourceError(f"{self._mailbox.address}: {self._root} cannot be read: {error.strerror}; check its rights")


def _position(path: str) -> str | None:
    """Return what makes a file the same file; None when it is gone or still being written."""
    try:
        status = os.lstat(path)
    except FileNotFoundError:
        return None
    if _is_fresh(status.st_mtime):
        return None
    return f"{name_of(os.path.basename(path))}/{status.st_size}-{status.st_mtime_ns}"  # noqa: PTH119 - a Path for each of many files is slow


def _is_fresh(seconds: float) -> bool:
    """Tell whether a file or folder changed just now; a time that is yet to come says nothing, and would hold it up for ever."""
    return 0 <= time.time() - seconds < _SETTLED_SECONDS


def _arrival(path: str) -> float | None:
    try:
        with open_file(path) as file:
            changed = os.fstat(file.fileno()).st_mtime
            header = file.read(HEADER)
    except FileNotFoundError:
        return None
    except OSError:
        return time.time()  # reading it says what is wrong
    found = find_arrival(header)
    return found.timestamp() if found else changed
