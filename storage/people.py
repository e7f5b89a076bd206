"""Who is who: the person behind an address, and the application that a message belongs to.

One person may write from many addresses, and anybody may write anything. So a message joins what is there already only if

1. it comes from an address of that person: they wrote from it before, or one of us handed their mail on;
2. or it names a message of that person's conversation (an identifier that only they and we have), and its CV names one of their
   addresses, or their telephone and their name;
3. or their CV names the address it comes from, and its CV names theirs, and the mail provider vouches for both;
4. or it is the very CV that one of us handed on without an address, and the CV names no other address.

A CV alone proves nothing: whoever has somebody's CV knows their name, address and telephone. Joined on the strength of it, a stranger's
mail would stand in that person's application; and the other way round, an application that a stranger made in somebody's name
would swallow the one they send themselves, with its acknowledgement. So everything else becomes an application of its own, answered to the
address that wrote it, and a suspected double that a person decides on (`storage/doubles.py`).
"""

from __future__ import annotations

from datetime import datetime
from functools import cache

from sqlalchemy import BindParameter, Select, bindparam, or_, select
from sqlalchemy.orm import Session

from parsing.attachment import Role
from parsing.authentication import Authentication
from parsing.forward import WEBMAIL
from parsing.mail_class import MailClass
from parsing.profile.facts import fold
from parsing.routing import Route
from parsing.understand import Understanding
from storage.database import insert_once, serialise_by
from storage.history import UNDECIDED
from storage.tables import Application, Candidate, CandidateAddress, Document, Mailbox, Message, OfferRow, Outgoing

COPY_OF = "a copy of message"
"""How the cause of a message begins that was put aside because a copy of it waits in triage."""
IDENTITY = "identity"
"""Held by many while they record, and alone while applications are merged or split: nobody joins what is just being moved."""

# asked for every message: building a statement costs as much as asking it
_SAME = select(Message).where(Message.content_key == bindparam("key"), Message.id != bindparam("id"))
_COPY = _SAME.where(Message.state.in_(["done", "triage"])).order_by(Message.application_id.is_(None), Message.id).limit(1)
_ASIDE = (Message.state == "ignored") & Message.cause.like(f"{COPY_OF}%")
_WAITING_COPIES = (
    _SAME.where(Message.application_id.is_(None), or_(Message.state == "triage", _ASIDE)).order_by(Message.id).with_for_update()
)
_ADDRESSES = select(CandidateAddress.address).where(CandidateAddress.candidate_id == bindparam("candidate"))


def serialise(session: Session, facts: Understanding) -> None:
    """Let one worker at a time record this content and this person.

    It keeps two copies that are processed at the same moment from becoming two applications: two mailboxes' (content), two mails of
    one person (address), two recruiters' forwards that do not tell the address (CV). And it lets two suspected doubles see each other.
    """
    serialise_by(session, IDENTITY, shared=True)
    email = facts.applicant.email if facts.applicant else None
    told = cv_address(facts)
    names = {name_key(name) for name in (facts.applicant.name if facts.applicant else None, _name(facts))}
    serialise_by(
        session,
        facts.content_key,
        *{email, told},
        *_cvs(facts),
        *(f"name:{name}" for name in names if name),
        f"phone:{facts.profile.phone.value}" if facts.profile.phone else None,
    )


def find_copy(session: Session, row: Message) -> Message | None:
    """Return an earlier message with the same content (the other recruiter's copy, or the same mail twice)."""
    return session.scalar(_COPY, {"key": row.content_key, "id": row.id}) if row.content_key else None


def waiting_copies(session: Session, row: Message) -> list[Message]:
    """Return the copies of a message that wait for a person, and those put aside because one waits."""
    if not row.content_key:
        return []
    return list(session.scalars(_WAITING_COPIES, {"key": row.content_key, "id": row.id}))


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
    candidate = Candidate(name=name, name_key=name_key(name), phone=phone, created_at=now)
    session.add(candidate)
    session.flush()
    learn_address(session, candidate.id, email)  # two people may share one: it stays with the first
    return candidate


def learn_address(session: Session, candidate_id: int, email: str | None) -> None:
    """Give a person an address that is proven to be theirs; one that is somebody's stays with them."""
    if email:
        insert_once(session, CandidateAddress, {"address": email, "candidate_id": candidate_id}, "address")


def complete(session: Session, candidate_id: int, facts: Understanding) -> None:
    """Fill in what was unknown of a person and stands in a CV that came later; what is known stays."""
    candidate = session.get_one(Candidate, candidate_id)
    candidate.name = candidate.name or _name(facts)
    candidate.name_key = name_key(candidate.name)
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

    For a forward that does not tell an address: anybody's. For a mail with an address: that of a person whose address nobody told,
    unless the CV tells another one.
    """
    hashes = _cvs(facts)
    if facts.applicant is not None and facts.applicant.email and _told_address(facts) not in (None, facts.applicant.email):
        return None
    if not hashes:
        return None
    same = _same_cv(addressed=facts.applicant is not None and bool(facts.applicant.email))
    return session.scalar(same, {"hashes": hashes, "offer": offer.id if offer else None})


@cache
def _same_cv(*, addressed: bool) -> Select[Application]:
    hashes: BindParameter[str] = bindparam("hashes", expanding=True)
    same = select(Application).join(Document).where(Document.sha256.in_(hashes), Document.role == Role.CV)
    same = same.where(Application.offer_id.is_not_distinct_from(bindparam("offer")))
    if addressed:
        told = select(CandidateAddress.address).where(CandidateAddress.candidate_id == Application.candidate_id)
        same = same.where(~told.exists())
    return same.order_by(Application.id).limit(1)


def is_trusted(session: Session, facts: Understanding) -> bool:
    """Tell whether the applicant's address may be taken for theirs: they wrote from it themselves, or one of us handed their mail on.

    An outsider who forwards or presents somebody may be an agency or a mother, and may be anybody.
    """
    others = facts.verdict.mail_class is MailClass.FORWARDED_APPLICATION or "applicant_is_not_author" in facts.verdict.refusals
    return not others or (_is_ours(session, facts) and facts.verdict.authentication is not Authentication.FAIL)


def prove(session: Session, facts: Understanding) -> Candidate | None:
    """Return the person whose new address a message comes from, if that is proven (2 and 3 of the rules above)."""
    told, email = cv_address(facts), facts.applicant.email if facts.applicant else None
    if email is None or facts.verdict.authentication is Authentication.FAIL:
        return None
    conversation = find_by_thread(session, facts.references)
    if conversation is not None:
        person = session.get_one(Candidate, conversation.candidate_id)
        theirs = told is not None and told in addresses(session, person)
        phone = facts.profile.phone
        called = phone is not None and not phone.by_ocr and phone.value == person.phone and same_words(person.name, _name(facts))
        if (theirs or called) and not is_somebody_else(session, person, facts):
            return person
    named = find_candidate(session, told) if told != email else None
    if named is None or facts.verdict.authentication is not Authentication.PASS:
        return None
    back = select(Application.id).where(
        Application.candidate_id == named.id, Application.cv_email == email, Application.authentication == Authentication.PASS
    )
    return named if session.scalar(back.limit(1)) is not None and not is_somebody_else(session, named, facts) else None


def cv_address(facts: Understanding) -> str | None:
    """Return the address that the CV itself names, in lower case; None for one in a picture, which may be read wrong."""
    told = _told_address(facts)
    return told if facts.profile.email is not None and not facts.profile.email.by_ocr else None


def _told_address(facts: Understanding) -> str | None:
    """Return the address that stands in the CV, as it was read."""
    told = facts.profile.email
    return told.value.lower() if told is not None and told.source in {"cv", "link"} and _cvs(facts) else None


def addresses(session: Session, candidate: Candidate) -> set[str]:
    """Return every address of a person."""
    return set(session.scalars(_ADDRESSES, {"candidate": candidate.id}))


def name_key(name: str | None) -> str | None:
    """Return a name's words in one order, without accents and signs; None for none."""
    return " ".join(sorted(set(fold(name or "").split()))) or None


def same_words(one: str | None, other: str | None) -> bool:
    """Tell whether two names share two words, or all of the shorter one."""
    first, second = ({word for word in fold(name or "").split() if len(word) > 1} for name in (one, other))
    return len(first & second) >= max(1, min(2, len(first), len(second)))


def is_somebody_else(session: Session, candidate: Candidate, facts: Understanding) -> bool:
    """Tell whether a CV that came is plainly another person's than the candidate's: another name, and not one of their addresses.

    A shared surname or given name alone does not make two people one: families share addresses. A CV that they sent before is theirs.
    """
    said, known, hashes = _name(facts), candidate.name, _cvs(facts)
    theirs = select(Document.id).join(Application).where(Application.candidate_id == candidate.id, Document.sha256.in_(hashes))
    if not hashes or said is None or known is None or session.scalar(theirs.limit(1)) is not None:
        return False
    email = facts.profile.email.value.lower() if facts.profile.email else None
    several = all(len([word for word in fold(name).split() if len(word) > 1]) > 1 for name in (said, known))
    return not same_words(said, known) and (email not in addresses(session, candidate) or several)


def _is_ours(session: Session, facts: Understanding) -> bool:
    """Tell whether one of us wrote: a recruiter, a mailbox of ours, somebody of our own domain."""
    author = facts.author.addr_spec.lower() if facts.author else None
    if author is None:
        return False
    named = [address for addresses in session.scalars(select(OfferRow.recruiters)) for address in addresses]
    ours = {address.lower() for address in (*named, *session.scalars(select(Mailbox.address)))}
    domains = {address.rpartition("@")[2] for address in ours} - WEBMAIL
    return "from_ourselves" in facts.verdict.refusals or author in ours or author.rpartition("@")[2] in domains


def _name(facts: Understanding) -> str | None:
    return facts.profile.name.value if facts.profile.name else None


def _cvs(facts: Understanding) -> list[str]:
    return [attachment.sha256 for attachment in facts.attachments if attachment.role is Role.CV]
