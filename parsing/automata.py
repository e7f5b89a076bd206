"""The rules for what no person wrote to us: reports, receipts, automatic answers, invitations, lists, unwanted mail.

Each looks at one `Case` and returns what it found, or None. What somebody applies with is never taken by one sign alone. Called through
the table in `parsing/rules.py`.
"""

from __future__ import annotations

import re

from parsing.case import AUTOMATIC_FIELDS, LIST_FIELDS, Case
from parsing.evidence import ENOUGH, find, plain
from parsing.languages import words
from parsing.quotation import is_reply
from parsing.robots import is_daemon
from parsing.roles import EXECUTABLE

_DISGUISED = re.compile(r"\.[a-z0-9]{2,4}\.[a-z0-9]{2,4}$", re.IGNORECASE)
_SHORT = 1000
_LETTERS = ("owner-", "newsletter@", "news@", "lettre@")


def delivery_report(case: Case) -> str | None:
    """A report about the delivery of a mail (RFC 3464), or what older servers write instead."""
    message = case.message
    if any(part.media_type == "message/delivery-status" for part in message.parts) or "report-type=delivery-status" in message.media_type:
        return "delivery-status"
    if message.has("x-failed-recipients"):
        return "X-Failed-Recipients"
    said = find(plain(f"{message.subject} {message.author.name if message.author else ''}"), "bounce")
    daemon = is_daemon(case.author)
    robot = not _absence(message.subject) and (daemon or message.text("return-path") == "<>")
    human = message.has("auto-submitted") or case.has_cv or case.applies or (not daemon and case.speaks_of_work)
    if robot and (said or "multipart/report" in message.media_type or not human):
        return said[0] if said else case.author or "empty Return-Path"
    opening = plain(case.body.written[:600])
    returned = any(part.media_type in {"message/rfc822", "text/rfc822-headers"} for part in message.parts)
    if case.mentions or case.has_cv:  # whoever sends a returned application again keeps the subject
        return None
    if said and (returned or "message-id:" in opening or find(opening, "bounce") or "could not be delivered" in opening):
        return said[0]
    return None


def read_receipt(case: Case) -> str | None:
    """A notice that a mail was displayed (RFC 8098)."""
    message = case.message
    if any(part.media_type == "message/disposition-notification" for part in message.parts):
        return "disposition-notification"
    low = plain(message.subject)
    said = next((word for word in words("mail", "read_receipt") if low.startswith(word)), None)
    written = not find(plain(case.body.written), "receipt_text") and (case.applies or case.evidence.has("wording"))
    return said if said and not case.carries_cv and not written and len(case.body.written) < _SHORT else None


def invitation(case: Case) -> str | None:
    """A calendar object (RFC 5546) without a CV and without somebody who applies."""
    calendar = any(part.media_type in {"text/calendar", "application/ics"} for part in case.message.parts)
    named = any(attachment.filename.lower().endswith(".ics") for attachment in case.attachments)
    return "text/calendar" if (calendar or named) and not case.carries_cv and not case.applies else None


def automatic_answer(case: Case) -> str | None:
    """An answer that nobody wrote (RFC 3834, 5), an absence above all."""
    message = case.message
    submitted = message.text("auto-submitted").partition(";")[0].strip().lower()
    if submitted.startswith("auto-replied"):
        return f"Auto-Submitted: {submitted}"
    full = case.has_cv and case.evidence.weight >= ENOUGH  # a form on a site hands applications on like this
    if submitted.startswith("auto-notified") and not full:
        return f"Auto-Submitted: {submitted}"
    for name in AUTOMATIC_FIELDS:
        if message.has(name) and message.text(name).lower() != "no" and not full:
            return name
    if message.text("precedence").lower() in {"auto_reply", "auto-reply"} and not full:
        return "Precedence: auto_reply"
    said = _absence(message.subject)
    away = bool(find(plain(case.body.written), "out_of_office"))
    if said and not case.has_cv and (away or not case.applies):
        return said
    return f"Auto-Submitted: {submitted}" if submitted.startswith("auto-generated") and is_reply(message.subject) else None


def _absence(subject: str) -> str | None:
    low = plain(subject)
    return next((word for word in words("mail", "out_of_office") if low.startswith(word) or f": {word}" in low), None)


def mailing(case: Case) -> str | None:
    """A list or newsletter (RFC 2369, RFC 2919), unless somebody applies through it."""
    if (case.has_cv and case.evidence.weight >= ENOUGH) or _applies_through_a_list(case):
        return None
    message = case.message
    for name in (*LIST_FIELDS, "x-loop", "x-campaign-id"):
        if message.has(name):
            return name
    precedence = message.text("precedence").lower()
    if precedence in {"bulk", "list", "junk"}:
        return f"Precedence: {precedence}"
    if case.author.startswith(_LETTERS) or message.text("sender").lower().startswith("owner-"):
        return case.author
    if re.match(r"\s*(?:re:\s*)?\[[\w .-]{3,30}\]", message.subject, re.IGNORECASE) and message.has("sender") and not case.evidence.pieces:
        return message.text("sender")
    said = find(plain(case.body.written[-1500:]), "unsubscribe")
    links = case.body.links or re.findall(r"https?://", case.body.written)
    return said[0] if said and links and not case.mentions else None


def _applies_through_a_list(case: Case) -> bool:
    """Tell whether an address of ours that is a list brought an application, or a job board says in a circular that somebody applied."""
    recipients = {address.addr_spec.lower() for address in case.message.recipients}
    to_us = bool(case.context.owned(recipients))
    if case.author.startswith(_LETTERS) or not to_us:
        return False
    notice = find(plain(f"{case.message.subject} {case.body.written[:2000]}"), "notice")
    return (case.evidence.has("phrase") and not notice) or (case.evidence.has("title") and bool(notice))


def harmful(case: Case) -> str | None:
    """A program in disguise, or what our provider marks as unwanted."""
    program = next((file.filename for file in case.attachments if EXECUTABLE.search(file.filename)), None)
    full = case.has_cv and case.evidence.weight >= ENOUGH
    if program and not full and (_DISGUISED.search(program) or not case.applies):
        return program
    if case.message.text("x-spam-flag").lower() == "yes" and not case.has_cv and not case.applies:
        return "X-Spam-Flag"
    said = find(plain(f"{case.message.subject} {case.body.written[:2000]}"), "spam")
    return said[0] if said and not case.has_cv and not case.mentions else None
