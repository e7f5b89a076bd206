"""What each file of a message is for: by its name, by what it says, by what the mail says of it. Called by `parsing/understand.py`."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import replace

from parsing.attachment import Attachment, Role
from parsing.documents import Document, Problem, Tools, read_document
from parsing.languages import words
from parsing.profile.facts import fold
from parsing.roles_by_content import Told, cv_marks, told_by_content
from parsing.unpack import File

_WORD = re.compile(r"[^\W\d_]+")
_PHONE = re.compile(r"(?:\d[ .-]?){9}")
_YEAR = re.compile(r"\b(?:19[6-9]\d|20[0-4]\d)\b")
EXECUTABLE = re.compile(r"\.(?:exe|scr|com|pif|bat|cmd|js|jse|vbs|vbe|wsf|hta|lnk|msi|jar|ps1|iso|img|chm|cpl|reg)$", re.IGNORECASE)
_SMALL_PICTURE = 20_000
"""Octets; smaller ones are logos and signatures."""
_DECORATION = re.compile(
    r"^(?:image|img|logo|signature|outlook-|banner|banniere|pastedgraphic|icon|facebook|twitter|linkedin)", re.IGNORECASE
)
_CAMERA = re.compile(
    r"(?:img|dsc[nf]?|pxl|photo|screenshot|capture|scan\w*|numérisation|numerisation)[ _-]{0,2}\d{4}|\d{8}_\d{6}|image\d?\.(?:heic|jpe?g)$",
    re.IGNORECASE,
)
"""How telephones and scanners call what they took; phones show it inside the text."""
MAX_FILES = 40
"""Files of a message that are looked at, members of containers included."""
_MAX_DOCUMENTS = 20
_DOCUMENTS = (".pdf", ".doc", ".docx", ".odt", ".rtf", ".pages", ".txt", ".md", ".htm", ".html", ".eml", ".zip", ".pptx", ".odp")
_NEVER_A_CV = (".ics", ".vcs", ".vcf", ".p7m", ".p7s", ".p7c", ".p7b", ".asc", ".sig", ".pgp", ".gpg", ".eml", ".msg", ".csv", ".log")
"""Calendars, cards, signatures and letters: kept, but never supposed to be a CV."""
_NEVER_A_CV_TYPES = ("text/calendar", "text/x-vcard", "text/vcard", "application/pkcs7", "application/x-pkcs7", "application/pgp")
_SHORTEST_NAME = 3
_READ_ANYWAY = frozenset({Problem.OCR_USED, Problem.HIDDEN_TEXT, Problem.SENSITIVE_DATA})
"""Problems of a document that is wholly read."""
_THIN_PAGE = 40
"""Letters below which a page is a picture, be there a line of text on it."""


def choose(files: Sequence[File]) -> tuple[File, ...]:
    """Return the files that are looked at, in their order; of too many the pictures go first, then what is no document."""
    if len(files) <= MAX_FILES:
        return tuple(files)
    kept = set(sorted(range(len(files)), key=lambda number: _rank(files[number]))[:MAX_FILES])
    return tuple(file for number, file in enumerate(files) if number in kept)


def read_attachments(files: Sequence[File], *, announced: bool, names: Collection[str], tools: Tools, read: bool) -> tuple[Attachment, ...]:
    """Return the files with what they say and what they are for.

    `announced`: the mail speaks of a CV or of applying, so the one document nothing else is known of is supposed to be the CV. `names`:
    those of whoever may apply; a file which is called like one of them and nothing else is a CV where no other is.
    `read`: False opens no document.
    """
    found: list[Attachment] = []
    opened = _to_open(files) if read else set()
    for number, file in enumerate(files):
        decoration = _is_decoration(file)
        document = read_document(file.content, filename=file.name, declared=file.declared, tools=tools) if number in opened else None
        role, told_by = (Role.OTHER, ()) if file.container else _role(file, document)
        found.append(
            Attachment(
                filename=file.name,
                media_type=file.media_type,
                size=len(file.content),
                sha256=hashlib.sha256(file.content).hexdigest(),
                role=Role.INLINE_IMAGE if decoration else role,
                content=file.content,
                document=document,
                told_by=() if decoration else told_by,
                container=file.container,
            )
        )
    return _with_a_cv(found, names, suppose=announced)


def _to_open(files: Sequence[File]) -> set[int]:
    """Return the numbers of the files whose content is read: documents before pictures, whatever is called a CV first."""
    worth = [number for number, file in enumerate(files) if not file.container and not _is_decoration(file)]
    return set(sorted(worth, key=lambda number: _rank(files[number]))[:_MAX_DOCUMENTS])


def _rank(file: File) -> int:
    """Return how much a file is worth reading when not all can be read, the least first."""
    if _role_of_name(file.name) is Role.CV:
        return 0
    if file.name.lower().endswith(_DOCUMENTS) or file.container:
        return 1
    return 3 if file.media_type.startswith(("image/", "audio/", "video/")) else 2


def _is_decoration(file: File) -> bool:
    if not file.media_type.startswith("image/"):
        return False
    role = _role_of_name(file.name)
    if role is not None:
        return False
    taken = bool(_CAMERA.match(file.name)) and len(file.content) >= _SMALL_PICTURE
    return not taken and (file.inline or bool(_DECORATION.match(file.name)) or len(file.content) < _SMALL_PICTURE)


def _role(file: File, document: Document | None) -> tuple[Role, tuple[str, ...]]:
    """Return what a file is for, and what tells it when it is a CV."""
    if EXECUTABLE.search(file.name) or file.name.lower().endswith(_NEVER_A_CV):
        return Role.OTHER, ()  # whatever it calls itself
    named = _role_of_name(file.name)
    told = told_by_content(document.text) if document else Told()
    if told.role is Role.CV and (told.sure or named in {None, Role.CV}):
        return Role.CV, _told_by(named, is_paper(file.name))
    if told.role and told.sure and (named is not Role.CV or _wholly_read(document)):
        return told.role, ()
    if named is Role.CV:
        picture = file.media_type.startswith("image/")
        return Role.CV, ("name",) if picture or _may_read_as_cv(file.name, document) else ()
    return named or told.role or Role.OTHER, ()


def _wholly_read(document: Document | None) -> bool:
    """Tell whether all pages have text; behind a letter that is read, the CV in the same file may be a picture."""
    if document is None or not _READ_ANYWAY.issuperset(document.problems):
        return False
    ends = (*document.page_starts[1:], len(document.text))
    thin = any(end - start <= _THIN_PAGE for start, end in zip(document.page_starts, ends, strict=False))
    return not thin and len(document.page_starts) >= (document.pages or 0)


def _told_by(named: Role | None, paper: bool) -> tuple[str, ...]:
    """Return what tells a file that reads as a CV; an ad reads so as well, and somebody may apply with `Réponse offre.pdf`."""
    if named is Role.CV:
        return ("content", "name")
    return () if named is None and paper else ("content",)


def _name_words(name: str) -> set[str]:
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", unicodedata.normalize("NFC", name))
    stem = re.sub(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])", " ", stem)  # MonCV -> Mon CV
    return {word.lower() for word in _WORD.findall(stem)}


def _role_of_name(name: str) -> Role | None:
    said = _name_words(name)
    if said & set(words("mail", "cv_only_name")):
        return Role.CV  # with the letter in one file or not
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


def is_paper(name: str) -> bool:
    """Tell whether a file is called like business papers: a bill, a contract, a form."""
    return bool(_name_words(name) & set(words("mail", "other_name")))


def _may_read_as_cv(name: str, document: Document | None) -> bool:
    """Tell whether a file called a CV may be one: not wholly read, or with an address, a telephone number, a year or a heading in it.

    A page with few letters is a picture. `résumé` is a summary too: unread, such a name tells nothing.
    """
    text = document.text if document else ""
    if cv_marks(text) or _YEAR.search(text) or _PHONE.search(text):
        return True
    unread = document is None or not _wholly_read(document) or sum(sign.isalpha() for sign in text) < _THIN_PAGE * (document.pages or 1)
    return unread and bool(_name_words(name) & set(words("mail", "cv_only_name")))


def _with_a_cv(found: Sequence[Attachment], names: Collection[str], *, suppose: bool) -> tuple[Attachment, ...]:
    """Take the document that bears the applicant's name, or the only one of unknown purpose, for the CV when no other file is one."""
    if any(attachment.role is Role.CV and attachment.told_by for attachment in found):
        return tuple(_second(attachment) for attachment in found)
    if any(attachment.role is Role.CV for attachment in found):
        return tuple(found)
    unknown = [number for number, attachment in enumerate(found) if attachment.role is Role.OTHER and _may_be_cv(attachment)]
    personal = [number for number in unknown if _bears(found[number].filename, names)]
    chosen = personal or unknown
    if len(chosen) != 1 or not (personal or suppose):
        return tuple(found)
    told_by = ("person",) if personal else ()
    return tuple(replace(item, role=Role.CV, told_by=told_by) if number == chosen[0] else item for number, item in enumerate(found))


def _second(attachment: Attachment) -> Attachment:
    """Return what a file is where another is surely the CV: an ad or a letter is none, whatever it is called."""
    if attachment.role is not Role.CV or attachment.told_by:
        return attachment
    told = told_by_content(attachment.document.text) if attachment.document else Told()
    if told.role not in {None, Role.CV}:
        return replace(attachment, role=told.role)
    return replace(attachment, role=Role.OTHER) if is_paper(attachment.filename) else attachment


def _bears(filename: str, names: Collection[str]) -> bool:
    """Tell whether a file is called like a person, and like nothing else."""
    said = {word for part in _name_words(filename) for word in fold(part).split()}
    known = {word for name in names for word in fold(name).split() if len(word) > 1}
    joined = any(said == {"".join(fold(name).split())} for name in names)
    return joined or (bool(said & {word for word in known if len(word) >= _SHORTEST_NAME}) and said <= known)


def _may_be_cv(attachment: Attachment) -> bool:
    name = attachment.filename.lower()
    if attachment.container or EXECUTABLE.search(name) or name.endswith(_NEVER_A_CV) or is_paper(name):
        return False
    if attachment.document is not None and told_by_content(attachment.document.text) == Told(Role.OTHER, True):
        return False
    problems = attachment.document.problems if attachment.document else ()
    opaque = Problem.UNSUPPORTED in problems and not name.endswith((".doc", ".rtf", ".pages", ".odt", ".docx"))
    return not opaque and not attachment.media_type.startswith(_NEVER_A_CV_TYPES)
