"""PowerPoint files (ECMA-376): the text of each slide, a page each, in the order of its shapes. Notes and hidden slides are left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from parsing.documents.archive import MAX_DEPTH, Archive, local, value
from parsing.documents.document import MAX_PAGES, Reading, Tools, Unreadable
from parsing.documents.tables import row_of

_SLIDE = re.compile(r"ppt/slides/slide(\d{1,4})\.xml")


def read_pptx(data: bytes, tools: Tools) -> Reading:  # noqa: ARG001 - the signature of every reader
    """Read slides in the order of their numbers."""
    archive = Archive(data)
    names = sorted((int(match[1]), match[0]) for name in archive.names if (match := _SLIDE.fullmatch(name)))
    if not names:
        raise Unreadable
    texts: list[str] = []
    links: list[str] = []
    for number, name in names[:MAX_PAGES]:
        root = archive.xml(name)
        if root is None or value(root, "show") == "0":
            texts.append("")  # so that the next one keeps its number
            continue
        texts.append("\n".join(_blocks(root, 0)))
        relations = archive.xml(f"ppt/slides/_rels/slide{number}.xml.rels")
        links += [] if relations is None else [r.get("Target", "") for r in relations if r.get("TargetMode") == "External"]
    return Reading(tuple(texts) or ("",), len(names), tuple(links))


def _blocks(node: Element, depth: int) -> Iterator[str]:
    """Yield the paragraphs and table rows below `node`; raises Unreadable when nested too deep."""
    if depth > MAX_DEPTH:
        raise Unreadable
    for child in node:
        name = local(child)
        if name == "p":
            yield "".join("\n" if local(run) == "br" else run.text or "" for run in child.iter() if local(run) in {"t", "br"})
        elif name == "tr":
            yield row_of([list(_blocks(cell, depth + 1)) for cell in child if local(cell) == "tc"])
        elif name == "AlternateContent":
            yield from _blocks(child[0], depth + 1) if len(child) else ()
        else:
            yield from _blocks(child, depth + 1)
