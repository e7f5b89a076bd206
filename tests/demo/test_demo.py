"""The demo is the product's promise to a newcomer: it must do what it says, on its own servers."""

from __future__ import annotations

import contextlib
import email
import email.policy
import io
import multiprocessing
import sqlite3
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

import demo

Played = tuple[int, Path, str]

APPLICANTS = {
    "leonie.marchetti@example.org",
    "t.wilkinson@example.com",
    "awa.ndiaye-leroux@example.net",
    "basile.quemeneur@example.org",
    "ines.ferrand@example.net",
    "priya.raman@example.com",
    "hugo.delmas@example.net",
}
UNANSWERED = {"ines.ferrand@example.net", "hugo.delmas@example.net"}
"""Forwarded by a recruiter, and failed authentication."""


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The exit code, the folder and what was printed."""
    folder = tmp_path_factory.mktemp("demo") / "pli-demo"
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        code = demo.run(folder)
    return code, folder, printed.getvalue()


@pytest.fixture
def database(played: Played) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(played[1] / "pli.db")
    yield connection
    connection.close()


def mails(folder: Path) -> list[EmailMessage]:
    return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in sorted(folder.glob("*.eml"))]


def test_it_keeps_every_promise_it_prints(played: Played) -> None:
    code, _, printed = played
    assert code == 0  # flags unchanged, no command that could change a mailbox, and nothing sent or written by a second pass
    assert printed.count("\nyes  ") == 4
    assert "\nNO " not in printed
    assert "compared on the server: 0 changed" in printed
    assert "could change a mailbox: 0 (pli sent CAPABILITY" in printed
    assert "0 fetched, 0 sent, database unchanged to the last row" in printed


def test_the_morning_is_as_lively_as_promised(played: Played) -> None:
    assert len(mails(played[1] / "mails")) >= 16


def test_each_applicant_has_exactly_one_application(database: sqlite3.Connection) -> None:
    rows = database.execute(
        "SELECT address, count(*) FROM applications JOIN candidate_addresses USING (candidate_id) GROUP BY address"
    ).fetchall()
    assert dict(rows) == dict.fromkeys(APPLICANTS, 1)


def test_each_applicant_is_acknowledged_once_or_not_at_all(played: Played) -> None:
    sent = mails(played[1] / "acknowledgements")
    assert sorted(mail["To"].addresses[0].addr_spec for mail in sent) == sorted(APPLICANTS - UNANSWERED)
    languages = {mail["To"].addresses[0].addr_spec: mail["Content-Language"] for mail in sent}
    assert languages["t.wilkinson@example.com"] == languages["priya.raman@example.com"] == "en"
    assert languages["leonie.marchetti@example.org"] == "fr"


def test_the_missing_cv_answers_our_real_acknowledgement_and_joins_its_application(played: Played, database: sqlite3.Connection) -> None:
    ours = next(mail for mail in mails(played[1] / "acknowledgements") if "basile" in str(mail["To"]))
    answer = next(mail for mail in mails(played[1] / "mails") if mail["In-Reply-To"])
    assert answer["In-Reply-To"] == ours["Message-ID"]
    roles = database.execute(
        "SELECT filename, role FROM documents JOIN applications ON applications.id = application_id"
        " JOIN candidate_addresses USING (candidate_id) WHERE address = 'basile.quemeneur@example.org'"
    ).fetchall()
    assert roles == [("cv-quemeneur.pdf", "cv")]


def test_the_history_tells_copy_update_and_bounce(database: sqlite3.Connection) -> None:
    kinds = dict(database.execute("SELECT kind, count(*) FROM events GROUP BY kind").fetchall())
    assert kinds["received"] == 7
    assert kinds["copy"] == 1  # the other recruiter's mailbox
    assert kinds["reply"] == 1  # the same files sent again
    assert kinds["updated"] == 1  # the missing CV
    assert kinds["bounced"] == 1
    assert kinds["acknowledgement_withheld"] == len(UNANSWERED)


def test_a_digest_lies_there_for_each_recruiter_with_every_applicant(played: Played) -> None:
    folder = played[1] / "digests"
    for kind in ("eml", "html", "txt"):
        assert len(list(folder.glob(f"*.{kind}"))) == 2
    for path in (*folder.glob("*.txt"), *folder.glob("*.html")):
        text = path.read_text(encoding="utf-8")
        assert all(address in text for address in APPLICANTS), path.name


def test_private_mail_left_nothing_behind(played: Played, database: sqlite3.Connection) -> None:
    _, folder, _ = played
    dump = "\n".join(database.iterdump())
    assert "Tomas-Wilkinson-CV.pdf" in dump  # so that an empty dump proves nothing by accident
    for word in ("Déjeuner", "solene.gueguen", "Billet", "Winner", "passerelle.example.com", "marc.tisserand", "lettres.example.com"):
        assert word not in dump
    kept = {path.read_bytes() for path in (folder / "documents").rglob("*") if path.is_file()}
    stored = [path.name for path in sorted((folder / "mails").glob("*.eml")) if path.read_bytes() in kept]
    assert len(stored) == 10  # seven applications, one written twice, the missing CV, and the bounce of our acknowledgement
    assert [name for name in stored if "application" not in name and "candidate-writes" not in name] == [
        name for name in stored if "bounce-of-our" in name or "missing-CV" in name
    ]


def test_the_table_says_of_each_message_what_it_is_and_what_became_of_it(played: Played) -> None:
    printed = played[2]
    for word in ("newsletter", "calendar", "auto_reply", "bounce", "internal", "spam", "forwarded_application", "left alone"):
        assert word in printed
    assert printed.count("new application ") == 7
    assert "it holds nothing but the position" in printed


def test_the_servers_ended_with_it(played: Played) -> None:
    assert not [child for child in multiprocessing.active_children() if child.name == "demo servers"]
