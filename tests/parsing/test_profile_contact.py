"""Addresses, numbers and pages that a narrow column, an icon or the fear of robots has spoilt; and what only looks like them."""

from __future__ import annotations

import pytest

from parsing.documents import Document
from parsing.profile import Fact, Profile, extract_profile


def profile(text: str, links: tuple[str, ...] = (), **more) -> Profile:
    return extract_profile(Document("text/plain", text, links=links), **more)


def value(fact: Fact | None) -> str | None:
    return fact.value if fact else None


EMAILS = [
    ("lea.morin@\nexample.net", "lea.morin@example.net"),
    ("lea.morin\n@example.net", "lea.morin@example.net"),
    ("lea.morin@example.\nnet", "lea.morin@example.net"),
    ("lea.morin@example\n.net", "lea.morin@example.net"),
    ("lea.\nmorin@example.net", "lea.morin@example.net"),
    ("Mail : lea.\nmorin@example.net", "lea.morin@example.net"),
    ("lea.morin [at] example [dot] net", "lea.morin@example.net"),
    ("lea.morin(at)example.net", "lea.morin@example.net"),
    ("lea.morin (arobase) example point net", "lea.morin@example.net"),
    ("Email : lea.morin at example.net", "lea.morin@example.net"),
    ("lea.morin at example dot net", "lea.morin@example.net"),
    ("lea.morin @ example.net", "lea.morin@example.net"),
    ("lea.morin@ example.net", "lea.morin@example.net"),
    ("lea.morin @example.net", "lea.morin@example.net"),
    ("l e a . m o r i n @ e x a m p l e . n e t", "lea.morin@example.net"),
    ("Developer @ acme.io", None),
    ("developer at acme.io", None),
    ("✉lea.morin@example.net", "lea.morin@example.net"),
    ("Ȳlea.morin@example.net", "lea.morin@example.net"),
    ("élea.morin@example.net", None),
    ("lea.morin_AT_example.net", "lea.morin@example.net"),
    ("lea.morin{at}example.net", "lea.morin@example.net"),
    ("lea.morin<at>example.net", "lea.morin@example.net"),
    ("lea.morin@mail.exam\nple.org", "lea.morin@mail.example.org"),
    ("lea.morin@example.com\nlea-morin.fr", "lea.morin@example.com"),
    ("usagers.\nlea.morin@example.net", "lea.morin@example.net"),
    ("o'rourke@example.net", "o'rourke@example.net"),
    ("Freelance\n@acme.io", None),
    ("E-mail:lea.morin@example.net", "lea.morin@example.net"),
    ("mailto:lea.morin@example.net", "lea.morin@example.net"),
    ("<lea.morin@example.net>", "lea.morin@example.net"),
    ("lea.morin@example.net/06 39 98 12 34", "lea.morin@example.net"),
    ("lea.morin@example.net;lea@b.example", "lea.morin@example.net"),
    ("a@b.c", None),
    ("lea.morin@exam\nple.net", "lea.morin@example.net"),
    ("www.lea-morin.fr\nlea@example.net", "lea@example.net"),
    ("back-end\nlea@example.net", "lea@example.net"),
    ("@lea", None),
]


@pytest.mark.parametrize(("text", "email"), EMAILS)
def test_an_address_is_read_however_it_is_written(text, email):
    text = f"Léa Morin\nDéveloppeuse\n{text}\nParis"
    found = profile(text).email
    assert value(found) == email
    if found:
        assert found.start is not None
        assert text[found.start :].startswith(found.quote)


def test_the_link_behind_an_address_knows_it_whole():
    found = profile("Léa Morin\nlea.mo\nrin@example.net\n", ("mailto:lea.morin@example.net",)).email
    assert found == Fact("lea.morin@example.net", "rin@example.net", "cv", 17)
    assert value(profile("Léa Morin\n", ("lea.morin@example.net",)).email) == "lea.morin@example.net"


PHONES = [
    ("06 39 98 12 34", "+33639981234"),
    ("O6 39 98 12 34", "+33639981234"),
    ("0 6 3 9 9 8 1 2 3 4", "+33639981234"),
    ("+33 06 39 98 12 34", "+33639981234"),
    ("+330639981234", "+33639981234"),
    ("+ 33 6 39 98 12 34", "+33639981234"),
    ("(+33) 6 39 98 12 34", "+33639981234"),
    ("(+33) 6 3998 1234", "+33639981234"),
    ("(+33)6.39.98.12.34", "+33639981234"),
    ("00 33 6 39 98 12 34", "+33639981234"),
    ("33 6 39 98 12 34", "+33639981234"),
    ("33639981234", "+33639981234"),
    ("06–39–98–12–34", "+33639981234"),
    ("06-39-98-12-34", "+33639981234"),
    ("06/39/98/12/34", "+33639981234"),
    ("06\u00a039\u202f98\u00a012\u00a034", "+33639981234"),
    ("Tél:0639981234", "+33639981234"),
    ("Tél.0639981234", "+33639981234"),
    ("06 399 812 34", None),
    ("0639 981 234", "+33639981234"),
    ("+33 (0) 6.39.98.12.34", "+33639981234"),
    ("+33 [0] 6 39 98 12 34", "+33639981234"),
    ("+33-6-39-98-12-34", "+33639981234"),
    ("(0)6 39 98 12 34", "+33639981234"),
    ("London\nTel: 07700 900123", "+447700900123"),
    ("London\n020 7946 0018", "+442079460018"),
    ("Bruxelles\n0470 12 34 56", "+32470123456"),
    ("Bruxelles\n0470/12.34.56", "+32470123456"),
    ("Genève, Suisse\n079 123 45 67", "+41791234567"),
    ("Casablanca, Maroc\n06 61 23 45 67", "+212661234567"),
    ("Berlin\n0151 23456789", "+4915123456789"),
    ("Berlin\n0151 234 567", None),
    ("Tunis 98 123 456", None),
    ("2018 - 2024", None),
    ("01/09/2019 - 31/12/2021", None),
    ("SIRET 732 829 320 00074", None),
    ("732 829 320 00074", None),
    ("75011 Paris", None),
    ("12/04/1989", None),
    ("01 02 2019 2020", None),
    ("03/2019 04/2020", None),
    ("RNCP 37 805 12 34 56", None),
    ("0123 456789", None),
    ("London\n0123456789012345", None),
    ("1 85 05 78 006 084 36", None),
    ("09/2019-06/2022", None),
    ("Berlin\n01.09.2019", None),
    ("Berlin 01/2019 02/2020", None),
    ("Bruxelles\n09/2018 06/2022", None),
    ("London 06.2019 – 09.2022", None),
]


@pytest.mark.parametrize(("text", "number"), PHONES)
def test_a_number_is_read_as_its_country_writes_it(text, number):
    assert value(profile(f"Léa Morin\n{text}\nfin").phone) == number


PAGES = [
    ("LinkedIn : lea-morin-12", "LinkedIn"),
    ("linkedin: /in/lea-morin", "LinkedIn"),
    ("in/lea-morin", "LinkedIn"),
    ("LinkedIn\tleamorin", "LinkedIn"),
    ("LinkedIn leamorin", "LinkedIn"),
    ("LinkedIn\nleamorin", "LinkedIn"),
    ("linkedin.com/in/\nlea-morin", "LinkedIn"),
    ("linkedin.com/in/lea-\nmorin-12", "LinkedIn"),
    ("https://www.\nlinkedin.com/in/lea-morin", "LinkedIn"),
    ("www.linkedin.com/in/léa-morin", "LinkedIn"),
    ("GitHub : leamorin", "GitHub"),
    ("GitHub: @leamorin", "GitHub"),
    ("github.com/\nleamorin", "GitHub"),
    ("GitHub leamorin", "GitHub"),
    ("GitHub Actions", None),
    ("LinkedIn GitHub", None),
    ("LinkedIn : Léa Morin", None),
    ("Outils : GitHub, GitLab", None),
    ("log in/out", None),
    ("Git, GitHub\nDocker", None),
    ("GitLab : Docker CI", None),
    ("twitter: @leamorin", "X"),
    ("netflix.com/abc", None),
    ("linkedin.com/lea-morin", "LinkedIn"),
    ("m.linkedin.com/in/lea-morin", "LinkedIn"),
    ("linkedin.com/company/acme", None),
    ("LinkedIn : https://linkedin.com/in/lea-morin", "LinkedIn"),
    ("Kaggle: lea", "Kaggle"),
    ("orcid.org/0000-0002-1825-0097", "ORCID"),
    ("CI/CD, GitHub / GitLab", None),
    ("Medium : niveau", None),
]


@pytest.mark.parametrize(("text", "network"), PAGES)
def test_a_page_is_named_by_its_address_or_a_handle(text, network):
    text = f"Léa Morin\nDéveloppeuse\nlea.morin@example.net\n{text}\nParis"
    found = profile(text).profiles
    assert [page.network for page in found] == ([network] if network else [])
    for page in found:
        assert page.url.start is not None
        assert text[page.url.start :].startswith(page.url.quote)


def test_of_several_pages_the_one_with_the_own_name_counts():
    links = ("https://github.com/acme", "https://github.com/leamorin", "https://github.com/acme/outil")
    assert [page.username for page in profile("Léa Morin\nlea.morin@example.net", links).profiles] == ["leamorin"]
    assert profile("Léa Morin\nhttps://netflix.com/lea").profiles == ()


def test_a_page_of_ones_own_is_public_and_named():
    assert value(profile("Léa Morin\nPortfolio", ("http://localhost:8080/lea-morin",)).url) is None
    assert value(profile("Léa Morin\nPortfolio", ("https://atelier.example.org/",)).url) == "https://atelier.example.org/"
    assert value(profile("Léa Morin\nProjets", ("https://atelier.example.org/",)).url) is None
