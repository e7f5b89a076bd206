"""Tokens of Google for Gmail, through google-auth: a person's permission (refresh token), or a service account that acts for mailboxes."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests
from google.auth.exceptions import RefreshError, TransportError
from google.auth.transport.requests import Request
from google.oauth2.credentials import Credentials
from google.oauth2.service_account import Credentials as ServiceAccount

from config.fields import SecretError
from config.oauth2 import http
from config.oauth2.application import Application
from config.oauth2.refusals import refusal
from config.oauth2.store import Grant

_SCOPE = "https://mail.google.com/"
"""The only scope that opens IMAP and SMTP."""
_TOKENS, _CONSENT = "https://oauth2.googleapis.com/token", "https://accounts.google.com/o/oauth2/v2/auth"


def fetch(application: Application, old: Grant | None) -> Grant:
    """Return a fresh grant: by the refresh token of `old`, or by the service account's key. Raises SecretError, TokenError."""
    credentials: Any
    if application.service_account_file is not None:
        key = service_account(application.service_account_file) | {"token_uri": _token_url(application)}
        make: Any = ServiceAccount.from_service_account_info
        credentials = make(key, scopes=[_SCOPE], subject=application.username)
    else:
        make = Credentials
        credentials = make(
            token=None,
            refresh_token=old.refresh_token if old is not None else None,
            token_uri=_token_url(application),
            client_id=application.client_id,
            client_secret=application.client_secret(),
        )
    _called(application, lambda: credentials.refresh(Request(http.session(application.ca_file))))
    if not isinstance(credentials.token, str) or credentials.expiry is None:
        raise http.confused(_server(application))
    expires_at = credentials.expiry.replace(tzinfo=UTC).timestamp()  # google-auth's times are UTC, and do not say so
    refresh = getattr(credentials, "refresh_token", None)
    return Grant(credentials.token, time.time(), expires_at, refresh, application.uses | (old.uses if old else frozenset()))


def service_account(path: Path) -> dict[str, Any]:
    """Return the service account's key. Raises SecretError."""
    remedy = "name the JSON key that Google Cloud made for the service account"
    try:
        key = json.loads(path.read_bytes())
        ServiceAccount.from_service_account_info(key | {"token_uri": _TOKENS})  # type: ignore[no-untyped-call]
    except OSError as error:
        raise SecretError("service_account_file", path, f"cannot be read ({error.strerror}); {remedy}") from None
    except Exception:  # noqa: BLE001 - whatever its readers stumble over, they would quote the key
        raise SecretError("service_account_file", path, f"is no key of a service account; {remedy}") from None
    return dict(key)


def consent_url(application: Application, *, redirect: str, challenge: str, state: str) -> str:
    """Return the address where a person grants the permission (RFC 6749, 4.1.1; RFC 7636, 4.3)."""
    base = f"{application.authority}/o/oauth2/v2/auth" if application.authority else _CONSENT
    asked = {
        "client_id": application.client_id,
        "redirect_uri": redirect,
        "response_type": "code",
        "scope": _SCOPE,
        "access_type": "offline",  # else there is no refresh token
        "prompt": "consent",  # else there is none the second time
        "login_hint": application.username,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "state": state,
    }
    return f"{base}?{urlencode(asked)}"


def by_code(application: Application, code: str, *, redirect: str, verifier: str) -> Grant:
    """Return what a person has granted, for the code that their browser was sent back with. Raises SecretError, TokenError."""
    asked = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect,
        "client_id": application.client_id,
        "client_secret": application.client_secret(),
        "code_verifier": verifier,
    }
    server = _server(application)

    def ask() -> tuple[int, Any]:
        answer = http.session(application.ca_file).post(_token_url(application), data=asked)
        return answer.status_code, answer.json()

    status, said = _called(application, ask)
    if status != requests.codes.ok or not isinstance(said, dict) or "access_token" not in said:
        error, description = (said.get("error", ""), said.get("error_description", "")) if isinstance(said, dict) else ("", "")
        raise refusal(application, server, str(error), str(description))
    if "refresh_token" not in said:
        raise refusal(application, server, "invalid_scope", "")
    now = time.time()
    return Grant(str(said["access_token"]), now, now + http.seconds(said.get("expires_in")), str(said["refresh_token"]), application.uses)


def _called(application: Application, work: Callable[[], Any]) -> Any:
    server = _server(application)
    try:
        return http.within(server, work)
    except RefreshError as error:
        said = error.args[1] if len(error.args) > 1 and isinstance(error.args[1], dict) else {}
        if error.retryable or "error" not in said:
            raise http.unreachable(server, "it is in trouble itself") from None
        raise refusal(application, server, str(said["error"]), str(said.get("error_description", ""))) from None
    except TransportError as error:
        cause = error.__cause__ or (error.args[0] if error.args else None)
        told = http.why(cause) if isinstance(cause, requests.RequestException) else "no connection"
        raise http.unreachable(server, told) from None
    except requests.RequestException as error:
        raise http.unreachable(server, http.why(error)) from None
    except SecretError:
        raise
    except http.NONSENSE:
        raise http.confused(server) from None


def _token_url(application: Application) -> str:
    return f"{application.authority}/token" if application.authority else _TOKENS


def _server(application: Application) -> str:
    return urlsplit(_token_url(application)).netloc
