"""`pli import` as its users know it: counts, exit codes, and nobody who is answered without a word from them."""

from __future__ import annotations

import json
import time

import pytest
from days import working_days
from mails import RECRUITERS, mail
from office import run_here as pli


def application(number):
    name = f"{chr(65 + number // 26)}{chr(97 + number % 26)}a"
    return mail(sender=f"{name} Morin <{name.lower()}@example.net>", message_id=f"<{number}@example.net>")


def write_mbox(path, *contents):
    line = b"From lea@example.net Mon Nov 23 09:15:00 2026\n"
    path.write_bytes(b"".join(line + content + b"\n" for content in contents))
    return str(path)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_killed_in_the_middle_and_imported_again_nobody_is_answered_and_each_application_is_told_once(office):
    office.settings(acknowledgement='backlog = true\nmax_age = "1000 days"')
    path = write_mbox(office.folder / "mails", *map(application, range(6)))
    process = office.start("import", path)
    end = time.monotonic() + 60
    while sum(path.is_file() for path in (office.folder / "documents").rglob("*")) < 3 and time.monotonic() < end:
        time.sleep(0.01)
    process.kill()
    process.communicate()
    office.pli("poll")
    again = office.json("import", path)
    assert (again["found"], again["failed"], again["problems"]) == (6, 0, [])
    office.pli("digest", "--date", working_days()[0])
    references = [application["reference"] for application in office.json("candidates")]
    assert len(set(references)) == 6
    assert {str(mail["To"]) for mail in office.sent()} == set(RECRUITERS)
    assert all(reference in office.sent()[0].get_body(("plain",)).get_content() for reference in references)


@pytest.fixture
def folder(tmp_path):
    """Settings with two mailboxes that no server stands behind."""
    (tmp_path / "offers").mkdir()
    boxes = "".join(f'[[mailbox]]\naddress = "{name}@example.org"\neml = "in"\n' for name in ("camille", "dominique"))
    smtp = '[smtp]\nhost = "127.0.0.1"\nsecurity = "none"\nsender = "a@example.org"\n'
    (tmp_path / "pli.toml").write_text(f'{boxes}{smtp}[privacy]\ncontroller = "Une"\ncontact = "d@example.org"\n')
    (tmp_path / "a.eml").write_bytes(mail())
    return tmp_path


def test_among_several_mailboxes_one_must_be_named(folder):
    for arguments in (("a.eml",), ("--mailbox", "autre@example.org", "a.eml")):
        [line] = pli("import", *arguments, folder=folder, code=2)[1].splitlines()
        assert "one of camille@example.org, dominique@example.org" in line
    out, _ = pli("import", "--mailbox", "Dominique@example.org", "--json", "a.eml", folder=folder)
    said = json.loads(out)
    assert (said["found"], said["fetched"], said["sent"]) == (1, 1, 0)
    assert said["mailboxes"] == [{"address": "dominique@example.org", "ok": True, "error": None}]


def test_what_is_no_mail_or_not_there_is_named_and_the_rest_is_imported(folder):
    (folder / "b.pdf").write_bytes(b"%PDF-1.4")
    out, err = pli("import", "--mailbox", "camille@example.org", "b.pdf", "gone", "a.eml", folder=folder, code=1)
    assert "1 message found, 1 new" in out
    assert "b.pdf: it is no mail" in err
    assert "gone: its file cannot be read (No such file or directory)" in err
