"""What a person calls themselves (JSON Resume `basics.label`): the title that heads the CV, else that of the most recent job.

Precise rather than complete: a line counts only when it is a trade and nothing else, so a summary, a wish or a heading never does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from parsing.languages import words
from parsing.profile.facts import Fact, Line, Work, fold, lines_of
from parsing.profile.headings import all_headings

_MOST_LINES = 1000
_LINES_BELOW_NAME = 10
_CLOSE = 3
"""Lines below a name on which a title may stand beside something else."""
_NEAR = 300
"""Characters around a job in which its position is written."""
_LINES_OF_WORK = 60
_LONGEST = 80
"""Characters of a title; sentences are longer."""
_LONGEST_LINE = 300
_MOST_WORDS = 10
_FEW = 3
"""Words of a title's second line."""
_BESIDE = re.compile(r"(?:(?! [-–—·] )[^\t|•])+")
"""What stands between the signs that divide a line of contact details."""
_IN_JOB = re.compile(r"(?:(?! [-–—:·] | (?:at|chez) )[^\t|•,()–—])+", re.IGNORECASE)
"""The same for the line of a job, where the employer may follow a comma."""
_ALONE = re.compile(r"\A(?:(?! [-–—·] )[^\t|•,\d])+\Z")
_YEARS = re.compile(r"(?<!\d)(?:19[6-9]\d|20[0-4]\d)(?!\d)")
_BULLET = re.compile(r"^[^\w\s(]")
_NO_TITLE = re.compile(r"[@:;!?]|\d{3}|https?|www\.|[.,]$")
_YEAR = re.compile(r"(?<!\d)(?:19[6-9]\d|20[0-4]\d)(?!\d)")
_TODAY = 9999
_SIGNS = " \t,-–—:·"


def find_label(text: str, name: Fact | None, work: Sequence[Work] = ()) -> Fact | None:
    """Return the person's current title as it is written in a CV's `text`, whose `name` and `work` were read from it; None unless plain."""
    lines = lines_of(text)[:_MOST_LINES]
    if name is not None and name.source == "cv" and name.start is not None:
        beside = _beside_name(lines, name.start, name.start + len(name.quote))
        if beside is not None:
            return beside
    return _latest_position(work, text) or _most_recent_job(lines)


def _latest_position(work: Sequence[Work], text: str) -> Fact | None:
    """Return the position of what goes on, else of what ended last; of several, of what began last."""
    dated = [item for item in work if item.position and (item.current or item.end_date or item.start_date)]
    latest = max(dated, key=_ends, default=None) or next((item for item in work if item.position), None)
    if latest is None or not latest.position:
        return None
    position = latest.position.strip()
    near = latest.start or 0
    start = text.find(position, max(0, near - _NEAR), near + len(latest.quote) + _NEAR)
    return Fact(position, position, "cv", start) if start >= 0 else Fact(position, latest.quote, "cv", latest.start)


def _ends(item: Work) -> tuple[bool, str, str]:
    return item.current, item.end_date or item.start_date or "", item.start_date or ""


def _beside_name(lines: Sequence[Line], start: int, end: int) -> Fact | None:
    """Return the title on the line of the name, on the next ones up to a heading, or on the first lines above it."""
    own = max((number for number, line in enumerate(lines) if line.start < end), default=0)
    rest = lines[own].text[end - lines[own].start :]
    if re.match(r"\s*[\t|·•,–—-]", rest) and (found := _first_title(Line(rest, end), _BESIDE)):
        return found
    below = lines[own + 1 : own + 1 + _LINES_BELOW_NAME]
    for number, line in enumerate(below):
        if number < _CLOSE and number + 1 < len(below) and (wrapped := _wrapped(line, below[number + 1])):
            return wrapped
        if _is_heading(line.text) or _YEARS.search(line.text):
            break
        # below the address, only what stands alone on its line
        if found := _first_title(line, _BESIDE if number < _CLOSE else _ALONE):
            return found
    named = next((number for number, line in enumerate(lines[:3]) if line.start == start), 0)
    above = lines[named - 1] if named else None
    return _title(above) if above and "," not in above.text else None


def _wrapped(line: Line, after: Line) -> Fact | None:
    """Return the title of which a narrow column shows the first word above the others ("Software", "Developer")."""
    if after.start != line.start + len(line.text) + 1 or fold(line.text) not in _folded("trade_modifiers"):
        return None
    rest = _title(after)
    if rest is None or rest.value != after.text or len(after.text.split()) > _FEW:
        return None
    return Fact(f"{line.text} {after.text}", f"{line.text}\n{after.text}", "cv", line.start)


def _most_recent_job(lines: Sequence[Line]) -> Fact | None:
    """Return the title of the job that ends last, where the lines of the first section about work say when and what."""
    jobs: list[tuple[int, Fact]] = []
    latest = 0
    section = list(_section_of_work(lines))
    for number, line in enumerate(section):
        latest = max(latest, _end_of(line.text))
        if _BULLET.match(line.text):
            continue
        title = _first_title(line, _IN_JOB)
        if title is not None and not set(fold(title.value).split()) & _folded("company"):
            ends = next((year for other in _about(section, number) if (year := _end_of(other.text))), 0)
            jobs.append((ends, title))
    return next((title for ends, title in jobs if ends == latest > 0), None)


def _about(section: Sequence[Line], number: int) -> Iterator[Line]:
    """Yield the lines that may date a job: its own, then the one above where dates come first, else those down to its tasks."""
    yield section[number]
    if _end_of(section[0].text) and not _first_title(section[0], _IN_JOB):
        yield from section[max(0, number - 1) : number]
        return
    for line in section[number + 1 : number + 4]:
        if _BULLET.match(line.text) or _first_title(line, _IN_JOB):
            return
        yield line


def _section_of_work(lines: Sequence[Line]) -> Iterator[Line]:
    begin = next((number for number, line in enumerate(lines) if fold(line.text) in _folded("heading_work")), None)
    if begin is None:
        return
    for line in lines[begin + 1 : begin + 1 + _LINES_OF_WORK]:
        if _is_heading(line.text):
            return
        yield line


def _end_of(text: str) -> int:
    """Return the last year of a line, 9999 for one that says "today" or "since", 0 without a date."""
    years = [int(year) for year in _YEAR.findall(text)]
    said = f" {fold(text)} "
    if any(f" {word} " in said for word in _folded("today")) and len(text) <= _LONGEST:
        return _TODAY
    if len(years) == 1 and any(f" {word} " in said for word in _folded("since")):
        return _TODAY
    return max(years, default=0)


def _first_title(line: Line, piece: re.Pattern[str]) -> Fact | None:
    if len(line.text) > _LONGEST_LINE:
        return None
    undated = _any_of("today", _YEAR.pattern).sub(lambda match: "\t" * len(match[0]), line.text)
    found = (_title(Line(match[0], line.start + match.start())) for match in piece.finditer(undated))
    return next((fact for fact in found if fact is not None), None)


def _title(line: Line) -> Fact | None:
    """Return the words of a line, or of a piece of it, when they are a title; what the person looks for is cut off."""
    sought = _any_of("seeks").search(line.text)
    said = _public(line.text[: sought.start()] if sought else line.text)
    start = line.start + len(said) - len(said.lstrip(_SIGNS))
    said = said.strip(_SIGNS)
    folded = fold(said).split()
    plain = 3 <= len(said) <= _LONGEST and len(said.split()) <= _MOST_WORDS and not _NO_TITLE.search(said) and said[0].isalpha()
    if not plain or _is_heading(said) or set(folded) & _folded("sentence") or folded[0] in _folded("title_never_begins"):
        return None
    return Fact(said, said, "cv", start) if set(folded) & _trades() else None


def _public(text: str) -> str:
    """Return a line up to the comma before what nobody may ask: age, birth, family, nationality, health."""
    private = _private().search(text)
    if private is None:
        return text
    cut = max(text.rfind(sign, 0, private.start()) for sign in ",;|(–—-\t")
    return text[: max(0, cut)]


@cache
def _private() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(words('cv', 'private'))})(?!\w)", re.IGNORECASE)


@cache
def _trades() -> frozenset[str]:
    """Return the words of which one makes a line a title."""
    return (_folded("trades") | _folded("titles")) - _folded("trade_modifiers")


def _is_heading(text: str) -> bool:
    """Tell whether a line heads a part of the CV; its letters may be spaced."""
    return len(text) <= _LONGEST and fold(text).replace(" ", "") in _headings()


@cache
def _headings() -> frozenset[str]:
    return frozenset(heading.replace(" ", "") for heading in all_headings())


@cache
def _folded(key: str) -> frozenset[str]:
    return frozenset(fold(word) for word in words("cv", key))


@cache
def _any_of(key: str, more: str = "") -> re.Pattern[str]:
    alternatives = "|".join([*map(re.escape, words("cv", key)), *filter(None, [more])])
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)", re.IGNORECASE)
