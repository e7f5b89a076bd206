"""Which offer a mail is about: by whom it was written to, then by what it names; and when that is not certain."""

from __future__ import annotations

import re
import unicodedata

import pytest
from composing import CAMILLE, eml
from hypothesis import given, settings
from hypothesis import strategies as st

from parsing.body import read_body
from parsing.context import Context
from parsing.message import parse_message
from parsing.naming import words_of
from parsing.offer import Offer, parse_offer
from parsing.routing import Route, hints_at_offer, names_offer, plus_tag, route


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


@pytest.mark.parametrize("subject", ["Candidature DevOps", "DevOps engineer", "Candidature ingénieur(e) DevOps"])
def test_a_word_of_one_title_alone_tells_it_though_the_address_is_another_offers_only_one(subject):
    owner = offer("owner", "Product owner", "elise@example.org")
    ops = offer("ops", "Ingénieur·e DevOps, plateforme de démarches", "elise@example.org", "camille@example.org")
    found = routed(owner, ops, to="elise@example.org", subject=subject)
    assert (found.offer, found.certain) == ("ops", True)
    assert routed(owner, ops, to="elise@example.org", subject="Candidature").offer == "owner"


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


@pytest.mark.parametrize(
    ("subject", "near"),
    [
        ("poste backend", True),
        ("Backend Python, à Lyon, dès janvier", True),
        ("Candidature Anne Petit backend", True),
        ("Backend de la chaudière en panne", False),
        ("Services", True),
        ("Offre de services et tarifs", False),
        ("recrutement", False),
    ],
)
def test_a_word_of_a_title_hints_at_it_only_where_it_is_most_of_what_is_said(subject, near):
    assert (hints_at_offer(subject, [BACKEND, DESIGN], names=["Anne Petit"]) is not None) is near


def test_the_beginning_of_a_title_names_it_where_nothing_else_does():
    mobile = offer("mobile", "Tech lead mobile react-native, iOS, Android", "elise@example.org")
    other = offer("web", "Tech lead web", "elise@example.org")
    found = routed(mobile, other, DESIGN, to="general@example.org", subject="Tech lead mobile", text="Bonjour.")
    assert (found.offer, found.certain) == ("mobile", True)
    assert routed(mobile, BACKEND, DESIGN, to="general@example.org", subject="Mobile", text="Bonjour.").offer is None


def test_words_of_subject_and_text_name_an_offer_together():
    found = routed(DATA, DESIGN, to="elise@example.org", subject="Poste : données", text="Je suis ingénieure.")
    assert (found.offer, found.certain) == ("data", True)


def test_who_forwards_was_written_to():
    text = "---------- Forwarded message ---------\nDe : Léa <lea@example.net>\nSubject: Candidature\n\nMon CV.\n"
    found = routed(BACKEND, DESIGN, to="paul@example.com", subject="Fwd: Candidature", text=text, sender="elise@example.org")
    assert found.offer == "design"


SAME = "jobs@example.org"
DEV = offer("dev", "Développeur", SAME)
SENIOR = offer("dev-senior", "Développeur senior", SAME)
DATA_DEV = offer("dev-data", "Développeuse ou développeur Python et données", SAME)
TEACHER = offer("coach", "Coach numérique (Maison des lettres)", SAME)


@pytest.mark.parametrize(
    ("subject", "slug"),
    [
        ("Candidature développeur", "dev"),
        ("Candidature DEVELOPPEUSE Senior", "dev-senior"),
        ("développeur·se senior - Léa Morin", "dev-senior"),
        ("Développeur(se) sénior", "dev-senior"),
        ("TR: RE: Candidature « Coach numérique »", "coach"),
        ("Maison des lettres : coach numérique", "coach"),
        ("Candidature coahc numérique", "coach"),
        ("developeur python et donnees", "dev-data"),
        ("Python", "dev-data"),
    ],
)
def test_the_longest_title_that_stands_in_a_subject_is_the_one_meant(subject, slug):
    found = routed(DEV, SENIOR, DATA_DEV, TEACHER, to=SAME, subject=subject)
    assert (found.offer, found.certain) == (slug, True), found.reasons
    assert any("in the subject" in reason for reason in found.reasons)


@pytest.mark.parametrize("offers", [(TEACHER, SENIOR), (SENIOR, TEACHER)])
def test_a_subject_that_names_two_offers_names_both_and_decides_neither(offers):
    found = routed(*offers, to=SAME, subject="Candidature coach numérique ou développeur senior")
    assert not found.certain
    assert {found.offer, *found.alternatives} == {"coach", "dev-senior"}
    assert "2 offers are named" in found.reasons


def test_two_ads_with_one_title_and_one_address_are_never_told_apart():
    twin = offer("dev-2", "Développeur", SAME)
    found = routed(DEV, twin, SENIOR, to=SAME, subject="Candidature Développeur")
    assert (found.certain, {found.offer, *found.alternatives}) == (False, {"dev", "dev-2"})


def test_a_word_of_a_letter_is_no_title():
    found = routed(DEV, TEACHER, to=SAME, text="Bonjour, je suis développeur depuis dix ans et voici mon CV.")
    assert not found.certain
    assert {found.offer, *found.alternatives} == {"dev", "coach"}
    asked = routed(DEV, TEACHER, to=SAME, text="Bonjour, je réponds à votre offre de développeur.")
    assert (asked.offer, asked.certain) == ("dev", True)


def test_a_name_that_is_also_a_word_of_a_title_tells_nothing():
    found = routed(SENIOR, TEACHER, to=SAME, subject="Candidature Marie Senior", sender='"Marie Senior" <m.senior@example.net>')
    assert not found.certain


HINTED = [offer("ref-17", "Designer", SAME, subject="REF-2026-017"), offer("ref-18", "Designer", SAME, subject="REF-2026-018")]


@pytest.mark.parametrize(("subject", "slug"), [("réf 2026-017 : Léa Morin", "ref-17"), ("Designer [REF 2026/018]", "ref-18")])
def test_a_reference_number_tells_two_offers_of_one_title_apart(subject, slug):
    found = routed(*HINTED, to=SAME, subject=subject)
    assert (found.offer, found.certain) == (slug, True)
    assert "is asked for" in found.reasons[1]


def test_a_subject_that_two_ads_ask_for_leaves_the_title_to_tell():
    offers = [
        offer("a", "Designer de services", SAME, subject="Candidature 2026"),
        offer("b", "Juriste numérique", SAME, subject="Candidature 2026"),
    ]
    assert routed(*offers, to=SAME, subject="Candidature 2026 juriste numérique").offer == "b"
    assert not routed(*offers, to=SAME, subject="Candidature 2026").certain


@pytest.mark.parametrize("field", ["To", "Cc", "Delivered-To", "X-Original-To"])
def test_an_address_with_the_offers_name_in_it_tells_the_offer_before_its_words_do(field):
    headers = {field.replace("-", "_"): "jobs+DEV-senior@example.org"}
    found = with_fields(headers, DEV, SENIOR, TEACHER, subject="Coach numérique")
    assert (found.offer, found.certain) == ("dev-senior", True)
    assert "jobs+dev-senior@example.org" in found.reasons[0]


def test_a_foreign_address_with_an_offers_name_in_it_tells_nothing():
    found = with_fields({"Cc": "jobs+coach@example.net"}, DEV, SENIOR, TEACHER, subject="Développeur senior")
    assert found.offer == "dev-senior"


def with_fields(fields: dict[str, str], *offers: Offer, subject: str) -> Route:
    lines = {"From": "Léa <lea@example.net>", "To": SAME, "Subject": subject} | {
        key.replace("_", "-"): value for key, value in fields.items()
    }
    raw = "".join(f"{key}: {value}\n" for key, value in lines.items()) + "\nMon CV.\n"
    message = parse_message(raw.encode())
    return route(message, read_body(message), Context(offers=offers, our_addresses=frozenset({SAME})))


@pytest.mark.parametrize("slug", ["Chef de projet", "2021-07-27-un.ou.une.designer", "développement_été", "chargé(e)"])
def test_every_slug_has_a_tag_that_may_stand_in_an_address(slug):
    tag = plus_tag(slug)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", tag)
    named = offer(slug, "Un titre", SAME)
    assert with_fields({"To": f"jobs+{tag}@example.org"}, named, DEV, subject="CV").offer == slug


def test_an_address_of_one_offer_alone_tells_it_unless_the_subject_names_another():
    found = routed(BACKEND, DESIGN, to="elise@example.org", subject="Candidature")
    assert (found.offer, found.certain) == ("design", True)
    wrong = routed(BACKEND, DESIGN, to="elise@example.org", subject="Développeuse backend Python")
    assert (wrong.offer, wrong.certain, wrong.alternatives) == ("design", False, ("backend",))


def test_the_only_open_one_of_the_offers_written_to_is_meant():
    closed = offer("dev-2024", "Développeur d'antan", SAME, is_open=False)
    found = routed(closed, TEACHER, to=SAME)
    assert (found.offer, found.certain) == ("coach", True)
    assert "the only open one of these offers" in found.reasons


def test_who_names_a_closed_offer_is_taken_at_their_word():
    closed = offer("archivist", "Archiviste de quartier", SAME, is_open=False)
    found = routed(closed, TEACHER, to=SAME, subject="Archiviste de quartier")
    assert (found.offer, found.certain) == ("archivist", True)
    assert "that offer is closed" in found.reasons


def test_an_answer_is_about_what_it_answers_unless_its_subject_names_another_offer():
    def answered(subject: str) -> Route:
        message = parse_message(eml("Voici mon CV.", to=SAME, subject=subject))
        return route(message, read_body(message), Context(offers=(DEV, SENIOR, TEACHER), thread_offer="coach"))

    assert (answered("Re: bonjour").offer, answered("Re: bonjour").reasons) == ("coach", ("it answers a conversation about this offer",))
    assert answered("Candidature développeur senior").offer == "dev-senior"


def test_what_lay_in_a_recruiters_own_mailbox_was_brought_to_them():
    message = parse_message(eml("Voici mon CV.", to="info@example.org", subject="Candidature"))
    found = route(message, read_body(message), Context(offers=(BACKEND, DESIGN), mailbox="elise@example.org"))
    assert (found.offer, found.certain) == ("design", True)


# titles: two to five words of which each offer has one of its own, in any order with others that they share
WORDS = [
    "architecte",
    "réseaux",
    "qualité",
    "chargée",
    "Python",
    "données",
    "nuage",
    "accès",
    "sûreté",
    "élève",
    "œuvre",
    "C++",
    "2026",
    "junior",
    "lead",
]
TITLES = st.lists(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=4, unique=True).map(" ".join), min_size=2, max_size=8, unique_by=words_of
)
WRITTEN = [
    str,
    str.upper,
    str.lower,
    lambda title: f"Candidature - {title}",
    lambda title: f"Re: Candidature : « {title} »",
    lambda title: f'TR: "{title}"',
    lambda title: f"Candidature au poste de {title} - Zoé Quilliot",
    lambda title: "".join(c for c in unicodedata.normalize("NFKD", title) if not unicodedata.combining(c)),
    lambda title: unicodedata.normalize("NFD", title),
    lambda title: title.replace(" ", "  "),
]


@given(titles=TITLES, write=st.sampled_from(WRITTEN), data=st.data())
@settings(max_examples=100, deadline=None)
def test_a_subject_made_of_one_title_goes_to_that_offer_whatever_others_share_its_addresses(titles, write, data):
    offers = tuple(Offer(slug=f"o{i}", title=title, open=True, language="fr", recruiters=(SAME,)) for i, title in enumerate(titles))
    meant = data.draw(st.sampled_from(offers))
    found = routed(*offers, to=SAME, subject=write(meant.title))
    assert (found.offer, found.certain) == (meant.slug, True), found
