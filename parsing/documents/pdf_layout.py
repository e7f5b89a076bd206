"""Columns and sidebars into reading order: a pure function over positioned words.

Producers mostly write a page in the order in which it is read, so content order is kept unless the page jumps upward too often;
only then are columns looked for (recursive cuts along white space). Measured on 95 CVs this is right for more of them than
either rule alone. Dates and bullets that were drawn apart from the lines they belong to are put back first.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice, pairwise

from parsing.documents.pdf_columns import columns, height_of, rows
from parsing.documents.pdf_word import Ink, Lines, Word

__all__ = ["Ink", "Lines", "Word", "lines", "reading_order", "text_of"]

MAX_JUMPS = 2
"""Upward jumps a page may have before its content order is distrusted: one for a second column, one for a footer."""
MIN_TURNS = 6
"""Times that neighbouring lines change columns from which on content order is distrusted."""
MAX_RUNS = 40
"""Runs of content without an upward jump above which none is put elsewhere."""
MAX_WORDS = 5000
"""Words on a page above which no columns are looked for."""


def reading_order(words: Sequence[Word], most_jumps: int = MAX_JUMPS) -> list[Word]:
    """Return the words of one page in the order in which a person reads them; a permutation of `words`.

    `most_jumps`: upward jumps that content order may have to be believed.
    """
    if len(words) > MAX_WORDS:
        return list(words)
    drawn = runs = _runs(words)
    if 1 < len(runs) <= MAX_RUNS:
        runs = _fit_in(_put_back(runs))
    ordered = [word for run in runs for word in run]
    jumps = len(runs) - 1 if runs is drawn else upward_jumps(ordered)
    if jumps <= most_jumps and not _is_zigzag(ordered):
        return ordered
    return _cut(list(words), 0)


def _is_zigzag(words: list[Word]) -> bool:
    """Tell content that goes to and fro between columns, as when a producer sorts all lines of a page by their height."""
    rows = [(line[0].left, line[-1].right, line[0]) for line in lines(words)]
    turns = sum(
        (right < next_left or next_right < left) and abs(height_of(first) - height_of(following)) < 2 * first.height
        for (left, right, first), (next_left, next_right, following) in pairwise(rows)
    )
    return turns >= MIN_TURNS and turns > 0.25 * len(rows)


def upward_jumps(words: Sequence[Word]) -> int:
    """Count how often the next word stands higher than the last one; not from a table's cell to the next one on its right."""
    return sum(after.bottom > before.top and _jumps(before, after) for before, after in pairwise(words))


def _jumps(before: Word, after: Word) -> bool:
    up = after.bottom - before.top
    return up > 0 and up > (5 if after.left > before.right else 0.5) * before.height


def _runs(words: Sequence[Word]) -> list[list[Word]]:
    """Divide content order at upward jumps."""
    if not words:
        return []
    run = [words[0]]
    runs = [run]
    for before, after in pairwise(words):
        if after.bottom > before.top and _jumps(before, after):
            run = []
            runs.append(run)
        run.append(after)
    return runs


def _put_back(runs: list[list[Word]]) -> list[list[Word]]:
    """Put runs that are a margin of dates or bullets, drawn before or after the text, beside the lines of the run they stand level with."""
    if len(runs) < 2:
        return runs
    longest = [(other, lines(other)) for other in sorted(runs, key=len, reverse=True)[:3]]
    for index, run in enumerate(runs[:8]):
        if len(run) > 300:
            continue
        margin = next((known for other, known in longest if other is run), None) or lines(run)
        for other, body in longest:
            if other is not run and _is_margin(margin, body):
                joined = _interleave(margin, body)
                rest = [joined if kept is other else kept for place, kept in enumerate(runs) if place != index]
                return _put_back(rest)
    return runs


def _fit_in(runs: list[list[Word]]) -> list[list[Word]]:
    """Put a run that was drawn late (a list with marks, a box) into the gap of an earlier one where it stands."""
    for late, run in enumerate(runs[1:8], 1):
        top, bottom = max(word.top for word in run), min(word.bottom for word in run)
        left, right = min(word.left for word in run), max(word.right for word in run)
        for early, other in enumerate(runs[:late]):
            for place, (above, below) in enumerate(pairwise(other), 1):
                over = above.left < right and below.left < right and above.right > left - above.height and below.right > left - below.height
                if above.bottom >= top and below.top <= bottom and over:
                    runs = [*runs]
                    runs[early] = [*other[:place], *run, *other[place:]]
                    del runs[late]
                    return _fit_in(runs)
    return runs


def _cut(words: list[Word], depth: int) -> list[Word]:
    """Read what is above the tallest pair of columns, the left one, the right one, and what is below."""
    found = columns(words) if depth < 12 else None
    if found is None:
        return _row_by_row(words)
    above, left, right, below = found
    for margin, body in ((left, right), (right, left)):
        side, main = rows(margin), rows(body)
        if _is_margin(side, main):
            return _cut(above, depth + 1) + _interleave(side, main) + _cut(below, depth + 1)
    return _cut(above, depth + 1) + _cut(left, depth + 1) + _cut(right, depth + 1) + _cut(below, depth + 1)


def _is_margin(margin: Lines, body: Lines) -> bool:
    """Tell a margin of dates, labels or bullets, read with the lines beside it, from a column: narrow blocks, each level with a line."""
    blocks = _blocks(margin)
    if len(blocks) < 2 or len(margin) > len(body) or max(map(len, blocks)) > 3:
        return False
    level = sum(any(_is_level(block[0][0], line[0]) for line in body) for block in blocks)
    whole = [word for line in (*margin, *body) for word in line]
    breadth = max(word.right for word in whole) - min(word.left for word in whole)
    narrow = all(max(word.right for word in line) - min(word.left for word in line) < 0.35 * breadth for line in margin)
    return narrow and level >= 0.9 * len(blocks)


def _is_level(one: Word, other: Word) -> bool:
    """Tell whether two words stand on one line, whatever their sizes."""
    _, _, bottom, _, top, *_ = one
    _, _, other_bottom, _, other_top, *_ = other
    # most are far apart: those are told first
    if bottom > other_top or other_bottom > top:
        return False
    apart = 0.3 * min(one.height, other.height)
    return abs(bottom - other_bottom) < apart or abs(height_of(one) - height_of(other)) < apart


def _blocks(column: Lines) -> list[Lines]:
    """Divide a column's lines where there is room for a line between them; a bullet is a block of its own."""
    blocks: list[Lines] = []
    for line in column:
        bullet = not any(sign.isalnum() for word in line for sign in word.text)
        if blocks and not bullet and 0 <= blocks[-1][-1][0].bottom - line[0].top < 1.6 * line[0].height:
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return blocks


def _interleave(margin: Lines, body: Lines) -> list[Word]:
    """Put each block of a margin before, or behind, the line of the body that it stands level with."""
    before: dict[int, list[Word]] = {}
    behind: dict[int, list[Word]] = {}
    for block in _blocks(margin):
        first = block[0][0]
        level = next((index for index, line in enumerate(body) if _is_level(first, line[0])), None)
        if level is None:
            level = next((index for index, line in enumerate(body) if line[0].top < first.bottom), len(body) - 1)
        side = before if first.left < body[level][0].left else behind
        side.setdefault(level, []).extend(word for line in block for word in line)
    return [word for index, line in enumerate(body) for word in (*before.get(index, ()), *line, *behind.get(index, ()))]


def _row_by_row(words: list[Word]) -> list[Word]:
    """Return the words line by line, each from left to right."""
    return [word for row in rows(words) for word in row]


def lines(words: Sequence[Word]) -> list[list[Word]]:
    """Divide words in reading order into lines: a new one wherever the next word is not level with, and right of, the last."""
    if not words:
        return []
    first = words[0]
    line = [first]
    found = [line]
    _, left, bottom, _, top, _, _ = first
    height = top - bottom
    # once a word and more: hence no calls
    for word in islice(words, 1, None):
        _, next_left, next_bottom, _, next_top, _, _ = word
        next_height = next_top - next_bottom
        upper = top if top < next_top else next_top  # noqa: FURB136
        lower = bottom if bottom > next_bottom else next_bottom  # noqa: FURB136
        smaller = height if height < next_height else next_height  # noqa: FURB136
        if upper - lower > 0.4 * smaller and next_left > left - 0.1 * height:
            line.append(word)
        else:
            line = [word]
            found.append(line)
        left, bottom, top, height = next_left, next_bottom, next_top, next_height
    return found


def text_of(words: Sequence[Word]) -> str:
    """Return the words as text: a line a line, a tab where the gap is wide, an empty line where paragraphs stand apart."""
    pieces: list[str] = []
    above: list[Word] | None = None
    for line in lines(words):
        if above is not None:
            gap = above[0].bottom - line[0].top
            pieces.append("\n\n" if gap > 1.8 * max(above[0].height, line[0].height) or gap < -3 * line[0].height else "\n")
        pieces.append(line[0].text)
        for before, after in pairwise(line):
            gap = after.left - before.right
            # few gaps are as wide as one word is tall: the other's height is asked for those alone
            wide = gap > 2.5 * before.height and gap > 2.5 * after.height
            pieces += ("\t" if wide else " ", after.text)
        above = line
    return "".join(pieces)
