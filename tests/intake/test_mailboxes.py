"""Mailboxes as sources: one contract for all kinds, then what only a real IMAP server can show."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.utils import format_datetime
from pathlib import Path

import pytest
from dovecot import PASSWORD
from mails import mail

from intake import files, imap, imap_connection
from intake.source import SourceError
from intake.sources import SOURCES, open_source


@dataclass
class Mailbox:
    """What a source needs to know, as `config.Mailbox` says it."""

    address: str
    host: str | None = "127.0.0.1"
    maildir: Path | None = None
    eml: Path | None = None
    port: int = 0
    security: str = "none"
    username: str | None = None
    folder: str = "INBOX"
    kind: str = "dedicated"
    since: date | None = None
    after: str = "leave"
    ca_file: Path | None = None
    secret: str = PASSWORD
    seen: list[str] = field(default_factory=list)

    uses_tokens: bool = False

    def log_in_mark(self) -> str:
        return self.secret

    def access_token(self, refused: str | None = None) -> None:
        return None

    def password_value(self) -> str:
        return self.secret


def fetch(settings, last_uid=0, known=()):
    with open_source(settings) as source:
        return list(source.fetch(last_uid, lambda positions: set(positions) & set(known)))


class Letterbox:
    """A mailbox behind one kind of source, and whoever puts mail into it."""

    def __init__(self, kind, dovecot, address, folder):
        self._dovecot, self._kind, self._number, self._folder = dovecot, kind, 0, folder
        self.settings = Mailbox(address, port=dovecot.port)
        if kind == "maildir":
            self.settings = Mailbox(address, host=None, maildir=dovecot.maildir(address))
        elif kind == "eml":
            self.settings = Mailbox(address, host=None, eml=folder)

    def deliver(self, content, received_at=None):
        """Put a message in, long enough ago that nobody takes it for half written; returns its octets."""
        if self._kind != "eml":
            return self._dovecot.deliver(self.settings.address, content, received_at=received_at).read_bytes()
        stamp = format_datetime(received_at or datetime(2026, 11, 20, tzinfo=UTC))
        content = f"Received: from there by here; {stamp}\r\n".encode() + content
        self._number += 1
        path = self._folder / f"{self._number}.eml"
        path.write_bytes(content)
        os.utime(path, (1e9, 1e9 + self._number))
        os.utime(path.parent, (1e9, 1e9 + self._number))
        return content

    def flags(self):
        """Return the messages as they lie there, and their flags."""
        if self.settings.eml:
            return {path.name: path.stat().st_mtime for path in self.settings.eml.iterdir()}
        return self._dovecot.flags(self.settings.address)


@pytest.fixture(params=SOURCES)
def box(request, dovecot, mailbox, tmp_path):
    """One mailbox for each kind of source."""
    return Letterbox(request.param, dovecot, mailbox, tmp_path)


class TestEverySource:
    def test_yields_the_very_octets_oldest_first_with_the_time_of_arrival(self, box):
        moments = [datetime(2026, 11, day, 8, tzinfo=UTC) for day in (21, 20)]
        contents = [mail(message_id=f"<{moment.day}@example.net>").replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") for moment in moments]
        given = [box.deliver(content, received_at=moment) for content, moment in zip(contents, moments, strict=True)]
        found = fetch(box.settings)
        order = (0, 1) if box.settings.host else (1, 0)  # a server numbers what it is given in the order it is given
        assert [raw.content for raw in found] == [given[number] for number in order]
        assert [raw.received_at for raw in found] == [moments[number] for number in order]
        assert {raw.mailbox for raw in found} == {box.settings.address}
        assert len({raw.position for raw in found}) == 2

    def test_passes_over_what_is_known(self, box):
        box.deliver(mail())
        [first] = fetch(box.settings)
        box.deliver(mail(message_id="<2@example.net>"))
        [second] = fetch(box.settings, known=[first.position])
        assert b"<2@example.net>" in second.content

    def test_does_not_look_further_back_than_since(self, box):
        box.deliver(mail(), received_at=datetime(2026, 10, 1, 12, tzinfo=UTC))
        box.deliver(mail(message_id="<2@example.net>"), received_at=datetime(2026, 11, 10, 12, tzinfo=UTC))
        box.settings.since = date(2026, 11, 1)
        assert [b"<2@example.net>" in raw.content for raw in fetch(box.settings)] == [True]

    def test_tells_of_new_mail_and_of_nothing_else(self, box):
        box.deliver(mail())
        with open_source(box.settings) as source, ThreadPoolExecutor() as threads:
            assert source.can_wait
            assert not source.wait(1.5)
            told = threads.submit(lambda: any(source.wait(5) for _ in range(6)))
            box.deliver(mail(message_id="<2@example.net>"))
            assert told.result(timeout=40)

    def test_changes_no_flag(self, box):
        box.deliver(mail())
        before = box.flags()
        fetch(box.settings)
        assert box.flags() == before

    def test_hands_over_only_the_header_of_what_is_too_large(self, box, monkeypatch):
        for module in (imap, files):
            monkeypatch.setattr(module, "MAX_MESSAGE", 2000)
            monkeypatch.setattr(module, "MAX_HEADER", 600)
        box.deliver(mail(text="x\n" * 3000))
        [raw] = fetch(box.settings)
        assert raw.too_large
        assert raw.size > 2000
        assert b"lea.morin@example.net" in raw.content
        assert len(raw.content) < 2000


def test_a_maildir_file_that_moves_while_it_is_listed_waits_for_the_next_pass(dovecot, mailbox):
    settings = Mailbox(mailbox, host=None, maildir=dovecot.maildir(mailbox))
    moved, stays = dovecot.deliver(mailbox, mail()), dovecot.deliver(mailbox, mail(message_id="<2@example.net>"))

    def look(positions):
        moved.rename(moved.parent.parent / "cur" / f"{moved.name}:2,S")
        return set()

    with open_source(settings) as source:
        assert [raw.position for raw in source.fetch(0, look)] == [stays.name]
    assert len(fetch(settings)) == 2


class TestImap:
    def test_reads_over_verified_tls(self, dovecot, mailbox, authority):
        dovecot.deliver(mailbox, mail())
        assert len(fetch(Mailbox(mailbox, port=dovecot.tls_port, security="tls", ca_file=authority.file))) == 1
        assert len(fetch(Mailbox(mailbox, port=dovecot.port, security="starttls", ca_file=authority.file))) == 1

    @pytest.mark.parametrize("security", ["tls", "starttls"])
    def test_refuses_a_certificate_that_nobody_vouches_for_before_the_password_is_said(self, dovecot, mailbox, security):
        port = dovecot.tls_port if security == "tls" else dovecot.port
        with pytest.raises(SourceError, match=rf"{mailbox} at 127.0.0.1:{port}: the certificate is not valid: .*; renew it, or name"):
            fetch(Mailbox(mailbox, port=port, security=security))

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"secret": "hush-hush"}, "the log-in of .* was refused; check username and password_file"),
            ({"host": "nowhere.invalid"}, "there is no such host; check host"),
            ({"port": 1}, "cannot be reached: .*; check host, port and security"),
            ({"folder": "Candidatures"}, "the folder Candidatures cannot be opened .*; its folders are: .*INBOX"),
        ],
    )
    def test_says_in_one_line_what_is_wrong_and_never_the_password(self, dovecot, mailbox, change, words):
        settings = Mailbox(mailbox, port=dovecot.port)
        for name, value in change.items():
            setattr(settings, name, value)
        with pytest.raises(SourceError, match=words) as caught:
            fetch(settings)
        said = str(caught.value)
        assert mailbox in said
        assert "\n" not in said
        assert "hush-hush" not in said
        assert PASSWORD not in said

    def test_gives_new_positions_after_a_change_of_uidvalidity(self, dovecot, mailbox):
        dovecot.deliver(mailbox, mail())
        [before] = fetch(Mailbox(mailbox, port=dovecot.port))
        dovecot.renumber(mailbox)
        [after] = fetch(Mailbox(mailbox, port=dovecot.port))
        assert before.position != after.position
        assert before.content == after.content

    def test_moves_and_flags_only_if_asked_to(self, dovecot, mailbox):
        dovecot.deliver(mailbox, mail())
        settings = Mailbox(mailbox, port=dovecot.port)
        [raw] = fetch(settings)
        settings.after = "flag:Traite"
        with open_source(settings) as source:
            source.settle(raw.position)
        assert set(dovecot.flags(mailbox).values()) == {"a"}  # the first keyword of the mailbox
        settings.after = "move:Traitees"
        with imap_connection.connect(settings) as client:
            client.create_folder("Traitees")
        with open_source(settings) as source:
            source.settle(raw.position)
        assert dovecot.flags(mailbox) == {}


def test_after_a_change_of_uidvalidity_nothing_is_doubled(office):
    office.deliver(mail())
    office.pli("poll")
    office.dovecot.renumber(office.mailbox)
    assert office.json("poll")["fetched"] == 1
    [application] = office.json("candidates")
    assert len(office.sent()) == 1
    assert application["messages"] == 1


def test_a_maildir_works_as_a_mailbox_from_end_to_end(office):
    office.read_as_maildir()
    office.deliver(mail())
    assert office.json("poll")["applications"] == 1
    assert len(office.sent()) == 1
