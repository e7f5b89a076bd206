"""What needs a person is listed with its cause and its remedy, and each decision is taken once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from understandings import LEASE, NOW, ONE, arrive, attachment, claim, publish, raw, reference_of, take_in, understanding

from parsing.classify import Authentication, MailClass
from parsing.routing import Route
from storage import messages, outbox, triage, triage_list
from storage.applications import AcknowledgementPolicy, Stage, move, record, reroute
from storage.database import reading, transaction
from storage.messages import MessageState
from storage.outbox import Caps, Delivery
from storage.tables import Message
from storage.views import Share

HOLD = AcknowledgementPolicy(unverified="hold")


@pytest.fixture(autouse=True)
def offers(engine):
    publish(engine, "backend", "data")


def waiting(engine):
    with reading(engine) as session:
        return triage_list.triage(session)


def state(engine, item):
    with reading(engine) as session:
        row = session.get_one(Message, int(item.id[1:]))
        return row.state, row.cause


def hold(engine):
    take_in(engine, understanding(authentication=Authentication.NONE), policy=HOLD)


def send(engine, outcome, detail):
    due = outbox.claim_due(engine, owner="1", now=NOW, caps=Caps(), lease=LEASE)
    assert due is not None
    outbox.settle(engine, due, outcome=outcome, detail=detail, now=NOW)


def fail_message(engine):
    arrive(engine)
    for _ in range(messages.MAX_ATTEMPTS):
        message = claim(engine)
        with transaction(engine) as session:
            messages.record_failure(session, message, cause="the reader stopped", remedy="open it in the mailbox")


def test_where_nothing_waits_the_list_is_empty(engine):
    take_in(engine)
    assert waiting(engine) == []


def test_everything_that_needs_a_person_is_listed_oldest_first(engine):
    fail_message(engine)
    take_in(engine, understanding(mail_class=MailClass.UNSURE, offer=None), received_at=NOW - timedelta(hours=2))
    take_in(engine, understanding("Paul Roux", "paul@example.net", offer=None, certain=False), received_at=NOW - timedelta(hours=1))
    hold(engine)
    found = waiting(engine)
    assert [item.kind for item in found][:2] == ["message", "application"]
    assert sorted(item.kind for item in found) == ["application", "failure", "mail", "message"]
    assert [item.at for item in found] == sorted(item.at for item in found)
    assert all(item.at.utcoffset() == timedelta(0) for item in found)
    assert all(item.cause and item.id in item.remedy for item in found if item.kind != "failure")


def test_a_failure_is_shown_with_cause_and_remedy(engine):
    fail_message(engine)
    [item] = waiting(engine)
    assert (item.kind, item.mailbox, item.cause, item.remedy) == ("failure", ONE, "the reader stopped", "open it in the mailbox")


@pytest.mark.parametrize(
    ("facts", "cause"),
    [({"offer": None, "certain": False}, "no offer of ours fits"), ({"offer": "data", "certain": False}, "several offers fit")],
)
def test_an_application_without_a_sure_offer_waits_until_a_person_names_one(engine, facts, cause):
    reference = reference_of(take_in(engine, understanding(**facts)))
    [item] = waiting(engine)
    assert (item.id, item.kind, item.cause, item.author, item.subject) == (
        reference,
        "application",
        cause,
        "lea.morin@example.net",
        "Léa Morin",
    )
    with transaction(engine) as session:
        reroute(session, reference, "backend", actor="camille", now=NOW)
    assert waiting(engine) == []


def test_an_application_that_a_person_decided_waits_no_more(engine):
    reference = reference_of(take_in(engine, understanding(offer=None, certain=False)))
    with transaction(engine) as session:
        move(session, reference, Stage.WITHDRAWN, note=None, actor="camille", now=NOW)
    assert waiting(engine) == []


def test_mails_of_ours_that_wait_are_shown_with_what_keeps_them(engine):
    hold(engine)
    for number, (outcome, detail) in enumerate(
        ((Delivery.FAILED, "550 no such user"), (Delivery.UNKNOWN, "no answer"), (Delivery.SENT, ""))
    ):
        take_in(engine, understanding(f"Personne {number}", f"{number}@example.net", attachments=(attachment(str(number)),)))
        send(engine, outcome, detail)
    found = sorted(waiting(engine), key=lambda item: int(item.id[1:]))
    assert [item.cause for item in found] == ["held: unverified", "failed: 550 no such user", "unknown: no answer"]
    assert [words in item.remedy for item, words in zip(found, ("--send", "pli retry", "may have arrived"), strict=True)] == [True] * 3
    assert all(item.reference for item in found)


def test_a_mail_over_a_cap_is_shown_and_others_in_line_are_not(engine):
    for number in range(2):
        take_in(engine, understanding(f"Personne {number}", f"{number}@example.net", attachments=(attachment(str(number)),)))
    caps = Caps(per_hour=1)
    assert waiting(engine) == []
    due = outbox.claim_due(engine, owner="1", now=NOW, caps=caps, lease=LEASE)
    assert due is not None
    outbox.record_data(engine, due, NOW)
    assert outbox.claim_due(engine, owner="1", now=NOW, caps=caps, lease=LEASE) is None
    [item] = waiting(engine)
    assert (item.kind, item.cause) == ("mail", "queued: max_per_hour")
    assert "raise the cap" in item.remedy


def test_a_message_that_waits_can_be_taken_in_for_the_offer_a_person_names(engine):
    take_in(engine, understanding(mail_class=MailClass.UNSURE, offer=None))
    [item] = waiting(engine)
    message = triage.claim_message(engine, int(item.id[1:]), owner="1", now=NOW, lease=LEASE)
    assert message is not None
    assert message.attempts == 1
    with transaction(engine) as session:
        assert record(session, message, understanding(offer="data"), policy=AcknowledgementPolicy(), now=NOW).outcome == "application"
    assert waiting(engine) == []
    assert triage.claim_message(engine, message.id, owner="1", now=NOW, lease=LEASE) is None
    with reading(engine) as session:
        assert session.scalar(select(Message.cause)) is None


def test_people_who_decide_at_the_same_moment_decide_once(engine):
    take_in(engine, understanding(mail_class=MailClass.UNSURE))
    number = int(waiting(engine)[0].id[1:])
    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(lambda owner: triage.claim_message(engine, number, owner=owner, now=NOW, lease=LEASE), "1234"))
    assert len([message for message in taken if message]) == 1


def test_what_a_person_puts_away_stays_away_and_says_who_did(engine):
    fail_message(engine)
    take_in(engine, understanding(mail_class=MailClass.UNSURE))
    items = waiting(engine)
    for item in items:
        with transaction(engine) as session:
            triage.ignore_message(session, int(item.id[1:]), actor="camille")
    assert waiting(engine) == []
    assert [state(engine, item) for item in items] == [(MessageState.IGNORED, "put away by camille")] * 2
    with transaction(engine) as session:
        assert messages.requeue_failed(session) == 0


def test_what_does_not_wait_cannot_be_decided(engine):
    arrive(engine, raw())
    for number in (1, 4711):
        with pytest.raises(LookupError, match=f"m{number} is not waiting"), transaction(engine) as session:
            triage.ignore_message(session, number, actor="camille")
        assert triage.claim_message(engine, number, owner="1", now=NOW, lease=LEASE) is None
    for decide in (triage.ignore_mail, lambda session, number: triage.release_mail(session, number, now=NOW)):
        with pytest.raises(LookupError, match="o4711 is not waiting"), transaction(engine) as session:
            decide(session, 4711)


REASONS = ("perhaps: supposed_cv: scan.pdf; recipient: recrutement@example.org; asks_after: le poste est-il pourvu",)


def unsure(**understood):
    given: dict[str, Any] = {"offer": "data", "certain": False, "refusals": ("not_an_application", "list")}
    facts = understanding(mail_class=MailClass.UNSURE, **given | understood)
    return replace(facts, verdict=replace(facts.verdict, reasons=REASONS))


def test_what_pli_is_not_sure_of_is_shown_with_both_readings_and_the_offers_that_fit(engine):
    take_in(engine, unsure(route=Route("data", certain=False, alternatives=("backend",))))
    [item] = waiting(engine)
    assert item.speaks_for == (("supposed_cv", "scan.pdf"), ("recipient", "recrutement@example.org"))
    assert item.speaks_against == (("asks_after", "le poste est-il pourvu"), ("list", ""), ("no_words", ""), ("no_offer", ""))
    assert item.offers == ("data", "backend")
    assert item.withheld == ("list",), "why it would not be answered if it were taken in"


def test_the_share_of_what_pli_was_not_sure_of_counts_what_was_decided_since(engine):
    take_in(engine)
    take_in(engine, understanding(mail_class=MailClass.OTHER))
    for _ in range(2):
        take_in(engine, unsure(email="paul@example.net"))
    with reading(engine) as session:
        assert triage_list.share_of_unsure(session) == Share(unsure=2, total=4)
    first, second = waiting(engine)
    message = triage.claim_message(engine, int(first.id[1:]), owner="1", now=NOW, lease=LEASE)
    assert message is not None
    with transaction(engine) as session:
        record(session, message, understanding("Paul Roux", "paul@example.net"), policy=AcknowledgementPolicy(), now=NOW, decided=True)
        triage.ignore_message(session, int(second.id[1:]), actor="camille")
    with reading(engine) as session:
        assert triage_list.share_of_unsure(session).ratio == 0.5


def test_of_nothing_the_share_is_nothing(engine):
    with reading(engine) as session:
        assert triage_list.share_of_unsure(session).ratio == 0
