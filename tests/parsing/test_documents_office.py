"""Word, OpenDocument, PowerPoint and Pages files: what people see, in order; what they do not see, apart."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from composing import CV, at_most
from hypothesis import given, settings
from hypothesis import strategies as st

from parsing.documents import Document, read_document, sniff
from parsing.documents.media_type import FLAT_ODT, LOCKED, ODP, PAGES, PPTX

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
STRICT = 'xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
_NAMES = {"office": "office", "text": "text", "table": "table", "style": "style", "draw": "drawing", "svg": "svg-compatible"}
ODF = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{said}:1.0"' for name, said in _NAMES.items())


def zipped(**members: str | bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def word(body: str, *, names: str = W, **parts: str) -> bytes:
    document = f"<w:document {names} {R} {MC}><w:body>{body}</w:body></w:document>"
    return zipped(**{"word/document.xml": document}, **parts)


def p(*runs: str) -> str:
    return f"<w:p>{''.join(runs)}</w:p>"


def r(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def test_tracked_changes_are_read_as_accepted_and_comments_are_not_read():
    body = p(
        r("Léa "),
        f"<w:del>{r('perdu').replace('w:t', 'w:delText')}</w:del><w:moveFrom>{r('parti')}</w:moveFrom>",
        f"<w:ins>{r('gardé')}</w:ins><w:moveTo>{r(' venu')}</w:moveTo><w:commentReference/>",
    )
    row = f"<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc>{p(r('effacée'))}</w:tc></w:tr><w:tr><w:tc>{p(r('restée'))}</w:tc></w:tr></w:tbl>"
    document = read_document(word(body + row, **{"word/comments.xml": f"<w:comments {W}>{p(r('remarque'))}</w:comments>"}))
    assert (document.text, document.problems) == ("Léa gardé venu\nrestée", ())


def test_headers_notes_boxes_and_content_controls_are_read():
    box = f"<mc:AlternateContent><mc:Choice><w:txbxContent>{p(r('boîte'))}</w:txbxContent></mc:Choice>"
    box += f"<mc:Fallback><w:txbxContent>{p(r('boîte'))}</w:txbxContent></mc:Fallback></mc:AlternateContent>"
    control = f"<w:sdt><w:sdtPr/><w:sdtContent>{p(r('contrôle'))}</w:sdtContent></w:sdt>"
    parts = {
        "word/header1.xml": f"<w:hdr {W}>{p(r('en-tête'))}</w:hdr>",
        "word/header2.xml": f"<w:hdr {W}>{p(r('en-tête'))}</w:hdr>",
        "word/footnotes.xml": f"<w:footnotes {W}><w:footnote>{p(r('note'))}</w:footnote></w:footnotes>",
        "word/endnotes.xml": f"<w:endnotes {W}><w:endnote>{p(r('fin'))}</w:endnote></w:endnotes>",
        "word/footer1.xml": f"<w:ftr {W}>{p(r('pied'))}</w:ftr>",
    }
    document = read_document(word(p(f"<w:r>{box}</w:r>", r("corps")) + control, **parts))
    assert document.text.split() == ["en-tête", "boîte", "corps", "contrôle", "note", "fin", "pied"]


def test_links_stand_in_relations_and_in_fields_cut_into_pieces():
    field = "<w:r><w:instrText> HYPERLINK &quot;https://exam</w:instrText></w:r><w:r><w:instrText>ple.net/lea&quot; </w:instrText></w:r>"
    simple = f'<w:fldSimple w:instr="HYPERLINK &quot;mailto:lea@example.net&quot;">{r("adresse")}</w:fldSimple>'
    body = p(f'<w:hyperlink r:id="rId1">{r("profil")}</w:hyperlink>', field, simple)
    relations = '<Relationships><Relationship Id="rId1" Target="https://example.org/in/lea" TargetMode="External"/></Relationships>'
    document = read_document(word(body, **{"word/_rels/document.xml.rels": relations}))
    assert set(document.links) == {"https://example.org/in/lea", "https://example.net/lea", "mailto:lea@example.net"}
    assert document.text == "profiladresse"


HIDDEN_STYLE = {"word/styles.xml": f'<w:styles {W}><w:style w:styleId="Secret"><w:rPr><w:vanish/></w:rPr></w:style></w:styles>'}
UNSEEN = [
    ("<w:vanish/>", {}, True),
    ('<w:vanish w:val="0"/>', {}, False),
    ('<w:rStyle w:val="Secret"/>', HIDDEN_STYLE, True),
    ('<w:sz w:val="2"/>', {}, True),
    ('<w:sz w:val="16"/>', {}, False),
    ('<w:color w:val="FFFFFF"/>', {}, True),
    ('<w:color w:val="FFFFFF"/><w:shd w:fill="1F3864"/>', {}, False),
    ('<w:color w:val="1F3864"/>', {}, False),
]


@pytest.mark.parametrize(("properties", "parts", "unseen"), UNSEEN, ids=[row[0] for row in UNSEEN])
def test_what_people_cannot_see_is_kept_apart(properties, parts, unseen):
    document = read_document(word(p(r("vu ")) + p(r("caché", properties)), **parts))
    assert ("caché" in document.text) is not unseen
    assert document.hidden == ("caché" if unseen else "")
    assert document.problems == (("hidden_text",) if unseen else ())


def test_a_word_file_of_another_dialect_or_part_name_is_read():
    assert read_document(word(p(r("Léa")), names=STRICT)).text == "Léa"
    renamed = zipped(**{"word/document2.xml": f"<w:document {W}><w:body>{p(r('Léa'))}</w:body></w:document>"})
    assert read_document(renamed).text == "Léa"


def open_content(body: str) -> str:
    changes = '<text:tracked-changes><text:changed-region text:id="c1"><text:deletion><text:p>perdu</text:p></text:deletion>'
    changes += "</text:changed-region>"
    changes += '<text:changed-region text:id="c2"><text:insertion/></text:changed-region></text:tracked-changes>'
    styles = '<style:style style:name="T1"><style:text-properties text:display="none"/></style:style>'
    return (
        f'<office:document office:mimetype="application/vnd.oasis.opendocument.text" {ODF}>'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:master-styles><style:master-page><style:header><text:p>en-tête</text:p></style:header>"
        f"<style:footer><text:p>pied</text:p></style:footer></style:master-page></office:master-styles>"
        f"<office:body><office:text>{changes}{body}</office:text></office:body></office:document>"
    )


OPEN = (
    "<text:p>Léa\n   Morin<draw:frame><draw:text-box><text:p>boîte</text:p></draw:text-box>"
    "<svg:title>une image</svg:title></draw:frame></text:p>"
    "<text:p><draw:custom-shape><text:p>forme</text:p></draw:custom-shape>corps"
    "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>note</text:p></text:note-body></text:note>"
    "<office:annotation><text:p>remarque</text:p></office:annotation></text:p>"
    "<text:p>avant <text:change-start text:change-id='c1'/>effacé<text:change-end text:change-id='c1'/>"
    "<text:change-start text:change-id='c2'/>ajouté<text:change-end text:change-id='c2'/>"
    "<text:span text:style-name='T1'>caché</text:span></text:p>"
)
READ = ["en-tête", "boîte", "Léa", "Morin", "forme", "corps", "note", "avant", "ajouté", "pied"]


def test_an_open_document_is_read_zipped_and_flat():
    flat = read_document(open_content(OPEN).encode())
    both = zipped(**{"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": open_content(OPEN)})
    assert flat.media_type == FLAT_ODT
    for document in (flat, read_document(both)):
        assert (document.text.split(), document.hidden, document.problems) == (READ, "caché", ("hidden_text",))


def slides() -> bytes:
    a = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
    slide = (
        "<p:sld {}{}><a:p><a:r><a:t>{}</a:t></a:r></a:p><a:tbl><a:tr><a:tc><a:p><a:r><a:t>a</a:t></a:r></a:p></a:tc></a:tr></a:tbl></p:sld>"
    )
    names = {f"ppt/slides/slide{n}.xml": slide.format(a, ' show="0"' if n == 10 else "", f"planche {n}") for n in (1, 2, 10)}
    return zipped(**{"ppt/presentation.xml": "<a/>"}, **names)


def test_slides_are_pages():
    powerpoint = read_document(slides())
    assert (powerpoint.media_type, powerpoint.pages, powerpoint.text) == (PPTX, 3, "planche 1\na\n\nplanche 2\na")
    pages = "".join(f"<draw:page><text:p>planche {n}</text:p></draw:page>" for n in (1, 2))
    content = f"<office:document-content {ODF}><office:body>{pages}</office:body></office:document-content>"
    impress = read_document(zipped(**{"mimetype": ODP, "content.xml": content}))
    assert (impress.media_type, impress.pages, impress.page_at(12)) == (ODP, 2, 2)


def test_a_pages_file_is_read_by_its_preview():
    document = read_document(zipped(**{"Index/Document.iwa": b"\x00", "QuickLook/Preview.pdf": CV[1]}))
    assert (document.media_type, document.pages) == (PAGES, 1)
    assert "Léa Morin" in document.text


def locked_zip() -> bytes:
    octets = bytearray(zipped(**{"cv.txt": "Léa"}))
    octets[6] |= 1  # the flag of encryption, in the member's header and in the directory
    octets[octets.index(b"PK\x01\x02") + 8] |= 1
    return bytes(octets)


ENCRYPTED = [
    zipped(**{"Index/Document.iwa": b"\x00", ".iwpv2": b"x", "preview.jpg": b"x"}),
    zipped(
        **{
            "mimetype": b"application/vnd.oasis.opendocument.text",
            "content.xml": b"\x07\x81",
            "META-INF/manifest.xml": b"<manifest><file-entry><encryption-data/></file-entry></manifest>",
        }
    ),
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
    locked_zip(),
]


@pytest.mark.parametrize("octets", ENCRYPTED, ids=["pages", "odt", "docx", "zip"])
def test_files_with_a_password_are_named_so(octets):
    assert read_document(octets).problems == ("encrypted",)


def test_a_pages_file_without_a_preview_and_an_archive_are_unsupported():
    assert read_document(zipped(**{"Index/Document.iwa": b"\x00"})).problems == ("unsupported",)
    assert read_document(zipped(**{"cv.txt": "Léa"})).problems == ("unsupported",)
    assert sniff(ENCRYPTED[2]) == LOCKED


def test_files_nested_too_deep_or_inflated_too_far_are_refused_in_seconds():
    with at_most(10):
        assert read_document(word("<w:sdt>" * 5000 + "</w:sdt>" * 5000)).problems == ("unreadable",)
        assert read_document(word(" " * (60 * 2**20))).problems == ("too_large",)


SAMPLES = [word(p(r("Léa")), **HIDDEN_STYLE), open_content(OPEN).encode(), slides(), ENCRYPTED[0]]


@settings(max_examples=100, deadline=5000)
@given(st.data())
def test_a_damaged_office_file_is_still_a_document(data):
    octets = bytearray(data.draw(st.sampled_from(SAMPLES)))
    for place, octet in data.draw(st.lists(st.tuples(st.integers(0, len(octets) - 1), st.integers(0, 255)), max_size=12)):
        octets[place] = octet
    document = read_document(bytes(octets[: data.draw(st.integers(len(octets) // 2, len(octets)))]))
    assert isinstance(document, Document)
    assert document.text or document.problems
