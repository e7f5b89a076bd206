"""Whatever a stranger writes, what stands in our mail is one harmless line."""

from __future__ import annotations

import email.policy
import unicodedata
from email import message_from_bytes

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from notifications.clean import clean_file_name, clean_line, clean_name, clean_text, mailable_address, shorten, thread_id

_HARMFUL = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}

anything = st.text(st.characters(), max_size=300)
"""Surrogates, unassigned and private characters included."""


@given(anything, st.integers(1, 200))
@example("a\r\nBcc: victim@example.org", 80)
@example("=??=?utf-8?q?=0D=0ABcc:=20x?=", 80)
@example("\u202egnp.exe\u2066", 80)
@example("e" + "\u0301" * 50, 80)
def test_a_line_is_one_line_without_anything_that_acts(value: str, limit: int) -> None:
    line = clean_line(value, limit)
    assert len(line) <= limit
    assert not {unicodedata.category(character) for character in line} & _HARMFUL
    assert "=?" not in line
    assert "?=" not in line
    assert line == line.strip()
    assert "  " not in line
    assert clean_line(line, limit) == line, "cleaning what is clean changes nothing"


@given(anything)
def test_a_line_in_a_header_stays_in_its_header(value: str) -> None:
    raw = b"Subject: " + clean_line(value, 120).encode("utf-8") + b"\r\nTo: a@example.org\r\n\r\nbody"
    assert message_from_bytes(raw, policy=email.policy.compat32).keys() == ["Subject", "To"]


@given(st.text(st.sampled_from("a\u0301\u0300\u0302é "), max_size=60))
def test_marks_are_never_piled_up(value: str) -> None:
    run = longest = 0
    for character in clean_line(value, 200):
        run = run + 1 if unicodedata.category(character).startswith("M") else 0
        longest = max(longest, run)
    assert longest <= 3


@given(st.text(st.sampled_from("ab \n\r\t\u2028\x00"), max_size=200), st.integers(1, 100))
def test_a_text_keeps_its_lines_and_never_two_empty_ones(value: str, limit: int) -> None:
    text = clean_text(value, limit)
    assert len(text) <= limit
    assert "\n\n\n" not in text
    assert not {unicodedata.category(character) for character in text.replace("\n", "")} & _HARMFUL


def test_plain_words_pass_unchanged() -> None:
    assert clean_line("Ingénieure d’études – 80 % (CDI) « Zoé »", 80) == "Ingénieure d’études – 80 % (CDI) « Zoé »"
    assert clean_text("Bonjour,\n\n\n\nvoici mon CV.\nZoé", 80) == "Bonjour,\n\nvoici mon CV.\nZoé"


@pytest.mark.parametrize(
    "name", ["Amina Diallo", "Jean-Pierre Lefèvre", "Conan O’Brien", "Nguyễn Thị Hương", "Ö", "王小明", "J. K. Rowling"]
)
def test_names_of_people_are_greeted(name: str) -> None:
    assert clean_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        None,
        "   ",
        "www",
        "Buy at pills.example",
        "http evil",
        "Zoé 2",
        "a@example.org",
        "x" * 61,
        "Win <b>now</b>",
        "-",
        "Jo!",
        "visit evil.com",
    ],
)
def test_what_is_no_name_is_not_greeted(name: str | None) -> None:
    assert clean_name(name) is None


@given(anything)
def test_a_greeted_name_holds_letters_only(value: str) -> None:
    name = clean_name(value)
    if name is not None:
        assert len(name) <= 60
        assert not set(name) & set('<>@:/\\"\r\n0123456789&%=?')


@pytest.mark.parametrize("name", ["CV.pdf", "CV Amina Diallo (2026).docx", "l’été.odt", "lettre_v2-final.PDF"])
def test_file_names_are_repeated_to_their_sender(name: str) -> None:
    assert clean_file_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "noextension",
        "../../etc/passwd",
        "http://evil.example/x.pdf",
        "www.pills.example.pdf",
        "a" * 90 + ".pdf",
        "x.pdf<script>",
        "a\nb",
    ],
)
def test_what_is_no_file_name_is_not_repeated(name: str) -> None:
    assert clean_file_name(name) is None


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("a@example.org", "a@example.org"),
        (" a@example.org ", "a@example.org"),
        ("zoé@example.org", None),
        ("a@exämple.org", "a@xn--exmple-cua.org"),
        ("a b@example.org", None),
        ("a@example.org\r\nRCPT TO:<b@example.org>", None),
        ("@example.org", None),
        ("a@", None),
        ("a", None),
        ("a@" + "x" * 70 + ".org", None),
        ("<a@example.org>", None),
    ],
)
def test_addresses_that_smtp_can_carry(written: str, sent: str | None) -> None:
    assert mailable_address(written) == sent


@given(anything)
def test_no_address_carries_a_command(value: str) -> None:
    address = mailable_address(value)
    assert address is None or (address.isascii() and not set(address) & set(" <>\r\n,;:"))


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("<a.b@c>", True),
        ("<a>\r\nBcc: x", False),
        ("a@c", False),
        ("<=?utf-8?q?x?=@c>", False),
        ("<" + "x" * 251 + ">", False),
        (None, False),
    ],
)
def test_a_strangers_message_id_is_repeated_only_when_well_formed(value: str | None, kept: bool) -> None:
    assert thread_id(value) == (value if kept else None)


@given(st.text(max_size=100), st.integers(1, 60))
def test_shortening_keeps_the_limit_and_says_so(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert len(short) <= limit
    assert short == text if len(text) <= limit else short.endswith("…")
