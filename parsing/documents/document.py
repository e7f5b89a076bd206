"""The words of this room: what a read file is, what may be wrong with it, and what a reader looks like."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

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


@dataclass(frozen=True, slots=True)
class Tools:
    """The outside world, lent to pure readers by the caller; None: not installed here."""

    ocr: Callable[[bytes, str], str] | None = None
    convert: Callable[[bytes, str], bytes] | None = None


class Unreadable(Exception):  # noqa: N818 - a word of the domain, and the name that docs and readers use
    """The file cannot be read; `problem` says why."""

    def __init__(self, problem: Problem = Problem.UNREADABLE, pages: int | None = None) -> None:
        super().__init__(problem.value)
        self.problem = problem
        self.pages = pages


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reader returns; `read_document` makes a `Document` of it."""

    text: str
    pages: int | None = None
    links: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


Reader = Callable[[bytes, Tools], Reading]
"""One format: octets in, `Reading` out. May raise anything; `read_document` turns it into a problem."""
