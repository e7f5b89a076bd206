"""The command line as users and scripts know it: help, exit codes, JSON shapes, and one clear line for whatever is wrong."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from days import free_day, today, working_days
from mails import AD, cv, mail
from office import PROGRAM
from office import run_here as pli
from understandings import publish, reference_of, take_in, understanding

from cli import COMMANDS, console
from storage.database import open_database, upgrade

DOCS = Path(__file__).parents[1] / "docs" / "commands.md"


@pytest.fixture
def files(tmp_path):
    (tmp_path / "offers").mkdir()
    (tmp_path / "offers" / "backend.md").write_text(AD.format(state="true"), encoding="utf-8")
    (tmp_path / "mail.eml").write_bytes(mail())
    (tmp_path / "cv.pdf").write_bytes(cv())
    return tmp_path


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_help_and_is_documented_with_all_its_options(name, tmp_path):
    out, _ = pli(name, "--help", folder=tmp_path)
    section = DOCS.read_text(encoding="utf-8")
    assert f"**`pli {name}`**" in section
    documented = section + " --config --help"
    for option in set(re.findall(r"^\s+(--[a-z]+)", out, re.MULTILINE)):
        assert option in documented, f"{name} {option}"


def test_the_documentation_names_no_command_that_does_not_exist():
    named = set(re.findall(r"\*\*`pli (\w+)`\*\*", DOCS.read_text(encoding="utf-8")))
    assert named == set(COMMANDS)


def test_an_unknown_command_names_the_nearest(tmp_path):
    _, err = pli("pol", folder=tmp_path, code=2)
    assert "'poll'" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("foo",), "there is no command 'foo'; `pli --help` shows how"),
        (("move", "X"), "Write one of received, in_review,"),
        (("move", "X", "foo"), "Invalid value for 'STAGE': 'foo' is none of received,"),
        (("candidates", "--since", "yesterday"), "write YYYY-MM-DD"),
        (("inspect", "--recruiters", "pasuneadresse", "x.eml"), "'pasuneadresse' is no e-mail address"),
    ],
)
def test_a_wrong_word_gets_one_line_with_the_remedy(tmp_path, arguments, said):
    [line] = pli(*arguments, folder=tmp_path, code=2)[1].splitlines()
    assert said in line


@pytest.mark.parametrize("arguments", [("--help",), ("parse", "--json", "cv.pdf"), ("offers", "offers/backend.md")])
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_full_disk_behind_stdout_is_one_line(files, arguments, unbuffered):
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), "PYTHONUNBUFFERED": unbuffered}
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*PROGRAM, *arguments], cwd=files, stdout=full, stderr=subprocess.PIPE, text=True, env=environment, check=False
        )
    assert (done.returncode, done.stderr) == (1, "pli: stdout cannot be written (No space left on device)\n")


def test_an_empty_file_is_called_so(files):
    (files / "nothing.pdf").touch()
    out, err = pli("parse", "--json", "nothing.pdf", folder=files)
    assert json.loads(out)["problems"] == ["unsupported"]
    assert "nothing.pdf: empty file" in err


@pytest.mark.parametrize("name", ["poll", "doctor", "candidates", "triage", "digest", "retry", "run"])
def test_without_configuration_one_line_says_what_to_do(name, tmp_path):
    out, err = pli(name, folder=tmp_path, code=2)
    assert out == ""
    assert len(err.strip().splitlines()) == 1
    assert "pli init" in err


def test_init_overwrites_nothing_and_what_it_writes_is_understood(tmp_path):
    pli("init", folder=tmp_path)
    written = (tmp_path / "pli.toml").read_text()
    (tmp_path / "pli.toml").write_text(written + "# mine\n")
    pli("init", folder=tmp_path)
    assert (tmp_path / "pli.toml").read_text().endswith("# mine\n")
    assert json.loads(pli("offers", "--json", folder=tmp_path)[0]) == []  # an example is no offer
    (tmp_path / "offre-exemple.md").rename(tmp_path / "offers" / "offre.md")
    [offer] = json.loads(pli("offers", "--json", folder=tmp_path)[0])
    assert offer["open"] is True
    assert offer["problems"] == []


def test_offers_of_files_have_the_documented_shape(files):
    [offer] = json.loads(pli("offers", "--json", "offers/backend.md", folder=files)[0])
    assert {"slug", "file", "title", "open", "language", "recruiters", "apply_by_email", "subject_hint"} <= set(offer)
    assert {"contract", "start", "duration", "location", "skills", "problems"} <= set(offer)
    assert offer["recruiters"] == ["camille@example.org", "dominique@example.org"]


def test_parse_prints_a_line_a_file_with_the_documented_shape(files):
    (files / "broken.pdf").write_bytes(cv()[:300])
    out, _ = pli("parse", "--json", "cv.pdf", "broken.pdf", folder=files)
    good, broken = map(json.loads, out.splitlines())
    documented = {"file", "media_type", "pages", "language", "text", "profile", "problems", "seconds"}
    assert set(good) == documented | {"engines", "hidden", "evidence"}
    assert good["profile"]["basics"]["email"] == "lea.morin@example.net"
    assert good["profile"]["basics"]["phone"] == "+33639981234"
    assert broken["problems"]


def test_inspect_says_what_it_would_decide_and_why(files):
    out, _ = pli("inspect", "--json", "--offers", "offers", "mail.eml", folder=files)
    line = json.loads(out)
    assert {
        "file",
        "class",
        "reasons",
        "offer",
        "author",
        "applicant",
        "message_id",
        "attachments",
        "auto_reply_allowed",
        "problems",
    } <= set(line)
    assert (line["class"], line["offer"], line["auto_reply_allowed"]) == ("application", "backend", True)
    assert line["applicant"] == {"name": "Léa Morin", "email": "lea.morin@example.net"}
    [attachment] = line["attachments"]
    assert set(attachment) == {"filename", "media_type", "size", "sha256", "role"}
    assert attachment["role"] == "cv"


def test_a_file_that_is_not_there_is_named_and_the_others_are_read(files):
    out, err = pli("inspect", "--json", "nowhere.eml", "mail.eml", folder=files, code=1)
    assert "nowhere.eml" in err
    assert [json.loads(line)["class"] for line in out.splitlines()][-1] == "application"


def test_a_reader_that_has_had_enough_is_no_error(files):
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), "PYTHONUNBUFFERED": "1"}
    arguments = [*PROGRAM, "parse", "--json", *["cv.pdf"] * 12]
    with subprocess.Popen(arguments, cwd=files, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read(10) == b'{"file": "'
        process.stdout.close()
        assert process.wait(timeout=60) == 0
        assert process.stderr.read() == b""


def test_a_table_breaks_no_value(capsys, monkeypatch):
    rows = [("K7QM-4F2P", "Amina Diallo", "amina.diallo@example.com", "no_cv, offer_unknown, unverified_sender, not_acknowledged")]
    console.table(("reference", "name", "e-mail", "remarks"), rows)
    piped = capsys.readouterr().out.splitlines()
    assert piped[2] == "K7QM-4F2P  Amina Diallo  amina.diallo@example.com  no_cv, offer_unknown, unverified_sender, not_acknowledged"
    assert all(line == line.rstrip() for line in piped)
    monkeypatch.setattr(console, "terminal_width", lambda: 50)
    console.table(("reference", "name", "e-mail", "remarks"), rows)
    narrow = capsys.readouterr().out.splitlines()
    assert max(map(len, narrow)) <= 50
    assert narrow[1:] == [
        "K7QM-4F2P  Amina Diallo  amina.diallo@example.com",
        "    no_cv, offer_unknown, unverified_sender,",
        "    not_acknowledged",
    ]


def test_what_is_wider_than_the_terminal_and_has_no_words_is_left_whole(capsys, monkeypatch):
    monkeypatch.setattr(console, "terminal_width", lambda: 10)
    console.wrapped("do see aaaaaaaaaaaaaaaaaaaa@example.org or so", "  ")
    assert capsys.readouterr().out.splitlines() == ["  do see", "  aaaaaaaaaaaaaaaaaaaa@example.org", "  or so"]


SETTINGS = """
[[mailbox]]
address = "recrutement@example.org"
maildir = "mails"
[smtp]
host = "127.0.0.1"
port = {port}
security = "none"
sender = "Recrutement <recrutement@example.org>"
[acknowledgement]
backlog = true
[privacy]
controller = "Une administration"
contact = "donnees@example.org"
"""


@pytest.fixture
def desk_top(files, smtp):
    """A folder with settings, one ad and an empty Maildir."""
    for name in ("new", "cur", "tmp"):
        (files / "mails" / name).mkdir(parents=True)
    (files / "pli.toml").write_text(SETTINGS.format(port=smtp.port))
    return files


def deliver(folder: Path, *contents: bytes) -> None:
    for number, content in enumerate(contents):
        (folder / "mails" / "new" / f"{time.time_ns()}.{number}.h").write_bytes(content)


class TestDigestDays:
    def test_a_day_to_come_is_refused_and_nothing_is_sent(self, desk_top, smtp):
        deliver(desk_top, mail())
        pli("poll", folder=desk_top)
        _, err = pli("digest", "--date", (today() + timedelta(days=1)).isoformat(), folder=desk_top, code=2)
        assert "has not come yet" in err
        assert len(smtp.mails) == 1

    def test_a_day_off_is_refused_and_the_working_day_before_it_named(self, desk_top, smtp):
        _, err = pli("digest", "--date", free_day().isoformat(), folder=desk_top, code=2)
        [named] = re.findall(r"the last one before it is (\S+);", err)
        pli("digest", "--date", named, folder=desk_top)


class TestPreview:
    def test_a_place_that_cannot_be_written_is_one_line(self, desk_top):
        pli("poll", folder=desk_top)
        _, err = pli("digest", "--preview", "/proc/nope", folder=desk_top, code=1)
        assert err == "pli: /proc/nope: cannot be written (No such file or directory); name another folder with --preview\n"

    def test_it_ends_with_what_was_written_where(self, desk_top):
        deliver(desk_top, mail())
        pli("poll", folder=desk_top)
        out, err = pli("digest", "--preview", "out", folder=desk_top)
        assert len(out.splitlines()) == 6
        assert err == "pli: 2 digests as 6 files in out; nothing was sent\n"

    def test_without_recruiters_it_ends_as_the_digest_does_and_leaves_nothing(self, desk_top):
        (desk_top / "offers" / "backend.md").unlink()
        pli("poll", folder=desk_top)
        told = {pli("digest", *arguments, folder=desk_top, code=1)[1] for arguments in ((), ("--preview", "new/out"))}
        [line] = told
        assert "nobody receives a digest" in line
        assert not (desk_top / "new").exists()


class TestWhatWentWrong:
    def test_a_refused_mail_is_part_of_the_exit_code_and_of_the_json(self, desk_top, smtp):
        smtp.on_recipient = lambda _: "550 5.1.1 no such user"
        deliver(desk_top, mail())
        out, err = pli("poll", "--json", folder=desk_top, code=1)
        assert (json.loads(out)["refused"], json.loads(out)["unknown"]) == (1, 0)
        assert "1 mail of ours could not be delivered; `pli triage` shows" in err
        out, err = pli("digest", "--json", folder=desk_top, code=1)
        assert json.loads(out) == {"requested": 2, "sent": 0, "deferred": 0, "refused": 2, "unknown": 0}
        assert "2 mails of ours could not be delivered" in err

    def test_a_server_that_is_down_is_told_once_and_without_a_bare_log_line(self, desk_top):
        (desk_top / "pli.toml").write_text(SETTINGS.format(port=1))
        deliver(desk_top, mail())
        lines = pli("poll", folder=desk_top, code=1)[1].splitlines()
        assert len(lines) == 1
        assert lines[0].startswith("pli: ")

    def test_ads_with_problems_are_counted_by_poll_and_named_by_offers(self, desk_top):
        (desk_top / "offers" / "broken.md").write_text("---\ntitle: [\n---\n")
        assert "pli: 1 ad with problems; `pli offers` names them" in pli("poll", folder=desk_top)[1]
        assert pli("offers", folder=desk_top)[1] == "pli: 1 ad with problems: broken.md\n"


class TestDoctor:
    def checks(self, folder: Path, code: int) -> dict[str, dict[str, Any]]:
        out, _ = pli("doctor", "--json", folder=folder, code=code)
        return {check["name"]: check for check in json.loads(out)}

    def test_a_missing_secret_has_the_exit_code_of_the_configuration(self, desk_top):
        text = (desk_top / "pli.toml").read_text().replace('security = "none"', 'security = "none"\nusername = "x"\npassword_file = "none"')
        (desk_top / "pli.toml").write_text(text)
        assert "smtp.password_file" in self.checks(desk_top, 2)["smtp"]["detail"]
        pli("poll", folder=desk_top, code=2)

    def test_a_database_that_cannot_be_made_fails(self, desk_top):
        text = (desk_top / "pli.toml").read_text()
        (desk_top / "pli.toml").write_text('[storage]\nurl = "sqlite:////proc/pli.db"\n' + text)
        database = self.checks(desk_top, 1)["database"]
        assert database["ok"] is False
        assert "/proc/pli.db cannot be made" in database["detail"]

    def test_ads_that_are_broken_or_missing_are_a_note(self, desk_top):
        (desk_top / "offers" / "broken.md").write_text("---\ntitle: [\n---\n")
        offers = self.checks(desk_top, 0)["offers"]
        assert (offers["ok"], offers["optional"], offers["remedy"]) == (False, True, "`pli offers` names them")
        for path in (desk_top / "offers").iterdir():
            path.unlink()
        checks = self.checks(desk_top, 0)
        assert "put your ads there" in checks["offers"]["remedy"]
        assert checks["recruiters"]["detail"] == "nobody receives a digest"

    def test_it_says_who_will_be_written_to_and_who_is_a_stranger(self, desk_top):
        recruiters = self.checks(desk_top, 0)["recruiters"]
        assert (recruiters["ok"], recruiters["detail"]) == (True, "2 receive a digest: camille@example.org, dominique@example.org")
        ad = desk_top / "offers" / "backend.md"
        ad.write_text(ad.read_text().replace("dominique@example.org", "dominique@ailleurs.example"))
        recruiters = self.checks(desk_top, 0)["recruiters"]
        assert (recruiters["ok"], recruiters["optional"]) == (False, True)
        assert "outside example.org: dominique@ailleurs.example" in recruiters["remedy"]

    def test_an_address_stands_in_its_line_once(self, desk_top):
        text = (desk_top / "pli.toml").read_text().replace('maildir = "mails"', 'maildir = "nowhere"')
        (desk_top / "pli.toml").write_text(text)
        [line] = [
            line for line in pli("doctor", folder=desk_top, code=1)[0].splitlines() if "recrutement@example.org" in line and "FAIL" in line
        ]
        assert line.count("recrutement@example.org") == 1


class TestDeciding:
    def test_the_same_decision_twice_is_one_line_of_history(self, desk_top):
        assert pli("candidates", folder=desk_top)[1] == "pli: there is no application yet\n"
        deliver(desk_top, mail())
        pli("poll", folder=desk_top)
        [application] = json.loads(pli("candidates", "--json", folder=desk_top)[0])
        reference = application["reference"]
        assert pli("move", reference.lower(), "interview", folder=desk_top)[1] == f"pli: {reference} is now in interview\n"
        assert "is in interview already" in pli("move", reference, "interview", folder=desk_top)[1]
        pli("move", reference, "interview", "--note", "mardi", folder=desk_top)
        assert "already" in pli("move", reference, "interview", "--note", "mardi", folder=desk_top)[1]
        history = json.loads(pli("show", reference, "--json", folder=desk_top)[0])["history"]
        assert [event["data"]["note"] for event in history if event["kind"] == "moved"] == [None, "mardi"]
        assert "no application is like that" in pli("candidates", "--stage", "hired", folder=desk_top)[1]

    def test_each_thing_in_triage_names_the_decisions_and_the_offers_that_fit(self, desk_top, smtp):
        (desk_top / "offers" / "backend-2.md").write_text(AD.format(state="true"))
        smtp.on_recipient = lambda _: "550 5.1.1 no such user"
        deliver(desk_top, mail())
        pli("poll", folder=desk_top, code=1)
        items = {item["kind"]: item for item in json.loads(pli("triage", "--json", folder=desk_top)[0])}
        assert items["mail"]["decisions"] == [f"pli triage {items['mail']['id']} {option}" for option in ("--send", "--ignore")]
        assert sorted(items["application"]["offers"]) == ["backend", "backend-2"]
        out, _ = pli("triage", folder=desk_top)
        assert f"decide: `pli triage {items['mail']['id']} --send` or" in out
        reference = items["application"]["id"]
        assert pli("triage", reference, "--application", "backend-2", folder=desk_top)[1] == f"pli: {reference} is now for backend-2\n"
        assert "stays unsent" in pli("triage", items["mail"]["id"], "--ignore", folder=desk_top)[1]

    def test_what_was_put_away_by_mistake_can_be_taken_in_and_one_thing_shown_alone(self, desk_top):
        unsure = mail(subject="Bonjour", text="Bonjour, je cherche un poste chez vous.\n", attachments=())
        deliver(
            desk_top,
            unsure,
            mail(message_id="<2@example.net>", sender="Ada <ada@example.net>", subject="?", text="Un poste ?\n", attachments=()),
        )
        pli("poll", folder=desk_top)
        first, second = (item["id"] for item in json.loads(pli("triage", "--json", folder=desk_top)[0]) if item["kind"] == "message")
        assert [item["id"] for item in json.loads(pli("triage", second, "--json", folder=desk_top)[0])] == [second]
        pli("triage", first, "--ignore", folder=desk_top)
        assert f"{first} needs no decision" in pli("triage", first, folder=desk_top, code=1)[1]
        assert "is a new application" in pli("triage", first, "--application", "backend", folder=desk_top)[1]
        [application] = json.loads(pli("candidates", "--json", folder=desk_top)[0])
        assert application["reference"] == application["reference"].upper()
        assert application["reference"] in pli("show", application["reference"].replace("-", "").lower(), folder=desk_top)[0]

    def test_what_is_true_of_everybody_is_said_once(self, desk_top):
        deliver(desk_top, mail())
        pli("poll", folder=desk_top)
        out, err = pli("candidates", folder=desk_top)
        assert "unverified_sender" not in out
        assert "nobody's address is verified" in err
        assert "unverified_sender" in json.loads(pli("candidates", "--json", folder=desk_top)[0])[0]["flags"]


class TestOnePerson:
    @pytest.fixture
    def twice(self, desk_top):
        """Léa's application, and one with the same CV from another address; their references."""
        engine = open_database(f"sqlite:///{desk_top / 'pli.db'}")
        upgrade(engine)
        publish(engine, "backend")
        found = [reference_of(take_in(engine, understanding(email=email))) for email in ("lea.morin@example.net", "lea@home.example")]
        engine.dispose()
        return found

    def candidates(self, folder: Path) -> list[dict[str, Any]]:
        found = json.loads(pli("candidates", "--json", folder=folder)[0])
        return sorted(found, key=lambda item: "home" in item["candidate"]["email"])

    def test_a_suspected_double_is_shown_wherever_one_looks(self, desk_top, twice):
        one, other = twice
        for item, reference in zip(self.candidates(desk_top), (other, one), strict=True):
            assert "possible_double" in item["flags"]
            [double] = item["doubles"]
            assert double["reference"] == reference
            assert {"cv", "phone"} <= {piece["kind"] for piece in double["evidence"]}
        [item] = [item for item in json.loads(pli("triage", "--json", folder=desk_top)[0]) if item["kind"] == "double"]
        assert {item["reference"], item["other_reference"]} == {one, other}
        assert item["decisions"] == [f"pli triage {item['id']} --same", f"pli triage {item['id']} --different"]
        out, _ = pli("triage", folder=desk_top)
        assert "for one person: " in out
        assert "against one person: other addresses" in out
        assert f"perhaps the same person as {other}" in pli("show", one, folder=desk_top)[0]

    def test_merging_leaves_one_row_and_splitting_two(self, desk_top, twice):
        one, other = twice
        done = json.loads(pli("merge", one, other.lower(), "--note", "la même", "--json", folder=desk_top)[0])
        assert done == {"reference": one, "merged": [other], "beside": None, "changed": True}
        assert "already; nothing was changed" in pli("merge", one, other, folder=desk_top)[1]
        [item] = self.candidates(desk_top)
        assert (item["reference"], item["former_references"], item["messages"]) == (one, [other], 2)
        assert sorted(item["emails"]) == ["lea.morin@example.net", "lea@home.example"]
        shown = json.loads(pli("show", other, "--json", folder=desk_top)[0])
        assert shown["reference"] == one
        assert [event["data"]["note"] for event in shown["history"] if event["kind"] == "merged"] == ["la même"]
        assert f"merged into it: {other}" in pli("show", one, folder=desk_top)[0]
        assert pli("move", other, "interview", folder=desk_top)[1] == f"pli: {one} is now in interview\n"

        [message] = [each["id"] for each in shown["mails"] if each["author"] == "lea@home.example"]
        done = json.loads(pli("split", other, "--message", message, "--note", "deux", "--json", folder=desk_top)[0])
        assert done == {"reference": other, "origin": one, "messages": [message], "changed": True}
        assert "already" in pli("split", one, "--address", "lea@home.example", folder=desk_top)[1]
        assert [item["reference"] for item in self.candidates(desk_top)] == [one, other]
        assert all("possible_double" not in item["flags"] for item in self.candidates(desk_top))

    def test_triage_decides_it_either_way(self, desk_top, twice):
        number = self.candidates(desk_top)[0]["doubles"][0]["id"]
        said = pli("triage", number, "--different", "--note", "frères", folder=desk_top)[1]
        assert "are of two people" in said
        assert "nothing needs a person" in pli("triage", folder=desk_top)[1]
        assert json.loads(pli("triage", number, "--same", "--json", folder=desk_top)[0])["outcome"] == "same"
        assert len(self.candidates(desk_top)) == 1
        assert "is no suspected double" in pli("triage", number, "--same", folder=desk_top, code=1)[1]

    def test_wrong_words_are_one_line(self, desk_top, twice):
        for arguments, said, code in (
            (("merge", twice[0], "AAAA-AAAA"), "no application AAAA-AAAA", 1),
            (("split", twice[0]), "name the messages that are another person's: --message ID or --address EMAIL", 1),
            (("split", twice[0], "--message", "x"), "'x' is no message; write its id, such as m12", 2),
            (("split", twice[0], "--message", "m99"), f"m99 is not in {twice[0]}", 1),
            (("triage", "m1", "--ignore", "--note", "x"), "--note goes with --same or --different", 2),
            (("triage", "o1", "--same"), "o1 cannot be decided so; a message (m12) takes", 2),
        ):
            [line] = pli(*arguments, folder=desk_top, code=code)[1].splitlines()
            assert said in line

    def test_versions_and_what_pli_was_not_sure_of_are_told(self, desk_top):
        newer = mail(message_id="<2@example.net>", attachments=(("cv-2026.pdf", cv("Léa Morin", "lea.morin@example.net") + b"%2"),))
        question = mail(subject="Une question", text="Bonjour, et le poste ?\n", message_id="<3@example.net>", attachments=())
        deliver(desk_top, mail(), newer, question.replace(b"lea.morin@", b"paul.roux@"))
        share = {"unsure": 1, "total": 3, "share": 0.3333}
        assert json.loads(pli("poll", "--json", folder=desk_top)[0])["unsure"] == share
        [item] = self.candidates(desk_top)
        told = [(document["filename"], document["version"], document["superseded"]) for document in item["documents"]]
        assert sorted(told, key=lambda each: str(each[1])) == [("CV Léa Morin.pdf", 1, True), ("cv-2026.pdf", 2, False)]
        assert "version 1, superseded" in pli("show", item["reference"], folder=desk_top)[0]
        assert json.loads(pli("triage", "--share", "--json", folder=desk_top)[0]) == share
        assert pli("triage", "--share", folder=desk_top)[0] == "1 of 3 messages: 33.3%\n"
        out, err = pli("triage", folder=desk_top)
        assert "for an application: " in out
        assert "against an application: " in out
        assert "pli was not sure of 1 (33.3%)" in err
        [item] = json.loads(pli("triage", "--json", folder=desk_top)[0])
        assert {"code", "detail"} == {key for piece in item["speaks_for"] for key in piece}
        assert [effect.split(",")[0] for effect in item["effects"]] == [
            "records it as an application for that offer",
            "takes it off this list; it stays stored",
        ]


def test_deleting_a_person_as_the_documentation_says_leaves_nothing_of_them_and_all_of_the_others(desk_top, smtp):
    other = mail(
        sender="Paul Roux <paul.roux@example.net>",
        message_id="<2@example.net>",
        attachments=(("cv.pdf", cv("Paul Roux", "paul.roux@example.net")),),
        text="Bonjour,\n\nVoici ma candidature et mon CV.\n\nPaul Roux\n",
    )
    question = mail(subject="Une question", text="Bonjour, et le poste ?\n", message_id="<3@example.net>", attachments=())
    deliver(desk_top, mail(), other, question)
    pli("poll", folder=desk_top)
    pli("digest", "--date", working_days()[0], folder=desk_top)
    assert len(smtp.mails) == 4

    text = (DOCS.parent / "privacy.md").read_text(encoding="utf-8")
    statements = text.partition("<<SQL")[2].partition("\n")[2].partition("SQL\n")[0].replace("$address", "Lea.Morin@example.net")
    connection = sqlite3.connect(desk_top / "pli.db", isolation_level=None)
    files = [row[0] for statement in statements.split(";") for row in connection.execute(statement)]
    for file in files:
        (desk_top / "documents" / file).unlink()
    dump = "\n".join(connection.iterdump()).lower()
    connection.close()
    assert len(files) == 3  # two mails and a CV
    kept = [path.read_bytes() for path in (desk_top / "documents").rglob("*") if path.is_file()]
    assert len(kept) == 2
    for trace in ("lea.morin", "léa morin", "06 39 98 12 34"):
        assert trace not in dump
        assert not any(trace.encode() in content.lower() for content in kept)
    database = (desk_top / "pli.db").read_bytes()
    assert b"lea.morin" not in database
    [left] = json.loads(pli("candidates", "--json", folder=desk_top)[0])
    assert left["candidate"]["email"] == "paul.roux@example.net"
    assert left["documents"]
    pli("show", left["reference"], folder=desk_top)
    pli("digest", "--date", working_days()[1], folder=desk_top)


def test_the_log_of_the_worker_tells_moments_with_their_zone_and_its_end(desk_top):
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    with subprocess.Popen([*PROGRAM, "run"], cwd=desk_top, stderr=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stderr is not None
        lines = [process.stderr.readline()]
        while "at work" not in lines[-1]:
            lines.append(process.stderr.readline())
        process.send_signal(signal.SIGTERM)
        lines += process.stderr.readlines()
        assert process.wait(timeout=20) == 0
    assert lines[-1].endswith("INFO pli has ended\n")
    assert all(datetime.fromisoformat(line.split()[0]).tzinfo for line in lines)


class TestOnAnInstallation:
    def test_doctor_finds_nothing_wrong_and_names_what_is(self, office):
        checks = office.json("doctor")
        assert [check["name"] for check in checks if not check["ok"] and not check["optional"]] == []
        (office.folder / "secret").write_text("hush-hush")
        out = office.pli("doctor", code=3)
        assert office.mailbox in out
        assert "password_file" in out
        assert "hush-hush" not in out

    def test_doctor_tries_a_log_in_that_passes_leave_alone_and_a_good_one_lets_them_in(self, office):
        right = (office.folder / "secret").read_text()
        (office.folder / "secret").write_text("hush-hush")
        for command in ("poll", "doctor", "poll"):
            assert "the next try comes at" in office.pli(command, code=3)
        assert "was refused at" in office.pli("poll", code=3)  # and not tried
        (office.folder / "secret").write_text(right)
        office.pli("doctor")
        assert office.json("poll")["mailboxes"][0]["ok"]

    def test_a_folder_that_is_not_there_is_one_clear_line(self, office):
        office.settings(mailbox='folder = "Candidatures"')
        out = office.pli("poll", code=3)
        [line] = [line for line in out.splitlines() if "Candidatures" in line and line.startswith("pli:")]
        assert office.mailbox in line

    def test_candidates_show_move_and_triage(self, office):
        office.deliver(
            mail(),
            mail(
                sender="Paul <paul@example.net>",
                subject="Une question",
                text="Bonjour, et le poste ?\n",
                message_id="<2@example.net>",
                attachments=(),
            ),
        )
        office.pli("poll")
        [application] = office.json("candidates", "--waiting")
        keys = {
            "reference",
            "offer",
            "candidate",
            "stage",
            "received_at",
            "last_contact_at",
            "messages",
            "mailboxes",
            "documents",
            "acknowledged_at",
            "flags",
        }
        assert keys <= set(application)
        reference = application["reference"]
        assert office.json("show", reference)["mails"][0]["class"] == "application"
        office.pli("move", reference, "interview", "--note", "mardi")
        assert office.json("candidates", "--stage", "interview")[0]["reference"] == reference
        assert office.json("candidates", "--waiting") == []
        assert "interview" in json.dumps(office.json("show", reference)["history"])
        office.pli("show", "AAAA-AAAA", code=1)

        [item] = office.json("triage")
        assert (item["kind"], item["author"]) == ("message", "paul@example.net")
        office.pli("triage", item["id"], "--application", "nowhere", code=1)
        office.pli("triage", item["id"], "--application", "backend")
        assert office.json("triage") == []
        assert {each["candidate"]["email"] for each in office.json("candidates")} == {"lea.morin@example.net", "paul@example.net"}

    def test_a_digest_says_that_the_ads_cannot_be_read(self, office):
        office.pli("poll")
        (office.folder / "offers").rename(office.folder / "elsewhere")
        assert "offers.folder" in office.pli("digest", code=1)

    def test_a_preview_changes_nothing(self, office):
        office.deliver(mail())
        office.pli("poll")
        folder = office.folder / "preview"
        files = office.json("digest", "--preview", str(folder))["files"]
        assert {Path(file).suffix for file in files} == {".eml", ".html", ".txt"}
        assert len(office.sent()) == 1
        office.pli("digest", "--date", working_days()[0])
        assert len(office.sent()) == 3
