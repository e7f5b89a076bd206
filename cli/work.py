"""Commands that do the work: run, poll, digest, retry."""

from __future__ import annotations

import logging
import os
import sys
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import date, datetime, time, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli import DONE, IN_PART, UNREACHABLE, console, shapes

if TYPE_CHECKING:
    from config import Settings
    from notifications.workdays import Calendar
    from storage.views import Share

_NOBODY = "nobody receives a digest: no ad that `pli poll` read names a recruiter; `pli offers` shows what is understood now"


@click.command()
@console.config_option
def run(config_file: Path | None) -> int:
    """Work until SIGTERM or SIGINT: poll, acknowledge, send the digests when they are due.

    On the signal, finishes the message in hand and ends within 10 seconds. What happens is logged on stderr, ids only.
    """
    settings = console.working_settings(config_file)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_LogLine(settings.digest.timezone))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    log = logging.getLogger("pli")
    log.setLevel(logging.DEBUG if os.environ.get("PLI_DEBUG") else logging.INFO)
    import scheduler  # noqa: PLC0415

    scheduler.run(settings)
    log.info("pli has ended", extra={"action": "ended"})
    return DONE


class _LogLine(logging.Formatter):
    """A line of the log, with the moment as ISO 8601 in the zone of the configuration."""

    def __init__(self, zone: tzinfo) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s")
        self._zone = zone

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: ARG002, N802 - logging's signature
        """Return when it happened."""
        return datetime.fromtimestamp(record.created, self._zone).isoformat(timespec="milliseconds")


@click.command()
@console.config_option
@console.json_option
def poll(config_file: Path | None, *, as_json: bool) -> int:
    """Do one pass: read the offers, fetch every mailbox, process what waits, send what is due."""
    settings = console.working_settings(config_file)
    import scheduler  # noqa: PLC0415

    with ExitStack() as stack:
        progress = None
        if sys.stderr.isatty():
            from rich.console import Console  # noqa: PLC0415

            status = stack.enter_context(Console(stderr=True).status("fetching"))
            progress = lambda done: status.update(f"{done} messages read")  # noqa: E731
        result = scheduler.poll_once(settings, progress=progress)
    for problem in (*(item.error for item in result.mailboxes if item.error), *result.problems):
        console.tell(problem)
    if as_json:
        console.emit(shapes.polled(result, _share_of_unsure(settings)))
    else:
        console.write(
            f"{result.fetched} fetched: {console.count(result.applications, 'new application')}, {result.updated} updated, "
            f"{result.ignored} ignored, {result.triage} for a person to decide, {result.failed} failed. "
            f"{console.count(result.sent, 'mail')} sent, {result.deferred} deferred."
        )
    _tell_broken_ads(settings.offers.folder)
    unsettled = _tell_unsettled(failed=result.failed, refused=result.refused, unknown=result.unknown)
    if result.triage and not unsettled:
        console.tell("`pli triage` shows what needs a person")
    failed = [item for item in result.mailboxes if item.error]
    if failed and len(failed) == len(result.mailboxes):
        return UNREACHABLE
    return IN_PART if failed or result.problems or unsettled else DONE


def _share_of_unsure(settings: Settings) -> Share:
    from storage.database import open_database, reading  # noqa: PLC0415
    from storage.triage_list import share_of_unsure  # noqa: PLC0415

    engine = open_database(settings.storage.url)
    try:
        with reading(engine) as session:
            return share_of_unsure(session)
    finally:
        engine.dispose()


def _tell_unsettled(*, failed: int = 0, refused: int, unknown: int) -> bool:
    """Say in one line what went wrong with single messages and mails; returns whether anything did."""
    told = [
        f"{console.count(number, thing)} {words}"
        for number, thing, words in (
            (failed, "message", "could not be read"),
            (refused, "mail", "of ours could not be delivered"),
            (unknown, "mail", "of ours may or may not have arrived"),
        )
        if number
    ]
    if told:
        console.tell(f"{', '.join(told)}; `pli triage` shows each with its remedy")
    return bool(told)


def _tell_broken_ads(folder: Path) -> None:
    from intake.offers import OffersError, read_folder  # noqa: PLC0415

    try:
        troubled = sum(bool(ad.offer.problems) for ad in read_folder(folder))
    except OffersError:
        return  # the pass has said so
    if troubled:
        console.tell(f"{console.count(troubled, 'ad')} with problems; `pli offers` names them")


@click.command()
@click.option("--date", "day", callback=console.day, metavar="YYYY-MM-DD", help="The working day it is for; default: the last one due.")
@click.option("--offer", metavar="SLUG", help="Only this offer; with --preview.")
@click.option(
    "--preview", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="Write it there as files; send and change nothing."
)
@console.config_option
@console.json_option
def digest(day: date | None, offer: str | None, preview: Path | None, config_file: Path | None, *, as_json: bool) -> int:
    """Send the recruiters' digest now, unless it was sent for its day already."""
    if offer is not None and preview is None:
        raise click.UsageError("--offer goes with --preview only, since a digest that is sent tells each event once")
    if preview is not None:
        return _preview(console.settings_of(config_file), preview, day, offer, as_json=as_json)
    settings = console.settings_of(config_file)
    import scheduler  # noqa: PLC0415
    from config import check_secrets  # noqa: PLC0415
    from plant import calendar  # noqa: PLC0415

    if day is not None:
        _check_day(day, calendar(settings))
    check_secrets(settings)
    requested, delivered, problems = scheduler.digest_once(settings, period=day)
    for problem in problems:
        console.tell(problem)
    if as_json:
        console.emit(shapes.digested(requested, delivered))
    else:
        sent = f"{console.count(delivered.sent, 'mail')} sent, {delivered.deferred} deferred"
        console.write(f"{console.count(requested, 'digest')} written, {sent}")
    unsettled = _tell_unsettled(refused=delivered.failed, unknown=delivered.unknown)
    if delivered.error:
        console.tell(delivered.error)
        return UNREACHABLE
    nobody = not requested and _nobody_receives(settings)
    return IN_PART if unsettled or nobody or problems else DONE


def _check_day(day: date, days: Calendar) -> None:
    """Refuse a day that no digest is for: what it told would be told in no other one."""
    from notifications.workdays import due_period, is_working_day  # noqa: PLC0415

    today = console.now().astimezone(days.timezone).date()
    if day > today:
        raise click.UsageError(f"--date {day}: that day has not come yet, and a digest tells what happened until its day")
    if day != today and not is_working_day(day, days):
        last = due_period(datetime.combine(day, time.max, tzinfo=days.timezone), replace(days, at=time.min))
        raise click.UsageError(f"--date {day}: no working day by days and country in [digest]; the last one before it is {last}")


def _nobody_receives(settings: Settings) -> bool:
    from storage.database import open_database, reading  # noqa: PLC0415
    from storage.digests import recruiters  # noqa: PLC0415

    engine = open_database(settings.storage.url)
    try:
        with reading(engine) as session:
            nobody = not recruiters(session)
    finally:
        engine.dispose()
    if nobody:
        console.tell(_NOBODY)
    return nobody


def _preview(settings: Settings, folder: Path, day: date | None, offer: str | None, *, as_json: bool) -> int:
    import scheduler  # noqa: PLC0415

    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    files: list[str] = []
    try:
        files = [str(path) for path in scheduler.preview_digests(settings, folder, period=day, offer=offer)]
    except OSError as error:
        place = error.filename or folder
        console.tell(f"{place}: cannot be written ({error.strerror or error}); name another folder with --preview")
        return IN_PART
    finally:
        if not files:
            for place in missing:
                with suppress(OSError):  # it was not made, or it is not empty
                    place.rmdir()
    if as_json:
        console.emit(shapes.previewed(files))
    elif files:
        console.write("\n".join(files))
        console.tell(f"{console.count(len(files) // 3, 'digest')} as {len(files)} files in {folder}; nothing was sent")
    if not files:
        console.tell(_NOBODY)
    return DONE if files else IN_PART


@click.command()
@console.config_option
@console.json_option
def retry(config_file: Path | None, *, as_json: bool) -> int:
    """Put failed messages and mails back in line; the next pass takes them."""
    with console.database(config_file) as (_, engine):
        from storage import messages, outbox  # noqa: PLC0415
        from storage.database import transaction  # noqa: PLC0415

        with transaction(engine) as session:
            read_again = messages.requeue_failed(session)
            sent_again = outbox.requeue(session, now=console.now())
    if as_json:
        console.emit(shapes.retried(read_again, sent_again))
    else:
        back = f"{console.count(read_again, 'message')} and {console.count(sent_again, 'mail')}"
        console.write(f"{back} back in line{'; `pli poll` takes them' if read_again or sent_again else ''}")
    return DONE
