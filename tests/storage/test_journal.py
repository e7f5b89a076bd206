"""The journal of arrivals: each place once, each message in one pair of hands, nothing lost with a dead process."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from programs import claimants, kill, line, until_noticed
from sqlalchemy import event, func, select
from understandings import LEASE, NOW, ONE, OTHER, arrive, claim, publish, raw, take_in, understanding

from parsing.message import ThreadRefs
from storage import messages, triage_list
from storage.acknowledgements import AcknowledgementPolicy
from storage.applications import record
from storage.database import open_database, reading, transaction, upgrade
from storage.liveness import Worker
from storage.messages import MAX_ATTEMPTS, NO_CONTENT, MessageState
from storage.tables import Mailbox, Message
from storage.triage import claim_message

_WALK = re.compile(r"SCAN (?!CONSTANT|\(subquery)|SEARCH messages USING .*\(mailbox_id=\?\)")
"""Steps of a query that look at every row of a table, or at every message of a mailbox."""


def states(engine):
    """Return the state of every message, oldest first."""
    with reading(engine) as session:
        return [row.state for row in session.scalars(select(Message).order_by(Message.id))]


def owner_of(engine, row):
    with reading(engine) as session:
        return session.scalar(select(Message.owner).where(Message.id == row))


def last_uid(engine):
    with reading(engine) as session:
        return session.scalar(select(Mailbox.last_uid))


def test_a_place_in_a_mailbox_is_journaled_once(engine):
    message = raw()
    assert arrive(engine, message) is not None
    assert arrive(engine, message) is None
    assert states(engine) == [MessageState.RECEIVED]


def read_up_to(engine, began, *positions):
    with transaction(engine) as session:
        messages.record_read_up_to(session, address=ONE, folder="INBOX", began=began, positions=positions)


def contact(engine, uidvalidity=7):
    with transaction(engine) as session:
        return messages.record_contact(session, address=ONE, folder="INBOX", uidvalidity=uidvalidity, now=NOW)


def test_the_mark_moves_when_a_pass_has_ended_and_not_before(engine):
    began = contact(engine)
    for uid in (12, 9):
        arrive(engine, raw(position=f"7:{uid}"))
    assert last_uid(engine) == 0
    read_up_to(engine, began, "7:9", "7:12")
    assert last_uid(engine) == 12


def test_the_mark_does_not_pass_what_is_not_journaled(engine):
    began = contact(engine)
    arrive(engine, raw(position="7:12"))
    read_up_to(engine, began, "7:11", "7:12")
    assert last_uid(engine) == 0


def test_a_retry_in_the_middle_of_a_pass_is_not_undone_by_its_end(engine):
    began = contact(engine)
    fail(engine, 5)
    read_up_to(engine, began, "7:5")
    began = contact(engine)
    arrive(engine, raw(position="7:6"))
    with transaction(engine) as session:
        messages.requeue_failed(session)
    read_up_to(engine, began, "7:6")
    assert last_uid(engine) == 4
    began = contact(engine)
    fail(engine, 5)  # and within the very pass that brought it
    with transaction(engine) as session:
        messages.requeue_failed(session)
    read_up_to(engine, began, "7:5", "7:6")
    assert last_uid(engine) == 4


def fail(engine, uid):
    """Journal a message that the server did not hand over."""
    message, failure = raw(b"", position=f"7:{uid}"), ("not handed over", "open it")
    with transaction(engine) as session:
        messages.record_arrival(session, message, folder="INBOX", sha256=NO_CONTENT, backlog=False, now=NOW, failure=failure)


def test_what_is_not_committed_is_not_journaled(engine):
    arrive(engine, raw(position="7:12"))

    def fail_halfway():
        with transaction(engine) as session:
            messages.record_arrival(session, raw(position="7:30"), folder="INBOX", sha256="0" * 64, backlog=False, now=NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_halfway()
    assert len(states(engine)) == 1


def test_the_same_place_in_another_mailbox_is_another_message(engine):
    arrive(engine, raw(position="7:1"))
    assert arrive(engine, raw(position="7:1", mailbox=OTHER)) is not None
    assert states(engine) == [MessageState.RECEIVED] * 2


def test_after_a_new_uidvalidity_reading_begins_again_and_takes_in_only_what_is_new(engine):
    began = contact(engine)
    first = raw(b"the first", position="7:12")
    arrive(engine, first)
    with transaction(engine) as session:
        state = messages.record_contact(session, address=ONE, folder="INBOX", uidvalidity=8, now=NOW + timedelta(days=1))
    assert (state.last_uid, state.first_contact_at) == (0, NOW)
    read_up_to(engine, began, "7:12")  # of a pass that began before
    assert last_uid(engine) == 0  # else 8:1 to 8:12 would never be fetched
    arrive(engine, replace(first, position="8:1"), uidvalidity=8)
    arrive(engine, raw(b"the second", position="8:2"), uidvalidity=8)
    assert states(engine) == [MessageState.RECEIVED, MessageState.IGNORED, MessageState.RECEIVED]


def test_positions_that_are_known_are_told_from_new_ones(engine):
    for uid in (1, 2):
        arrive(engine, raw(position=f"7:{uid}"))
    with reading(engine) as session:
        asked = [f"7:{uid}" for uid in range(1, 1300)]
        assert messages.known_positions(session, address=ONE, folder="INBOX", positions=asked) == {"7:1", "7:2"}
        assert messages.known_positions(session, address=ONE, folder="Other", positions=asked) == set()


def test_what_pli_never_had_goes_to_a_person_and_is_asked_for_again_when_they_want_it(engine):
    for uid in (100, 200):
        began = contact(engine)
        fail(engine, uid)
        read_up_to(engine, began, f"7:{uid}")
    assert states(engine) == [MessageState.FAILED] * 2
    assert messages.claim(engine, owner="1", now=NOW, lease=LEASE) is None
    with pytest.raises(LookupError, match="never had the content"):
        claim_message(engine, 1, owner="1", now=NOW, lease=LEASE)
    with transaction(engine) as session:
        assert messages.requeue_failed(session) == 2
    assert (states(engine), last_uid(engine)) == ([], 99)


def test_private_mail_leaves_a_position_and_nothing_else(engine):
    with transaction(engine) as session:
        messages.record_contact(session, address=ONE, folder="INBOX", uidvalidity=7, now=NOW)
        messages.record_not_ours(session, address=ONE, folder="INBOX", position="7:5", now=NOW)
        messages.record_not_ours(session, address=ONE, folder="INBOX", position="7:5", now=NOW)
    with reading(engine) as session:
        row = session.scalars(select(Message)).one()
        kept = {column.key for column in Message.__table__.columns if getattr(row, column.key) not in (None, False, 0)}
        assert kept == {"id", "mailbox_id", "position", "state", "recorded_at"}
        assert messages.unsettled(session, address=ONE, folder="INBOX") == []
    assert messages.claim(engine, owner="1", now=NOW, lease=LEASE) is None


def test_each_message_is_settled_once(engine):
    arrive(engine, raw(position="7:1"))
    arrive(engine, raw(position="7:2"))
    with transaction(engine) as session:
        messages.record_settled(session, address=ONE, folder="INBOX", position="7:1")
    with reading(engine) as session:
        assert messages.unsettled(session, address=ONE, folder="INBOX") == ["7:2"]


def test_threads_that_take_at_the_same_moment_never_take_the_same_message(engine):
    rows = [arrive(engine) for _ in range(20)]

    def take_all(owner):
        taken = []
        while message := messages.claim(engine, owner=owner, now=NOW, lease=LEASE):
            taken.append(message.id)
        return taken

    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(take_all, "1234"))
    assert sorted(number for mine in taken for number in mine) == rows


def test_processes_that_take_at_the_same_moment_never_take_the_same_message(engine, database_url):
    rows = [arrive(engine) for _ in range(30)]
    with claimants(database_url, "all", count=3) as programs:
        taken = [int(number) for program in programs for number in program.communicate(timeout=60)[0].split()]
        assert [program.returncode for program in programs] == [0, 0, 0]
    assert sorted(taken) == rows


def test_threads_that_record_copies_at_the_same_moment_make_one_application(engine):
    publish(engine, "backend")
    facts = understanding()
    for mailbox in (ONE, OTHER, ONE, OTHER):
        arrive(engine, raw(mailbox=mailbox))
    hands = [claim(engine, owner=str(number)) for number in range(4)]

    def settle(message):
        with transaction(engine) as session:
            return record(session, message, facts, policy=AcknowledgementPolicy(), now=NOW).outcome

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(settle, hands)) == ["application", "copy", "copy", "copy"]


def test_the_work_of_a_killed_process_is_taken_over_at_once(engine, database_url):
    row = arrive(engine)
    with claimants(database_url, "hold") as [program]:
        assert int(line(program)) == row
        assert messages.release_orphans(engine, NOW) == 0  # alive: its work is its own
        assert messages.claim(engine, owner="2", now=NOW, lease=LEASE) is None
        kill(program)
        until_noticed(engine, owner_of(engine, row))
        assert messages.release_orphans(engine, NOW) == 1
    assert claim(engine).attempts == 2


def test_a_killed_process_leaves_no_lock_file(engine, database_url, tmp_path):
    row = arrive(engine)
    with claimants(database_url, "hold") as [program]:
        line(program)
        kill(program)
    until_noticed(engine, owner_of(engine, row))
    messages.release_orphans(engine, NOW)
    assert list(tmp_path.glob("*.lock")) == []


def test_the_work_of_a_living_worker_that_hangs_comes_back_when_its_lease_lapses(engine):
    arrive(engine)
    with Worker.start(engine) as worker:
        hung = claim(engine, owner=worker.token)
        assert messages.release_orphans(engine, NOW + LEASE - timedelta(seconds=1)) == 0
        assert messages.release_orphans(engine, NOW + LEASE) == 1
        again = claim(engine, owner=worker.token, now=NOW + LEASE)
        assert again.attempts == 2
        # what the first hands still bring is not counted twice, and does no harm
        with transaction(engine) as session:
            assert record(session, hung, understanding(offer=None), policy=AcknowledgementPolicy(), now=NOW).outcome == "ignored"
            messages.record_failure(session, hung, cause="late", remedy="none")
        assert states(engine) == [MessageState.WORKING]


def test_a_failure_that_comes_late_does_not_undo_what_another_worker_did(engine):
    publish(engine, "backend")
    arrive(engine)
    hung = claim(engine, owner="1")
    messages.release_orphans(engine, NOW + LEASE)
    with transaction(engine) as session:
        record(session, claim(engine, owner="2", now=NOW + LEASE), understanding(), policy=AcknowledgementPolicy(), now=NOW)
    with transaction(engine) as session:
        messages.record_failure(session, hung, cause="late", remedy="none")
    assert states(engine) == [MessageState.DONE]


def test_a_message_that_kills_its_reader_is_set_aside_with_cause_and_remedy(engine):
    arrive(engine)
    for attempt in range(1, MAX_ATTEMPTS + 1):
        assert claim(engine, owner="1").attempts == attempt  # nobody holds worker 1's lock: it is dead
        messages.release_orphans(engine, NOW)
    assert states(engine) == [MessageState.FAILED]
    with reading(engine) as session:
        row = session.scalars(select(Message)).one()
        assert "3 times" in (row.cause or "")
        assert "pli retry" in (row.remedy or "")


def test_a_failure_is_kept_tried_three_times_and_retried_when_a_person_asks(engine):
    arrive(engine)
    for _ in range(MAX_ATTEMPTS):
        message = claim(engine)
        with transaction(engine) as session:
            messages.record_failure(session, message, cause="reading failed", remedy="open it")
        assert messages.claim(engine, owner="1", now=NOW, lease=LEASE, leaving={message.id}) is None
        with reading(engine) as session:
            assert [item.cause for item in triage_list.triage(session)] == ["reading failed"]
    assert states(engine) == [MessageState.FAILED]
    with transaction(engine) as session:
        assert messages.requeue_failed(session) == 1
    assert claim(engine).attempts == 1


def test_the_oldest_message_comes_first(engine):
    rows = [arrive(engine) for _ in range(3)]
    assert [claim(engine).id for _ in range(3)] == rows


def test_a_conversation_is_known_by_what_we_took_in_and_by_who_writes(engine):
    publish(engine, "backend")
    take_in(engine, understanding(message_id="<known@example.net>"))
    with reading(engine) as session:
        asked = ThreadRefs(("<known@example.net>", "<strange@example.net>"), "lea.morin@example.net")
        assert messages.known(session, asked) == (frozenset({"<known@example.net>"}), True)
        assert messages.known(session, ThreadRefs((), "nobody@example.net")) == (frozenset(), False)


def test_whoever_signs_most_of_many_messages_is_believed(engine):
    arrive(engine)

    def learned(*seen):
        with transaction(engine) as session:
            for signer in seen:
                messages.record_authserv_id(session, ONE, signer)
        with reading(engine) as session:
            assert messages.authserv_id(session, OTHER) is None
            return messages.authserv_id(session, ONE)

    assert learned("mx.forged.example") is None  # one message decides nothing
    assert learned("mx.example.org", "mx.example.org") is None
    assert learned("mx.example.org") == "mx.example.org"
    assert learned("mx.forged.example") == "mx.example.org"
    assert learned(None, None) is None  # where the provider signs nothing, a stranger's field would be the topmost


def test_two_programs_may_open_a_folder_for_the_first_time_at_once(engine):
    def contact(_):
        with transaction(engine) as session:
            return messages.record_contact(session, address=ONE, folder="INBOX", uidvalidity=7, now=NOW).last_uid

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(contact, range(4))) == [0, 0, 0, 0]
    with reading(engine) as session:
        assert session.scalar(select(func.count(Mailbox.id))) == 1


def test_no_query_for_a_message_walks_through_what_was_taken_in_before(tmp_path):
    """SQLite plans by rules; PostgreSQL by statistics, which a test's few rows do not give."""
    engine = open_database(f"sqlite:///{tmp_path}/pli.db")
    upgrade(engine)
    publish(engine, "backend")
    walks: set[str] = set()

    def look(connection, cursor, statement, parameters, context, many):
        if statement.startswith("SELECT"):
            steps = [row[-1] for row in cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)]
            walks.update(step for step in steps if _WALK.match(step))

    event.listen(engine, "before_cursor_execute", look)
    take_in(engine, understanding())
    engine.dispose()
    assert walks == set()
