"""What a pass asks of a server: little, and no more of a large mailbox than of a small one."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from journaled import kept
from mails import mail
from relay import Asked, Relay
from sqlalchemy import update

from intake.access import Access
from intake.collect import collect
from intake.source import SourceError
from storage.database import transaction
from storage.messages import record_contact
from storage.tables import Mailbox


@pytest.fixture
def keeping(desk):
    """A desk whose connections stay open between passes, as in `pli run`."""
    access = Access(desk.engine, desk.now, keep=True)
    yield replace(desk, access=access)
    access.close()


@pytest.mark.parametrize("count", [5, 2000])
def test_an_idle_pass_asks_the_same_few_things_whatever_the_mailbox_holds(desk, settings, deliver, count):
    deliver(*[b"Subject: x\r\n\r\nx\r\n"] * count)
    with (desk.access or Access(desk.engine, desk.now)).open(settings()) as source, transaction(desk.engine) as session:
        record_contact(session, address=settings().address, folder="INBOX", uidvalidity=source.uidvalidity, now=desk.now())
        session.execute(update(Mailbox).values(last_uid=count))  # as if all were read
    asked = Asked()
    with Relay(settings().port, asked=asked.hear) as line:
        assert collect(settings(port=line.port), desk).error is None
    assert asked.names() == ["CAPABILITY", "LOGIN", "EXAMINE", "LOGOUT"]


def test_a_kept_connection_costs_an_idle_pass_one_round_trip_and_brings_what_comes(keeping, settings, deliver):
    asked = Asked()
    deliver(mail())
    with Relay(settings().port, asked=asked.hear) as line:
        assert collect(settings(port=line.port), keeping).fetched == 1
        asked.names()
        assert collect(settings(port=line.port), keeping).fetched == 0
        assert asked.names() == ["EXAMINE"]
        deliver(mail(message_id="<2@example.net>"))
        assert collect(settings(port=line.port), keeping).fetched == 1
        assert asked.names() == ["EXAMINE", "SEARCH", "FETCH", "FETCH"]


def test_a_kept_connection_that_was_cut_is_made_anew_in_the_same_pass(keeping, settings, deliver):
    asked = Asked()
    with Relay(settings().port, asked=asked.hear) as line:
        assert collect(settings(port=line.port), keeping).error is None
        line.cut()
        deliver(mail())
        collected = collect(settings(port=line.port), keeping)
    assert (collected.error, collected.fetched) == (None, 1)
    assert asked.names().count("LOGIN") == 2


def test_a_kept_connection_hears_of_a_new_uidvalidity(keeping, settings, deliver, dovecot, mailbox):
    deliver(mail())
    assert collect(settings(), keeping).fetched == 1
    dovecot.renumber(mailbox)
    assert collect(settings(), keeping).fetched == 1
    assert sorted(state for state, _ in kept(keeping)) == ["ignored", "received"]


def test_after_an_error_the_connection_is_not_used_again(keeping, settings, deliver):
    asked = Asked()
    deliver(mail())
    lying = {"on": True}

    def garble(data):
        return data.replace(b"RFC822.SIZE", b"RFC822.S!ZE(") if lying["on"] else data

    with Relay(settings().port, asked=asked.hear, answered=garble) as line:
        assert collect(settings(port=line.port), keeping).error is not None
        lying["on"] = False
        assert collect(settings(port=line.port), keeping).fetched == 1
    assert asked.names().count("LOGIN") == 2


def test_what_was_deleted_last_is_not_asked_for_at_each_pass(desk, settings, deliver, dovecot, mailbox):
    deliver(mail())
    path = dovecot.deliver(mailbox, mail(message_id="<2@example.net>"))
    assert collect(settings(), desk).fetched == 2
    next(path.parent.parent.glob(f"*/{path.name}*")).unlink()
    asked = Asked()
    with Relay(settings().port, asked=asked.hear) as line:
        assert collect(settings(port=line.port), desk).fetched == 0
    assert asked.names() == ["CAPABILITY", "LOGIN", "EXAMINE", "LOGOUT"]


def test_a_server_that_does_not_tell_uidnext_is_searched(desk, settings, deliver):
    def without(data):
        return data.replace(b"[UIDNEXT", b"[NOSUCHTHING")

    with Relay(settings().port, answered=without) as line:
        for number in (1, 2):
            deliver(mail(message_id=f"<{number}@example.net>"))
            assert collect(settings(port=line.port), desk).fetched == 1
        assert collect(settings(port=line.port), desk).fetched == 0


def test_a_server_without_any_extension_is_read(desk, settings, deliver):
    extras = (
        b"IDLE",
        b"LITERAL+",
        b"UIDPLUS",
        b"MOVE",
        b"ESEARCH",
        b"CONDSTORE",
        b"QRESYNC",
        b"NAMESPACE",
        b"ENABLE",
        b"UNSELECT",
        b"BINARY",
    )

    def plain(data):
        for name in extras:
            data = data.replace(b" " + name, b"")
        return data

    deliver(mail(), mail(message_id="<2@example.net>"))
    with Relay(settings().port, answered=plain) as line:
        assert collect(settings(port=line.port), desk).fetched == 2
        assert collect(settings(port=line.port, kind="personal"), desk).fetched == 0


def test_what_goes_away_between_search_and_fetch_holds_up_nothing(desk, settings, deliver, dovecot, mailbox):
    paths = [dovecot.deliver(mailbox, mail(message_id=f"<{number}@example.net>")) for number in range(3)]

    def vanish(data):
        if b"RFC822.SIZE" in data:
            for path in paths[1].parent.parent.glob(f"*/{paths[1].name}*"):
                path.unlink()
            os.utime(paths[1].parent, (time.time() + 5, time.time() + 5))
        return data

    with Relay(settings().port, asked=vanish) as line:
        first = collect(settings(port=line.port), desk)
    assert (first.error, first.fetched) == (None, 2)
    assert collect(settings(), desk).error is None
    assert [content is not None for _, content in kept(desk)] == [True, True]
    asked = Asked()
    with Relay(settings().port, asked=asked.hear) as line:
        assert collect(settings(port=line.port), desk).fetched == 0
    assert "FETCH" not in asked.names()


class TestRefusing:
    """A server that says no to one message, or nothing of it; what lies behind it is taken in all the same."""

    @pytest.fixture(autouse=True)
    def alone(self, monkeypatch, deliver):
        monkeypatch.setattr("intake.imap._BATCH_OCTETS", 1000)  # so that no other message is asked for together with one
        deliver(*[mail(message_id=f"<{number}@example.net>") for number in range(3)])

    @staticmethod
    def refusing(item):
        """Make nonsense of each question for `item` of the first message."""

        def refuse(data):
            tag, _, said = data.partition(b" ")
            of_first = said.startswith((b"UID FETCH 1 ", b"UID FETCH 1:", b"UID FETCH 1,")) and item in said
            return tag + b" UID FETCH 1 (NOSUCHITEM)\r\n" if of_first else data

        return refuse

    def test_a_body(self, desk, settings):
        with Relay(settings().port, asked=self.refusing(b"BODY")) as line:
            assert collect(settings(port=line.port), desk).error is None
        assert [(state, bool(content)) for state, content in kept(desk)] == [("received", True), ("received", True), ("failed", False)]

    def test_every_body(self, desk, settings):
        def refuse(data):
            tag, _, said = data.partition(b" ")
            return tag + b" UID FETCH 1 (NOSUCHITEM)\r\n" if b"BODY" in said else data

        with Relay(settings().port, asked=refuse) as line:
            assert "did not hand over" in (collect(settings(port=line.port), desk).error or "")
        assert kept(desk) == []
        assert collect(settings(), desk).fetched == 3

    def test_size_and_arrival(self, desk, settings):
        with Relay(settings().port, asked=self.refusing(b"RFC822.SIZE")) as line:
            assert collect(settings(port=line.port), desk).error is None
        assert [bool(content) for _, content in kept(desk)] == [True] * 3

    def test_size_and_arrival_without_a_word(self, desk, settings):
        def conceal(data):
            lines = data.splitlines(keepends=True)
            return b"".join(line for line in lines if not (line.startswith(b"* 1 FETCH") and b"RFC822.SIZE" in line))

        with Relay(settings().port, answered=conceal) as line:
            assert collect(settings(port=line.port), desk).error is None
        assert [bool(content) for _, content in kept(desk)] == [True] * 3


def test_a_mailbox_is_searched_in_pieces_that_imaplib_can_read(desk, settings, deliver, monkeypatch):
    monkeypatch.setattr("intake.imap._UIDS_AT_ONCE", 2)
    deliver(*[mail(message_id=f"<{number}@example.net>") for number in range(5)])
    asked = Asked()
    with Relay(settings().port, asked=asked.hear) as line:
        assert collect(settings(port=line.port), desk).fetched == 5
    assert [command for command in asked.commands if "SEARCH" in command] == [
        "UID SEARCH UID 1:2",
        "UID SEARCH UID 3:4",
        "UID SEARCH UID 5:*",
    ]


class TestMoving:
    """`after = "move:…"` on servers that know how, and on those that do not."""

    @pytest.fixture
    def moved(self, desk, settings, deliver, dovecot, mailbox):
        """Moves one of two messages, over a server without some capabilities; the other is old, and its owner marked it as deleted."""

        def run(*without):
            deliver(mail())
            theirs = dovecot.deliver(mailbox, mail(message_id="<2@example.net>"), received_at=datetime(2020, 1, 1, tzinfo=UTC))
            theirs.rename(theirs.parent.parent / "cur" / f"{theirs.name}:2,T")
            folder = dovecot.maildir(mailbox) / ".Faites"
            for sub in ("", "new", "cur", "tmp"):
                (folder / sub).mkdir()
                os.chown(folder / sub, dovecot.uid, dovecot.gid)

            def lacking(data):
                for name in without:
                    data = data.replace(b" " + name, b"")
                return data

            with Relay(settings().port, answered=lacking) as line:
                given = settings(port=line.port, after="move:Faites", since="2026-11-01")
                assert [collect(given, desk).error for _ in range(2)] == [None, None]
            return sorted(dovecot.flags(mailbox).values()), len([path for sub in ("new", "cur") for path in (folder / sub).iterdir()])

        return run

    def test_with_move(self, moved):
        assert moved() == (["T"], 1)

    def test_without_move_only_this_one_is_expunged(self, moved):
        assert moved(b"MOVE") == (["T"], 1)

    def test_without_uidplus_nothing_is_expunged(self, moved):
        assert moved(b"MOVE", b"UIDPLUS") == (["T", "T"], 1)


def test_a_password_that_login_cannot_carry_is_refused_and_not_misunderstood(desk, settings, tmp_path):
    secret = tmp_path / "other"
    secret.touch(mode=0o600)
    secret.write_text("mot de passé")
    with pytest.raises(SourceError, match="was refused"), Access(desk.engine, desk.now).open(settings(password_file=secret)):
        pass
