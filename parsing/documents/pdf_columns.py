"""Where a page has columns: the white strips between words, and the lines that words make by their place alone."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import pairwise
from operator import attrgetter
from statistics import median

from parsing.documents.pdf_word import Lines, Word

_LEFT = attrgetter("left")


def columns(words: list[Word]) -> tuple[list[Word], list[Word], list[Word], list[Word]] | None:
    """Find the vertical white strip with the most text on both its sides; return the words above, left, right and below, or None."""
    if len(words) < 4:
        return None
    size = median(word.height for word in words)
    width = 0.9 * size
    ordered = sorted(words, key=height_of)
    middles = [height_of(word) for word in ordered]
    highest, lowest = max(word.top for word in words), min(word.bottom for word in words)
    best = (4 * size, 0.0, 0.0, 0.0)
    # places are rounded to points
    half = max(width / 2 - 0.5, 0.1)
    for middle in _gaps(words, width):
        for floor, ceiling in _bands(words, middle - half, middle + half):
            if min(ceiling, highest) - max(floor, lowest) <= best[0]:
                continue
            inside = ordered[bisect_left(middles, floor) : bisect_right(middles, ceiling)]
            shared = _shared_height(inside, middle)
            if shared > best[0]:
                best = (shared, middle, floor, ceiling)
    _, middle, floor, ceiling = best
    if not middle:
        return None
    inside = [word for word in words if floor <= height_of(word) <= ceiling]
    left = [word for word in inside if word.left < middle]
    right = [word for word in inside if word.left >= middle]
    above = [word for word in words if height_of(word) > ceiling]
    below = [word for word in words if height_of(word) < floor]
    return above, left, right, below


def _gaps(words: list[Word], width: float) -> list[float]:
    """Return where lines leave at least `width` points between two words; the commonest places, at most 40."""
    counted: dict[float, int] = {}
    edge = min(word.left for word in words)
    for row in rows(words):
        # columns whose lines are not level leave no gap within a line
        if row[0].left > edge + 4 * width:
            counted[round(row[0].left - width / 2)] = counted.get(round(row[0].left - width / 2), 0) + 1
        for before, after in pairwise(row):
            if after.left - before.right >= width:
                for place in (before.right + width / 2, after.left - width / 2):
                    counted[round(place)] = counted.get(round(place), 0) + 1
    return sorted(counted, key=lambda place: -counted[place])[:40]


def _bands(words: list[Word], left: float, right: float) -> list[tuple[float, float]]:
    """Return the heights (floor, ceiling) between which no word crosses the strip from `left` to `right`, top first."""
    found = []
    ceiling = float("inf")
    for word in sorted((word for word in words if word.left < right and word.right > left), key=lambda word: -word.top):
        if word.top < ceiling:
            found.append((word.top, ceiling))
        ceiling = min(ceiling, word.bottom)
    return [*found, (float("-inf"), ceiling)]


def _shared_height(inside: list[Word], middle: float) -> float:
    """Return over how many points both sides of `middle` have text; `inside`: the words between floor and ceiling, lowest first."""
    lowest, highest = _ends(inside, middle), _ends(inside[::-1], middle)
    if lowest is None or highest is None:
        return 0
    return min(word.top for word in highest) - max(word.bottom for word in lowest)


def _ends(words: list[Word], middle: float) -> tuple[Word, Word] | None:
    """Return the first word on each side of `middle`, None when one side has none, or the only one."""
    left: list[Word] = []
    right: list[Word] = []
    for word in words:
        side = left if word.left < middle else right
        side.append(word)
        if len(left) > 1 and len(right) > 1:
            return left[0], right[0]
    return None


def height_of(word: Word) -> float:
    """Return the height on the page of a word's middle, in points."""
    return (word.top + word.bottom) / 2


def rows(words: list[Word]) -> Lines:
    """Return the lines of words by their place alone, top first, each from left to right."""
    found: Lines = []
    floor = float("inf")
    for word in sorted(words, key=height_of, reverse=True):
        if (word.top + word.bottom) / 2 > floor:
            found[-1].append(word)
        else:
            found.append([word])
            floor = word.bottom
    for row in found:
        row.sort(key=_LEFT)
    return found
