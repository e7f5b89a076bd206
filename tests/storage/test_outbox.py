"""What must be said leaves once: every step of a mail, the caps, and what a crash leaves behind."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from programs import claimants, kill, line, until_noticed
from sqlalchemy import select
from understandings import LEASE, NOW, publish, reference_of, take_in, understanding

from storage import outbox, queries, triage, triage_list
from storage.database import reading, transaction
from storage.liveness import Worker
from storage.outbox import ACKNOWLEDGEMENT, DIGEST, Caps, Delivery, Notice
from storage.tables import Outgoing

OPEN = Caps(0, 0, 0)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def enqueue(engine, key="1", recipient="lea.morin@example.net", kind=ACKNOWLEDGEMENT, held=None, now=NOW):
    notice = Notice(key=f"{kind}:{key}", kind=kind, recipient=recipient, language="fr")
    with transaction(engine) as session:
        return outbox.enqueue(session, notice, now=now, held=held)


def claim(engine, now=NOW, caps=OPEN, owner="1"):
    return outbox.claim_due(engine, owner=owner, now=now, caps=caps, lease=LEASE)


def send(engine, now=NOW, caps=OPEN, outcome=Delivery.SENT, detail=""):
    """Give one due mail away, to a server that answers `outcome`; return its row, None when nothing is due."""
    due = claim(engine, now, caps)
    if due is None:
        return None
    assert outbox.record_data(engine, due, now)
    outbox.settle(engine, due, outcome=outcome, detail=detail, now=now)
    return due.id


def rows(engine):
    with reading(engine) as session:
        found = list(session.scalars(select(Outgoing).order_by(Outgoing.id)))
        session.expunge_all()  # they are read outside
    return found


def only(engine):
    [row] = rows(engine)
    return row


def test_the_same_thing_is_never_said_twice(engine):
    assert enqueue(engine) is True
    assert enqueue(engine) is False
    assert len(rows(engine)) == 1


def test_threads_that_say_the_same_at_the_same_moment_say_it_once(engine):
    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(lambda _: enqueue(engine), range(8))) == [False] * 7 + [True]


def test_a_notice_comes_back_as_it_was_put_in_line(engine):
    publish(engine, "backend")
    take_in(engine)
    due = claim(engine)
    row = only(engine)
    assert due.notice == Notice(
        key=row.key,
        kind=ACKNOWLEDGEMENT,
        recipient="lea.morin@example.net",
        language="fr",
        application_id=row.application_id,
        about_message_id=row.about_message_id,
    )
    assert None not in {due.notice.application_id, due.notice.about_message_id}
    assert due.content is None


def test_a_mail_walks_from_queued_to_sent_and_each_step_is_committed(engine):
    enqueue(engine)
    walked = [only(engine).state]
    due = claim(engine)
    walked.append(only(engine).state)
    outbox.record_data(engine, due, NOW + MINUTE)
    walked.append(only(engine).state)
    outbox.settle(engine, due, outcome=Delivery.SENT, detail="250 OK", now=NOW + MINUTE)
    row = only(engine)
    assert [*walked, row.state] == [Delivery.QUEUED, Delivery.SENDING, Delivery.DATA, Delivery.SENT]
    assert (row.given_at, row.sent_at, row.owner, row.token, row.lease_until) == (NOW + MINUTE, NOW + MINUTE, None, None, None)
    assert claim(engine, NOW + DAY) is None


@pytest.mark.parametrize("outcome", [Delivery.SENT, Delivery.FAILED, Delivery.UNKNOWN, Delivery.QUEUED])
def test_an_answer_to_a_mail_that_is_no_longer_ours_changes_nothing(engine, outcome):
    enqueue(engine)
    lapsed = claim(engine)
    outbox.release_orphans(engine, NOW + LEASE)
    again = claim(engine, NOW + LEASE)
    assert again.token != lapsed.token
    assert outbox.record_data(engine, lapsed, NOW + LEASE, frozen=("<late@example.org>", b"late")) is False
    outbox.settle(engine, lapsed, outcome=outcome, detail="late", now=NOW + LEASE)
    row = only(engine)
    assert (row.state, row.token, row.content) == (Delivery.SENDING, again.token, None)


def test_no_final_dot_after_the_lease_lapsed(engine):
    enqueue(engine)
    due = claim(engine)
    assert outbox.record_data(engine, due, NOW + LEASE) is False
    assert only(engine).state == Delivery.SENDING


def test_there_is_one_final_dot(engine):
    enqueue(engine)
    due = claim(engine)
    assert outbox.record_data(engine, due, NOW) is True
    assert outbox.record_data(engine, due, NOW) is False


def test_frozen_octets_stay_as_they_are(engine):
    enqueue(engine)
    due = claim(engine)
    assert outbox.record_data(engine, due, NOW, frozen=("<1@example.org>", b"the mail \x00\xff")) is True
    assert outbox.record_data(engine, due, NOW, frozen=("<2@example.org>", b"another")) is False
    outbox.settle(engine, due, outcome=Delivery.QUEUED, detail="", now=NOW)
    again = claim(engine, NOW + HOUR)
    assert (again.content, only(engine).message_id) == (b"the mail \x00\xff", "<1@example.org>")


def test_pauses_grow_and_patience_ends_with_a_person(engine):
    enqueue(engine)
    now = NOW
    pauses: list[timedelta] = []
    while (row := only(engine)).state == Delivery.QUEUED:
        now, pauses = row.not_before, [*pauses, row.not_before - now]
        send(engine, now, outcome=Delivery.QUEUED, detail="451 later")
    assert pauses[1:6] == [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, HOUR]
    assert (row.state, row.reason) == (Delivery.FAILED, "451 later")
    assert DAY - HOUR <= now - NOW <= DAY


def test_a_digest_is_tried_for_longer_than_an_acknowledgement(engine):
    publish(engine, "backend", recruiters=("lea.morin@example.net",))
    enqueue(engine, kind=DIGEST)
    now = NOW
    while (row := only(engine)).state == Delivery.QUEUED:
        now = row.not_before
        send(engine, now, outcome=Delivery.QUEUED)
    assert timedelta(hours=71) <= now - NOW <= timedelta(hours=72)


def test_what_waited_for_a_cap_is_not_given_up_at_the_first_no(engine):
    caps = Caps(0, 1, 0)
    enqueue(engine, "1")
    enqueue(engine, "2")
    send(engine, caps=caps)
    assert claim(engine, caps=caps) is None
    send(engine, NOW + DAY + HOUR, caps, Delivery.QUEUED, "451 greylisted, come back later")
    assert [row.state for row in rows(engine)] == [Delivery.SENT, Delivery.QUEUED]


@pytest.mark.parametrize(
    ("caps", "name", "window", "recipients"),
    [
        (Caps(2, 0, 0), "max_per_hour", HOUR, ["a@one.example", "b@two.example", "c@three.example"]),
        (Caps(0, 2, 0), "max_per_address_per_day", DAY, ["a@one.example", "A@one.example", "a@One.example"]),
        (Caps(0, 0, 2), "max_per_domain_per_10min", timedelta(minutes=10), ["a@one.example", "b@one.example", "c@ONE.example"]),
    ],
)
def test_over_a_cap_a_mail_waits_until_the_cap_has_room_and_says_which(engine, caps, name, window, recipients):
    for number, recipient in enumerate(recipients):
        enqueue(engine, str(number), recipient)
    first, second = send(engine, caps=caps), send(engine, NOW + MINUTE, caps)
    assert None not in {first, second}
    assert claim(engine, NOW + 2 * MINUTE, caps) is None
    row = rows(engine)[2]
    assert (row.state, row.reason, row.not_before, row.attempts) == (Delivery.QUEUED, name, NOW + window, 0)
    assert claim(engine, NOW + window - timedelta(seconds=1), caps) is None
    assert send(engine, NOW + window, caps) == row.id
    assert rows(engine)[2].reason is None


@pytest.mark.parametrize(
    ("caps", "recipients"),
    [
        (Caps(0, 1, 0), ["a@one.example", "b@one.example"]),
        (Caps(0, 0, 1), ["a@one.example", "a@two.example"]),
        (Caps(0, 0, 1), ["a@one.example", "a@sub.one.example"]),
        (Caps(0, 0, 1), ["a@a-b.example", "a@a_b.example"]),  # "_" is no wildcard here
        (Caps(0, 0, 0), ["a@one.example", "a@one.example"]),
    ],
)
def test_a_cap_holds_up_nobody_else(engine, caps, recipients):
    for number, recipient in enumerate(recipients):
        enqueue(engine, str(number), recipient)
    assert [send(engine, caps=caps) is not None for _ in recipients] == [True, True]


def test_a_mail_over_a_cap_holds_up_none_behind_it(engine):
    caps = Caps(0, 1, 0)
    for number, recipient in enumerate(["a@one.example", "a@one.example", "b@one.example"]):
        enqueue(engine, str(number), recipient)
    sent = [send(engine, caps=caps), send(engine, caps=caps)]
    assert sent == [rows(engine)[0].id, rows(engine)[2].id]


def test_digests_are_under_no_cap(engine):
    publish(engine, "backend", recruiters=("lea.morin@example.net",))
    for number in range(3):
        enqueue(engine, str(number), kind=DIGEST)
    assert all(send(engine, caps=Caps(1, 1, 1)) for _ in range(3))


def test_a_mail_that_was_not_taken_uses_up_no_cap(engine):
    enqueue(engine, "1")
    enqueue(engine, "2")
    send(engine, caps=Caps(0, 1, 0), outcome=Delivery.QUEUED)
    assert send(engine, caps=Caps(0, 1, 0)) == rows(engine)[1].id


def test_mails_in_other_hands_count_under_a_cap(engine):
    caps = Caps(2, 0, 0)
    for number in range(6):
        enqueue(engine, str(number), f"{number}@example.net")
    with ThreadPoolExecutor(6) as pool:
        hands = [due for due in pool.map(lambda _: claim(engine, caps=caps), range(6)) if due]
    assert len(hands) == 2
    # the two fail: the cap has room again, after a minute and not after an hour
    for due in hands:
        outbox.settle(engine, due, outcome=Delivery.FAILED, detail="550", now=NOW)
    assert claim(engine, NOW + MINUTE, caps) is not None


def test_threads_that_take_at_the_same_moment_never_take_the_same_mail(engine):
    for number in range(20):
        enqueue(engine, str(number))

    def take_all(owner):
        taken = []
        while due := claim(engine, owner=owner):
            taken.append(due.id)
        return taken

    with ThreadPoolExecutor(4) as pool:
        taken = [number for numbers in pool.map(take_all, "1234") for number in numbers]
    assert sorted(taken) == [row.id for row in rows(engine)]


def test_what_a_killed_process_had_not_given_away_is_sent_at_once_by_the_next(engine):
    enqueue(engine)
    with Worker.start(engine) as worker:
        claim(engine, owner=worker.token)
        assert outbox.release_orphans(engine, NOW) == 0
    assert outbox.release_orphans(engine, NOW) == 1
    assert send(engine) is not None


def test_killed_at_the_final_dot_it_is_unknown_then_tried_once_more_then_a_person_decides(engine, database_url):
    enqueue(engine)
    with claimants(database_url, "send") as [program]:
        line(program)
        assert outbox.release_orphans(engine, NOW) == 0
        kill(program)
    until_noticed(engine, only(engine).owner)
    assert outbox.release_orphans(engine, NOW) == 1
    assert only(engine).state == Delivery.UNKNOWN
    assert outbox.resolve_unknown(engine, NOW + timedelta(minutes=9)) == 0
    assert outbox.resolve_unknown(engine, NOW + timedelta(minutes=10)) == 1
    later = NOW + timedelta(minutes=11)
    send(engine, later, Caps(1, 1, 1), Delivery.UNKNOWN, "no answer")  # its own first try uses up no cap
    assert outbox.resolve_unknown(engine, later + DAY) == 0
    with reading(engine) as session:
        [item] = triage_list.triage(session)
    assert (item.kind, item.cause) == ("mail", "unknown: no answer")
    assert f"pli triage {item.id} --send" in item.remedy


def test_what_the_server_took_is_sent_even_when_another_worker_had_given_it_up(engine):
    enqueue(engine)
    due = claim(engine)
    assert outbox.record_data(engine, due, NOW)
    outbox.release_orphans(engine, NOW + LEASE)  # it looked dead, as a worker does whose database restarted
    assert only(engine).state == Delivery.UNKNOWN
    outbox.resolve_unknown(engine, NOW + DAY)
    outbox.settle(engine, due, outcome=Delivery.SENT, detail="250 OK", now=NOW + LEASE)
    assert only(engine).state == Delivery.SENT
    assert claim(engine, NOW + DAY) is None


def test_trouble_of_the_account_costs_a_mail_nothing(engine):
    enqueue(engine)
    for hours in range(0, 40, 2):
        due = claim(engine, NOW + hours * HOUR)
        outbox.put_back(engine, due, reason="log-in refused", until=NOW + (hours + 1) * HOUR)
        assert claim(engine, NOW + hours * HOUR) is None
    row = only(engine)
    assert (row.state, row.reason, row.attempts, row.first_tried_at) == (Delivery.QUEUED, "log-in refused", 0, None)
    assert send(engine, NOW + 40 * HOUR) is not None


def test_a_mail_of_unknown_outcome_is_a_decision_of_its_own_and_its_last_try(engine):
    enqueue(engine)
    send(engine, outcome=Delivery.UNKNOWN)
    with transaction(engine) as session:
        assert outbox.requeue(session, now=NOW) == 0
        triage.release_mail(session, only(engine).id, now=NOW)
    send(engine, NOW, outcome=Delivery.UNKNOWN)
    assert outbox.resolve_unknown(engine, NOW + DAY) == 0


def test_a_mail_over_a_cap_can_be_left_unsent(engine):
    for key in "12":
        enqueue(engine, key)
    send(engine, caps=Caps(1, 0, 0))
    assert claim(engine, NOW, Caps(1, 0, 0)) is None
    with transaction(engine) as session:
        triage.ignore_mail(session, rows(engine)[1].id)
    assert [row.state for row in rows(engine)] == [Delivery.SENT, Delivery.CANCELLED]


def test_a_person_can_ask_for_another_try(engine):
    for number, outcome in enumerate((Delivery.FAILED, Delivery.UNKNOWN, Delivery.SENT, Delivery.QUEUED)):
        enqueue(engine, str(number))
        send(engine, outcome=outcome)
    enqueue(engine, "held", held="unverified")
    with transaction(engine) as session:
        assert outbox.requeue(session, now=NOW + HOUR) == 1  # the one that waits for its next try is due by itself after an hour
    states = [row.state for row in rows(engine)]
    assert states == [Delivery.QUEUED, Delivery.UNKNOWN, Delivery.SENT, Delivery.QUEUED, Delivery.HELD]
    assert [send(engine, NOW + HOUR) for _ in range(3)][-1] is None


def test_another_try_by_a_person_hurries_what_waits(engine):
    enqueue(engine)
    send(engine, outcome=Delivery.QUEUED)
    with transaction(engine) as session:
        assert outbox.requeue(session, now=NOW) == 1
    assert send(engine, NOW) is not None


def test_after_a_person_asked_again_patience_begins_anew(engine):
    enqueue(engine)
    send(engine, outcome=Delivery.FAILED)
    with transaction(engine) as session:
        outbox.requeue(session, now=NOW + 30 * DAY)
    send(engine, NOW + 30 * DAY, outcome=Delivery.QUEUED)
    assert only(engine).state == Delivery.QUEUED


def test_a_held_mail_waits_for_a_person_who_sends_it_or_leaves_it(engine):
    for key in "12":
        enqueue(engine, key, held="unverified")
    assert claim(engine, NOW + DAY) is None
    first, second = (row.id for row in rows(engine))
    with transaction(engine) as session:
        triage.release_mail(session, first, now=NOW + DAY)
        triage.ignore_mail(session, second)
    assert send(engine, NOW + DAY) == first
    assert send(engine, NOW + DAY) is None
    assert [row.state for row in rows(engine)] == [Delivery.SENT, Delivery.CANCELLED]
    for decide in (lambda session: triage.release_mail(session, first, now=NOW), lambda session: triage.ignore_mail(session, first)):
        with pytest.raises(LookupError, match="not waiting"), transaction(engine) as session:
            decide(session)


def test_what_was_sent_stands_in_the_history_of_its_application(engine):
    publish(engine, "backend")
    reference = reference_of(take_in(engine, understanding()))
    send(engine, NOW + MINUTE)
    with reading(engine) as session:
        detail = queries.show(session, reference)
    assert detail.application.acknowledged_at == NOW + MINUTE
    assert detail.application.last_contact_at == NOW + MINUTE
    assert [event.kind for event in detail.history] == ["received", "acknowledged"]


def test_a_worker_whose_database_restarted_is_still_alive(engine):
    if engine.dialect.name == "sqlite":
        return  # its lock is a file, which nothing but its own end lets go
    enqueue(engine)
    with Worker.start(engine) as worker:
        due = claim(engine, owner=worker.token)
        assert outbox.record_data(engine, due, NOW)
        with engine.connect() as connection:
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
        assert outbox.release_orphans(engine, NOW) == 0
        outbox.settle(engine, due, outcome=Delivery.SENT, detail="", now=NOW)
        # and it holds its lock again, for others to see
        with engine.connect() as connection:
            number = int(worker.token)
            assert connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({number})").scalar() is False
    assert only(engine).state == Delivery.SENT
