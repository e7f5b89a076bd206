"""The drain: every mail that is due leaves once, and what became of it is written down.

A row walks queued -> sending -> data -> sent, each step its own commit. `data` is committed just before the final dot, together with a
look at whether the row is still ours (the fence): so whatever kills us before it has sent nothing, and whatever kills us after it
is `unknown` and not simply sent again (RFC 1047; `storage/outbox.py` says what follows).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from jinja2 import TemplateError
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from notifications import acknowledgement, digest
from notifications.clean import mailable_address
from notifications.notices import ComposeError, Draft, House, build, message_id
from notifications.smtp import Outcome, Result, SmtpError
from storage import outbox
from storage.database import reading
from storage.outbox import Caps, Delivery, Due, Notice

log = logging.getLogger("pli.notifications")

LEASE = timedelta(minutes=15)
"""Longer than a whole conversation with the longest wait for the final answer (10 min, RFC 5321, 4.5.3.2.6)."""

_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=1), timedelta(minutes=15)

_TRIES_TO_SETTLE = 6
"""Each waits as long as the database's own time-out (10 s on SQLite)."""

Composer = Callable[[Session, Notice, House], Draft]

COMPOSERS: dict[str, Composer] = {
    outbox.ACKNOWLEDGEMENT: acknowledgement.compose,
    outbox.DIGEST: digest.compose,
}
"""Adding a kind of mail is a row here and a template in each language."""

_DELIVERY = {
    Result.SENT: Delivery.SENT,
    Result.TEMPORARY: Delivery.QUEUED,
    Result.PERMANENT: Delivery.FAILED,
    Result.UNKNOWN: Delivery.UNKNOWN,
}


class Transport(Protocol):
    """What gives mails away: `smtp.SmtpTransport`."""

    def send(self, content: bytes, *, sender: str, recipient: str, before_final_dot: Callable[[], bool]) -> Outcome:
        """Give one mail away; raises SmtpError when the account or the server is in trouble."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one drain did."""

    sent: int = 0
    deferred: int = 0
    """Not taken now; in line again."""
    failed: int = 0
    """Refused for good, or not fit to be sent: a person sees them in triage."""
    unknown: int = 0
    error: str | None = None
    """Why the drain stopped early (our account or the server), for a person."""

    def __add__(self, other: Delivered) -> Delivered:
        """Return both together."""
        return Delivered(
            self.sent + other.sent,
            self.deferred + other.deferred,
            self.failed + other.failed,
            self.unknown + other.unknown,
            self.error or other.error,
        )


class Pause:
    """How long to leave an account alone that is in trouble: a log-in that is tried on and on gets it locked."""

    def __init__(self) -> None:
        self._until: datetime | None = None
        self._length = _FIRST_PAUSE

    def holds(self, now: datetime) -> bool:
        """Tell whether it is too early for another try."""
        return self._until is not None and now < self._until

    def begin(self, now: datetime) -> datetime:
        """Start a pause, twice as long as the one before, and return its end."""
        self._until, self._length = now + self._length, min(2 * self._length, _LONGEST_PAUSE)
        return self._until

    def end(self) -> None:
        """Forget the trouble."""
        self._until, self._length = None, _FIRST_PAUSE


@dataclass(frozen=True, slots=True)
class PostOffice:
    """What delivering needs."""

    engine: Engine
    house: House
    caps: Caps
    transport: Callable[[], AbstractContextManager[Transport]]
    now: Callable[[], datetime]
    """The aware present."""
    stop: threading.Event
    """Set: finish the mail in hand and leave the rest for later."""
    pause: Pause = field(default_factory=Pause)


def recover(engine: Engine, now: datetime) -> int:
    """Take over the mails of dead workers, and give unknown ones their one more try when it is time; returns how many."""
    return outbox.release_orphans(engine, now) + outbox.resolve_unknown(engine, now)


def deliver_due(office: PostOffice, *, owner: str, more: Callable[[], bool] | None = None) -> Delivered:
    """Give away all mail that is due over one connection, until nothing is due or the account itself is in trouble.

    `more` waits until something else may be due, and tells whether anything may; without it the first time counts.
    `owner` is the token of our `storage.liveness.Worker`. Never raises for a mail's or the server's trouble: rows stay in line or go
    to a person, and `Delivered.error` says what is wrong with the account.
    """
    recover(office.engine, office.now())
    done = Delivered()
    if office.pause.holds(office.now()):
        return done
    with office.transport() as transport:
        due = _claim(office, owner)
        while due is not None or (more is not None and more()):
            if due is None:
                due = _claim(office, owner)
                continue
            try:
                outcome = _deliver(office, transport, due)
            except SmtpError as error:
                # our fault, not the mail's: it stays in line as it was, and nothing more can be sent now
                outbox.put_back(office.engine, due, reason=str(error), until=office.pause.begin(office.now()))
                log.info("mail cannot be sent now: %s", error, extra={"action": "delivery_stopped"})
                return replace(done, deferred=done.deferred + 1, error=str(error))
            office.pause.end()
            delivery = _DELIVERY.get(outcome.result)
            due = _settle_and_claim(office, due, delivery, outcome.detail, owner)
            done = _count(done, delivery)
    return done


def _claim(office: PostOffice, owner: str) -> Due | None:
    """Take the next mail, unless we are to stop."""
    if office.stop.is_set():
        return None
    return outbox.claim_due(office.engine, owner=owner, now=office.now(), caps=office.caps, lease=LEASE)


def _deliver(office: PostOffice, transport: Transport, due: Due) -> Outcome:
    """Compose the mail if that was not done before, freeze it, and send exactly those octets to exactly its recipient."""
    recipient = mailable_address(due.notice.recipient)
    if recipient is None:
        return Outcome(Result.PERMANENT, "the address cannot be written to over SMTP; write to them by hand")
    try:
        content = due.content or _compose(office, due)
    except DBAPIError:
        raise  # the database's trouble is everybody's: the row comes back when it is over
    except Exception as error:  # noqa: BLE001 - one mail that cannot be made must not hold up the others
        log.warning("mail %d could not be composed: %s", due.id, type(error).__name__, extra={"action": "compose_failed", "outbox": due.id})
        told = str(error) if isinstance(error, ComposeError | LookupError | TemplateError) else type(error).__name__
        return Outcome(Result.PERMANENT, f"the mail could not be composed: {told}")
    frozen = None if due.content else (message_id(due.notice.key, office.house), content)
    return transport.send(
        content,
        sender=office.house.address,
        recipient=recipient,
        before_final_dot=lambda: outbox.record_data(office.engine, due, office.now(), frozen=frozen),
    )


def _compose(office: PostOffice, due: Due) -> bytes:
    composer = COMPOSERS.get(due.notice.kind)
    if composer is None:
        raise LookupError(f"nobody composes mails of the kind {due.notice.kind!r}")
    with reading(office.engine) as session:
        draft = composer(session, due.notice, office.house)
    return build(draft, key=due.notice.key, created_at=due.created_at, house=office.house)


def _settle_and_claim(office: PostOffice, due: Due, delivery: Delivery | None, detail: str, owner: str) -> Due | None:
    """Write down what became of a mail (None: another worker has it), and take the next one unless we are to stop."""
    if delivery is None:
        return _claim(office, owner)
    if office.stop.is_set():
        _settle(office, due, delivery, detail)
        return None
    try:
        following = outbox.settle_and_claim(
            office.engine, due, outcome=delivery, detail=detail, owner=owner, now=office.now(), caps=office.caps, lease=LEASE
        )
    except Exception:  # noqa: BLE001 - whatever is wrong with the next one: what became of this one is known, and must not be forgotten
        _settle(office, due, delivery, detail)
        return _claim(office, owner)
    _tell(due, delivery)
    return following


def _settle(office: PostOffice, due: Due, delivery: Delivery, detail: str) -> None:
    for attempt in range(_TRIES_TO_SETTLE):  # a database that is busy must not make us forget the outcome either
        try:
            outbox.settle(office.engine, due, outcome=delivery, detail=detail, now=office.now())
            break
        except OperationalError:
            if attempt == _TRIES_TO_SETTLE - 1:
                raise
    _tell(due, delivery)


def _tell(due: Due, delivery: Delivery) -> None:
    log.info("mail %d: %s", due.id, delivery, extra={"action": "delivery", "outbox": due.id, "state": str(delivery)})


def _count(done: Delivered, delivery: Delivery | None) -> Delivered:
    match delivery:
        case Delivery.SENT:
            return replace(done, sent=done.sent + 1)
        case Delivery.QUEUED:
            return replace(done, deferred=done.deferred + 1)
        case Delivery.FAILED:
            return replace(done, failed=done.failed + 1)
        case Delivery.UNKNOWN:
            return replace(done, unknown=done.unknown + 1)
        case _:
            return done
