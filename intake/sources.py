"""The kinds of mailboxes pli can read: one row each."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from intake.eml import open_eml
from intake.imap import open_imap
from intake.maildir import open_maildir
from intake.source import MailboxSettings, MailSource

SOURCES: dict[str, Callable[[MailboxSettings], AbstractContextManager[MailSource]]] = {
    "imap": open_imap,
    "maildir": open_maildir,
    "eml": open_eml,
}


def open_source(mailbox: MailboxSettings) -> AbstractContextManager[MailSource]:
    """Return the source that fits the mailbox; it connects when entered, and may raise SourceError then."""
    kind = "maildir" if mailbox.maildir is not None else "eml" if mailbox.eml is not None else "imap"
    return SOURCES[kind](mailbox)
