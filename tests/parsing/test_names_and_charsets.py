"""Names of files as mail programs write them and as attackers do, and texts in whatever charset they claim."""

from __future__ import annotations

import unicodedata
from email.header import Header

import pytest
from composing import eml
from hypothesis import given, settings
from hypothesis import strategies as st

from parsing.filename import MAX_NAME, safe_name
from parsing.header import decode_bytes
from parsing.message import parse_message
from parsing.unpack import unpack


def names(*fields):
    part = b"\r\n".join(field if isinstance(field, bytes) else field.encode() for field in fields) + b"\r\n\r\nxxx"
    return [file.name for file in unpack(parse_message(eml(parts=[part]))).files]


LEA = "CV Léa.pdf"
WRITTEN = [
    b'filename="CV L\xc3\xa9a.pdf"',
    b'filename="CV L\xe9a.pdf"',
    b"filename=CV L\xe9a.pdf",
    b'filename="=?utf-8?B?Q1Yg?=\r\n =?utf-8?B?TMOpYS5wZGY=?="',
    b"filename==?iso-8859-1?q?CV_L=E9a.pdf?=",
    b'filename*0="=?utf-8?B?Q1Yg?="; filename*1="=?utf-8?B?TMOpYS5wZGY=?="',
    b"filename*0*=utf-8''CV%20L%C3;\r\n filename*1*=%A9a;\r\n filename*2=\".pdf\"",
    b"filename*2=.pdf; filename*0*=utf-8''CV%20; filename*1*=L%C3%A9a",
    b"filename*=UTF-8'fr'CV%20L%C3%A9a.pdf; filename=\"CV Lea.pdf\"",
    b"filename=\"CV Lea.pdf\"; filename*=iso-8859-15''CV%20L%E9a.pdf",
    b"filename*=utf-8''CV L\xc3\xa9a.pdf",
    b'(a; comment) ; FileName = "CV L\xc3\xa9a.pdf" ; size=3; creation-date="a;b"',
    b'filename="C:\\Users\\L\xc3\xa9a\\CV L\xc3\xa9a.pdf"',
    b'filename="../../CV L\xc3\xa9a.pdf. ."',
]


@pytest.mark.parametrize("field", WRITTEN)
def test_a_name_is_read_however_it_is_written(field):
    assert names(b"Content-Disposition: attachment; " + field) == [LEA]
    assert names(b"Content-Type: application/pdf; " + field.replace(b"filename", b"name").replace(b"FileName", b"name")) == [LEA]


def test_what_the_disposition_says_counts_before_what_the_type_says():
    both = 'Content-Type: application/pdf; name="a.pdf"'
    assert names(both, 'Content-Disposition: attachment; filename="b.pdf"') == ["b.pdf"]
    assert names(both, 'Content-Disposition: attachment; filename=""') == ["a.pdf"]


def test_what_a_report_attaches_under_a_name_is_a_file():
    assert names("Content-Type: message/delivery-status", "Content-Disposition: attachment; filename=DSN.txt") == ["DSN.txt"]
    assert names("Content-Type: message/delivery-status") == []


@pytest.mark.parametrize(("name", "safe"), [
    ("/etc/passwd", "passwd"),
    ("..\\..\\cv.pdf", "cv.pdf"),
    ("C:cv.pdf", "cv.pdf"),
    ("..", ""),
    (". . .", ""),
    ("folder/", "folder"),
    ("CON", "_CON"),
    ("nul.pdf", "_nul.pdf"),
    ("com1 .tar.gz", "_com1 .tar.gz"),
    ("console.pdf", "console.pdf"),
    ("CV_\u202efdp.exe", "CV_fdp.exe"),
    ("CV\u061c\u2066\u200b\u00ad.pdf", "CV.pdf"),
    ("cv.pdf .\t.", "cv.pdf"),
    ("cv\x00\r\n\x1b[2J.pdf", "cv [2J.pdf"),
    ("cv\ud800.pdf", "cv .pdf"),
    ("نامه\u200cام.pdf", "نامه\u200cام.pdf"),
    ("a" * 500 + ".pdf", "a" * 196 + ".pdf"),
    ("a" * 500, "a" * 200),
])  # fmt: skip
def test_a_name_is_made_safe(name, safe):
    assert safe_name(name) == safe


def is_safe(name):
    hidden = [letter for letter in name if unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Zl", "Zp"} and letter not in "\u200c\u200d"]
    device = name.partition(".")[0].strip().lower() in {"con", "prn", "aux", "nul", "com1", "lpt9"}
    ends = name.endswith((".", " ")) or name.startswith(" ")
    return not (hidden or device or ends or set(name) & set("/\\") or len(name) > MAX_NAME)


NASTY = st.text(st.sampled_from("aCN./\\: \x00\n\u202e\u200bé\ud800conul"), max_size=40) | st.text(max_size=300)


@settings(max_examples=300)
@given(NASTY)
def test_every_name_becomes_safe_once_and_for_all(name):
    safe = safe_name(name)
    assert is_safe(safe)
    assert safe_name(safe) == safe


@settings(max_examples=150, deadline=1000)
@given(
    st.binary(max_size=120),
    st.sampled_from([b"filename=", b'filename="', b"filename*=utf-8''", b"filename*0*=", b"name=", b"x; filename*1="]),
)
def test_every_file_has_a_safe_name_whatever_stands_in_its_header(octets, before):
    [name] = names(
        b"Content-Type: application/pdf", b"Content-Disposition: attachment; " + before + octets.replace(b"\n", b" ").replace(b"\r", b" ")
    )
    assert name
    assert is_safe(name)


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z"), exclude_characters='/\\"%?=:'), min_size=1, max_size=30)


@settings(max_examples=150, deadline=1000)
@given(NAMES, st.sampled_from(["utf-8", "utf-16", "gb18030"]), st.integers(1, 9))
def test_what_is_cut_into_sections_and_coded_is_put_together_again(name, charset, size):
    given = f"CV{name}.pdf"
    coded = "".join(f"%{octet:02X}" for octet in given.encode(charset))
    pieces = [coded[start : start + 3 * size] for start in range(0, len(coded), 3 * size)]
    sections = [
        f"filename*{number}*={f'{charset}{chr(39)}fr{chr(39)}' if not number else ''}{piece}" for number, piece in enumerate(pieces)
    ]
    if len(sections) < 90:
        assert names("Content-Disposition: attachment;\r\n " + ";\r\n ".join(sections)) == [safe_name(given)]


@settings(max_examples=100, deadline=1000)
@given(NAMES)
def test_what_other_programs_code_is_read(name):
    given = f"CV{name}.pdf"
    field = Header(given, "utf-8").encode(linesep="\r\n").replace("\n\n", "\n")
    assert names(f'Content-Disposition: attachment; filename="{field}"') == [safe_name(given)]


CHARSETS = [
    ("unknown-8bit", "utf-8", "Léa"),
    ("unknown-8bit", "cp1252", "Léa"),
    ("cp-850", "cp850", "Léa"),
    ("ibm850", "cp850", "Léa"),
    ("windows1252", "cp1252", "“œ”"),
    ("iso-8859-1", "cp1252", "“œ”"),
    ("gb2312", "gb18030", "朱镕基 €"),
    ("iso-8859-8-i", "iso-8859-8", "שלום"),
    ("ISO-8859-6-I", "iso-8859-6", "مرحبا"),
    ("utf-7", "utf-7", "Léa été"),
    ("unicode-1-1-utf-7", "utf-7", "Léa"),
    ("ks_c_5601-1987", "cp949", "똠방각하"),
    ("x-mac-roman", "mac-roman", "Léa"),
    ("x-sjis", "cp932", "①レジュメ"),
    ("iso-2022-jp", "iso2022_jp", "レジュメ"),
    ("hz-gb-2312", "hz", "中文"),
    ("windows-874", "cp874", "สวัสดี"),
    ("utf-16", "utf-16", "Léa"),
    ("utf-16le", "utf-16-le", "Bonjour Léa"),
    ("utf-16", "ascii", "plain"),
    ("utf-8", "cp1252", "Léa"),
    ('utf-8"; format=flowed', "utf-8", "Léa"),
    ("koi8-r", "koi8-r", "Привет"),
    ("koi8-r", "utf-8", "Привет"),
    ("base64", "ascii", "TGVh"),
    ("rot13", "ascii", "Yrn"),
    ("punycode", "ascii", "La-bja"),
    ("idna", "ascii", "xn--a"),
]


@pytest.mark.parametrize(("label", "codec", "text"), CHARSETS)
def test_a_text_is_read_whatever_its_charset_is_called(label, codec, text):
    assert decode_bytes(text.encode(codec), label) == text


def test_one_broken_letter_costs_no_other():
    assert decode_bytes("Élève à Orléans, ".encode() + b"\xe9" + " été à Besançon".encode()) == "Élève à Orléans, \ufffd été à Besançon"
    assert decode_bytes(b"L\xe9a \x81 \xe9t\xe9", "cp1252") == "Léa \ufffd été"
    assert decode_bytes("レジュメ".encode("iso2022_jp").replace(b"%l", b"\x7f\x7f"), "iso-2022-jp").endswith("ジュメ")


@settings(max_examples=300)
@given(st.binary(max_size=200), st.sampled_from([label for label, _, _ in CHARSETS]) | st.text(max_size=30))
def test_any_octets_under_any_label_are_text(octets, label):
    assert isinstance(decode_bytes(octets, label), str)


@given(st.binary(max_size=400))
def test_a_part_holds_no_nul(octets):
    for part in parse_message(b"Content-Type: text/plain; charset=utf-16\r\n\r\n" + octets).parts:
        assert "\x00" not in part.text()
        part.text().encode("utf-8")
