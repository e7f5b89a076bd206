"""Commands for recruiters: candidates, show, move."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import DONE, console, shapes

if TYPE_CHECKING:
    from storage.merging import Merged
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


@click.command()
@click.argument("keep", metavar="REF")
@click.argument("other", metavar="OTHER")
@click.option("--note", metavar="TEXT", help="Why; kept in the history.")
@console.config_option
@console.json_option
def merge(keep: str, other: str, note: str | None, config_file: Path | None, *, as_json: bool) -> int:
    """Make two applications of one person one: REF stays, and OTHER leads to it."""
    with console.database(config_file) as (_, engine):
        from storage.database import transaction  # noqa: PLC0415
        from storage.merging import merge as merge_applications  # noqa: PLC0415

        with transaction(engine) as session:
            done = merge_applications(session, keep, other, actor=console.actor(), note=note, now=console.now())
    if as_json:
        console.emit(shapes.merged(done))
    tell_merged(done)
    return DONE


def tell_merged(done: Merged) -> None:
    """Say what a merger did."""
    if not done.changed:
        same = f"{done.reference} and {done.beside} are applications of one person" if done.beside else f"they are one: {done.reference}"
        console.tell(f"{same} already; nothing was changed")
        return
    if done.merged:
        console.tell(f"{', '.join(done.merged)} {'is' if len(done.merged) == 1 else 'are'} in {done.reference} now")
    if done.beside:
        console.tell(f"{done.reference} and {done.beside} are of one person now; they stay two, because they are for different offers")
        console.tell(f"if they are two people after all: `pli split {done.beside}`")


@click.command()
@click.argument("reference", metavar="REF")
@click.option("--message", "messages", multiple=True, callback=console.message_numbers, metavar="ID", help="A message, such as m12.")
@click.option("--address", "addresses", multiple=True, metavar="EMAIL", help="Every message from this address.")
@click.option("--note", metavar="TEXT", help="Why; kept in the history.")
@console.config_option
@console.json_option
def split(
    reference: str, messages: tuple[int, ...], addresses: tuple[str, ...], note: str | None, config_file: Path | None, *, as_json: bool
) -> int:
    """Take messages that are another person's out of REF, into an application of their own.

    Without any, REF as a whole is another person's again, with whose other applications it was put together.
    """
    if not messages and not addresses:
        return _split_person(reference, note, config_file, as_json=as_json)
    with console.database(config_file) as (_, engine):
        from storage.database import transaction  # noqa: PLC0415
        from storage.splitting import split as split_application  # noqa: PLC0415

        with transaction(engine) as session:
            now, actor = console.now(), console.actor()
            done = split_application(session, reference, messages=messages, addresses=addresses, actor=actor, note=note, now=now)
    if as_json:
        console.emit(shapes.split(done))
    what = console.count(len(done.messages), "message")
    said = f"{what} of {done.origin} {'is' if len(done.messages) == 1 else 'are'} in {done.reference} now"
    console.tell(said if done.changed else f"that is in {done.reference} already; nothing was changed")
    return DONE


def _split_person(reference: str, note: str | None, config_file: Path | None, *, as_json: bool) -> int:
    with console.database(config_file) as (_, engine):
        from storage.database import transaction  # noqa: PLC0415
        from storage.splitting import split_person  # noqa: PLC0415

        with transaction(engine) as session:
            done = split_person(session, reference, actor=console.actor(), note=note, now=console.now())
    if as_json:
        console.emit(shapes.split(done))
    console.tell(f"{done.reference} and {done.origin} are of two people now")
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
    if view.forwarded_by:
        console.write(f"handed on by {view.forwarded_by}")
    if view.withheld:
        console.write(f"not acknowledged because: {', '.join(view.withheld)}")
    if len(view.emails) > 1:
        console.write(f"addresses: {', '.join(view.emails)}")
    if view.former_references:
        console.write(f"merged into it: {', '.join(view.former_references)}")
    if view.flags:
        console.write(f"remarks: {', '.join(view.flags)}")
    for double in view.doubles:
        shared = ", ".join(f"{kind}{f' {detail}' if detail else ''}" for kind, detail in double.evidence)
        console.write(f"perhaps the same person as {double.reference}: the same {shared}")
        console.write(f"  `pli merge {view.reference} {double.reference}` makes them one, `pli triage d{double.id} --different` does not")
    if view.documents:
        console.write("\nDocuments")
    for document in view.documents:
        pages = f", {console.count(document.pages, 'page')}" if document.pages else ""
        problems = f"; {', '.join(document.problems)}" if document.problems else ""
        version = f", version {document.version}{', superseded' if document.superseded else ''}" if document.version else ""
        console.write(f"  {document.role}: {document.filename} ({document.media_type}{pages}{version}{problems})")
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
    told = {key: value for key, value in data.items() if value and not isinstance(value, dict)}  # that is for `pli split`
    return ", ".join(f"{key}: {', '.join(map(str, value)) if isinstance(value, list) else value}" for key, value in told.items())
