"""The text of a mail that Outlook keeps as compressed RTF only (MS-OXRTFCP): unpacked, as far as it is whole.

Called by `parsing/outlook.py`, in a child process.
"""

from __future__ import annotations

from parsing.documents.rtf import rtf_text

_DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArial"
    b"Times New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
"""With which every compressed text begins (MS-OXRTFCP, 2.1.2.1)."""
_WINDOW = 4096
_MOST = 4 * 2**20
_COMPRESSED, _PLAIN = b"LZFu", b"MELA"


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
