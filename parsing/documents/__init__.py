"""Any file a candidate may send, into a `Document`: its text in reading order, or the problem that prevents it.

`READERS` is the list of formats: a new one is a module with a reader and one line there. Files are hostile: readers are
bounded in size, entries and pages, and the caller runs `read_document` in a process that may be killed. It returns for every input.
"""

from __future__ import annotations

from parsing.documents.archive import read_archive
from parsing.documents.characters import tidy
from parsing.documents.document import MAX_BYTES, MAX_CHARACTERS, MAX_PAGES, Document, Problem, Reader, Reading, Tools, Unreadable
from parsing.documents.docx import read_docx
from parsing.documents.media_type import DOC, DOCX, FLAT_ODT, HTML, IMAGES, LOCKED, ODP, ODT, PAGES, PDF, PPTX, RTF, TEXT, ZIP, sniff
from parsing.documents.opendocument import read_flat_odt, read_odp, read_odt
from parsing.documents.pages import read_pages
from parsing.documents.pdf import read_pdf
from parsing.documents.pictures import read_image
from parsing.documents.plain import read_html, read_text
from parsing.documents.rtf import read_rtf
from parsing.documents.sensitive import mask
from parsing.documents.slides import read_pptx
from parsing.documents.word97 import read_doc
from parsing.languages import detect

__all__ = [
    "MAX_BYTES",
    "MAX_CHARACTERS",
    "MAX_PAGES",
    "READERS",
    "Document",
    "Problem",
    "Reader",
    "Reading",
    "Tools",
    "Unreadable",
    "read_document",
    "sniff",
]


def _locked(data: bytes, tools: Tools) -> Reading:  # noqa: ARG001 - the signature of every reader
    """Refuse what only its password opens."""
    raise Unreadable(Problem.ENCRYPTED)


READERS: dict[str, Reader] = {
    PDF: read_pdf,
    DOCX: read_docx,
    ODT: read_odt,
    FLAT_ODT: read_flat_odt,
    PAGES: read_pages,
    PPTX: read_pptx,
    ODP: read_odp,
    LOCKED: _locked,
    ZIP: read_archive,
    RTF: read_rtf,
    DOC: read_doc,
    TEXT: read_text,
    HTML: read_html,
    **dict.fromkeys(IMAGES, read_image),
}
"""Media type to reader; what is not in here is `unsupported`."""


def read_document(data: bytes, *, filename: str | None = None, declared: str | None = None, tools: Tools | None = None) -> Document:
    """Read the file `data`; `filename` and `declared` (the sender's media type) are hints only. Never raises."""
    media_type = sniff(data, filename, declared)
    if len(data) > MAX_BYTES:
        return Document(media_type, problems=(Problem.TOO_LARGE,))
    reader = READERS.get(media_type)
    if reader is None:
        return Document(media_type, problems=(Problem.UNSUPPORTED,))
    try:
        return _document(media_type, reader(data, tools or Tools()))
    except Unreadable as trouble:
        return Document(media_type, pages=trouble.pages, problems=(trouble.problem,))
    except Exception:  # noqa: BLE001 - hostile input makes the libraries raise anything; the file is kept, a person is told
        return Document(media_type, problems=(Problem.UNREADABLE,))


def _document(media_type: str, reading: Reading) -> Document:
    """Normalise the text, mask what must not be kept, tell the language."""
    text, starts = _joined(reading)
    text, masked = mask(text)
    told = tuple(dict.fromkeys(link for link in reading.links if len(link) <= 2000))[:500]
    links = tuple(link for link in told if not mask(link.replace("%20", " "))[1])
    unseen, masked_unseen = mask(tidy(reading.hidden[:MAX_CHARACTERS]))
    problems = list(reading.problems)
    if masked or masked_unseen or len(links) < len(told):
        problems.append(Problem.SENSITIVE_DATA)
    if not any(map(str.isalnum, text)) and Problem.UNREADABLE not in problems:
        problems.append(Problem.NO_TEXT)
    return Document(
        media_type=media_type,
        text=text,
        pages=reading.pages,
        language=detect(text, by_headings=True),
        links=links,
        problems=tuple(dict.fromkeys(problems)),
        page_starts=starts if reading.pages else (),
        hidden=unseen,
        engines=reading.engines,
    )


def _joined(reading: Reading) -> tuple[str, tuple[int, ...]]:
    """Return the pages as one text of at most `MAX_CHARACTERS`, and where in it each page begins."""
    text, starts = "", []
    for number, page in enumerate(reading.texts):
        text += "\n\n" if number else ""
        starts.append(len(text))
        text += tidy(page[: 2 * MAX_CHARACTERS])
        if len(text) > MAX_CHARACTERS:
            break
    return text[:MAX_CHARACTERS].rstrip(), tuple(starts)
