"""One conversation with the provider's submission server (RFC 5321, RFC 6409), and what became of each mail.

The last moment at which nothing has happened is just before the final dot; there the caller is asked once more (`before_final_dot`)
and writes down that from now on the outcome is the receiver's. What is lost after the dot is `UNKNOWN` and never simply tried again
(RFC 1047).
"""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Self

from notifications.smtp_connection import SmtpAccount, SmtpError, connect, deadline, said, trouble

__all__ = ["Outcome", "Result", "SmtpAccount", "SmtpError", "SmtpTransport"]

_AUTHENTICATION_WANTED = frozenset({530, 534, 535, 538})
_TOO_BIG = 552
_SERVICE_NOT_AVAILABLE = 421


class Result(StrEnum):
    """What became of one mail."""

    SENT = "sent"
    TEMPORARY = "temporary"
    """Not taken now (RFC 5321, 4.2.1: 4yz), or the conversation broke before the final dot."""
    PERMANENT = "permanent"
    """Refused for this recipient (5yz)."""
    UNKNOWN = "unknown"
    """The final dot left us and no answer came back."""
    ABANDONED = "abandoned"
    """`before_final_dot` said no: the connection was closed without the dot, nothing was delivered."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A result with the server's words, for a person."""

    result: Result
    detail: str


class SmtpTransport:
    """One connection for all mails of a drain, opened with the first; one envelope recipient a mail."""

    def __init__(self, account: SmtpAccount) -> None:
        self._account = account
        self._client: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Say goodbye, briefly, and close."""
        client, self._client = self._client, None
        if client is not None:
            with suppress(OSError, smtplib.SMTPException), deadline(client, 5):
                client.quit()
            client.close()

    def check(self, sender: str) -> str:
        """Connect, log in and see that we may write as `sender`, sending nothing; returns the server in words. Raises SmtpError."""
        client = self._connected()
        try:
            with deadline(client, self._account.deadline):
                code, reply = client.mail(sender)
                if not _accepted(code):
                    raise self._sender_refused(sender, code, reply)
                _reset(client)
        except (OSError, smtplib.SMTPException) as error:
            raise trouble(self._account, "broke off the conversation", said(error), "try again") from error
        return f"{self._account.host}:{self._account.port} takes mail from {sender}"

    def send(self, content: bytes, *, sender: str, recipient: str, before_final_dot: Callable[[], bool]) -> Outcome:
        """Give one mail away.

        `content`: RFC 5322 octets, CRLF, ASCII headers. `before_final_dot` is called once, after all of the mail was sent and before the
        dot that makes it the server's: False, or an exception, closes the connection instead, and nothing is delivered.
        Raises SmtpError when the account itself is refused or unreachable: then nothing of any mail can be sent now.
        """
        reused = self._client is not None
        client = self._connected()
        try:
            with deadline(client, self._account.deadline):
                refusal = self._envelope(client, sender, recipient, len(content))
                if refusal is not None:
                    return refusal
                client.send(_body(content))
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            if reused:  # servers may end a long conversation at any time; nothing of this mail was delivered
                return self.send(content, sender=sender, recipient=recipient, before_final_dot=before_final_dot)
            return Outcome(Result.TEMPORARY, f"the conversation broke before the mail was complete: {said(error)}")
        except SmtpError:
            self._drop()
            raise
        return self._final_dot(client, before_final_dot)

    def _envelope(self, client: smtplib.SMTP, sender: str, recipient: str, octets: int) -> Outcome | None:
        options = [f"size={octets}"] if client.has_extn("size") else []
        code, reply = client.mail(sender, options)
        if code >= 500 and code != _TOO_BIG:
            raise self._sender_refused(sender, code, reply)
        if _accepted(code):
            code, reply = client.rcpt(recipient)
        if code in _AUTHENTICATION_WANTED:
            raise trouble(self._account, "wants a log-in", _reply(code, reply), "set username and password_file in [smtp]")
        if _accepted(code):
            code, reply = client.docmd("DATA")
            if code == 354:
                return None
        if not 400 <= code <= 599 or code == _SERVICE_NOT_AVAILABLE:
            raise smtplib.SMTPServerDisconnected(_reply(code, reply))
        if not _reset(client):
            self._drop()
        return Outcome(Result.PERMANENT if code >= 500 else Result.TEMPORARY, _reply(code, reply))

    def _final_dot(self, client: smtplib.SMTP, before_final_dot: Callable[[], bool]) -> Outcome:
        agreed = dotted = False
        try:
            agreed = before_final_dot()
        finally:
            if not agreed:
                self._drop()
        if not agreed:
            return Outcome(Result.ABANDONED, "another worker took this mail over")
        try:
            with deadline(client, self._account.final_timeout):
                _patience(client, self._account.final_timeout)
                client.send(b".\r\n")
                dotted = True
                code, reply = client.getreply()
                _patience(client, self._account.command_timeout)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            if not dotted:  # a line that was cut before: the dot never left us, so nobody has the mail
                return Outcome(Result.TEMPORARY, f"the conversation broke before the mail was complete: {said(error)}")
            return Outcome(Result.UNKNOWN, f"no answer to the complete mail: {said(error)}")
        if code == _SERVICE_NOT_AVAILABLE or not (_accepted(code) or 400 <= code <= 599):
            self._drop()
        result = {2: Result.SENT, 4: Result.TEMPORARY, 5: Result.PERMANENT}.get(code // 100, Result.UNKNOWN)
        return Outcome(result, _reply(code, reply))

    def _connected(self) -> smtplib.SMTP:
        if self._client is None:
            self._client = connect(self._account)
        return self._client

    def _drop(self) -> None:
        """Close without a word: what was begun must not become a mail."""
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def _sender_refused(self, sender: str, code: int, reply: bytes) -> SmtpError:
        remedy = "check sender, username and password_file in [smtp]"
        return trouble(self._account, f"does not let us write as {sender}", _reply(code, reply), remedy)


def _accepted(code: int) -> bool:
    return 200 <= code <= 299


def _patience(client: smtplib.SMTP, seconds: float) -> None:
    if client.sock is not None:
        client.sock.settimeout(seconds)


def _reset(client: smtplib.SMTP) -> bool:
    try:
        return client.rset()[0] == 250
    except (OSError, smtplib.SMTPException):
        return False


def _body(content: bytes) -> bytes:
    """Double the leading dots (RFC 5321, 4.5.2) and end the last line."""
    lines = content.removesuffix(b"\r\n").split(b"\r\n")
    return b"".join((b"." + line if line.startswith(b".") else line) + b"\r\n" for line in lines)


def _reply(code: int, reply: bytes) -> str:
    return f"{code} {said(reply)}"
