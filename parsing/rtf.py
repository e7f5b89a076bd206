"""The text of a mail that Outlook keeps as compressed RTF only (MS-OXRTFCP): unpacked and freed from its marks, nothing more.

Called by `parsing/outlook.py`, in a child process.
"""

from __future__ import annotations

import re

from parsing.header import decode_bytes

_DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArial"
    b"Times New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
"""With which every compressed text begins (MS-OXRTFCP, 2.1.2.1)."""
_WINDOW = 4096
_MOST = 4 * 2**20
_COMPRESSED, _PLAIN = b"LZFu", b"MELA"
_TOKEN = re.compile(r"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z\r\n])|([{}])|[\r\n]+|([^\\{}\r\n]+)|\\")
_SILENT = {"fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "header", "footer", "htmltag", "filetbl", "listtable"}
_SIGNS = {"par": "\n", "line": "\n", "tab": "\t", "cell": "\t", "row": "\n", "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’"}
_SIGNS |= {sign: sign for sign in "\\{}"} | {"~": " "}
_MAX_DEPTH = 200


def read_compressed(octets: bytes) -> str:
    """Return the text of a compressed RTF body; nothing when it cannot be read. Never raises."""
    return rtf_text(decompress(octets).decode("latin-1"))


def decompress(octets: bytes) -> bytes:
    """Return the RTF behind its header of 16 octets, as far as it can be read (MS-OXRTFCP, 2.1.3.1), at most 4 MB."""
    kind, source = octets[8:12], octets[16:]
    if kind == _PLAIN:
        return source[:_MOST]
    if kind != _COMPRESSED:
        return b""
    window = bytearray(_DICTIONARY.ljust(_WINDOW, b" "))
    write, read = len(_DICTIONARY), 0
    out = bytearray()
    while read < len(source) and len(out) < _MOST:
        control, read = source[read], read + 1
        for bit in range(8):
            if control >> bit & 1:
                pair = int.from_bytes(source[read : read + 2], "big")
                place, length, read = pair >> 4, (pair & 15) + 2, read + 2
                if place == write or read > len(source):
                    return bytes(out)
                for step in range(length):  # one by one: what is written may be what is read next
                    letter = window[(place + step) % _WINDOW]
                    out.append(letter)
                    window[write], write = letter, (write + 1) % _WINDOW
            elif read < len(source):
                out.append(source[read])
                window[write] = source[read]
                write, read = (write + 1) % _WINDOW, read + 1
    return bytes(out)


def rtf_text(rtf: str) -> str:
    """Return the text of RTF: groups that show nothing left out, escaped letters read in their code page."""
    found = re.search(r"\\ansicpg(\d{3,5})", rtf[:2000])
    codec = f"cp{found[1]}" if found else "cp1252"
    out: list[str] = []
    octets = bytearray()
    silent = [False]
    """Of each open group, whether it shows nothing."""
    doubled = hidden = False
    for word, number, octet, sign, brace, text in _TOKEN.findall(rtf):
        if octets and not octet:
            out.append(decode_bytes(bytes(octets), codec))
            octets.clear()
        if brace:
            silent = [*silent, silent[-1]][:_MAX_DEPTH] if brace == "{" else silent[:-1] or [False]
        elif word in _SILENT or sign == "*":
            silent[-1] = True
        elif word == "htmlrtf":
            hidden = number != "0"
        elif silent[-1] or hidden:
            continue
        elif octet and not doubled:
            octets.append(int(octet, 16))
        elif not octet:
            out.append(_SIGNS.get(word or sign, "") or (text[doubled:] if text else ""))
        if word == "u" and number:
            out.append(chr(int(number) % 65536))
        doubled = word == "u" and bool(number)  # the next letter says the same for old programs
    out.append(decode_bytes(bytes(octets), codec))
    return "".join(out).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
