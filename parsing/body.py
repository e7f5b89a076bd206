"""What the author of a message wrote: the text to read, without quotations, and the message that a forward carries.

Called by `parsing/understand.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from parsing.address import Address
from parsing.documents.document import Tools, Unreadable
from parsing.documents.plain import read_html
from parsing.header import clean, parse_addresses
from parsing.languages import words
from parsing.message import Message
from parsing.mime import Part

MAX_BODY = 20_000
"""Characters kept of what somebody wrote."""
_MAX_READ = 400_000
_HEADER_BLOCK_LINES = 12
_HEADER_BLOCK = 20_000
"""Characters of it that are read."""
_MOST_HEADER_BLOCKS = 300
"""Lines that may begin one, and are tried."""


def _any(key: str) -> str:
    return "|".join(words("mail", key))


_FROM = re.compile(rf"^[ \t>*]*(?:{_any('field_from')})[ \t*]*:[ \t*]*(\S[^\n]*)$", re.IGNORECASE | re.MULTILINE)
_FIELD = re.compile(rf"^[ \t>*]*(?:{_any('field_other')})[ \t*]*:[ \t*]*([^\n]*)$", re.IGNORECASE)
_SUBJECT = re.compile(rf"^[ \t>*]*(?:{_any('field_subject')})[ \t*]*:[ \t*]*([^\n]*)$", re.IGNORECASE)
_TO = re.compile(rf"^[ \t>*]*(?:{_any('field_to')})[ \t*]*:[ \t*]*([^\n]*)$", re.IGNORECASE)
_MARKER = re.compile(rf"^[ \t>*_-]{{0,60}}(?:{_any('forward_marker')})[ \t*:_-]*$", re.IGNORECASE | re.MULTILINE)
_INTRO = re.compile(rf"^[ \t>]*(?:{_any('quote_intro')})[^\S\n]*:?[ \t]*$", re.IGNORECASE | re.MULTILINE)
_ORIGINAL = re.compile(rf"^[ \t>*_-]{{0,60}}(?:{_any('original_marker')})[ \t*:_-]*$", re.IGNORECASE | re.MULTILINE)
_ONE_LINE = re.compile(
    rf"^[ \t>]*(?:{_any('forward_marker')})[ \t]*(?=(?:{_any('field_from')})[ \t]*:)[^\n]*$", re.IGNORECASE | re.MULTILINE
)
_NEXT_FIELD = re.compile(rf"[ \t]*(?<=[\W\d_a-z])((?:{_any('field_from')}|{_any('field_other')}|sent)[ \t]*:[ \t])", re.IGNORECASE)
_FORWARD_SUBJECT = re.compile(r"^\s*(?:\[[^\]]{1,40}\]\s*)?(?:fwd?|tr|wg|i|enc|rv|vs|doorst|pd)\s*:", re.IGNORECASE)
_REPLY_SUBJECT = re.compile(r"^\s*(?:\[[^\]]{1,40}\]\s*)?(?:re|réf?|aw|sv|odp|antw|rif)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)
_RULE = re.compile(r"(?:^|\n)[ \t]*[_=-]{5,}\s*$")
"""The line that Outlook draws above what it quotes."""
_SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)
_MOBILE = re.compile(rf"^[ \t]*(?:{_any('sent_from')})[^\n]{{0,60}}$", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forward:
    """The message inside a forward."""

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
    forward: Forward | None
    links: tuple[str, ...] = ()


def is_forward(subject: str) -> bool:
    """Tell whether a subject begins as forwards do."""
    return bool(_FORWARD_SUBJECT.match(subject))


def is_reply(subject: str) -> bool:
    """Tell whether a subject begins as replies do."""
    return bool(_REPLY_SUBJECT.match(subject))


def bare_subject(subject: str) -> str:
    """Return the subject without the prefixes of replies and forwards."""
    previous = None
    while previous != subject:
        previous, subject = subject, _REPLY_SUBJECT.sub("", _FORWARD_SUBJECT.sub("", subject))
    return subject.strip()


def read_body(message: Message, inner: Message | None = None) -> Body:
    """Return what a message says; `inner` is a message attached to it, which is what a forward as attachment carries."""
    text, links = text_of(message)
    forward = _inner_forward(inner) if inner is not None else None
    if forward is None:
        forward = _find_forward(text, message.subject)
    written, quotes = _written(text)
    return Body(written=written[:MAX_BODY], quotes=quotes, forward=forward, links=links)


def text_of(message: Message) -> tuple[str, tuple[str, ...]]:
    """Return the text a person sees, and the links of its HTML; plain text is preferred where both say something."""
    texts: list[str] = []
    links: list[str] = []
    done: set[int] = set()
    for part in message.parts:
        if not _is_text(part) or (part.alternative is not None and part.alternative in done):
            continue
        group = [
            other for other in message.parts if part.alternative is not None and other.alternative == part.alternative and _is_text(other)
        ]
        if part.alternative is not None:
            done.add(part.alternative)
        chosen = next((p for p in group if p.media_type == "text/plain" and p.text().strip()), None) or (group[-1] if group else part)
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
    return "\n".join(line.rstrip(" \t") for line in page.text.replace("\u00a0", " ").split("\n")), page.links


def _written(text: str) -> tuple[str, bool]:
    """Cut at the first quotation or forward; tell whether there was a quotation."""
    cuts = [match.start() for pattern in (_MARKER, _INTRO, _ORIGINAL) if (match := pattern.search(text))]
    block = _header_block(text)
    if block is not None:
        cuts.append(block[0])
    quoted = any(line.lstrip().startswith(">") for line in text.splitlines()[:400])
    kept = _RULE.sub("", text[: min(cuts)]) if cuts else text
    lines = [line for line in kept.splitlines() if not line.lstrip().startswith(">")]
    words_left = _MOBILE.sub("", "\n".join(lines))
    signature = _SIGNATURE.search(words_left)
    if signature and words_left[: signature.start()].strip():
        words_left = words_left[: signature.start()]
    intro = _INTRO.search(text) or _ORIGINAL.search(text)
    return re.sub(r"\n{3,}", "\n\n", words_left).strip(), bool(intro or block) or quoted


def _header_block(text: str) -> tuple[int, int, dict[str, str]] | None:
    """Return start, end and fields of the first header that a mailer wrote into a text (`De : … Envoyé : … Objet : …`)."""
    for match in islice(_FROM.finditer(text), _MOST_HEADER_BLOCKS):
        lines = text[match.start() : match.start() + _HEADER_BLOCK].split("\n")[:_HEADER_BLOCK_LINES]
        before = text[max(0, match.start() - _HEADER_BLOCK) : match.start()].split("\n")[-4:-1]
        fields = {"from": match[1].strip()}
        known, size = 0, len(lines[0]) + 1
        for line in lines[1:]:
            named = _FIELD.match(line)
            if not named and (line.strip(" >\t") or known >= 1) and not line.startswith((" ", "\t")):
                break
            known += bool(named)
            size += len(line) + 1
            if subject := _SUBJECT.match(line):
                fields["subject"] = subject[1]
            if recipient := _TO.match(line):
                fields["to"] = recipient[1]
        for line in before:  # some put the subject first
            if subject := _SUBJECT.match(line):
                fields.setdefault("subject", subject[1])
                known += 1
        if known >= 1:
            return match.start(), min(match.start() + size, len(text)), fields
    return None


def _find_forward(text: str, subject: str) -> Forward | None:
    """Return the forwarded message that stands in a text: after a marker, or below a subject that says so."""
    text = _ONE_LINE.sub(lambda match: _NEXT_FIELD.sub(r"\n\1", match.group()), text)  # some mailers lose the line ends
    marker = _MARKER.search(text)
    if marker is None and not is_forward(subject):
        return None
    start = marker.end() if marker else 0
    block = _header_block(text[start:])
    if block is not None:
        _, end, fields = block
        author = next(iter(parse_addresses(_plain_address(fields["from"]).encode())), None)
        recipients = tuple(address.addr_spec.lower() for address in parse_addresses(_plain_address(fields.get("to", "")).encode()))[:50]
        if author is None and marker is None:
            return None
        rest = _unquote(text[start + end :])
        return Forward(
            author=author, subject=clean(fields.get("subject", ""), 300), recipients=recipients, text=_written(rest)[0][:MAX_BODY]
        )
    intro = _INTRO.search(text, start)
    if intro is not None:
        author = next(iter(parse_addresses(_address_in(intro.group()).encode())), None)
        rest = _unquote(text[intro.end() :])
        return Forward(author=author, subject=bare_subject(subject), recipients=(), text=rest[:MAX_BODY])
    if marker is not None:
        return Forward(author=None, subject=bare_subject(subject), recipients=(), text=_unquote(text[start:])[:MAX_BODY])
    return None


def _inner_forward(inner: Message) -> Forward | None:
    author = inner.author
    if author is None:
        return None
    text, _ = text_of(inner)
    recipients = tuple(address.addr_spec.lower() for address in inner.recipients)[:50]
    return Forward(author=author, subject=inner.subject, recipients=recipients, text=_written(text)[0][:MAX_BODY])


def _plain_address(text: str) -> str:
    """Return addresses as a header has them: Outlook writes `Anne [mailto:anne@example.org]` and `<anne@example.org<mailto:…>>`."""
    return re.sub(r"\[(?:mailto:)?([^][\s<>]+@[^][\s<>]+)\]", r"<\1>", re.sub(r"<mailto:[^<>]*>", "", text, flags=re.IGNORECASE))


def _unquote(text: str) -> str:
    return re.sub(r"(?m)^[ \t]*>[ \t]?", "", text).strip()


def _address_in(text: str) -> str:
    """Return `name <address>` of an introduction such as `Le 3 mai, Anne <anne@example.org> a écrit :`."""
    found = re.search(r"([^,<>«»\"]{0,80})[»\"]?\s*<([^<>\s]+@[^<>\s]+)>", text) or re.search(r"()([\w.+-]+@[\w.-]+)", text)
    return f"{found[1].strip(' «»')} <{found[2]}>" if found else ""
