"""PDFs through both engines: what people see comes out in the order in which they read it, and nothing else."""

from __future__ import annotations

from io import BytesIO
from typing import Literal

import pytest
from drawing import drawn, lines, written
from PIL import Image
from reportlab.lib.utils import ImageReader

from parsing.documents import Problem, Tools, Unreadable, read_document

BOTH = pytest.mark.parametrize("engine", ["pdfium", "pdfminer"])
PROSE = ("Léa Morin", "Développeuse web à Lyon", "Elle a écrit pour la ville un portail des aides", "et forme ses collègues à Python.")


def read(data: bytes, engine: Literal["auto", "pdfium", "pdfminer"] = "auto", **tools):
    return read_document(data, tools=Tools(pdf=engine, **tools))


def picture(grey: int, size: int = 40) -> ImageReader:
    out = BytesIO()
    Image.new("L", (size, size), grey).save(out, "PNG")
    return ImageReader(BytesIO(out.getvalue()))


@BOTH
def test_either_engine_gives_the_same_text(engine):
    document = read(drawn(lines(*PROSE)), engine)
    assert document.text.split("\n") == list(PROSE)
    assert (document.engines, document.problems, document.hidden) == ((engine,), (), "")


@BOTH
def test_columns_that_are_drawn_row_by_row_are_read_one_after_the_other(engine):
    left = [f"gauche{number}" for number in range(12)]
    right = [f"droite{number} avec une phrase" for number in range(12)]

    def draw(canvas):
        for number in range(12):
            canvas.drawString(40, 700 - 15 * number, left[number])
            canvas.drawString(300, 694 - 15 * number, right[number])

    text = read(drawn(draw), engine).text
    assert [word for word in text.split() if word.startswith(("gauche", "droite"))] == left + [word.split()[0] for word in right]


@BOTH
def test_page_numbers_and_repeated_headers_are_left_out(engine):
    def page(number):
        def draw(canvas):
            canvas.drawString(60, 810, "Léa Morin - Curriculum vitae")
            lines(f"Mission {number} : refonte", "du portail", y=700)(canvas)
            canvas.drawString(280, 30, f"Page {number}/3")

        return draw

    document = read(drawn(page(1), page(2), page(3)), engine)
    assert document.text.count("Curriculum vitae") == 1
    assert "Page" not in document.text
    assert [document.text.count(f"Mission {number}") for number in (1, 2, 3)] == [1, 1, 1]
    assert len(document.page_starts) == 3


def test_what_is_no_page_number_stays():
    document = read(drawn(lines("Léa Morin", "2", y=60), lines("fin", "7", y=60)))
    assert document.text.split() == ["Léa", "Morin", "2", "fin", "7"]


@BOTH
@pytest.mark.parametrize("angle", [90, 180, 270])
def test_turned_text_is_put_upright_after_the_rest(engine, angle):
    def draw(canvas):
        lines(*PROSE)(canvas)
        canvas.translate(500, 400)
        canvas.rotate(angle)
        canvas.drawString(0, 0, "Disponible en janvier")
        canvas.drawString(0, -20, "à temps partiel")

    text = read(drawn(draw), engine).text
    assert text == "\n".join(PROSE) + "\n\nDisponible en janvier\nà temps partiel"


@BOTH
def test_a_page_that_lies_on_its_side_is_read(engine):
    def draw(canvas):
        canvas.setPageRotation(90)
        canvas.translate(560, 40)
        canvas.rotate(90)
        lines(*PROSE, x=0, y=0)(canvas)

    assert read(drawn(draw), engine).text.split("\n") == list(PROSE)


@BOTH
def test_letters_set_apart_are_words(engine):
    def draw(canvas):
        canvas.drawString(60, 760, "E X P É R I E N C E   P R O")
        heading = canvas.beginText(60, 730)
        heading.setCharSpace(5)
        heading.textLine("Formation")
        canvas.drawText(heading)
        canvas.drawString(60, 700, "Il y a un an, à la mer")

    assert read(drawn(draw), engine).text.split("\n\n") == ["EXPÉRIENCE PRO", "Formation", "Il y a un an, à la mer"]


@BOTH
def test_ligatures_and_soft_hyphens_are_mended(engine):
    content = b"BT /F2 12 Tf 60 700 Td (oAce, e B coup) Tj 0 -16 Td (profesC) Tj ET"
    data = written(content, to_unicode={65: "ffi", 66: "fl", 67: "\u00ad", **{code: chr(code) for code in (32, 44, *range(97, 123))}})
    assert read(data, engine).text.split() == ["office,", "e", "fl", "coup", "profes"]


@BOTH
def test_what_a_drawing_says_it_stands_for_is_its_text(engine):
    content = (
        b"BT /F1 12 Tf 60 700 Td /Span << /ActualText <FEFF006C0069006E006B> >> BDC (xx) Tj EMC 0 -20 Td "
        b"/Span /P1 BDC (zz) Tj EMC ( en clair) Tj ET"
    )
    document = read(written(content, resources="/Properties << /P1 << /ActualText (mail) >> >>"), engine)
    assert document.text.split() == ["link", "mail", "en", "clair"]


HEBREW = {65: "א", 66: "ב", 67: "ג", 68: "ד", 32: " "}


@BOTH
def test_words_from_right_to_left_are_in_the_order_in_which_they_are_read(engine):
    # drawn from left to right as they stand on paper: "דג בא" is read from its right end
    content = b"BT /F2 12 Tf 60 700 Td (DC BA) Tj 0 -30 Td (BB DDD) Tj ET"
    assert read(written(content, to_unicode=HEBREW), engine).text.split() == ["אב", "גד", "דדד", "בב"]


@BOTH
def test_a_right_to_left_word_among_others_stays_in_its_line(engine):
    content = b"BT /F1 12 Tf 60 700 Td (Langue : ) Tj /F2 12 Tf (BA) Tj /F1 12 Tf ( courant) Tj ET"
    assert read(written(content, to_unicode=HEBREW), engine).text == "Langue : אב courant"


def hidden_pdf(how: str) -> bytes:
    secret = "Kubernetes Terraform Ansible"

    def draw(canvas):
        lines(*PROSE)(canvas)
        text = canvas.beginText(60, 300)
        match how:
            case "white":
                text.setFillColorRGB(1, 1, 1)
            case "nearly white":
                text.setFillColorRGB(0.99, 0.99, 0.98)
            case "tiny":
                text.setFont("Helvetica", 1)
            case "no ink":
                text.setTextRenderMode(3)
            case "clear":
                canvas.setFillAlpha(0.02)
            case "beside":
                text.setTextOrigin(700, 300)
        text.textLine(secret)
        canvas.drawText(text)
        if how == "covered":
            canvas.drawImage(picture(255), 40, 280, 300, 60)

    return drawn(draw)


@pytest.mark.parametrize("how", ["white", "nearly white", "tiny", "no ink", "clear", "beside", "covered"])
def test_text_that_people_cannot_see_is_kept_apart(how):
    document = read(hidden_pdf(how))
    assert document.text.split("\n") == list(PROSE)
    assert (document.hidden, document.problems) == ("Kubernetes Terraform Ansible", ("hidden_text",))


@pytest.mark.parametrize("how", ["white", "tiny", "no ink", "clear", "beside"])
def test_pdfminer_keeps_it_apart_too(how):
    document = read(hidden_pdf(how), "pdfminer")
    assert document.text.split("\n") == list(PROSE)
    assert document.problems == ("hidden_text",)


@BOTH
@pytest.mark.parametrize("ground", ["rectangle", "round", "picture"])
def test_white_letters_on_a_dark_ground_are_text(engine, ground):
    def draw(canvas):
        canvas.setFillColorRGB(0.1, 0.2, 0.4)
        match ground:
            case "rectangle":
                canvas.rect(0, 0, 200, 842, stroke=0, fill=1)
            case "round":
                canvas.roundRect(0, 0, 200, 842, 20, stroke=0, fill=1)
            case "picture":
                canvas.drawImage(picture(30), 0, 0, 200, 842)
        canvas.setFillColorRGB(1, 1, 1)
        lines("Contact", "lea.morin@example.net", "Python et Django", x=20)(canvas)

    document = read(drawn(draw), engine)
    assert document.text.split("\n") == ["Contact", "lea.morin@example.net", "Python et Django"]
    assert (document.hidden, document.problems) == ("", ())


@BOTH
def test_the_letters_that_ocr_put_on_a_scan_are_text(engine):
    def draw(canvas):
        canvas.drawImage(picture(220), 0, 0, 595, 842)
        text = canvas.beginText(60, 700)
        text.setTextRenderMode(3)
        text.textLines(PROSE)
        canvas.drawText(text)

    document = read(drawn(draw), engine)
    assert document.text.split("\n") == list(PROSE)
    assert document.problems == ()


def test_a_scan_over_its_own_text_is_text():
    def draw(canvas):
        lines(*PROSE)(canvas)
        canvas.drawImage(picture(220), 0, 0, 595, 842)

    document = read(drawn(draw))
    assert (document.text.split("\n"), document.problems) == (list(PROSE), ())


@BOTH
def test_links_are_harvested(engine):
    def draw(canvas):
        lines(*PROSE)(canvas)
        canvas.linkURL("https://www.linkedin.com/in/lea-morin", (60, 700, 100, 720))

    assert read(drawn(draw), engine).links == ("https://www.linkedin.com/in/lea-morin",)


def test_what_is_filled_into_a_form_is_read():
    def draw(canvas):
        lines("Nom :")(canvas)
        canvas.acroForm.textfield(name="nom", value="Morin Léa", x=120, y=752, width=200, height=20)

    assert "Morin" in read(drawn(draw)).text


GARBLED = {code: chr(code) for code in range(32, 127)} | {65: "\x1b"}


def test_a_page_that_pdfium_garbles_is_read_by_pdfminer():
    # no map from codes to characters: the glyph's name alone says what it is
    content = b"BT /F3 12 Tf 60 700 Td (o\x01ce et gri\x01es de la ville) Tj ET"
    font = (
        "/F3 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding << /BaseEncoding /WinAnsiEncoding /Differences [1 /f_f_i] >> >>"
    )
    data = written(content).replace(b"/F2 5 0 R", b"/F2 5 0 R " + font.encode())
    document = read(data)
    assert document.text == "office et griffies de la ville"
    assert document.engines == ("pdfminer",)


def test_a_damaged_table_of_contents_is_repaired():
    data = drawn(lines(*PROSE))
    place = data.rindex(b"startxref")
    broken = data[:place].replace(b"\nxref", b"\nxxxx") + b"startxref\n12\n%%EOF"
    for engine in ("pdfium", "pdfminer"):
        assert read(broken, engine).text.split("\n") == list(PROSE)


def test_a_picture_of_a_page_is_read_by_what_is_lent():
    def draw(canvas):
        canvas.drawImage(picture(200), 0, 0, 595, 842)

    document = read(drawn(lines(*PROSE), draw), ocr=shouted)
    assert (document.engines, document.problems) == (("pdfium", "ocr"), ("ocr_used",))
    assert document.text.endswith("Lu dans la page et sur la photo")
    assert read(drawn(draw)).problems == ("no_text",)


def test_pages_for_which_no_time_is_left_are_said_to_be_late_and_stay_pages():
    def draw(canvas):
        canvas.drawImage(picture(200), 0, 0, 595, 842)

    asked: list[str] = []

    def once(data: bytes, media_type: str) -> str:
        if asked:
            raise Unreadable(Problem.TIMEOUT)
        asked.append(media_type)
        return shouted(data, media_type)

    document = read(drawn(draw, draw, lines(*PROSE)), ocr=once)
    assert (document.engines, document.problems) == (("ocr", "pdfium", "pdfium"), ("ocr_used", "timeout"))
    assert [document.page_at(document.text.index(word)) for word in ("photo", "Morin")] == [1, 3]
    assert len(document.page_starts) == 3


def shouted(data: bytes, media_type: str) -> str:
    """What is lent answers as tesseract does: a table of the words and their places."""
    rows = ["level page_num block_num par_num line_num word_num left top width height conf text".replace(" ", "\t")]
    for number, word in enumerate("Lu dans la page et sur la photo".split()):
        rows.append("\t".join(map(str, (5, 1, 1, 1, 1, number + 1, 200 + 150 * number, 300, 120, 40, 95.5, word))))
    return "\n".join(rows)
