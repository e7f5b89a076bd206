"""An access token for a log-in: the kept one while it holds, else a fresh one that is kept in its place."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from config.fields import SecretError
from config.oauth2 import store
from config.oauth2.application import Application
from config.oauth2.store import Grant

_MARGIN_SECONDS = 120.0
"""A token that ends sooner is not begun with: a log-in takes time, and clocks differ."""
_FRESH_SECONDS = 60.0
"""A token that was refused so soon after it was got will not be better the next time."""


def access_token(application: Application, refused: str | None = None) -> str | None:
    """Return a token; see `Account.access_token`. Raises SecretError, TokenError."""
    grant = _kept(application)
    if _holds(grant, refused):
        return grant.access_token if grant else None
    with store.locked(application.token_file):
        grant = _kept(application)  # another may have got one while we waited
        if _holds(grant, refused):
            return grant.access_token if grant else None
        if refused is not None and grant is not None and 0 <= time.time() - grant.obtained_at < _FRESH_SECONDS:
            return None
        grant = _provider(application)(application, grant)
        store.write(application.token_file, application.owner, grant)
    return grant.access_token


def check(application: Application) -> None:
    """See that everything is there to ask for a token, without asking. Raises SecretError."""
    application.client_secret()
    grant = store.read(application.token_file, application.owner)
    if application.service_account_file is not None:
        from config.oauth2 import google  # noqa: PLC0415

        google.service_account(application.service_account_file)
    elif application.flow != "client":
        _check_permission(application, grant)


def keep(application: Application, grant: Grant) -> Path:
    """Keep what a person has granted; returns where. Raises SecretError, TokenError."""
    with store.locked(application.token_file):
        store.write(application.token_file, application.owner, grant)
    return application.token_file


def _kept(application: Application) -> Grant | None:
    grant = store.read(application.token_file, application.owner)
    if application.flow != "client":
        _check_permission(application, grant)
    return grant


def _check_permission(application: Application, grant: Grant | None) -> None:
    """See that a person has granted what is needed. Raises SecretError."""
    remedy = f"run `pli authorize {application.username}`"
    if grant is None or grant.refresh_token is None:
        raise SecretError("token_file", application.token_file, f"nobody has let pli into the mailbox yet; {remedy}")
    if missing := application.uses - grant.uses:
        words = {"imap": "reading (IMAP)", "smtp": "sending (SMTP)"}
        what = " and ".join(words[use] for use in sorted(missing))
        raise SecretError("token_file", application.token_file, f"what was granted does not include {what}; {remedy}")


def _holds(grant: Grant | None, refused: str | None) -> bool:
    now = time.time()
    return (
        grant is not None
        and grant.access_token != refused
        and grant.obtained_at <= now + _MARGIN_SECONDS  # else the clock was set back, and who knows when it ends
        and now + _MARGIN_SECONDS < grant.expires_at
    )


def _provider(application: Application) -> Callable[[Application, Grant | None], Grant]:
    if application.provider == "microsoft":
        from config.oauth2.microsoft import fetch  # noqa: PLC0415 - half a second that only a fresh token costs

        return fetch
    from config.oauth2.google import fetch as fetch_google  # noqa: PLC0415

    return fetch_google
