"""Mail that leaves while other mail still comes in."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from post_office import Clock, apply, database, office, states
from sqlalchemy import Engine
from submission_server import OK, SubmissionServer

from notifications.alongside import Alongside
from notifications.delivery import Delivered
from storage.liveness import Worker


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = database(tmp_path)
    yield engine
    engine.dispose()


def test_who_comes_first_is_answered_while_others_still_come_and_all_over_one_connection(engine: Engine) -> None:
    arrived = threading.Event()

    def take(_: bytes) -> str:
        arrived.set()
        return OK

    with Worker.start(engine) as worker, SubmissionServer(on_content=take) as server:
        with Alongside(office(engine, server.port, Clock()), owner=worker.token) as delivery:
            for number in range(3):
                apply(engine, f"p{number}@example.com", f"Personne {'ABC'[number]}")
                arrived.clear()
                delivery.tell()
                assert arrived.wait(20)  # the block goes on: it did not wait for its end
        assert delivery.delivered() == Delivered(sent=3)
        assert server.connections == 1


def test_what_was_told_of_last_leaves_before_the_end(engine: Engine) -> None:
    with Worker.start(engine) as worker, SubmissionServer() as server:
        with Alongside(office(engine, server.port, Clock()), owner=worker.token) as delivery:
            apply(engine)
            delivery.tell()
        assert delivery.delivered() == Delivered(sent=1)


def test_nothing_to_say_is_no_connection(engine: Engine) -> None:
    with Worker.start(engine) as worker, SubmissionServer() as server:
        with Alongside(office(engine, server.port, Clock()), owner=worker.token) as delivery:
            delivery.tell()
        assert (delivery.delivered(), server.connections) == (Delivered(), 0)


def test_an_error_of_the_block_ends_the_drain_and_is_told(engine: Engine) -> None:
    apply(engine)
    with (
        Worker.start(engine) as worker,
        SubmissionServer() as server,
        pytest.raises(ValueError, match="the disk is full"),
        Alongside(office(engine, server.port, Clock()), owner=worker.token),
    ):
        raise ValueError("the disk is full")
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("delivery")]
    assert states(engine)[0][0] in {"sent", "queued"}
