"""Whether a page's text can be what the page shows, and which of two readings of it is the better one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from unicodedata import normalize

from parsing.documents.pdf_layout import Word
from parsing.languages import CODES, language

_CONTROL = "\x00-\x01\x03-\x08\x0e-\x1f\x7f-\x9f"
_BROKEN = re.compile(rf"\w[{_CONTROL}]|[{_CONTROL}]\w")
"""A control character inside a word: a glyph that the font names and pdfium does not know (0x02 is its sign for a divided word)."""
_UNKNOWN = re.compile(rf"[\ufffd{_CONTROL}]|\(cid:\d{{1,6}}\)")
_HOLE = re.compile("[^\\W\\d_]\ufffd[^\\W\\d_]|\\(cid:")
_UNMAPPED_SHARE = 0.3
"""Of a page's glyphs without a character: above, what is read is guessed."""
_NARROW = (0.08, 0.23)
"""Gaps, in heights of a word's box, that are neither none nor a blank: on usual pages one in fifty."""
_ENOUGH = 60
"""Words of letters from which on some must be common words of a language that is known here."""


def is_doubtful(words: Sequence[Word], unmapped: float) -> bool:
    """Tell a page that was perhaps misread; `unmapped`: the share of its glyphs for which the font names no character."""
    text = " ".join(word.text for word in words)
    if _BROKEN.search(text) or len(_UNKNOWN.findall(text)) > 0.02 * max(len(text), 50):
        return True
    return unmapped > _UNMAPPED_SHARE or _is_tight(words) or _is_no_language(words)


def _is_tight(words: Sequence[Word]) -> bool:
    """Tell a page whose words stand so close, or letters so far apart, that pdfium divides at the wrong places."""
    gaps = [
        (after.left - before.right) / before.height
        for before, after in pairwise(words)
        if abs(after.bottom - before.bottom) < 0.3 * before.height and before.text[-1].isalnum() and after.text[0].isalnum()
    ]
    return len(gaps) >= 20 and sum(_NARROW[0] < gap < _NARROW[1] for gap in gaps) > 0.05 * len(gaps)


def _is_no_language(words: Sequence[Word]) -> bool:
    letters = [word.text.lower() for word in words if word.text.isalpha() and word.text.isascii()]
    return len(letters) >= _ENOUGH and not any(map(_common().__contains__, letters))


def soundness(words: Sequence[Word]) -> int:
    """Return a figure to compare two readings of a page by: letters in words that are whole; common words count more, broken ones less."""
    common = _common()
    sound = 0
    for word in words:
        text = normalize("NFKC", word.text)
        if _BROKEN.search(text) or _HOLE.search(text):
            sound -= 10
        elif any(map(str.isalnum, text)):
            sound += len(text) + (10 if text.lower() in common else 0)
    return sound


def _common() -> frozenset[str]:
    return frozenset().union(*(language(code).detect for code in CODES))
