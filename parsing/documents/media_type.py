"""What a file really is, whatever it is called: the content decides, the name and the sender's word only break ties."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
ODT = "application/vnd.oasis.opendocument.text"
FLAT_ODT = "application/vnd.oasis.opendocument.text-flat-xml"
ODP = "application/vnd.oasis.opendocument.presentation"
PAGES = "application/vnd.apple.pages"
LOCKED = "application/x-ole-encrypted"
"""An office file with a password (MS-OFFCRYPTO): what it is cannot be told."""
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
    ("ppt/presentation.xml", PPTX),
    ("Index/Document.iwa", PAGES),
    ("Index.zip", PAGES),
    ("QuickLook/Preview.pdf", PAGES),
)
_LIKE_A_WORD_FILE = re.compile(r"word/document\d{0,3}\.xml")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP = re.compile(rb"(?i)^\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.DOTALL)
_FLAT = re.compile(rb"<office:document\s[^>]{0,8000}?mimetype=\"application/vnd\.oasis\.opendocument\.text\"")
_HEIF = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"heif", b"avif")
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
    if _FLAT.search(data[:16_384]):
        return FLAT_ODT
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
            return LOCKED
        return DOC if "WordDocument".encode("utf-16-le") in data or _SUFFIXES.get(suffix) == DOC else "application/x-ole-storage"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF:
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
        return {"docx": DOCX, "odt": ODT, "pptx": PPTX, "odp": ODP, "pages": PAGES}.get(suffix, ZIP)
    if any(_LIKE_A_WORD_FILE.fullmatch(name) for name in names):
        return DOCX
    return next((kind for name, kind in _OFFICE if name in names), ZIP)


def _textual(sample: bytes) -> bool:
    """Tell text in any charset from binary data: few control octets, or zeros where UTF-16 and UTF-32 have them."""
    if sample.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")) or wide_charset(sample):
        return True
    controls = sum(octet < 32 and octet not in (8, 9, 10, 11, 12, 13, 27) for octet in sample)
    return controls <= len(sample) * 0.01


def wide_charset(sample: bytes) -> str | None:
    """Return which of UTF-16 and UTF-32 a text without a mark is written in: by the zeros of a Western language; None if in neither."""
    size = len(sample) // 4
    if size == 0 or b"\x00" not in sample:
        return None
    zeros = [sample[place : 4 * size : 4].count(0) / size for place in range(4)]
    for charset, empty in (("utf-32-le", (1, 2, 3)), ("utf-32-be", (0, 1, 2)), ("utf-16-le", (1, 3)), ("utf-16-be", (0, 2))):
        if all((zeros[place] > 0.8) if place in empty else (zeros[place] < 0.05) for place in range(4)):
            return charset
    return None
