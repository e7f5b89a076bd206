"""The language of a text: French, English, or not told; with sentences, with headings only, in capitals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsing.languages import CODES, detect

TEXTS = [
    ("LEA MORIN\nDEVELOPPEUSE WEB\nCOMPETENCES\nPYTHON, DJANGO\nEXPERIENCE PROFESSIONNELLE\n2019-2024 NOVA", "fr"),
    ("Léa Morin\nDéveloppeuse\nCompétences\nPython Java", "fr"),
    ("Léa Morin\nSkills\nPython, Java, Docker\nDeveloper", "en"),
    ("JOHN DOE\nSKILLS\nPYTHON\nEDUCATION", "en"),
    ("Compétences : Python", "fr"),
    ("Experiencia profesional\nDesarrollo de aplicaciones para la empresa con los equipos de la universidad. Idiomas: inglés", None),
    ("Berufserfahrung\nEntwicklung von Software für die Firma und bei der Universität in Berlin", None),
    ("Lo sviluppo di applicazioni per la azienda e le competenze della università che sono nel", None),
    ("O desenvolvimento da empresa e as competências dos idiomas em uma universidade", None),
    ("Python Java", None),
    ("", None),
    ("Chef de projet | Project manager. Pilotage des projets de la direction et suivi du budget. Anglais courant. Tools: Jira", "fr"),
    ("Experience\nSoftware Engineer at Société Générale, Paris - La Défense\nLed the migration of the payments platform", "en"),
    ("Développeur Python, Django\nmars 2020 - juin 2021 Nova\nFrançais, anglais", "fr"),
    ("Software engineer\nMarch 2020 - June 2021 Nova\nFrench, English", "en"),
]


@pytest.mark.parametrize(("text", "code"), TEXTS)
def test_the_language_of_a_cv_is_told_by_its_words_or_its_headings(text, code):
    assert detect(text, by_headings=True) == code


def test_a_mail_is_not_told_by_headings():
    assert detect("Compétences : Python") is None


@given(st.text(max_size=300))
def test_any_text_has_a_language_that_is_known_or_none(text):
    assert detect(text, by_headings=True) in {*CODES, None}
