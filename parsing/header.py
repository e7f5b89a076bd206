"""Header octets into text, parameters and addresses, in linear time whatever stands in them.

The standard library's newer policies need quadratic memory or time for hostile headers (CPython issue 136063), and its
older helpers recurse; so the few grammars that mail needs are read here by single passes with caps.
Called by `parsing/mime.py` and `parsing/message.py`.
"""

from __future__ import annotations

import binascii
import quopri
import re
import unicodedata
from collections.abc import Iterator, Mapping

from parsing.address import Address
from parsing.charset import decode_bytes

__all__ = [
    "clean",
    "decode_base64",
    "decode_bytes",
    "decode_words",
    "header_text",
    "parse_addresses",
    "parse_parameters",
]

_MAX_ADDRESSES = 500
_MAX_PARAMETERS = 100
_ENCODED_WORD = re.compile(r"=\?([\w.:+-]{1,40})(?:\*[\w-]{0,20})?\?([bBqQ])\?([^?\r\n]*)\?=")
_COMMENT = re.compile(r"\([^()]*\)")
_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")
_ADDR_SPEC = re.compile(r"[^\s@<>()\",;:\\\x00-\x1f\x7f]{1,128}@[^\s@<>()\",;:\\\x00-\x1f\x7f]{1,255}")
"""The plain form (RFC 5322, 3.4.1): quoted local parts are lawful, hardly exist, and are read differently by every program."""
_TOKEN = re.compile(r'\\.|["()]|[^\\"()]+|\\', re.DOTALL)
_NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_QUOTED, _COMMENTED = "\x01", "\x02"
_MAILTO = re.compile(r"^mailto:", re.IGNORECASE)
_BIDI = {ord(c): None for c in "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"}
"""Invisible marks that turn the reading direction, used to disguise names (`CV_fdp.exe`)."""


def clean(text: str, limit: int = 1000) -> str:
    """Return one line: control, format and surrogate characters and line ends become blanks, blanks collapse, cut at `limit` characters."""
    short = text[: limit * 4].translate(_BIDI)
    flat = short if short.isprintable() else "".join(" " if unicodedata.category(c) in {"Cc", "Zl", "Zp", "Cs"} else c for c in short)
    return " ".join(flat.split())[:limit].strip()


def decode_words(text: str) -> str:
    """Return `text` with its encoded words decoded (RFC 2047), adjacent ones of one charset joined before decoding.

    Joining repairs mailers that cut a character in two, which section 5 forbids and many do.
    """
    if "=?" not in text:
        return text
    out: list[str] = []
    pending: list[bytes] = []
    charset, end = "", 0
    for match in _ENCODED_WORD.finditer(text):
        gap = text[end : match.start()]
        if pending and (gap.strip() or match[1].lower() != charset):
            out.append(decode_bytes(b"".join(pending), charset))
            pending = []
        if gap.strip() or not end:
            out.append(gap)
        charset, end = match[1].lower(), match.end()
        pending.append(_word_bytes(match[2].lower(), match[3]))
    if pending:
        out.append(decode_bytes(b"".join(pending), charset))
    out.append(text[end:])
    return "".join(out)


def _word_bytes(encoding: str, payload: str) -> bytes:
    raw = payload.encode("utf-8", "replace")
    if encoding == "q":
        return quopri.decodestring(raw.replace(b"_", b" "), header=False)
    return decode_base64(raw)


def decode_base64(data: bytes) -> bytes:
    """Return what can be read of base64 `data`: foreign characters dropped, missing padding added (RFC 2045, 6.8)."""
    whole = data.rstrip()
    if b"=" not in whole.rstrip(b"="):  # the decoder stops at padding
        try:
            return binascii.a2b_base64(whole)
        except binascii.Error:
            pass
    letters = data.translate(None, _NOT_BASE64)
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    try:
        return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))
    except (binascii.Error, ValueError):
        return b""


def header_text(raw: bytes, limit: int = 2000) -> str:
    """Return an unstructured header's value as one clean line of text."""
    return clean(decode_words(decode_bytes(raw)), limit)


def parse_parameters(raw: bytes) -> tuple[str, Mapping[str, str]]:
    """Return the value in lower case and its parameters, RFC 2231 continuations joined, RFC 2047 words decoded."""
    first, *rest = _split(decode_bytes(raw).replace("\r", " ").replace("\n", " "), ";", _MAX_PARAMETERS)
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[bool, str]]] = {}
    for piece in rest:
        name, equals, content = piece.partition("=")
        name, content = name.strip().lower(), _unquote(content)
        base, star, number = name.partition("*")
        if not equals or not base:
            continue
        if not star:
            plain.setdefault(name, content)
            continue
        digits = number.rstrip("*")
        position = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 4 else 0
        pieces.setdefault(base, {}).setdefault(position, (name.endswith("*"), content))
    for base, numbered in pieces.items():
        plain[base] = _join_pieces(numbered)
    value = _COMMENT.sub("", first).strip().strip('"').lower()
    return value, {name: clean(decode_words(content)) for name, content in plain.items()}


def _unquote(text: str) -> str:
    text = text.strip()
    if text.startswith('"'):
        body = text[1:-1] if len(text) > 1 and text.endswith('"') else text[1:]
        return re.sub(r"\\([\"\\])", r"\1", body)
    return text


def _join_pieces(numbered: Mapping[int, tuple[bool, str]]) -> str:
    """Join the sections of one parameter (RFC 2231, 3 and 4.1): only the first names the charset."""
    charset, data = "utf-8", b""
    for index, (number, (extended, content)) in enumerate(sorted(numbered.items())):
        if not extended:
            data += content.encode("utf-8", "replace")
            continue
        if index == 0 and content.count("'") >= 2 and number == 0:
            charset, _, content = content.split("'", 2)  # noqa: PLW2901 -- the rest of the section is the content
        data += _PERCENT.sub(lambda match: bytes([int(match[1], 16)]), content.encode("utf-8", "replace"))
    return decode_bytes(data, charset)


def parse_addresses(raw: bytes) -> tuple[Address, ...]:
    """Return the mailboxes of an address list (RFC 5322, 3.4), groups flattened; what is no address at all is left out.

    Where two readers could see two different addresses, none is seen: whoever is answered must be whom our provider checked.
    """
    text = decode_bytes(raw)
    flat, shelf = _shelve(text)
    if "," not in flat and text.count("@") > 1 and text.count('"') % 2:  # an open quote swallowed the list
        flat, shelf = _shelve(text.replace('"', ""))
    shelved = iter(shelf)
    found = [_address(piece, shelved) for piece in re.split("[,;]", flat)[:_MAX_ADDRESSES]]
    return tuple(address for address in found if address is not None)


def _split(text: str, separators: str, most: int) -> list[str]:
    """Cut at the separators that stand outside quotes, comments and angle brackets, into at most `most` pieces."""
    pieces: list[str] = []
    start = depth = 0
    quoted = angle = escaped = False
    for index, char in enumerate(text):
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = True
        elif char == '"':
            quoted = not quoted
        elif quoted:
            continue
        elif char in "()":
            depth = max(0, depth + (1 if char == "(" else -1))
        elif char in "<>":
            angle = char == "<"
        elif char in separators and not depth and not angle:
            pieces.append(text[start:index])
            start = index + 1
            if len(pieces) >= most:
                return pieces
    pieces.append(text[start:])
    return pieces


def _shelve(text: str) -> tuple[str, list[str]]:
    """Put a sign in the place of each quoted string and each comment, and return what was there, in its order; one pass."""
    flat: list[str] = []
    shelf: list[list[str]] = []
    depth, quoted = 0, False
    for piece in _TOKEN.findall(_CONTROL.sub("\x00", text)):
        if depth or quoted:
            depth += 0 if quoted else (piece == "(") - (piece == ")")
            quoted = quoted and piece != '"'
            if depth or quoted:
                shelf[-1].append(piece.removeprefix("\\"))
        elif piece in {'"', "("}:
            depth, quoted = int(piece == "("), piece == '"'
            shelf.append([])
            flat.append(_QUOTED if quoted else _COMMENTED)
        else:
            flat.append(piece)
    return "".join(flat), ["".join(pieces) for pieces in shelf]


def _address(piece: str, shelved: Iterator[str]) -> Address | None:
    """Return the one address of an entry, or None when there is none or more than one; `shelved` is what `_shelve` put away."""
    texts: dict[str, list[str]] = {_QUOTED: [], _COMMENTED: []}
    for sign in re.findall(f"[{_QUOTED}{_COMMENTED}]", piece):
        texts[sign].append(next(shelved))
    before, opened, rest = piece.replace(_COMMENTED, " ").partition("<")
    inside, closed, after = rest.partition(">")
    group, colon, member = before.partition(":")
    if colon and "@" not in group and group.strip().lower() != "mailto":
        before = member
    stray = [word for word in f"{before} {after}".split() if "@" in word] if opened else []
    name = re.sub(_QUOTED, lambda _: texts[_QUOTED].pop(0), before) if opened else " ".join(texts[_COMMENTED])
    addr = _MAILTO.sub("", (inside if opened else before).strip())
    if bool(opened) != bool(closed) or set(after) & set("<>") or not _ADDR_SPEC.fullmatch(addr):
        return None
    if any(word.lower() != addr.lower() for word in stray):
        return None
    return Address(name=clean(decode_words(clean(name)), 200).strip("\"' "), addr_spec=addr)
