"""The versions of a CV: which one counts, and whose facts are shown.

A CV that the person sends later is a new version; the same file again is none, and what somebody else sends in their conversation is
kept without becoming one. Facts come from the newest version that says something: a scan, a locked or a broken file wipes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from parsing.attachment import Attachment, Role
from storage.tables import Application, Document, Message

_CLOSED = frozenset({"encrypted", "unreadable", "unsupported", "no_text", "too_large", "timeout"})
"""Problems of a document that leave nothing to read."""
_TELLING = ("label", "phone", "url", "profiles")
_SECTIONS = ("work", "education", "skills")


@dataclass(frozen=True, slots=True)
class Version:
    """The place of a CV among those of its application."""

    number: int
    """From 1, in the order they were received; CVs of one message share a number."""
    superseded: bool
    """A later one that can be read took its place; one in another language does not."""


def versions(documents: Sequence[Document]) -> dict[int, Version]:
    """Return the version of each CV by the document's id; other files, and CVs that are not to be believed, have none."""
    cvs = sorted((row for row in documents if row.role == Role.CV and row.believed), key=lambda row: (row.received_at, row.id))
    numbers: dict[object, int] = {}
    for row in cvs:
        numbers.setdefault(row.message_id or ("document", row.id), len(numbers) + 1)
    found: dict[int, Version] = {}
    for row in cvs:
        number = numbers[row.message_id or ("document", row.id)]
        later = (other for other in cvs if numbers[other.message_id or ("document", other.id)] > number)
        found[row.id] = Version(number, any(_is_readable(other) and _same_language(row, other) for other in later))
    return found


def is_readable(attachment: Attachment) -> bool:
    """Tell whether a CV that came says something."""
    read = attachment.document
    return read is not None and bool(read.text.strip()) and not {str(problem) for problem in read.problems} & _CLOSED


def refresh_profile(session: Session, application: Application) -> None:
    """Show the facts of the newest message of the person whose CV says something, else those of the first with facts.

    Messages that were stored before facts were kept with them change nothing.
    """
    told = select(Message).where(Message.application_id == application.id, Message.profile.is_not(None))
    rows = [row for row in session.scalars(told.order_by(Message.received_at.desc(), Message.id.desc())) if row.profile]
    with_cv = [row for row in rows if (row.understanding or {}).get("cv_readable")]
    saying = [row for row in with_cv if says_something(row.profile or {})]
    chosen = next(iter(saying or with_cv or rows[-1:]), None)
    if chosen is None or not chosen.profile:
        return
    if not says_something(chosen.profile) and says_something(application.profile):
        return
    application.profile = chosen.profile
    application.cv_email = cv_email(chosen) or application.cv_email


def cv_email(row: Message) -> str | None:
    """Return the address that the CV of a message names."""
    told = (row.understanding or {}).get("cv_email")
    return str(told) if told else None


def says_something(profile: dict[str, Any]) -> bool:
    """Tell whether a profile holds more than a name and an address."""
    basics = profile.get("basics") or {}
    return any(basics.get(key) for key in _TELLING) or any(profile.get(key) for key in _SECTIONS)


def _is_readable(row: Document) -> bool:
    return bool(row.text.strip()) and not set(row.problems) & _CLOSED


def _same_language(one: Document, other: Document) -> bool:
    return None in (one.language, other.language) or one.language == other.language
