"""A log-in server (RFC 6749, 7662, 8628) on loopback that speaks as Microsoft's and Google's do; what a test sets decides its answers.

Over TLS for those who ask for tokens, and in the clear for the mail servers that ask whether a token is good.
"""

from __future__ import annotations

import itertools
import json
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

TENANT = "11111111-2222-3333-4444-555555555555"
Form = dict[str, str]
PENDING = {"error": "authorization_pending", "error_description": "AADSTS70016: OAuth 2.0 device flow error. Trace ID: 7c8d"}


@dataclass
class LoginServer:
    """Use as a context manager."""

    encryption: ssl.SSLContext
    username: str = "recrutement@example.org"
    """Whose mailbox its tokens open."""
    approve_after: int = 2
    """Of how many polls a person needs to type the code."""
    lifetime: int = 3600
    """Seconds of an access token."""
    refuse: Callable[[Form], dict[str, Any] | None] = lambda _: None
    """Asked with each request for a token: an error, or None to give one."""
    status: int | None = None
    """Of every answer, as a server in trouble has it."""
    nonsense: str | None = None
    """Every answer to a request for a token, with status 200."""
    asked: list[Form] = field(default_factory=list)
    """Every request for a token."""
    good: set[str] = field(default_factory=set)
    """Access tokens that the mail servers take."""
    refreshing: set[str] = field(default_factory=set)
    issued: list[str] = field(default_factory=list)
    """Every secret that was ever handed out: none of them may turn up anywhere."""
    polls: int = 0

    def __enter__(self) -> Self:
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._servers = [self._listen(self.encryption), self._listen(None)]
        self.secure, self.plain = (f"127.0.0.1:{server.server_address[1]}" for server in self._servers)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()

    def give(self) -> dict[str, Any]:
        """Return a new access token with a new refresh token."""
        with self._lock:
            number = next(self._numbers)
            access, refresh = f"PLANTED-access-{number}-" + "x" * 1500, f"PLANTED-refresh-{number}"
            self.good.add(access)
            self.refreshing.add(refresh)
            self.issued += [access, refresh]
        return {"token_type": "Bearer", "access_token": access, "expires_in": self.lifetime, "refresh_token": refresh}

    def takes(self, username: str, token: str) -> bool:
        """Say whether a mail server may let the bearer in."""
        return username == self.username and token in self.good

    def answer(self, path: str, form: Form) -> tuple[int, dict[str, Any]]:
        """Return status and JSON."""
        if self.status is not None:
            return self.status, {}
        match path.strip("/").split("/"):
            case [tenant, "v2.0", ".well-known", "openid-configuration"]:
                return self._describe(tenant)
            case [_, "oauth2", "v2.0", "devicecode"]:
                self.polls = 0
                code = {"device_code": "PLANTED-device-code", "user_code": "ABCD-EFGH", "verification_uri": "https://login.example/device"}
                return 200, {**code, "expires_in": 900, "interval": 0}
            case [_, "oauth2", "v2.0", "token"] | ["token"]:
                return self._token(form)
            case ["introspect"]:
                return 200, {"active": form.get("token") in self.good, "username": self.username}
        return 404, {}

    def _describe(self, tenant: str) -> tuple[int, dict[str, Any]]:
        if tenant != TENANT:
            return 400, {"error": "invalid_tenant", "error_description": f"AADSTS90002: Tenant '{tenant}' not found. Trace ID: 7c8d"}
        base = f"https://{self.secure}/{tenant}"
        return 200, {
            "issuer": f"{base}/v2.0",
            "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
            "token_endpoint": f"{base}/oauth2/v2.0/token",
            "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
        }

    def _token(self, form: Form) -> tuple[int, dict[str, Any]]:
        self.asked.append(form)
        if (error := self.refuse(form)) is not None:
            return 400, error
        match form["grant_type"]:
            case "urn:ietf:params:oauth:grant-type:device_code":
                self.polls += 1
                return (400, PENDING) if self.polls < self.approve_after else (200, self.give())
            case "refresh_token" if form["refresh_token"] not in self.refreshing:
                return 400, {"error": "invalid_grant", "error_description": "AADSTS50173: The provided grant has expired. Trace ID: 7c8d"}
            case "client_credentials":
                return 200, {key: value for key, value in self.give().items() if key != "refresh_token"}
        return 200, self.give()

    def _listen(self, encryption: ssl.SSLContext | None) -> ThreadingHTTPServer:
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        server.daemon_threads = True
        if encryption is not None:
            server.socket = encryption.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
        return server


def _handler(login: LoginServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({key: values[0] for key, values in parse_qs(urlsplit(self.path).query).items()})

        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            self._answer({key: values[0] for key, values in parse_qs(text).items()})

        def _answer(self, form: Form) -> None:
            status, said = login.answer(urlsplit(self.path).path, form)
            body = json.dumps(said).encode()
            if login.nonsense is not None and "grant_type" in form:
                status, body = 200, login.nonsense.encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    return Handler
