"""How log-in servers are spoken to: verified TLS, no redirects, an end to everything, and silence in the logs."""

from __future__ import annotations

import logging
import ssl
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import requests
from requests.adapters import HTTPAdapter

from config.errors import TokenError

T = TypeVar("T")

_WHOLE_SECONDS = 60.0
"""Of one exchange, whatever drips in."""
_CONNECT_SECONDS, _READ_SECONDS = 15.0, 30.0
_TALKATIVE = ("msal", "google", "urllib3", "requests")


def session(ca_file: Path | None) -> requests.Session:
    """Return a client that trusts the system's authorities and those in `ca_file`."""
    for name in _TALKATIVE:  # what they tell of requests and answers is not ours to vouch for
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    made = _Session()
    context = ssl.create_default_context()
    if ca_file is not None:
        context.load_verify_locations(ca_file)
    made.mount("https://", _Adapter(context))
    return made


def within(server: str, work: Callable[[], T]) -> T:
    """Return what `work` returns, or raise what it raises; TokenError when `server` keeps us for too long.

    A server that drips one octet at a time never trips a socket time-out; the thread that waits for it is left behind.
    """
    came: list[T] = []
    went_wrong: list[BaseException] = []

    def run() -> None:
        try:
            came.append(work())
        except BaseException as error:  # noqa: BLE001 - raised again below, in the thread that asked
            went_wrong.append(error)

    thread = threading.Thread(target=run, daemon=True, name="log-in server")
    thread.start()
    thread.join(_WHOLE_SECONDS)
    if went_wrong:
        raise went_wrong[0]
    if not came:
        raise unreachable(server, "it did not answer in time")
    return came[0]


NONSENSE = (ValueError, LookupError, TypeError, AttributeError, RuntimeError)
"""What a server's nonsense makes of the libraries that read it; what they say of it may quote it."""


def seconds(said: object) -> float:
    """Return how long a token holds; 0 when the server does not say it in a way that can be understood."""
    try:
        return max(0.0, min(float(str(said)), 10 * 365 * 86_400.0))
    except ValueError:
        return 0.0


def confused(server: str) -> TokenError:
    """Return the error for a server whose answers make no sense."""
    return unreachable(server, "it answers what no login server does")


def unreachable(server: str, why: str) -> TokenError:
    """Return the error for a log-in server that cannot be reached, or is in trouble itself."""
    remedy = "check the network and the proxy, it will be tried again"
    return TokenError(f"cannot reach the login server {server} ({why}); {remedy}", unreachable=True)


def why(error: requests.RequestException) -> str:
    """Return what kept us from a server, in words that quote neither what was sent nor what came."""
    cause: BaseException | None = error
    seen: list[BaseException] = []
    while cause is not None and cause not in seen:
        seen.append(cause)
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"its certificate cannot be trusted: {cause.verify_message}; a proxy's authority goes into ca_file"
        if isinstance(cause, OSError) and cause.strerror and not isinstance(cause, requests.RequestException):
            return cause.strerror
        inner = getattr(cause, "reason", None) or next((item for item in cause.args if isinstance(item, BaseException)), None)
        cause = cause.__cause__ or cause.__context__ or (inner if isinstance(inner, BaseException) else None)
    if isinstance(error, requests.Timeout):
        return "it did not answer in time"
    if isinstance(error, requests.HTTPError) and error.response is not None:
        return f"HTTP status {error.response.status_code}"
    return {"ConnectionError": "no connection", "JSONDecodeError": "it answers what no login server does"}.get(
        type(error).__name__, type(error).__name__
    )


class _Session(requests.Session):
    def request(self, *given: Any, **named: Any) -> requests.Response:
        """Make a request with our patience; a log-in server that redirects is none, and must not be handed on a secret."""
        named["timeout"] = (_CONNECT_SECONDS, _READ_SECONDS)
        named["allow_redirects"] = False
        return super().request(*given, **named)


class _Adapter(HTTPAdapter):
    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        super().__init__()

    def init_poolmanager(self, *given: Any, **named: Any) -> None:
        super().init_poolmanager(*given, ssl_context=self._context, **named)

    def proxy_manager_for(self, proxy: str, **named: Any) -> Any:
        return super().proxy_manager_for(proxy, ssl_context=self._context, **named)
