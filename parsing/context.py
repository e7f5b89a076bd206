"""What reading cannot know by itself, handed in as data so that reading stays pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from parsing.address import without_detail
from parsing.documents import Tools
from parsing.offer import Offer


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What reading cannot know by itself, handed in as data (so that reading stays pure and picklable)."""

    offers: tuple[Offer, ...] = ()
    """Every offer of the folder, open or closed."""
    our_addresses: frozenset[str] = frozenset()
    """Mailboxes, aliases and recruiters' addresses, lower case: mail to them may be answered, mail from them is ours."""
    recruiters: frozenset[str] = frozenset()
    """Addresses of the offers' recruiters, lower case."""
    known_message_ids: frozenset[str] = frozenset()
    """Those of the message's thread ids (`find_references`) that belong to an application of ours, with angle brackets."""
    sender_is_candidate: bool = False
    """The author's address belongs to a stored candidate."""
    authserv_id: str | None = None
    """Whose Authentication-Results count for this mailbox (RFC 8601, 2.2)."""
    thread_offer: str | None = None
    """Slug of the offer that the conversation is about, as recorded."""
    mailbox: str | None = None
    """The address of the mailbox that the message lay in, lower case."""
    personal: bool = False
    """Read in somebody's own mailbox, where being written to says nothing."""
    today: date | None = None
    """The day of reading, on which what a CV says goes on has not ended yet; None: not known."""
    tools: Tools = field(default_factory=Tools)
    """What documents are read with."""
    read_documents: bool = True
    """False: attachments are named and hashed, not opened (after one of them stopped the reader)."""

    def owned(self, addresses: Iterable[str]) -> set[str]:
        """Return those of `addresses` (lower case) that are ours; `jobs+anything@…` is ours if `jobs@…` is."""
        ours = self.our_addresses | self.recruiters
        return {address for address in addresses if address in ours or without_detail(address) in ours}
