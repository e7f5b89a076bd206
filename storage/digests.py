"""Which events each recruiter has been told, and what the next digest would say.

An event is told to a recruiter exactly once: the link rows of `digest_items` are written together with the digest (T5). "Since the
last digest" would lose events, because ids commit out of order.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage import outbox
from storage.applications import EventKind, Stage
from storage.queries import event_view, first_message, triage, views
from storage.tables import Application, Digest, DigestItem, Event, Mailbox, Message, OfferRow
from storage.views import ApplicationView, DigestView, News, Section

TOLD = (EventKind.RECEIVED, EventKind.UPDATED, EventKind.REPLY, EventKind.BOUNCED)
"""What a recruiter wants to hear of; decisions are their own, and acknowledgements are shown with the application."""


def recruiters(session: Session) -> list[str]:
    """Return every address that receives a digest, in the order of the offers."""
    found: dict[str, None] = {}
    for addresses in session.scalars(select(OfferRow.recruiters).order_by(OfferRow.id)):
        found.update(dict.fromkeys(addresses))
    return list(found)


def is_written(session: Session, recruiter: str, period: date) -> bool:
    """Tell whether the recruiter's digest of that day exists."""
    return session.scalar(select(Digest.id).where(Digest.recruiter == recruiter, Digest.period == period)) is not None


def record_digest(session: Session, *, recruiter: str, period: date, now: datetime) -> bool:
    """Write the digest of a day, claim its events, and put it in line (T5). False: it exists, or there is nothing to say (kept as said)."""
    if is_written(session, recruiter, period):
        return False
    view = digest_view(session, recruiter=recruiter, period=period)
    digest = Digest(recruiter=recruiter, period=period, created_at=now)
    session.add(digest)
    session.flush()
    session.add_all(DigestItem(recruiter=recruiter, event_id=event.id, digest_id=digest.id) for event in _untold(session, recruiter))
    session.flush()
    if not (view.sections or view.waiting or view.triage):
        return False
    notice = outbox.Notice(
        key=f"{outbox.DIGEST}:{recruiter}:{period.isoformat()}",
        kind=outbox.DIGEST,
        recipient=recruiter,
        language=view.language,
        digest_id=digest.id,
    )
    return outbox.enqueue(session, notice, now=now)


def digest_view(session: Session, *, recruiter: str, period: date, digest_id: int | None = None, offer: str | None = None) -> DigestView:
    """Return a written digest, or (`digest_id` None) what one written now would say; `offer` narrows it to one offer."""
    if digest_id is None:
        events = _untold(session, recruiter)
    else:
        told = select(Event).join(DigestItem, DigestItem.event_id == Event.id).where(DigestItem.digest_id == digest_id)
        events = list(session.scalars(told.order_by(Event.id)))
    mine = [row for row in session.scalars(select(OfferRow).order_by(OfferRow.id)) if recruiter in row.recruiters]
    offers: list[OfferRow | None] = [row for row in mine if offer in (None, row.slug)]
    if offer is None:
        offers.append(None)
    sections = [_section(session, row, events) for row in offers]
    told_here = {view.reference for section in sections for view in section.new}
    waiting = [view for row in offers for view in _waiting(session, row, recruiter) if view.reference not in told_here]
    languages = [row.language for row in mine]
    return DigestView(
        recruiter=recruiter,
        period=period,
        language="en" if languages and all(language == "en" for language in languages) else "fr",
        sections=tuple(section for section in sections if section.new or section.updated),
        waiting=tuple(waiting),
        triage=tuple(item for item in triage(session) if _concerns(session, item.reference, item.id, recruiter)),
    )


def _untold(session: Session, recruiter: str) -> list[Event]:
    told = select(DigestItem.event_id).where(DigestItem.recruiter == recruiter)
    events = list(session.scalars(select(Event).where(Event.kind.in_(TOLD), Event.id.not_in(told)).order_by(Event.id)))
    theirs = {
        number: _is_theirs(session, session.get_one(Application, number), recruiter)
        for number in {event.application_id for event in events}
    }
    return [event for event in events if theirs[event.application_id]]


def _section(session: Session, offer: OfferRow | None, events: list[Event]) -> Section:
    offer_id = offer.id if offer else None
    here = [event for event in events if session.get_one(Application, event.application_id).offer_id == offer_id]
    new = list(dict.fromkeys(event.application_id for event in here if event.kind == EventKind.RECEIVED))
    later = [event for event in here if event.application_id not in new]
    return Section(
        slug=offer.slug if offer else None,
        title=offer.title if offer else None,
        open=offer.open if offer else True,
        new=tuple(_one(session, number) for number in new),
        updated=tuple(News(application=_one(session, event.application_id), event=event_view(event)) for event in later),
    )


def _waiting(session: Session, offer: OfferRow | None, recruiter: str) -> list[ApplicationView]:
    undecided = select(Application).where(Application.stage.in_([Stage.RECEIVED, Stage.IN_REVIEW])).order_by(Application.received_at)
    if offer is not None:
        return views(session, undecided.where(Application.offer_id == offer.id))
    rows = [row.id for row in session.scalars(undecided.where(Application.offer_id.is_(None))) if _is_theirs(session, row, recruiter)]
    return views(session, undecided.where(Application.id.in_(rows)))


def _one(session: Session, application_id: int) -> ApplicationView:
    return views(session, select(Application).where(Application.id == application_id))[0]


def _is_theirs(session: Session, application: Application, recruiter: str) -> bool:
    offer = session.get(OfferRow, application.offer_id) if application.offer_id else None
    if offer is not None:
        return recruiter in offer.recruiters
    return _reached(session, first_message(session, application.id), recruiter)


def _concerns(session: Session, reference: str | None, item: str, recruiter: str) -> bool:
    if reference is not None:
        application = session.scalar(select(Application).where(Application.reference == reference))
        return application is not None and _is_theirs(session, application, recruiter)
    if item.startswith("m"):
        return _reached(session, session.get(Message, int(item[1:])), recruiter)
    return True


def _reached(session: Session, message: Message | None, recruiter: str) -> bool:
    """Whether a message that belongs to no offer came to this recruiter; one that names no recruiter concerns them all."""
    if message is None:
        return True
    mailbox = session.get_one(Mailbox, message.mailbox_id)
    reached = {mailbox.address, *(message.recipients or [])}
    named = reached & set(recruiters(session))
    return recruiter in named if named else True
