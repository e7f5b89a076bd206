"""The schema and the ways into the database, on SQLite and PostgreSQL."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import nullcontext
from datetime import timedelta, timezone
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from hypothesis import given
from hypothesis.strategies import booleans, characters, dictionaries, integers, lists, none, recursive, sampled_from
from hypothesis.strategies import text as text_of
from programs import together
from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from understandings import NOW, arrive, publish, take_in, understanding

from storage import migrations
from storage.database import NEWEST, StorageError, check, open_database, reading, transaction, upgrade
from storage.tables import Base, Candidate, Message
from storage.text import is_storable, storable_facts

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request, tmp_path):
    """A database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'new.db'}"
        return
    server = request.getfixturevalue("postgres_url")
    name = f"raw_{abs(hash(request.node.name))}"
    with psycopg.connect(server.replace("+psycopg", "") + "postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        yield server + name
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def test_the_migrations_make_exactly_the_tables_of_the_models(engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        assert set(inspect(connection).get_table_names()) == {*Base.metadata.tables, "alembic_version"}


def test_the_version_that_is_asked_for_is_the_last_that_the_migrations_make(engine):
    with engine.connect() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == NEWEST
    assert max(path.name[:4] for path in Path(migrations.__file__).parent.glob("versions/[0-9]*.py")) == NEWEST


def test_opening_a_database_again_changes_nothing(engine):
    publish(engine, "backend")
    take_in(engine)
    upgrade(engine)
    with reading(engine) as session:
        assert session.scalar(select(func.count(Message.id))) == 1


def test_programs_that_open_a_fresh_database_at_the_same_moment_all_find_it_ready(empty_url):
    # they wait for one another at a pipe, so that they really start together
    script = (
        "import sys; from storage.database import check, open_database, upgrade\n"
        "print('ready', flush=True); sys.stdin.readline()\n"
        "engine = open_database(sys.argv[1]); upgrade(engine); print(check(engine)); engine.dispose()\n"
    )
    ends = together(script, empty_url, count=4)
    assert [code for _, _, code in ends] == [0, 0, 0, 0], ends
    engine = open_database(empty_url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM alembic_version")).scalar_one() == 1
    engine.dispose()


def test_a_fresh_sqlite_file_that_another_program_is_just_preparing_is_waited_for(tmp_path):
    other = sqlite3.connect(tmp_path / "pli.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    end = threading.Timer(0.5, other.execute, ("ROLLBACK",))
    end.start()
    engine = open_database(f"sqlite:///{tmp_path / 'pli.db'}")
    try:
        upgrade(engine)
    finally:
        end.join()
        other.close()
        engine.dispose()


def test_a_database_of_a_newer_version_is_refused_in_a_sentence(engine):
    with transaction(engine) as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StorageError, match="newer"):
        upgrade(engine)


def test_a_transaction_that_raises_leaves_nothing(engine):
    def fail_halfway():
        with transaction(engine) as session:
            session.add(Candidate(name="Léa", phone=None, created_at=NOW))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_halfway()
    with reading(engine) as session:
        assert session.scalar(select(func.count(Candidate.id))) == 0


def test_reading_sees_one_state_however_long_it_takes(engine):
    with reading(engine) as session:
        before = session.scalar(select(func.count(Message.id)))
        arrive(engine)
        assert session.scalar(select(func.count(Message.id))) == before == 0
    with reading(engine) as session:
        assert session.scalar(select(func.count(Message.id))) == 1


def test_what_is_written_while_reading_is_not_kept(engine):
    with pytest.raises(DBAPIError) if engine.dialect.name == "postgresql" else nullcontext(), reading(engine) as session:
        session.add(Candidate(name="Léa", phone=None, created_at=NOW))
        session.flush()
    with reading(engine) as session:
        assert session.scalar(select(func.count(Candidate.id))) == 0


def test_a_row_cannot_point_to_nothing(engine):
    with pytest.raises(IntegrityError), transaction(engine) as session:
        session.execute(
            text(
                "INSERT INTO messages (mailbox_id, position, state, recorded_at, backlog, settled, attempts)"
                " VALUES (4711, '1:1', 'received', '2026-11-24', false, false, 0)"
            )
        )


def test_a_moment_without_its_zone_is_refused(engine):
    with pytest.raises(Exception, match="time zone"), transaction(engine) as session:
        session.add(Candidate(name=None, phone=None, created_at=NOW.replace(tzinfo=None)))


def test_moments_come_back_as_they_went_in(engine):
    paris = NOW.astimezone(timezone(timedelta(hours=1)))
    with transaction(engine) as session:
        session.add(Candidate(name=None, phone=None, created_at=paris))
    with reading(engine) as session:
        found = session.scalar(select(Candidate.created_at))
    assert found == paris
    assert found is not None
    assert found.utcoffset() == timedelta(0)


def test_text_that_postgresql_refuses_is_cleaned_on_both(engine):
    hostile = "Lé\x00a \ud800Morin"
    publish(engine, "backend")
    take_in(engine, understanding(hostile, subject=hostile, body=hostile, problems=(hostile,), message_id=f"<{hostile}>"))
    with reading(engine) as session:
        assert session.scalar(select(Candidate.name)) == "Léa Morin"
        row = session.scalars(select(Message)).one()
        assert (row.subject, row.body) == ("Léa Morin", "Léa Morin")
        assert row.understanding is not None
        assert row.understanding["problems"] == ["Léa Morin"]


def test_sqlite_survives_a_power_cut(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path / 'pli.db'}")
    with engine.connect() as connection:
        pragmas = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous", "foreign_keys")}
    engine.dispose()
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////nowhere/at/all/pli.db",
        "postgresql+psycopg://someone:hunter2@127.0.0.1:1/pli",
        "postgresql+psycopg://someone@127.0.0.1:1/pli?password=hunter2",
    ],
)
def test_a_database_that_cannot_be_used_is_one_line_without_a_password(url):
    engine = open_database(url)
    for use in (upgrade, check):
        with pytest.raises(StorageError) as caught:
            use(engine)
        line = str(caught.value)
        assert "cannot be used" in line
        assert "; " in line  # the remedy
        assert "\n" not in line
        assert "hunter2" not in line
    engine.dispose()


def test_a_wrong_password_is_one_line_that_does_not_show_it(postgres_url, request):
    # this server trusts everybody, so the name is what it refuses
    engine = open_database(postgres_url.replace("pli@", "nobody:hunter2@") + "postgres")
    with pytest.raises(StorageError) as caught:
        check(engine)
    engine.dispose()
    assert "nobody" in str(caught.value)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("url", ["mysql://someone:hunter2@host/pli", "hunter2", "postgresql+psycopg://someone:hunter2@host:port/pli"])
def test_a_url_that_pli_does_not_know_is_refused_without_showing_a_password(url):
    with pytest.raises(StorageError) as caught:
        open_database(url)
    assert "hunter2" not in str(caught.value)


def test_a_file_that_is_no_database_is_refused_in_a_sentence(tmp_path):
    (tmp_path / "pli.db").write_bytes(b"this is a letter, not a database" * 100)
    engine = open_database(f"sqlite:///{tmp_path / 'pli.db'}")
    with pytest.raises(StorageError, match="not a database"):
        upgrade(engine)
    engine.dispose()


@given(
    recursive(
        none() | booleans() | integers() | text_of(characters(exclude_categories=()) | sampled_from("\x00\ud83d\ude00\\ud800é")),
        lambda inner: lists(inner) | dictionaries(text_of(), inner),
    )
)
def test_facts_that_are_kept_as_they_are_need_no_cleaning(facts):
    assert not is_storable(facts) or storable_facts(facts) == facts


def test_facts_of_every_day_are_kept_as_they_are():
    assert is_storable({"name": "Élodie \\u0041", "work": ["C++", None, 3, "\N{EURO SIGN}\n"]})
    assert not is_storable({"name": "Léa\x00"})
    assert not is_storable(["Léa\ud800"])
