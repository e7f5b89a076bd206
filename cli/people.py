"""Commands for recruiters: candidates, show, move, triage."""

from __future__ import annotations

import getpass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import DONE, console, shapes

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from config import Settings
    from storage.views import ApplicationDetail, TriageView

STAGES = ("received", "in_review", "interview", "proposed", "hired", "declined", "withdrawn")
"""`storage.applications.Stage`, said again so that `--help` needs no database library; a test compares them."""

_DECISIONS = (
    "a message (m12) takes --application or --ignore, a mail of ours (o7) --send or --ignore, an application (K7QM-4F2P) --application"
)


@click.command()
@click.option("--offer", metavar="SLUG", help="Only applications for this offer.")
@click.option("--stage", type=click.Choice(STAGES), help="Only those in this stage.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD", help="Only those received on this day or later.")
@click.option("--waiting", is_flag=True, help="Only those on which nobody has decided.")
@console.config_option
@console.json_option
def candidates(
    offer: str | None, stage: str | None, since: datetime | None, config_file: Path | None, *, waiting: bool, as_json: bool
) -> int:
    """List the applications in the order of their arrival: there is no ranking."""
    with console.database(config_file) as (_, engine):
        from storage import queries  # noqa: PLC0415
        from storage.database import reading  # noqa: PLC0415

        with reading(engine) as session:
            day = since.date() if since else None
            views = queries.applications(session, offer=offer, stage=stage, since=day, waiting=waiting)
    if as_json:
        console.emit([shapes.application(view) for view in views])
    elif views:
        console.table(
            ("reference", "received", "name", "e-mail", "offer", "stage", "remarks"),
            [
                (
                    view.reference,
                    console.local(view.received_at),
                    view.name or "?",
                    view.email or "?",
                    view.offer or "?",
                    view.stage,
                    ", ".join(view.flags),
                )
                for view in views
            ],
        )
    else:
        console.tell("there is no such application")
    return DONE


@click.command()
@click.argument("reference", metavar="REF")
@console.config_option
@console.json_option
def show(reference: str, config_file: Path | None, *, as_json: bool) -> int:
    """Show one application with its documents, messages and history."""
    with console.database(config_file) as (settings, engine):
        from storage import queries  # noqa: PLC0415
        from storage.database import reading  # noqa: PLC0415

        with reading(engine) as session:
            item = queries.show(session, reference)
    if as_json:
        console.emit(shapes.detail(item))
    else:
        _print_detail(item, Path(settings.storage.documents))
    return DONE


@click.command()
@click.argument("reference", metavar="REF")
@click.argument("stage", type=click.Choice(STAGES))
@click.option("--note", metavar="TEXT", help="Why; kept in the history.")
@console.config_option
def move(reference: str, stage: str, note: str | None, config_file: Path | None) -> int:
    """Record a recruiter's decision on an application."""
    with console.database(config_file) as (_, engine):
        from storage import applications  # noqa: PLC0415
        from storage.database import transaction  # noqa: PLC0415

        with transaction(engine) as session:
            applications.move(session, reference, applications.Stage(stage), note=note, actor=_actor(), now=console.now())
    console.tell(f"{reference.upper()} is now {stage}")
    return DONE


@click.command()
@click.argument("item", required=False, metavar="[ID]")
@click.option("--application", "slug", metavar="SLUG", help="It is an application for this offer.")
@click.option("--ignore", is_flag=True, help="It needs nothing; it stays where it is, out of the list.")
@click.option("--send", is_flag=True, help="Send this mail of ours, which was held or failed.")
@console.config_option
@console.json_option
def triage(item: str | None, slug: str | None, config_file: Path | None, *, ignore: bool, send: bool, as_json: bool) -> int:
    """List what needs a person; with an ID as listed, decide it."""
    if item is None and (slug is not None or ignore or send):
        raise click.UsageError("name the ID to decide, as `pli triage` lists it")
    if item is not None and (slug is not None) + ignore + send != 1:
        raise click.UsageError("say one of --application SLUG, --ignore or --send")
    with console.database(config_file) as (settings, engine):
        if item is not None:
            return _decide(settings, engine, item, slug, ignore=ignore, send=send, as_json=as_json)
        from storage import queries  # noqa: PLC0415
        from storage.database import reading  # noqa: PLC0415

        with reading(engine) as session:
            items = queries.triage(session)
    if as_json:
        console.emit([shapes.triaged(entry) for entry in items])
    else:
        _print_triage(items)
    return DONE


def _decide(settings: Settings, engine: Engine, item: str, slug: str | None, *, ignore: bool, send: bool, as_json: bool) -> int:
    from storage import applications, triage  # noqa: PLC0415
    from storage.database import transaction  # noqa: PLC0415

    kind, number = item[:1].lower(), item[1:]
    outcome: dict[str, Any] = {"id": item, "outcome": "sent" if send else "ignored", "reference": None}
    if kind == "m" and number.isdecimal() and slug is not None:
        recorded = _take_in(settings, int(number), slug)
        outcome |= {"outcome": recorded.outcome, "reference": recorded.reference}
    else:
        with transaction(engine) as session:
            if kind == "m" and number.isdecimal() and ignore:
                triage.ignore_message(session, int(number), actor=_actor())
            elif kind == "o" and number.isdecimal() and send:
                triage.release_mail(session, int(number), now=console.now())
            elif kind == "o" and number.isdecimal() and ignore:
                triage.ignore_mail(session, int(number))
            elif slug is not None and "-" in item:
                applications.reroute(session, item, slug, actor=_actor(), now=console.now())
                outcome |= {"outcome": "rerouted", "reference": item.upper()}
            else:
                raise click.UsageError(f"{item} cannot be decided so; {_DECISIONS}")
    if as_json:
        console.emit(shapes.decided(**outcome))
    console.tell(f"{item}: {' '.join(filter(None, (outcome['outcome'], outcome['reference'])))}")
    return DONE


def _take_in(settings: Settings, message_id: int, slug: str) -> Any:
    """Read the message again and record it as an application for the offer that a person named."""
    from intake.process import take_in  # noqa: PLC0415
    from scheduler import acknowledgement_policy, plant  # noqa: PLC0415

    with plant(settings) as parts:
        recorded = take_in(parts.desk, message_id, slug, owner=parts.owner, policy=acknowledgement_policy(settings))
    if recorded is None:
        raise LookupError(f"m{message_id} is not waiting for a decision; `pli triage` lists what is")
    return recorded


def _print_detail(item: ApplicationDetail, documents: Path) -> None:
    view = item.application
    console.write(f"{view.reference}  {view.name or 'name unknown'}  <{view.email or 'no address'}>  {view.phone or ''}".rstrip())
    console.write(f"for {view.offer_title or 'an unknown offer'}{'' if view.offer_certain else ' (not certain)'}, {view.stage}")
    acknowledged = f"acknowledged {console.local(view.acknowledged_at)}" if view.acknowledged_at else "not acknowledged"
    console.write(f"received {console.local(view.received_at)}, last contact {console.local(view.last_contact_at)}, {acknowledged}")
    if view.flags:
        console.write(f"remarks: {', '.join(view.flags)}")
    if view.documents:
        console.write("\nDocuments")
    for document in view.documents:
        pages = f", {document.pages} page{'s' if document.pages > 1 else ''}" if document.pages else ""
        problems = f"; {', '.join(document.problems)}" if document.problems else ""
        console.write(f"  {document.role}: {document.filename} ({document.media_type}{pages}{problems})")
        console.write(f"    {documents / document.sha256[:2] / document.sha256[2:]}")
    for message in item.messages:
        console.write(f"\nMessage m{message.id} of {console.local(message.received_at)} from {message.author or '?'} in {message.mailbox}")
        console.write(f"  {message.subject or 'no subject'}")
        for line in message.body.strip().splitlines():
            console.write(f"  | {line}")
    console.write("\nHistory")
    for event in item.history:
        console.write(f"  {console.local(event.at)}  {event.kind}  {event.actor}  {_said(event.data)}".rstrip())


def _print_triage(items: list[TriageView]) -> None:
    for entry in items:
        console.write(f"{entry.id}  {console.local(entry.at)}  {entry.author or '?'}  {entry.subject or ''}".rstrip())
        console.write(f"    {entry.cause}")
        console.write(f"    {entry.remedy}")
    if not items:
        console.tell("nothing needs a person")


def _said(data: dict[str, Any]) -> str:
    return ", ".join(f"{key}: {', '.join(map(str, value)) if isinstance(value, list) else value}" for key, value in data.items() if value)


def _actor() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "command line"
