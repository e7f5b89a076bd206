"""What a person should know of an application at a glance, as codes: no CV, an uncertain offer, a sender nobody vouches for."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.history import EventKind, Stage
from storage.outbox import ACKNOWLEDGEMENT, Delivery
from storage.tables import Application, Event, Message, Outgoing
from storage.views import DocumentView


def flags_of(session: Session, row: Application, documents: Sequence[DocumentView], *, double: bool) -> tuple[str, ...]:
    """Return the codes of what a person should know of an application; `double`: it may be one person's with another."""
    flags = []
    if not any(document.role == "cv" for document in documents):
        flags.append("no_cv")
        if _links_to_cv(session, row):
            flags.append("cv_link")
    if row.offer_id is None:
        flags.append("offer_unknown")
    elif not row.offer_certain:
        flags.append("offer_uncertain")
    if row.authentication == "fail" or _has_forgery(session, row):
        flags.append("authentication_failed")
    elif row.authentication == "none":
        flags.append("unverified_sender")
    if double:
        flags.append("possible_double")
    if _withdraws(session, row):
        flags.append("withdrawn_by_candidate")
    mail = session.scalar(
        select(Outgoing)
        .where(Outgoing.application_id == row.id, Outgoing.kind == ACKNOWLEDGEMENT)
        .order_by(Outgoing.state != Delivery.UNKNOWN, Outgoing.id)
        .limit(1)
    )
    if mail is None and row.authentication != "fail":  # that flag says it already
        flags.append("not_acknowledged")
    elif mail is not None and mail.state == Delivery.UNKNOWN:
        flags.append("acknowledgement_unknown")
    if session.scalar(select(Event.id).where(Event.application_id == row.id, Event.kind == "bounced").limit(1)):
        flags.append("bounced")
    return tuple(flags + sorted({problem for document in documents for problem in document.problems}))


def _links_to_cv(session: Session, row: Application) -> bool:
    """Tell whether a message says where a CV lies instead of bringing it; pli never fetches it."""
    found = session.scalars(select(Message.understanding).where(Message.application_id == row.id))
    return any("cv_link" in (said or {}).get("problems", ()) for said in found)


def _has_forgery(session: Session, row: Application) -> bool:
    """Whether a later message that joined the application failed authentication."""
    kinds = (EventKind.UPDATED, EventKind.REPLY, EventKind.WITHDRAWAL)
    told = session.scalars(select(Event.data).where(Event.application_id == row.id, Event.kind.in_(kinds)))
    return any(data.get("authentication") == "fail" for data in told)


def _withdraws(session: Session, row: Application) -> bool:
    """Whether the last that the candidate said for sure is that they withdraw, and nobody has noted it as a decision."""
    if row.stage == Stage.WITHDRAWN:
        return False
    kinds = (EventKind.WITHDRAWAL, EventKind.UPDATED)
    told = select(Event).where(Event.application_id == row.id, Event.kind.in_(kinds)).order_by(Event.id.desc())
    own = (event for event in session.scalars(told) if not event.data.get("other_sender") and event.data.get("authentication") != "fail")
    last = next(own, None)
    return last is not None and last.kind == EventKind.WITHDRAWAL
