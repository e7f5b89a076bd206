"""Words that people cannot see, and private ones, become no facts, whatever the format."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import pytest
from composing import APPLYING, CONTEXT, at_most, eml

from parsing.documents import read_document
from parsing.profile import extract_profile
from parsing.profile.json_resume import to_json_resume
from parsing.understand import understand

UNSEEN = {
    "display": b'<html><body>Python<p style="color:red; display : none">Cobol</p></body></html>',
    "visibility": b'<html><body>Python<p style="visibility:hidden">Cobol</p></body></html>',
    "attribute": b"<html><body>Python<p hidden>Cobol</p></body></html>",
    "tiny": b'<html><body>Python<p style="font-size:1px">Cobol</p></body></html>',
    "white": b'<html><body>Python<p style="color: #FFF">Cobol</p></body></html>',
    "white by tag": b'<html><body>Python<font color="white">Cobol</font></body></html>',
    "rtf white": rb"{\rtf1{\colortbl;\red255\green255\blue255;}Python {\cf1 Cobol}}",
    "rtf tiny": rb"{\rtf1 Python {\fs2 Cobol}}",
}


@pytest.mark.parametrize("data", UNSEEN.values(), ids=UNSEEN.keys())
def test_what_nobody_sees_is_kept_apart(data):
    document = read_document(data)
    assert (document.text, document.hidden, document.problems) == ("Python", "Cobol", ("hidden_text",))


@pytest.mark.parametrize(
    "data",
    [
        b'<html><body style="background:#003"><p style="color:#fff">Cobol</p></body></html>',
        b'<html><body><p style="font-size:12px; color:#ffe">Cobol</p></body></html>',
        b'<html><body><p style="font-size:1.2em; opacity:0.9">Cobol</p></body></html>',
        rb"{\rtf1{\colortbl;\red255\green255\blue255;\red0\green0\blue90;}{\cf1\chcbpat2 Cobol}}",
        rb"{\rtf1{\colortbl;\red255\green0\blue0;}{\fs20\cf1 Cobol}}",
    ],
)
def test_what_people_see_is_text(data):
    document = read_document(data)
    assert (document.text, document.hidden) == ("Cobol", "")


def test_links_that_nobody_sees_are_none():
    page = b'<html><body>Python<a style="display:none" href="mailto:evil@example.org">x</a><a href="https://lea.example.org">ici</a></body>'
    assert read_document(page).links == ("https://lea.example.org",)
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    run = "<w:r><w:rPr>{}</w:rPr><w:t>x</w:t></w:r>"
    links = "".join(f'<w:hyperlink r:id="{name}">{run.format(mark)}</w:hyperlink>' for name, mark in (("a", "<w:vanish/>"), ("b", "")))
    target = '<Relationship Id="{}" Target="mailto:{}@example.org" TargetMode="External"/>'
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{word}" xmlns:r="r"><w:body><w:p>{links}</w:p></w:body></w:document>')
        archive.writestr("word/_rels/document.xml.rels", f"<R>{target.format('a', 'evil')}{target.format('b', 'lea')}</R>")
    assert read_document(out.getvalue()).links == ("mailto:lea@example.org",)


NUMBER = "2 85 05 78 006 084 41"


def test_a_masked_number_stands_in_no_link_and_no_letter():
    page = f'<html><body>Python<a href="mailto:a@example.org?body={NUMBER.replace(" ", "%20")}">ici</a></body></html>'
    document = read_document(page.encode())
    assert document.links == ()
    assert document.problems == ("sensitive_data",)
    found = understand(eml(f"{APPLYING}\nSécurité sociale : {NUMBER}\n"), CONTEXT)
    assert "006" not in found.body
    assert found.body.endswith("• •• •• •• ••• ••• ••")


PRIVATE = """Prénom : Léa Nom : Morin Âge : 29 ans
Développeuse, 29 ans, célibataire
lea.morin@example.net
Expérience
2019 - 2021 Développeuse, Acme (congé maternité 2020)
Formation
2015 - 2018 Master informatique, Lyon, née en 1996
Compétences
Python, Enceinte, Nationalité belge, Male
Langues
Arabe (langue maternelle, nationalité marocaine), née 1996
Certifications
Née le 12/03/1996
Certificat médical d'aptitude
"""
NEVER = ("29", "âge", "célibataire", "maternité", "née", "1996", "enceinte", "nationalité", "marocaine", "male", "médical")


def test_no_fact_says_what_is_private():
    profile = extract_profile(read_document(PRIVATE.encode(), filename="cv.txt"))
    assert profile.name is not None
    assert profile.name.value == "Léa Morin"
    assert [(work.position, work.start_date) for work in profile.work] == [("Développeuse", "2019")]
    assert [study.start_date for study in profile.education] == ["2015"]
    assert [(language.code, language.level) for language in profile.languages] == [("ar", "native")]
    basics = to_json_resume(profile)
    basics["basics"]["sources"].pop("name")
    said = str(basics).lower()
    assert [word for word in NEVER if f"{word}" in said] == []


def test_every_quotation_stands_where_it_says():
    text = read_document(PRIVATE.encode(), filename="cv.txt").text
    profile = extract_profile(read_document(PRIVATE.encode(), filename="cv.txt"))
    places = [(item.start, item.quote) for items in (profile.work, profile.education, profile.languages) for item in items]
    for start, quote in places:
        assert start is not None
        assert text[start : start + len(quote)] == quote
    assert len(places) >= 3


def test_a_document_of_a_million_tags_is_too_large():
    out = BytesIO()
    with ZipFile(out, "w", 8) as archive:
        archive.writestr("word/document.xml", "<d><body>" + "<p/>" * 6_000_000 + "</body></d>")
    with at_most(5):
        assert read_document(out.getvalue()).problems == ("too_large",)


def test_hidden_parts_in_hidden_parts_take_no_time():
    with at_most(5):
        read_document(b"<html><body>" + b"<p hidden><b hidden>x" * 20_000)
