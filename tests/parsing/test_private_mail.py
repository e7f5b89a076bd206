"""What stands in somebody's own mailbox beside applications is left alone; what is an application there is taken in."""

from __future__ import annotations

from dataclasses import replace

import pytest
from composing import APPLYING, CAMILLE, CONTEXT, CV, eml, file_part, pdf
from mails import cv

from parsing.mail_class import MailClass
from parsing.offer import parse_offer
from parsing.understand import understand

PERSONAL = replace(CONTEXT, personal=True)
PAUL = "Paul Client <paul.client@agence.example>"
PLAN = pdf("Cahier des charges", "Objectifs du projet")
TAKEN_IN = {MailClass.APPLICATION, MailClass.FORWARDED_APPLICATION}


def to_camille(text: str, subject: str, *files: tuple[str, bytes], sender: str = PAUL, **more) -> bytes:
    return eml(f"Bonjour Camille,\n\n{text}\n", sender=sender, to=CAMILLE, subject=subject, files=files, **more)


PRIVATE = {
    "contract": to_camille("Vous trouverez le contrat.", "Votre offre Fibre Pro", ("Contrat_2026.pdf", PLAN)),
    "software": to_camille("Voici le cahier des charges.", "Application mobile : cahier des charges", ("cahier.pdf", PLAN)),
    "quotation": to_camille("Je reste à votre disposition.", "Devis site web", ("devis-1234.pdf", PLAN)),
    "bill": to_camille("Je reste à votre disposition.", "Facture relative à votre offre", ("piece-1234.pdf", PLAN)),
    "sofa": to_camille("Votre annonce m'intéresse. Est-ce disponible ?", "votre annonce canapé", ("salon.pdf", PLAN)),
    "job offer": to_camille("We would like to make you a job offer.", "Job offer", ("proposal.pdf", PLAN)),
    "visa": to_camille("Please find the visa form.", "Your visa application", ("visa.pdf", PLAN)),
    "summary": to_camille("See the attached.", "Meeting resume", ("meeting.pdf", PLAN)),
    "summary file": to_camille("Voici.", "Réunion", ("résumé de réunion.pdf", pdf(*["Il a été décidé de ceci et de cela"] * 9))),
    "tender": to_camille("Notre entreprise vous adresse sa candidature.", "Candidature marché public", ("acte.pdf", PLAN)),
    "union": to_camille("Voici les candidatures aux élections.", "Candidature CSE", ("noms.pdf", PLAN)),
    "white paper": to_camille("Il parle de lettre de motivation.", "CV et IA : le livre blanc", ("blanc.pdf", PLAN)),
    "flat": to_camille("Voici mon dossier de candidature pour l'appartement.", "Rue des Lilas", ("dossier.pdf", PLAN)),
    "friend": to_camille(
        "Peux-tu relire mon CV avant vendredi ?", "petit service", ("CV Léa.pdf", cv()), sender="Léa Morin <lea.morin@example.net>"
    ),
    "asks after": to_camille("Où en est ma candidature interne ?", "ma candidature"),
    "calendar": to_camille("", "Candidature backend", ("invite.ics", b"BEGIN:VCALENDAR")),
    "signature": to_camille("", "Candidature backend", ("smime.p7m", b"0\x82")),
}


@pytest.mark.parametrize("mail", PRIVATE.values(), ids=PRIVATE.keys())
def test_private_and_business_mail_is_no_application(mail):
    for context in (PERSONAL, CONTEXT):
        verdict = understand(mail, context).verdict
        assert verdict.mail_class not in TAKEN_IN
        assert not verdict.auto_reply_allowed


def test_in_a_mailbox_for_applications_a_person_looks_at_the_weak_ones():
    for name in ("contract", "job offer", "tender", "flat", "friend", "signature"):
        assert understand(PRIVATE[name], CONTEXT).verdict.mail_class is MailClass.UNSURE


LEA = "Léa Morin <lea.morin@example.net>"
QUOTED = "\n\nLe lun. 23 nov. 2026 à 09:10, Camille <camille@example.org> a écrit :\n> Nous recrutons\n"
GERMAN = pdf("Hans Mueller", "hans.mueller@example.com", "Berufserfahrung", "2019 2020 2021", "Ausbildung")
SPANISH = pdf("Juan Perez", "juan.perez@example.com", "Experiencia laboral", "2019 2020 2021", "Idiomas")
APPLICATIONS = {
    "plain": to_camille("Je vous adresse ma candidature, mon CV est joint.", "Bonjour", CV, sender=LEA),
    "title only": to_camille("Mon parcours est joint.", "Développeuse ou développeur backend", CV, sender=LEA),
    "both recruiters": eml("Bonjour, voir la pièce jointe.", subject="Bonjour", files=[CV]),
    "answer to the ad": to_camille(
        f"Voici mon dossier.{QUOTED}", "Re: Offre backend", ("Lea.pdf", pdf("x")), sender=LEA, in_reply_to="<a@b.c>"
    ),
    "two words": to_camille("cf pj", "poste backend", ("doc1.pdf", CV[1]), sender=LEA),
    "internship": to_camille("Je recherche un stage de six mois.", "Demande de stage", ("Lea_Morin.pdf", pdf("x")), sender=LEA),
    "name in one word": to_camille("Je recherche un stage.", "Demande de stage", ("leamorin.pdf", pdf("x")), sender=LEA),
    "German": to_camille(
        "anbei sende ich Ihnen meine Bewerbung.", "Bewerbung", ("Bewerbung.pdf", GERMAN), sender="Hans Mueller <hans.mueller@example.com>"
    ),
    "Spanish": to_camille(
        "Les adjunto mi curriculum.", "Candidatura backend", ("Juan.pdf", SPANISH), sender="Juan Perez <juan.perez@example.com>"
    ),
    "points of a list": to_camille(
        "Votre poste m'intéresse :\n> 5 ans de Python\n> libre en janvier", "Développeuse ou développeur backend", sender=LEA
    ),
    "letter's head": eml(
        "De : Léa Morin\nÀ : Madame la directrice\nObjet : candidature\n\nMadame,\n\nJe vous adresse ma candidature.\n\nLéa Morin\n",
        subject="Candidature backend",
    ),
    "letter and CV in one file": to_camille("Voici ma candidature.", "Candidature", ("CV et lettre de motivation.pdf", CV[1]), sender=LEA),
}


@pytest.mark.parametrize("mail", APPLICATIONS.values(), ids=APPLICATIONS.keys())
def test_an_application_in_a_personal_mailbox_is_taken_in(mail):
    found = understand(mail, PERSONAL)
    assert found.verdict.mail_class is MailClass.APPLICATION
    assert found.verdict.auto_reply_allowed


LINKED = "Mon profil : https://www.linkedin.com/in/lea-morin et mon code : https://github.com/lea"


@pytest.mark.parametrize("said", [LINKED, "https://github.com/lea", "Bonjour"])
def test_the_subject_that_an_ad_asks_for_is_enough_in_a_personal_mailbox(said):
    asking = parse_offer(
        "---\ntitle: Développeuse\nopen: true\n---\nEnvoie ton LinkedIn, CV ou GitHub à camille@example.org avec "
        "« [Candidature dév Euphrosyne] » dans l'objet.\n".encode(),
        "dev.md",
    )
    context = replace(PERSONAL, offers=(asking,))
    mail = to_camille(said, "[Candidature dév Euphrosyne] Léa Morin", sender=LEA)
    assert understand(mail, context).verdict.mail_class is MailClass.APPLICATION
    assert understand(to_camille(said, "Re: dév", sender=LEA), context).verdict.mail_class not in TAKEN_IN


WEAK = {
    "CV as text": to_camille(
        "Léa Morin\nExpérience\n2019-2021 Développeuse\n2021-2024 Cheffe\nFormation\n2018 Master\nCompétences", "Léa", sender=LEA
    ),
    "no usual word": to_camille("je cherche du travail merci de me rappeler au 06 39 98 12 34", "travail", sender=LEA),
    "script": eml(files=[("demo.js", b"console.log(1)")]),
    "marked as spam": eml(x_spam_flag="YES"),
    "coins": to_camille("Votre poste m'intéresse, j'ai développé avec bitcoin.", "Bonjour", sender=LEA),
    "form of a site": to_camille("Nom : Léa Morin\nMessage : le poste backend", "Formulaire", return_path="<>"),
    "own domain": to_camille("Je suis intéressée par votre mission : https://lea.example.net", "Mobilité", sender="Léa <lea@example.org>"),
    "advertisement of her own": to_camille(
        "Votre poste m'intéresse, profil : https://lea.example.net\n\nPour ne plus recevoir mes messages : se désinscrire",
        "Bonjour",
        sender=LEA,
    ),
    "job board's circular": to_camille(
        "Léa Morin a postulé à votre offre Développeuse ou développeur backend.", "Une candidature", list_unsubscribe="<https://x.example>"
    ),
    "receipt?": to_camille("Bonjour, je suis intéressée. https://lea.example.net", "Read: my application", sender=LEA),
    "returned?": to_camille("Mon mail m'est revenu : votre poste m'intéresse. Message-ID: <x@y.example>", "Non remis : poste", sender=LEA),
}


@pytest.mark.parametrize("mail", WEAK.values(), ids=WEAK.keys())
def test_what_may_be_an_application_is_never_shelved_unseen_in_a_mailbox_for_them(mail):
    assert understand(mail, CONTEXT).verdict.mail_class in {MailClass.UNSURE, MailClass.APPLICATION}


THROUGH_ROBOTS = {
    "group address": eml(to="recrutement@example.org", list_id="<recrutement.example.org>", precedence="list"),
    "form": eml(files=[CV], auto_submitted="auto-notified"),
    "old field": eml(files=[CV], x_autoreply="yes"),
    "made by a program": eml(files=[CV], x_autogenerated="yes"),
    "automatic?": eml("Bonjour, je postule, dossier en lien.", subject="Auto: candidature"),
    "calendar beside": eml(parts=["Content-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"]),
}


@pytest.mark.parametrize("mail", THROUGH_ROBOTS.values(), ids=THROUGH_ROBOTS.keys())
def test_an_application_is_seen_through_the_program_that_brought_it(mail):
    assert understand(mail, CONTEXT).verdict.mail_class in {MailClass.APPLICATION, MailClass.UNSURE}


@pytest.mark.parametrize("name", ["group address", "form", "old field", "made by a program"])
def test_and_the_program_is_not_answered(name):
    assert not understand(THROUGH_ROBOTS[name], CONTEXT).verdict.auto_reply_allowed


def test_of_too_many_files_the_documents_are_kept_and_it_is_said():
    pictures = [file_part(f"photo{number}.png", b"\x89PNG\r\n\x1a\n" + bytes([number]) * 30_000, "image/png") for number in range(45)]
    found = understand(eml(APPLYING, parts=[*pictures, file_part(*CV)]), CONTEXT)
    assert "too_many_files" in found.problems
    assert [file.filename for file in found.attachments if file.role == "cv"] == [CV[0]]
    assert "too_many_files" not in understand(eml(files=[CV]), CONTEXT).problems
