"""Whether a page's text can be what the page shows, and which of two readings of it is the better one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
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
    # a test of all characters at once costs a twentieth of a search
    unusual = not text.isprintable() or "\ufffd" in text or "(cid:" in text
    if unusual and (_BROKEN.search(text) or len(_UNKNOWN.findall(text)) > 0.02 * max(len(text), 50)):
        return True
    return unmapped > _UNMAPPED_SHARE or _is_tight(words) or _is_no_language(words)


def _is_tight(words: Sequence[Word]) -> bool:
    """Tell a page whose words stand so close, or letters so far apart, that pdfium divides at the wrong places."""
    gaps = narrow = 0
    least, most = _NARROW
    for before, after in pairwise(words):
        text, _, bottom, right, top, *_ = before
        height = top - bottom if top - bottom > 0.1 else 0.1  # noqa: FURB136 - once a word: calls cost more than the rest
        if -0.3 * height < after.bottom - bottom < 0.3 * height and text[-1].isalnum() and after.text[0].isalnum():
            gaps += 1
            narrow += least * height < after.left - right < most * height
    return gaps >= 20 and narrow > 0.05 * gaps


def _is_no_language(words: Sequence[Word]) -> bool:
    common = _common()
    letters = 0
    for word in words:
        if word.text.isalpha() and word.text.isascii():
            if word.text.lower() in common:
                return False
            letters += 1
    return letters >= _ENOUGH


def soundness(words: Iterable[str]) -> int:
    """Return how sound a reading of a page is, by its words: letters in whole ones; common words count more, broken ones less."""
    common = _common()
    sound = 0
    for word in words:
        text = normalize("NFKC", word)
        if _BROKEN.search(text) or _HOLE.search(text):
            sound -= 10
        elif any(map(str.isalnum, text)):
            sound += len(text) + (10 if text.lower() in common else 0)
    return sound


@cache
def _common() -> frozenset[str]:
    return frozenset().union(*(language(code).detect for code in CODES))
