"""The journal of arrivals: what lies where, what is waiting, what is in work and by whom, what failed and why.

A message is journaled (T1) before anything is done with it; an attempt is counted before it begins, so that a message that kills
its reader is set aside after `MAX_ATTEMPTS` and shown to a person.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Engine, func, or_, select, update
from sqlalchemy.orm import Session

from parsing.message import RawMessage, ThreadRefs
from storage.database import insert_once, transaction
from storage.liveness import dead
from storage.tables import CandidateAddress, Mailbox, Message, Outgoing

MAX_ATTEMPTS = 3
NO_CONTENT = hashlib.sha256(b"").hexdigest()
"""Of a message that nobody handed over, or of which nothing may be kept."""
IMPORTED = "(imported)"
"""The folder under which imported messages stand in the journal; no server has one of this name."""
_IMPORTED = "sha256:"
_ENOUGH_SIGNED, _MOST_SIGNERS = 3, 20
_MOST_AT_ONCE = 64 * 2**20
"""Octets of the messages that one worker has in work: what they carry is held in memory."""


class MessageState(StrEnum):
    """Where a message stands."""

    RECEIVED = "received"
    WORKING = "working"
    DONE = "done"
    """Belongs to an application."""
    TRIAGE = "triage"
    """A person must say what it is."""
    FAILED = "failed"
    IGNORED = "ignored"
    """No application; kept in a dedicated mailbox, with its class and reasons."""
    NOT_OURS = "not_ours"
    """Private mail of a personal mailbox: only its position is known."""


@dataclass(frozen=True, slots=True)
class MailboxState:
    """How far a folder of a mailbox has been read."""

    first_contact_at: datetime
    uidvalidity: int | None
    last_uid: int
    """Everything up to here is journaled or gone; 0: nothing yet."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message in our hands."""

    id: int
    mailbox: str
    received_at: datetime
    sha256: str
    attempts: int
    backlog: bool
    owner: str
    size: int = 0
    """Octets."""


def record_contact(session: Session, *, address: str, folder: str, uidvalidity: int | None, now: datetime) -> MailboxState:
    """Note that the folder was opened, and return how far it was read; a new UIDVALIDITY starts from the beginning (RFC 9051, 2.3.1.1)."""
    first = {"address": address, "folder": folder, "first_contact_at": now, "uidvalidity": uidvalidity, "last_uid": 0}
    insert_once(session, Mailbox, first, "address", "folder")  # two programs may open it first, at the same moment
    row = _required(session, address, folder)
    if row.uidvalidity != uidvalidity:
        row.uidvalidity, row.last_uid = uidvalidity, 0
    session.flush()
    return MailboxState(row.first_contact_at, row.uidvalidity, row.last_uid)


def known_positions(session: Session, *, address: str, folder: str, positions: Sequence[str]) -> set[str]:
    """Return those of `positions` that are journaled already.

    What is journaled says by itself what was read; `record_read_up_to` only spares asking.
    """
    mailbox = _mailbox(session, address, folder)
    if mailbox is None or not positions:
        return set()
    found: set[str] = set()
    for start in range(0, len(positions), 500):
        wanted = Message.position.in_(positions[start : start + 500])
        found.update(session.scalars(select(Message.position).where(Message.mailbox_id == mailbox.id, wanted)))
    return found


def record_read_up_to(session: Session, *, address: str, folder: str, began: MailboxState, positions: Sequence[str]) -> None:
    """Note that a pass which began at `began` has read all of `positions`, so that the next one need not ask for them.

    Not when one of them is not journaled, nor when `requeue_failed` turned the mark back meanwhile: then the next pass looks again.
    """
    mailbox = _required(session, address, folder)
    session.refresh(mailbox, with_for_update=True)
    uids = [
        int(uid) for uidvalidity, _, uid in (position.rpartition(":") for position in positions) if uidvalidity == str(began.uidvalidity)
    ]
    unchanged = (mailbox.uidvalidity, mailbox.last_uid) == (began.uidvalidity, began.last_uid)
    if uids and unchanged and set(positions) <= known_positions(session, address=address, folder=folder, positions=positions):
        mailbox.last_uid = max(mailbox.last_uid, *uids)


def record_arrival(
    session: Session,
    raw: RawMessage,
    *,
    folder: str,
    sha256: str,
    backlog: bool,
    now: datetime,
    failure: tuple[str, str] | None = None,
    quiet: bool = False,
) -> int | None:
    """Journal one message at its position (T1); None when it was journaled before.

    `failure` (cause, remedy): it cannot be read at all and goes to a person. After a change of UIDVALIDITY the same octets come
    again under a new position: they are journaled as ignored. `quiet`: nobody is answered because of it, whoever processes it.
    """
    mailbox = _required(session, raw.mailbox, folder)
    same = select(Message.id).where(Message.mailbox_id == mailbox.id, Message.sha256 == sha256, Message.position != raw.position)
    again = session.scalar(same.limit(1)) if raw.content else None
    state, cause, remedy = MessageState.RECEIVED, None, None
    if again is not None:
        state, cause = MessageState.IGNORED, f"the same octets as message {again}"
    elif failure is not None:
        state, (cause, remedy) = MessageState.FAILED, failure
    values = {
        "mailbox_id": mailbox.id,
        "position": raw.position,
        "state": state,
        "cause": cause,
        "remedy": remedy,
        "received_at": raw.received_at,
        "recorded_at": now,
        "sha256": sha256,
        "size": raw.size,
        "backlog": backlog,
        "quiet": quiet,
        "attempts": 0,
        "settled": False,
    }
    return _insert(session, values)


def record_not_ours(session: Session, *, address: str, folder: str, position: str, now: datetime) -> None:
    """Journal that a position of a personal mailbox holds nothing of ours; nothing else of it is kept."""
    mailbox = _required(session, address, folder)
    values = {"mailbox_id": mailbox.id, "position": position, "state": MessageState.NOT_OURS, "recorded_at": now}
    _insert(session, values | {"backlog": False, "attempts": 0, "settled": False})


def imported_position(sha256: str) -> str:
    """Return the position of an imported message, whose octets have this SHA-256: wherever its file lies, it is the same message."""
    return f"{_IMPORTED}{sha256}"


def first_contact(session: Session, address: str) -> datetime | None:
    """Return when any folder of a mailbox was first opened; None when none was."""
    return session.scalar(select(func.min(Mailbox.first_contact_at)).where(Mailbox.address == address))


def unsettled(session: Session, *, address: str, folder: str) -> list[str]:
    """Return the positions whose `after` action is still to be done.

    What never could be read stays where it lies: a person is sent there, and `requeue_failed` has the next pass ask for it there.
    """
    mailbox = _mailbox(session, address, folder)
    if mailbox is None:
        return []
    read = or_(Message.state != MessageState.FAILED, Message.attempts > 0)
    mine = (Message.mailbox_id == mailbox.id, Message.settled.is_(False), Message.state != MessageState.NOT_OURS, read)
    return list(session.scalars(select(Message.position).where(*mine).order_by(Message.id)))


def record_settled(session: Session, *, address: str, folder: str, position: str) -> None:
    """Note that the `after` action of `position` is done."""
    mailbox = _required(session, address, folder)
    session.execute(update(Message).where(Message.mailbox_id == mailbox.id, Message.position == position).values(settled=True))


def claim(engine: Engine, *, owner: str, now: datetime, lease: timedelta, leaving: Collection[int] = ()) -> Claimed | None:
    """Take the oldest waiting message into work; see `claim_some`. None when nothing waits."""
    return next(iter(claim_some(engine, owner=owner, now=now, lease=lease, leaving=leaving, most=1)), None)


def claim_some(
    engine: Engine,
    *,
    owner: str,
    now: datetime,
    lease: timedelta,
    most: int,
    leaving: Collection[int] = (),
    among: Collection[Claimed] = (),
) -> list[Claimed]:
    """Take the oldest waiting messages into work, at most so many, each attempt counted and committed before it is made.

    What was in work before without an end may be what ended the program: it is taken alone, so that it does not use up the attempts of
    its neighbours, and not at all `among` others that are in work still. Large ones are few at a time.
    `leaving`: rows that are left for another time; what failed because of the moment should not use up its attempts in it.
    """
    with transaction(engine) as session:
        oldest = (
            select(Message, Mailbox.address)
            .join(Mailbox, Mailbox.id == Message.mailbox_id)
            .where(Message.state == MessageState.RECEIVED, Message.id.not_in(leaving))
            # mailboxes are collected side by side: the first mail is answered, not the first row; who waits for an answer comes before
            # what is imported and waits for none
            .order_by(Message.quiet, Message.received_at, Message.id)
            .limit(most)
            .with_for_update(of=Message, skip_locked=True)
        )
        taken: list[Claimed] = []
        octets = sum(message.size for message in among)
        for row, address in session.execute(oldest):
            tried, size = row.attempts > 0, row.size or 0
            octets += size
            if row.sha256 is None or row.received_at is None or ((taken or among) and (tried or octets > _MOST_AT_ONCE)):
                break
            row.state, row.owner, row.lease_until, row.attempts = MessageState.WORKING, owner, now + lease, row.attempts + 1
            taken.append(Claimed(row.id, address, row.received_at, row.sha256, row.attempts, row.backlog, owner, size))
            if tried:
                break
        return taken


def release_orphans(engine: Engine, now: datetime) -> int:
    """Give back the messages of dead workers and of lapsed leases; those out of attempts are set aside as failed. Returns how many."""
    with transaction(engine) as session:
        rows = list(session.scalars(select(Message).where(Message.state == MessageState.WORKING).with_for_update(skip_locked=True)))
        gone = dead(engine, {row.owner for row in rows if row.owner})
        orphans = [row for row in rows if row.owner in gone or row.lease_until is None or row.lease_until <= now]
        for row in orphans:
            row.owner = row.lease_until = None
            row.state = MessageState.RECEIVED
            if row.attempts >= MAX_ATTEMPTS:
                row.state = MessageState.FAILED
                row.cause = f"reading it stopped the program {row.attempts} times"
                row.remedy = "open it in the mailbox; `pli retry` tries again"
        return len(orphans)


def is_held(row: Message, message: Claimed) -> bool:
    """Tell whether the row is still in the hands of the attempt that claimed it."""
    return (row.state, row.owner, row.attempts) == (MessageState.WORKING, message.owner, message.attempts)


def record_failure(session: Session, message: Claimed, *, cause: str, remedy: str) -> None:
    """Put the message back in line, or aside when its attempts are used up; cause and remedy are kept either way.

    A message that is no longer ours (our lease lapsed, and another worker took it) is left alone.
    """
    row = session.get_one(Message, message.id, with_for_update=True, populate_existing=True)
    if not is_held(row, message):
        return
    row.cause, row.remedy, row.owner, row.lease_until = cause, remedy, None, None
    row.state = MessageState.FAILED if row.attempts >= MAX_ATTEMPTS else MessageState.RECEIVED


def give_back(session: Session, message: Claimed) -> None:
    """Put a message back in line as if it had not been taken."""
    row = session.get_one(Message, message.id, with_for_update=True, populate_existing=True)
    if is_held(row, message):
        row.state, row.owner, row.lease_until, row.attempts = MessageState.RECEIVED, None, None, row.attempts - 1


def requeue_failed(session: Session) -> int:
    """Put failed messages back in line with fresh attempts; returns how many.

    What never could be read (`failure` in `record_arrival`) is forgotten, so that the next pass asks its mailbox for it again; not what
    was imported, since no pass would.
    """
    back = update(Message).where(Message.state == MessageState.FAILED, Message.attempts > 0)
    back = back.values(state=MessageState.RECEIVED, attempts=0, cause=None, remedy=None)
    count: int = session.execute(back).rowcount  # type: ignore[attr-defined]
    never_read = select(Message).where(
        Message.state == MessageState.FAILED, Message.attempts == 0, Message.position.not_like(f"{_IMPORTED}%")
    )
    for row in session.scalars(never_read):
        mailbox = session.get_one(Mailbox, row.mailbox_id, with_for_update=True, populate_existing=True)
        uidvalidity, _, uid = row.position.rpartition(":")
        if uid.isdecimal() and uidvalidity == str(mailbox.uidvalidity):
            mailbox.last_uid = min(mailbox.last_uid, int(uid) - 1)
        session.delete(row)
        count += 1
    return count


def known(session: Session, refs: ThreadRefs) -> tuple[frozenset[str], bool]:
    """Return which Message-IDs of a thread belong to an application or a mail of ours, and whether the author is a candidate."""
    ids: set[str] = set()
    if refs.message_ids:
        ours = or_(Message.application_id.is_not(None), Message.state == MessageState.DONE)
        ids.update(i for i in session.scalars(select(Message.message_id).where(Message.message_id.in_(refs.message_ids), ours)) if i)
        ids.update(i for i in session.scalars(select(Outgoing.message_id).where(Outgoing.message_id.in_(refs.message_ids))) if i)
    candidate = refs.author is not None and session.get(CandidateAddress, refs.author) is not None
    return frozenset(ids), candidate


def authserv_id(session: Session, address: str) -> str | None:
    """Return whose Authentication-Results were learned to count for this mailbox."""
    return session.scalar(select(Mailbox.authserv_id).where(Mailbox.address == address, Mailbox.authserv_id.is_not(None)).limit(1))


def record_authserv_id(session: Session, address: str, seen: str | None) -> None:
    """Count who signed a message's topmost Authentication-Results (None: nobody), and believe whoever signed most of many.

    One message must not decide it: anybody can write such a field, and where the provider writes none it would be the topmost.
    """
    for mailbox in session.scalars(select(Mailbox).where(Mailbox.address == address).with_for_update()):
        counts = dict(mailbox.authserv_seen or {})
        if (seen or "") in counts or len(counts) < _MOST_SIGNERS:
            counts[seen or ""] = counts.get(seen or "", 0) + 1
        signer, most = max(((name, count) for name, count in counts.items() if name), key=lambda item: item[1], default=("", 0))
        believed = most >= _ENOUGH_SIGNED and 2 * most > sum(counts.values())
        mailbox.authserv_seen, mailbox.authserv_id = counts, signer if believed else None


def _mailbox(session: Session, address: str, folder: str) -> Mailbox | None:
    return session.scalar(select(Mailbox).where(Mailbox.address == address, Mailbox.folder == folder))


def _required(session: Session, address: str, folder: str) -> Mailbox:
    mailbox = _mailbox(session, address, folder)
    if mailbox is None:
        raise LookupError(f"record_contact comes first: {address} {folder}")
    return mailbox


def _insert(session: Session, values: dict[str, object]) -> int | None:
    found: int | None = insert_once(session, Message, values, "mailbox_id", "position")
    return found
