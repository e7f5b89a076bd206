"""A mailbox on an IMAP server, through imapclient: EXAMINE and BODY.PEEK only, positions by UIDVALIDITY and UID."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

from imapclient import IMAPClient  # type: ignore[import-untyped]
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError  # type: ignore[import-untyped]

from intake.imap_connection import SERVER_TROUBLE, connect, deadline, leave, refusal, said
from intake.source import MAX_HEADER, MAX_MESSAGE, Known, MailboxSettings, SourceError
from parsing.message import RawMessage

_BATCH_OCTETS = 16 * 2**20
_BATCH_MESSAGES = 50
_COMMAND_SECONDS = 120.0
"""A whole command may take this long, and one second more for each 64 KiB it asks for: a server that drips one octet at a time
never trips a socket time-out."""
_IDLE_SECONDS = 300.0
"""Of one IDLE: far below the 30 minutes after which a server may close it (RFC 2177). What the server says in the same packet as its
consent is only seen at the end (imapclient polls the socket, not its buffer), so the ends must not be far apart."""
_LONG_AGO = datetime.fromtimestamp(0, UTC)
"""For a message whose server names no time of arrival: taken in, and too old to be answered."""


@contextmanager
def open_imap(mailbox: MailboxSettings) -> Iterator[ImapSource]:
    """Connect, log in, open the folder read-only, and log out at the end. Raises SourceError."""
    client = connect(mailbox)
    try:
        with deadline(client, _COMMAND_SECONDS):
            source = ImapSource(client, mailbox, _examine(client, mailbox))
        yield source
    finally:
        leave(client)


class ImapSource:
    """A folder, opened with EXAMINE."""

    def __init__(self, client: IMAPClient, mailbox: MailboxSettings, uidvalidity: int) -> None:
        self._client = client
        self._mailbox = mailbox
        self._where = f"{mailbox.address} at {mailbox.host}, folder {mailbox.folder}"
        self.uidvalidity: int | None = uidvalidity
        self.capabilities = _capabilities(client)

    def fetch(self, last_uid: int, known: Known) -> Iterator[RawMessage]:
        """Yield the messages above `last_uid` that are not older than `since`, oldest first. Raises SourceError.

        A message that the server refuses to hand over comes without its octets, so that it holds up none behind it.
        """
        try:
            uids = self._search(last_uid)
            done = known([self._position(uid) for uid in uids]) if uids else set()
            for batch in self._batches(uid for uid in uids if self._position(uid) not in done):
                yield from self._bodies(batch)
        except SERVER_TROUBLE as error:
            raise SourceError(
                f"{self._where}: the connection was lost: {said(error)}; what was fetched is kept, the rest follows"
            ) from None

    def settle(self, position: str) -> None:
        """Move or flag one message, as `after` says; `leave` never opens the folder for writing. Raises SourceError."""
        action, _, target = self._mailbox.after.partition(":")
        uidvalidity, _, uid = position.partition(":")
        if action == "leave" or uidvalidity != str(self.uidvalidity):
            return
        try:
            with self._deadline(0):
                self._client.select_folder(self._mailbox.folder)
                if action == "move":
                    self._client.move([int(uid)], target)
                else:
                    self._client.add_flags([int(uid)], [target])
                self._client.select_folder(self._mailbox.folder, readonly=True)
        except SERVER_TROUBLE as error:
            raise SourceError(f"{self._where}: {self._mailbox.after} failed: {refusal(error)}; check `after` in [[mailbox]]") from None

    @property
    def can_wait(self) -> bool:
        """Whether the server has IDLE (RFC 2177)."""
        return "IDLE" in self.capabilities

    def wait(self, seconds: float) -> bool:
        """Wait with IDLE until a message comes or the time is up; what else changes in the folder is no news. Raises SourceError."""
        end = time.monotonic() + seconds
        try:
            with self._deadline(0):
                came = _tells_of_mail(self._client.noop()[1])
            while not came and (left := end - time.monotonic()) > 0:
                self._client.idle()
                told = self._client.idle_check(min(left, _IDLE_SECONDS))
                with self._deadline(0):
                    came = _tells_of_mail([*told, *self._client.idle_done()[1]])
        except SERVER_TROUBLE as error:
            raise SourceError(f"{self._where}: the connection was lost while waiting: {said(error)}") from None
        return came

    def _search(self, last_uid: int) -> list[int]:
        wanted: list[Any] = ["UID", f"{last_uid + 1}:*"] if last_uid else ["ALL"]
        if self._mailbox.since:
            wanted += ["SINCE", self._mailbox.since]
        with self._deadline(0):
            found = self._client.search(wanted)
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
                size = int(answers[uid].get(b"RFC822.SIZE") or 0)
                if batch and (len(batch) >= _BATCH_MESSAGES or sum(item[1] for item in batch) + size > _BATCH_OCTETS):
                    yield batch
                    batch = []
                batch.append((uid, size, (answers[uid].get(b"INTERNALDATE") or _LONG_AGO).astimezone(UTC)))
            if batch:
                yield batch

    def _bodies(self, batch: list[tuple[int, int, datetime]]) -> Iterator[RawMessage]:
        octets = self._handed_over(batch)
        for uid, size, received_at in batch:
            if uid not in octets and not self._exists(uid):
                continue  # moved away since the search
            if uid not in octets and not octets:
                # later ones must wait: once they are journaled, this one would never be asked for again
                raise SourceError(f"{self._where}: the server did not hand over message {uid}; the next pass asks again")
            content = octets.get(uid, b"")  # refused, while its neighbours were handed over: a person must look
            yield RawMessage(self._mailbox.address, self._position(uid), received_at, content, size, too_large=size > MAX_MESSAGE)

    def _handed_over(self, batch: list[tuple[int, int, datetime]]) -> dict[int, bytes]:
        """Return the octets by UID; when the server says no to a batch, each is asked for alone, so that one holds up none."""
        try:
            return self._octets(batch)
        except IMAPClientAbortError:
            raise
        except IMAPClientError as error:
            found: dict[int, bytes] = {}
            for one in batch if len(batch) > 1 else []:
                with suppress(IMAPClientError):
                    found |= self._octets([one])
            if not found:
                raise SourceError(f"{self._where}: the server refuses to hand over mail: {said(error)}; the next pass asks again") from None
            return found

    def _exists(self, uid: int) -> bool:
        with self._deadline(0):
            return uid in self._client.search(["UID", str(uid)])

    def _octets(self, batch: list[tuple[int, int, datetime]]) -> dict[int, bytes]:
        octets: dict[int, bytes] = {}
        whole = {uid: size for uid, size, _ in batch if size <= MAX_MESSAGE}
        large = {uid: MAX_HEADER for uid, size, _ in batch if size > MAX_MESSAGE}
        for sizes, item in ((whole, b"BODY.PEEK[]"), (large, f"BODY.PEEK[HEADER]<0.{MAX_HEADER}>".encode())):
            if sizes:
                with self._deadline(sum(sizes.values())):
                    answers = self._client.fetch(list(sizes), [item])
                for uid, answer in answers.items():
                    if found := next((value for key, value in answer.items() if key.startswith(b"BODY[") and value), b""):
                        octets[uid] = found
        return octets

    def _position(self, uid: int) -> str:
        return f"{self.uidvalidity}:{uid}"

    def _deadline(self, octets: int) -> AbstractContextManager[None]:
        return deadline(self._client, _COMMAND_SECONDS + octets / 65536)


def _tells_of_mail(responses: Iterable[Any]) -> bool:
    return any(isinstance(said, tuple) and len(said) > 1 and said[1] == b"EXISTS" for said in responses)


def _examine(client: IMAPClient, mailbox: MailboxSettings) -> int:
    where = f"{mailbox.address} at {mailbox.host}"
    try:
        answer = client.select_folder(mailbox.folder, readonly=True)
    except SERVER_TROUBLE as error:
        try:
            names = ", ".join(str(name) for _, _, name in client.list_folders())
        except SERVER_TROUBLE:
            names = "unknown"
        raise SourceError(f"{where}: the folder {mailbox.folder} cannot be opened ({refusal(error)}); its folders are: {names}") from None
    uidvalidity = answer.get(b"UIDVALIDITY")
    if uidvalidity is None:
        # without it a position means nothing, and reading on could take a message twice or not at all
        raise SourceError(f"{where}: the server names no UIDVALIDITY for {mailbox.folder}; nothing was read, ask its administrator")
    return int(uidvalidity)


def _capabilities(client: IMAPClient) -> frozenset[str]:
    try:
        return frozenset(name.decode("ascii", "replace").upper() for name in client.capabilities())
    except SERVER_TROUBLE:
        return frozenset()  # whatever is asked for next fails too, and says so
