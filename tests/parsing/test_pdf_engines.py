"""The two engines beside each other, and pdfminer's quick lexer beside its own: where they differ, and that it is not in words."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest
from drawing import drawn, lines, written
from hypothesis import given, settings
from hypothesis import strategies as st

from parsing.documents import Tools, read_document
from parsing.documents.pdf_interpreter import QuickInterpreter, TextInterpreter
from parsing.documents.pdf_pdfminer import read_pages

LETTERS = {code: chr(code) for code in range(32, 127)}


def outcome(data: bytes, interpreter: type, numbers: set[int]) -> object:
    """What is read, or the kind of error that is raised."""
    try:
        return read_pages(data, numbers, interpreter)
    except Exception as error:  # noqa: BLE001 - whatever pdfminer raises: both must
        return type(error)


def assert_same(data: bytes, numbers: frozenset[int] = frozenset({0})) -> None:
    assert outcome(data, QuickInterpreter, set(numbers)) == outcome(data, TextInterpreter, set(numbers))


CONTENTS = [
    b"BT /F1 12 Tf 60 700 Td (simple) Tj ET",
    b"BT/F1 12 Tf 60 700 Td[(a)-250(b)(c)-.5(d)]TJ(x)'1 2(y)\"ET",
    rb"BT /F1 12 Tf 60 700 Td (a\(b\)c (nested (twice) ) \101\7\53 \n\r\t\b\f\\ \z) Tj ET",
    b"BT /F1 12 Tf 60 700 Td <48656C6C6F> Tj <486> Tj < 48 65 > Tj ET",
    b"BT /F#31 12 Tf 60 700 Td (a name with a code) Tj ET",
    b"q 1 0 0 1 5 5 cm 10 10 m 20 20 l 1 2 3 4 5 6 c h S 0 0 10 10 re f* W n Q "
    b"BT /F1 9 Tf 1 0 0 1 60 700 Tm (after shapes) Tj T* (b) Tj ET",
    b"7 8 9 m BT /F1 12 Tf 60 700 Td (left over operands) Tj ET",
    b"BT /F1 12 Tf 60 700 Td (before) Tj ET "
    b"q 10 0 0 10 0 0 cm BI /W 2 /H 2 /BPC 8 /CS /G ID \x00\x01\x02\x03 EI Q BT /F1 12 Tf 60 680 Td (behind) Tj ET",
    b"% a comment ( with a bracket\nBT /F1 12 Tf 60 700 Td (a) Tj % and another\n(b) Tj ET",
    b"BT /F1 12 Tf 60 700 Td (never closed Tj ET",
    b"BT /F1 12 Tf 60 700 Td [(never) (closed) TJ ET",
    b"BT /F1 12 Tf 60 700 Td ] >> } (closed too often) Tj ET",
    b"BT /F1 +12. Tf 60 -.5 Td .25 Tc --5 Tw 1.2.3 Tz (odd numbers) Tj ET",
    b"BT /F1 12 Tf 60 700 Td true false null nonsense (words) Tj ET",
    b"/Span << /ActualText (said) /A [1 [2 /B] << /C true >>] >> BDC BT /F1 12 Tf 60 700 Td (drawn) Tj ET EMC",
    b"BT /F1 12 Tf 60 700 Td (line\\\r\nbroken) Tj (nul\x00inside) Tj \x00 (after) Tj ET",
    b"",
]


@pytest.mark.parametrize("content", CONTENTS, ids=range(len(CONTENTS)))
def test_the_quick_lexer_reads_what_the_stock_one_reads(content):
    data = written(content)
    assert outcome(data, QuickInterpreter, {0}) == outcome(data, TextInterpreter, {0})


def test_strings_are_read_as_they_are_meant():
    words = [[word.text for word in read_pages(written(content), {0})[0].words] for content in CONTENTS[:4]]
    assert words[0] == ["simple"]
    assert words[1][:2] == ["a", "bcd"]
    assert words[2][:4] == ["a(b)c", "(nested", "(twice)", ")"]
    assert words[3][0].startswith("Hello")


TOKENS = [
    *[
        b"BT",
        b"ET",
        b"Tj",
        b"TJ",
        b"Td",
        b"TD",
        b"Tm",
        b"Tf",
        b"T*",
        b"'",
        b'"',
        b"q",
        b"Q",
        b"cm",
        b"m",
        b"l",
        b"c",
        b"re",
        b"h",
        b"S",
        b"n",
    ],
    *[
        b"g",
        b"rg",
        b"k",
        b"Tr",
        b"Tc",
        b"EMC",
        b"BMC",
        b"sc",
        b"scn",
        b"/F1",
        b"/F2",
        b"/Span",
        b"/A#42",
        b"(a)",
        b"(b c)",
        rb"(\051\q)",
        b"<41>",
    ],
    *[
        b"<4>",
        b"[",
        b"]",
        b"<<",
        b">>",
        b"0",
        b"1",
        b"-1",
        b"12",
        b"60",
        b".5",
        b"+3.",
        b"1e3",
        b"-",
        b".",
        b"true",
        b"null",
        b"{",
        b"}",
        b"%x\n",
        b"BI",
    ],
]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(TOKENS), st.sampled_from([b" ", b"\n", b"", b"\r\n"])), max_size=60))
def test_both_lexers_agree_on_any_content(tokens):
    content = b"BT /F1 12 Tf 60 700 Td (a) Tj " + b"".join(token + blank for token, blank in tokens)
    assert_same(written(content))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_both_lexers_agree_on_noise(noise):
    assert_same(written(b"BT /F1 12 Tf 60 700 Td (a) Tj " + noise))


def test_both_lexers_agree_on_pages_of_a_library():
    data = drawn(lines("Léa Morin", "(crochets) \\ et œuvres à 50 %"), lines("Fin"), compress=0)
    assert_same(data, frozenset({0, 1}))


def words(text: str) -> Counter[str]:
    return Counter(word.lower() for word in re.findall(r"\w{2,}", text))


def alike(one: str, other: str) -> float:
    """Share of the words of both that both have, 0 to 1."""
    first, second = words(one), words(other)
    return (first & second).total() / max((first | second).total(), 1)


def test_where_the_engines_disagree_on_real_files(corpus):
    """Each engine alone over all PDFs: they agree on nearly all, and what pdfium garbles only pdfminer.six reads."""
    apart, saved, read = {}, [], 0
    for path in sorted((corpus / "cvs").glob("*.pdf")):
        data = path.read_bytes()
        best = read_document(data)
        if not best.text or (best.pages or 0) > 5:
            continue
        read += 1
        if "pdfminer" in best.engines:
            saved.append(path.name)
            best = read_document(data, tools=Tools(pdf="pdfium"))
        if (share := alike(best.text, read_document(data, tools=Tools(pdf="pdfminer")).text)) < 0.97:
            apart[path.name] = round(share, 2)
    print(json.dumps({"apart": apart, "saved by pdfminer.six": saved}, indent=1))  # noqa: T201 - the list is what is wanted: pytest -s
    assert read > 40
    assert len(apart) <= 0.1 * read, apart
    assert saved, "if no real file needs the second engine any more, say so in docs/dependencies.md"


def test_both_lexers_agree_on_real_files(corpus):
    compared = 0
    for path in sorted((corpus / "cvs").glob("*.pdf"))[::3]:
        data = path.read_bytes()
        assert_same(data)
        compared += isinstance(outcome(data, QuickInterpreter, {0}), dict)
    assert compared > 15
