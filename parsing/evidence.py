"""What speaks for an application in a message: phrases, files, addresses, titles, each with its weight. Called by `parsing/rules.py`.

The weights are added up against one threshold, and every piece is named, so that a reason can be shown and argued with.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from parsing.attachment import Attachment, Role
from parsing.body import Body, bare_subject
from parsing.context import Context
from parsing.languages import words
from parsing.message import Message
from parsing.routing import names_offer

ENOUGH = 3
"""Weight from which a message is taken for an application."""
_MOST_TEXT = 6000


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that speaks for an application."""

    name: str
    detail: str
    weight: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that speaks for an application."""

    pieces: tuple[Piece, ...] = ()

    @property
    def weight(self) -> int:
        """All weights together."""
        return sum(piece.weight for piece in self.pieces)

    def has(self, name: str) -> bool:
        """Tell whether a piece of this name is there."""
        return any(piece.name == name for piece in self.pieces)

    def __str__(self) -> str:
        return "; ".join(f"{piece.name}: {piece.detail}" for piece in self.pieces)


def gather(message: Message, body: Body, attachments: Iterable[Attachment], context: Context) -> Evidence:
    """Collect what speaks for an application, in what was written and in what was forwarded."""
    forward = body.forward
    text = plain("\n".join(filter(None, (body.written, forward.text if forward else "")))[:_MOST_TEXT])
    subject = plain(bare_subject(" ".join(filter(None, (message.subject, forward.subject if forward else "")))))
    recipients = {address.addr_spec.lower() for address in message.recipients} | set(forward.recipients if forward else ())
    files = [attachment for attachment in attachments if attachment.role is not Role.INLINE_IMAGE]
    cv = next((file.filename for file in files if file.role is Role.CV), None)
    others = [file.filename for file in files if file.role in {Role.COVER_LETTER, Role.PORTFOLIO, Role.CERTIFICATE, Role.OTHER}]
    pieces: list[Piece] = []
    if cv is not None:
        pieces.append(Piece("cv", cv, 2))
    elif others:
        pieces.append(Piece("document", others[0], 1))
    if said := find(text, "apply"):
        pieces.append(Piece("phrase", said[0], 2))
    if weak := find(text, "apply_weak"):
        pieces.append(Piece("wording", ", ".join(weak[:2]), min(len(weak), 2)))
    if named := find(subject, "apply_subject"):
        pieces.append(Piece("subject", named[0], 1))
    addressed = sorted(recipients & (context.our_addresses | context.recruiters))
    if addressed and (not context.personal or len(addressed) > 1):
        pieces.append(Piece("recipient", addressed[0], 1))
    if offer := names_offer(f"{subject}\n{text}", context.offers):
        pieces.append(Piece("title", offer, 1))
    return Evidence(tuple(pieces))


def announces_cv(message: Message, body: Body) -> bool:
    """Tell whether the words of a message say that a CV is with it, or speak of applying at all."""
    forward = body.forward
    text = plain(
        "\n".join((message.subject, body.written, forward.text if forward else "", forward.subject if forward else ""))[:_MOST_TEXT]
    )
    return bool(find(text, "apply") or find(text, "apply_weak") or find(text, "presents") or find(text, "apply_subject"))


def find(text: str, key: str) -> list[str]:
    """Return the words of the vocabulary `key` that stand in a plain text, as whole words."""
    return [word for word in words("mail", key) if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)]


def plain(text: str) -> str:
    """Return a text ready to be searched: lower case, straight apostrophes, single blanks."""
    return " ".join(text.replace("’", "'").lower().split())
