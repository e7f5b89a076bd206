"""Who is who: the person behind an address, and the application that a message belongs to."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from parsing.attachment import Role
from parsing.profile.facts import fold
from parsing.routing import Route
from parsing.understand import Understanding
from storage.database import serialise_by
from storage.history import UNDECIDED
from storage.tables import Application, Candidate, CandidateAddress, Document, Message, OfferRow, Outgoing

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No letters or digits that look alike when read aloud or copied by hand."""


def serialise(session: Session, facts: Understanding) -> None:
    """Let one worker at a time record this content and this person.

    It keeps two copies that are processed at the same moment from becoming two applications: two mailboxes' (content), two mails of
    one person (address), two recruiters' forwards that do not tell the address (CV).
    """
    email = facts.applicant.email if facts.applicant else None
    serialise_by(session, facts.content_key, email, *_cvs(facts))


def find_copy(session: Session, row: Message) -> Message | None:
    """Return an earlier message with the same content (the other recruiter's copy, or the same mail twice)."""
    if not row.content_key:
        return None
    same = select(Message).where(Message.content_key == row.content_key, Message.id != row.id, Message.state.in_(["done", "triage"]))
    return session.scalar(same.order_by(Message.id).limit(1))


def find_by_thread(session: Session, references: tuple[str, ...]) -> Application | None:
    """Return the application whose messages, or whose mails from us, a conversation names; the nearest reference first."""
    for reference in references:
        theirs = select(Message.application_id).where(Message.message_id == reference, Message.application_id.is_not(None))
        ours = select(Outgoing.application_id).where(Outgoing.message_id == reference, Outgoing.application_id.is_not(None))
        found = session.scalar(theirs.order_by(Message.id).limit(1)) or session.scalar(ours.limit(1))
        if found is not None:
            return session.get(Application, found)
    return None


def offer_of_thread(session: Session, references: tuple[str, ...]) -> str | None:
    """Return the slug of the offer that a conversation is known to be about; None when that was never certain."""
    application = find_by_thread(session, references)
    offer = session.get(OfferRow, application.offer_id) if application and application.offer_certain and application.offer_id else None
    return offer.slug if offer else None


def find_candidate(session: Session, email: str | None) -> Candidate | None:
    """Return the person with this address."""
    address = session.get(CandidateAddress, email) if email else None
    return session.get(Candidate, address.candidate_id) if address else None


def new_candidate(session: Session, *, name: str | None, email: str | None, phone: str | None, now: datetime) -> Candidate:
    """Store a person; without an address when a forward does not tell it."""
    candidate = Candidate(name=name, phone=phone, created_at=now)
    session.add(candidate)
    session.flush()
    if email and session.get(CandidateAddress, email) is None:  # two people may share one: it stays with the first
        session.add(CandidateAddress(address=email, candidate_id=candidate.id))
        session.flush()
    return candidate


def learn_address(session: Session, application: Application, email: str | None) -> None:
    """Give a person whose address nobody had told the one they write from."""
    if email and session.get(CandidateAddress, email) is None:
        session.add(CandidateAddress(address=email, candidate_id=application.candidate_id))
        session.flush()


def complete(session: Session, candidate_id: int, facts: Understanding) -> None:
    """Fill in what was unknown of a person and stands in a CV that came later; what is known stays."""
    candidate = session.get_one(Candidate, candidate_id)
    candidate.name = candidate.name or (facts.profile.name.value if facts.profile.name else None)
    candidate.phone = candidate.phone or (facts.profile.phone.value if facts.profile.phone else None)


def find_application(session: Session, candidate: Candidate, offer: OfferRow | None, route: Route) -> Application | None:
    """Return the person's application that a message of theirs belongs to; None when it is a new one.

    When the offer is not certain, an undecided application for one of the offers that fit will do, and any undecided one when nothing
    tells the offer; what was decided is over, and a new message begins something new.
    """
    mine = select(Application).where(Application.candidate_id == candidate.id).order_by(Application.id.desc()).limit(1)
    exact = session.scalar(mine.where(Application.offer_id == offer.id if offer else Application.offer_id.is_(None)))
    if exact is not None or route.certain:
        return exact
    undecided = mine.where(Application.stage.in_(UNDECIDED))
    if offer is None:
        return session.scalar(undecided)
    fits = or_(Application.offer_id.is_(None), OfferRow.slug.in_([offer.slug, *route.alternatives]))
    return session.scalar(undecided.outerjoin(OfferRow).where(fits))


def find_latest(session: Session, candidate: Candidate) -> Application | None:
    """Return the person's latest application, an undecided one first; where a reply without a conversation belongs."""
    mine = select(Application).where(Application.candidate_id == candidate.id).order_by(Application.id.desc()).limit(1)
    return session.scalar(mine.where(Application.stage.in_(UNDECIDED))) or session.scalar(mine)


def find_by_cv(session: Session, facts: Understanding, offer: OfferRow | None) -> Application | None:
    """Return the application for the same offer that came with the same CV.

    For a forward that does not tell an address: anybody's. For a mail with an address: that of a person whose address nobody told.
    """
    hashes = _cvs(facts)
    same = select(Application).join(Document).where(Document.sha256.in_(hashes), Document.role == Role.CV)
    same = same.where(Application.offer_id == offer.id if offer else Application.offer_id.is_(None))
    if facts.applicant is not None and facts.applicant.email:
        same = same.where(Application.candidate_id.not_in(select(CandidateAddress.candidate_id)))
    return session.scalar(same.order_by(Application.id).limit(1)) if hashes else None


def is_somebody_else(session: Session, candidate: Candidate, facts: Understanding) -> bool:
    """Tell whether a CV that came is plainly another person's than the candidate's: another name, and not one of their addresses.

    A shared surname or given name alone does not make two people one: families share addresses. A CV that they sent before is theirs.
    """
    said, known, hashes = facts.profile.name, candidate.name, _cvs(facts)
    theirs = select(Document.id).join(Application).where(Application.candidate_id == candidate.id, Document.sha256.in_(hashes))
    if not hashes or said is None or known is None or session.scalar(theirs.limit(1)) is not None:
        return False
    email = facts.profile.email.value.lower() if facts.profile.email else None
    addresses = set(session.scalars(select(CandidateAddress.address).where(CandidateAddress.candidate_id == candidate.id)))
    one, other = ({word for word in fold(name).split() if len(word) > 1} for name in (said.value, known))
    alike = len(one & other) >= max(1, min(2, len(one), len(other)))
    return not alike and (email not in addresses or len(one) > 1 < len(other))


def new_reference(session: Session) -> str:
    """Return an unused reference such as `K7QM-4F2P`; random, so that nobody can guess another's."""
    while True:
        letters = "".join(secrets.choice(_ALPHABET) for _ in range(8))
        reference = f"{letters[:4]}-{letters[4:]}"
        if session.scalar(select(Application.id).where(Application.reference == reference)) is None:
            return reference


def _cvs(facts: Understanding) -> list[str]:
    return [attachment.sha256 for attachment in facts.attachments if attachment.role is Role.CV]
