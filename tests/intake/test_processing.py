"""Processing what was collected: real reading in children, failures kept and shown, and a person's word."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from journaled import Deadly, authors, kept, process
from mails import mail
from understandings import NOW

from intake.collect import collect
from intake.process import process_waiting, take_in
from storage.acknowledgements import AcknowledgementPolicy
from storage.database import reading, transaction
from storage.messages import requeue_failed
from storage.queries import applications
from storage.triage_list import triage

PAUL: dict[str, Any] = {"message_id": "<2@example.net>", "sender": "Paul Roux <paul.roux@example.net>"}
QUESTION = mail(
    sender="Zoé Petit <zoe.petit@example.net>",
    subject="Bonjour",
    text="Bonjour,\n\nseriez-vous disponible pour échanger ?\n\nZoé\n",
    attachments=(("profil.txt", "Zoé Petit, dix ans de métier".encode()),),
)


def waiting(desk):
    with reading(desk.engine) as session:
        return triage(session)


def test_mail_is_processed_in_the_order_of_its_arrival(desk, settings, deliver):
    deliver(mail(), received_at=NOW - timedelta(hours=1))
    deliver(mail(**PAUL), received_at=NOW - timedelta(hours=2))
    collect(settings(), desk)
    seen: list[int] = []
    process_waiting(desk, owner="1", policy=AcknowledgementPolicy(), progress=seen.append)
    assert authors(desk) == ["paul.roux@example.net", "lea.morin@example.net"]
    assert seen == [1, 2]


def test_the_message_in_hand_is_finished_when_a_stop_is_asked_for(desk, settings, deliver):
    deliver(mail(), mail(**PAUL))
    collect(settings(), desk)
    stopped = process_waiting(desk, owner="1", policy=AcknowledgementPolicy(), progress=lambda _: desk.stop.set())
    assert stopped.applications == 1
    assert sorted(state for state, _ in kept(desk)) == ["done", "received"]


def test_two_that_process_at_the_same_moment_record_each_message_once(desk, settings, deliver):
    for number in range(6):  # the same person writes twice
        deliver(mail(message_id=f"<{number}@example.net>", sender=f"Paul Roux <paul.roux{number // 2}@example.net>"))
    collect(settings(), desk)
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda owner: process(desk, owner), "12"))
    assert sum(item.applications for item in done) == 3
    assert sum(item.updated for item in done) == 3
    assert len(set(authors(desk))) == 3


def test_what_kills_its_reader_three_times_is_set_aside_and_can_be_tried_again(desk, settings, deliver):
    deliver(mail())
    collect(settings(), desk)
    with Deadly(1) as deadly:
        for _ in range(3):
            assert process(replace(desk, workers=deadly)).failed == 1  # once a pass
    [item] = waiting(desk)
    assert "stopped its process" in item.cause
    assert "pli retry" in item.remedy
    assert process(desk).applications == 0  # until a person asks
    with transaction(desk.engine) as session:
        assert requeue_failed(session) == 1
    assert process(desk).applications == 1
    assert waiting(desk) == []


def test_a_message_that_vanished_from_the_document_store_is_named_and_kept(desk, settings, deliver, documents):
    deliver(mail())
    collect(settings(), desk)
    for path in [path for path in documents.rglob("*") if path.is_file()]:
        path.unlink()
    deliver(mail(sender="Paul Roux <paul.roux@example.net>", message_id="<2@example.net>"))
    collect(settings(), desk)
    assert process(desk).applications == 1  # the rest goes on
    [item] = waiting(desk)
    assert item.kind == "failure"
    assert "cannot be read" in item.cause
    assert "restore it from a backup" in item.cause


def test_what_cannot_be_told_waits_for_a_person_whose_word_counts(desk, settings, deliver):
    deliver(QUESTION)
    collect(settings(), desk)
    assert process(desk).triage == 1
    [item] = waiting(desk)
    assert (item.author, item.mail_class) == ("zoe.petit@example.net", "unsure")
    number = int(item.id[1:])
    with pytest.raises(LookupError, match="no offer cook"):
        take_in(desk, number, "cook", owner="1", policy=AcknowledgementPolicy())
    recorded = take_in(desk, number, "backend", owner="1", policy=AcknowledgementPolicy())
    assert recorded is not None
    assert recorded.outcome == "application"
    assert waiting(desk) == []
    with reading(desk.engine) as session:
        [application] = applications(session)
    assert (application.offer, application.email) == ("backend", "zoe.petit@example.net")
    assert [document.filename for document in application.documents] == ["profil.txt"]
    assert take_in(desk, number, "backend", owner="1", policy=AcknowledgementPolicy()) is None
