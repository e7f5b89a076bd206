"""The command `pli`: one table of commands, their exit codes, and errors as single lines."""

from __future__ import annotations

import importlib
import logging
import os
import sys
from pathlib import Path
from typing import Any

import click

COMMANDS = {
    "init": "cli.setup",
    "doctor": "cli.setup",
    "run": "cli.work",
    "poll": "cli.work",
    "digest": "cli.work",
    "retry": "cli.work",
    "offers": "cli.read",
    "parse": "cli.read",
    "inspect": "cli.read",
    "candidates": "cli.people",
    "show": "cli.people",
    "move": "cli.people",
    "triage": "cli.people",
    "demo": "cli.setup",
}
"""Command and the module that holds it; modules are imported when they are asked for, so that `pli --help` is quick."""

DONE, IN_PART, WRONG, UNREACHABLE = 0, 1, 2, 3


class _Commands(click.Group):
    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(COMMANDS[cmd_name]), cmd_name)
        return command


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="pli", prog_name="pli")
def cli() -> None:
    """Applications by mail: recognised, stored, acknowledged and told to the recruiters. The job ad is the configuration."""


def main(args: list[str] | None = None) -> None:
    """Run `pli`; the process ends with 0 (done), 1 (in part, or not found), 2 (wrong command line or configuration), 3 (unreachable)."""
    logging.basicConfig(
        level=os.environ.get("PLI_LOG", "WARNING").upper(), stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s"
    )
    try:
        code = cli.main(args=args, prog_name="pli", standalone_mode=False)
        sys.exit(code if isinstance(code, int) else DONE)
    except click.ClickException as error:
        click.echo(f"pli: {error.format_message()}", err=True)
        sys.exit(error.exit_code)
    except click.Abort:
        click.echo("pli: interrupted", err=True)
        sys.exit(IN_PART)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader has gone; so may we
        sys.exit(DONE)
    except Exception as error:  # noqa: BLE001 - the last net: a person gets a sentence, a developer the log
        sys.exit(_explain(error))


def _explain(error: Exception) -> int:
    name = type(error).__name__
    expected = {"ConfigError": WRONG, "OffersError": WRONG, "StorageError": IN_PART, "SourceError": UNREACHABLE, "SmtpError": UNREACHABLE}
    if name in expected or (isinstance(error, LookupError) and error.args and not isinstance(error, KeyError | IndexError)):
        for line in str(error).splitlines():
            click.echo(f"pli: {line}", err=True)
        return expected.get(name, IN_PART)
    if os.environ.get("PLI_LOG", "").upper() == "DEBUG":
        logging.getLogger("pli").error("unexpected", exc_info=error)
    where = Path(error.__traceback__.tb_frame.f_code.co_filename).name if error.__traceback__ else "?"
    click.echo(f"pli: unexpected {name} ({where}); nothing stored was lost. PLI_LOG=DEBUG shows the details for a report", err=True)
    return IN_PART


def config_option(function: Any) -> Any:
    """Add `--config FILE`."""
    option = click.option(
        "--config", "config", type=click.Path(path_type=Path), default=None, help="Settings (default: $PLI_CONFIG, else ./pli.toml)."
    )
    return option(function)


def json_option(function: Any) -> Any:
    """Add `--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON on stdout, and nothing else there.")(function)
