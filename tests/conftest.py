"""The real servers that tests run against, one set for each test process, and a database for each test."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import dovecot as dovecot_server
import postgres as postgres_server
import psycopg
import pytest
from certificates import make_authority
from office import Office
from sqlalchemy import Engine
from submission_server import SubmissionServer
from understandings import NOW, publish

from config.models import MailboxSettings
from intake.collect import Desk
from intake.reading import House
from intake.workers import Workers
from storage.blobs import FolderStore
from storage.database import open_database, upgrade

_numbers = itertools.count()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A running PostgreSQL: its URL up to the database name, and a template database called `empty` with pli's tables."""
    if postgres_server.find_programs() is None:
        pytest.skip("PostgreSQL is not installed: what runs on it is left out")
    with postgres_server.postgres() as url:
        _execute(url, "CREATE DATABASE empty")
        engine = open_database(url + "empty")
        upgrade(engine)
        engine.dispose()
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh database of each kind, with pli's tables."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'pli.db'}"
        engine = open_database(url)
        upgrade(engine)
        engine.dispose()
        yield url
        return
    server: str = request.getfixturevalue("postgres_url")
    name = f"test_{next(_numbers)}"
    _execute(server, f"CREATE DATABASE {name} TEMPLATE empty")
    yield server + name
    _execute(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """The fresh database, opened."""
    engine = open_database(database_url)
    yield engine
    engine.dispose()


def _execute(server: str, statement: str) -> None:
    with psycopg.connect(server.replace("+psycopg", "") + "postgres", autocommit=True) as connection:
        connection.execute(statement.encode())


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory):
    """A certificate authority that only the tests trust."""
    return make_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def dovecot(tmp_path_factory: pytest.TempPathFactory, authority) -> Iterator[dovecot_server.Dovecot]:
    """A running Dovecot with a certificate for 127.0.0.1."""
    if dovecot_server.find_program() is None:
        pytest.skip("Dovecot is not installed: what reads mailboxes over IMAP is left out")
    folder = tmp_path_factory.mktemp("certificate")
    authority.server(folder)
    with dovecot_server.dovecot(folder / "server-127.0.0.1-1.pem") as server:
        yield server


@pytest.fixture
def mailbox(dovecot) -> str:
    """The address of an empty mailbox that no other test uses."""
    address = f"recrutement{next(_numbers)}@example.org"
    dovecot.make_mailbox(address)
    return address


@pytest.fixture
def deliver(dovecot, mailbox: str) -> Callable[..., None]:
    """Lets mails arrive in the mailbox; takes what `Dovecot.deliver` takes."""

    def put(*contents: bytes, **given: Any) -> None:
        for content in contents:
            dovecot.deliver(mailbox, content, **given)

    return put


@pytest.fixture
def settings(dovecot, mailbox: str, tmp_path: Path) -> Callable[..., MailboxSettings]:
    """Makes the mailbox's table of `pli.toml`; takes other values."""
    secret = tmp_path / "secret"
    secret.touch(mode=0o600)
    secret.write_text(dovecot_server.PASSWORD)

    def make(**changes: Any) -> MailboxSettings:
        given = {"address": mailbox, "host": "127.0.0.1", "port": dovecot.port, "security": "none", "password_file": secret}
        return MailboxSettings.model_validate(given | changes)

    return make


@pytest.fixture(scope="session")
def workers() -> Iterator[Workers]:
    """A pool with one child."""
    with Workers(1) as pool:
        yield pool


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """Where the documents are kept; made when there is one."""
    return tmp_path / "documents"


@pytest.fixture
def desk(engine: Engine, documents: Path, workers: Workers) -> Desk:
    """What collecting and processing need, on each kind of database, with one offer; the clock stands at NOW."""
    publish(engine, "backend")
    return Desk(engine, FolderStore(documents), workers, House(frozenset({"recrutement@example.org"})), lambda: NOW, threading.Event())


@pytest.fixture
def smtp() -> Iterator[SubmissionServer]:
    """A submission server that takes everything, until a test says otherwise."""
    with SubmissionServer() as server:
        yield server


@pytest.fixture
def office(tmp_path: Path, database_url: str, dovecot, mailbox: str, smtp: SubmissionServer) -> Office:
    """A whole pli on real servers: settings, one offer, one dedicated mailbox; on each kind of database."""
    return Office(tmp_path, database_url, dovecot, mailbox, smtp)


@pytest.fixture(scope="session")
def corpus() -> Path:
    """Real offers, CVs and mails, where a folder beside this one holds them; they are no part of pli."""
    found = next((path.parent for path in sorted(Path(__file__).parents[2].glob("*/corpus/README.md"))), None)
    if found is None:
        pytest.skip("no corpus lies beside this folder: what reads it is left out")
    return found


_WAIT_MOST = ("test_killed.py", "test_faults.py", "test_pipeline.py")


def pytest_collection_modifyitems(items):
    """Begin with the files that wait most, so that all workers end together."""
    items.sort(key=lambda item: item.path.name not in _WAIT_MOST)
