"""Octets into header fields and parts: what the RFCs allow, and what mail programs send all the same."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from composing import eml, file_part, multipart, text_part
from hypothesis import given, settings
from hypothesis import strategies as st

from parsing.address import Address
from parsing.header import decode_bytes, decode_words, header_text, parse_addresses, parse_parameters
from parsing.message import find_references, parse_message
from parsing.mime import MAX_PARTS

SUBJECTS = [
    (b"=?utf-8?q?Candidature_d=C3=A9veloppeuse?=", "Candidature développeuse"),
    (b"=?UTF-8?B?Q2FuZGlkYXR1cmUgZMOpdg==?=", "Candidature dév"),
    (b"=?iso-8859-1?Q?D=E9veloppeur?= backend", "Développeur backend"),
    (b"=?windows-1252?Q?L=92offre?=", "L’offre"),
    (b"=?utf-8?B?Q2FuZGlkYQ==?=\r\n =?utf-8?B?dHVyZQ==?=", "Candidature"),
    (b"=?utf-8?q?d=C3?= =?utf-8?q?=A9v?=", "dév"),
    (b"=?utf-8*fr?q?D=C3=A9v?=", "Dév"),
    (b"=?unknown-charset?q?Caf=C3=A9?=", "Café"),
    ("Développeuse".encode(), "Développeuse"),
    ("Développeuse".encode("latin-1"), "Développeuse"),
    (b"a\r\n b\r\n\tc", "a b c"),
    (b"a\x00\x07b", "a b"),
    ("rapport\u202efdp.exe".encode(), "rapportfdp.exe"),
    (b"=?utf-8?q?a=0D=0ABcc:_evil@example.com?=", "a Bcc: evil@example.com"),
    (b"", ""),
]


@pytest.mark.parametrize(("raw", "text"), SUBJECTS)
def test_a_subject_is_one_clean_line_of_text(raw, text):
    assert parse_message(b"Subject: " + raw + b"\r\n\r\nx").subject == text
    assert header_text(raw) == text


def test_a_subject_is_cut_at_300_characters():
    assert len(parse_message(b"Subject: " + b"mot " * 500 + b"\r\n\r\n").subject) <= 300


ADDRESSES = [
    ("Léa Morin <lea@example.net>", [("Léa Morin", "lea@example.net")]),
    ('"Morin, Léa" <lea@example.net>', [("Morin, Léa", "lea@example.net")]),
    ("lea@example.net", [("", "lea@example.net")]),
    ("lea@example.net (Léa Morin)", [("Léa Morin", "lea@example.net")]),
    ("<lea@example.net>", [("", "lea@example.net")]),
    ("a@example.net, b@example.net", [("", "a@example.net"), ("", "b@example.net")]),
    ("Équipe : a@example.net, B <b@example.net>;", [("", "a@example.net"), ("B", "b@example.net")]),
    ("undisclosed-recipients:;", []),
    ("Léa", []),
    ("", []),
    ("=?utf-8?q?L=C3=A9a?= <lea@example.net>", [("Léa", "lea@example.net")]),
    ('"=?utf-8?q?Morin=2C_L=C3=A9a?=" <lea@example.net>', [("Morin, Léa", "lea@example.net")]),
    ("'Léa' <mailto:lea@example.net>", [("Léa", "lea@example.net")]),
    ('"lea@example.net" <lea@example.net>', [("lea@example.net", "lea@example.net")]),
    ('"a\\"b" <lea@example.net>', [('a"b', "lea@example.net")]),
]


@pytest.mark.parametrize(("raw", "expected"), ADDRESSES)
def test_addresses_of_a_field(raw, expected):
    assert parse_addresses(raw.encode()) == tuple(Address(name, spec) for name, spec in expected)


PARAMETERS = [
    (b'text/plain; charset="utf-8"', "text/plain", {"charset": "utf-8"}),
    (b"TEXT/Plain;CHARSET=utf-8 ; format=flowed", "text/plain", {"charset": "utf-8", "format": "flowed"}),
    (b"attachment; filename*=utf-8''CV%20L%C3%A9a.pdf", "attachment", {"filename": "CV Léa.pdf"}),
    (b"attachment; filename*0*=utf-8''CV%20; filename*1*=L%C3%A9a; filename*2=.pdf", "attachment", {"filename": "CV Léa.pdf"}),
    (b'attachment; filename*1="b.pdf"; filename*0="a"', "attachment", {"filename": "ab.pdf"}),
    (b'attachment; filename="=?utf-8?q?CV_L=C3=A9a.pdf?="', "attachment", {"filename": "CV Léa.pdf"}),
    (b'attachment; filename="CV; L\xc3\xa9a.pdf"', "attachment", {"filename": "CV; Léa.pdf"}),
    (b'attachment; filename="CV Lea.pdf', "attachment", {"filename": "CV Lea.pdf"}),
    (b"attachment; filename*=iso-8859-1''L%E9a.pdf; filename=Lea.pdf", "attachment", {"filename": "Léa.pdf"}),
    (b"", "", {}),
    (b"multipart/mixed (comment); boundary=a", "multipart/mixed", {"boundary": "a"}),
]


@pytest.mark.parametrize(("raw", "value", "parameters"), PARAMETERS)
def test_a_value_with_parameters(raw, value, parameters):
    assert parse_parameters(raw) == (value, parameters)


DATES = [
    ("Mon, 23 Nov 2026 09:00:00 +0100", datetime(2026, 11, 23, 8, tzinfo=UTC)),
    ("23 Nov 2026 09:00 GMT", datetime(2026, 11, 23, 9, tzinfo=UTC)),
    ("Mon, 23 Nov 2026 09:00:00 -0000", datetime(2026, 11, 23, 9, tzinfo=UTC)),
    ("Mon, 23 Nov 2026 09:00:00 +0100 (CET)", datetime(2026, 11, 23, 8, tzinfo=UTC)),
    ("Mon, 45 Nov 2026 09:00:00 +0100", None),
    ("yesterday", None),
    ("Mon, 23 Nov 9999999 09:00:00 +0100", None),
]


@pytest.mark.parametrize(("field", "expected"), DATES)
def test_a_date_is_in_utc_or_unknown(field, expected):
    assert parse_message(eml(date=field)).date == expected


def test_the_nearest_message_of_a_conversation_comes_first():
    mail = eml(in_reply_to="<3@a>", references="<1@a>\r\n <2@a> <3@a>")
    assert parse_message(mail).references == ("<3@a>", "<2@a>", "<1@a>")
    assert find_references(mail).message_ids == ("<3@a>", "<2@a>", "<1@a>")
    assert find_references(mail).author == "lea.morin@example.net"


def test_a_bounce_tells_which_of_our_mails_came_back():
    returned = b"Content-Type: text/rfc822-headers\r\n\r\nMessage-ID:\r\n <ours@example.org>\r\nSubject: x\r\n"
    mail = b"From: MAILER-DAEMON@x.example\r\n" + multipart("report", (text_part("plain", "Sorry"), returned))
    assert find_references(mail).message_ids == ("<ours@example.org>",)


def test_an_ordinary_mail_that_quotes_a_message_id_belongs_to_nothing():
    assert find_references(eml("Message-ID: <other@example.org>\n")).message_ids == ()


TRANSFERS = [
    ("base64", b"Q2Fmw6k=", "Café"),
    ("BASE64", b"Q2Fm\r\nw6k", "Café"),
    ("quoted-printable", b"Caf=C3=A9=\r\n", "Café"),
    ("8bit", "Café".encode(), "Café"),
    ("x-unknown", "Café".encode(), "Café"),
    ("x-uuencode", b"begin 644 a.txt\r\n%0V%FPZD \r\n`\r\nend\r\n", "Café"),
]


@pytest.mark.parametrize(("encoding", "body", "text"), TRANSFERS)
def test_transfer_encodings_are_undone(encoding, body, text):
    mail = f"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode() + body
    assert parse_message(mail).parts[0].text().strip() == text


@pytest.mark.parametrize(
    ("charset", "data", "text"),
    [
        ("iso-8859-1", "Café".encode("latin-1"), "Café"),
        ("us-ascii", "Café".encode(), "Café"),
        ("iso-8859-1", "Café".encode(), "Café"),
        ("utf-8", "Café".encode("latin-1"), "Café"),
        ("x-none", "Café".encode(), "Café"),
        ("base64", b"Q2Fm", "Q2Fm"),
        (None, "œuvre".encode("cp1252"), "œuvre"),
    ],
)
def test_charsets_that_are_missing_unknown_or_wrong_still_give_text(charset, data, text):
    assert decode_bytes(data, charset) == text


def test_parts_come_in_their_order_with_what_is_around_them():
    mail = eml("texte", html="<p>page</p>", files=[("a.pdf", b"%PDF-1")])
    parts = parse_message(mail).parts
    assert [part.media_type for part in parts] == ["text/plain", "text/html", "application/octet-stream"]
    assert parts[0].containers == ("multipart/mixed", "multipart/alternative")
    assert parts[0].alternative == parts[1].alternative is not None
    assert (parts[2].filename, parts[2].disposition, parts[2].alternative) == ("a.pdf", "attachment", None)


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_any_line_end_serves(end):
    mail = eml("un\ndeux", files=[("a.pdf", b"%PDF-1")]).replace(b"\r\n", end)
    message = parse_message(mail)
    assert message.subject == "Candidature backend"
    assert [part.filename for part in message.parts] == [None, "a.pdf"]
    assert message.parts[0].text().split() == ["un", "deux"]


def test_what_is_wrong_with_the_structure_is_named_and_the_octets_are_kept():
    no_boundary = b"Content-Type: multipart/mixed\r\n\r\nbonjour"
    message = parse_message(no_boundary)
    assert message.defects == ("no_boundary",)
    assert message.parts[0].content == b"bonjour"
    many = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * (MAX_PARTS + 50) + b"--b--\r\n"
    assert "too_many_parts" in parse_message(many).defects
    assert len(parse_message(many).parts) <= MAX_PARTS


def test_an_unclosed_multipart_loses_nothing():
    mail = eml("texte", files=[("cv.pdf", b"%PDF-1.4 octets")])
    cut = mail[: mail.rindex(b"\r\n--=_")]
    assert parse_message(cut).parts[-1].content == b"%PDF-1.4 octets"


def test_an_mbox_line_and_empty_lines_before_the_header_are_skipped():
    assert parse_message(b"From lea@example.net Mon Nov 23 09:00:00 2026\r\n" + eml()).author is not None
    assert parse_message(b"\r\n\r\n" + eml()).subject == "Candidature backend"


def test_a_file_that_was_sent_without_disposition_is_still_a_file():
    part = b"Content-Type: application/pdf; name=cv.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERi0x"
    assert parse_message(eml(parts=[part])).parts[1].filename == "cv.pdf"


def test_octets_of_a_nested_message_stay_as_they_are():
    inner = eml("dedans")
    assert parse_message(eml(parts=[b"Content-Type: message/rfc822\r\n\r\n" + inner])).parts[1].content == inner


LINES = st.sampled_from(
    [
        b"From: ",
        b"To: ",
        b"Subject: ",
        b"Content-Type: ",
        b"multipart/mixed; boundary=b",
        b"--b",
        b"--b--",
        b"message/rfc822",
        b"=?utf-8?q?",
        b"?=",
    ]
    + [
        b"<a@b>",
        b'"',
        b"(",
        b")",
        b"\\",
        b";",
        b"*0*=",
        b"charset=",
        b"\r\n",
        b"\n",
        b" ",
        b"\t",
        b"\x00",
        b"\xff",
        b"=",
        b"<",
        b">",
        b",",
        b":",
    ]
    + [b"Content-Transfer-Encoding: base64\r\n", b"Content-Disposition: attachment; filename=", b"utf-16", b"References: ", b"Date: "]
)
SHAPED = st.one_of(st.binary(max_size=2000), st.lists(st.one_of(LINES, st.binary(max_size=6)), max_size=120).map(b"".join))


@settings(max_examples=300, deadline=5000)
@given(SHAPED)
def test_reading_a_message_never_raises(octets):
    message = parse_message(octets)
    assert all(isinstance(part.text(), str) for part in message.parts)
    assert "\n" not in message.subject
    find_references(octets)
    for text in (message.subject, *(address.name for address in message.authors)):
        text.encode("utf-8")


@settings(max_examples=300, deadline=5000)
@given(SHAPED)
def test_fields_are_read_whatever_stands_in_them(octets):
    value, parameters = parse_parameters(octets)
    assert value == value.lower()
    assert all("\n" not in item for item in parameters.values())
    assert all("@" in address.addr_spec and " " not in address.addr_spec for address in parse_addresses(octets))
    assert isinstance(decode_words(decode_bytes(octets)), str)


@settings(max_examples=200, deadline=5000)
@given(
    st.binary(max_size=400), st.one_of(st.none(), st.text(max_size=12), st.sampled_from(["idna", "punycode", "hex", "utf-16", "gb18030"]))
)
def test_decoding_never_raises(octets, charset):
    assert isinstance(decode_bytes(octets, charset), str)


@settings(max_examples=100, deadline=5000)
@given(st.binary(max_size=3000), st.text("abcdefghij éèç-_.", min_size=1, max_size=40))
def test_a_file_comes_out_as_it_went_in(content, name):
    part = parse_message(eml(parts=[file_part(f"{name}.bin", content)])).parts[1]
    assert part.content == content
    assert part.filename is not None
    assert part.filename.split() == f"{name}.bin".split()
