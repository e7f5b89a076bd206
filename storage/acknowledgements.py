"""The one place that decides whether a candidate is acknowledged: reasons not to answer come first (RFC 3834, 2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from parsing.classify import Authentication, MailClass
from parsing.understand import Understanding
from storage import outbox
from storage.history import EventKind, add_event
from storage.outbox import Delivery
from storage.tables import Application, Event, Message, Outgoing

UNVERIFIED = "unverified"
"""Why a mail is held when nothing is known about the sender."""

_OF = select(Outgoing).where(Outgoing.application_id == bindparam("application"), Outgoing.kind == outbox.ACKNOWLEDGEMENT)
_OF = _OF.order_by(Outgoing.id)


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
    """Reasons not to answer come first (RFC 3834, 2); what remains is enqueued once per application, whatever was merged into it."""
    refusals = _refusals(row, facts, policy, now)
    if refusals:
        if first:
            add_event(session, application, EventKind.ACKNOWLEDGEMENT_WITHHELD, now, "pli", row, {"reasons": refusals})
        return
    if mails_of(session, application):
        return
    held = UNVERIFIED if policy.unverified == "hold" and facts.verdict.authentication is Authentication.NONE else None
    notice = outbox.Notice(
        key=f"{outbox.ACKNOWLEDGEMENT}:{application.reference}",
        kind=outbox.ACKNOWLEDGEMENT,
        recipient=_writer(facts),
        language=facts.language,
        application_id=application.id,
        about_message_id=row.id,
    )
    outbox.enqueue(session, notice, now=now, held=held)


def acknowledge_copy(
    session: Session, application: Application, row: Message, facts: Understanding, policy: AcknowledgementPolicy, now: datetime
) -> None:
    """Answer after all when the provider vouches for a copy of a message whose sender was in doubt where the first one came in.

    Only a doubt about the sender is settled so: whatever else kept the first copy from being answered holds for this one, too.
    """
    if facts.verdict.authentication is not Authentication.PASS:
        return
    mails = mails_of(session, application)
    for mail in mails:
        if mail.recipient == _writer(facts) and not _refusals(row, facts, policy, now):
            held = (Outgoing.id == mail.id, Outgoing.state == Delivery.HELD, Outgoing.reason == UNVERIFIED)
            released = session.execute(update(Outgoing).where(*held).values(state=Delivery.QUEUED, reason=None, not_before=now))
            if released.rowcount:  # type: ignore[attr-defined]
                application.authentication = Authentication.PASS
    told = select(Event.data).where(Event.application_id == application.id, Event.kind == EventKind.ACKNOWLEDGEMENT_WITHHELD)
    reasons = {reason for data in session.scalars(told) for reason in data.get("reasons") or ()}
    if not mails and reasons == {"authentication_failed"}:
        application.authentication = Authentication.PASS
        acknowledge(session, application, row, facts, policy, now, first=False)


def mails_of(session: Session, application: Application) -> list[Outgoing]:
    """Return the acknowledgements of an application, those of what was merged into it included."""
    return list(session.scalars(_OF, {"application": application.id}))


def _refusals(row: Message, facts: Understanding, policy: AcknowledgementPolicy, now: datetime) -> list[str]:
    """Return every named reason not to answer a message; none: it may be answered, at the address that wrote it and at no other."""
    email = facts.applicant.email if facts.applicant else None
    forwarded = facts.verdict.mail_class is MailClass.FORWARDED_APPLICATION
    refusals = list(facts.verdict.refusals)
    for name, holds in (
        ("forwarded", forwarded),
        ("no_address", email is None),
        ("applicant_is_not_author", not forwarded and email is not None and email != _writer(facts)),
        ("authentication_failed", facts.verdict.authentication is Authentication.FAIL),
        ("imported", row.quiet),
        ("backlog", row.backlog and not policy.backlog),
        ("too_old", now - (row.received_at or now) > policy.max_age),
    ):
        if holds and name not in refusals:
            refusals.append(name)
    return refusals


def _writer(facts: Understanding) -> str:
    return facts.author.addr_spec.lower() if facts.author else ""
