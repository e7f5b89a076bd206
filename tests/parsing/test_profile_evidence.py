"""What a CV does not say of its person is not made up: other people, firms, other countries' numbers, glued words."""

from __future__ import annotations

import time

import pytest

from parsing.address import Address
from parsing.documents import Document
from parsing.profile import Fact, Profile, extract_profile


def profile(text: str, links: tuple[str, ...] = (), **more) -> Profile:
    return extract_profile(Document("text/plain", text, links=links), **more)


def value(fact: Fact | None) -> str | None:
    return fact.value if fact else None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Novatek Engineering\nMission 2019\nDéveloppeur\n", None),
        ("Sorbonne Nouvelle\nMaster 2019\n", None),
        ("Saint Germain\nDéveloppeur web\n06 39 98 12 34\n", None),
        ("Ruby Rails\nDéveloppeuse backend\n", None),
        ("Qorwin Vashti\nDéveloppeuse\n", None),
        ("Qorwin Vashti\nDéveloppeuse\nqorwin@example.net", "Qorwin Vashti"),
        ("Qorwin VASHTI\nDéveloppeuse\n", "Qorwin Vashti"),
        ("Nom : Qorwin Vashti\nDéveloppeuse\n", "Qorwin Vashti"),
        ("LÉA MORIN\nDéveloppeuse\n", "Léa Morin"),
        ("Mueller Joerg\njoergmuller@example.net", "Mueller Joerg"),
    ],
)
def test_a_name_needs_more_than_its_place(text, name):
    assert value(profile(text).name) == name


def test_the_mails_author_confirms_a_name():
    assert value(profile("Qorwin Vashti\nDéveloppeuse\n", author=Address("Vashti Qorwin", "qv@example.net")).name) == "Qorwin Vashti"
    assert value(profile("Novatek Engineering\nMission\n", author=Address("Léa Morin", "lm@example.net")).name) == "Léa Morin"


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("Bonjour, je m'appelle Léa Morin et", "Léa Morin"),
        ("Bonjour je m'appelle Léa Morin", "Léa Morin"),
        ("Mon parcours est joint.\nMy name is Léa Morin.", "Léa Morin"),
        ("Bonjour, mon manager dit : je m'appelle Paul Durand et", None),
        ("Il répond « je m'appelle Paul Durand »", None),
    ],
)
def test_who_says_the_name_in_a_mail_says_the_own(body, name):
    assert value(extract_profile(None, body=body).name) == name


REFEREE = "Paul Durand\npaul.durand@example.com\n06 39 98 99 99\n"


def test_a_referee_is_not_the_person():
    alone = profile(f"Développeuse\n\nRéférences\n{REFEREE}")
    assert (alone.name, alone.email, alone.phone) == (None, None, None)
    after = profile(f"Développeuse\n\nRÉFÉRENCES\n{REFEREE}\nContact\nlea.morin@example.net\n06 39 98 12 34\n")
    assert (value(after.email), value(after.phone)) == ("lea.morin@example.net", "+33639981234")
    line = profile("Léa Morin\nRéférence : M. Paul Durand, paul.durand@example.com, +33 6 39 98 99 99\n")
    assert (value(line.name), line.email, line.phone) == ("Léa Morin", None, None)
    links = ("mailto:paul.durand@example.com", "tel:0639989999")
    hidden = profile(f"Développeuse\n\nReferences\n{REFEREE}", links)
    assert (hidden.email, hidden.phone) == (None, None)
    assert value(profile("Développeuse", ("mailto:lea.morin@example.net",)).email) == "lea.morin@example.net"


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("0639981234lea.morin@example.net", "lea.morin@example.net"),
        ("lea.morin@example.netwww.lea.fr", "lea.morin@example.net"),
        ("Emaillea.morin@example.net", "lea.morin@example.net"),
        ("lea.morin@example.net.Paris", "lea.morin@example.net"),
        ("lea.morin@example.netLinkedin", "lea.morin@example.net"),
        ("Lea.Morin@Example.NET", "lea.morin@example.net"),
        ("12345678@etudiants.example.net", "12345678@etudiants.example.net"),
        ("emailpro@example.net", "emailpro@example.net"),
        ("lea@mairie.paris", "lea@mairie.paris"),
        ("lea@www.example.net", "lea@www.example.net"),
    ],
)
def test_an_address_is_freed_from_what_is_glued_to_it(text, email):
    found = profile(text).email
    assert value(found) == email
    assert found is not None
    assert text[found.start :].startswith(found.quote)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Léa Morin\nBruxelles\n0470 12 34 56\n", "+32470123456"),
        ("Léa Morin\n0470 12 34 56\n", None),
        ("Léa Morin\nCasablanca, Maroc\n06 61 23 45 67\n", "+212661234567"),
        ("Hans Müller\nBerlin\n0151 234 567\n", None),
        ("Léa Morin\nMaroc\n+212 661 234567\n", "+212661234567"),
        ("Léa Morin\n12 rue de Bruxelles\n06 39 98 12 34\n", "+33639981234"),
        ("Léa Morin\nLille / Bruxelles\n06 39 98 12 34\n", "+33639981234"),
        ("Léa Morin\nNée à Alger\n06 39 98 12 34\n", "+33639981234"),
        ("Léa Morin\n06 39 98 12 34\n\nExpérience\n2019\nDéveloppeuse, Berlin\n", "+33639981234"),
        ("01.02.2019.20 20\n", None),
        ("02 85 05 78 00 60 84 36\n", None),
        ("N° sécu 02 85 05 78 00\n", None),
        ("06 39 98 12 34 01 99 00 12 34\n", "+33639981234"),
        ("06 39 98 12 34 12 rue Haute\n", "+33639981234"),
        ("555.123.4567 ref dossier\n", None),
        ("555.223.4567 ref dossier\n", None),
        ("(555) 223-4567\n", "+15552234567"),
        ("Tél. 06 39 98 12 34 ID : lea\n", "+33639981234"),
    ],
)
def test_a_number_is_french_only_where_nothing_says_otherwise(text, number):
    assert value(profile(text).phone) == number


def test_a_project_that_one_contributes_to_is_not_the_own_page():
    assert profile("Léa Morin\nContributrice à github.com/django\n").profiles == ()
    assert profile("Léa Morin\ngithub.com/leamorin\n").profiles[0].username == "leamorin"


SIZE = 300_000
HOSTILE = {
    "addresses": "".join(f"a{number}@b{number}.example Nom Prénom\n" for number in range(20_000)),
    "addresses beside names": "\n".join(["Léa Morin · " * 40] * 300)
    + " ".join(f"x{number}.yy.zz.tt.uu@b.example" for number in range(9000)),
    "one letter": "aa.aa.aa.aa.aa@b.example aaa.aaa.aaaa.aa@c.example\n" + "Aa Aaa Aaaa Aaaaa Aaaaaa · " * 11_000,
    "tabs after a label": "nom" + "\t" * SIZE,
    "tabs and blanks": ("nom" + "\t " * 9000 + "\n") * 16,
    "labels": "nom: a\n" * 40_000,
    "pairs": "06 12 34 56 78 " * 20_000,
    "towns": "Bruxelles 06 12 34 56 78\n" * 12_000,
    "streets": "rue de la " * 30_000 + "06 12 34 56 78",
    "glued hosts": "a@" + "b.wwww." * 40_000,
    "a name that never ends": "je m'appelle " + "A" * SIZE,
    "references": "Références\n" * 30_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_cv_is_read_in_time(text):
    begin = time.process_time()
    extract_profile(Document("text/plain", text[:SIZE]), author=Address("Léa Morin", "lea.morin@example.net"))
    assert time.process_time() - begin < 3
