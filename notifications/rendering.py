"""Templates into text: one strict Jinja2 environment, and the small words of each language.

`templates/<language>/words.toml` holds what templates look up by code (months, roles, problems, flags); the sentences stand in the
templates themselves. A missing variable is an error, never an empty place in somebody's mail.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

LANGUAGES = ("fr", "en")
_DEFAULT = "fr"
_FRENCH_SPACE = re.compile(r" (?=[:;?»])|(?<=«) ")
"""Where French typography forbids a line to break."""
_UNITS = (("year", 365), ("month", 30), ("day", 1))


@cache
def environment() -> Environment:
    """Return the one environment: HTML is always escaped, unknown variables raise."""
    found = Environment(
        loader=PackageLoader("notifications", "templates"),
        autoescape=select_autoescape(enabled_extensions=("html",), default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    found.filters["mailto"] = _mailto
    return found


def _mailto(address: str, subject: str) -> str:
    """Return a link that begins a mail to `address` (RFC 6068, 2)."""
    return f"mailto:{quote(address, safe='@')}?subject={quote(subject, safe='')}"


@cache
def words(language: str) -> Mapping[str, Any]:
    """Return the looked-up words of `language`."""
    source = files("notifications").joinpath("templates", known(language), "words.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


def known(language: str) -> str:
    """Return `language` if there are templates for it, else French."""
    return language if language in LANGUAGES else _DEFAULT


def render(name: str, language: str, /, **values: object) -> str:
    """Return `templates/<language>/<name>` filled with `values` and the language's `words`; raises jinja2.UndefinedError."""
    language = known(language)
    text = environment().get_template(f"{language}/{name}").render(words=words(language), language=language, **values)
    return _FRENCH_SPACE.sub("\N{NO-BREAK SPACE}", text) if language == "fr" else text


def day(value: date, language: str) -> str:
    """Return a day in words, such as `lundi 23 novembre 2026` or `Monday 23 November 2026`."""
    table = words(language)
    number = table["first_day"] if value.day == 1 else str(value.day)
    return f"{table['weekdays'][value.weekday()]} {number} {table['months'][value.month - 1]} {value.year}"


def duration(value: timedelta, language: str) -> str:
    """Return a retention in words: whole years, else months, else days."""
    table = words(language)["duration"]
    unit, length = next((unit, length) for unit, length in _UNITS if value.days % length == 0)
    count = value.days // length
    return f"{count} {table[unit if count == 1 else unit + 's']}"


def size(octets: int, language: str) -> str:
    """Return a file size for people, in decimal units (1 kB = 1000 octets)."""
    table = words(language)["size"]
    if octets < 1_000_000:
        return f"{max(1, round(octets / 1000))} {table['kilo']}"
    return f"{octets / 1_000_000:.1f}".replace(".", table["point"]) + f" {table['mega']}"
