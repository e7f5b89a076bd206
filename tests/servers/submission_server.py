"""A submission server on a free loopback port, whose answers a test decides; real SMTP by aiosmtpd, in a thread of its own."""

from __future__ import annotations

import asyncio
import ssl
import threading
from base64 import b64decode
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

OK = "250 OK"


class _Spacious(SMTP):
    line_length_limit = 12_288  # a token is long (RFC 4954, 3)


@dataclass
class SubmissionServer:
    """Use as a context manager; `mails` holds what was accepted, and what a test sets here is answered from then on."""

    encryption: ssl.SSLContext | None = None
    starttls: bool = False
    """With `encryption`: offered by STARTTLS instead of from the first octet."""
    login: tuple[str, str] | None = None
    tokens: Callable[[str, str], bool] | None = None
    """Whether a username may come in with a token; then XOAUTH2 is the only way in."""
    refusal: str = "535 5.7.3 Authentication unsuccessful"
    on_sender: str = OK
    on_recipient: Callable[[str], str] = lambda _: OK
    on_content: Callable[[bytes], str | None] = lambda _: OK
    """Called after the final dot; None: the connection is cut without an answer."""
    mails: list[tuple[str, list[str], bytes]] = field(default_factory=list)
    log_ins: list[str] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    def cut_all(self) -> None:
        """Cut every open connection, as a server that restarts does; returns when they are gone."""
        self._run(self._cut())

    def __enter__(self) -> Self:
        self._protocols: list[SMTP] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = self._run(self._listen())
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._run(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    # what aiosmtpd calls

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802
        if self.on_sender == OK:
            envelope.mail_from = address
        return self.on_sender

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802
        answer = self.on_recipient(address)
        if answer == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content
        assert isinstance(content, bytes)
        answer = self.on_content(content)
        if answer is None or answer == OK:
            self.mails.append((str(envelope.mail_from), list(envelope.rcpt_tos), content))
        if answer is None:
            _abort(server)
            return "421 too late"
        return answer

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802 - aiosmtpd finds it by its name
        user, token, *_ = b64decode(args[1]).decode().removeprefix("user=").split("\1")
        assert self.tokens is not None
        if self.tokens(user, token.removeprefix("auth=Bearer ")):
            self.log_ins.append(user)
            return AuthResult(success=True)
        assert await server.challenge_auth('{"status":"400","schemes":"Bearer"}') == b""
        return AuthResult(success=False, handled=False, message=self.refusal)

    def _authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        given = (data.login.decode(), data.password.decode())
        return AuthResult(success=given == self.login, handled=False)

    def _protocol(self) -> SMTP:
        self.connections += 1
        offered = self.encryption if self.starttls else None
        protocol = (SMTP if self.tokens is None else _Spacious)(
            self,
            hostname="mx.example.org",
            loop=self._loop,
            tls_context=offered,
            authenticator=self._authenticate if self.login else None,
            auth_require_tls=(self.login is not None or self.tokens is not None) and offered is not None,
            auth_exclude_mechanism=("XOAUTH2",) if self.tokens is None else ("LOGIN", "PLAIN"),
        )
        protocol.command_size_limits["AUTH"] = _Spacious.line_length_limit
        self._protocols.append(protocol)
        return protocol

    async def _listen(self) -> asyncio.Server:
        direct = self.encryption if not self.starttls else None
        return await self._loop.create_server(self._protocol, "127.0.0.1", 0, ssl=direct)

    async def _cut(self) -> None:
        for protocol in self._protocols:
            _abort(protocol)
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    async def _end(self) -> None:
        self._server.close()
        await self._cut()
        await self._server.wait_closed()
        mine = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in mine:
            task.cancel()
        await asyncio.gather(*mine, return_exceptions=True)

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)


def _abort(protocol: SMTP) -> None:
    if isinstance(protocol.transport, asyncio.WriteTransport):
        protocol.transport.abort()
