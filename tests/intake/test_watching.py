"""IDLE: news is told within seconds, whatever packet it comes in, and a connection that is lost is made again."""

from __future__ import annotations

import re
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from mails import mail
from relay import Asked, Relay

from intake import watch as watching
from intake.access import Access
from intake.source import SourceError
from intake.sources import open_source
from intake.watch import watch
from storage.database import open_database, upgrade

QUICK = 8.0
"""Seconds: far less than an IDLE lasts; Dovecot itself may take one to tell."""


@pytest.fixture
def access(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path / 'pli.db'}")
    upgrade(engine)
    yield Access(engine, lambda: datetime.now(UTC))
    engine.dispose()


class News:
    """Counts how often a pass was asked for."""

    def __init__(self):
        self.count, self._changed = 0, threading.Condition()

    def __call__(self):
        with self._changed:
            self.count += 1
            self._changed.notify_all()

    def reached(self, count, within=QUICK):
        with self._changed:
            return self._changed.wait_for(lambda: self.count >= count, within)


@contextmanager
def watched(settings, access, news):
    stop = threading.Event()
    thread = threading.Thread(target=watch, args=(settings, news, stop, access), daemon=True)
    thread.start()
    try:
        yield thread
    finally:
        stop.set()


def saying(before=b"", after=b""):
    return lambda data: data.replace(b"+ idling\r\n", before + b"+ idling\r\n" + after)


def waited(settings):
    """Return what one wait came to, and the seconds it took."""
    start = time.monotonic()
    try:
        with open_source(settings) as source:
            return source.wait(QUICK), time.monotonic() - start
    except SourceError as error:
        return str(error), time.monotonic() - start


@pytest.mark.parametrize(
    "change",
    [
        saying(after=b"* 99 EXISTS\r\n"),
        saying(before=b"* 99 EXISTS\r\n"),
        saying(after=b"* OK Still here\r\n* 98 EXISTS\r\n* 1 RECENT\r\n"),
    ],
    ids=["in the packet of the consent", "before the consent", "after a sign of life"],
)
def test_news_is_heard_at_once(settings, dovecot, change):
    with Relay(dovecot.port, answered=change) as line:
        came, seconds = waited(settings(port=line.port))
    assert came is True
    assert seconds < QUICK / 2


def test_news_is_heard_over_tls_at_once(settings, dovecot, authority, deliver):
    given = settings(port=dovecot.tls_port, security="tls", ca_file=authority.file)
    with open_source(given) as source:
        timer = threading.Timer(0.3, deliver, [mail()])
        timer.start()
        start = time.monotonic()
        assert any(source.wait(QUICK) for _ in range(2))
        timer.join()
    assert time.monotonic() - start < QUICK


@pytest.mark.parametrize(
    "change",
    [saying(after=b"* BYE see you\r\n"), lambda data: data.replace(b"+ idling", b"A1 NO not now")],
    ids=["a goodbye", "no consent"],
)
def test_a_server_that_ends_idling_is_told_at_once(settings, dovecot, change):
    with Relay(dovecot.port, answered=change) as line:
        told, seconds = waited(settings(port=line.port))
    assert "the connection was lost while waiting" in told
    assert seconds < QUICK / 2


def test_idling_ends_by_itself_without_news(settings, monkeypatch):
    monkeypatch.setattr("intake.imap._IDLE_SECONDS", 0.3)
    asked = Asked()
    with Relay(settings().port, asked=asked.hear) as line, open_source(settings(port=line.port)) as source:
        assert source.wait(1.0) is False
    assert asked.names().count("IDLE") > 1


def test_after_a_cut_a_pass_is_asked_for_within_seconds(settings, dovecot, access, deliver):
    news, asked = News(), Asked()
    with Relay(dovecot.port, asked=asked.hear) as line, watched(settings(port=line.port), access, news):
        assert news.reached(1)
        while not any(command.startswith("IDLE") for command in asked.commands):
            time.sleep(0.01)
        line.cut()
        deliver(mail())  # nobody listens now
        assert news.reached(2)


def test_a_message_that_comes_while_idling_asks_for_a_pass(settings, access, deliver):
    news = News()
    with watched(settings(), access, news):
        assert news.reached(1)
        deliver(mail())
        assert news.reached(2)


def test_a_server_that_tells_at_every_question_how_much_it_holds_is_not_asked_without_end(settings, dovecot, access, deliver):
    news, asked, deaf = News(), Asked(), re.compile(rb"(\w+ OK )(NOOP|Idle)")
    deliver(mail())
    with (
        Relay(dovecot.port, asked=asked.hear, answered=lambda data: deaf.sub(rb"* 1 EXISTS\r\n\1\2", data)) as line,
        watched(settings(port=line.port), access, news),
    ):
        assert news.reached(1)
        assert not news.reached(2, within=1.5)
        deliver(mail())
        assert news.reached(2)
    assert asked.names().count("NOOP") <= 4


def test_what_is_deleted_is_no_news_and_what_comes_then_is(settings, access, deliver, dovecot, mailbox):
    deliver(mail(), mail())
    news = News()
    with watched(settings(), access, news):
        assert news.reached(1)
        time.sleep(0.5)
        next(path for sub in ("new", "cur") for path in (dovecot.maildir(mailbox) / sub).iterdir()).unlink()
        assert not news.reached(2, within=2.5)
        deliver(mail())
        assert news.reached(2)


def test_a_server_that_hangs_up_at_once_is_not_hammered(settings, dovecot, access, monkeypatch):
    monkeypatch.setattr(watching, "_FIRST_PAUSE", 0.05)
    asked = Asked()
    with (
        Relay(dovecot.port, asked=asked.hear, answered=saying(after=b"* BYE\r\n")) as line,
        watched(settings(port=line.port), access, News()),
    ):
        time.sleep(1.2)
    assert 2 <= asked.names().count("LOGIN") <= 6  # 0.05, 0.1, 0.2 … and not 20


def test_a_server_without_idle_is_not_watched_and_that_is_said(settings, dovecot, access, caplog):
    caplog.set_level("INFO")
    with Relay(dovecot.port, answered=lambda data: data.replace(b" IDLE", b"")) as line:
        with watched(settings(port=line.port), access, News()) as thread:
            thread.join(QUICK)
        assert not thread.is_alive()
    assert "the server has no IDLE; new mail waits for the next pass" in caplog.text


def test_a_server_that_does_not_say_what_it_can_do_is_tried_again(settings, dovecot, access, monkeypatch):
    monkeypatch.setattr(watching, "_FIRST_PAUSE", 0.05)
    news, bad = News(), {"on": True}

    def silent(data):
        return data.replace(b"OK [CAPABILITY", b"OK [NOTHING") if bad["on"] else data

    def refuse(data):
        return data.replace(b"CAPABILITY", b"NONSENSE") if bad["on"] else data

    with Relay(dovecot.port, answered=silent, asked=refuse) as line, watched(settings(port=line.port), access, news):
        time.sleep(0.3)
        bad["on"] = False
        assert news.reached(1)
