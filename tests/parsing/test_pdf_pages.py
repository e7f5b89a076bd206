"""A page's picture, and where on it each word stands."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from parsing.documents.document import Unreadable
from parsing.documents.pdf_pages import page_size, render, word_boxes


def sheet(turned: int) -> bytes:
    out = BytesIO()
    page = Canvas(out, pagesize=(600, 600), invariant=True)
    page.setPageRotation(turned)
    page.setCropBox((100, 100, 400, 600))
    page.drawString(120, 400, "Morin")
    page.save()
    return out.getvalue()


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
def test_the_ink_of_a_word_lies_in_its_box(turned):
    data = sheet(turned)
    (word,) = word_boxes(data, 0)
    width, height = page_size(data, 0)
    assert {width, height} == {300, 500}
    picture = Image.open(BytesIO(render(data, 0, 600))).convert("L")
    scale = picture.width / width
    ink = picture.point(lambda value: 255 if value < 128 else 0).getbbox()
    assert ink is not None
    box = (word.left * scale, (height - word.top) * scale, word.right * scale, (height - word.bottom) * scale)
    middle = ((ink[0] + ink[2]) / 2, (ink[1] + ink[3]) / 2)
    assert box[0] <= middle[0] <= box[2]
    assert box[1] <= middle[1] <= box[3]


def test_a_page_that_is_not_there_has_no_words_and_no_picture():
    assert word_boxes(sheet(0), 3) == []
    with pytest.raises(IndexError):
        render(sheet(0), -1)
    with pytest.raises(Unreadable):
        render(b"%PDF-1.7 nothing", 0)


def test_a_picture_stays_within_bounds():
    picture = Image.open(BytesIO(render(sheet(0), 0, 100_000)))
    assert picture.width * picture.height <= 12_100_000
