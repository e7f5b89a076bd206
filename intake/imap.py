"""A mailbox on an IMAP server, through imapclient: EXAMINE and BODY.PEEK only, positions by UIDVALIDITY and UID."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

from imapclient import IMAPClient, SocketTimeout  # type: ignore[import-untyped]
from imapclient.exceptions import IMAPClientError, LoginError  # type: ignore[import-untyped]

from intake.source import MAX_HEADER, MAX_MESSAGE, Known, MailboxSettings, SourceError
from parsing.message import RawMessage

_BATCH_OCTETS = 16 * 2**20
_BATCH_MESSAGES = 50
_COMMAND_SECONDS = 120.0
"""A whole command may take this long, and one second more for each 64 KiB it asks for: a server that drips one octet at a time
never trips a socket time-out."""
_LONG_AGO = datetime.fromtimestamp(0, UTC)
"""For a message whose server names no time of arrival: taken in, and too old to be answered."""
_SERVER_TROUBLE = (IMAPClientError, OSError, EOFError, AssertionError)


@contextmanager
def open_imap(mailbox: MailboxSettings) -> Iterator[ImapSource]:
    """Connect, log in, open the folder read-only, and log out at the end. Raises SourceError."""
    client = connect(mailbox)
    try:
        yield ImapSource(client, mailbox, _examine(client, mailbox))
    finally:
        _leave(client)


def connect(mailbox: MailboxSettings) -> IMAPClient:
    """Return a logged-in client over verified TLS (or plain, to loopback only). Raises SourceError."""
    host = mailbox.host or ""
    where = f"{mailbox.address} at {host}:{mailbox.port}"
    password = _password(mailbox)
    try:
        context = ssl.create_default_context(cafile=str(mailbox.ca_file) if mailbox.ca_file else None)
        client = IMAPClient(
            host,
            port=mailbox.port,
            ssl=mailbox.security == "tls",
            ssl_context=context,
            timeout=SocketTimeout(connect=15, read=60),
        )
        client.normalise_times = False  # aware times, not naive local ones
        if hasattr(client, "_imap"):
            client._imap.debug = 0  # noqa: SLF001 - imapclient formats every literal for a log nobody reads: 17 times the CPU
        if mailbox.security == "starttls":
            try:
                client.starttls(context)  # raises unless the server upgrades: never back to plaintext
            except BaseException:
                _hang_up(client)
                raise
    except ssl.SSLCertVerificationError as error:
        raise SourceError(
            f"{where}: the certificate is not valid: {error.verify_message}; renew it, or name its authority in ca_file"
        ) from error
    except ssl.SSLError as error:
        raise SourceError(f"{where}: no TLS here ({error.reason}); check port and security (993: tls, 143: starttls)") from error
    except socket.gaierror as error:
        raise SourceError(f"{where}: there is no such host; check host in [[mailbox]]") from error
    except _SERVER_TROUBLE as error:
        raise SourceError(f"{where}: cannot be reached: {error}; check host, port and security") from error
    try:
        client.login(mailbox.username or mailbox.address, password)
    except LoginError as error:
        _leave(client)
        raise SourceError(
            f"{where}: the log-in of {mailbox.username} was refused; check username and password_file in [[mailbox]]"
        ) from error
    except _SERVER_TROUBLE as error:
        _leave(client)
        raise SourceError(f"{where}: the connection was lost during log-in: {error}; it will be tried again") from error
    return client


class ImapSource:
    """A folder, opened with EXAMINE."""

    def __init__(self, client: IMAPClient, mailbox: MailboxSettings, uidvalidity: int) -> None:
        self._client = client
        self._mailbox = mailbox
        self._where = f"{mailbox.address} at {mailbox.host}, folder {mailbox.folder}"
        self.uidvalidity: int | None = uidvalidity
        self.capabilities = _capabilities(client)

    def fetch(self, last_uid: int, known: Known) -> Iterator[RawMessage]:
        """Yield the messages above `last_uid` (on the first pass those of `since`), oldest first. Raises SourceError."""
        try:
            uids = self._search(last_uid)
            done = known([self._position(uid) for uid in uids]) if uids else set()
            for batch in self._batches(uid for uid in uids if self._position(uid) not in done):
                yield from self._bodies(batch)
        except _SERVER_TROUBLE as error:
            raise SourceError(f"{self._where}: the connection was lost: {error}; what was fetched is kept, the rest follows") from error

    def settle(self, position: str) -> None:
        """Move or flag one message, as `after` says; `leave` never opens the folder for writing. Raises SourceError."""
        action, _, target = self._mailbox.after.partition(":")
        uidvalidity, _, uid = position.partition(":")
        if action == "leave" or uidvalidity != str(self.uidvalidity):
            return
        try:
            self._client.select_folder(self._mailbox.folder)
            if action == "move":
                self._client.move([int(uid)], target)
            else:
                self._client.add_flags([int(uid)], [target])
            self._client.select_folder(self._mailbox.folder, readonly=True)
        except _SERVER_TROUBLE as error:
            raise SourceError(f"{self._where}: {self._mailbox.after} failed: {error}; check `after` in [[mailbox]]") from error

    @property
    def can_wait(self) -> bool:
        """Whether the server has IDLE (RFC 2177)."""
        return "IDLE" in self.capabilities

    def wait(self, seconds: float) -> bool:
        """Wait with IDLE until a message comes or the time is up; what else changes in the folder is no news. Raises SourceError."""
        end = time.monotonic() + seconds
        try:
            self._client.idle()
            came = False
            while not came and (left := end - time.monotonic()) > 0:
                came = any(isinstance(said, tuple) and len(said) > 1 and said[1] == b"EXISTS" for said in self._client.idle_check(left))
            self._client.idle_done()
        except _SERVER_TROUBLE as error:
            raise SourceError(f"{self._where}: the connection was lost while waiting: {error}") from error
        return came

    def _search(self, last_uid: int) -> list[int]:
        with self._deadline(0):
            if last_uid:
                found = self._client.search(["UID", f"{last_uid + 1}:*"])
            elif self._mailbox.since:
                found = self._client.search(["SINCE", self._mailbox.since])
            else:
                found = self._client.search(["ALL"])
        # "n:*" also answers with the last message when it is older than n (RFC 9051, 6.4.8)
        return sorted(uid for uid in found if uid > last_uid)

    def _batches(self, uids: Iterable[int]) -> Iterator[list[tuple[int, int, datetime]]]:
        """Group (UID, size, time of arrival) so that a batch stays below its limits in octets and messages."""
        wanted = list(uids)
        for start in range(0, len(wanted), 500):
            with self._deadline(0):
                answers = self._client.fetch(wanted[start : start + 500], ["RFC822.SIZE", "INTERNALDATE"])
            batch: list[tuple[int, int, datetime]] = []
            for uid in wanted[start : start + 500]:
                if uid not in answers:
                    continue  # moved away since the search
                size = int(answers[uid][b"RFC822.SIZE"])
                if batch and (len(batch) >= _BATCH_MESSAGES or sum(item[1] for item in batch) + size > _BATCH_OCTETS):
                    yield batch
                    batch = []
                batch.append((uid, size, (answers[uid][b"INTERNALDATE"] or _LONG_AGO).astimezone(UTC)))
            if batch:
                yield batch

    def _bodies(self, batch: list[tuple[int, int, datetime]]) -> Iterator[RawMessage]:
        whole = [uid for uid, size, _ in batch if size <= MAX_MESSAGE]
        large = [uid for uid, size, _ in batch if size > MAX_MESSAGE]
        octets: dict[int, bytes] = {}
        for uids, item in ((whole, b"BODY.PEEK[]"), (large, f"BODY.PEEK[HEADER]<0.{MAX_HEADER}>".encode())):
            if uids:
                with self._deadline(sum(size for uid, size, _ in batch if uid in uids and size <= MAX_MESSAGE)):
                    answers = self._client.fetch(uids, [item])
                for uid, answer in answers.items():
                    octets[uid] = next((value for key, value in answer.items() if key.startswith(b"BODY[") and value), b"")
        for uid, size, received_at in batch:
            if uid not in octets:
                # later ones must wait: once they are journaled, this one would never be asked for again
                raise SourceError(f"{self._where}: the server did not hand over message {uid}; the next pass asks again")
            yield RawMessage(self._mailbox.address, self._position(uid), received_at, octets[uid], size, too_large=uid in large)

    def _position(self, uid: int) -> str:
        return f"{self.uidvalidity}:{uid}"

    @contextmanager
    def _deadline(self, octets: int) -> Iterator[None]:
        """Cut the connection when one command takes too long; the blocked read then fails."""
        timer = threading.Timer(_COMMAND_SECONDS + octets / 65536, _cut, (self._client,))
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


def _examine(client: IMAPClient, mailbox: MailboxSettings) -> int:
    where = f"{mailbox.address} at {mailbox.host}"
    try:
        answer = client.select_folder(mailbox.folder, readonly=True)
    except _SERVER_TROUBLE as error:
        try:
            names = ", ".join(str(name) for _, _, name in client.list_folders())
        except _SERVER_TROUBLE:
            names = "unknown"
        raise SourceError(f"{where}: the folder {mailbox.folder} cannot be opened ({error}); its folders are: {names}") from error
    uidvalidity = answer.get(b"UIDVALIDITY")
    if uidvalidity is None:
        # without it a position means nothing, and reading on could take a message twice or not at all
        raise SourceError(f"{where}: the server names no UIDVALIDITY for {mailbox.folder}; nothing was read, ask its administrator")
    return int(uidvalidity)


def _capabilities(client: IMAPClient) -> frozenset[str]:
    try:
        return frozenset(name.decode("ascii", "replace").upper() for name in client.capabilities())
    except _SERVER_TROUBLE:
        return frozenset()  # whatever is asked for next fails too, and says so


def _password(mailbox: MailboxSettings) -> str:
    """Return the password, asked for before anything is connected. Raises SourceError: it is trouble with this mailbox only."""
    try:
        return mailbox.password_value() or ""
    except Exception as error:  # noqa: BLE001 - the settings' own kind of error, which this room does not know
        raise SourceError(f"{mailbox.address}: {error}") from None


def _cut(client: IMAPClient) -> None:
    try:
        client.socket().shutdown(socket.SHUT_RDWR)
    except OSError:
        return


def _leave(client: IMAPClient) -> None:
    try:
        client.logout()
    except _SERVER_TROUBLE:
        _hang_up(client)


def _hang_up(client: IMAPClient) -> None:
    with suppress(*_SERVER_TROUBLE):  # the socket may be gone already
        client.shutdown()
