"""What a server says of a message's structure (BODYSTRUCTURE, RFC 9051, 7.5.2) as the leaves that `parsing/glance.py` looks at.

Mailers and servers get it wrong in many ways; what is not understood gives no leaves, and then the body is read.
"""

from __future__ import annotations

from typing import Any

from parsing.glance import Leaf
from parsing.header import clean, decode_bytes, decode_words

_MOST_LEAVES, _DEEPEST = 200, 30


def leaves_of(structure: Any) -> tuple[Leaf, ...]:
    """Return the leaves in their order; none when `structure` (as imapclient hands it over) is not wholly understood."""
    leaves: list[Leaf] = []
    try:
        whole = _walk(structure, leaves, 0)
    except (TypeError, ValueError, LookupError, AttributeError):
        return ()
    return tuple(leaves) if whole else ()


def _walk(node: Any, leaves: list[Leaf], depth: int) -> bool:
    if depth > _DEEPEST or len(leaves) >= _MOST_LEAVES:
        return False
    if isinstance(node[0], list):
        return bool(node[0]) and all(_walk(child, leaves, depth + 1) for child in node[0])
    media_type = f"{_text(node[0])}/{_text(node[1])}".lower()
    parameters = _pairs(node[2])
    disposition, described = "", {}
    for item in node[7:]:  # where it stands depends on the type, and servers differ
        if isinstance(item, tuple) and len(item) == 2 and isinstance(item[0], bytes) and (item[1] is None or isinstance(item[1], tuple)):
            disposition, described = _text(item[0]).lower(), _pairs(item[1])
            break
    filename = next((value for key, value in (*described.items(), *parameters.items()) if key.startswith(("filename", "name"))), "")
    leaves.append(Leaf(media_type=media_type, filename=filename, disposition=disposition, size=int(node[6] or 0)))
    return True


def _pairs(items: Any) -> dict[str, str]:
    found = items or ()
    return {_text(found[index]).lower(): _text(found[index + 1]) for index in range(0, len(found) - 1, 2)}


def _text(value: Any) -> str:
    return clean(decode_words(decode_bytes(value if isinstance(value, bytes) else str(value).encode())))
