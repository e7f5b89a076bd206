"""A person's decisions on what pli set aside."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from storage.database import transaction
from storage.messages import NO_CONTENT, Claimed, MessageState
from storage.outbox import Delivery, is_stuck
from storage.tables import Mailbox, Message, Outgoing

_WAITING = (MessageState.TRIAGE, MessageState.FAILED)
_STORED = (*_WAITING, MessageState.IGNORED)
"""What a person may take in: what waits, and what was put away, be it by mistake."""


def claim_message(engine: Engine, message_id: int, *, owner: str, now: datetime, lease: timedelta) -> Claimed | None:
    """Take a message that waits for a decision, or was put away, into work; None when it is something else (by now).

    Raises LookupError for a message whose content pli never had.
    """
    with transaction(engine) as session:
        row = session.scalar(select(Message).where(Message.id == message_id, Message.state.in_(_STORED)).with_for_update())
        if row is None or row.sha256 is None or row.received_at is None:
            return None
        if row.sha256 == NO_CONTENT:
            raise LookupError(f"pli never had the content of m{message_id}; open it in the mailbox, or let `pli retry` ask for it again")
        row.state, row.owner, row.lease_until, row.attempts = MessageState.WORKING, owner, now + lease, 1
        address = session.get_one(Mailbox, row.mailbox_id).address
        return Claimed(row.id, address, row.received_at, row.sha256, row.attempts, row.backlog, owner)


def ignore_message(session: Session, message_id: int, *, actor: str) -> None:
    """Put a message away for good; LookupError when it does not wait for a decision."""
    row = session.scalar(select(Message).where(Message.id == message_id, Message.state.in_(_WAITING)).with_for_update())
    if row is None:
        raise LookupError(f"m{message_id} is not waiting for a decision; `pli triage` lists what is")
    row.state, row.cause, row.remedy = MessageState.IGNORED, f"put away by {actor}", None


def release_mail(session: Session, outgoing_id: int, *, now: datetime) -> None:
    """Send a mail that waits for a decision; over a cap it waits on. LookupError when there is none."""
    row = _stuck(session, outgoing_id)
    if row.state == Delivery.UNKNOWN:
        row.resends = max(row.resends, 1)  # this is its one more try: none comes by itself after it
    row.state, row.not_before, row.created_at, row.attempts, row.first_tried_at = Delivery.QUEUED, now, now, 0, None


def ignore_mail(session: Session, outgoing_id: int) -> None:
    """Leave a mail unsent for good; LookupError when there is none."""
    row = _stuck(session, outgoing_id)
    row.state = Delivery.CANCELLED


def _stuck(session: Session, outgoing_id: int) -> Outgoing:
    row = session.scalar(select(Outgoing).where(Outgoing.id == outgoing_id, is_stuck()).with_for_update())
    if row is None:
        raise LookupError(f"o{outgoing_id} is not waiting for a decision; `pli triage` lists what is")
    return row
