"""What commands share: their options, JSON on stdout, words on stderr, tables and progress for people who look on."""

from __future__ import annotations

import getpass
import json
import shutil
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from config import Settings

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")

_LONG_WORK = 8
"""Files; from here on a person who looks on sees a progress bar."""


_GAP = "  "
"""Between the columns of a table."""


def day(_ctx: click.Context, _param: click.Parameter, value: str | None) -> date | None:
    """Return the day that an option says."""
    try:
        return None if value is None else datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        raise click.BadParameter(f"{value!r} is no day; write YYYY-MM-DD, such as 2026-11-23") from None


def message_numbers(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> tuple[int, ...]:
    """Return the numbers of messages that are named as `pli show` names them."""
    for value in values:
        if not value.lower().removeprefix("m").isdecimal():
            raise click.BadParameter(f"{value!r} is no message; write its id, such as m12")
    return tuple(int(value.lower().removeprefix("m")) for value in values)


class Word(click.Choice[str]):
    """One of a few words, told in one line when it is another or missing."""

    def get_missing_message(self, param: click.Parameter, ctx: click.Context | None) -> str:  # noqa: ARG002 - click's signature
        """Return the words there are."""
        return f"Write one of {', '.join(self.choices)}"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the word that `value` is."""
        if value not in self.choices:
            self.fail(f"{value!r} is none of {', '.join(self.choices)}", param, ctx)
        return str(value)


def config_option(function: F) -> F:
    """Give a command `--config FILE`."""
    return click.option(
        "--config",
        "config_file",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="The settings; default: $PLI_CONFIG, else ./pli.toml.",
    )(function)


def unneeded_config_option(function: F) -> F:
    """Let a command that needs no settings take `--config FILE` as all others do."""
    return click.option("--config", type=click.Path(path_type=Path), expose_value=False, hidden=True)(function)


def json_option(function: F) -> F:
    """Give a command `--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON on stdout, and nothing else there.")(function)


def settings_of(config_file: Path | None) -> Settings:
    """Load the configuration; ConfigError ends the command with exit code 2."""
    from config import load  # noqa: PLC0415

    return load(config_file)


def working_settings(config_file: Path | None) -> Settings:
    """Load the configuration for work with the servers, and see that its passwords can be read. Raises ConfigError."""
    from config import check_secrets  # noqa: PLC0415

    settings = settings_of(config_file)
    check_secrets(settings)
    return settings


@contextmanager
def database(config_file: Path | None) -> Iterator[tuple[Settings, Engine]]:
    """Give settings and the database they name, brought up to date; closed at the end. Raises ConfigError or StorageError."""
    settings = settings_of(config_file)
    from storage.database import open_database, upgrade  # noqa: PLC0415

    engine = open_database(settings.storage.url)
    try:
        upgrade(engine)
        click.get_current_context().obj = settings.digest.timezone
        yield settings, engine
    finally:
        engine.dispose()


def now() -> datetime:
    """Return this moment, aware."""
    return datetime.now(UTC)


def actor() -> str:
    """Return who is at the keyboard, for the history."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "command line"


def local(moment: datetime | None) -> str:
    """Return a moment for people, in the zone of the configuration, as the mails show it."""
    return moment.astimezone(click.get_current_context().obj).strftime("%Y-%m-%d %H:%M") if moment else "?"


def emit(value: Any) -> None:
    """Print one JSON value on one line of ASCII: no terminal, locale or line separator inside a text can break it."""
    click.echo(json.dumps(value))


def tell(message: str) -> None:
    """Say something to the person, on stderr."""
    click.echo(f"pli: {clean(message)}", err=True)


def write(line: str = "") -> None:
    """Print one line of an answer for people."""
    for each in line.split("\n"):
        click.echo(clean(each))


def clean(text: str) -> str:
    """Return `text` without what could steer a terminal: mails are written by strangers.

    Control characters (C0, C1) and invisible format characters (bidi overrides among them) become `?`.
    """
    return "".join(
        "?" if unicodedata.category(letter) in {"Cc", "Cf", "Cs"} and letter not in "\t\u00ad\u200d" else letter for letter in text
    )


def wrapped(text: str, indent: str = "") -> None:
    """Print a paragraph: on a terminal in lines that fit it and break between words only, in a pipe as one line."""
    width = terminal_width()
    for line in _packed(text.split(" "), width - len(indent), " ", "") if width else [text]:
        write(indent + line)


def cut(text: str, limit: int = 32) -> str:
    """Return `text` shortened for a table; not for what somebody has to copy."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def count(number: int, thing: str) -> str:
    """Return `1 mail` or `2 mails`."""
    return f"{number} {thing}{'' if number == 1 else 's'}"


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table with columns as wide as their widest value; on a terminal that is too narrow for it, a few lines for each row.

    No value is ever broken, except between its words where it is wider than the terminal.
    """
    from rich.cells import cell_len  # noqa: PLC0415

    cells = [[clean(cell) for cell in row] for row in (headings, *rows)]
    widths = [max(cell_len(row[number]) for row in cells) for number in range(len(headings))]
    terminal = terminal_width()
    if terminal and sum(widths) + len(_GAP) * (len(widths) - 1) > terminal:
        for row in cells:
            for line in _packed([cell for cell in row if cell], terminal, _GAP, "    "):
                click.echo(line)
        return
    cells.insert(1, ["─" * width for width in widths])
    for row in cells:
        padded = (cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True))
        click.echo(_GAP.join(padded).rstrip())


def _packed(pieces: Iterable[str], width: int, gap: str, indent: str) -> list[str]:
    """Return `pieces` in lines of at most `width`, all but the first indented; a piece too wide for a line is broken between its words."""
    from rich.cells import cell_len  # noqa: PLC0415

    lines: list[str] = []
    for piece in pieces:
        if lines and cell_len(lines[-1]) + len(gap) + cell_len(piece) <= width:
            lines[-1] += gap + piece
        elif cell_len(indent + piece) > width and " " in piece:
            first, *rest = _packed(piece.split(" "), width - len(indent), " ", "")
            lines += [(indent if lines else "") + first, *(indent + line for line in rest)]
        else:
            lines.append((indent if lines else "") + piece)
    return lines


def terminal_width() -> int | None:
    """Return how many columns whoever looks on has; None when nobody does."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def watched(items: Iterator[T], total: int, what: str) -> Iterator[T]:
    """Pass `items` on, with a progress bar on stderr when the work is long and a person looks on."""
    if total < _LONG_WORK or not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import track  # noqa: PLC0415

    yield from track(items, description=what, total=total, console=Console(stderr=True), transient=True)
