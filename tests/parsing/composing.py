"""Mails and files made octet by octet, so that a test shows exactly what a mail program would send."""

from __future__ import annotations

import struct
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from time import process_time
from zlib import crc32

from mails import cv
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from parsing.context import Context
from parsing.offer import parse_offer

LEA = "Léa Morin <lea.morin@example.net>"
CAMILLE, DOMINIQUE = "camille@example.org", "dominique@example.org"
BACKEND = parse_offer(
    b"---\ntitle: D\xc3\xa9veloppeuse ou d\xc3\xa9veloppeur backend\nopen: true\n---\n"
    b"Envoyez votre CV \xc3\xa0 camille@example.org et dominique@example.org.\n",
    "backend.md",
)
CONTEXT = Context(
    offers=(BACKEND,),
    our_addresses=frozenset({CAMILLE, DOMINIQUE, "recrutement@example.org"}),
    recruiters=frozenset({CAMILLE, DOMINIQUE}),
    authserv_id="mx.example.org",
)
APPLYING = "Bonjour,\n\nJe vous adresse ma candidature au poste de backend. Vous trouverez mon CV en pièce jointe.\n\nLéa Morin\n"
CV = ("CV Léa Morin.pdf", cv())

File = tuple[str, bytes]


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Fail when the block uses more processor time, whatever else the machine has to do."""
    begin = process_time()
    yield
    used = process_time() - begin
    assert used <= seconds, f"{used:.1f} s of processor time instead of at most {seconds} s"


def eml(
    text: str = APPLYING,
    *,
    sender: str | None = LEA,
    files: Iterable[File] = (),
    html: str | None = None,
    parts: Iterable[str | bytes] = (),
    subtype: str = "mixed",
    top: Iterable[str] = (),
    **fields: str | None,
) -> bytes:
    """Return a mail: `text`, its `html` alternative, `files` by name, raw MIME `parts`; `top` holds lines above all fields.

    Fields come in any case with underscores for hyphens; None leaves one of the usual ones out.
    """
    usual: dict[str, str | None] = {
        "from": sender,
        "to": f"{CAMILLE}, {DOMINIQUE}",
        "subject": "Candidature backend",
        "date": "Mon, 23 Nov 2026 09:00:00 +0100",
        "message-id": "<1@example.net>",
    }
    usual.update({name.replace("_", "-"): value for name, value in fields.items()})
    lines = [*top, *(f"{name.title()}: {value}" for name, value in usual.items() if value is not None)]
    pieces = [_text_part(text, html), *(piece if isinstance(piece, bytes) else piece.encode() for piece in parts)]
    pieces += [file_part(name, content) for name, content in files]
    header = "\r\n".join([*lines, "MIME-Version: 1.0"]).encode() + b"\r\n"
    if len(pieces) == 1 and subtype == "mixed":
        return header + pieces[0]
    return header + multipart(subtype, pieces)


def multipart(subtype: str, pieces: Sequence[bytes]) -> bytes:
    """Return a multipart entity from its Content-Type on; the boundary occurs nowhere inside."""
    boundary = f"=_{crc32(b''.join(pieces)):08x}"
    head = f'Content-Type: multipart/{subtype}; boundary="{boundary}"\r\n\r\n'.encode()
    edge = f"--{boundary}".encode()
    return head + b"".join(edge + b"\r\n" + piece + b"\r\n" for piece in pieces) + edge + b"--\r\n"


def _text_part(text: str, html: str | None) -> bytes:
    plain = text_part("plain", text)
    return plain if html is None else multipart("alternative", (plain, text_part("html", html)))


def text_part(subtype: str, text: str) -> bytes:
    body = text.replace("\n", "\r\n").encode()
    return f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n".encode() + body


def file_part(name: str, content: bytes, media_type: str = "application/octet-stream", *more: str) -> bytes:
    """Return an attachment; `more` are further header lines."""
    lines = (f"Content-Type: {media_type}", "Content-Transfer-Encoding: base64", *more)
    disposition = f'Content-Disposition: attachment; filename="{name}"'
    return "\r\n".join((*lines, disposition)).encode() + b"\r\n\r\n" + b64encode(content)


def pdf(*lines: str, password: str | None = None, owner: str | None = None) -> bytes:
    """Return a one-page PDF with these lines; `password` is asked for on opening, `owner` only for changing."""
    file = BytesIO()
    locked = StandardEncryption(password or "", ownerPassword=owner or password) if password or owner else None
    page = Canvas(file, invariant=True, encrypt=locked)
    for number, line in enumerate(lines):
        page.drawString(72, 780 - 18 * number, line)
    page.showPage()
    page.save()
    return file.getvalue()


@cache
def png(octets: int = 30_000) -> bytes:
    """Return octets that begin as a PNG picture does."""
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * octets


def winmail(*files: File) -> bytes:
    """Return Outlook's winmail.dat with these files (MS-OXTNEF, 2.1)."""
    out = struct.pack("<IH", 0x223E9F78, 1)
    out += _attribute(1, 0x00089006, struct.pack("<I", 0x00010000))
    for name, content in files:
        out += _attribute(2, 0x00069002, struct.pack("<HIHHI", 1, 0xFFFFFFFF, 0, 0, 0))
        out += _attribute(2, 0x00018010, name.encode("cp1252") + b"\x00")
        out += _attribute(2, 0x0006800F, content)
    return out


def tnef(message_class: str) -> bytes:
    """Return Outlook's winmail.dat that says nothing but the class of its message (MS-OXTNEF, 2.1.3.3)."""
    head = struct.pack("<IH", 0x223E9F78, 1) + _attribute(1, 0x00089006, struct.pack("<I", 0x00010000))
    return head + _attribute(1, 0x00078008, message_class.encode() + b"\x00")


def _attribute(level: int, number: int, data: bytes) -> bytes:
    return struct.pack("<BII", level, number, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)
