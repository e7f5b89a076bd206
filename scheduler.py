"""When things happen: one pass (`poll_once`), or passes until a signal (`run`), with the parts that `plant.py` wires. Decides nothing."""

from __future__ import annotations

import logging
import os
import signal
import threading
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import Future, as_completed
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from config import Settings
from intake.collect import Collected, collect
from intake.importing import Imported, Order, import_all
from intake.offers import OffersError, refresh
from intake.process import Processed, process_waiting
from intake.watch import watch
from notifications import digest
from notifications.alongside import Alongside
from notifications.delivery import Delivered, deliver_due
from plant import Plant, acknowledgement_policy, calendar, letterhead, plant, utc_now
from storage import messages, outbox
from storage.database import open_database, upgrade

_GRACE_SECONDS = 8.0
"""After a signal; what hangs longer is given up, which is safe because every step is a commit of its own."""

_PATIENCE_SECONDS = 5.0
"""How long a pass waits for a mailbox that takes its time, when the others are done; the next pass finds what it brought."""
_AWAKE_SECONDS = 1.0
"""How long a signal may go unnoticed."""

if TYPE_CHECKING:
    from apscheduler.events import JobExecutionEvent  # type: ignore[import-untyped]

log = logging.getLogger("pli")


@dataclass(frozen=True, slots=True)
class PollResult:
    """What one pass came to."""

    fetched: int
    applications: int
    updated: int
    ignored: int
    triage: int
    failed: int
    sent: int
    deferred: int
    mailboxes: tuple[Collected, ...]
    problems: tuple[str, ...] = ()
    """What went wrong beside the mailboxes: offers, SMTP."""
    refused: int = 0
    """Mails of ours that were refused for good in this pass."""
    unknown: int = 0
    """Mails of ours of which nobody knows whether they arrived."""


def poll_once(settings: Settings, *, progress: Callable[[int], None] | None = None, stop: threading.Event | None = None) -> PollResult:
    """Make one pass: offers, every mailbox, everything that waits, everything that is due to be sent. Raises StorageError."""
    with plant(settings, stop=stop) as parts:
        return one_pass(parts, progress=progress)


def one_pass(parts: Plant, *, progress: Callable[[int], None] | None = None, patience: float | None = None) -> PollResult:
    """Make one pass with parts that are open already; see `collect_each` for `patience`."""
    take_over(parts)
    problems = refresh_offers(parts)
    order = [mailbox.address for mailbox in parts.settings.mailbox]
    collected: list[Collected] = []
    failed: set[int] = set()
    processed = Processed()
    with Alongside(parts.office, owner=parts.owner) as delivery:

        def step(count: int) -> None:
            delivery.tell()
            if progress:
                progress(count)

        for mailbox in collect_each(parts, patience=patience):
            collected.append(mailbox)
            processed += process(parts, progress=step, failed=failed)
        if parts.at_work:  # what came so far need not wait for the rest
            processed += process(parts, progress=step, failed=failed)
        delivery.tell()
    delivered = delivery.delivered()
    if delivered.error:
        problems.append(delivered.error)
    return PollResult(
        fetched=sum(item.fetched for item in collected),
        applications=processed.applications,
        updated=processed.updated,
        ignored=processed.ignored + sum(item.left_alone for item in collected),
        triage=processed.triage,
        failed=processed.failed,
        sent=delivered.sent,
        deferred=delivered.deferred,
        mailboxes=tuple(sorted(collected, key=lambda item: order.index(item.address))),
        problems=tuple(problems),
        refused=delivered.failed,
        unknown=delivered.unknown,
    )


def take_over(parts: Plant) -> None:
    """Give back what dead workers held."""
    now = parts.desk.now()
    orphans = messages.release_orphans(parts.engine, now) + outbox.release_orphans(parts.engine, now)
    if orphans:
        log.info("took over %d unfinished steps", orphans, extra={"action": "orphans_released"})


def refresh_offers(parts: Plant) -> list[str]:
    """Read the ads again; what keeps the folder from being read is returned, and the offers known before stay."""
    try:
        refresh(parts.engine, parts.settings.offers.folder, now=parts.desk.now())
    except OffersError as error:
        return [str(error)]
    return []


def collect_each(parts: Plant, *, patience: float | None = None) -> Iterator[Collected]:
    """Collect every mailbox in a thread of its own; yield each when it is done, so that one that hangs holds up no other's mail.

    `patience`: after so many seconds the others are left at work, and a later pass yields what they brought; None waits for all.
    """
    at_work = parts.at_work
    for place in [place for place, collecting in at_work.items() if collecting.done()]:
        yield at_work.pop(place).result()
    for mailbox in parts.settings.mailbox:
        place = (mailbox.address, mailbox.folder)
        if place not in at_work:
            at_work[place] = parts.pool.submit(collect, mailbox, parts.desk)
    places = {collecting: place for place, collecting in at_work.items()}
    with suppress(TimeoutError):
        for done in as_completed(places, timeout=patience):
            del at_work[places[done]]
            yield done.result()


def process(parts: Plant, *, progress: Callable[[int], None] | None = None, failed: set[int] | None = None) -> Processed:
    """Process what waits."""
    policy = acknowledgement_policy(parts.settings)
    return process_waiting(parts.desk, owner=parts.owner, policy=policy, progress=progress, failed=failed)


def deliver(parts: Plant) -> Delivered:
    """Send what is due."""
    return deliver_due(parts.office, owner=parts.owner)


def import_once(
    settings: Settings, order: Order, *, progress: Callable[[Imported], None] | None = None
) -> tuple[Imported, Processed, list[str]]:
    """Import mail that lies in files, and process it with all that waits; what is to be sent leaves with the next pass.

    Returns what was found, what became of it, and what is wrong with the ads' folder. Raises StorageError.
    """
    with plant(settings) as parts:
        take_over(parts)
        problems = refresh_offers(parts)
        processed, failed = Processed(), set[int]()

        def step(done: Imported) -> None:
            nonlocal processed
            processed += process(parts, failed=failed)
            if progress:
                progress(done)

        return import_all(order, parts.desk, step), processed, problems


def send_digests(parts: Plant) -> int:
    """Ask for the digests that are due, and send them; returns how many were asked for."""
    asked = digest.request(parts.engine, calendar(parts.settings), now=parts.desk.now())
    if asked:
        deliver(parts)
    return asked


def digest_once(settings: Settings, *, period: date | None = None) -> tuple[int, Delivered, list[str]]:
    """Ask for the digests of the latest due day, or of `period`, and send what is due. Raises StorageError.

    Returns how many were asked for, what was delivered, and what is wrong with the ads' folder.
    """
    with plant(settings) as parts:
        take_over(parts)
        problems = refresh_offers(parts)
        asked = digest.request(parts.engine, calendar(settings), now=parts.desk.now(), period=period)
        return asked, deliver(parts), problems


def preview_digests(settings: Settings, folder: Path, *, period: date | None = None, offer: str | None = None) -> list[Path]:
    """Write what the next digests would say into `folder`; sends and changes nothing. Raises StorageError, OSError."""
    engine = open_database(settings.storage.url)
    try:
        upgrade(engine)
        return digest.preview(engine, folder, letterhead(settings), now=utc_now(), period=period, offer=offer)
    finally:
        engine.dispose()


def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT; then finish the message in hand, within 10 seconds. Raises StorageError."""
    # here: who makes one pass needs none of it, and should not wait for it
    from apscheduler.events import EVENT_JOB_ERROR  # noqa: PLC0415
    from apscheduler.jobstores.base import JobLookupError  # type: ignore[import-untyped]  # noqa: PLC0415
    from apscheduler.schedulers import SchedulerNotRunningError  # type: ignore[import-untyped]  # noqa: PLC0415
    from apscheduler.schedulers.background import BackgroundScheduler  # type: ignore[import-untyped]  # noqa: PLC0415

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with plant(settings, stop=stop, keep=True) as parts:
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)  # it would log a failed job's whole traceback; we say it in a line
        scheduler = BackgroundScheduler(timezone=settings.digest.timezone, daemon=True)
        scheduler.add_listener(_tell_error, EVENT_JOB_ERROR)
        every = {"coalesce": True, "max_instances": 1}
        seconds = settings.schedule.poll_every.total_seconds()
        news = threading.Event()

        def tell() -> None:
            news.set()  # a pass that is at work makes another when it ends
            with suppress(SchedulerNotRunningError, JobLookupError):  # the program is ending
                scheduler.modify_job("poll", next_run_time=utc_now())

        scheduler.add_job(
            _passes,
            "interval",
            args=[parts, news, tell],
            seconds=seconds,
            next_run_time=utc_now(),
            id="poll",
            misfire_grace_time=30,
            **every,
        )
        scheduler.add_job(deliver, "interval", args=[parts], seconds=30, id="deliver", misfire_grace_time=30, **every)
        # late is better than never: the key of a digest makes it once, so asking again each minute also catches up what was missed
        scheduler.add_job(
            send_digests, "interval", args=[parts], seconds=60, next_run_time=utc_now(), id="digest", misfire_grace_time=None, **every
        )
        scheduler.start()
        for mailbox in settings.mailbox:
            given = (mailbox, tell, stop, parts.access)
            threading.Thread(target=watch, args=given, name=f"watch {mailbox.address}", daemon=True).start()
        log.info("pli is at work", extra={"action": "started"})
        _wait_for(stop)
        _leave_in_time()
        scheduler.shutdown(wait=True)


def _passes(parts: Plant, news: threading.Event, tell: Callable[[], None]) -> None:
    """Make a pass, and another as long as new mail was told of meanwhile; `tell` asks for one when a mailbox ends that took its time."""

    def ended(collecting: Future[Collected]) -> None:
        if not collecting.cancelled() and collecting.exception() is None and collecting.result().error is None:
            tell()  # after an error the next pass is early enough

    news.set()
    while news.is_set() and not parts.stop.is_set():
        news.clear()
        known = set(parts.at_work.values())
        _pass(parts)
        for collecting in set(parts.at_work.values()) - known:
            collecting.add_done_callback(ended)


def _pass(parts: Plant) -> None:
    result = one_pass(parts, patience=_PATIENCE_SECONDS)
    for mailbox in result.mailboxes:
        if mailbox.error:
            log.warning("%s", mailbox.error, extra={"action": "mailbox_failed"})
    for problem in result.problems:
        log.warning("%s", problem, extra={"action": "problem"})
    log.info("pass: %d fetched, %d applications, %d sent", result.fetched, result.applications, result.sent, extra={"action": "pass_done"})


def _wait_for(stop: threading.Event) -> None:
    """Wait for the signal, awake once a second.

    The kernel may hand a signal to any thread, a new one often; Python's handler runs in this one all the same, and not while it sleeps.
    """
    while not stop.wait(_AWAKE_SECONDS):
        pass


def _leave_in_time() -> None:
    """End the program when it has not ended by itself after the grace; each step is a commit of its own, so leaving loses nothing."""

    def leave() -> None:
        log.info("something hangs and is given up; pli has ended", extra={"action": "ended"})
        logging.shutdown()
        os._exit(0)

    timer = threading.Timer(_GRACE_SECONDS, leave)
    timer.daemon = True
    timer.start()


def _tell_error(event: JobExecutionEvent) -> None:
    """Say which job failed, how and where; what the error itself says may quote a mail, so it stands in the log only if asked for."""
    frames = traceback.extract_tb(event.exception.__traceback__)
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    kind, details = type(event.exception).__name__, log.isEnabledFor(logging.DEBUG)
    told = event.exception if details else None
    log.error("job %s failed: %s at %s", event.job_id, kind, where, extra={"action": "job_failed"}, exc_info=told)
