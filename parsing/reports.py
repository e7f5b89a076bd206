"""Reports about deliveries (RFC 3464), what servers without them write instead, and notices that a mail arrived or was read (RFC 8098).

A report is told by its form, or by who writes it together with what it says. What a person writes about a returned mail is no report.
Called through the table in `parsing/rules.py`.
"""

from __future__ import annotations

import re
from enum import StrEnum

from parsing.case import Case
from parsing.machine_words import fold, heads, said
from parsing.message import Message
from parsing.quotation import is_forward, is_reply
from parsing.robots import is_daemon
from parsing.tnef import message_class

_OPENING = 1500
"""Characters of a text in which a report says what it is."""
_SHORT = 1000
_ACTION = re.compile(rb"^Action[ \t]*:[ \t]*([A-Za-z-]{1,20})", re.IGNORECASE | re.MULTILINE)
_ARRIVED = frozenset({b"delivered", b"relayed", b"expanded"})
_RETURNED = frozenset({"message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers"})
_OUTLOOK_RECEIPT = (".ipnrn", ".ipnnrn", ".dr", "mail.read receipt", "mail.delivery receipt")
_OUTLOOK_REPORT = (".ndr", "mail.non-delivery")
"""How winmail.dat calls them, as MAPI does and as its older names do (MS-OXTNEF, 2.1.3.3.2)."""
_STATUS = re.compile(r"\b[45]\d\d[ -]#?[45]\.\d{1,3}\.\d{1,3}\b|\(#[45]\.\d{1,3}\.\d{1,3}\)|\bstatus:\s{0,9}[45]\.\d", re.IGNORECASE)
"""What a mail server answered (RFC 5321, 4.2; RFC 3463)."""
_TOTALS = re.compile(r"[\w.-]{3,255}![\w.-]{3,255}!\d{5,12}!\d{5,12}(?:![\w-]{1,64})?\.(?:zip|gz|xml|xml\.gz)$", re.IGNORECASE)
"""How reports of DMARC are called: receiver, domain, begin and end."""
_QUOTED_ID = re.compile(r"^[ \t>]*message-id[ \t]*:", re.IGNORECASE | re.MULTILINE)


class Outcome(StrEnum):
    """What became of a mail, as its report says (RFC 3464, 2.3.3)."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"


def delivery_report(case: Case) -> str | None:
    """A report that a mail did not arrive, or not yet: failure notices and warnings of mail servers."""
    found = _report(case)
    if found is None:
        return None
    outcome = outcome_of(case)
    return None if outcome is Outcome.DELIVERED else f"{outcome}: {found}"


def outcome_of(case: Case) -> Outcome:
    """Return what a report says of the mail; without a field that says it, its words decide, and a failure is supposed."""
    message = case.message
    actions = {
        action.lower()
        for part in message.parts
        if part.media_type in {"message/delivery-status", "message/global-delivery-status"}
        for action in _ACTION.findall(part.content[:100_000])
    }
    if b"failed" not in actions and b"delayed" in actions:
        return Outcome.DELAYED
    if actions:
        return Outcome.DELIVERED if actions <= _ARRIVED else Outcome.FAILED
    opening = fold(case.body.written[:_OPENING])
    if heads(message.subject, "delivery.delivered_subject"):
        return Outcome.DELIVERED
    return Outcome.DELAYED if said(f"{fold(message.subject)} {opening}", "delivery.delayed") else Outcome.FAILED


def _report(case: Case) -> str | None:
    """Return what tells that a mail is a report about a delivery, whatever it reports."""
    message = case.message
    if form := _by_form(message):
        return form
    subject = said(fold(message.subject), "delivery.bounce_subject") or heads(message.subject, "delivery.delivered_subject")
    returned = any(part.media_type in _RETURNED for part in message.parts)
    if robot := _is_server(case):
        return _of_server(case, robot, subject, returned=returned)
    if subject is None or is_forward(message.subject) or is_reply(message.subject) or case.mentions or case.has_cv:
        return None  # whoever sends a returned application again keeps the subject
    words = _words(case) or ("a mail is returned" if returned or _QUOTED_ID.search(case.body.written[:_OPENING]) else None)
    return f"{subject}; {words}" if words else None


def _words(case: Case) -> str | None:
    """Return the words, or the answer of a server, by which a text says that a mail did not arrive."""
    opening = case.body.written[:_OPENING]
    status = _STATUS.search(opening)
    return said(fold(opening), "delivery.bounce_text") or (status.group() if status else None)


def _by_form(message: Message) -> str | None:
    """Return what in the form of a mail makes it a report: RFC 3464's parts, Exim's field, Outlook's class."""
    if any("delivery-status" in part.media_type for part in message.parts) or "report-type=delivery-status" in message.media_type:
        return "delivery-status"
    if message.has("x-failed-recipients"):
        return "X-Failed-Recipients"
    outlook = message_class(message)
    return outlook if outlook and outlook.endswith(_OUTLOOK_REPORT) else None


def _is_server(case: Case) -> str | None:
    """Return what tells that a mail server writes: its address, its name, or the empty return path, its own (RFC 5321, 4.5.5)."""
    message = case.message
    if is_daemon(case.author):
        return case.author
    path = message.text("return-path").strip("<> ")
    if message.has("return-path") and (not path or is_daemon(path)):
        return path or "empty Return-Path"
    name = fold(message.author.name if message.author else message.text("from"))
    return name if name and said(name, "delivery.daemon_name") else None


def _of_server(case: Case, robot: str, subject: str | None, *, returned: bool) -> str | None:
    """Return why a server's mail is a report; some servers write in the name of people, and some people are called postmaster."""
    message = case.message
    daemon = is_daemon(case.author)
    human = case.has_cv or case.applies or message.has("auto-submitted") or (not daemon and case.speaks_of_work)
    if human and not daemon and (case.has_cv or (case.applies and not returned)):
        return None
    if heads(message.subject, "automatic.subject") and not returned:
        return None
    if said(fold(case.body.written[:_OPENING]), "automatic.challenge"):
        return None
    if words := subject or _words(case):
        return f"{robot}; {words}"
    if "multipart/report" in message.media_type or (returned and not human):
        return robot
    return robot if daemon and not human else None


def read_receipt(case: Case) -> str | None:
    """A notice that a mail arrived or was displayed (RFC 8098; RFC 3464 with nothing that failed), Outlook's own ones among them."""
    message = case.message
    if any(part.media_type == "message/disposition-notification" for part in message.parts):
        return "disposition-notification"
    if (outlook := message_class(message)) and outlook.endswith(_OUTLOOK_RECEIPT):
        return outlook
    if found := _report(case):  # what failed or may fail was taken by the rule above
        return f"delivered: {found}"
    word = heads(message.subject, "receipt.subject")
    if word is None or case.carries_cv or len(case.body.written) >= _SHORT:
        return None
    confirms = said(fold(case.body.written[:_OPENING]), "receipt.text")
    return word if confirms or not (case.applies or case.evidence.has("wording")) else None


def report_about_mail(case: Case) -> str | None:
    """What providers report about the mail of a domain: complaints (RFC 5965), DMARC's totals (RFC 7489, 7.2), TLS (RFC 8460)."""
    message = case.message
    types = (message.media_type, *(part.media_type for part in message.parts))
    for kind in ("feedback-report", "tlsrpt"):
        if any(kind in media_type for media_type in types):
            return kind
    totals = next((file.filename for file in case.attachments if _TOTALS.match(file.filename)), None)
    return totals if totals and not case.has_cv else None
