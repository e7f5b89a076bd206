"""The console command `pli`: one table of commands, one meaning for each exit code, and errors as single lines.

Modules of commands are imported when their command is asked for: `pli --help` must be quick.
"""

from __future__ import annotations

import importlib
import keyword
import logging
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

DONE = 0
IN_PART = 1
"""Done in part, or the named thing was not found; stderr says what."""
WRONG = 2
"""The command line or the configuration is wrong."""
UNREACHABLE = 3
"""A server cannot be reached."""

COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("cli.setup", "Write a commented pli.toml and an offers folder."),
    "doctor": ("cli.setup", "Try everything the configuration names, with the remedy for what fails."),
    "authorize": ("cli.authorize", "Let pli into a mailbox whose provider wants a person to agree."),
    "run": ("cli.work", "Work until SIGTERM or SIGINT: poll, acknowledge, send the digests."),
    "poll": ("cli.work", "Do one pass: fetch, understand, store, send what is due."),
    "digest": ("cli.work", "Send the recruiters' digest of the day, once; or preview it."),
    "import": ("cli.importing", "Take in mail that lies in files already: mbox, Maildir, .eml, .msg."),
    "retry": ("cli.work", "Put failed messages and mails back in line."),
    "offers": ("cli.read", "Show the offers as understood."),
    "parse": ("cli.parse", "Show the text and the profile of CV files, each fact with its place."),
    "inspect": ("cli.read", "Show what the intake would decide for .eml files, and why."),
    "candidates": ("cli.people", "List the applications."),
    "show": ("cli.people", "Show one application with its documents, messages and history."),
    "move": ("cli.people", "Record a recruiter's decision."),
    "merge": ("cli.people", "Make two applications of one person one."),
    "split": ("cli.people", "Take messages that are another person's out of an application."),
    "triage": ("cli.triage", "List what needs a person, or decide one."),
    "demo": ("cli.setup", "Play the main job on embedded servers."),
}
"""Each command, the module that holds a function of its name, and what it does."""

# who raises it -> what it means; named, because importing the rooms only to know their errors would cost half a second
_EXPECTED = {
    "config.errors.ConfigError": WRONG,
    "config.errors.TokenError": UNREACHABLE,
    "intake.offers.OffersError": WRONG,
    "intake.source.SourceError": UNREACHABLE,
    "notifications.smtp.SmtpError": UNREACHABLE,
    "storage.database.StorageError": UNREACHABLE,
    "sqlalchemy.exc.DBAPIError": UNREACHABLE,
}


class _ReaderLeftError(Exception):
    """Whoever read our output has had enough of it, as `head` has."""


class Commands(click.Group):
    """The group `pli`, which reads the table above instead of importing every command."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Import the module of one command."""
        if cmd_name not in COMMANDS:
            return None
        name = f"{cmd_name}_" if keyword.iskeyword(cmd_name) else cmd_name
        command = getattr(importlib.import_module(COMMANDS[cmd_name][0]), name)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; an unknown one names the nearest."""
        import difflib  # noqa: PLC0415

        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            close = difflib.get_close_matches(args[0], COMMANDS, n=1)
            ctx.fail(f"there is no command {args[0]!r}{f' (did you mean {close[0]!r}?)' if close else ''}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; click would end it with exit code 1 when whoever reads us has had enough."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise _ReaderLeftError from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """Write the list of commands from the table."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in COMMANDS.items()])

    def main(self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any) -> Any:  # type: ignore[override]
        """Run a command and end the process with its exit code; whatever goes wrong is a line on stderr."""
        extra["standalone_mode"] = False
        sys.exit(_run(lambda: super(Commands, self).main(args, prog_name or "pli", **extra)))


def _version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415

        try:
            click.echo(f"pli {version('pli')}")
        except PackageNotFoundError:
            click.echo("pli, run from its sources")
        ctx.exit()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version and exit.")
def pli() -> None:
    """Job applications by mail, from the mailbox to the recruiters' daily digest. The job ad is the configuration.

    Exit codes: 0 done; 1 done in part, or not found; 2 wrong command line or configuration; 3 a server cannot be reached.
    """


def main() -> None:
    """Be the console script."""
    pli.main()


def _run(command: Callable[[], Any]) -> int:
    # what a command has to say it says itself; without a handler, logging would print the bare lines as well
    logging.getLogger().addHandler(logging.NullHandler())
    try:
        code = command()
        if sys.stdout is not None:  # started without one
            sys.stdout.flush()
    except (BrokenPipeError, _ReaderLeftError):
        _give_up_stdout()
        code = DONE
    except (click.Abort, KeyboardInterrupt):
        _say("interrupted")
        code = IN_PART
    except (click.ClickException, click.exceptions.Exit) as leaving:
        code = _leave(leaving)
    except Exception as error:  # noqa: BLE001 - the last net: people get a sentence, never a traceback
        code = _explain(error)
    return code if isinstance(code, int) else DONE


def _give_up_stdout() -> None:
    """Keep stdout from complaining again when the interpreter closes it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _stdout_is_broken(error: OSError) -> bool:
    """Tell whether what was printed could not be written: it was click that failed, or it stays in the buffer and fails again."""
    frames = traceback.extract_tb(error.__traceback__)
    if frames and (frames[-1].name, Path(frames[-1].filename).parent.name) == ("echo", "click"):
        return True
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        return True
    return False


def _leave(leaving: click.ClickException | click.exceptions.Exit) -> int:
    if isinstance(leaving, click.exceptions.Exit):
        return leaving.exit_code
    if isinstance(leaving, click.exceptions.NoArgsIsHelpError):
        click.echo(leaving.format_message(), err=True)
        return WRONG
    if not isinstance(leaving, click.UsageError):
        _say(leaving.format_message())
        return leaving.exit_code
    path = leaving.ctx.command_path if leaving.ctx else "pli"
    _say(f"{' '.join(leaving.format_message().split()).rstrip('.')}; `{path} --help` shows how")
    return WRONG


def _explain(error: Exception) -> int:
    if isinstance(error, OSError) and _stdout_is_broken(error):
        _give_up_stdout()
        _say(f"stdout cannot be written ({error.strerror})")
        return IN_PART
    for kind in type(error).__mro__:
        code = _EXPECTED.get(f"{kind.__module__}.{kind.__name__}")
        if code is not None:
            _say(_database_words(error) if kind.__name__ == "DBAPIError" else str(error))
            return code
    if type(error) is LookupError:  # how storage says "there is no such thing", in a person's words
        _say(str(error))
        return IN_PART
    if os.environ.get("PLI_DEBUG"):
        traceback.print_exception(error)
    # the message of an unknown error may quote a mail or a password: its kind and place must do
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    _say(f"unexpected {type(error).__name__} at {where}; nothing that was stored is lost. PLI_DEBUG=1 shows the details for a report")
    return IN_PART


def _database_words(error: Exception) -> str:
    """Return what the driver said, without the statement and its values."""
    cause = str(getattr(error, "orig", None) or "no reason given").strip().splitlines()[0]
    return f"the database failed: {cause}; what was committed is kept, `pli doctor` tells whether it works again"


def _say(message: str) -> None:
    for line in message.splitlines():
        click.echo(f"pli: {line}", err=True)
