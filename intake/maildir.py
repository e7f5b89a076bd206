"""A Maildir as a mailbox: read where it lies, nothing renamed from `new` to `cur`."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from imapclient import imap_utf7  # type: ignore[import-untyped]

from intake.files import Found, moment, name_of, oldest_first, read_file
from intake.source import Known, Look, MailboxSettings, SourceError
from parsing.message import RawMessage

_FLAGS = re.compile(r"(?::|[;!]2,).*$")
"""What follows the unique name (maildir(5)); where a file system allows no colon, programs write another sign."""
_STAMP = re.compile(r"\d{9,10}(?=\.)")
"""Seconds since 1970, with which delivery agents begin a name."""


@contextmanager
def open_maildir(mailbox: MailboxSettings) -> Iterator[MaildirSource]:
    """Open the folder. Raises SourceError when it is no Maildir."""
    root = mailbox.maildir or Path()
    home = next((path for path in _places(root, mailbox.folder) if is_maildir(path)), None)
    if home is None and mailbox.folder.upper() != "INBOX" and is_maildir(root):
        raise SourceError(f"{mailbox.address}: {root} has no folder {mailbox.folder}; {_said(root)}; correct `folder` in [[mailbox]]")
    if home is None:
        raise SourceError(f"{mailbox.address}: {root} is no Maildir; it needs the folders new, cur and tmp")
    yield MaildirSource(home, mailbox)


def is_maildir(path: Path) -> bool:
    """Tell whether a folder is a Maildir."""
    return (path / "new").is_dir() and (path / "cur").is_dir()


def look_into(home: Path) -> Iterator[Found]:
    """Yield the messages of `new` and `cur`, in no order: a position is the unique name without the flags (maildir(5)).

    Raises OSError. What is moved from `new` to `cur` meanwhile may come twice, under one position.
    """
    for folder in ("new", "cur"):
        with os.scandir(home / folder) as entries:
            for entry in entries:
                if not entry.name.startswith(".") and (entry.is_symlink() or not entry.is_dir()):  # a dot: half-written
                    yield _FLAGS.sub("", name_of(entry.name)), entry.path


class MaildirSource:
    """`new` and `cur` of one folder of a Maildir."""

    uidvalidity: int | None = None
    capabilities: frozenset[str] = frozenset()
    can_wait = True

    def __init__(self, home: Path, mailbox: MailboxSettings) -> None:
        self._home = home
        self._mailbox = mailbox
        self._seen = self._stamp()

    def fetch(self, last_uid: int, known: Known, look: Look | None = None) -> Iterator[RawMessage]:  # noqa: ARG002 - names have no order
        """Yield the files that are not journaled yet, oldest first; they lie on this machine, so nobody looks first. Raises SourceError."""
        given = None
        try:
            for seconds, position, path in oldest_first(lambda: look_into(self._home), _arrival, known):
                received_at = moment(seconds, datetime.now(UTC))
                if position == given or (self._mailbox.since and received_at.date() < self._mailbox.since):
                    continue
                raw = read_file(self._mailbox.address, position, path, received_at)
                if raw is not None:  # else moved or given a flag since; the next pass finds it
                    given = position
                    yield raw
        except OSError as error:
            raise self._trouble(error) from error

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

    def _stamp(self) -> int:
        try:
            return (self._home / "new").stat().st_mtime_ns
        except OSError as error:
            raise self._trouble(error) from error

    def _trouble(self, error: OSError) -> SourceError:
        return SourceError(f"{self._mailbox.address}: {self._home} cannot be read: {error.strerror}; check its rights")


def _arrival(path: str) -> float | None:
    """Return when a file came; None when it was moved or given a flag since: the next pass finds it.

    The earlier of what file and name say: a Maildir that was copied without its files' times must not look new.
    """
    try:
        seconds = os.lstat(path).st_mtime
    except FileNotFoundError:
        return None
    stamp = _STAMP.match(os.path.basename(path))  # noqa: PTH119 - a Path for each of many files is slow
    return min(seconds, float(stamp[0])) if stamp else seconds


def _places(root: Path, folder: str) -> Iterator[Path]:
    """Yield where a folder may lie: Maildir++ writes `.Parent.Child`, in IMAP's UTF-7 or in UTF-8, others plain folders in folders."""
    levels = [level for level in re.split(r"[/.]", folder) if level]
    if levels and levels[0].upper() == "INBOX":
        levels = levels[1:]
    if not levels:
        yield root
        return
    flat = ".".join(("", *levels))
    yield root / os.fsdecode(imap_utf7.encode(flat))
    yield root / flat
    yield root.joinpath(*levels)


def _said(root: Path) -> str:
    found = ["INBOX"]
    with suppress(OSError):
        for path in sorted(root.iterdir()):
            if path.name not in {"new", "cur", "tmp"} and is_maildir(path):
                found.append(imap_utf7.decode(os.fsencode(path.name.removeprefix("."))).replace(".", "/"))  # noqa: PERF401 - a name that cannot be decoded must not hide the others
    return f"its folders are: {', '.join(found[:20])}"
