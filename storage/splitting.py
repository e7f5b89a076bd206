"""Messages that stand in the wrong application get one of their own: the way back from `pli merge`, and from what pli joined wrongly.

All messages of an application that was merged bring its reference, its stage and its person back. Whoever is split off is another
person from then on, and nobody is asked again whether they are the same. No acknowledgement is sent by it: one that the merger had
stopped is held for a person to release.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from storage import people
from storage.database import serialise_by
from storage.doubles import record_different, suspect
from storage.history import EventKind, Stage, add_event
from storage.merging import MERGED_AWAY
from storage.outbox import Delivery
from storage.references import new_reference, required
from storage.tables import Application, Candidate, CandidateAddress, Document, Event, FormerReference, Message, Outgoing
from storage.versions import refresh_profile


@dataclass(frozen=True, slots=True)
class Split:
    """What `split` did."""

    reference: str
    """Of the application that the messages are in now."""
    origin: str
    messages: tuple[int, ...]
    changed: bool = True
    """False: they were there before."""


def split(
    session: Session,
    reference: str,
    *,
    messages: Sequence[int] = (),
    addresses: Sequence[str] = (),
    actor: str,
    note: str | None,
    now: datetime,
) -> Split:
    """Take messages, by number or by who wrote them, out of an application into one of another person; again changes nothing.

    Raises LookupError for an unknown reference, a message that is not in it, or when nothing would be left.
    """
    serialise_by(session, people.IDENTITY)
    origin = required(session, reference)
    _lock(session, origin)
    wanted = {address.strip().lower() for address in addresses}
    mine = list(session.scalars(select(Message).where(Message.application_id == origin.id).order_by(Message.id)))
    chosen = [row for row in mine if row.id in set(messages) or (row.author or "").lower() in wanted]
    missing = set(messages) - {row.id for row in mine}
    if missing or not chosen:
        return _already(session, origin, missing, wanted, chosen)
    if len(chosen) == len(mine):
        raise LookupError(f"nothing would be left of {origin.reference}: name the messages that are somebody else's")
    before = _before(session, origin, {row.id for row in chosen})
    person = _new_person(session, origin, chosen, [row for row in mine if row not in chosen], wanted, before, now)
    application = _new_application(session, origin, person, chosen, before)
    _move(session, origin, application, chosen, [row for row in mine if row not in chosen])
    _recount(session, origin)
    _recount(session, application)
    numbers = [f"m{row.id}" for row in chosen]
    for row, other, way in ((origin, application, "to"), (application, origin, "from")):
        add_event(session, row, EventKind.SPLIT, now, actor, data={way: other.reference, "messages": numbers, "note": note})
    record_different(session, origin, application, actor=actor, note=note, now=now)
    for row in (origin, application):
        suspect(session, row, now)
    return Split(application.reference, origin.reference, tuple(row.id for row in chosen))


def split_person(session: Session, reference: str, *, actor: str, note: str | None, now: datetime) -> Split:
    """Undo that two applications for different offers were made one person's: the one that joined is its former person's again.

    Raises LookupError for an unknown reference, and when the person of this application was never joined with another.
    """
    serialise_by(session, people.IDENTITY)
    named = required(session, reference)
    theirs = select(Application).where(Application.candidate_id == named.candidate_id).order_by(Application.id)
    rows = list(session.scalars(theirs.with_for_update()))
    joined = {row.id: before for row in rows if (before := _person_before(session, row)) is not None}
    leaving = named if named.id in joined else next((row for row in rows if len(joined) == 1 and row.id in joined), None)
    staying = next((row for row in rows if leaving is not None and row.id != leaving.id), None)
    if leaving is None or staying is None:
        which = ", ".join(row.reference for row in rows if row.id in joined)
        remedy = f"name one of {which}" if which else "name the messages that are another person's: --message ID or --address EMAIL"
        raise LookupError(f"{named.reference} as a whole was not put to another person's; {remedy}")
    known = joined[leaving.id]
    person = people.new_candidate(
        session, name=known.get("name") or leaving.applicant_name, email=None, phone=known.get("phone"), now=now
    )  # fmt: skip
    own = (CandidateAddress.candidate_id == leaving.candidate_id, CandidateAddress.address.in_(list(known.get("addresses") or ())))
    session.execute(update(CandidateAddress).where(*own).values(candidate_id=person.id))
    leaving.candidate_id = person.id
    session.flush()
    for row, other, way in ((staying, leaving, "to"), (leaving, staying, "from")):
        add_event(session, row, EventKind.SPLIT, now, actor, data={way: other.reference, "note": note})
    record_different(session, staying, leaving, actor=actor, note=note, now=now)
    return Split(leaving.reference, staying.reference, ())


def _person_before(session: Session, row: Application) -> dict[str, Any] | None:
    """Return who an application was of before it was put to another person's; None when it was not, or was taken away again."""
    kinds = (EventKind.MERGED, EventKind.SPLIT)
    told = select(Event.kind, Event.data).where(Event.application_id == row.id, Event.kind.in_(kinds)).order_by(Event.id.desc())
    for kind, data in session.execute(told):
        if kind == EventKind.SPLIT and "from" in data and "messages" not in data:
            return None
        if kind == EventKind.MERGED and "person" in data:
            return dict(data["person"])
    return None


def _already(session: Session, origin: Application, missing: set[int], wanted: set[str], chosen: Sequence[Message]) -> Split:
    """Return what an earlier split did with these messages; LookupError when there was none."""
    rows = select(Message).where(Message.id.in_(missing) if missing else func.lower(Message.author).in_(wanted))
    homes = {row.application_id for row in session.scalars(rows.order_by(Message.id))}
    if not chosen and len(homes) == 1 and (home := homes.pop()) is not None:
        data = session.scalars(select(Event.data).where(Event.application_id == home, Event.kind == EventKind.SPLIT))
        if any(told.get("from") == origin.reference for told in data):
            return Split(session.get_one(Application, home).reference, origin.reference, tuple(sorted(missing)), changed=False)
    what = ", ".join(f"m{number}" for number in sorted(missing)) or ", ".join(sorted(wanted)) or "nothing"
    raise LookupError(f"{what} is not in {origin.reference}; `pli show {origin.reference}` lists its messages")


def _before(session: Session, origin: Application, chosen: set[int]) -> tuple[str, dict[str, Any]] | None:
    """Return reference and state of the merged application whose messages are all taken out; the one with most of them."""
    rows = session.scalars(select(FormerReference).where(FormerReference.application_id == origin.id)).all()
    whole = [row for row in rows if row.before.get("messages") and set(row.before["messages"]) <= chosen]
    best = max(whole, key=lambda row: (len(row.before["messages"]), row.merged_at), default=None)
    if best is None:
        return None
    found = best.reference, dict(best.before)
    session.delete(best)
    session.flush()
    return found


def _lock(session: Session, origin: Application) -> None:
    """Take the mails first and the application then, in the order in which a mail that was just sent is settled."""
    mails = select(Outgoing).where(Outgoing.application_id == origin.id).order_by(Outgoing.id)
    session.scalars(mails.with_for_update().execution_options(populate_existing=True)).all()
    session.refresh(origin, with_for_update=True)


def _new_person(
    session: Session,
    origin: Application,
    chosen: Sequence[Message],
    rest: Sequence[Message],
    wanted: set[str],
    before: tuple[str, dict[str, Any]] | None,
    now: datetime,
) -> Candidate:
    told = _told(chosen)
    profile = next((row.profile for row in reversed(chosen) if row.profile), None) or {}
    basics = profile.get("basics") or {}
    known: dict[str, Any] = before[1]["person"] if before else {}
    name, phone = known.get("name") or told.get("name") or basics.get("name"), known.get("phone") or basics.get("phone")
    person = people.new_candidate(session, name=name, email=None, phone=phone, now=now)
    staying = {(row.author or "").lower() for row in rest}
    leaving = {(row.author or "").lower() for row in chosen} | set(known.get("addresses") or ())
    theirs = wanted | (leaving - staying)
    mine = (CandidateAddress.candidate_id == origin.candidate_id, CandidateAddress.address.in_(theirs))
    session.execute(update(CandidateAddress).where(*mine).values(candidate_id=person.id))
    others = select(Application).where(Application.candidate_id == origin.candidate_id, Application.id != origin.id)
    for row in session.scalars(others).all():
        rival = (before[1]["offer_id"] if before else origin.offer_id) == row.offer_id
        if row.applicant_email in theirs and not rival:  # their applications for other offers go with them
            row.candidate_id = person.id
    session.flush()
    return person


def _new_application(
    session: Session, origin: Application, person: Candidate, chosen: Sequence[Message], before: tuple[str, dict[str, Any]] | None
) -> Application:
    told = _told(chosen)
    facts: dict[str, Any] = {
        "stage": Stage.RECEIVED,
        "offer_id": origin.offer_id,
        "offer_certain": origin.offer_certain,
        "language": chosen[0].language or origin.language,
        "authentication": (chosen[0].understanding or {}).get("authentication") or "none",
        "applicant_name": told.get("name"),
        "name_is_sure": False,
        "applicant_email": told.get("email") or (chosen[0].author or "").lower() or None,
        "cv_email": None,
        "profile": {},
    }
    if before is not None:
        facts |= {name: value for name, value in before[1].items() if name in facts}
    moment = chosen[0].received_at or origin.received_at
    application = Application(
        reference=before[0] if before else new_reference(session),
        candidate_id=person.id,
        received_at=moment,
        last_contact_at=moment,
        **facts,
    )
    session.add(application)
    session.flush()
    return application


def _move(session: Session, origin: Application, application: Application, chosen: Sequence[Message], rest: Sequence[Message]) -> None:
    """Let messages, what happened with them, what answered them and what they brought go along; a file that both brought is in both."""
    numbers = [row.id for row in chosen]
    for row in chosen:
        row.application_id = application.id
    session.flush()
    for table, column in ((Event, Event.message_id), (Outgoing, Outgoing.about_message_id)):
        moved = update(table).where(table.application_id == origin.id, column.in_(numbers))
        session.execute(moved.values(application_id=application.id))
    recipients = select(Outgoing.recipient).where(Outgoing.application_id == application.id)
    acknowledged = select(Event).where(Event.application_id == origin.id, Event.kind == EventKind.ACKNOWLEDGED)
    theirs = set(session.scalars(recipients))
    for event in session.scalars(acknowledged).all():
        if event.data.get("recipient") in theirs:
            event.application_id = application.id
    stopped = (Outgoing.application_id == application.id, Outgoing.state == Delivery.CANCELLED, Outgoing.reason.like(f"{MERGED_AWAY}%"))
    session.execute(update(Outgoing).where(*stopped).values(state=Delivery.HELD, reason="split off again"))
    session.expire_all()
    _move_documents(session, origin, application, chosen, rest)


def _move_documents(
    session: Session, origin: Application, application: Application, chosen: Sequence[Message], rest: Sequence[Message]
) -> None:
    kept = {str(file["sha256"]): row for row in reversed(rest) for file in _files(row)}
    brought = {str(file["sha256"]): (row, file) for row in reversed(chosen) for file in _files(row)}
    numbers = {row.id for row in chosen}
    for document in session.scalars(select(Document).where(Document.application_id == origin.id).order_by(Document.id)).all():
        theirs = brought.get(document.sha256)
        if document.message_id not in numbers and theirs is None:
            continue
        stays = kept.get(document.sha256)
        if stays is None:
            document.application_id = application.id
            document.message_id = theirs[0].id if theirs and document.message_id not in numbers else document.message_id
            continue
        copy = {column.key: getattr(document, column.key) for column in Document.__table__.columns if column.key != "id"}
        copy |= {"application_id": application.id}
        if theirs is not None:
            row, file = theirs
            copy |= {"message_id": row.id, "filename": file["filename"], "role": file["role"]}
            copy["received_at"] = row.received_at or document.received_at
        session.add(Document(**copy))
        if document.message_id in numbers:
            document.message_id, document.received_at = stays.id, stays.received_at or document.received_at
    session.flush()


def _told(rows: Sequence[Message]) -> dict[str, Any]:
    """Return name and address of the applicant as the first message tells them that does."""
    found = (dict((row.understanding or {}).get("applicant") or {}) for row in rows)
    return next((told for told in found if told), {})


def _files(row: Message) -> list[dict[str, Any]]:
    return list((row.understanding or {}).get("files") or ())


def _recount(session: Session, application: Application) -> None:
    """Let moments and facts follow from what is left."""
    rows = list(session.scalars(select(Message).where(Message.application_id == application.id).order_by(Message.id)))
    moments = [row.received_at for row in rows if row.received_at is not None and row.mail_class != "bounce"]
    sent = select(Outgoing.sent_at).where(Outgoing.application_id == application.id, Outgoing.sent_at.is_not(None))
    given = [moment for moment in session.scalars(sent) if moment is not None]
    application.received_at = min(moments, default=application.received_at)
    application.acknowledged_at = min(given, default=None)
    application.last_contact_at = max([*moments, *given], default=application.last_contact_at)
    refresh_profile(session, application)
    session.flush()
