"""What a person's profile (JSON Resume) and first mail say, as single harmless lines.

Everything here is a stranger's words: each value is cleaned before it is handed out, and what is not there is None or empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import phonenumbers

from notifications.clean import clean_line, clean_text, shorten
from notifications.rendering import words

_EXCERPT = 420
"""Characters of a mail that are quoted: enough for a first impression, short enough to read twenty."""
_STUB = 30
"""A cut last paragraph below this length says nothing."""
_MOST_SKILLS = 12
"""Skills on a card: what a glance takes in; the CV has all."""
_MOST_MONTHS = 12 * 70
_PARAGRAPH = re.compile(r"\n\s*\n")


def excerpt(text: str) -> tuple[str, ...]:
    """Return the beginning of what somebody wrote, a line for each paragraph."""
    paragraphs = (" ".join(paragraph.split()) for paragraph in _PARAGRAPH.split(clean_text(text, 4 * _EXCERPT)))
    kept = shorten("\n".join(paragraph for paragraph in paragraphs if paragraph), _EXCERPT).splitlines()
    if len(kept) > 1 and kept[-1].endswith("…") and len(kept[-1]) < _STUB:
        kept[-2:] = [f"{kept[-2]} …"]
    return tuple(kept)


def line(value: str | None, limit: int) -> str | None:
    """Return `value` as one line of at most `limit` characters; None when nothing is left."""
    return clean_line(value, limit) or None if value else None


def phone(value: str | None) -> str | None:
    """Return an E.164 number grouped as its country groups it."""
    try:
        return phonenumbers.format_number(phonenumbers.parse(value or ""), phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    except phonenumbers.NumberParseException:
        return line(value, 30)


def label(profile: Mapping[str, Any]) -> str | None:
    """Return the title that somebody gives themselves, else their latest position: `position, employer`."""
    own = line(_value(_mapping(profile.get("basics")).get("label")), 120)
    return own or _latest_work(profile.get("work"))


def place(profile: Mapping[str, Any]) -> str | None:
    """Return where somebody says they are: city, region, country."""
    location = _mapping(_mapping(profile.get("basics")).get("location"))
    return line(", ".join(str(location[key]) for key in ("city", "region", "countryCode") if location.get(key)), 80)


def experience(profile: Mapping[str, Any], language: str) -> str | None:
    """Return how long somebody has worked, by the dates of the CV, else in their own words; None when neither says it."""
    meta, table = _mapping(profile.get("meta")), words(language)["experience"]
    months = meta.get("experienceMonths")
    if isinstance(months, int) and 0 < months <= _MOST_MONTHS:
        return str(table["dated"]).format(length=months_in_words(months, language))
    stated = line(_value(meta.get("statedExperience")), 80)
    return str(table["stated"]).format(words=stated) if stated else None


def months_in_words(months: int, language: str) -> str:
    """Return `months` as years and months, such as `6 ans et 3 mois`."""
    table = words(language)["duration"]
    counts = ((months // 12, "year"), (months % 12, "month"))
    said = [f"{count} {table[unit if count == 1 else unit + 's']}" for count, unit in counts if count]
    return str(words(language)["experience"]["and"]).join(said)


def skills(profile: Mapping[str, Any]) -> tuple[tuple[str, ...], int]:
    """Return the first skills that the CV names, in its order, and how many more there are."""
    named = (line(_value(_mapping(item).get("name")), 40) for item in _list(profile.get("skills")))
    found = list(dict.fromkeys(name for name in named if name))
    return tuple(found[:_MOST_SKILLS]), max(0, len(found) - _MOST_SKILLS)


def languages(profile: Mapping[str, Any], language: str) -> tuple[str, ...]:
    """Return the languages somebody speaks, each with how well when they say so."""
    return tuple(_languages(profile.get("languages"), words(language)["levels"]))


def _languages(found: object, levels: Mapping[str, str]) -> Iterable[str]:
    for item in _list(found):
        spoken = _mapping(item)
        level = _value(spoken.get("level"))
        name, fluency = line(_value(spoken.get("language")), 60), line(levels.get(level or "", level) or _value(spoken.get("fluency")), 30)
        if name:
            yield f"{name} ({fluency})" if fluency else name


def _latest_work(work: object) -> str | None:
    latest = _mapping(next(iter(_list(work)), None))
    return line(", ".join(filter(None, (_value(latest.get("position")), _value(latest.get("name"))))), 120)


def _list(value: object) -> list[Any] | tuple[Any, ...]:
    return value if isinstance(value, list | tuple) else ()


def _value(fact: object) -> str | None:
    return str(fact) if fact else None


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
