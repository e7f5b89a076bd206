"""Reading in child processes: what hangs, eats memory or dies is stopped, named, and costs nobody the application."""

from __future__ import annotations

import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from mails import mail

from intake import workers as workers_module
from intake.reading import read_message
from intake.workers import WorkerFailedError, WorkerKilledError, Workers, WorkersClosedError
from parsing.context import Context
from parsing.mail_class import MailClass


def hang():
    while True:
        time.sleep(1)


def eat():
    return len(bytearray(8 * 2**30))


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def fail():
    raise ValueError("words of a stranger")


def limits():
    return {name for name in os.environ if name.startswith("PLI_")}


@pytest.fixture(scope="module")
def workers():
    with Workers(1) as pool:
        yield pool


def test_what_hangs_is_stopped(workers, monkeypatch):
    monkeypatch.setattr(workers_module, "SECONDS", 1.0)
    with pytest.raises(WorkerKilledError, match="took longer than 1 s and was stopped"):
        workers.run(hang)
    assert workers.run(len, "abc") == 3


def test_what_eats_memory_is_stopped(workers):
    with pytest.raises(WorkerKilledError, match="MB and was stopped"):
        workers.run(eat)
    assert workers.run(len, "abc") == 3


def test_what_dies_is_seen(workers):
    with pytest.raises(WorkerKilledError, match="stopped its process"):
        workers.run(die)
    assert workers.run(len, "abc") == 3


def test_a_child_that_is_killed_while_it_waits_is_replaced(workers):
    for _ in range(3):
        os.kill(workers.run(os.getpid), signal.SIGKILL)
        assert workers.run(len, "abc") == 3


def test_whoever_waits_for_a_pool_that_is_closed_is_told():
    pool = Workers(1)
    with ThreadPoolExecutor(3) as threads:
        waiting = [threads.submit(pool.run, hang) for _ in range(3)]
        while len(pool._waiting) < 3:
            time.sleep(0.01)
        pool.close()
        for future in waiting:
            with pytest.raises(WorkersClosedError):
                future.result(timeout=20)
    with pytest.raises(WorkersClosedError):
        pool.run(len, "abc")


def test_what_is_stopped_with_the_program_is_not_read_without_its_documents(workers):
    stop = threading.Event()

    class Stopped:
        """A pool whose children die with the program."""

        def run(self, *_args):
            stop.set()
            return workers.run(die)

    with pytest.raises(WorkersClosedError):
        read_message(Stopped(), mail(), Context(), stop)  # type: ignore[arg-type]


def test_an_error_is_named_without_a_strangers_words(workers):
    with pytest.raises(WorkerFailedError) as caught:
        workers.run(fail)
    assert "ValueError" in str(caught.value)
    assert "stranger" not in str(caught.value)


def test_no_setting_reaches_a_child(monkeypatch):
    monkeypatch.setenv("PLI_SMTP__PASSWORD", "hush")
    with Workers(1) as pool:
        assert pool.run(limits) == set()


def test_a_document_that_stops_its_reader_costs_nobody_the_application(workers, monkeypatch):
    class Poisoned:
        """A pool whose children die of every document."""

        def run(self, function, content, context):
            return workers.run(die) if context.read_documents else workers.run(function, content, context)

    facts = read_message(Poisoned(), mail(), Context())  # type: ignore[arg-type]
    assert facts.verdict.mail_class in {MailClass.APPLICATION, MailClass.UNSURE}
    assert "timeout" in facts.problems
    assert [attachment.filename for attachment in facts.attachments] == ["CV Léa Morin.pdf"]
