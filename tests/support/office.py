"""A whole pli as a team would set it up, on a test's servers: its settings, its commands, and what came of them."""

from __future__ import annotations

import email
import email.policy
import json
import os
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from email.message import EmailMessage
from io import StringIO
from pathlib import Path
from typing import Any

from dovecot import PASSWORD, Dovecot
from mails import AD
from submission_server import SubmissionServer

from cli import pli as program

PROGRAM = (sys.executable, "-c", "import sys; sys.argv[0] = 'pli'; from cli import main; main()")


def run_here(*arguments: str, folder: Path, code: int = 0) -> tuple[str, str]:
    """Run a command as `pli` does, in this process: starting Python each time would take half of the tests' time.

    Returns what it prints and what it says to people; it must end with `code`.
    """
    out, err = StringIO(), StringIO()
    with chdir(folder), redirect_stdout(out), redirect_stderr(err):
        try:
            program.main(list(arguments))
        except SystemExit as end:
            ended = end.code
    said = f"{arguments}: {ended}\n{out.getvalue()}\n{err.getvalue()}"
    assert ended == code, said
    assert "Traceback" not in said, said
    return out.getvalue(), err.getvalue()


class Office:
    """Settings and commands of one installation."""

    def __init__(self, folder: Path, url: str, dovecot: Dovecot, mailbox: str, smtp: SubmissionServer) -> None:
        self.folder, self.url, self.dovecot, self.mailbox, self.smtp = folder, url, dovecot, mailbox, smtp
        self.config = folder / "pli.toml"
        (folder / "offers").mkdir()
        (folder / "secret").touch(mode=0o600)
        (folder / "secret").write_text(PASSWORD)
        self.publish()
        self.settings()

    def publish(self, *, state: str = "true") -> None:
        """Write the ad."""
        (self.folder / "offers" / "backend.md").write_text(AD.format(state=state), encoding="utf-8")

    def settings(self, *, mailbox: str = "", more_mailboxes: str = "", acknowledgement: str = "backlog = true", tables: str = "") -> None:
        """Write pli.toml, with additions to its tables."""
        self.config.write_text(
            f"""
[storage]
url = "{self.url}"
documents = "documents"
[offers]
folder = "offers"
[[mailbox]]
address = "{self.mailbox}"
host = "127.0.0.1"
port = {self.dovecot.port}
security = "none"
password_file = "secret"
{mailbox}
{more_mailboxes}
[smtp]
host = "127.0.0.1"
port = {self.smtp.port}
security = "none"
sender = "Recrutement <recrutement@example.org>"
[acknowledgement]
{acknowledgement}
[privacy]
controller = "Une administration"
contact = "donnees@example.org"
{tables}
""",
            encoding="utf-8",
        )

    def read_as_maildir(self) -> None:
        """Name the folder of the mailbox instead of the server."""
        imap_lines = f'host = "127.0.0.1"\nport = {self.dovecot.port}\nsecurity = "none"\npassword_file = "secret"'
        maildir = f'maildir = "{self.dovecot.maildir(self.mailbox)}"'
        self.config.write_text(self.config.read_text().replace(imap_lines, maildir, 1))

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start `pli` with its settings."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PLI_")}
        return subprocess.Popen(
            [*PROGRAM, *arguments, "--config", str(self.config)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
            cwd=Path(__file__).parents[2],
            start_new_session=True,
        )

    def pli(self, *arguments: str, code: int = 0) -> str:
        """Run `pli` and return what it prints; it must end with `code`."""
        out, err = run_here(*arguments, "--config", str(self.config), folder=self.folder, code=code)
        return out if code == 0 else out + err

    def pli_apart(self, *arguments: str, code: int = 0) -> str:
        """Do the same in a process of its own, as a user does."""
        process = self.start(*arguments)
        out, err = process.communicate(timeout=100)
        assert process.returncode == code, f"{arguments}: {process.returncode}\n{out}\n{err}"
        assert "Traceback" not in err
        return out if code == 0 else out + err

    def json(self, *arguments: str, code: int = 0) -> Any:
        """Run `pli … --json` and return what it says."""
        return json.loads(self.pli(*arguments, "--json", code=code))

    def deliver(self, *contents: bytes, **given: Any) -> None:
        """Let mails arrive in the mailbox; takes what `Dovecot.deliver` takes."""
        for content in contents:
            self.dovecot.deliver(self.mailbox, content, **given)

    def sent(self) -> list[EmailMessage]:
        """Return every mail that the submission server took."""
        return [email.message_from_bytes(content, policy=email.policy.default) for _, _, content in self.smtp.mails]
