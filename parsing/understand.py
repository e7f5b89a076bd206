"""The pure pipeline from a raw message to everything pli understands of it; what `pli inspect` shows.

Runs in a child process with limits (`intake/workers.py`), because both mails and documents are hostile.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from parsing.address import Address
from parsing.applicant import Applicant, find_applicant
from parsing.attachment import Attachment, Role
from parsing.authentication import authenticate
from parsing.body import MAX_BODY, Body, read_body
from parsing.classify import Verdict, classify
from parsing.context import Context
from parsing.documents import Document
from parsing.evidence import announces_cv, gather
from parsing.languages import detect
from parsing.mail_class import MailClass
from parsing.message import Message, find_references, parse_message
from parsing.profile import Profile, extract_profile
from parsing.roles import read_attachments
from parsing.routing import UNROUTED, Route, route
from parsing.rules import Case
from parsing.unpack import unpack

__all__ = ["Applicant", "Understanding", "understand"]

_MOST_RECIPIENTS = 100
_APPLYING = frozenset({MailClass.APPLICATION, MailClass.FORWARDED_APPLICATION, MailClass.REPLY, MailClass.UNSURE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """Everything one message says."""

    message_id: str | None
    """With angle brackets, or None when it has none."""
    references: tuple[str, ...] = ()
    """In-Reply-To and References, nearest first."""
    subject: str = ""
    """Cleaned of control characters, at most 300 characters."""
    date: datetime | None = None
    author: Address | None = None
    recipients: tuple[str, ...] = ()
    """To and Cc addr-specs in lower case, at most 100."""
    verdict: Verdict
    route: Route = UNROUTED
    applicant: Applicant | None = None
    language: str = "fr"
    """Language the author wrote in, `fr` or `en`; the offer's when there is too little text."""
    body: str = ""
    """What the author wrote: no quotation, no signature delimiter block, no forward header; at most 20,000 characters."""
    attachments: tuple[Attachment, ...] = ()
    profile: Profile = field(default_factory=Profile)
    """Read from the best CV and completed from body and From."""
    content_key: str = ""
    """SHA-256 over author, Message-ID, Date and the decoded body and attachments: equal for copies in two mailboxes."""
    bounced: tuple[str, ...] = ()
    """Message-IDs of our own mails that a bounce returns."""
    problems: tuple[str, ...] = ()
    """Codes, those of the documents included."""


def understand(content: bytes, context: Context) -> Understanding:
    """Read a raw message against what is known (`context`); whatever the octets are, an `Understanding` comes back."""
    message = parse_message(content)
    unpacked = unpack(message)
    body = read_body(message, _carried(message, unpacked.messages))
    attachments = read_attachments(unpacked.files, announced=announces_cv(message, body), read=context.read_documents)
    case = Case(
        message=message,
        body=body,
        attachments=attachments,
        context=context,
        evidence=gather(message, body, attachments, context),
        authentication=authenticate(message, context.authserv_id),
    )
    verdict = classify(case)
    cv = _best_cv(attachments)
    said = body.forward.text if verdict.mail_class is MailClass.FORWARDED_APPLICATION and body.forward else body.written
    applicant, wrote_it = find_applicant(verdict.mail_class, message, body, extract_profile(cv) if cv else Profile())
    if verdict.mail_class is MailClass.APPLICATION and not wrote_it:
        verdict = replace(verdict, refusals=(*verdict.refusals, "applicant_is_not_author"))
    applying = verdict.mail_class in _APPLYING
    destination = route(message, body, context) if applying else UNROUTED
    return Understanding(
        message_id=message.message_id,
        references=message.references,
        subject=message.subject,
        date=message.date,
        author=message.author,
        recipients=tuple(dict.fromkeys(address.addr_spec.lower() for address in message.recipients))[:_MOST_RECIPIENTS],
        verdict=verdict,
        route=destination,
        applicant=applicant,
        language=_language(said, message, cv, destination, context),
        body=said[:MAX_BODY],
        attachments=attachments,
        profile=_profile(cv, said, message, body, wrote_it=wrote_it) if applying else Profile(),
        content_key=_content_key(message, body, attachments),
        bounced=find_references(content).message_ids if verdict.mail_class is MailClass.BOUNCE else (),
        problems=_problems(message, attachments),
    )


def _carried(message: Message, inner: Sequence[Message]) -> Message | None:
    """Return the attached message that a forward as attachment carries; a report carries our own mail, which is something else."""
    report = message.media_type.startswith("multipart/report") or message.text("return-path").strip() == "<>"
    return None if report or not inner else inner[0]


def _best_cv(attachments: Sequence[Attachment]) -> Document | None:
    """Return the CV that says most."""
    documents = [attachment.document for attachment in attachments if attachment.role is Role.CV and attachment.document]
    return max(documents, key=lambda document: len(document.text), default=None)


def _profile(cv: Document | None, said: str, message: Message, body: Body, *, wrote_it: bool) -> Profile:
    forwarded = body.forward.author if body.forward else None
    return extract_profile(cv, body=said, author=message.author if wrote_it else forwarded)


def _language(said: str, message: Message, cv: Document | None, destination: Route, context: Context) -> str:
    """Return the language somebody wrote in, else that of the offer, else that of the CV, else French."""
    spoken = detect(said) or detect(f"{message.subject} {said}", minimum=2)
    offer = next((offer for offer in context.offers if offer.slug == destination.offer), None)
    return spoken or (cv.language if cv and cv.language else None) or (offer.language if offer else None) or "fr"


def _content_key(message: Message, body: Body, attachments: Sequence[Attachment]) -> str:
    digest = hashlib.sha256()
    author = message.author.addr_spec.lower() if message.author else ""
    date = message.date.isoformat() if message.date else ""
    text = "\n".join(line.rstrip() for line in (body.written, body.forward.text if body.forward else ""))
    for piece in (author, message.message_id or "", date, message.subject, text, *(attachment.sha256 for attachment in attachments)):
        digest.update(piece.encode("utf-8", "replace") + b"\x00")
    return digest.hexdigest()


def _problems(message: Message, attachments: Sequence[Attachment]) -> tuple[str, ...]:
    of_documents = [str(problem) for attachment in attachments if attachment.document for problem in attachment.document.problems]
    return tuple(dict.fromkeys((*message.defects, *of_documents)))
