"""Two applications made one by a person, and taken apart again: nothing is lost, told twice or answered twice, whoever works meanwhile."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from understandings import LEASE, NOW, ONE, arrive, attachment, claim, publish, reference_of, take_in, understanding

from parsing.classify import MailClass
from parsing.profile import Profile
from storage import digests, doubles, outbox, queries, triage_list
from storage.acknowledgements import AcknowledgementPolicy
from storage.applications import Stage, move, record
from storage.database import reading, transaction
from storage.merging import Merged, merge
from storage.outbox import Caps, Delivery
from storage.references import required
from storage.splitting import Split, split, split_person
from storage.tables import Application, Candidate, Digest, Document, Message, Outgoing

LEA, HOME = "lea.morin@example.net", "lea@home.example"
CV, LETTER = attachment("CV de Léa Morin"), attachment("Une lettre", filename="lettre.pdf")
LATER = NOW + timedelta(hours=1)
POLICY = AcknowledgementPolicy()


@pytest.fixture(autouse=True)
def offers(engine):
    publish(engine, "backend", "data")


@pytest.fixture
def pair(engine):
    """Léa's application, and one that she sent an hour later from home with the same CV."""
    first = take_in(engine, understanding(message_id="<1@example.net>"))
    second = take_in(
        engine, understanding(email=HOME, attachments=(CV, LETTER), message_id="<2@example.net>"), received_at=LATER, now=LATER
    )
    return reference_of(first), reference_of(second)


def join(engine, one, other, note=None):
    with transaction(engine) as session:
        return merge(session, one, other, actor="camille", note=note, now=LATER)


def take_apart(engine, reference, *messages, addresses=(), note=None):
    with transaction(engine) as session:
        return split(session, reference, messages=messages, addresses=addresses, actor="camille", note=note, now=LATER)


def applications(engine):
    with reading(engine) as session:
        return queries.applications(session)


def show(engine, reference):
    with reading(engine) as session:
        return queries.show(session, reference)


def mails(engine):
    with reading(engine) as session:
        return {row.recipient: row.state for row in session.scalars(select(Outgoing).where(Outgoing.kind == "acknowledgement"))}


def due(engine, owner="1", now=LATER):
    return outbox.claim_due(engine, owner=owner, now=now, caps=Caps(), lease=LEASE)


def deliver(engine, mail, outcome=Delivery.SENT, now=LATER):
    """Give one mail away as the drain does; False when the fence stopped it."""
    given = outbox.record_data(engine, mail, now, frozen=(f"<{mail.id}@example.org>", b"thank you"))
    if given:
        outbox.settle(engine, mail, outcome=outcome, detail="", now=now)
    return given


def deliver_all(engine):
    sent = []
    while (mail := due(engine)) is not None:
        assert deliver(engine, mail)
        sent.append(mail.notice.recipient)
    return sent


def test_all_of_the_second_is_in_the_first_and_its_reference_leads_there(engine, pair):
    one, other = pair
    assert join(engine, one, other, "même personne") == Merged(one, (other,))
    detail = show(engine, other)
    view = detail.application
    assert view.reference == one
    assert [each.reference for each in applications(engine)] == [one]
    assert (view.former_references, view.email, view.emails) == ((other,), LEA, tuple(sorted((LEA, HOME))))
    assert (view.messages, view.received_at, view.last_contact_at) == (2, NOW, LATER)
    assert [document.filename for document in view.documents] == ["cv.pdf", "lettre.pdf"]
    assert [event.kind for event in detail.history] == ["received", "received", "merged"]
    assert (detail.history[-1].actor, detail.history[-1].at) == ("camille", LATER)
    assert detail.history[-1].data == {"reference": other, "stage": "received", "note": "même personne"}
    assert (view.doubles, view.flags) == ((), ())
    assert take_in(engine, understanding(email=HOME, attachments=())).reference == one


def test_it_is_done_once_however_often_and_in_whatever_order_it_is_asked_for(engine, pair):
    one, other = pair
    join(engine, one, other)
    before = show(engine, one)
    for again in ((one, other), (other, one), (one, one)):
        assert join(engine, *again).changed is False
    assert show(engine, one) == before


@pytest.mark.parametrize("both", [((0, 1), (0, 1)), ((0, 1), (1, 0))])
def test_two_people_who_merge_at_the_same_moment_merge_once(engine, pair, both):
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda order: join(engine, pair[order[0]], pair[order[1]]), both))
    assert sorted(each.changed for each in done) == [False, True]
    assert len(applications(engine)) == 1
    assert show(engine, pair[0]).application.reference == show(engine, pair[1]).application.reference


def test_what_fails_half_way_leaves_both_as_they_were(engine, pair):
    before = applications(engine)
    with pytest.raises(ZeroDivisionError), transaction(engine) as session:
        assert 1 / (not merge(session, *pair, actor="camille", note=None, now=LATER).changed)
    assert applications(engine) == before


@pytest.mark.parametrize(
    ("first", "second", "stage"),
    [
        (Stage.RECEIVED, Stage.INTERVIEW, "interview"),
        (Stage.IN_REVIEW, Stage.DECLINED, "in_review"),
        (Stage.HIRED, Stage.RECEIVED, "hired"),
    ],
)
def test_the_stage_is_the_firsts_unless_only_the_second_was_moved(engine, pair, first, second, stage):
    for reference, to in zip(pair, (first, second), strict=True):
        with transaction(engine) as session:
            move(session, reference, to, note=None, actor="camille", now=NOW)
    join(engine, *pair)
    assert show(engine, pair[0]).application.stage == stage


def test_one_application_gets_one_acknowledgement(engine, pair):
    join(engine, *pair)
    assert deliver_all(engine) == [LEA]
    assert mails(engine) == {LEA: "sent", HOME: "cancelled"}
    take_in(engine, understanding(email=HOME))
    take_in(engine, understanding())
    assert deliver_all(engine) == []
    with reading(engine) as session:
        assert triage_list.triage(session) == []


def test_an_answer_that_is_on_its_way_is_the_one_that_counts(engine, pair):
    mine, theirs = due(engine), due(engine)
    assert theirs is not None
    assert mine is not None
    outbox.settle(engine, mine, outcome=Delivery.QUEUED, detail="451 later", now=LATER)
    outbox.record_data(engine, theirs, LATER)
    join(engine, *pair)
    outbox.settle(engine, theirs, outcome=Delivery.SENT, detail="", now=LATER)
    assert mails(engine) == {LEA: "cancelled", HOME: "sent"}
    view = show(engine, pair[0]).application
    assert view.acknowledged_at == LATER
    assert due(engine, now=LATER + timedelta(days=1)) is None


def test_an_answer_of_the_second_that_is_in_hand_is_stopped_before_it_leaves(engine, pair):
    deliver(engine, due(engine))
    theirs = due(engine)
    assert theirs is not None
    join(engine, *pair)
    assert deliver(engine, theirs) is False
    assert mails(engine) == {LEA: "sent", HOME: "cancelled"}


def test_where_the_first_was_not_answered_the_second_is_and_nobody_else(engine):
    one = reference_of(take_in(engine, understanding(refusals=("auto_submitted",))))
    other = reference_of(take_in(engine, understanding(email=HOME)))
    mail = due(engine)
    assert mail is not None
    join(engine, one, other)
    with reading(engine) as session:
        facts = queries.acknowledgement_facts(session, mail.notice.application_id or 0, mail.notice.about_message_id)
    assert (facts.reference, facts.message_id is None) == (one, False)
    assert deliver(engine, mail)
    take_in(engine, understanding())
    assert deliver_all(engine) == []
    assert mails(engine) == {HOME: "sent"}


def test_a_worker_that_records_meanwhile_loses_nothing(engine, pair):
    for number in range(6):
        arrive(engine)
        facts = understanding(email=(LEA, HOME)[number % 2], attachments=(attachment(f"file {number}", filename=f"{number}.pdf"),))
        message = claim(engine, owner=str(number))
        start = threading.Barrier(2)

        def work(message=message, facts=facts, start=start):
            start.wait()
            with transaction(engine) as session:
                return record(session, message, facts, policy=POLICY, now=LATER).outcome

        with ThreadPoolExecutor(2) as pool:
            worker = pool.submit(work)
            start.wait()
            if number % 2:
                moved = [row.id for row in show(engine, pair[0]).messages if row.author == HOME]
                take_apart(engine, pair[0], addresses=(HOME,)) if moved else None
            else:
                join(engine, *pair)
            assert worker.result() == "updated"
        join(engine, *pair)
    view = show(engine, pair[0]).application
    assert view.messages == 8
    assert {f"{number}.pdf" for number in range(6)} <= {document.filename for document in view.documents}
    assert [state for state in mails(engine).values() if state in ("queued", "sent")] == ["queued"]


def test_a_move_waits_for_a_merger_and_follows_it(engine, pair):
    one, other = pair

    def decide():
        with transaction(engine) as second:
            return move(second, other, Stage.INTERVIEW, note=None, actor="dominique", now=LATER)

    with ThreadPoolExecutor(1) as pool:
        with transaction(engine) as session:
            merge(session, one, other, actor="camille", note=None, now=LATER)
            waiting = pool.submit(decide)
        assert waiting.result() == Stage.RECEIVED
    assert show(engine, one).application.stage == "interview"


def test_for_two_offers_the_person_is_one_and_the_applications_stay_two(engine):
    one = reference_of(take_in(engine, understanding()))
    other = reference_of(take_in(engine, understanding(email=HOME, offer="data")))
    assert join(engine, one, other) == Merged(one, (), beside=other)
    assert join(engine, one, other) == Merged(one, (), beside=other, changed=False)
    assert [(view.reference, view.emails) for view in applications(engine)] == [(one, (LEA, HOME)), (other, (LEA, HOME))]
    assert deliver_all(engine) == [LEA, HOME]
    with reading(engine) as session:
        assert len(session.scalars(select(Candidate)).all()) == 1
        assert triage_list.triage(session) == []


@pytest.mark.parametrize("named", ["the first", "the second"])
def test_two_people_who_were_put_together_by_mistake_are_two_again_with_their_names_and_addresses(engine, named):
    one = reference_of(take_in(engine, understanding()))
    other = reference_of(take_in(engine, understanding(email="bob@example.com", name="Bob Martin", offer="data")))
    before = [(view.reference, view.name, view.email, view.emails) for view in applications(engine)]
    join(engine, one, other)
    assert [view.email for view in applications(engine)] == [LEA, "bob@example.com"]  # nobody is written to at the other's address
    with transaction(engine) as session:
        done = split_person(session, one if named == "the first" else other, actor="camille", note=None, now=LATER)
    assert done == Split(other, one, ())
    assert [(view.reference, view.name, view.email, view.emails) for view in applications(engine)] == before
    with pytest.raises(LookupError, match="as a whole was not put to another person's"), transaction(engine) as session:
        split_person(session, other, actor="camille", note=None, now=LATER)
    assert queried_triage(engine) == []


def queried_triage(engine):
    with reading(engine) as session:
        return triage_list.triage(session)


def test_applications_of_both_for_a_third_offer_become_one_too(engine):
    one, kept = (reference_of(take_in(engine, understanding(offer=offer))) for offer in ("backend", "data"))
    other, joined = (reference_of(take_in(engine, understanding(email=HOME, offer=offer))) for offer in ("backend", "data"))
    assert join(engine, one, other).merged == (other, joined)
    assert show(engine, joined).application.reference == kept
    assert len(applications(engine)) == 2


def test_the_one_that_knows_its_offer_tells_it(engine):
    one = reference_of(take_in(engine, understanding(offer=None, certain=False)))
    other = reference_of(take_in(engine, understanding(email=HOME, offer="data")))
    join(engine, one, other)
    assert [(view.reference, view.offer, view.offer_certain) for view in applications(engine)] == [(one, "data", True)]


def test_what_is_not_there_is_said_in_a_sentence(engine, pair):
    for decide, words in (
        (lambda: join(engine, pair[0], "AAAA-AAAA"), "no application AAAA-AAAA"),
        (lambda: take_apart(engine, pair[0], 4711), f"m4711 is not in {pair[0]}; `pli show {pair[0]}`"),
        (lambda: take_apart(engine, pair[0], addresses=("x@y.example",)), "x@y.example is not in"),
        (lambda: take_apart(engine, pair[0], addresses=(LEA,)), "nothing would be left"),
    ):
        with pytest.raises(LookupError, match=words):
            decide()


class TestDigests:
    def told(self, engine, day):
        with transaction(engine) as session:
            digests.record_digest(session, recruiter=ONE, period=day, now=LATER)
        with reading(engine) as session:
            number = session.scalar(select(Digest.id).where(Digest.recruiter == ONE, Digest.period == day))
            view = digests.digest_view(session, recruiter=ONE, period=day, digest_id=number)
        new = [item.reference for section in view.sections for item in section.new]
        return new, [(news.application.reference, news.event.kind) for section in view.sections for news in section.updated]

    def test_each_event_is_told_once_before_and_after(self, engine):
        one = reference_of(take_in(engine, understanding()))
        assert self.told(engine, date(2026, 11, 24)) == ([one], [])
        other = reference_of(take_in(engine, understanding(email=HOME)))
        join(engine, one, other)
        # the second mail is news of an application that was told, and no new one
        assert self.told(engine, date(2026, 11, 25)) == ([], [(one, "received")])
        assert self.told(engine, date(2026, 11, 26)) == ([], [])

    def test_what_was_told_of_the_second_is_not_told_again(self, engine, pair):
        assert self.told(engine, date(2026, 11, 24)) == (list(pair), [])
        join(engine, *pair)
        assert self.told(engine, date(2026, 11, 25)) == ([], [])
        take_apart(engine, pair[0], addresses=(HOME,))
        assert self.told(engine, date(2026, 11, 26)) == ([], [])

    def test_a_suspicion_is_shown_to_whom_both_applications_concern(self, engine):
        publish(engine, "backend", recruiters=(ONE,))
        take_in(engine, understanding())
        take_in(engine, understanding(email=HOME, offer=None, certain=False, recipients=(ONE,)))
        with reading(engine) as session:
            assert [item.kind for item in digests.digest_view(session, recruiter=ONE, period=date(2026, 11, 24)).triage] == [
                "application",
                "double",
            ]
            assert digests.digest_view(session, recruiter="x@example.org", period=date(2026, 11, 24)).triage == ()


class TestSplit:
    def test_the_way_back_brings_reference_person_files_and_stage(self, engine, pair):
        one, other = pair
        with transaction(engine) as session:
            move(session, other, Stage.INTERVIEW, note=None, actor="camille", now=NOW)
        before = {view.reference: view for view in applications(engine)}
        join(engine, one, other)
        done = take_apart(engine, one, addresses=(HOME.upper(),), note="deux personnes")
        assert (done.reference, done.origin, done.changed) == (other, one, True)
        after = {view.reference: view for view in applications(engine)}
        for reference in pair:
            facts = (
                "email",
                "emails",
                "phone",
                "name",
                "messages",
                "received_at",
                "last_contact_at",
                "offer",
                "profile",
                "former_references",
            )
            for fact in facts:
                assert getattr(after[reference], fact) == getattr(before[reference], fact), fact
        assert after[other].stage == "interview"
        assert [document.filename for document in after[one].documents] == ["cv.pdf"]
        assert {document.filename for document in after[other].documents} == {"cv.pdf", "lettre.pdf"}
        for reference, way, target in ((one, "to", other), (other, "from", one)):
            event = next(event for event in show(engine, reference).history if event.kind == "split")
            assert event.data == {way: target, "messages": [f"m{done.messages[0]}"], "note": "deux personnes"}

    def test_it_is_done_once(self, engine, pair):
        join(engine, *pair)
        first = take_apart(engine, pair[0], addresses=(HOME,))
        again = (take_apart(engine, pair[0], addresses=(HOME,)), take_apart(engine, pair[0], *first.messages))
        assert [(done.reference, done.changed) for done in again] == [(pair[1], False)] * 2
        assert len(applications(engine)) == 2

    def test_it_answers_nobody_by_itself(self, engine, pair):
        join(engine, *pair)
        take_apart(engine, pair[0], addresses=(HOME,))
        assert deliver_all(engine) == [LEA]
        with reading(engine) as session:
            [item] = triage_list.triage(session)
        assert (item.kind, item.author, item.reference) == ("mail", HOME, pair[1])

    def test_nobody_is_asked_again_whether_the_two_are_one(self, engine, pair):
        join(engine, *pair)
        take_apart(engine, pair[0], addresses=(HOME,))
        take_in(engine, understanding(email=HOME, offer="data"))
        assert all(view.doubles == () for view in applications(engine))

    def test_a_message_that_pli_joined_gets_an_application_of_its_own(self, engine):
        one = reference_of(take_in(engine, understanding(message_id="<1@example.net>")))
        stranger = understanding(
            "Paul Roux",
            "paul@example.net",
            mail_class=MailClass.REPLY,
            references=("<1@example.net>",),
            profile=Profile(),
            attachments=(LETTER,),
        )
        take_in(engine, stranger, received_at=LATER)
        number = show(engine, one).messages[1].id
        done = take_apart(engine, one, number)
        view = show(engine, done.reference).application
        assert (view.email, view.name, view.offer, view.stage) == ("paul@example.net", "Paul Roux", "backend", "received")
        assert [document.filename for document in view.documents] == ["lettre.pdf"]
        assert (show(engine, one).application.messages, show(engine, one).application.last_contact_at) == (1, NOW)

    def test_two_at_once_take_apart_once(self, engine, pair):
        join(engine, *pair)
        with ThreadPoolExecutor(2) as pool:
            done = list(pool.map(lambda _: take_apart(engine, pair[0], addresses=(HOME,)), range(2)))
        assert sorted(each.changed for each in done) == [False, True]
        assert {each.reference for each in done} == {pair[1]}


class TestKeptApart:
    def decide(self, engine, number):
        with transaction(engine) as session:
            return doubles.decide_different(session, number, actor="camille", note="frères", now=LATER)

    def test_a_person_says_so_once_and_both_histories_tell_it(self, engine, pair):
        number = applications(engine)[0].doubles[0].id
        for _ in range(2):
            assert self.decide(engine, number) == pair
        for reference, other in (pair, pair[::-1]):
            told = [event.data for event in show(engine, reference).history if event.kind == "kept_apart"]
            assert told == [{"reference": other, "note": "frères"}]
        assert all("possible_double" not in view.flags for view in applications(engine))
        take_in(engine, understanding(email=HOME, offer="data"))
        with reading(engine) as session:
            assert triage_list.triage(session) == []

    def test_and_may_think_better_of_it(self, engine, pair):
        self.decide(engine, applications(engine)[0].doubles[0].id)
        assert join(engine, *pair).merged == (pair[1],)

    def test_what_was_suspected_of_the_second_is_suspected_of_the_first(self, engine, pair):
        third = reference_of(take_in(engine, understanding(email="third@example.net")))
        join(engine, *pair)
        [double] = show(engine, third).application.doubles
        assert double.reference == pair[0]
        self.decide(engine, double.id)
        assert show(engine, pair[0]).application.doubles == ()


def test_nothing_is_left_over(engine, pair):
    join(engine, *pair)
    with reading(engine) as session:
        kept = required(session, pair[1]).id
        for table in (Message, Document, Outgoing):
            assert set(session.scalars(select(table.application_id))) == {kept}
        assert len(session.scalars(select(Application)).all()) == 1
        assert len(session.scalars(select(Candidate)).all()) == 1
