"""Who is who when mail is hostile: what joins an application, what is only suspected, and who is answered."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from understandings import NOW, ONE, OTHER, arrive, attachment, claim, publish, reference_of, take_in, understanding

from parsing.attachment import Role
from parsing.classify import Authentication, MailClass
from parsing.documents import Document, Problem
from parsing.profile import Fact, Profile
from storage import queries, triage_list
from storage.acknowledgements import AcknowledgementPolicy
from storage.applications import Stage, move, record
from storage.database import reading, transaction
from storage.messages import MessageState
from storage.tables import CandidateAddress, Double, Message, Outgoing

LEA, HOME = "lea.morin@example.net", "lea@home.example"
PHONE = "+33639981234"
POLICY = AcknowledgementPolicy()
HOLDING = AcknowledgementPolicy(unverified="hold")
LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def offers(engine):
    publish(engine, "backend", "data")


def profile(name="Léa Morin", email=None, phone=PHONE, **more):
    told: dict[str, Any] = {
        "name": Fact(name, name, "cv"),
        "email": email and Fact(email, email, "cv"),
        "phone": phone and Fact(phone, phone, "cv"),
    }
    return Profile(**told | more)


def from_elsewhere(**given):
    """A mail of an unknown address whose CV names Léa's address."""
    return understanding(**{"email": HOME, "profile": profile(email=LEA), "attachments": (attachment("Un autre CV"),)} | given)


def applications(engine):
    with reading(engine) as session:
        return queries.applications(session)


def history(engine, reference):
    with reading(engine) as session:
        return [(event.kind, event.data) for event in queries.show(session, reference).history]


def mails(engine):
    with reading(engine) as session:
        return [(row.recipient, row.state) for row in session.scalars(select(Outgoing).order_by(Outgoing.id))]


def owners(engine):
    with reading(engine) as session:
        return {row.address: row.candidate_id for row in session.scalars(select(CandidateAddress))}


def evidence(engine):
    return [[pair for double in view.doubles for pair in double.evidence] for view in applications(engine)]


class TestAStrangerWithSomebodysCV:
    @pytest.mark.parametrize("authentication", [Authentication.PASS, Authentication.NONE])
    def test_gets_an_application_of_their_own_and_their_own_answer_only(self, engine, authentication):
        first = take_in(engine, understanding())
        second = take_in(engine, from_elsewhere(authentication=authentication))
        assert second.outcome == "application"
        assert second.reference != first.reference
        assert mails(engine) == [(LEA, "queued"), (HOME, "queued")]
        assert ("address", LEA) in evidence(engine)[0]
        assert evidence(engine)[0] == evidence(engine)[1]
        assert all("possible_double" in view.flags for view in applications(engine))

    def test_who_was_first_cannot_swallow_the_application_that_the_person_sends(self, engine):
        planted = take_in(engine, from_elsewhere(email="mallory@evil.example"))
        own = take_in(engine, understanding(profile=profile(email=LEA)))
        assert own.outcome == "application"
        assert own.reference != planted.reference
        assert mails(engine) == [("mallory@evil.example", "queued"), (LEA, "queued")]

    @pytest.mark.parametrize(
        "facts",
        [
            {"mail_class": MailClass.FORWARDED_APPLICATION, "author": "mallory@evil.example"},
            {"author": "mallory@evil.example", "refusals": ("applicant_is_not_author",)},
        ],
    )
    def test_handing_it_on_neither_joins_the_person_nor_claims_their_address(self, engine, facts):
        planted = take_in(engine, understanding(**facts))
        assert planted.outcome == "application"
        assert owners(engine) == {}
        assert applications(engine)[0].email == LEA, "shown as it was told"
        own = take_in(engine, understanding(attachments=(attachment("Mon CV"),)))
        assert own.outcome == "application"
        again = take_in(engine, understanding(**facts | {"attachments": (attachment("Un faux CV"),)}))
        assert again.reference not in {planted.reference, own.reference}
        assert mails(engine) == [(LEA, "queued")]
        assert [view.withheld for view in applications(engine)][1] == ()

    def test_one_of_us_who_hands_it_on_does_join_it(self, engine):
        first = take_in(engine, understanding())
        forward = understanding(mail_class=MailClass.FORWARDED_APPLICATION, author=ONE)
        assert take_in(engine, forward).reference == first.reference
        forged = replace(forward, verdict=replace(forward.verdict, authentication=Authentication.FAIL), content_key="forged")
        assert take_in(engine, forged).reference != first.reference

    def test_a_cv_that_one_of_us_handed_on_joins_nobody_whose_address_it_does_not_name(self, engine):
        told = profile(email=LEA)
        first = take_in(
            engine, understanding(email=None, author=ONE, mail_class=MailClass.FORWARDED_APPLICATION, profile=profile(phone=None))
        )
        stranger = take_in(engine, understanding(email="mallory@evil.example", profile=told))
        assert stranger.reference != first.reference
        assert ("cv", "cv.pdf") in evidence(engine)[0]


class TestANewAddressThatIsProven:
    def test_by_the_conversation_and_the_address_in_the_cv(self, engine):
        first = take_in(engine, understanding(message_id="<first@example.net>"))
        second = take_in(engine, from_elsewhere(references=("<first@example.net>",)))
        assert (second.outcome, second.reference) == ("updated", first.reference)
        assert set(owners(engine)) == {LEA, HOME}
        assert mails(engine) == [(LEA, "queued")]
        [view] = applications(engine)
        assert (view.email, view.emails) == (LEA, tuple(sorted((LEA, HOME))))

    def test_by_the_conversation_telephone_and_name(self, engine):
        first = take_in(engine, understanding(message_id="<first@example.net>"))
        second = take_in(engine, from_elsewhere(references=("<first@example.net>",), profile=profile()))
        assert second.reference == first.reference

    @pytest.mark.parametrize(
        "given",
        [
            {"profile": profile("Paul Morin")},  # a family's telephone
            {"profile": profile(phone=None)},  # a name alone
            {"authentication": Authentication.FAIL},
        ],
    )
    def test_but_not_by_less(self, engine, given):
        take_in(engine, understanding(message_id="<first@example.net>"))
        second = take_in(engine, from_elsewhere(**{"references": ("<first@example.net>",)} | given))
        assert second.outcome == "application"
        assert HOME not in {view.email for view in applications(engine)[:1]}

    def test_not_when_the_provider_vouches_for_one_alone(self, engine):
        first = take_in(engine, understanding(profile=profile(email=HOME)))
        assert take_in(engine, from_elsewhere(authentication=Authentication.NONE)).reference != first.reference

    def test_when_each_address_names_the_other_and_the_provider_vouches_for_both(self, engine):
        first = take_in(engine, understanding(profile=profile(email=HOME)))
        assert take_in(engine, from_elsewhere()).reference == first.reference
        assert set(owners(engine)) == {LEA, HOME}

    def test_for_another_offer_it_is_another_application_of_the_same_person(self, engine):
        take_in(engine, understanding(profile=profile(email=HOME)))
        second = take_in(engine, from_elsewhere(offer="data"))
        assert second.outcome == "application"
        assert len(set(owners(engine).values())) == 1
        assert evidence(engine) == [[], []]


class TestSuspicion:
    def test_a_telephone_that_many_people_share_is_no_question(self, engine):
        for number in range(12):  # an agency's, on every CV it sends
            name = f"Personne {'ABCDEFGHIJKL'[number]}"
            facts = {"profile": profile(name), "attachments": (attachment(f"CV de {name}"),)}
            take_in(engine, understanding(name, f"p{number}@example.net", **facts))
        assert len(applications(engine)) == 12
        with reading(engine) as session:
            assert len(session.scalars(select(Double)).all()) == 10 * 9 // 2  # and not 12 * 11 // 2, nor 2 million of 2,000

    def test_a_telephone_that_two_people_share_is_a_question_and_no_more(self, engine):
        take_in(engine, understanding())
        take_in(engine, understanding("Paul Morin", "paul@example.net", profile=profile("Paul Morin")))
        assert evidence(engine) == [[("phone", PHONE)]] * 2
        with reading(engine) as session:
            [item] = triage_list.triage(session)
        assert (item.kind, item.speaks_for) == ("double", (("same_phone", PHONE),))
        assert ("other_name", "Léa Morin / Paul Morin") in item.speaks_against
        assert item.remedy.count(f"pli triage {item.id} --") == 2

    def test_namesakes_are_asked_about_for_the_same_offer_only(self, engine):
        for number, offer in enumerate(("backend", "data", "backend")):
            told = profile("Jean Martin", phone=None)
            take_in(
                engine,
                understanding("Martin JEAN", f"{number}@example.net", offer=offer, profile=told, attachments=(attachment(str(number)),)),
            )
        assert evidence(engine) == [[("name", "Martin JEAN")], [], [("name", "Martin JEAN")]]

    def test_two_who_arrive_at_the_same_moment_are_seen(self, engine):
        for _ in range(4):
            arrive(engine)
        hands = [claim(engine, owner=str(number)) for number in range(4)]

        def settle(message):
            facts = understanding("Léa Morin", f"{message.id}@example.net", attachments=(attachment(str(message.id)),))
            with transaction(engine) as session:
                return record(session, message, facts, policy=POLICY, now=NOW).outcome

        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(settle, hands)) == ["application"] * 4
        assert [len(view.doubles) for view in applications(engine)] == [3, 3, 3, 3]

    def test_it_is_over_when_both_are_decided(self, engine):
        references = [reference_of(take_in(engine, understanding())), reference_of(take_in(engine, from_elsewhere()))]
        for reference in references:
            with transaction(engine) as session:
                move(session, reference, Stage.DECLINED, note=None, actor="camille", now=NOW)
        with reading(engine) as session:
            assert triage_list.triage(session) == []


class TestCopies:
    def test_a_verified_copy_lets_go_what_was_held_for_the_first(self, engine):
        facts = understanding(authentication=Authentication.NONE)
        take_in(engine, facts, mailbox=ONE, policy=HOLDING)
        assert mails(engine) == [(LEA, "held")]
        verified = replace(facts, verdict=replace(facts.verdict, authentication=Authentication.PASS))
        take_in(engine, verified, mailbox=OTHER, policy=HOLDING)
        assert mails(engine) == [(LEA, "queued")]
        assert applications(engine)[0].flags == ()

    def test_a_verified_copy_answers_what_seemed_forged_in_the_other_mailbox(self, engine):
        facts = understanding(authentication=Authentication.FAIL, refusals=("authentication_failed",))
        take_in(engine, facts, mailbox=ONE)
        assert mails(engine) == []
        verdict = replace(facts.verdict, authentication=Authentication.PASS, refusals=())
        for _ in range(2):
            take_in(engine, replace(facts, verdict=verdict), mailbox=OTHER)
        assert mails(engine) == [(LEA, "queued")]

    @pytest.mark.parametrize("refusals", [("auto_submitted",), ("authentication_failed", "list")])
    def test_it_settles_nothing_else(self, engine, refusals):
        facts = understanding(authentication=Authentication.FAIL, refusals=refusals)
        take_in(engine, facts, mailbox=ONE)
        verdict = replace(facts.verdict, authentication=Authentication.PASS, refusals=())
        take_in(engine, replace(facts, verdict=verdict), mailbox=OTHER)
        assert mails(engine) == []

    def test_what_is_clear_in_one_mailbox_is_clear_in_all(self, engine):
        clear = understanding()
        unsure = replace(clear, verdict=replace(clear.verdict, mail_class=MailClass.UNSURE, refusals=("not_an_application",)))
        assert take_in(engine, unsure, mailbox=ONE).outcome == "triage"
        assert take_in(engine, unsure, mailbox="third@example.org").outcome == "copy"
        assert take_in(engine, clear, mailbox=OTHER).outcome == "application"
        [view] = applications(engine)
        assert (view.messages, len(view.mailboxes)) == (3, 3)
        with reading(engine) as session:
            assert triage_list.triage(session) == []
            assert set(session.scalars(select(Message.state))) == {MessageState.DONE}
        assert mails(engine) == [(LEA, "queued")]
        assert take_in(engine, unsure, mailbox="fourth@example.org").outcome == "copy"


class TestVersions:
    def cv(self, text, filename, *problems):
        read = attachment(text, filename=filename)
        return replace(read, document=Document("application/pdf", text="" if problems else text, language="fr", problems=problems))

    def send(self, engine, text, filename, *problems, told=None, hours=1, **given):
        facts = understanding(profile=told or profile(), attachments=(self.cv(text, filename, *problems),), **given)
        return take_in(engine, facts, received_at=NOW + timedelta(hours=hours))

    def documents(self, engine):
        [view] = applications(engine)
        return [(document.filename, document.version, document.superseded) for document in view.documents]

    def test_a_newer_cv_takes_the_place_of_the_older_one(self, engine):
        first = self.send(engine, "one", "cv.pdf", hours=0)
        self.send(engine, "two", "cv-2026.pdf", told=profile(phone="+33611111111"))
        assert self.documents(engine) == [("cv.pdf", 1, True), ("cv-2026.pdf", 2, False)]
        assert applications(engine)[0].profile["basics"]["phone"] == "+33611111111"
        data = history(engine, first.reference)[1][1]
        assert data["cv"] == {"version": 2, "new": "cv-2026.pdf", "old": "cv.pdf"}

    def test_the_same_cv_again_is_no_version(self, engine):
        first = self.send(engine, "one", "cv.pdf", hours=0)
        self.send(engine, "one", "again.pdf")
        assert self.documents(engine) == [("cv.pdf", 1, False)]
        assert history(engine, first.reference)[1] == ("reply", {"documents": []})

    @pytest.mark.parametrize("problem", [Problem.ENCRYPTED, Problem.UNREADABLE, Problem.NO_TEXT])
    def test_one_that_cannot_be_read_wipes_nothing(self, engine, problem):
        self.send(engine, "one", "cv.pdf", hours=0)
        self.send(engine, "two", "locked.pdf", problem, told=profile(phone=None))
        assert self.documents(engine) == [("cv.pdf", 1, False), ("locked.pdf", 2, False)]
        assert applications(engine)[0].profile["basics"]["phone"] == PHONE

    def test_nor_does_one_that_says_nothing(self, engine):
        self.send(engine, "one", "cv.pdf", hours=0)
        self.send(engine, "two", "empty.pdf", told=Profile(name=Fact("Léa Morin", "Léa Morin", "header")))
        assert applications(engine)[0].profile["basics"]["phone"] == PHONE

    def test_an_older_one_that_comes_late_is_the_older_version(self, engine):
        self.send(engine, "two", "new.pdf", hours=0)
        self.send(engine, "one", "old.pdf", told=profile(phone="+33611111111"), hours=-5)
        assert self.documents(engine) == [("new.pdf", 2, False), ("old.pdf", 1, True)]
        assert applications(engine)[0].profile["basics"]["phone"] == PHONE

    def test_one_that_somebody_else_sends_in_the_conversation_is_none(self, engine):
        self.send(engine, "one", "cv.pdf", hours=0, message_id="<first@example.net>")
        stranger = understanding(
            email="x@evil.example", mail_class=MailClass.REPLY, offer=None, certain=False, references=("<first@example.net>",),
            profile=profile(phone="+33666666666"), attachments=(self.cv("evil", "evil.pdf"),),
        )  # fmt: skip
        take_in(engine, stranger, received_at=LATER)
        assert self.documents(engine) == [("cv.pdf", 1, False), ("evil.pdf", None, False)]
        assert applications(engine)[0].profile["basics"]["phone"] == PHONE

    def test_another_language_replaces_nothing(self, engine):
        self.send(engine, "one", "cv.pdf", hours=0)
        english = attachment("my CV", Role.CV, "resume.pdf")
        english = replace(english, document=Document("application/pdf", text="my CV", language="en"))
        take_in(engine, understanding(attachments=(english,)), received_at=LATER)
        assert self.documents(engine) == [("cv.pdf", 1, False), ("resume.pdf", 2, False)]


class TestWithdrawal:
    def withdraw(self, **given):
        plain = {"mail_class": MailClass.REPLY, "attachments": (), "body": "Bonjour, je retire ma candidature. Merci."}
        return understanding(**plain | given)

    def test_it_is_shown_and_moves_nothing_and_is_not_answered(self, engine):
        first = take_in(engine, understanding(refusals=("auto_submitted",)))
        take_in(engine, self.withdraw(mail_class=MailClass.APPLICATION))
        [view] = applications(engine)
        assert view.stage == "received"
        assert "withdrawn_by_candidate" in view.flags
        assert history(engine, first.reference)[-1] == ("withdrawal", {"documents": [], "words": "retire ma candidature"})
        assert mails(engine) == []

    def test_a_stranger_in_the_conversation_withdraws_nothing(self, engine):
        first = take_in(engine, understanding(message_id="<first@example.net>"))
        take_in(engine, self.withdraw(email="x@evil.example", references=("<first@example.net>",)))
        [view] = applications(engine)
        assert "withdrawn_by_candidate" not in view.flags
        assert history(engine, first.reference)[-1][1]["other_sender"] is True

    def test_it_is_over_when_it_is_noted_or_a_new_cv_comes(self, engine):
        first = reference_of(take_in(engine, understanding()))
        take_in(engine, self.withdraw())
        take_in(engine, understanding(attachments=(attachment("un nouveau CV"),)))
        assert "withdrawn_by_candidate" not in applications(engine)[0].flags
        take_in(engine, self.withdraw())
        assert "withdrawn_by_candidate" in applications(engine)[0].flags
        with transaction(engine) as session:
            move(session, first, Stage.WITHDRAWN, note=None, actor="camille", now=NOW)
        assert "withdrawn_by_candidate" not in applications(engine)[0].flags
