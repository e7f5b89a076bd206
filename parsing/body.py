"""What the author of a message wrote: the text to read, without quotations, and the messages that a forward carries.

Called by `parsing/understand.py`; whose application it is, is decided in `parsing/forward.py`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from parsing.address import Address
from parsing.boards import is_program
from parsing.documents.document import Tools, Unreadable
from parsing.documents.plain import read_html
from parsing.header import clean
from parsing.languages import words
from parsing.message import Message
from parsing.mime import Part
from parsing.quotation import (
    INTRODUCTION,
    HeaderBlock,
    bare_subject,
    break_lines,
    header_blocks,
    introduced,
    is_forward,
    is_marker,
    is_original,
    is_reply,
    unquote,
)

__all__ = ["MAX_BODY", "Body", "Forward", "bare_subject", "is_forward", "is_reply", "read_body", "text_of"]

MAX_BODY = 20_000
"""Characters kept of what somebody wrote."""
_MAX_READ = 400_000
_MAX_SOURCE = 2**20
"""Octets of text and HTML after which no further part is read: 200 pages of HTML would need minutes."""
_MOST_FORWARDS = 5
"""Forwards of forwards that are followed."""
_RULE = re.compile(r"(?:^|\n)[ \t]*[_=-]{5,}\s*$")
"""The line that Outlook draws above what it quotes."""
_SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)
_MOBILE = re.compile(rf"^[ \t]*(?:{'|'.join(words('mail', 'sent_from'))})[^\n]{{0,60}}$", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forward:
    """A message inside a forward."""

    author: Address | None
    subject: str
    recipients: tuple[str, ...]
    """Addr-specs of its To field, lower case."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The text of a message, taken apart."""

    written: str
    """By the author: no quotation, no forward, no mobile advertisement; at most 20,000 characters."""
    quotes: bool
    """It answers something that it quotes."""
    forwards: tuple[Forward, ...] = ()
    """The messages handed on: the one that was forwarded last, then what that one forwarded or answered."""
    told: bool = False
    """A marker, the subject or an attached message says that this is a forward; else only a header inside looks like one."""
    links: tuple[str, ...] = ()
    own: bool = False
    """What is forwarded is the author's own mail or the ad: the author applies."""

    @property
    def forward(self) -> Forward | None:
        """The message handed on."""
        return self.forwards[0] if self.forwards else None


def read_body(message: Message, attached: Sequence[Message] = (), *, by_us: bool = False) -> Body:
    """Return what a message says; `attached` are messages attached to it, which is what a forward as attachment carries.

    `by_us`: one of us wrote it, so that a header inside makes it a forward even without a marker or a subject that says so.
    """
    shown, links = text_of(message)
    text = break_lines(shown)
    answers = is_reply(message.subject) or bool(message.references)
    lines = text.split("\n")
    blocks = [block for block in header_blocks(lines) if by_us or not _is_letterhead(block, lines, message)]
    written, quotes = _written(text, lines, blocks, answers=answers)
    forwards: tuple[Forward, ...] = tuple(forward for inner in attached for forward in _attached_forwards(inner))[:_MOST_FORWARDS]
    told = bool(forwards)
    if not forwards:
        forwards, told = _forwards(lines, blocks, message.subject, by_us=by_us)
    return Body(written=written[:MAX_BODY], quotes=quotes, forwards=forwards, told=told, links=links)


def text_of(message: Message) -> tuple[str, tuple[str, ...]]:
    """Return the text a person sees, and the links of its HTML; plain text is preferred where both say something."""
    texts: list[str] = []
    links: list[str] = []
    done: set[int] = set()
    read = 0
    for part in message.parts:
        if read > _MAX_SOURCE:
            break
        if not _is_text(part) or (part.alternative is not None and part.alternative in done):
            continue
        group = [
            other for other in message.parts if part.alternative is not None and other.alternative == part.alternative and _is_text(other)
        ]
        if part.alternative is not None:
            done.add(part.alternative)
        chosen = next((p for p in group if p.media_type == "text/plain" and p.text().strip()), None) or (group[-1] if group else part)
        read += len(chosen.content)
        text, found = _text_of_part(chosen)
        texts.append(text)
        links.extend(found)
    return "\n".join(texts)[:_MAX_READ], tuple(links)[:200]


def _is_text(part: Part) -> bool:
    return part.media_type in {"text/plain", "text/html"} and part.disposition != "attachment" and not part.filename


def _text_of_part(part: Part) -> tuple[str, tuple[str, ...]]:
    if part.media_type != "text/html":
        return part.text().replace("\u00a0", " "), ()
    try:
        page = read_html(part.text().encode("utf-8", "replace"), Tools())
    except (Unreadable, ValueError, RecursionError):
        return re.sub(r"<[^<>]{0,2000}>", " ", part.text()[:_MAX_READ]), ()
    return "\n".join(line.rstrip(" \t") for line in "".join(page.texts).replace("\u00a0", " ").split("\n")), page.links


def _is_letterhead(block: HeaderBlock, lines: Sequence[str], message: Message) -> bool:
    """Tell whether a header at the very top is the author's own, as in a letter: `De : … À : … Objet : …`."""
    if is_forward(message.subject) or is_reply(message.subject) or any(line.strip(" \t>*_-") for line in lines[: block.first]):
        return False
    own = message.author.addr_spec.lower() if message.author else ""
    if message.author is not None and is_program(message.author):
        return True  # a form on a site writes so: `De : Anne <anne@example.org>`, then what she wrote
    return block.author is None or block.author.addr_spec.lower() == own


def _written(text: str, lines: Sequence[str], blocks: Sequence[HeaderBlock], *, answers: bool) -> tuple[str, bool]:
    """Cut at the first quotation or forward; tell whether there was a quotation."""
    introduction = INTRODUCTION.search(text)
    marker = next((number for number, line in enumerate(lines) if is_marker(line)), None)
    original = next((number for number, line in enumerate(lines) if is_original(line)), None)
    numbers = [number for number in (marker, original, blocks[0].first if blocks else None) if number is not None]
    cuts = [sum(len(line) + 1 for line in lines[: min(numbers)])] if numbers else []
    if introduction:
        cuts.append(introduction.start())
    kept = _RULE.sub("", text[: min(cuts)]) if cuts else text
    set_off = bool(introduction) or original is not None or bool(blocks)
    quoting = set_off or answers  # else a `>` marks the points of a list
    remaining = [line for line in kept.splitlines() if not (quoting and line.lstrip().startswith(">"))]
    quotes = set_off or (answers and any(line.lstrip().startswith(">") for line in text.splitlines()[:400]))
    words_left = _MOBILE.sub("", "\n".join(remaining))
    signature = _SIGNATURE.search(words_left)
    if signature and words_left[: signature.start()].strip():
        words_left = words_left[: signature.start()]
    return re.sub(r"\n{3,}", "\n\n", words_left).strip(), quotes


def _forwards(lines: Sequence[str], blocks: Sequence[HeaderBlock], subject: str, *, by_us: bool) -> tuple[tuple[Forward, ...], bool]:
    """Return the messages that stand in a text below a marker, or below a subject that says so, and whether either was there."""
    marker = next(
        (number for number, line in enumerate(lines) if is_marker(line) and (is_forward(subject) or not line.lstrip().startswith(">"))),
        None,
    )
    told = marker is not None or is_forward(subject)
    if not told and not by_us:
        return (), False
    start = 0 if marker is None else marker + 1
    inside = [block for block in blocks if block.first >= start][:_MOST_FORWARDS]
    if inside and (marker is not None or inside[0].author is not None):
        ends = [*(block.first for block in inside[1:]), len(lines)]
        return tuple(_of_block(block, lines[block.end : end]) for block, end in zip(inside, ends, strict=True)), told
    text = "\n".join(lines[start:])
    introduction = INTRODUCTION.search(text) if told else None
    if introduction is not None:
        rest = unquote(text[introduction.end() :])[:MAX_BODY]
        return (Forward(author=introduced(introduction.group()), subject=bare_subject(subject), recipients=(), text=rest),), True
    if marker is not None:
        return (Forward(author=None, subject=bare_subject(subject), recipients=(), text=unquote(text)[:MAX_BODY]),), True
    return (), told


def _of_block(block: HeaderBlock, below: Sequence[str]) -> Forward:
    return Forward(author=block.author, subject=clean(block.subject, 300), recipients=block.recipients, text=_plainly("\n".join(below)))


def _attached_forwards(inner: Message) -> tuple[Forward, ...]:
    """Return an attached message, then what it forwards itself."""
    if inner.author is None:
        return ()
    text = break_lines(text_of(inner)[0])
    lines = text.split("\n")
    blocks = list(header_blocks(lines))
    recipients = tuple(address.addr_spec.lower() for address in inner.recipients)[:50]
    above = "\n".join(lines[: blocks[0].first]) if blocks else text
    first = Forward(author=inner.author, subject=inner.subject, recipients=recipients, text=_plainly(above))
    return first, *_forwards(lines, blocks, inner.subject, by_us=False)[0]


def _plainly(text: str) -> str:
    """Return what was written in a forwarded text."""
    text = unquote(text)
    lines = text.split("\n")
    return _written(text, lines, list(header_blocks(lines)), answers=True)[0][:MAX_BODY]
