"""Octets of a mail into text, whatever charset they claim: labels as mail programs write them, and what to do when one lies.

Where a label names a set that programs fill with a larger one of their own, the larger one is read (as browsers do, WHATWG Encoding, 4.2).
Called through `parsing/header.py`.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

_FORBIDDEN = {"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape", "mbcs", "oem"}
"""Codecs that raise in spite of `errors="replace"`, cost quadratic time, or mean something else on each machine."""
_MULTI_BYTE = re.compile(r"gb|big5|euc|jis|jp|kr|johab|hz|cp9(?:32|49|50)")
_SEVEN_BIT = re.compile(r"utf_7|iso2022|hz")
"""What hides letters in plain ASCII."""
_WIDE = re.compile(r"(?:utf|ucs)_?(?:16|32|2|4)")
_LARGER = {
    **dict.fromkeys(("gb2312", "gb_2312_80", "gbk", "x_gbk", "cp936", "euc_cn", "chinese", "csgb2312"), "gb18030"),
    **dict.fromkeys(("ks_c_5601_1987", "ks_c_5601_1989", "ks_c_5601", "ksc5601", "euc_kr", "x_windows_949", "windows_949"), "cp949"),
    **dict.fromkeys(("shift_jis", "x_sjis", "sjis", "ms_kanji", "windows_31j"), "cp932"),
    **dict.fromkeys(("big5", "x_x_big5", "cn_big5"), "big5hkscs"),
    **dict.fromkeys(("iso_8859_1", "iso8859_1", "latin1", "latin_1", "us_ascii", "ascii", "x_ansi", "ansi_x3.4_1968"), "cp1252"),
    **dict.fromkeys(("iso_8859_9", "iso8859_9", "latin5"), "cp1254"),
    **dict.fromkeys(("tis_620", "iso_8859_11", "windows_874", "dos_874"), "cp874"),
    **dict.fromkeys(("iso_8859_8_i", "iso_8859_8_e", "logical"), "iso8859_8"),
    **dict.fromkeys(("iso_8859_6_i", "iso_8859_6_e"), "iso8859_6"),
    **dict.fromkeys(("x_mac_roman", "x_macroman", "macroman", "mac"), "mac_roman"),
    **dict.fromkeys(("x_mac_cyrillic", "x_mac_ukrainian"), "mac_cyrillic"),
    **dict.fromkeys(("unicode_1_1_utf_7", "x_unicode_2_0_utf_7", "utf7", "csunicode11utf7"), "utf_7"),
    **dict.fromkeys(("iso_10646_ucs_2", "unicode", "csunicode"), "utf_16"),
}
_NUMBERED = re.compile(r"(?:x_)?(?:windows|win|cp|ibm|dos|oem|ansi)_?0*(\d{3,5})")
"""`cp-850`, `windows1252`, `x-cp1250`."""


def decode_bytes(data: bytes, charset: str | None = None) -> str:
    """Return `data` as text, never raising.

    A declared single-byte charset loses against valid UTF-8: mislabelled UTF-8 is common, the contrary does not happen by chance.
    """
    codec = _codec(charset) if charset else None
    if data.isascii() and not (codec and _SEVEN_BIT.search(codec)) and b"\x00" not in data:
        return data.decode("ascii")
    if codec and _WIDE.match(codec):
        codec = _wide(data)
    if codec and codec.startswith(("iso2022", "hz")):
        return data.decode(codec, "replace")  # with a letter that it does not know, the rest is no plain text either
    multi_byte = codec is not None and bool(_MULTI_BYTE.search(codec) or _SEVEN_BIT.search(codec) or _WIDE.match(codec))
    for name in (codec, "utf-8") if multi_byte else ("utf-8", codec):
        try:
            if name is not None:
                return data.decode(name)
        except (LookupError, ValueError):
            continue
    mended = data.decode("utf-8", "replace")
    broken = mended.count("\ufffd")
    if 5 * broken <= len(mended) - len(mended.encode("ascii", "ignore")):
        return mended  # one broken letter must not cost all the others
    return data.decode("cp1252" if codec in {None, "utf_8"} else codec, "replace")


@lru_cache(256)
def _codec(charset: str) -> str | None:
    """Return Python's name of a charset, None for what is no charset or may not be used."""
    name = re.sub(r"[^a-z0-9.]+", "_", charset[:60].lower()).strip("_")
    numbered = _NUMBERED.fullmatch(name)
    name = _LARGER.get(name) or (f"cp{numbered[1]}" if numbered else name)
    try:
        info = codecs.lookup(_LARGER.get(name, name))
    except (LookupError, ValueError):
        return None
    found = info.name.replace("-", "_")
    text = getattr(info, "_is_text_encoding", True)  # base64, zlib, rot13 and the like are none
    return _LARGER.get(found, found) if text and found not in _FORBIDDEN else None


def _wide(data: bytes) -> str | None:
    """Return which of UTF-16 and UTF-32 octets are, by their mark or their zeros; plain ASCII under such a label is common."""
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf_32"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf_16"
    sample = data[:2000]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 5 < len(sample):
        return None
    return "utf_16_be" if even > odd else "utf_16_le"
