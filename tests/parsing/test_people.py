"""What people write around an application: they ask after it, thank, take it back, ask before it, sell others; and how they send a CV."""

from __future__ import annotations

from dataclasses import replace

import pytest
from composing import APPLYING, CAMILLE, CONTEXT, CV, eml, file_part, pdf

from parsing.mail_class import MailClass
from parsing.understand import Understanding, understand

TAKEN_IN = {MailClass.APPLICATION, MailClass.FORWARDED_APPLICATION}
AROUND = {  # what belongs to an application and is none: subject, text
    "chasing": ("Candidature backend", "Je me permets de revenir vers vous concernant ma candidature du 3 novembre."),
    "no answer": ("Candidature", "Sauf erreur de ma part, je n'ai pas reçu de réponse à mon dossier."),
    "has it come?": ("candidature", "bonjour vous avez reçu mon cv ? merci"),
    "news": ("Des nouvelles ?", "Avez-vous des nouvelles concernant ma candidature ?"),
    "where is it": ("Suivi", "Où en est ma candidature au poste de backend ?"),
    "English": ("Following up", "Just checking in on my application from last week. Any news?"),
    "thanks": ("Remerciements", "Un grand merci pour l'échange de ce matin. Je reste motivée."),
    "thank you": ("Thank you", "Thank you for taking the time to meet me today."),
    "withdraws": ("Retrait", "Je retire ma candidature."),
    "gives up": ("Désistement", "Je me désiste pour le poste de backend."),
    "elsewhere": ("Candidature", "Ayant accepté une autre offre, merci de ne plus tenir compte de ma candidature."),
    "withdraws in English": ("My application", "Please withdraw my application, I have accepted another offer."),
    "only Re:": ("Re: Candidature backend", "ok pour moi"),
    "asks before": ("Renseignement", "Le poste est-il ouvert au télétravail ? Quelle est la rémunération ?"),
    "asks how": ("Comment postuler ?", "Faut-il passer par le site ou vous écrire ?"),
    "bench": ("Profils", "Nos consultants sont en intercontrat : développeurs Python, TJM attractif, dossiers de compétences sur demande."),
}


@pytest.mark.parametrize(("subject", "text"), AROUND.values(), ids=AROUND.keys())
def test_what_is_written_around_an_application_is_none_and_is_not_acknowledged(subject, text):
    for context in (CONTEXT, replace(CONTEXT, sender_is_candidate=True), replace(CONTEXT, personal=True)):
        found = understand(eml(f"Bonjour,\n\n{text}\n\nLéa Morin\n", subject=subject), context)
        assert found.verdict.mail_class not in TAKEN_IN
        assert not found.verdict.auto_reply_allowed
    assert understand(eml(text, subject=subject), CONTEXT).verdict.mail_class in {MailClass.REPLY, MailClass.UNSURE}  # a person sees it


SCAN = ("CV.pdf", pdf(""))
OTHERS = {  # who writes, subject, text: a CV that cannot be read, and it is not the author's
    "counsellor": ("Luc Vert <luc@mission.example>", "Candidature", "Je vous adresse la candidature de Léa pour le poste de backend."),
    "neighbour": ("Luc Vert <luc@mail.example>", "Backend", "Je me permets de vous faire suivre le CV d'une voisine."),
    "husband": ("Luc Vert <luc@mail.example>", "Poste de backend", "Ma femme cherche un emploi, voici son CV."),
    "agency": ("Luke <luke@agency.example>", "Backend", "Please find attached the CV of Lea, an engineer we represent."),
    "Agentur": ("Uwe <uwe@agentur.example>", "Bewerbung", "anbei die Bewerbung von Frau Morin, unserer Kandidatin."),
    "board": ("Emploi <contact@cadremploi.example>", "Candidature backend", "Un CV pour votre offre."),
    "desk": ("Emploi <jobs@agence.example>", "Candidature backend", "Un CV ci-joint."),
}


@pytest.mark.parametrize(("sender", "subject", "text"), OTHERS.values(), ids=OTHERS.keys())
def test_who_sends_the_cv_of_another_is_not_acknowledged(sender, subject, text):
    found = understand(eml(text, sender=sender, subject=subject, files=[SCAN]), CONTEXT)
    assert not found.verdict.auto_reply_allowed
    assert found.applicant is not None
    assert found.applicant.email is None


OWN = (
    "Je vous adresse le CV demandé et le dossier de candidature.",
    "Je vous propose un échange. Voici le CV.",
    "Je vous recommande de lire mon CV : je corresponds au profil de backend.",
    "I have applied before; my CV is attached.",
)


@pytest.mark.parametrize("text", OWN)
def test_who_sends_their_own_cv_is_acknowledged(text):
    found = understand(eml(text, subject="Candidature backend", files=[SCAN]), CONTEXT)
    assert found.verdict.auto_reply_allowed
    assert found.applicant is not None
    assert found.applicant.email == "lea.morin@example.net"


SENT_AGAIN = {
    "chasing with the CV": ("Relance", "Sans réponse de votre part, je vous renvoie mon CV pour le poste de backend."),
    "after a call": ("Candidature", "Suite à notre entretien téléphonique, voici mon CV comme convenu."),
    "thanks with the CV": ("Merci !", "Merci pour votre accueil au salon. Comme promis, mon CV."),
    "asks with the CV": ("Backend", "Le poste est-il ouvert aux contractuels ? Si oui, voici mon CV."),
    "applied before": ("Candidature backend", "J'ai déjà postulé en mars, je candidate aujourd'hui au poste de backend. Mon CV est joint."),
}


@pytest.mark.parametrize(("subject", "text"), SENT_AGAIN.values(), ids=SENT_AGAIN.keys())
def test_with_a_cv_it_is_an_application_again(subject, text):
    assert understand(eml(text, subject=subject, files=[CV]), CONTEXT).verdict.mail_class is MailClass.APPLICATION


def test_an_agency_whose_file_names_nobody_waits_for_a_person():
    profile = pdf("A. B.", "Expérience professionnelle", "2018 2020 2022", "Compétences", "Formation")
    text = "Notre consultante est disponible au TJM de 600 euros, dossier de compétences joint."
    found = understand(eml(text, sender="Nexa <contact@nexa.example>", subject="Profil backend", files=[("DC_AB.pdf", profile)]), CONTEXT)
    assert found.verdict.mail_class is MailClass.UNSURE
    assert found.applicant is None or found.applicant.email is None


def test_both_readings_of_an_unsure_mail_are_given():
    reasons = understand(eml("cf. PJ", subject="Bonjour", files=[("scan.pdf", pdf("x"))]), CONTEXT).verdict.reasons
    assert [reason.partition(":")[0] for reason in reasons] == ["perhaps", "against"]
    assert "no words that apply" in reasons[1]
    assert len(understand(eml(files=[CV]), CONTEXT).verdict.reasons) == 1


LINKS = {
    "transfer": "Mon CV : https://we.tl/t-AbCd",
    "drive": "Voici mon CV https://drive.google.com/file/d/1AbC/view",
    "State's own": "https://francetransfert.numerique.gouv.fr/download/x",
    "profile": "Mon profil : https://www.linkedin.com/in/lea-morin",
    "own page": "Mon CV en ligne : https://lea.example.net/moi.html",
    "path": "https://lea.example.net/cv.pdf",
}


def linked(text: str, **more) -> Understanding:
    return understand(eml(f"Je postule au poste de backend.\n{text}\n", **more), CONTEXT)


@pytest.mark.parametrize("link", LINKS.values(), ids=LINKS.keys())
def test_a_cv_that_is_only_linked_is_flagged(link):
    found = linked(link)
    assert found.verdict.mail_class is MailClass.APPLICATION
    assert "cv_link" in found.problems


def test_a_link_in_html_alone_is_seen_and_others_are_not_flagged():
    html = '<p>Je postule.</p><p><a href="https://1drv.ms/b/s!AkX">mon CV</a></p>'
    assert "cv_link" in understand(eml("", html=html), CONTEXT).problems
    assert "cv_link" not in linked("Mon CV est joint : https://we.tl/t-AbCd", files=[CV]).problems  # it is there
    assert "cv_link" not in linked("J'ai lu votre annonce sur https://beta.gouv.fr/recrutement/backend.html").problems
    assert "cv_link" not in understand(eml("Les photos : https://we.tl/t-AbCd", subject="Photos", to="x@example.com"), CONTEXT).problems


PICTURE = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + b"\x00" * 60_000
INLINE = "Content-Id: <1@x>"
PICTURES = {
    "phone": file_part("IMG_4521.jpeg", PICTURE, "image/jpeg"),
    "date": file_part("20261123_101500.jpg", PICTURE, "image/jpeg"),
    "chat": file_part("WhatsApp Image 2026-11-23 at 10.15.22.jpeg", PICTURE, "image/jpeg"),
    "scanner": file_part("Scan2026.jpg", PICTURE, "image/jpeg"),
    "inside the text": file_part("IMG_4521.jpeg", PICTURE, "image/jpeg", INLINE).replace(b"attachment;", b"inline;"),
}


@pytest.mark.parametrize("picture", PICTURES.values(), ids=PICTURES.keys())
def test_a_picture_taken_of_a_cv_is_supposed_to_be_it(picture):
    found = understand(eml("Bonjour, voici mon cv en photo.", subject="Candidature", parts=[picture]), CONTEXT)
    assert found.verdict.mail_class is MailClass.APPLICATION
    assert [str(file.role) for file in found.attachments] == ["cv"]


def test_pictures_of_a_signature_are_no_documents():
    logo = file_part("image001.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 60_000, "image/png", INLINE).replace(b"attachment;", b"inline;")
    found = understand(eml(APPLYING, parts=[logo, file_part("logo.png", PICTURE, "image/jpeg"), file_part(*CV)]), CONTEXT)
    assert [str(file.role) for file in found.attachments] == ["inline_image", "inline_image", "cv"]


LETTER = pdf("Madame, Monsieur,", "Je souhaite rejoindre votre administration.", "Veuillez agréer mes salutations distinguées.")
NOTICE = pdf("Notice de la vanne de sécurité", "Ouvrir la vanne doucement, puis purger le circuit avant de la refermer.")
ROLES = {  # name, content -> role, and whether anything tells that it is a CV
    "named nothing": ("doc1.pdf", CV[1], "cv", True),
    "named a letter": ("Lettre.pdf", CV[1], "cv", True),
    "letter named nothing": ("doc2.pdf", LETTER, "cover_letter", False),
    "not one at all": ("CV 24.pdf", NOTICE, "cv", False),
    "scan": ("CV.pdf", pdf(""), "cv", True),
    "summary": ("résumé de réunion.pdf", NOTICE, "cv", False),
    "ad": ("Offre backend.pdf", CV[1], "cv", False),
}


@pytest.mark.parametrize(("name", "content", "role", "told"), ROLES.values(), ids=ROLES.keys())
def test_what_a_file_says_comes_before_what_it_is_called(name, content, role, told):
    (file,) = understand(eml("Bonjour", to="x@example.com", subject="x", files=[(name, content)]), CONTEXT).attachments
    assert (str(file.role), bool(file.told_by)) == (role, told)


def test_beside_a_cv_what_is_only_called_one_is_not():
    found = understand(eml(APPLYING, files=[("Offre backend.pdf", CV[1]), CV]), CONTEXT)
    assert [str(file.role) for file in found.attachments] == ["other", "cv"]


def test_recruiters_who_answer_a_candidate_with_the_mailbox_in_copy_write_internally():
    quoted = "\n\nLe lun. 23 nov. 2026 à 11:00, Léa Morin <lea.morin@example.net> a écrit :\n> Je postule, mon CV est joint.\n"
    text = "Bonjour,\n\nMerci de votre candidature. Êtes-vous libre jeudi ?" + quoted
    found = understand(
        eml(text, sender=CAMILLE, to="lea.morin@example.net", cc="recrutement@example.org", subject="Re: Candidature"), CONTEXT
    )
    assert found.verdict.mail_class is MailClass.INTERNAL
    assert found.applicant is None
