"""Telephone numbers of a person in E.164 (ITU-T), as far as their country is told."""

from __future__ import annotations

import re
from functools import cache

import phonenumbers

from parsing.languages import words
from parsing.profile.emails import link_target
from parsing.profile.facts import Fact

_INTERNATIONAL = re.compile(r"(?<![\w+])(?:\+|00)[1-9](?:[ \t().\-/·]{0,3}\d){6,17}(?!\d)")
_FRENCH = re.compile(r"(?<![\w+.\-/])0[1-9](?:[ .\-/]{0,3}\d{2}){4}(?![\d])|(?<![\w+])0\d{3}[ .]\d{3}[ .]\d{3}(?!\d)")
_AMERICAN = re.compile(r"(?<![\w+])(?:\([2-9]\d{2}\)[ ]?|[2-9]\d{2}[\-.])[2-9]\d{2}[\-.]\d{4}(?!\d)")
"""As the North American plan has them: no area code and no exchange begins with 0 or 1."""
_UNKNOWN_COUNTRY = re.compile(r"\d{4}[ .\-/]+\d{6}|04[5-9]\d[ .\-/]+\d\d[ .\-/]+\d\d[ .\-/]+\d\d")
"""Ten digits as no French person groups them: another country's number, whose country nobody told us."""
_DATE = re.compile(r"\d\d[ .\-/]\d\d[ .\-/](?:19|20)\d\d(?!\d)")
_MORE_PAIRS = re.compile(r"(?:[ .\-]\d{2}(?!\d)){2,9}")
"""Pairs of digits that go on after ten digits: a longer number, such as that of the social security."""
_BEFORE = 20
_AFTER = 20
_BESIDE = 2
"""Lines above and below a number where its country may be told."""
_MOST_NUMBERS = 50


def find_phones(text: str, links: tuple[str, ...] = (), source: str = "cv") -> list[Fact]:
    """Return telephone numbers in E.164: those behind `tel:` links first, then those in `text`, each once.

    A number without its country is read as French where it is grouped as French numbers are and no other country is named beside it,
    as North American where it is written so; else its country is unknown and it is left out. Numbers kept for fiction are taken:
    whether one is in use is not our question.
    """
    found: dict[str, Fact] = {}
    for kind, written in map(link_target, links):
        if kind == "tel":
            match = _INTERNATIONAL.fullmatch(written) or _FRENCH.fullmatch(written)
            if match and (number := _e164(match[0])):
                found.setdefault(number, Fact(number, written, "link"))
    matches = [(match, pattern is _INTERNATIONAL) for pattern in (_INTERNATIONAL, _FRENCH, _AMERICAN) for match in pattern.finditer(text)]
    for match, international in sorted(matches, key=lambda pair: pair[0].start())[:_MOST_NUMBERS]:
        if _is_something_else(text, match, international):
            continue
        if not international and (_goes_on(text, match) or _is_abroad(text, match)):
            continue
        if number := _e164(match[0]):
            fact = Fact(number, match[0], source, match.start())
            # words on the page are a better source than what lies behind them
            if number not in found or found[number].source == "link":
                found[number] = fact
    return list(found.values())


def _is_something_else(text: str, match: re.Match[str], international: bool) -> bool:
    """Tell whether the words just before a number, or after it, say that it is no telephone."""
    before = text[max(0, match.start() - _BEFORE) : match.start()]
    after = text[match.end() : match.end() + _AFTER].partition("\n")[0]
    return _no_phone_before().search(before) is not None or (not international and _no_phone_after().match(after) is not None)


def _goes_on(text: str, match: re.Match[str]) -> bool:
    """Tell whether ten digits are a part of something longer: a date with years, or more pairs than numbers have."""
    more = _MORE_PAIRS.match(text, match.end())
    pairs = sum(map(str.isdigit, more[0])) // 2 if more else 0
    return _DATE.match(match[0]) is not None or pairs % 5 != 0


def _is_abroad(text: str, match: re.Match[str]) -> bool:
    """Tell whether the lines around a number name a place in another country, and none in France."""
    start = end = match.start()
    for _ in range(_BESIDE + 1):
        start = max(text.rfind("\n", max(0, start - 200), start), 0)
        following = text.find("\n", end + 1, end + 200)
        end = following if following >= 0 else min(len(text), end + 200)
    lines = [line for line in text[start:end].split("\n") if len(line) <= 100 and not _words("born").search(line)]
    near = "\n".join(lines)
    return not _words("home_places").search(near) and any(found["place"] for found in _foreign().finditer(near))


@cache
def _words(key: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words('cv', key)))})(?!\w)", re.IGNORECASE)


@cache
def _foreign() -> re.Pattern[str]:
    """Return what finds a place abroad: not one for which a street is named, and written as a name."""
    streets, places = ("|".join(map(re.escape, words("cv", key))) for key in ("streets", "foreign_places"))
    return re.compile(
        rf"(?<!\w)(?:(?:{streets})[ ](?:d(?:e|u|es)[ ](?:la[ ])?|d['’])?\w[^\n,;]{{0,40}}|(?P<place>{places}))(?!\w)", re.IGNORECASE
    )


@cache
def _no_phone_before() -> re.Pattern[str]:
    said = "|".join(map(re.escape, words("cv", "not_a_phone")))
    return re.compile(rf"(?i)(?<!\w)(?:{said})\W{{0,4}}(?:n°|no)?\W{{0,4}}(?:\d[ ]?)?$")


@cache
def _no_phone_after() -> re.Pattern[str]:
    said = "|".join(map(re.escape, words("cv", "not_a_phone_before_this")))
    return re.compile(rf"(?i)[ (]{{1,3}}(?:{said})(?!\w)")


def _e164(written: str) -> str | None:
    """Return a written number in E.164, or None when it cannot be one."""
    if _UNKNOWN_COUNTRY.fullmatch(written):
        return None
    region = "US" if _AMERICAN.fullmatch(written) else "FR"
    # "+33 (0)6": the trunk prefix in brackets is not dialled from abroad; Italy's zero belongs to the number
    dialled = written if re.match(r"(?:\+|00)39", written) else re.sub(r"\(0\)", "", written)
    dialled = re.sub(r"^00", "+", dialled)
    while True:
        try:
            number = phonenumbers.parse(dialled, region)
        except phonenumbers.NumberParseException:
            return None
        if phonenumbers.is_possible_number(number) and not str(number.national_number).endswith("00000000"):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        # a year or a postal code that follows the number
        shorter = re.sub(r"[ \t().\-/·]+\d+$", "", dialled)
        if shorter == dialled:
            return None
        dialled = shorter
