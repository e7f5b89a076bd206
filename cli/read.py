"""Commands that read ads and mails, and need neither configuration nor database: offers, inspect."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli import DONE, IN_PART, console, shapes
from cli.reading import Trouble, read_each

if TYPE_CHECKING:
    from parsing.offer import Offer

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
        for path, result in read_each(files, lambda workers, content, path: workers.run(parse_offer, content, path.name), "reading ads"):
            if isinstance(result, Trouble):
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
    for path, result in read_each(files, lambda workers, content, _: read_message(workers, content, context), "reading mails"):
        if isinstance(result, Trouble):
            console.tell(f"{path}: {result.words}")
            code = IN_PART
            if result.problem is None:
                continue
            shape = shapes.not_inspected(str(path), result.problem, result.words)
        else:
            shape = shapes.inspected(str(path), result)
        console.emit(shape) if as_json else _print_inspected(shape)
    return code


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
