"""A CV is read once: who it is about first, the rest when the mail is known; and what narrow columns part is put together."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsing.address import Address
from parsing.documents import Document
from parsing.profile import Profile, extract_profile, find_person
from parsing.profile.trades import without_firm

CV = """Léa Morin
Développeuse web
lea.morin@example.org | 06 39 98 00 11 | github.com/lea-morin

Expérience
Développeuse web, Atelier Bleu, Lyon
janvier 2020 – mars 2023
• Migration de sites vers Django

Compétences
Python, Django, PostgreSQL

Formation
Master Informatique, Université de Rennes, 2019

Références
Paul Durand, paul.durand@example.com, 06 39 98 00 22
"""
TODAY = date(2026, 11, 23)
LINES = st.sampled_from([*CV.splitlines(), "", "Rhys Iyer", "https://linkedin.com/in/rhys-iyer", "rhys.iyer@example.com", "CV"])
TEXTS = st.one_of(st.lists(LINES, max_size=20).map("\n".join), st.text(max_size=200))


def document(text: str) -> Document:
    return Document("text/plain", text=text)


def name_of(text: str) -> str | None:
    name = extract_profile(document(text)).name
    return name.value if name else None


def test_the_first_reading_knows_name_address_and_number_and_nothing_else() -> None:
    found = find_person(document(CV)).profile
    whole = extract_profile(document(CV))
    assert found == Profile(name=whole.name, email=whole.email, phone=whole.phone)
    assert found.name is not None
    assert (found.name.value, found.email and found.email.value) == ("Léa Morin", "lea.morin@example.org")
    assert find_person(None).profile == Profile()


@given(TEXTS, st.one_of(st.just(""), TEXTS), st.sampled_from([None, Address("Léa Morin", "lea@example.net"), Address("", "x@example.net")]))
def test_the_second_reading_says_the_same_with_the_first_one_or_without(text: str, body: str, author: Address | None) -> None:
    read = document(text)
    person = find_person(read)
    alone = extract_profile(read, body=body, author=author, today=TODAY)
    assert extract_profile(read, body=body, author=author, today=TODAY, person=person) == alone
    plain = extract_profile(read)
    assert person.profile == Profile(name=plain.name, email=plain.email, phone=plain.phone)


def test_a_name_of_which_contact_details_were_read_between_the_words_is_put_together() -> None:
    text = "Rhys\nLeeds, UK | rhys.iyer@example.org |\nIyer\nrhys.example.org\n\nExperience\nLumen Ai, Founder\t2020 – 2022\n"
    name = extract_profile(document(text)).name
    assert name is not None
    assert name.value == "Rhys Iyer"
    assert text[name.start :].startswith(name.quote)


def test_two_words_far_apart_or_of_another_address_are_no_name() -> None:
    assert name_of("Rhys\nLeeds, UK\nIyer\ninfo@example.org\n") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rhys Iyer\nProgramme Manager\n\nExperience\nAcme Ltd 2019 - 2022\n\nContact\ninfo@example.org\n", "Rhys Iyer"),
        ("Rhys Iyer\nProgramme Manager\n\nExperience\nAcme Ltd 2019 - 2022\n", None),
        ("CV\nAnouk van der Meer\nchargée de mission\nbonjour@example.org\n", "Anouk van der Meer"),
        ("Maria de La Cruz\nDéveloppeuse web\ncontact@example.org\n", "Maria de La Cruz"),
        ("Atelier Bleu\nGraphiste\nParis 2019\n\nContact\nbonjour@example.org\n", None),
        ("Banque Asterion\nDéveloppeuse web\n\nLyon\nbonjour@example.org\n", None),
        ("Programme Manager\nProject Officer\n", None),
    ],
)
def test_a_name_alone_above_a_trade_is_found_and_a_firm_is_none(text: str, expected: str | None) -> None:
    assert name_of(text) == expected


def test_a_title_on_two_lines_is_one() -> None:
    label = extract_profile(document("Rhys\nIyer\nSoftware\nDeveloper\nrhys.iyer@example.org\n")).label
    assert label is not None
    assert (label.value, label.quote) == ("Software Developer", "Software\nDeveloper")


@pytest.mark.parametrize(
    ("position", "expected"),
    [
        ("Développeur Société Lumen", ("Développeur", "Société Lumen")),
        ("DEVELOPER COMPANY A", ("DEVELOPER", "COMPANY A")),
        ("Directeur de société Civile", ("Directeur de société Civile", None)),
        ("Assistant Company Secretary", ("Assistant Company Secretary", None)),
        ("Company Driver", ("Company Driver", None)),
        ("Responsable", ("Responsable", None)),
        (None, (None, None)),
    ],
)
def test_a_firm_behind_a_title_is_told_by_the_word_that_begins_its_name(position: str | None, expected: tuple[str | None, ...]) -> None:
    assert without_firm(position) == expected


@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(["Développeur", "Société", "Company", "de", "A", "4"])).map(" ".join)))
def test_dividing_a_title_loses_no_word(position: str) -> None:
    title, firm = without_firm(position)
    assert " ".join(f"{title} {firm or ''}".split()) == " ".join(position.split())


def test_formats_that_a_sentence_names_are_no_skills_but_those_of_a_list_are() -> None:
    prose = "Léa Morin\n\nProfil\nUn fichier Markdown et un schéma YAML servent de source.\n"
    listed = "Léa Morin\n\nCompétences\nPython, YAML, Markdown\n"
    assert [skill.value for skill in extract_profile(document(prose)).skills] == []
    assert [skill.value for skill in extract_profile(document(listed)).skills] == ["Python", "YAML", "Markdown"]
