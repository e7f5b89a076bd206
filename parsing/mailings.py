"""The rule for lists and newsletters (RFC 2369, RFC 2919, RFC 8058), and for who applies through one.

A group of recruiters is a list too: whatever is written to it bears the fields of lists, applications above all. Called through the table
in `parsing/rules.py`.
"""

from __future__ import annotations

import re

from parsing.case import LIST_FIELDS, Case
from parsing.evidence import find, plain
from parsing.machine_words import fold, said
from parsing.quotation import is_reply
from parsing.robots import is_for_applications, is_robot

_LETTERS = ("owner-", "newsletter@", "news@", "lettre@")
_OF_LISTS = ("x-google-group-id", "x-mailman-version", "x-beenthere", "x-ml-name", "x-listmonk-campaign", "x-mailin-campaign", "x-mc-user")
_CAMPAIGN = (
    "list-unsubscribe-post", "feedback-id", "x-campaign", "x-campaignid", "x-campaign-id", "x-mailin-client", "x-sib-id", "x-mj-mid",
    "x-mj-smtpguid", "x-csa-complaints", "x-mailer-recptid", "x-newsletter",
)  # fmt: skip
"""Fields of services that send circulars, and other mails as well."""
_FOOTER = re.compile(
    r"/mailman/listinfo/|/mailman3/|groups\.google\.com/|/groups\.io/|/wws/info/|/sympa/|^_{30,}\n.{0,80}mailing list",
    re.IGNORECASE | re.MULTILINE,
)
_BRACKETED = re.compile(r"\s*(?:re:\s*)?\[[\w .-]{3,30}\]", re.IGNORECASE)
_LINK = re.compile(r"https?://")


def mailing(case: Case) -> str | None:
    """A list or newsletter, unless somebody applies through it."""
    if case.is_full or _applies_through_a_list(case):
        return None
    return _by_field(case) or (None if case.mentions else _by_text(case))


def _by_field(case: Case) -> str | None:
    """The fields that only lists write, and the addresses they write from."""
    message = case.message
    if field := next((name for name in (*LIST_FIELDS, *_OF_LISTS) if message.has(name)), None):
        return field
    precedence = message.text("precedence").lower()
    if precedence in {"bulk", "list", "junk"}:
        return f"Precedence: {precedence}"
    sender = message.text("sender")
    if case.author.startswith(_LETTERS) or sender.lower().startswith("owner-"):
        return case.author
    return sender if sender and not case.evidence.pieces and _BRACKETED.match(message.subject) else None


def _by_text(case: Case) -> str | None:
    """What lists write below a text, where the one who wrote it says nothing of an offer."""
    message, written = case.message, case.body.written
    if message.has("x-loop") and not case.evidence.pieces:
        return "x-loop"
    if find(plain(f"{message.subject} {written[:2000]}"), "spam"):
        return None  # who writes such things also writes how to be rid of them
    links = bool(case.body.links) or bool(_LINK.search(written))
    campaign = next((name for name in _CAMPAIGN if message.has(name)), None)
    if campaign and links and not (case.speaks_of_work or is_reply(message.subject) or message.references):
        return campaign
    if footer := _FOOTER.search(written[-1500:]):
        return footer.group().strip()[:80]
    return said(fold(written[-1500:]), "mailing.unsubscribe") if links else None


def _applies_through_a_list(case: Case) -> bool:
    """Tell whether an address of ours that is a list brought an application, or a job board says in a circular that somebody applied.

    Groups put the fields of lists on every mail to them, and a group for applications need not be an address that we know.
    """
    recipients = {address.addr_spec.lower() for address in case.message.recipients}
    to_us = bool(case.context.owned(recipients))
    if case.author.startswith(_LETTERS):
        return False
    notice = case.hands_on
    if to_us:
        return (case.evidence.has("phrase") and not notice) or (case.evidence.has("title") and notice)
    circular = is_robot(case.author) or any(case.message.has(name) for name in _CAMPAIGN)
    if case.context.personal or circular or notice or is_reply(case.message.subject):
        return False
    meant = any(is_for_applications(name) for name in (*recipients, case.message.text("list-id")))
    return case.evidence.has("phrase") and (meant or case.evidence.has("subject_applies"))
