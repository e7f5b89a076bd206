"""Which offer a mail is about: by whom it was written to, then by what it names; and when that is not certain."""

from __future__ import annotations

import pytest
from composing import CAMILLE, eml

from parsing.body import read_body
from parsing.context import Context
from parsing.message import parse_message
from parsing.offer import Offer, parse_offer
from parsing.routing import Route, names_offer, route


def offer(slug: str, title: str, *recruiters: str, is_open: bool = True, subject: str = "") -> Offer:
    asked = f" avec l'objet « {subject} »" if subject else ""
    text = f"---\ntitle: {title}\nopen: {str(is_open).lower()}\n---\nEnvoyez votre CV à {' et '.join(recruiters)}{asked}.\n"
    return parse_offer(text.encode(), f"{slug}.md")


BACKEND = offer("backend", "Développeuse backend Python", "camille@example.org", "dominique@example.org")
DESIGN = offer("design", "Designer de services numériques", "elise@example.org")
DATA = offer("data", "Ingénieure données cartographiques", "elise@example.org", subject="Candidature carto 2026")
OLD = offer("backend-2024", "Développeuse backend Python", "camille@example.org", "dominique@example.org", is_open=False)


def routed(*offers: Offer, to: str, subject: str = "Candidature", text: str = "Bonjour, voici mon CV.", **more) -> Route:
    message = parse_message(eml(text, to=to, subject=subject, **more))
    return route(message, read_body(message), Context(offers=offers))


def test_the_address_tells_the_offer():
    found = routed(BACKEND, DESIGN, to="elise@example.org")
    assert (found.offer, found.certain, found.alternatives) == ("design", True, ())
    assert found.reasons


def test_capitals_and_copies_make_no_difference():
    found = routed(BACKEND, DESIGN, to="paul@example.com", cc="Élise <ELISE@Example.org>")
    assert (found.offer, found.certain) == ("design", True)


NAMED = [
    ("Candidature - Ingénieure données cartographiques", "Bonjour.", "data"),
    ("Candidature au poste de designer de services numériques", "Bonjour.", "design"),
    ("Candidature carto 2026 - Morin", "Bonjour.", "data"),
    ("Candidature", "Votre annonce « Ingénieure données cartographiques » m'a plu.", "data"),
    ("RE: Candidature designer services numériques", "Bonjour.", "design"),
]


@pytest.mark.parametrize(("subject", "text", "slug"), NAMED)
def test_offers_that_share_an_address_are_told_apart_by_what_the_mail_names(subject, text, slug):
    found = routed(DESIGN, DATA, BACKEND, to="elise@example.org", subject=subject, text=text)
    assert (found.offer, found.certain) == (slug, True)


def test_when_nothing_tells_them_apart_the_choice_is_not_certain_and_names_the_others():
    found = routed(DESIGN, DATA, to="elise@example.org", subject="Candidature")
    assert not found.certain
    assert {found.offer, *found.alternatives} == {"design", "data"}


def test_an_open_offer_goes_before_a_closed_one_of_the_same_name():
    for offers in ((OLD, BACKEND), (BACKEND, OLD)):
        found = routed(*offers, to=CAMILLE, subject="Développeuse backend Python")
        assert (found.offer, found.certain, found.alternatives) == ("backend", False, ("backend-2024",))


def test_a_closed_offer_still_takes_its_mail():
    assert routed(OLD, DESIGN, to=CAMILLE).offer == "backend-2024"


def test_an_offer_may_be_named_in_a_mail_to_the_general_address():
    found = routed(BACKEND, DESIGN, to="recrutement@example.org", subject="Designer de services numériques")
    assert (found.offer, found.certain) == ("design", True)
    in_text = routed(BACKEND, DESIGN, to="recrutement@example.org", text="Je postule : designer de services numériques.")
    assert (in_text.offer, in_text.certain) == ("design", False)


def test_what_names_no_offer_is_left_without_one():
    assert routed(BACKEND, DESIGN, to="recrutement@example.org").offer is None
    assert routed(to="recrutement@example.org").reasons == ("no offer is known",)


def test_a_single_common_word_names_nothing():
    offers = (offer("dev", "Développeuse", "anne@example.org"), DESIGN)
    assert routed(*offers, to="recrutement@example.org", subject="Candidature").offer is None
    assert names_offer("Bonjour, je recherche un poste.", offers) is None


def test_who_forwards_was_written_to():
    text = "---------- Forwarded message ---------\nDe : Léa <lea@example.net>\nSubject: Candidature\n\nMon CV.\n"
    found = routed(BACKEND, DESIGN, to="paul@example.com", subject="Fwd: Candidature", text=text, sender="elise@example.org")
    assert found.offer == "design"
