"""A PDF into text: which engine reads each page, what is left out of it, and what is read as a picture.

pdfium reads every page (twenty times faster); a page whose letters look wrong is read again by pdfminer.six, and a page without
letters by OCR where it is installed. Both engines give words with places, and one reading order makes text of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pypdfium2 as pdfium  # type: ignore[import-untyped]

from parsing.documents import pdf_pdfium, pdf_visible
from parsing.documents.document import MAX_CHARACTERS, MAX_PAGES, Problem, Reading, Tools, Unreadable
from parsing.documents.pdf_furniture import without_furniture
from parsing.documents.pdf_health import is_doubtful, soundness
from parsing.documents.pdf_layout import Ink, Word
from parsing.documents.pdf_words import page_text
from parsing.documents.scans import read_scans

if TYPE_CHECKING:
    from parsing.documents.pdf_pdfminer import MinedPage

_FEW = 60
"""Letters below which a page that is mostly picture is read as a picture, too."""
_HIDDEN = 12
"""Letters and digits from which on text that nobody sees is reported; less is a producer's litter."""


@dataclass(frozen=True, slots=True)
class _Page:
    """One page as an engine read it."""

    words: list[Word] = field(default_factory=list)
    hidden: list[Word] = field(default_factory=list)
    frame: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    engine: str = "pdfium"
    is_doubtful: bool = False
    shows_more: bool = False
    """Whether pictures or shapes cover so much of the page that its letters may be in them."""

    @property
    def has_few_letters(self) -> bool:
        return len(self.words) < _FEW and self.letters < _FEW

    @property
    def soundness(self) -> int:
        return soundness(word.text for word in self.words)

    @property
    def letters(self) -> int:
        return sum(sign.isalnum() for word in self.words for sign in word.text)


def read_pdf(data: bytes, tools: Tools) -> Reading:
    """Read a PDF of any number of pages, the first 50 of them; raises Unreadable."""
    if tools.pdf == "pdfminer":
        count, pages, links = _mined(data)
    else:
        try:
            count, pages, links = _by_pdfium(data)
        except Unreadable as trouble:
            if tools.pdf == "pdfium" or trouble.problem is not Problem.UNREADABLE:
                raise
            count, pages, links = _mined(data)
    if not count:
        raise Unreadable
    if tools.pdf == "auto":
        pages = _second_opinions(data, pages)
    pictured, late = _pictured(data, pages, tools)
    kept = without_furniture([page.words for page in pages], [(page.frame[1], page.frame[3]) for page in pages])
    texts = [pictured.get(number) or page_text(words) for number, words in enumerate(kept)]
    hidden = "\n\n".join(filter(None, (page_text(page.hidden) for page in pages if page.hidden)))
    problems = ([Problem.OCR_USED] if pictured else []) + ([Problem.TIMEOUT] if late else [])
    if sum(map(str.isalnum, hidden)) >= _HIDDEN:
        problems.append(Problem.HIDDEN_TEXT)
    engines = tuple("ocr" if number in pictured else page.engine for number, page in enumerate(pages))
    return Reading(tuple(texts), count, tuple(links), tuple(problems), hidden, engines)


def _by_pdfium(data: bytes) -> tuple[int, list[_Page], list[str]]:
    """Return how many pages there are, the first of them, and the addresses behind links; raises Unreadable."""
    pages: list[_Page] = []
    links: list[str] = []
    pictures = b"/Image" in data
    characters = 0
    with pdf_pdfium.opened(data) as document:
        count = len(document)
        for number in range(min(count, MAX_PAGES)):
            try:
                pages.append(_pdfium_page(document, number, links, pictures=pictures))
            except pdfium.PdfiumError:
                pages.append(_Page(is_doubtful=True))
            characters += sum(len(word.text) for word in pages[-1].words)
            if characters > MAX_CHARACTERS:
                break
    return count, pages, links


def _pdfium_page(document: pdfium.PdfDocument, number: int, links: list[str], *, pictures: bool) -> _Page:
    page = document[number]
    try:
        links.extend(pdf_pdfium.links(document, page))
        if pdf_pdfium.has_forms(page):
            page.close()
            page = pdf_pdfium.flatten(document, number)
        words, objects, unmapped = pdf_pdfium.read_words(page)
        seen, hidden = pdf_visible.divide(page, words, objects, pictures)
        read = _Page(seen, hidden, page.get_bbox(), is_doubtful=is_doubtful(words, unmapped))
        if read.has_few_letters or read.is_doubtful:
            return replace(read, shows_more=pdf_visible.shows_more(page, has_letters=read.letters > 3))
        return read
    finally:
        page.close()


def _mined(data: bytes, numbers: Iterable[int] | None = None) -> tuple[int, list[_Page], list[str]]:
    """Return the same as `_by_pdfium`, read by pdfminer.six; `numbers`: of the pages that are wanted, all without."""
    from pdfminer.pdfdocument import PDFPasswordIncorrect  # noqa: PLC0415 - few files need it, and it takes longer to load than a page to read

    from parsing.documents import pdf_pdfminer  # noqa: PLC0415

    try:
        count = pdf_pdfminer.count_pages(data)
        found = pdf_pdfminer.read_pages(data, set(range(min(count, MAX_PAGES))) if numbers is None else set(numbers))
    except PDFPasswordIncorrect as error:
        raise Unreadable(Problem.ENCRYPTED) from error
    except Exception as error:
        raise Unreadable from error
    pages, links = [], []
    for number, mined in found.items():
        links += mined.links
        unseen = _unseen_by_pdfium(data, number) if any(word.ink is not Ink.PLAIN for word in mined.words) else None
        pages.append(_mined_page(mined, unseen))
    return count, pages, links


def _unseen_by_pdfium(data: bytes, number: int) -> list[Word] | None:
    """Return the words of a page that do not show, as pdfium draws it; None where pdfium cannot."""
    try:
        with pdf_pdfium.opened(data) as document:
            return _pdfium_page(document, number, [], pictures=b"/Image" in data).hidden
    except (Unreadable, pdfium.PdfiumError):
        return None


def _mined_page(mined: MinedPage, unseen: list[Word] | None) -> _Page:
    """Divide a page of pdfminer's into what is seen and what is not; `unseen`: what pdfium found hidden, None: it was not asked."""
    seen: list[Word] = []
    hidden: list[Word] = []
    hides = pdf_visible.places_of(unseen or ())
    for word in filter(pdf_visible.is_placed, mined.words):
        aside = pdf_visible.is_outside(word, mined.frame) or pdf_visible.is_tiny(word)
        covered = word.ink is Ink.NONE if unseen is None else hides(word)
        (hidden if aside or covered else seen).append(word)
    return _Page(seen, hidden, mined.frame, engine="pdfminer", is_doubtful=is_doubtful(mined.words, 0.0))


def _second_opinions(data: bytes, pages: list[_Page]) -> list[_Page]:
    """Read doubtful pages again, and keep the better reading of each."""
    doubtful = [number for number, page in enumerate(pages) if page.is_doubtful and page.engine == "pdfium"]
    if not doubtful:
        return pages
    from parsing.documents import pdf_pdfminer  # noqa: PLC0415

    try:
        found = pdf_pdfminer.read_pages(data, set(doubtful))
    except Exception:  # noqa: BLE001 - pdfminer raises many classes; pdfium's reading stays
        return pages
    kept = list(pages)
    for number, mined in found.items():
        first = pages[number]
        second = _mined_page(mined, first.hidden)
        if second.soundness >= first.soundness:
            kept[number] = replace(second, shows_more=first.shows_more)
    return kept


def _pictured(data: bytes, pages: list[_Page], tools: Tools) -> tuple[dict[int, str], bool]:
    """Return the text of pages that OCR reads better, as they show letters without having (sound) ones; and whether its time is used up."""
    if tools.ocr is None:
        return {}, False
    wanted = {number: page for number, page in enumerate(pages) if page.shows_more and (page.has_few_letters or page.is_doubtful)}
    if not wanted:
        return {}, False
    scans = read_scans(data, wanted, tools)
    found = {number: text for number, text in scans.items() if soundness(text.split()) > 1.5 * wanted[number].soundness}
    return found, len(scans) < len(wanted)
