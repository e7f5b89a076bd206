"""What stands on every page and is no part of what a CV says: page numbers, and headers and footers after the first time."""

from __future__ import annotations

import re
from collections.abc import Sequence

from parsing.documents.pdf_layout import Word, lines

_NUMBER = re.compile(
    r"(?:page|p\.?|seite|página|pagina)?\s?[-–—]?\s?(\d{1,3})\s?[-–—]?(?:\s?(?:/|\||of|sur|de|von|di)\s?(?:page\s)?(\d{1,3}))?",
    re.IGNORECASE,
)
"""A line that is nothing but a page's number: "3", "Page 1/2", "- 2 -", "1 sur 2"."""
_HEAD, _FOOT = 0.88, 0.12
"""Share of the page's height above, and below, which a line may be furniture."""
_NEAR = 4.0
"""Points by which the same line may stand elsewhere on another page."""

Row = list[Word]


def without_furniture(pages: Sequence[list[Word]], heights: Sequence[tuple[float, float]]) -> list[list[Word]]:
    """Return the words of each page without page numbers and repeated headers; `heights`: bottom and top of each page, in points.

    A header that says something (a name, an address) stays where it stands first.
    """
    edges = [_edge_lines(words, *height) for words, height in zip(pages, heights, strict=True)]
    counted: dict[str, list[tuple[int, Row]]] = {}
    for number, rows in enumerate(edges):
        for row in rows:
            counted.setdefault(_pattern(row), []).append((number, row))
    dropped: list[set[int]] = [set() for _ in pages]
    for places in counted.values():
        if _is_repeated(places, len(pages)):
            for number, row in places[1:]:
                dropped[number].update(map(id, row))
    for number, rows in enumerate(edges):
        for row in rows:
            if _is_page_number(row, number + 1, len(pages)):
                dropped[number].update(map(id, row))
    return [[word for word in words if id(word) not in gone] if gone else words for words, gone in zip(pages, dropped, strict=True)]


def _edge_lines(words: list[Word], bottom: float, top: float) -> list[Row]:
    """Return the lines near the upper and the lower edge."""
    head, foot = bottom + _HEAD * (top - bottom), bottom + _FOOT * (top - bottom)
    edge = [word for word in words if not word.turn and (word.bottom > head or word.top < foot)]
    return lines(edge) if edge else []


def _pattern(row: Row) -> str:
    """Return what a line says with all numbers alike, so that "Page 1" and "Page 2" are the same."""
    return re.sub(r"\d+", "#", _text(row).lower())


def _is_repeated(places: list[tuple[int, Row]], pages: int) -> bool:
    """Tell whether a line stands at the same place on most pages."""
    on = {number for number, row in places if _near(row[0], places[0][1][0])}
    once = len(places) == len({number for number, _ in places})
    return once and len(on) >= 2 and len(on) > 0.5 * pages and _is_same_but_for_the_page(places)


def _is_same_but_for_the_page(places: list[tuple[int, Row]]) -> bool:
    """Tell whether lines are the same, or differ by a number that grows with the pages."""
    if len({_text(row) for _, row in places}) == 1:
        return True
    steps = [{int(digits) - number for digits in re.findall(r"\d{1,9}", _text(row))} for number, row in places]
    return bool(steps[0].intersection(*steps[1:]))


def _text(row: Row) -> str:
    return " ".join(word.text for word in row)


def _near(one: Word, other: Word) -> bool:
    return abs(one.bottom - other.bottom) < _NEAR and abs(one.left - other.left) < _NEAR


def _is_page_number(row: Row, number: int, pages: int) -> bool:
    text = _text(row)
    match = _NUMBER.fullmatch(text)
    if match is None or int(match[1]) != number:
        return False
    if match[2] is not None:
        return number <= int(match[2])
    return pages > 1 or not text.isdigit()
