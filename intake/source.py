"""What a mailbox is to us: an iterator of raw messages that changes nothing, whatever stands behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Protocol

from parsing.glance import Leaf
from parsing.message import RawMessage

MAX_MESSAGE = 40 * 2**20
"""Octets; of a larger message only the header is fetched, and a person is told."""
MAX_HEADER = 256 * 2**10

Known = Callable[[Sequence[str]], set[str]]
"""Which of these positions are journaled already."""

Look = Callable[[str, bytes, tuple[Leaf, ...]], bool]
"""Whether the body of a message is wanted, by its position, its header's octets and its structure.

Asked where a source can have those without the body; on False the message is passed over, and whoever was asked has noted that.
"""


class SourceError(Exception):
    """A mailbox cannot be read; the message says what, where and the remedy."""


class LogInRefusedError(SourceError):
    """The server knows the account and refuses the log-in: trying on and on gets it locked (`intake/access.py`)."""


class MailboxSettings(Protocol):
    """What a source needs to know of a mailbox; `config.Mailbox` has it."""

    @property
    def address(self) -> str: ...  # noqa: D102
    @property
    def host(self) -> str | None: ...  # noqa: D102
    @property
    def maildir(self) -> Path | None: ...  # noqa: D102
    @property
    def eml(self) -> Path | None: ...  # noqa: D102
    @property
    def port(self) -> int: ...  # noqa: D102
    @property
    def security(self) -> str: ...  # noqa: D102
    @property
    def username(self) -> str | None: ...  # noqa: D102
    @property
    def folder(self) -> str: ...  # noqa: D102
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def since(self) -> date | None: ...  # noqa: D102
    @property
    def after(self) -> str: ...  # noqa: D102
    @property
    def ca_file(self) -> Path | None: ...  # noqa: D102
    def password_value(self) -> str | None: ...  # noqa: D102
    def log_in_mark(self) -> str: ...  # noqa: D102
    @property
    def uses_tokens(self) -> bool: ...  # noqa: D102
    def access_token(self, refused: str | None = None) -> str | None: ...  # noqa: D102


class MailSource(Protocol):
    """A mailbox, opened read-only."""

    @property
    def uidvalidity(self) -> int | None:
        """UIDVALIDITY of the folder (RFC 9051, 2.3.1.1); None where positions never lose their meaning."""

    def fetch(self, last_uid: int, known: Known, look: Look | None = None) -> Iterator[RawMessage]:
        """Yield what is not journaled yet, oldest first; nothing in the mailbox changes. Raises SourceError.

        `look`: asked before a body is fetched, by sources that can; the others yield every message.
        """

    def settle(self, position: str) -> None:
        """Do what `after` asks for with a journaled message. Raises SourceError."""

    @property
    def capabilities(self) -> frozenset[str]:
        """What the server says it can do, in upper case (RFC 9051, 6.1.1); empty for a folder."""

    @property
    def can_wait(self) -> bool:
        """Whether it tells of new mail by itself."""

    def wait(self, seconds: float) -> bool:
        """Wait for new mail; True when some came, False when the time is up. Raises SourceError."""
