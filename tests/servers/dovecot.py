"""A private Dovecot for the tests: Maildirs in a temporary folder, plain and TLS listeners on loopback, stopped at the end."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from folders import folder_of
from ports import free_port

PASSWORD = "correct-horse"
_CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
info_log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{certificate}
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail/%u
first_valid_uid = 1
first_valid_gid = 1
default_login_user = {login_user}
default_internal_user = {internal_user}
default_internal_group = {internal_group}
mail_max_userip_connections = 50
mail_debug = no
auth_verbose = no
namespace inbox {{
  inbox = yes
  separator = /
}}
# tests may fail to log in without being made to wait
auth_failure_delay = 0
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}
"""

_TOKENS = """
auth_mechanisms = plain xoauth2 oauthbearer
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {folder}/oauth2.conf
}}
"""
_INTROSPECTION = """
introspection_mode = post
introspection_url = {url}
username_attribute = username
active_attribute = active
active_value = true
"""


def find_program() -> str | None:
    """Return the path of Dovecot, or None when it is not installed."""
    return shutil.which("dovecot") or ("/usr/sbin/dovecot" if Path("/usr/sbin/dovecot").exists() else None)


@dataclass
class Dovecot:
    """A running server."""

    folder: Path
    port: int
    tls_port: int
    uid: int
    gid: int
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def deliver(self, user: str, content: bytes, *, folder: str = "INBOX", received_at: datetime | None = None) -> Path:
        """Put a message into a mailbox, as a delivery agent does (maildir(5)); returns its file. `received_at` is its INTERNALDATE."""
        home = self.maildir(user) if folder == "INBOX" else self.maildir(user) / f".{folder}"
        self._make(home)
        name = f"{next(self._numbers):06d}.{os.getpid()}.test"
        waiting, path = home / "tmp" / name, home / "new" / name
        waiting.write_bytes(content)
        os.chown(waiting, self.uid, self.gid)
        moment = (received_at or datetime.now(UTC)).timestamp()
        os.utime(waiting, (moment, moment))
        waiting.rename(path)
        return path

    def maildir(self, user: str) -> Path:
        """Return where the mailbox of `user` lies."""
        return self.folder / "mail" / user

    def make_mailbox(self, user: str) -> None:
        """Make an empty mailbox."""
        self._make(self.maildir(user))

    def flags(self, user: str) -> dict[str, str]:
        """Return the flags of each message as the file names say them, so that looking changes nothing."""
        names = [path.name for sub in ("new", "cur") for path in (self.maildir(user) / sub).glob("*")]
        return {name.partition(":")[0].partition(",")[0]: name.partition(":2,")[2] for name in names}

    def renumber(self, user: str) -> None:
        """Give the mailbox another UIDVALIDITY, as a restored backup does."""
        for path in self.maildir(user).glob("dovecot*"):
            if path.is_file():
                path.unlink()
        uidlist = self.maildir(user) / "dovecot-uidlist"
        uidlist.write_text(f"3 V{int(time.time()) + 1000} N1\n")
        os.chown(uidlist, self.uid, self.gid)

    def log(self) -> str:
        """Return what the server has logged."""
        return (self.folder / "log").read_text(errors="replace")

    def _make(self, home: Path) -> None:
        for sub in ("", "tmp", "new", "cur"):
            path = home / sub
            path.mkdir(parents=True, exist_ok=True)
            os.chown(path, self.uid, self.gid)


@contextmanager
def dovecot(certificate: Path, *, introspection: str | None = None) -> Iterator[Dovecot]:
    """Run a server with the certificate and key of that file.

    `introspection`: where it asks whether a token is good (RFC 7662); then it takes tokens beside passwords.
    """
    with folder_of("root") as folder:
        yield from _run(folder, certificate, introspection)


def _run(folder: Path, certificate: Path, introspection: str | None) -> Iterator[Dovecot]:
    program = find_program()
    assert program is not None
    root = os.getuid() == 0
    mail = pwd.getpwnam("mail") if root else pwd.getpwuid(os.getuid())
    server = Dovecot(folder, free_port(), free_port(), mail.pw_uid, mail.pw_gid)
    (folder / "mail").mkdir()
    os.chown(folder / "mail", mail.pw_uid, mail.pw_gid)
    configuration = folder / "dovecot.conf"
    configuration.write_text(
        _CONFIGURATION.format(
            folder=folder,
            certificate=certificate,
            port=server.port,
            tls_port=server.tls_port,
            password=PASSWORD,
            uid=mail.pw_uid,
            gid=mail.pw_gid,
            login_user="dovenull" if root else mail.pw_name,
            internal_user="dovecot" if root else mail.pw_name,
            internal_group="dovecot" if root else mail.pw_name,
        )
    )
    if introspection is not None:
        (folder / "oauth2.conf").write_text(_INTROSPECTION.format(url=introspection))
        with configuration.open("a") as file:
            file.write(_TOKENS.format(folder=folder))
    process = subprocess.Popen([program, "-F", "-c", str(configuration)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        _wait_until_open(server.port, process)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)


def _wait_until_open(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        assert process.poll() is None, f"dovecot ended: {process.stderr.read().decode() if process.stderr else ''}"
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError("dovecot did not open its port within 20 s")
