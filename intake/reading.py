"""From octets to understanding: what must be looked up first, and the child process that reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from threading import Event

from sqlalchemy import Engine

from intake.workers import WorkerKilledError, Workers, WorkersClosedError
from parsing.context import Context
from parsing.documents import Tools
from parsing.message import ThreadRefs, find_references
from parsing.understand import Understanding, understand, understand_stranger
from storage.database import reading
from storage.messages import authserv_id, known
from storage.offers import offers
from storage.people import offer_of_thread


@dataclass(frozen=True, slots=True)
class House:
    """Whose mail this is."""

    our_addresses: frozenset[str]
    """Mailboxes and aliases, lower case; the offers' recruiters come on top."""
    tools: Tools = field(default_factory=Tools)
    """What documents are read with."""
    authserv_id: str | None = None
    """As configured; None: what was learned for the mailbox."""


@dataclass(slots=True)
class Company:
    """The conversations and authors of what a pass has taken in, and nobody has processed yet: an answer to it is none to a stranger."""

    message_ids: set[str] = field(default_factory=set)
    authors: set[str] = field(default_factory=set)

    def add(self, facts: Understanding) -> None:
        """Note a message that is taken in."""
        if facts.message_id:
            self.message_ids.add(facts.message_id)
        author = facts.author.addr_spec.lower() if facts.author else None
        if author and facts.applicant and facts.applicant.email == author:  # whoever hands another's on is no candidate
            self.authors.add(author)


def context_of(
    engine: Engine, workers: Workers, content: bytes, mailbox: str, house: House, today: date, company: Company | None = None
) -> Context:
    """Look up what reading `content` cannot know by itself; `today` ends what a CV says goes on. Raises WorkerError."""
    refs = workers.run(find_references, content)
    return conversation_of(engine, refs, strangers_context(engine, mailbox, house, today), company)


def strangers_context(engine: Engine, mailbox: str, house: House, today: date) -> Context:
    """Return what holds for every message in a mailbox, and all that there is to know of one by somebody who never wrote."""
    with reading(engine) as session:
        ads = offers(session)
        learned = authserv_id(session, mailbox)
    recruiters = frozenset(address for offer in ads for address in offer.recruiters)
    return Context(
        offers=ads,
        our_addresses=house.our_addresses | recruiters,
        recruiters=recruiters,
        mailbox=mailbox.lower(),
        authserv_id=house.authserv_id or learned,
        tools=house.tools,
        today=today,
    )


def conversation_of(engine: Engine, refs: ThreadRefs, context: Context, company: Company | None = None) -> Context:
    """Add what is known of a message's conversation and author to a stranger's context; the same comes back when it is one."""
    with reading(engine) as session:
        ids, is_candidate = known(session, refs)
        thread = offer_of_thread(session, refs.message_ids)
    if company is not None:
        ids |= company.message_ids.intersection(refs.message_ids)
        is_candidate = is_candidate or refs.author in company.authors
    return replace(context, known_message_ids=ids, sender_is_candidate=is_candidate, thread_offer=thread)


@dataclass(frozen=True, slots=True)
class Ahead:
    """A message that was read before its turn, as if nobody had written of it before: what it says, if that proves true."""

    refs: ThreadRefs
    context: Context
    """What it was read against."""
    facts: Understanding | None
    """None: it names other messages, and waits for its turn."""


def read_ahead(workers: Workers, content: bytes, context: Context, stop: Event | None = None) -> Ahead:
    """Read a message before the ones in front of it are recorded, in a child process; `context` is a stranger's. Raises WorkerError."""
    try:
        refs, facts = workers.run(understand_stranger, content, context)
    except WorkerKilledError:
        _unless_stopped(stop)
        refs = workers.run(find_references, content)
        facts = None if refs.message_ids else _without_documents(workers, content, context)
    return Ahead(refs, context, facts)


def read_in_turn(engine: Engine, workers: Workers, ahead: Ahead, content: Callable[[], bytes], stop: Event | None = None) -> Understanding:
    """Return what a message says, now that everything before it is recorded. Raises WorkerError.

    It is read again, and differently, only if it turned out to belong to a conversation or to somebody who wrote before.
    """
    context = conversation_of(engine, ahead.refs, ahead.context)
    if ahead.facts is not None and context == ahead.context:
        return ahead.facts
    return read_message(workers, content(), context, stop)


def read_message(workers: Workers, content: bytes, context: Context, stop: Event | None = None) -> Understanding:
    """Understand one message in a child process. Raises WorkerError.

    When a document stops the reader, the message is read once more without opening its documents: a poisoned CV must not cost
    the person the application. Not so when `stop` is set: then it was the ending of the program that stopped the reader.
    """
    try:
        return workers.run(understand, content, context)
    except WorkerKilledError:
        _unless_stopped(stop)
        return _without_documents(workers, content, context)


def _unless_stopped(stop: Event | None) -> None:
    if stop is not None and stop.is_set():
        raise WorkersClosedError from None


def _without_documents(workers: Workers, content: bytes, context: Context) -> Understanding:
    facts = workers.run(understand, content, replace(context, read_documents=False))
    return replace(facts, problems=(*facts.problems, "timeout"))
