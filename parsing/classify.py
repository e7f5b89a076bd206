"""What a mail is, and why: one ordered table of rules (`RULES`), walked from the top."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class MailClass(StrEnum):
    """The classes of `pli inspect`."""

    APPLICATION = "application"
    REPLY = "reply"
    FORWARDED_APPLICATION = "forwarded_application"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    LIST_OR_NEWSLETTER = "list_or_newsletter"
    CALENDAR = "calendar"
    RECRUITER_COMMAND = "recruiter_command"
    INTERNAL = "internal"
    SPAM = "spam"
    OTHER = "other"
    UNSURE = "unsure"


class Authentication(StrEnum):
    """What our own provider says about the author's domain (RFC 8601); NONE when it says nothing."""

    PASS = "pass"
    FAIL = "fail"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The class of a message, with everything that led to it."""

    mail_class: MailClass
    reasons: tuple[str, ...]
    """Rules that hit, with the words found: `rule-name: evidence`."""
    misses: tuple[str, ...] = ()
    """Names of the rules asked before, which did not hit."""
    refusals: tuple[str, ...] = ()
    """Named reasons not to answer automatically (RFC 3834, 2); stable codes such as `auto_submitted`."""
    authentication: Authentication = Authentication.NONE

    @property
    def auto_reply_allowed(self) -> bool:
        """True when nothing in the message itself forbids an acknowledgement."""
        return not self.refusals
