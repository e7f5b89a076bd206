"""What a message becomes: an application, news of one, a copy, or something for a person."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from understandings import (
    NOW,
    ONE,
    OTHER,
    arrive,
    attachment,
    claim,
    publish,
    raw,
    reference_of,
    take_in,
    understanding,
)

from parsing.attachment import Role
from parsing.classify import Authentication, MailClass
from parsing.profile import Fact, Profile
from parsing.routing import Route
from parsing.understand import Applicant
from storage import outbox, queries, triage_list
from storage.applications import AcknowledgementPolicy, EventKind, Stage, move, record, reroute
from storage.database import reading, transaction
from storage.messages import MessageState
from storage.outbox import Caps, Delivery
from storage.tables import Message, Outgoing

POLICY = AcknowledgementPolicy()
LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def offers(engine):
    publish(engine, "backend", "data")


def applications(engine):
    with reading(engine) as session:
        return queries.applications(session)


def only(engine):
    """Return the one application there is."""
    [view] = applications(engine)
    with reading(engine) as session:
        return queries.show(session, view.reference)


def kinds(engine):
    """Return the history of the one application."""
    return [event.kind for event in only(engine).history]


def last_message(engine):
    """Return state and cause of the message that came last."""
    with reading(engine) as session:
        row = session.scalars(select(Message).order_by(Message.id.desc())).first()
        assert row is not None
        return row.state, row.cause, row.remedy


def outgoing(engine):
    with reading(engine) as session:
        return [(row.recipient, row.state, row.reason) for row in session.scalars(select(Outgoing).order_by(Outgoing.id))]


def send_acknowledgement(engine, message_id="<ours@example.org>"):
    due = outbox.claim_due(engine, owner="1", now=NOW, caps=Caps(), lease=timedelta(minutes=15))
    assert due is not None
    outbox.record_data(engine, due, NOW, frozen=(message_id, b"thank you"))
    outbox.settle(engine, due, outcome=Delivery.SENT, detail="", now=NOW)


def reply(**given):
    return understanding(mail_class=MailClass.REPLY, **{"offer": None, "certain": False, "attachments": ()} | given)


def test_an_application_is_stored_with_all_that_it_says(engine):
    recorded = take_in(engine, understanding(body="Bonjour, me voici.", subject="Candidature"), received_at=NOW - timedelta(minutes=5))
    assert recorded.outcome == "application"
    detail = only(engine)
    view = detail.application
    assert (view.reference, view.offer, view.offer_certain, view.stage) == (recorded.reference, "backend", True, "received")
    assert (view.name, view.email, view.phone) == ("Léa Morin", "lea.morin@example.net", "+33639981234")
    assert (view.received_at, view.last_contact_at, view.acknowledged_at) == (NOW - timedelta(minutes=5),) * 2 + (None,)
    assert (view.mailboxes, view.messages, view.words, view.flags) == ((ONE,), 1, "Bonjour, me voici.", ())
    [document] = view.documents
    assert (document.filename, document.role, document.pages, document.language, document.problems) == ("cv.pdf", "cv", 2, "fr", ())
    assert detail.texts == (("cv.pdf", "CV de Léa Morin"),)
    assert view.profile["basics"]["name"] == "Léa Morin"
    [message] = detail.messages
    assert (message.mail_class, message.subject, message.understanding["reasons"]) == ("application", "Candidature", ["made by hand"])
    [event] = detail.history
    assert (event.kind, event.at, event.actor) == ("received", NOW, "lea.morin@example.net")
    assert outgoing(engine) == [("lea.morin@example.net", "queued", None)]
    assert last_message(engine)[0] == MessageState.DONE


def test_the_same_content_in_two_mailboxes_is_one_application_and_is_answered_once(engine):
    facts = understanding()
    first = take_in(engine, facts, mailbox=ONE)
    second = take_in(engine, facts, mailbox=OTHER)
    assert (second.outcome, second.reference) == ("copy", first.reference)
    detail = only(engine)
    assert (detail.application.mailboxes, detail.application.messages) == ((ONE, OTHER), 2)
    assert kinds(engine) == ["received", "copy"]
    assert detail.history[1].data == {"mailbox": OTHER}
    assert len(outgoing(engine)) == 1
    assert len(detail.application.documents) == 1


def test_a_new_message_of_the_same_person_for_the_same_offer_is_an_update(engine):
    take_in(engine, understanding())
    letter = attachment("Une lettre", Role.COVER_LETTER, "lettre.pdf")
    recorded = take_in(engine, understanding(attachments=(attachment("CV de Léa Morin"), letter)), received_at=LATER)
    assert recorded.outcome == "updated"
    detail = only(engine)
    assert [document.filename for document in detail.application.documents] == ["cv.pdf", "lettre.pdf"]
    assert (kinds(engine), detail.history[1].data) == (["received", "updated"], {"documents": ["lettre.pdf"]})
    assert (detail.application.received_at, detail.application.last_contact_at) == (NOW, LATER)
    assert len(outgoing(engine)) == 1


def test_a_new_message_without_news_is_a_reply(engine):
    take_in(engine, understanding())
    take_in(engine, understanding())
    assert kinds(engine) == ["received", "reply"]


def test_an_older_message_that_comes_late_does_not_turn_the_last_contact_back(engine):
    take_in(engine, understanding())
    take_in(engine, understanding(), received_at=NOW - timedelta(days=2))
    assert only(engine).application.last_contact_at == NOW


def test_the_same_person_for_another_offer_is_another_application(engine):
    take_in(engine, understanding())
    take_in(engine, understanding(offer="data"))
    assert [view.offer for view in applications(engine)] == ["backend", "data"]
    assert {view.email for view in applications(engine)} == {"lea.morin@example.net"}
    assert len(outgoing(engine)) == 2


def test_another_person_of_the_same_name_is_another_application(engine):
    take_in(engine, understanding())
    other = Profile(name=Fact("Léa Morin", "Léa Morin", "cv"))
    take_in(engine, understanding(email="lea@other.example", attachments=(attachment("another CV"),), profile=other))
    assert [view.email for view in applications(engine)] == ["lea.morin@example.net", "lea@other.example"]
    assert [[double.evidence for double in view.doubles] for view in applications(engine)] == [[(("name", "Léa Morin"),)]] * 2


def test_the_same_cv_from_another_address_is_shown_and_not_merged(engine):
    take_in(engine, understanding())
    take_in(engine, understanding(email="lea@other.example"))
    assert ["possible_double" in view.flags for view in applications(engine)] == [True, True]


def test_an_application_whose_offer_cannot_be_told_joins_the_latest_or_waits_without_one(engine):
    unrouted = take_in(engine, understanding(offer=None, certain=False))
    assert only(engine).application.flags == ("offer_unknown",)
    assert take_in(engine, understanding(offer=None, certain=False)).reference == unrouted.reference
    assert take_in(engine, understanding(offer="data", certain=False)).reference == unrouted.reference
    assert len(applications(engine)) == 1


def test_what_was_decided_is_over_and_a_new_message_begins_something_new(engine):
    first = take_in(engine, understanding())
    with transaction(engine) as session:
        move(session, reference_of(first), Stage.DECLINED, note=None, actor="camille", now=NOW)
    second = take_in(engine, understanding(offer="data", certain=False))
    assert (second.outcome, second.reference == first.reference) == ("application", False)
    assert [view.offer for view in applications(engine)] == ["backend", "data"]


def test_an_offer_that_fits_several_joins_an_undecided_application_for_one_of_them(engine):
    first = take_in(engine, understanding(offer="data"))
    again = understanding(route=Route("backend", certain=False, alternatives=("data",)))
    assert take_in(engine, again).reference == first.reference


def test_another_offer_that_is_not_among_those_that_fit_is_another_application(engine):
    take_in(engine, understanding(offer="data"))
    assert take_in(engine, understanding(offer="backend", certain=False)).outcome == "application"


def test_another_persons_cv_in_a_known_conversation_is_their_own_application(engine):
    first = take_in(engine, understanding(message_id="<first@example.net>"))
    other = reply(
        name="Bob Durand", email="bob@example.net", references=("<first@example.net>",), attachments=(attachment("CV de Bob"),),
        offer="backend", certain=True,
    )  # fmt: skip
    assert take_in(engine, other).outcome == "application"
    assert [view.name for view in applications(engine)] == ["Léa Morin", "Bob Durand"]
    with reading(engine) as session:
        assert len(queries.show(session, reference_of(first)).messages) == 1


def test_another_persons_cv_from_a_known_address_is_a_persons_decision(engine):
    take_in(engine, understanding("Léa Morin", "famille.morin@example.net"))
    facts = understanding("Paul Morin", "famille.morin@example.net")
    assert take_in(engine, facts).outcome == "triage"
    assert "not that of Léa Morin" in (last_message(engine)[1] or "")
    assert only(engine).application.name == "Léa Morin"
    arrive(engine, raw())
    with transaction(engine) as session:
        record(session, claim(engine), replace(facts, content_key="other"), policy=POLICY, now=NOW, decided=True)
    assert [(view.name, view.email) for view in applications(engine)] == [
        ("Léa Morin", "famille.morin@example.net"),
        ("Paul Morin", "famille.morin@example.net"),
    ]


def test_a_message_that_failed_authentication_changes_no_fact_and_is_flagged(engine):
    take_in(engine, understanding())
    forged = understanding(authentication=Authentication.FAIL, attachments=(attachment("a forged CV"),))
    forged = replace(forged, profile=Profile(name=forged.profile.name, phone=None, email=None))
    before = only(engine).application.profile
    assert take_in(engine, forged).outcome == "updated"
    view = only(engine).application
    assert view.profile == before
    assert "authentication_failed" in view.flags


def test_a_forward_that_told_no_address_and_the_persons_own_mail_are_one_application(engine):
    forward = understanding(email=None, author=ONE, mail_class=MailClass.FORWARDED_APPLICATION)
    first = take_in(engine, forward)
    assert take_in(engine, understanding()).reference == first.reference
    assert only(engine).application.email == "lea.morin@example.net"


def test_a_receipt_names_no_file_that_somebody_else_handed_in(engine):
    secret = attachment("Avis défavorable", Role.OTHER, "Avis défavorable Léa Morin.pdf")
    forward = understanding(
        author=ONE, mail_class=MailClass.FORWARDED_APPLICATION, attachments=(attachment(filename="scan-17.pdf"), secret)
    )
    take_in(engine, forward)
    take_in(engine, understanding(attachments=(attachment(filename="CV Léa.pdf"),)))
    with reading(engine) as session:
        [(application, message)] = session.execute(select(Outgoing.application_id, Outgoing.about_message_id)).all()
        assert application is not None
        facts = queries.acknowledgement_facts(session, application, message)
    assert [document.filename for document in facts.documents] == ["CV Léa.pdf"]
    assert len(only(engine).application.documents) == 2


@pytest.mark.parametrize("count", [2, 6])
def test_threads_that_record_copies_at_the_same_moment_make_one_application(engine, count):
    facts = understanding()
    for number in range(count):
        arrive(engine, raw(mailbox=(ONE, OTHER)[number % 2]))
    hands = [claim(engine, owner=str(number)) for number in range(count)]

    def settle(message):
        with transaction(engine) as session:
            return record(session, message, facts, policy=POLICY, now=NOW).outcome

    with ThreadPoolExecutor(count) as pool:
        assert sorted(pool.map(settle, hands)) == ["application"] + ["copy"] * (count - 1)
    assert len(outgoing(engine)) == 1


@pytest.mark.parametrize(
    ("facts", "outcomes"),
    [
        ({}, ["application", "updated", "updated", "updated"]),  # one person writes four mails
        ({"email": None, "author": ONE, "mail_class": MailClass.FORWARDED_APPLICATION}, ["application", "updated", "updated", "updated"]),
    ],
)
def test_threads_that_record_mails_of_one_person_at_the_same_moment_make_one_application(engine, facts, outcomes):
    hands = []
    for number in range(4):
        arrive(engine)
        hands.append(claim(engine, owner=str(number)))

    def settle(message):
        with transaction(engine) as session:
            return record(session, message, understanding(**facts), policy=POLICY, now=NOW).outcome

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(settle, hands)) == outcomes
    assert len(applications(engine)) == 1


def test_recording_what_was_recorded_changes_nothing(engine):
    arrive(engine)
    message, facts = claim(engine), understanding()
    for outcome in ("application", "ignored"):
        with transaction(engine) as session:
            assert record(session, message, facts, policy=POLICY, now=NOW).outcome == outcome
    assert kinds(engine) == ["received"]


def test_what_fails_half_way_leaves_nothing(engine):
    arrive(engine)
    message = claim(engine)
    with pytest.raises(ZeroDivisionError), transaction(engine) as session:
        assert 1 / (record(session, message, understanding(), policy=POLICY, now=NOW).outcome != "application")
    assert (applications(engine), outgoing(engine), last_message(engine)[0]) == ([], [], MessageState.WORKING)


def test_a_reply_joins_the_application_of_its_conversation_whoever_writes(engine):
    one = take_in(engine, understanding(message_id="<first@example.net>"))
    take_in(engine, understanding("Paul Roux", "paul@example.net"))
    mine = reply(references=("<unknown@example.net>", "<first@example.net>"))
    others = reply(name="Paul Roux", email="paul@example.net", references=("<first@example.net>",))
    assert take_in(engine, mine).reference == take_in(engine, others).reference == one.reference
    with reading(engine) as session:
        events = queries.show(session, reference_of(one)).history
    assert [event.data.get("other_sender", False) for event in events if event.kind == "reply"] == [False, True]


def test_a_reply_to_our_acknowledgement_joins_its_application(engine):
    one = take_in(engine, understanding())
    send_acknowledgement(engine)
    answer = reply(name="Léa privée", email="lea@home.example", references=("<ours@example.org>",))
    assert take_in(engine, answer).reference == one.reference
    assert len(applications(engine)) == 1


def test_a_reply_without_a_conversation_joins_the_application_of_its_person(engine):
    take_in(engine, understanding())
    latest = take_in(engine, understanding(offer="data"))
    assert take_in(engine, reply()).reference == latest.reference


def test_a_reply_to_nothing_known_goes_to_a_person(engine):
    recorded = take_in(engine, reply(name="Paul Roux", email="paul@example.net"))
    assert (recorded.outcome, recorded.reference) == ("triage", None)
    state, cause, remedy = last_message(engine)
    assert (state, cause) == (MessageState.TRIAGE, "a reply that belongs to no application pli knows")
    assert "pli triage m" in remedy
    assert applications(engine) == []
    assert outgoing(engine) == []


def test_a_reply_to_nothing_known_with_a_cv_is_an_application(engine):
    recorded = take_in(engine, reply(attachments=(attachment(),), offer="backend", certain=True))
    assert recorded.outcome == "application"


def test_a_copy_of_what_waits_for_a_person_waits_with_it(engine):
    facts = reply(name="Paul Roux", email="paul@example.net")
    take_in(engine, facts, mailbox=ONE)
    assert take_in(engine, facts, mailbox=OTHER).outcome == "copy"
    with reading(engine) as session:
        assert len(triage_list.triage(session)) == 1


def test_a_cv_that_comes_later_completes_the_person_and_the_profile(engine):
    nameless = understanding(attachments=(), profile=Profile())
    take_in(engine, replace(nameless, applicant=Applicant(None, "lea.morin@example.net")))
    assert only(engine).application.flags == ("no_cv",)
    take_in(engine, reply(attachments=(attachment(),)))
    view = only(engine).application
    assert (view.name, view.phone, view.flags) == ("Léa Morin", "+33639981234", ())
    assert view.profile["basics"]["phone"] == "+33639981234"


def test_a_later_cv_does_not_rename_a_person(engine):
    take_in(engine, understanding())
    other = understanding("L. M.", profile=Profile(name=None, phone=None), attachments=(attachment("a new CV"),))
    take_in(engine, other)
    view = only(engine).application
    assert (view.name, view.phone) == ("Léa Morin", "+33639981234")


def test_a_bounce_is_noted_with_its_application(engine):
    take_in(engine, understanding())
    send_acknowledgement(engine)
    bounce = understanding("Mailer", "mailer@example.net", mail_class=MailClass.BOUNCE, bounced=("<ours@example.org>",), attachments=())
    take_in(engine, bounce, mailbox=ONE)
    take_in(engine, bounce, mailbox=OTHER)  # the same report in the other mailbox is no second bounce
    assert kinds(engine) == ["received", "acknowledged", "bounced", "copy"]
    assert "bounced" in only(engine).application.flags
    assert only(engine).history[2].data == {"recipient": "lea.morin@example.net"}


def test_a_bounce_of_nothing_of_ours_is_ignored(engine):
    assert take_in(engine, understanding(mail_class=MailClass.BOUNCE, bounced=("<not.ours@example.org>",))).outcome == "ignored"


def test_a_digest_that_comes_back_goes_to_a_person(engine):
    with transaction(engine) as session:
        outbox.enqueue(session, outbox.Notice(key=f"digest:{ONE}:2026-11-24", kind="digest", recipient=ONE, language="fr"), now=NOW)
    send_acknowledgement(engine, "<digest@example.org>")
    recorded = take_in(engine, understanding(mail_class=MailClass.BOUNCE, bounced=("<digest@example.org>",), attachments=()))
    assert recorded.outcome == "triage"
    assert f"the digest to {ONE} came back" in str(last_message(engine)[1])


def test_what_pli_cannot_tell_goes_to_a_person_and_the_rest_is_kept_with_its_reasons(engine):
    assert take_in(engine, understanding(mail_class=MailClass.UNSURE)).outcome == "triage"
    assert take_in(engine, understanding(mail_class=MailClass.LIST_OR_NEWSLETTER)).outcome == "ignored"
    with reading(engine) as session:
        row = session.scalars(select(Message).order_by(Message.id.desc())).first()
        assert row is not None
        assert (row.mail_class, (row.understanding or {})["reasons"]) == ("list_or_newsletter", ["made by hand"])


@pytest.mark.parametrize(
    ("facts", "arrival", "policy", "reasons"),
    [
        ({"refusals": ("auto_submitted", "precedence")}, {}, POLICY, ["auto_submitted", "precedence"]),
        ({"mail_class": MailClass.FORWARDED_APPLICATION, "author": ONE}, {}, POLICY, ["forwarded"]),
        ({"email": None, "author": ONE}, {}, POLICY, ["no_address"]),
        ({"authentication": Authentication.FAIL}, {}, POLICY, ["authentication_failed"]),
        ({"authentication": Authentication.FAIL}, {}, AcknowledgementPolicy(unverified="hold"), ["authentication_failed"]),
        ({}, {"backlog": True}, POLICY, ["backlog"]),
        ({}, {"received_at": NOW - timedelta(days=7, seconds=1)}, POLICY, ["too_old"]),
    ],
)
def test_each_reason_not_to_answer_is_kept_by_name(engine, facts, arrival, policy, reasons):
    assert take_in(engine, understanding(**facts), policy=policy, **arrival).outcome == "application"
    assert outgoing(engine) == []
    [withheld] = [event for event in only(engine).history if event.kind == EventKind.ACKNOWLEDGEMENT_WITHHELD]
    assert withheld.data == {"reasons": reasons}
    assert {"not_acknowledged", "authentication_failed"} & set(only(engine).application.flags)


@pytest.mark.parametrize(
    ("facts", "arrival", "policy", "state"),
    [
        ({}, {"backlog": True}, AcknowledgementPolicy(backlog=True), ("queued", None)),
        ({}, {"received_at": NOW - timedelta(days=7)}, POLICY, ("queued", None)),
        ({"authentication": Authentication.NONE}, {}, POLICY, ("queued", None)),
        ({"authentication": Authentication.NONE}, {}, AcknowledgementPolicy(unverified="hold"), ("held", "unverified")),
        ({"authentication": Authentication.PASS}, {}, AcknowledgementPolicy(unverified="hold"), ("queued", None)),
    ],
)
def test_whoever_may_be_answered_is(engine, facts, arrival, policy, state):
    take_in(engine, understanding(**facts), policy=policy, **arrival)
    assert outgoing(engine) == [("lea.morin@example.net", *state)]


def test_a_later_message_may_be_answered_when_the_first_could_not(engine):
    take_in(engine, understanding(refusals=("auto_submitted",)))
    take_in(engine, understanding())
    take_in(engine, understanding())
    assert len(outgoing(engine)) == 1


def test_a_persons_decisions_stand_in_the_history(engine):
    reference = reference_of(take_in(engine, understanding()))
    with transaction(engine) as session:
        assert move(session, reference, Stage.INTERVIEW, note="mardi", actor="camille", now=LATER) == Stage.RECEIVED
        assert move(session, f" {reference.lower()} ", Stage.HIRED, note=None, actor="camille", now=LATER) == Stage.INTERVIEW
        reroute(session, reference, "data", actor="camille", now=LATER)
    detail = only(engine)
    assert (detail.application.stage, detail.application.offer) == ("hired", "data")
    assert [(event.kind, event.actor, event.at, event.data) for event in detail.history[1:]] == [
        ("moved", "camille", LATER, {"from": "received", "to": "interview", "note": "mardi"}),
        ("moved", "camille", LATER, {"from": "interview", "to": "hired", "note": None}),
        ("rerouted", "camille", LATER, {"offer": "data"}),
    ]


def test_decisions_that_cannot_be_are_refused_in_a_sentence(engine):
    one = reference_of(take_in(engine, understanding()))
    unrouted = reference_of(take_in(engine, understanding("Paul Roux", "paul@example.net", offer=None, certain=False)))
    two = reference_of(take_in(engine, understanding("Paul Roux", "paul@example.net", offer="data")))
    for decide, words in (
        (lambda session: move(session, "AAAA-AAAA", Stage.HIRED, note=None, actor="camille", now=NOW), "no application AAAA-AAAA"),
        (lambda session: reroute(session, one, "nowhere", actor="camille", now=NOW), "no offer nowhere"),
        (lambda session: reroute(session, unrouted, "data", actor="camille", now=NOW), f"already: {two}; `pli merge {two} {unrouted}`"),
    ):
        with pytest.raises(LookupError, match=words), transaction(engine) as session:
            decide(session)
