"""PDFs written octet by octet, for what no PDF library draws: glyphs without letters, text for what is drawn, right-to-left fonts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO

from reportlab.pdfgen.canvas import Canvas


def drawn(*pages: Callable[[Canvas], object], compress: int = 1) -> bytes:
    """Return a PDF with a page for each function that draws on a canvas (595 by 842 points)."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=True, pageCompression=compress)
    for page in pages:
        page(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def lines(*texts: str, x: float = 60, y: float = 760, step: float = 16) -> Callable[[Canvas], None]:
    """Return what draws lines one under the other."""

    def draw(canvas: Canvas) -> None:
        for number, text in enumerate(texts):
            canvas.drawString(x, y - step * number, text)

    return draw


def written(
    content: bytes, *, to_unicode: dict[int, str] | None = None, resources: str = "", page: str = "", more: Sequence[str] = ()
) -> bytes:
    """Return a one-page PDF with this content stream; font F1 is Helvetica, F2 one of no name, with a map of its codes to characters.

    `more` are further objects, numbered from 7 on.
    """
    rows = "\n".join(f"<{code:02x}> <{text.encode('utf-16-be').hex()}>" for code, text in (to_unicode or {65: "A"}).items())
    mapping = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def\n"
        f"1 begincodespacerange <00> <ff> endcodespacerange\n{len(to_unicode or {1: ''})} beginbfchar\n{rows}\nendbfchar\n"
        "endcmap end end"
    ).encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R {page} "
        f"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >> "
        f"/F2 5 0 R >> {resources} >> >>".encode(),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Invented /Encoding /WinAnsiEncoding /FirstChar 0 /LastChar 255 "
        b"/Widths [%s] /ToUnicode 6 0 R >>" % (b"600 " * 256),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(mapping), mapping),
        *(text.encode("latin-1") for text in more),
    ]
    out = b"%PDF-1.7\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return out + end % (len(objects) + 1, table, len(objects) + 1, len(out))
