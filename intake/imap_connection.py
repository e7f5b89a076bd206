"""A logged-in connection to an IMAP server: verified TLS (or plain, to this machine only), and an end to everything that drips.

A server may send one octet now and then and never trip a socket time-out, so whole steps have deadlines: the connection is then cut
under the blocked read. What a broken conversation says may quote a stranger's mail; so errors here are our own words.
"""

from __future__ import annotations

import imaplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from imapclient import IMAPClient, SocketTimeout  # type: ignore[import-untyped]
from imapclient.exceptions import CapabilityError, IMAPClientError, LoginError  # type: ignore[import-untyped]

from intake.imap_login import log_in_with_token, refusal_remedy, token_of
from intake.source import LogInRefusedError, MailboxSettings, SourceError

CONNECT_SECONDS = 60.0
"""From the first packet to the answer to the log-in."""
SERVER_TROUBLE = (IMAPClientError, OSError, EOFError, AssertionError, ValueError, LookupError, TypeError)
"""What a server's nonsense makes of the libraries that read it."""
_GOODBYE_SECONDS = 5.0
_LONGEST_WORDS = 120
_SPARE_OCTETS = 8 * 2**20
"""What a server may say in one step beside the mail that it was asked for: capabilities, flags, a hundred headers."""
_BUSY = ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]")
"""Codes that say that a refused log-in is not the password's fault (RFC 5530, 3)."""


def connect(mailbox: MailboxSettings) -> IMAPClient:
    """Return a logged-in client. Raises SourceError: what, where, the remedy; LogInRefusedError when the server knows us and says no."""
    host = mailbox.host or ""
    where = f"{mailbox.address} at {host}:{mailbox.port}"
    password = _password(mailbox)
    context = _context(mailbox)
    sockets: list[socket.socket] = []
    with _cutting(lambda: sockets[-1] if sockets else None, CONNECT_SECONDS):
        try:
            client = _Client(host, mailbox.port, context, encrypted=mailbox.security == "tls", opened=sockets.append)
            if mailbox.security == "starttls":
                _upgrade(client, context)
        except ssl.SSLCertVerificationError as error:
            raise SourceError(f"{where}: the certificate is not valid: {error.verify_message}; {_certificate_remedy(error)}") from None
        except ssl.SSLError as error:
            raise SourceError(f"{where}: no TLS here ({error.reason}); check port and security (993: tls, 143: starttls)") from None
        except socket.gaierror:
            raise SourceError(f"{where}: there is no such host; check host in [[mailbox]]") from None
        except CapabilityError:
            remedy = 'write port = 993 and security = "tls" if it has that; else somebody on the way may have removed it'
            raise SourceError(f"{where}: the server offers no STARTTLS, and no password was said; {remedy}") from None
        except SERVER_TROUBLE as error:
            raise SourceError(f"{where}: cannot be reached: {said(error)}; check host, port and security") from None
        _let_in(client, mailbox, password, where)
    return client


def _let_in(client: IMAPClient, mailbox: MailboxSettings, secret: str, where: str) -> None:
    """Log in with a password or token. Raises SourceError, LogInRefusedError; the connection is closed then."""
    try:
        if mailbox.uses_tokens:
            log_in_with_token(client, mailbox, secret)
        else:
            _log_in(client, mailbox.username or mailbox.address, secret)
    except SourceError:
        hang_up(client)
        raise
    except LoginError as error:
        broken = isinstance(error.__context__, imaplib.IMAP4.abort)
        hang_up(client)
        if broken:
            raise SourceError(f"{where}: the connection was lost during log-in; it will be tried again") from None
        if any(code in str(error).upper() for code in _BUSY):
            raise SourceError(f"{where}: the server takes no log-in now ({refusal(error)}); it will be tried again") from None
        do = refusal_remedy(error) if mailbox.uses_tokens else "check username and password_file in [[mailbox]]"
        raise LogInRefusedError(f"{where}: the log-in of {mailbox.username or mailbox.address} was refused; {do}") from None
    except SERVER_TROUBLE as error:
        hang_up(client)
        raise SourceError(f"{where}: the connection was lost during log-in: {said(error)}; it will be tried again") from None


@contextmanager
def deadline(client: IMAPClient, seconds: float, octets: int = 0) -> Iterator[None]:
    """Give a step an end: cut the connection when it takes longer, or says more than twice the `octets` of mail it was asked for.

    A server that announces a literal of gigabytes would otherwise have us wait for them, or hold them in memory. Twice, because
    RFC822.SIZE is a hint on some servers; what is above that is refused before it is read.
    """

    def current() -> socket.socket | None:
        with suppress(*SERVER_TROUBLE):
            found: socket.socket = client.socket()
            return found
        return None

    with suppress(AttributeError):  # hung up: the step fails by itself
        client._imap.left = 2 * octets + _SPARE_OCTETS  # noqa: SLF001 - imapclient hands out no other way to its connection
    with _cutting(current, seconds):
        yield


def leave(client: IMAPClient) -> None:
    """Log out, briefly, and close."""
    try:
        with deadline(client, _GOODBYE_SECONDS):
            client.logout()
    except SERVER_TROUBLE:
        hang_up(client)


def hang_up(client: IMAPClient) -> None:
    """Close without a word."""
    with suppress(*SERVER_TROUBLE):  # the socket may be gone already
        client.shutdown()


def said(error: BaseException) -> str:
    """Return what went wrong in words that cannot hold a piece of mail: never the server's own."""
    if isinstance(error, TimeoutError):
        return "it did not answer in time"
    if isinstance(error, _TooMuchError) or isinstance(error.__context__, _TooMuchError):  # imaplib wraps it
        return "it announces far more than it was asked for, and was not listened to"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return {"IMAPClientAbortError": "it broke off", "abort": "it broke off", "EOFError": "it broke off"}.get(
        type(error).__name__, f"it answered what cannot be understood ({type(error).__name__})"
    )


def refusal(error: BaseException) -> str:
    """Return a server's NO or BAD to a command that names no message (a log-in, a folder), shortened; else as `said`."""
    if isinstance(error, imaplib.IMAP4.error) and not isinstance(error, imaplib.IMAP4.abort):
        words = "".join(letter if letter.isprintable() else " " for letter in str(error))
        return words[:_LONGEST_WORDS]
    return said(error)


class _Client(IMAPClient):  # type: ignore[misc]
    """imapclient, whose socket is known (and can be cut) before its constructor returns."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext, *, encrypted: bool, opened: Callable[[socket.socket], None]) -> None:
        self._opened = opened
        super().__init__(host, port=port, ssl=encrypted, ssl_context=context, timeout=SocketTimeout(connect=15, read=60))
        self.normalise_times = False  # aware times, not naive local ones
        if hasattr(self, "_imap"):
            self._imap.debug = 0  # imapclient formats every literal for a log nobody reads: 17 times the CPU

    def _create_IMAP4(self) -> imaplib.IMAP4:  # noqa: N802 - imapclient's name
        return _Imap(self.host, self.port, self._timeout.connect, self.ssl_context if self.ssl else None, self._opened)


class _Imap(imaplib.IMAP4):
    def __init__(
        self, host: str, port: int, timeout: float, context: ssl.SSLContext | None, opened: Callable[[socket.socket], None]
    ) -> None:
        self._patience, self._context, self._opened = timeout, context, opened
        self.left = _SPARE_OCTETS
        super().__init__(host, port, timeout)

    def _create_socket(self, timeout: float | None = None) -> socket.socket:
        sock = socket.create_connection((self.host, self.port), timeout or self._patience)
        self._opened(sock)
        if self._context is None:
            return sock
        encrypted = self._context.wrap_socket(sock, server_hostname=self.host, do_handshake_on_connect=False)
        self._opened(encrypted)
        encrypted.do_handshake()
        return encrypted

    def read(self, size: int) -> bytes:
        """Read a literal of `size` octets, unless it is more than this step may bring (see `deadline`)."""
        self._spend(size)
        return super().read(size)

    def readline(self) -> bytes:
        """Read a line; imaplib refuses those above a megabyte."""
        line = super().readline()
        self._spend(len(line))
        return line

    def _spend(self, octets: int) -> None:
        self.left -= octets
        if self.left < 0:
            raise _TooMuchError("more octets than were asked for")


class _TooMuchError(imaplib.IMAP4.abort):
    """The server says far more than it was asked for."""


def _log_in(client: IMAPClient, username: str, password: str) -> None:
    """Log in with LOGIN, or with AUTHENTICATE PLAIN where LOGIN cannot carry it (RFC 9051, 6.2.3: ASCII) or is switched off."""
    offered = client._imap.capabilities  # noqa: SLF001 - imapclient's own would be remembered for after the log-in
    if "LOGINDISABLED" in offered or ("AUTH=PLAIN" in offered and not (username + password).isascii()):
        client.sasl_login("PLAIN", lambda _: f"\0{username}\0{password}".encode())
    else:
        client.login(username, password)


def _upgrade(client: IMAPClient, context: ssl.SSLContext) -> None:
    try:
        client.starttls(context)  # raises unless the server upgrades: never back to plaintext
    except BaseException:
        hang_up(client)
        raise


@contextmanager
def _cutting(current: Callable[[], socket.socket | None], seconds: float) -> Iterator[None]:
    def cut() -> None:
        sock = current()
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


def _context(mailbox: MailboxSettings) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if mailbox.ca_file is not None:
        try:
            context.load_verify_locations(mailbox.ca_file)
        except OSError as error:
            raise SourceError(f"{mailbox.address}: ca_file {mailbox.ca_file} cannot be read ({said(error)}); name a PEM file") from None
    return context


def _certificate_remedy(error: ssl.SSLCertVerificationError) -> str:
    if "mismatch" in error.verify_message.lower():
        return "name the server as its certificate does in host"
    if "expired" in error.verify_message or "not yet" in error.verify_message:
        return "have it renewed, or correct this machine's clock"
    return "renew it, or name its authority in ca_file"


def _password(mailbox: MailboxSettings) -> str:
    """Return the password or token, asked for before anything is connected. Raises SourceError: it is trouble with this mailbox only."""
    if mailbox.uses_tokens:
        return token_of(mailbox) or ""
    try:
        return mailbox.password_value() or ""
    except Exception as error:  # noqa: BLE001 - the settings' own kind of error, which this room does not know
        raise SourceError(f"{mailbox.address}: {error}") from None
