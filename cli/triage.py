"""The command for what pli set aside: list it with the decisions that are possible, or take one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import DONE, console, shapes

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

    from config import Settings
    from storage.views import TriageView

_DECISIONS = (
    "a message (m12) takes --application or --ignore, a mail of ours (o7) --send or --ignore, an application (K7QM-4F2P) --application"
)


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
            return _decide(settings, engine, item.strip(), slug, ignore=ignore, send=send, as_json=as_json)
        from storage import queries  # noqa: PLC0415
        from storage.database import reading  # noqa: PLC0415

        with reading(engine) as session:
            items = [(entry, _decisions(entry), _fitting(session, entry)) for entry in queries.triage(session)]
    if as_json:
        console.emit([shapes.triaged(*each) for each in items])
    for each in () if as_json else items:
        _print(*each)
    if not items and not as_json:
        console.tell("nothing needs a person")
    return DONE


def _decisions(entry: TriageView) -> list[str]:
    """Return the commands that would settle it."""
    options = {"mail": ("--send", "--ignore"), "application": ("--application SLUG",)}.get(entry.kind, ("--application SLUG", "--ignore"))
    if entry.cause.startswith("queued:"):
        options = ()  # it goes out by itself
    return [f"pli triage {entry.id} {option}" for option in options]


def _fitting(session: Session, entry: TriageView) -> list[str]:
    """Return the offers that an application may be for, the likeliest first."""
    from storage import queries  # noqa: PLC0415

    if entry.kind != "application" or entry.reference is None:
        return []
    facts = next((message.understanding for message in queries.show(session, entry.reference).messages), {})
    return list(dict.fromkeys(filter(None, (facts.get("offer"), *facts.get("alternatives", ())))))


def _print(entry: TriageView, decisions: Sequence[str], offers: Sequence[str]) -> None:
    console.wrapped(f"{entry.id}  {console.local(entry.at)}  {entry.author or '?'}  {entry.subject or ''}".rstrip())
    for line in (entry.cause, entry.remedy):
        console.wrapped(line, "    ")
    # the remedy often is the decision itself
    if not all(word in entry.remedy for command in decisions for word in command.split() if word.startswith("--")):
        console.wrapped(f"decide: {' or '.join(f'`{command}`' for command in decisions)}", "    ")
    if offers:
        console.wrapped(f"offers that fit: {', '.join(offers)}", "    ")


def _decide(settings: Settings, engine: Engine, item: str, slug: str | None, *, ignore: bool, send: bool, as_json: bool) -> int:
    from storage import applications, triage  # noqa: PLC0415
    from storage.database import transaction  # noqa: PLC0415

    kind, number = item[:1].lower(), item[1:]
    outcome: dict[str, Any] = {"id": item, "outcome": "sent" if send else "ignored", "reference": None}
    if kind == "m" and number.isdecimal() and slug is not None:
        recorded = _take_in(settings, int(number), slug)
        outcome |= {"outcome": recorded.outcome, "reference": recorded.reference}
        said = f"{item} {'is a new application' if recorded.outcome == 'application' else 'joined an application'}: {recorded.reference}"
    else:
        with transaction(engine) as session:
            if kind == "m" and number.isdecimal() and ignore:
                triage.ignore_message(session, int(number), actor=console.actor())
                said = f"{item} is put away"
            elif kind == "o" and number.isdecimal() and send:
                triage.release_mail(session, int(number), now=console.now())
                said = f"{item} is in line again; `pli poll` sends it"
            elif kind == "o" and number.isdecimal() and ignore:
                triage.ignore_mail(session, int(number))
                said = f"{item} stays unsent"
            elif slug is not None and "-" in item:
                applications.reroute(session, item, slug, actor=console.actor(), now=console.now())
                outcome |= {"outcome": "rerouted", "reference": item.upper()}
                said = f"{item.upper()} is now for {slug}"
            else:
                raise click.UsageError(f"{item} cannot be decided so; {_DECISIONS}")
    if as_json:
        console.emit(shapes.decided(**outcome))
    console.tell(said)
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
