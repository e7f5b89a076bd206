"""Servers that drip, lie or refuse: a real Dovecot behind a line that changes what is said."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from journaled import kept, process
from mails import cv, mail
from relay import Relay

from intake import imap, imap_connection
from intake.collect import collect
from storage.database import reading, transaction
from storage.messages import requeue_failed
from storage.triage_list import triage


def contents(count):
    return [mail(message_id=f"<{number}@example.net>").replace(b"\n", b"\r\n") for number in range(count)]


@pytest.mark.parametrize("octets", [0, 150])
def test_a_server_that_drips_is_left_when_its_time_is_up(desk, settings, dovecot, monkeypatch, octets):
    monkeypatch.setattr(imap_connection, "CONNECT_SECONDS", 1.0)
    monkeypatch.setattr(imap, "_COMMAND_SECONDS", 1.0)
    with Relay(dovecot.port, octets=octets, then="drip") as line:
        start = time.monotonic()
        error = collect(settings(port=line.port), desk).error
    assert time.monotonic() - start < 10
    assert error is not None


def test_a_literal_that_is_far_too_large_is_refused_before_it_is_read(desk, settings, deliver, dovecot):
    deliver(*contents(2))

    def lie(data):
        return re.sub(rb"BODY\[\] \{\d+\}", b"BODY[] {4000000000}", data)

    start = time.monotonic()
    with Relay(dovecot.port, answered=lie) as line:
        error = collect(settings(port=line.port), desk).error or ""
    assert time.monotonic() - start < 5  # and not after waiting for the octets
    assert "announces far more than it was asked for" in error
    assert kept(desk) == []
    assert collect(settings(), desk).fetched == 2


def test_a_server_that_never_stops_talking_is_left(desk, settings, deliver, dovecot):
    deliver(mail())
    flood = b"".join(b"* OK " + b"x" * 4000 + b"\r\n" for _ in range(4000))
    with Relay(dovecot.port, answered=lambda data: data.replace(b"* FLAGS", flood + b"* FLAGS")) as line:
        assert "cannot be opened" in (collect(settings(port=line.port), desk).error or "")


def test_a_size_that_is_only_a_hint_is_believed_as_one(desk, settings, deliver, dovecot):
    deliver(mail(text="x\n" * 20_000))
    with Relay(dovecot.port, answered=lambda data: re.sub(rb"RFC822\.SIZE \d+", b"RFC822.SIZE 900", data)) as line:
        assert collect(settings(port=line.port), desk).fetched == 1


def test_what_a_confused_server_says_of_a_mail_stands_in_no_error(desk, settings, deliver, dovecot):
    deliver(mail(text="Le cardiologue te recevra mardi.\n" * 40, attachments=()))

    def too_short(data):
        return re.sub(rb"BODY\[\] \{(\d+)\}", lambda found: b"BODY[] {%d}" % (int(found[1]) - 400), data)

    with Relay(dovecot.port, answered=too_short) as line:
        error = collect(settings(port=line.port, kind="personal"), desk).error
    assert error is not None
    assert "cardiologue" not in error
    assert kept(desk) == []


def test_a_message_that_the_server_refuses_holds_up_none_and_can_be_asked_for_again(desk, settings, deliver, dovecot):
    letters = contents(3)
    deliver(*letters)

    def refuse_the_second(data):
        return re.sub(rb"UID FETCH (1,2,3|1:3|2) \(BODY\.PEEK\[\]\)", rb"UID FETCH \1 (BODY.NONSENSE)", data)

    with Relay(dovecot.port, asked=refuse_the_second) as line:
        assert collect(settings(port=line.port), desk).error is None
    assert kept(desk) == [("received", letters[0]), ("failed", b""), ("received", letters[2])]
    with reading(desk.engine) as session:
        [item] = triage(session)
    assert (item.kind, item.cause) == ("failure", "the server did not hand it over")
    with transaction(desk.engine) as session:
        assert requeue_failed(session) == 1
    assert collect(settings(), desk).fetched == 1
    assert {content for _, content in kept(desk)} == set(letters)


def test_a_server_that_refuses_everything_is_asked_again_at_the_next_pass(desk, settings, deliver, dovecot):
    deliver(*contents(3))
    with Relay(dovecot.port, asked=lambda data: data.replace(b"BODY.PEEK[]", b"BODY.NONSENSE")) as line:
        assert "the next pass asks again" in (collect(settings(port=line.port), desk).error or "")
    assert kept(desk) == []
    assert collect(settings(), desk).fetched == 3


def test_a_server_that_does_not_say_when_a_mail_came_is_read_all_the_same(desk, settings, deliver, dovecot):
    deliver(mail())
    with Relay(dovecot.port, answered=lambda data: re.sub(rb' INTERNALDATE "[^"]*"', b"", data)) as line:
        assert collect(settings(port=line.port), desk).error is None
    assert process(desk).applications == 1


def test_older_mail_than_since_is_never_taken_in(desk, settings, deliver):
    for day in (1, 20):
        deliver(mail(message_id=f"<{day}@example.net>"), received_at=datetime(2026, 11, day, 8, tzinfo=UTC))
    since = settings(since="2026-11-10")
    assert collect(since, desk).fetched == 1
    deliver(mail(message_id="<moved@example.net>"), received_at=datetime(2020, 1, 1, tzinfo=UTC))
    assert collect(since, desk).fetched == 0


def test_a_file_that_is_being_written_into_a_maildir_is_none_yet(desk, settings, dovecot, mailbox):
    half = dovecot.deliver(mailbox, mail()[:700])
    half.rename(half.parent / f".{half.name}")
    lying = settings(host=None, maildir=dovecot.maildir(mailbox), username=None, password_file=None)
    assert collect(lying, desk).fetched == 0


def test_one_mailbox_that_breaks_in_an_unforeseen_way_is_one_line(desk, settings, deliver, monkeypatch):
    deliver(mail())

    def broken(*_):
        raise ZeroDivisionError("words of a stranger")

    monkeypatch.setattr("intake.collect._take", broken)
    error = collect(settings(), desk).error or ""
    assert "unexpected ZeroDivisionError" in error
    assert "stranger" not in error


class TestPersonal:
    def test_an_application_whose_cv_stops_the_reader_is_told_to_a_person(self, desk, settings, deliver, workers):
        class Poisoned:
            """A pool whose children die of every document."""

            def run(self, function, *arguments):
                if getattr(arguments[-1], "read_documents", False):
                    return workers.run(_die)
                return workers.run(function, *arguments)

        deliver(mail(to="camille@example.org", subject="Bonjour", text="Bonjour, cf. pj.\n", attachments=(("Lea.pdf", cv()),)))
        collect(settings(kind="personal"), replace(desk, workers=Poisoned()))
        assert kept(desk) == [("failed", b"")]
        with transaction(desk.engine) as session:
            assert requeue_failed(session) == 1
        assert collect(settings(kind="personal"), desk).fetched == 1
        assert [state for state, _ in kept(desk)] != ["failed"]

    def test_a_message_that_is_too_large_is_told_to_a_person_without_a_word_of_it(self, desk, settings, deliver, monkeypatch):
        monkeypatch.setattr(imap, "MAX_MESSAGE", 3000)
        deliver(mail(text="x\n" * 3000))
        collect(settings(kind="personal"), desk)
        assert kept(desk) == [("failed", b"")]
        with reading(desk.engine) as session:
            [item] = triage(session)
        assert "larger than pli reads" in item.cause
        assert (item.author, item.subject) == (None, None)


def _die():
    import os
    import signal

    os.kill(os.getpid(), signal.SIGKILL)
