"""Commands that do the work: run, poll, digest, retry."""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn

import scheduler
from cli import DONE, IN_PART, UNREACHABLE, config_option, json_option, shapes
from config import load
from notifications import digest as digests
from storage import messages, outbox
from storage.database import open_database, transaction, upgrade


@click.command()
@config_option
def run(config: Path | None) -> int:
    """Work until SIGTERM or SIGINT: poll, acknowledge, send the digests when they are due."""
    settings = load(config)
    if logging.getLogger().level > logging.INFO:
        logging.getLogger("pli").setLevel(logging.INFO)
    scheduler.run(settings)
    return DONE


@click.command()
@config_option
@json_option
def poll(config: Path | None, *, as_json: bool) -> int:
    """Make one pass: offers, mailboxes, acknowledgements."""
    settings = load(config)
    if sys.stderr.isatty() and not as_json:
        with Progress(SpinnerColumn(), TextColumn("{task.description}"), console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("fetching")
            result = scheduler.poll_once(settings, progress=lambda done: bar.update(task, description=f"{done} messages read"))
    else:
        result = scheduler.poll_once(settings)
    for line in [*(item.error for item in result.mailboxes if item.error), *result.problems]:
        click.echo(f"pli: {line}", err=True)
    if as_json:
        shapes.emit(shapes.polled(result))
    else:
        click.echo(
            f"{result.fetched} fetched, {result.applications} new applications, {result.updated} updated, {result.ignored} left alone, "
            f"{result.triage} for triage, {result.failed} failed; {result.sent} mails sent, {result.deferred} deferred"
        )
    failed = [item for item in result.mailboxes if item.error]
    if len(failed) == len(result.mailboxes):
        return UNREACHABLE
    return IN_PART if failed or result.problems or result.failed else DONE


@click.command()
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day it is for (default: the last one that was due).")
@click.option("--offer", help="Only this offer (slug); with --preview.")
@click.option("--preview", type=click.Path(path_type=Path, file_okay=False), help="Write it here as files; send and change nothing.")
@config_option
@json_option
def digest(day: datetime | None, offer: str | None, preview: Path | None, config: Path | None, *, as_json: bool) -> int:
    """Send the digest now, if it was not sent for its day."""
    if offer and preview is None:
        raise click.UsageError("--offer goes with --preview: a digest that is sent tells everything once")
    settings = load(config)
    period = day.date() if day else None
    now = datetime.now(UTC)
    if preview is not None:
        engine = open_database(settings.storage.url)
        upgrade(engine)
        files = digests.preview(engine, preview, scheduler.letterhead(settings), now=now, period=period, offer=offer)
        if as_json:
            shapes.emit({"files": [str(path) for path in files]})
        else:
            click.echo("\n".join(map(str, files)) or "nobody receives a digest: the offers name no recruiter")
        return DONE
    with scheduler.plant(settings) as parts:
        asked = digests.request(parts.engine, scheduler.calendar(settings), now=now, period=period)
        delivered = scheduler.deliver(parts)
    if delivered.error:
        click.echo(f"pli: {delivered.error}", err=True)
    if as_json:
        shapes.emit({"asked": asked, "sent": delivered.sent, "deferred": delivered.deferred})
    else:
        click.echo(f"{asked} digests written, {delivered.sent} mails sent, {delivered.deferred} deferred")
    return UNREACHABLE if delivered.error else DONE


@click.command()
@config_option
@json_option
def retry(config: Path | None, *, as_json: bool) -> int:
    """Put failed messages and mails back in line; the next pass takes them."""
    settings = load(config)
    engine = open_database(settings.storage.url)
    upgrade(engine)
    with transaction(engine) as session:
        read_again = messages.requeue_failed(session)
        sent_again = outbox.requeue(session, now=datetime.now(UTC))
    if as_json:
        shapes.emit({"messages": read_again, "mails": sent_again})
    else:
        click.echo(f"{read_again} messages and {sent_again} mails are back in line; `pli poll` takes them")
    return DONE
