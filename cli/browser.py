"""The permission by a browser that is sent back to this machine (RFC 8252, 7.3; RFC 7636), or whose last address a person pastes."""

from __future__ import annotations

import base64
import hashlib
import secrets
import select
import socket
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from cli import console
from config import TokenError

if TYPE_CHECKING:
    from config.oauth2.application import Application
    from config.oauth2.store import Grant

_PATIENCE_SECONDS = 15 * 60.0
_LONGEST_REQUEST = 16 * 1024
_THANKS = "pli has what it needs; this window may be closed.\n"
_ELSEWHERE = "This is pli, waiting for somebody to agree elsewhere.\n"


def ask_in_browser(application: Application) -> Grant:
    """Return what a person grants in their browser. Raises SecretError, TokenError."""
    from config.oauth2 import google  # noqa: PLC0415

    verifier, state = secrets.token_urlsafe(48), secrets.token_urlsafe(24)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        redirect = f"http://127.0.0.1:{listener.getsockname()[1]}"
        console.write(f"Open this address in a browser, and log in as {application.username}:")
        console.write(google.consent_url(application, redirect=redirect, challenge=challenge, state=state))
        console.tell("when the browser runs on another machine, its last page cannot be shown: paste that page's address here")
        code = _wait_for_code(listener, state, application)
    return google.by_code(application, code, redirect=redirect, verifier=verifier)


def _wait_for_code(listener: socket.socket, state: str, application: Application) -> str:
    """Return the code that the browser is sent back with, or that somebody pastes. Raises TokenError."""
    end = time.monotonic() + _PATIENCE_SECONDS
    places: list[Any] = [listener, sys.stdin] if sys.stdin is not None else [listener]
    while (left := end - time.monotonic()) > 0:
        for ready in select.select(places, [], [], left)[0]:
            if ready is listener:
                said = _answer(listener, state)
            elif line := sys.stdin.readline(_LONGEST_REQUEST):
                said = _words(line.strip(), state)
                if not said:
                    console.tell("that is not the address of the browser's last page; it begins with http://127.0.0.1")
            else:
                places.remove(ready)  # nobody is at the keyboard
                continue
            if "code" in said:
                return said["code"]
            if "error" in said:
                from config.oauth2.refusals import refusal  # noqa: PLC0415

                raise refusal(application, "accounts.google.com", said["error"], "")
    raise TokenError(f"{application.username}: nobody agreed in time; run `pli authorize {application.username}` again")


def _answer(listener: socket.socket, state: str) -> dict[str, str]:
    """Answer one request of a browser; returns what it was sent back with, empty when it was another request."""
    said: dict[str, str] = {}
    with suppress(OSError):
        line, _ = listener.accept()
        with line:
            line.settimeout(5)
            request = b""
            while b"\r\n\r\n" not in request and len(request) < _LONGEST_REQUEST and (more := line.recv(4096)):
                request += more
            target = request.split(b"\r\n", 1)[0].decode("ascii", "replace").split(" ")
            said = _words(target[1], state) if len(target) == 3 and target[0] == "GET" else {}
            text = _THANKS if said else _ELSEWHERE
            head = f"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {len(text)}\r\nConnection: close\r\n\r\n"
            line.sendall((head + text).encode("ascii"))
    return said


def _words(address: str, state: str) -> dict[str, str]:
    """Return the code or the error in an address; nothing when it is not the answer to our own question (RFC 6749, 10.12)."""
    try:
        found = {key: values[0] for key, values in parse_qs(urlsplit(address).query).items()}
    except ValueError:
        return {}
    given = found.get("state", "")
    return found if given.isascii() and secrets.compare_digest(given, state) and ("code" in found or "error" in found) else {}
