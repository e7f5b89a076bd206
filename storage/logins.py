"""Refused log-ins: when a mailbox last said no, and to what, so that every program on this database leaves the account alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from storage.tables import LogInRefusal


@dataclass(frozen=True, slots=True)
class Refusal:
    """A log-in that was refused."""

    account: str
    """What was tried, in a form that only its maker can compare (`intake/access.py`)."""
    refused_at: datetime


def refusal(session: Session, address: str) -> Refusal | None:
    """Return the last refusal of a mailbox since its last good log-in."""
    row = session.get(LogInRefusal, address)
    return Refusal(row.account, row.refused_at) if row else None


def record_refusal(session: Session, address: str, *, account: str, now: datetime) -> None:
    """Note that a log-in was refused."""
    session.merge(LogInRefusal(address=address, account=account, refused_at=now))


def forget_refusal(session: Session, address: str) -> None:
    """Note that a log-in succeeded."""
    session.execute(delete(LogInRefusal).where(LogInRefusal.address == address))
