"""Applications handed on by a colleague, as each mail program writes it: whose application it is, and that nobody is answered."""

from __future__ import annotations

import pytest
from composing import APPLYING, CAMILLE, CONTEXT, CV, eml

from parsing.mail_class import MailClass
from parsing.understand import understand

TOLD = APPLYING.strip()
FORMATS = {
    "gmail-fr": (
        "Fwd: Candidature backend",
        "---------- Forwarded message ---------\nDe : Léa Morin <lea.morin@example.net>\nDate: lun. 23 nov. 2026 à 09:00\n"
        f"Subject: Candidature backend\nTo: Camille <camille@example.org>\n\n\n{TOLD}\n",
    ),
    "gmail-en": (
        "Fwd: Candidature backend",
        "---------- Forwarded message ---------\nFrom: Léa Morin <lea.morin@example.net>\nDate: Mon, Nov 23, 2026 at 9:00 AM\n"
        f"Subject: Candidature backend\nTo: Camille <camille@example.org>\n\n\n{TOLD}\n",
    ),
    "outlook-fr": (
        "TR: Candidature backend",
        "________________________________\nDe : Léa Morin <lea.morin@example.net>\nEnvoyé : lundi 23 novembre 2026 09:00\n"
        f"À : Camille Roy <camille@example.org>\nObjet : Candidature backend\n\n{TOLD}\n",
    ),
    "outlook-en": (
        "FW: Candidature backend",
        "________________________________\nFrom: Léa Morin <lea.morin@example.net>\nSent: Monday, November 23, 2026 9:00 AM\n"
        f"To: Camille Roy <camille@example.org>\nSubject: Candidature backend\n\n{TOLD}\n",
    ),
    "outlook-old-fr": (
        "TR : Candidature backend",
        "-----Message d'origine-----\nDe : Léa Morin [mailto:lea.morin@example.net] \nEnvoyé : lundi 23 novembre 2026 09:00\n"
        f"À : 'Camille Roy'\nObjet : Candidature backend\n\n{TOLD}\n",
    ),
    "outlook-mac-fr": (
        "Tr: Candidature backend",
        "De : Léa Morin <lea.morin@example.net<mailto:lea.morin@example.net>>\nDate : lundi 23 novembre 2026 à 09:00\n"
        f"À : Camille Roy <camille@example.org<mailto:camille@example.org>>\nObjet : Candidature backend\n\n{TOLD}\n",
    ),
    "apple-fr": (
        "Tr : Candidature backend",
        "Début du message réexpédié :\n\nDe: Léa Morin <lea.morin@example.net>\nObjet: Candidature backend\n"
        f"Date: 23 novembre 2026 à 09:00:00 UTC+1\nÀ: camille@example.org\n\n{TOLD}\n",
    ),
    "apple-en": (
        "Fwd: Candidature backend",
        "Begin forwarded message:\n\n> From: Léa Morin <lea.morin@example.net>\n> Subject: Candidature backend\n"
        "> Date: 23 November 2026 at 09:00:00 CET\n> To: camille@example.org\n>\n" + "".join(f"> {line}\n" for line in TOLD.split("\n")),
    ),
    "thunderbird-fr": (
        "Fwd: Candidature backend",
        "-------- Message transféré --------\nSujet : \tCandidature backend\nDate : \tMon, 23 Nov 2026 09:00:00 +0100\n"
        f"De : \tLéa Morin <lea.morin@example.net>\nPour : \tcamille@example.org\n\n\n{TOLD}\n",
    ),
    "thunderbird-en": (
        "Fwd: Candidature backend",
        "-------- Forwarded Message --------\nSubject: \tCandidature backend\nDate: \tMon, 23 Nov 2026 09:00:00 +0100\n"
        f"From: \tLéa Morin <lea.morin@example.net>\nTo: \tcamille@example.org\n\n\n{TOLD}\n",
    ),
}
HEADERS = {  # fields as further programs, and those set to other languages, write them
    "gmail-de": (
        "Fwd",
        "---------- Forwarded message ---------\nVon: {}\nDate: Mo., 23. Nov. 2026 um 09:00 Uhr\nSubject: {s}\nTo: <{t}>\n",
    ),
    "outlook-de": ("WG", "Von: {} \nGesendet: Montag, 23. November 2026 09:00\nAn: {t}\nBetreff: {s}\n"),
    "outlook-es": ("RV", "De: {} \nEnviado el: lunes, 23 de noviembre de 2026 09:00\nPara: {t}\nAsunto: {s}\n"),
    "outlook-it": ("I", "Da: {} \nInviato: lunedì 23 novembre 2026 09:00\nA: {t}\nOggetto: {s}\n"),
    "outlook-bold": ("TR", "*De :* {}\n*Envoyé :* lundi 23 novembre 2026 09:00\n*À :* {t}\n*Objet :* {s}\n"),
    "outlook-order": ("TR", "De : {}\nObjet : {s}\nÀ : {t}\nDate : 23/11/2026 09:00\n"),
    "zimbra": ("Fwd", "----- Mail transféré -----\nDe: {}\nÀ: {t}\nEnvoyé: Lundi 23 Novembre 2026 09:00:12\nObjet: {s}\n"),
    "laposte": ("TR", "> Message du 23/11/26 09:00\n> De : {}\n> A : {t}\n> Copie à : \n> Objet : {s}\n> \n"),
    "orange": ("TR", "envoyé : 23 novembre 2026 à 09:00\nde : {}\nà : {t}\nobjet : {s}\n"),
    "roundcube": ("Fwd", "-------- Message original --------\nObjet: {s}\nDate: 23-11-2026 09:00\nDe: {}\nÀ: {t}\n"),
    "proton": (
        "Fw",
        "------- Forwarded Message -------\nFrom: {}\nDate: On Monday, November 23rd, 2026 at 9:00 AM\nSubject: {s}\nTo: {t}\n",
    ),
    "yahoo": ("Tr", "   ----- Mail transféré -----\nDe : {}\nÀ : {t}\nEnvoyé : lundi 23 novembre 2026 à 09:00:12 UTC+1\nObjet : {s}\n"),
    "samsung": ("Tr", "-------- Message d'origine --------\nDe : {}\nDate : 23/11/2026 09:00 (GMT+01:00)\nÀ : {t}\nObjet : {s}\n"),
    "notes": ("Tr", "----- Transféré par Camille/DSI -----\n\nDe :    {}\nPour :  {t}\nDate :  23/11/2026 09:00\nObjet : {s}\n"),
}
FORMATS |= {
    name: (
        f"{prefix}: Candidature backend",
        head.format("Léa Morin <lea.morin@example.net>", s="Candidature backend", t=CAMILLE) + f"\n{TOLD}\n",
    )
    for name, (prefix, head) in HEADERS.items()
}
BOTH = [pytest.param(subject, text, id=name) for name, (subject, text) in FORMATS.items()]


def forward(subject: str, text: str, **more) -> bytes:
    return eml(f"Bonjour Dominique,\nqu'en penses-tu ?\n\n{text}", sender="Camille Roy <camille@example.org>", subject=subject, **more)


@pytest.mark.parametrize(("subject", "text"), BOTH)
def test_the_application_is_that_of_the_person_who_wrote_first(subject, text):
    understanding = understand(forward(subject, text, files=[CV], to="dominique@example.org"), CONTEXT)
    assert understanding.verdict.mail_class is MailClass.FORWARDED_APPLICATION
    assert understanding.applicant is not None
    assert (understanding.applicant.name, understanding.applicant.email) == ("Léa Morin", "lea.morin@example.net")
    assert understanding.route.offer == "backend"
    assert "forwarded" in understanding.verdict.refusals


@pytest.mark.parametrize(("subject", "text"), BOTH)
def test_what_the_candidate_wrote_is_kept_and_what_the_colleague_wrote_is_not_hers(subject, text):
    understanding = understand(forward(subject, text), CONTEXT)
    assert "Je vous adresse ma candidature" in understanding.body
    assert "qu'en penses-tu" not in understanding.body
    assert "Objet" not in understanding.body
    assert "Subject" not in understanding.body


@pytest.mark.parametrize(("subject", "text"), BOTH)
def test_a_colleague_from_outside_our_domain_may_hand_on_too(subject, text):
    mail = eml(text, sender="Zoé Blanc <zoe@partner.example.com>", subject=subject, files=[CV])
    understanding = understand(mail, CONTEXT)
    assert understanding.verdict.mail_class is MailClass.FORWARDED_APPLICATION
    assert understanding.applicant is not None
    assert understanding.applicant.email == "lea.morin@example.net"


def test_a_forward_as_attachment_is_read_inside():
    inner = b"Content-Type: message/rfc822\r\n\r\n" + eml(files=[CV])
    understanding = understand(eml("Pour toi.", sender=CAMILLE, subject="TR: Candidature", parts=[inner]), CONTEXT)
    assert understanding.verdict.mail_class is MailClass.FORWARDED_APPLICATION
    assert understanding.applicant is not None
    assert (understanding.applicant.name, understanding.applicant.email) == ("Léa Morin", "lea.morin@example.net")
    assert [str(file.role) for file in understanding.attachments if not file.container] == ["cv"]
    assert understanding.profile.phone is not None


def test_the_colleagues_own_address_is_never_taken_for_the_applicants():
    text = "---------- Forwarded message ---------\n" + TOLD
    understanding = understand(forward("Fwd: Candidature backend", text, files=[CV]), CONTEXT)
    assert understanding.applicant is not None
    assert understanding.applicant.email == "lea.morin@example.net"  # the CV's


def test_an_html_forward_without_plain_text_is_read():
    html = (
        "<div>Pour toi</div><div class='gmail_quote'><div>---------- Forwarded message ---------<br>De : <b>Léa Morin</b> "
        "&lt;<a href='mailto:lea.morin@example.net'>lea.morin@example.net</a>&gt;<br>Date: lun. 23 nov. 2026<br>"
        "Subject: Candidature backend<br>To: camille@example.org<br></div><br>Je vous adresse ma candidature.</div>"
    )
    mail = eml("", html=html, sender=CAMILLE, subject="Fwd: Candidature backend")
    understanding = understand(mail, CONTEXT)
    assert understanding.verdict.mail_class is MailClass.FORWARDED_APPLICATION
    assert understanding.applicant is not None
    assert understanding.applicant.email == "lea.morin@example.net"


def test_an_application_forwarded_through_a_job_board_robot_is_the_person_of_the_cv():
    text = "---------- Forwarded message ---------\nDe : Emploi <noreply@emploi.example.com>\nSubject: Candidature\n\n" + TOLD
    understanding = understand(forward("Fwd: Candidature", text, files=[CV]), CONTEXT)
    assert understanding.applicant is not None
    assert understanding.applicant.email == "lea.morin@example.net"


def test_a_forward_without_an_address_takes_it_from_the_cv():
    head = HEADERS["outlook-order"][1].format("Léa Morin", s="Candidature", t="Camille Roy")
    understanding = understand(forward("TR: Candidature", f"{head}\n{TOLD}\n", files=[CV]), CONTEXT)
    assert understanding.verdict.mail_class is MailClass.FORWARDED_APPLICATION
    assert understanding.applicant is not None
    assert (understanding.applicant.name, understanding.applicant.email) == ("Léa Morin", "lea.morin@example.net")


REDIRECTED = {
    "by hand": {
        "top": ["Resent-From: accueil@example.org", "Resent-To: camille@example.org"],
        "to": "accueil@example.org, camille@example.org",
    },
    "by a rule": {"top": ["X-Forwarded-For: camille@example.org boite@example.org", "Delivered-To: boite@example.org"]},
}


@pytest.mark.parametrize("fields", REDIRECTED.values(), ids=REDIRECTED.keys())
def test_a_redirected_mail_is_its_authors(fields):  # RFC 5322, 3.6.6
    found = understand(eml(files=[CV], **fields), CONTEXT)
    assert found.verdict.mail_class is MailClass.APPLICATION
    assert found.applicant is not None
    assert found.applicant.email == "lea.morin@example.net"
    assert found.verdict.auto_reply_allowed


def test_a_list_that_puts_itself_into_from_hides_nobody_and_is_not_answered():
    fields = {"reply_to": "Léa Morin <lea.morin@example.net>", "to": "recrutement@example.org"}
    found = understand(eml(files=[CV], sender="'Léa Morin' via Recrutement <recrutement@example.org>", **fields), CONTEXT)
    assert found.verdict.mail_class is MailClass.APPLICATION
    assert found.applicant is not None
    assert (found.applicant.name, found.applicant.email) == ("Léa Morin", "lea.morin@example.net")
    assert "rewritten_author" in found.verdict.refusals
    unnamed = understand(eml(files=[CV], sender="Recrutement <recrutement@example.org>", **fields), CONTEXT)
    assert "rewritten_author" not in unnamed.verdict.refusals


HEADER = "De : {} <{}>\nEnvoyé : lundi 23 novembre 2026 08:10\nÀ : {}\nObjet : {}\n\n"
AD = HEADER.format("Camille", "camille@example.org", "tous@example.com", "Offre développeur backend") + "Nous recrutons.\n"
APPLIES = "Bonjour,\n\nJe vous adresse ma candidature, mon CV est joint.\n\nLéa Morin\n\n"
ALERT = (
    "---------- Forwarded message ---------\nDe : Alertes Emploi <alertes@jobs.example>\nDate: lun. 23 nov. 2026\n"
    "Subject: Offre développeur backend\nTo: <lea.morin@example.net>\n\nNouvelle offre.\n"
)
QUOTED_FORWARD = (
    "Le lun. 23 nov. 2026 à 09:10, Jean <jean@example.com> a écrit :\n> Pour toi !\n>\n> ---------- Forwarded message ---------\n"
    "> De : Camille <camille@example.org>\n> Subject: Offre\n>\n> Envoyez votre CV.\n"
)
OWN_MAIL = "---------- Forwarded message ---------\nDe : Léa Morin <lea.morin@example.net>\nSubject: Candidature\n\n" + TOLD
HERSELF = {
    "answers an ad that a friend forwarded": ("Re: Fwd: Offre développeur backend", APPLIES + QUOTED_FORWARD),
    "forwards the ad": ("TR: Offre développeur backend", APPLIES + AD),
    "forwards what a friend forwarded": (
        "TR: Offre développeur backend",
        APPLIES + HEADER.format("Jean", "jean@example.com", "Léa", "TR: Offre développeur backend") + "Pour toi.\n\n" + AD,
    ),
    "forwards an alert": ("Fwd: Offre développeur backend", APPLIES + ALERT),
    "forwards her own mail": ("Fwd: Candidature", OWN_MAIL),
}


@pytest.mark.parametrize(("subject", "text"), HERSELF.values(), ids=HERSELF.keys())
def test_who_forwards_the_ad_with_her_own_cv_applies_herself(subject, text):
    found = understand(eml(text, subject=subject, files=[CV]), CONTEXT)
    assert found.verdict.mail_class is MailClass.APPLICATION
    assert found.applicant is not None
    assert found.applicant.email == "lea.morin@example.net"
    assert found.verdict.auto_reply_allowed


DIRECTOR = ("Directrice", "directrice@example.org", "camille@example.org", "TR: Candidature")
LEA = ("Léa Morin", "lea.morin@example.net", "directrice@example.org", "Candidature")
NESTED = {
    "outlook": "Pour toi.\n\n" + HEADER.format(*DIRECTOR) + "À traiter.\n\n" + HEADER.format(*LEA) + TOLD,
    "gmail": "---------- Forwarded message ---------\nDe : Directrice <directrice@example.org>\nSubject: Fwd: Candidature\n\nfyi\n\n"
    + OWN_MAIL,
}


@pytest.mark.parametrize("text", NESTED.values(), ids=NESTED.keys())
@pytest.mark.parametrize("files", [[CV], []], ids=["cv", "no cv"])
def test_of_a_forward_of_a_forward_the_innermost_counts(text, files):
    found = understand(eml(text, sender=CAMILLE, to="recrutement@example.org", subject="TR: Candidature backend", files=files), CONTEXT)
    assert found.verdict.mail_class is MailClass.FORWARDED_APPLICATION
    assert found.applicant is not None
    assert found.applicant.email == "lea.morin@example.net"
    assert "Je vous adresse ma candidature" in found.body


def test_what_the_candidate_answered_is_not_whose_application_it_is():
    text = HEADER.format("Léa Morin", "lea.morin@example.net", "camille@example.org", "RE: Offre") + TOLD + "\n\n" + AD
    found = understand(eml(text, sender="Marc <marc@example.org>", to=CAMILLE, subject="TR: Offre"), CONTEXT)
    assert found.applicant is not None
    assert found.applicant.email == "lea.morin@example.net"


HANS = (
    "Von: Léa Morin <lea.morin@example.net>\nGesendet: Montag, 23. November 2026 08:10\nAn: camille@example.org\nBetreff: Bewerbung\n\n"
    + TOLD
)
FOREIGN = {
    "German": ("WG: Bewerbung", HANS),
    "Spanish": (
        "RV: Candidatura",
        HANS.replace("Von", "De").replace("Gesendet", "Enviado el").replace("An:", "Para:").replace("Betreff", "Asunto"),
    ),
    "Italian": (
        "I: Candidatura",
        HANS.replace("Von", "Da").replace("Gesendet", "Inviato").replace("An:", "A:").replace("Betreff", "Oggetto"),
    ),
    "Apple, subject changed": (
        "Un CV",
        "Début du message transféré :\n\nDe: Léa Morin <lea.morin@example.net>\nObjet: Candidature\n\n" + TOLD,
    ),
    "Zimbra, subject changed": (
        "Un CV",
        "----- Mail transféré -----\nDe: Léa Morin <lea.morin@example.net>\nObjet: Candidature\n\n" + TOLD,
    ),
    "Outlook, subject changed": ("Un CV", HEADER.format(*LEA) + TOLD),
    "an answer to a forward": ("RE: TR: Candidature", HEADER.format(*LEA) + TOLD),
}


@pytest.mark.parametrize(("subject", "text"), FOREIGN.values(), ids=FOREIGN.keys())
def test_a_colleague_hands_on_from_any_program(subject, text):
    found = understand(eml(text, sender=CAMILLE, to="recrutement@example.org", subject=subject, files=[CV]), CONTEXT)
    assert found.verdict.mail_class is MailClass.FORWARDED_APPLICATION
    assert found.applicant is not None
    assert found.applicant.email == "lea.morin@example.net"


def test_an_attached_mail_declared_as_octets_is_read_inside():
    mail = eml(
        "Pour toi.", sender=CAMILLE, to="recrutement@example.org", subject="Candidature", files=[("Candidature.eml", eml(files=[CV]))]
    )
    found = understand(mail, CONTEXT)
    assert found.verdict.mail_class is MailClass.FORWARDED_APPLICATION
    assert [str(file.role) for file in found.attachments] == ["other", "cv"]


def test_the_applications_of_two_people_go_to_a_person():
    both = [b"Content-Type: message/rfc822\r\n\r\n" + eml(sender=who) for who in ("Léa <lea@example.net>", "Karim <karim@example.com>")]
    found = understand(eml("À traiter.", sender=CAMILLE, subject="TR: Candidatures", parts=both), CONTEXT)
    assert found.verdict.mail_class is MailClass.UNSURE
    assert "lea@example.net, karim@example.com" in found.verdict.reasons[0]
    assert "applicant_is_not_author" in found.verdict.refusals


def test_a_recruiters_answer_that_quotes_a_candidate_is_no_application():
    mail = eml("Je suis d'accord.\n\n" + HEADER.format(*LEA) + TOLD, sender=CAMILLE, to="dominique@example.org", subject="RE: Candidature")
    assert understand(mail, CONTEXT).verdict.mail_class is MailClass.INTERNAL
