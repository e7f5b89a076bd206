"""Understanding into rows (T2): candidate, application, documents, history and the notice to send, in one transaction.

Deciding what a mail is happens in `parsing`, who is who in `people.py`, and whether to answer in `acknowledgements.py`. Here stands
what follows from all three. Every function writes inside its caller's transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from parsing.attachment import Role
from parsing.classify import Authentication, MailClass
from parsing.profile.json_resume import to_json_resume
from parsing.understand import Understanding
from parsing.withdrawal import find_withdrawal
from storage import people
from storage.acknowledgements import AcknowledgementPolicy, acknowledge, acknowledge_copy
from storage.database import serialise_by
from storage.documents import add_documents
from storage.doubles import suspect
from storage.history import DECIDED, EventKind, Stage, add_event
from storage.messages import Claimed, MessageState, is_held
from storage.references import new_reference, required
from storage.tables import Application, Candidate, Mailbox, Message, OfferRow, Outgoing
from storage.versions import is_readable, refresh_profile

__all__ = ["AcknowledgementPolicy", "EventKind", "Recorded", "Stage", "move", "record", "required", "reroute"]


_OFFER = select(OfferRow).where(OfferRow.slug == bindparam("slug"))


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a message: `application`, `updated`, `copy`, `ignored` or `triage`."""

    outcome: str
    reference: str | None = None


def record(
    session: Session, message: Claimed, facts: Understanding, *, policy: AcknowledgementPolicy, now: datetime, decided: bool = False
) -> Recorded:
    """Turn one understood message into rows; its blobs are stored already. Safe to repeat: a message no longer ours is left alone.

    `decided`: a person says that it is an application.
    """
    people.serialise(session, facts)
    row = session.get_one(Message, message.id, with_for_update=True, populate_existing=True)
    if not is_held(row, message):
        return Recorded("ignored")
    _describe(row, facts, decided=decided)
    row.owner = row.lease_until = None
    match facts.verdict.mail_class:
        case MailClass.APPLICATION | MailClass.FORWARDED_APPLICATION:
            recorded = _record_application(session, row, facts, policy, now, decided=decided)
        case MailClass.REPLY:
            recorded = _record_reply(session, row, facts, policy, now)
        case MailClass.BOUNCE:
            recorded = _record_bounce(session, row, facts, now)
        case MailClass.UNSURE:
            recorded = _record_copy(session, row, facts, None, now) or _set_aside(
                session, row, "pli cannot tell whether this is an application"
            )
        case _:
            row.state = MessageState.IGNORED
            recorded = Recorded("ignored")
    return recorded


def move(session: Session, reference: str, stage: Stage, *, note: str | None, actor: str, now: datetime) -> Stage:
    """Record a recruiter's decision and return the stage before it; LookupError when there is no such application."""
    application = required(session, reference, lock=True)
    before = Stage(application.stage)
    application.stage = stage
    add_event(session, application, EventKind.MOVED, now, actor, data={"from": before, "to": stage, "note": note})
    return before


def reroute(session: Session, reference: str, slug: str, *, actor: str, now: datetime) -> None:
    """Put an application under the offer a person names; LookupError for an unknown reference or offer."""
    serialise_by(session, people.IDENTITY, shared=True)
    application = required(session, reference, lock=True)
    offer = session.scalar(select(OfferRow).where(OfferRow.slug == slug))
    if offer is None:
        raise LookupError(f"there is no offer {slug}; `pli offers` lists them")
    rival = session.scalar(
        select(Application).where(Application.candidate_id == application.candidate_id, Application.offer_id == offer.id)
    )
    if rival is not None and rival.id != application.id:
        remedy = f"`pli merge {rival.reference} {application.reference}` makes them one"
        raise LookupError(f"this person has an application for {slug} already: {rival.reference}; {remedy}")
    application.offer_id, application.offer_certain = offer.id, True
    add_event(session, application, EventKind.REROUTED, now, actor, data={"offer": slug})
    suspect(session, application, now)  # namesakes are suspected for the same offer only


def _record_application(
    session: Session, row: Message, facts: Understanding, policy: AcknowledgementPolicy, now: datetime, *, decided: bool = False
) -> Recorded:
    copied = _record_copy(session, row, facts, policy, now)
    if copied is not None:
        return copied
    offer = _offer(session, facts)
    email = facts.applicant.email if facts.applicant else None
    trusted = people.is_trusted(session, facts)
    candidate = people.find_candidate(session, email) if trusted else None
    application: Application | None = None
    if candidate is not None and people.is_somebody_else(session, candidate, facts):
        if not decided:
            return _set_aside(session, row, f"the CV is not that of {candidate.name}, who has written from this address")
        candidate = None  # a person has looked at it: two people share the address
    elif trusted:
        if candidate is None:
            candidate = people.prove(session, facts)
        application = (
            people.find_application(session, candidate, offer, facts.route) if candidate else people.find_by_cv(session, facts, offer)
        )
        if candidate is not None or application is not None:
            people.learn_address(session, candidate.id if candidate else application.candidate_id, email)  # type: ignore[union-attr]
    if application is not None:
        return _update(session, row, application, facts, policy, now)
    if candidate is None:
        name = facts.applicant.name if facts.applicant else None
        phone = facts.profile.phone.value if facts.profile.phone else None
        candidate = people.new_candidate(session, name=name, email=email if trusted else None, phone=phone, now=now)
    application = _new_application(session, row, candidate, offer, facts, now)
    add_documents(session, application, row, facts, new=True)
    add_event(session, application, EventKind.RECEIVED, now, email or "pli", row)
    _adopt_copies(session, row, application, now)
    suspect(session, application, now)
    acknowledge(session, application, row, facts, policy, now, first=True)
    return Recorded("application", application.reference)


def _record_reply(session: Session, row: Message, facts: Understanding, policy: AcknowledgementPolicy, now: datetime) -> Recorded:
    copied = _record_copy(session, row, facts, policy, now)
    if copied is not None:
        return copied
    application = people.find_by_thread(session, facts.references)
    author = facts.author.addr_spec.lower() if facts.author else None
    if "applicant_is_not_author" in facts.verdict.refusals:
        author = facts.applicant.email if facts.applicant and people.is_trusted(session, facts) else None
    candidate = people.find_candidate(session, author)
    has_cv = any(attachment.role is Role.CV for attachment in facts.attachments)
    offer = _offer(session, facts)
    if application is None and candidate is not None:
        application = people.find_application(session, candidate, offer, facts.route) or people.find_latest(session, candidate)
    if application is not None and has_cv:
        elsewhere = facts.route.certain and offer is not None and offer.id != application.offer_id and application.offer_id is not None
        if elsewhere or people.is_somebody_else(session, session.get_one(Candidate, application.candidate_id), facts):
            application = None  # another offer, or another person who writes in the same conversation
        elif people.prove(session, facts) is not None:
            people.learn_address(session, application.candidate_id, author)
    if application is not None:
        return _update(session, row, application, facts, policy, now)
    if has_cv:
        return _record_application(session, row, facts, policy, now)
    return _set_aside(session, row, "a reply that belongs to no application pli knows")


def _record_bounce(session: Session, row: Message, facts: Understanding, now: datetime) -> Recorded:
    copied = _record_copy(session, row, facts, None, now)
    if copied is not None:
        return copied
    row.state, outcome = MessageState.IGNORED, Recorded("ignored")
    if (other := people.find_copy(session, row)) is not None:
        row.cause = f"{people.COPY_OF} {other.id}, which waits in triage"
        return Recorded("copy")
    for mail in session.scalars(select(Outgoing).where(Outgoing.message_id.in_(facts.bounced)).order_by(Outgoing.id)):
        if mail.application_id is None:
            # nobody would miss a digest that never comes: a person must hear of it
            row.state, outcome = MessageState.TRIAGE, Recorded("triage")
            row.cause = f"the {mail.kind} to {mail.recipient} came back"
            row.remedy = f"correct the address in the offer; `pli triage m{row.id} --ignore` puts this away"
            continue
        application = session.get_one(Application, mail.application_id)
        row.state, row.application_id = MessageState.DONE, application.id
        add_event(session, application, EventKind.BOUNCED, now, "pli", row, {"recipient": mail.recipient})
    return outcome


def _record_copy(
    session: Session, row: Message, facts: Understanding, policy: AcknowledgementPolicy | None, now: datetime
) -> Recorded | None:
    """Let a copy join what the first one became; None when there is none, or when it waits in triage and this one is clear."""
    other = people.find_copy(session, row)
    if other is None or other.application_id is None:
        return None
    application = session.get_one(Application, other.application_id)
    row.state, row.application_id = MessageState.DONE, application.id
    mailbox = session.get_one(Mailbox, row.mailbox_id)
    add_event(session, application, EventKind.COPY, now, "pli", row, {"mailbox": mailbox.address})
    if policy is not None and facts.verdict.mail_class is MailClass.APPLICATION:
        acknowledge_copy(session, application, row, facts, policy, now)
    return Recorded("copy", application.reference)


def _adopt_copies(session: Session, row: Message, application: Application, now: datetime) -> None:
    """Take in the copies of a message that pli was not sure of in another mailbox: what is clear in one is clear in all."""
    for other in people.waiting_copies(session, row):
        other.state, other.application_id, other.cause, other.remedy = MessageState.DONE, application.id, None, None
        mailbox = session.get_one(Mailbox, other.mailbox_id)
        add_event(session, application, EventKind.COPY, now, "pli", other, {"mailbox": mailbox.address})


def _update(
    session: Session, row: Message, application: Application, facts: Understanding, policy: AcknowledgementPolicy, now: datetime
) -> Recorded:
    row.state, row.application_id = MessageState.DONE, application.id
    application.last_contact_at = max(application.last_contact_at, row.received_at or now)
    author = facts.author.addr_spec.lower() if facts.author else "pli"
    candidate = people.find_candidate(session, author)
    themselves = candidate is not None and candidate.id == application.candidate_id
    failed = facts.verdict.authentication is Authentication.FAIL
    handed_on = facts.verdict.mail_class is MailClass.FORWARDED_APPLICATION and people.is_trusted(session, facts)
    believed = (themselves or handed_on) and not failed
    added = add_documents(session, application, row, facts, believed=believed)
    if believed and added.cv:
        row.profile = to_json_resume(facts.profile)
        refresh_profile(session, application)
        people.complete(session, application.candidate_id, facts)
        suspect(session, application, now)
    data: dict[str, Any] = {"documents": [attachment.filename for attachment in added.files]}
    if added.version is not None and added.version.number > 1:
        data["cv"] = {"version": added.version.number, "new": added.version.new, "old": added.version.old}
    if not themselves:
        data["other_sender"] = True
    if failed:
        data["authentication"] = "fail"
    said = None if added.cv else find_withdrawal(facts.subject, facts.body)
    if said is not None:
        data["words"] = said
    kind = EventKind.WITHDRAWAL if said is not None else EventKind.UPDATED if added.files else EventKind.REPLY
    add_event(session, application, kind, now, author, row, data)
    _adopt_copies(session, row, application, now)
    if facts.verdict.mail_class is MailClass.APPLICATION and themselves and said is None:
        acknowledge(session, application, row, facts, policy, now, first=False)
    return Recorded("updated", application.reference)


def _offer(session: Session, facts: Understanding) -> OfferRow | None:
    return session.scalar(_OFFER, {"slug": facts.route.offer}) if facts.route.offer else None


def _new_application(
    session: Session, row: Message, candidate: Candidate, offer: OfferRow | None, facts: Understanding, now: datetime
) -> Application:
    application = Application(
        reference=new_reference(session),
        candidate_id=candidate.id,
        offer_id=offer.id if offer else None,
        offer_certain=facts.route.certain,
        stage=Stage.RECEIVED,
        received_at=row.received_at or now,
        last_contact_at=row.received_at or now,
        language=facts.language,
        authentication=facts.verdict.authentication,
        applicant_name=facts.applicant.name if facts.applicant else None,
        name_is_sure=bool(facts.applicant and facts.applicant.name_is_sure),
        applicant_email=facts.applicant.email if facts.applicant else None,
        cv_email=people.cv_address(facts),
        profile=to_json_resume(facts.profile),
    )
    session.add(application)
    session.flush()
    row.state, row.application_id, row.profile = MessageState.DONE, application.id, application.profile
    return application


def _set_aside(session: Session, row: Message, cause: str) -> Recorded:
    other = people.find_copy(session, row)
    if other is not None:
        row.state, row.cause = MessageState.IGNORED, f"{people.COPY_OF} {other.id}, which waits in triage"
        return Recorded("copy")
    row.state, row.cause = MessageState.TRIAGE, cause
    row.remedy = f"`pli triage m{row.id} --application OFFER` takes it in, `pli triage m{row.id} --ignore` puts it away"
    return Recorded("triage")


def _describe(row: Message, facts: Understanding, *, decided: bool) -> None:
    row.mail_class = facts.verdict.mail_class
    row.message_id, row.content_key = facts.message_id, facts.content_key or None
    row.author = facts.author.addr_spec if facts.author else None
    row.subject, row.sent_at, row.body, row.language = facts.subject, facts.date, facts.body, facts.language
    row.recipients = list(facts.recipients)
    row.cause = row.remedy = None
    row.understanding = {
        "reasons": facts.verdict.reasons,
        "misses": facts.verdict.misses,
        "refusals": facts.verdict.refusals,
        "authentication": facts.verdict.authentication,
        "offer": facts.route.offer,
        "offer_certain": facts.route.certain,
        "alternatives": facts.route.alternatives,
        "routing": facts.route.reasons,
        "problems": facts.problems,
        "applicant": {"name": facts.applicant.name, "email": facts.applicant.email} if facts.applicant else None,
        "files": [{"sha256": file.sha256, "filename": file.filename, "role": file.role} for file in facts.attachments],
        "cv_email": people.cv_address(facts),
        "cv_readable": any(file.role is Role.CV and is_readable(file) for file in facts.attachments),
        DECIDED: decided,
    }
