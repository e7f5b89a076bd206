# mypy: disable-error-code="import-untyped"
"""Files that candidates send: a CV as one-column PDF, as two-column PDF or as DOCX, and a letter.

Made with the programs' usual means (flowing text, a coloured sidebar, Word styles), so that reading them is as hard as it is in life.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import reportlab
from reportlab.lib.colors import HexColor, white
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import BaseDocTemplate, Frame, FrameBreak, PageTemplate, Paragraph, SimpleDocTemplate, Spacer

from demo.people import Person

_HEADINGS = {
    "fr": {"about": "Profil", "work": "Expérience professionnelle", "education": "Formation", "skills": "Compétences",
           "languages": "Langues", "contact": "Contact"},
    "en": {"about": "Profile", "work": "Experience", "education": "Education", "skills": "Skills",
           "languages": "Languages", "contact": "Contact"},
}  # fmt: skip
_INK, _ACCENT = HexColor("#1f2933"), HexColor("#234e70")
_WIDTH, _HEIGHT = A4
_SIDEBAR = 66 * mm


def one_column_pdf(person: Person, _text: str = "") -> bytes:
    """Return a CV in one column, in an embedded TrueType font."""
    heading, body = _fonts()
    plain = ParagraphStyle("plain", fontName=body, fontSize=9.5, leading=13, textColor=_INK)
    strong = ParagraphStyle("strong", plain, fontName=heading, spaceBefore=4)
    title = ParagraphStyle("title", plain, fontName=heading, fontSize=11.5, leading=17, textColor=_ACCENT, spaceBefore=9, spaceAfter=2)
    words = _HEADINGS[person.language]
    flow: list[Any] = [
        Paragraph(person.name, ParagraphStyle("name", plain, fontName=heading, fontSize=19, leading=24)),
        Paragraph(person.title, ParagraphStyle("job", plain, fontSize=12, leading=16, textColor=_ACCENT)),
        Paragraph(f"{person.city} · {person.phone} · {_mailto(person)}", plain),
        Paragraph(" · ".join(map(_link, person.links)), plain),
        Paragraph(words["about"], title),
        Paragraph(person.about, plain),
        Paragraph(words["work"], title),
    ]
    for post in person.work:
        flow.append(Paragraph(f"{post.position}, {post.name} <font name='{body}'>({post.dates})</font>", strong))
        flow += [Paragraph(task, plain, bulletText="•") for task in post.tasks]
    flow.append(Paragraph(words["education"], title))
    flow += [Paragraph(f"{study.study}, {study.school} ({study.dates})", plain) for study in person.education]
    flow += [Paragraph(words["skills"], title), Paragraph(", ".join(person.skills), plain)]
    flow += [Paragraph(words["languages"], title), Paragraph(", ".join(person.languages), plain)]
    return _pdf(SimpleDocTemplate, flow, person, leftMargin=22 * mm, rightMargin=22 * mm, topMargin=18 * mm, bottomMargin=18 * mm)


def two_column_pdf(person: Person, _text: str = "") -> bytes:
    """Return a CV with a coloured sidebar on the left and the career on the right, in the PDF's own Helvetica."""
    side = ParagraphStyle("side", fontName="Helvetica", fontSize=9, leading=12.5, textColor=white)
    side_title = ParagraphStyle("side title", side, fontName="Helvetica-Bold", fontSize=10.5, leading=16, spaceBefore=12)
    plain = ParagraphStyle("plain", fontName="Helvetica", fontSize=9.5, leading=13, textColor=_INK)
    title = ParagraphStyle("title", plain, fontName="Helvetica-Bold", fontSize=12, leading=18, textColor=_ACCENT, spaceBefore=10)
    strong = ParagraphStyle("strong", plain, fontName="Helvetica-Bold", spaceBefore=5)
    words = _HEADINGS[person.language]
    flow: list[Any] = [Paragraph(words["contact"], side_title)]
    flow += [Paragraph(line, side) for line in (person.phone, _mailto(person), person.city, *map(_link, person.links))]
    for key, items in (("skills", person.skills), ("languages", person.languages)):
        flow.append(Paragraph(words[key], side_title))
        flow += [Paragraph(item, side) for item in items]
    flow += [
        FrameBreak(),
        Paragraph(person.name, ParagraphStyle("name", plain, fontName="Helvetica-Bold", fontSize=21, leading=26)),
        Paragraph(person.title, ParagraphStyle("job", plain, fontSize=12, leading=17, textColor=_ACCENT)),
        Paragraph(words["about"], title),
        Paragraph(person.about, plain),
        Paragraph(words["work"], title),
    ]
    for post in person.work:
        flow += [Paragraph(post.position, strong), Paragraph(f"{post.name}, {post.dates}", plain)]
        flow += [Paragraph(task, plain, bulletText="•") for task in post.tasks]
    flow.append(Paragraph(words["education"], title))
    for study in person.education:
        flow += [Paragraph(study.study, strong), Paragraph(f"{study.school}, {study.dates}", plain)]
    left = Frame(0, 0, _SIDEBAR, _HEIGHT, leftPadding=9 * mm, topPadding=14 * mm, rightPadding=5 * mm)
    right = Frame(_SIDEBAR, 0, _WIDTH - _SIDEBAR, _HEIGHT, leftPadding=10 * mm, rightPadding=14 * mm, topPadding=14 * mm)
    return _pdf(BaseDocTemplate, flow, person, pageTemplates=[PageTemplate(frames=[left, right], onPage=_paint_sidebar)])


def word(person: Person, _text: str = "") -> bytes:
    """Return a CV as Word writes it, with a table for the head."""
    words = _HEADINGS[person.language]
    document = docx.Document()
    document.core_properties.author = person.name
    document.add_heading(person.name, 0)
    document.add_paragraph(person.title)
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(table.columns[0].cells, (person.phone, person.city), strict=True):
        cell.text = text
    for cell, text in zip(table.columns[1].cells, (person.email, "  ".join(person.links)), strict=True):
        cell.text = text
    document.add_heading(words["about"], 1)
    document.add_paragraph(person.about)
    document.add_heading(words["work"], 1)
    for post in person.work:
        document.add_paragraph().add_run(f"{post.position}, {post.name} ({post.dates})").bold = True
        for task in post.tasks:
            document.add_paragraph(task, style="List Bullet")
    document.add_heading(words["education"], 1)
    for study in person.education:
        document.add_paragraph(f"{study.study}, {study.school} ({study.dates})")
    for key, items in (("skills", person.skills), ("languages", person.languages)):
        document.add_heading(words[key], 1)
        document.add_paragraph(", ".join(items))
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def letter_pdf(person: Person, text: str) -> bytes:
    """Return a letter with the sender's address on top; paragraphs of `text` are divided by empty lines."""
    _, body = _fonts()
    plain = ParagraphStyle("plain", fontName=body, fontSize=10, leading=15, textColor=_INK, spaceAfter=8)
    flow: list[Any] = [Paragraph(line, plain) for line in (person.name, f"{person.city} · {person.phone} · {person.email}")]
    flow.append(Spacer(1, 10 * mm))
    flow += [Paragraph(paragraph.replace("\n", " "), plain) for paragraph in text.strip().split("\n\n")]
    return _pdf(SimpleDocTemplate, flow, person, leftMargin=25 * mm, rightMargin=25 * mm)


MAKERS: dict[str, tuple[Callable[[Person, str], bytes], str, str]] = {
    "one-column": (one_column_pdf, "application", "pdf"),
    "two-column": (two_column_pdf, "application", "pdf"),
    "word": (word, "application", "vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "letter": (letter_pdf, "application", "pdf"),
}
"""Each kind of file that a mail may carry: its maker, and its media type in two halves."""


def _pdf(template: type[BaseDocTemplate], flow: list[Any], person: Person, **how: Any) -> bytes:
    file = io.BytesIO()
    template(file, pagesize=A4, title=person.name, author=person.name, lang=person.language, invariant=1, **how).build(flow)
    return file.getvalue()


def _paint_sidebar(canvas: Any, _document: object) -> None:
    canvas.setFillColor(_ACCENT)
    canvas.rect(0, 0, _SIDEBAR, _HEIGHT, stroke=0, fill=1)


def _fonts() -> tuple[str, str]:
    folder = Path(reportlab.__file__).parent / "fonts"
    for name, file in (("Vera", "Vera.ttf"), ("VeraBd", "VeraBd.ttf")):
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, folder / file))
    return "VeraBd", "Vera"


def _mailto(person: Person) -> str:
    return f"<a href='mailto:{person.email}'>{person.email}</a>"


def _link(url: str) -> str:
    return f"<a href='{url}'>{url.removeprefix('https://').removeprefix('www.')}</a>"
