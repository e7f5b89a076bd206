"""Named reasons why a mail is not answered by a machine (RFC 3834, 2): one table, every reason looked at.

An acknowledgement is sent only when none holds. The sender's rates, the age of the mail and what the settings say come on top
where the mail is recorded, because a message does not know them.
"""

from __future__ import annotations

from collections.abc import Callable

from parsing.authentication import Authentication
from parsing.case import AUTOMATIC_FIELDS, LIST_FIELDS, Case, says_automatic
from parsing.mail_class import MailClass
from parsing.quotation import is_forward
from parsing.robots import is_robot

_LIST = (*LIST_FIELDS, "list-help", "list-subscribe", "feedback-id")
_REPORTS = ("multipart/report", "message/delivery-status", "message/disposition-notification")

Reason = Callable[[Case, MailClass], bool]


def _robot_author(case: Case, _mail_class: MailClass) -> bool:
    reverse_path = case.message.text("return-path").strip("<> ")
    return any(is_robot(address) for address in (case.author, reverse_path) if "@" in address)


def _automatic(case: Case, _mail_class: MailClass) -> bool:
    submitted = case.message.text("auto-submitted").partition(";")[0].partition("(")[0].strip().lower()
    return submitted not in {"", "no"} or any(says_automatic(case.message, name) for name in AUTOMATIC_FIELDS)


def _suppressed(case: Case, _mail_class: MailClass) -> bool:
    said = {word.strip().lower() for word in case.message.text("x-auto-response-suppress").split(",")}
    return bool(said & {"all", "autoreply", "oof"})


def _rewritten(case: Case, _mail_class: MailClass) -> bool:
    """A list put itself into From: whom it names beside is its word alone."""
    return case.message.addresses("from")[:1] != case.message.authors[:1]


def _not_to_us(case: Case, _mail_class: MailClass) -> bool:
    """Our address must stand in To or Cc: a mail that reached us as a blind copy or by a list is not answered (RFC 3834, 2)."""
    ours = case.context.our_addresses | case.context.recruiters
    return bool(ours) and not case.context.owned(address.addr_spec.lower() for address in case.message.recipients)


REASONS: tuple[tuple[str, Reason], ...] = (
    ("not_an_application", lambda _case, mail_class: mail_class not in {MailClass.APPLICATION, MailClass.FORWARDED_APPLICATION}),
    ("forwarded", lambda _case, mail_class: mail_class is MailClass.FORWARDED_APPLICATION),
    ("forward_unclear", lambda case, _class: is_forward(case.message.subject) and case.body.forward is None and not case.body.own),
    ("no_author", lambda case, _class: not case.author),
    ("several_authors", lambda case, _class: len(case.message.authors) > 1),
    ("rewritten_author", _rewritten),
    ("null_return_path", lambda case, _class: case.message.has("return-path") and case.message.text("return-path").strip() in {"<>", ""}),
    ("robot_author", _robot_author),
    ("auto_submitted", _automatic),
    ("list", lambda case, _class: any(case.message.has(name) for name in _LIST)),
    ("precedence", lambda case, _class: case.message.text("precedence").lower() in {"bulk", "junk", "list", "auto_reply"}),
    ("response_suppressed", _suppressed),
    ("report", lambda case, _class: case.message.media_type.startswith(_REPORTS)),
    ("from_ourselves", lambda case, _class: case.is_ours),
    ("not_to_us", _not_to_us),
    ("authentication_failed", lambda case, _class: case.authentication is Authentication.FAIL),
)
"""Name and test of each reason; `applicant_is_not_author` is added by `parsing/understand.py`, which knows the applicant."""


def refusals(case: Case, mail_class: MailClass) -> tuple[str, ...]:
    """Return the names of all reasons that hold."""
    return tuple(name for name, holds in REASONS if holds(case, mail_class))
