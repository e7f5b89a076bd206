"""Plain text in any charset, and web pages sent as a CV."""

from __future__ import annotations

import codecs
import re
from html import unescape

import charset_normalizer
from inscriptis import get_text  # type: ignore[import-untyped]
from lxml.etree import iterwalk  # type: ignore[import-untyped]
from lxml.html import HtmlElement, fromstring, tostring  # type: ignore[import-untyped]

from parsing.documents.document import MAX_CHARACTERS, Problem, Reading, Tools, Unreadable
from parsing.documents.media_type import wide_charset

_WESTERN = ("cp1252", "iso8859_15", "mac_roman", "cp850")
"""One-octet charsets that people who write French or English have used; told apart by the letters they give."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""UTF-32's mark begins like that of UTF-16, and so comes first."""
_FAMILIAR = frozenset("éèêëàâäîïôöùûüçœæñíóáúßÉÈÊÀÂÎÔÙÛÇŒ’‘“”«»–—•…€° \n\t")
_META = re.compile(rb"(?i)<meta[^>]+charset\s*=\s*[\"']?\s*([a-z0-9_:.\-]{2,40})")
_XML = re.compile(rb"(?i)^\s*<\?xml[^>]+encoding\s*=\s*[\"']([a-z0-9_:.\-]{2,40})")
_HREF = re.compile(r"(?i)<a\b[^<>]{0,1000}?\bhref\s*=\s*(?:\"([^\"]{1,2000})\"|'([^']{1,2000})'|([^\s\"'>]{1,2000}))")
_MAX_HTML = 5_000_000
_MAY_HIDE = re.compile(r"(?i)hidden|display|opacity|font-size|color|<template|<title")
_HIDES = re.compile(
    r"(?i)(?:^|;)\s{0,9}(?:display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}hidden|opacity\s{0,9}:\s{0,9}0?\.?0{1,9}\s{0,9}(?:;|$)"
    r"|font-size\s{0,9}:\s{0,9}[0-3](?:\.\d{1,9})?(?:px|pt)?\s{0,9}(?:!|;|$))"
)
_WHITE = re.compile(
    r"(?i)(?:^|;)\s{0,9}color\s{0,9}:\s{0,9}(?:white|#fff(?:fff)?|rgb\(\s{0,9}255\s{0,9},\s{0,9}255\s{0,9},\s{0,9}255\s{0,9}\))"
)
_PAINTED = re.compile(r"(?i)background|bgcolor|<img")
"""What may be dark behind white letters."""


def decode(data: bytes, declared: str | None = None) -> str:
    """Return the text of `data`: byte order mark, `declared` charset, UTF-8, else the likeliest Western charset. Never raises."""
    for mark, charset in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(charset, "replace")
    wide = wide_charset(data[:4096])
    if wide:
        return data.decode(wide, "replace")
    charsets = ["utf-8", declared] if declared else ["utf-8"]
    for charset in charsets:
        try:
            return data.decode(charset)
        except (LookupError, UnicodeError, ValueError):
            continue
    texts = [data.decode(charset, "replace") for charset in _WESTERN]
    likeliest = max(texts, key=_familiarity)
    if _familiarity(likeliest) > 0:
        return likeliest
    sample = charset_normalizer.from_bytes(data[:65_536]).best()
    return data.decode(sample.encoding if sample else "cp1252", "replace")


def _familiarity(text: str) -> int:
    """Count the accented letters and signs of French and English, less what stands in neither."""
    return sum(1 if sign in _FAMILIAR else -1 for sign in text[:65_536] if ord(sign) > 127)


def read_text(data: bytes, tools: Tools) -> Reading:  # noqa: ARG001 - the signature of every reader
    """Read plain text."""
    return Reading((decode(data[: 4 * MAX_CHARACTERS]),))


def read_html(data: bytes, tools: Tools) -> Reading:  # noqa: ARG001 - the signature of every reader
    """Read a web page as a person sees it; raises Unreadable (`too_large`) above 5 MB."""
    if len(data) > _MAX_HTML:
        raise Unreadable(Problem.TOO_LARGE)
    said = _META.search(data[:4096]) or _XML.search(data[:4096])
    page = decode(data, said[1].decode("ascii") if said else None).replace("\x00", "")
    # lxml refuses text that carries an encoding declaration
    page = re.sub(r"^\s*<\?xml[^>]*\?>", "", page)
    page, hidden = _seen(page) if page.strip() and _MAY_HIDE.search(page) else (page, "")
    links = tuple(unescape(match[1] or match[2] or match[3]).strip() for match in _HREF.finditer(page))
    problems = (Problem.HIDDEN_TEXT,) if hidden else ()
    return Reading((get_text(page) if page.strip() else "",), links=links, problems=problems, hidden=hidden)


def _seen(page: str) -> tuple[str, str]:
    """Return a web page without what its own marks hide from people, and the words of that; style sheets are not followed."""
    root = fromstring(page)
    white = not _PAINTED.search(page)
    unseen: list[HtmlElement] = []
    hidden: list[str] = []
    walk = iterwalk(root, events=("start",))
    for _, node in walk:
        if isinstance(node.tag, str) and _is_unseen(node, white_is_hidden=white):
            unseen.append(node)
            walk.skip_subtree()
    for node in unseen:
        if node is not root and node.getparent() is not None:
            if node.tag not in {"title", "template"}:
                hidden.append(" ".join(node.text_content().split()))
            node.drop_tree()
    return tostring(root, encoding="unicode"), "\n".join(filter(None, hidden))


def _is_unseen(node: HtmlElement, *, white_is_hidden: bool) -> bool:
    style, color = node.get("style") or "", node.get("color") or ""
    white = white_is_hidden and (_WHITE.search(style) or _WHITE.search(f"color:{color}"))
    return node.tag in {"title", "template"} or node.get("hidden") is not None or bool(_HIDES.search(style) or white)
