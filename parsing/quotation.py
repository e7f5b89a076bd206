"""What mail programs write around the mails that they quote and forward: introductions, markers, header blocks. Linear on hostile text.

Called by `parsing/body.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from parsing.address import Address
from parsing.header import parse_addresses
from parsing.languages import words

_BLOCK_LINES = 12
_MOST_BLOCKS = 300
"""Lines that may begin one, and are tried."""
_LONGEST_MARKER = 200
_LONGEST_LINE = 1000
"""Characters of a line that are looked at for a field."""


def _any(*keys: str) -> str:
    return "|".join(word for key in keys for word in words("mail", key))


def _field(*keys: str) -> re.Pattern[str]:
    return re.compile(rf"[ \t>*]*(?:{_any(*keys)})[ \t*]*:[ \t*]*([^\n]*)$", re.IGNORECASE)


_FROM, _FIELD, _SUBJECT, _TO = _field("field_from"), _field("field_other", "field_date"), _field("field_subject"), _field("field_to")
_DATE = _field("field_date")
INTRODUCTION = re.compile(rf"^[ \t>]{{0,60}}(?:{_any('quote_intro')})[^\S\n]{{0,20}}:?[ \t]{{0,20}}$", re.IGNORECASE | re.MULTILINE)
"""The line above a quotation."""
_MARKER = re.compile(_any("forward_marker"), re.IGNORECASE)
_MARKER_DASHED = re.compile(_any("forward_marker", "forward_marker_dashed"), re.IGNORECASE)
_ORIGINAL = re.compile(_any("original_marker"), re.IGNORECASE)
_ONE_LINE = re.compile(
    rf"^[ \t>*_-]{{0,60}}(?:{_any('forward_marker', 'forward_marker_dashed')})[ \t*:_-]{{0,60}}"
    rf"(?=(?:{_any('field_from')})[ \t]{{0,9}}:)[^\n]*$",
    re.IGNORECASE | re.MULTILINE,
)
_NEXT_FIELD = re.compile(rf"(?<=[\W\d_a-z])((?:{_any('field_from', 'field_other')}|sent)[ \t]{{0,9}}:[ \t])", re.IGNORECASE)
_FORWARD_SUBJECT = re.compile(r"^\s*(?:\[[^\]]{1,40}\]\s*)?(?:fwd?|tr|wg|i|enc|rv|vs|doorst|pd)\s*:", re.IGNORECASE)
_REPLY_SUBJECT = re.compile(r"^\s*(?:\[[^\]]{1,40}\]\s*)?(?:re|réf?|aw|sv|odp|antw|rif)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class HeaderBlock:
    """A header that a mailer wrote into a text: `De : … Envoyé : … Objet : …`."""

    first: int
    """Number of its first line."""
    end: int
    """Number of the line after it."""
    author: Address | None
    subject: str
    recipients: tuple[str, ...]
    """Lower case."""


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


def is_marker(line: str) -> bool:
    """Tell whether a line says that a forwarded mail follows."""
    dashed, said = _set_off(line)
    return bool((_MARKER_DASHED if dashed else _MARKER).fullmatch(said))


def is_original(line: str) -> bool:
    """Tell whether a line is one by which old programs set off what follows, a quotation or a forward."""
    dashed, said = _set_off(line)
    return dashed and bool(_ORIGINAL.fullmatch(said))


def _set_off(line: str) -> tuple[bool, str]:
    """Return whether dashes stand before the words of a line, and the words alone."""
    short = line[:_LONGEST_MARKER]
    return short.lstrip(" \t>*_").startswith("-"), short.strip(" \t>*_:-")


def break_lines(text: str) -> str:
    """Give a forward whose header stands in one line its lines back: some mailers lose the line ends."""
    return _ONE_LINE.sub(lambda match: _NEXT_FIELD.sub(r"\n\1", match.group()), text)


def header_blocks(lines: Sequence[str]) -> Iterator[HeaderBlock]:
    """Yield the header blocks of a text, topmost first; one without an address and without a date is a letter's head and none."""
    tried, after = 0, 0
    for number, line in enumerate(lines):
        start = _FROM.match(line[:_LONGEST_LINE]) if number >= after else None
        if start is None or not start[1].strip():
            continue
        tried += 1
        if tried > _MOST_BLOCKS:
            return
        block = _read_block(lines, number, start[1].strip())
        if block is not None:
            after = block.end
            yield block


def _read_block(lines: Sequence[str], first: int, author: str) -> HeaderBlock | None:
    above = [line[:_LONGEST_LINE] for line in lines[max(0, first - 3) : first]]
    below: list[str] = []
    known = 0
    for full in lines[first + 1 : first + _BLOCK_LINES]:
        line = full[:_LONGEST_LINE]
        named = bool(_FIELD.match(line))
        if not named and (line.strip(" >\t") or known) and not line.startswith((" ", "\t")):
            break
        known += named
        below.append(line)
    said = [line for line in above if _FIELD.match(line)] + below  # some put the subject first
    known += any(_SUBJECT.match(line) for line in above)
    dated = any((found := _DATE.match(line)) and any(sign.isdigit() for sign in found[1]) for line in said)
    if not known or not (dated or "@" in author or any("@" in line for line in below)):
        return None
    subject = next((found[1] for line in [*below, *above] if (found := _SUBJECT.match(line))), "")
    to = next((found[1] for line in below if (found := _TO.match(line))), "")
    recipients = tuple(address.addr_spec.lower() for address in _addresses(to))[:50]
    return HeaderBlock(first, first + 1 + len(below), next(iter(_addresses(author)), None), subject.strip(), recipients)


def introduced(text: str) -> Address | None:
    """Return whom an introduction such as `Le 3 mai, Anne <anne@example.org> a écrit :` names."""
    return next(iter(parse_addresses(_address_in(text[:_LONGEST_LINE]).encode())), None)


def unquote(text: str) -> str:
    """Take one level of quotation signs away."""
    return re.sub(r"(?m)^[ \t]{0,60}>[ \t]?", "", text).strip()


def _addresses(text: str) -> tuple[Address, ...]:
    """Return addresses as people write them: Outlook has `Anne [mailto:anne@example.org]` and `<anne@example.org<mailto:…>>`."""
    plain = re.sub(r"\[(?:mailto:)?([^][\s<>]+@[^][\s<>]+)\]", r"<\1>", re.sub(r"<mailto:[^<>]*>", "", text, flags=re.IGNORECASE))
    return parse_addresses(plain.encode()) or parse_addresses(_address_in(plain).encode())


def _address_in(text: str) -> str:
    found = re.search(r"([^,<>«»\"]{0,80})[»\"]?\s*<([^<>\s]+@[^<>\s]+)>", text) or re.search(
        r"([^@<>,;\"\[]{0,80})(?<![\w.+-])([\w.+-]+@[\w.-]+)", text
    )
    return f'"{found[1].strip(" «»()").replace(chr(34), "")}" <{found[2]}>' if found else ""
