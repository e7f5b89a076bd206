"""Messages that lie in files: what Maildirs, folders of `.eml` files and imports share. Nothing is changed, and no link is followed.

Links are refused because whoever may put one into a folder would choose a file that only pli may read.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from heapq import nsmallest
from itertools import islice
from typing import BinaryIO

from intake.source import MAX_HEADER, MAX_MESSAGE, Known
from parsing.message import RawMessage

_AT_ONCE = 50_000
"""Files that are put in order at a time; a folder with more new ones is looked through again."""
_ASKED_AT_ONCE = 500

Found = tuple[str, str]
"""Position and path."""
Waiting = tuple[float, str, str]
"""Time of arrival in seconds since 1970, position, path."""


def oldest_first(look: Callable[[], Iterator[Found]], arrival: Callable[[str], float | None], known: Known) -> Iterator[Waiting]:
    """Yield what `look` finds and is not journaled yet, the oldest first, in memory that does not grow with the folder.

    `arrival` tells when a file came, None when it is to wait for the next pass. Raises OSError when the folder cannot be read.
    """
    last: Waiting | None = None
    while True:
        batch = nsmallest(_AT_ONCE, _new(look(), arrival, known, last))
        yield from batch
        if len(batch) < _AT_ONCE:
            return
        last = batch[-1]


def _new(found: Iterator[Found], arrival: Callable[[str], float | None], known: Known, last: Waiting | None) -> Iterator[Waiting]:
    while asked := list(islice(found, _ASKED_AT_ONCE)):
        done = known([position for position, _ in asked])
        for position, path in asked:
            came = arrival(path) if position not in done else None
            if came is not None and (last is None or (came, position, path) > last):
                yield came, position, path


def read_file(mailbox: str, position: str, path: str, received_at: datetime) -> RawMessage | None:
    """Return the message in a file, or one without octets that says what prevents it; None when the file is no longer there."""
    try:
        with open_file(path) as file:
            size = os.fstat(file.fileno()).st_size
            content = file.read(MAX_HEADER if size > MAX_MESSAGE else MAX_MESSAGE)
    except FileNotFoundError:
        return None
    except OSError as error:
        return RawMessage(mailbox, position, received_at, b"", 0, trouble=why(error))
    return RawMessage(
        mailbox, position, received_at, content, size, too_large=size > MAX_MESSAGE, trouble=None if content else "its file is empty"
    )


def open_file(path: str) -> BinaryIO:
    """Open a regular file for reading. Raises OSError, ELOOP for a link and EINVAL for what is no file."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), path)
    return os.fdopen(descriptor, "rb")


def why(error: OSError) -> str:
    """Return in a person's words why a file could not be read."""
    if error.errno == errno.ELOOP:
        return "its file is a link, and pli follows none"
    return "it is no file" if error.errno == errno.EINVAL else f"its file cannot be read ({error.strerror})"


def name_of(file: str) -> str:
    """Return a file's name as a database can hold it: octets that are no UTF-8 are written out, so that two names stay two."""
    return os.fsencode(file).decode("utf-8", "backslashreplace")


def moment(seconds: float, now: datetime) -> datetime:
    """Return a file's time, however absurd, as a moment that is not later than `now`."""
    return datetime.fromtimestamp(min(max(seconds, 0.0), now.timestamp()), UTC)
