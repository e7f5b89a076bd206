"""What is true, as commands and mails want to see it: applications, one application, what needs a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session, load_only

from parsing.mail_class import MailClass
from storage.doubles import doubles_of
from storage.flags import flags_of
from storage.history import UNDECIDED, EventKind
from storage.outbox import ACKNOWLEDGEMENT
from storage.references import former, required
from storage.tables import Application, Candidate, CandidateAddress, Document, Event, Mailbox, Message, OfferRow, Outgoing
from storage.versions import versions
from storage.views import (
    AcknowledgementFacts,
    ApplicationDetail,
    ApplicationView,
    DocumentView,
    EventView,
    MessageView,
)

# an acknowledgement asks for these: building a statement costs as much as asking it, and what a CV says is long
_BY_AUTHOR = select(Message.id).where(
    Message.application_id == bindparam("application"), Message.author.is_not_distinct_from(bindparam("author"))
)
_DOCUMENTS = select(Document).where(Document.application_id == bindparam("application")).order_by(Document.id)
_TOLD_OF_MESSAGE = (load_only(Message.application_id, Message.author, Message.message_id, Message.subject),)
_TOLD_OF_APPLICATION = (
    load_only(Application.reference, Application.applicant_name, Application.name_is_sure, Application.offer_id, Application.offer_certain),
)


def applications(
    session: Session, *, offer: str | None = None, stage: str | None = None, since: date | None = None, waiting: bool = False
) -> list[ApplicationView]:
    """Return the applications that fit, oldest first; `waiting`: those on which no decision has been taken."""
    wanted = select(Application).order_by(Application.received_at, Application.id)
    if offer is not None:
        wanted = wanted.join(OfferRow).where(OfferRow.slug == offer)
    if stage is not None:
        wanted = wanted.where(Application.stage == stage)
    if since is not None:
        wanted = wanted.where(Application.received_at >= datetime.combine(since, time(), UTC))
    if waiting:
        wanted = wanted.where(Application.stage.in_(UNDECIDED))
    return views(session, wanted)


def views(session: Session, wanted: Select[Application]) -> list[ApplicationView]:
    """Return the view of each application selected, in the selection's order."""
    return [_view(session, row) for row in session.scalars(wanted)]


def show(session: Session, reference: str) -> ApplicationDetail:
    """Return one application with its messages and history; LookupError when there is none."""
    row = required(session, reference)
    events = session.scalars(select(Event).where(Event.application_id == row.id).order_by(Event.id))
    messages = session.execute(
        select(Message, Mailbox.address)
        .join(Mailbox, Message.mailbox_id == Mailbox.id)
        .where(Message.application_id == row.id)
        .order_by(Message.id)
    )
    texts = session.execute(select(Document.filename, Document.text).where(Document.application_id == row.id).order_by(Document.id))
    return ApplicationDetail(
        application=_view(session, row),
        history=tuple(event_view(event) for event in events),
        messages=tuple(_message_view(message, address) for message, address in messages),
        texts=tuple((name, text) for name, text in texts),
    )


def acknowledgement_facts(session: Session, application_id: int, message: int | None) -> AcknowledgementFacts:
    """Return what the acknowledgement of an application says about the message it answers.

    The message tells where it belongs by now: its application may have been merged since the mail was claimed.
    """
    answered = session.get(Message, message, options=_TOLD_OF_MESSAGE) if message else None
    home = answered.application_id if answered is not None and answered.application_id is not None else application_id
    row = session.get_one(Application, home, options=_TOLD_OF_APPLICATION)
    offer = session.get(OfferRow, row.offer_id) if row.offer_id and row.offer_certain else None
    own = _messages_of(session, row.id, answered.author) if answered else set()
    return AcknowledgementFacts(
        reference=row.reference,
        name=row.applicant_name if row.name_is_sure else None,
        offer_title=offer.title if offer else None,
        offer_open=offer.open if offer else True,
        recruiters=tuple(offer.recruiters) if offer else (),
        # only what they sent themselves: the names of other people's files are nobody's business
        documents=tuple(item for item in _documents(session, row.id) if item.message in own and (item.message or 0) <= (message or 0)),
        message_id=answered.message_id if answered else None,
        subject=answered.subject or "" if answered else "",
    )


def _messages_of(session: Session, application_id: int, author: str | None) -> set[int]:
    return set(session.scalars(_BY_AUTHOR, {"application": application_id, "author": author}))


def first_message(session: Session, application_id: int) -> Message | None:
    """Return the message that began the application."""
    return session.scalar(select(Message).where(Message.application_id == application_id).order_by(Message.id).limit(1))


def event_view(event: Event) -> EventView:
    """Return the event without its row."""
    return EventView(at=event.at, kind=event.kind, actor=event.actor, data=dict(event.data))


def _view(session: Session, row: Application) -> ApplicationView:
    candidate = session.get_one(Candidate, row.candidate_id)
    addresses = list(
        session.scalars(
            select(CandidateAddress.address).where(CandidateAddress.candidate_id == candidate.id).order_by(CandidateAddress.address)
        )
    )
    offer = session.get(OfferRow, row.offer_id) if row.offer_id else None
    mine = select(Mailbox.address).join(Message, Message.mailbox_id == Mailbox.id)
    mine = mine.where(Message.application_id == row.id, Message.mail_class != "bounce")  # a returned mail of ours is no application
    documents = _documents(session, row.id)
    doubles = doubles_of(session, row.id)
    first = first_message(session, row.id)
    return ApplicationView(
        reference=row.reference,
        offer=offer.slug if offer else None,
        offer_title=offer.title if offer else None,
        offer_certain=row.offer_certain,
        stage=row.stage,
        received_at=row.received_at,
        last_contact_at=row.last_contact_at,
        acknowledged_at=row.acknowledged_at,
        language=row.language,
        name=candidate.name,
        email=_address(row, addresses, first),
        phone=candidate.phone,
        mailboxes=tuple(session.scalars(mine.distinct().order_by(Mailbox.address))),
        messages=session.scalar(select(func.count(Message.id)).where(Message.application_id == row.id)) or 0,
        documents=documents,
        flags=flags_of(session, row, documents, double=bool(doubles)),
        profile=dict(row.profile),
        words=(first.body or "") if first else "",
        emails=tuple(addresses),
        former_references=former(session, row.id),
        doubles=doubles,
        forwarded_by=_forwarder(first),
        withheld=_withheld(session, row),
    )


def _address(row: Application, addresses: Sequence[str], first: Message | None) -> str | None:
    """Return where to write to about this application: the address that applied, else one that is known to be theirs."""
    return row.applicant_email or next(iter(addresses), None) or _writer(first)


def _writer(first: Message | None) -> str | None:
    """Return whence somebody wrote who shares another candidate's address; never a job board's or an agency's address."""
    if first is None or not first.author or first.mail_class != MailClass.APPLICATION:
        return None
    others = "applicant_is_not_author" in (first.understanding or {}).get("refusals", ())
    return None if others else first.author.lower()


def _forwarder(first: Message | None) -> str | None:
    """Return who handed the application on, when the applicant did not write themselves."""
    if first is None or first.author is None:
        return None
    refusals = (first.understanding or {}).get("refusals") or ()
    handed_on = first.mail_class == MailClass.FORWARDED_APPLICATION or "applicant_is_not_author" in refusals
    return first.author.lower() if handed_on else None


def _withheld(session: Session, row: Application) -> tuple[str, ...]:
    """Return why nobody was answered, as long as nobody was."""
    if session.scalar(select(Outgoing.id).where(Outgoing.application_id == row.id, Outgoing.kind == ACKNOWLEDGEMENT).limit(1)):
        return ()
    told = select(Event.data).where(Event.application_id == row.id, Event.kind == EventKind.ACKNOWLEDGEMENT_WITHHELD)
    return tuple(dict.fromkeys(reason for data in session.scalars(told.order_by(Event.id)) for reason in data.get("reasons") or ()))


def _documents(session: Session, application_id: int) -> tuple[DocumentView, ...]:
    rows = list(session.scalars(_DOCUMENTS, {"application": application_id}))
    found = versions(rows)
    return tuple(
        DocumentView(
            filename=row.filename,
            role=row.role,
            sha256=row.sha256,
            media_type=row.media_type,
            size=row.size,
            pages=row.pages,
            language=row.language,
            problems=tuple(row.problems),
            received_at=row.received_at,
            message=row.message_id,
            version=found[row.id].number if row.id in found else None,
            superseded=row.id in found and found[row.id].superseded,
        )
        for row in rows
    )


def _message_view(row: Message, address: str) -> MessageView:
    return MessageView(
        id=row.id,
        mailbox=address,
        received_at=row.received_at,
        author=row.author,
        subject=row.subject,
        mail_class=row.mail_class,
        body=row.body or "",
        understanding=dict(row.understanding or {}),
    )
