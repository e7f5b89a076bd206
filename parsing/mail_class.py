"""The classes of mail, as `pli inspect` names them."""

from __future__ import annotations

from enum import StrEnum


class MailClass(StrEnum):
    """What a mail is. `recruiter_command` is kept for answers to the digest, which no rule reads yet."""

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
