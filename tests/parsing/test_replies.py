"""What the author of an answer wrote, without what it quotes, as each mail program writes it."""

from __future__ import annotations

import pytest
from composing import CONTEXT, LEA, eml
from hypothesis import given, settings
from hypothesis import strategies as st

from parsing.body import MAX_BODY, bare_subject, is_forward, is_reply, read_body
from parsing.message import parse_message
from parsing.understand import understand

ANSWER = "Bonjour Camille,\n\nmardi 10 h me convient.\n\nLéa"
SECRET = "Pourriez-vous venir mardi, avec les pièces demandées ?"
QUOTATIONS = {
    "gmail-fr": f"Le lun. 16 nov. 2026 à 09:12, Camille Roy <camille@example.org> a écrit :\n\n> {SECRET}\n> Camille",
    "gmail-fr-two-lines": f"Le lun. 16 nov. 2026 à 09:12, Camille Roy de la Maison\n<camille@example.org> a écrit :\n\n> {SECRET}",
    "gmail-en": f"On Mon, Nov 16, 2026 at 9:12 AM Camille Roy <camille@example.org> wrote:\n\n> {SECRET}",
    "apple-fr": f"> Le 16 nov. 2026 à 09:12, Camille Roy <camille@example.org> a écrit :\n> \n> {SECRET}",
    "apple-en": f"> On 16 Nov 2026, at 09:12, Camille Roy <camille@example.org> wrote:\n> \n> {SECRET}",
    "thunderbird-fr": f"Le 16/11/2026 à 09:12, Camille Roy a écrit :\n> {SECRET}",
    "outlook-fr": "________________________________\nDe : Camille Roy <camille@example.org>\nEnvoyé : lundi 16 novembre 2026 09:12\n"
    f"À : Léa Morin\nObjet : Entretien\n\n{SECRET}",
    "outlook-en": "________________________________\nFrom: Camille Roy <camille@example.org>\nSent: Monday, November 16, 2026 9:12 AM\n"
    f"To: Léa Morin\nSubject: Entretien\n\n{SECRET}",
    "outlook-old-fr": "-----Message d'origine-----\nDe : Camille Roy [mailto:camille@example.org]\nEnvoyé : lundi 16 novembre 2026 09:12\n"
    f"À : Léa Morin\nObjet : Entretien\n\n{SECRET}",
    "outlook-old-en": f"-----Original Message-----\nFrom: Camille Roy\nSent: Monday\nTo: Léa\nSubject: x\n\n{SECRET}",
    "bare": f"> {SECRET}\n> Camille",
}


@pytest.mark.parametrize("quotation", QUOTATIONS.values(), ids=QUOTATIONS.keys())
def test_only_what_the_author_wrote_is_kept(quotation):
    understanding = understand(eml(f"{ANSWER}\n\n{quotation}\n", subject="Re: Entretien"), CONTEXT)
    assert understanding.body == ANSWER
    assert understanding.verdict.mail_class == "reply"


@pytest.mark.parametrize(
    "tail", ["-- \nLéa Morin\n06 39 98 12 34", "Envoyé de mon iPhone", "Sent from my Galaxy", "Obtenir Outlook pour iOS"]
)
def test_signature_blocks_and_advertisements_of_telephones_are_left_out(tail):
    body = read_body(parse_message(eml(f"{ANSWER}\n\n{tail}\n")))
    assert body.written == ANSWER


def test_a_mail_that_is_only_a_signature_keeps_it():
    assert read_body(parse_message(eml("-- \nLéa Morin"))).written.endswith("Léa Morin")


def test_plain_text_is_preferred_and_html_serves_where_there_is_none():
    assert read_body(parse_message(eml("En texte", html="<p>En page</p>"))).written == "En texte"
    assert read_body(parse_message(eml("", html="<p>En <b>page</b></p><p>Fin</p>"))).written.split() == ["En", "page", "Fin"]
    assert "alert" not in read_body(parse_message(eml("", html="<script>alert(1)</script><p>Bonjour</p>"))).written


def test_the_links_of_a_page_are_told():
    body = read_body(parse_message(eml("", html='<a href="https://drive.example.com/cv">Mon CV</a>')))
    assert body.links == ("https://drive.example.com/cv",)


def test_a_body_is_cut_at_its_limit():
    assert len(understand(eml("mot " * 30_000), CONTEXT).body) <= MAX_BODY


@pytest.mark.parametrize(
    ("subject", "reply", "forward", "bare"),
    [
        ("Re: Poste", True, False, "Poste"),
        ("RE : Poste", True, False, "Poste"),
        ("Réf: Poste", True, False, "Poste"),
        ("AW: Poste", True, False, "Poste"),
        ("Re[2]: Poste", True, False, "Poste"),
        ("[EXT] Re: Poste", True, False, "Poste"),
        ("Fwd: Re: TR: Poste", False, True, "Poste"),
        ("TR : Poste", False, True, "Poste"),
        ("FW: Poste", False, True, "Poste"),
        ("Recherche de poste", False, False, "Recherche de poste"),
        ("Refonte : poste", False, False, "Refonte : poste"),
        ("Travail: poste", False, False, "Travail: poste"),
        ("Entretien: poste", False, False, "Entretien: poste"),
    ],
)
def test_prefixes_of_subjects(subject, reply, forward, bare):
    assert (is_reply(subject), is_forward(subject), bare_subject(subject)) == (reply, forward, bare)


words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters=">:\x85"), min_size=12, max_size=60
)


@settings(max_examples=60, deadline=5000)
@given(secret=words.filter(lambda text: len(set(text.strip())) > 6), quotation=st.sampled_from(sorted(QUOTATIONS)))
def test_the_quoted_words_of_an_answer_never_come_back(secret, quotation):
    quoted = QUOTATIONS[quotation].replace(SECRET, secret)
    mail = eml(f"{ANSWER}\n\n{quoted}\n", sender=LEA, subject="Re: Entretien")
    assert secret.strip() not in understand(mail, CONTEXT).body
