"""The pure pipeline from a raw message to everything pli understands of it; what `pli inspect` shows.

Runs in a child process with limits (`intake/workers.py`), because both mails and documents are hostile.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from parsing.address import Address
from parsing.applicant import Applicant, find_applicant, find_notice, find_several
from parsing.attachment import Attachment, Role
from parsing.authentication import Authentication, authenticate
from parsing.body import MAX_BODY, Body, read_body
from parsing.case import Case
from parsing.classify import Verdict, classify
from parsing.context import Context
from parsing.documents import Document
from parsing.evidence import announces_cv, gather, speaks_of_work
from parsing.forward import is_ours, resolve, restore_author
from parsing.languages import detect
from parsing.links import find_cv_link
from parsing.mail_class import MailClass
from parsing.message import Message, ThreadRefs, find_references, parse_message
from parsing.person import is_same
from parsing.profile import Person, Profile, extract_profile, find_person
from parsing.profile.facts import fold
from parsing.reports import Outcome, outcome_of
from parsing.roles import choose, read_attachments
from parsing.routing import UNROUTED, Route, route
from parsing.unpack import Unpacked, unpack

__all__ = ["Applicant", "Understanding", "understand", "understand_stranger"]

_MOST_RECIPIENTS = 100
_FULL_NAME = 2
"""Words of a name that tells who somebody is; initials do not."""
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
    received = parse_message(content)
    message = restore_author(received, context)
    unpacked = unpack(message)
    by_us = is_ours(message.author, context)
    body = read_body(message, _carried(message, unpacked), by_us=by_us)
    files = choose(unpacked.files)
    attachments = read_attachments(
        files,
        announced=announces_cv(message, body),
        names=_names(message, body) if announces_cv(message, body) or speaks_of_work(message, body) else (),
        tools=context.tools,
        read=context.read_documents,
    )
    cv = _best_cv(attachments)
    person = find_person(cv)
    of_cv = person.profile
    body = resolve(body, message, of_cv, context, has_cv=any(attachment.told_by for attachment in attachments))
    author = message.author
    cv_link = find_cv_link(body)
    notice = find_notice(message, body, context)
    case = Case(
        message=message,
        body=body,
        attachments=attachments,
        context=context,
        evidence=gather(message, body, attachments, context, cv_link=cv_link),
        authentication=authenticate(message, context.authserv_id) if message is received else Authentication.NONE,
        several=find_several(attachments, unpacked.messages if _may_carry(message) else (), context),
        cv_of_other=author is not None and (of_cv.name or of_cv.email) is not None and not is_same(author, of_cv),
        unopened=next((file.name for file in files if file.name.lower().endswith(".msg") and not file.container), None),
        notice=notice,
        unnamed=of_cv.email is None and (of_cv.name is None or sum(len(word) > 1 for word in fold(of_cv.name.value).split()) < _FULL_NAME),
    )
    verdict = classify(case)
    said = body.forward.text if verdict.mail_class is MailClass.FORWARDED_APPLICATION and body.forward else body.written
    applicant, wrote_it = find_applicant(verdict.mail_class, message, body, of_cv, cv, context, notice)
    if case.several and verdict.mail_class in _APPLYING:
        applicant, wrote_it = Applicant(None, None), False
    if verdict.mail_class in _APPLYING and verdict.mail_class is not MailClass.FORWARDED_APPLICATION and not wrote_it:
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
        profile=_profile(cv, person, said, message, body, applicant, context.today, wrote_it=wrote_it) if applying else Profile(),
        content_key=_content_key(message, body, attachments),
        bounced=find_references(content).message_ids if _came_back(case, verdict) else (),
        problems=_problems(
            message, attachments, unlooked=len(files) < len(unpacked.files), cv_link=applying and case.evidence.has("cv_link")
        ),
    )


def understand_stranger(content: bytes, context: Context) -> tuple[ThreadRefs, Understanding | None]:
    """Return which conversation a message belongs to and, when it names no other message, what it says.

    So it can be read before anybody looked up whether its author wrote before: `context` is that of a message by a stranger.
    """
    refs = find_references(content)
    return refs, None if refs.message_ids else understand(content, context)


def _came_back(case: Case, verdict: Verdict) -> bool:
    """What is only delayed may still arrive."""
    return verdict.mail_class is MailClass.BOUNCE and outcome_of(case) is Outcome.FAILED


def _may_carry(message: Message) -> bool:
    """A report carries our own mail, which is no application."""
    return not message.media_type.startswith("multipart/report") and message.text("return-path").strip() != "<>"


def _carried(message: Message, unpacked: Unpacked) -> tuple[Message, ...]:
    """Return the attached message that a forward as attachment carries, then what is attached to that one."""
    return (*unpacked.messages[:1], *unpacked.within) if _may_carry(message) else ()


def _names(message: Message, body: Body) -> tuple[str, ...]:
    """Return the names of those who may apply."""
    return tuple(address.name for address in (message.author, *(forward.author for forward in body.forwards)) if address is not None)


def _best_cv(attachments: Sequence[Attachment]) -> Document | None:
    """Return the CV that says most."""
    documents = [attachment.document for attachment in attachments if attachment.role is Role.CV and attachment.document]
    return max(documents, key=lambda document: len(document.text), default=None)


def _profile(
    cv: Document | None,
    person: Person,
    said: str,
    message: Message,
    body: Body,
    applicant: Applicant | None,
    today: date | None,
    *,
    wrote_it: bool,
) -> Profile:
    """Read the profile; what somebody wrote who is not the applicant says nothing of the applicant, so that of the CV alone is theirs."""
    if wrote_it:
        return extract_profile(cv, body=said, author=message.author, today=today, person=person)
    inner = body.forward.author if body.forward else None
    if inner is not None and applicant is not None and applicant.email == inner.addr_spec.lower():
        return extract_profile(cv, body=said, author=inner, today=today, person=person)
    return extract_profile(cv, today=today, person=person)


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


def _problems(message: Message, attachments: Sequence[Attachment], *, unlooked: bool, cv_link: bool) -> tuple[str, ...]:
    of_documents = [str(problem) for attachment in attachments if attachment.document for problem in attachment.document.problems]
    left_out = ("too_many_files",) if unlooked else ()
    linked = ("cv_link",) if cv_link else ()
    return tuple(dict.fromkeys((*message.defects, *left_out, *linked, *of_documents)))
