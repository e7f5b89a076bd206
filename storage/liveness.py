"""Who is at work on this database: lets the work of a killed process be taken over at once, not only when a lease lapses.

Each worker holds a lock that its operating system or database releases when it dies, however it dies: an advisory lock of its own
connection on PostgreSQL, a locked file beside the database on SQLite. Rows in work carry the worker's token; a token whose lock can
be taken belongs to nobody alive.
"""

from __future__ import annotations

import contextlib
import fcntl
import secrets
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import IO

from sqlalchemy import Connection, Engine, text


class Worker:
    """A living worker; use as a context manager. `token` marks the rows it works on."""

    def __init__(self, token: str, connection: Connection | None, file: IO[str] | None) -> None:
        self.token = token
        self._connection = connection
        self._file = file

    @classmethod
    def start(cls, engine: Engine) -> Worker:
        """Take the lock of a new token and return the worker that holds it."""
        number = secrets.randbits(62)
        token = str(number)
        if engine.dialect.name == "postgresql":
            connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            connection.execute(text("SELECT pg_advisory_lock(:number)"), {"number": number})
            return cls(token, connection, None)
        file = _lock_file(engine, token).open("w")
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return cls(token, None, file)

    def close(self) -> None:
        """Let the lock go."""
        if self._connection is not None:
            self._connection.invalidate()  # a pooled connection would keep the lock
            self._connection.close()
            self._connection = None
        if self._file is not None:
            Path(self._file.name).unlink(missing_ok=True)
            self._file.close()
            self._file = None

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def dead(engine: Engine, tokens: Iterable[str]) -> set[str]:
    """Return those of `tokens` that no living worker holds, and sweep what they left."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            return {token for token in tokens if _free_in_postgres(connection, int(token))}
    return {token for token in tokens if _free_on_disk(_lock_file(engine, token))}


def _free_in_postgres(connection: Connection, number: int) -> bool:
    if not connection.execute(text("SELECT pg_try_advisory_lock(:number)"), {"number": number}).scalar_one():
        return False
    connection.execute(text("SELECT pg_advisory_unlock(:number)"), {"number": number})
    return True


def _free_on_disk(path: Path) -> bool:
    try:
        with path.open("r") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with contextlib.suppress(FileNotFoundError):
                path.unlink()
            return True
    except FileNotFoundError:
        return True
    except BlockingIOError:
        return False


def _lock_file(engine: Engine, token: str) -> Path:
    return Path(f"{engine.url.database}-worker-{token}.lock")
