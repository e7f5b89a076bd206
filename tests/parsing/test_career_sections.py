"""The parts of a CV, by their headings."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsing.profile.sections import find_sections, heading_kind

HEADINGS = [
    ("Expériences professionnelles", "work"),
    ("E X P É R I E N C E", "work"),
    ("Exp ériences professionnelles", "work"),
    ("E D U C AT I O N", "education"),
    ("2. Formation :", "education"),
    ("III. Langues", "languages"),
    ("\ue0b1 COMPÉTENCES TECHNIQUES", "skills"),
    ("--- Skills ---", "skills"),
    ("Langues et centres d'intérêt", "languages"),
    ("Compétences & outils", "skills"),
    ("Principales expériences", "work"),
    ("Expériences (suite)", "work"),
    ("Work Experience & Internships", "work"),
    ("Certifications", "certificates"),
    ("À propos de moi", "summary"),
    ("Loisirs", "interests"),
    ("Références", "referees"),
    ("Engagements associatifs", "other"),
    ("Berufserfahrung", "work"),
    ("Istruzione e formazione", "education"),
    ("Conception et développement", None),
    ("Formation de 77 collègues", None),
    ("Formation des agents à la recherche.", None),
    ("Chef de projets", None),
    ("2019 - 2022", None),
    ("", None),
]


@pytest.mark.parametrize(("line", "kind"), HEADINGS)
def test_what_a_line_heads(line, kind):
    assert heading_kind(line) == kind


def kinds(text):
    return [(section.kind, text[section.start : section.end].strip()) for section in find_sections(text)]


def test_parts_in_order_with_what_they_hold():
    text = "Léa Morin\n\nPROFIL\nUne phrase.\n\nEXPÉRIENCE\nAcme\n\nLANGUES : anglais, breton\nCENTRES D'INTÉRÊT\nVoile"
    assert kinds(text) == [("summary", "Une phrase."), ("work", "Acme"), ("languages", "anglais, breton"), ("interests", "Voile")]


def test_the_little_headings_of_a_job_end_nothing():
    text = "Expérience\n\nAcme\nMissions :\n- coder\nOutils : Jira\nEnvironnement technique : Java\nBêta\nMissions :\n- écrire\n\nFormation\nLicence"
    assert [kind for kind, _ in kinds(text)] == ["work", "education"]
    assert "Jira" in kinds(text)[0][1]


def test_languages_of_machines_are_skills():
    assert [kind for kind, _ in kinds("Skills\nLanguages: Python, C++\nTools: Git\n\nLanguages\nEnglish, French")] == [
        "skills",
        "languages",
    ]
    assert [kind for kind, _ in kinds("Skills\nWeb\nLanguages\nPython, C++")] == ["skills", "skills"]


def test_a_text_without_headings_has_no_parts():
    assert find_sections("Léa Morin\nDéveloppeuse chez Acme depuis 2019") == ()


@settings(max_examples=200, deadline=5000)
@given(st.lists(st.one_of(st.sampled_from([line for line, _ in HEADINGS] + ["\n", " : ", "\t", " "]), st.text(max_size=8))).map("\n".join))
def test_parts_of_any_text_follow_each_other_within_it(text):
    found = find_sections(text)
    assert all(0 <= section.start <= section.end <= len(text) for section in found)
    assert all(before.end <= after.start for before, after in zip(found, found[1:], strict=False))
    assert all(section.heading in text for section in found)


@pytest.mark.parametrize("text", ["Outils : " * 60_000, "Expérience\n" * 45_000, "E " * 250_000, "\t" * 500_000, "et&" * 150_000])
def test_hostile_text_is_read_quickly(text):
    begun = time.process_time()
    find_sections(text)
    assert time.process_time() - begun < 2
