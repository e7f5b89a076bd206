"""Rich Text and Word 97 files: what people see, in order; hostile ones in bounded time."""

from __future__ import annotations

import struct

import pytest
from composing import at_most
from hypothesis import given, settings
from hypothesis import strategies as st
from outlook import compound

from parsing.documents import Document, read_document
from parsing.documents.rtf import rtf_text


def rtf(body: str) -> Document:
    fonts = r"{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Arial CYR;}{\f2\fcharset2 Symbol;}}"
    return read_document(rb"{\rtf1\ansi\ansicpg1252" + (fonts + body).encode("latin-1") + b"}")


READ = [
    (r"L\'e9a \u8364?\u-10179?\u-8704?", "Léa €😀"),
    (r"\uc2\u233 abc\uc0\u233 x", "écéx"),
    (r"\f1\'e9\f0\'e9\f2\'b7\plain fin", "йéfin"),
    (r"a\par b\line c\tab d\~e\_f\emdash", "a\nb\nc\td e-f—"),
    (r"{\header haut}{\footer bas}corps{\footnote note}", "haut\n\ncorps\n\nnote\n\nbas"),
    (r"{\shp{\*\shpinst{\sp{\sn x}{\sv 9}}{\shptxt bo\'eete\par}}{\shprslt double}}fin", "boîte\nfin"),
    (r"avant {\deleted perdu}\deleted aussi\deleted0 {\*\annotation remarque}{\pict ffd8ff}apr\'e8s", "avant après"),
    (r"\trowd\intbl 2024\cell M\'e9tier\cell\row\trowd un\par deux\cell trois\cell\row fin", "2024\tMétier\nun\ndeux\ntrois\nfin"),
    (r"{\*\inconnu perdu}{\stylesheet perdu}{\info{\title perdu}}gard\'e9", "gardé"),
    (r"a\bin3 {{{b", "ab"),
    (r"{\htmlrtf perdu\htmlrtf0}{\*\htmltag84 <b>}gard\'e9", "gardé"),
]


@pytest.mark.parametrize(("body", "text"), READ, ids=range(len(READ)))
def test_rich_text_is_read_as_it_is_seen(body, text):
    document = rtf(body)
    assert (document.text, document.problems) == (text, ())


def test_rich_text_keeps_hidden_words_apart_and_links():
    document = rtf(r'{\v cach\'e9}vu {\field{\*\fldinst{HYPERLINK "https://example.net/lea"}}{\fldrslt mon site}}')
    assert (document.text, document.hidden, document.problems) == ("vu mon site", "caché", ("hidden_text",))
    assert document.links == ("https://example.net/lea",)


@pytest.mark.parametrize(
    ("head", "octet", "letter"), [(r"\mac", "8e", "é"), (r"\pca", "82", "é"), (r"\ansicpg1250", "e8", "č"), (r"\ansicpg99999", "e9", "é")]
)
def test_letters_are_read_in_the_charset_that_the_file_names(head, octet, letter):
    assert rtf_text(rf"{{\rtf1{head} \'{octet}}}") == letter


@pytest.mark.parametrize(
    "body",
    [
        "{" * 1_000_000,
        r"{\field{\*\fldinst{HYPERLINK " * 50_000,
        r"\trowd a\cell\row " * 60_000,
        r"a\row " * 100_000,
        "HYPERLINK" + " " * 500_000,
        "\\" * 500_000,
        r"\u233?" * 150_000,
    ],
    ids=["groups", "fields", "rows", "loose rows", "blanks", "backslashes", "letters"],
)
def test_hostile_rich_text_is_read_in_seconds(body):
    with at_most(4):
        assert isinstance(rtf(body), Document)


@settings(max_examples=150, deadline=5000)
@given(
    st.lists(st.sampled_from(["{", "}", "\\", "\\par", "\\'e9", "\\u9999999999", "\\bin9", "\\uc", "\\row", "\\trowd", "\\v", "a", "\\*"]))
)
def test_any_rich_text_is_a_document(pieces):
    document = rtf("".join(pieces))
    assert document.text or document.problems


PLAIN, DELETED, HIDDEN = b"", struct.pack("<HB", 0x0800, 1), struct.pack("<HB", 0x083C, 1)


def word97(
    body: list[tuple[str, bytes]], *, head: str = "", foot: str = "", box: str = "", comment: str = "", flags: int = 0, wide: bool = True
) -> bytes:
    """Return a Word 97 file (MS-DOC): runs of text with their marks, and the parts behind them, in two pieces."""
    codec = "utf-16-le" if wide else "cp1252"
    body = [*body, ("\r", PLAIN)]
    headers = ("" if not head else f"{head}\r") + ("" if not foot else f"{foot}\r")
    rest = headers + comment + box
    start, octets, places, marks = 1024, b"", [], []
    for text, mark in [*body, (rest, PLAIN)]:
        places.append(start + len(octets))
        octets += text.encode(codec)
        marks.append(mark)
    page, heap = bytearray(512), 510
    for number, (place, mark) in enumerate(zip(places, marks, strict=True)):
        struct.pack_into("<I", page, 4 * number, place)
        if mark:
            heap -= (len(mark) + 2) // 2 * 2
            page[heap : heap + 1 + len(mark)] = bytes([len(mark)]) + mark
            page[4 * (len(marks) + 1) + number] = heap // 2
    struct.pack_into("<I", page, 4 * len(marks), start + len(octets))
    page[511] = len(marks)
    length = sum(len(text) for text, _ in body)
    whole = length + len(rest)
    first = length // 2  # the text lies in two pieces, the second one first looked at by nobody
    stories = [0] * 7 + [len(head) + 1 if head else 0] * 2
    stories += [stories[-1]] + [len(headers)] * 4
    plc_heads = struct.pack(f"<{len(stories)}I", *stories)
    fc = start if wide else start * 2 | 0x40000000
    pieces = struct.pack("<3I", 0, first, whole) + struct.pack("<HIH", 0, fc, 0)
    pieces += struct.pack("<HIH", 0, fc + 2 * first, 0)
    clx = b"\x01\x02\x00ab\x02" + struct.pack("<I", len(pieces)) + pieces
    bins = struct.pack("<3I", start, start + len(octets), 1)
    fib = bytearray(512)
    struct.pack_into("<HH", fib, 0, 0xA5EC, 0xC1)
    struct.pack_into("<H", fib, 0x0A, 0x0200 | flags)
    struct.pack_into("<8I", fib, 0x4C, length, 0, len(headers), 0, len(comment), 0, len(box), 0)
    table = b""
    for place, plc in ((0xF2, plc_heads), (0xFA, bins), (0x1A2, clx)):
        struct.pack_into("<II", fib, place, len(table), len(plc))
        table += plc
    stream = bytes(fib) + bytes(page) + octets
    return compound({"WordDocument": stream.ljust(5000, b"\x00"), "1Table": table})


@pytest.mark.parametrize("wide", [True, False])
def test_a_word_97_file_is_read_by_its_pieces(wide):
    body = [("Léa Morin\r", PLAIN), ("perdu", DELETED), ("caché", HIDDEN), ("Développeuse\x0bweb\x1e2\r2024\x07Métier\x07\x07fin", PLAIN)]
    document = read_document(word97(body, head="en-tête", foot="pied", box="boîte\r", comment="remarque\r", wide=wide))
    assert document.media_type == "application/msword"
    lines = ["en-tête", "boîte", "Léa Morin", "Développeuse", "web-2", "2024\tMétier", "fin", "pied"]
    assert [line for line in document.text.split("\n") if line] == lines
    assert (document.hidden, document.problems) == ("caché", ("hidden_text",))


def test_fields_of_a_word_97_file_show_their_result_and_give_their_link():
    document = read_document(word97([('voir \x13 HYPERLINK "https://example.net/lea" \x14mon \x13 PAGE \x14site\x15\x15.', PLAIN)]))
    assert (document.text, document.links) == ("voir mon site.", ("https://example.net/lea",))


def test_a_word_97_file_with_a_password_is_named_so():
    assert read_document(word97([("Léa", PLAIN)], flags=0x0100)).problems == ("encrypted",)


@settings(max_examples=150, deadline=5000)
@given(st.data())
def test_a_damaged_word_97_file_is_still_a_document(data):
    octets = bytearray(word97([("Léa Morin", PLAIN), ("perdu", DELETED)], head="haut"))
    for place, octet in data.draw(st.lists(st.tuples(st.integers(0, len(octets) - 1), st.integers(0, 255)), max_size=20)):
        octets[place] = octet
    document = read_document(bytes(octets))
    assert document.text or document.problems
