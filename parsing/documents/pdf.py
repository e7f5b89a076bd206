"""Which engine reads a PDF's page, and which reading is kept.

pdfium reads every page (ten times faster); a page whose letters look wrong is read again by pdfminer.six.
"""

from __future__ import annotations

import re

from parsing.documents import pdf_pdfium, pdf_pdfminer
from parsing.documents.document import MAX_CHARACTERS, MAX_PAGES, Problem, Reading, Tools, Unreadable
from parsing.documents.pdf_layout import Word, reading_order, text_of

_BROKEN = re.compile(r"\w[\x00-\x01\x03-\x08\x0e-\x1f\x7f-\x9f]+\w|\w[\x00-\x01\x03-\x08\x0e-\x1f]|[\x00-\x01\x03-\x08\x0e-\x1f]\w")
"""A control character inside a word: a glyph that the font names and pdfium does not know (0x02 is its sign for a divided word)."""
_UNMAPPED = re.compile("[\ufffd\x00-\x01\x03-\x08\x0e-\x1f]")
_TINY = 2.0
"""Points below which no person reads."""


def read_pdf(data: bytes, tools: Tools) -> Reading:  # noqa: ARG001 - the signature of every reader
    """Read a PDF of any number of pages, the first 50 of them; raises Unreadable."""
    with pdf_pdfium.opened(data) as document:
        count = len(document)
        if count == 0:
            raise Unreadable
        texts: list[str] = []
        links: list[str] = []
        doubtful: set[int] = set()
        hidden = 0
        for number in range(min(count, MAX_PAGES)):
            page = document[number]
            try:
                found = pdf_pdfium.words(page)
                links.extend(pdf_pdfium.links(document, page))
            finally:
                page.close()
            hidden += sum(word.height < _TINY and len(word.text) > 2 for word in found)
            texts.append(text_of(reading_order(found)))
            if is_doubtful(found):
                doubtful.add(number)
            if sum(map(len, texts)) > MAX_CHARACTERS:
                break
    if doubtful:
        _read_again(data, doubtful, texts)
    return Reading(tuple(texts), count, tuple(links), (Problem.HIDDEN_TEXT,) if hidden >= 10 else ())


def is_doubtful(words: list[Word]) -> bool:
    """Tell a page that pdfium misread: control characters inside words, or many glyphs without a letter."""
    text = " ".join(word.text for word in words)
    return bool(_BROKEN.search(text)) or len(_UNMAPPED.findall(text)) > 0.02 * max(len(text), 50)


def _read_again(data: bytes, doubtful: set[int], texts: list[str]) -> None:
    """Replace the texts of doubtful pages by pdfminer's, where it reads more letters."""
    try:
        better = pdf_pdfminer.texts(data, doubtful)
    except Exception:  # noqa: BLE001 - pdfminer raises many classes; pdfium's reading stays
        return
    for number, text in better.items():
        if _letters(text) >= 0.9 * _letters(texts[number]):
            texts[number] = text


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))
