"""The command `pli parse`: what CV files say, as JSON, as a card, and as a page on which each fact is shown where it stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli import DONE, IN_PART, console, shapes
from cli.reading import STDIN, Trouble, read_each

if TYPE_CHECKING:
    from cli.child import ReadFile
    from cli.parse_pages import Pages
    from intake.workers import Workers
    from parsing.offer import Offer

_PATH = click.Path(path_type=Path)


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=True), metavar="FILE...")
@click.option("--offer", "ad", type=_PATH, metavar="AD", help="Show what this ad asks, and the words that speak of it.")
@click.option("--html", "target", type=_PATH, metavar="FILE.html|DIR", help="Write a page that shows each fact where it stands.")
@click.option("--language", type=console.Word(("fr", "en")), help="The page's language; default: that of the ad, else fr.")
@console.unneeded_config_option
@console.json_option
def parse(files: tuple[Path, ...], ad: Path | None, target: Path | None, language: str | None, *, as_json: bool) -> int:
    """Show the text and the profile of CV files, each fact with its place. Needs no configuration and no database.

    FILE is a file, a folder with its subfolders, or - for what comes in on stdin: PDF, Word, OpenDocument, Pages, RTF, slides, text, HTML,
    or a picture.
    """
    from cli.parse_card import print_card  # noqa: PLC0415

    offer = _offer(ad) if ad else None
    paths, code = _files_of(files)
    pages = _pages(target, paths, language, offer) if target else None
    for path, result in read_each(paths, _task(offer, pages), "reading CVs") if paths else ():
        if isinstance(result, Trouble):
            console.tell(f"{path}: {result.words}")
            code = IN_PART
            if result.problem is None:
                continue
        read, page = _stopped(result.problem) if isinstance(result, Trouble) else result
        if read.empty:
            console.tell(f"{path}: empty file")
        written = pages.write(path, read, page) if pages else None
        if as_json:
            console.emit(shapes.parsed(str(path), read.document, read.profile, read.seconds, read.evidence))
        elif written:
            console.write(f"{path}: {written}")
        elif not pages:
            print_card(str(path), read)
    if pages and (index := pages.write_index()) and not as_json:
        console.write(f"index: {index}")
    return code


def _task(offer: Offer | None, pages: Pages | None) -> Callable[[Workers, bytes, Path], tuple[ReadFile, str | None]]:
    from cli.child import draw_pages, read_cv  # noqa: PLC0415
    from cli.findings import all_findings  # noqa: PLC0415
    from intake.tools import tools_of  # noqa: PLC0415
    from intake.workers import WorkerFailedError, WorkerKilledError  # noqa: PLC0415

    tools, today = tools_of(), datetime.now(tz=UTC).date()

    def task(workers: Workers, content: bytes, path: Path) -> tuple[ReadFile, str | None]:
        read = workers.run(read_cv, content, path.name, tools, today, offer)
        if pages is None:
            return read, None
        try:
            drawn = workers.run(draw_pages, content, read.document, all_findings(read.profile, read.evidence))
        except (WorkerKilledError, WorkerFailedError):  # the facts are there, and the page shows them in the text
            drawn = ()
        return read, pages.page(path, read, drawn)

    return task


def _stopped(problem: str | None) -> tuple[ReadFile, None]:
    """Return what is said of a file whose reader was stopped."""
    from cli.child import ReadFile  # noqa: PLC0415
    from parsing.documents import Document, Problem  # noqa: PLC0415

    return ReadFile(Document("application/octet-stream", problems=(Problem(problem or "unreadable"),))), None


def _pages(target: Path, paths: Sequence[Path], language: str | None, offer: Offer | None) -> Pages | None:
    from cli.parse_pages import Pages  # noqa: PLC0415

    return Pages(target, paths, language or (offer.language if offer else "fr"), offer) if paths else None


def _offer(ad: Path) -> Offer:
    """Read the ad; one that cannot be read ends the command with exit code 2."""
    from parsing.offer import Offer, parse_offer  # noqa: PLC0415

    for _, result in read_each([ad], lambda workers, content, path: workers.run(parse_offer, content, path.name), "reading the ad"):
        if isinstance(result, Offer):
            return _understood(result)
        raise click.UsageError(f"--offer: {ad} {result.words}")
    raise AssertionError


def _understood(offer: Offer) -> Offer:
    """Return the ad; what is none, because nothing in it was understood, ends the command with exit code 2."""
    blank = type(offer)(slug=offer.slug, title=offer.title, open=False, language=offer.language, problems=offer.problems)
    if offer.problems and offer == blank:
        raise click.UsageError(f"--offer: {offer.problems[0]}")
    return offer


def _files_of(named: Sequence[Path]) -> tuple[list[Path], int]:
    """Return the files that are meant, and the exit code so far; of a folder all in it and below, by their names."""
    found: list[Path] = []
    code = DONE
    for path in named:
        if path == STDIN or not path.is_dir():
            found.append(path)
            continue
        inside = sorted(each for each in path.rglob("*") if _is_meant(each, path))
        console.tell(f"{path}: {console.count(len(inside), 'file')}" if inside else f"{path}: there is no file in this folder")
        code = code if inside else IN_PART
        found += inside
    return found, code


def _is_meant(path: Path, folder: Path) -> bool:
    """Tell whether a file of a folder is read: links and hidden ones are not."""
    hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
    return not hidden and not path.is_symlink() and path.is_file()
