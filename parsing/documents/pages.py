"""Apple Pages: the preview that it keeps beside its own, secret format; a PDF up to 2013, since then a picture of the first page."""

from __future__ import annotations

from parsing.documents.archive import Archive
from parsing.documents.document import Problem, Reading, Tools, Unreadable
from parsing.documents.pdf import read_pdf
from parsing.documents.pictures import read_image

_PDFS = ("QuickLook/Preview.pdf", "preview.pdf")
_PICTURES = ("preview.jpg", "QuickLook/Preview.jpg", "QuickLook/Thumbnail.jpg", "preview-web.jpg")
_LOCK = ".iwpv2"
"""What checks the password of a file that has one."""


def read_pages(data: bytes, tools: Tools) -> Reading:
    """Read the preview of a Pages file; raises Unreadable (`encrypted`; `unsupported` where there is no preview)."""
    archive = Archive(data)
    if any(name.rpartition("/")[2].startswith(_LOCK) for name in archive.names):
        raise Unreadable(Problem.ENCRYPTED)
    for names, read in ((_PDFS, read_pdf), (_PICTURES, read_image)):
        for name in names:
            preview = archive.octets(name)
            if preview:
                return read(preview, tools)
    raise Unreadable(Problem.UNSUPPORTED)
