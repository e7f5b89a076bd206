"""A refused log-in is tried once in a quarter of an hour, by whatever program, so that nobody's account gets locked."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from dovecot import PASSWORD
from journaled import everything
from mails import mail
from relay import Asked, Relay
from understandings import NOW

from intake.access import PAUSE, Access
from intake.collect import collect
from intake.source import SourceError


@pytest.fixture
def secret(tmp_path):
    """A file with a wrong password."""
    file = tmp_path / "mine"
    file.touch(mode=0o600)
    file.write_text("hush-hush")
    return file


@pytest.fixture
def wrong(settings, secret):
    """Makes a mailbox's table with that password."""
    return lambda **changes: settings(password_file=secret, **changes)


def log_ins(asked):
    return asked.names().count("LOGIN")


def test_a_refused_log_in_is_not_repeated_before_its_time_and_the_error_says_when(desk, wrong, dovecot):
    asked = Asked()
    with Relay(dovecot.port, asked=asked.hear) as line:
        given = wrong(port=line.port)
        for minutes in (0, 1, 14):  # as under cron, each pass a program of its own
            error = collect(given, replace(desk, now=lambda m=minutes: NOW + timedelta(minutes=m))).error or ""
            assert "was refused" in error
            assert f"the next try comes at {(NOW + PAUSE).astimezone():%H:%M}" in error
        assert log_ins(asked) == 1
        again = replace(desk, now=lambda: NOW + PAUSE)
        assert f"{(NOW + 2 * PAUSE).astimezone():%H:%M}" in (collect(given, again).error or "")
        assert log_ins(asked) == 1


def test_one_account_behind_two_mailboxes_is_tried_once(desk, wrong, dovecot):
    asked = Asked()
    with Relay(dovecot.port, asked=asked.hear) as line:
        given = wrong(port=line.port)
        other = wrong(port=line.port, address="rh@example.org", username=given.username or given.address)
        assert [collect(mailbox, desk).error is not None for mailbox in (given, other)] == [True, True]
        assert log_ins(asked) == 1


@pytest.mark.parametrize("change", ["password", "username"])
def test_whatever_is_changed_is_tried_at_once(desk, wrong, secret, dovecot, change, deliver):
    deliver(mail())
    asked = Asked()
    with Relay(dovecot.port, asked=asked.hear) as line:
        given = wrong(port=line.port)
        assert collect(given, desk).error is not None
        if change == "password":
            secret.write_text(PASSWORD)
            assert collect(given, desk).fetched == 1
            secret.write_text("hush-hush")
            assert collect(given, desk).error is not None
            assert log_ins(asked) == 2  # nobody tries again what was refused a minute ago
        else:
            collect(wrong(port=line.port, username="somebody@example.org"), desk)
            assert log_ins(asked) == 2


def test_a_person_may_try_at_any_time(desk, wrong, dovecot):
    asked = Asked()
    with Relay(dovecot.port, asked=asked.hear) as line:
        given = wrong(port=line.port)
        access = Access(desk.engine, desk.now)
        for _ in range(2):
            with pytest.raises(SourceError, match="was refused"), access.open(given, pausing=False):
                pass
        assert log_ins(asked) == 2


def test_a_pass_and_a_watcher_that_begin_together_try_once(desk, wrong, dovecot):
    asked, access = Asked(), Access(desk.engine, desk.now)

    def attempt():
        with pytest.raises(SourceError), access.open(given):
            pass

    with Relay(dovecot.port, asked=asked.hear) as line:
        given = wrong(port=line.port)
        threads = [threading.Thread(target=attempt) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert log_ins(asked) == 1


@pytest.mark.parametrize(
    "answer", [b" NO [UNAVAILABLE] Temporary authentication failure", b" NO [LIMIT] too many connections"], ids=["unavailable", "limit"]
)
def test_a_server_that_is_busy_is_no_refusal(desk, wrong, dovecot, answer):
    asked = Asked()
    with Relay(dovecot.port, asked=asked.hear, answered=lambda data: data.replace(b" NO [AUTHENTICATIONFAILED]", answer)) as line:
        for _ in range(2):
            error = collect(wrong(port=line.port), desk).error or ""
            assert "takes no log-in now" in error
            assert "password_file" not in error
        assert log_ins(asked) == 2


def test_a_line_that_breaks_during_the_log_in_is_no_refusal(desk, wrong, dovecot):
    def cut(data):
        if b" LOGIN " in data:
            line.cut()
        return data

    with Relay(dovecot.port) as line:
        line.asked = cut
        for _ in range(2):
            assert "the connection was lost during log-in" in (collect(wrong(port=line.port), desk).error or "")


def test_no_password_can_be_found_out_by_what_is_kept(desk, wrong, documents):
    collect(wrong(), desk)
    kept = everything(desk, documents)
    assert "hush-hush" not in kept
    accounts = {word for word in kept.split('"') if word.count(":") == 1 and len(word) == 16 + 1 + 4}
    assert len(accounts) == 1  # a salt, and two octets: any of them fits thousands of passwords
