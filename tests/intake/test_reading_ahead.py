"""Reading ahead of the turns: quicker, and nothing else is different."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from journaled import authors, kept, process
from mails import mail
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError
from understandings import NOW

from intake.collect import collect
from intake.process import process_waiting
from intake.workers import Workers
from parsing.understand import understand, understand_stranger
from storage import messages
from storage.acknowledgements import AcknowledgementPolicy
from storage.database import reading, transaction
from storage.tables import Event, Message, Outgoing

LEASE = timedelta(minutes=15)
IN_WORK = messages.Claimed(0, "recrutement@example.org", NOW, "0" * 64, 1, backlog=False, owner="1")


class Watched(Workers):
    """Children of which it is told what they did."""

    def __init__(self) -> None:
        super().__init__(1)
        self.tasks: list[Any] = []

    def run(self, function: Any, *args: Any, **kwargs: Any) -> Any:
        self.tasks.append(function)
        return super().run(function, *args, **kwargs)


def people(count: int) -> list[bytes]:
    return [mail(sender=f"Personne {'ABCDEFGH'[n]} <p{n}@example.net>", message_id=f"<{n}@example.net>") for n in range(count)]


def claim_some(desk, most: int, **given: Any) -> list[int]:
    return [message.attempts for message in messages.claim_some(desk.engine, owner="1", now=NOW, lease=LEASE, most=most, **given)]


def test_each_message_of_a_stranger_is_read_once(desk, settings, deliver):
    deliver(*people(6))
    collect(settings(), desk)
    workers = Watched()
    with workers:
        assert process(replace(desk, workers=workers)).applications == 6
        assert workers.tasks == [understand_stranger] * 6


def test_what_was_read_before_the_message_it_follows_was_recorded_is_read_again(desk, settings, deliver):
    deliver(mail(), received_at=NOW - timedelta(minutes=2))
    answer = mail(message_id="<2@example.net>", subject="Re: Candidature backend", text="Bonjour,\n\nMerci.\n\nLéa\n", attachments=())
    deliver(answer, received_at=NOW - timedelta(minutes=1))
    collect(settings(), desk)
    workers = Watched()
    with workers:
        done = process(replace(desk, workers=workers))
        assert (done.applications, done.updated) == (1, 1)  # a stranger's few words would have gone to a person
        assert workers.tasks.count(understand) == 1


def test_a_second_mail_of_the_same_person_joins_the_first_however_many_are_read_at_once(desk, settings, deliver):
    mails = [mail(message_id=f"<{number}@example.net>") for number in range(8)]
    for number, content in enumerate(mails):
        deliver(content, received_at=NOW - timedelta(minutes=len(mails) - number))
    collect(settings(), desk)
    assert process(desk).applications == 1
    with reading(desk.engine) as session:
        positions = session.scalars(select(Message.position).join(Event, Event.message_id == Message.id).order_by(Event.id)).all()
    assert positions == sorted(positions, key=lambda position: int(position.rpartition(":")[2]))
    assert authors(desk).count("lea.morin@example.net") == 8


def test_what_was_in_work_without_an_end_is_taken_alone(desk, settings, deliver):
    deliver(*people(5))
    collect(settings(), desk)
    assert claim_some(desk, 2) == [1, 1]
    messages.release_orphans(desk.engine, NOW + LEASE)  # as if the program had died of one of them
    assert claim_some(desk, 4) == [2]
    assert claim_some(desk, 4, among=[IN_WORK]) == []
    assert claim_some(desk, 4) == [2]
    assert claim_some(desk, 4) == [1, 1, 1]


def test_a_stop_gives_back_what_had_no_turn_with_its_attempts(desk, settings, deliver):
    deliver(*people(5))
    collect(settings(), desk)
    desk.stop.clear()
    workers = Watched()
    with workers:
        policy = AcknowledgementPolicy(backlog=True)
        done = process_waiting(replace(desk, workers=workers), owner="1", policy=policy, progress=lambda _: desk.stop.set())
        assert done.applications == 1
    assert sorted(state for state, _ in kept(desk)) == ["done", *["received"] * 4]
    with transaction(desk.engine) as session:
        assert set(session.scalars(select(Message.attempts).where(Message.state == "received"))) == {0}


def attempts(desk) -> list[tuple[str, int]]:
    with reading(desk.engine) as session:
        return [(state, tried) for state, tried in session.execute(select(Message.state, Message.attempts).order_by(Message.id))]


def test_large_messages_are_few_at_a_time(desk, settings, deliver):
    deliver(*people(5))
    collect(settings(), desk)
    with transaction(desk.engine) as session:
        session.execute(update(Message).values(size=30 * 2**20))
    assert claim_some(desk, 5) == [1, 1]
    assert claim_some(desk, 5, among=[replace(IN_WORK, size=40 * 2**20)]) == []
    assert claim_some(desk, 5, among=[IN_WORK]) == [1, 1]
    with transaction(desk.engine) as session:
        session.execute(update(Message).values(size=2**30))
    assert claim_some(desk, 5) == [1]  # however large: one


def test_what_could_not_be_put_in_line_costs_no_attempt_and_no_time(desk, settings, deliver):
    deliver(*people(3))
    collect(settings(), desk)
    with transaction(desk.engine) as session:
        session.execute(text("ALTER TABLE offers RENAME TO gone"))
    with pytest.raises(DBAPIError):
        process(desk)
    assert attempts(desk) == [("received", 0)] * 3
    with transaction(desk.engine) as session:
        session.execute(text("ALTER TABLE gone RENAME TO offers"))
    assert process(desk).applications == 3


def test_neighbours_of_what_kills_the_program_are_not_set_aside(desk, settings, deliver):
    for number, content in enumerate(people(6)):
        deliver(content, received_at=NOW - timedelta(minutes=9 - number))
    collect(settings(), desk)
    poison = 3
    kills = 0
    while kills < 10 and len(taken := messages.claim_some(desk.engine, owner="1", now=NOW, lease=LEASE, most=8)):
        if poison in [message.id for message in taken]:  # the program dies with all that it had in work
            kills += 1
            messages.release_orphans(desk.engine, NOW + LEASE)
            continue
        for message in taken:  # each of them ends well
            with transaction(desk.engine) as session:
                messages.record_failure(session, message, cause="done", remedy="none")
                session.execute(update(Message).where(Message.id == message.id).values(state="done"))
    assert kills == messages.MAX_ATTEMPTS
    assert [state for state, _ in attempts(desk)].count("failed") == 1
    with reading(desk.engine) as session:
        assert session.scalar(select(Message.state).where(Message.id == poison)) == "failed"


def test_a_worker_that_slept_beyond_its_lease_records_and_says_nothing_twice(desk, settings, deliver):
    deliver(*people(6))
    collect(settings(), desk)
    others = []

    def sleep(count: int) -> None:
        if count == 1:  # stopped after its first message, with the others read ahead; somebody else takes over
            messages.release_orphans(desk.engine, NOW + LEASE)
            others.append(process(desk, "2"))

    mine = process_waiting(desk, owner="1", policy=AcknowledgementPolicy(backlog=True), progress=sleep)
    assert (mine.applications, others[0].applications) == (1, 5)
    assert (mine.failed, mine.triage) == (0, 0)
    assert sorted(authors(desk)) == [f"p{number}@example.net" for number in range(6)]
    with reading(desk.engine) as session:
        assert len(session.scalars(select(Outgoing.recipient)).all()) == len(set(session.scalars(select(Outgoing.recipient)))) == 6
