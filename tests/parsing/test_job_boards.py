"""Notices of job boards, of applicant tracking systems and of forms: who applies is read from the text, and nobody is answered."""

from __future__ import annotations

from dataclasses import replace

import pytest
from composing import CONTEXT, CV, eml

from parsing.mail_class import MailClass
from parsing.understand import understand

LEA = ("Léa Morin", "lea.morin@example.net")
TITLE = "Développeuse ou développeur backend"
TABLE = "<table><tr><td>Prénom</td><td>Léa</td></tr><tr><td>Nom</td><td>MORIN</td></tr><tr><td>E-mail</td><td>{1}</td></tr></table>"
NOTICES = {  # sender, subject, text
    "sentence": ("Jungle <no-reply@welcomekit.example>", "Nouvelle candidature", "{0} vient de postuler à votre offre.\n\nEmail : {1}"),
    "subject": ("Apec <ne-pas-repondre@apec.example>", "{0} a postulé : backend", "Tél. : 06 39 98 20 30\nCourriel : {1}"),
    "labels": ("Emploi <contact@cadremploi.example>", "Nouvelle candidature", "Nom : MORIN\nPrénom : Léa\nAdresse e-mail : {1}"),
    "labels above": ("Flatchr <x@flatchr.example>", "Nouvelle candidature", "Candidat\n{0}\n\nEmail\n{1}"),
    "in brackets": ("Emploi <contact@cadremploi.example>", "Votre offre", "{0} ({1}) postule à votre annonce."),
    "courtesy": ("FT <candidatures@francetravail.example>", "Votre offre", "Mme Léa MORIN souhaite postuler à votre offre.\nMél : {1}"),
    "English": ("ATS <no-reply@greenhouse.example>", "New application: {0} for backend", "Candidate: {0}\nEmail: {1}"),
    "German": ("Xing <noreply@xing.example>", "Neue Bewerbung", "Vorname: Léa\nNachname: Morin\nE-Mail: {1}"),
    "signed relay": ("Léa Morin via Board <l-8f2@reply.indeed.example>", "Candidature", "Je vous adresse ma candidature.\n\n{0}\n{1}"),
    "own form": ("Site <wordpress@example.org>", "Nous rejoindre", "De : {0} <{1}>\nSujet : Candidature\n\nJe souhaite candidater."),
    "assistant": ("Accueil <accueil@mairie.example>", "Candidature", "Nom et prénom : {0}\nE-mail : {1}\nElle a postulé au guichet."),
}


def board(sender: str, subject: str, text: str, **more) -> bytes:
    return eml(text.format(*LEA), sender=sender, subject=subject.format(*LEA), **more)


@pytest.mark.parametrize("notice", NOTICES.values(), ids=NOTICES.keys())
def test_the_applicant_is_whom_the_notice_names_and_nobody_is_answered(notice):
    for files in ([], [CV]):
        found = understand(board(*notice, files=files), CONTEXT)
        assert found.verdict.mail_class is MailClass.APPLICATION
        assert found.applicant is not None
        assert (found.applicant.name, found.applicant.email) == LEA
        assert not found.applicant.name_is_sure
        assert "applicant_is_not_author" in found.verdict.refusals


def test_a_notice_in_html_alone_is_read():
    mail = eml("", html=TABLE.format(*LEA), sender=NOTICES["labels"][0], subject="Nouvelle candidature")
    found = understand(mail, CONTEXT)
    assert found.applicant is not None
    assert (found.applicant.name, found.applicant.email) == LEA


def test_the_relay_is_not_the_persons_address():
    relay = NOTICES["signed relay"]
    found = understand(board(*relay[:2], "Je vous adresse ma candidature."), CONTEXT)
    assert found.applicant is not None
    assert (found.applicant.name, found.applicant.email) == ("Léa Morin", None)
    with_cv = understand(board(*relay[:2], "Je vous adresse ma candidature.", files=[CV]), CONTEXT)
    assert with_cv.applicant is not None
    assert with_cv.applicant.email == LEA[1]


def test_a_forms_reply_to_is_the_person_and_a_boards_own_is_not():
    text = "Nouvelle candidature : {0}"
    form = understand(board("Site <wordpress@site.example>", "Formulaire", text, reply_to=LEA[1]), CONTEXT)
    assert form.applicant is not None
    assert form.applicant.email == LEA[1]
    own = understand(board(NOTICES["sentence"][0], "Votre offre", text, reply_to="support@welcomekit.example"), CONTEXT)
    assert own.applicant is not None
    assert own.applicant.email is None


@pytest.mark.parametrize(
    ("text", "reply_to"),
    [
        ("Nouvelle candidature\n\nNom : MORIN\nPrénom : Léa\nE-mail : {1}", None),
        ("Je souhaite postuler au poste de backend.", "Léa Morin <lea.morin@example.net>"),
    ],
    ids=["fields", "Reply-To"],
)
def test_a_form_that_writes_in_our_own_name_is_no_colleague(text, reply_to):
    found = understand(board("Site <camille@example.org>", "Formulaire", text, to="dominique@example.org", reply_to=reply_to), CONTEXT)
    assert found.verdict.mail_class is MailClass.APPLICATION
    assert found.applicant is not None
    assert (found.applicant.name, found.applicant.email) == LEA
    assert {"from_ourselves", "applicant_is_not_author"} <= set(found.verdict.refusals)


def test_a_forwarded_notice_is_the_persons_it_names():
    head = f"De : Emploi <noreply@hellowork.example>\nEnvoyé : lundi 23 novembre 2026\nÀ : Camille\nObjet : Candidature {TITLE}\n\n"
    mail = board(
        "Camille <camille@example.org>",
        "TR: Nouvelle candidature",
        head + "Nom : MORIN\nPrénom : Léa\nE-mail : {1}\nCandidature au poste de backend",
    )
    found = understand(mail, CONTEXT)
    assert found.verdict.mail_class is MailClass.FORWARDED_APPLICATION
    assert found.applicant is not None
    assert (found.applicant.name, found.applicant.email) == LEA


NOISE = {
    "alert": ("Alertes <alertes@indeed.example>", "10 nouveaux profils", "De nouveaux CV correspondent à votre recherche."),
    "expiry": (NOTICES["subject"][0], f"Votre offre {TITLE} expire", "Renouvelez-la avant vendredi."),
    "receipt": (NOTICES["subject"][0], "Votre candidature", "Vous avez postulé chez Acme. Votre candidature est bien arrivée."),
    "bill": ("Factures <facturation@hellowork.example>", "Facture", "Voici la facture de votre annonce."),
}


@pytest.mark.parametrize("noise", NOISE.values(), ids=NOISE.keys())
def test_what_else_a_board_writes_is_no_application(noise):
    for context in (CONTEXT, replace(CONTEXT, personal=True)):
        assert understand(board(*noise), context).verdict.mail_class not in {MailClass.APPLICATION, MailClass.FORWARDED_APPLICATION}


def test_in_a_personal_mailbox_the_notice_must_be_about_an_offer_of_ours():
    personal = replace(CONTEXT, personal=True)
    other = understand(
        board(
            NOTICES["sentence"][0], "Nouvelle candidature", "{0} vient de postuler à votre offre de jardinier.", to="camille@example.org"
        ),
        personal,
    )
    assert other.verdict.mail_class is not MailClass.APPLICATION
    ours = understand(
        board(NOTICES["sentence"][0], "Nouvelle candidature", f"{{0}} vient de postuler : {TITLE}.", to="camille@example.org"), personal
    )
    assert ours.verdict.mail_class is MailClass.APPLICATION
