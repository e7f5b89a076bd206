"""Two applications of one person become one, because a person says so.

The first keeps its reference, its stage and its words; documents, messages, history, addresses and mails of the second move to it, and
the second's reference leads there from then on. For two different offers there is nothing to join but the person. Everything
happens in the caller's one transaction, alone: nobody records anything meanwhile (`people.IDENTITY`), and a mail of ours that is on its
way keeps its row, so that it is sent once as before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from storage import people
from storage.database import serialise_by
from storage.doubles import forget_doubles_within, move_doubles
from storage.history import EventKind, Stage, add_event
from storage.outbox import ACKNOWLEDGEMENT, Delivery
from storage.references import required
from storage.tables import Application, Candidate, CandidateAddress, Document, Event, FormerReference, Message, Outgoing
from storage.versions import refresh_profile

MERGED_AWAY = "merged: "
"""How the reason of an acknowledgement begins that is not sent because the person has another one."""

_NEAREST = (
    Delivery.SENT,
    Delivery.DATA,
    Delivery.UNKNOWN,
    Delivery.SENDING,
    Delivery.QUEUED,
    Delivery.HELD,
    Delivery.FAILED,
    Delivery.CANCELLED,
)
"""Which acknowledgement of two stays: the one that is nearest to its reader."""
_STOPPABLE = frozenset({Delivery.QUEUED, Delivery.SENDING, Delivery.HELD, Delivery.FAILED, Delivery.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Merged:
    """What `merge` did."""

    reference: str
    """Of the application that stays."""
    merged: tuple[str, ...]
    """References that lead to another application now."""
    beside: str | None = None
    """An application for another offer that stays, of the same person now."""
    changed: bool = True
    """False: it was so before."""


def merge(session: Session, keep: str, other: str, *, actor: str, note: str | None, now: datetime) -> Merged:
    """Merge the application `other` into `keep`, and their people into one; doing it again changes nothing.

    Raises LookupError for an unknown reference.
    """
    serialise_by(session, people.IDENTITY)
    one, two = required(session, keep), required(session, other)
    if one.id == two.id:
        return Merged(one.reference, (), changed=False)
    _lock(session, one, two)
    apart = one.offer_id != two.offer_id and None not in (one.offer_id, two.offer_id) and one.offer_certain and two.offer_certain
    if apart and one.candidate_id == two.candidate_id:
        return Merged(one.reference, (), beside=two.reference, changed=False)
    if not apart:
        _check_offer(session, one, two)
    person, gone = session.get_one(Candidate, one.candidate_id), session.get_one(Candidate, two.candidate_id)
    beside = two.reference if apart else None
    references = [] if apart else [_fold(session, one, two, actor, note, now)]
    if gone.id != person.id:
        references += _unite(session, person, gone, actor, note, now)
    return Merged(one.reference, tuple(references), beside)


def _check_offer(session: Session, one: Application, two: Application) -> None:
    """See that the first may take the offer of the second: its person may have another application for it."""
    if not _tells_offer(one, two):
        return
    same = select(Application.reference).where(Application.candidate_id == one.candidate_id, Application.offer_id == two.offer_id)
    rival = session.scalar(same.where(Application.id != two.id))
    if rival is not None:
        raise LookupError(f"the person of {one.reference} has an application for that offer already: `pli merge {rival} {two.reference}`")


def _lock(session: Session, one: Application, two: Application) -> None:
    """Take the mails first and the applications then, in the order in which a mail that was just sent is settled."""
    people_ids = {one.candidate_id, two.candidate_id}
    theirs = select(Application.id).where(Application.candidate_id.in_(people_ids))
    fresh = {"populate_existing": True}
    mails = select(Outgoing).where(Outgoing.application_id.in_(theirs)).order_by(Outgoing.id)
    session.scalars(mails.with_for_update().execution_options(**fresh)).all()
    rows = select(Application).where(Application.candidate_id.in_(people_ids)).order_by(Application.id)
    session.scalars(rows.with_for_update().execution_options(**fresh)).all()


def _unite(session: Session, person: Candidate, gone: Candidate, actor: str, note: str | None, now: datetime) -> list[str]:
    """Make two people one: addresses and other applications move; two for the same offer become one. Returns references merged away."""
    merged: list[str] = []
    for application in session.scalars(select(Application).where(Application.candidate_id == gone.id).order_by(Application.id)).all():
        same = select(Application).where(Application.candidate_id == person.id)
        same = same.where(Application.offer_id == application.offer_id if application.offer_id else Application.offer_id.is_(None))
        rival = session.scalar(same)
        if rival is not None:
            merged.append(_fold(session, rival, application, actor, note, now))
            continue
        data = {"person_of": _first_reference(session, person), "note": note, "person": _person(session, gone)}
        add_event(session, application, EventKind.MERGED, now, actor, data=data)
        application.candidate_id = person.id
        session.flush()
    session.execute(update(CandidateAddress).where(CandidateAddress.candidate_id == gone.id).values(candidate_id=person.id))
    person.name, person.phone = person.name or gone.name, person.phone or gone.phone
    person.name_key = people.name_key(person.name)
    session.flush()
    session.execute(delete(Candidate).where(Candidate.id == gone.id))
    session.expunge(gone)
    forget_doubles_within(session, person.id)
    return merged


def _fold(session: Session, kept: Application, gone: Application, actor: str, note: str | None, now: datetime) -> str:
    """Move everything of one application to another, and return the reference that leads there now."""
    before = _snapshot(session, gone)
    reference, number = gone.reference, gone.id
    _fold_documents(session, kept, number)
    for table in (Message, Event, FormerReference):
        session.execute(update(table).where(table.application_id == number).values(application_id=kept.id))
    _fold_mails(session, kept, number)
    move_doubles(session, gone, kept)
    _fold_facts(kept, gone)
    offer = (gone.offer_id, gone.offer_certain) if _tells_offer(kept, gone) else None
    session.flush()
    session.expunge(gone)
    session.execute(delete(Application).where(Application.id == number))
    if offer is not None:  # only now: until then it would be two applications of one person for one offer
        kept.offer_id, kept.offer_certain = offer
    session.add(FormerReference(reference=reference, application_id=kept.id, before=before, merged_at=now))
    add_event(session, kept, EventKind.MERGED, now, actor, data={"reference": reference, "stage": before["stage"], "note": note})
    session.expire_all()
    refresh_profile(session, kept)
    session.flush()
    return reference


def _fold_documents(session: Session, kept: Application, gone: int) -> None:
    there = {row.sha256: row for row in session.scalars(select(Document).where(Document.application_id == kept.id))}
    for row in session.scalars(select(Document).where(Document.application_id == gone)).all():
        known = there.get(row.sha256)
        if known is None:
            row.application_id = kept.id
            continue
        known.believed = known.believed or row.believed  # one file, once; each message remembers that it brought it
        session.delete(row)
    session.flush()


def _fold_mails(session: Session, kept: Application, gone: int) -> None:
    """Let one acknowledgement be on its way at most: one application, one answer."""
    session.execute(update(Outgoing).where(Outgoing.application_id == gone).values(application_id=kept.id))
    session.expire_all()
    mine = select(Outgoing).where(Outgoing.application_id == kept.id, Outgoing.kind == ACKNOWLEDGEMENT)
    own = f"{ACKNOWLEDGEMENT}:{kept.reference}"
    mails = sorted(session.scalars(mine), key=lambda mail: (_NEAREST.index(Delivery(mail.state)), mail.key != own, mail.id))
    for mail in mails[1:]:
        if mail.state in _STOPPABLE:
            mail.reason = f"{MERGED_AWAY}{kept.reference} has an acknowledgement already"
            mail.state, mail.owner, mail.token, mail.lease_until = Delivery.CANCELLED, None, None, None
    session.flush()


def _fold_facts(kept: Application, gone: Application) -> None:
    """Keep what a person decided: the stage is that of the first, unless only the second was ever moved."""
    kept.received_at = min(kept.received_at, gone.received_at)
    kept.last_contact_at = max(kept.last_contact_at, gone.last_contact_at)
    moments = [moment for moment in (kept.acknowledged_at, gone.acknowledged_at) if moment is not None]
    kept.acknowledged_at = min(moments, default=None)
    if kept.stage == Stage.RECEIVED:
        kept.stage = gone.stage
    kept.cv_email = kept.cv_email or gone.cv_email


def _tells_offer(kept: Application, gone: Application) -> bool:
    """Tell whether the second knows the offer better than the first."""
    return gone.offer_id is not None and (kept.offer_id is None or (gone.offer_certain and not kept.offer_certain))


def _snapshot(session: Session, row: Application) -> dict[str, Any]:
    """Return what `pli split` needs to bring an application back."""
    messages = session.scalars(select(Message.id).where(Message.application_id == row.id).order_by(Message.id))
    facts: Sequence[str] = ("stage", "offer_id", "offer_certain", "language", "authentication", "applicant_name", "name_is_sure")
    facts = (*facts, "applicant_email", "cv_email", "profile")
    kept = {name: getattr(row, name) for name in facts}
    return kept | {"messages": list(messages), "person": _person(session, session.get_one(Candidate, row.candidate_id))}


def _person(session: Session, person: Candidate) -> dict[str, Any]:
    return {"name": person.name, "phone": person.phone, "addresses": sorted(people.addresses(session, person))}


def _first_reference(session: Session, person: Candidate) -> str:
    return session.scalars(
        select(Application.reference).where(Application.candidate_id == person.id).order_by(Application.id).limit(1)
    ).one()
