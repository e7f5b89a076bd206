"""Any file a candidate may send: its text in reading order, or the named problem that prevents it."""

from __future__ import annotations

import zipfile
from io import BytesIO

import docx
import pytest
from composing import CV, at_most, pdf, png
from docx.oxml import OxmlElement
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from parsing.documents import MAX_BYTES, Document, read_document, sniff
from parsing.documents.characters import tidy
from parsing.documents.plain import decode

PDF, DOCX = "application/pdf", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def in_order(text: str, *words: str) -> bool:
    places = [text.find(word) for word in words]
    return -1 not in places and places == sorted(places)


def word_file(*, hidden: str | None = None) -> bytes:
    file = docx.Document()
    file.sections[0].header.paragraphs[0].text = "lea.morin@example.net"
    file.add_paragraph("Léa Morin")
    table = file.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ("2024", "Développeuse", "2018", "Master"), strict=True):
        cell.text = text
    paragraph = file.add_paragraph("Langages : Python")
    if hidden:
        run = paragraph.add_run(hidden)
        run._r.get_or_add_rPr().append(OxmlElement("w:vanish"))
    file.add_paragraph("Fin")
    out = BytesIO()
    file.save(out)
    return out.getvalue()


def open_document() -> bytes:
    names = "xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0' xmlns:text='urn:oasis:names:tc:opendocument:xmlns:text:1.0'"
    links = "xmlns:xlink='http://www.w3.org/1999/xlink'"
    body = (
        "<text:h>Léa Morin</text:h><text:p>Développeuse<text:s text:c='2'/>web<text:tab/>2024</text:p>"
        "<text:p><text:a xlink:href='https://example.net/lea'>mon site</text:a></text:p>"
    )
    xml = f"<office:document-content {names} {links}><office:body><office:text>{body}</office:text></office:body></office:document-content>"
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", xml)
    return out.getvalue()


def two_columns() -> bytes:
    out = BytesIO()
    page = Canvas(out, invariant=True)
    left = ("Contact", "lea.morin@example.net", "Langues", "Anglais courant", "Compétences", "Python", "Django", "SQL")
    right = (
        "Léa Morin",
        "Expérience",
        "Coopérative du Lac",
        "Refonte du site",
        "Mairie de Vence",
        "Portail des aides",
        "Formation",
        "Master",
    )
    for number, (first, second) in enumerate(zip(left, right, strict=True)):
        page.drawString(50, 780 - 22 * number, first)
        page.drawString(260, 780 - 17 * number, second)
    page.linkURL("https://www.linkedin.com/in/lea-morin", (50, 600, 150, 620))
    page.save()
    return out.getvalue()


def test_a_pdf_gives_its_text_its_pages_and_its_language():
    document = read_document(CV[1])
    assert (document.media_type, document.pages, document.problems) == (PDF, 1, ())
    assert in_order(document.text, "Léa Morin", "lea.morin@example.net", "Expérience", "Formation")


def test_two_columns_are_read_one_after_the_other():
    document = read_document(two_columns())
    assert in_order(document.text, "Langues", "Anglais courant", "Python", "Django")
    assert in_order(document.text, "Expérience", "Coopérative du Lac", "Refonte du site", "Mairie de Vence", "Master")
    assert "Python\tPortail" not in document.text
    assert document.links == ("https://www.linkedin.com/in/lea-morin",)


def test_a_word_file_is_read_with_headers_and_tables():
    document = read_document(word_file())
    assert document.media_type == DOCX
    assert in_order(document.text, "lea.morin@example.net", "Léa Morin", "2024\tDéveloppeuse", "2018\tMaster", "Fin")
    assert document.problems == ()


def test_an_open_document_is_read_with_its_links():
    document = read_document(open_document())
    assert document.text.split("\n") == ["Léa Morin", "Développeuse web\t2024", "mon site"]
    assert document.links == ("https://example.net/lea",)


TEXT = "Léa Morin — développeuse, œuvre à l’été"


@pytest.mark.parametrize(
    "octets",
    [TEXT.encode(charset) for charset in ("utf-8", "utf-8-sig", "utf-16", "cp1252")]
    + [TEXT.encode("utf-16-le"), TEXT.encode("utf-16-be"), TEXT.encode("mac_roman")],
    ids=["utf-8", "utf-8 with mark", "utf-16", "cp1252", "utf-16-le", "utf-16-be", "mac"],
)
def test_plain_text_is_read_in_the_charsets_that_people_use(octets):
    assert read_document(octets, filename="cv.txt").text == TEXT


def test_a_web_page_is_read_as_it_is_seen():
    page = "<!doctype html><html><head><style>p{}</style></head><body><h1>Léa</h1><script>x()</script><a href='https://a.fr'>site</a></body></html>"
    document = read_document(page.encode())
    assert (document.media_type, document.text.split(), document.links) == ("text/html", ["Léa", "site"], ("https://a.fr",))


PROBLEMS = [
    ("encrypted", pdf("x", password="secret"), "cv.pdf"),
    ("no_text", pdf(), "cv.pdf"),
    ("no_text", png(), "cv.png"),
    ("unreadable", CV[1][:200], "cv.pdf"),
    ("unreadable", b"%PDF-1.7\n" + b"\x00\xff" * 500, "cv.pdf"),
    ("unreadable", word_file()[:-2000] + b"\x00" * 2000, "cv.docx"),
    ("unreadable", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 3000, "cv.doc"),
    ("unsupported", b"Rar!\x1a\x07\x00" + b"x" * 100, "cv.rar"),
    ("unsupported", b"\x00\x01\x02\x03" * 100, "cv.bin"),
    ("too_large", b"%PDF-1.4" + b"\x00" * MAX_BYTES, "cv.pdf"),
    ("hidden_text", word_file(hidden="mots cachés"), "cv.docx"),
    ("sensitive_data", "Sécurité sociale : 2 85 05 78 006 084 41".encode(), "cv.txt"),
    ("sensitive_data", b"IBAN FR14 2004 1010 0505 0001 3M02 606 BIC PSSTFRPP", "cv.txt"),
]


@pytest.mark.parametrize(("problem", "octets", "name"), PROBLEMS, ids=[f"{row[0]}-{row[2]}-{i}" for i, row in enumerate(PROBLEMS)])
def test_what_is_wrong_with_a_file_has_a_name(problem, octets, name):
    document = read_document(octets, filename=name)
    assert document.problems == (problem,)


def test_a_pdf_that_only_its_owner_may_change_is_read():
    document = read_document(pdf("Léa Morin", owner="secret"))
    assert (document.text, document.problems) == ("Léa Morin", ())


def test_hidden_words_of_a_word_file_are_not_read():
    assert "cachés" not in read_document(word_file(hidden="mots cachés")).text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Sécurité sociale : 2 85 05 78 006 084 41", "Sécurité sociale : • •• •• •• ••• ••• ••"),
        ("IBAN : FR1420041010050500013M02606.", "IBAN : •••••••••••••••••••••••••••."),
        ("FR14 2004 1010 0505 0001 3M02 606 BIC ABC", "•••• •••• •••• •••• •••• •••• ••• BIC ABC"),
        ("FR14 2004 1010 0505 0001 3M02 607", None),
        ("2 85 05 78 006 084 42", None),
        ("+33 6 39 98 12 34 depuis 2018", None),
        ("RPPS 10 101 010 101 et NODE 2020 REACT 2019", None),
    ],
)
def test_numbers_that_must_not_be_kept_are_masked_where_they_stand(text, masked):
    document = read_document(text.encode(), filename="cv.txt")
    assert document.text == (masked or text)
    assert ("sensitive_data" in document.problems) is (masked is not None)
    assert len(document.text) == len(text)


def test_letters_that_fonts_and_typesetters_break_are_mended():
    text = "of\ufb01ce\u00ad \u200bprofession\ufffe\nnelle de\u0301veloppeuse lea.\ufffe\nmorin\x07"
    assert tidy(text) == "office professionnelle développeuse lea.-morin"


SNIFFED = [
    (CV[1], None, PDF),
    (b"\n\n" + CV[1], None, PDF),
    (CV[1], "cv.docx", PDF),
    (word_file(), "cv.pdf", DOCX),
    (open_document(), None, "application/vnd.oasis.opendocument.text"),
    (b"\xff\xd8\xff\xe0", "cv.pdf", "image/jpeg"),
    (b"{\\rtf1", None, "application/rtf"),
    (b"<html>", None, "text/html"),
    (b"<p>a</p>", "cv.html", "text/html"),
    (b"<!-- a --><!-- b -->\n<!DOCTYPE html>", None, "text/html"),
    (b"a < b", "cv.txt", "text/plain"),
    (b"", None, "application/octet-stream"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "cv.doc", "application/msword"),
]


@pytest.mark.parametrize(("octets", "name", "media_type"), SNIFFED, ids=range(len(SNIFFED)))
def test_the_content_says_what_a_file_is(octets, name, media_type):
    assert sniff(octets, name) == media_type


@pytest.mark.parametrize(
    "octets",
    [
        b"<!---->" * 500 + b"x",
        b"AA00" + b"A" * 60 + (b" AA00" + b"A" * 60) * 4000,
        b"<html><a " + b"href " * 50_000 + b">",
        b"<html>" + b"<a " * 100_000,
        b"<html>" + b"<table><tr><td>" * 5_000,
        "´ˆ¨".encode() * 100_000,
        b"a@" * 100_000 + b"\n" + b"www." * 50_000,
        b"+33 " + b"1 " * 100_000,
        b"%PDF-1.4\n" + b"1 0 obj\n" * 50_000,
    ],
    ids=["comments", "account numbers", "attributes", "anchors", "tables", "accents", "addresses", "digits", "objects"],
)
def test_hostile_files_are_read_in_seconds(octets):
    with at_most(5):
        assert isinstance(read_document(octets), Document)


def test_a_word_file_with_a_row_of_very_many_cells_is_read_in_seconds():
    cells = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:tbl><w:tr>'
    cells += "<w:tc/>" * 100_000 + "</w:tr></w:tbl></w:body></w:document>"
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", cells)
    with at_most(10):
        assert read_document(out.getvalue()).problems == ("no_text",)


def test_entities_that_swell_are_refused():
    bomb = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><w:document>&b;</w:document>'
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", bomb)
    assert read_document(out.getvalue()).problems == ("unreadable",)


@settings(max_examples=120, deadline=10_000)
@given(st.data())
def test_a_damaged_file_never_raises(data):
    octets = bytearray(data.draw(st.sampled_from([CV[1], two_columns(), word_file(), open_document()])))
    for place, octet in data.draw(st.lists(st.tuples(st.integers(0, len(octets) - 1), st.integers(0, 255)), max_size=12)):
        octets[place] = octet
    cut = data.draw(st.one_of(st.just(len(octets)), st.integers(0, len(octets))))
    document = read_document(bytes(octets[:cut]))
    assert document.text or document.problems
    document.text.encode("utf-8")


@settings(max_examples=200, deadline=5000)
@given(st.binary(max_size=600), st.sampled_from([None, "cv.txt", "cv.html", "cv.doc"]))
def test_any_octets_are_a_document(octets, name):
    document = read_document(octets, filename=name)
    document.text.encode("utf-8")
    assert document.text or document.problems


@settings(max_examples=200, deadline=5000)
@given(st.binary(max_size=600), st.sampled_from([None, "", "utf-16", "latin-1", "idna", "hex", "no-such", "\x00"]))
def test_decoding_text_never_raises(octets, declared):
    assert isinstance(decode(octets, declared), str)
