"""One mail of ours: built from checked values, and read again before it may leave.

Composers hand in a `Draft`; `build` returns the octets that are stored and sent. The same draft and the same moment give the same
octets, so that nothing in a mail depends on when it is retried.
"""

from __future__ import annotations

import email.policy
import re
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.errors import MessageError
from email.headerregistry import Address, BaseHeader, HeaderRegistry
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.utils import format_datetime, getaddresses, parseaddr
from zoneinfo import ZoneInfo

from notifications.clean import clean_line, clean_name, mailable_address, thread_id

_NAMESPACE = uuid.UUID("5f0d6f0e-3f0b-5c1a-9a54-0e6d1c3c2b7a")
_ALLOWED = frozenset(
    {"from", "to", "reply-to", "subject", "date", "message-id", "in-reply-to", "references", "auto-submitted"}
    | {"x-auto-response-suppress", "mime-version", "content-type", "content-language"}
)
_REQUIRED = ("from", "to", "subject", "date", "message-id", "auto-submitted")
_IDS = ("in-reply-to", "references", "message-id")
_ASCII_LINE = re.compile(rb"[\t\x20-\x7e]{1,998}")


class ComposeError(Exception):
    """A mail could not be made, or must not leave; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Who we are, as the configuration says it."""

    sender: str
    """`Display name <address>`: the account that authenticates to SMTP."""
    controller: str
    """Who answers for personal data (GDPR, art. 13(1)(a))."""
    contact: str
    """Of the data protection officer, or of who answers for them."""
    retention: timedelta
    """After the last contact."""
    timezone: ZoneInfo
    """Of all dates shown."""
    country: str | None = "FR"
    days: frozenset[int] = frozenset(range(5))
    """Working weekdays, 0 is Monday; with the public holidays of `country` they count how long somebody waits."""
    reply_to: str | None = None
    """Where answers go, when not to the sender."""

    @property
    def address(self) -> str:
        """The sender's addr-spec, also the envelope's; raises ComposeError when it has none."""
        address = mailable_address(parseaddr(self.sender)[1])
        if address is None:
            raise ComposeError(f"the sender {self.sender!r} is not an address; correct [smtp] sender")
        return address

    @property
    def name(self) -> str:
        """The sender's display name, possibly empty."""
        return clean_line(parseaddr(self.sender)[0], 120)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A mail before it is octets; every value is cleaned by whoever fills it in."""

    recipient: str
    recipient_name: str | None = None
    subject: str
    text: str
    html: str
    language: str
    automatic: str
    """`auto-replied` or `auto-generated` (RFC 3834, 5)."""
    in_reply_to: str | None = None
    """Message-ID answered; left out unless well-formed."""


class _Policy(email.policy.EmailPolicy):
    """SMTP's policy, except that identifiers are written as they are: the standard library makes encoded words of long ones."""

    def fold(self, name: str, value: str) -> str:
        return self._as_is(name, value) or super().fold(name, value)

    def fold_binary(self, name: str, value: str) -> bytes:
        as_is = self._as_is(name, value)
        return as_is.encode("ascii") if as_is else super().fold_binary(name, value)

    def _as_is(self, name: str, value: str) -> str | None:
        return f"{name}: " + "\r\n ".join(str(value).split()) + "\r\n" if name.lower() in _IDS else None


class _Fields(HeaderRegistry):
    """The standard library makes a class for every field it is given; here each name has one, made once."""

    def __init__(self) -> None:
        super().__init__()
        self._made: dict[str, type[BaseHeader]] = {}

    def __getitem__(self, name: str) -> type[BaseHeader]:
        made = self._made.get(name)
        if made is None:
            made = self._made[name] = super().__getitem__(name)
        return made


_POLICY = _Policy(linesep="\r\n", max_line_length=78, header_factory=_Fields())


def message_id(key: str, house: House) -> str:
    """Return the Message-ID that belongs to a notice for ever (RFC 5322, 3.6.4): two sendings of it are recognisably one mail."""
    return f"<{uuid.uuid5(_NAMESPACE, key)}@{house.address.rpartition('@')[2]}>"


def build(draft: Draft, *, key: str, created_at: datetime, house: House) -> bytes:
    """Return the octets of a mail to exactly one person, checked by `gate`; the same for the same arguments.

    `key` is the notice's: Message-ID and boundary follow from it. `created_at` (aware) becomes the Date, in the house's zone.
    Raises ComposeError when an address or a header would not be safe to send.
    """
    recipient = mailable_address(draft.recipient)
    if recipient is None:
        raise ComposeError("the recipient's address cannot be written to over SMTP; write to them by hand")
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = _mailbox(house.name, house.address)
    mail["To"] = _mailbox(clean_name(draft.recipient_name) or "", recipient)
    if house.reply_to and house.reply_to.lower() != house.address.lower():
        mail["Reply-To"] = _mailbox("", house.reply_to)
    mail["Subject"] = clean_line(draft.subject, 180)
    mail["Date"] = format_datetime(created_at.astimezone(house.timezone).replace(microsecond=0))
    mail["Message-ID"] = message_id(key, house)
    if answered := thread_id(draft.in_reply_to):
        mail["In-Reply-To"] = mail["References"] = answered
    mail["Auto-Submitted"] = draft.automatic
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(draft.text, cte="quoted-printable")
    mail.add_alternative(draft.html, subtype="html", cte="quoted-printable")
    mail["Content-Language"] = draft.language  # now, of the whole mail: add_alternative moves earlier Content- fields into the first part
    mail.set_boundary(f"=_{uuid.uuid5(_NAMESPACE, 'boundary:' + key).hex}")  # "=_" cannot occur in quoted-printable
    content = mail.as_bytes()
    gate(content, sender=house.address, recipient=recipient)
    return content


def _mailbox(name: str, addr_spec: str) -> Address:
    try:
        return Address(name, addr_spec=addr_spec)
    except (ValueError, MessageError, IndexError) as error:
        raise ComposeError("an address is not well-formed (RFC 5322, 3.4.1); write to them by hand") from error


def gate(content: bytes, *, sender: str, recipient: str) -> None:
    """Read the finished octets again, as a stranger would, and raise ComposeError unless they are what was meant.

    Only the header fields that we write, each once; the ones RFC 5322, 3.6 wants; printable ASCII in lines of at most 998 octets ended
    by CRLF (RFC 5322, 2.1.1); one author, one recipient, and the very ones that the envelope will carry.
    """
    head, separator, body = content.partition(b"\r\n\r\n")
    if not separator or any(not _ASCII_LINE.fullmatch(line) for line in head.split(b"\r\n")):
        raise ComposeError("a header line is empty, too long or not plain ASCII")
    if any(b"\n" in line or b"\r" in line or len(line) > 998 for line in body.split(b"\r\n")):
        raise ComposeError("a body line is too long or not ended by CRLF")
    mail = BytesHeaderParser(policy=email.policy.compat32).parsebytes(content)
    names = [name.lower() for name in mail.keys()]  # noqa: SIM118  a Message's own iteration is over the same names, but mypy does not know
    if extra := set(names) - _ALLOWED:
        raise ComposeError(f"header fields that we never write: {', '.join(sorted(extra))}")
    if len(names) != len(set(names)):
        raise ComposeError("a header field stands there twice")
    if missing := [name for name in _REQUIRED if not mail.get(name)]:
        raise ComposeError(f"header fields are missing: {', '.join(missing)}")
    for name, expected in (("from", sender), ("to", recipient)):
        found = [address for _, address in getaddresses([str(mail[name])])]
        if [address.lower() for address in found] != [expected.lower()]:
            raise ComposeError(f"the field {name} names somebody else than the envelope")
