"""Strangers' words made harmless before they may stand in a mail of ours.

Everything that a mail or a file name says is hostile: it may carry control characters that end a header, encoded words that
Python before 3.11.10 decodes into new header fields (CVE-2024-6923), directions that turn a line round, or an advertisement
that somebody wants us to deliver. Composers pass every such value through one of these functions.
"""

from __future__ import annotations

import re
import unicodedata

_NEVER = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_NAME_PUNCTUATION = frozenset(" -'’.")
_URL_LIKE = re.compile(r"www|http|://|@|\.[a-z]{2,}", re.IGNORECASE)
_ENCODED_WORD = re.compile(r"=+\?|\?+=")
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,253}")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,250}>")
_FILE_NAME = re.compile(r"(?P<stem>[\w \-'’().,+&]+)\.(?P<extension>[A-Za-z0-9]{1,5})")
_MARKS_IN_A_ROW = 3
_MOST_DIGITS = 8
"""A date has eight; a telephone number has more."""
_EXTENSIONS = frozenset(
    "pdf doc docx docm odt rtf txt md tex html htm pages jpg jpeg png gif tif tiff webp heic zip 7z rar ppt pptx odp xls xlsx ods".split()
)
"""Of what people apply with; others might make a name look like a host, which mail programs turn into a link."""


def clean_line(value: str, limit: int) -> str:
    """Return `value` as one harmless line of at most `limit` characters, fit for a header (RFC 5322, 2.2)."""
    previous = None
    while previous != value:  # removing "=?" from "==??" would leave a new one
        previous, value = value, _ENCODED_WORD.sub("", value)
    kept: list[str] = []
    marks = 0
    for character in unicodedata.normalize("NFC", value[: limit * 8]):
        category = unicodedata.category(character)
        marks = marks + 1 if category.startswith("M") else 0
        if marks <= _MARKS_IN_A_ROW:
            kept.append(" " if category in _NEVER else character)
    return _ENCODED_WORD.sub("", shorten(" ".join("".join(kept).split()), limit))


def clean_text(value: str, limit: int) -> str:
    """Return `value` as harmless lines of at most `limit` characters in all, line ends kept, never two empty lines in a row."""
    lines = [clean_line(line, limit) for line in value[: limit * 8].splitlines()]
    text = "\n".join(line for number, line in enumerate(lines) if line or (number and lines[number - 1])).strip()
    return shorten(text, limit)


def clean_name(value: str | None) -> str | None:
    """Return a person's name fit for a greeting, or None when it is anything else than a name.

    Only letters, marks, spaces and `-'.`; at most 60 characters; nothing like an address: our server must not carry
    somebody's advertisement to strangers.
    """
    name = clean_line(value or "", 61)
    legal = all(character in _NAME_PUNCTUATION or unicodedata.category(character)[0] in "LM" for character in name)
    if not name or len(name) > 60 or not legal or _URL_LIKE.search(name) or not any(character.isalpha() for character in name):
        return None
    return name


def clean_file_name(value: str) -> str | None:
    """Return a file name fit for a mail to its own sender, or None when it looks like anything but a file name."""
    name = clean_line(value, 81)
    parts = _FILE_NAME.fullmatch(name)
    known = parts is not None and parts["extension"].lower() in _EXTENSIONS
    if parts is None or not known or sum(map(str.isdigit, name)) > _MOST_DIGITS or len(name) > 80 or _URL_LIKE.search(parts["stem"]):
        return None
    return name


def mailable_address(value: str) -> str | None:
    """Return the addr-spec ready for SMTP without SMTPUTF8 (RFC 5321, 4.1.2; RFC 5891 for the domain), or None."""
    local, _, domain = value.strip().rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    address = f"{local}@{ascii_domain}"
    return address if _ADDRESS.fullmatch(address) else None


def thread_id(value: str | None) -> str | None:
    """Return a stranger's Message-ID if it is well-formed enough to be repeated in a header (RFC 5322, 3.6.4), else None."""
    return value if value is not None and _MESSAGE_ID.fullmatch(value) and "=?" not in value else None


def shorten(text: str, limit: int) -> str:
    """Return at most `limit` characters, cut at a word where possible and ended with an ellipsis."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    return (cut.rsplit(None, 1)[0] if " " in cut[limit // 2 :] else cut).rstrip() + "…"
