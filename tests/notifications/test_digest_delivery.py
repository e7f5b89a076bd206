"""The digest on its way: asked for once a day, sent once to each recruiter, and previewed without a trace."""

from __future__ import annotations

import email.policy
from collections.abc import Iterator
from datetime import date
from email import message_from_bytes
from pathlib import Path

import pytest
from post_office import RECRUITERS, Clock, apply, database, office, states
from sqlalchemy import Engine
from submission_server import SubmissionServer

from notifications import digest
from notifications.delivery import Delivered, deliver_due
from notifications.workdays import Calendar
from storage.liveness import Worker


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = database(tmp_path)
    yield engine
    engine.dispose()


@pytest.fixture
def worker(engine: Engine) -> Iterator[Worker]:
    with Worker.start(engine) as worker:
        yield worker


@pytest.fixture
def server() -> Iterator[SubmissionServer]:
    with SubmissionServer() as server:
        yield server


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_digest_is_asked_for_and_sent_once_to_each_recruiter(
    engine: Engine, worker: Worker, server: SubmissionServer, clock: Clock
) -> None:
    reference = apply(engine)
    post = office(engine, server.port, clock)
    deliver_due(post, owner=worker.token)
    server.mails.clear()
    calendar = Calendar(at=clock().astimezone(post.house.timezone).time(), timezone=post.house.timezone)
    assert digest.request(engine, calendar, now=clock()) == 2
    assert digest.request(engine, calendar, now=clock()) == 0
    assert deliver_due(post, owner=worker.token) == Delivered(sent=2)
    assert sorted(recipients[0] for _, recipients, _ in server.mails) == sorted(RECRUITERS)
    for _, _, content in server.mails:
        text = message_from_bytes(content).get_payload(0).get_payload(decode=True).decode()  # type: ignore[union-attr]
        assert f"Amina Diallo ({reference})" in text
        assert "mardi 24 novembre" in text.lower()


def test_an_application_is_told_in_one_digest_and_waits_in_the_next(
    engine: Engine, worker: Worker, server: SubmissionServer, clock: Clock
) -> None:
    apply(engine)
    post = office(engine, server.port, clock)
    calendar = Calendar(at=clock().astimezone(post.house.timezone).time(), timezone=post.house.timezone)
    digest.request(engine, calendar, now=clock())
    deliver_due(post, owner=worker.token)
    clock.advance(days=1)
    assert digest.request(engine, calendar, now=clock()) == 2
    server.mails.clear()
    deliver_due(post, owner=worker.token)
    subjects = {message_from_bytes(content, policy=email.policy.default)["Subject"] for _, _, content in server.mails}
    assert subjects == {"1 candidature en attente – mercredi 25 novembre 2026"}


def test_a_day_can_be_asked_for_by_name_once(engine: Engine, clock: Clock) -> None:
    apply(engine)
    calendar = Calendar(at=clock().time(), timezone=office(engine, 1, clock).house.timezone)
    assert digest.request(engine, calendar, now=clock(), period=date(2026, 11, 21)) == 2
    assert digest.request(engine, calendar, now=clock(), period=date(2026, 11, 21)) == 0


def test_a_preview_writes_files_for_each_recruiter_and_changes_nothing(engine: Engine, clock: Clock, tmp_path: Path) -> None:
    apply(engine)
    post = office(engine, 1, clock)
    folder = tmp_path / "preview"
    before = states(engine)
    files = digest.preview(engine, folder, post.house, now=clock())
    assert files == digest.preview(engine, folder, post.house, now=clock())
    assert {path.name for path in files} == {f"digest-{name}.{kind}" for name in RECRUITERS for kind in ("eml", "html", "txt")}
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}, "personal data is for nobody else"
    assert states(engine) == before
    with pytest.raises(LookupError, match="there is no offer another; `pli offers` lists them"):
        digest.preview(engine, folder, post.house, now=clock(), offer="another")
