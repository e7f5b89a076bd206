"""When something was: the periods that a text names ("depuis mars 2021", "09/2019 – 06/2022", "Summer 2019", "2020 (6 mois)").

Dates are strings, `YYYY` or `YYYY-MM`, as precise as what is written. Numbers that are no dates are left alone: a year
is one of 1950 to 2049, and earlier ones only count in a span.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from parsing.profile.date_words import DASH, bare_pattern, joint_pattern, leading_pattern, months, plain, said, seasons, token_pattern

_MOST_CHARACTERS = 60_000
"""Of one text in which periods are looked for; a career of forty years needs less."""
_MOST_TOKENS = 3000
_OPEN = re.compile(rf"[ \t\u00a0]{{0,3}}{DASH}[ \t]{{0,9}}(?=[\n)\]]|\Z)")
"""A dash with nothing behind it."""
_HINT = re.compile(r"\d\d(?!\d)")
_BEHIND_HINT = re.compile(rf"[ \t\u00a0]?(?:{DASH}|to\b|au?\b|à)")
_BEFORE = 32
_BEHIND = 48
_MONTHS_BEHIND = re.compile(rf"\s{{0,2}}(?:{DASH}\s{{0,2}}|[a-zà]{{1,5}}\s)(?:\d{{4}}-\d\d|[a-z])")
_MONTH_BEFORE = re.compile(rf"\d{{4}}-\d\d\s{{0,2}}(?:{DASH}\s{{0,2}}|[a-zà]{{1,5}}\s)\Z")
"""What stands around "2011-12" when it is December."""


@dataclass(frozen=True, slots=True)
class Period:
    """A span of time and where it is written, in characters."""

    start: str | None
    end: str | None
    """None when it goes on."""
    current: bool
    """The text says that it goes on."""
    months: int | None
    """How long it was, where that is said ("6 mois")."""
    at: int
    to: int
    spans: bool = True
    """It has a beginning and an end or a "since", and is not just one date."""


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    """`point`, `short` (a date that counts only in a span), `month`, `today`, `since` or `length`."""
    at: int
    to: int
    first: str = ""
    last: str = ""
    """The first and the last month of a point, the same except for seasons; of a length its months."""


def find_periods(text: str) -> tuple[Period, ...]:
    """Return the periods that stand in `text`, in order, none within another. Never raises."""
    small = same_length_lower(text[:_MOST_CHARACTERS])
    tokens = list(_tokens(small))
    found: list[Period] = []
    index = 0
    while index < len(tokens):
        period, used = _period(tokens, index, small)
        if period is not None:
            led = leading_pattern().search(small, max(0, period.at - 14), period.at) if period.start != period.end else None
            found.append(replace(period, at=led.start(1)) if led else period)
        index += used
    return tuple(found)


def same_length_lower(text: str) -> str:
    """Return `text` in small letters, each character in its place."""
    small = text.lower()
    return small if len(small) == len(text) else "".join(sign.lower() if len(sign.lower()) == 1 else sign for sign in text)


def _period(tokens: Sequence[_Token], index: int, text: str) -> tuple[Period | None, int]:
    """Return the period that begins with a token, and of how many tokens it is made."""
    token = tokens[index]
    after = tokens[index + 1 : index + 4]
    if token.kind == "since" and after:
        return _since(token, after, text)
    if token.kind not in {"point", "short", "month"}:
        return None, 1
    if after and (end := _end(token, after[0], text)) is not None:
        return _with_length(end, after[1:], text, 2)
    if token.kind != "point" or (token.first < "195" and not _alone(text, token)):
        return None, 1
    if opened := _OPEN.match(text, token.to):
        return Period(token.first, None, False, None, token.at, opened.end()), 1
    return _with_length(Period(token.first, token.last, False, None, token.at, token.to, spans=token.first != token.last), after, text, 1)


def _alone(text: str, token: _Token) -> bool:
    """Tell whether a year is all of its line, or of what stands before the first tab in it."""
    begins = not text[max(0, token.at - 40) : token.at].rpartition("\n")[2].strip()
    return begins and (text[token.to : token.to + 1] in {"", "\t", "\n"})


def _since(token: _Token, after: Sequence[_Token], text: str) -> tuple[Period | None, int]:
    if after[0].kind not in {"point", "short"} or text[token.to : after[0].at].strip(" \t\n\u00a0:'."):
        return None, 1
    return _with_length(Period(after[0].first, None, True, None, token.at, after[0].to), after[1:], text, 2)


def _end(token: _Token, other: _Token, text: str) -> Period | None:
    """Return the span from one token to another when they are joined as one."""
    between = text[token.to : other.at]
    joined = len(between) < 24 and joint_pattern().fullmatch(between) is not None
    if other.kind == "today":
        if token.kind == "month" or not (joined or re.fullmatch(r"[ \t\u00a0(,.:|]{1,4}", between)):
            return None
        return Period(token.first, None, True, None, token.at, _closed(text, other.to, between))
    if not joined or other.kind not in {"point", "short"}:
        return None
    first, last = token.first, other.last
    if token.kind == "month":
        first = f"{other.first[:4]}-{token.first}"
    if first[:4] > last[:4] or (len(first) == len(last) and first > last):
        return None
    if "short" in {token.kind, other.kind} and token.kind == "point" and len(token.first) == 4:
        return None
    return Period(first, last, False, None, token.at, other.to)


def _with_length(period: Period, after: Sequence[_Token], text: str, used: int) -> tuple[Period, int]:
    """Add how long it was when that stands next to it: "(6 mois)", "2 years 10 months"."""
    months, end = 0, period.to
    for token in after:
        if token.kind != "length" or not re.fullmatch(r"[ \t\n\u00a0()\[,:;–·|/-]{0,5}(?:et|and)?[ \t\u00a0]{0,2}", text[end : token.at]):
            break
        months, end, used = months + int(token.first), token.to, used + 1
    return (replace(period, months=months, to=_closed(text, end, text[period.to : end])), used) if months else (period, used)


def _closed(text: str, end: int, between: str) -> int:
    """Return where something ends with the bracket that was opened before it."""
    return end + 1 if ("(" in between or "[" in between) and text[end : end + 1] in {")", "]"} else end


def _tokens(text: str) -> Iterator[_Token]:
    count = 0
    for begin, end in _windows(text):
        here = begin
        while count < _MOST_TOKENS and (match := token_pattern().search(text, here, end)):
            here, count = max(match.end(), here + 1), count + 1
            if (token := _read(match)) is None:
                continue
            yield token
            if token.kind == "since" and (glued := bare_pattern().match(text, here, end)):  # "sinceJanuary2016"
                here = glued.end()
                if (token := _read(glued)) is not None:
                    yield token


def _windows(text: str) -> Iterator[tuple[int, int]]:
    """Yield where to look for dates: around the numbers that may belong to one, because all of the text would take ten times as long."""
    begin = end = 0
    for hit in _HINT.finditer(text):
        before = text[max(0, hit.start() - 2) : hit.start()]
        if not (before in {"19", "20", "18"} or before[-1:] in {"/", ".", "'", "’", "-"} or _BEHIND_HINT.match(text, hit.end())):
            continue
        if hit.start() - _BEFORE > end or not end:
            if end:
                yield begin, end
            begin = max(0, hit.start() - _BEFORE)
        end = hit.end() + _BEHIND
    if end:
        yield begin, end


def _read(match: re.Match[str]) -> _Token | None:
    kind = match.lastgroup or ""
    said = match[0]
    at, to = match.span()
    if kind in {"today", "since"}:
        return _Token(kind, at, to)
    if kind == "length":
        return _length(match)
    if kind == "named":
        return _named(match)
    if kind == "season":
        first, last = seasons()[re.sub(r"[ \t\n\u00a0-]+", " ", plain(match["part"]))].split()
        year = said[-4:]
        return _Token("point", at, to, f"{year}-{int(first):02}", f"{year}-{int(last):02}")
    if kind == "turn":
        return _turn(match)
    return _numbers(kind, said, at, to)


def _named(match: re.Match[str]) -> _Token:
    month = f"{int(months()[plain(match['month'])]):02}"
    at, to = match.span()
    if match["year"]:
        return _Token("point", at, to, f"{match['year']}-{month}", f"{match['year']}-{month}")
    if match["yy"]:
        year = _century(match["yy"])
        kind = "point" if match["mark"] else "short"
        return _Token(kind, at, to, f"{year}-{month}", f"{year}-{month}")
    return _Token("month", at, to, month, month)


def _turn(match: re.Match[str]) -> _Token | None:
    """Read "2019-20" and "2019/2020" as two years, "2019-09" as a month."""
    year, second = int(match[0][:4]), int(match[0][5:])
    end = second if second > 99 else year - year % 100 + second
    before = match.string[max(0, match.start() - 20) : match.start()]
    spans = _MONTHS_BEHIND.match(match.string, match.end()) or _MONTH_BEFORE.search(before)
    if 1 <= second <= 12 and (second != (year + 1) % 100 or spans):
        return _dated("point", year, second, *match.span())
    if year <= end <= year + 60:
        return _Token("point", *match.span(), str(year), str(end))
    return _Token("point", match.start(), match.start() + 4, str(year), str(year))


def _numbers(kind: str, said: str, at: int, to: int) -> _Token | None:
    parts = [int(part) for part in re.findall(r"\d+", said)]
    if kind == "plain":
        return _Token("point", at, to, said, said)
    if kind == "iso":
        return _dated("point", parts[0], parts[1], at, to)
    year = parts[-1]
    if year > 99:
        return _dated("point", year, parts[-2], at, to)
    return _dated("short", int(_century(f"{year:02}")), parts[-2], at, to)


def _dated(kind: str, year: int, month: int, at: int, to: int) -> _Token | None:
    if not 1 <= month <= 12:
        return None
    said = f"{year}-{month:02}"
    return _Token(kind, at, to, said, said)


def _length(match: re.Match[str]) -> _Token:
    count = float(match["count"].replace(",", "."))
    unit = match["unit"]
    months = count * 12 if plain(unit) in said("date_years") else count if plain(unit) in said("date_months") else count / 4.35
    return _Token("length", *match.span(), str(max(1, round(months))))


def _century(two_digits: str) -> str:
    return ("19" if int(two_digits) >= 50 else "20") + two_digits
