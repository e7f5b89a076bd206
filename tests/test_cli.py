"""The command line as users and scripts know it: help, exit codes, JSON shapes, and one clear line for whatever is wrong."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from mails import AD, cv, mail
from office import PROGRAM

from cli import COMMANDS

DOCS = Path(__file__).parents[1] / "docs" / "commands.md"


def pli(*arguments: str, folder: Path, code: int = 0) -> tuple[str, str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PLI_")}
    environment["PYTHONPATH"] = str(Path(__file__).parents[1])
    done = subprocess.run([*PROGRAM, *arguments], cwd=folder, capture_output=True, text=True, env=environment, timeout=60, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout, done.stderr


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
    assert set(good) == {"file", "media_type", "pages", "language", "text", "profile", "problems", "seconds"}
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
        assert process.stdout.read(10) == b'{"file": "'
        process.stdout.close()
        assert process.wait(timeout=60) == 0
        assert process.stderr.read() == b""


class TestOnAnInstallation:
    def test_doctor_finds_nothing_wrong_and_names_what_is(self, office):
        checks = office.json("doctor")
        assert [check["name"] for check in checks if not check["ok"] and not check["optional"]] == []
        (office.folder / "secret").write_text("hush-hush")
        out = office.pli("doctor", code=3)
        assert office.mailbox in out
        assert "password_file" in out
        assert "hush-hush" not in out

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

    def test_a_preview_changes_nothing(self, office):
        office.deliver(mail())
        office.pli("poll")
        folder = office.folder / "preview"
        files = office.json("digest", "--preview", str(folder))["files"]
        assert {Path(file).suffix for file in files} == {".eml", ".html", ".txt"}
        assert len(office.sent()) == 1
        office.pli("digest", "--date", "2026-11-24")
        assert len(office.sent()) == 3
