"""What reading a PDF CV costs, as ratios to the engines' own bare text extraction, measured in turns in the same run.

The CVs embed their fonts, as those of people do: opening a font is work that bare extraction has, too, and a file without any would
make it look cheaper than it is. Each round opens the file anew. A plain CV has one column; the other a dark sidebar with white letters.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from io import BytesIO

import pypdfium2 as pdfium  # type: ignore[import-untyped]
from pdfminer.high_level import extract_text
from reportlab.lib.colors import HexColor, white
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from parsing.documents import Tools, read_document
from parsing.documents.pdf_interpreter import QuickInterpreter, TextInterpreter
from parsing.documents.pdf_pdfminer import read_pages
from parsing.profile import extract_profile

_ROUNDS = 7
_SKILLS = (
    "Python",
    "Django",
    "PostgreSQL",
    "Docker",
    "Kubernetes",
    "TypeScript",
    "React",
    "GitLab CI",
    "Ansible",
    "Redis",
    "Linux",
    "Terraform",
)
_TASKS = (
    "Conception et développement d'une interface de programmation pour les démarches en ligne des communes",
    "Mise en place de l'intégration continue et des tests automatiques, formation de trois collègues",
    "Reprise de l'hébergement, supervision et plan de reprise après incident avec les équipes du ministère",
    "Animation des ateliers avec les agents et rédaction de la documentation pour les personnes qui reprennent",
)


def measure() -> Iterator[str]:
    """Yield a line for each figure."""
    _embed_fonts()
    data = curriculum()
    simple = curriculum(has_sidebar=False)
    costs = _in_turns(
        {
            "pdfium": lambda: _bare(data),
            "pdfium, plain": lambda: _bare(simple),
            "text, plain": lambda: read_document(simple),
            "profile, plain": lambda: extract_profile(read_document(simple)),
            "pdfminer": lambda: extract_text(BytesIO(data)),
            "text": lambda: read_document(data),
            "profile": lambda: extract_profile(read_document(data)),
            "patient": lambda: read_document(data, tools=Tools(pdf="pdfminer")),
            "quick": lambda: read_pages(data, {0, 1}, QuickInterpreter),
            "stock": lambda: read_pages(data, {0, 1}, TextInterpreter),
        }
    )
    scattered = _scattered(300)
    page = _in_turns(
        {"ours": lambda: read_document(scattered, tools=Tools(pdf="pdfminer")), "theirs": lambda: extract_text(BytesIO(scattered))}, 1
    )
    rows = (
        ("a plain CV of two pages to text", costs["text, plain"] / costs["pdfium, plain"], "pdfium's bare text extraction"),
        ("a plain CV of two pages to its profile", costs["profile, plain"] / costs["pdfium, plain"], "pdfium's bare text extraction"),
        ("a CV of two pages to text", costs["text"] / costs["pdfium"], "pdfium's bare text extraction"),
        ("a CV of two pages to its profile", costs["profile"] / costs["pdfium"], "pdfium's bare text extraction"),
        ("a CV of two pages to its profile", costs["profile"] / costs["pdfminer"], "pdfminer.six's bare extract_text"),
        ("the same, read by pdfminer.six with our order", costs["patient"] / costs["pdfminer"], "pdfminer.six's bare extract_text"),
        ("pdfminer.six with the quick lexer", costs["quick"] / costs["stock"], "pdfminer.six with its own"),
        ("a page of 300 scattered words in our order", page["ours"] / page["theirs"], "pdfminer.six's layout"),
    )
    for what, ratio, against in rows:
        yield f"{what:46} {ratio:6.2f} times the cost of {against}"


def _in_turns(works: dict[str, Callable[[], object]], rounds: int = _ROUNDS) -> dict[str, float]:
    """Return the median processor time of each, in seconds: one after the other in each round, so that all see the same machine."""
    spent: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            start = time.process_time()
            work()
            spent[name].append(time.process_time() - start)
    return {name: statistics.median(times) for name, times in spent.items()}


def _bare(data: bytes) -> list[str]:
    document = pdfium.PdfDocument(data)
    texts = []
    for page in document:
        textpage = page.get_textpage()
        texts.append(textpage.get_text_range())
        textpage.close()
        page.close()
    document.close()
    return texts


def _embed_fonts() -> None:
    """Register Vera, which reportlab brings along: a canvas embeds of it what it writes."""
    for name in ("Vera", "VeraBd"):
        registerFont(TTFont(name, f"{name}.ttf"))


def curriculum(*, has_sidebar: bool = True) -> bytes:
    """Return a CV of two pages: contact, skills and languages (in a dark sidebar in white letters, or in lines on top), eight posts."""
    out = BytesIO()
    canvas = Canvas(out, invariant=True)
    edge = 190 if has_sidebar else 60
    for page in range(2):
        side = (
            "Contact",
            "lea.morin@example.net",
            "+33 6 39 98 12 34",
            "69003 Lyon",
            "Compétences",
            *_SKILLS,
            "Langues",
            "Français C2",
            "Anglais C1",
        )
        if has_sidebar:
            canvas.setFillColor(HexColor("#1f3a5f"))
            canvas.rect(0, 0, 170, 842, stroke=0, fill=1)
            canvas.setFillColor(white)
            canvas.setFont("Vera", 8)
            for number, text in enumerate(side):
                canvas.drawString(20, 740 - 18 * number, text)
        canvas.setFillColor(HexColor("#222222"))
        canvas.setFont("VeraBd", 18)
        canvas.drawString(edge, 790, "Léa Morin" if page == 0 else "Formation et projets")
        canvas.setFont("Vera", 10)
        canvas.drawString(edge, 770, "Développeuse web")
        if not has_sidebar:
            canvas.setFont("Vera", 6)
            for number in range(3):
                canvas.drawString(edge, 762 - 8 * number, " · ".join(side[7 * number : 7 * number + 7]))
        place = 740
        for post in range(4):
            year = 2024 - 4 * page - post
            canvas.setFont("VeraBd", 8)
            canvas.drawString(edge, place, f"Développeuse – Coopérative numérique du Rhône    09/{year - 1} – 06/{year}")
            canvas.setFont("Vera", 6)
            for number, task in enumerate(_TASKS):
                canvas.drawString(edge + 10, place - 14 * (number + 1), f"• {task}")
            place -= 160
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _scattered(count: int) -> bytes:
    """Return a page of words that stand anywhere: what pdfminer's layout takes longest for."""
    out = BytesIO()
    canvas = Canvas(out, invariant=True)
    for number in range(count):
        canvas.drawString(number * 7919 % 550, number * 104729 % 830, f"mot{number}")
    canvas.save()
    return out.getvalue()
