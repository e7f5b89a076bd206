"""Pictures of CVs and scanned pages: read by tesseract where it is installed, else kept and named."""

from __future__ import annotations

import pickle
import struct
from collections.abc import Callable
from io import BytesIO
from zlib import crc32

import pytest
from composing import at_most
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont
from pillow_heif import register_heif_opener
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from intake.tools import Ocr, find_ocr, tools_of
from parsing.documents import Problem, Tools, Unreadable, read_document
from parsing.documents.ocr import read_picture
from parsing.documents.scans import read_scans

needs_ocr = pytest.mark.skipif(find_ocr() is None, reason="tesseract is missing: scans and pictures are not read")
LINES = (
    "Camille Durand",
    "Cheffe de projet",
    "camille.durand@example.net",
    "06 39 98 12 34",
    "Langages : Python, Django",
    "Anglais courant",
)


def drawn(lines: tuple[str, ...] = LINES, *, paper: str = "white", ink: str = "black") -> Image.Image:
    picture = Image.new("RGB", (1240, 800), paper)
    font = ImageFont.load_default(36)
    for number, line in enumerate(lines):
        ImageDraw.Draw(picture).text((120, 80 + 80 * number), line, fill=ink, font=font)
    return picture


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    register_heif_opener()
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def scanned_pdf(*pictures: Image.Image) -> bytes:
    out = BytesIO()
    page = Canvas(out, pagesize=(595, 384))
    for picture in pictures:
        page.drawImage(ImageReader(picture), 0, 0, 595, 384)
        page.showPage()
    page.save()
    return out.getvalue()


def says_all(text: str) -> bool:
    return [line for line in text.split("\n") if line] == list(LINES)


@needs_ocr
def test_a_picture_of_a_cv_is_read():
    document = read_document(saved(drawn(), "PNG"), tools=tools_of())
    assert says_all(document.text)
    assert (document.pages, document.problems, document.engines) == (1, ("ocr_used",), ("ocr",))


@needs_ocr
def test_light_letters_on_a_dark_side_and_grey_ones_on_white_are_read():
    picture = drawn(("Experience", "juin 2021"), ink="#a0a0a0")
    side = drawn(("Langues", "Python et Django"), paper="#303030", ink="white").crop((0, 0, 500, 800))
    whole = Image.new("RGB", (1740, 2400), "white")
    whole.paste("#303030", (0, 0, 500, 2400))
    whole.paste(side, (0, 0))
    whole.paste(picture, (500, 0))
    text = read_document(saved(whole, "PNG"), tools=tools_of()).text
    assert all(said in text for said in ("Langues", "Python et Django", "Experience", "juin 2021"))


@needs_ocr
def test_scanned_pages_are_read():
    assert says_all(read_scans(scanned_pdf(drawn(("Un",)), drawn()), [1], tools_of())[1])


@needs_ocr
def test_a_tool_for_pictures_goes_to_another_process_and_has_its_time():
    tool = find_ocr()
    assert tool is not None
    assert pickle.loads(pickle.dumps(tool)) == tool
    late = Tools(ocr=Ocr(tool.program, tool.languages, left=0.0))
    assert read_scans(scanned_pdf(drawn()), [0], late) == {}
    assert set(read_document(saved(drawn(), "PNG"), tools=late).problems) == {"timeout", "no_text"}


def test_without_a_tool_pictures_and_scans_have_no_text():
    assert read_document(saved(drawn(), "PNG")).problems == ("no_text",)
    assert read_scans(scanned_pdf(drawn()), [0], Tools()) == {}


Row = tuple[int, int, int, int, int, float, str]
"""Block, and within it line; left, top, width; confidence; text. All are 30 dots tall."""


def lent(*rows: Row, seen: list[tuple[int, int]] | None = None) -> Callable[[bytes, str], str]:
    """Return a tool that finds these words in every picture."""
    table = ["level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"]
    table += [
        f"5\t1\t{block}\t1\t{line}\t1\t{left}\t{top}\t{width}\t30\t{sure}\t{text}" for block, line, left, top, width, sure, text in rows
    ]

    def read(picture: bytes, media_type: str) -> str:
        if seen is not None:
            width, height = picture.split(b" ", 3)[1:3]
            seen.append((int(width), int(height)))
        return "\n".join(table)

    return read


def read_as(*rows: Row) -> str:
    return read_picture(drawn(), Tools(ocr=lent(*rows)))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "HEIF", "GIF", "BMP"])
def test_pictures_of_many_kinds_are_opened(kind):
    document = read_document(saved(drawn(), kind), tools=Tools(ocr=lent((1, 1, 100, 100, 300, 90.0, "Camille"))))
    assert (document.text, document.pages, document.problems, document.engines) == ("Camille", 1, ("ocr_used",), ("ocr",))


def test_a_fax_of_several_pages_is_read():
    octets = saved(drawn(), "TIFF", save_all=True, append_images=[drawn()])
    document = read_document(octets, tools=Tools(ocr=lent((1, 1, 100, 100, 300, 90.0, "Camille"))))
    assert (document.media_type, document.pages, document.text) == ("image/tiff", 2, "Camille\n\nCamille")
    assert document.page_at(document.text.rindex("Camille")) == 2


def test_a_picture_lies_as_its_camera_says():
    seen: list[tuple[int, int]] = []
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    read_document(saved(drawn(), "JPEG", exif=exif), tools=Tools(ocr=lent(seen=seen)))
    assert seen == [(2258, 3500)]


def test_dates_that_stand_apart_are_put_beside_their_lines():
    rows = [
        (1, 1, 100, 100, 300, 90.0, "Développeuse"),
        (1, 2, 100, 150, 300, 90.0, "Mairie"),
        (1, 3, 100, 200, 300, 90.0, "Testeuse"),
        (2, 1, 1500, 102, 100, 90.0, "2021"),
        (2, 2, 1500, 203, 100, 90.0, "2019"),
    ]
    assert read_as(*rows) == "Développeuse\t2021\nMairie\nTesteuse\t2019"


def test_the_end_of_a_line_that_was_cut_off_is_put_back():
    assert read_as((1, 1, 100, 100, 300, 90.0, "juin"), (2, 1, 415, 101, 100, 90.0, "2021")) == "juin 2021"


def test_lines_of_a_page_that_lies_askew_keep_their_order():
    words = [
        (1, line, 100 + 400 * place, 100 + 50 * line + 40 * place, 300, 90.0, f"{line}{place}") for line in range(4) for place in range(4)
    ]
    assert read_as(*words).split() == [f"{line}{place}" for line in range(4) for place in range(4)]


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("lea@example.net", "lea@example.net"),
        ("lea @example.net", "lea@example.net"),
        ("déc, 2021", "déc. 2021"),
        ("e Django", "• Django"),
        ("Anglais : Cl", "Anglais : C1"),
        ("GitLab CI", "GitLab CI"),
        ("mai 2021 a juin 2023", "mai 2021 à juin 2023"),
        ("il a deux ans", "il a deux ans"),
    ],
)
def test_usual_misreadings_are_mended(read, meant):
    words = [(1, 1, 100 + 320 * place, 100, 310, 90.0, word) for place, word in enumerate(read.split())]
    assert read_as(*words) == meant


def test_letters_seen_in_a_picture_beside_the_text_are_dropped():
    assert (
        read_as((1, 1, 100, 100, 300, 96.0, "Camille"), (2, 1, 100, 900, 30, 40.0, "k."), (3, 1, 100, 950, 300, 12.0, "mmsses"))
        == "Camille"
    )


def test_photographs_are_not_read():
    seen: list[tuple[int, int]] = []
    photograph = Image.effect_noise((800, 800), 60)
    assert read_document(saved(photograph, "PNG"), tools=Tools(ocr=lent(seen=seen))).problems == ("no_text",)
    assert seen == []


def test_a_page_that_reads_badly_is_turned():
    seen: list[tuple[int, int]] = []
    doubtful = [(1, number, 100, 100 + 40 * number, 300, 40.0, f"mot{number}") for number in range(20)]
    read_picture(drawn(), Tools(ocr=lent(*doubtful, seen=seen)))
    assert seen == [(1240, 800), (800, 1240), (800, 1240), (1240, 800)]


def test_a_large_picture_is_made_smaller_and_a_small_one_larger():
    seen: list[tuple[int, int]] = []
    for size in ((3600, 2400), (600, 800)):
        read_document(saved(Image.new("L", size, 255), "PNG"), tools=Tools(ocr=lent(seen=seen)))
    assert seen == [(3500, 2333), (1800, 2400)]


def test_pictures_that_swell_or_are_too_small_are_told():
    tools = Tools(ocr=lent((1, 1, 1, 1, 1, 90.0, "x")))
    with at_most(5):
        for size in ((40_000, 10_000), (9_500, 9_500)):
            head = b"IHDR" + struct.pack(">IIBBBBB", *size, 8, 0, 0, 0, 0)
            octets = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", crc32(head)) + b"\x00\x00\x00\x00IDAT"
            assert read_document(octets, tools=tools).problems == ("too_large",)
    assert read_document(saved(Image.new("L", (40, 40), 255), "PNG"), tools=tools).problems == ("no_text",)
    assert read_document(saved(drawn(), "PNG")[:200], tools=tools).problems == ("unreadable",)


def test_what_stops_the_tool_is_told_and_kept():
    def late(picture: bytes, media_type: str) -> str:
        raise Unreadable(Problem.TIMEOUT)

    assert set(read_document(saved(drawn(), "PNG"), tools=Tools(ocr=late)).problems) == {"timeout", "no_text"}


@settings(max_examples=100, deadline=5000)
@given(
    st.text(max_size=300),
    st.lists(st.tuples(*[st.integers(-9, 3000)] * 5, st.floats(-1, 100), st.text(min_size=1, max_size=5)), max_size=30),
)
def test_whatever_the_tool_answers_is_text(text, rows):
    for tool in (lambda picture, kind: text, lent(*rows)):
        assert isinstance(read_picture(Image.new("L", (200, 200), 255), Tools(ocr=tool)), str)
