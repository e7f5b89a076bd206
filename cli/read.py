"""Commands that read files and need neither configuration nor database: offers, parse, inspect.

The files may be hostile, so they are read in child processes with limits; answers come in the order of the files.
"""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import DONE, IN_PART, console, shapes

if TYPE_CHECKING:
    from intake.workers import Workers
    from parsing.offer import Offer

_MAX_FILE = 50 * 2**20
"""Octets read of a file; the readers have smaller limits, and say so."""

_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")

FILES = click.Path(path_type=Path)


@click.command()
@click.argument("files", nargs=-1, type=FILES, metavar="[FILE]...")
@console.config_option
@console.json_option
def offers(files: tuple[Path, ...], config_file: Path | None, *, as_json: bool) -> int:
    """Show the offers as understood, with what is wrong with each ad.

    With FILEs, reads just these and needs no configuration.
    """
    from parsing.offer import Offer, parse_offer  # noqa: PLC0415

    code = DONE
    found: list[tuple[str, Offer]] = []
    if files:
        for path, result in _read_each(files, lambda workers, content, path: workers.run(parse_offer, content, path.name), "reading ads"):
            if isinstance(result, _Trouble):
                console.tell(f"{path}: {result.words}")
                code = IN_PART
            if isinstance(result, Offer):
                found.append((str(path), result))
            elif result.problem:
                problem = f"the ad could not be read ({result.problem}); simplify it, or leave it out"
                found.append((str(path), Offer(slug=path.stem, title=path.stem, open=False, language="fr", problems=(problem,))))
    else:
        from intake.offers import read_folder  # noqa: PLC0415

        folder = console.settings_of(config_file).offers.folder
        found = [(str(folder / ad.file), ad.offer) for ad in read_folder(folder)]
    if as_json:
        console.emit([shapes.offer(file, item) for file, item in found])
    else:
        _print_offers(found)
    if troubled := [Path(file).name for file, item in found if item.problems]:
        console.tell(f"{console.count(len(troubled), 'ad')} with problems: {', '.join(troubled)}")
    return code


@click.command()
@click.argument("files", nargs=-1, required=True, type=FILES, metavar="FILE...")
@console.unneeded_config_option
@console.json_option
def parse(files: tuple[Path, ...], *, as_json: bool) -> int:
    """Show the text and the profile of CV files. Needs no configuration and no database."""
    from cli.child import ReadFile, read_cv  # noqa: PLC0415
    from intake.tools import tools_of  # noqa: PLC0415
    from parsing.documents import Document, Problem  # noqa: PLC0415

    code = DONE
    tools, today = tools_of(), datetime.now(tz=UTC).date()

    def read(workers: Workers, content: bytes, path: Path) -> ReadFile:
        return workers.run(read_cv, content, path.name, tools, today)

    for path, result in _read_each(files, read, "reading CVs"):
        answer = result
        if not isinstance(result, _Trouble) and path.is_file() and not path.stat().st_size:
            console.tell(f"{path}: empty file")
        if isinstance(result, _Trouble):
            console.tell(f"{path}: {result.words}")
            code = IN_PART
            if result.problem is None:
                continue
            answer = ReadFile(Document("application/octet-stream", problems=(Problem(result.problem),)))
        shape = shapes.parsed(str(path), answer.document, answer.profile, answer.seconds)
        console.emit(shape) if as_json else _print_parsed(shape)
    return code


@click.command()
@click.argument("files", nargs=-1, required=True, type=FILES, metavar="FILE...")
@click.option("--offers", "folder", type=FILES, metavar="DIR", help="The folder of ads; without it, no offer is known.")
@click.option("--recruiters", metavar="A,B", help="The recruiters' addresses; default: those of the offers.")
@console.unneeded_config_option
@console.json_option
def inspect(files: tuple[Path, ...], folder: Path | None, recruiters: str | None, *, as_json: bool) -> int:
    """Show what the intake would decide for .eml files, and why. Stores nothing; needs no configuration and no database."""
    from intake.offers import read_folder  # noqa: PLC0415
    from intake.reading import read_message  # noqa: PLC0415
    from parsing.context import Context  # noqa: PLC0415

    ads = tuple(ad.offer for ad in read_folder(folder)) if folder else ()
    ours = _addresses(recruiters) if recruiters is not None else frozenset(address for ad in ads for address in ad.recruiters)
    context = Context(offers=ads, our_addresses=ours, recruiters=ours)
    code = DONE
    for path, result in _read_each(files, lambda workers, content, _: read_message(workers, content, context), "reading mails"):
        if isinstance(result, _Trouble):
            console.tell(f"{path}: {result.words}")
            code = IN_PART
            if result.problem is None:
                continue
            shape = shapes.not_inspected(str(path), result.problem, result.words)
        else:
            shape = shapes.inspected(str(path), result)
        console.emit(shape) if as_json else _print_inspected(shape)
    return code


class _Trouble:
    """Why a file has no answer of its own: `problem` is a code when it was there and stopped its reader."""

    def __init__(self, words: str, problem: str | None = None) -> None:
        self.words, self.problem = words, problem


_Task = Callable[["Workers", bytes, Path], Any]


def _read_each(files: Sequence[Path], task: _Task, what: str) -> Iterator[tuple[Path, Any]]:
    """Run `task` for each file in child processes; yield each file with its result or its `_Trouble`, in the files' order."""
    return console.watched(_read_ahead(files, task), len(files), what)


def _read_ahead(files: Sequence[Path], task: _Task) -> Iterator[tuple[Path, Any]]:
    from intake.workers import Workers  # noqa: PLC0415

    threads = (os.cpu_count() or 1) + 1
    # the threads only wait for the children; leaving early stops the children first, so that no thread waits in vain
    with ThreadPoolExecutor(threads) as pool, Workers() as workers:
        ahead: deque[tuple[Path, Future[Any]]] = deque()
        try:
            for path in files:
                ahead.append((path, pool.submit(_read_one, workers, path, task)))
                if len(ahead) > 2 * threads:
                    first, future = ahead.popleft()
                    yield first, future.result()
            while ahead:
                first, future = ahead.popleft()
                yield first, future.result()
        finally:
            for _, future in ahead:
                future.cancel()


def _read_one(workers: Workers, path: Path, task: _Task) -> Any:
    from intake.workers import WorkerError, WorkerKilledError  # noqa: PLC0415

    try:
        with path.open("rb") as file:
            content = file.read(_MAX_FILE + 1)
    except OSError as error:
        return _Trouble(f"cannot be read ({error.strerror})")
    if len(content) > _MAX_FILE:
        return _Trouble(f"is larger than {_MAX_FILE // 2**20} MB", "too_large")
    try:
        return task(workers, content, path)
    except WorkerKilledError as error:
        return _Trouble(str(error), "timeout")
    except WorkerError as error:
        return _Trouble(str(error), "unreadable")


def _addresses(text: str) -> frozenset[str]:
    found = frozenset(part.strip().lower() for part in text.split(",") if part.strip())
    for wrong in sorted(part for part in found if not _ADDRESS.fullmatch(part)):
        raise click.UsageError(f"--recruiters: {wrong!r} is no e-mail address; write them with commas between")
    return found


def _print_offers(found: list[tuple[str, Offer]]) -> None:
    from parsing.routing import plus_tag, with_tag  # noqa: PLC0415

    for file, item in found:
        console.write(f"{item.slug}: {item.title}")
        console.write(f"  {'open' if item.open else 'closed'}, {item.language}, {file}")
        if item.apply_by_email:
            console.write(f"  write to {', '.join(item.recruiters) or 'nobody'}")
            if tag := plus_tag(item.slug):
                console.write(f"  or to {with_tag(item.recruiters[0], tag)} where the mail server knows such addresses")
        elif item.apply_url:
            console.write(f"  apply at {item.apply_url}")
        facts = (item.contract, item.start and f"from {item.start}", item.duration, ", ".join(item.location))
        if any(facts):
            console.write(f"  {'; '.join(filter(None, facts))}")
        if item.subject_hint:
            console.write(f"  subject: {item.subject_hint}")
        for problem in item.problems:
            console.write(f"  problem: {problem}")
    if not found:
        console.tell("there is no offer")


def _print_parsed(shape: dict[str, Any]) -> None:
    pages = f"{console.count(shape['pages'], 'page')}, " if shape["pages"] else ""
    console.write(f"{shape['file']}: {shape['media_type']}, {pages}{shape['language'] or 'language unknown'}, {shape['seconds']} s")
    profile, basics = shape["profile"], shape["profile"]["basics"]
    for key in ("name", "label", "email", "phone", "url"):
        if basics[key]:
            console.write(f"  {key}: {basics[key]}")
    for entry in basics["profiles"]:
        console.write(f"  {entry['network']}: {entry['url']}")
    for entry in profile["work"]:
        console.write(f"  work: {_entry(entry, 'position', 'name')}")
    for entry in profile["education"]:
        console.write(f"  education: {_entry(entry, 'studyType', 'area', 'institution')}")
    for key, name in (("skills", "name"), ("languages", "language")):
        if profile[key]:
            console.write(f"  {key}: {', '.join(item[name] for item in profile[key])}")
    if shape["problems"]:
        console.write(f"  problems: {', '.join(shape['problems'])}")
    lines = shape["text"].splitlines()
    for line in lines[:12]:
        console.write(f"  | {line}")
    if len(lines) > 12:
        console.write(f"  | ... {len(lines) - 12} more lines; --json has them all")


def _entry(entry: dict[str, Any], *keys: str) -> str:
    said = ", ".join(entry[key] for key in keys if entry.get(key))
    dates = "-".join(entry[key] for key in ("startDate", "endDate") if entry.get(key))
    return f"{said} ({dates})" if dates else said


def _print_inspected(shape: dict[str, Any]) -> None:
    console.write(f"{shape['file']}: {shape['class']}{', offer ' + shape['offer'] if shape['offer'] else ''}")
    if shape["author"]:
        console.write(f"  from {shape['author']}")
    if person := shape["applicant"]:
        console.write(f"  applicant: {person['name'] or 'name unknown'} <{person['email'] or 'address unknown'}>")
    for reason in (*shape["reasons"], *shape["offer_reasons"]):
        console.write(f"  because {reason}")
    for item in shape["attachments"]:
        console.write(f"  {item['role']}: {item['filename']} ({item['media_type']}, {item['size']} octets)")
    answer = "allowed" if shape["auto_reply_allowed"] else f"no: {', '.join(shape['refusals']) or 'not read'}"
    console.write(f"  automatic answer {answer}")
    if shape["problems"]:
        console.write(f"  problems: {', '.join(shape['problems'])}")
