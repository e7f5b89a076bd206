"""What each file of a message is for: by its name, by what it says, by what the mail says of it. Called by `parsing/understand.py`."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from parsing.attachment import Attachment, Role
from parsing.documents import Document, Problem, read_document
from parsing.languages import words
from parsing.profile.facts import fold
from parsing.unpack import File

_WORD = re.compile(r"[^\W\d_]+")
_EMAIL = re.compile(r"[\w.+-]@[\w-]{1,63}\.\w")
_YEAR = re.compile(r"\b(?:19[6-9]\d|20[0-4]\d)\b")
EXECUTABLE = re.compile(r"\.(?:exe|scr|com|pif|bat|cmd|js|jse|vbs|vbe|wsf|hta|lnk|msi|jar|ps1|iso|img|chm|cpl|reg)$", re.IGNORECASE)
_SMALL_PICTURE = 20_000
"""Octets; smaller ones are logos and signatures."""
_DECORATION = re.compile(
    r"^(?:image|img|logo|signature|outlook-|banner|banniere|pastedgraphic|icon|facebook|twitter|linkedin)", re.IGNORECASE
)
_MAX_DOCUMENTS = 20
_MIN_CV_MARKS = 3


def read_attachments(files: Sequence[File], *, announced: bool, read: bool) -> tuple[Attachment, ...]:
    """Return the files with what they say and what they are for.

    `announced`: the mail says that a CV is with it, so the one document nothing else is known of is taken for it. `read`: False opens
    no document.
    """
    found: list[Attachment] = []
    for number, file in enumerate(files):
        decoration = _is_decoration(file)
        opened = read and not decoration and not file.container and number < _MAX_DOCUMENTS
        document = read_document(file.content, filename=file.name, declared=file.declared) if opened else None
        found.append(
            Attachment(
                filename=file.name,
                media_type=file.media_type,
                size=len(file.content),
                sha256=hashlib.sha256(file.content).hexdigest(),
                role=Role.INLINE_IMAGE if decoration else Role.OTHER if file.container else _role(file, document),
                content=file.content,
                document=document,
                container=file.container,
            )
        )
    return _with_a_cv(found) if announced else tuple(found)


def _is_decoration(file: File) -> bool:
    if not file.media_type.startswith("image/"):
        return False
    role = _role_of_name(file.name)
    if role is not None:
        return False
    return file.inline or bool(_DECORATION.match(file.name)) or len(file.content) < _SMALL_PICTURE


def _role(file: File, document: Document | None) -> Role:
    if EXECUTABLE.search(file.name):
        return Role.OTHER  # whatever it calls itself
    named = _role_of_name(file.name)
    if file.media_type.startswith("image/"):
        return named or Role.OTHER
    text = document.text if document else ""
    said = _role_of_text(text)
    if named is not None and not (named is Role.CV and said is Role.COVER_LETTER and "cv" not in _name_words(file.name)):
        return named
    return said or Role.OTHER


def _name_words(name: str) -> set[str]:
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", unicodedata.normalize("NFC", name))
    stem = re.sub(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])", " ", stem)  # MonCV -> Mon CV
    return {word.lower() for word in _WORD.findall(stem)}


def _role_of_name(name: str) -> Role | None:
    said = _name_words(name)
    for key, role in (
        ("letter_name", Role.COVER_LETTER),
        ("cv_name", Role.CV),
        ("portfolio_name", Role.PORTFOLIO),
        ("photo_name", Role.PHOTO),
        ("certificate_name", Role.CERTIFICATE),
    ):
        if said & set(words("mail", key)):
            return role
    return None


def _role_of_text(text: str) -> Role | None:
    """Tell a CV by its headings, dates and address; a letter by how it opens and closes."""
    if not text.strip():
        return None
    headings = {fold(word) for key in ("work", "education", "skills", "languages") for word in words("cv", f"heading_{key}")}
    lines = [fold(line) for line in text.splitlines() if 0 < len(line.strip()) <= 60]
    marks = len({line for line in lines if line in headings}) + bool(_EMAIL.search(text)) + (len(set(_YEAR.findall(text))) >= _MIN_CV_MARKS)
    low = text.lower()
    opens = any(word in low[:1500] for word in words("mail", "letter_opening"))
    closes = any(word in low[-1500:] for word in words("mail", "letter_closing"))
    if opens and closes and marks < _MIN_CV_MARKS and len(text) < 8000:
        return Role.COVER_LETTER
    return Role.CV if marks >= _MIN_CV_MARKS else None


def _with_a_cv(found: Sequence[Attachment]) -> tuple[Attachment, ...]:
    """Take the only document of unknown purpose for the announced CV when no other file is one."""
    if any(attachment.role is Role.CV for attachment in found):
        return tuple(found)
    unknown = [number for number, attachment in enumerate(found) if attachment.role is Role.OTHER and _may_be_cv(attachment)]
    if len(unknown) != 1:
        return tuple(found)
    return tuple(replace(item, role=Role.CV) if number == unknown[0] else item for number, item in enumerate(found))


def _may_be_cv(attachment: Attachment) -> bool:
    if attachment.container or EXECUTABLE.search(attachment.filename):
        return False
    problems = attachment.document.problems if attachment.document else ()
    opaque = Problem.UNSUPPORTED in problems and not attachment.filename.lower().endswith((".doc", ".rtf", ".pages", ".odt", ".docx"))
    return not opaque and not attachment.media_type.startswith(("text/calendar", "text/x-vcard", "text/vcard"))
