"""What speaks for an application in a message: phrases, files, addresses, titles, each with its weight. Called by `parsing/rules.py`.

The weights are added up against one threshold, and every piece is named, so that a reason can be shown and argued with.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from parsing.attachment import Attachment, Role
from parsing.body import Body
from parsing.context import Context
from parsing.message import Message
from parsing.quotation import bare_subject
from parsing.roles import is_paper
from parsing.roles_by_content import reads_as_cv
from parsing.routing import asks_for, hints_at_offer, names_offer
from parsing.vocabulary import find, hints, match, plain, without

__all__ = ["ENOUGH", "Evidence", "Piece", "announces_cv", "find", "gather", "plain", "speaks_of_work"]

ENOUGH = 3
"""Weight from which a message is taken for an application."""
_MOST_TEXT = 6000
_WRAPPING = re.compile(r"^winmail\.dat$|\.(?:p7[sm]|asc|sig|ics)$", re.IGNORECASE)
"""Files that mail programs make and nobody applies with: signatures, sealed mails, invitations."""


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


def gather(message: Message, body: Body, attachments: Iterable[Attachment], context: Context, *, cv_link: str | None = None) -> Evidence:
    """Collect what speaks for an application, in what was written and in what was forwarded. No word counts twice.

    `cv_link`: where a CV is said to lie.
    """
    forward = body.forward
    text = plain("\n".join(filter(None, (body.written, forward.text if forward else "")))[:_MOST_TEXT])
    subject = plain(bare_subject(" ".join(filter(None, (message.subject, forward.subject if forward else "")))))
    names = tuple(person.name for person in (message.author, forward.author if forward else None) if person)
    recipients = {address.addr_spec.lower() for address in message.recipients} | set(forward.recipients if forward else ())
    pieces = [*_of_files(attachments), *_of_words(subject, text)]
    addressed = sorted(context.owned(recipients))
    if addressed and (not context.personal or len(addressed) > 1):
        pieces.append(Piece("recipient", addressed[0], 1))
    if offer := names_offer(subject, context.offers):
        pieces.append(Piece("title", offer, 2))
    elif offer := names_offer(f"{subject}\n{text}", context.offers):
        pieces.append(Piece("title", offer, 1))
    elif (near := hints_at_offer(subject, context.offers, names=names)) and find(subject, "hint"):
        pieces.append(Piece("near_title", near, 1))
    if asked := asks_for(subject, context.offers):
        pieces.append(Piece("asked", asked, 1))
    if not any(piece.name == "cv" for piece in pieces) and reads_as_cv(body.written):
        pieces.append(Piece("body", "it reads as a CV", 2))
    if cv_link and not any(piece.name in {"cv", "supposed_cv"} for piece in pieces):
        pieces.append(Piece("cv_link", cv_link[:100], 1))
    return Evidence(tuple(pieces))


def _of_files(attachments: Iterable[Attachment]) -> Iterator[Piece]:
    """A CV that is only supposed to be one weighs less than one which its name, its content or its owner's name tells."""
    files = [file for file in attachments if file.role is not Role.INLINE_IMAGE and not _WRAPPING.search(file.filename)]
    cvs = sorted((file for file in files if file.role is Role.CV), key=lambda file: not file.told_by)
    if cvs:
        yield Piece("cv", cvs[0].filename, 2) if cvs[0].told_by else Piece("supposed_cv", cvs[0].filename, 1)
        return
    others = [file.filename for file in files if file.role in {Role.COVER_LETTER, Role.PORTFOLIO, Role.CERTIFICATE, Role.OTHER}]
    telling = [name for name in others if not is_paper(name)]
    if telling:
        yield Piece("document", telling[0], 1)
    elif others:
        yield Piece("paper", others[0], 0)


def _of_words(subject: str, text: str) -> Iterator[Piece]:
    text, subject = (without(said, "not_yet_pattern") for said in (text, subject))
    phrases, own = find(text, "apply"), find(text, "own_cv")
    if phrases or own:
        yield Piece("phrase", phrases[0], 2) if phrases else Piece("own_cv", own[0], 2)
    said = _telling(" ".join(phrases))
    weak: list[str] = []
    for wording in find(text, "apply_weak"):
        if not _telling(wording) & said:
            weak.append(wording)
            said |= _telling(wording)
    if weak:
        yield Piece("wording", ", ".join(weak[:2]), min(len(weak), 2))
    of_weak = _telling(" ".join(weak))
    if named := [word for word in find(subject, "apply_subject") if not _telling(word) & of_weak]:
        yield Piece("subject", named[0], 1)
    both = f"{subject} {text}"
    for key, where in (("subject_applies", subject), ("elsewhere", both)):
        if about := find(where, key):
            yield Piece(key, about[0], 0)
    if said_so := match(both, "follows_up_pattern"):
        yield Piece("asks_after", said_so, 0)


def _telling(words_said: str) -> frozenset[str]:
    return frozenset(word for word in words_said.split() if len(word) > 3)


def announces_cv(message: Message, body: Body) -> bool:
    """Tell whether the words of a message say that a CV is with it, or speak of applying at all."""
    text = _all_said(message, body)
    return any(find(text, key) for key in ("apply", "own_cv", "apply_weak", "apply_subject")) or any(
        match(text, key) for key in ("presents_pattern", "notice_pattern")
    )


def speaks_of_work(message: Message, body: Body) -> bool:
    """Tell whether a word in a message has to do with being hired."""
    return bool(hints(_all_said(message, body)))


def _all_said(message: Message, body: Body) -> str:
    forward = body.forward
    return plain(
        "\n".join((message.subject, body.written, forward.text if forward else "", forward.subject if forward else ""))[:_MOST_TEXT]
    )
