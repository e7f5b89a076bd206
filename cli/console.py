"""What commands share: their options, JSON on stdout, words on stderr, tables and progress for people who look on."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
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


def local(moment: datetime | None) -> str:
    """Return a moment for people, in the zone of the configuration, as the mails show it."""
    return moment.astimezone(click.get_current_context().obj).strftime("%Y-%m-%d %H:%M") if moment else "?"


def emit(value: Any) -> None:
    """Print one JSON value on one line of ASCII: no terminal, locale or line separator inside a text can break it."""
    sys.stdout.write(json.dumps(value) + "\n")


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


def table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """Print a table that fits the terminal; in a pipe, columns are as wide as their widest value."""
    from rich import box  # noqa: PLC0415
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    grid = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        grid.add_column(heading, overflow="fold")
    for row in rows:
        grid.add_row(*(Text(clean(cell)) for cell in row))
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else 400, markup=False, highlight=False)
    if sys.stdout.isatty():
        console.print(grid)
        return
    with console.capture() as captured:
        console.print(grid)
    for line in captured.get().splitlines():
        click.echo(line.rstrip())


def watched(items: Iterator[T], total: int, what: str) -> Iterator[T]:
    """Pass `items` on, with a progress bar on stderr when the work is long and a person looks on."""
    if total < _LONG_WORK or not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import track  # noqa: PLC0415

    yield from track(items, description=what, total=total, console=Console(stderr=True), transient=True)
