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
from storage.logins import Refusal, forget_refusals, record_refusal, refusals

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
        with self._doors[_door(mailbox)], ExitStack() as stack:  # a pass and a watcher must not both try what is refused
            refused = self._refused(mailbox)
            last = max((refusal.refused_at for refusal in refused), default=None)
            if pausing and last is not None and self._now() < (until := last + PAUSE):
                raise SourceError(f"{_refused_at(mailbox, last)}; {_next_try(until)}")
            try:
                source = stack.enter_context(open_source(mailbox))
            except LogInRefusedError as error:
                now = self._now()
                with transaction(self._engine) as session:
                    record_refusal(session, mailbox.address, account=_account(mailbox, secrets.token_hex(8)), now=now)
                raise LogInRefusedError(f"{error}; {_next_try(now + PAUSE)}") from None
            if refused:
                with transaction(self._engine) as session:
                    forget_refusals(session, refused)
            return source, stack.pop_all()

    def _refused(self, mailbox: MailboxSettings) -> list[Refusal]:
        """Return where the log-in was refused that would be tried again now: two mailboxes may be read with one account."""
        if mailbox.host is None:
            return []
        with reading(self._engine) as session:
            known = refusals(session)
        return [refusal for refusal in known if _account(mailbox, refusal.account.partition(":")[0]) == refusal.account]


def _door(mailbox: MailboxSettings) -> str:
    """Return what is tried by one at a time: the account."""
    return f"{mailbox.username or mailbox.address} {mailbox.host}:{mailbox.port}"


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
