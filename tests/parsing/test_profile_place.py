"""Where a person lives is read from the contact details only; and nothing that nobody may ask is read at all."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsing.documents import Document
from parsing.profile import Fact, Profile, extract_profile
from parsing.profile.json_resume import to_json_resume


def profile(text: str, links: tuple[str, ...] = (), **more) -> Profile:
    return extract_profile(Document("text/plain", text, links=links), **more)


def value(fact: Fact | None) -> str | None:
    return fact.value if fact else None


PLACES = [
    ("75011 Paris", {"city": "Paris", "postalCode": "75011", "countryCode": "FR"}),
    ("12 rue Haute, 06140 Vence", {"city": "Vence", "postalCode": "06140"}),
    ("06140 Vence, France", {"city": "Vence", "postalCode": "06140", "countryCode": "FR"}),
    ("06 39 98 12 34 | Lyon | linkedin.com/in/leamorin", {"city": "Lyon", "countryCode": "FR"}),
    ("35000 RENNES CEDEX 7", {"city": "Rennes", "postalCode": "35000", "countryCode": "FR"}),
    ("F-69003 Lyon 3e arrondissement", {"city": "Lyon", "postalCode": "69003", "countryCode": "FR"}),
    ("Adresse : Saint-Denis", {"city": "Saint-Denis", "countryCode": "FR"}),
    ("Ville : Vence", {"city": "Vence"}),
    ("Based in Edinburgh", {"city": "Edinburgh", "countryCode": "GB"}),
    ("27 Station Road, Glasgow G12 8QQ", {"city": "Glasgow", "postalCode": "G12 8QQ", "countryCode": "GB"}),
    ("San Francisco, CA 94103", {"city": "San Francisco", "postalCode": "94103", "countryCode": "US"}),
    ("1000 Bruxelles", {"city": "Bruxelles", "postalCode": "1000", "countryCode": "BE"}),
    ("Brussels 1000", {"city": "Brussels", "postalCode": "1000", "countryCode": "BE"}),
    ("Vence, France", {"city": "Vence", "countryCode": "FR"}),
    ("Née le 12/03/1990 à Lyon", None),
    ("Née à Lyon", None),
    ("Nationalité : Maroc", None),
    ("Née à Lyon | 75011 Paris", {"city": "Paris", "postalCode": "75011", "countryCode": "FR"}),
    ("Développeuse, Acme, Lyon, 2019 - 2024", None),
    ("Télétravail, France", None),
    ("Permis B", None),
    ("Adresse : rue Haute", None),
]


@pytest.mark.parametrize(("line", "place"), PLACES)
def test_a_place_is_what_the_contact_details_say(line, place):
    text = f"Léa Morin\nlea.morin@example.net\n{line}\n"
    found = profile(text)
    assert to_json_resume(found)["basics"]["location"] == place
    if found.location:
        assert found.location.start is not None
        assert text[found.location.start :].startswith(found.location.quote)


def test_the_town_of_an_employer_is_not_the_persons():
    text = "Léa Morin\nlea.morin@example.net\n\nExpérience\nDéveloppeuse\nAcme, Lyon\n69003 Lyon\n"
    assert profile(text).location is None


PRIVATE = [
    "Né le 12/03/1990 à Lyon",
    "Née en 1990",
    "Nationalité : franco-marocaine",
    "Nationality: Moroccan",
    "mariée, 2 enfants",
    "Married, two children",
    "36 ans",
    "Age : 36",
    "Développeuse, 36 ans, mariée",
    "Ingénieure | célibataire",
    "Sexe : F",
    "RQTH",
    "Consultante reconnue travailleuse handicapée",
]
TOLD = ("1990", "36", "mari", "enfant", "child", "franco", "moroc", "lyon", "célib", "rqth", "handic", "sexe", "né")


@pytest.mark.parametrize("line", PRIVATE)
@pytest.mark.parametrize("place", [1, 2])
def test_what_nobody_may_ask_is_in_no_fact(line, place):
    lines = ["Léa Morin", "lea.morin@example.net", "06 39 98 12 34"]
    lines.insert(place, line)
    found = profile("\n".join(lines))
    facts = [found.name, found.label, found.location, found.url, found.email]
    shown = " ".join(fact.value + fact.quote for fact in facts if fact).lower()
    assert not any(told in shown for told in TOLD)
    assert value(found.name) == "Léa Morin"


def test_a_permit_and_a_mission_about_handicap_are_no_private_matter():
    assert value(profile("Léa Morin\nChargée de mission handicap\n").label) == "Chargée de mission handicap"


@settings(max_examples=200, deadline=5000)
@given(
    st.lists(st.sampled_from([line for line, _ in PLACES] + PRIVATE + ["\n", "Léa Morin", "lea@example.net", " | ", ", ", "é", "\t"])).map(
        "".join
    )
)
def test_any_text_has_a_place_that_stands_in_it_or_none(text):
    found = profile(text).location
    if found:
        assert found.start is not None
        assert text[found.start : found.start + len(found.quote)] == found.quote
