"""The engine for SQLite or PostgreSQL, and the two ways to use it: a transaction that commits, and a reading that never does."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import URL, Engine, Executable, MetaData, create_engine, event, inspect, make_url, text
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session

if TYPE_CHECKING:
    from alembic.config import Config

NEWEST = "0007"
"""The schema's version, the last of `migrations/versions`: asking for it here spares a start the import of what changes schemas."""

_MIGRATION_LOCK = 0x706C6901
"""Key of the PostgreSQL advisory lock under which the schema is changed."""

_PATIENCE_SECONDS = 10
"""How long to wait for another program that has SQLite's file locked."""

_turns: dict[str, threading.RLock] = {}
"""Whose turn it is to write, for each file of SQLite that this process uses."""


class StorageError(Exception):
    """The database or the document store cannot be used; the message says what, where and the remedy."""


def open_database(url: str) -> Engine:
    """Return an engine for `url` (`sqlite:///FILE` or `postgresql+psycopg://...`); nothing is connected yet.

    SQLite runs in WAL mode with `synchronous=FULL`: with NORMAL a power cut may forget the last commits, and a forgotten
    "sent" is a second mail. Errors of the engine never show a statement's values: they are personal data. Raises StorageError for
    another kind of url.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        # not "from": the cause may quote the URL, and so the password
        raise StorageError(
            "storage.url is not a database URL; write sqlite:///pli.db or postgresql+psycopg://user@host/db "
            "(in a password, write @ : / ? # and % as %40 %3A %2F %3F %23 and %25)"
        ) from None
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(parsed, hide_parameters=True, connect_args={"timeout": _PATIENCE_SECONDS, "check_same_thread": False})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_immediate)
        return engine
    if parsed.drivername == "postgresql+psycopg":
        return create_engine(parsed, hide_parameters=True, pool_pre_ping=True, connect_args={"connect_timeout": 10})
    raise StorageError(f"storage.url names {parsed.drivername}; pli works with sqlite and postgresql+psycopg")


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves: the driver would begin too late, and not IMMEDIATE
    cursor = connection.cursor()
    for pragma in (f"busy_timeout={_PATIENCE_SECONDS * 1000}", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    _use_wal(cursor)
    cursor.close()


def _use_wal(cursor: Any) -> None:
    """Turn WAL mode on; while a new file is locked by another program, ask again, since here SQLite does not wait by itself."""
    give_up = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                raise
            time.sleep(0.02)
        else:
            return


def _begin_immediate(connection: Any) -> None:
    reads_only = connection.get_execution_options().get("pli_reads_only", False)
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """Yield a session in one transaction: committed at the end of the block, rolled back when it raises.

    SQLite has one writer at a time, and who finds the file locked sleeps a while and looks again; threads of ours wait for each other.
    """
    with _turn(engine), Session(engine) as session, session.begin():
        yield session


def _turn(engine: Engine) -> AbstractContextManager[object]:
    return _turns.setdefault(str(engine.url), threading.RLock()) if engine.dialect.name == "sqlite" else nullcontext()


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """Yield a session that sees one state of the database and changes nothing."""
    options: dict[str, Any] = {"pli_reads_only": True}
    if engine.dialect.name == "postgresql":
        options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect().execution_options(**options) as connection, Session(connection) as session:
        yield session
        session.rollback()


def serialise_by(session: Session, *names: str | None, shared: bool = False) -> None:
    """Wait until nobody else is in a transaction under one of these names, and keep them until ours ends.

    `shared`: together with others who share the names; only who wants one alone is waited for, and waits.

    SQLite's `BEGIN IMMEDIATE` does it for everything; on PostgreSQL each name is an advisory lock, taken in one order by all.
    """
    if session.get_bind().dialect.name != "postgresql":
        return
    for key in sorted({_lock_key(name) for name in names if name}):
        session.execute(text(f"SELECT pg_advisory_xact_lock{'_shared' if shared else ''}(:key)"), {"key": key})


def insert_once(session: Session, table: type[DeclarativeBase], values: Mapping[str, Any], *unique: str) -> Any:
    """Insert a row and return its key; None, and nothing is done, when one with the same `unique` columns is there."""
    statement = _insert_once(session.get_bind().dialect.name, table.__tablename__, table.metadata, unique)
    return session.scalar(statement, dict(values))


@cache
def _insert_once(dialect: str, name: str, metadata: MetaData, unique: tuple[str, ...]) -> Executable:
    table = metadata.tables[name]
    key = next(iter(table.primary_key))
    if dialect == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as postgres_insert  # noqa: PLC0415 - a tenth of a second, for PostgreSQL only

        return postgres_insert(table).on_conflict_do_nothing(index_elements=unique).returning(key)
    return sqlite_insert(table).on_conflict_do_nothing(index_elements=unique).returning(key)


def _keep_private(engine: Engine) -> None:
    """Make SQLite's file for nobody but us (its journals take the same rights): it holds personal data."""
    name = engine.url.database
    if engine.dialect.name == "sqlite" and name and not Path(name).exists():
        with suppress(OSError):  # what is wrong with the place is said when the database is opened
            Path(name).touch(mode=0o600)


def upgrade(engine: Engine) -> None:
    """Bring the schema to the newest version; the lock keeps two programs that start together apart. Raises StorageError."""
    _keep_private(engine)
    try:
        if _version(engine) == NEWEST:
            return
        _migrate(engine)
    except DBAPIError as error:
        raise explain(engine, error) from error


def _migrate(engine: Engine) -> None:
    from alembic import command  # noqa: PLC0415 - a third of a second, which only a new version pays
    from alembic.util import CommandError  # noqa: PLC0415

    config = _alembic_config()
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except CommandError as error:
        raise StorageError(f"the database {_shown(engine.url)} was made by a newer pli; install that version") from error


def is_current(engine: Engine) -> bool:
    """Tell whether the schema is there in its newest version; changes nothing, and is False when the database cannot be reached."""
    try:
        return _version(engine) == NEWEST
    except DBAPIError:
        return False


def _version(engine: Engine) -> str | None:
    """Return the version of the schema that is there; None when there is none yet."""
    with engine.connect() as probe:
        if not inspect(probe).has_table("alembic_version"):
            return None
        return cast("str | None", probe.execute(text("SELECT version_num FROM alembic_version")).scalar())


def check(engine: Engine) -> str:
    """Return one line about the database, for `pli doctor`; raises StorageError when it cannot be used."""
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                version = connection.execute(text("SELECT sqlite_version()")).scalar_one()
                return f"SQLite {version}, {engine.url.database}"
            version = connection.execute(text("SHOW server_version")).scalar_one()
            return f"PostgreSQL {version}, {_shown(engine.url)}"
    except DBAPIError as error:
        raise explain(engine, error) from error


def explain(engine: Engine, error: DBAPIError) -> StorageError:
    """Return the error in a person's words; the password of the url never appears."""
    cause = str(error.orig).strip().splitlines()[0] if error.orig else "no reason given"
    if engine.dialect.name == "sqlite":
        remedy = "see that the folder exists, that the disk has space and that you may write there"
    else:
        remedy = "see that the server runs, and check host, user, password and database name in storage.url"
    return StorageError(f"the database {_shown(engine.url)} cannot be used: {cause}; {remedy}")


def _alembic_config() -> Config:
    from alembic.config import Config  # noqa: PLC0415 - see `_migrate`

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def _shown(url: URL) -> str:
    """Return the URL without any password, wherever it stands."""
    hidden = {name: "***" for name in url.query if "password" in name.lower()}
    return url.update_query_dict(hidden).render_as_string(hide_password=True)


def _lock_key(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode("utf-8", "replace")).digest()[:8], "big", signed=True)
