"""Each mail leaves once: on a good day, when the server is away, and when the worker is killed at the worst moments."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path
from queue import SimpleQueue

import pytest
from post_office import NOW, Clock, apply, database, office, publish, states
from sqlalchemy import Engine
from submission_server import OK, SubmissionServer

from notifications import delivery
from notifications.delivery import Delivered, deliver_due
from notifications.notices import Draft, House
from parsing.message import ThreadRefs
from storage import messages, outbox, queries, triage_list
from storage.database import reading, transaction
from storage.liveness import Worker
from storage.outbox import Caps, Notice


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


def acknowledged(engine: Engine, reference: str) -> bool:
    with reading(engine) as session:
        return queries.show(session, reference).application.acknowledged_at is not None


def test_an_account_in_trouble_is_left_alone_for_a_while(engine: Engine, clock: Clock, worker: Worker) -> None:
    apply(engine)
    closed = office(engine, 1, clock)
    assert deliver_due(closed, owner=worker.token).error
    assert deliver_due(closed, owner=worker.token) == Delivered()  # not even tried
    clock.advance(minutes=1)
    assert deliver_due(closed, owner=worker.token).error
    clock.advance(minutes=1)
    assert deliver_due(closed, owner=worker.token) == Delivered()  # the second pause is longer
    clock.advance(minutes=1)
    assert deliver_due(closed, owner=worker.token).deferred == 1


def enqueue(engine: Engine, notice: Notice) -> None:
    with transaction(engine) as session:
        assert outbox.enqueue(session, notice, now=NOW)


def test_an_acknowledgement_leaves_once(engine: Engine, worker: Worker, server: SubmissionServer, clock: Clock) -> None:
    reference = apply(engine)
    post = office(engine, server.port, clock)
    assert deliver_due(post, owner=worker.token) == Delivered(sent=1)
    clock.advance(days=1)
    assert deliver_due(post, owner=worker.token) == Delivered()
    [(sender, recipients, content)] = server.mails
    assert (sender, recipients) == ("recrutement@example.org", ["amina.diallo@example.com"])
    mail = message_from_bytes(content)
    assert mail["In-Reply-To"]
    with reading(engine) as session:
        assert messages.known(session, ThreadRefs((mail["Message-ID"],), None))[0] == {mail["Message-ID"]}, "a reply will find it"
    assert reference in str(mail.get_payload(0))
    assert acknowledged(engine, reference)


def test_all_that_is_due_leaves_over_one_connection(engine: Engine, worker: Worker, server: SubmissionServer, clock: Clock) -> None:
    for number in range(5):
        apply(engine, f"candidate{number}@example.com")
    assert deliver_due(office(engine, server.port, clock), owner=worker.token).sent == 5
    assert server.connections == 1
    assert len({recipients[0] for _, recipients, _ in server.mails}) == 5


def test_a_server_that_is_away_costs_nothing_but_time(engine: Engine, worker: Worker, clock: Clock) -> None:
    reference = apply(engine)
    with SubmissionServer() as gone:
        pass
    done = deliver_due(office(engine, gone.port, clock), owner=worker.token)
    assert (done.sent, done.deferred) == (0, 1)
    assert "cannot be reached" in str(done.error)
    assert states(engine)[0][0] == "queued"
    clock.advance(hours=1)
    with SubmissionServer() as back:
        assert deliver_due(office(engine, back.port, clock), owner=worker.token) == Delivered(sent=1)
        assert len(back.mails) == 1
    assert acknowledged(engine, reference)


def test_a_mail_put_off_is_the_same_mail_later(engine: Engine, worker: Worker, server: SubmissionServer, clock: Clock) -> None:
    apply(engine)
    refused: list[bytes] = []

    def later(content: bytes) -> str:
        refused.append(content)
        return "451 4.3.0 try again later" if len(refused) == 1 else OK

    server.on_content = later
    post = office(engine, server.port, clock)
    assert deliver_due(post, owner=worker.token) == Delivered(deferred=1)
    assert states(engine) == [("queued", "451 4.3.0 try again later")]
    assert deliver_due(post, owner=worker.token) == Delivered(), "not at once"
    publish(engine, "Another title")
    clock.advance(minutes=2)
    assert deliver_due(post, owner=worker.token) == Delivered(sent=1)
    assert refused[0] == refused[1] == server.mails[0][2]


def test_a_refused_address_goes_to_a_person_and_stops_nobody(
    engine: Engine, worker: Worker, server: SubmissionServer, clock: Clock
) -> None:
    bad = apply(engine, "gone@example.com")
    good = apply(engine, "here@example.com")
    server.on_recipient = lambda address: "550 5.1.1 no such user" if address.startswith("gone") else OK
    assert deliver_due(office(engine, server.port, clock), owner=worker.token) == Delivered(sent=1, failed=1)
    assert acknowledged(engine, good)
    assert not acknowledged(engine, bad)
    with reading(engine) as session:
        [item] = [item for item in triage_list.triage(session) if item.kind != "double"]
    assert (item.kind, item.author, item.cause) == ("mail", "gone@example.com", "failed: 550 5.1.1 no such user")


def test_an_address_beyond_smtp_is_left_to_a_person(engine: Engine, worker: Worker, server: SubmissionServer, clock: Clock) -> None:
    apply(engine, "zoé@example.com")
    assert deliver_due(office(engine, server.port, clock), owner=worker.token) == Delivered(failed=1)
    assert states(engine) == [("failed", "the address cannot be written to over SMTP; write to them by hand")]
    assert server.connections == 0


def test_a_composer_that_fails_stops_nobody(
    engine: Engine, worker: Worker, server: SubmissionServer, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def compose(session: object, notice: Notice, house: House) -> Draft:
        raise TypeError("a mistake of ours that quotes personal data")

    monkeypatch.setitem(delivery.COMPOSERS, "broken", compose)
    enqueue(engine, Notice(key="broken:1", kind="broken", recipient="a@example.com", language="fr"))
    enqueue(engine, Notice(key="unheard:1", kind="unheard of", recipient="a@example.com", language="fr"))
    apply(engine)
    assert deliver_due(office(engine, server.port, clock), owner=worker.token) == Delivered(sent=1, failed=2)
    assert states(engine)[:2] == [
        ("failed", "the mail could not be composed: TypeError"),
        ("failed", "the mail could not be composed: nobody composes mails of the kind 'unheard of'"),
    ]


def test_over_a_cap_mail_waits_and_a_person_is_told_which(engine: Engine, worker: Worker, server: SubmissionServer, clock: Clock) -> None:
    for number in range(3):
        apply(engine, f"candidate{number}@example.com")
    post = office(engine, server.port, clock, Caps(per_hour=2))
    assert deliver_due(post, owner=worker.token) == Delivered(sent=2)
    assert states(engine)[2] == ("queued", "max_per_hour")
    clock.advance(minutes=61)
    assert deliver_due(post, owner=worker.token) == Delivered(sent=1)


def test_a_stop_ends_after_the_mail_in_hand(engine: Engine, worker: Worker, server: SubmissionServer, clock: Clock) -> None:
    for number in range(3):
        apply(engine, f"candidate{number}@example.com")
    post = office(engine, server.port, clock)

    def stop(_: bytes) -> str:
        post.stop.set()
        return OK

    server.on_content = stop
    assert deliver_due(post, owner=worker.token) == Delivered(sent=1)
    assert [state for state, _ in states(engine)] == ["sent", "queued", "queued"]


def test_a_worker_whose_time_is_up_sends_no_final_dot(engine: Engine, worker: Worker, server: SubmissionServer, clock: Clock) -> None:
    apply(engine)

    def dawdle(_: str) -> str:
        clock.advance(hours=1)
        return OK

    server.on_recipient = dawdle
    post = office(engine, server.port, clock)
    assert deliver_due(post, owner=worker.token) == Delivered(), "another may have taken it over meanwhile"
    assert server.mails == []
    server.on_recipient = lambda _: OK
    assert deliver_due(post, owner=worker.token) == Delivered(sent=1)
    assert len(server.mails) == 1


def killed_at(moment: str, server: SubmissionServer, folder: Path, clock: Clock) -> None:
    """Run a worker in a process of its own and kill it when it has said who the mail is for, or given all of it away."""
    started: SimpleQueue[subprocess.Popen[bytes]] = SimpleQueue()

    def kill(*_: object) -> str:
        victim = started.get(timeout=30)
        victim.kill()
        victim.wait()
        return OK

    if moment == "before the final dot":
        server.on_recipient = kill
    else:
        server.on_content = kill
    script = Path(__file__).with_name("deliver_once.py")
    command = [sys.executable, str(script), str(folder), str(server.port), clock().isoformat()]
    with subprocess.Popen(command) as process:
        started.put(process)
        assert process.wait(60) == -signal.SIGKILL
    server.on_recipient = lambda _: OK
    server.on_content = lambda _: OK


def test_killed_before_the_final_dot_it_is_sent_by_the_next_worker_at_once(
    engine: Engine, worker: Worker, server: SubmissionServer, clock: Clock, tmp_path: Path
) -> None:
    reference = apply(engine)
    killed_at("before the final dot", server, tmp_path, clock)
    assert states(engine) == [("sending", None)]
    assert server.mails == []
    assert deliver_due(office(engine, server.port, clock), owner=worker.token) == Delivered(sent=1)
    assert len(server.mails) == 1
    assert acknowledged(engine, reference)


def test_killed_after_the_final_dot_it_is_unknown_then_tried_once_more_with_the_same_octets(
    engine: Engine, worker: Worker, server: SubmissionServer, clock: Clock, tmp_path: Path
) -> None:
    apply(engine)
    killed_at("after the final dot", server, tmp_path, clock)
    assert states(engine) == [("data", None)]
    assert len(server.mails) == 1, "the server has it"
    post = office(engine, server.port, clock)
    assert deliver_due(post, owner=worker.token) == Delivered()
    assert states(engine) == [("unknown", "interrupted while the server took it")]
    clock.advance(minutes=11)
    assert deliver_due(post, owner=worker.token) == Delivered(sent=1)
    assert server.mails[0][2] == server.mails[1][2], "the same octets, the same Message-ID: receivers can tell"
    clock.advance(days=1)
    assert deliver_due(post, owner=worker.token) == Delivered()


def test_unknown_twice_is_for_a_person_and_never_tried_again(
    engine: Engine, worker: Worker, server: SubmissionServer, clock: Clock
) -> None:
    reference = apply(engine)
    server.on_content = lambda _: None
    post = office(engine, server.port, clock)
    assert deliver_due(post, owner=worker.token) == Delivered(unknown=1)
    clock.advance(minutes=11)
    assert deliver_due(post, owner=worker.token) == Delivered(unknown=1)
    clock.advance(days=2)
    assert deliver_due(post, owner=worker.token) == Delivered()
    assert len(server.mails) == 2
    with reading(engine) as session:
        [item] = triage_list.triage(session)
        assert "acknowledgement_unknown" in queries.show(session, reference).application.flags
    assert item.cause.startswith("unknown: no answer to the complete mail")
