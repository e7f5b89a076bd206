"""`pli import`: mail that lies in files already."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli import DONE, IN_PART, console, shapes

if TYPE_CHECKING:
    from config import Settings
    from intake.importing import Imported


@click.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@click.option("--mailbox", "address", metavar="ADDRESS", help="The configured mailbox it counts for; needed when there are several.")
@click.option(
    "--acknowledge/--no-acknowledge", default=False, help="Whether candidates may be answered, within the usual policy; default: no."
)
@console.config_option
@console.json_option
def import_(paths: tuple[Path, ...], address: str | None, config_file: Path | None, *, acknowledge: bool, as_json: bool) -> int:
    """Take in mail that lies in files: mbox files, Maildirs, .eml and .msg files, folders of them.

    Nothing is changed there, and importing twice changes nothing here. Nobody is answered unless --acknowledge says so.
    """
    settings = console.settings_of(config_file)
    address, personal = _mailbox(settings, address)
    import scheduler  # noqa: PLC0415
    from intake.importing import Order  # noqa: PLC0415

    order = Order(paths=paths, address=address, personal=personal, acknowledge=acknowledge)
    with _progress(paths) as progress:
        found, processed, problems = scheduler.import_once(settings, order, progress=progress)
    for trouble in (*problems, *found.troubles):
        console.tell(trouble)
    if found.passed_over:
        console.tell(f"{console.count(found.passed_over, 'file')} in the folders passed over: no mail")
    if as_json:
        console.emit(shapes.imported(address, found, processed, problems))
    else:
        console.write(
            f"{console.count(found.found, 'message')} found, {found.fetched} new: "
            f"{console.count(processed.applications, 'new application')}, {processed.updated} updated, "
            f"{processed.ignored + found.left_alone} ignored, {processed.triage} for a person to decide, {processed.failed} failed."
        )
    if processed.triage or processed.failed:
        console.tell("`pli triage` shows what needs a person")
    return IN_PART if problems or found.troubles or processed.failed else DONE


def _mailbox(settings: Settings, address: str | None) -> tuple[str, bool]:
    """Return the mailbox the mail counts for, and whether it is somebody's own.

    It is never guessed from the mails: a private one would be kept when the guess is a mailbox for applications.
    """
    boxes = settings.mailbox
    if address is not None:
        wanted = address.strip().lower()
        boxes = tuple(box for box in boxes if wanted in {name.lower() for name in (box.address, *box.aliases)})
    known = sorted({box.address for box in settings.mailbox})
    if not boxes:
        raise click.UsageError(f"--mailbox: {address} is no mailbox of {settings.path}; write one of {', '.join(known)}")
    if len({box.address for box in boxes}) > 1:
        raise click.UsageError(f"which mailbox does it count for? Write --mailbox and one of {', '.join(known)}")
    return boxes[0].address, any(box.kind == "personal" for box in boxes)


@contextmanager
def _progress(paths: tuple[Path, ...]) -> Iterator[Callable[[Imported], None] | None]:
    """Show a person who looks on how much is read."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    from intake.importing import octets_of  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("importing", total=octets_of(paths))
        yield lambda done: bar.update(task, completed=done.octets, description=f"{console.count(done.found, 'message')}")
