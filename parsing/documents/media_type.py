"""What a file really is, whatever it is called: the content decides, the name and the sender's word only break ties."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"
DOC = "application/msword"
RTF = "application/rtf"
TEXT = "text/plain"
HTML = "text/html"
ZIP = "application/zip"
UNKNOWN = "application/octet-stream"

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"{\\rtf", RTF),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\x1f\x8b", "application/gzip"),
    (b"%!PS", "application/postscript"),
    (b"BM", "image/bmp"),
)
IMAGES = frozenset({kind for _, kind in _SIGNATURES if kind.startswith("image/")} | {"image/webp", "image/heic"})

_OFFICE = (
    ("word/document.xml", DOCX),
    ("xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("ppt/presentation.xml", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP = re.compile(rb"(?i)^\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.DOTALL)
_SUFFIXES = {"htm": HTML, "html": HTML, "xhtml": HTML, "doc": DOC, "dot": DOC}


def sniff(data: bytes, filename: str | None = None, declared: str | None = None) -> str:
    """Return the media type of the octets `data`, in lower case; `application/octet-stream` when nothing tells. Never raises."""
    head = data[:1024]
    suffix = (filename or "").rpartition(".")[2].lower()
    kind = _binary(data, head, suffix)
    if kind is not None:
        return kind
    if _MARKUP.match(data[:4096].removeprefix(b"\xef\xbb\xbf")):
        return HTML
    if not data or not _textual(data[:8192]):
        return UNKNOWN
    if HTML in (_SUFFIXES.get(suffix), (declared or "").lower()) and b"<" in head:
        return HTML
    return TEXT


def _binary(data: bytes, head: bytes, suffix: str) -> str | None:  # noqa: PLR0911 - a table of signatures, one return a row
    """Return the type that the first octets prove, or None."""
    if head.startswith(b"%PDF-"):
        return PDF
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(data, suffix)
    if head.startswith(_OLE):
        # Word, Excel, Outlook and encrypted OOXML share this container; the stream names tell (UTF-16LE in the directory).
        if "EncryptedPackage".encode("utf-16-le") in data[: 1 << 20]:
            return "application/x-ole-encrypted"
        return DOC if "WordDocument".encode("utf-16-le") in data or _SUFFIXES.get(suffix) == DOC else "application/x-ole-storage"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"mif1", b"heif"):
        return "image/heic"
    if kind := next((kind for signature, kind in _SIGNATURES if head.startswith(signature)), None):
        return kind
    # Readers accept a PDF header anywhere in the first 1024 octets (ISO 32000-1, Annex H, note 13); an archive may begin with a PDF.
    return PDF if b"%PDF-" in head and not _MARKUP.match(head) else None


def _zipped(data: bytes, suffix: str) -> str:
    """Tell office files from other archives by their members; a damaged one is what its name says."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = set(archive.namelist()[:2000])
            if "mimetype" in names:
                with archive.open("mimetype") as member:
                    said = member.read(100).decode("ascii", "replace").strip().lower()
                if re.fullmatch(r"[a-z]+/[a-z0-9.+-]+", said):
                    return said
    except Exception:  # noqa: BLE001 - zipfile raises many classes on damaged archives
        return {"docx": DOCX, "odt": ODT}.get(suffix, ZIP)
    return next((kind for name, kind in _OFFICE if name in names), ZIP)


def _textual(sample: bytes) -> bool:
    """Tell text in any charset from binary data: few control octets, or UTF-16."""
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if b"\x00" in sample:
        # UTF-16 of a Western language without its mark: every second octet is zero
        zeros = max(sample[::2].count(0), sample[1::2].count(0))
        return zeros > len(sample) * 0.4 and min(sample[::2].count(0), sample[1::2].count(0)) < len(sample) * 0.05
    controls = sum(octet < 32 and octet not in (8, 9, 10, 11, 12, 13, 27) for octet in sample)
    return controls <= len(sample) * 0.01
