"""Everything that needs a person, and how often pli could not tell."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import JSON, ColumnElement, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from parsing.mail_class import MailClass
from storage.doubles import evidence_of, open_doubles
from storage.history import DECIDED, Stage
from storage.messages import MessageState
from storage.outbox import Delivery, is_stuck
from storage.queries import first_message, views
from storage.readings import Readings, readings
from storage.references import required
from storage.tables import Application, Mailbox, Message, Outgoing
from storage.views import ApplicationView, Share, TriageView


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
