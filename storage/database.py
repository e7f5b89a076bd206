"""The engine for SQLite or PostgreSQL, and the two ways to use it: a transaction that commits, and a reading that never does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.orm import Session

_MIGRATION_LOCK = 0x706C6901
"""Key of the PostgreSQL advisory lock under which the schema is changed."""


class StorageError(Exception):
    """The database or the document store cannot be used; the message says what, where and the remedy."""


def open_database(url: str) -> Engine:
    """Return an engine for `url` (`sqlite:///FILE` or `postgresql+psycopg://...`); nothing is connected yet.

    SQLite runs in WAL mode with `synchronous=FULL`: with NORMAL a power cut may forget the last commits, and a forgotten
    "sent" is a second mail. Raises StorageError for another kind of url.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StorageError("storage.url is not a database URL; write sqlite:///pli.db or postgresql+psycopg://user@host/db") from error
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(parsed, connect_args={"timeout": 10, "check_same_thread": False})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_immediate)
        return engine
    if parsed.drivername == "postgresql+psycopg":
        return create_engine(parsed, pool_pre_ping=True, connect_args={"connect_timeout": 10})
    raise StorageError(f"storage.url names {parsed.drivername}; pli works with sqlite and postgresql+psycopg")


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves: the driver would begin too late, and not IMMEDIATE
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Any) -> None:
    reads_only = connection.get_execution_options().get("pli_reads_only", False)
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """Yield a session in one transaction: committed at the end of the block, rolled back when it raises."""
    with Session(engine) as session, session.begin():
        yield session


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """Yield a session that sees one state of the database and changes nothing."""
    with engine.connect().execution_options(pli_reads_only=True) as connection, Session(connection) as session:
        yield session
        session.rollback()


def upgrade(engine: Engine) -> None:
    """Bring the schema to the newest version; the lock keeps two programs that start together apart."""
    config = _alembic_config()
    newest = ScriptDirectory.from_config(config).get_current_head()
    try:
        with engine.connect() as probe:
            current = MigrationContext.configure(probe).get_current_revision()
            probe.rollback()
        if current == newest:
            return
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except DBAPIError as error:
        raise explain(engine, error) from error


def check(engine: Engine) -> str:
    """Return one line about the database, for `pli doctor`; raises StorageError when it cannot be used."""
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                version = connection.execute(text("SELECT sqlite_version()")).scalar_one()
                return f"SQLite {version}, {engine.url.database}"
            version = connection.execute(text("SHOW server_version")).scalar_one()
            return f"PostgreSQL {version}, {engine.url.render_as_string(hide_password=True)}"
    except DBAPIError as error:
        raise explain(engine, error) from error


def explain(engine: Engine, error: DBAPIError) -> StorageError:
    """Return the error in a person's words; the password of the url never appears."""
    where = engine.url.render_as_string(hide_password=True)
    cause = str(error.orig).strip().splitlines()[0] if error.orig else "no reason given"
    if engine.dialect.name == "sqlite":
        remedy = "see that the folder exists, that the disk has space and that you may write there"
    else:
        remedy = "see that the server runs, and check host, user, password and database name in storage.url"
    return StorageError(f"the database {where} cannot be used: {cause}; {remedy}")


def _alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config
