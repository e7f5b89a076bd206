"""What the files of a message are for: told by what they say where that is sure, by their names where it is not."""

from __future__ import annotations

from collections import Counter
from io import BytesIO

import pytest
from composing import APPLYING, CONTEXT, CV, at_most, eml
from hypothesis import given
from hypothesis import strategies as st
from letters import CVS, LETTERS, PAPERS
from papers import CERTIFICATES, OTHERS, PORTFOLIOS
from reportlab.pdfgen.canvas import Canvas

from parsing.roles_by_content import told_by_content
from parsing.understand import understand

LETTER, CERTIFICATE, CASES, PAYSLIP = LETTERS[-1], CERTIFICATES[0], PORTFOLIOS[0], OTHERS[0]


def role(name: str, *pages: str, beside: tuple[tuple[str, bytes], ...] = (CV,)) -> str:
    files = understand(eml(APPLYING, files=[*beside, (name, paged_pdf(*pages))]), CONTEXT).attachments
    return str(files[-1].role)


def paged_pdf(*pages: str) -> bytes:
    file = BytesIO()
    canvas = Canvas(file, invariant=True)
    for page in pages:
        for number, line in enumerate(page.splitlines()):
            canvas.drawString(60, 790 - 16 * number, line)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def test_papers_are_told_apart_by_what_they_say():
    told = Counter((kind, str(told_by_content(text).role or "other")) for kind, texts in PAPERS.items() for text in texts)
    for kind, texts in PAPERS.items():
        assert told[kind, kind] >= 0.97 * len(texts), {pair: count for pair, count in told.items() if pair[0] == kind}


def test_most_are_sure_whatever_the_file_is_called():
    sure = Counter((kind, told_by_content(text).sure) for kind in ("cv", "cover_letter", "certificate") for text in PAPERS[kind])
    for kind in ("cv", "cover_letter", "certificate"):
        assert sure[kind, True] >= 0.8 * len(PAPERS[kind])


def test_what_is_sure_is_right():
    wrong = [
        (kind, text[:60]) for kind, texts in PAPERS.items() for text in texts if (told := told_by_content(text)).sure and told.role != kind
    ]
    assert wrong == []


@pytest.mark.parametrize("name", ["scan001.pdf", "document.pdf", "20261104_0931.pdf", "CV.pdf", "Camille Perret.pdf"])
def test_content_decides_where_it_is_sure(name):
    assert role(name, LETTER) == "cover_letter"
    assert role(name, CERTIFICATE) == "certificate"
    assert role(name, CASES) == "portfolio"
    assert role(name, PAYSLIP) == "other"


@pytest.mark.parametrize("name", ["scan001.pdf", "lettre de motivation.pdf", "portfolio.pdf", "attestation.pdf"])
def test_a_cv_is_one_under_any_name(name):
    assert role(name, CVS[-1]) == "cv"


@pytest.mark.parametrize(
    ("name", "expected"), [("CV.pdf", "cv"), ("lettre.pdf", "cover_letter"), ("book.pdf", "portfolio"), ("diplôme.pdf", "certificate")]
)
def test_the_name_decides_where_content_does_not(name, expected):
    assert role(name, "Tel. 06 39 98 12 34") == expected


def test_a_letter_and_a_cv_in_one_file_are_a_cv():
    assert role("candidature.pdf", LETTER, CVS[-1]) == "cv"
    assert role("Lettre et CV.pdf", CVS[-1], LETTER) == "cv"
    assert role("candidature.pdf", CVS[-1], CERTIFICATE, PAYSLIP) == "cv"


def test_behind_a_letter_that_is_read_the_cv_may_be_a_picture():
    assert role("CV et lettre.pdf", LETTER, "") == "cv"


def test_a_payslip_alone_is_not_supposed_to_be_the_announced_cv():
    assert role("scan001.pdf", PAYSLIP, beside=()) == "other"


def test_a_text_of_any_length_is_read_at_once():
    told_by_content("")  # the vocabularies are read
    for text in ("a" * 500_000, "1 " * 250_000, "a\n" * 250_000, "projet " * 70_000, "\t" * 500_000, "je soussigné " * 40_000):
        with at_most(0.5):
            told_by_content(text)


ODD = ["PORTFOLIO", "Projet 1", "Formation", "Objet :", "Dear", "\t", "\x00"]


@given(
    st.lists(
        st.one_of(st.text(max_size=60), st.sampled_from(ODD)),
        max_size=30,
    )
)
def test_no_text_is_too_odd(lines):
    told = told_by_content("\n".join(lines))
    assert told.role is not None or not told.sure
