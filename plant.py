"""The running parts of pli, wired for one set of settings: database, store, children, mailboxes, outgoing mail. Decides nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Engine

from config import Settings
from intake.access import Access
from intake.collect import Collected, Desk
from intake.reading import House as IntakeHouse
from intake.tools import tools_of
from intake.workers import Workers
from notifications.delivery import PostOffice
from notifications.notices import House
from notifications.smtp import SmtpAccount, SmtpTransport
from notifications.workdays import Calendar
from storage.applications import AcknowledgementPolicy
from storage.blobs import open_store
from storage.database import open_database, upgrade
from storage.liveness import Worker
from storage.outbox import Caps


@dataclass(frozen=True, slots=True)
class Plant:
    """The running parts of pli, wired for one set of settings."""

    settings: Settings
    engine: Engine
    desk: Desk
    office: PostOffice
    access: Access
    owner: str
    stop: threading.Event
    pool: ThreadPoolExecutor
    """A thread for each mailbox."""
    at_work: dict[tuple[str, str], Future[Collected]] = field(default_factory=dict)
    """Mailboxes that a pass did not wait for, by address and folder."""


@contextmanager
def plant(
    settings: Settings, *, stop: threading.Event | None = None, now: Callable[[], datetime] | None = None, keep: bool = False
) -> Iterator[Plant]:
    """Open database, document store and child processes, and close them at the end. Raises StorageError.

    `keep`: the connections to the mailboxes stay open from one pass to the next.
    """
    stop, now = stop or threading.Event(), now or utc_now
    engine = open_database(settings.storage.url)
    upgrade(engine)
    store = open_store(settings.storage.documents)
    store.check()
    with Worker.start(engine) as worker, Workers() as workers:
        ours = settings.our_addresses | {settings.smtp.sender_address.lower()}
        house = IntakeHouse(ours, tools_of(settings.parsing.pdf), settings.acknowledgement.authserv_id)
        account = smtp_account(settings)
        access = Access(engine, now, keep=keep)
        desk = Desk(engine, store, workers, house, now, stop, access)
        office = PostOffice(engine, letterhead(settings), caps(settings), lambda: SmtpTransport(account), now, stop)
        try:
            with ThreadPoolExecutor(len(settings.mailbox), thread_name_prefix="mailbox") as pool:
                yield Plant(settings, engine, desk, office, access, worker.token, stop, pool)
        finally:
            access.close()
    engine.dispose()


def letterhead(settings: Settings) -> House:
    """Return what every mail says about the organisation."""
    return House(
        sender=settings.smtp.sender,
        controller=settings.privacy.controller,
        contact=settings.privacy.contact,
        retention=settings.privacy.retention,
        timezone=settings.digest.timezone,
        country=settings.digest.country,
        days=settings.digest.days,
    )


def calendar(settings: Settings) -> Calendar:
    """Return when digests are due."""
    return Calendar(settings.digest.at, settings.digest.timezone, settings.digest.days, settings.digest.country)


def caps(settings: Settings) -> Caps:
    """Return the limits on acknowledgements."""
    given = settings.acknowledgement
    return Caps(given.max_per_hour, given.max_per_address_per_day, given.max_per_domain_per_10min)


def acknowledgement_policy(settings: Settings) -> AcknowledgementPolicy:
    """Return what the organisation says about answering."""
    given = settings.acknowledgement
    return AcknowledgementPolicy(given.backlog, given.max_age, given.unverified)


def smtp_account(settings: Settings) -> SmtpAccount:
    """Return where mail is submitted."""
    smtp = settings.smtp
    token = smtp.access_token if smtp.uses_tokens else None
    return SmtpAccount(smtp.host, smtp.port, smtp.security, smtp.username, smtp.password_value, smtp.ca_file, token)


def utc_now() -> datetime:
    """Return the moment."""
    return datetime.now(UTC)
