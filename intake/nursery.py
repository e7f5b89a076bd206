"""What the children that read are born with: imported by the process they are forked from, and by nobody else.

The first mail that a program reads takes four times as long as the second: vocabularies are loaded, patterns compiled. Children are renewed
all the time, so this one place does something when it is imported: it reads a mail in each language, and every child has the rest for free.
"""

from __future__ import annotations

import base64
from contextlib import suppress

import parsing.documents.pdf_pdfminer  # noqa: F401 - loaded only where a page needs it, which would be in each child anew
from parsing.context import Context
from parsing.languages import CODES
from parsing.offer import Offer
from parsing.understand import understand

_CV = """Camille Exemple
Ingénieure logiciel · Software engineer
camille.exemple@example.net · +33 6 39 98 12 34 · https://www.linkedin.com/in/camille-exemple

Expérience professionnelle · Experience
Développeuse, Une Maison (2019 – 2024)
Formation · Education
2018 Master informatique
Compétences · Skills
Python, SQL
Langues · Languages
Français, English (C1)
"""
_MAIL = """From: Camille Exemple <camille.exemple@example.net>
To: jobs@example.org
Subject: {subject}
Message-ID: <1@example.net>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="=-"

--=-
Content-Type: text/plain; charset=utf-8

{text}

--=-
Content-Type: text/plain; charset=utf-8; name="cv.txt"
Content-Disposition: attachment; filename="cv.txt"

{cv}
--=-
Content-Type: application/pdf; name="cv.pdf"
Content-Disposition: attachment; filename="cv.pdf"
Content-Transfer-Encoding: base64

{pdf}
--=---
"""
_TEXTS = {
    "fr": ("Candidature", "Bonjour,\n\nVous trouverez mon CV en pièce jointe.\n\nCordialement,\nCamille Exemple"),
    "en": ("Application", "Hello,\n\nplease find my CV attached.\n\nKind regards,\nCamille Exemple"),
}


def _pdf(lines: list[str]) -> bytes:
    """Return a page that says `lines`; without a cross-reference table, which readers make for themselves."""
    shown = "".join(f"({line.translate({40: None, 41: None, 92: None})}) Tj T* " for line in lines).encode("latin-1", "replace")
    stream = b"BT /F 9 Tf 12 TL 50 780 Td " + shown + b"ET"
    return (
        b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F<</Type/Font/Subtype/Type1"
        b"/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>>>>>>>endobj\n4 0 obj<</Length %d>>stream\n%b\nendstream endobj\n"
        b"trailer<</Root 1 0 R>>\n%%%%EOF\n" % (len(stream), stream)
    )


def warm() -> None:
    """Read a mail in each language, so that whatever is looked up once is looked up."""
    pdf = base64.encodebytes(_pdf(_CV.splitlines())).decode()
    ours = frozenset({"jobs@example.org"})
    for code in CODES:
        subject, text = _TEXTS.get(code, _TEXTS["en"])
        offer = Offer(slug="engineer", title="Ingénieure logiciel", open=True, language=code, recruiters=tuple(ours))
        context = Context(offers=(offer,), our_addresses=ours, recruiters=ours)
        understand(_MAIL.format(subject=subject, text=text, cv=_CV, pdf=pdf).encode(), context)


with suppress(Exception):  # children that are born cold read as well, but none is born when this fails
    warm()
