"""Who is at work on this database: lets the work of a killed process be taken over at once, not only when a lease lapses.

Each worker holds a lock that its operating system or database releases when it dies, however it dies: an advisory lock of its own
connection on PostgreSQL, a locked file beside the database on SQLite. Rows in work carry the worker's token; a token whose lock can
be taken belongs to nobody alive. A database that restarts drops its locks: this process knows its own workers, and takes theirs again.
"""

from __future__ import annotations

import contextlib
import fcntl
import glob
import secrets
import threading
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import IO

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

_ours: dict[str, Worker] = {}
"""The living workers of this process."""


class Worker:
    """A living worker; use as a context manager. `token` marks the rows it works on."""

    def __init__(self, engine: Engine, token: str, connection: Connection | None, file: IO[str] | None) -> None:
        self.engine = engine
        self.token = token
        self._connection = connection
        self._file = file
        self._closed = False
        self._renewal = threading.Lock()

    @classmethod
    def start(cls, engine: Engine) -> Worker:
        """Take the lock of a new token and return the worker that holds it."""
        number = secrets.randbits(62)
        token = str(number)
        if engine.dialect.name == "postgresql":
            worker = cls(engine, token, _locked(engine, number), None)
        else:
            _sweep(engine)
            file = _lock_file(engine, token).open("w")
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            worker = cls(engine, token, None, file)
        _ours[token] = worker
        return worker

    def hold(self) -> None:
        """Take the lock again when the connection that held it is gone."""
        with self._renewal:
            if self._closed or self.engine.dialect.name != "postgresql":
                return
            try:
                if self._connection is not None:
                    self._connection.execute(text("SELECT 1"))
                    return
            except DBAPIError:
                self._forget_connection()
            self._connection = _locked(self.engine, int(self.token))

    def close(self) -> None:
        """Let the lock go."""
        with self._renewal:
            self._closed = True
            _ours.pop(self.token, None)
            if self._connection is not None:
                with contextlib.suppress(DBAPIError):  # closing alone would let it go a little later, when the server notices
                    self._connection.execute(text("SELECT pg_advisory_unlock(:number)"), {"number": int(self.token)})
            self._forget_connection()
        if self._file is not None:
            Path(self._file.name).unlink(missing_ok=True)
            self._file.close()
            self._file = None

    def _forget_connection(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()  # a pooled connection would keep the lock
            self._connection.close()
            self._connection = None

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def dead(engine: Engine, tokens: Iterable[str]) -> set[str]:
    """Return those of `tokens` that no living worker holds, and sweep what they left."""
    for worker in list(_ours.values()):
        if worker.engine.url == engine.url:
            worker.hold()
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            return {token for token in tokens if _free_in_postgres(connection, int(token))}
    return {token for token in tokens if _free_on_disk(_lock_file(engine, token))}


def _locked(engine: Engine, number: int) -> Connection:
    connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    connection.execute(text("SELECT pg_advisory_lock(:number)"), {"number": number})
    return connection


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
    return Path(f"{_database_file(engine)}-worker-{token}.lock")


def _database_file(engine: Engine) -> Path:
    return Path(str(engine.url.database)).resolve()  # one database, whatever links lead to it


def _sweep(engine: Engine) -> None:
    """Remove the lock files that killed workers left."""
    file = _database_file(engine)
    for path in file.parent.glob(f"{glob.escape(file.name)}-worker-*.lock"):
        with contextlib.suppress(OSError):
            _free_on_disk(path)
