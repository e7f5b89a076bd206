"""The words of this room: what a read file is, what may be wrong with it, and what a reader looks like."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

MAX_BYTES = 25 * 1024 * 1024
"""Largest file that is read, in octets; a bigger one is kept and reported as `too_large`."""
MAX_CHARACTERS = 500_000
"""Longest text that a document may have; what comes after is cut off."""
MAX_PAGES = 50
"""Pages that are read; `Document.pages` still says how many there are."""


class Problem(StrEnum):
    """The codes that users see; a problem never costs a person the application."""

    ENCRYPTED = "encrypted"
    NO_TEXT = "no_text"
    OCR_USED = "ocr_used"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    TIMEOUT = "timeout"
    HIDDEN_TEXT = "hidden_text"
    SENSITIVE_DATA = "sensitive_data"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says. `text` is in reading order; `pages` is None where the format has none."""

    media_type: str
    """What the file really is (sniffed), e.g. `application/pdf`."""
    text: str = ""
    pages: int | None = None
    language: str | None = None
    """`fr`, `en` or None when there is too little text to tell."""
    links: tuple[str, ...] = ()
    """URLs that stand in the file as link annotations or hyperlinks, `mailto:` included."""
    problems: tuple[Problem, ...] = ()
    page_starts: tuple[int, ...] = ()
    """Offset in `text` of each page that was read, in characters; empty where the format has no pages."""
    hidden: str = ""
    """Text that people cannot see, kept apart from `text`."""
    engines: tuple[str, ...] = ()
    """What read each page: `pdfium`, `pdfminer` or `ocr`."""

    def page_at(self, offset: int | None) -> int | None:
        """Return the page on which the character at `offset` stands, counted from 1."""
        return bisect_right(self.page_starts, offset) or None if offset is not None else None

    def is_by_ocr(self, offset: int | None) -> bool:
        """Tell whether the character at `offset` was read from a picture; True as well where its page is not known and one was."""
        page = self.page_at(offset)
        return "ocr" in (self.engines if page is None or page > len(self.engines) else self.engines[page - 1 : page])


@dataclass(frozen=True, slots=True)
class Tools:
    """The outside world, lent to pure readers by the caller as functions that can be pickled; None: not installed here."""

    ocr: Callable[[bytes, str], str] | None = None
    """A grey picture's octets and its media type to its words and their places, as tesseract's table (TSV)."""
    convert: Callable[[bytes, str], bytes] | None = None
    """A file's octets and its media type to a format that is read here."""
    pdf: Literal["auto", "pdfium", "pdfminer"] = "auto"
    """Which engine reads PDFs."""


class Unreadable(Exception):  # noqa: N818 - a word of the domain, and the name that docs and readers use
    """The file cannot be read; `problem` says why."""

    def __init__(self, problem: Problem = Problem.UNREADABLE, pages: int | None = None) -> None:
        super().__init__(problem.value)
        self.problem = problem
        self.pages = pages


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reader returns; `read_document` makes a `Document` of it."""

    texts: tuple[str, ...]
    """The text of each page that was read; one text where the format has no pages."""
    pages: int | None = None
    """How many pages the file has; None where the format has none."""
    links: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    hidden: str = ""
    """Text that people cannot see."""
    engines: tuple[str, ...] = ()
    """What read each page."""


Reader = Callable[[bytes, Tools], Reading]
"""One format: octets in, `Reading` out. May raise anything; `read_document` turns it into a problem."""
