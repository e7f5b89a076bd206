"""The pure pipeline from a raw message to everything pli understands of it; what `pli inspect` shows.

Runs in a child process with limits (`intake/workers.py`), because both mails and documents are hostile.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from parsing.attachment import Attachment
from parsing.classify import Verdict
from parsing.message import Address
from parsing.profile import Profile
from parsing.routing import Route


@dataclass(frozen=True, slots=True)
class Applicant:
    """Whose application a message carries; not its author when it was forwarded."""

    name: str | None
    email: str | None
    """Lower case."""
    name_is_sure: bool = False
    """True: it may stand in a greeting."""


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
    route: Route = Route()
    applicant: Applicant | None = None
    language: str = "fr"
    """Language the author wrote in, `fr` or `en`; the offer's when there is too little text."""
    body: str = ""
    """What the author wrote: no quotation, no signature delimiter block, no forward header; at most 20,000 characters."""
    attachments: tuple[Attachment, ...] = ()
    profile: Profile = Profile()
    """Read from the best CV and completed from body and From."""
    content_key: str = ""
    """SHA-256 over author, Message-ID, Date and the decoded body and attachments: equal for copies in two mailboxes."""
    bounced: tuple[str, ...] = ()
    """Message-IDs of our own mails that a bounce returns."""
    problems: tuple[str, ...] = ()
    """Codes, those of the documents included."""
