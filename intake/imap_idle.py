"""Waiting with IDLE (RFC 2177): what the server tells by itself, line by line.

Our own and not imapclient's, which polls the socket only: what came in the same packet (or TLS record) as the server's consent lies in a
buffer by then, and would be seen minutes later; and which takes a line that arrives in two packets for a broken one.
"""

# ruff: noqa: SLF001 - imapclient hands out no other way to its connection
from __future__ import annotations

import re
import select
import ssl
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from imapclient import IMAPClient  # type: ignore[import-untyped]
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError  # type: ignore[import-untyped]

_COUNTED = re.compile(rb"\* (\d+) (EXISTS|EXPUNGE)\b", re.IGNORECASE)
_GOODBYE = re.compile(rb"\* BYE\b", re.IGNORECASE)


class Count:
    """How many messages the folder holds, as told: some servers say it at every question, and the same number is no news."""

    def __init__(self, messages: int | None = None) -> None:
        self._messages = messages

    def tells_of_mail(self, number: int, what: bytes) -> bool:
        """Tell whether `number` EXISTS says something new; `number` EXPUNGE is a message that is gone, and none that came."""
        if what.upper() == b"EXPUNGE":
            self._messages = None if self._messages is None else self._messages - 1
            return False
        before, self._messages = self._messages, number
        return number != before


def idle(client: IMAPClient, seconds: float, step: Callable[[], AbstractContextManager[None]], count: Count) -> bool:
    """Idle until a message comes or the time is up; True when one came. Raises what imapclient raises when the connection is gone.

    `step` gives an exchange with the server its end.
    """
    end = time.monotonic() + seconds
    connection: Any = client._imap
    with step():
        tag = connection._command("IDLE")
        came = _until_consent(connection, count)
    while not came and (left := end - time.monotonic()) > 0:
        if _has_more(connection) or _is_readable(connection, left):
            with step():
                came = _tells_of_mail(connection._get_line(), count)
    with step():
        connection.send(b"DONE\r\n")
        while not connection.tagged_commands[tag]:
            line = connection._get_response()
            came = (line is not None and _tells_of_mail(line, count)) or came
        kind, _ = connection.tagged_commands.pop(tag)
    if kind != "OK":
        raise IMAPClientError("IDLE was refused")
    return came


def _until_consent(connection: Any, count: Count) -> bool:
    """Read up to the server's `+`; some tell of changes before it."""
    came = False
    while (line := connection._get_response()) is not None:
        if not line.startswith(b"* "):
            raise IMAPClientError("IDLE was refused")
        came = _tells_of_mail(line, count) or came
    return came


def _tells_of_mail(line: bytes, count: Count) -> bool:
    if _GOODBYE.match(line):
        raise IMAPClientAbortError("the server says goodbye")
    told = _COUNTED.match(line)
    return told is not None and count.tells_of_mail(int(told[1]), told[2])


def _has_more(connection: Any) -> bool:
    """Tell whether octets were received already that no poll of the socket would tell of."""
    sock = connection.sock
    patience = sock.gettimeout()
    sock.settimeout(0)
    try:
        return bool(connection.file.peek(1))
    except (BlockingIOError, ssl.SSLWantReadError):
        return False
    finally:
        sock.settimeout(patience)


def _is_readable(connection: Any, seconds: float) -> bool:
    poll = select.poll()
    poll.register(connection.sock.fileno(), select.POLLIN)
    return bool(poll.poll(seconds * 1000))
