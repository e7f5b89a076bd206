"""Commands for whoever sets pli up: init, doctor, demo."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import click

from cli import DONE, IN_PART, UNREACHABLE, WRONG, console, shapes


@click.command()
@click.option(
    "--config", "config_file", type=click.Path(path_type=Path), metavar="FILE", help="Where to write the settings; default: ./pli.toml."
)
def init(config_file: Path | None) -> int:
    """Write a commented pli.toml and an offers/ folder with an example. Asks nothing, overwrites nothing."""
    target = config_file or Path("pli.toml")
    folder = target.parent / "offers"
    try:
        kept = target.exists()
        if not kept:
            target.parent.mkdir(parents=True, exist_ok=True)
            _write(target, "pli.toml")
        console.tell(f"{target}: {'left as it is' if kept else 'written'}")
        kept = folder.exists()
        if not kept:
            folder.mkdir()
        console.tell(f"{folder}: {'left as it is' if kept else 'made'}")
        example = target.parent / "offre-exemple.md"
        kept = example.exists()
        if not kept:  # beside the folder, not in it: an example must never be taken for an offer, nor its recruiters for ours
            _write(example, "offre-exemple.md")
        console.tell(f"{example}: {'left as it is' if kept else 'written, an ad to start from'}")
    except OSError as error:
        console.tell(f"{error.filename}: cannot be written ({error.strerror}); choose another folder")
        return IN_PART
    console.tell(f"next: name your mailbox and SMTP server in {target}, put your ads into {folder}, and run `pli doctor`")
    return DONE


def _write(target: Path, name: str) -> None:
    text = files("cli").joinpath("files", name).read_text(encoding="utf-8")
    with target.open("x", encoding="utf-8") as file:
        file.write(text)


@click.command()
@console.config_option
@console.json_option
def doctor(config_file: Path | None, *, as_json: bool) -> int:
    """Try everything the configuration names: database, documents, offers, mailboxes, SMTP, optional tools.

    One line each, with the remedy. Changes nothing in the mailboxes and sends nothing.
    """
    settings = console.settings_of(config_file)
    from cli.checks import run_checks  # noqa: PLC0415

    checks = []
    for check in run_checks(settings):
        checks.append(check)
        if not as_json:
            mark = "ok  " if check.ok else "note" if check.optional else "FAIL"
            console.write(f"{mark} {check.name}: {check.detail}{'; ' + check.remedy if check.remedy else ''}")
    if as_json:
        console.emit([shapes.check(check) for check in checks])
    failed = [check for check in checks if not check.ok and not check.optional]
    if any(not check.configured for check in failed):
        return WRONG
    if any(check.server for check in failed):
        return UNREACHABLE
    return IN_PART if failed else DONE


@click.command()
@console.unneeded_config_option
@click.argument("directory", required=False, type=click.Path(path_type=Path, file_okay=False), metavar="[DIR]")
def demo(directory: Path | None) -> int:
    """Play the main job on embedded mail servers, with invented people, and say where the results lie."""
    try:
        from demo import run  # noqa: PLC0415
    except ImportError as error:
        console.tell(f"the demo's packages are missing ({error.name}); run `pip install 'pli[demo]'`")
        return WRONG
    code = run(directory)
    return code if isinstance(code, int) else DONE
