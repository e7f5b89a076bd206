"""What the demo prints: each message with what became of it and why, each pass, the servers' word for it, and where the mails lie."""

from __future__ import annotations

import os
import shutil
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from rich import box
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from cli.console import clean, count, wrapped, write
from demo.outcome import Told
from demo.servers import Flags
from scheduler import PollResult

_WRITING = ("SELECT", "STORE", "APPEND", "COPY", "MOVE", "EXPUNGE", "CLOSE", "CREATE", "DELETE", "RENAME", "SUBSCRIBE", "UNSUBSCRIBE")
"""IMAP commands that change a mailbox, or open one for change (RFC 3501, 6.3 and 6.4)."""
_PIPE_WIDTH = 150
_NARROW = 130
"""Columns that the table of messages needs, so that no address in it is broken."""
_CAPTION = (
    "Outcomes are read from pli's database. Of what was left alone it holds nothing but the position: class and reasons of those were "
    "worked out for this table, from the demo's own copy and with the function that pli used."
)


@dataclass(frozen=True, slots=True)
class Pass:
    """One pass and what it came to."""

    at: str
    words: str
    result: PollResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What the servers say."""

    flags_delivered: Flags
    flags_after: Flags
    commands: Counter[str]
    """IMAP commands that pli sent, in all passes."""
    sent_again: int
    """Mails that the last pass and the second digest sent."""
    digests_again: int
    database_changed: bool
    """Whether the last pass left a trace in the database."""

    @property
    def writing_commands(self) -> int:
        """How many of the commands could have changed a mailbox."""
        return sum(self.commands[name] for name in _WRITING)

    @property
    def flags_changed(self) -> int:
        """How many messages carry other flags than they were delivered with, or are gone."""
        places = self.flags_delivered.keys() | self.flags_after.keys()
        return sum(self.flags_delivered.get(place) != self.flags_after.get(place) for place in places)


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that there is to show."""

    told: tuple[Told, ...]
    passes: tuple[Pass, ...]
    digests: int
    proof: Proof
    acknowledgements: tuple[Path, ...]
    pages: tuple[Path, ...]
    """The digests' files."""

    @property
    def promises(self) -> list[tuple[str, bool]]:
        """What pli promises, in words, and whether it was kept."""
        proof, last = self.proof, self.passes[-1].result
        reading = ", ".join(f"{name} {count}" for name, count in sorted(proof.commands.items()))
        quiet = not (last.fetched or last.applications or last.updated or last.ignored or last.triage or last.failed or last.sent)
        return [
            ("every mailbox was read, and every mail sent, without trouble", not any(map(_trouble, self.passes))),
            (f"flags of {len(proof.flags_after)} messages compared on the server: {proof.flags_changed} changed", not proof.flags_changed),
            (
                f"IMAP commands in the server's log that could change a mailbox: {proof.writing_commands} (pli sent {reading})",
                not proof.writing_commands and proof.commands["EXAMINE"] > 0,
            ),
            (
                f"the last pass and a second digest: {last.fetched} fetched, {proof.sent_again + proof.digests_again} sent, database "
                f"{'changed' if proof.database_changed else 'unchanged to the last row'}",
                quiet and not (proof.sent_again or proof.digests_again or proof.database_changed),
            ),
        ]

    @property
    def as_promised(self) -> bool:
        """Whether all promises were kept."""
        return all(kept for _, kept in self.promises)


def step(words: str) -> None:
    """Say what is being done now."""
    _print(Text(words, style="dim"))


def show(report: Report, folder: Path, *, seconds: float) -> None:
    """Print the whole report."""
    _print("")
    if sys.stdout.isatty() and Console(file=sys.stdout).width < _NARROW:
        _list_messages(report)
    else:
        _print(_messages(report))
    _print(_passes(report))
    for words, kept in report.promises:
        _print(Text.assemble(("yes  ", "green") if kept else ("NO   ", "bold red"), words))
    for problem in (problem for each in report.passes if (problem := _trouble(each))):
        _print(Text(problem, style="red"))
    for title, paths in (("The digests", report.pages), ("The acknowledgements", report.acknowledgements)):
        _print(f"\n{title}, as the SMTP server received them:")
        for path in sorted(map(str, paths)) or ["none"]:
            _print(f"  {path}")
    _print(f"\nThe mails that came in: {folder / 'mails'}")
    _print(f"Look further:           {_program()} candidates --config {folder / 'pli.toml'}")
    _print(f"Done in {seconds:.1f} s; both servers have ended. People, firms and mails are invented.")


def _title(report: Report) -> str:
    kept = sum(told.kept for told in report.told)
    return f"{len(report.told)} messages in two personal mailboxes, {kept} of them the recruiters' business"


def _list_messages(report: Report) -> None:
    """Print what the table says, one message after the other: in narrow columns addresses would be broken."""
    wrapped(_title(report))
    for told in report.told:
        write()
        wrapped(f"{_arrived(told).plain.replace(chr(10), ' ')}  {told.mail.what}")
        for text in (_message(told).plain.partition("\n")[2], _verdict(told).plain, told.outcome):
            for line in text.split("\n"):
                wrapped(line, "    ")
    write()
    wrapped(_CAPTION)
    write()


def _messages(report: Report) -> Table:
    table = Table(
        title=_title(report),
        caption=_CAPTION,
        box=box.HORIZONTALS,
        pad_edge=False,
        show_lines=True,
        title_justify="left",
        caption_justify="left",
        title_style="bold",
    )
    table.add_column("Arrived", no_wrap=True)
    table.add_column("Message", ratio=4, overflow="fold")
    table.add_column("Class, and why", ratio=5, overflow="fold")
    table.add_column("What became of it", ratio=4, overflow="fold")
    for told in report.told:
        table.add_row(_arrived(told), _message(told), _verdict(told), Text(clean(told.outcome), style="" if told.kept else "dim"))
    return table


def _arrived(told: Told) -> Text:
    owner = told.mailbox.partition(".")[0].title()
    return Text.assemble(f"{told.mail.received_at:%d/%m %H:%M}\n", (owner, "dim"))


def _message(told: Told) -> Text:
    return Text.assemble((clean(told.mail.what), "bold"), "\n", clean(told.mail.subject), "\n", (clean(told.mail.sender), "dim"))


def _verdict(told: Told) -> Text:
    offer = f" for {told.offer}" if told.offer else ""
    return Text.assemble((f"{told.mail_class}{offer}", "bold" if told.kept else ""), *(f"\n{clean(reason)}" for reason in told.reasons))


def _passes(report: Report) -> Table:
    lines = [(each.at, each.words, each.result) for each in report.passes]
    columns: dict[str, list[int]] = {
        "Fetched": [result.fetched for _, _, result in lines],
        "New": [result.applications for _, _, result in lines],
        "Updated": [result.updated for _, _, result in lines],
        "Ignored": [result.ignored for _, _, result in lines],
        "Triage": [result.triage for _, _, result in lines],
        "Failed": [result.failed for _, _, result in lines],
        "Sent": [result.sent for _, _, result in lines],
    }
    shown = {name: numbers for name, numbers in columns.items() if any(numbers) or name not in {"Triage", "Failed"}}
    table = Table("At", "What", title="The passes", box=box.SIMPLE_HEAD, title_justify="left", title_style="bold", pad_edge=False)
    for name in shown:
        table.add_column(name, justify="right", no_wrap=True)
    for index, (at, words, _) in enumerate(lines):
        if index == len(lines) - 1:
            table.add_row("12:00", "pli digest", *[""] * (len(shown) - 1), str(report.digests))
        table.add_row(at, words, *(str(numbers[index]) for numbers in shown.values()))
    return table


def _trouble(each: Pass) -> str:
    result = each.result
    told = [*(f"{mailbox.address}: {mailbox.error}" for mailbox in result.mailboxes if mailbox.error), *result.problems]
    mails = result.deferred + result.refused + result.unknown
    if mails or result.failed:
        told.append(f"{count(mails, 'mail')} not sent for sure, {count(result.failed, 'message')} not read; `pli triage` shows them")
    return "; ".join(told) and f"{each.at}: {'; '.join(told)}"


def _print(what: RenderableType) -> None:
    """Print to stdout: as wide as the terminal, or in a pipe as wide as tables need, without the blanks that fill their lines."""
    if sys.stdout.isatty():
        Console(file=sys.stdout, highlight=False, markup=False).print(what, soft_wrap=isinstance(what, str))
        return
    console = Console(file=sys.stdout, width=_PIPE_WIDTH, highlight=False, markup=False)
    with console.capture() as captured:
        console.print(what, soft_wrap=isinstance(what, str))
    print(*(line.rstrip() for line in captured.get().splitlines()), sep="\n", flush=True)  # noqa: T201 - this is the demo's output


def _program() -> str:
    """Return how to call pli from here."""
    beside = Path(sys.executable).with_name("pli")
    found = shutil.which("pli")
    return "pli" if (found and Path(found).exists()) or not beside.exists() else os.path.relpath(beside)
