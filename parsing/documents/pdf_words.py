"""The words of a page as engines give them, made fit for reading: shared by pdfium and pdfminer.six.

Turned words are put upright, letters that were set apart come together, what was drawn twice counts once, and lines that
run from right to left are turned round, so that `reading_order` need only know pages as French and English are written.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby, pairwise

from parsing.documents.pdf_layout import MAX_JUMPS, Word, lines, reading_order, text_of

RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
"""Hebrew, Arabic and their neighbours."""
_LETTERS = re.compile(r"[^\W\d_]{1,2}|[&'’.,:/@-]|\d")
"""What may be one piece of a word whose letters stand apart."""
_LONGEST_PIECE, _FEWEST_PIECES = 2, 4
"""Characters of such a piece, at most, and pieces that make a word, at least."""


def page_text(words: Sequence[Word]) -> str:
    """Return the text of a page in reading order; words that are turned come after the others, each turn for itself."""
    if not any(word.turn for word in words):
        return _text(list(words)) if words else ""
    by_turn: dict[int, list[Word]] = {}
    for word in words:
        by_turn.setdefault(word.turn, []).append(word)
    parts = sorted(by_turn.items(), key=lambda part: -len(part[1]))
    return "\n\n".join(_text([upright(word) for word in part], 0) if turn else _text(part) for turn, part in parts)


def upright(word: Word) -> Word:
    """Turn a word back, with the whole page around the origin."""
    text, left, bottom, right, top, turn, ink = word
    match turn:
        case 1:
            return Word(text, bottom, -right, top, -left, 0, ink)
        case 2:
            return Word(text, -right, -top, -left, -bottom, 0, ink)
        case 3:
            return Word(text, -top, left, -bottom, right, 0, ink)
        case _:
            return word


def _text(words: list[Word], most_jumps: int = MAX_JUMPS) -> str:
    words = joined(touching(without_doubles(words)))
    if not RIGHT_TO_LEFT.search("".join([word.text for word in words])):
        return text_of(reading_order(words, most_jumps))
    backward = sum(RIGHT_TO_LEFT.search(word.text) is not None for word in words)
    if backward * 2 < len(words):
        return text_of(_turned_runs(reading_order(words), is_backward=True))
    mirrored = [word._replace(left=-word.right, right=-word.left) for word in words]
    return text_of(_turned_runs(reading_order(mirrored, -1), is_backward=False))


def _turned_runs(words: list[Word], *, is_backward: bool) -> list[Word]:
    """Turn round, within each line, the words that run against it."""
    found: list[Word] = []
    for line in lines(words):
        for against, run in groupby(line, key=lambda word: (RIGHT_TO_LEFT.search(word.text) is not None) is is_backward):
            part = list(run)
            if against and len(part) > 1:
                places = [word[1:] for word in part]
                turned = part if _runs_backward(part) else part[::-1]
                part = [Word(word.text, *place) for word, place in zip(turned, places, strict=True)]
            found.extend(part)
    return found


def _runs_backward(part: Sequence[Word]) -> bool:
    return part[0].left > part[-1].left


def without_doubles(words: list[Word]) -> list[Word]:
    """Leave out a word that is drawn a second time (nearly) where it stands: a shadow, or bold type by overprinting."""
    last: dict[str, Word] = {}
    found = []
    for word in words:
        other = last.get(word.text)
        if other is None or not _is_near(other, word):
            found.append(word)
            last[word.text] = word
    return found


def _is_near(one: Word, other: Word) -> bool:
    near = 0.25 * other.height
    return abs(one.left - other.left) <= near and abs(one.bottom - other.bottom) <= near and abs(one.right - other.right) <= near


def touching(words: list[Word]) -> list[Word]:
    """Put words together between which there is no room for a blank: engines divide some at accents and changes of type."""
    found: list[Word] = []
    for word in words:
        if found:
            last = found[-1]
            height = last.top - last.bottom
            if (
                -0.1 * height < word.left - last.right < 0.06 * height
                and abs(word.bottom - last.bottom) < 0.2 * height
                and _is_one(last, word)
            ):
                found[-1] = _merged(last, word)
                continue
        found.append(word)
    return found


def _is_one(before: Word, after: Word) -> bool:
    """Tell whether two neighbours may be halves of a word: a letter or digit on both sides, in type of one size."""
    return before.text[-1:].isalnum() and after.text[:1].isalnum() and 0.8 < after.height / before.height < 1.25


def _merged(before: Word, after: Word) -> Word:
    bottom, top = min(before.bottom, after.bottom), max(before.top, after.top)
    return Word(before.text + after.text, before.left, bottom, after.right, top, before.turn, before.ink)


def joined(words: list[Word]) -> list[Word]:
    """Put letters that are set apart ("E X P É R I E N C E") together, a word for each wider gap."""
    found: list[Word] = []
    run: list[Word] = []
    for word in words:
        if len(word.text) > _LONGEST_PIECE or not _LETTERS.fullmatch(word.text):
            if run:
                found += _together(run)
                run = []
            found.append(word)
            continue
        if run and not _next_letter(run[-1], word):
            found += _together(run)
            run = []
        run.append(word)
    return found + _together(run)


def _next_letter(before: Word, after: Word) -> bool:
    gap = after.left - before.right
    level = abs(after.bottom - before.bottom) < 0.5 * before.height
    return level and -0.3 * before.height < gap < 2.5 * before.height and 0.6 < after.height / before.height < 1.6


def _together(run: list[Word]) -> list[Word]:
    """Return a run of letters as words; as it is when it is too short, or its gaps are as wide as between words or uneven."""
    if len(run) < _FEWEST_PIECES:
        return run
    letters = sum(word.text.isalpha() and len(word.text) == 1 for word in run)
    if letters < _FEWEST_PIECES or letters < 0.6 * len(run):
        return run
    gaps = [after.left - before.right for before, after in pairwise(run)]
    usual = sorted(gaps)[len(gaps) // 3]
    if usual > 1.2 * run[0].height:
        return run
    # a gap between words is a blank and two spaces between letters wide
    wide = max(1.7 * usual, usual + 0.25 * run[0].height)
    found = [run[0]]
    for gap, word in zip(gaps, run[1:], strict=True):
        if gap > wide:
            found.append(word)
        else:
            found[-1] = _merged(found[-1], word)
    return found
