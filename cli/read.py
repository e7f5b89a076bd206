"""Commands that read files and need no database: offers, parse, inspect."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import track

from cli import IN_PART, config_option, json_option, shapes
from config import load
from intake.offers import read_ad, read_folder
from intake.workers import WorkerError, WorkerKilledError, Workers
from parsing.context import Context
from parsing.documents import Document, Problem, read_document
from parsing.profile import Profile, extract_profile
from parsing.understand import Understanding, understand
from storage.offers import AdFile

_MAX_FILE = 100 * 2**20
_LONG_WORK = 20
"""Files; from here on a person sees a progress bar."""


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@config_option
@json_option
def offers(files: tuple[Path, ...], config: Path | None, *, as_json: bool) -> int:
    """Show the offers as understood; FILES reads just these, without a configuration."""
    if files:
        missing = [path for path in files if not path.is_file()]
        for path in missing:
            click.echo(f"pli: {path}: there is no such file", err=True)
        ads = [(str(path), read_ad(path)) for path in files if path not in missing]
    else:
        missing = []
        ads = [(ad.file, ad) for ad in read_folder(load(config).offers.folder)]
    if as_json:
        shapes.emit([shapes.offer(file, ad.offer) for file, ad in ads])
    else:
        _print_offers(ads)
    return IN_PART if missing else 0


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@json_option
def parse(files: tuple[Path, ...], *, as_json: bool) -> int:
    """Show text and profile of CV files."""
    show = _print_parsed if not as_json else None

    def answer(path: Path, result: tuple[Document, Profile, float] | str) -> None:
        if isinstance(result, str):
            document, profile, seconds = Document("application/octet-stream", problems=(Problem(result),)), Profile(), 0.0
        else:
            document, profile, seconds = result
        shape = shapes.parsed(str(path), document, profile, seconds)
        show(shape) if show else shapes.emit(shape)

    return _each(files, _parse, answer)


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--offers", "folder", type=click.Path(path_type=Path), help="Folder of ads; without it no offer is known.")
@click.option("--recruiters", default="", help="Recruiters' addresses, comma separated (default: those of the offers).")
@json_option
def inspect(files: tuple[Path, ...], folder: Path | None, recruiters: str, *, as_json: bool) -> int:
    """Show what the intake would decide for .eml files, and why."""
    ads = tuple(ad.offer for ad in read_folder(folder)) if folder else ()
    named = frozenset(address.strip().lower() for address in recruiters.split(",") if address.strip())
    ours = named or frozenset(address for ad in ads for address in ad.recruiters)
    context = Context(offers=ads, our_addresses=ours, recruiters=ours)

    def answer(path: Path, result: Understanding | str) -> None:
        if isinstance(result, str):
            shape: dict[str, Any] = {
                "file": str(path),
                "class": "unsure",
                "reasons": [result],
                "offer": None,
                "author": None,
                "applicant": None,
            }
            shape |= {"message_id": None, "attachments": [], "auto_reply_allowed": False, "problems": [result]}
        else:
            shape = shapes.inspected(str(path), result)
        shapes.emit(shape) if as_json else _print_inspected(shape)

    return _each(files, lambda content, _name: (understand, (content, context)), answer)


def parse_file(content: bytes, name: str) -> tuple[Document, Profile, float]:
    """Read one document and its profile; runs in a child process."""
    start = time.perf_counter()
    document = read_document(content, filename=name)
    profile = extract_profile(document)
    return document, profile, time.perf_counter() - start


def _parse(content: bytes, name: str) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    return parse_file, (content, name)


def _each(
    files: Iterable[Path], task: Callable[[bytes, str], tuple[Callable[..., Any], tuple[Any, ...]]], answer: Callable[[Path, Any], None]
) -> int:
    """Run a task for each file in child processes, and answer in the order of the files; 1 when one could not be read."""
    code = 0
    with Workers() as workers:
        for path, future in _bar(_submitted(files, workers, task), list(files)):
            if isinstance(future, str):
                click.echo(f"pli: {path}: {future}", err=True)
                code = IN_PART
                continue
            try:
                result: Any = workers.result(future)
            except WorkerKilledError:
                result = "timeout"
            except WorkerError:
                result = "unreadable"
            answer(path, result)
    return code


def _submitted(
    files: Iterable[Path], workers: Workers, task: Callable[[bytes, str], tuple[Callable[..., Any], tuple[Any, ...]]]
) -> Iterator[tuple[Path, Future[Any] | str]]:
    """Keep a few tasks ahead, so that both cores have work and memory stays small."""
    window: list[tuple[Path, Any]] = []
    for path in files:
        try:
            if path.stat().st_size > _MAX_FILE:
                window.append((path, f"is larger than {_MAX_FILE // 2**20} MB"))
            else:
                function, args = task(path.read_bytes(), path.name)
                window.append((path, workers.submit(function, *args)))
        except OSError as error:
            window.append((path, f"cannot be read: {error.strerror}"))
        if len(window) >= 8:
            yield window.pop(0)
    yield from window


def _bar(work: Iterator[tuple[Path, Any]], files: list[Path]) -> Iterable[tuple[Path, Any]]:
    if len(files) < _LONG_WORK or not sys.stderr.isatty():
        return work
    return track(work, total=len(files), description="reading", console=Console(stderr=True), transient=True)


def _print_offers(ads: Iterable[tuple[str, AdFile]]) -> None:
    for file, ad in ads:
        item = ad.offer
        click.echo(f"{item.title}  [{'open' if item.open else 'closed'}, {item.language}]  {file}")
        to = ", ".join(item.recruiters) or (f"by {item.apply_url}" if item.apply_url else "nobody")
        click.echo(f"  write to: {to}")
        for problem in item.problems:
            click.echo(f"  problem: {problem}")


def _print_parsed(shape: dict[str, Any]) -> None:
    basics = shape["profile"]["basics"]
    click.echo(
        f"{shape['file']}: {shape['media_type']}, {shape['pages'] or '?'} pages, {shape['language'] or 'language unknown'}, {shape['seconds']} s"
    )
    for key in ("name", "label", "email", "phone", "url"):
        if basics[key]:
            click.echo(f"  {key}: {basics[key]}")
    for entry in basics["profiles"]:
        click.echo(f"  {entry['network']}: {entry['url']}")
    if shape["profile"]["skills"]:
        click.echo("  skills: " + ", ".join(skill["name"] for skill in shape["profile"]["skills"]))
    for problem in shape["problems"]:
        click.echo(f"  problem: {problem}")


def _print_inspected(shape: dict[str, Any]) -> None:
    person = shape["applicant"] or {}
    click.echo(f"{shape['file']}: {shape['class']}" + (f", offer {shape['offer']}" if shape["offer"] else ""))
    if person:
        click.echo(f"  applicant: {person.get('name') or 'name unknown'} <{person.get('email') or 'no address'}>")
    for reason in shape["reasons"]:
        click.echo(f"  because {reason}")
    for item in shape["attachments"]:
        click.echo(f"  {item['role']}: {item['filename']} ({item['media_type']}, {item['size']} bytes)")
    click.echo(f"  automatic answer: {'allowed' if shape['auto_reply_allowed'] else 'no (' + ', '.join(shape.get('refusals', [])) + ')'}")
