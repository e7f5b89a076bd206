"""A database with applications that wait for their acknowledgement, made as intake makes them, and the office that delivers."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from paper import HOUSE
from sqlalchemy import Engine, select

from notifications.delivery import PostOffice
from notifications.smtp import SmtpAccount, SmtpTransport
from parsing.address import Address
from parsing.classify import Authentication, MailClass, Verdict
from parsing.message import RawMessage
from parsing.offer import Offer
from parsing.routing import Route
from parsing.understand import Applicant, Understanding
from storage import messages
from storage.applications import AcknowledgementPolicy, record
from storage.database import open_database, reading, transaction, upgrade
from storage.offers import AdFile, sync
from storage.outbox import Caps
from storage.tables import Outgoing

NOW = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
RECRUITERS = ("alice.martin@example.org", "bob.durand@example.org")
_MAILBOX = "recrutement@example.org"


@dataclass
class Clock:
    """A present that tests move."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


def database(folder: Path) -> Engine:
    """Return a new SQLite database with one open offer."""
    engine = open_database(f"sqlite:///{folder / 'pli.db'}")
    upgrade(engine)
    publish(engine, "Développeuse backend")
    return engine


def publish(engine: Engine, title: str) -> None:
    """Publish the offer, or publish it again under another title."""
    offer = Offer(slug="backend", title=title, open=True, language="fr", recruiters=RECRUITERS, apply_by_email=True)
    with transaction(engine) as session:
        sync(session, [AdFile("backend.md", "0" * 64, offer)], now=NOW)


def apply(engine: Engine, email: str = "amina.diallo@example.com", name: str = "Amina Diallo") -> str:
    """Let somebody apply; return the reference."""
    content = f"From: {email}\r\nSubject: Candidature\r\n\r\nBonjour\r\n".encode()
    sha256 = hashlib.sha256(content).hexdigest()
    raw = RawMessage(mailbox=_MAILBOX, position=f"1:{sha256[:8]}", received_at=NOW, content=content, size=len(content))
    with transaction(engine) as session:
        messages.record_contact(session, address=_MAILBOX, folder="INBOX", uidvalidity=1, now=NOW)
        messages.record_arrival(session, raw, folder="INBOX", sha256=sha256, backlog=False, now=NOW)
    message = messages.claim(engine, owner="1", now=NOW, lease=timedelta(minutes=15))
    assert message is not None
    facts = Understanding(
        message_id=f"<{sha256[:12]}@example.com>",
        subject="Candidature",
        author=Address(name, email),
        verdict=Verdict(mail_class=MailClass.APPLICATION, reasons=("a test",), authentication=Authentication.PASS),
        route=Route("backend", certain=True),
        applicant=Applicant(name, email, name_is_sure=True),
        body="Bonjour",
        content_key=sha256,
    )
    with transaction(engine) as session:
        recorded = record(session, message, facts, policy=AcknowledgementPolicy(), now=NOW)
    assert recorded.reference is not None
    return recorded.reference


def office(engine: Engine, port: int, now: Callable[[], datetime], caps: Caps | None = None) -> PostOffice:
    """Return the office that gives mail to the server on `port`."""
    account = SmtpAccount("127.0.0.1", port, "none", connect_timeout=10, command_timeout=10, deadline=20, final_timeout=10)
    return PostOffice(engine, HOUSE, caps or Caps(), lambda: SmtpTransport(account), now, threading.Event())


def states(engine: Engine) -> list[tuple[str, str | None]]:
    """Return state and reason of every mail of ours, oldest first."""
    with reading(engine) as session:
        return [(row.state, row.reason) for row in session.scalars(select(Outgoing).order_by(Outgoing.id))]
