"""The way into a mailbox, for passes and for watching: a refused log-in is not repeated for a while, a good connection may be kept.

An account that is tried with a wrong password each minute gets locked, for its owner as well. So after a refusal there is one try in 15
minutes, whatever program makes it (the refusal is kept in the database), and at once when host, username or password were changed.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime, timedelta

from sqlalchemy import Engine

from intake.imap import ImapSource
from intake.source import LogInRefusedError, MailboxSettings, MailSource, SourceError
from intake.sources import open_source
from storage.database import reading, transaction
from storage.logins import forget_refusal, record_refusal, refusal

PAUSE = timedelta(minutes=15)
"""After a refused log-in."""
_KEPT_SECONDS = 15.0
"""How long a kept connection may take to answer: one that a router forgot never does, and a new one is quickly made."""

log = logging.getLogger("pli.intake")


class Access:
    """The mailboxes' doors. With `keep`, the connection of a pass stays open for the next one; `close` ends them all."""

    def __init__(self, engine: Engine, now: Callable[[], datetime], *, keep: bool = False) -> None:
        self._engine, self._now, self._keep = engine, now, keep
        self._doors: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._kept: dict[tuple[str, str], tuple[ImapSource, ExitStack]] = {}

    @contextmanager
    def open(self, mailbox: MailboxSettings, *, pausing: bool = True, lasting: bool = False) -> Iterator[MailSource]:
        """Open a mailbox read-only, over the kept connection where there is one. Raises SourceError.

        `pausing`: stay away while the account is left alone. `lasting`: the caller keeps it open by itself, so nothing is kept or reused.
        """
        keep, key = self._keep and not lasting, (mailbox.address, mailbox.folder)
        source, closing = (self._renewed(key) if keep else None) or self._opened(mailbox, pausing=pausing)
        with closing:  # after an error it is hung up, and never kept
            yield source
            if keep and isinstance(source, ImapSource):
                self._kept[key] = source, closing.pop_all()

    def close(self) -> None:
        """Log out everywhere."""
        while self._kept:
            self._kept.popitem()[1][1].close()

    def _renewed(self, key: tuple[str, str]) -> tuple[MailSource, ExitStack] | None:
        """Return the kept connection when it still answers; whoever has it is its only user."""
        if (kept := self._kept.pop(key, None)) is None:
            return None
        source, closing = kept
        try:
            with closing:
                source.renew(_KEPT_SECONDS)
                return source, closing.pop_all()
        except SourceError:  # cut or closed between two passes, or the folder is gone: a new connection tells
            return None

    def _opened(self, mailbox: MailboxSettings, *, pausing: bool) -> tuple[MailSource, ExitStack]:
        with self._doors[mailbox.address], ExitStack() as stack:  # a pass and a watcher must not both try what is refused
            refused = self._refused(mailbox)
            if pausing and refused is not None and self._now() < (until := refused + PAUSE):
                raise SourceError(f"{_refused_at(mailbox, refused)}; {_next_try(until)}")
            try:
                source = stack.enter_context(open_source(mailbox))
            except LogInRefusedError as error:
                now = self._now()
                with transaction(self._engine) as session:
                    record_refusal(session, mailbox.address, account=_account(mailbox, secrets.token_hex(8)), now=now)
                raise LogInRefusedError(f"{error}; {_next_try(now + PAUSE)}") from None
            if refused is not None:
                with transaction(self._engine) as session:
                    forget_refusal(session, mailbox.address)
            return source, stack.pop_all()

    def _refused(self, mailbox: MailboxSettings) -> datetime | None:
        """Return when the log-in was refused that would be tried again now."""
        if mailbox.host is None:
            return None
        with reading(self._engine) as session:
            last = refusal(session, mailbox.address)
        if last is None or _account(mailbox, last.account.partition(":")[0]) != last.account:
            return None
        return last.refused_at


def _account(mailbox: MailboxSettings, salt: str) -> str:
    """Return what tells whether the account was changed: too short (16 bits) for anybody to find a password out by it."""
    secret = ""
    with suppress(Exception):  # it cannot be had: connecting says so
        secret = mailbox.log_in_mark()
    tried = "\0".join((mailbox.host or "", str(mailbox.port), mailbox.username or "", secret))
    return f"{salt}:{hashlib.scrypt(tried.encode(), salt=salt.encode(), n=2**12, r=8, p=1, dklen=2).hex()}"


def _refused_at(mailbox: MailboxSettings, moment: datetime) -> str:
    who = mailbox.username or mailbox.address
    where = f"{mailbox.address} at {mailbox.host}:{mailbox.port}"
    tokens = f"username and [mailbox.oauth2], or run `pli authorize {who}`"
    what = tokens if mailbox.uses_tokens else "username and password_file in [[mailbox]]"
    return f"{where}: the log-in of {who} was refused at {_clock(moment)}; check {what}"


def _next_try(until: datetime) -> str:
    return f"the next try comes at {_clock(until)}, or at once when they are changed; `pli doctor` tries at any time"


def _clock(moment: datetime) -> str:
    return moment.astimezone().strftime("%H:%M %Z")  # whose clock a server shows is not known to everybody
