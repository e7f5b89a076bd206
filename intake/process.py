"""From a stored message to facts (T2), or to a failure that is kept and shown."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import astuple, dataclass, replace
from datetime import timedelta

from sqlalchemy.exc import IntegrityError, OperationalError

from intake.ahead import Turn, UnreadableError, keep_documents, reading_ahead
from intake.collect import Desk
from intake.reading import context_of, read_in_turn, read_message
from intake.workers import WorkerError
from parsing.classify import MailClass
from parsing.routing import Route
from parsing.understand import Applicant, Understanding
from storage.applications import AcknowledgementPolicy, Recorded, record
from storage.database import StorageError, reading, transaction
from storage.messages import Claimed, give_back, record_failure
from storage.offers import offers
from storage.triage import claim_message

LEASE = timedelta(minutes=15)
_TRIES = 3
_NOT_THEIRS = frozenset({"applicant_is_not_author", "forward_unclear", "forwarded"})

log = logging.getLogger("pli.intake")


@dataclass(frozen=True, slots=True)
class Processed:
    """What became of the waiting messages, counted."""

    applications: int = 0
    updated: int = 0
    """Replies, later documents and copies that joined an application."""
    ignored: int = 0
    triage: int = 0
    failed: int = 0

    def __add__(self, other: Processed) -> Processed:
        """Return both together."""
        return Processed(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))


def process_waiting(
    desk: Desk,
    *,
    owner: str,
    policy: AcknowledgementPolicy,
    progress: Callable[[int], None] | None = None,
    failed: set[int] | None = None,
) -> Processed:
    """Process every waiting message, one after the other; stops after the one in hand when `desk.stop` is set.

    Those behind it are read meanwhile (`intake/ahead.py`); nothing is recorded before its turn.

    `failed`: the messages that failed in this pass, which leaves them for the next; they are added to it.
    """
    failed = set() if failed is None else failed
    counts: Counter[str] = Counter()
    with reading_ahead(desk, owner=owner, lease=LEASE, leaving=failed) as line:
        while not desk.stop.is_set() and (turn := line.next()) is not None:
            outcome = _process(desk, turn, policy)
            counts[outcome] += 1
            if outcome == "failed":
                failed.add(turn.message.id)
            log.info("message %d: %s", turn.message.id, outcome, extra={"action": f"message_{outcome}"})
            if progress:
                progress(counts.total())
    return Processed(
        applications=counts["application"],
        updated=counts["updated"] + counts["copy"],
        ignored=counts["ignored"],
        triage=counts["triage"],
        failed=counts["failed"],
    )


def take_in(desk: Desk, message_id: int, slug: str, *, owner: str, policy: AcknowledgementPolicy) -> Recorded | None:
    """Read a message that was set aside again, and record it as an application for the offer a person named; None when it does not wait.

    Raises LookupError when there is no such offer.
    """
    with reading(desk.engine) as session:
        if slug not in {offer.slug for offer in offers(session)}:
            raise LookupError(f"there is no offer {slug}; `pli offers` lists them")
    message = claim_message(desk.engine, message_id, owner=owner, now=desk.now(), lease=LEASE)
    if message is None:
        return None
    try:
        content = desk.store.get(message.sha256)
        facts = read_message(
            desk.workers, content, context_of(desk.engine, desk.workers, content, message.mailbox, desk.house, desk.now().date())
        )
        keep_documents(desk, facts)
    except (WorkerError, StorageError) as error:
        _fail(desk, message, str(error), "open it in the mailbox; `pli retry` tries again")
        raise LookupError(f"m{message_id} could not be read: {error}") from error
    route = Route(offer=slug, certain=True, reasons=("a person said so",))
    refusals = tuple(name for name in facts.verdict.refusals if name != "not_an_application")  # a person has just said that it is one
    verdict = replace(facts.verdict, mail_class=_as_application(facts), refusals=refusals)
    facts = replace(facts, verdict=verdict, route=route, applicant=_applicant(facts))
    return _record(desk, message, facts, policy, decided=True)


def _as_application(facts: Understanding) -> MailClass:
    forwarded = facts.verdict.mail_class is MailClass.FORWARDED_APPLICATION
    return MailClass.FORWARDED_APPLICATION if forwarded else MailClass.APPLICATION


def _applicant(facts: Understanding) -> Applicant | None:
    """Return the applicant; the author only if nothing says that it is somebody else."""
    author = facts.author
    if facts.applicant is not None or _NOT_THEIRS & set(facts.verdict.refusals):
        return facts.applicant
    return Applicant(author.name or None, author.addr_spec.lower()) if author else None


def _process(desk: Desk, turn: Turn, policy: AcknowledgementPolicy) -> str:
    message = turn.message
    try:
        ahead = turn.ahead()
        facts = read_in_turn(desk.engine, desk.workers, ahead, turn.content, desk.stop)
        if facts is not ahead.facts:
            keep_documents(desk, facts)
        return _record(desk, message, facts, policy).outcome
    except UnreadableError as error:  # this message's file only: the rest goes on
        return _fail(desk, message, str(error), "then `pli retry`")
    except WorkerError as error:
        if desk.stop.is_set():  # the ending of the program ended the reader too: no fault of the message
            with transaction(desk.engine) as session:
                give_back(session, message)
            return "given_back"
        return _fail(desk, message, str(error), "open it in the mailbox; `pli retry` tries again")
    except StorageError:
        with transaction(desk.engine) as session:
            give_back(session, message)
        raise  # a full disk concerns every message, and is no fault of this one: the pass ends, the next one goes on


def _record(desk: Desk, message: Claimed, facts: Understanding, policy: AcknowledgementPolicy, *, decided: bool = False) -> Recorded:
    """Run T2; when another worker wrote the same person or application at the same moment, look again."""
    for attempt in range(_TRIES):
        try:
            with transaction(desk.engine) as session:
                return record(session, message, facts, policy=policy, now=desk.now(), decided=decided)
        except (IntegrityError, OperationalError):
            if attempt == _TRIES - 1:
                raise
    raise AssertionError("unreachable")


def _fail(desk: Desk, message: Claimed, cause: str, remedy: str) -> str:
    log.warning("message %d: %s", message.id, cause, extra={"action": "message_failed"})
    with transaction(desk.engine) as session:
        record_failure(session, message, cause=cause, remedy=remedy)
    return "failed"
