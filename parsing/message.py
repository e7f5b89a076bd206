"""RFC 5322 and MIME octets into a `Message`, never raising on bad mail.

Everything here is read with the `compat32` policy and decoded by ourselves: the newer policy needs quadratic memory
for hostile headers (CPython issue 136063).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RawMessage:
    """One message as its source holds it."""

    mailbox: str
    """The configured address of the mailbox."""
    position: str
    """Opaque place in the source: `uidvalidity:uid` for IMAP, the unique file name for a Maildir."""
    received_at: datetime
    """When the server took it in (INTERNALDATE); aware."""
    content: bytes
    """The RFC 5322 octets, never altered; empty when `too_large`."""
    size: int
    """Octets as the server counts them."""
    too_large: bool = False
    """True: over the size limit, so only the header block is in `content`."""


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox of RFC 5322, 3.4: display name and addr-spec."""

    name: str
    """Cleaned display name, possibly empty."""
    addr_spec: str
    """`local@domain` as written; compare with `.lower()`."""


@dataclass(frozen=True, slots=True)
class ThreadRefs:
    """What is needed to look a message's conversation up before it is understood."""

    message_ids: tuple[str, ...]
    """In-Reply-To and References, nearest first; for bounces also the returned message's Message-ID. With angle brackets."""
    author: str | None
    """The author's addr-spec in lower case."""
