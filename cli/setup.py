"""Commands for whoever sets pli up: init, doctor, demo."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import click

from cli import DONE, IN_PART, UNREACHABLE, config_option, json_option, shapes
from cli.checks import run_checks
from config import load


@click.command()
def init() -> int:
    """Write a commented pli.toml and an offers/ folder; nothing is overwritten."""
    templates = files("cli").joinpath("files")
    for name, target in (("pli.toml", Path("pli.toml")), ("offre-exemple.md", Path("offers/offre-exemple.md"))):
        if target.exists() or (target.parent.name == "offers" and target.parent.exists()):
            click.echo(f"{target}: left as it is", err=True)
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(templates.joinpath(name).read_text(encoding="utf-8"), encoding="utf-8")
        click.echo(f"{target}: written", err=True)
    click.echo("now put your mailbox and SMTP server into pli.toml, your ads into offers/, and run `pli doctor`", err=True)
    return DONE


@click.command()
@config_option
@json_option
def doctor(config: Path | None, *, as_json: bool) -> int:
    """Try everything the configuration names, and say the remedy for what fails."""
    checks = run_checks(load(config))
    for check in checks:
        if not as_json:
            click.echo(f"{'ok  ' if check.ok else 'note' if check.optional else 'FAIL'} {check.name}: {check.detail}")
    if as_json:
        shapes.emit([{"name": item.name, "ok": item.ok, "optional": item.optional, "detail": item.detail} for item in checks])
    failed = [check for check in checks if not check.ok and not check.optional]
    if any(check.server for check in failed):
        return UNREACHABLE
    return IN_PART if failed else DONE


@click.command()
@click.argument("directory", required=False, type=click.Path(path_type=Path, file_okay=False))
def demo(directory: Path | None) -> int:
    """Play one morning of two recruiters on embedded servers, and say where to look."""
    try:
        from demo import run  # noqa: PLC0415 - its servers are an extra
    except ImportError as error:
        raise click.ClickException(f"the demo needs its extra packages ({error.name} is missing); run `pip install 'pli[demo]'`") from error
    return run(directory)
