"""A read file as a card in the terminal: facts with their pages, lines that fit, no colour in a pipe."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import click

from cli import console
from cli.findings import Finding, findings
from cli.parse_words import GROUPS, about, counted, dates, length, problems, words

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text as RichText

    from cli.child import ReadFile

_LANGUAGE = "en"
_NARROW = 48
"""Columns below which names of facts stand above them."""


class Row(NamedTuple):
    """A line of the card."""

    label: str
    value: str
    note: str = ""
    """Less important: dates, where it stands."""
    strong: bool = False


def print_card(file: str, read: ReadFile) -> None:
    """Print what was read in `file`."""
    head = f"{file}: {about(read.document, _LANGUAGE)}, {read.seconds:.3f} s"
    rows = [row._replace(value=" ".join(row.value.split())) for row in _rows(read)]
    width = console.terminal_width()
    if width:
        click.echo(_drawn(head, rows, width), nl=False)
        return
    console.write(head)
    for row in rows:
        console.write(f"  {row.label}: {' '.join(filter(None, (row.value, row.note)))}" if row.value else f"  {row.label}: {row.note}")


def _rows(read: ReadFile) -> Iterator[Row]:
    table, facts = words(_LANGUAGE), findings(read.profile)
    kinds = {str(kind): str(word).lower() for kind, word in table["kinds"].items()}
    for kind in (kind for group in GROUPS.values() for kind in group):
        of_kind = [fact for fact in facts if fact.kind == kind]
        if kind == "stated" and read.profile.experience_months is not None:
            yield Row("experience", str(table["total"]).format(length=length(read.profile.experience_months, _LANGUAGE)))
        if kind in {"skill", "language", "certificate"} and of_kind:
            yield Row(str(table["groups"][kind]).lower(), _listed(of_kind))
            continue
        for fact in of_kind:
            value = (
                f"{fact.detail}: {fact.value}"
                if kind == "link" and fact.detail
                else _with(fact.value or str(table["untitled"]), fact.detail)
            )
            yield Row(kinds[kind], value, _notes(fact), strong=kind == "name")
    for item in read.evidence or ():
        quotes = ", ".join(" ".join(filter(None, (f"“{' '.join(fact.quote.split())}”", _page(fact.page)))) for fact in item.found)
        missing = table["sentences"]["not_found" if item.sought else "not_sought"]
        yield Row(str(table["headings"]["asked"]).lower(), f"{item.asked}: {quotes or missing}")
    if read.evidence == ():
        yield Row(str(table["headings"]["asked"]).lower(), str(table["sentences"]["nothing_asked"]))
    for problem in problems(read, _LANGUAGE):
        yield Row("problem", problem)
    yield Row("text", f"{counted(len(read.document.text.split()), table['words'])}{'; --json has them' if read.document.text else ''}")


def _with(value: str, detail: str) -> str:
    return f"{value} ({detail})" if detail else value


def _notes(fact: Finding) -> str:
    when = dates(fact, _LANGUAGE)
    return " ".join(part for part in (f"[{when}]" if when else "", _page(fact.page)) if part)


def _page(page: int | None) -> str:
    return f"[{words(_LANGUAGE)['short_page'].format(number=page)}]" if page else ""


def _listed(facts: Sequence[Finding]) -> str:
    """Return values with commas between; where the page changes, what came before is told its page."""
    said: list[str] = []
    for number, fact in enumerate(facts):
        following = facts[number + 1].page if number + 1 < len(facts) else None
        note = _page(fact.page) if fact.page != following else ""
        said.append(" ".join(filter(None, (_with(fact.value, fact.detail), note))))
    return ", ".join(said)


def _drawn(head: str, rows: Sequence[Row], width: int) -> str:
    """Return the card for a terminal of `width` columns."""
    from rich.console import Console, Group, RenderableType  # noqa: PLC0415
    from rich.padding import Padding  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    terminal = Console(width=width, highlight=False)
    parts: list[RenderableType] = [Text(console.clean(head), style="bold")]
    if width < _NARROW:
        for row in rows:
            parts += [Text(console.clean(row.label), style="cyan"), Padding(_text(row), (0, 0, 0, 2))]
    else:
        parts.append(_grid(rows))
    with terminal.capture() as caught:
        terminal.print(Group(*parts, Text()))
    return caught.get()


def _grid(rows: Sequence[Row]) -> Table:
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for row in rows:
        grid.add_row(Text("  " + console.clean(row.label), style="cyan"), _text(row))
    return grid


def _text(row: Row) -> RichText:
    from rich.text import Text  # noqa: PLC0415

    text = Text(console.clean(row.value), style="bold" if row.strong else "")
    if row.note:
        text.append((" " if row.value else "") + console.clean(row.note), style="dim")
    return text
