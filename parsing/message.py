"""RFC 5322 and MIME octets into a `Message`, never raising on bad mail.

Headers stay octets until a field is asked for and are decoded by `parsing/header.py`: the standard library's newer policies need
quadratic memory for hostile headers (CPython issue 136063). The header block alone (of a message too large to fetch) is a message too.
Called by `parsing/understand.py`, and by `intake` for `find_references` before anything is understood.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from parsing.address import Address
from parsing.header import clean, header_text, parse_addresses
from parsing.mime import Headers, Part, header, read_parts, split_message
from parsing.outlook import as_mime, is_outlook
from parsing.robots import is_daemon
from parsing.sealed import unseal

__all__ = ["Address", "Message", "Part", "RawMessage", "ThreadRefs", "find_references", "message_ids", "parse_message"]

_MAX_REFERENCES = 100
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,400}>")
_TAG = re.compile(rb"<[a-zA-Z/!][^<>@]{0,2000}>")
_RETURNED_ID = re.compile(rb"^[ \t>]*(?:original-)?message-id[ \t]*:[ \t]*(?:\r?\n[ \t]+)?(<[^<>\s]{1,400}>)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class RawMessage:
    """One message as its source holds it."""

    mailbox: str
    """The configured address of the mailbox."""
    position: str
    """Opaque place in the source: `uidvalidity:uid` for IMAP, the unique file name for a Maildir, name, size and time for other files."""
    received_at: datetime
    """When the server took it in (INTERNALDATE); aware."""
    content: bytes
    """The RFC 5322 octets, never altered; empty when `too_large`."""
    size: int
    """Octets as the server counts them."""
    too_large: bool = False
    """True: over the size limit, so only the header block is in `content`."""
    trouble: str | None = None
    """Why there are no octets, for a person to read, where the source knows."""


@dataclass(frozen=True, slots=True)
class ThreadRefs:
    """What is needed to look a message's conversation up before it is understood."""

    message_ids: tuple[str, ...]
    """In-Reply-To and References, nearest first; for bounces also the returned message's Message-ID. With angle brackets."""
    author: str | None
    """The author's addr-spec in lower case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A mail taken apart: header fields as octets, MIME leaves in their order."""

    headers: Headers
    authors: tuple[Address, ...]
    """From; more than one is lawful (RFC 5322, 3.6.2) and rare."""
    recipients: tuple[Address, ...]
    """To and Cc."""
    subject: str
    """Decoded, one line, at most 300 characters."""
    message_id: str | None
    references: tuple[str, ...]
    """In-Reply-To, then References from the last to the first."""
    date: datetime | None
    """Aware; a zone that is missing or `-0000` counts as UTC."""
    parts: tuple[Part, ...] = ()
    defects: tuple[str, ...] = ()

    @property
    def author(self) -> Address | None:
        """The first author."""
        return self.authors[0] if self.authors else None

    @property
    def media_type(self) -> str:
        """The outermost Content-Type with its parameters, in lower case."""
        return self.text("content-type").lower() or "text/plain"

    def has(self, name: str) -> bool:
        """Tell whether a field called `name` (lower case) stands in the header, even an empty one."""
        return any(key == name for key, _ in self.headers)

    def text(self, name: str) -> str:
        """Return the first field called `name` as one clean line."""
        return header_text(header(self.headers, name))

    def every(self, name: str) -> tuple[str, ...]:
        """Return all fields called `name`, topmost first."""
        return tuple(header_text(value) for key, value in self.headers if key == name)

    def addresses(self, name: str) -> tuple[Address, ...]:
        """Return the mailboxes of all fields called `name`."""
        return tuple(address for key, value in self.headers if key == name for address in parse_addresses(value))


def parse_message(content: bytes) -> Message:
    """Read a raw message or an Outlook file; whatever the octets are, a `Message` comes back."""
    content = _lines(content)
    headers, body = split_message(content)
    sealed, defects = read_parts(headers, body)
    parts, found = unseal(sealed)
    return Message(
        headers=headers,
        authors=_addresses(headers, "from"),
        recipients=_addresses(headers, "to") + _addresses(headers, "cc"),
        subject=header_text(header(headers, "subject"), 300),
        message_id=next(iter(message_ids(header(headers, "message-id"))), None),
        references=_references(headers),
        date=_date(header(headers, "date")),
        parts=parts,
        defects=tuple(sorted({*defects, *found})),
    )


def find_references(content: bytes) -> ThreadRefs:
    """Return the Message-IDs which tell what conversation a message belongs to, and its author; never raises."""
    headers, body = split_message(_lines(content))
    author = next(iter(_addresses(headers, "from")), None)
    ids = _references(headers)
    if _may_report(headers, author):
        ids += tuple(found for part in read_parts(headers, body)[0] for found in _returned_ids(part))
    return ThreadRefs(message_ids=tuple(dict.fromkeys(ids))[:_MAX_REFERENCES], author=author.addr_spec.lower() if author else None)


def _lines(content: bytes) -> bytes:
    """Return the octets of a mail with line ends that can be read; an Outlook file as mail, or as a file that nobody can open."""
    if is_outlook(content):
        return as_mime(content) or b"Content-Type: application/vnd.ms-outlook; name=message.msg\n\n" + content
    return content if b"\n" in content else content.replace(b"\r", b"\n")  # bare CR line ends: rare, and refused by RFC 5322, 2.3


def _returned_ids(part: Part) -> tuple[str, ...]:
    """Return the Message-IDs of messages attached to or quoted in the first MB of a report's part (RFC 3464, RFC 8098)."""
    content = part.content[:1_000_000]
    if part.media_type == "text/html":
        content = _TAG.sub(b"\n", content).replace(b"&lt;", b"<").replace(b"&gt;", b">")
    found = (match[1].decode("latin-1") for match in _RETURNED_ID.finditer(content))
    return tuple(dict.fromkeys(found))[:_MAX_REFERENCES]


def message_ids(raw: bytes) -> tuple[str, ...]:
    """Return the Message-IDs of a field in their order, with angle brackets."""
    return tuple(dict.fromkeys(_MESSAGE_ID.findall(raw.decode("latin-1"))))[:_MAX_REFERENCES]


def _references(headers: Headers) -> tuple[str, ...]:
    parent = message_ids(header(headers, "in-reply-to"))
    chain = _MESSAGE_ID.findall(header(headers, "references").decode("latin-1"))[-_MAX_REFERENCES:]
    return tuple(dict.fromkeys((*parent, *reversed(chain))))[:_MAX_REFERENCES]


def _addresses(headers: Headers, name: str) -> tuple[Address, ...]:
    return tuple(address for key, value in headers if key == name for address in parse_addresses(value))


def _may_report(headers: Headers, author: Address | None) -> bool:
    """Tell whether a message may return one of ours: by its form, its author or the empty return path of what servers write."""
    if b"report" in header(headers, "content-type").lower() or any(name == "x-failed-recipients" for name, _ in headers):
        return True
    path = [value.strip() for name, value in headers if name == "return-path"][:1]
    named = any(word in header(headers, "from").lower() for word in (b"mailer-daemon", b"postmaster", b"mail delivery"))
    return named or path == [b"<>"] or (author is not None and is_daemon(author.addr_spec))


def _date(raw: bytes) -> datetime | None:
    if not raw:
        return None
    try:
        date = parsedate_to_datetime(clean(raw.decode("latin-1"), 100))
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
