"""What became of each message of the demo, read from the database; and class and reasons of those it keeps nothing of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from demo.morning import Mail
from demo.servers import Arrival
from intake.reading import context_of, read_message
from plant import Plant
from storage.database import reading
from storage.messages import MessageState
from storage.outbox import ACKNOWLEDGEMENT, Delivery
from storage.tables import Application, Event, Mailbox, Message, Outgoing


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One line of the demo's table."""

    mail: Mail
    mailbox: str
    mail_class: str
    reasons: tuple[str, ...]
    offer: str | None
    kept: bool
    """False: the database holds nothing of it but its position; class and reasons were worked out for this table."""
    outcome: str
    reference: str | None = None
    kinds: tuple[str, ...] = field(default=())
    """What its application's history says of it."""


def tell(parts: Plant, arrived: Iterable[tuple[Mail, Arrival]]) -> list[Told]:
    """Return what became of the messages, in their order."""
    with reading(parts.engine) as session:
        rows = [(mail, arrival, _row(session, arrival)) for mail, arrival in arrived]
        return [
            _kept(session, mail, arrival, row) if row is not None and row.sha256 is not None else _left_alone(parts, mail, arrival, row)
            for mail, arrival, row in rows
        ]


def _row(session: Session, arrival: Arrival) -> Message | None:
    mine = select(Message).join(Mailbox, Message.mailbox_id == Mailbox.id)
    return session.scalar(mine.where(Mailbox.address == arrival.mailbox, Message.position == arrival.position))


def _left_alone(parts: Plant, mail: Mail, arrival: Arrival, row: Message | None) -> Told:
    """Read the demo's own copy with the very functions the intake uses: pli itself has kept nothing to tell it from."""
    workers = parts.desk.workers
    facts = read_message(
        workers, mail.content, context_of(parts.engine, workers, mail.content, arrival.mailbox, parts.desk.house, parts.desk.now().date())
    )
    known = row is not None and row.state == MessageState.NOT_OURS
    return Told(
        mail=mail,
        mailbox=arrival.mailbox,
        mail_class=facts.verdict.mail_class,
        reasons=facts.verdict.reasons,
        offer=None,
        kept=False,
        outcome="left alone" if known else "not fetched",
    )


def _kept(session: Session, mail: Mail, arrival: Arrival, row: Message) -> Told:
    application = session.get(Application, row.application_id) if row.application_id else None
    events = list(session.scalars(select(Event).where(Event.message_id == row.id).order_by(Event.id)))
    understanding = row.understanding or {}
    reference = application.reference if application else None
    words = [sentence for event in events if (sentence := _words(event, reference or ""))]
    if row.cause:
        words.append(row.cause)
    return Told(
        mail=mail,
        mailbox=arrival.mailbox,
        mail_class=row.mail_class or row.state,
        reasons=tuple(understanding.get("reasons", ())),
        offer=understanding.get("offer"),
        kept=True,
        outcome="; ".join([*words, *_acknowledgement(session, row)]) or row.state,
        reference=reference,
        kinds=tuple(event.kind for event in events),
    )


def _words(event: Event, reference: str) -> str:
    data = event.data
    words = {
        "received": f"new application {reference}",
        "updated": f"added to {reference}: {', '.join(data.get('documents', ()))}",
        "reply": f"added to {reference}, no new file in it",
        "copy": f"recognised as a copy, joined to {reference}",
        "bounced": f"noted at {reference}: our mail to {data.get('recipient')} came back",
        "acknowledgement_withheld": f"not answered, because: {', '.join(data.get('reasons', ()))}",
    }
    return words.get(event.kind, "")


def _acknowledgement(session: Session, row: Message) -> list[str]:
    about = select(Outgoing).where(Outgoing.about_message_id == row.id, Outgoing.kind == ACKNOWLEDGEMENT)
    mails = session.scalars(about).all()
    return ["acknowledged" if mail.state == Delivery.SENT else f"acknowledgement {mail.state}: {mail.reason or ''}" for mail in mails]
