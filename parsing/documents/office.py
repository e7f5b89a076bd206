"""Word and OpenDocument files: text in order, with tables, headers, footers, text boxes and links.

Both are zip archives of XML, read here under limits (entries, inflated octets counted while reading, no DTD): the sizes that an
archive announces may lie.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from parsing.documents.document import Problem, Reading, Tools, Unreadable

MAX_ENTRIES = 2000
MAX_INFLATED = 50 * 1024 * 1024
MAX_DEPTH = 200

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_FIELD = re.compile(r"HYPERLINK\s+\"([^\"]+)\"")


class _Archive:
    """A zip archive that gives out at most `MAX_INFLATED` octets in all."""

    def __init__(self, data: bytes) -> None:
        self._zip = zipfile.ZipFile(BytesIO(data))
        if len(self._zip.infolist()) > MAX_ENTRIES:
            raise Unreadable(Problem.TOO_LARGE)
        self.names = self._zip.namelist()
        self._left = MAX_INFLATED

    def xml(self, name: str) -> Element | None:
        """Return the root of the member `name`, None when there is none; raises Unreadable over the limit, and what the parsers raise."""
        if name not in self.names:
            return None
        if self._zip.getinfo(name).flag_bits & 1:
            raise Unreadable(Problem.ENCRYPTED)
        with self._zip.open(name) as member:
            content = member.read(self._left + 1)
        self._left -= len(content)
        if self._left < 0:
            raise Unreadable(Problem.TOO_LARGE)
        root: Element = fromstring(content, forbid_dtd=True)
        return root


def read_docx(data: bytes, tools: Tools) -> Reading:  # noqa: ARG001 - the signature of every reader
    """Read a Word file: headers, body, footnotes, footers; each header text once."""
    archive = _Archive(data)
    body = archive.xml("word/document.xml")
    if body is None:
        raise Unreadable
    blocks: list[str] = []
    links: list[str] = []
    hidden = False
    parts = [(name, archive.xml(name)) for name in _parts(archive, "header")]
    parts.append(("word/document.xml", body))
    parts.extend((name, archive.xml(name)) for name in ("word/footnotes.xml", *_parts(archive, "footer")))
    for name, root in parts:
        if root is None:
            continue
        part = _Word(_relations(archive, name))
        text = "\n".join(part.blocks(root)).strip()
        if text and text not in blocks:
            blocks.append(text)
        links.extend(part.links)
        hidden = hidden or part.hidden
    return Reading(("\n\n".join(blocks),), links=tuple(links), problems=(Problem.HIDDEN_TEXT,) if hidden else ())


def _parts(archive: _Archive, kind: str) -> list[str]:
    """Return the names of the headers or footers, in their numbers' order."""
    found = [match for name in archive.names if (match := re.fullmatch(rf"word/{kind}(\d{{0,4}})\.xml", name))]
    return [match[0] for match in sorted(found, key=lambda match: int(match[1] or 0))][:50]


def _relations(archive: _Archive, name: str) -> dict[str, str]:
    """Return the link targets of a part by relation id."""
    folder, _, leaf = name.rpartition("/")
    root = archive.xml(f"{folder}/_rels/{leaf}.rels")
    return {} if root is None else {r.get("Id", ""): r.get("Target", "") for r in root if r.get("TargetMode") == "External"}


class _Word:
    """Walks one part of a Word file, collecting its links on the way."""

    def __init__(self, relations: dict[str, str]) -> None:
        self._relations = relations
        self.links: list[str] = []
        self.hidden = False

    def blocks(self, node: Element, depth: int = 0) -> Iterator[str]:
        """Yield the paragraphs and table rows below `node`, in document order; raises Unreadable when nested too deep."""
        if depth > MAX_DEPTH:
            raise Unreadable
        for child in node:
            if child.tag == f"{_W}p":
                yield from self._paragraph(child, depth)
            elif child.tag == f"{_W}tr":
                yield _row([list(self.blocks(cell, depth + 1)) for cell in _own_cells(child)])
            elif child.tag not in (f"{_W}del", f"{_W}sectPr"):
                yield from self.blocks(child, depth + 1)

    def _paragraph(self, paragraph: Element, depth: int) -> Iterator[str]:
        """Yield the text boxes anchored in a paragraph, then its own text."""
        pieces: list[str] = []
        boxes: list[Element] = []
        self._inline(paragraph, pieces, boxes, depth)
        for box in boxes:
            yield from self.blocks(box, depth + 1)
        yield "".join(pieces)

    def _inline(self, node: Element, pieces: list[str], boxes: list[Element], depth: int) -> None:
        """Collect text, links and text boxes of a paragraph's inside."""
        if depth > MAX_DEPTH:
            raise Unreadable
        for child in node:
            tag = child.tag.rpartition("}")[2]
            if tag == "t":
                pieces.append(child.text or "")
            elif tag in _SIGNS:
                pieces.append(_SIGNS[tag])
            elif tag == "instrText":
                self.links.extend(_FIELD.findall(child.text or ""))
            elif tag == "txbxContent":
                boxes.append(child)
            elif tag == "AlternateContent":
                # the same text box twice, for new and for old readers (ECMA-376, part 3): the first that says something
                self._alternative(child, pieces, boxes, depth)
            elif tag == "r" and child.find(f"{_W}rPr/{_W}vanish") is not None:
                self.hidden = self.hidden or any((text.text or "").strip() for text in child.iter(f"{_W}t"))
            elif tag not in ("del", "pPr", "rPr"):
                if tag == "hyperlink" and (target := self._relations.get(child.get(f"{_R}id", ""))):
                    self.links.append(target)
                self._inline(child, pieces, boxes, depth + 1)

    def _alternative(self, node: Element, pieces: list[str], boxes: list[Element], depth: int) -> None:
        """Take the first alternative with text."""
        for choice in node:
            if any((text.text or "").strip() for text in choice.iter(f"{_W}t")):
                self._inline(choice, pieces, boxes, depth + 1)
                return


_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}


def _own_cells(row: Element) -> Iterator[Element]:
    """Yield a row's cells, those in content controls included, not those of tables inside them."""
    for child in row:
        if child.tag == f"{_W}tc":
            yield child
        elif child.tag == f"{_W}sdt":
            yield from (cell for holder in child.findall(f"{_W}sdtContent") for cell in holder if cell.tag == f"{_W}tc")


def _row(cells: list[list[str]]) -> str:
    """Return a table row: short cells side by side, long ones one after the other."""
    filled = [[line for line in cell if line.strip()] for cell in cells]
    filled = [cell for cell in filled if cell]
    side_by_side = all(len(cell) == 1 and "\n" not in cell[0] for cell in filled)
    return ("\t" if side_by_side else "\n").join("\n".join(cell) for cell in filled)


_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_HREF = "{http://www.w3.org/1999/xlink}href"


def read_odt(data: bytes, tools: Tools) -> Reading:  # noqa: ARG001 - the signature of every reader
    """Read an OpenDocument text: headers, body, footers."""
    archive = _Archive(data)
    manifest = archive.xml("META-INF/manifest.xml")
    if manifest is not None and any(node.tag.endswith("}encryption-data") for node in manifest.iter()):
        raise Unreadable(Problem.ENCRYPTED)
    content, styles = archive.xml("content.xml"), archive.xml("styles.xml")
    if content is None:
        raise Unreadable
    roots: list[Element] = []
    roots += [] if styles is None else list(styles.iter(f"{_STYLE}header"))
    roots += list(content.iter(f"{_OFFICE}text"))
    roots += [] if styles is None else list(styles.iter(f"{_STYLE}footer"))
    links: list[str] = []
    blocks = ["\n".join(_odt_blocks(root, links.append, 0)).strip() for root in roots]
    return Reading(("\n\n".join(dict.fromkeys(block for block in blocks if block)),), links=tuple(links))


def _odt_blocks(node: Element, link: Callable[[str], None], depth: int) -> Iterator[str]:
    """Yield paragraphs and table rows below `node`; frames anchored in a paragraph come before its own text."""
    if depth > MAX_DEPTH:
        raise Unreadable
    for child in node:
        if child.tag in (f"{_TEXT}p", f"{_TEXT}h"):
            pieces: list[str] = []
            boxes: list[Element] = []
            _odt_inline(child, pieces, boxes, link, depth)
            for box in boxes:
                yield from _odt_blocks(box, link, depth + 1)
            yield "".join(pieces)
        elif child.tag == f"{_TABLE}table-row":
            yield _row([list(_odt_blocks(cell, link, depth + 1)) for cell in child if cell.tag == f"{_TABLE}table-cell"])
        elif child.tag not in (f"{_TEXT}tracked-changes", f"{_TEXT}sequence-decls"):
            yield from _odt_blocks(child, link, depth + 1)


def _odt_inline(node: Element, pieces: list[str], boxes: list[Element], link: Callable[[str], None], depth: int) -> None:
    """Collect a paragraph's text, links and frames."""
    if depth > MAX_DEPTH:
        raise Unreadable
    pieces.append(node.text or "")
    for child in node:
        name = child.tag.rpartition("}")[2]
        if name == "text-box":
            boxes.append(child)
        elif name == "s":
            # the count may be two thousand million
            count = child.get(f"{_TEXT}c", "1")
            pieces.append(" " * min(int(count) if count.isdigit() and len(count) < 4 else 1, 100))
        elif name in ("tab", "line-break"):
            pieces.append("\t" if name == "tab" else "\n")
        elif name not in ("note", "annotation", "tracked-changes"):
            if name == "a" and child.get(_HREF):
                link(child.get(_HREF, ""))
            _odt_inline(child, pieces, boxes, link, depth + 1)
        pieces.append(child.tail or "")
