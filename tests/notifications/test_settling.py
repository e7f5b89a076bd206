"""What became of one mail is written down together with the claim of the next: neither may spoil the other."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path

import pytest
from post_office import NOW, Clock, apply, database, office, publish, states
from sqlalchemy import Engine, text
from submission_server import OK, SubmissionServer

from notifications.alongside import Alongside
from notifications.delivery import Delivered, deliver_due
from storage.database import transaction
from storage.liveness import Worker
from storage.outbox import DIGEST, Caps, Notice, enqueue


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = database(tmp_path)
    yield engine
    engine.dispose()


def test_what_is_wrong_with_the_next_mail_does_not_make_us_forget_that_this_one_was_sent(engine: Engine) -> None:
    apply(engine)
    with transaction(engine) as session:
        enqueue(session, Notice(key="digest:1", kind=DIGEST, recipient="alice.martin@example.org", language="fr"), now=NOW)

    def damage(_: bytes) -> str:
        with transaction(engine) as session:
            session.execute(text("UPDATE offers SET recruiters = 'null'"))
        return OK

    clock = Clock()
    with Worker.start(engine) as worker, SubmissionServer(on_content=damage) as server:
        post = office(engine, server.port, clock)
        with pytest.raises(TypeError):
            deliver_due(post, owner=worker.token)
        assert [state for state, _ in states(engine)] == ["sent", "queued"]
        clock.advance(hours=1)
        with pytest.raises(TypeError):
            deliver_due(post, owner=worker.token)
        assert len(server.mails) == 1  # nobody hears it twice


def test_a_mail_that_was_refused_before_its_first_octet_keeps_its_message_id(engine: Engine) -> None:
    apply(engine)
    clock = Clock()
    refused = iter(["450 4.2.0 greylisted, come again"])
    with Worker.start(engine) as worker, SubmissionServer(on_recipient=lambda _: next(refused, OK)) as server:
        server.on_content = lambda _: None  # the first time it is given away, nobody says whether it arrived
        post = office(engine, server.port, clock)
        assert deliver_due(post, owner=worker.token) == Delivered(deferred=1)
        publish(engine, "Another title")  # nobody has seen it yet: it may say what holds now
        clock.advance(minutes=2)
        assert deliver_due(post, owner=worker.token) == Delivered(unknown=1)
        publish(engine, "A third title")  # somebody may have seen it: from now on it stays as it is
        server.on_content = lambda _: OK
        clock.advance(minutes=11)
        assert deliver_due(post, owner=worker.token) == Delivered(sent=1)
        first, second = (content for _, _, content in server.mails)
        assert first == second
        assert message_from_bytes(first)["Message-ID"]


def test_a_cap_holds_for_two_drains_at_once(engine: Engine) -> None:
    for number in range(8):
        apply(engine, f"p{number}@example.com", f"Personne {'ABCDEFGH'[number]}")
    with Worker.start(engine) as one, Worker.start(engine) as other, SubmissionServer() as server:
        posts = [office(engine, server.port, Clock(), Caps(per_hour=5)) for _ in range(2)]
        with Alongside(posts[0], owner=one.token) as first, Alongside(posts[1], owner=other.token) as second:
            first.tell()
            second.tell()
        assert first.delivered() + second.delivered() == Delivered(sent=5)
        assert len({recipient for _, [recipient], _ in server.mails}) == 5
    assert [reason for state, reason in states(engine) if state == "queued"] == ["max_per_hour"] * 3


def test_an_error_of_the_drain_is_told_when_the_pass_ends(engine: Engine) -> None:
    apply(engine)
    with transaction(engine) as session:
        session.execute(text("ALTER TABLE outbox RENAME TO gone"))
    with Worker.start(engine) as worker, SubmissionServer() as server:
        with Alongside(office(engine, server.port, Clock()), owner=worker.token) as delivery:
            delivery.tell()
        with pytest.raises(Exception, match="outbox"):
            delivery.delivered()
        assert server.mails == []
