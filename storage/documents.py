"""The files of an application: each content once, under the name that the candidate gave it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from parsing.attachment import Attachment, Role
from parsing.mail_class import MailClass
from parsing.understand import Understanding
from storage.tables import Application, Document, Message
from storage.versions import versions

_OF = select(Document).where(Document.application_id == bindparam("application")).order_by(Document.id)


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A CV that came after another one."""

    number: int
    new: str
    """File name."""
    old: str | None
    """File name of the one before."""


@dataclass(frozen=True, slots=True)
class Added:
    """What a message brought that was not there."""

    files: tuple[Attachment, ...] = ()
    version: NewVersion | None = None

    @property
    def cv(self) -> bool:
        """True when a CV is among it."""
        return any(file.role is Role.CV for file in self.files)


def add_documents(
    session: Session, application: Application, row: Message, facts: Understanding, *, believed: bool = True, new: bool = False
) -> Added:
    """Put the files of a message to its application and return what is new to it; pictures of signatures are no files.

    `believed`: they come from the person, or from one of us for them, so that a CV among them is a version of theirs; after the first.
    `new`: the application has just been made of this message, and has no file yet.
    """
    there = {} if new else {document.sha256: document for document in session.scalars(_OF, {"application": application.id})}
    added: list[Attachment] = []
    for attachment in facts.attachments:
        if attachment.role is Role.INLINE_IMAGE or attachment.container:
            continue
        if attachment.sha256 in there or attachment.sha256 in {other.sha256 for other in added}:
            known = there.get(attachment.sha256)
            if known is not None and facts.verdict.mail_class is not MailClass.FORWARDED_APPLICATION:
                # the candidate's own name for a file that somebody else handed in before: it is what the receipt may name
                _hand_over(session, known, row, attachment)
            continue
        added.append(attachment)
        read = attachment.document
        session.add(
            Document(
                application_id=application.id,
                message_id=row.id,
                sha256=attachment.sha256,
                filename=attachment.filename,
                role=attachment.role,
                media_type=attachment.media_type,
                size=attachment.size,
                pages=read.pages if read else None,
                language=read.language if read else None,
                problems=[str(problem) for problem in read.problems] if read else [],
                text=read.text if read else "",
                received_at=row.received_at or row.recorded_at,
                believed=believed,
            )
        )
    session.flush()
    return Added(tuple(added), _version(session, application, row) if believed and not new else None)


def _version(session: Session, application: Application, row: Message) -> NewVersion | None:
    """Return the version that the CV of a message became."""
    there = list(session.scalars(_OF, {"application": application.id}))
    found = versions(there)
    new = next((document for document in there if document.message_id == row.id and document.id in found), None)
    if new is None:
        return None
    number = found[new.id].number
    old = next((document for document in there if document.id in found and found[document.id].number == number - 1), None)
    return NewVersion(number, new.filename, old.filename if old else None)


def _hand_over(session: Session, document: Document, row: Message, attachment: Attachment) -> None:
    brought = session.get(Message, document.message_id) if document.message_id else None
    if brought is None or brought.author != row.author:
        document.message_id, document.filename, document.role = row.id, attachment.filename, attachment.role
