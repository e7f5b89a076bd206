"""Collecting on a real Dovecot, into both databases: kept before anything else, never twice, and trouble told in one line."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from journaled import kept, process
from mails import mail
from relay import Relay
from sqlalchemy import select
from understandings import NOW

from config.models import MailboxSettings
from intake import imap, imap_connection
from intake.collect import collect
from storage.database import StorageError, reading, transaction
from storage.messages import requeue_failed
from storage.tables import Mailbox, Message


def mails(count):
    return [mail(message_id=f"<{number}@example.net>").replace(b"\n", b"\r\n") for number in range(count)]


def test_every_message_is_kept_octet_by_octet_before_it_is_read(desk, settings, deliver):
    contents = mails(3)
    deliver(*contents)
    assert collect(settings(), desk).fetched == 3
    assert kept(desk) == [("received", content) for content in contents]


def test_the_next_pass_takes_only_what_is_new(desk, settings, deliver):
    deliver(*mails(2))
    collect(settings(), desk)
    assert collect(settings(), desk).fetched == 0
    deliver(mail(message_id="<new@example.net>"))
    assert collect(settings(), desk).fetched == 1
    assert len(kept(desk)) == 3


def test_the_server_never_sees_more_than_a_reader(desk, settings, deliver, dovecot, mailbox):
    deliver(*mails(2))
    collect(settings(), desk)
    # opening a folder for writing (SELECT) would move the files from new to cur (maildir(5)); EXAMINE leaves them
    assert len(list((dovecot.maildir(mailbox) / "new").iterdir())) == 2
    assert list((dovecot.maildir(mailbox) / "cur").iterdir()) == []


def test_what_was_asked_to_stop_goes_on_where_it_stopped(desk, settings, deliver):
    deliver(*mails(3))
    desk.stop.set()
    assert collect(settings(), desk).fetched == 1
    desk.stop.clear()
    assert collect(settings(), desk).fetched == 2
    assert [state for state, _ in kept(desk)] == ["received"] * 3


def test_a_line_that_breaks_in_the_middle_costs_nothing(desk, settings, deliver, dovecot, monkeypatch):
    monkeypatch.setattr(imap, "_BATCH_MESSAGES", 1)
    contents = [
        mail(message_id=f"<{number}@example.net>", text="x\n" * 4000, attachments=()).replace(b"\n", b"\r\n") for number in range(3)
    ]
    deliver(*contents)
    with Relay(dovecot.port, octets=20_000) as line:
        broken = collect(settings(port=line.port), desk)
        assert broken.error is not None
        assert "the connection was lost" in broken.error
        assert broken.fetched == 1
    assert collect(settings(), desk).fetched == 2
    assert kept(desk) == [("received", content) for content in contents]


def test_a_server_that_falls_silent_is_left_after_the_time_that_a_command_may_take(desk, settings, deliver, dovecot, monkeypatch):
    monkeypatch.setattr(imap, "_COMMAND_SECONDS", 1.0)
    deliver(mail(text="x\n" * 4000))
    with Relay(dovecot.port, octets=5000, then="stall") as line:
        silent = collect(settings(port=line.port), desk)
    assert silent.error is not None
    assert "the connection was lost" in silent.error
    assert collect(settings(), desk).fetched == 1


def test_a_document_store_that_fails_loses_nothing(desk, settings, deliver, documents):
    contents = mails(2)
    deliver(*contents)
    documents.write_text("no folder")
    with pytest.raises(StorageError, match="cannot be written"):
        collect(settings(), desk)
    assert kept(desk) == []
    documents.unlink()
    assert collect(settings(), desk).fetched == 2
    assert kept(desk) == [("received", content) for content in contents]


def test_trouble_with_one_mailbox_is_one_line_and_leaves_the_desk_fit_for_the_next(desk, settings, deliver, tmp_path):
    (tmp_path / "wrong").write_text("hush-hush")
    deliver(mail())
    failed = collect(settings(password_file=tmp_path / "wrong"), desk)
    assert failed.error is not None
    assert "refused" in failed.error
    assert "hush-hush" not in failed.error
    assert collect(settings(), desk).fetched == 1


def test_a_password_that_cannot_be_had_is_trouble_with_one_mailbox_only(desk, settings, dovecot):
    with Relay(dovecot.port) as line:
        failed = collect(settings(port=line.port, password_file=Path("/nowhere/secret")), desk)
    assert failed.error is not None
    assert "/nowhere/secret" in failed.error


def test_a_maildir_that_is_gone_is_trouble_with_one_mailbox_only(desk):
    failed = collect(MailboxSettings(address="recrutement@example.org", maildir=Path("/nowhere/mail")), desk)
    assert failed.error is not None
    assert "/nowhere/mail" in failed.error


def test_folders_of_one_mailbox_are_read_apart(desk, settings, deliver):
    deliver(mail())
    deliver(mail(message_id="<2@example.net>"), folder="Candidatures")
    assert collect(settings(), desk).fetched == 1
    assert collect(settings(folder="Candidatures"), desk).fetched == 1
    with reading(desk.engine) as session:
        assert set(session.scalars(select(Mailbox.folder))) == {"INBOX", "Candidatures"}


def test_what_lay_there_before_the_first_contact_is_backlog(desk, settings, deliver):
    deliver(mail(), received_at=NOW - timedelta(days=3))
    deliver(mail(message_id="<2@example.net>"), received_at=NOW + timedelta(seconds=5))
    collect(settings(), desk)
    with reading(desk.engine) as session:
        assert list(session.scalars(select(Message.backlog).order_by(Message.received_at))) == [True, False]


def test_what_comes_in_the_second_of_the_first_contact_is_no_backlog(desk, settings, deliver):
    contact = NOW.replace(microsecond=400_000)  # INTERNALDATE knows no fractions of a second
    deliver(mail(), received_at=NOW.replace(microsecond=900_000))
    collect(settings(), replace(desk, now=lambda: contact))
    with reading(desk.engine) as session:
        assert session.scalar(select(Message.backlog)) is False


def test_a_message_that_is_too_large_goes_to_a_person(desk, settings, deliver, monkeypatch):
    monkeypatch.setattr(imap, "MAX_MESSAGE", 3000)
    deliver(mail(text="x\n" * 3000))
    collect(settings(), desk)
    [(state, content)] = kept(desk)
    assert state == "failed"
    assert content is not None
    assert len(content) < 3000
    assert process(desk).failed == 0  # it is not tried
    with reading(desk.engine) as session:
        row = session.scalars(select(Message)).one()
        assert "larger than pli reads" in (row.cause or "")
        assert row.remedy


def test_who_vouches_for_senders_is_learned_from_many_messages(desk, settings, deliver, mailbox):
    for number in range(3):
        with reading(desk.engine) as session:
            assert session.scalar(select(Mailbox.authserv_id)) is None
        deliver(mail(message_id=f"<{number}@example.net>", Authentication_Results="mx.example.org; dmarc=pass header.from=example.net"))
        collect(settings(), desk)
    with reading(desk.engine) as session:
        assert session.scalar(select(Mailbox.authserv_id)) == "mx.example.org"


class TestAfter:
    def test_flags_what_is_committed_once(self, desk, settings, deliver, dovecot, mailbox):
        deliver(*mails(2))
        collect(settings(after="flag:Traite"), desk)
        assert list(dovecot.flags(mailbox).values()) == ["a", "a"]  # the first keyword of the mailbox
        with reading(desk.engine) as session:
            assert set(session.scalars(select(Message.settled))) == {True}

    def test_what_could_not_be_done_is_made_good_at_the_next_pass(self, desk, settings, deliver, dovecot, mailbox):
        deliver(mail())
        failed = collect(settings(after="move:Nowhere"), desk)
        assert failed.fetched == 1
        assert failed.error is not None
        assert "check `after`" in failed.error
        assert len(kept(desk)) == 1
        assert len(dovecot.flags(mailbox)) == 1
        with imap_connection.connect(settings()) as client:
            client.create_folder("Nowhere")
        assert collect(settings(after="move:Nowhere"), desk).error is None
        assert dovecot.flags(mailbox) == {}


def test_what_never_could_be_read_stays_where_a_person_and_a_retry_look_for_it(desk, settings, deliver, dovecot, mailbox, monkeypatch):
    for module in ("intake.imap", "intake.collect"):
        monkeypatch.setattr(f"{module}.MAX_MESSAGE", 2000)
    deliver(mail(), b"Subject: small\r\n\r\nx\r\n")
    given = settings(after="flag:Traite")
    for _ in range(2):
        assert collect(given, desk).fetched
        assert sorted(dovecot.flags(mailbox).values()) == ["", "a"]  # Dovecot's letter for the first keyword
        assert [state for state, _ in kept(desk)].count("failed") == 1
        with transaction(desk.engine) as session:
            assert requeue_failed(session) == 1
