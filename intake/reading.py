"""From octets to understanding: what must be looked up first, and the child process that reads."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from threading import Event

from sqlalchemy import Engine

from intake.workers import WorkerKilledError, Workers, WorkersClosedError
from parsing.context import Context
from parsing.documents import Tools
from parsing.message import find_references
from parsing.understand import Understanding, understand
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
    with reading(engine) as session:
        ids, is_candidate = known(session, refs)
        ads = offers(session)
        learned = authserv_id(session, mailbox)
        thread = offer_of_thread(session, refs.message_ids)
    if company is not None:
        ids |= company.message_ids.intersection(refs.message_ids)
        is_candidate = is_candidate or refs.author in company.authors
    recruiters = frozenset(address for offer in ads for address in offer.recruiters)
    return Context(
        offers=ads,
        our_addresses=house.our_addresses | recruiters,
        recruiters=recruiters,
        known_message_ids=ids,
        sender_is_candidate=is_candidate,
        thread_offer=thread,
        mailbox=mailbox.lower(),
        authserv_id=house.authserv_id or learned,
        tools=house.tools,
        today=today,
    )


def read_message(workers: Workers, content: bytes, context: Context, stop: Event | None = None) -> Understanding:
    """Understand one message in a child process. Raises WorkerError.

    When a document stops the reader, the message is read once more without opening its documents: a poisoned CV must not cost
    the person the application. Not so when `stop` is set: then it was the ending of the program that stopped the reader.
    """
    try:
        return workers.run(understand, content, context)
    except WorkerKilledError:
        if stop is not None and stop.is_set():
            raise WorkersClosedError from None
        facts = workers.run(understand, content, replace(context, read_documents=False))
        return replace(facts, problems=(*facts.problems, "timeout"))
