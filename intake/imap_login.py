"""The log-in with a token instead of a password: SASL XOAUTH2 (Google's and Microsoft's), or OAUTHBEARER (RFC 7628) where only that is.

A token that the server refuses is asked for anew once, in case it was revoked or its clock differs from ours; then a person is told.
"""

from __future__ import annotations

import imaplib
import json
import re
from base64 import b64decode, b64encode
from contextlib import suppress

from imapclient import IMAPClient  # type: ignore[import-untyped]
from imapclient.exceptions import LoginError  # type: ignore[import-untyped]

from intake.source import LogInRefusedError, MailboxSettings, SourceError

_STATUS = re.compile(r"[\w.-]{1,40}")


def log_in_with_token(client: IMAPClient, mailbox: MailboxSettings, token: str) -> None:
    """Log in, if need be with another token than `token`. Raises LoginError when the server refuses, SourceError when there is no token."""
    username = mailbox.username or mailbox.address
    try:
        _authenticate(client, username, token)
    except LoginError:
        fresh = token_of(mailbox, refused=token)
        if fresh is None:
            raise
        _authenticate(client, username, fresh)


def token_of(mailbox: MailboxSettings, refused: str | None = None) -> str | None:
    """Return a token for the log-in; None when there is no other than the `refused` one. Raises SourceError."""
    try:
        return mailbox.access_token(refused)
    except Exception as error:  # noqa: BLE001 - the settings' own kinds of errors, which this room does not know
        # refused by the login server, which is asked again as seldom as the mail server; or it could not be asked at all
        kind = LogInRefusedError if getattr(error, "unreachable", None) is False else SourceError
        raise kind(f"{mailbox.address}: {error}") from None


def refusal_remedy(error: LoginError) -> str:
    """Return what to do when the server takes none of our tokens; `error` is what it said."""
    said = str(error)
    if "not connected" in said:  # Exchange: "User is authenticated but not connected."
        return "the token is good, but does not open this mailbox: give its person or application full access, and check username"
    if "disabled" in said.lower():
        return "have an administrator switch IMAP on for this mailbox"
    return (
        "see that IMAP is switched on for the mailbox, that username is the mailbox, and that the person or application of "
        "[mailbox.oauth2] may open it (docs/oauth2.md)"
    )


class _Conversation:
    """What we answer, one challenge after the other."""

    def __init__(self, words: bytes | None, farewell: bytes) -> None:
        self._words, self._farewell = words, farewell
        self.status = ""
        """Of a refusal: its code, never the rest of what the server says."""

    def answer(self, challenge: bytes) -> bytes:
        """Return the next words in base64; imaplib calls it with each challenge in base64."""
        words, self._words = self._words, None
        if words is not None:
            return b64encode(words)
        with suppress(ValueError, LookupError, TypeError):  # a refusal explains itself in JSON (RFC 7628, 3.2.2)
            found = _STATUS.fullmatch(str(json.loads(b64decode(challenge))["status"]))
            self.status = found[0] if found else ""
        return b64encode(self._farewell)


def _authenticate(client: IMAPClient, username: str, token: str) -> None:
    imap = client._imap  # noqa: SLF001 - imapclient hands out no other way to its connection
    offered = imap.capabilities  # not imapclient's, which would remember them for after the log-in
    if "AUTH=OAUTHBEARER" in offered and "AUTH=XOAUTH2" not in offered:
        authorized = username.replace("=", "=3D").replace(",", "=2C")
        mechanism, words, farewell = "OAUTHBEARER", f"n,a={authorized},\1auth=Bearer {token}\1\1".encode(), b"\1"
    elif "AUTH=XOAUTH2" in offered:
        mechanism, words, farewell = "XOAUTH2", f"user={username}\1auth=Bearer {token}\1\1".encode(), b""
    else:
        raise SourceError(f"the server of {username} takes no tokens (no XOAUTH2); use a password, and remove [mailbox.oauth2]")
    at_once = "SASL-IR" in offered  # RFC 4959: a round trip less
    talk = _Conversation(None if at_once else words, farewell)
    imap.literal = talk.answer
    try:
        kind, said = imap._simple_command("AUTHENTICATE", mechanism, *([b64encode(words)] if at_once else []))  # noqa: SLF001 - `authenticate` knows no SASL-IR
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        raise LoginError(str(error)) from None
    if kind != "OK":
        told = said[-1].decode("ascii", "replace") if said and isinstance(said[-1], bytes) else ""
        raise LoginError(f"{told} (status {talk.status})" if talk.status else told)
    imap.state = "AUTH"
