"""The rules for what a program answers and for what calendars send: absences, confirmations, filters' questions, invitations.

Each looks at one `Case` and returns what it found, or None. What somebody applies with is never taken by one sign alone, nor what a person
may have written by its words alone: a program is told by fields, by the form of its subject, or by saying that it is one. Called through
the table in `parsing/rules.py`.
"""

from __future__ import annotations

import re

from parsing.case import AUTOMATIC_FIELDS, Case, says_automatic
from parsing.evidence import find, plain
from parsing.languages import words
from parsing.machine_words import fold, heads, said
from parsing.message import Message
from parsing.quotation import is_reply
from parsing.robots import is_robot
from parsing.tnef import message_class

_NULL = "empty Return-Path"
_OPENING = 1200
"""Characters of a text in which a program says what it is."""
_FIRST_WORDS = 250
"""Characters in which it says so before anything of a person's could be quoted."""
_SCHEDULING = re.compile(
    rb"^METHOD[^:\r\n]{0,40}:[ \t]*(?:REQUEST|REPLY|CANCEL|(?:DECLINE)?COUNTER|REFRESH|ADD)", re.IGNORECASE | re.MULTILINE
)
_CALENDAR = frozenset({"text/calendar", "application/ics"})
_TICKET = re.compile(
    r"[\[(][^\])]{0,40}#\s?\d{2,12}[^\])]{0,10}[\])]|[\[(][a-z]{2,10}-\d[\d-]{1,14}[\])]|\b(?:ticket|dossier|demande|request|case|incident|vorgang)\s{0,2}(?:n[°o]|id|nr\.?|number|num[eé]ro)?\s{0,2}[#:]?\s?\d{3,18}"
    r"|\b(?:inc|req|ritm|cs|chg|tkt)[-_]?\d{4,12}\b|##\s?\d{3,12}\s?##",
    re.IGNORECASE,
)


def invitation(case: Case) -> str | None:
    """A calendar object (RFC 5546), or what Outlook makes of one, without a CV and without somebody who applies."""
    if case.carries_cv or case.applies:
        return None
    outlook = message_class(case.message) or ""
    if "schedule" in outlook or outlook.startswith("ipm.appointment"):
        return outlook
    calendars = [part for part in case.message.parts if part.media_type in _CALENDAR or (part.filename or "").lower().endswith(".ics")]
    if any("method" in part.parameters or _SCHEDULING.search(part.content[:20_000]) for part in calendars):
        return "text/calendar"
    wrote = case.mentions or case.body.quotes or bool(case.context.known_message_ids)
    return "a calendar file" if calendars and not wrote else None


def automatic_answer(case: Case) -> str | None:
    """An answer that nobody wrote (RFC 3834, 5): an absence, a confirmation that a message came in, a filter's question."""
    return _by_field(case) or _by_subject(case) or _by_text(case) or _confirmation(case) or _challenge(case)


def answers_by_itself(message: Message) -> str | None:
    """Return the field by which a program says that it answers somebody; what it answers may stand in its subject."""
    submitted = message.text("auto-submitted").partition(";")[0].strip().lower()
    return f"Auto-Submitted: {submitted}" if submitted.startswith("auto-replied") else None


def _by_field(case: Case) -> str | None:
    """What its fields tell: a robot names itself, or answers in the name of nobody."""
    message = case.message
    if replied := answers_by_itself(message):
        return replied
    submitted = message.text("auto-submitted").partition(";")[0].strip().lower()
    if case.is_full:  # a form on a site hands applications on like this
        return None
    answers = submitted.startswith("auto-generated") and is_reply(message.subject)
    if submitted.startswith("auto-notified") or answers:
        return f"Auto-Submitted: {submitted}"
    if message.text("precedence").lower() in {"auto_reply", "auto-reply"}:
        return "Precedence: auto_reply"
    if "autoresponder" in message.text("x-post-messageclass").lower() or message.text("x-mailer").lower() in {"vacation", "autoresponder"}:
        return "an autoresponder"
    return next((name for name in AUTOMATIC_FIELDS if says_automatic(message, name)), None)


def _by_subject(case: Case) -> str | None:
    """A subject of the form that programs give; what answers such a mail bears it behind `Re:` and is a person's."""
    subject = case.message.subject
    away = said(fold(case.body.written[:_OPENING]), "automatic.absence_text")
    if any(plain(subject).startswith(word) for word in words("mail", "subject_applies")) and not away:
        return None  # `Postuler : <title> (anything)`
    word = heads(subject, "automatic.subject")
    if word and not case.has_cv and (away or not case.applies):
        return word
    common = heads(subject, "automatic.common")
    if common is None or case.has_cv or case.mentions:
        return None
    return common if away or (case.message.references and not case.asks) else None


def _by_text(case: Case) -> str | None:
    """A text that says that somebody is away, or that nobody wrote it, where the way it came or its subject says so too."""
    if case.has_cv or case.applies:
        return None
    message = case.message
    written = fold(case.body.written[:_OPENING])
    away = said(written, "automatic.absence_text")
    sure = _named_robot(message)
    if away and (found := sure or _says_away(case, written)):
        return f"{found}; {away}"
    return sure if sure == _NULL and not case.speaks_of_work else None


def _says_away(case: Case, written: str) -> str | None:
    """Return what else says that a text about an absence is a program's; who talks with us already, asks or speaks of work is a person."""
    known = bool(case.context.known_message_ids) or case.context.sender_is_candidate
    if known or "?" in written or find(written, "hint"):
        return None
    if sign := _sign_of_robot(case) or said(written[:_FIRST_WORDS], "automatic.automatic_text"):
        return sign
    instead = said(written, "automatic.instead")
    subject = fold(case.message.subject)
    word = next((found for key in ("subject", "common", "absence_subject") if (found := said(subject, f"automatic.{key}"))), None)
    if word and (instead or case.message.references):
        return word
    first = said(written[:_FIRST_WORDS], "automatic.absence_text")
    return instead if instead and first and (is_reply(case.message.subject) or case.message.references) else None


def _named_robot(message: Message) -> str | None:
    """Return the field by which a program says itself that nobody wrote (RFC 3834, 5; RFC 5321, 4.5.5)."""
    submitted = message.text("auto-submitted").strip().lower()
    if submitted and not submitted.startswith("no"):
        return f"Auto-Submitted: {submitted[:40]}"
    return _NULL if message.has("return-path") and message.text("return-path").strip() == "<>" else None


def _sign_of_robot(case: Case) -> str | None:
    """Return what tells that a program sent a mail, where that alone would not do: people's mails come by such ways as well."""
    message = case.message
    if sure := _named_robot(message):
        return sure
    suppressed = {word.strip().lower() for word in message.text("x-auto-response-suppress").split(",")}
    if suppressed & {"all", "oof", "autoreply"}:
        return "X-Auto-Response-Suppress"
    if message.text("precedence").lower() in {"bulk", "junk"} and not case.is_list:
        return f"Precedence: {message.text('precedence').lower()}"
    return message.text("x-ms-exchange-generated-message-source") or None


def _confirmation(case: Case) -> str | None:
    """A program's confirmation that a message, a request or an application came in, with a number or without."""
    message = case.message
    if case.has_cv or case.applies or case.hands_on:
        return None
    written = fold(case.body.written[:_OPENING])
    came_in = said(written, "automatic.received") or said(fold(message.subject), "automatic.received_subject")
    ticket = _TICKET.search(message.subject)
    robot = _sign_of_robot(case) or (case.author if is_robot(case.author) else None)
    if ticket and robot and (came_in or (_sign_of_robot(case) and not case.is_list)):
        return f"{ticket.group()}; {robot}"
    if came_in and robot:
        return f"{came_in}; {robot}"
    if is_reply(message.subject) or case.context.known_message_ids or case.context.sender_is_candidate:
        return None  # a person's answer may quote our own confirmation
    itself = said(written, "automatic.automatic_text")
    return f"{came_in}; {itself or ticket}" if came_in and (itself or (ticket and not case.mentions)) else None


def _challenge(case: Case) -> str | None:
    """A filter that holds our mail back until somebody clicks: nothing that pli could do, and nothing of a candidate's."""
    message = case.message
    if any(name.startswith(("x-boxbe-", "x-tmda-")) for name, _ in message.headers):
        return "a filter's field"
    if case.carries_cv or case.applies or not (case.body.links or "http" in case.body.written or _sign_of_robot(case)):
        return None
    return said(f"{fold(message.subject)} {fold(case.body.written[:_OPENING])}", "automatic.challenge")
