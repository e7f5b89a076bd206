"""Mail that lies in files already, taken into the journal and processed."""

from __future__ import annotations

import mailbox as standard
from datetime import timedelta
from functools import cache

import pytest
from journaled import Deadly, authors, everything, process
from mails import mail as compose
from outlook import compound, msg
from sqlalchemy import select
from understandings import NOW

from intake import files, mbox
from intake.importing import Order, import_all
from storage.acknowledgements import AcknowledgementPolicy
from storage.database import reading, transaction
from storage.history import EventKind
from storage.messages import record_contact, requeue_failed
from storage.tables import Event, Message, Outgoing

ADDRESS = "recrutement@example.org"
mail = cache(compose)
PEOPLE = [("Léa Morin", "lea.morin@example.net"), ("Paul Roux", "paul.roux@example.net"), ("Ana Gil", "ana.gil@example.net")]
PRIVATE = compose(sender="Anne <anne@example.com>", subject="Cardiologue", text="Rendez-vous mardi.\n", attachments=(), message_id="<p@x>")


@cache
def application(number):
    name, address = PEOPLE[number]
    return compose(sender=f"{name} <{address}>", message_id=f"<{number}@example.net>")


def bring(desk, *paths, personal=False, acknowledge=False):
    return import_all(Order(paths=paths, address=ADDRESS, personal=personal, acknowledge=acknowledge), desk, lambda _: None)


def write_mbox(path, *contents):
    box = standard.mbox(path)
    for content in contents:
        box.add(content)
    box.close()
    return path


def rows(desk, *columns):
    with reading(desk.engine) as session:
        return [tuple(row) for row in session.execute(select(*columns).order_by(Message.id))]


def withheld(desk):
    with reading(desk.engine) as session:
        return [event.data["reasons"] for event in session.scalars(select(Event).where(Event.kind == EventKind.ACKNOWLEDGEMENT_WITHHELD))]


def waiting_mails(desk):
    with reading(desk.engine) as session:
        return list(session.scalars(select(Outgoing.recipient)))


def test_every_kind_of_place_is_read_and_nothing_is_changed_there(desk, tmp_path):
    here = tmp_path / "mails"
    here.mkdir()
    write_mbox(here / "Inbox", application(0))
    (here / "Inbox.msf").write_bytes(b"// index")
    maildir = here / "maildir"
    for name in ("new", "cur", "tmp"):
        (maildir / name).mkdir(parents=True)
    (maildir / "cur" / "1795000000.M1P1.host:2,S").write_bytes(application(1))
    (maildir / "tmp" / "1795000000.M2P1.host").write_bytes(b"half")
    deep = here / "folder" / "deep"
    deep.mkdir(parents=True)
    (deep / "a.eml").write_bytes(application(2))
    (deep / "b.msg").write_bytes(compound(msg(sender=("Zoé Blanc", "zoe.blanc@example.net"), message_id="<z@x>")))
    (deep / "note.txt").write_bytes(b"rien")
    before = {path: path.read_bytes() for path in here.rglob("*") if path.is_file()}
    done = bring(desk, here / "Inbox", maildir, here / "folder")
    assert (done.found, done.fetched, done.troubles, done.passed_over) == (4, 4, [], 1)
    assert {path: path.read_bytes() for path in before} == before
    assert process(desk).applications == 4
    assert set(authors(desk)) == {address for _, address in PEOPLE} | {"zoe.blanc@example.net"}


def test_importing_twice_and_from_another_place_changes_nothing(desk, tmp_path):
    path = write_mbox(tmp_path / "mails", *map(application, range(3)))
    assert bring(desk, path).fetched == 3
    process(desk)
    before = everything(desk, tmp_path / "documents")
    (tmp_path / "other.eml").write_bytes(next(iter(standard.mbox(path))).as_bytes())
    again = bring(desk, path, path.rename(tmp_path / "moved"), tmp_path / "other.eml")
    assert (again.found, again.fetched) == (4, 0)
    assert process(desk).applications == 0
    assert everything(desk, tmp_path / "documents") == before


def test_a_message_that_was_polled_is_recognised_as_a_copy(desk, tmp_path):
    with transaction(desk.engine) as session:
        from parsing.message import RawMessage
        from storage.messages import record_arrival

        record_contact(session, address=ADDRESS, folder="INBOX", uidvalidity=7, now=NOW)
        content = application(0).replace(b"\n", b"\r\n")
        record_arrival(
            session, RawMessage(ADDRESS, "7:1", NOW, content, 1), folder="INBOX", sha256=desk.store.put(content), backlog=False, now=NOW
        )
    process(desk)
    assert bring(desk, write_mbox(tmp_path / "mails", application(0))).fetched == 1
    outcome = process(desk)
    assert (outcome.applications, outcome.updated) == (0, 1)
    assert authors(desk) == ["lea.morin@example.net", "lea.morin@example.net"]
    assert waiting_mails(desk) == ["lea.morin@example.net"]


@pytest.mark.parametrize(("age", "contact", "backlog", "reasons"), [
    (timedelta(days=1), timedelta(days=2), False, None),
    (timedelta(days=1), timedelta(0), False, ["backlog"]),
    (timedelta(days=1), timedelta(0), True, None),
    (timedelta(days=30), timedelta(days=60), False, ["too_old"]),
])  # fmt: skip
def test_candidates_are_answered_only_if_asked_and_then_within_the_policy(desk, tmp_path, age, contact, backlog, reasons):
    from email.utils import format_datetime

    from intake.process import process_waiting

    with transaction(desk.engine) as session:
        record_contact(session, address=ADDRESS, folder="INBOX", uidvalidity=7, now=NOW - contact)
    received = f"Received: from there by here; {format_datetime(NOW - age)}\n".encode()
    for number, acknowledge in enumerate((False, True)):
        (tmp_path / f"{number}.eml").write_bytes(received + application(number))
        bring(desk, tmp_path / f"{number}.eml", acknowledge=acknowledge)
    process_waiting(desk, owner="1", policy=AcknowledgementPolicy(backlog=backlog))
    never = ["imported"] + ([] if reasons is None else reasons)
    assert withheld(desk) == ([never] if reasons is None else [reasons, never])  # who may be answered comes first
    assert waiting_mails(desk) == ([PEOPLE[1][1]] if reasons is None else [])


def test_who_waits_for_an_answer_comes_before_what_was_imported(desk, tmp_path):
    from parsing.message import RawMessage
    from storage.messages import record_arrival

    bring(desk, write_mbox(tmp_path / "mails", application(0), application(1)))
    with transaction(desk.engine) as session:
        record_contact(session, address=ADDRESS, folder="INBOX", uidvalidity=7, now=NOW)
        content = application(2)
        record_arrival(
            session, RawMessage(ADDRESS, "7:1", NOW, content, 1), folder="INBOX", sha256=desk.store.put(content), backlog=False, now=NOW
        )
    process(desk)
    assert authors(desk)[0] == PEOPLE[2][1]


def test_in_a_personal_mailbox_nothing_is_kept_of_what_is_no_application(desk, tmp_path):
    path = write_mbox(tmp_path / "cardiologue.mbox", PRIVATE, application(0))
    for _ in range(2):
        done = bring(desk, path, personal=True)
        assert (done.found, done.left_alone) == (2, 1)
    process(desk)
    assert len(rows(desk, Message.id)) == 1
    said = everything(desk, tmp_path / "documents").lower()
    assert "cardiologue" not in said
    assert "anne@" not in said


def test_in_a_personal_mailbox_what_stops_its_reader_is_told_and_not_kept(desk, tmp_path):
    from dataclasses import replace

    path = write_mbox(tmp_path / "mails", PRIVATE)
    with Deadly(1) as deadly:
        done = bring(replace(desk, workers=deadly), path, personal=True)
    [trouble] = done.troubles
    assert trouble.startswith(f"{path}, message 1: reading stopped its process")
    assert rows(desk, Message.id) == []


def test_what_cannot_be_read_is_named_and_the_rest_goes_on(desk, tmp_path, monkeypatch):
    for module in (files, mbox):
        monkeypatch.setattr(module, "MAX_MESSAGE", 100_000)
    (tmp_path / "a.eml").touch()
    (tmp_path / "c.pdf").write_bytes(b"%PDF-1.4")
    (tmp_path / "e.eml").write_bytes(b"Subject: lourd\n\n" + b"x" * 200_000)
    large = write_mbox(tmp_path / "large", b"Subject: lourd\n\n" + b"x" * 200_000, application(0))
    done = bring(desk, tmp_path / "a.eml", tmp_path / "c.pdf", tmp_path / "d.eml", tmp_path / "e.eml", large)
    said = dict(trouble.split(": ", 1) for trouble in done.troubles)
    assert {path.removeprefix(f"{tmp_path}/"): words for path, words in said.items()} == {
        "a.eml": "the file is empty",
        "c.pdf": "it is no mail; pli knows .eml and .msg files, mbox files, Maildirs and folders of them",
        "d.eml": "its file cannot be read (No such file or directory)",
        "e.eml": "it is larger than pli reads (0 MB, the limit is 40 MB)",
        "large, message 1": "it is larger than pli reads (0 MB, the limit is 40 MB)",
    }
    assert process(desk).applications == 1
    failed = [row for row in rows(desk, Message.state, Message.remedy) if row[0] == "failed"]
    assert sorted(remedy for _, remedy in failed) == [f"open it in {tmp_path}/e.eml", f"open it in {large}, message 1"]
    with transaction(desk.engine) as session:
        requeue_failed(session)
    assert len([row for row in rows(desk, Message.state) if row[0] == "failed"]) == 2, "no pass would ask for them again"
