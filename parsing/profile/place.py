"""Where a person lives, as far as the contact details say it (JSON Resume `basics.location`): never an employer's town or a birthplace.

`find_place` returns the town; its quotation holds what stands beside it, from which `postal_code` and `country_code` read the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from parsing.languages import words
from parsing.profile.facts import Fact, Line, fold, lines_of

_MOST_LINES = 400
_HEAD = 8
"""First lines of a text in which contact details stand."""
_BESIDE = 5
"""Lines above and below an address or a number in which the place may stand."""
_LONGEST_LINE = 200
_WORD = r"[A-ZÀ-ÝŒ][^\W\d_]*(?:[’'\-][^\W\d_]+){0,5}"
_SMALL = r"(?:de|du|des|la|le|les|l[eè]s|sur|sous|en|aux|et|of|upon|the|d[’']|l[’'])"
_TOWN = rf"(?:[Ll]['’])?{_WORD}(?:[ ](?:{_SMALL}[ ]?){{0,2}}{_WORD}){{0,4}}"
_FRENCH = re.compile(rf"(?<![\w.+\-])(?:F[ -])?(?P<code>\d{{5}})[ ,\t]{{1,3}}(?P<town>{_TOWN})")
_SHORT_CODE = re.compile(rf"(?<![\w.+\-])(?:[A-Z]{{1,2}}[ -])?(?P<code>\d{{4}})[ ](?P<town>{_TOWN})")
_BRITISH = re.compile(rf"(?P<town>{_TOWN}),?[ ](?P<code>[A-Z]{{1,2}}\d[A-Z\d]?[ ]\d[A-Z]{{2}})(?!\w)")
_AMERICAN = re.compile(rf"(?P<town>{_TOWN}),[ ](?P<state>[A-Z]{{2}})(?:[ ](?P<code>\d{{5}}))?(?![\w,])")
_FOREIGN = re.compile(rf"(?P<town>{_TOWN}),?[ ](?P<code>\d{{4,5}}(?:[ ][A-Z]{{2}})?|[A-Z]\d[\dW][ ][A-Z\d]{{4}})(?!\w)")
_DIVIDES = re.compile(r"[|·•\t;]| [-–—] ")
_CODE = re.compile(
    r"(?<!\d)\d{4,5}(?!\d)(?:[ ][A-Z]{2}(?!\w))?|(?<!\w)[A-Z]{1,2}\d[A-Z\d]?[ ]\d[A-Z]{2}(?!\w)|(?<!\w)[A-Z]\d[\dW][ ][A-Z\d]{4}(?!\w)"
)
_PIECE = re.compile(r"(?:(?! [-–—] )[^\t|·•,;/()])+")
_DISTRICT = re.compile(
    r"(?i)[ ](?:\d{1,2}[ ]?(?:e|è|er|ème|eme|ième)(?:[ ]arrondissement)?|cedex(?:[ ]\d{1,2})?|et (?:alentours|environs|région))\b.*"
)
_YEAR = re.compile(r"(?<!\d)(?:19[3-9]\d|20[0-4]\d)(?!\d)(?![ ][A-ZÀ-Ý])")
_STATES = frozenset(
    ("AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS", "KY", "LA", "ME", "MD", "MA", "MI")
    + ("MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR", "PA", "RI", "SC", "SD", "TN", "TX", "UT")
    + ("VT", "VA", "WA", "WV", "WI", "WY", "DC")
)


def find_place(text: str, contacts: Sequence[Fact]) -> Fact | None:
    """Return the town that stands beside a person's `contacts` (name, addresses, numbers) in a CV's `text`, or is called the address."""
    lines = lines_of(text)[:_MOST_LINES]
    near = _near(lines, [fact.start for fact in contacts if fact.source == "cv" and fact.start is not None])
    found = (place for line in map(_public, near) if not _YEAR.search(line.text) for place in _places_in(line))
    return next(found, None)


def postal_code(place: Fact) -> str | None:
    """Return the postal code that stands beside a town."""
    code = _CODE.search(place.quote)
    return code[0] if code else None


def country_code(place: Fact) -> str | None:
    """Return the country of a place in ISO 3166-1, where it is written or the town leaves no doubt."""
    pieces = [fold(piece[0]) for piece in _PIECE.finditer(place.quote)]
    for said in (*reversed(pieces), fold(place.value)):
        code = "FR" if said in _home() else countries().get(said, "").upper()
        if code:
            return code
    if _BRITISH.search(place.quote):
        return "GB"
    return "US" if (state := _AMERICAN.search(place.quote)) and state["state"] in _STATES else None


@cache
def countries() -> dict[str, str]:
    """Return countries and towns abroad, folded, with their country's code in small letters."""
    pairs = (entry.partition(" = ") for entry in words("cv", "country_of"))
    return {fold(name): code for code, _, names in pairs for name in names.split(", ")}


def _near(lines: Sequence[Line], starts: Sequence[int]) -> Iterator[Line]:
    """Yield the lines around contact details, those with them first; none below a heading about work or studies that is not theirs."""
    own = [number for number, line in enumerate(lines) if any(line.start <= start < line.start + len(line.text) + 1 for start in starts)]
    head = next((number for number, line in enumerate(lines[:_HEAD]) if _is_career(line.text)), min(_HEAD, len(lines)))
    chosen = dict.fromkeys(own[:10])
    for number in own[:10]:
        for step in (1, -1):
            for other in range(number + step, number + step * (_BESIDE + 1), step):
                if not 0 <= other < len(lines) or _is_career(lines[other].text):
                    break
                chosen[other] = None
    labelled = [number for number, line in enumerate(lines) if len(line.text) <= _LONGEST_LINE and _label().match(line.text)]
    numbers = [*labelled[:3], *sorted(chosen), *range(head)]
    yield from (lines[number] for number in dict.fromkeys(numbers) if len(lines[number].text) <= _LONGEST_LINE)


def _places_in(line: Line) -> Iterator[Fact]:
    """Yield what a line says of a place, the surest first."""
    label = _label().match(line.text)
    for pattern in (_FRENCH, _BRITISH, _AMERICAN, _SHORT_CODE, _FOREIGN):
        for match in pattern.finditer(line.text):
            if _is_place(pattern, match):
                yield _fact(line, match.start(), match.span("town"), match.end())
    pieces = list(_PIECE.finditer(line.text, label.end() if label else 0))[:20]
    for number, piece in enumerate(pieces):
        said = _DISTRICT.sub("", piece[0])
        start = piece.start() + len(said) - len(said.lstrip())
        town = re.match(_TOWN, said.strip())
        if town is None or town[0] != said.strip() or len(town[0]) < 3:
            continue
        after = fold(pieces[number + 1][0]) if number + 1 < len(pieces) else ""
        country = number == 0 and after in _countries_only()
        known = fold(town[0]) in _towns()
        if known or ((label or country) and not _is_no_town(town[0])):
            end = start + len(town[0])
            yield _fact(line, start, (start, end), pieces[number + 1].end() if country else end)


def _is_place(pattern: re.Pattern[str], match: re.Match[str]) -> bool:
    if pattern is _AMERICAN:
        return match["state"] in _STATES and not _is_no_town(match["town"])
    if pattern in {_SHORT_CODE, _FOREIGN}:
        return fold(match["town"]) in _towns()
    return not _is_no_town(match["town"])


def _fact(line: Line, begin: int, town_at: tuple[int, int], stop: int) -> Fact:
    """Return the town of a line at `town_at`, quoted from `begin` to `stop` and with the country after it."""
    town = re.sub(r"(?i)[ ]cedex\b.*", "", line.text[slice(*town_at)])
    rest = re.match(r"[ ]?(?:\([^()\n]{2,30}\)|[,\-–][ ]?[^\W\d_][^\n,|·•\t]{1,30})", line.text[stop:])
    if rest and fold(rest[0]) in _countries_only():
        stop += rest.end()
    value = re.sub(r"[^\W\d_]+", lambda word: word[0].capitalize(), town) if town.isupper() else town
    return Fact(value, line.text[begin:stop].rstrip(), "cv", line.start + begin)


def _is_career(text: str) -> bool:
    return len(text) <= 60 and fold(text) in _career()


def _public(line: Line) -> Line:
    """Return a line with blanks for what it says of birth or family, up to a sign that divides contact details."""
    text = line.text
    for match in _private().finditer(line.text):
        end = _DIVIDES.search(line.text, match.end())
        stop = end.start() if end else len(line.text)
        text = text[: match.start()] + "\t" * (stop - match.start()) + text[stop:]
    return Line(text, line.start)


def _is_no_town(town: str) -> bool:
    said = fold(town)
    return said in _countries_only() or any(word in _no_towns() for word in said.split())


@cache
def _career() -> frozenset[str]:
    return _folded("heading_work") | _folded("heading_education")


@cache
def _no_towns() -> frozenset[str]:
    return _folded("trades") | _folded("titles") | _folded("no_place")


@cache
def _home() -> frozenset[str]:
    return _folded("home_places")


@cache
def _towns() -> frozenset[str]:
    return (_home() | frozenset(countries())) - _countries_only()


@cache
def _countries_only() -> frozenset[str]:
    return _folded("countries")


@cache
def _folded(key: str) -> frozenset[str]:
    return frozenset(fold(word) for word in words("cv", key))


@cache
def _label() -> re.Pattern[str]:
    said = "|".join(words("cv", "place_label"))
    return re.compile(rf"(?i)\W{{0,4}}(?:{said})[ ]?(?:[:\t]|(?<=[àn])[ ])[ \t]?")


@cache
def _private() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(words('cv', 'private'))})(?!\w)", re.IGNORECASE)
