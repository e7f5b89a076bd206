"""The files of a message: what each is and what it is for."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from parsing.documents import Document


class Role(StrEnum):
    """What an attachment is for."""

    CV = "cv"
    COVER_LETTER = "cover_letter"
    PORTFOLIO = "portfolio"
    CERTIFICATE = "certificate"
    PHOTO = "photo"
    INLINE_IMAGE = "inline_image"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """One file of a message, winmail.dat and attached messages unpacked."""

    filename: str
    """Cleaned for display; never used as a path."""
    media_type: str
    """Sniffed from the content."""
    size: int
    sha256: str
    role: Role
    content: bytes = field(repr=False)
    document: Document | None = None
    """None for what is not read (inline images)."""
    told_by: tuple[str, ...] = ()
    """What tells that a CV is one: `name` of the file, `content`, `person` (it bears the author's name and nothing else); empty for
    the one file that may be it where a mail speaks of a CV, which is a supposition."""
    container: bool = False
    """True for an archive or an attached message whose members stand in the list too; it is not a document of its own."""
