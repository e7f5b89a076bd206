"""What collecting kept, and what processing makes of it."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any

from sqlalchemy import select, text

from intake.collect import Desk
from intake.process import Processed, process_waiting
from intake.workers import Workers
from storage.acknowledgements import AcknowledgementPolicy
from storage.database import reading
from storage.tables import Base, Message


def kept(desk: Desk) -> list[tuple[str, bytes | None]]:
    """Return state and octets of every message, as journal and document store have them."""
    with reading(desk.engine) as session:
        rows = session.execute(select(Message.state, Message.sha256).order_by(Message.id)).all()
    return [(state, desk.store.get(sha256) if sha256 else None) for state, sha256 in rows]


def everything(desk: Desk, documents: Path) -> str:
    """Return all that any table and any file holds."""
    with reading(desk.engine) as session:
        tables = [session.execute(select(table)).all() for table in Base.metadata.sorted_tables]
    files = [path.read_bytes().decode("utf-8", "replace") for path in documents.rglob("*") if path.is_file()]
    return json.dumps([[list(map(str, row)) for row in rows] for rows in tables], ensure_ascii=False) + "".join(files)


def authors(desk: Desk) -> list[str]:
    """Return who wrote the applications, in the order they were recorded."""
    with reading(desk.engine) as session:
        words = "SELECT m.author FROM messages m JOIN applications a ON a.id = m.application_id ORDER BY a.id"
        return list(session.execute(text(words)).scalars())


def process(desk: Desk, owner: str = "1") -> Processed:
    """Process what waits."""
    return process_waiting(desk, owner=owner, policy=AcknowledgementPolicy(backlog=True))


class Deadly(Workers):
    """Children that die of whatever they are to read."""

    def run(self, function: Any, *args: Any, **kwargs: Any) -> Any:
        return super().run(_die)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
