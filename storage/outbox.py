"""What must be said, to whom, once.

A row walks queued -> sending -> data -> sent, each step its own commit. `sending` found after a crash: nothing left us, back to
queued. `data` found after a crash: the receiver may have it (RFC 1047), so the row is unknown; after ten minutes it gets one more
try with the same octets, and after that a person decides.
"""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial

from sqlalchemy import ColumnElement, Engine, bindparam, func, or_, select, true, update
from sqlalchemy.orm import Session, load_only

from storage.database import insert_once, serialise_by, transaction
from storage.history import EventKind, add_event
from storage.liveness import dead
from storage.tables import Application, Base, OfferRow, Outgoing

ACKNOWLEDGEMENT = "acknowledgement"
DIGEST = "digest"

_RETRIES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=60))
_GIVE_UP = {ACKNOWLEDGEMENT: timedelta(hours=24), DIGEST: timedelta(hours=72)}
_CERTAINTY = timedelta(minutes=10)
_IN_HAND = timedelta(minutes=1)
"""When to look again at a cap that mails in other hands may use up."""


# asked for every mail: building a statement costs as much as asking it
_OUTBOX = Base.metadata.tables[Outgoing.__tablename__]
_STILL_OURS = update(_OUTBOX).where(
    _OUTBOX.c.id == bindparam("mine"),
    _OUTBOX.c.token == bindparam("held"),
    _OUTBOX.c.state == "sending",
    _OUTBOX.c.lease_until > bindparam("present"),
)
_WITHOUT_WORDS = (load_only(Application.acknowledged_at, Application.last_contact_at),)
_NEXT = select(Outgoing).where(Outgoing.state == "queued", Outgoing.not_before <= bindparam("present"))
_NEXT = _NEXT.order_by(Outgoing.id).limit(1).with_for_update(skip_locked=True)


class Delivery(StrEnum):
    """Where a mail stands."""

    QUEUED = "queued"
    HELD = "held"
    """A person must release it."""
    SENDING = "sending"
    DATA = "data"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"
    """A person decided that it need not be said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A fact to tell, not yet a text. `key` is unique: the same thing is never said twice."""

    key: str
    kind: str
    recipient: str
    language: str
    application_id: int | None = None
    about_message_id: int | None = None
    """The message that the notice answers."""
    digest_id: int | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A mail in our hands; `token` proves it until the lease lapses."""

    id: int
    notice: Notice
    token: str
    content: bytes | None
    """The frozen octets, when it was composed before."""
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Caps:
    """Limits on acknowledgements; 0 is none."""

    per_hour: int = 60
    per_address_per_day: int = 2
    per_domain_per_10min: int = 0


def enqueue(session: Session, notice: Notice, *, now: datetime, held: str | None = None) -> bool:
    """Put a notice in line (or aside, for the reason `held`); False when its key is there already."""
    state = Delivery.QUEUED if held is None else Delivery.HELD
    values = asdict(notice) | {"state": state, "reason": held, "created_at": now, "not_before": now, "attempts": 0, "resends": 0}
    return insert_once(session, Outgoing, values, "key") is not None


def claim_due(engine: Engine, *, owner: str, now: datetime, caps: Caps, lease: timedelta) -> Due | None:
    """Take the next due mail into our hands (T3), committed before the first SMTP byte; None when nothing is due.

    An acknowledgement over a cap is put off until the cap allows it, and the row says which cap.
    """
    claim = partial(_claim, owner=owner, now=now, caps=caps, lease=lease)
    while True:
        with transaction(engine) as session:
            found = claim(session)
        if not isinstance(found, _PutAside):
            return found


def settle_and_claim(
    engine: Engine, due: Due, *, outcome: Delivery, detail: str, owner: str, now: datetime, caps: Caps, lease: timedelta
) -> Due | None:
    """Record what became of a mail and take the next one, in one transaction (T4 and T3): a drain pays for half of its commits."""
    with transaction(engine) as session:
        serialise_by(session, "outbox")  # before any row, as everybody does
        _settle(session, due, outcome, detail, now)
        session.flush()
        found = _claim(session, owner=owner, now=now, caps=caps, lease=lease)
    return claim_due(engine, owner=owner, now=now, caps=caps, lease=lease) if isinstance(found, _PutAside) else found


class _PutAside:
    """The next in line does not leave now; there may be others."""


def _claim(session: Session, *, owner: str, now: datetime, caps: Caps, lease: timedelta) -> Due | _PutAside | None:
    serialise_by(session, "outbox")  # two workers that count at the same moment would both find room under a cap
    row = session.scalar(_NEXT, {"present": now})
    if row is None:
        return None
    if row.kind == DIGEST:
        if not _is_recruiter(session, row.recipient):
            row.state, row.reason = Delivery.CANCELLED, "no ad names them any more"
            return _PutAside()
        if row.given_at is None:  # nobody has seen it: what it may tell is looked up again, their ads may have changed
            row.content = None
    over = _over_cap(session, row, now, caps) if row.kind == ACKNOWLEDGEMENT else None
    if over is not None:
        row.not_before, row.reason = over
        return _PutAside()
    row.state, row.owner, row.token = Delivery.SENDING, owner, secrets.token_hex(8)
    row.lease_until, row.attempts, row.reason = now + lease, row.attempts + 1, None
    row.first_tried_at = row.first_tried_at or now
    notice = Notice(
        key=row.key, kind=row.kind, recipient=row.recipient, language=row.language,
        application_id=row.application_id, about_message_id=row.about_message_id, digest_id=row.digest_id,
    )  # fmt: skip
    return Due(row.id, notice, row.token, row.content, row.created_at)


def record_data(engine: Engine, due: Due, now: datetime, *, frozen: tuple[str, bytes] | None = None) -> bool:
    """Note, just before the final dot, that from now on the outcome is the receiver's; False: the mail is no longer ours to send.

    `frozen`: Message-ID and octets of a mail that was composed just now. They are kept in the same commit, so that every retry of what
    somebody may have is the same mail.
    """
    values: dict[str, object] = {"state": Delivery.DATA, "given_at": now}
    if frozen is not None:
        values |= {"message_id": frozen[0], "content": frozen[1]}
    with transaction(engine) as session:
        done = session.execute(_STILL_OURS.values(values), {"mine": due.id, "held": due.token, "present": now})
        return bool(done.rowcount)  # type: ignore[attr-defined]


def settle(engine: Engine, due: Due, *, outcome: Delivery, detail: str, now: datetime) -> None:
    """Record what became of the mail (T4); QUEUED means "later", with growing pauses, and in the end FAILED.

    The server's word counts even when the row was taken for an orphan meanwhile: what is known to be sent is never sent again.
    """
    with transaction(engine) as session:
        _settle(session, due, outcome, detail, now)


def _settle(session: Session, due: Due, outcome: Delivery, detail: str, now: datetime) -> None:
    row = session.get_one(Outgoing, due.id, with_for_update=True, populate_existing=True)
    orphaned = row.state not in {Delivery.SENDING, Delivery.DATA}
    if row.token != due.token or (orphaned and outcome not in {Delivery.SENT, Delivery.FAILED}):
        return
    row.state, row.reason, row.owner, row.token, row.lease_until = outcome, detail or None, None, None, None
    if outcome is Delivery.SENT:
        row.sent_at = now
        _record_acknowledged(session, row, now)
    elif outcome is Delivery.UNKNOWN:
        row.not_before = now + _CERTAINTY
    elif outcome is Delivery.QUEUED:
        row.given_at = None
        row.not_before = now + _RETRIES[min(row.attempts, len(_RETRIES)) - 1]
        if row.not_before - (row.first_tried_at or now) > _GIVE_UP.get(row.kind, timedelta(hours=72)):
            row.state = Delivery.FAILED


def put_back(engine: Engine, due: Due, *, reason: str, until: datetime) -> None:
    """Put a mail back as if it had not been tried, until a moment: the account was in trouble, not the mail."""
    with transaction(engine) as session:
        row = session.get_one(Outgoing, due.id, with_for_update=True, populate_existing=True)
        if row.token != due.token or row.state != Delivery.SENDING:
            return
        row.state, row.reason, row.not_before, row.attempts = Delivery.QUEUED, reason, until, row.attempts - 1
        row.owner = row.token = row.lease_until = None
        if not row.attempts:
            row.first_tried_at = None


def release_orphans(engine: Engine, now: datetime) -> int:
    """Give back the mails of dead workers and of lapsed leases; returns how many."""
    with transaction(engine) as session:
        in_hand = select(Outgoing).where(Outgoing.state.in_([Delivery.SENDING, Delivery.DATA])).with_for_update(skip_locked=True)
        rows = list(session.scalars(in_hand))
        gone = dead(engine, {row.owner for row in rows if row.owner})
        orphans = [row for row in rows if row.owner in gone or row.lease_until is None or row.lease_until <= now]
        for row in orphans:
            if row.state == Delivery.DATA:
                row.state, row.not_before, row.reason = Delivery.UNKNOWN, now + _CERTAINTY, "interrupted while the server took it"
            else:
                row.state, row.token = Delivery.QUEUED, None
            row.owner = row.lease_until = None
        return len(orphans)


def resolve_unknown(engine: Engine, now: datetime) -> int:
    """Put mails of unknown outcome back in line, once each, when ten minutes brought no certainty; returns how many."""
    with transaction(engine) as session:
        ripe = update(Outgoing).where(Outgoing.state == Delivery.UNKNOWN, Outgoing.resends == 0, Outgoing.not_before <= now)
        return session.execute(ripe.values(state=Delivery.QUEUED, resends=1)).rowcount  # type: ignore[attr-defined, no-any-return]


def requeue(session: Session, *, now: datetime) -> int:
    """Put failed mails back in line, and let those that wait for their next try go now, by a person's decision.

    Returns how many. The caps still hold: a mail over one waits again when its turn comes. Mails of unknown outcome may have arrived,
    so each is a decision of its own (`storage/triage.py`).
    """
    waiting = update(Outgoing).where(Outgoing.state == Delivery.QUEUED, Outgoing.not_before > now).values(not_before=now)
    back = update(Outgoing).where(Outgoing.state == Delivery.FAILED)
    back = back.values(state=Delivery.QUEUED, attempts=0, first_tried_at=None, not_before=now, created_at=now)
    return sum(session.execute(statement).rowcount for statement in (waiting, back))  # type: ignore[attr-defined]


def is_stuck() -> ColumnElement[bool]:
    """Return the condition for mails that a person may want to decide on."""
    over_cap = (Outgoing.state == Delivery.QUEUED) & Outgoing.reason.like("max_per_%")
    return or_(Outgoing.state.in_([Delivery.HELD, Delivery.FAILED, Delivery.UNKNOWN]), over_cap)


def _record_acknowledged(session: Session, row: Outgoing, now: datetime) -> None:
    if row.kind != ACKNOWLEDGEMENT or row.application_id is None:
        return
    application = session.get_one(Application, row.application_id, options=_WITHOUT_WORDS)
    application.acknowledged_at, application.last_contact_at = now, now
    add_event(session, application, EventKind.ACKNOWLEDGED, now, "pli", data={"recipient": row.recipient})


def _is_recruiter(session: Session, address: str) -> bool:
    return any(address in named for named in session.scalars(select(OfferRow.recruiters)))


def _over_cap(session: Session, row: Outgoing, now: datetime, caps: Caps) -> tuple[datetime, str] | None:
    """Return until when a mail must wait, and for which cap; those that others have in hand count too, and may still fail."""
    address = func.lower(Outgoing.recipient)
    domain = "@" + row.recipient.lower().rpartition("@")[2]
    for cap, window, name, mine in (
        (caps.per_hour, timedelta(hours=1), "max_per_hour", true()),
        (caps.per_address_per_day, timedelta(days=1), "max_per_address_per_day", address == row.recipient.lower()),
        (caps.per_domain_per_10min, timedelta(minutes=10), "max_per_domain_per_10min", address.endswith(domain, autoescape=True)),
    ):
        if not cap:
            continue
        others = (Outgoing.kind == ACKNOWLEDGEMENT, Outgoing.id != row.id, mine)
        moments = select(Outgoing.given_at).where(Outgoing.given_at > now - window, *others).order_by(Outgoing.given_at)
        given = list(session.scalars(moments))
        if len(given) >= cap:
            return (given[-cap] or now) + window, name
        if len(given) + _count_in_hand(session, *others) >= cap:
            return now + _IN_HAND, name
    return None


def _count_in_hand(session: Session, *others: ColumnElement[bool]) -> int:
    in_hand = (Outgoing.state == Delivery.SENDING, Outgoing.given_at.is_(None))
    return session.scalar(select(func.count(Outgoing.id)).where(*in_hand, *others)) or 0
