"""OpenDocument texts and slides (ISO 26300), zipped or flat: headers, body, frames, tables, notes, footers, links.

Deletions and comments are left out, hidden text is kept apart. odfpy loads all of a file into objects and knows no reading order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

from parsing.documents.archive import MAX_DEPTH, Archive, local, parse_xml, value
from parsing.documents.document import MAX_PAGES, Problem, Reading, Tools, Unreadable
from parsing.documents.tables import row_of

_PARAGRAPHS = frozenset(("p", "h"))
_FRAMES = frozenset(("text-box", "custom-shape", "rect", "ellipse", "circle", "polygon", "caption", "note-body"))
_SKIPPED = frozenset(("annotation", "tracked-changes", "sequence-decls", "title", "desc", "note-citation", "ruby-text", "notes", "forms"))
_BLANKS = re.compile(r"[ \t\r\n]{1,1000}")
_HEADERS = ("header-first", "header", "header-left")
_FOOTERS = ("footer-first", "footer", "footer-left")


def read_odt(data: bytes, tools: Tools) -> Reading:  # noqa: ARG001 - the signature of every reader
    """Read an OpenDocument text."""
    archive = Archive(data)
    manifest = archive.xml("META-INF/manifest.xml")
    if manifest is not None and any(local(node) == "encryption-data" for node in manifest.iter()):
        raise Unreadable(Problem.ENCRYPTED)
    content, styles = archive.xml("content.xml"), archive.xml("styles.xml")
    if content is None:
        raise Unreadable
    return _reading(content, content if styles is None else styles)


def read_flat_odt(data: bytes, tools: Tools) -> Reading:  # noqa: ARG001 - the signature of every reader
    """Read an OpenDocument text that is one XML file."""
    root = parse_xml(data)
    return _reading(root, root)


def read_odp(data: bytes, tools: Tools) -> Reading:
    """Read OpenDocument slides, a page each."""
    archive = Archive(data)
    content = archive.xml("content.xml")
    slides = [] if content is None else [node for node in content.iter() if local(node) == "page"]
    if content is None or not slides:
        return read_odt(data, tools)
    walk = _Walk(_hiding(content), _deletions(content))
    texts = tuple("\n".join(walk.blocks(slide)) for slide in slides[:MAX_PAGES])
    hidden = "\n".join(walk.hidden).strip()
    return Reading(texts, len(slides), tuple(walk.links), (Problem.HIDDEN_TEXT,) if hidden else (), hidden)


def _reading(content: Element, styles: Element) -> Reading:
    """Put a document together: headers, body, footers, each text once."""
    walk = _Walk(_hiding(content) | _hiding(styles), _deletions(content))
    roots = [*_named(styles, _HEADERS), *_named(content, ("text",)), *_named(styles, _FOOTERS)]
    blocks = ["\n".join(walk.blocks(root)).strip() for root in roots]
    hidden = "\n".join(walk.hidden).strip()
    problems = (Problem.HIDDEN_TEXT,) if hidden else ()
    text = "\n\n".join(dict.fromkeys(filter(None, blocks)))
    return Reading((text,), links=tuple(walk.links), problems=problems, hidden=hidden)


def _named(root: Element, names: Iterable[str]) -> Iterator[Element]:
    wanted = set(names)
    for node in root.iter():
        if local(node) in wanted and (local(node) != "text" or str(node.tag).endswith("office:1.0}text")):
            yield node


def _hiding(root: Element) -> frozenset[str]:
    """Return the names of the styles whose text is hidden."""
    found = (style for style in root.iter() if local(style) == "style")
    return frozenset(value(style, "name") or "" for style in found if any(value(node, "display") == "none" for node in style))


def _deletions(root: Element) -> frozenset[str]:
    """Return the ids of the tracked changes that delete; what they delete may still stand in its place."""
    regions = (node for node in root.iter() if local(node) == "changed-region")
    return frozenset(value(region, "id") or "" for region in regions if any(local(change) == "deletion" for change in region))


class _Walk:
    """Walks a document, collecting its links and hidden text on the way."""

    def __init__(self, hiding: frozenset[str], deletions: frozenset[str]) -> None:
        self._hiding, self._deletions = hiding - {""}, deletions - {""}
        self._deleting = False
        self.links: list[str] = []
        self.hidden: list[str] = []

    def blocks(self, node: Element, depth: int = 0) -> Iterator[str]:
        """Yield paragraphs and table rows below `node`; frames come before the text of the paragraph that holds them, notes after it."""
        if depth > MAX_DEPTH:
            raise Unreadable
        for child in node:
            name = local(child)
            if name in _PARAGRAPHS:
                yield from self._paragraph(child, depth)
            elif name == "table-row":
                yield row_of([list(self.blocks(cell, depth + 1)) for cell in child if local(cell) == "table-cell"])
            elif name == "section" and value(child, "display") == "none":
                self.hidden.extend(self.blocks(child, depth + 1))
            elif name not in _SKIPPED:
                yield from self.blocks(child, depth + 1)

    def _paragraph(self, paragraph: Element, depth: int) -> Iterator[str]:
        pieces: list[str] = []
        boxes: list[Element] = []
        self._inline(paragraph, pieces, boxes, depth)
        for box in boxes:
            if local(box) != "note-body":
                yield from self.blocks(box, depth + 1)
        if value(paragraph, "style-name") in self._hiding:
            self.hidden.append("".join(pieces))
        else:
            yield "".join(pieces)
        for box in boxes:
            if local(box) == "note-body":
                yield from self.blocks(box, depth + 1)

    def _inline(self, node: Element, pieces: list[str], boxes: list[Element], depth: int) -> None:
        """Collect a paragraph's text, links and frames."""
        if depth > MAX_DEPTH:
            raise Unreadable
        self._add(pieces, node.text)
        for child in node:
            name = local(child)
            if name in ("change-start", "change-end"):
                if value(child, "change-id") in self._deletions:
                    self._deleting = name == "change-start"
            elif name in _FRAMES:
                boxes.append(child)
            elif name == "s":
                # the count may be two thousand million
                count = value(child, "c") or "1"
                pieces.append(" " * min(int(count) if count.isdecimal() and len(count) < 4 else 1, 100))
            elif name in ("tab", "line-break"):
                pieces.append("\t" if name == "tab" else "\n")
            elif name in ("hidden-text", "hidden-paragraph") or value(child, "style-name") in self._hiding:
                self.hidden.append("".join(child.itertext()) or value(child, "string-value") or "")
            elif name not in _SKIPPED:
                if name == "a" and (target := value(child, "href")):
                    self.links.append(target)
                self._inline(child, pieces, boxes, depth + 1)
            self._add(pieces, child.tail)

    def _add(self, pieces: list[str], text: str | None) -> None:
        if text and not self._deleting:
            # white space is laid out by marks, not by the file's line ends (ISO 26300, 6.1.2)
            pieces.append(_BLANKS.sub(" ", text))
