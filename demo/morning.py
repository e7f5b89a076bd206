"""The demo's mails: `files/mails.toml` into raw messages, as a provider would have put them into the mailboxes."""

from __future__ import annotations

import email
import email.policy
import hashlib
import html
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from email.message import EmailMessage, Message
from email.utils import format_datetime, parseaddr
from functools import cache
from importlib.resources import files
from typing import Any

from demo.cvs import MAKERS
from demo.people import Person, read_people

CAMILLE = "camille.rostand@atelier-ia.example"
IDRIS = "idris.benali@atelier-ia.example"
DOMAIN = "atelier-ia.example"
MAILBOXES = {"camille": CAMILLE, "idris": IDRIS}
AUTHSERV_ID = "mx.atelier-ia.example"
"""Who vouches for senders in Authentication-Results (RFC 8601)."""
_PASS_THROUGH = timedelta(seconds=4)
"""From the sender's Date to the arrival."""
_POLICY = email.policy.SMTP


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail on its way into one or more mailboxes."""

    what: str
    """What it is, in the words of whoever invented it."""
    mailboxes: tuple[str, ...]
    received_at: datetime
    content: bytes = field(repr=False)
    flags: tuple[str, ...] = ()
    sender: str
    subject: str


def write_mails(part: str, midnight: datetime, acknowledgements: Mapping[str, bytes] | None = None) -> list[Mail]:
    """Return the mails of one part of the day (`before`, `morning`, `later`), oldest first.

    `midnight` (aware) begins the demo's day. `acknowledgements` are our own mails by recipient: what comes later answers them.
    """
    tables = tomllib.loads(files("demo").joinpath("files", "mails.toml").read_text(encoding="utf-8"))
    people = read_people()
    return [_mail(table, midnight, people, acknowledgements or {}) for table in tables[part]]


def _mail(table: dict[str, Any], midnight: datetime, people: Mapping[str, Person], acknowledgements: Mapping[str, bytes]) -> Mail:
    day = _weekdays_before(midnight, table.get("days_before", 0))
    received_at = datetime.combine(day, time.fromisoformat(table["at"]), midnight.tzinfo)
    ours = email.message_from_bytes(acknowledgements[table["acknowledged"]]) if "acknowledged" in table else None
    message = EmailMessage(policy=_POLICY)
    for name in ("from", "to", "cc"):
        if name in table:
            message[name.title()] = table[name]
    message["Subject"] = subject = table.get("subject") or f"Re: {_subject(ours)}"
    message["Date"] = format_datetime(received_at - _PASS_THROUGH)
    message["Message-ID"] = _message_id(table)
    for name, value in table.get("headers", {}).items():
        message[name] = value
    text = table["text"].lstrip("\n").replace("{yesterday}", format_datetime(received_at - timedelta(hours=13)))
    if ours is not None and table["shape"] == "answer":
        message["In-Reply-To"] = message["References"] = str(ours["Message-ID"])
        text += _quoted(ours)
    message.set_content(text)
    if table.get("html"):
        message.add_alternative(_html(text), subtype="html")
    _attach(message, table, people)
    match table.get("shape"):
        case "calendar":
            _add_invitation(message, table, received_at)
        case "bounce":
            _make_report(message, table, ours.as_bytes(policy=_POLICY) if ours else table["returned"].lstrip("\n").encode())
    return Mail(
        what=table.get("what", "there before pli came"),
        mailboxes=tuple(MAILBOXES[name] for name in table["in"]),
        received_at=received_at,
        content=_trace(table, received_at) + message.as_bytes(),
        flags=tuple(table.get("flags", ())),
        sender=table["from"],
        subject=subject,
    )


def _weekdays_before(day: datetime, count: int) -> datetime:
    while count:
        day -= timedelta(days=1)
        count -= day.weekday() < 5
    return day


def _message_id(table: dict[str, Any]) -> str:
    domain = parseaddr(table["from"])[1].rpartition("@")[2]
    return f"<{hashlib.sha256((table['from'] + table['at'] + table['text']).encode()).hexdigest()[:20]}@{domain}>"


def _subject(message: Message | None) -> str:
    return "" if message is None else str(email.header.make_header(email.header.decode_header(message["Subject"])))


def _quoted(message: Message) -> str:
    """Return the plain text of our mail as mail programs quote it."""
    part = next(part for part in message.walk() if part.get_content_type() == "text/plain")
    payload = part.get_payload(decode=True)
    lines = payload.decode() if isinstance(payload, bytes) else ""
    return f"\nLe {message['Date']}, {message['From']} a écrit :\n" + "".join(f"> {line}\n" for line in lines.splitlines())


def _html(text: str) -> str:
    """Return the same words as many mail programs send them along."""
    paragraphs = (html.escape(paragraph).replace("\n", "<br>\n") for paragraph in text.strip().split("\n\n"))
    return "<html><body>\n" + "".join(f"<p>{paragraph}</p>\n" for paragraph in paragraphs) + "</body></html>\n"


def _attach(message: EmailMessage, table: dict[str, Any], people: Mapping[str, Person]) -> None:
    for file in table.get("files", ()):
        _, maintype, subtype = MAKERS[file["kind"]]
        content = _file(file["kind"], people[file["person"]], file.get("text", ""))
        message.add_attachment(content, maintype=maintype, subtype=subtype, filename=file["name"])


@cache
def _file(kind: str, person: Person, text: str) -> bytes:
    """Make a file once: who sends it twice sends the same octets, and a DOCX holds the time at which it was made."""
    return MAKERS[kind][0](person, text)


def _add_invitation(message: EmailMessage, table: dict[str, Any], received_at: datetime) -> None:
    """Add the part that makes a mail an invitation (RFC 5546, 3.2.2; RFC 6047)."""
    start = received_at.replace(hour=14, minute=0) + timedelta(days=7)
    stamp = "%Y%m%dT%H%M%S"
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//pli//demo//FR", "METHOD:REQUEST", "BEGIN:VEVENT",
        f"UID:entretiens-1@{DOMAIN}", f"DTSTAMP:{received_at.strftime(stamp)}", f"DTSTART:{start.strftime(stamp)}",
        f"DTEND:{(start + timedelta(hours=1)).strftime(stamp)}", "SUMMARY:Entretiens, point d'organisation", "LOCATION:Salle Ardoise",
        f"ORGANIZER:mailto:{parseaddr(table['from'])[1]}", f"ATTENDEE;RSVP=TRUE:mailto:{parseaddr(table['to'])[1]}",
        "END:VEVENT", "END:VCALENDAR", "",
    ]  # fmt: skip
    message.add_alternative("\r\n".join(lines), subtype="calendar", params={"method": "REQUEST"})


def _make_report(message: EmailMessage, table: dict[str, Any], returned: bytes) -> None:
    """Turn a mail into a delivery status notification with the returned message in it (RFC 3464; RFC 6522)."""
    bounce = table["bounce"]
    status = EmailMessage(policy=_POLICY)
    status["Content-Type"] = "message/delivery-status"
    server, recipient = EmailMessage(policy=_POLICY), EmailMessage(policy=_POLICY)
    server["Reporting-MTA"] = f"dns; {parseaddr(table['from'])[1].rpartition('@')[2]}"
    recipient["Final-Recipient"] = f"rfc822; {bounce['recipient']}"
    recipient["Action"] = "failed"
    recipient["Status"] = bounce["status"]
    recipient["Diagnostic-Code"] = f"smtp; {bounce['reason']}"
    status.set_payload([server, recipient])
    message.make_mixed()
    message.set_type("multipart/report")
    message.set_param("report-type", "delivery-status")
    copy = EmailMessage(policy=_POLICY)
    copy["Content-Type"] = "message/rfc822"
    copy.set_payload([email.message_from_bytes(returned, policy=_POLICY)])
    message.attach(status)
    message.attach(copy)
    message["Auto-Submitted"] = "auto-replied"


def _trace(table: dict[str, Any], received_at: datetime) -> bytes:
    """Return the lines that servers put on top: the envelope's sender, the way, and what our provider found out about the sender."""
    sender = parseaddr(table["from"])[1]
    domain = sender.rpartition("@")[2]
    result = table.get("authentication", "pass")
    lines = [f"Return-Path: <{'' if table.get('shape') == 'bounce' else sender}>"]
    if result != "none":
        lines.append(
            f"Authentication-Results: {AUTHSERV_ID};\r\n spf={result} smtp.mailfrom={domain};\r\n"
            f" dkim={result} header.d={domain};\r\n dmarc={result} header.from={domain}"
        )
    lines.append(
        f"Received: from mail.{domain} (mail.{domain} [192.0.2.25])\r\n by {AUTHSERV_ID} with ESMTPS;\r\n {format_datetime(received_at)}"
    )
    return "".join(f"{line}\r\n" for line in lines).encode()
