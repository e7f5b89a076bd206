"""The log-in at the submission server (RFC 4954): with a password, or with a token by XOAUTH2 or OAUTHBEARER (RFC 7628).

Only ever called where the line is safe: after TLS, or on this very machine.
"""

from __future__ import annotations

import json
import re
import smtplib
from base64 import b64decode, b64encode
from collections.abc import Callable
from contextlib import suppress

AccessToken = Callable[[str | None], str | None]
"""Returns a token; given one that was refused, another, or None when there is no other."""

_CHALLENGE, _WELCOME = 334, 235
_LONGEST_INITIAL = 12_288 - len("AUTH OAUTHBEARER \r\n")
"""Of what may stand in the line of AUTH itself (RFC 4954, 3)."""
_STATUS = re.compile(r"[\w.-]{1,40}")


def log_in(client: smtplib.SMTP, username: str, password: str) -> None:
    """Log in with a password. Raises what smtplib raises."""
    if (username + password).isascii():
        client.login(username, password)
        return
    words = f"\0{username}\0{password}"  # RFC 4616 is UTF-8; smtplib's own is ASCII only
    code, reply = client.docmd("AUTH", f"PLAIN {_base64(words)}")
    if code != _WELCOME:
        raise smtplib.SMTPAuthenticationError(code, reply)


def log_in_with_token(client: smtplib.SMTP, username: str, tokens: AccessToken) -> None:
    """Log in with a token; one that is refused is asked for anew once. Raises what smtplib and `tokens` raise."""
    token = tokens(None) or ""
    try:
        _authenticate(client, username, token)
    except smtplib.SMTPAuthenticationError:
        fresh = tokens(token)
        if fresh is None:
            raise
        _authenticate(client, username, fresh)


def refusal_remedy(reply: str, *, with_token: bool) -> str:
    """Return what to do about a refused log-in; `reply` is what the server said."""
    said = reply.lower()
    if "smtpclientauthentication is disabled" in said:
        return (
            "sending with a log-in (SMTP AUTH) is switched off for this mailbox; an administrator switches it on: "
            "Set-CASMailbox ADDRESS -SmtpClientAuthenticationDisabled $false"
        )
    if "basic authentication is disabled" in said:
        return "this server takes no passwords any more; use a table [smtp.oauth2], see docs/oauth2.md"
    if with_token:
        return "see that username is the mailbox, and that the person or application of [smtp.oauth2] may send from it (docs/oauth2.md)"
    return "check username and password_file in [smtp]"


def _authenticate(client: smtplib.SMTP, username: str, token: str) -> None:
    client.ehlo_or_helo_if_needed()
    offered = client.esmtp_features.get("auth", "").upper().split()
    if "XOAUTH2" in offered:
        mechanism, words, farewell = "XOAUTH2", f"user={username}\1auth=Bearer {token}\1\1", ""
    elif "OAUTHBEARER" in offered:
        authorized = username.replace("=", "=3D").replace(",", "=2C")
        mechanism, words, farewell = "OAUTHBEARER", f"n,a={authorized},\1auth=Bearer {token}\1\1", "\1"
    else:
        raise smtplib.SMTPNotSupportedError("it takes no tokens: no XOAUTH2")
    said = _base64(words)
    if at_once := len(said) <= _LONGEST_INITIAL:
        code, reply = client.docmd("AUTH", f"{mechanism} {said}")
    else:
        code, reply = client.docmd("AUTH", mechanism)
    if code == _CHALLENGE and not at_once:
        code, reply = client.docmd(said)
    status = ""
    if code == _CHALLENGE:  # a refusal, which explains itself in JSON and waits for a word of ours
        status = _status(reply)
        code, reply = client.docmd(_base64(farewell))
    if code != _WELCOME:
        raise smtplib.SMTPAuthenticationError(code, reply + f" (status {status})".encode() if status else reply)


def _status(challenge: bytes) -> str:
    """Return the code of a refusal, and nothing else of what the server says."""
    with suppress(ValueError, LookupError, TypeError):
        found = _STATUS.fullmatch(str(json.loads(b64decode(challenge))["status"]))
        return found[0] if found else ""
    return ""


def _base64(words: str) -> str:
    return b64encode(words.encode()).decode("ascii")
