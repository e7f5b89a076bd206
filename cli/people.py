"""Commands for recruiters: candidates, show, move."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import DONE, console, shapes

if TYPE_CHECKING:
    from storage.views import ApplicationDetail, ApplicationView

STAGES = ("received", "in_review", "interview", "proposed", "hired", "declined", "withdrawn")
"""`storage.applications.Stage`, said again so that `--help` needs no database library; a test compares them."""

_UNVERIFIED = "unverified_sender"


@click.command()
@click.option("--offer", metavar="SLUG", help="Only applications for this offer.")
@click.option("--stage", type=console.Word(STAGES), metavar="STAGE", help="Only those in this stage.")
@click.option("--since", callback=console.day, metavar="YYYY-MM-DD", help="Only those received on this day or later.")
@click.option("--waiting", is_flag=True, help="Only those on which nobody has decided.")
@console.config_option
@console.json_option
def candidates(offer: str | None, stage: str | None, since: date | None, config_file: Path | None, *, waiting: bool, as_json: bool) -> int:
    """List the applications in the order of their arrival: there is no ranking."""
    with console.database(config_file) as (_, engine):
        from storage import queries  # noqa: PLC0415
        from storage.database import reading  # noqa: PLC0415

        with reading(engine) as session:
            views = queries.applications(session, offer=offer, stage=stage, since=since, waiting=waiting)
    if as_json:
        console.emit([shapes.application(view) for view in views])
    elif views:
        _print_list(views)
    elif offer or stage or since or waiting:
        console.tell("no application is like that; `pli candidates` lists them all")
    else:
        console.tell("there is no application yet")
    return DONE


def _print_list(views: list[ApplicationView]) -> None:
    everybody = all(_UNVERIFIED in view.flags for view in views)  # then it says something about the mail provider, and nothing about them
    console.table(
        ("reference", "received", "name", "e-mail", "offer", "stage", "remarks"),
        [
            (
                view.reference,
                console.local(view.received_at),
                view.name or "?",
                view.email or "?",
                console.cut(view.offer or "?"),
                view.stage,
                ", ".join(flag for flag in view.flags if not (everybody and flag == _UNVERIFIED)),
            )
            for view in views
        ],
    )
    if everybody:
        console.tell("nobody's address is verified: the mail provider says nothing about senders (Authentication-Results)")


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
@click.argument("stage", type=console.Word(STAGES), metavar="STAGE")
@click.option("--note", metavar="TEXT", help="Why; kept in the history.")
@console.config_option
def move(reference: str, stage: str, note: str | None, config_file: Path | None) -> int:
    """Record a recruiter's decision on an application."""
    with console.database(config_file) as (_, engine):
        from storage import applications, queries  # noqa: PLC0415
        from storage.database import transaction  # noqa: PLC0415

        with transaction(engine) as session:
            item = queries.show(session, reference)
            known = item.application.reference
            if item.application.stage == stage and note in (None, _last_note(item)):
                console.tell(f"{known} is in {stage} already; nothing was changed")
                return DONE
            applications.move(session, known, applications.Stage(stage), note=note, actor=console.actor(), now=console.now())
    console.tell(f"{known} is now in {stage}")
    return DONE


def _last_note(item: ApplicationDetail) -> str | None:
    """Return the note of the latest decision."""
    notes = [event.data.get("note") for event in item.history if event.kind == "moved"]
    return notes[-1] if notes else None


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
        pages = f", {console.count(document.pages, 'page')}" if document.pages else ""
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


def _said(data: dict[str, Any]) -> str:
    return ", ".join(f"{key}: {', '.join(map(str, value)) if isinstance(value, list) else value}" for key, value in data.items() if value)
