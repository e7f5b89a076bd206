"""The lists of skills of a CV: those under a heading that says so, and those that are one by what they hold.

A list says what its person counts as a skill, known to the vocabulary or not. Called by `parsing/profile/skills.py`.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from parsing.profile.facts import fold
from parsing.profile.headings import all_headings
from parsing.profile.skill_items import (
    BREAKS,
    MOST_WORDS,
    Span,
    has_year,
    is_in,
    is_level,
    items_of,
    last_word,
    pieces,
    said_at,
    stripped,
    trades,
    without_level,
)
from parsing.profile.skill_names import Hit, canonical, find_all, is_practice, is_telling, plain

_MOST_SIGNS = 12_000
"""Characters of one list that are read."""
_LONGEST_LABEL = 48
_BEFORE = 20
_LONGEST_JOINED = 2000
_PROSE = 9
"""Words from which a line without commas is a sentence."""
_LABEL = re.compile(r"([^:,;\t\n]{2,48}?)[ \u00a0]{0,3}(?::|[ \u00a0][–—-][ \u00a0](?=[^,\n]{1,80},))[ \u00a0\t]{0,9}")
_SLASHES = re.compile(r"\s/\s")
_MOST_LISTED = 4
"""Words of an item of a list that no heading tells."""
_FEWEST = 3
"""Items of such a list, of which half at least have names that are known."""
_LONGEST_LINE = 400
_MOST_SEARCHED = 100_000
"""Characters in which lists are looked for that no heading tells."""


def read_list(text: str, start: int, end: int) -> tuple[Span, ...]:
    """Return the items of the list between two offsets of `text`, in order; headings, levels, sentences and spoken languages are none."""
    end = min(end, start + _MOST_SIGNS)
    lines = list(_joined(text, list(_lines(text, start, end))))
    found: list[Span] = []
    skipping = False
    for at, line in enumerate(lines):
        label, body = _label(text, line)
        said = said_at(text, label) if label else ""
        if label and is_in(said, "skill_soft"):
            skipping = body.start >= body.end
            continue
        if not label and is_in(said_at(text, body), "skill_soft"):
            skipping = True
            continue
        if label or _is_category(text, body, lines[at + 1 :]):
            skipping = False
            if label and canonical(said) and not is_in(said, "skill_category") and not is_practice(said):
                found.append(label)
            if not label:
                continue
        if skipping or body.start >= body.end:
            continue
        if found and _ends_the_list(text, body):
            break
        if not _is_prose(text, body):
            found += items_of(text, body)
    return tuple(found)


def _lines(text: str, start: int, end: int) -> Iterator[Span | None]:
    """Yield the lines without their bullets; None for a blank one."""
    at = start
    for raw in text[start:end].split("\n"):
        yield stripped(text, Span(at, at + len(raw))) if raw.strip() else None
        at += len(raw) + 1


def _joined(text: str, lines: Sequence[Span | None]) -> Iterator[Span]:
    """Yield the lines, those that go on in the next one together with it."""
    widest = max((line.end - line.start for line in lines if line), default=0)
    held: Span | None = None
    for line in lines:
        if held is not None and line is not None and _goes_on(text, held, line, widest):
            held = Span(held.start, line.end)
            continue
        if held is not None:
            yield held
        held = line
    if held is not None:
        yield held


def _goes_on(text: str, held: Span, line: Span, widest: int) -> bool:
    """Tell whether an item of a list begins in one line and ends in the next, or the list does."""
    said, after = text[held.end - min(held.end - held.start, _LONGEST_JOINED) : held.end], text[line.start : line.end]
    between = text[held.end : line.start].strip()
    apart = between.strip(",;") or _has_bullet(text, line) or _LABEL.match(after) or after[0].isdigit()
    if apart or held.end - held.start > _LONGEST_JOINED:
        return False
    if said.count("(") > said.count(")") or between or last_word(said):
        return True
    last, first = BREAKS.split(said)[-1], BREAKS.split(after)[0]
    if canonical(f"{last} {first}") and not (canonical(last) and canonical(first)):
        return True
    if canonical(first) or "\t" in said or "\t" in after:
        return False
    return _has_small_beginning(text, held, line, widest) or _is_wrapped(text, held, line, widest)


def _has_small_beginning(text: str, held: Span, line: Span, widest: int) -> bool:
    """Tell whether a line begins like the rest of an item: in small letters, after a bullet, a long line or a list."""
    return text[line.start].islower() and (
        _has_bullet(text, held) or "," in text[held.start : held.end] or (held.end - held.start) * 4 >= widest * 3
    )


def _is_wrapped(text: str, held: Span, line: Span, widest: int) -> bool:
    """Tell whether both lines are of one list with commas, of which the first was full in the middle of an item."""
    said = text[held.start : held.end]
    own_line = held.end - text.rfind("\n", 0, held.end) - 1
    listed = "," in said and "," in text[line.start : line.end]
    return listed and own_line * 4 >= widest * 3 and canonical(BREAKS.split(said)[-1]) is None


def _has_bullet(text: str, line: Span) -> bool:
    begin = max(text.rfind("\n", 0, line.start) + 1, line.start - _BEFORE)
    return bool(text[begin : line.start].strip())


def _label(text: str, line: Span) -> tuple[Span | None, Span]:
    """Return the name of a category that stands before a line's items, if any, and the items."""
    found = _LABEL.match(text, line.start, line.end)
    if found:
        label, body = Span(found.start(1), found.end(1)), stripped(text, Span(found.end(), line.end))
        if len(said_at(text, label).split()) > MOST_WORDS or is_level(said_at(text, body)):
            return None, line
        return label, body
    tab = text.find("\t", line.start, line.end)
    if tab > 0 and "," not in text[line.start : tab] and "," in text[tab : line.end]:
        return stripped(text, Span(line.start, tab)), stripped(text, Span(tab, line.end))
    return None, line


def _is_category(text: str, body: Span, after: Sequence[Span]) -> bool:
    """Tell whether a line only names what the next one lists."""
    said = said_at(text, body)
    if is_in(said, "skill_category"):
        return True
    if not after or BREAKS.search(text, body.start, body.end) or canonical(said) or len(said) > _LONGEST_LABEL:
        return False
    following = said_at(text, after[0])
    return "," in following and not _LABEL.match(following) and not _is_prose(text, after[0])


def _ends_the_list(text: str, body: Span) -> bool:
    """Tell whether a line is of a job or a school: the heading above it was missed."""
    said = said_at(text, body)
    if canonical(said) or find_all(said):
        return False
    named = plain(said).split()
    return has_year(said) or (len(named) <= 5 and bool(trades().intersection(named)))


def _is_prose(text: str, body: Span) -> bool:
    said = said_at(text, body)
    count = len(said.split())
    if text[body.end - 1 : body.end + 1].rstrip().endswith((".", "!", "?")) and count >= _PROSE:
        return True
    parts = [said_at(text, Span(*place)) for place in _places(text, body)]
    if "\t" in text[body.start : body.end] and _are_fragments(parts):
        return True
    return count >= _PROSE and sum(len(part.split()) > MOST_WORDS for part in parts) * 2 >= len(parts)


def _are_fragments(cells: Sequence[str]) -> bool:
    """Tell whether the cells of a row are lines of sentences that stand side by side."""
    small = [cell for cell in cells if cell[:1].islower() and not canonical(cell)]
    return any(last_word(cell) for cell in cells) or len(small) * 2 > len(cells)


def find_lists(text: str, hits: Sequence[Hit], taken: Sequence[Span]) -> Iterator[Span]:
    """Yield the lists outside of those `taken` that no heading tells: lines of short items, half of which have names that are known.

    `hits`: all names in the text; where there are none there is no list, and nothing is looked at.
    """
    outside = Outside(taken)
    starts = [hit.start for hit in hits]
    block: list[_Listing] = []
    blank = False
    at = 0
    for raw in text[:_MOST_SEARCHED].split("\n"):
        here, at = at, at + len(raw) + 1
        if not raw or raw.isspace():
            blank = True
            continue
        if not block and bisect_left(starts, here) == bisect_left(starts, at):
            blank = False
            continue
        line = stripped(text, Span(here, at - 1))
        named = bisect_left(starts, line.end) > bisect_left(starts, line.start)
        named = named and fold(text[line.start : line.end]).rstrip(" :") not in all_headings()  # "Formation" is a skill elsewhere
        listing = _listing(text, line, named=named) if (named or block) and line.start in outside else None
        if block and (listing is None or (blank and not (_goes_on_below(text, block[-1]) and _goes_on_below(text, listing)))):
            yield from _worth(block)
            block = []
        if listing is not None and (block or named):
            block.append(listing)
        blank = False
    yield from _worth(block)


@dataclass(frozen=True, slots=True)
class _Listing:
    """A line that may be one of a list."""

    line: Span
    items: int
    known: int
    """Of these, those that have names in the vocabulary."""


class Outside:
    """The places of a text that are in none of some spans."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._spans = sorted(spans, key=lambda span: span.start)
        self._starts = [span.start for span in self._spans]

    def __contains__(self, place: int) -> bool:
        at = bisect_right(self._starts, place) - 1
        return at < 0 or place >= self._spans[at].end


def _goes_on_below(text: str, listing: _Listing) -> bool:
    """Tell whether a list may go on after a blank line: a table's row, or a line that holds nothing but names."""
    return listing.known == listing.items or "\t" in text[listing.line.start : listing.line.end]


def _worth(block: Sequence[_Listing]) -> Iterator[Span]:
    """Yield what lies between the first and the last line of a block that name a skill, if that is a list."""
    known = [at for at, listing in enumerate(block) if listing.known]
    inside = block[known[0] : known[-1] + 1] if known else ()
    items = sum(listing.items for listing in inside)
    if items >= _FEWEST and sum(listing.known for listing in inside) * 2 >= items:
        yield Span(inside[0].line.start, inside[-1].line.end)


def _listing(text: str, line: Span, *, named: bool) -> _Listing | None:
    """Return a line that lists something, be it one item, with what is known of it; None for another."""
    if line.end - line.start > _LONGEST_LINE:
        return None
    body = _label(text, line)[1]
    said = [said_at(text, without_level(text, Span(*place))) for place in _places(text, body)]
    said = [one for one in said if one]
    if not said or any(one.count(" ") >= _MOST_LISTED for one in said):
        return None
    known = sum(is_telling(one) or ("/" in one and is_telling(one.split("/")[0])) for one in said) if named else 0
    return _Listing(line, len(said), known) if known or len(said) == 1 else None


def _places(text: str, body: Span) -> Iterator[tuple[int, int]]:
    for piece in pieces(text, body):
        at = piece.start
        for slash in _SLASHES.finditer(text, piece.start, piece.end):
            yield at, slash.start()
            at = slash.end()
        yield at, piece.end
