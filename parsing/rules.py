"""The rules that say what a mail is: an ordered table, asked from the top, each rule a function with a name.

A rule looks at one `Case` and returns the words it found, or None. Adding a class or a sign is one function and one row of `RULES`.
What an automaton wrote comes first, because it must never be answered; what speaks for an application comes before what speaks for
nothing, because an application must never be lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from parsing.attachment import Attachment, Role
from parsing.authentication import Authentication
from parsing.body import Body, is_forward, is_reply
from parsing.context import Context
from parsing.evidence import ENOUGH, Evidence, find, plain
from parsing.languages import words
from parsing.mail_class import MailClass
from parsing.message import Message
from parsing.robots import is_daemon
from parsing.roles import EXECUTABLE

LIST_FIELDS = ("list-id", "list-unsubscribe", "list-post", "mailing-list", "x-mailing-list")
"""Fields that only lists and newsletters write (RFC 2369, RFC 2919)."""
AUTOMATIC_FIELDS = ("x-autoreply", "x-autorespond", "x-auto-reply-from", "x-autoresponder")
"""Fields by which robots named themselves before Auto-Submitted (RFC 3834)."""
_WEBMAIL = frozenset(
    "gmail.com googlemail.com hotmail.com hotmail.fr outlook.com outlook.fr live.fr live.com yahoo.fr yahoo.com orange.fr wanadoo.fr"
    " free.fr laposte.net sfr.fr icloud.com me.com protonmail.com proton.me gmx.fr gmx.com bbox.fr".split()
)
"""Domains that say nothing about who shares them."""
_RECRUITMENT = re.compile(r"^(?:recrut|candidat|jobs?\b|rh\b|drh\b|emploi|hr\b|careers?|talent|hiring)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Everything that rules may look at."""

    message: Message
    body: Body
    attachments: tuple[Attachment, ...]
    context: Context
    evidence: Evidence
    authentication: Authentication

    @property
    def author(self) -> str:
        """The author's addr-spec in lower case, or empty."""
        return self.message.author.addr_spec.lower() if self.message.author else ""

    @property
    def has_cv(self) -> bool:
        """True when a file is a CV."""
        return any(attachment.role is Role.CV for attachment in self.attachments)

    @property
    def is_ours(self) -> bool:
        """True when one of us wrote it."""
        return self.author in self.context.our_addresses | self.context.recruiters


Rule = Callable[[Case], str | None]


def delivery_report(case: Case) -> str | None:
    """A report about the delivery of a mail (RFC 3464), or what older servers write instead."""
    message = case.message
    if any(part.media_type == "message/delivery-status" for part in message.parts) or "report-type=delivery-status" in message.media_type:
        return "delivery-status"
    if message.has("x-failed-recipients"):
        return "X-Failed-Recipients"
    said = find(plain(f"{message.subject} {message.author.name if message.author else ''}"), "bounce")
    robot = not _absence(message.subject) and (is_daemon(case.author) or message.text("return-path") == "<>")
    if robot and (
        said
        or "multipart/report" in message.media_type
        or not (message.has("auto-submitted") or case.has_cv or case.evidence.has("phrase"))
    ):
        return said[0] if said else case.author or "empty Return-Path"
    opening = plain(case.body.written[:600])
    returned = any(part.media_type in {"message/rfc822", "text/rfc822-headers"} for part in message.parts) or "message-id:" in opening
    if said and not case.has_cv and (returned or find(opening, "bounce") or "could not be delivered" in opening):
        return said[0]
    return None


def read_receipt(case: Case) -> str | None:
    """A notice that a mail was displayed (RFC 8098)."""
    message = case.message
    if any(part.media_type == "message/disposition-notification" for part in message.parts):
        return "disposition-notification"
    low = plain(message.subject)
    said = next((word for word in words("mail", "read_receipt") if low.startswith(word)), None)
    return said if said and not case.has_cv and len(case.body.written) < 1000 else None


def invitation(case: Case) -> str | None:
    """A calendar object (RFC 5546) without a CV."""
    calendar = any(part.media_type in {"text/calendar", "application/ics"} for part in case.message.parts)
    named = any(attachment.filename.lower().endswith(".ics") for attachment in case.attachments)
    return "text/calendar" if (calendar or named) and not case.has_cv else None


def automatic_answer(case: Case) -> str | None:
    """An answer that nobody wrote (RFC 3834, 5), an absence above all."""
    message = case.message
    submitted = message.text("auto-submitted").partition(";")[0].strip().lower()
    if submitted.startswith(("auto-replied", "auto-notified")):
        return f"Auto-Submitted: {submitted}"
    for name in (*AUTOMATIC_FIELDS, "x-autogenerated"):
        if message.has(name) and message.text(name).lower() != "no":
            return name
    if message.text("precedence").lower() in {"auto_reply", "auto-reply"}:
        return "Precedence: auto_reply"
    said = _absence(message.subject)
    if said and not case.has_cv:
        return said
    return f"Auto-Submitted: {submitted}" if submitted.startswith("auto-generated") and is_reply(message.subject) else None


def _absence(subject: str) -> str | None:
    low = plain(subject)
    return next((word for word in words("mail", "out_of_office") if low.startswith(word) or f": {word}" in low), None)


def mailing(case: Case) -> str | None:
    """A list or newsletter (RFC 2369, RFC 2919), unless somebody applies through it with a CV."""
    if case.has_cv and case.evidence.weight >= ENOUGH:
        return None
    message = case.message
    for name in (*LIST_FIELDS, "x-loop", "x-campaign-id"):
        if message.has(name):
            return name
    precedence = message.text("precedence").lower()
    if precedence in {"bulk", "list", "junk"}:
        return f"Precedence: {precedence}"
    if case.author.startswith(("owner-", "newsletter@", "news@", "lettre@")) or message.text("sender").lower().startswith("owner-"):
        return case.author
    if re.match(r"\s*(?:re:\s*)?\[[\w .-]{3,30}\]", message.subject, re.IGNORECASE) and message.has("sender") and not case.evidence.pieces:
        return message.text("sender")
    said = find(plain(case.body.written[-1500:]), "unsubscribe")
    links = case.body.links or re.findall(r"https?://", case.body.written)
    return said[0] if said and links and not case.evidence.has("phrase") else None


def harmful(case: Case) -> str | None:
    """A program in disguise, or what our provider marks as unwanted."""
    program = next((file.filename for file in case.attachments if EXECUTABLE.search(file.filename)), None)
    if program and not (case.has_cv and case.evidence.weight >= ENOUGH):
        return program
    if case.message.text("x-spam-flag").lower() == "yes" and not case.has_cv:
        return "X-Spam-Flag"
    said = find(plain(f"{case.message.subject} {case.body.written[:2000]}"), "spam")
    return said[0] if said and not case.has_cv and not case.evidence.has("phrase") else None


def forwarded(case: Case) -> str | None:
    """Somebody hands an application on: one of us, or with what speaks for an application inside."""
    forward = case.body.forward
    if forward is None:
        return None
    inside = forward.author.addr_spec.lower() if forward.author else "an unnamed author"
    if case.evidence.weight >= ENOUGH:
        return f"of {inside}; {case.evidence}"
    known_reader = any(_RECRUITMENT.match(address.addr_spec) for address in case.message.recipients)
    theirs = is_forward(case.message.subject) and inside not in case.context.our_addresses | case.context.recruiters
    return f"of {inside}, to a mailbox for applications" if known_reader and theirs and forward.text else None


def colleague(case: Case) -> str | None:
    """Written by one of us, or by somebody of our own domain who does not apply."""
    if case.is_ours:
        return case.author
    domain = case.author.rpartition("@")[2]
    ours = {address.rpartition("@")[2] for address in case.context.our_addresses | case.context.recruiters} - _WEBMAIL
    applies = case.has_cv or case.evidence.has("phrase")
    return f"of our domain {domain}" if domain in ours and not applies and not case.context.known_message_ids else None


def answer_in_known_thread(case: Case) -> str | None:
    """An answer in a conversation of an application."""
    return min(case.context.known_message_ids, default=None)


def answer(case: Case) -> str | None:
    """An answer to something, without a CV of its own; it may belong to a candidate."""
    if case.has_cv and not case.context.sender_is_candidate:
        return None
    message = case.message
    if is_reply(message.subject) and (message.references or case.body.quotes or case.context.sender_is_candidate):
        return "Re: in the subject"
    if case.body.quotes and (message.references or not case.evidence.has("phrase")):
        return "it quotes what it answers"
    if is_reply(message.subject) and case.evidence.weight < ENOUGH:
        return "Re: in the subject"
    return "the author is a candidate" if case.context.sender_is_candidate and not case.has_cv and message.references else None


def application(case: Case) -> str | None:
    """Enough speaks for an application."""
    if case.evidence.weight < ENOUGH:
        return None
    asks = "?" in case.body.written and not case.has_cv and not case.evidence.has("phrase")
    return None if asks else str(case.evidence)


def perhaps(case: Case) -> str | None:
    """Something speaks for an application, not enough: a person decides."""
    text = plain(f"{case.message.subject} {case.body.written[:3000]}")
    hints = find(text, "hint")
    recipient = case.evidence.has("recipient")
    if case.evidence.has("cv") or case.evidence.has("phrase"):
        return str(case.evidence)
    if recipient and (hints or case.evidence.has("document") or case.evidence.weight >= ENOUGH):
        return "; ".join(filter(None, (str(case.evidence), ", ".join(hints[:3]))))
    if case.context.sender_is_candidate:
        return "the author is a candidate"
    return None


def anything(_case: Case) -> str:
    """What no rule above knows."""
    return "nothing speaks for an application"


RULES: tuple[tuple[str, MailClass, Rule], ...] = (
    ("delivery_report", MailClass.BOUNCE, delivery_report),
    ("read_receipt", MailClass.AUTO_REPLY, read_receipt),
    ("automatic_answer", MailClass.AUTO_REPLY, automatic_answer),
    ("invitation", MailClass.CALENDAR, invitation),
    ("answer_in_known_thread", MailClass.REPLY, answer_in_known_thread),
    ("mailing", MailClass.LIST_OR_NEWSLETTER, mailing),
    ("harmful", MailClass.SPAM, harmful),
    ("forwarded", MailClass.FORWARDED_APPLICATION, forwarded),
    ("colleague", MailClass.INTERNAL, colleague),
    ("answer", MailClass.REPLY, answer),
    ("application", MailClass.APPLICATION, application),
    ("perhaps", MailClass.UNSURE, perhaps),
    ("anything", MailClass.OTHER, anything),
)
"""Asked from the top; the first that hits decides."""
