"""Commands for recruiters: candidates, show, move, triage."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Event

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine

from cli import IN_PART, config_option, json_option, shapes
from config import Settings, load
from storage import queries
from storage.applications import Stage, reroute
from storage.applications import move as move_application
from storage.database import open_database, reading, transaction, upgrade
from storage.triage import ignore_mail, ignore_message, release_mail


@click.command()
@click.option("--offer", help="Only of this offer (slug).")
@click.option("--stage", type=click.Choice([str(stage) for stage in Stage]), help="Only in this stage.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only received on or after this day.")
@click.option("--waiting", is_flag=True, help="Only those on which nobody has decided.")
@config_option
@json_option
def candidates(offer: str | None, stage: str | None, since: datetime | None, config: Path | None, *, waiting: bool, as_json: bool) -> int:
    """List the applications, in order of arrival."""
    day: date | None = since.date() if since else None
    with _database(config) as (_, engine), reading(engine) as session:
        views = queries.applications(session, offer=offer, stage=stage, since=day, waiting=waiting)
    if as_json:
        shapes.emit([shapes.application(view) for view in views])
        return 0
    table = Table("reference", "received", "name", "e-mail", "offer", "stage", "remarks", box=None, pad_edge=False)
    for view in views:
        received = view.received_at.astimezone().strftime("%Y-%m-%d %H:%M")
        table.add_row(view.reference, received, view.name or "?", view.email or "?", view.offer or "?", view.stage, ", ".join(view.flags))
    Console(soft_wrap=True).print(table if views else "no application yet")
    return 0


@click.command()
@click.argument("reference")
@config_option
@json_option
def show(reference: str, config: Path | None, *, as_json: bool) -> int:
    """Show one application: documents, messages, history."""
    with _database(config) as (settings, engine), reading(engine) as session:
        item = queries.show(session, reference)
    if as_json:
        shapes.emit(shapes.detail(item))
        return 0
    view = item.application
    click.echo(f"{view.reference}  {view.name or 'name unknown'}  <{view.email or 'no address'}>  {view.phone or ''}".rstrip())
    click.echo(f"offer: {view.offer_title or 'unknown'}{'' if view.offer_certain else ' (not certain)'}   stage: {view.stage}")
    for flag in view.flags:
        click.echo(f"remark: {flag}")
    for document in view.documents:
        path = Path(settings.storage.documents) / document.sha256[:2] / document.sha256[2:]
        click.echo(f"document: {document.filename} ({document.role}, {document.media_type}, {document.pages or '?'} pages)  {path}")
    for message in item.messages:
        click.echo(f"\nmessage {message.id} from {message.author} in {message.mailbox}, {_local(message.received_at)}: {message.subject}")
        click.echo("  " + message.body.strip().replace("\n", "\n  "))
    click.echo("")
    for event in item.history:
        click.echo(f"{_local(event.at)}  {event.kind}  {event.actor}  {_data(event.data)}".rstrip())
    return 0


@click.command()
@click.argument("reference")
@click.argument("stage", type=click.Choice([str(stage) for stage in Stage]))
@click.option("--note", help="Why; kept in the history.")
@config_option
def move(reference: str, stage: str, note: str | None, config: Path | None) -> int:
    """Record a recruiter's decision on an application."""
    with _database(config) as (_, engine), transaction(engine) as session:
        before = move_application(session, reference, Stage(stage), note=note, actor=_actor(), now=datetime.now(UTC))
    click.echo(f"{reference.upper()}: {before} -> {stage}", err=True)
    return 0


@click.command()
@click.argument("item", required=False, metavar="[ID]")
@click.option("--application", "slug", help="It is an application for this offer (slug).")
@click.option("--ignore", is_flag=True, help="It needs nothing.")
@click.option("--send", is_flag=True, help="Send a mail that is held.")
@config_option
@json_option
def triage(item: str | None, slug: str | None, config: Path | None, *, ignore: bool, send: bool, as_json: bool) -> int:
    """List what needs a person; with ID, decide one."""
    if item is not None:
        return _decide(item, slug, config, ignore=ignore, send=send)
    with _database(config) as (_, engine), reading(engine) as session:
        items = queries.triage(session)
    if as_json:
        shapes.emit([shapes.triaged(entry) for entry in items])
        return 0
    for entry in items:
        click.echo(f"{entry.id}  {_local(entry.at)}  {entry.author or '?'}  {entry.subject or '(no subject)'}")
        click.echo(f"    {entry.cause}")
        click.echo(f"    {entry.remedy}")
    if not items:
        click.echo("nothing needs a person")
    return 0


def _decide(item: str, slug: str | None, config: Path | None, *, ignore: bool, send: bool) -> int:
    if (slug is not None) + ignore + send != 1:
        raise click.UsageError("say one of --application OFFER, --ignore or --send")
    kind, number = item[:1].lower(), item[1:]
    with _database(config) as (settings, engine):
        now = datetime.now(UTC)
        if kind == "m" and number.isdecimal():
            if slug is not None:
                return _take_in(settings, int(number), slug)
            with transaction(engine) as session:
                ignore_message(session, int(number), actor=_actor())
        elif kind == "o" and number.isdecimal():
            with transaction(engine) as session:
                release_mail(session, int(number), now=now) if send else ignore_mail(session, int(number))
        elif slug is not None:
            with transaction(engine) as session:
                reroute(session, item, slug, actor=_actor(), now=now)
        else:
            raise click.UsageError(f"{item}: only messages (m...) and mails (o...) can be ignored or sent")
    click.echo(f"{item}: done", err=True)
    return 0


def _take_in(settings: Settings, message_id: int, slug: str) -> int:
    """Read the message again and record it as an application for the offer that a person named."""
    from intake.process import take_in  # noqa: PLC0415 - needs child processes; listing does not
    from scheduler import acknowledgement_policy, plant  # noqa: PLC0415

    with plant(settings, stop=Event()) as parts:
        recorded = take_in(parts.desk, message_id, slug, owner=parts.owner, policy=acknowledgement_policy(settings))
    if recorded is None:
        click.echo(f"pli: m{message_id} is not waiting for a decision", err=True)
        return IN_PART
    click.echo(f"m{message_id}: {recorded.outcome} {recorded.reference or ''}".rstrip(), err=True)
    return 0


@contextmanager
def _database(config: Path | None) -> Iterator[tuple[Settings, Engine]]:
    settings = load(config)
    engine = open_database(settings.storage.url)
    upgrade(engine)
    try:
        yield settings, engine
    finally:
        engine.dispose()


def _actor() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "command line"


def _local(moment: datetime | None) -> str:
    return moment.astimezone().strftime("%Y-%m-%d %H:%M") if moment else "?"


def _data(data: dict[str, object]) -> str:
    return ", ".join(f"{key}: {', '.join(map(str, value)) if isinstance(value, list) else value}" for key, value in data.items() if value)
