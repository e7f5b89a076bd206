"""Characters that fonts and typesetters leave behind, made into plain text again."""

from __future__ import annotations

import re
import unicodedata

_LIGATURES = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
_DROPPED = dict.fromkeys([0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xFFFD, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_SPACES = dict.fromkeys([0x0B, 0x0C, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], " ")
_TABLE = {**_LIGATURES, **_DROPPED, **_SPACES, 0x2028: "\n", 0x2029: "\n"}

_SPELLED = {chr(code): sign or "" for code, sign in _TABLE.items()}
_UNUSUAL = re.compile(f"[{re.escape(''.join(_SPELLED))}]")
_BLANKS, _TABS, _EMPTY = re.compile(" {2,}"), re.compile(r" ?\t[ \t]*"), re.compile(r"\n{3,}")
_DIVIDED = re.compile("([^\\s\ufffe\x02]{0,200})[\ufffe\x02]\\s*(\\S?)")
"""Where pdfium found a word divided at a line's end; it says so of every hyphen that stands there."""
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]|\\(cid:\\d{1,6}\\)")
"""Icon fonts, and glyphs that pdfminer.six cannot name."""
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
ACCENTS = {
    "´": "\u0301",
    "`": "\u0300",
    "ˋ": "\u0300",
    "¨": "\u0308",
    "ˆ": "\u0302",
    "˜": "\u0303",
    "¸": "\u0327",
    "ˇ": "\u030c",
    "˚": "\u030a",
}
"""Accents as signs of their own, and the combining marks that they mean."""
_LOOSE = re.compile(r"([´`ˋ¨ˆ˜ˇ˚])[ ]?([A-Za-zı])|([cCsS])(¸)")
"""Accents that TeX's old fonts set as a glyph of their own, before the letter (after it for the cedilla)."""


def tidy(text: str) -> str:
    """Return `text` in NFC with ligatures spelled out, accents on their letters, no control or icon characters, no blank runs of lines."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\ufffe" in text or "\x02" in text:
        text = _DIVIDED.sub(_join, text)
    text = _CONTROL.sub("", _PRIVATE.sub(" ", _UNUSUAL.sub(_spelled, text)))
    text = unicodedata.normalize("NFC", _LOOSE.sub(_compose, text))
    # a lone surrogate cannot be stored or sent as UTF-8
    text = text.encode("utf-8", "replace").decode("utf-8")
    text = _TABS.sub("\t", _BLANKS.sub(" ", text))
    return _EMPTY.sub("\n\n", "\n".join([line.strip() for line in text.split("\n")])).strip()


def _spelled(match: re.Match[str]) -> str:
    return _SPELLED[match[0]]


def _join(match: re.Match[str]) -> str:
    """Put a divided word together; addresses, numbers and double names keep the hyphen."""
    before, after = match[1], match[2]
    kept = not after.islower() or any(sign in before for sign in "/@.-") or not before[-1:].isalpha()
    return f"{before}{'-' if kept else ''}{after}"


def _compose(match: re.Match[str]) -> str:
    """Put one loose accent on its letter, or leave both where Unicode knows no such letter."""
    accent, letter = (match[1], match[2]) if match[1] else (match[4], match[3])
    letter = "i" if letter == "ı" else letter
    composed = unicodedata.normalize("NFC", letter + ACCENTS[accent])
    return composed if len(composed) == 1 else match[0]
