"""The one place that decides whether a candidate is acknowledged: reasons not to answer come first (RFC 3834, 2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from parsing.classify import Authentication, MailClass
from parsing.understand import Understanding
from storage import outbox
from storage.history import EventKind, add_event
from storage.tables import Application, Message


@dataclass(frozen=True, slots=True)
class AcknowledgementPolicy:
    """What the organisation says about answering."""

    backlog: bool = False
    max_age: timedelta = timedelta(days=7)
    unverified: str = "send"
    """`send` or `hold`, when nothing is known about the sender."""


def acknowledge(
    session: Session,
    application: Application,
    row: Message,
    facts: Understanding,
    policy: AcknowledgementPolicy,
    now: datetime,
    *,
    first: bool,
) -> None:
    """Reasons not to answer come first (RFC 3834, 2); what remains is enqueued once per application."""
    email = facts.applicant.email if facts.applicant else None
    refusals = list(facts.verdict.refusals)
    received_at = row.received_at or now
    for name, holds in (
        ("forwarded", facts.verdict.mail_class is MailClass.FORWARDED_APPLICATION),
        ("no_address", email is None),
        ("authentication_failed", facts.verdict.authentication is Authentication.FAIL),
        ("imported", row.quiet),
        ("backlog", row.backlog and not policy.backlog),
        ("too_old", now - received_at > policy.max_age),
    ):
        if holds and name not in refusals:
            refusals.append(name)
    if refusals or email is None:
        if first:
            add_event(session, application, EventKind.ACKNOWLEDGEMENT_WITHHELD, now, "pli", row, {"reasons": refusals})
        return
    held = "unverified" if policy.unverified == "hold" and facts.verdict.authentication is Authentication.NONE else None
    notice = outbox.Notice(
        key=f"{outbox.ACKNOWLEDGEMENT}:{application.reference}",
        kind=outbox.ACKNOWLEDGEMENT,
        recipient=email,
        language=facts.language,
        application_id=application.id,
        about_message_id=row.id,
    )
    outbox.enqueue(session, notice, now=now, held=held)
