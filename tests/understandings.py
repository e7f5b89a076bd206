"""What reading would have found, made by hand: lets the store be tested without a mail, a CV or a child process."""

from __future__ import annotations

import hashlib
import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from parsing.address import Address
from parsing.attachment import Attachment, Role
from parsing.classify import Authentication, MailClass, Verdict
from parsing.documents import Document
from parsing.message import RawMessage
from parsing.offer import Offer
from parsing.profile import Fact, Profile
from parsing.routing import Route
from parsing.understand import Applicant, Understanding
from storage import messages
from storage.acknowledgements import AcknowledgementPolicy
from storage.applications import Recorded, record
from storage.database import transaction
from storage.messages import Claimed
from storage.offers import AdFile, sync

NOW = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
LEASE = timedelta(minutes=15)
ONE, OTHER = "camille@example.org", "dominique@example.org"
"""Two recruiters, each with a mailbox of that name."""

_numbers = itertools.count(1)


def publish(engine: Engine, *slugs: str, recruiters: tuple[str, ...] = (ONE, OTHER), is_open: bool = True) -> None:
    """Let the offers folder hold these ads, and no others."""
    ads = [
        AdFile(f"{slug}.md", sha(slug), Offer(slug=slug, title=slug.title(), open=is_open, language="fr", recruiters=recruiters))
        for slug in slugs
    ]
    with transaction(engine) as session:
        sync(session, ads, now=NOW)


def sha(text: str) -> str:
    """Return a SHA-256 in hex."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def attachment(text: str = "CV de Léa", role: Role = Role.CV, filename: str = "cv.pdf") -> Attachment:
    """Return a file that was read; equal texts are equal files."""
    content = text.encode("utf-8", "surrogatepass")
    read = Document("application/pdf", text=text, pages=2, language="fr")
    digest = hashlib.sha256(content).hexdigest()
    return Attachment(
        filename=filename, media_type="application/pdf", size=len(content), sha256=digest, role=role, content=content, document=read
    )


def understanding(
    name: str = "Léa Morin",
    email: str | None = "lea.morin@example.net",
    *,
    mail_class: MailClass = MailClass.APPLICATION,
    offer: str | None = "backend",
    certain: bool = True,
    refusals: tuple[str, ...] = (),
    authentication: Authentication = Authentication.PASS,
    author: str | None = None,
    **given: Any,
) -> Understanding:
    """Return what reading finds in an application of `name`; each is another message unless `content_key` says otherwise."""
    number = next(_numbers)
    facts: dict[str, Any] = {
        "route": Route(offer, certain=certain),
        "message_id": f"<{number}@example.net>",
        "subject": f"Candidature {number}",
        "body": "Bonjour, voici ma candidature.",
        "content_key": sha(f"content {number}"),
        "attachments": (attachment(f"CV de {name}"),),
        "profile": Profile(name=Fact(name, name, "cv"), phone=Fact(phone_of(name), "06 39 98 12 34", "cv")),
    }
    writer = author or email
    return Understanding(
        author=Address(name, writer) if writer else None,
        verdict=Verdict(mail_class=mail_class, reasons=("made by hand",), refusals=refusals, authentication=authentication),
        applicant=Applicant(name, email, name_is_sure=True),
        **facts | given,
    )


def phone_of(name: str) -> str:
    """Return a telephone number of one person's own, in E.164."""
    return "+33639981234" if name == "Léa Morin" else f"+336{int(sha(name)[:8], 16) % 10**8:08}"


def raw(content: bytes | None = None, *, mailbox: str = ONE, position: str | None = None, received_at: datetime = NOW) -> RawMessage:
    """Return a message as a source hands it over; other octets and another place each time, unless told otherwise."""
    number = next(_numbers)
    octets = f"From: someone\r\n\r\n{number}\r\n".encode() if content is None else content
    return RawMessage(mailbox, position or f"7:{number}", received_at, octets, len(octets))


def arrive(engine: Engine, message: RawMessage | None = None, *, backlog: bool = False, uidvalidity: int = 7) -> int | None:
    """Journal a message as collecting does (T1); returns its row, None when it was journaled before."""
    message = message or raw()
    digest = hashlib.sha256(message.content).hexdigest()
    with transaction(engine) as session:
        messages.record_contact(session, address=message.mailbox, folder="INBOX", uidvalidity=uidvalidity, now=NOW)
        return messages.record_arrival(session, message, folder="INBOX", sha256=digest, backlog=backlog, now=NOW)


def claim(engine: Engine, *, owner: str = "1", now: datetime = NOW) -> Claimed:
    """Take the oldest waiting message; there must be one."""
    message = messages.claim(engine, owner=owner, now=now, lease=LEASE)
    assert message is not None
    return message


def take_in(
    engine: Engine,
    facts: Understanding | None = None,
    *,
    mailbox: str = ONE,
    now: datetime = NOW,
    received_at: datetime = NOW,
    backlog: bool = False,
    policy: AcknowledgementPolicy | None = None,
) -> Recorded:
    """Let a message arrive, and record what was understood of it (T1, claim, T2)."""
    arrive(engine, raw(mailbox=mailbox, received_at=received_at), backlog=backlog)
    message = claim(engine, now=now)
    with transaction(engine) as session:
        return record(session, message, facts or understanding(), policy=policy or AcknowledgementPolicy(), now=now)


def reference_of(recorded: Recorded) -> str:
    """Return the application's reference; there must be one."""
    assert recorded.reference is not None
    return recorded.reference
