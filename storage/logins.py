"""Refused log-ins: when a mailbox last said no, and to what, so that every program on this database leaves the account alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from storage.tables import LogInRefusal


@dataclass(frozen=True, slots=True)
class Refusal:
    """A log-in that was refused."""

    account: str
    """What was tried, in a form that only its maker can compare (`intake/access.py`)."""
    refused_at: datetime


def refusals(session: Session) -> list[Refusal]:
    """Return the last refusal of each mailbox since its last good log-in."""
    return [Refusal(row.account, row.refused_at) for row in session.scalars(select(LogInRefusal))]


def record_refusal(session: Session, address: str, *, account: str, now: datetime) -> None:
    """Note that a log-in was refused."""
    session.merge(LogInRefusal(address=address, account=account, refused_at=now))


def forget_refusals(session: Session, refused: Sequence[Refusal]) -> None:
    """Note that a log-in succeeded which had been refused."""
    session.execute(delete(LogInRefusal).where(LogInRefusal.account.in_([refusal.account for refusal in refused])))
