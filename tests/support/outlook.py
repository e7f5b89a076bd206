"""Writes Outlook's `.msg` files: a compound file (MS-CFB, version 3) and the streams that MS-OXMSG puts into it."""

from __future__ import annotations

import struct
from datetime import UTC, datetime
from typing import Any

_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_SECTOR, _MINI, _CUTOFF = 512, 64, 4096
Tree = dict[str, Any]
"""Names to octets or to further trees."""


def compound(tree: Tree) -> bytes:
    """Return a compound file with these storages and streams."""
    entries: list[dict[str, Any]] = [{"name": "Root Entry", "kind": 5, "octets": b"", "child": _FREE, "left": _FREE, "right": _FREE}]
    entries[0]["child"] = _directory(tree, entries)
    sectors: list[bytes] = []
    fat: list[int] = []
    mini, mini_fat = b"", []

    def store(octets: bytes) -> int:
        first = len(sectors)
        pieces = [octets[start : start + _SECTOR].ljust(_SECTOR, b"\x00") for start in range(0, len(octets), _SECTOR)]
        if not pieces:
            return _END
        sectors.extend(pieces)
        fat.extend([*range(first + 1, first + len(pieces)), _END])
        return first

    for entry in entries[1:]:
        octets = entry["octets"]
        entry["start"] = _END
        if entry["kind"] == 2 and 0 < len(octets) < _CUTOFF:
            entry["start"] = len(mini) // _MINI
            count = -(-len(octets) // _MINI)
            mini_fat.extend([*range(entry["start"] + 1, entry["start"] + count), _END])
            mini += octets.ljust(count * _MINI, b"\x00")
        elif entry["kind"] == 2:
            entry["start"] = store(octets)
    entries[0]["start"], entries[0]["octets"] = store(mini), mini
    packed_mini = struct.pack(f"<{len(mini_fat)}I", *mini_fat)
    mini_start = store(packed_mini.ljust(-(-len(packed_mini) // _SECTOR) * _SECTOR, b"\xff"))
    directory = b"".join(map(_entry, entries))
    directory_start = store(directory.ljust(-(-len(directory) // _SECTOR) * _SECTOR, b"\x00"))
    count = 1
    while -(-(len(fat) + count) // 128) > count:
        count += 1
    first_fat = len(sectors)
    fat.extend([_FAT] * count)
    packed = struct.pack(f"<{len(fat)}I", *fat).ljust(count * _SECTOR, b"\xff")
    assert count <= 109, "larger files need a DIFAT"
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        0x3E, 3, 0xFFFE, 9, 6, 0, count, directory_start, 0, _CUTOFF, mini_start, -(-len(packed_mini) // _SECTOR), _END, 0,

    )  # fmt: skip
    places = [*range(first_fat, first_fat + count)] + [_FREE] * (109 - count)
    return (header + struct.pack("<109I", *places)).ljust(_SECTOR, b"\x00") + b"".join(sectors) + packed


def _directory(tree: Tree, entries: list[dict[str, Any]]) -> int:
    numbers = []
    for name, held in sorted(tree.items(), key=lambda item: (len(item[0]), item[0].upper())):
        numbers.append(len(entries))
        kind = 1 if isinstance(held, dict) else 2
        octets = b"" if kind == 1 else held
        entries.append({"name": name, "kind": kind, "octets": octets, "child": _FREE, "left": _FREE, "right": _FREE})
        if kind == 1:
            entries[numbers[-1]]["child"] = _directory(held, entries)
    return _balanced(numbers, entries)


def _balanced(numbers: list[int], entries: list[dict[str, Any]]) -> int:
    if not numbers:
        return _FREE
    middle = len(numbers) // 2
    entry = entries[numbers[middle]]
    entry["left"], entry["right"] = _balanced(numbers[:middle], entries), _balanced(numbers[middle + 1 :], entries)
    return numbers[middle]


def _entry(entry: dict[str, Any]) -> bytes:
    name = entry["name"].encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16xI8x8xIQ",
        name, len(name) + 2, entry["kind"], 1, entry["left"], entry["right"], entry["child"], 0, entry["start"], len(entry["octets"]),
    )  # fmt: skip


def _properties(
    size: int, texts: dict[int, str], binaries: dict[int, bytes], numbers: dict[int, int], times: dict[int, datetime], codec: str | None
) -> Tree:
    kind = 0x1E if codec else 0x1F
    tree: Tree = {f"__substg1.0_{number:04X}{kind:04X}": text.encode(codec or "utf-16-le") for number, text in texts.items()}
    tree |= {f"__substg1.0_{number:04X}0102": octets for number, octets in binaries.items()}
    rows = [(number << 16 | kind, len(text)) for number, text in texts.items()]
    rows += [(number << 16 | 0x102, len(octets)) for number, octets in binaries.items()]
    rows += [(number << 16 | 3, value) for number, value in numbers.items()]
    rows += [
        (number << 16 | 0x40, int((value - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()) * 10**7) for number, value in times.items()
    ]
    tree["__properties_version1.0"] = bytes(size) + b"".join(struct.pack("<IIQ", tag, 6, value) for tag, value in rows)
    return tree


def msg(
    *,
    sender: tuple[str, str] = ("Léa Morin", "lea.morin@example.net"),
    to: tuple[tuple[str, str], ...] = (("Camille", "camille@example.org"),),
    subject: str = "Candidature backend",
    text: str | None = "Bonjour,\r\n\r\nVous trouverez mon CV en pièce jointe.\r\n\r\nLéa Morin\r\n",
    html: bytes | None = None,
    rtf: bytes | None = None,
    transport: str = "",
    message_id: str = "<1@example.net>",
    kind: str = "IPM.Note",
    sent: datetime = datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
    attachments: tuple[tuple[str, bytes | Tree], ...] = (),
    more: dict[int, str] | None = None,
    codec: str | None = None,
    code_page: int = 0,
    inside: bool = False,
) -> Tree:
    """Return the tree of a message; `compound` makes a file of it. A tree as attachment is a message in the message."""
    texts = {0x1A: kind, 0x37: subject, 0x42: sender[0], 0x1035: message_id, 0x7D: transport, 0x1000: text, **(more or {})}
    addresses = {0x5D02: sender[1]} if "@" in sender[1] else {0x0065: sender[1], 0x0064: "EX"}
    binaries = {0x1013: html, 0x1009: rtf}
    tree = _properties(
        24 if inside else 32,
        {number: said for number, said in (texts | addresses).items() if said},
        {number: octets for number, octets in binaries.items() if octets},
        {0x3FFD: code_page, 0x3FDE: code_page} if code_page else {},
        {0x39: sent, 0x0E06: sent},
        codec,
    )
    for number, (name, address) in enumerate(to):
        tree[f"__recip_version1.0_#{number:08X}"] = _properties(8, {0x3001: name, 0x39FE: address}, {}, {0x0C15: 1}, {}, codec)
    for number, (name, held) in enumerate(attachments):
        octets = {} if isinstance(held, dict) else {0x3701: held}
        inner = _properties(8, {0x3707: name, 0x3001: name}, octets, {0x3705: 1 if octets else 5}, {}, codec)
        if isinstance(held, dict):
            inner["__substg1.0_3701000D"] = held
        tree[f"__attach_version1.0_#{number:08X}"] = inner
    return tree
