"""Header octets into text, parameters and addresses, in linear time whatever stands in them.

The standard library's newer policies need quadratic memory or time for hostile headers (CPython issue 136063), and its
older helpers recurse; so the few grammars that mail needs are read here by single passes with caps.
Called by `parsing/mime.py` and `parsing/message.py`.
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
import unicodedata
from collections.abc import Mapping

from parsing.address import Address

_MAX_ADDRESSES = 500
_MAX_PARAMETERS = 100
_FORBIDDEN_CODECS = {"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "utf_7", "utf7", "utf_16", "utf_32"}
"""Codecs that raise in spite of `errors="replace"`, cost quadratic time or turn plain ASCII into something else."""
_MULTI_BYTE = re.compile(r"gb|big5|euc|jis|jp|kr|johab|hz|utf")
_ENCODED_WORD = re.compile(r"=\?([\w.:+-]{1,40})(?:\*[\w-]{0,20})?\?([bBqQ])\?([^?\r\n]*)\?=")
_COMMENT = re.compile(r"\([^()]*\)")
_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")
_BETWEEN_ADDRESSES = re.compile(r"[\s<>\"():,;]+")
_BIDI = {ord(c): None for c in "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"}
"""Invisible marks that turn the reading direction, used to disguise names (`CV_fdp.exe`)."""


def decode_bytes(data: bytes, charset: str | None = None) -> str:
    """Return `data` as text, never raising.

    A declared single-byte charset loses against valid UTF-8: mislabelled UTF-8 is common, the contrary does not happen by chance.
    """
    name = (charset or "").strip().strip("'\"").lower()
    declared = [] if not name or name.replace("-", "_") in _FORBIDDEN_CODECS else [name]
    order = [*declared, "utf-8"] if declared and _MULTI_BYTE.search(name) else ["utf-8", *declared]
    for codec in [*order, "cp1252"]:
        try:
            return data.decode(codec)
        except (LookupError, ValueError):
            continue
    try:
        return data.decode(order[0] if declared and order[0] != "utf-8" else "utf-8", errors="replace")
    except (LookupError, ValueError):
        return data.decode("latin-1")


def clean(text: str, limit: int = 1000) -> str:
    """Return one line: control, format and surrogate characters and line ends become blanks, blanks collapse, cut at `limit` characters."""
    short = text[: limit * 4].translate(_BIDI)
    flat = "".join(" " if unicodedata.category(c) in {"Cc", "Zl", "Zp", "Cs"} else c for c in short)
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
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    try:
        return base64.b64decode(letters + b"=" * (-len(letters) % 4))
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
    """Return the mailboxes of an address list (RFC 5322, 3.4), groups flattened; what is no address at all is left out."""
    text = decode_bytes(raw)
    pieces = _split(text, ",;", _MAX_ADDRESSES)
    if len(pieces) == 1 and text.count("@") > 1 and text.count('"') % 2:  # an open quote swallowed the list
        pieces = text.replace('"', "").split(",")[:_MAX_ADDRESSES]
    found = [_address(piece) for piece in pieces]
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


def _address(piece: str) -> Address | None:
    piece = piece.strip()
    if "<" in piece and ">" in piece:
        name, _, rest = piece.rpartition("<")
        addr = rest.partition(">")[0]
    else:
        comment = _COMMENT.search(piece)
        name = comment.group()[1:-1] if comment else ""
        addr = next((word for word in _BETWEEN_ADDRESSES.split(_COMMENT.sub(" ", piece)) if "@" in word), "")
    addr = re.sub(r"[\s\"]", "", clean(addr, 320)).removeprefix("mailto:")
    if addr.count("@") == 0 or not addr.rpartition("@")[2]:
        return None
    name = decode_words(_unquote(name.strip()))
    return Address(name=clean(name, 200).strip("\"' "), addr_spec=addr)
