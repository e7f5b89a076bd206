"""Every language says everything, and says it as its typography wants."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest
from jinja2 import UndefinedError

import notifications
from cli.readings import in_words
from notifications.rendering import LANGUAGES, day, duration, environment, render, size, words
from parsing.attachment import Role
from parsing.documents.document import Problem
from parsing.refusals import REASONS
from storage.applications import EventKind, Stage
from storage.digests import TOLD
from storage.outbox import ACKNOWLEDGEMENT, DIGEST, Delivery
from storage.readings import AGAINST, FOR, MISSING
from storage.views import ApplicationView

ROOT = Path(notifications.__file__).parent
TEMPLATES = ROOT / "templates"


def names(language: str) -> set[str]:
    return {path.name for path in (TEMPLATES / language).iterdir()}


def keys(table: Mapping[str, object], prefix: str = "") -> set[str]:
    found: set[str] = set()
    for key, value in table.items():
        found |= keys(value, f"{prefix}{key}.") if isinstance(value, Mapping) else {f"{prefix}{key}"}
    return found


def test_all_languages_have_the_same_templates() -> None:
    assert {path.name for path in TEMPLATES.iterdir() if path.is_dir()} == set(LANGUAGES)
    assert {language: names(language) for language in LANGUAGES} == dict.fromkeys(LANGUAGES, names("fr"))


def test_all_languages_have_the_same_words() -> None:
    assert {language: keys(words(language)) for language in LANGUAGES} == dict.fromkeys(LANGUAGES, keys(words("fr")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_its_words(language: str) -> None:
    table = words(language)
    assert set(Role) <= set(table["roles"])
    assert set(Problem) <= set(table["problems"])
    assert set(Problem) <= set(table["flags"])
    assert set(Stage) <= set(table["stages"])
    assert set(TOLD) <= set(EventKind) <= set(table["events"])
    assert {ACKNOWLEDGEMENT, DIGEST} <= set(table["notices"])
    assert {Delivery.HELD, Delivery.FAILED, Delivery.UNKNOWN, Delivery.QUEUED} <= set(table["deliveries"])
    source = (ROOT.parent / "storage" / "flags.py").read_text(encoding="utf-8")
    written = set(re.findall(r'flags\.append\("(\w+)"\)|\["(\w+)"\]', source))
    flags = {name for pair in written for name in pair if name}
    assert len(flags) >= 8
    assert flags <= set(table["flags"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reading_and_every_reason_not_to_answer_has_its_words(language: str) -> None:
    table = words(language)
    doubles = {f"same_{kind}" for kind in ("cv", "phone", "name", "address")} | {f"other_{what}" for what in ("name", "address", "phone")}
    codes = {*FOR, *AGAINST, *(name for name, _ in MISSING), *doubles}
    assert codes == set(table["readings"])
    assert all(in_words([(code, "")]) != code for code in codes)
    withheld = {name for name, _ in REASONS} | {"applicant_is_not_author", "no_address", "imported", "backlog", "too_old"}
    assert withheld == set(table["withheld"])


def test_causes_are_those_that_the_other_rooms_write() -> None:
    rooms = ("storage", "intake", "notifications")
    source = "\n".join(path.read_text(encoding="utf-8") for room in rooms for path in (ROOT.parent / room).rglob("*.py"))
    for cause in words("en")["causes"]:
        for piece in re.split(r"#|-#|10", cause):
            assert piece in source, cause


@pytest.mark.parametrize("path", sorted((TEMPLATES / "fr").iterdir()), ids=lambda path: path.name)
def test_french_uses_its_own_apostrophe(path: Path) -> None:
    prose = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|<[^>]*>|^#.*$", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    assert not re.search(r"\w'\w", prose)


def test_french_lines_do_not_break_before_their_punctuation() -> None:
    from paper import HOUSE

    text = render("privacy.txt", "fr", house=HOUSE, retention="2 ans")
    assert not re.search(r" [:;?!»]|« ", text)
    assert "\N{NO-BREAK SPACE}:" in text


def test_a_missing_value_is_an_error_and_never_an_empty_place() -> None:
    with pytest.raises(UndefinedError):
        render("acknowledgement_subject.txt", "fr")


@pytest.mark.parametrize("name", sorted(environment().list_templates(extensions=["html", "txt"])))
def test_every_template_is_well_formed(name: str) -> None:
    assert environment().get_template(name)


@pytest.mark.parametrize(
    ("value", "french", "english"),
    [
        (date(2026, 11, 24), "mardi 24 novembre 2026", "Tuesday 24 November 2026"),
        (date(2026, 8, 1), "samedi 1er août 2026", "Saturday 1 August 2026"),
    ],
)
def test_days_in_words(value: date, french: str, english: str) -> None:
    assert (day(value, "fr"), day(value, "en")) == (french, english)


@pytest.mark.parametrize(
    ("days", "french", "english"),
    [
        (730, "2 ans", "2 years"),
        (365, "1 an", "1 year"),
        (180, "6 mois", "6 months"),
        (30, "1 mois", "1 month"),
        (45, "45 jours", "45 days"),
    ],
)
def test_retention_in_words(days: int, french: str, english: str) -> None:
    assert (duration(timedelta(days=days), "fr"), duration(timedelta(days=days), "en")) == (french, english)


@pytest.mark.parametrize(
    ("octets", "french", "english"),
    [(0, "1 ko", "1 kB"), (184_320, "184 ko", "184 kB"), (999_499, "999 ko", "999 kB"), (4_812_000, "4,8 Mo", "4.8 MB")],
)
def test_sizes_in_words(octets: int, french: str, english: str) -> None:
    assert (size(octets, "fr"), size(octets, "en")) == (french, english)


def test_a_view_documents_every_flag_that_has_words() -> None:
    """The flags' words and the list in `ApplicationView.flags` must not drift apart."""
    source = (ROOT.parent / "storage" / "views.py").read_text(encoding="utf-8")
    documented = set(re.findall(r"`(\w+)`", source.partition("flags: tuple[str, ...]")[2].partition("profile:")[0]))
    assert documented <= set(words("fr")["flags"])
    assert "flags" in ApplicationView.__dataclass_fields__
