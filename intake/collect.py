"""From a mailbox to the journal (T1): each message is kept and committed before anything else is done with it.

In a personal mailbox the order is turned round: what is no application leaves nothing behind but its position, and of what header and
structure tell it (`parsing/glance.py`) the body is not even fetched.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from threading import Event

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from intake.access import Access
from intake.reading import Company, House, context_of, read_message
from intake.source import MAX_MESSAGE, MailboxSettings, MailSource, SourceError
from intake.workers import WorkerError, WorkerKilledError, Workers
from parsing.authentication import find_authserv_id
from parsing.classify import MailClass
from parsing.context import Context
from parsing.glance import Leaf, glance
from parsing.message import RawMessage
from parsing.outlook import find_time, is_outlook
from parsing.understand import Understanding
from storage.blobs import BlobStore
from storage.database import StorageError, reading, transaction
from storage.messages import (
    MailboxState,
    known_positions,
    record_arrival,
    record_authserv_id,
    record_contact,
    record_not_ours,
    record_read_up_to,
    record_settled,
    unsettled,
)
from storage.offers import offers

log = logging.getLogger("pli.intake")

_REMEDY = "open it in {mailbox}, or let `pli retry` ask for it again"
_NO_OFFERS = (
    "{mailbox}: not read, for without an ad nobody can tell applications from private mail, and what is private is passed over for good; "
    "put an ad into the offers folder"
)
_FOR_A_PERSON = ("several:", "handed_on", "marked:", "sealed:")
"""Rules that find applications of which only a person can say whose they are, or whether they are any."""
_APPLICATIONS = frozenset({MailClass.APPLICATION, MailClass.FORWARDED_APPLICATION})
_PLAINLY_NOT_OURS = frozenset({MailClass.LIST_OR_NEWSLETTER, MailClass.AUTO_REPLY, MailClass.CALENDAR, MailClass.INTERNAL, MailClass.SPAM})


@dataclass(frozen=True, slots=True)
class Collected:
    """What a pass over one mailbox brought."""

    address: str
    fetched: int = 0
    left_alone: int = 0
    """Messages of a personal mailbox that are none of ours."""
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """What collecting needs beside the mailbox."""

    engine: Engine
    store: BlobStore
    workers: Workers
    house: House
    now: Callable[[], datetime]
    stop: Event
    access: Access | None = None
    """None: each pass opens its mailboxes anew."""


def collect(mailbox: MailboxSettings, desk: Desk) -> Collected:
    """Journal everything new in one mailbox; trouble with the mailbox is told in the result, other mailboxes go on."""
    fetched = left_alone = 0
    if mailbox.kind == "personal" and not _knows_offers(desk):
        return Collected(mailbox.address, error=_NO_OFFERS.format(mailbox=mailbox.address))
    seen = _Seen(mailbox, desk)
    try:
        access = desk.access or Access(desk.engine, desk.now)
        with access.open(mailbox) as source:
            state = _contact(mailbox, source, desk)
            for raw in source.fetch(state.last_uid, seen.known, seen.look if mailbox.kind == "personal" else None):
                ours = _take(mailbox, state, raw, desk, seen.company)
                fetched, left_alone = fetched + 1, left_alone + (not ours)
                if desk.stop.is_set():
                    break
            else:
                _read_up_to(mailbox, state, seen.positions, desk)
            _settle(mailbox, source, desk)
    except _StoppedError:
        log.info("stopped in the middle of a message; the next pass reads it again", extra={"action": "collect_stopped"})
    except SourceError as error:
        return Collected(mailbox.address, fetched + seen.passed_over, left_alone + seen.passed_over, str(error))
    except (StorageError, DBAPIError):
        raise  # every mailbox's trouble
    except Exception as error:  # noqa: BLE001 - one mailbox must not hold up the others, whatever it holds
        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(frame.filename).name}:{frame.lineno}"
        told = f"{mailbox.address}: unexpected {type(error).__name__} at {place}; what was fetched is kept, the next pass tries again"
        return Collected(mailbox.address, fetched + seen.passed_over, left_alone + seen.passed_over, told)
    return Collected(mailbox.address, fetched + seen.passed_over, left_alone + seen.passed_over)


def _knows_offers(desk: Desk) -> bool:
    with reading(desk.engine) as session:
        return bool(offers(session))


def _contact(mailbox: MailboxSettings, source: MailSource, desk: Desk) -> MailboxState:
    with transaction(desk.engine) as session:
        return record_contact(session, address=mailbox.address, folder=mailbox.folder, uidvalidity=source.uidvalidity, now=desk.now())


class _Seen:
    """What a source asks while it is read: which positions are known, and whether a body is wanted; and what it was told."""

    def __init__(self, mailbox: MailboxSettings, desk: Desk) -> None:
        self._mailbox, self._desk = mailbox, desk
        self.company = Company()
        self.positions: list[str] = []
        self.passed_over = 0

    def known(self, positions: Sequence[str]) -> set[str]:
        """Return which of the positions are journaled."""
        self.positions += positions
        with reading(self._desk.engine) as session:
            return known_positions(session, address=self._mailbox.address, folder=self._mailbox.folder, positions=positions)

    def look(self, position: str, header: bytes, leaves: tuple[Leaf, ...]) -> bool:
        """Tell whether the body of a message of a personal mailbox is wanted; if not, note that it is none of ours."""
        desk, mailbox = self._desk, self._mailbox
        if desk.stop.is_set():
            raise _StoppedError  # a mailbox that holds nothing but private mail would go on for long
        try:
            context = context_of(desk.engine, desk.workers, header, mailbox.address, desk.house, desk.now().date(), self.company)
            if desk.workers.run(glance, header, leaves, mailbox.address, context).read:
                return True
        except WorkerError:
            return True  # with its body it goes the way of all that cannot be read
        _leave_alone(mailbox, position, desk)
        self.passed_over += 1
        return False


def _read_up_to(mailbox: MailboxSettings, began: MailboxState, positions: Sequence[str], desk: Desk) -> None:
    if positions:
        with transaction(desk.engine) as session:
            record_read_up_to(session, address=mailbox.address, folder=mailbox.folder, began=began, positions=positions)


def _leave_alone(mailbox: MailboxSettings, position: str, desk: Desk) -> None:
    with transaction(desk.engine) as session:
        record_not_ours(session, address=mailbox.address, folder=mailbox.folder, position=position, now=desk.now())


def _take(mailbox: MailboxSettings, state: MailboxState, raw: RawMessage, desk: Desk, company: Company) -> bool:
    """Journal one message; False when it is private mail."""
    raw = dated(raw, desk)
    failure = failure_of(raw)
    if mailbox.kind == "personal" and raw.content:
        try:
            ours = is_ours(raw, desk, company)
        except WorkerError as error:
            if desk.stop.is_set():
                raise _StoppedError from error
            ours, failure = True, (str(error), _REMEDY.format(mailbox=raw.mailbox))
        if failure is not None:  # nobody could tell whether it is private: nothing of it is kept, and a person is told where it lies
            raw = replace(raw, content=b"")
    else:
        ours = True
    if not ours:
        _leave_alone(mailbox, raw.position, desk)
        return False
    sha256 = desk.store.put(raw.content)
    # INTERNALDATE has whole seconds: what came in the second of the first contact is not older than it
    backlog = raw.received_at < state.first_contact_at.replace(microsecond=0)
    with transaction(desk.engine) as session:
        record_arrival(session, raw, folder=mailbox.folder, sha256=sha256, backlog=backlog, now=desk.now(), failure=failure)
        if raw.content:
            record_authserv_id(session, mailbox.address, find_authserv_id(raw.content))
    return True


def dated(raw: RawMessage, desk: Desk) -> RawMessage:
    """Return an Outlook file with the time it was delivered, which no header says; a file's own time may be that of its saving."""
    if not is_outlook(raw.content):
        return raw
    try:
        said = desk.workers.run(find_time, raw.content)
    except WorkerError:
        return raw  # reading it tells what is wrong
    return replace(raw, received_at=min(raw.received_at, said)) if said else raw


def failure_of(raw: RawMessage) -> tuple[str, str] | None:
    """Return cause and remedy when a message cannot be read at all."""
    if raw.too_large:
        return f"it is larger than pli reads ({raw.size // 2**20} MB, the limit is {MAX_MESSAGE // 2**20} MB)", f"open it in {raw.mailbox}"
    if not raw.content:
        return raw.trouble or "the server did not hand it over", _REMEDY.format(mailbox=raw.mailbox)
    return None


class _StoppedError(Exception):
    """The program is being stopped and took the reader with it; the message was not read, and is not journaled."""


def is_ours(raw: RawMessage, desk: Desk, company: Company) -> bool:
    """Tell whether a message of a personal mailbox may be kept, or a person must be told of its place. Raises WorkerError.

    One that may is added to `company`.
    """
    context = replace(
        context_of(desk.engine, desk.workers, raw.content, raw.mailbox, desk.house, desk.now().date(), company), personal=True
    )
    facts = read_message(desk.workers, raw.content, context, desk.stop)
    ours = _is_ours(raw, facts, context)
    if ours:
        company.add(facts)
    return ours


def _is_ours(raw: RawMessage, facts: Understanding, context: Context) -> bool:
    mail_class, reason = facts.verdict.mail_class, next(iter(facts.verdict.reasons), "")
    if mail_class in _PLAINLY_NOT_OURS or raw.too_large:
        return mail_class not in _PLAINLY_NOT_OURS  # of what is too large only the header was read: a person looks
    if mail_class in _APPLICATIONS or reason.startswith(_FOR_A_PERSON):
        return True
    if "timeout" in facts.problems:
        raise WorkerKilledError("one of its documents stopped the reader")
    if mail_class is MailClass.BOUNCE:
        return bool(set(facts.bounced) & context.known_message_ids)
    known_thread = bool(context.known_message_ids) or context.sender_is_candidate
    return known_thread and mail_class in {MailClass.REPLY, MailClass.UNSURE}


def _settle(mailbox: MailboxSettings, source: MailSource, desk: Desk) -> None:
    """Do what `after` asks for, only with what is committed; a crash in between is made good at the next pass."""
    if mailbox.after == "leave":
        return
    with reading(desk.engine) as session:
        positions = unsettled(session, address=mailbox.address, folder=mailbox.folder)
    for position in positions:
        source.settle(position)
        with transaction(desk.engine) as session:
            record_settled(session, address=mailbox.address, folder=mailbox.folder, position=position)
