"""A connection to the submission server that may be trusted with a password and with people's data, or a clear reason why not.

TLS is always verified: `smtplib`'s own default verifies nothing. STARTTLS that is not offered, is refused, or was tampered with ends
the conversation before anything was said; there is no way back to plain text. A slow server cannot hold us: beside each socket
timeout, which starts again with every octet, runs a deadline for the whole.
"""

from __future__ import annotations

import ipaddress
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from notifications.clean import clean_line
from notifications.smtp_login import AccessToken, log_in, log_in_with_token, refusal_remedy

_PLAINTEXT = 'security = "none" is only for this very machine; use "starttls" or "tls"'
_NO_STARTTLS = 'ask the provider, or use security = "tls" and its port; nothing was sent'


class SmtpError(Exception):
    """The account or the server is in trouble, not this mail: what, where and the remedy. Nothing was sent."""


@dataclass(frozen=True, slots=True)
class SmtpAccount:
    """Where mail is submitted, and the patience for it; times in seconds."""

    host: str
    port: int = 587
    security: str = "starttls"
    """`tls` (RFC 8314), `starttls` (RFC 3207) or `none`, which is only ever spoken to our own machine."""
    username: str | None = None
    password: Callable[[], str | None] | None = None
    """Read when needed, so that it lies around nowhere."""
    ca_file: Path | None = None
    """Authorities to trust beside the system's."""
    token: AccessToken | None = None
    """Instead of a password; asked for when needed."""
    connect_timeout: float = 30
    command_timeout: float = 60
    deadline: float = 120
    """For the conversation up to the final dot."""
    final_timeout: float = 600
    """For the answer to the final dot (RFC 5321, 4.5.3.2.6)."""


def connect(account: SmtpAccount) -> smtplib.SMTP:
    """Return a client that has greeted and logged in. Raises SmtpError."""
    if account.security == "none" and not _is_loopback_name(account.host):
        raise SmtpError(f"[smtp] host {account.host}: {_PLAINTEXT}")
    client = smtplib.SMTP(local_hostname="[127.0.0.1]", timeout=account.connect_timeout)
    try:
        client.sock = socket.create_connection((account.host, account.port), account.connect_timeout)
        with deadline(client, account.deadline):
            _greet(client, account)
    except SmtpError:
        client.close()
        raise
    except (OSError, UnicodeError, smtplib.SMTPException) as error:
        client.close()
        raise _explain(account, error) from None  # what was tried may stand in the original's frames
    return client


def trouble(account: SmtpAccount, what: str, why: object, remedy: str) -> SmtpError:
    """Return the error in the words of a person: where, what, the server's own words, the remedy."""
    return SmtpError(f"[smtp] {account.host}:{account.port} {what} ({said(why)}); {remedy}")


def said(words: object) -> str:
    """Return a server's or an exception's words as one harmless line."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    return clean_line(text, 300) or (type(words).__name__ if isinstance(words, Exception) else "no reason given")


@contextmanager
def deadline(client: smtplib.SMTP, seconds: float) -> Iterator[None]:
    """Cut the connection after `seconds`, whatever drips in."""

    def cut() -> None:
        sock = client.sock
        if sock is not None:
            with suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)  # not SSLSocket's, which another thread is using

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _greet(client: smtplib.SMTP, account: SmtpAccount) -> None:
    """Everything from the banner to the log-in."""
    sock = client.sock
    if sock is None:
        raise smtplib.SMTPServerDisconnected("no connection")
    if account.security == "none" and not ipaddress.ip_address(sock.getpeername()[0]).is_loopback:
        raise SmtpError(f"[smtp] host {account.host}: {_PLAINTEXT}")
    client.local_hostname = _address_literal(sock)
    if account.security == "tls":
        _shake_hands(client, sock, account)
    code, reply = client.getreply()
    if code != 220:
        raise smtplib.SMTPConnectError(code, reply)
    client.ehlo_or_helo_if_needed()
    if account.security == "starttls":
        _start_tls(client, sock, account)
    if client.sock is not None:
        client.sock.settimeout(account.command_timeout)
    if account.username and account.token is not None:
        log_in_with_token(client, account.username, _tokens(account.token))
    elif account.username:
        log_in(client, account.username, _password(account))


def _start_tls(client: smtplib.SMTP, sock: socket.socket, account: SmtpAccount) -> None:
    if not client.has_extn("starttls"):
        raise trouble(account, "offers no STARTTLS", "somebody in between may have taken it away", _NO_STARTTLS)
    code, reply = client.docmd("STARTTLS")
    if code != 220:
        raise trouble(account, "refuses STARTTLS", f"{code} {said(reply)}", _NO_STARTTLS)
    _shake_hands(client, sock, account)
    # all that was said in the clear is forgotten, what lies in the buffer too (RFC 3207, 4.2)
    client.file = None
    client.ehlo_resp = client.helo_resp = None
    client.esmtp_features = {}
    client.does_esmtp = False
    client.ehlo_or_helo_if_needed()


def _shake_hands(client: smtplib.SMTP, sock: socket.socket, account: SmtpAccount) -> None:
    # in two steps, so that the deadline finds the new socket while the handshake drips
    client.sock = encrypted = _tls(account).wrap_socket(sock, server_hostname=account.host, do_handshake_on_connect=False)
    encrypted.do_handshake()


def _tls(account: SmtpAccount) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if account.ca_file is not None:
        try:
            context.load_verify_locations(account.ca_file)
        except OSError as error:
            raise SmtpError(f"[smtp] ca_file {account.ca_file} cannot be read ({said(error)}); name a PEM file") from None
    return context


def _password(account: SmtpAccount) -> str:
    try:
        password = account.password() if account.password is not None else None
    except Exception as error:  # noqa: BLE001 - whatever keeps the secret from us is the account's trouble
        raise SmtpError(str(error)) from None
    if not password:
        raise SmtpError("[smtp] username is set and the password is empty; set password_file")
    return password


def _tokens(ask: AccessToken) -> AccessToken:
    def asked(refused: str | None) -> str | None:
        try:
            return ask(refused)
        except Exception as error:  # noqa: BLE001 - whatever keeps the token from us is the account's trouble
            raise SmtpError(str(error)) from None

    return asked


def _explain(account: SmtpAccount, error: Exception) -> SmtpError:
    match error:
        case ssl.SSLCertVerificationError():
            remedy = "have it renewed or corrected, or name its authority in [smtp] ca_file; nothing was sent"
            return trouble(account, "shows a certificate that cannot be trusted", error.verify_message, remedy)
        case ssl.SSLError():
            return trouble(account, "does not speak TLS here", error, "check port and security in [smtp]")
        case smtplib.SMTPAuthenticationError():
            reply = f"{error.smtp_code} {said(error.smtp_error)}"
            return trouble(account, "refuses the log-in", reply, refusal_remedy(reply, with_token=account.token is not None))
        case smtplib.SMTPResponseException():
            return trouble(
                account, "does not want to talk", f"{error.smtp_code} {said(error.smtp_error)}", "try again later, or ask the provider"
            )
        case smtplib.SMTPNotSupportedError():
            return trouble(account, "offers no log-in that we know", error, "check port and security in [smtp]")
        case _:
            return trouble(account, "cannot be reached", error, "check host and port in [smtp], or try again later")


def _address_literal(sock: socket.socket) -> str:
    """Return how we call ourselves in EHLO without asking the DNS (RFC 5321, 4.1.3)."""
    address = ipaddress.ip_address(sock.getsockname()[0].partition("%")[0])
    return f"[IPv6:{address}]" if address.version == 6 else f"[{address}]"


def _is_loopback_name(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"
