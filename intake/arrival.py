"""When a message came that lies in a file: no server tells it, so its header must."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from parsing.header import clean
from parsing.mime import header, split_message

HEADER = 64 * 2**10
"""Octets of a file that are looked at; Received stands at the top (RFC 5321, 4.4)."""


def find_arrival(content: bytes, *, written: datetime | None = None) -> datetime | None:
    """Return when the last server took a message in, by its topmost Received field (RFC 5322, 3.6.7); None when nothing tells.

    Without such a field: the earlier of Date and of `written`, which the file itself says (the separator line of an mbox). Programs
    write there when a message was saved, and an old message that looks new might be answered.
    """
    headers, _ = split_message(content[:HEADER])
    received = read_date(header(headers, "received").rpartition(b";")[2])
    if received is not None:
        return received
    return min((moment for moment in (written, read_date(header(headers, "date"))) if moment is not None), default=None)


def read_date(raw: bytes) -> datetime | None:
    """Return a date of mail (RFC 5322, 3.3); a zone that is missing counts as UTC. None when it is none."""
    try:
        date = parsedate_to_datetime(clean(raw.decode("latin-1"), 100))
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
