"""Who is who: the person behind an address, and the application that a message belongs to."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from parsing.attachment import Role
from parsing.understand import Understanding
from storage.database import serialise_by
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


def find_candidate(session: Session, email: str | None) -> Candidate | None:
    """Return the person with this address."""
    address = session.get(CandidateAddress, email) if email else None
    return session.get(Candidate, address.candidate_id) if address else None


def new_candidate(session: Session, *, name: str | None, email: str | None, phone: str | None, now: datetime) -> Candidate:
    """Store a person; without an address when a forward does not tell it."""
    candidate = Candidate(name=name, phone=phone, created_at=now)
    session.add(candidate)
    session.flush()
    if email:
        session.add(CandidateAddress(address=email, candidate_id=candidate.id))
        session.flush()
    return candidate


def complete(session: Session, candidate_id: int, facts: Understanding) -> None:
    """Fill in what was unknown of a person and stands in a CV that came later; what is known stays."""
    candidate = session.get_one(Candidate, candidate_id)
    candidate.name = candidate.name or (facts.profile.name.value if facts.profile.name else None)
    candidate.phone = candidate.phone or (facts.profile.phone.value if facts.profile.phone else None)


def find_application(session: Session, candidate: Candidate, offer: OfferRow | None, *, certain: bool) -> Application | None:
    """Return the person's application for the offer; when the offer cannot be told, their latest one of any offer."""
    mine = select(Application).where(Application.candidate_id == candidate.id).order_by(Application.id.desc()).limit(1)
    if offer is not None:
        exact = session.scalar(mine.where(Application.offer_id == offer.id))
        if exact is not None or certain:
            return exact
    return session.scalar(mine)


def find_by_cv(session: Session, facts: Understanding, offer: OfferRow | None) -> Application | None:
    """Return the application for the same offer that came with the same CV; for forwards that do not tell an address."""
    hashes = _cvs(facts)
    same = select(Application).join(Document).where(Document.sha256.in_(hashes), Document.role == Role.CV)
    same = same.where(Application.offer_id == offer.id if offer else Application.offer_id.is_(None))
    return session.scalar(same.order_by(Application.id).limit(1)) if hashes else None


def new_reference(session: Session) -> str:
    """Return an unused reference such as `K7QM-4F2P`; random, so that nobody can guess another's."""
    while True:
        letters = "".join(secrets.choice(_ALPHABET) for _ in range(8))
        reference = f"{letters[:4]}-{letters[4:]}"
        if session.scalar(select(Application.id).where(Application.reference == reference)) is None:
            return reference


def _cvs(facts: Understanding) -> list[str]:
    return [attachment.sha256 for attachment in facts.attachments if attachment.role is Role.CV]
