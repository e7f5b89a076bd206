"""Mail that lies in files: Maildirs as real programs leave them, and folders of `.eml` files."""

from __future__ import annotations

import os
import time
import tracemalloc
from datetime import UTC, datetime
from functools import cache

import pytest
from imapclient import imap_utf7  # type: ignore[import-untyped]
from journaled import kept
from mails import mail as compose
from test_mailboxes import Mailbox, fetch

from intake import files
from intake.collect import collect
from intake.source import SourceError
from intake.sources import open_source

ADDRESS = "recrutement@example.org"
mail = cache(compose)
"""The same octets each time."""


@pytest.fixture
def home(tmp_path):
    """An empty Maildir."""
    return make(tmp_path / "maildir")


def make(home):
    for name in ("new", "cur", "tmp"):
        (home / name).mkdir(parents=True)
    return home


def maildir(home, **given):
    return Mailbox(ADDRESS, host=None, maildir=home, **given)


def put(path, content=None, seconds=1_795_000_000.0):
    path.write_bytes(mail() if content is None else content)
    os.utime(path, (seconds, seconds))
    return path


class TestMaildir:
    def test_a_message_that_was_moved_and_flagged_between_two_passes_comes_once(self, home):
        waiting = put(home / "new" / "1795000000.M1P2.host")
        [first] = fetch(maildir(home))
        seen = waiting.rename(home / "cur" / f"{waiting.name}:2,")
        for flags in ("S", "RS", "FRST"):
            seen = seen.rename(home / "cur" / f"{waiting.name}:2,{flags}")
            [again] = fetch(maildir(home))
            assert again.position == first.position == waiting.name
        assert fetch(maildir(home), known=[first.position]) == []

    def test_one_that_moves_while_the_folder_is_looked_through_comes_once(self, home):
        put(home / "new" / "1795000000.M1P2.host")
        put(home / "cur" / "1795000000.M1P2.host:2,S")
        [raw] = fetch(maildir(home))
        assert raw.content == mail()

    @pytest.mark.parametrize("sign", [":2,S", ";2,S", "!2,S", ":1,x"])
    def test_flags_are_no_part_of_a_name_whatever_sign_stands_before_them(self, home, sign):
        put(home / "cur" / f"1795000000.M1P2.host{sign}")
        assert [raw.position for raw in fetch(maildir(home))] == ["1795000000.M1P2.host"]

    def test_half_written_messages_and_folders_are_no_messages(self, home):
        put(home / "tmp" / "1795000000.M1P2.host")
        put(home / "new" / ".nfs0001")
        (home / "new" / "folder").mkdir()
        assert fetch(maildir(home)) == []

    @pytest.mark.parametrize(("folder", "place"), [
        ("INBOX", ""),
        ("Candidatures/2026", ".Candidatures.2026"),
        ("INBOX.Candidatures", ".Candidatures"),
        ("Reçues", "." + imap_utf7.encode("Reçues").decode()),
        ("Reçues", ".Reçues"),
        ("Candidatures/2026", "Candidatures/2026"),
    ])  # fmt: skip
    def test_a_folder_is_found_where_servers_put_it(self, home, folder, place):
        put(home / "new" / "1.x", mail(message_id="<inbox@example.net>"))
        if place:
            put(make(home / place) / "new" / "1.x", mail(message_id="<folder@example.net>"))
        [raw] = fetch(maildir(home, folder=folder))
        assert (b"<folder@" in raw.content) == bool(place)

    def test_a_folder_that_is_not_there_names_those_that_are(self, home):
        make(home / ".Candidatures &AOk-t&AOk-")
        with pytest.raises(SourceError, match=r"has no folder Autre; its folders are: INBOX, Candidatures été; correct `folder`"):
            fetch(maildir(home, folder="Autre"))

    def test_a_copied_maildir_whose_files_look_new_is_as_old_as_its_names_say(self, home):
        put(home / "cur" / "1700000000.M1P2.host:2,S", seconds=time.time())
        assert fetch(maildir(home))[0].received_at == datetime.fromtimestamp(1_700_000_000, UTC)

    @pytest.mark.parametrize("seconds", [-5.0, 32503680000.0])
    def test_an_absurd_time_is_no_obstacle(self, home, seconds):
        put(home / "new" / "x.host", seconds=seconds)
        assert fetch(maildir(home))[0].received_at <= datetime.now(UTC)

    def test_a_name_of_any_octets_is_a_position_that_the_database_gives_back(self, home, desk):
        for octets in (b"\xe9t\xe9.host", b"\xe8t\xe9.host"):
            put(home / "new" / os.fsdecode(octets), mail(message_id=f"<{octets.hex()}@example.net>"))
        assert collect(maildir(home), desk).fetched == 2
        assert collect(maildir(home), desk).fetched == 0

    def test_of_a_huge_folder_only_a_part_is_held_at_a_time_and_all_of_it_comes_in_order(self, home, monkeypatch):
        monkeypatch.setattr(files, "_AT_ONCE", 10)
        for number in range(95):
            put(home / "new" / f"{number % 7}.{number}.host", b"x", seconds=1_795_000_000 + number % 13)
        found = [(raw.received_at, raw.position) for raw in fetch(maildir(home))]
        assert found == sorted(found)
        assert len(set(found)) == 95

    def test_an_idle_look_at_a_large_folder_needs_little_memory(self, home):
        for number in range(5000):
            (home / "cur" / f"1795000000.M{number}P2.a-host-with-a-rather-long-name.example.org,S=12345:2,S").touch()
        source = maildir(home)
        with open_source(source) as opened:
            tracemalloc.start()
            assert list(opened.fetch(0, set)) == []
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        assert peak < 600_000


class TestWhatCannotBeRead:
    @pytest.mark.parametrize(("spoil", "said"), [
        (lambda path: path.symlink_to("/etc/hostname"), "its file is a link, and pli follows none"),
        (lambda path: path.touch(), "its file is empty"),
        (os.mkfifo, "it is no file"),
    ])  # fmt: skip
    @pytest.mark.parametrize("kind", ["maildir", "eml"])
    def test_a_person_is_told_and_the_others_come(self, home, desk, kind, spoil, said):
        from sqlalchemy import select

        from storage.database import reading
        from storage.tables import Message

        folder = home / "new"
        spoil(folder / "a.eml")
        os.utime(folder / "a.eml", (1e9, 1e9), follow_symlinks=False)
        put(folder / "b.eml")
        box = maildir(home) if kind == "maildir" else Mailbox(ADDRESS, host=None, eml=folder)
        assert collect(box, desk).fetched == 2
        with reading(desk.engine) as session:
            rows = list(session.execute(select(Message.state, Message.cause).order_by(Message.received_at)))
        assert sorted(map(tuple, rows), key=str) == [("failed", said), ("received", None)]
        assert {content for _, content in kept(desk)} == {b"", mail()}


class TestEml:
    @pytest.fixture
    def box(self, tmp_path):
        return Mailbox(ADDRESS, host=None, eml=tmp_path)

    def test_takes_mail_by_its_name_and_looks_into_no_other_folder(self, box, tmp_path):
        (tmp_path / "under").mkdir()
        (tmp_path / "folder.eml").mkdir()
        for name in ("a.eml", "B.EML", "c.eml.part", "d.eml.tmp", "e.txt", ".f.eml", "under/g.eml"):
            put(tmp_path / name)
        assert sorted(raw.position.partition("/")[0] for raw in fetch(box)) == ["B.EML", "a.eml"]

    def test_what_is_still_being_written_waits_for_the_next_pass(self, box, tmp_path):
        path = put(tmp_path / "a.eml", seconds=time.time())
        assert fetch(box) == []
        os.utime(path, (1e9, 1e9))
        assert len(fetch(box)) == 1

    def test_what_grows_while_it_is_read_waits_too(self, box, tmp_path):
        first, second = put(tmp_path / "a.eml", seconds=1e9), put(tmp_path / "b.eml", seconds=1e9)
        with open_source(box) as source:
            found = source.fetch(0, lambda _: set())
            next(found)
            put(second, b"Subject: autre\n\n", seconds=2e9)
            assert list(found) == []
        assert first.exists()

    def test_a_file_that_is_written_anew_is_another_message(self, box, tmp_path):
        path = put(tmp_path / "a.eml", seconds=1e9)
        [first] = fetch(box)
        put(path, mail(message_id="<2@example.net>"), seconds=1e9 + 1)
        [second] = fetch(box, known=[first.position])
        assert b"<2@example.net>" in second.content

    @pytest.mark.parametrize(("fields", "year"), [
        (b"Received: by b; Mon, 5 Jan 2026 10:00:00 +0100\r\nReceived: by a; Mon, 5 Jan 2015 10:00:00 +0100\r\nDate: x\r\n", 2026),
        (b"Received: by b; nonsense\r\nDate: Sat, 5 Jan 2019 10:00:00 +0100\r\n", 2019),
        (b"Date: Sat, 5 Jan 2099 10:00:00 +0100\r\n", datetime.now(UTC).year),
        (b"Subject: x\r\n", 2001),
    ])  # fmt: skip
    def test_it_came_when_its_header_says_so(self, box, tmp_path, fields, year):
        put(tmp_path / "a.eml", fields + b"\r\n", seconds=1e9)
        [raw] = fetch(box)
        assert raw.received_at.year == year
        assert raw.received_at <= datetime.now(UTC)

    def test_a_folder_that_is_not_there_is_named_with_the_remedy(self, tmp_path):
        with pytest.raises(SourceError, match=r"there is no folder .*/gone; make it, or correct `eml`"):
            fetch(Mailbox(ADDRESS, host=None, eml=tmp_path / "gone"))
