"""Whom an ad asks to write to: everyone named here is sent the data of all candidates, so outsiders must not be."""

from __future__ import annotations

import time

import pytest

from parsing.offer import Offer, parse_offer

A, B = "camille@example.org", "dominique@example.org"
APPLY = f"\n\nEnvoyez votre CV à {A}"


def ad(body: str, front: str = "title: Développeuse backend\nopen: true") -> Offer:
    return parse_offer(f"---\n{front}\n---\n\n{body}\n".encode(), "backend.md")


OUTSIDERS = [
    "Vous écrirez des services pour contact@client.example et adresserez les usagers.",
    "Vous développerez un outil d'analyse de CV pour contact@client.example.",
    "Vous répondrez aux candidatures reçues à contact@client.example.",
    "Vous serez amené à écrire à contact@client.example.",
    "Votre contact technique est bob@client.example.",
    "Nos partenaires : contact@client.example, info@autre.example.",
    "Pour vos données : dpo@example.org.",
    "Pour exercer vos droits sur les données de candidature, écrivez à juriste@example.org.",
    "Pour toute question sur votre candidature, écrivez à questions@example.org.",
    "Un problème de pièce jointe ? Écrivez à informatique@example.org.",
    "Plus d'informations sur le poste, des renseignements : bob@example.org.",
    "Vous pouvez contacter Anne (anne@example.org) pour toute question technique.",
    "noreply@example.org vous répondra.",
    "## Contact presse\n\npresse@example.org",
    "```\nenvoyez un mail à exemple@tutoriel.example\n```",
    "    envoyez un mail à exemple@tutoriel.example",
    "![Écrivez-nous : z@example.org](bouton.png)",
    "~~Envoyez votre CV à old@example.org~~",
    "<del>Envoyez votre CV à old@example.org</del>",
    "<!-- Envoyez votre CV à old@example.org -->",
    "<!-- <a href='mailto:old@example.org'>Envoyez votre CV</a> > -->",
    "N'écrivez plus à old@example.org.",
    "You will write to contact@client.example about their services.",
    "Do not send your CV to old@example.org.",
]


@pytest.mark.parametrize("words", OUTSIDERS)
def test_an_address_that_nobody_is_asked_to_apply_to_gets_no_digest(words):
    assert ad(words + APPLY).recruiters == (A,)


@pytest.mark.parametrize("words", OUTSIDERS[:5])
def test_nor_does_it_where_the_ad_names_nobody_else_and_the_ad_is_told(words):
    offer = ad(words + "\n\nPour postuler : https://emploi.example.org/42")
    assert (offer.recruiters, offer.apply_by_email, offer.apply_url) == ((), False, "https://emploi.example.org/42")


@pytest.mark.parametrize(
    "words",
    [
        f"Envoyez votre CV à {A} (et non plus à old@example.org, qui a quitté l'équipe).",
        f"Envoyez votre CV à {A} et non plus à old@example.org.",
        f"N'écrivez plus à old@example.org mais à {A}",
        f"Au lieu de old@example.org, écrivez à {A}",
        f"old@example.org n'est plus relevée, envoyez votre CV à {A}",
        f"Send your CV to {A} instead of old@example.org",
        f"Do not write to old@example.org, write to {A}",
        f"Envoyez votre CV à ~~old@example.org~~ {A}",
        f"Envoyez votre CV à <s>old@example.org</s> {A}",
        f"Envoyez votre CV à {A} ![logo envoyé par old@example.org](x.png)",
        f"Envoyez votre CV à {A}, pour toute question à old@example.org.",
        f"Envoyez votre candidature à {A}, vos données sont traitées par old@example.org.",
        f"Questions : old@example.org\nPostuler : {A}",
    ],
)
def test_what_a_sentence_takes_back_or_sets_aside_is_left_out(words):
    assert ad(words).recruiters == (A,)


@pytest.mark.parametrize(
    "words",
    [
        "Pour postuler, remplissez https://form.example/x, en cas de bug écrivez à support@form.example.",
        "Pour postuler, remplissez https://form.example/x. En cas de bug, écrivez à support@form.example.",
    ],
)
def test_a_form_stays_the_way_to_apply_when_only_its_help_desk_has_an_address(words):
    offer = ad(words)
    assert (offer.recruiters, offer.apply_url) == ((), "https://form.example/x")


@pytest.mark.parametrize(
    ("words", "recruiters"),
    [
        (f"N'hésitez pas à envoyer votre CV à {A}", [A]),
        (f"Don't hesitate to send your CV to {A}", [A]),
        (f"Si vous ne remplissez pas tous les critères, envoyez quand même votre CV à {A}", [A]),
        (f"Envoyez votre CV à l'attention de M. Durand, {A}", [A]),
        (f"Contactez Mme. Petit à {A}", [A]),
        (f"Envoyez votre CV et vos questions à {A}", [A]),
        (f"Envoyez votre CV, vos questions et vos envies à {A}", [A]),
        (f"Pour toute question ou pour candidater : {A}", [A]),
        (f"Renseignements et candidatures : {A}", [A]),
        (f"Envoyez votre CV à :\n\n- {A}\n- {B}", [A, B]),
        (f"Envoyez votre CV et une lettre. Adresse : {A}", [A]),
        (f"Vos CV à Anne Petit ({A}) et à Bob Durand ({B}).", [A, B]),
        (f"Pour candidater : par mail à {A}, copie {B}", [A, B]),
        (f"{A} pour postuler", [A]),
        (f"Rejoignez-nous ! {A}", [A]),
        (f"Vous pourrez envoyer votre CV à {A}", [A]),
        (f"| Recruteur | Mail |\n|---|---|\n| Anne | {A} |\n", [A]),
        (f"Le poste vous tente ?\nDites-le à {A}", [A]),
        (f"Applications (CV and letter) are to reach {A} before June.", [A]),
        (f"[![Postuler](bouton.png)](mailto:{A})", [A]),
        (f"<p>Envoyez votre CV : <a href='mailto:{A}'>Anne</a></p>", [A]),
    ],
)
def test_a_recruiter_is_not_lost_by_the_words_around(words, recruiters):
    assert list(ad(words).recruiters) == recruiters


def test_an_address_on_another_domain_is_pointed_out():
    offer = ad(f"Envoyez votre CV à {A}, {B} et anne@cabinet.example.")
    assert offer.recruiters == (A, B, "anne@cabinet.example")
    assert len(offer.problems) == 1
    assert offer.problems[0].startswith("backend.md: anne@cabinet.example is on another domain than example.org")
    assert ad(f"Envoyez votre CV à {A} et anne@equipe.example.org").problems == ()
    assert ad(f"Votre CV à {A}", "title: a\nrecruteurs: anne@cabinet.example").problems[0].startswith(f"backend.md: {A} is on")


def test_an_address_that_is_passed_over_is_named_when_there_is_no_other():
    assert (
        "contact@client.example is there, but not to apply to" in ad("Vous écrirez des services pour contact@client.example.").problems[0]
    )


@pytest.mark.parametrize(
    "words",
    ["a@b.example, " * 30_000, "Écrivez à a@b.example. " * 15_000, "<" * 400_000, "<div>" + "<" * 400_000, "<!--" * 100_000]
    + ["(" * 400_000, "~~a" * 100_000, "n'écrivez plus " * 25_000 + "a@b.example", "question, " * 40_000 + "a@b.example", ". " * 200_000]
    + ["[" * 400_000, "```\n" + ">\n" * 200_000 + "```"],
    ids=range(12),
)
def test_hostile_text_is_judged_in_time(words):
    begin = time.process_time()
    ad(words)
    assert time.process_time() - begin < 8
