"""Who hands another person's CV on is never taken for that person, and nobody is greeted by a name that may not be theirs."""

from __future__ import annotations

import pytest
from composing import APPLYING, CAMILLE, CONTEXT, CV, eml, pdf
from mails import cv

from parsing.mail_class import MailClass
from parsing.understand import understand

KARIM = ("CV Karim.pdf", cv("Karim Benali", "karim.benali@example.com"))
NAMELESS = ("CV.pdf", pdf("Karim Benali", "Expérience", "2019 2020 2021", "Formation", "Compétences"))
SENT_BY_OTHERS = {
    "job board": ("HelloBoulot <contact@helloboulot.example>", "Karim Benali vient de postuler à votre offre. Son CV est joint.", KARIM),
    "job board in English": ("Board <boardapply@board.example>", "Karim Benali has applied. Resume attached.", KARIM),
    "nameless desk": ("contact@helloboulot.example", "Un CV pour vous.", KARIM),
    "form of a site": ("Site web <www-data@site.example>", "Message : je souhaite postuler", KARIM),
    "agency": ("Julie Martin <julie.martin@cabinet.example>", "Je vous transmets la candidature de Karim Benali.", KARIM),
    "counsellor": ("Julie Martin <julie.martin@emploi.example>", "Voici le CV de M. Benali, que j'accompagne.", NAMELESS),
    "mother": ("Nadia Benali <nadia.benali@example.com>", "Voici le CV de mon fils Karim qui souhaite postuler.", KARIM),
    "professor": ("Paul Prof <paul.prof@univ.example>", "Je vous recommande mon étudiant.", KARIM),
    "without a word": ("Paul Prof <paul.prof@univ.example>", "Je vous adresse une candidature.", KARIM),
}


@pytest.mark.parametrize(("sender", "text", "file"), SENT_BY_OTHERS.values(), ids=SENT_BY_OTHERS.keys())
def test_the_applicant_is_the_person_of_the_cv(sender, text, file):
    found = understand(eml(f"Bonjour,\n\n{text}\n", sender=sender, subject="Candidature", files=[file]), CONTEXT)
    assert found.applicant is not None
    assert found.applicant.name == "Karim Benali"
    assert found.author is not None
    assert found.applicant.email != found.author.addr_spec
    assert "applicant_is_not_author" in found.verdict.refusals


def test_so_in_an_answer_and_where_a_person_decides():
    vague = eml("Voir ci-joint ?", sender="Paul Prof <paul.prof@univ.example>", to="autre@example.com", subject="x", files=[KARIM])
    found = understand(vague, CONTEXT)
    assert found.verdict.mail_class is MailClass.UNSURE
    assert "applicant_is_not_author" in found.verdict.refusals


def test_the_telephone_of_whoever_presents_is_not_the_applicants():
    file = ("CV.pdf", pdf("Karim Benali", "karim.benali@example.com", "Expérience", "2019 2020 2021", "Formation"))
    text = "Je vous transmets la candidature de Karim Benali.\n\nJulie Martin, 06 39 98 12 34\n"
    assert understand(eml(text, sender="Julie Martin <julie@cabinet.example>", files=[file]), CONTEXT).profile.phone is None


OWN = {
    "second address": "Léa Morin <ptitelea@example.com>",
    "initial": "L. Morin <lm75@example.com>",
    "capitals": "MORIN Léa <lm75@example.com>",
    "name in the address": "lea.morin@example.com",
    "given name only": "Léa <lea75@example.com>",
    "two surnames": "Léa Morin-Petit <lmp@example.com>",
}


@pytest.mark.parametrize("sender", OWN.values(), ids=OWN.keys())
def test_who_writes_from_a_second_address_applies(sender):
    found = understand(eml(sender=sender, files=[CV]), CONTEXT)
    assert found.applicant is not None
    assert found.author is not None
    assert found.applicant.email == found.author.addr_spec
    assert found.verdict.auto_reply_allowed


def test_a_short_form_of_the_name_is_the_name():
    file = ("CV.pdf", cv("Alexandre Morin", "alexandre.morin@example.net"))
    assert understand(eml(sender="Alex Morin <am75@example.com>", files=[file]), CONTEXT).verdict.auto_reply_allowed


def test_a_cv_that_says_nothing_of_its_owner_changes_nothing():
    found = understand(eml(sender="Anne Jobert <jobert.anne@example.net>", files=[("CV.pdf", pdf("scan"))]), CONTEXT)
    assert found.applicant is not None
    assert found.applicant.email == "jobert.anne@example.net"
    assert found.verdict.auto_reply_allowed


GREETINGS = [
    ("Victor Timme votre compte expire demain <victor.timme@bank.example>", "Victor Timme votre compte expire demain", False),
    ("Jean Dupont - ACME Corp <jean.dupont@example.com>", "Jean Dupont - ACME Corp", False),
    ("Cabinet Durand <cabinet.durand@example.com>", "Cabinet Durand", False),
    ("Pizzeria Bella <pizzeria.bella@example.com>", "Pizzeria Bella", False),
    ("Marie ou Paul Durand <marie.durand@example.com>", "Marie ou Paul Durand", False),
    ("Appelez Moi <x42@example.com>", "Appelez Moi", False),
    ("DUPONT Jean <jean.dupont@example.com>", "Jean Dupont", True),
    ("Anne de la Tour <anne.delatour@example.com>", "Anne de la Tour", True),
    ("Jean-Pierre O'Neil <jeanpierre.oneil@example.com>", "Jean-Pierre O'Neil", True),
]


@pytest.mark.parametrize(("sender", "name", "sure"), GREETINGS)
def test_only_a_name_that_the_address_repeats_to_its_last_word_may_be_greeted(sender, name, sure):
    applicant = understand(eml(APPLYING, sender=sender), CONTEXT).applicant
    assert applicant is not None
    assert (applicant.name, applicant.name_is_sure) == (name, sure)


def test_the_cv_may_stand_in_for_the_address():
    applicant = understand(eml(sender="Léa Morin - Coopérative <lea75@example.com>", files=[CV]), CONTEXT).applicant
    assert applicant is not None
    assert (applicant.name, applicant.name_is_sure) == ("Léa Morin", True)


def test_a_cv_that_one_of_us_sends_is_the_application_of_its_owner():
    found = understand(eml("Voici un CV.", sender=CAMILLE, to="recrutement@example.org", subject="CV", files=[KARIM]), CONTEXT)
    assert found.verdict.mail_class is MailClass.FORWARDED_APPLICATION
    assert found.applicant is not None
    assert found.applicant.email == "karim.benali@example.com"
