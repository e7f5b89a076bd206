"""Tokens of Microsoft Entra for Exchange Online, through msal: device code (RFC 8628), refresh, and the application's own permission."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import msal  # type: ignore[import-untyped]
import requests
from msal.exceptions import MsalServiceError  # type: ignore[import-untyped]

from config.oauth2 import http
from config.oauth2.application import Application
from config.oauth2.refusals import refusal
from config.oauth2.store import Grant

_AUTHORITY = "https://login.microsoftonline.com"
_EXCHANGE = {
    "login.microsoftonline.us": "https://outlook.office365.us",
    "login.partner.microsoftonline.cn": "https://partner.outlook.cn",
}
"""Where Exchange Online is, by the log-in server of a national cloud; else `outlook.office365.com`."""
_SCOPES = {"imap": "IMAP.AccessAsUser.All", "smtp": "SMTP.Send"}


def fetch(application: Application, old: Grant | None) -> Grant:
    """Return a fresh grant: by the refresh token of `old`, or by the application's own secret. Raises SecretError, TokenError."""
    if application.flow == "client":
        scopes = [f"{_exchange(application)}/.default"]  # what an administrator granted the application, all of it
        secret = application.client_secret()
        return _ask(application, old, lambda: _confidential(application, secret).acquire_token_for_client(scopes))
    token = old.refresh_token if old is not None else None
    return _ask(application, old, lambda: _public(application).acquire_token_by_refresh_token(token, _scopes(application)))


def by_device_code(application: Application, show: Callable[[str, str, int], None]) -> Grant:
    """Return what a person grants. `show` is called once: with the address to open, the code to type there, and for how many seconds.

    Waits until they have done so. Raises TokenError: they declined, the code expired, or the server cannot be reached.
    """
    client = _called(application, lambda: _public(application))
    flow = _called(application, lambda: client.initiate_device_flow(_scopes(application)))
    if not isinstance(flow, dict) or not {"user_code", "verification_uri", "device_code"} <= set(flow):
        raise _refused(application, flow)
    end = time.monotonic() + flow["expires_in"]
    show(str(flow["verification_uri"]), str(flow["user_code"]), flow["expires_in"])
    while time.monotonic() < end:
        answer = _called(application, lambda: client.acquire_token_by_device_flow(flow, exit_condition=lambda _: True))
        if not isinstance(answer, dict) or answer.get("error") not in {"authorization_pending", "slow_down"}:
            return _grant(application, None, answer)
        time.sleep(flow["interval"])  # as the server asks for; msal makes it longer when told to slow down
    raise refusal(application, _server(application), "expired_token", "")


def _scopes(application: Application) -> list[str]:
    """Return what is asked for; msal adds `offline_access`, which gives the refresh token."""
    return [f"{_exchange(application)}/{_SCOPES[use]}" for use in sorted(application.uses)]


def _exchange(application: Application) -> str:
    return _EXCHANGE.get(_server(application), "https://outlook.office365.com")


def _server(application: Application) -> str:
    return urlsplit(application.authority or _AUTHORITY).netloc


def _public(application: Application) -> Any:
    return msal.PublicClientApplication(application.client_id, **_common(application))


def _confidential(application: Application, secret: str | None) -> Any:
    return msal.ConfidentialClientApplication(application.client_id, client_credential=secret, **_common(application))


def _common(application: Application) -> dict[str, Any]:
    # without instance discovery nobody is asked but the server that is configured
    authority = f"{application.authority or _AUTHORITY}/{application.tenant}"
    return {"authority": authority, "instance_discovery": False, "http_client": http.session(application.ca_file)}


def _ask(application: Application, old: Grant | None, work: Callable[[], dict[str, Any]]) -> Grant:
    return _grant(application, old, _called(application, work))


def _called(application: Application, work: Callable[[], Any]) -> Any:
    server = _server(application)
    try:
        return http.within(server, work)
    except requests.RequestException as error:
        raise http.unreachable(server, http.why(error)) from None
    except MsalServiceError:
        raise http.unreachable(server, "it is in trouble itself") from None
    except ValueError as error:
        # msal's, when the tenant has no description at the server: what the server said stands only in its cause
        said = str(error.__context__ or "")
        if "AADSTS" in said or "HTTP status: 4" in said:
            raise refusal(application, server, "invalid_tenant", said if "AADSTS" in said else "AADSTS90002") from None
        raise http.confused(server) from None
    except msal.IdTokenError:
        raise refusal(application, server, "id_token", "AADSTS700024") from None  # its times are not ours
    except http.NONSENSE:
        raise http.confused(server) from None


def _grant(application: Application, old: Grant | None, answer: Any) -> Grant:
    token = answer.get("access_token") if isinstance(answer, dict) else None
    if not isinstance(token, str) or not token.isascii():
        raise _refused(application, answer)
    now = time.time()
    refresh = answer.get("refresh_token") or (old.refresh_token if old is not None else None)
    return Grant(token, now, now + http.seconds(answer.get("expires_in")), refresh, application.uses | (old.uses if old else frozenset()))


def _refused(application: Application, answer: Any) -> Exception:
    if not isinstance(answer, dict) or "error" not in answer:
        return http.confused(_server(application))
    return refusal(application, _server(application), str(answer.get("error", "")), str(answer.get("error_description", "")))
