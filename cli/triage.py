"""The command for what pli set aside: list it with both readings and the decisions that are possible, or take one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import DONE, console, shapes
from cli.readings import in_words

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from config import Settings
    from storage.views import TriageView

_DECISIONS = (
    "a message (m12) takes --application or --ignore, a mail of ours (o7) --send or --ignore, an application (K7QM-4F2P) --application, "
    "a suspected double (d5) --same or --different"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Decision:
    """What the command line says about one thing."""

    item: str
    slug: str | None
    ignore: bool
    send: bool
    same: bool
    different: bool
    note: str | None


@click.command()
@click.argument("item", required=False, metavar="[ID]")
@click.option("--application", "slug", metavar="SLUG", help="It is an application for this offer.")
@click.option("--ignore", is_flag=True, help="It needs nothing; it stays where it is, out of the list.")
@click.option("--send", is_flag=True, help="Send this mail of ours, which was held or failed.")
@click.option("--same", is_flag=True, help="The two applications are of one person: make them one.")
@click.option("--different", is_flag=True, help="They are two people; do not ask again.")
@click.option("--note", metavar="TEXT", help="Why they are one person or two; kept in the history.")
@click.option("--share", is_flag=True, help="Say how many of all messages pli was not sure of.")
@console.config_option
@console.json_option
def triage(
    item: str | None,
    slug: str | None,
    note: str | None,
    config_file: Path | None,
    *,
    ignore: bool,
    send: bool,
    same: bool,
    different: bool,
    share: bool,
    as_json: bool,
) -> int:
    """List what needs a person; with an ID as listed, show that or decide it."""
    decisions = (slug is not None) + ignore + send + same + different
    if item is None and (decisions or note is not None):
        raise click.UsageError("name the ID to decide, as `pli triage` lists it")
    if item is not None and (decisions > 1 or share):
        raise click.UsageError("say one of --application SLUG, --ignore, --send, --same or --different")
    if note is not None and not (same or different):
        raise click.UsageError("--note goes with --same or --different")
    with console.database(config_file) as (settings, engine):
        if item is not None and decisions:
            decision = _Decision(
                item=item.strip(), slug=slug, ignore=ignore, send=send, same=same, different=different, note=note
            )  # fmt: skip
            return _decide(settings, engine, decision, as_json=as_json)
        return _tell_share(engine, as_json=as_json) if share else _list(engine, item, as_json=as_json)


def _list(engine: Engine, only: str | None, *, as_json: bool) -> int:
    from storage import triage_list  # noqa: PLC0415
    from storage.database import reading  # noqa: PLC0415

    with reading(engine) as session:
        wanted = None if only is None else only.strip().lower()
        items = [(entry, _decisions(entry)) for entry in triage_list.triage(session) if wanted in {None, str(entry.id).lower()}]
        unsure = triage_list.share_of_unsure(session)
    if only is not None and not items:
        raise LookupError(f"{only} needs no decision; `pli triage` lists what does")
    if as_json:
        console.emit([shapes.triaged(*each) for each in items])
        return DONE
    for each in items:
        _print(*each)
    if not items:
        console.tell("nothing needs a person")
    if unsure.unsure and only is None:
        console.tell(f"of {console.count(unsure.total, 'message')} pli was not sure of {unsure.unsure} ({unsure.ratio:.1%})")
    return DONE


def _tell_share(engine: Engine, *, as_json: bool) -> int:
    from storage import triage_list  # noqa: PLC0415
    from storage.database import reading  # noqa: PLC0415

    with reading(engine) as session:
        unsure = triage_list.share_of_unsure(session)
    if as_json:
        console.emit(shapes.share(unsure))
    else:
        console.write(f"{unsure.unsure} of {console.count(unsure.total, 'message')}: {unsure.ratio:.1%}")
    return DONE


def _decisions(entry: TriageView) -> list[tuple[str, str]]:
    """Return the commands that would settle it, each with what it would do."""
    ignore = ("--ignore", "takes it off this list; it stays stored, and nobody is written to")
    match entry.kind:
        case "mail" if entry.cause.startswith("queued:"):
            options: tuple[tuple[str, str], ...] = ()  # it goes out by itself
        case "mail":
            options = (("--send", f"sends it to {entry.author}"), ("--ignore", "leaves it unsent for good"))
        case "application":
            options = (("--application SLUG", "says which offer it is for; nobody is written to"),)
        case "double":
            kept, joined = entry.reference, entry.other_reference
            options = (
                ("--same", f"makes them one: {joined} leads to {kept}, which gets one acknowledgement at most"),
                ("--different", "keeps them apart, and does not ask again about these two people"),
            )
        case _:
            options = (("--application SLUG", _taking_in(entry)), ignore)
    return [(f"pli triage {entry.id} {option}", effect) for option, effect in options]


def _taking_in(entry: TriageView) -> str:
    """Say what becomes of a message that is taken in."""
    if entry.withheld:
        return f"records it as an application for that offer; nobody is acknowledged ({', '.join(entry.withheld)})"
    return f"records it as an application for that offer, and acknowledges it to {entry.author or 'its author'} if nothing else forbids it"


def _print(entry: TriageView, decisions: Sequence[tuple[str, str]]) -> None:
    console.wrapped(f"{entry.id}  {console.local(entry.at)}  {entry.author or '?'}  {entry.subject or ''}".rstrip())
    for line in (entry.cause, entry.remedy):
        console.wrapped(line, "    ")
    what = "one person" if entry.kind == "double" else "an application"
    for reading, reasons in ((f"for {what}", entry.speaks_for), (f"against {what}", entry.speaks_against)):
        if entry.speaks_for or entry.speaks_against:
            console.wrapped(f"{reading}: {in_words(reasons) or 'nothing'}", "    ")
    told = all(word in entry.remedy for command, _ in decisions for word in command.split() if word.startswith("--"))
    if decisions and entry.kind in {"message", "double"}:
        for command, effect in decisions:
            console.wrapped(f"`{command}` {effect}", "    ")
    elif not told:  # else the remedy is the decision itself
        console.wrapped(f"decide: {' or '.join(f'`{command}`' for command, _ in decisions)}", "    ")
    if entry.offers:
        console.wrapped(f"offers that fit: {', '.join(entry.offers)}", "    ")


def _decide(settings: Settings, engine: Engine, decision: _Decision, *, as_json: bool) -> int:
    item, number = decision.item, decision.item[1:]
    kind = item[:1].lower() if number.isdecimal() else "reference"
    outcome: dict[str, Any] = {"id": item, "outcome": "sent" if decision.send else "ignored", "reference": None}
    if kind == "m" and decision.slug is not None:
        recorded = _take_in(settings, int(number), decision.slug)
        outcome |= {"outcome": recorded.outcome, "reference": recorded.reference}
        said = f"{item} {'is a new application' if recorded.outcome == 'application' else 'joined an application'}: {recorded.reference}"
    elif kind == "d" and (decision.same or decision.different):
        changes, said = _decide_double(engine, int(number), decision)
        outcome |= changes
    else:
        changes, said = _decide_one(engine, kind, decision)
        outcome |= changes
    if as_json:
        console.emit(shapes.decided(**outcome))
    console.tell(said)
    return DONE


def _decide_one(engine: Engine, kind: str, decision: _Decision) -> tuple[dict[str, Any], str]:
    """Take a decision that needs nothing but the database; returns what changes in the outcome, and the words."""
    from storage import applications, triage  # noqa: PLC0415
    from storage.database import transaction  # noqa: PLC0415

    item, number = decision.item, decision.item[1:]
    with transaction(engine) as session:
        match kind:
            case "m" if decision.ignore:
                triage.ignore_message(session, int(number), actor=console.actor())
                return {}, f"{item} is put away"
            case "o" if decision.send:
                triage.release_mail(session, int(number), now=console.now())
                return {}, f"{item} is in line again; `pli poll` sends it"
            case "o" if decision.ignore:
                triage.ignore_mail(session, int(number))
                return {}, f"{item} stays unsent"
            case "reference" if decision.slug is not None and "-" in item:
                applications.reroute(session, item, decision.slug, actor=console.actor(), now=console.now())
                return {"outcome": "rerouted", "reference": item.upper()}, f"{item.upper()} is now for {decision.slug}"
    raise click.UsageError(f"{item} cannot be decided so; {_DECISIONS}")


def _decide_double(engine: Engine, number: int, decision: _Decision) -> tuple[dict[str, Any], str]:
    from storage import doubles, merging  # noqa: PLC0415
    from storage.database import transaction  # noqa: PLC0415

    with transaction(engine) as session:
        now, actor = console.now(), console.actor()
        if decision.different:
            one, other = doubles.decide_different(session, number, actor=actor, note=decision.note, now=now)
            return {"outcome": "different", "reference": one}, f"{one} and {other} are of two people"
        kept, joined = (row.reference for row in doubles.pair_of(session, number))
        done = merging.merge(session, kept, joined, actor=actor, note=decision.note, now=now)
    said = f"{joined} is in {done.reference} now" if done.merged else f"{kept} and {joined} are of one person now"
    return {"outcome": "same", "reference": done.reference}, said


def _take_in(settings: Settings, message_id: int, slug: str) -> Any:
    """Read the message again and record it as an application for the offer that a person named."""
    from intake.process import take_in  # noqa: PLC0415
    from plant import acknowledgement_policy, plant  # noqa: PLC0415

    with plant(settings) as parts:
        recorded = take_in(parts.desk, message_id, slug, owner=parts.owner, policy=acknowledgement_policy(settings))
    if recorded is None:
        raise LookupError(f"m{message_id} is not waiting for a decision; `pli triage` lists what is")
    return recorded
