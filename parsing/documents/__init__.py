"""Any file a candidate may send, into a `Document`: its text in reading order, or the problem that prevents it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


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
