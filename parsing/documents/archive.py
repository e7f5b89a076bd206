"""Files that are zip archives of XML, opened under limits: entries, octets counted while they are inflated, no DTD.

The sizes that an archive announces may lie.
"""

from __future__ import annotations

import zipfile
from io import BytesIO
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from parsing.documents.document import Problem, Reading, Tools, Unreadable

MAX_ENTRIES = 2000
MAX_INFLATED = 50 * 1024 * 1024
MAX_DEPTH = 200
MAX_TAGS = 1_000_000
"""In the XML of one document; a CV has some 10,000, and each takes memory and time whatever it says."""


class Archive:
    """A zip archive that gives out at most `MAX_INFLATED` octets and `MAX_TAGS` in all."""

    def __init__(self, data: bytes) -> None:
        self._zip = zipfile.ZipFile(BytesIO(data))
        if len(self._zip.infolist()) > MAX_ENTRIES:
            raise Unreadable(Problem.TOO_LARGE)
        self.names = self._zip.namelist()
        self._left, self._tags = MAX_INFLATED, MAX_TAGS

    def octets(self, name: str) -> bytes | None:
        """Return the member `name`, None when there is none; raises Unreadable over the limit or when encrypted."""
        if name not in self.names:
            return None
        if self._zip.getinfo(name).flag_bits & 1:
            raise Unreadable(Problem.ENCRYPTED)
        with self._zip.open(name) as member:
            content = member.read(self._left + 1)
        self._left -= len(content)
        if self._left < 0:
            raise Unreadable(Problem.TOO_LARGE)
        return content

    def xml(self, name: str) -> Element | None:
        """Return the root of the member `name`, None when there is none; raises as `octets`, and what the parser raises."""
        content = self.octets(name)
        if content is None:
            return None
        root = parse_xml(content, self._tags)
        self._tags -= content.count(b"<")
        return root


def read_archive(data: bytes, tools: Tools) -> Reading:  # noqa: ARG001 - the signature of every reader
    """Say why an archive is no document: its password, or that its members are (a mail's are unpacked before)."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        locked = any(member.flag_bits & 1 for member in archive.infolist()[:MAX_ENTRIES])
    raise Unreadable(Problem.ENCRYPTED if locked else Problem.UNSUPPORTED)


def parse_xml(content: bytes, most: int = MAX_TAGS) -> Element:
    """Return the root of an XML file without a DTD; raises Unreadable (`too_large`) above `most` tags, and what the parser raises."""
    if content.count(b"<") > most:
        raise Unreadable(Problem.TOO_LARGE)
    root: Element = fromstring(content, forbid_dtd=True)
    return root


def local(node: Element) -> str:
    """Return an element's name without its namespace: the same words mean the same in all versions of these formats."""
    return str(node.tag).rpartition("}")[2]


def value(node: Element, name: str) -> str | None:
    """Return an attribute by its name without namespace."""
    return next((said for key, said in node.attrib.items() if key.rpartition("}")[2] == name), None)
