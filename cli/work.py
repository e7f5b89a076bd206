"""Commands that do the work: run, poll, digest, retry."""

from __future__ import annotations

import logging
import os
import sys
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli import DONE, IN_PART, UNREACHABLE, console, shapes

if TYPE_CHECKING:
    from scheduler import PollResult


@click.command()
@console.config_option
def run(config_file: Path | None) -> int:
    """Work until SIGTERM or SIGINT: poll, acknowledge, send the digests when they are due.

    On the signal, finishes the message in hand and ends within 10 seconds. What happens is logged on stderr, ids only.
    """
    settings = console.working_settings(config_file)
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("pli").setLevel(logging.DEBUG if os.environ.get("PLI_DEBUG") else logging.INFO)
    import scheduler  # noqa: PLC0415

    scheduler.run(settings)
    return DONE


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
        console.emit(shapes.polled(result))
    else:
        console.write(
            f"{result.fetched} fetched: {result.applications} new applications, {result.updated} updated, {result.ignored} ignored, "
            f"{result.triage} for a person to decide, {result.failed} failed. {result.sent} mails sent, {result.deferred} deferred."
        )
    if result.triage or result.failed:
        console.tell("`pli triage` shows what needs a person")
    return _outcome(result)


def _outcome(result: PollResult) -> int:
    failed = [item for item in result.mailboxes if item.error]
    if failed and len(failed) == len(result.mailboxes):
        return UNREACHABLE
    return IN_PART if failed or result.problems else DONE


@click.command()
@click.option(
    "--date", "day", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD", help="The day it is for; default: the last one due."
)
@click.option("--offer", metavar="SLUG", help="Only this offer; with --preview.")
@click.option(
    "--preview", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="Write it there as files; send and change nothing."
)
@console.config_option
@console.json_option
def digest(day: datetime | None, offer: str | None, preview: Path | None, config_file: Path | None, *, as_json: bool) -> int:
    """Send the recruiters' digest now, unless it was sent for its day already."""
    if offer is not None and preview is None:
        raise click.UsageError("--offer goes with --preview only, since a digest that is sent tells each event once")
    settings = console.settings_of(config_file)
    import scheduler  # noqa: PLC0415

    period = day.date() if day else None
    if preview is not None:
        files = [str(path) for path in scheduler.preview_digests(settings, preview, period=period, offer=offer)]
        if as_json:
            console.emit(shapes.previewed(files))
        else:
            console.write("\n".join(files))
        if not files:
            console.tell("nobody receives a digest: the offers name no recruiter; `pli offers` shows what was understood")
        return DONE if files else IN_PART
    requested, delivered = scheduler.digest_once(settings, period=period)
    if delivered.error:
        console.tell(delivered.error)
    if as_json:
        console.emit(shapes.digested(requested, delivered.sent, delivered.deferred))
    else:
        console.write(f"{requested} digests written, {delivered.sent} mails sent, {delivered.deferred} deferred")
    return UNREACHABLE if delivered.error else DONE


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
        console.write(f"{read_again} messages and {sent_again} mails are back in line; `pli poll` takes them")
    return DONE
