"""A personal mailbox: what is no application leaves nothing behind but its position, and is never touched."""

from __future__ import annotations

from dataclasses import replace
from threading import Event

import pytest
from journaled import Deadly, everything, kept, process
from mails import NEWSLETTER, mail
from relay import Asked, Relay
from sqlalchemy import delete
from understandings import publish

from intake.collect import collect
from storage.database import reading, transaction
from storage.tables import OfferRow
from storage.triage_list import triage

PRIVATE = "cardiologue"


def private(**given):
    letter = {
        "sender": "Anne <anne@example.com>",
        "to": "camille@example.org",
        "subject": f"Rendez-vous chez le {PRIVATE}",
        "text": f"Bonjour Camille, le {PRIVATE} te recevra mardi.\n",
        "message_id": "<private@example.com>",
        "attachments": (),
    }
    return mail(**letter | given)


@pytest.mark.parametrize(
    "content",
    [
        private(),
        private(subject=f"Re: {PRIVATE}", In_Reply_To="<never-seen@example.com>"),
        private(text=f"Les conseils du {PRIVATE}.\n", **NEWSLETTER | {"subject": PRIVATE}),
        private(attachments=((f"{PRIVATE}.txt", f"Ordonnance du {PRIVATE}".encode()),)),
        private(sender="MAILER-DAEMON@example.com", Auto_Submitted="auto-replied", subject=f"Non remis : {PRIVATE}"),
    ],
    ids=["letter", "reply to somebody else", "newsletter", "with a file", "bounce of somebody else's mail"],
)
def test_what_is_no_application_leaves_nothing_but_its_position(desk, settings, deliver, documents, content):
    deliver(content)
    collected = collect(settings(kind="personal"), desk)
    assert (collected.fetched, collected.left_alone) == (1, 1)
    assert kept(desk) == [("not_ours", None)]
    for word in (PRIVATE, "anne@example.com", "private@example.com"):
        assert word not in everything(desk, documents)
    assert not documents.exists()
    assert collect(settings(kind="personal"), desk).fetched == 0


def test_without_any_ad_it_waits_since_nobody_could_tell_what_is_private(desk, settings, deliver, database_url):
    deliver(mail(to="camille@example.org"))
    publish(desk.engine)  # no ads at all
    with transaction(desk.engine) as session:
        session.execute(delete(OfferRow))
    assert "without an ad" in (collect(settings(kind="personal"), desk).error or "")
    assert kept(desk) == []
    publish(desk.engine, "backend")
    collect(settings(kind="personal"), desk)
    assert [state for state, _ in kept(desk)] == ["received"]


NO_SIGN = [
    private(**NEWSLETTER | {"subject": PRIVATE}),
    private(subject="Re: samedi", In_Reply_To="<never-seen@example.com>"),
    private(Auto_Submitted="auto-replied", subject="Re: samedi"),
    private(**NEWSLETTER | {"subject": PRIVATE}, X_Spam_Flag="YES"),
]


@pytest.fixture
def own(settings, mailbox):
    """Makes the table of a personal mailbox of somebody who is named in an ad."""
    return lambda **given: settings(kind="personal", address="camille@example.org", username=mailbox, **given)


def test_no_body_is_asked_for_of_what_header_and_structure_tell_to_be_private(desk, settings, own, deliver, documents):
    deliver(*NO_SIGN)
    asked = Asked()
    with Relay(settings().port, asked=asked.hear) as line:
        collected = collect(own(port=line.port), desk)
        assert (collected.error, collected.fetched, collected.left_alone) == (None, 4, 4)
        assert not [command for command in asked.commands if "BODY.PEEK[]" in command or "BODY.PEEK[TEXT" in command]
        deliver(mail(), private())
        assert collect(own(port=line.port), desk).left_alone == 1
        [bodies] = [command for command in asked.commands if "BODY.PEEK[]" in command]
    assert bodies == "UID FETCH 5,6 (BODY.PEEK[])"
    assert [state for state, _ in kept(desk)] == ["not_ours"] * 4 + ["received", "not_ours"]
    assert PRIVATE not in everything(desk, documents)


def test_a_program_that_is_stopped_leaves_what_it_did_not_look_at_for_the_next_pass(desk, own, deliver):
    deliver(*NO_SIGN)
    stopping = Event()
    stopping.set()
    assert collect(own(), replace(desk, stop=stopping)).left_alone == 0
    assert collect(own(), desk).left_alone == 4


def test_a_dedicated_mailbox_is_not_looked_at_from_outside(desk, settings, deliver):
    deliver(*NO_SIGN)
    asked = Asked()
    with Relay(settings().port, asked=asked.hear) as line:
        assert collect(settings(port=line.port), desk).left_alone == 0
    assert not [command for command in asked.commands if "BODYSTRUCTURE" in command]


def test_a_structure_that_cannot_be_understood_costs_no_application(desk, settings, own, deliver):
    deliver(mail(), private())
    with Relay(settings().port, answered=lambda data: data.replace(b"BODYSTRUCTURE (", b"BODYSTRUCTURE )(")) as line:
        collected = collect(own(port=line.port), desk)
    assert (collected.error, collected.fetched, collected.left_alone) == (None, 2, 1)
    assert process(desk).applications == 1


def test_a_pass_that_is_cut_between_header_and_body_loses_nothing(desk, settings, own, deliver):
    deliver(mail(), *NO_SIGN)

    def cut(data):
        if b"BODY.PEEK[]" in data:
            line.cut()
        return data

    with Relay(settings().port, asked=cut) as line:
        assert collect(own(port=line.port), desk).error is not None
    assert collect(own(), desk).fetched == 1
    assert process(desk).applications == 1


def test_an_application_is_kept(desk, settings, deliver):
    deliver(mail())
    assert collect(settings(kind="personal"), desk).left_alone == 0
    assert process(desk).applications == 1


def test_a_reply_to_what_is_known_is_kept(desk, settings, deliver):
    deliver(mail())
    collect(settings(), desk)
    process(desk)
    deliver(mail(subject="Re: Candidature", text="Voici mon diplôme.\n", message_id="<2@example.net>", In_Reply_To="<1@example.net>"))
    assert collect(settings(kind="personal"), desk).left_alone == 0
    assert process(desk).updated == 1


def test_of_what_kills_its_reader_only_the_place_is_kept_and_a_person_is_told(desk, settings, deliver, documents):
    deliver(private())
    with Deadly(1) as deadly:
        assert collect(settings(kind="personal"), replace(desk, workers=deadly)).left_alone == 0
    assert kept(desk) == [("failed", b"")]
    with reading(desk.engine) as session:
        [item] = triage(session)
    assert item.cause == "reading stopped its process (exit code -9)"
    assert PRIVATE not in everything(desk, documents)


def test_a_reader_that_is_stopped_with_the_program_leaves_the_message_for_the_next_pass(desk, settings, deliver):
    deliver(mail())
    stopping = Event()
    stopping.set()
    with Deadly(1) as deadly:
        assert collect(settings(kind="personal"), replace(desk, workers=deadly, stop=stopping)).error is None
    assert kept(desk) == []
    assert collect(settings(kind="personal"), desk).left_alone == 0
    assert process(desk).applications == 1


def test_an_empty_file_is_told_to_a_person_and_not_taken_for_private_mail(desk, settings, dovecot, mailbox):
    dovecot.deliver(mailbox, b"")
    collect(settings(kind="personal", host=None, maildir=dovecot.maildir(mailbox), username=None, password_file=None), desk)
    assert kept(desk) == [("failed", b"")]


def test_private_mail_is_never_flagged(desk, settings, deliver, dovecot, mailbox):
    deliver(private())
    collect(settings(kind="personal", after="flag:Traite"), desk)
    assert list(dovecot.flags(mailbox).values()) == [""]


def test_what_a_candidate_adds_before_the_application_is_processed_is_theirs(desk, settings, deliver):
    deliver(
        mail(to="camille@example.org"),
        private(sender="Léa Morin <lea.morin@example.net>", subject="Re: samedi", References="<1@example.net>"),
        private(subject="Re: samedi", References="<never-seen@example.com>"),
    )
    assert collect(settings(kind="personal"), desk).left_alone == 1
    assert process(desk).updated == 1
    assert [state for state, _ in kept(desk)] == ["done", "done", "not_ours"]
