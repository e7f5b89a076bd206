"""Telephone numbers of a person in E.164 (ITU-T), as far as their country is told."""

from __future__ import annotations

import re
from functools import cache
from itertools import islice

import phonenumbers

from parsing.languages import words
from parsing.profile.emails import link_target
from parsing.profile.facts import Fact, fold
from parsing.profile.place import countries

_RUN = re.compile(r"[+(\dO][\d+()\[\] \t\u00a0\u202f\u2009.\-\u2010-\u2013/·]{6,}\d")
"""Digits and what may stand between them: where it is worth looking for numbers."""
_MOST_RUNS = 300
_GAP = r"[ \u00a0\u202f\u2009.\-\u2010-\u2013/·]"
_INTERNATIONAL = re.compile(rf"(?<![\w+])(?:\+[ ]?|00[ ]?)[1-9](?:(?:[\t()\[\]]|{_GAP}){{0,3}}\d){{6,17}}(?!\d)")
_FRENCH = re.compile(
    rf"(?<![\w+\-/])(?<!\d\.)(?:\(0\)|[0O]){_GAP}?[1-9](?:{_GAP}{{0,3}}\d{{2}}){{4}}(?!\d)|(?<![\w+])0\d{{3}}[ .]\d{{3}}[ .]\d{{3}}(?!\d)"
    rf"|(?<![\w+.\-/])33{_GAP}?(?:\(0\){_GAP}?)?[1-9](?:{_GAP}?\d{{2}}){{4}}(?!\d)|(?<![\w+.\-/])0(?: \d){{9}}(?! ?\d)"
)
"""In pairs, in threes, with the country's code but no sign before it, or letter-spaced; reading a picture may take the zero for an O."""
_NATIONAL = re.compile(rf"(?<![\w+.\-/])\(?0\d{{1,4}}\)?(?:{_GAP}{{0,2}}\d{{2,8}}){{1,5}}(?!\d)")
"""As numbers are written within other countries: taken only where one is named beside it, and as that country has them."""
_AMERICAN = re.compile(r"(?<![\w+])(?:\([2-9]\d{2}\)[ ]?|[2-9]\d{2}[\-.])[2-9]\d{2}[\-.]\d{4}(?!\d)")
"""As the North American plan has them: no area code and no exchange begins with 0 or 1."""
_UNKNOWN_COUNTRY = re.compile(r"\d{4}[ .\-/]+\d{6}|04[5-9]\d[ .\-/]+\d\d[ .\-/]+\d\d[ .\-/]+\d\d")
"""Ten digits as no French person groups them: another country's number, whose country nobody told us."""
_DATE = re.compile(
    r"\d\d[ .\-/]\d\d[ .\-/](?:19|20)\d\d(?!\d)|\d\d[ .\-/](?:19|20)\d\d[ .\-/\u2010-\u2013]{1,3}(?:\d\d[ .\-/])?(?:19|20)\d\d(?!\d)"
)
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
    matches = [
        (match, pattern)
        for run in islice(_RUN.finditer(text), _MOST_RUNS)
        for pattern in (_INTERNATIONAL, _FRENCH, _AMERICAN, _NATIONAL)
        for match in islice(pattern.finditer(text, *run.span()), _MOST_NUMBERS)
    ]
    for match, pattern in sorted(matches, key=lambda pair: pair[0].start())[:_MOST_NUMBERS]:
        if _is_something_else(text, match, pattern is _INTERNATIONAL):
            continue
        if number := _number(text, match, pattern):
            fact = _quoted(number, text, match, source)
            # words on the page are a better source than what lies behind them
            if number not in found or found[number].source == "link":
                found[number] = fact
    return list(found.values())


def _quoted(number: str, text: str, match: re.Match[str], source: str) -> Fact:
    """Return a number with its quotation, the bracket before the code of its country included ("(+33) 1 99 00 12 34")."""
    opened = match[0].count(")") > match[0].count("(") and text[match.start() - 1 : match.start()] == "("
    begin = match.start() - opened
    return Fact(number, text[begin : match.end()], source, begin)


def _number(text: str, match: re.Match[str], pattern: re.Pattern[str]) -> str | None:
    """Return a written number in E.164, read as the country beside it has numbers where it names none itself."""
    if pattern is not _INTERNATIONAL and _goes_on(text, match):
        return None
    region = None if pattern in {_INTERNATIONAL, _AMERICAN} else _country_near(text, match)
    if region is None:
        return None if pattern is _NATIONAL else _e164(match[0])
    called = _called().search(text[max(0, match.start() - _BEFORE) : match.start()]) is not None
    return _within(match[0], region, called=called)


def _within(written: str, region: str, *, called: bool) -> str | None:
    """Return a number as it is dialled within `region`, in E.164; None for one that is not in use there, unless it is `called` a number."""
    try:
        number = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        return None
    is_one = phonenumbers.is_valid_number_for_region(number, region) or (called and phonenumbers.is_possible_number(number))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if is_one else None


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


def _country_near(text: str, match: re.Match[str]) -> str | None:
    """Return the country of a place abroad that the lines around a number name, None where they name none or a place in France as well."""
    start = end = match.start()
    for _ in range(_BESIDE + 1):
        start = max(text.rfind("\n", max(0, start - 200), start), 0)
        following = text.find("\n", end + 1, end + 200)
        end = following if following >= 0 else min(len(text), end + 200)
    lines = [line for line in text[start:end].split("\n") if len(line) <= 100 and not _words("born").search(line)]
    near = "\n".join(lines)
    if _words("home_places").search(near):
        return None
    return next((countries()[fold(found["place"])].upper() for found in _foreign().finditer(near) if found["place"]), None)


@cache
def _words(key: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words('cv', key)))})(?!\w)", re.IGNORECASE)


@cache
def _foreign() -> re.Pattern[str]:
    """Return what finds a place abroad: not one for which a street is named, and written as a name."""
    streets = "|".join(map(re.escape, words("cv", "streets")))
    names = [name for entry in words("cv", "country_of") for name in entry.partition(" = ")[2].split(", ")]
    places = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    return re.compile(
        rf"(?<!\w)(?:(?:{streets})[ ](?:d(?:e|u|es)[ ](?:la[ ])?|d['’])?\w[^\n,;]{{0,40}}|(?P<place>{places}))(?!\w)", re.IGNORECASE
    )


@cache
def _called() -> re.Pattern[str]:
    return re.compile(rf"(?i)(?<!\w)(?:{'|'.join(map(re.escape, words('cv', 'phone_label')))})\W{{0,6}}$")


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
    written = re.sub(_GAP, " ", written)
    # "+33 (0)6": the trunk prefix in brackets is not dialled from abroad; Italy's zero belongs to the number
    dialled = (
        written if re.match(r"(?:\+|00)39", written) else re.sub(r"[(\[]0[)\]]", "0" if written.startswith(("(0", "[0")) else "", written)
    )
    dialled = re.sub(r"^(?:00[ ]?|\+[ ]|(?=33[^\d]?\d{0,3}(?:\W?\d\d){4}$))", "+", dialled).replace("O", "0")
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
