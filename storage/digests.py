"""Which events each recruiter has been told, and what the next digest would say.

An event is told to a recruiter exactly once: the link rows of `digest_items` are written together with the digest (T5). "Since the
last digest" would lose events, because ids commit out of order.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from storage import outbox
from storage.database import serialise_by
from storage.history import UNDECIDED, EventKind
from storage.queries import event_view, first_message, views
from storage.tables import Application, Digest, DigestItem, Event, Mailbox, Message, OfferRow
from storage.triage_list import triage
from storage.views import ApplicationView, DigestView, News, Section, TriageView

_LONGEST_IN_KEY = 150

TOLD = (EventKind.RECEIVED, EventKind.UPDATED, EventKind.REPLY, EventKind.WITHDRAWAL, EventKind.BOUNCED)
"""What a recruiter wants to hear of; decisions are their own, and acknowledgements are shown with the application."""


def recruiters(session: Session) -> list[str]:
    """Return every address that receives a digest, in the order of the offers; those of ads that are gone hear of these alone."""
    return _named(session, select(OfferRow.recruiters).order_by(OfferRow.missing, OfferRow.id))


def _present(session: Session) -> list[str]:
    """Return the recruiters of the ads that lie in the folder: what belongs to no offer concerns nobody else."""
    return _named(session, select(OfferRow.recruiters).where(OfferRow.missing.is_(False)).order_by(OfferRow.id))


def _named(session: Session, wanted: Select[list[Any]]) -> list[str]:
    return list(dict.fromkeys(address for addresses in session.scalars(wanted) for address in addresses))


def is_written(session: Session, recruiter: str, period: date) -> bool:
    """Tell whether the recruiter's digest of that day exists."""
    return session.scalar(select(Digest.id).where(Digest.recruiter == recruiter, Digest.period == period)) is not None


def record_digest(session: Session, *, recruiter: str, period: date, now: datetime) -> bool:
    """Write the digest of a day, claim its events, and put it in line (T5). False: it exists, or there is nothing to say (kept as said)."""
    serialise_by(session, f"{outbox.DIGEST}:{recruiter}")  # also against the digest of another day, which would claim the same events
    if is_written(session, recruiter, period):
        return False
    digest = Digest(recruiter=recruiter, period=period, created_at=now)
    session.add(digest)
    session.flush()
    # only claimed here, told later: on SQLite nobody else can write until this transaction ends
    events = _untold(session, recruiter)
    session.add_all(DigestItem(recruiter=recruiter, event_id=event.id, digest_id=digest.id) for event in events)
    session.flush()
    if not (events or _anybody_waits(session, recruiter) or _to_settle(session, recruiter)):
        return False
    notice = outbox.Notice(
        key=_key(recruiter, period),
        kind=outbox.DIGEST,
        recipient=recruiter,
        language=_language(_offers_of(session, recruiter)),
        digest_id=digest.id,
    )
    return outbox.enqueue(session, notice, now=now)


def _key(recruiter: str, period: date) -> str:
    """Return what keeps a digest from being said twice; a monstrous address by its hash."""
    short = recruiter if len(recruiter) <= _LONGEST_IN_KEY else hashlib.sha256(recruiter.encode()).hexdigest()
    return f"{outbox.DIGEST}:{short}:{period.isoformat()}"


def digest_view(session: Session, *, recruiter: str, period: date, digest_id: int | None = None, offer: str | None = None) -> DigestView:
    """Return a written digest, or (`digest_id` None) what one written now would say; `offer` narrows it to one offer."""
    if digest_id is None:
        events = _untold(session, recruiter)
    else:
        told = select(Event).join(DigestItem, DigestItem.event_id == Event.id).where(DigestItem.digest_id == digest_id)
        events = list(session.scalars(told.order_by(Event.id)))
    mine = _offers_of(session, recruiter)
    offers: list[OfferRow | None] = [row for row in mine if offer in (None, row.slug)]
    if offer is None:
        offers.append(None)
    sections = [_section(session, row, events) for row in offers]
    told_here = {view.reference for section in sections for view in section.new}
    waiting = [view for row in offers for view in _waiting(session, row, recruiter) if view.reference not in told_here]
    return DigestView(
        recruiter=recruiter,
        period=period,
        language=_language(mine),
        sections=tuple(section for section in sections if section.new or section.updated),
        waiting=tuple(waiting),
        triage=tuple(_to_settle(session, recruiter)),
    )


def _offers_of(session: Session, recruiter: str) -> list[OfferRow]:
    """Return the offers whose applications may concern the recruiter: those that name them, and those that name nobody."""
    rows = session.scalars(select(OfferRow).order_by(OfferRow.id))
    return [row for row in rows if recruiter in row.recruiters or not row.recruiters]


def _language(offers: list[OfferRow]) -> str:
    languages = {row.language for row in offers if row.recruiters}
    return "en" if languages == {"en"} else "fr"


def _untold(session: Session, recruiter: str) -> list[Event]:
    told = select(DigestItem.event_id).where(DigestItem.recruiter == recruiter)
    untold = select(Event, Application).join(Application, Event.application_id == Application.id)
    rows = session.execute(untold.where(Event.kind.in_(TOLD), Event.id.not_in(told)).order_by(Event.id)).all()
    applications = {application.id: application for _, application in rows}
    theirs = {number: _is_theirs(session, application, recruiter) for number, application in applications.items()}
    return [event for event, application in rows if theirs[application.id]]


def _anybody_waits(session: Session, recruiter: str) -> bool:
    undecided = session.scalars(select(Application).where(Application.stage.in_(UNDECIDED)).order_by(Application.id))
    return any(_is_theirs(session, row, recruiter) for row in undecided)


def _to_settle(session: Session, recruiter: str) -> list[TriageView]:
    return [
        item
        for item in triage(session)
        if _concerns(session, item.reference, item.id, recruiter)
        and (item.other_reference is None or _concerns(session, item.other_reference, item.id, recruiter))
    ]


def _section(session: Session, offer: OfferRow | None, events: list[Event]) -> Section:
    offer_id = offer.id if offer else None
    here = [event for event in events if session.get_one(Application, event.application_id).offer_id == offer_id]
    new = list(dict.fromkeys(event.application_id for event in here if _is_new(session, event)))
    later = [event for event in here if event.application_id not in new]
    return Section(
        slug=offer.slug if offer else None,
        title=offer.title if offer else None,
        open=offer.open if offer else True,
        new=tuple(_one(session, number) for number in new),
        updated=tuple(News(application=_one(session, event.application_id), event=event_view(event)) for event in later),
    )


def _is_new(session: Session, event: Event) -> bool:
    """Tell whether an event began its application: what was merged into one that was told before is news of it."""
    began = select(func.min(Event.id)).where(Event.application_id == event.application_id, Event.kind == EventKind.RECEIVED)
    return event.kind == EventKind.RECEIVED and session.scalar(began) == event.id


def _waiting(session: Session, offer: OfferRow | None, recruiter: str) -> list[ApplicationView]:
    undecided = select(Application).where(Application.stage.in_(UNDECIDED)).order_by(Application.received_at)
    if offer is not None and offer.recruiters:
        return views(session, undecided.where(Application.offer_id == offer.id))
    here = undecided.where(Application.offer_id == (offer.id if offer else None))
    rows = [row.id for row in session.scalars(here) if _is_theirs(session, row, recruiter)]
    return views(session, undecided.where(Application.id.in_(rows)))


def _one(session: Session, application_id: int) -> ApplicationView:
    return views(session, select(Application).where(Application.id == application_id))[0]


def _is_theirs(session: Session, application: Application, recruiter: str) -> bool:
    offer = session.get(OfferRow, application.offer_id) if application.offer_id else None
    if offer is not None and offer.recruiters:
        return recruiter in offer.recruiters
    return _reached(session, first_message(session, application.id), recruiter)


def _concerns(session: Session, reference: str | None, item: str, recruiter: str) -> bool:
    if reference is not None:
        application = session.scalar(select(Application).where(Application.reference == reference))
        return application is not None and _is_theirs(session, application, recruiter)
    if item.startswith("m"):
        return _reached(session, session.get(Message, int(item[1:])), recruiter)
    return recruiter in _present(session)


def _reached(session: Session, message: Message | None, recruiter: str) -> bool:
    """Whether a message that belongs to no offer came to this recruiter; one that names no recruiter concerns them all."""
    present = set(_present(session))
    if recruiter not in present:
        return False
    if message is None:
        return True
    mailbox = session.get_one(Mailbox, message.mailbox_id)
    named = {mailbox.address, *(message.recipients or [])} & present
    return recruiter in named if named else True
