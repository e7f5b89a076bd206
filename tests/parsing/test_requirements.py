"""What an ad asks stands beside what the CV says, quoted from both; nothing is concluded, and nothing private is looked at."""

from __future__ import annotations

import dataclasses
import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsing.documents import Document
from parsing.offer import Offer, parse_offer
from parsing.profile import extract_profile
from parsing.profile.facts import Education, Fact, Language, Profile, Work
from parsing.requirements import Evidence, match

AD = """---
title: Développeuse ou développeur Python
---
## Profil recherché

- Vous maîtrisez Python et Django, idéalement PostgreSQL
- Vous avez au moins 3 ans d'expérience
- Vous connaissez les méthodes agiles et l'accessibilité numérique
- Vous avez travaillé avec des communes rurales et des intercommunalités
- Vous êtes curieux
- Vous parlez anglais couramment
- Vous êtes titulaire d'un master en informatique
- Vous êtes habilitable au secret défense

Écrivez à recrutement@example.org
"""
CV = """Léa Morin
Développeuse

Expériences
2019 - 2021 Développeuse, Ville de Tours
Refonte du portail en Django
Accompagnement de 40 communes rurales et de leurs intercommunalités
Animation des cérémonies Scrum

Compétences
Python, Postgres, RGAA

Nationalité française, née le 3 mai 1990, habilitation secret défense en 2020
"""


def offer(*lines: str, **more) -> Offer:
    return Offer(slug="poste", title=more.pop("title", "Poste"), open=True, language="fr", skills=lines, **more)


def evidence(ad: Offer, text: str = CV, profile: Profile | None = None) -> tuple[Evidence, ...]:
    return match(ad, profile or extract_profile(Document("text/plain", text)), text)


def of(found: tuple[Evidence, ...], asked: str) -> Evidence:
    return next(one for one in found if one.asked == asked)


def test_an_ads_lines_are_set_beside_the_cv_in_the_ads_order():
    found = evidence(parse_offer(AD.encode(), "dev.md"))
    assert [(one.kind, one.asked) for one in found] == [
        ("skill", "Python"),
        ("skill", "Django"),
        ("skill", "PostgreSQL"),
        ("years", "au moins 3 ans d'expérience"),
        ("skill", "méthodes agiles"),
        ("skill", "accessibilité numérique"),
        ("skill", "Vous avez travaillé avec des communes rurales et des intercommunalités"),
        ("skill", "Vous êtes curieux"),
        ("language", "anglais"),
        ("degree", "Vous êtes titulaire d'un master en informatique"),
        ("clearance", "habilitable au secret défense"),
    ]
    assert of(found, "PostgreSQL").sentence == "Vous maîtrisez Python et Django, idéalement PostgreSQL"


def test_a_skill_is_found_under_any_of_its_names_and_quoted_with_its_line():
    found = evidence(parse_offer(AD.encode(), "dev.md"))
    assert [(fact.value, fact.quote) for fact in of(found, "PostgreSQL").found] == [("Postgres", "Python, Postgres, RGAA")]
    assert [fact.quote for fact in of(found, "Django").found] == ["Refonte du portail en Django"]
    assert [fact.quote for fact in of(found, "méthodes agiles").found] == ["Animation des cérémonies Scrum"]
    assert [fact.value for fact in of(found, "accessibilité numérique").found] == ["RGAA"]
    assert all(CV[fact.start :].startswith(fact.quote) for one in found for fact in one.found if fact.start is not None)


def test_a_line_that_names_no_skill_is_looked_for_by_its_words():
    found = evidence(parse_offer(AD.encode(), "dev.md"))
    line = of(found, "Vous avez travaillé avec des communes rurales et des intercommunalités")
    assert [fact.quote for fact in line.found] == ["Accompagnement de 40 communes rurales et de leurs intercommunalités"]
    assert of(found, "Vous êtes curieux").sought == ()
    assert of(found, "Vous êtes curieux").found == ()


def test_what_is_not_there_is_not_found():
    found = evidence(offer("Kubernetes", "Vous avez élevé des autruches domestiques"))
    assert [(one.asked, one.found) for one in found] == [("Kubernetes", ()), ("Vous avez élevé des autruches domestiques", ())]


def test_a_clearance_is_quoted_without_nationality_or_birth():
    found = of(evidence(parse_offer(AD.encode(), "dev.md")), "habilitable au secret défense").found
    assert [fact.quote for fact in found] == ["habilitation secret défense en 2020"]
    for one in evidence(offer("Python", clearance="Nationalité française et habilitation secret défense requises")):
        for fact in one.found:
            assert "ationalité" not in fact.quote
            assert "1990" not in fact.quote


def test_a_skill_in_a_line_with_private_things_is_quoted_alone():
    text = "Née le 3 mai 1990, nationalité française, Python\n"
    assert [fact.quote for fact in of(evidence(offer("Python"), text), "Python").found] == ["Python"]


def test_years_degrees_and_languages_are_what_the_profile_says():
    profile = Profile(
        work=(
            Work(position="Développeuse", start_date="2019-03", end_date="2021-05", quote="2019 - 2021", start=40, page=2),
            Work(position="Stage"),
        ),
        education=(Education(study_type="Stage"), Education(study_type="Master", level="bac+5", quote="Master 2", start=90)),
        languages=(
            Language(language="Anglais", code="en", level="B2", quote="Anglais : B2", start=120),
            Language(language="Espagnol", code="es"),
        ),
        stated_experience=Fact("8", "8 ans d'expérience", "cv", 12),
    )
    ad = offer(years="3 ans d'expérience", degree="Master exigé", languages=("Anglais courant et allemand apprécié",))
    found = match(ad, profile, CV, page_at=lambda start: 1 if start is not None else None)
    assert [(one.kind, one.asked, [(fact.value, fact.quote, fact.page) for fact in one.found]) for one in found] == [
        ("years", "3 ans d'expérience", [("8", "8 ans d'expérience", 1), ("2019-03/2021-05", "2019 - 2021", 2)]),
        ("degree", "Master exigé", [("bac+5", "Master 2", 1), ("Stage", "", None)]),
        ("language", "Anglais", [("B2", "Anglais : B2", 1)]),
        ("language", "allemand", []),
    ]


@pytest.mark.parametrize(
    ("sentence", "asked"),
    [
        ("Vous maîtrisez l’anglais opérationnel / professionnel", True),
        ("Tu maîtrises le français et un peu l’anglais", True),
        ("Anglais courant", True),
        ("Langues : français, anglais", True),
        ("Fluent English is required", True),
        ("Bonne connaissance du territoire français", False),
        ("74 % des Français aimeraient un bon niveau d'information", False),
        ("Il nous arrive de manier l’anglais", False),
        ("Good knowledge of the French administration", False),
    ],
)
def test_an_ad_asks_for_a_language_when_it_says_so(sentence, asked):
    ad = parse_offer(f"## Profil\n\n- {sentence}\n".encode(), "poste.md")
    assert bool(ad.languages) == asked
    assert ad.languages in ((), (sentence,))


@pytest.mark.parametrize(
    ("sentence", "asked"),
    [
        ("Poste soumis à une habilitation secret défense", True),
        ("Vous êtes habilitable au niveau Très Secret", True),
        ("A security clearance is required", True),
        ("Vous avez une habilitation à diriger des recherches", False),
        ("Ouvert aux ressortissants de nationalité française", False),
    ],
)
def test_an_ad_asks_for_a_clearance_when_it_says_so(sentence, asked):
    assert parse_offer(f"## Profil\n\n- {sentence}\n".encode(), "poste.md").clearance == (sentence if asked else None)


def test_evidence_travels_between_processes_and_into_json():
    found = evidence(parse_offer(AD.encode(), "dev.md"))
    assert pickle.loads(pickle.dumps(found)) == found
    assert dataclasses.asdict(found[0])["asked"] == "Python"


@given(st.lists(st.text(max_size=80), max_size=6), st.text(max_size=300))
@settings(max_examples=100, deadline=None)
def test_no_ad_and_no_text_stop_it_and_quotations_stand_in_the_cv(lines, text):
    for one in evidence(offer(*lines, clearance="habilitation secret"), text):
        for fact in one.found:
            assert fact.start is not None
            assert text[fact.start :].startswith(fact.quote)


@pytest.mark.parametrize(
    "line",
    [
        "Vous êtes autonome, savez faire preuve d'initiative et tenir vos engagements",
        "Sens de l'écoute, de l'analyse et de la synthèse",
        "You are a curious and proactive team player",
    ],
)
def test_a_line_about_a_persons_ways_is_for_a_person_to_read(line):
    assert of(evidence(offer(line)), line).sought == ()


def test_a_line_that_names_a_matter_beside_a_persons_ways_is_looked_for():
    line = "Curiosité pour les sciences du patrimoine et les accélérateurs de particules"
    assert "patrimoine" in of(evidence(offer(line)), line).sought
