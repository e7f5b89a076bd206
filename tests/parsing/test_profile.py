"""What a CV says of a person, each fact with the words it stands in; and that nothing is guessed."""

from __future__ import annotations

from dataclasses import fields

import pytest
from composing import CV
from hypothesis import given, settings
from hypothesis import strategies as st

from parsing.address import Address
from parsing.documents import Document, read_document
from parsing.profile import Fact, Profile, extract_profile
from parsing.profile.json_resume import to_json_resume


def profile(text: str, links: tuple[str, ...] = (), **more) -> Profile:
    return extract_profile(Document("text/plain", text, links=links), **more)


def value(fact: Fact | None) -> str | None:
    return fact.value if fact else None


NAMES = [
    ("Léa Morin\nlea@example.net", "Léa Morin"),
    ("MORIN Léa\nlea@example.net", "Léa Morin"),
    ("LÉA MORIN\nDéveloppeuse\n", "Léa Morin"),
    ("Curriculum vitae\nJean-Baptiste LE GOFF\njb.legoff@example.net", "Jean-Baptiste Le Goff"),
    ("Nom : MORIN\nPrénom : Léa\nlea.morin@example.net", "Léa Morin"),
    ("Prénom : Léa\nNom : Morin\nAdresse : Vence", "Léa Morin"),
    ("First name\tLéa\nLast name\tMorin Petit", "Léa Morin Petit"),
    ("Nom : Morin\nNom : Petit\nlea.morin@example.net", "Morin"),
    ("M. Karim EL AMRANI\nkarim.elamrani@example.net", "Karim El Amrani"),
    ("Siobhán O'Rourke\nsiobhan@example.net", "Siobhán O'Rourke"),
    ("DA SILVA PEREIRA José\njose@example.net", "José Da Silva Pereira"),
    ("Contact\nlea.morin@example.net\n\nExpérience\nMairie de Vence\n\nLéa Morin\nDéveloppeuse web", "Léa Morin"),
    ("J E A N D U P O N T\njean.dupont@example.net", "Jean Dupont"),
    ("Curriculum vitae\nExpérience\n2019 Mairie de Vence", None),
    ("Développeuse Python\nParis", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "name"), NAMES)
def test_a_name_is_read_in_natural_order_or_not_at_all(text, name):
    assert value(profile(text).name) == name


PHONES = [
    ("06 39 98 12 34", "+33639981234"),
    ("06.39.98.12.34", "+33639981234"),
    ("0639981234", "+33639981234"),
    ("+33 (0)6 39 98 12 34", "+33639981234"),
    ("0033 6 39 98 12 34", "+33639981234"),
    ("+44 (0)7700 900 279", "+447700900279"),
    ("+49 30 23125 123", "+493023125123"),
    ("+1 (202) 555-0110", "+12025550110"),
    ("+39 06 1234 5678", "+390612345678"),
    ("Tél : 06 39 98 12 34 75011 Paris", "+33639981234"),
    ("SIRET 732 829 320 00074", None),
    ("Fax : 01 99 00 12 34", None),
    ("2018 - 2024", None),
    ("0123 456789", None),
]


@pytest.mark.parametrize(("text", "number"), PHONES)
def test_a_telephone_number_is_given_in_e164(text, number):
    assert value(profile(text).phone) == number


def test_the_first_address_of_the_cv_counts_before_the_mails():
    author = Address("Léa", "lea@perso.example.net")
    assert value(profile("Lea.Morin@Example.NET", author=author).email) == "lea.morin@example.net"
    found = profile("sans adresse", author=author).email
    assert found == Fact("lea@perso.example.net", "lea@perso.example.net", "header")
    assert value(profile("", links=("mailto:lea.morin@example.net?subject=cv",)).email) == "lea.morin@example.net"
    assert profile("lea @ example . net").email is None


def test_networks_and_the_own_site():
    text = "linkedin.com/in/lea-morin-12 github.com/leamorin https://leamorin.fr/cv Node.js github.com/acme/outil"
    found = profile(f"Léa Morin\nlea.morin@example.net\n{text}")
    assert [(item.network, item.username, item.url.value) for item in found.profiles] == [
        ("LinkedIn", "lea-morin-12", "https://linkedin.com/in/lea-morin-12"),
        ("GitHub", "leamorin", "https://github.com/leamorin"),
    ]
    assert value(found.url) == "https://leamorin.fr/cv"
    hidden = profile("Léa Morin\nLinkedIn", links=("https://www.linkedin.com/in/lea-morin",))
    assert hidden.profiles[0].url == Fact("https://www.linkedin.com/in/lea-morin", "https://www.linkedin.com/in/lea-morin", "link")
    assert profile("Léa Morin\ngithub.com/features github.com/acme/outil").profiles == ()


WORK = "Léa Morin\nlea.morin@example.net\n\nExpérience\n"
LABELS = [
    ("Léa Morin\nDéveloppeuse web\nlea@example.net", "Développeuse web"),
    ("LÉA MORIN | Développeuse back-end | 06 39 98 12 34\nlea.morin@example.net", "Développeuse back-end"),
    ("Léa Morin\t06 39 98 12 34\nIngénieure DevOps", "Ingénieure DevOps"),
    ("Développeur·se full-stack\nLéa MORIN\nlea.morin@example.net", "Développeur·se full-stack"),
    ("Léa Morin\nResponsable recherche utilisateur\n", "Responsable recherche utilisateur"),
    ("Léa Morin\nSenior PHP Developer, UX Director\n", "Senior PHP Developer, UX Director"),
    ("Léa Morin\nAI Researcher and Entrepreneur\n", "AI Researcher and Entrepreneur"),
    ("Léa Morin\nÉtudiante en informatique à la recherche d'un stage de développeuse\n", "Étudiante en informatique"),
    ("Léa Morin\nResponsable d'équipe\n", "Responsable d'équipe"),
    (WORK + "Développeuse, Coopérative du Lac\n2019 - 2024\n• Refonte\n", "Développeuse"),
    (WORK + "2024 - aujourd'hui\nCheffe de projet\nNova\n2019 - 2024\nDéveloppeuse\nAcme\n", "Cheffe de projet"),
    (WORK + "2019 - 2023 Développeuse web, Acme\n2024 - aujourd'hui Cheffe de projet, Nova\n", "Cheffe de projet"),
    (WORK + "Depuis 2022 : Chargée de mission, Nova\n", "Chargée de mission"),
    (WORK + "Nexus, Software Engineer – Paris\tJune 2023 – present\n", "Software Engineer"),
    ("Léa Morin\nJe suis développeuse depuis 6 ans et j'aime les équipes.\n", None),
    ("Léa Morin\nRecherche un stage de développeuse\n", None),
    ("Léa Morin\nCandidature au poste de développeuse\n", None),
    ("Léa Morin\nRue de l'architecte Royer\n", None),
    ("Léa Morin\nMaster ingénieur logiciel\n", None),
    ("Léa Morin\nData Software Product\n", None),
    ("Léa Morin\nContact de la responsable : Anne Petit\n", None),
    ("Léa Morin\nlea@example.net\nCompétences\nDéveloppeuse\n", None),
    (WORK + "Développeuse, Coopérative du Lac\n", "Développeuse"),
    (WORK + "Rempailleuse\nChez Paul\n2024 - aujourd'hui\nDéveloppeuse\nAcme\n2019 - 2023\n", "Rempailleuse"),
    (WORK + "2024 - aujourd'hui\nRempailleuse\n2019 - 2023\nDéveloppeuse\n", "Rempailleuse"),
    ("", None),
]


@pytest.mark.parametrize(("text", "label"), LABELS)
def test_the_current_title_is_plain_or_unknown(text, label):
    assert value(profile(text).label) == label


def test_the_words_of_each_fact_stand_where_it_says():
    text = read_document(CV[1]).text + "\ngithub.com/leamorin\nhttps://leamorin.example\n"
    found = profile(text)
    facts = [found.name, found.label, found.email, found.phone, found.url, *(item.url for item in found.profiles)]
    assert len([fact for fact in facts if fact]) == 6
    for fact in facts:
        if fact:
            assert fact.source == "cv"
            assert fact.start is not None
            assert text[fact.start :].startswith(fact.quote)


def test_a_profile_is_completed_from_the_mail():
    found = extract_profile(None, body="Je m'appelle Léa Morin, 06 39 98 12 34.", author=Address("", "lea@example.net"))
    assert found.name == Fact("Léa Morin", "Léa Morin", "body", 13)
    assert (value(found.phone), value(found.email)) == ("+33639981234", "lea@example.net")
    assert value(extract_profile(None, author=Address("MORIN Léa", "lea@example.net")).name) == "Léa Morin"
    assert extract_profile(None, author=Address("Service Recrutement", "contact@example.net")).name is None


def test_nothing_is_made_of_nothing():
    assert extract_profile(None) == Profile()


def test_no_age_birth_sex_nationality_or_family_is_read():
    known = {field.name for field in fields(Profile)}
    assert known == {"name", "label", "email", "phone", "url", "location", "profiles", "work", "education", "skills", "languages"} | {
        "certificates",
        "experience_months",
        "stated_experience",
    }
    said = "Léa Morin\nNée le 12/03/1990 à Lyon, 36 ans, mariée, 2 enfants, nationalité française\nlea.morin@example.net\n"
    shown = str(to_json_resume(profile(said)))
    assert all(word not in shown.lower() for word in ("1990", "36", "mari", "enfant", "franç", "lyon"))


def test_a_profile_as_json_resume():
    shown = to_json_resume(profile("Léa Morin\nDéveloppeuse web\n06 39 98 12 34\nlea.morin@example.net\ngithub.com/leamorin"))
    sources = {"basics": shown["basics"].pop("sources"), "github": shown["basics"]["profiles"][0].pop("source")}
    assert sources["basics"]["label"] == {"from": "cv", "page": None, "quote": "Développeuse web", "start": 10}
    assert sources["github"] == {"from": "cv", "page": None, "quote": "github.com/leamorin", "start": 64}
    assert shown["basics"] == {
        "name": "Léa Morin",
        "label": "Développeuse web",
        "email": "lea.morin@example.net",
        "phone": "+33639981234",
        "url": None,
        "location": None,
        "profiles": [{"network": "GitHub", "username": "leamorin", "url": "https://github.com/leamorin"}],
    }
    assert [shown[key] for key in ("work", "education", "skills", "languages", "certificates")] == [[], [], [], [], []]
    assert shown["meta"] == {"experienceMonths": None, "statedExperience": None}


LINES = st.sampled_from(
    [
        "Léa Morin",
        "MORIN",
        "Développeuse",
        " - ",
        "\n",
        "\t",
        "Expérience\n",
        "2019 - 2024",
        "aujourd'hui",
        "depuis ",
        "Nom : ",
        "lea@example.net",
        "+33 6",
    ]
    + ["www.", "github.com/", "linkedin.com/in/", "İ", "ﬁ", "e\u0301", "’", "de La", "J E A N", "|", ",", "à la recherche"]
)


@settings(max_examples=300, deadline=5000)
@given(st.lists(st.one_of(LINES, st.text(max_size=8)), max_size=40).map("".join), st.text(max_size=20))
def test_any_text_has_a_profile_whose_facts_stand_in_it(text, shown):
    found = extract_profile(Document("text/plain", text), body=text[::-1], author=Address(shown, "lea@example.net"))
    for fact in (found.name, found.label, found.email, found.phone, found.url):
        if fact and fact.source == "cv":
            assert fact.start is not None
            assert text[fact.start : fact.start + len(fact.quote)] == fact.quote


def test_each_fact_of_the_cv_has_its_page_and_no_other():
    text = "Léa Morin\nDéveloppeuse web\n\n\nContact\nlea.morin@example.net\ngithub.com/leamorin\n"
    document = Document("application/pdf", text, pages=2, page_starts=(0, text.index("Contact")), links=("tel:+33639981234",))
    found = extract_profile(document)
    pages = [fact.page for fact in (found.name, found.label, found.email, found.profiles[0].url) if fact]
    assert pages == [1, 1, 2, 2]
    assert found.phone == Fact("+33639981234", "+33639981234", "link")
    told = extract_profile(document, body="Je m'appelle Léa Morin. 06 39 98 99 99")
    assert told.phone == found.phone
    elsewhere = extract_profile(Document("application/pdf", "rien", page_starts=(0,)), body="lea@example.net").email
    assert (elsewhere and elsewhere.source, elsewhere and elsewhere.page) == ("body", None)
