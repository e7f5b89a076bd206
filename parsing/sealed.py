"""Signed and encrypted mail: what is signed is read as the mail inside, what is encrypted is named and nothing is made up.

S/MIME puts a signed mail whole into one file (RFC 8551, 3.5.2); PGP may sign the text itself (RFC 9580, 7). Signatures are not checked: who
wrote is what our provider says (`parsing/authentication.py`). Called by `parsing/message.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from asn1crypto import cms  # type: ignore[import-untyped]

from parsing.mime import Part, read_parts, split_section

ENCRYPTED = "encrypted"
"""The problem of a mail that only its addressee's key opens."""
_MOST_LAYERS = 3
_SMIME = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_RIGHTS = frozenset({"application/x-microsoft-rpmsg-message"})
_BEGIN_MESSAGE = b"-----BEGIN PGP MESSAGE-----"
_CLEARSIGNED = re.compile(
    rb"^[ \t\r\n]*-----BEGIN PGP SIGNED MESSAGE-----[ \t]*\r?\n(?:[A-Za-z-]{1,40}:[^\r\n]{0,200}\r?\n)*\r?\n(.*?)"
    rb"\r?\n-----BEGIN PGP SIGNATURE-----.*?(?:-----END PGP SIGNATURE-----|\Z)",
    re.DOTALL,
)
_DASHED = re.compile(rb"^- ", re.MULTILINE)


def unseal(parts: Sequence[Part], layer: int = 0) -> tuple[tuple[Part, ...], tuple[str, ...]]:
    """Return the parts with signed ones opened, and the codes of what was found: `encrypted`, and the defects of what was opened."""
    opened: list[Part] = []
    codes: set[str] = set()
    for part in parts:
        if "multipart/encrypted" in part.containers or part.media_type in _RIGHTS:
            codes.add(ENCRYPTED)
            if part.media_type == "application/pgp-encrypted":
                continue  # says `Version: 1` and nothing else (RFC 3156, 4)
        elif part.media_type in _SMIME or (part.filename or "").lower().endswith(".p7m"):
            inner, found = _smime(part, layer)
            opened.extend(inner)
            codes.update(found)
            continue
        elif part.media_type == "text/plain" and b"-----BEGIN PGP" in part.content[:2000]:
            if part.content.lstrip().startswith(_BEGIN_MESSAGE):
                codes.add(ENCRYPTED)
            opened.append(_without_armour(part))
            continue
        opened.append(part)
    return tuple(opened), tuple(sorted(codes))


def _smime(part: Part, layer: int) -> tuple[Sequence[Part], Sequence[str]]:
    """Return what is inside a part of S/MIME; the part itself when it is encrypted or cannot be read."""
    kind, content = _cms(part.content)
    if content is not None and layer < _MOST_LAYERS:
        headers, body = split_section(content)
        if not any(name == "content-type" for name, _ in headers):  # a signed document, as Italian offices send them
            name = re.sub(r"\.p7m$", "", part.filename or "", flags=re.IGNORECASE)
            return (replace(part, content=content, filename=name or None, media_type="application/octet-stream"),), ()
        parts, defects = read_parts(headers, body)
        inner, codes = unseal(list(_inside(parts, part, layer)), layer + 1)
        return inner, (*defects, *codes)
    smime_type = part.parameters.get("smime-type", "").lower()
    sealed = "enveloped" in (kind or smime_type) or "encrypted" in (kind or "")
    return (part,), ((ENCRYPTED,) if sealed or (kind is None and smime_type != "signed-data") else ())


def _inside(parts: Sequence[Part], outer: Part, layer: int) -> Iterator[Part]:
    """Yield the parts of an opened mail, their place in the whole told."""
    for part in parts:
        number = None if part.alternative is None else part.alternative + 1000 * (layer + 1)
        yield replace(part, containers=(*outer.containers, outer.media_type, *part.containers), alternative=number)


def _cms(content: bytes) -> tuple[str | None, bytes | None]:
    """Return the kind of a CMS object, such as `signed_data`, and the octets that were signed when they are in it (RFC 5652, 5.2)."""
    try:
        info = cms.ContentInfo.load(content)
        kind = str(info["content_type"].native)
        if kind != "signed_data":
            return kind, None
        inner = info["content"]["encap_content_info"]["content"].native
        return kind, inner if isinstance(inner, bytes) and inner else None
    except Exception:  # noqa: BLE001 - the decoder raises whatever broken octets lead to; the part is kept
        return None, None


def _without_armour(part: Part) -> Part:
    """Return a text part with what PGP wrote around a signed text taken off."""
    found = _CLEARSIGNED.match(part.content)
    return replace(part, content=_DASHED.sub(b"", found[1]) + part.content[found.end() :]) if found else part
