"""What children are born with."""

from __future__ import annotations

from intake.nursery import _CV, _pdf
from parsing.documents import read_document


def test_the_page_that_warms_the_children_up_is_read_as_a_pdf_of_people_is():
    document = read_document(_pdf(_CV.splitlines()))
    assert document.media_type == "application/pdf"
    assert "Camille Exemple" in document.text
    assert "Compétences" in document.text
    assert not document.problems
