"""What is true, as commands and mails want to see it: applications, one application, what needs a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time

from sqlalchemy import JSON, ColumnElement, Select, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from parsing.mail_class import MailClass
from storage.doubles import doubles_of, evidence_of, open_doubles
from storage.history import DECIDED, UNDECIDED, EventKind, Stage
from storage.messages import MessageState
from storage.outbox import ACKNOWLEDGEMENT, Delivery, is_stuck
from storage.readings import Readings, readings
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
    Share,
    TriageView,
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


def triage(session: Session) -> list[TriageView]:
    """Return everything that needs a person, oldest first."""
    found = (*_triage_messages(session), *_triage_mails(session), *_triage_applications(session), *_triage_doubles(session))
    return sorted(found, key=lambda item: item.at)


def share_of_unsure(session: Session) -> Share:
    """Return how many of the messages that were read pli left to a person because it could not tell what they are."""
    by_person = type_coerce(Message.understanding, JSON)[DECIDED].as_boolean()
    unsure = select(func.count(Message.id)).where(or_(Message.mail_class == MailClass.UNSURE, by_person.is_(True)))
    total = select(func.count(Message.id)).where(Message.mail_class.is_not(None))
    return Share(unsure=session.scalar(unsure) or 0, total=session.scalar(total) or 0)


def acknowledgement_facts(session: Session, application_id: int, message: int | None) -> AcknowledgementFacts:
    """Return what the acknowledgement of an application says about the message it answers.

    The message tells where it belongs by now: its application may have been merged since the mail was claimed.
    """
    answered = session.get(Message, message) if message else None
    home = answered.application_id if answered is not None and answered.application_id is not None else application_id
    row = session.get_one(Application, home)
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
    return set(session.scalars(select(Message.id).where(Message.application_id == application_id, Message.author == author)))


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
        flags=_flags(session, row, documents, double=bool(doubles)),
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
    rows = list(session.scalars(select(Document).where(Document.application_id == application_id).order_by(Document.id)))
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


def _links_to_cv(session: Session, row: Application) -> bool:
    """Tell whether a message says where a CV lies instead of bringing it; pli never fetches it."""
    found = session.scalars(select(Message.understanding).where(Message.application_id == row.id))
    return any("cv_link" in (said or {}).get("problems", ()) for said in found)


def _flags(session: Session, row: Application, documents: Sequence[DocumentView], *, double: bool) -> tuple[str, ...]:
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


def _triage_messages(session: Session) -> list[TriageView]:
    rows = session.execute(
        select(Message, Mailbox.address)
        .join(Mailbox, Message.mailbox_id == Mailbox.id)
        .where(or_(Message.state.in_([MessageState.TRIAGE, MessageState.FAILED]), _waits_for_another_try()))
    )
    return [_triage_message(row, address) for row, address in rows]


def _triage_message(row: Message, address: str) -> TriageView:
    said = readings(row.understanding or {}) if row.state == MessageState.TRIAGE else Readings()
    return TriageView(
        id=f"m{row.id}",
        kind="message" if row.state == MessageState.TRIAGE else "failure",
        at=row.received_at or row.recorded_at,
        mailbox=address,
        author=row.author,
        subject=row.subject,
        mail_class=row.mail_class,
        cause=row.cause or "",
        remedy=row.remedy or "",
        reference=None,
        offers=said.offers,
        speaks_for=said.speaks_for,
        speaks_against=said.speaks_against,
        withheld=said.withheld,
    )


def _waits_for_another_try() -> ColumnElement[bool]:
    return (Message.state == MessageState.RECEIVED) & Message.cause.is_not(None)


def _triage_mails(session: Session) -> list[TriageView]:
    rows = session.execute(
        select(Outgoing, Application.reference).outerjoin(Application, Outgoing.application_id == Application.id).where(is_stuck())
    )
    remedies = {
        Delivery.HELD: "`pli triage {id} --send` sends it, `pli triage {id} --ignore` leaves it unsent",
        Delivery.FAILED: "correct the cause, then `pli retry`",
        Delivery.UNKNOWN: "it may have arrived; `pli triage {id} --send` sends the same mail once more, `--ignore` leaves it at that",
        Delivery.QUEUED: "it goes out by itself when the cap allows; to send sooner, raise the cap in [acknowledgement], then `pli retry`",
    }
    return [
        TriageView(
            id=f"o{row.id}",
            kind="mail",
            at=row.created_at,
            mailbox=None,
            author=row.recipient,
            subject=row.kind,
            mail_class=None,
            cause=f"{row.state}: {row.reason or 'no reason given'}",
            remedy=remedies[Delivery(row.state)].format(id=f"o{row.id}"),
            reference=reference,
        )
        for row, reference in rows
    ]


def _triage_applications(session: Session) -> list[TriageView]:
    unclear = select(Application).where(
        or_(Application.offer_id.is_(None), Application.offer_certain.is_(False)), Application.stage == Stage.RECEIVED
    )
    return [
        TriageView(
            offers=_fitting(session, view.reference),
            id=view.reference,
            kind="application",
            at=view.received_at,
            mailbox=view.mailboxes[0] if view.mailboxes else None,
            author=view.email,
            subject=view.name,
            mail_class="application",
            cause="several offers fit" if view.offer else "no offer of ours fits",
            remedy=f"`pli triage {view.reference} --application OFFER` says which it is for",
            reference=view.reference,
        )
        for view in views(session, unclear)
    ]


def _fitting(session: Session, reference: str) -> tuple[str, ...]:
    """Return the offers that the first message of an application may be for."""
    first = first_message(session, required(session, reference).id)
    return readings((first.understanding or {}) if first else {}).offers


def _triage_doubles(session: Session) -> list[TriageView]:
    found: list[TriageView] = []
    for row in open_doubles(session):
        one, other = (session.get_one(Application, number) for number in (row.one_id, row.other_id))
        kept, joined = views(session, select(Application).where(Application.id.in_([one.id, other.id])).order_by(Application.id))
        found.append(
            TriageView(
                id=f"d{row.id}",
                kind="double",
                at=row.found_at,
                mailbox=None,
                author=joined.email,
                subject=joined.name,
                mail_class=None,
                cause=f"{kept.reference} and {joined.reference} may be of one person",
                remedy=f"`pli triage d{row.id} --same` makes them one, `pli triage d{row.id} --different` keeps them apart for good",
                reference=kept.reference,
                other_reference=joined.reference,
                speaks_for=tuple((f"same_{kind}", detail) for kind, detail in evidence_of(row)),
                speaks_against=tuple(_differences(kept, joined)),
            )
        )
    return found


def _differences(one: ApplicationView, other: ApplicationView) -> Iterator[tuple[str, str]]:
    """Yield what two suspected doubles do not share."""
    for what, mine, theirs in (("name", one.name, other.name), ("address", one.email, other.email), ("phone", one.phone, other.phone)):
        if mine and theirs and mine.lower() != theirs.lower():
            yield f"other_{what}", f"{mine} / {theirs}"
