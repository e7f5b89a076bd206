"""The outside world of the demo: an IMAP server and an SMTP server, in a child process of their own.

Both are packages that others maintain: pymap (RFC 3501) holds the mailboxes in memory, aiosmtpd takes whatever it is given. pli reaches
them by host, port and password as it would any provider. Over the pipe goes only what no mail client can do: put mail into a mailbox as
a delivery agent does, and look at the mailboxes and the server's log as an administrator does. The process ends with the one that
started it.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import re
import secrets
import warnings
from argparse import Namespace
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection
from typing import Any

_HOST = "127.0.0.1"
_START_SECONDS = 30.0
_ANSWER_SECONDS = 20.0
_COMMAND = re.compile(r"[^\s*+]+ (?:UID )?([A-Z]+)\b", re.IGNORECASE)
"""A command line: tag, then name (RFC 3501, 2.2.1); SEARCH, FETCH and STORE may be preceded by UID."""


class ServerError(Exception):
    """The embedded servers cannot be started or do not answer; the message says what and the remedy."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where a delivered message lies: what pli calls its position."""

    mailbox: str
    uidvalidity: int
    uid: int

    @property
    def position(self) -> str:
        """`uidvalidity:uid`."""
        return f"{self.uidvalidity}:{self.uid}"


@dataclass(frozen=True, slots=True)
class SentMail:
    """A mail as the SMTP server took it."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes


Flags = Mapping[tuple[str, int], tuple[str, ...]]
"""The flags of each message, by mailbox and UID; `\\Recent` counts as one."""


class Servers:
    """The running servers, seen by their administrator."""

    def __init__(self, pipe: Connection, imap_port: int, smtp_port: int, password: str) -> None:
        self._pipe = pipe
        self.host = _HOST
        self.imap_port = imap_port
        self.smtp_port = smtp_port
        self.password = password

    def put(self, mailbox: str, content: bytes, received_at: datetime, flags: tuple[str, ...] = ()) -> Arrival:
        """Put one message into a mailbox, as a delivery agent does."""
        uidvalidity, uid = self._ask("put", mailbox, content, received_at, flags)
        return Arrival(mailbox, uidvalidity, uid)

    def flags(self) -> Flags:
        """Return the flags of every message, read from the server's own memory and not over IMAP."""
        answer: dict[tuple[str, int], tuple[str, ...]] = self._ask("flags")
        return answer

    def commands(self) -> Counter[str]:
        """Return how often each IMAP command was received, from the server's own log."""
        answer: Counter[str] = self._ask("commands")
        return answer

    def sent(self) -> list[SentMail]:
        """Return every mail that was submitted so far, in that order."""
        answer: list[SentMail] = self._ask("sent")
        return answer

    def _ask(self, *question: object) -> Any:
        try:
            self._pipe.send(question)
            if not self._pipe.poll(_ANSWER_SECONDS):
                raise ServerError(f"the embedded servers did not answer within {_ANSWER_SECONDS:.0f} s; start the demo again")
            return self._pipe.recv()
        except (OSError, EOFError) as error:
            raise ServerError(f"the embedded servers ended before the demo did ({type(error).__name__}); start the demo again") from error


@contextmanager
def start_servers(mailboxes: tuple[str, ...]) -> Iterator[Servers]:
    """Start both servers on free ports of 127.0.0.1 with an empty mailbox each, and stop them at the end. Raises ServerError."""
    password = secrets.token_urlsafe(16)
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, mailboxes, password), name="demo servers", daemon=True)
    process.start()
    theirs.close()
    try:
        if not ours.poll(_START_SECONDS):
            raise ServerError(f"the embedded servers did not start within {_START_SECONDS:.0f} s; start the demo again")
        imap_port, smtp_port = ours.recv()
        yield Servers(ours, imap_port, smtp_port, password)
    except EOFError:
        raise ServerError("the embedded servers could not be started; `pip install 'pli[demo]'` brings what they need") from None
    finally:
        ours.close()  # the child sees the end of the pipe, and ends
        process.join(5)
        if process.is_alive():
            process.kill()
            process.join()


def _serve(pipe: Connection, mailboxes: tuple[str, ...], password: str) -> None:
    """Be the child process: run both servers until the pipe is closed."""
    os.environ["FQDN"] = "localhost"  # else pymap asks the DNS for our name
    try:
        asyncio.run(_World(mailboxes, password).run(pipe))
    except KeyboardInterrupt:
        return


class _CommandLog(logging.Handler):
    """Counts the commands in pymap's log; what stands in them (passwords, too) is not kept."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.counts: Counter[str] = Counter()

    def emit(self, record: logging.LogRecord) -> None:
        if "-->|" not in str(record.msg) or not isinstance(record.args, tuple):
            return
        command = _COMMAND.match(str(record.args[-1]))
        if command:
            self.counts[command[1].upper()] += 1


class _World:
    def __init__(self, mailboxes: tuple[str, ...], password: str) -> None:
        self._mailboxes = mailboxes
        self._password = password
        self._boxes: dict[str, Any] = {}
        self._kept: list[SentMail] = []
        self._log = _CommandLog()

    async def run(self, pipe: Connection) -> None:
        log = logging.getLogger("pymap")
        log.setLevel(logging.DEBUG)
        log.addHandler(self._log)
        log.propagate = False
        logging.getLogger("mail.log").setLevel(logging.ERROR)  # aiosmtpd's; it warns that a log-in without TLS is unwise
        answers: dict[str, Callable[..., Awaitable[object]]] = {
            "put": self._put,
            "flags": self._flags,
            "commands": self._commands,
            "sent": self._sent,
        }
        imap, smtp = await self._start_imap(), await self._start_smtp()
        async with imap, smtp:
            pipe.send((imap.sockets[0].getsockname()[1], smtp.sockets[0].getsockname()[1]))
            while True:
                try:
                    question, *values = await asyncio.to_thread(pipe.recv)
                except (EOFError, OSError):
                    break
                pipe.send(await answers[question](*values))

    async def _start_imap(self) -> asyncio.Server:
        from proxyprotocol.reader import ProxyProtocolReader  # noqa: PLC0415
        from pymap.backend.dict import DictBackend, Identity  # noqa: PLC0415
        from pymap.imap import IMAPServer  # noqa: PLC0415
        from pymap.user import Passwords, UserMetadata  # noqa: PLC0415

        arguments = Namespace(
            host=_HOST, port=0, debug=True, cert=None, key=None, tls=False, passlib_cfg=None, proxy_protocol=None,
            demo_data=False, demo_user="nobody", demo_password=self._password,
        )  # fmt: skip
        backend, config = await DictBackend.init(arguments)
        config.apply_context()
        hashed = await Passwords(config).hash_password(self._password)
        for mailbox in self._mailboxes:
            identity = Identity(mailbox, backend.login, None, frozenset())
            await identity.set(UserMetadata(config, mailbox, password=hashed))
            async with identity.new_session() as session:
                self._boxes[mailbox] = await session.mailbox_set.get_mailbox("INBOX")
        callback = ProxyProtocolReader(config.proxy_protocol).get_callback(IMAPServer(backend.login, config))
        return await asyncio.start_server(callback, host=_HOST, port=0)

    async def _start_smtp(self) -> asyncio.Server:
        from aiosmtpd.smtp import SMTP  # noqa: PLC0415

        warnings.filterwarnings("ignore", "Requiring AUTH while not requiring TLS")  # on loopback nobody listens in
        loop = asyncio.get_running_loop()
        return await loop.create_server(
            lambda: SMTP(
                self, hostname="localhost", ident="demo", loop=loop, authenticator=self._log_in, auth_required=True, auth_require_tls=False
            ),
            host=_HOST,
            port=0,
        )

    def _log_in(self, _server: object, _session: object, _envelope: object, _mechanism: str, given: Any) -> Any:
        from aiosmtpd.smtp import AuthResult  # noqa: PLC0415

        return AuthResult(success=secrets.compare_digest(given.password, self._password.encode()), handled=False)

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's names
        """Keep one mail; aiosmtpd calls this after the final dot."""
        self._kept.append(SentMail(envelope.mail_from, tuple(envelope.rcpt_tos), envelope.original_content))
        return "250 2.0.0 kept"

    async def _put(self, mailbox: str, content: bytes, received_at: datetime, flags: tuple[str, ...]) -> tuple[int, int]:
        from pymap.parsing.message import AppendMessage  # noqa: PLC0415
        from pymap.parsing.specials.flag import Flag  # noqa: PLC0415

        box = self._boxes[mailbox]
        message = AppendMessage(content, received_at, frozenset(Flag(flag.encode()) for flag in flags))
        appended = await box.append(message, recent=True)
        return box.uid_validity, appended.uid

    async def _flags(self) -> dict[tuple[str, int], tuple[str, ...]]:
        found = {}
        for mailbox, box in self._boxes.items():
            async for message in box.messages():
                flags = [bytes(flag).decode() for flag in message.permanent_flags] + ["\\Recent"] * message.recent
                found[mailbox, message.uid] = tuple(sorted(flags))
        return found

    async def _commands(self) -> Counter[str]:
        return self._log.counts.copy()

    async def _sent(self) -> list[SentMail]:
        return list(self._kept)
