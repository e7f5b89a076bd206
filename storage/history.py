"""The stages of an application, and its history: what can happen to it, written once and never changed."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from storage.tables import Application, Event, Message


class Stage(StrEnum):
    """Where an application stands; only a person changes it."""

    RECEIVED = "received"
    IN_REVIEW = "in_review"
    INTERVIEW = "interview"
    PROPOSED = "proposed"
    HIRED = "hired"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


UNDECIDED = (Stage.RECEIVED, Stage.IN_REVIEW)
"""Somebody still has to decide."""


DECIDED = "decided"
"""In what was understood of a message: a person said that it is an application."""


class EventKind(StrEnum):
    """What can happen to an application."""

    RECEIVED = "received"
    UPDATED = "updated"
    REPLY = "reply"
    COPY = "copy"
    BOUNCED = "bounced"
    ACKNOWLEDGED = "acknowledged"
    ACKNOWLEDGEMENT_WITHHELD = "acknowledgement_withheld"
    MOVED = "moved"
    REROUTED = "rerouted"
    WITHDRAWAL = "withdrawal"
    """The candidate says that they withdraw; the stage stays a person's to change."""
    MERGED = "merged"
    SPLIT = "split"
    KEPT_APART = "kept_apart"
    """A person says that two applications are not of one person."""


def add_event(
    session: Session,
    application: Application,
    kind: EventKind,
    now: datetime,
    actor: str,
    row: Message | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    """Write one line of an application's history; `row` is the message it comes from, `actor` an address or `pli`."""
    session.add(Event(application_id=application.id, kind=kind, at=now, actor=actor, message_id=row.id if row else None, data=data or {}))
    session.flush()
