"""What is said about a file that was read, in the words of `files/parse.<language>.toml`: shared by the card and the page."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from cli.findings import Finding
from notifications import rendering
from notifications.profile_lines import months_in_words
from parsing.documents import Document

if TYPE_CHECKING:
    from cli.child import ReadFile

LANGUAGES = rendering.LANGUAGES
GROUPS = {
    "identity": ("name", "label"),
    "contact": ("email", "phone", "location", "link"),
    "work": ("stated", "work"),
    "education": ("education",),
    "skill": ("skill",),
    "language": ("language",),
    "certificate": ("certificate",),
    "evidence": ("evidence",),
}
"""Kinds of facts that share a colour and a heading."""
GROUP_OF = {kind: group for group, kinds in GROUPS.items() for kind in kinds}


@cache
def words(language: str) -> Mapping[str, Any]:
    """Return the words of `language`, `fr` or `en`."""
    source = files("cli").joinpath("files", f"parse.{language}.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


def counted(number: int, forms: list[str]) -> str:
    """Return `1 page` or `3 pages`."""
    return forms[0] if number == 1 else forms[1].format(count=number)


def length(months: int, language: str) -> str:
    """Return a number of months in years and months."""
    return months_in_words(months, language) or counted(0, words(language)["months"])


def dates(finding: Finding, language: str) -> str:
    """Return when something was, in words; empty when it has no dates."""
    start, end, goes_on = finding.dates
    table = words(language)
    first, last = (_day(value, language) if value else "" for value in (start, end))
    last = str(table["today"]) if goes_on else last
    if first and last:
        return first if first == last else f"{first} – {last}"
    return first or (str(table["until"]).format(day=last) if last else "")


def _day(value: str, language: str) -> str:
    year, _, rest = value.partition("-")
    month = rest.partition("-")[0]
    names = rendering.words(language)["months"]
    return f"{names[int(month) - 1]} {year}" if month.isdecimal() and 1 <= int(month) <= 12 else year


def problems(read: ReadFile, language: str) -> list[str]:
    """Return what is wrong with a file."""
    if read.empty:
        return [str(words(language)["empty"])]
    table = rendering.words(language)["problems"]
    return [str(table.get(str(problem), problem)) for problem in read.document.problems]


def about(document: Document, language: str) -> str:
    """Return what a file is: format, pages, language, what read it."""
    table = words(language)
    said = [str(table["media"].get(document.media_type, document.media_type))]
    if document.pages:
        said.append(counted(document.pages, table["pages"]))
    said.append(str(table["languages"].get(document.language, table["language_unknown"])) if document.text else "")
    if document.engines:
        engines = dict.fromkeys(str(table["engines"].get(engine, engine)) for engine in document.engines)
        said.append(str(table["read_by"]).format(engines=", ".join(engines)))
    return ", ".join(part for part in said if part)
