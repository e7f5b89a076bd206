"""Suspected doubles: applications of two people who may be one, with what speaks for it. Shown, never merged: a person decides.

Recorded with the message that gave rise to the suspicion. "They are two people" is remembered for the two, not only for these two
applications, so that nobody is asked again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import BindParameter, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from parsing.attachment import Role
from storage import people
from storage.database import serialise_by
from storage.history import UNDECIDED, EventKind, add_event
from storage.tables import Application, Candidate, CandidateAddress, Document, Double
from storage.views import DoubleView

Evidence = dict[str, str]
_MOST = 10
"""What more people than these share (an agency's telephone, a template's) tells nothing of any two of them, and nobody could decide it."""

# asked for every application: building a statement costs as much as asking it
_CVS = select(Document.sha256, Document.filename).where(Document.application_id == bindparam("application"), Document.role == Role.CV)
_OTHER = Application.candidate_id != bindparam("me")
_SAME_CV = select(Application.candidate_id).join(Document).where(Document.sha256 == bindparam("sha256"), Document.role == Role.CV, _OTHER)
_SAME_CV = _SAME_CV.distinct().limit(_MOST)
_SAME_PHONE = select(Candidate.id).where(Candidate.phone == bindparam("phone"), Candidate.id != bindparam("me")).limit(_MOST)
_SAME_NAME = select(Candidate.id).join(Application).where(Candidate.name_key == bindparam("name"), _OTHER)
_SAME_NAME = _SAME_NAME.where(Application.offer_id == bindparam("offer")).distinct().limit(_MOST)
_WANTED: BindParameter[str] = bindparam("wanted", expanding=True)
_CLAIMING = select(Application).where(or_(Application.applicant_email.in_(_WANTED), Application.cv_email.in_(_WANTED)), _OTHER)
_CLAIMING = _CLAIMING.order_by(Application.id)


def suspect(session: Session, application: Application, now: datetime) -> None:
    """Look for people who may be the same as an application's, and record each suspicion once."""
    found: dict[int, list[Evidence]] = {}
    for person, evidence in _look(session, application):
        found.setdefault(person, []).append(evidence)
    for person, evidences in found.items():
        if not _is_kept_apart(session, application.candidate_id, person):
            _record(session, application.id, _likeliest(session, person, application), evidences, now)


def record_different(session: Session, one: Application, other: Application, *, actor: str, note: str | None, now: datetime) -> bool:
    """Remember that the people of two applications are not one; False when that is known."""
    pair = _pair(session, one.id, other.id) or _new_pair(session, one.id, other.id, [], now)
    if pair.decided_at is not None:
        return False
    for row in (pair, *session.scalars(_between(one.candidate_id, other.candidate_id).where(Double.decided_at.is_(None)))):
        row.decided_at, row.decided_by, row.note = now, actor, note
    for mine, theirs in ((one, other), (other, one)):
        add_event(session, mine, EventKind.KEPT_APART, now, actor, data={"reference": theirs.reference, "note": note})
    return True


def decide_different(session: Session, double_id: int, *, actor: str, note: str | None, now: datetime) -> tuple[str, str]:
    """Take the decision on a suspected double that they are two people; returns the references. LookupError when there is none."""
    serialise_by(session, people.IDENTITY)
    one, other = pair_of(session, double_id)
    record_different(session, one, other, actor=actor, note=note, now=now)
    return one.reference, other.reference


def pair_of(session: Session, double_id: int) -> tuple[Application, Application]:
    """Return the two applications of a suspected double; LookupError when nobody suspects it (any more)."""
    row = session.get(Double, double_id)
    if row is None:
        raise LookupError(f"d{double_id} is no suspected double; `pli triage` lists what needs a person")
    return session.get_one(Application, row.one_id), session.get_one(Application, row.other_id)


def open_doubles(session: Session) -> list[Double]:
    """Return the suspicions that nobody has decided on, as long as one of the two applications is undecided."""
    undecided = select(Application.id).where(Application.stage.in_(UNDECIDED))
    wanted = select(Double).where(Double.decided_at.is_(None), or_(Double.one_id.in_(undecided), Double.other_id.in_(undecided)))
    return list(session.scalars(wanted.order_by(Double.id)))


def doubles_of(session: Session, application_id: int) -> tuple[DoubleView, ...]:
    """Return what is suspected of one application."""
    mine = select(Double).where(Double.decided_at.is_(None), or_(Double.one_id == application_id, Double.other_id == application_id))
    return tuple(
        DoubleView(
            id=row.id,
            reference=session.get_one(Application, row.other_id if row.one_id == application_id else row.one_id).reference,
            evidence=evidence_of(row),
        )
        for row in session.scalars(mine.order_by(Double.id))
    )


def evidence_of(row: Double) -> tuple[tuple[str, str], ...]:
    """Return what speaks for it: kind and the value that both share."""
    return tuple((str(item["kind"]), str(item["detail"])) for item in row.evidence)


def move_doubles(session: Session, gone: Application, kept: Application) -> None:
    """Let what is suspected of an application that is merged be suspected of the one that stays."""
    for row in session.scalars(select(Double).where(or_(Double.one_id == gone.id, Double.other_id == gone.id))).all():
        third = row.other_id if row.one_id == gone.id else row.one_id
        known = _pair(session, kept.id, third)
        session.delete(row)
        session.flush()
        if third == kept.id or session.get_one(Application, third).candidate_id == kept.candidate_id:
            continue
        moved = known or _new_pair(session, kept.id, third, [], row.found_at)
        moved.evidence = _united(moved.evidence, row.evidence)
        if moved.decided_at is None and known is None:
            moved.decided_at, moved.decided_by, moved.note = row.decided_at, row.decided_by, row.note


def forget_doubles_within(session: Session, candidate_id: int) -> None:
    """Remove suspicions between applications that are one person's now."""
    for row in session.scalars(_between(candidate_id, candidate_id)).all():
        session.delete(row)
    session.flush()


def _look(session: Session, application: Application) -> Iterator[tuple[int, Evidence]]:
    """Yield other people, each with one thing that speaks for their being the same."""
    me = session.get_one(Candidate, application.candidate_id)
    for sha256, filename in session.execute(_CVS, {"application": application.id}).all():
        for person in _few(session, _SAME_CV, me=me.id, sha256=sha256):
            yield person, {"kind": "cv", "detail": filename}
    if me.phone:
        for person in _few(session, _SAME_PHONE, me=me.id, phone=me.phone):
            yield person, {"kind": "phone", "detail": me.phone}
    if me.name and len((me.name_key or "").split()) > 1 and application.offer_id is not None:
        for person in _few(session, _SAME_NAME, me=me.id, name=me.name_key, offer=application.offer_id):
            yield person, {"kind": "name", "detail": me.name}
    yield from _look_for_addresses(session, application, me)


def _few(session: Session, same: Select[int], **values: object) -> list[int]:
    """Return the other people that a query finds; nobody when there are too many."""
    found = list(session.scalars(same, values))
    return found if len(found) < _MOST else []


def _look_for_addresses(session: Session, application: Application, me: Candidate) -> Iterator[tuple[int, Evidence]]:
    told = {address for address in (application.applicant_email, application.cv_email) if address}
    for address in sorted(told):
        owner = session.get(CandidateAddress, address)
        if owner is not None and owner.candidate_id != me.id:
            yield owner.candidate_id, {"kind": "address", "detail": address}
    wanted = sorted(told | people.addresses(session, me))
    rows = session.scalars(_CLAIMING, {"wanted": wanted, "me": me.id}).all()
    for row in rows if len({row.candidate_id for row in rows}) < _MOST else ():
        shared = next(address for address in (row.applicant_email, row.cv_email) if address in wanted)
        yield row.candidate_id, {"kind": "address", "detail": str(shared)}


def _likeliest(session: Session, person: int, application: Application) -> int:
    """Return the person's application to compare with: for the same offer, else the latest."""
    same_offer = func.coalesce(Application.offer_id == application.offer_id, False)
    theirs = select(Application.id).where(Application.candidate_id == person)
    return session.scalars(theirs.order_by(same_offer.desc(), Application.id.desc()).limit(1)).one()


def _record(session: Session, one: int, other: int, evidences: Iterable[Evidence], now: datetime) -> None:
    row = _pair(session, one, other) or _new_pair(session, one, other, [], now)
    row.evidence = _united(row.evidence, evidences)
    session.flush()


def _united(known: Iterable[Evidence], new: Iterable[Evidence]) -> list[Evidence]:
    united: list[Evidence] = []
    for item in (*known, *new):
        if item not in united:
            united.append(item)
    return united


def _pair(session: Session, one: int, other: int) -> Double | None:
    lower, higher = sorted((one, other))
    return session.scalar(select(Double).where(Double.one_id == lower, Double.other_id == higher))


def _new_pair(session: Session, one: int, other: int, evidence: list[Evidence], now: datetime) -> Double:
    lower, higher = sorted((one, other))
    row = Double(one_id=lower, other_id=higher, evidence=evidence, found_at=now)
    session.add(row)
    session.flush()
    return row


def _is_kept_apart(session: Session, one: int, other: int) -> bool:
    return session.scalar(_between(one, other).where(Double.decided_at.is_not(None)).limit(1)) is not None


def _between(one: int, other: int) -> Select[Double]:
    """Select the pairs between the applications of two people."""
    first, second = (select(Application.id).where(Application.candidate_id == person) for person in (one, other))
    forth = and_(Double.one_id.in_(first), Double.other_id.in_(second))
    return select(Double).where(or_(forth, and_(Double.one_id.in_(second), Double.other_id.in_(first))))
