"""A mailbox on an IMAP server, through imapclient: EXAMINE and BODY.PEEK only, positions by UIDVALIDITY and UID."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from typing import Any

from imapclient import IMAPClient  # type: ignore[import-untyped]
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, ProtocolError  # type: ignore[import-untyped]

from intake.imap_connection import SERVER_TROUBLE, connect, deadline, hang_up, leave, refusal, said
from intake.imap_idle import Count, idle
from intake.imap_settle import move_away
from intake.imap_structure import leaves_of
from intake.source import MAX_HEADER, MAX_MESSAGE, Known, Look, MailboxSettings, SourceError
from parsing.message import RawMessage

_BATCH_OCTETS = 16 * 2**20
_BATCH_MESSAGES = 50
_DESCRIBED_AT_ONCE, _LOOKED_AT_ONCE = 500, 100
"""Messages of which one command asks the size, or header and structure."""
_LOOKED_AT_OCTETS = 64 * 2**10
"""Of a header; a longer one tells nothing without its end, and the body is fetched."""
_UIDS_AT_ONCE = 50_000
"""An answer to SEARCH is one line, and imaplib reads none above a megabyte."""
_COMMAND_SECONDS = 120.0
"""A whole command may take this long, and one second more for each 64 KiB it asks for: a server that drips one octet at a time
never trips a socket time-out."""
_IDLE_SECONDS = 300.0
"""Of one IDLE: far below the 30 minutes after which a server may close it (RFC 2177). Renewing it is what finds a dead line out."""
_LONG_AGO = datetime.fromtimestamp(0, UTC)
"""For a message whose server names no time of arrival: taken in, and too old to be answered."""

Waiting = tuple[int, int, datetime]
"""UID, size and time of arrival of a message."""


@contextmanager
def open_imap(mailbox: MailboxSettings) -> Iterator[ImapSource]:
    """Connect, log in, open the folder read-only, and log out at the end; after an error hang up. Raises SourceError."""
    client = connect(mailbox)
    try:
        source = ImapSource(client, mailbox)
        source.renew()
        yield source
    except BaseException:
        hang_up(client)
        raise
    leave(client)


class ImapSource:
    """A folder, opened with EXAMINE by `renew`."""

    def __init__(self, client: IMAPClient, mailbox: MailboxSettings) -> None:
        self._client = client
        self._mailbox = mailbox
        self._where = f"{mailbox.address} at {mailbox.host}, folder {mailbox.folder}"
        self._writable = False
        self._next_uid: int | None = None
        self._count = Count()
        self.uidvalidity: int | None = None
        with self._deadline(0):
            self.capabilities = _capabilities(client, self._where)

    def renew(self, seconds: float | None = None) -> None:
        """Open the folder read-only, again when it is open: the answer says what came since. One round trip. Raises SourceError."""
        with deadline(self._client, seconds or _COMMAND_SECONDS):
            self.uidvalidity, self._next_uid, self._count = _examine(self._client, self._mailbox)
        self._writable = False

    def fetch(self, last_uid: int, known: Known, look: Look | None = None) -> Iterator[RawMessage]:
        """Yield the messages above `last_uid` that are not older than `since`, oldest first. Raises SourceError.

        A message that the server refuses to hand over comes without its octets, so that it holds up none behind it. When it hands over
        nothing at all, that is its own trouble, and the next pass asks again.
        """
        alone: list[Waiting] = []
        """Refused, without a neighbour to tell whether that is the message's fault or the server's."""
        handed_over = False
        try:
            uids = self._search(last_uid)
            done = known([self._position(uid) for uid in uids]) if uids else set()
            for batch in self._batches([uid for uid in uids if self._position(uid) not in done], look):
                octets = self._handed_over(batch)
                if octets:
                    handed_over = True
                    yield from self._messages(batch, octets)
                else:
                    alone += batch
            for one in alone:
                if not handed_over and self._exists(one[0]):
                    raise SourceError(f"{self._where}: the server did not hand over message {one[0]}; the next pass asks again")
                yield from self._messages([one], self._handed_over([one]))
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
                if not self._writable:
                    self._client.select_folder(self._mailbox.folder)
                    self._writable = True
                if action == "move":
                    move_away(self._client, int(uid), target)
                else:
                    self._client.add_flags([int(uid)], [target])
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
                came = _tells_of_mail(self._client.noop()[1], self._count)
            while not came and (left := end - time.monotonic()) > 0:
                came = idle(self._client, min(left, _IDLE_SECONDS), lambda: self._deadline(0), self._count)
        except SERVER_TROUBLE as error:
            raise SourceError(f"{self._where}: the connection was lost while waiting: {said(error)}") from None
        return came

    def _search(self, last_uid: int) -> list[int]:
        """Return the UIDs above `last_uid`; without a question where UIDNEXT says that there are none (RFC 9051, 2.3.1.1)."""
        if self._next_uid == last_uid + 1:
            return []
        found: set[int] = set()
        ends = range(last_uid + _UIDS_AT_ONCE, self._next_uid or 0, _UIDS_AT_ONCE)
        for first, last in zip([last_uid + 1, *(end + 1 for end in ends)], [*map(str, ends), "*"], strict=True):
            wanted: list[Any] = ["UID", f"{first}:{last}"]
            if self._mailbox.since:
                wanted += ["SINCE", self._mailbox.since]
            with self._deadline(0):
                found.update(self._client.search(wanted))
        # "n:*" also answers with the last message when it is older than n (RFC 9051, 6.4.8)
        return sorted(uid for uid in found if uid > last_uid)

    def _batches(self, uids: list[int], look: Look | None) -> Iterator[list[Waiting]]:
        """Group those whose bodies are wanted so that a batch stays below its limits in octets and messages."""
        at_once = _LOOKED_AT_ONCE if look else _DESCRIBED_AT_ONCE
        for start in range(0, len(uids), at_once):
            batch: list[Waiting] = []
            for one in self._described(uids[start : start + at_once], look):
                if batch and (len(batch) >= _BATCH_MESSAGES or sum(size for _, size, _ in batch) + one[1] > _BATCH_OCTETS):
                    yield batch
                    batch = []
                batch.append(one)
            if batch:
                yield batch

    def _described(self, uids: list[int], look: Look | None) -> Iterator[Waiting]:
        """Ask for size and time of arrival, and with `look` for header and structure; those whose bodies are not wanted are left out."""
        seen = self._seen_from_outside(uids) if look else {}
        asked = [uid for uid in uids if uid not in seen]
        if asked:
            seen |= self._sizes(asked)
        for uid in uids:
            if uid not in seen and not self._exists(uid):
                continue  # moved away since the search
            answer = seen.get(uid, {})
            if look is None or look(self._position(uid), *_outside(answer)):
                yield uid, int(answer.get(b"RFC822.SIZE") or 0), (answer.get(b"INTERNALDATE") or _LONG_AGO).astimezone(UTC)

    def _sizes(self, uids: list[int]) -> dict[int, dict[bytes, Any]]:
        """Return what the server says of size and arrival. Where it refuses that of some, their bodies are asked for all the same."""
        try:
            with self._deadline(0):
                found: dict[int, dict[bytes, Any]] = self._client.fetch(uids, ["RFC822.SIZE", "INTERNALDATE"])
        except (IMAPClientAbortError, ProtocolError):
            raise
        except IMAPClientError:
            found = {}
            for uid in uids if len(uids) > 1 else []:
                found |= self._size(uid)
            if not found:
                raise
        return found

    def _size(self, uid: int) -> dict[int, dict[bytes, Any]]:
        try:
            return self._sizes([uid])
        except (IMAPClientAbortError, ProtocolError):
            raise
        except IMAPClientError:
            return {}

    def _seen_from_outside(self, uids: list[int]) -> dict[int, Any]:
        """Return what the server says of messages without their bodies; nothing when its answer cannot be understood."""
        items = ["RFC822.SIZE", "INTERNALDATE", "BODYSTRUCTURE", f"BODY.PEEK[HEADER]<0.{_LOOKED_AT_OCTETS}>"]
        try:
            with self._deadline(len(uids) * _LOOKED_AT_OCTETS):
                found: dict[int, Any] = self._client.fetch(uids, items)
        except IMAPClientAbortError:
            raise
        except (IMAPClientError, RecursionError, AssertionError, ValueError, LookupError, TypeError, AttributeError):
            return {}  # some servers stumble over one message's structure, and then say none of the others'
        return found

    def _messages(self, batch: list[Waiting], octets: dict[int, bytes]) -> Iterator[RawMessage]:
        for uid, size, received_at in batch:
            if uid not in octets and not self._exists(uid):
                continue  # moved away since the search
            content = octets.get(uid, b"")  # refused, while others were handed over: a person must look
            yield RawMessage(self._mailbox.address, self._position(uid), received_at, content, size, too_large=size > MAX_MESSAGE)

    def _handed_over(self, batch: list[Waiting]) -> dict[int, bytes]:
        """Return the octets by UID; when the server says no to a batch, each is asked for alone, so that one holds up none."""
        try:
            return self._octets(batch)
        except IMAPClientAbortError:
            raise
        except IMAPClientError:
            found: dict[int, bytes] = {}
            for one in batch if len(batch) > 1 else []:
                found |= self._handed_over([one])
            return found

    def _exists(self, uid: int) -> bool:
        with self._deadline(0):
            return uid in self._client.search(["UID", str(uid)])

    def _octets(self, batch: list[Waiting]) -> dict[int, bytes]:
        octets: dict[int, bytes] = {}
        whole = {uid: size or MAX_MESSAGE for uid, size, _ in batch if size <= MAX_MESSAGE}  # 0: the server does not tell
        large = {uid: MAX_HEADER for uid, size, _ in batch if size > MAX_MESSAGE}
        for sizes, item in ((whole, b"BODY.PEEK[]"), (large, f"BODY.PEEK[HEADER]<0.{MAX_HEADER}>".encode())):
            if sizes:
                with self._deadline(sum(sizes.values())):
                    answers = self._client.fetch(list(sizes), [item])
                for uid, answer in answers.items():
                    if found := _body(answer):
                        octets[uid] = found
        return octets

    def _position(self, uid: int) -> str:
        return f"{self.uidvalidity}:{uid}"

    def _deadline(self, octets: int) -> AbstractContextManager[None]:
        return deadline(self._client, _COMMAND_SECONDS + octets / 65536, octets)


def _body(answer: dict[bytes, Any]) -> bytes:
    return next((value for key, value in answer.items() if key.startswith(b"BODY[") and value), b"")


def _outside(answer: dict[bytes, Any]) -> tuple[bytes, Any]:
    """Return header and structure for `Look`; no structure when the header was cut, for then nothing is certain."""
    header = _body(answer)
    whole = header and len(header) < _LOOKED_AT_OCTETS
    return header, leaves_of(answer.get(b"BODYSTRUCTURE")) if whole else ()


def _tells_of_mail(responses: Iterable[Any], count: Count) -> bool:
    counted = [said for said in responses if isinstance(said, tuple) and len(said) > 1 and said[1] in {b"EXISTS", b"EXPUNGE"}]
    return sum(count.tells_of_mail(int(number), what) for number, what, *_ in counted) > 0  # each of them is heard


def _examine(client: IMAPClient, mailbox: MailboxSettings) -> tuple[int, int | None, Count]:
    """Return UIDVALIDITY and, where the server tells it, UIDNEXT; and how many messages there are."""
    where = f"{mailbox.address} at {mailbox.host}"
    try:
        answer = client.select_folder(mailbox.folder, readonly=True)
    except SERVER_TROUBLE as error:
        try:
            names = ", ".join(str(name) for _, _, name in client.list_folders())
        except SERVER_TROUBLE:
            names = "unknown"
        raise SourceError(f"{where}: the folder {mailbox.folder} cannot be opened ({refusal(error)}); its folders are: {names}") from None
    uidvalidity, next_uid = answer.get(b"UIDVALIDITY"), answer.get(b"UIDNEXT")
    if uidvalidity is None:
        # without it a position means nothing, and reading on could take a message twice or not at all
        raise SourceError(f"{where}: the server names no UIDVALIDITY for {mailbox.folder}; nothing was read, ask its administrator")
    return int(uidvalidity), int(next_uid) if next_uid is not None else None, Count(answer.get(b"EXISTS"))


def _capabilities(client: IMAPClient, where: str) -> frozenset[str]:
    try:
        return frozenset(name.decode("ascii", "replace").upper() for name in client.capabilities())
    except SERVER_TROUBLE as error:
        raise SourceError(f"{where}: the server does not say what it can do: {said(error)}") from None
