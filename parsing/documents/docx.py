"""Word files (ECMA-376, its strict form too): text in order, with tables, headers, footers, notes, text boxes and links.

Deletions and comments are left out; what people cannot see is kept apart: hidden and tiny letters, white ones where nothing is dark.
python-docx hands out the paragraphs and tables of the body, and leaves text boxes, notes, content controls and changes to its callers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from xml.etree.ElementTree import Element

from parsing.documents.archive import MAX_DEPTH, Archive, local, value
from parsing.documents.document import Problem, Reading, Tools, Unreadable
from parsing.documents.tables import row_of

_FIELD = re.compile(r"HYPERLINK\s{1,9}(?:\\l\s{1,9})?\"([^\"]{1,2000})\"")
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}
_SKIPPED = frozenset(("del", "moveFrom", "pPr", "rPr", "sectPr", "rt", "delText", "instrText"))
_NO = frozenset(("0", "false", "off", "none"))
_TINY = 4
"""Half points below or at which no person reads."""
_LIGHT = frozenset(("auto", "ffffff", "none", "clear", "white", "#ffffff"))
_WHITE = "ffffff"
_MOST_IN_LINK = 1000
"""Elements of a link that are looked at."""
_MAIN = re.compile(r"word/document\d{0,3}\.xml")


def read_docx(data: bytes, tools: Tools) -> Reading:  # noqa: ARG001 - the signature of every reader
    """Read a Word file: headers, body, notes, footers; each header text once."""
    archive = Archive(data)
    main = next((name for name in archive.names if _MAIN.fullmatch(name)), None)
    body = archive.xml(main) if main else None
    if main is None or body is None:
        raise Unreadable
    parts = [(name, archive.xml(name)) for name in _parts(archive, "header")]
    parts.append((main, body))
    parts.extend((name, archive.xml(name)) for name in ("word/footnotes.xml", "word/endnotes.xml", *_parts(archive, "footer")))
    roots = [(name, root) for name, root in parts if root is not None]
    styles = _hiding_styles(archive.xml("word/styles.xml"))
    white = not any(_is_dark(node) for _, root in roots for node in root.iter())
    blocks: list[str] = []
    links: list[str] = []
    hidden: list[str] = []
    for name, root in roots:
        part = _Part(_relations(archive, name), styles, white_is_hidden=white)
        text = "\n".join(part.blocks(root)).strip()
        if text and text not in blocks:
            blocks.append(text)
        links.extend(part.links)
        hidden.extend(part.hidden)
    unseen = "\n".join(hidden).strip()
    return Reading(("\n\n".join(blocks),), links=tuple(links), problems=(Problem.HIDDEN_TEXT,) if unseen else (), hidden=unseen)


def _parts(archive: Archive, kind: str) -> list[str]:
    """Return the names of the headers or footers, in their numbers' order."""
    found = [match for name in archive.names if (match := re.fullmatch(rf"word/{kind}(\d{{0,4}})\.xml", name))]
    return [match[0] for match in sorted(found, key=lambda match: int(match[1] or 0))][:50]


def _relations(archive: Archive, name: str) -> dict[str, str]:
    """Return the link targets of a part by relation id."""
    folder, _, leaf = name.rpartition("/")
    root = archive.xml(f"{folder}/_rels/{leaf}.rels")
    return {} if root is None else {r.get("Id", ""): r.get("Target", "") for r in root if r.get("TargetMode") == "External"}


def _hiding_styles(styles: Element | None) -> frozenset[str]:
    """Return the ids of the styles whose text is hidden."""
    if styles is None:
        return frozenset()
    hiding = (node for node in styles if local(node) == "style" and any(map(_vanishes, node)))
    return frozenset(value(node, "styleId") or "" for node in hiding)


def _vanishes(properties: Element) -> bool:
    """Tell whether run properties hide what they are about."""
    return local(properties) == "rPr" and any(local(node) == "vanish" and (value(node, "val") or "1") not in _NO for node in properties)


def _is_dark(node: Element) -> bool:
    """Tell whether something may colour the paper under white letters: a shade, a filled shape, a picture, a coloured page."""
    name = local(node)
    if name == "shd":
        return (value(node, "fill") or "auto").lower() not in _LIGHT
    if name == "background":
        return (value(node, "color") or "auto").lower() not in _LIGHT
    return name in {"solidFill", "gradFill", "blipFill", "blip", "imagedata", "highlight"} or "fillcolor" in node.attrib


class _Part:
    """Walks one part of a Word file, collecting its links and hidden text on the way."""

    def __init__(self, relations: dict[str, str], hiding: frozenset[str], *, white_is_hidden: bool) -> None:
        self._relations, self._hiding, self._white_is_hidden = relations, hiding, white_is_hidden
        self._low = frozenset(style.lower() for style in hiding)
        self.links: list[str] = []
        self.hidden: list[str] = []

    def blocks(self, node: Element, depth: int = 0) -> Iterator[str]:
        """Yield the paragraphs and table rows below `node`, in document order; raises Unreadable when nested too deep."""
        if depth > MAX_DEPTH:
            raise Unreadable
        for child in node:
            name = local(child)
            if name == "p":
                yield from self._paragraph(child, depth)
            elif name == "tr":
                if not _is_deleted(child):
                    yield row_of([list(self.blocks(cell, depth + 1)) for cell in _own_cells(child)])
            elif name not in _SKIPPED:
                yield from self.blocks(child, depth + 1)

    def _paragraph(self, paragraph: Element, depth: int) -> Iterator[str]:
        """Yield the text boxes anchored in a paragraph, then its own text."""
        pieces: list[str] = []
        boxes: list[Element] = []
        self.links.extend(_FIELD.findall("".join(node.text or "" for node in paragraph.iter() if local(node) == "instrText")))
        self._inline(paragraph, pieces, boxes, depth)
        for box in boxes:
            yield from self.blocks(box, depth + 1)
        if _style(paragraph) in self._hiding:
            self.hidden.append("".join(pieces))
        else:
            yield "".join(pieces)

    def _inline(self, node: Element, pieces: list[str], boxes: list[Element], depth: int) -> None:
        """Collect text, links and text boxes of a paragraph's inside."""
        if depth > MAX_DEPTH:
            raise Unreadable
        for child in node:
            name = local(child)
            if name == "t":
                pieces.append(child.text or "")
            elif name in _SIGNS:
                pieces.append(_SIGNS[name])
            elif name == "txbxContent":
                boxes.append(child)
            elif name == "AlternateContent":
                # the same text box twice, for new and for old readers (ECMA-376, part 3): the first that says something
                self._alternative(child, pieces, boxes, depth)
            elif name == "r" and self._is_unseen(child):
                self.hidden.append("".join(_words(child)))
            elif name not in _SKIPPED:
                if name == "hyperlink" and (target := self._relations.get(value(child, "id") or "")) and self._is_seen(child):
                    self.links.append(target)
                if name == "fldSimple":
                    self.links.extend(_FIELD.findall(value(child, "instr") or ""))
                self._inline(child, pieces, boxes, depth + 1)

    def _alternative(self, node: Element, pieces: list[str], boxes: list[Element], depth: int) -> None:
        """Take the first alternative with text."""
        for choice in node:
            if any(word.strip() for word in _words(choice)):
                self._inline(choice, pieces, boxes, depth + 1)
                return

    def _is_seen(self, link: Element) -> bool:
        """Tell whether people see a link: some of its letters, or what it has in their place."""
        runs = [node for node in islice(link.iter(), _MOST_IN_LINK) if local(node) == "r"]
        return not runs or not all(map(self._is_unseen, runs))

    def _is_unseen(self, run: Element) -> bool:
        """Tell whether people see nothing of a run's letters."""
        properties = next((child for child in run if local(child) == "rPr"), None)
        if properties is None:
            return False
        if _vanishes(properties):
            return True
        said = {local(node): (value(node, "val") or "").lower() for node in properties}
        size = said.get("sz", "")
        tiny = size.isdecimal() and len(size) < 4 and int(size) <= _TINY
        white = self._white_is_hidden and said.get("color") == _WHITE
        return tiny or white or said.get("rStyle") in self._low


def _words(node: Element) -> Iterable[str]:
    return (text.text or "" for text in node.iter() if local(text) == "t")


def _style(paragraph: Element) -> str | None:
    """Return the id of a paragraph's style."""
    properties = next((child for child in paragraph if local(child) == "pPr"), None)
    style = None if properties is None else next((node for node in properties if local(node) == "pStyle"), None)
    return None if style is None else value(style, "val")


def _is_deleted(row: Element) -> bool:
    """Tell a table row whose deletion is tracked."""
    return any(local(child) == "trPr" and any(local(node) == "del" for node in child) for child in row)


def _own_cells(row: Element) -> Iterator[Element]:
    """Yield a row's cells, those in content controls included, not those of tables inside them."""
    for child in row:
        if local(child) == "tc":
            yield child
        elif local(child) == "sdt":
            yield from (cell for holder in child if local(holder) == "sdtContent" for cell in holder if local(cell) == "tc")
