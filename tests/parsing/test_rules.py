"""Every rule that classifies mail: at least one mail that it takes, and a near miss that it leaves to the rules below."""

from __future__ import annotations

from dataclasses import replace

import pytest
from composing import APPLYING, CAMILLE, CONTEXT, CV, LEA, eml, file_part, multipart, pdf, text_part
from mails import cv

from parsing.mail_class import MailClass
from parsing.rules import RULES
from parsing.understand import understand

ROBOT = "Mail Delivery System <MAILER-DAEMON@mx.example.net>"
STATUS = "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.net\r\n\r\nAction: failed\r\n"
SEEN = "Content-Type: message/disposition-notification\r\n\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n"
CALENDAR = "Content-Type: text/calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
QUOTED = "Oui, mardi me convient.\n\nLe lun. 16 nov. 2026 à 09:12, Camille <camille@example.org> a écrit :\n> Êtes-vous libre mardi ?\n"
FORWARDED = (
    "Pour toi.\n\n---------- Forwarded message ---------\nDe : Léa Morin <lea.morin@example.net>\nDate: lun. 23 nov. 2026 à 09:00\n"
    "Subject: Candidature backend\nTo: <camille@example.org>\n\n" + APPLYING
)
CHAT = "Bonjour,\n\nOn déjeune jeudi ?\n\nAnne\n"
OTHER_CV = ("CV Karim.pdf", cv("Karim Benali", "karim.benali@example.com"))
BOARD = "Emploi <ne-pas-repondre@hellowork.example>"
APPLIED = "Bonjour,\n\nLéa Morin a postulé à votre offre.\nE-mail : lea.morin@example.net\n"
COMPLAINT = "Content-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\n"
ATTACHED = b"Content-Type: message/rfc822\r\n\r\n"
ANNE = "Anne Petit <anne.petit@example.com>"

HITS: dict[str, list[bytes]] = {
    "delivery_report": [
        eml("Undeliverable", sender=ROBOT, subject="Undelivered Mail Returned to Sender", parts=[STATUS], subtype="report"),
        eml("Your message could not be delivered.", sender=ROBOT, subject="Delivery Status Notification (Failure)"),
        eml("Pardon.", sender="postmaster@example.net", subject="Échec de la remise"),
        eml("x", x_failed_recipients="anne@example.com", subject="returned"),
        eml("Message non distribué.\n", return_path="<>", subject="Message non distribué"),
    ],
    "read_receipt": [
        eml("Lu.", subject="Lu : Candidature backend"),
        eml("Votre message a été affiché.", subject="Re: bonjour", parts=[SEEN], subtype="report"),
    ],
    "automatic_answer": [
        eml("Je suis absent jusqu'au 30.", subject="Réponse automatique : Accusé de réception"),
        eml("I am away.", subject="Out of Office: your message"),
        eml("Merci, bien reçu.", subject="Votre message", auto_submitted="auto-replied (vacation)"),
        eml("Merci.", subject="Votre message", x_autoreply="yes"),
        eml("Merci.", subject="Votre message", precedence="auto_reply"),
        eml(files=[CV], auto_submitted="auto-replied"),
    ],
    "invitation": [
        eml("Réunion", subject="Invitation : entretien", parts=[CALENDAR]),
        eml("Réunion", subject="Entretien", files=[("entretien.ics", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")]),
    ],
    "mailing": [
        eml("Nos conseils pour recruter.", subject="La lettre", list_unsubscribe="<https://lettre.example.com/u>"),
        eml("Bonjour à tous.", subject="[devs] Réunion", list_id="<devs.example.com>"),
        eml("Bonjour.", subject="Promotion", precedence="bulk"),
        eml("Bonjour.", subject="Actualités", sender="newsletter@example.com"),
        eml("Lisez https://example.com\nPour vous désinscrire, cliquez : se désabonner https://example.com/u\n", subject="Nouveautés"),
        eml(
            "Mon CV, ma candidature : nos conseils.", subject="Votre candidature à la une", sender="news@emploi.example.com", list_id="<e>"
        ),
        eml("Comment réussir une candidature.", subject="Votre candidature à la une", list_id="<emploi.example.com>"),
    ],
    "harmful": [
        eml("Voyez la facture.", subject="Facture", files=[("facture.pdf.exe", b"MZ\x90\x00")]),
        eml("Voyez.", subject="Bonjour", files=[("CV_contrat.pdf.exe", b"MZ")]),
        eml("Bonjour", subject="Bonjour", x_spam_flag="YES"),
        eml("Vous gagnez un million à la loterie.", subject="Félicitations"),
    ],
    "marked": [
        eml(files=[CV], x_spam_flag="YES"),  # a filter errs: a person looks
        eml(x_spam_status="Yes, score=8 required=5"),
    ],
    "sealed": [
        eml("-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n", subject="Candidature backend"),
        eml("-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n", subject="Bonjour"),
    ],
    "forwarded": [
        eml(FORWARDED, sender=CAMILLE, to="dominique@example.org", subject="Fwd: Candidature backend"),
        eml(FORWARDED, sender=ANNE, subject="Fwd: Candidature backend"),
        eml(
            "Ci-joint.",
            sender=CAMILLE,
            to="dominique@example.org",
            subject="TR: Candidature",
            parts=[b"Content-Type: message/rfc822\r\n\r\n" + eml(files=[CV])],
        ),
    ],
    "report_about_mail": [
        eml("An abuse report.", sender=ROBOT, parts=[COMPLAINT, ATTACHED + eml(files=[CV])], subtype="report"),
        eml("", sender=ROBOT, subject="Report domain: example.org", files=[("google.com!example.org!1763596800!1763683199.zip", b"PK")]),
        eml("", sender=ROBOT, subject="Report Domain: example.org", parts=["Content-Type: application/tlsrpt+gzip\r\n\r\nx"]),
    ],
    "notice": [
        eml(APPLIED, sender=BOARD, subject="Votre offre"),
        eml(APPLIED, sender=BOARD, auto_submitted="auto-generated"),
        eml(sender="Site <camille@example.org>", to="dominique@example.org", subject="Formulaire", reply_to=LEA),
        eml("Nom : Léa Morin\nE-mail : lea.morin@example.net\n", sender=CAMILLE, subject="Nouvelle candidature"),
    ],
    "follow_up": [
        eml("Bonjour,\n\nSauf erreur, je n'ai pas eu de retour sur ma candidature.\n\nLéa\n", subject="Candidature"),
        eml("Bonjour,\n\nMerci pour votre accueil et à bientôt.\n\nLéa\n", subject="Merci"),
        eml("Any news about my application?", subject="Hello"),
    ],
    "offered": [eml("Nos consultants sont disponibles : voici nos profils disponibles pour votre offre.", subject="Profils", sender=ANNE)],
    "several": [
        eml("Deux candidatures.", sender=CAMILLE, subject="Candidatures", files=[CV, OTHER_CV]),
        eml("À traiter.", sender=CAMILLE, subject="TR: Candidatures", parts=[ATTACHED + eml(), ATTACHED + eml(sender=ANNE)]),
    ],
    "handed_on": [
        eml("Voici le CV de Léa Morin, reçu par LinkedIn.", sender=CAMILLE, to="dominique@example.org", subject="Un CV", files=[CV]),
    ],
    "handed_on_perhaps": [
        eml("Voici un CV.", sender=CAMILLE, to="dominique@example.org", subject="Un CV", files=[("CV.pdf", pdf("illisible"))]),
        eml("-----BEGIN PGP MESSAGE-----\nhQEMA\n", sender=CAMILLE, to="dominique@example.org", subject="TR: mail de Léa"),
        eml(
            "Pour toi.", sender=CAMILLE, to="dominique@example.org", subject="Candidature", files=[("Candidature.msg", b"\xd0\xcf\x11\xe0")]
        ),
    ],
    "colleague": [
        eml("On en parle demain ?", sender=CAMILLE, to="dominique@example.org", subject="Les candidatures"),
        eml(CHAT, sender="Paul <paul@example.org>", subject="Déjeuner"),
    ],
    "withdrawal_perhaps": [
        eml("Bonjour,\n\nJe retire ma candidature au poste de backend.\n\nLéa\n", subject="Retrait"),
        eml("Hello, I would like to withdraw my application.", subject="My application"),
        eml("J'ai signé ailleurs, merci de ne plus tenir compte de mon dossier.", subject="Désistement"),
    ],
    "answer": [
        eml(QUOTED, subject="Re: Entretien", in_reply_to="<n1@example.org>", references="<n1@example.org>"),
        eml(QUOTED, subject="Entretien"),
        eml("Oui.", subject="RE: Entretien"),
        eml("Oui.", subject="Réf : Entretien"),
    ],
    "application": [
        eml(files=[CV]),
        eml(),
        eml(
            "Hello,\n\nPlease find my CV attached.\n",
            subject="Job application",
            files=[("resume.pdf", CV[1])],
        ),
        eml("cf. PJ", subject="Candidature", files=[CV]),
        eml("", subject="cv", files=[CV]),
    ],
    "perhaps": [
        eml("Voici un document.", sender=ANNE, to="anne@example.com", subject="Document", files=[CV]),
        eml("Bonjour, le poste est-il toujours ouvert ? Anne", sender=ANNE, subject="Question"),
    ],
    "anything": [eml(CHAT, sender=ANNE, to="louis@example.com", subject="Jeudi")],
}
"""By the rule that must take them. `answer_in_known_thread` and `withdrawal` need a context of its own, below."""

NEAR_MISSES: dict[str, list[bytes]] = {
    "delivery_report": [
        eml(files=[CV], return_path="<>"),
        eml(sender="Postmaster <postmaster@example.com>"),
        eml("Ma candidature n'a pas été remise en mains propres, voici mon CV.", files=[CV]),
        eml("Bonjour", sender="paul.postmaster@example.com", subject="Question"),
    ],
    "read_receipt": [eml(subject="Lu : votre annonce", files=[CV])],
    "automatic_answer": [
        eml(subject="Réponse automatique : candidature", files=[CV]),
        eml(auto_submitted="no"),
        eml("Je suis absent mardi, mais libre jeudi.", subject="Re: Entretien"),
        eml(x_autoreply="no", files=[CV]),
        eml("Voici mes motivations. Léa", subject="Postuler : Backend (réponse automatique)"),
        eml("Auriez-vous une vacation ?", subject="vacation", references="<n1@example.org>"),
    ],
    "invitation": [eml(files=[CV, ("disponibilites.ics", b"BEGIN:VCALENDAR")])],
    "mailing": [
        eml(files=[CV], list_unsubscribe="<https://mail.example.com/u>"),
        eml("Je ne souhaite plus recevoir de courrier.", subject="Bonjour"),
        eml(subject="[candidature] backend", files=[CV]),
    ],
    "harmful": [
        eml(files=[("CV.docm", b"PK\x03\x04")]),  # an application is never lost to a file that came with it
        eml(files=[CV, ("portfolio.js", b"let x")]),
        eml(files=[("CV.docx", CV[1])]),
        eml(files=[CV], x_spam_flag="YES"),
        eml(APPLYING + "J'ai développé un portefeuille bitcoin.\n", files=[CV]),
        eml(x_spam_flag="NO"),
        eml("Une nouvelle candidature vous attend.", sender=BOARD, subject="Votre offre", x_spam_flag="YES"),
    ],
    "marked": [
        eml(files=[CV], x_spam_flag="NO"),
        eml(files=[CV], top=["Received: by mx.example.org", "Received: by a.example.net", "X-Spam-Flag: YES"]),
    ],
    "sealed": [
        eml(APPLYING + "-----BEGIN PGP MESSAGE-----\nhQEMA\n", files=[CV]),
        eml("-----BEGIN PGP MESSAGE-----\nhQEMA\n", to="anne@example.com", subject="Jeudi"),
    ],
    "forwarded": [
        eml(QUOTED, sender=CAMILLE, subject="Re: Candidature backend"),
        eml("J'ai reçu un message transféré.", subject="Candidature", files=[CV]),
        eml(FORWARDED.replace(APPLYING, "On déjeune ?"), sender=ANNE, to="anne@example.com", subject="Fwd: Jeudi"),
    ],
    "notice": [
        eml("Mon frère Paul Morin a postulé, et moi aussi je postule.", files=[CV]),
        eml("Dix candidats correspondent à votre recherche.", sender=BOARD, subject="Nouveaux profils"),
        eml("Vous avez postulé chez Acme.", sender=BOARD, subject="Votre candidature"),
        eml(APPLIED, sender=BOARD, subject="Réponse automatique : votre offre", auto_submitted="auto-replied"),
        eml("Elle a postulé : je l'appelle.", sender=CAMILLE, subject="Nouvelle candidature", reply_to="paul@example.org"),
        eml("Mon logement est humide.", sender=CAMILLE, subject="Message du site", reply_to=LEA),
    ],
    "report_about_mail": [
        eml(files=[CV, ("a.example!b.example!1763596800!1763683199.xml", b"<a/>")]),
        eml(files=[("rapport!.zip", b"PK")]),
    ],
    "follow_up": [
        eml("Je reviens vers vous concernant ma candidature : voici mon CV.", files=[CV]),
        eml("Merci pour votre temps. Je vous adresse ma candidature."),
        eml("Où en est le devis ?", sender=ANNE, subject="Devis"),
    ],
    "offered": [eml("Je suis freelance, mon tarif journalier est de 500 euros.", files=[CV])],
    "several": [eml(files=[CV, ("Resume Lea.pdf", CV[1])]), eml(files=[CV, ("Lettre.pdf", pdf("Madame", "paul@example.com"))])],
    "handed_on": [
        eml("Voici mon CV.", files=[CV]),
        eml("Voici le plan.", sender=CAMILLE, to="dominique@example.org", subject="Plan", files=[("plan.pdf", pdf("Plan"))]),
    ],
    "handed_on_perhaps": [
        eml("Voici un CV.", subject="Un CV", files=[("CV.pdf", pdf("illisible"))]),
        eml("Voici le plan.", sender=CAMILLE, to="dominique@example.org", subject="Plan", files=[("plan.pdf", pdf("Plan"))]),
    ],
    "colleague": [
        eml("Je suis intéressée par votre mission : https://lea.example.net", sender="Paul <paul@example.org>", subject="Mobilité"),
        eml(files=[CV], sender="Paul Noir <paul@example.org>"),
        eml(CHAT, sender=ANNE, subject="Déjeuner"),
        eml("Bonjour", sender="paul@sub.example.com"),
    ],
    "withdrawal_perhaps": [
        eml(files=[CV]),
        eml("J'ai trouvé une offre sur votre site, je souhaite postuler.", subject="backend"),
        eml("Je ne retire rien de ce que j'ai dit.", subject="Re: Entretien"),
    ],
    "answer": [
        eml(files=[CV], subject="Re: votre annonce"),
        eml("Bonjour, j'ai une question.", subject="Répertoire"),
    ],
    "application": [
        eml("Bonjour, vos bureaux sont-ils accessibles ?", subject="Question"),
        eml("Avant de postuler, une question : le télétravail est-il possible ?", subject="Poste de backend"),
        eml("Before I apply for the role: is remote work possible?", subject="Question before applying"),
        eml(CHAT, sender=ANNE, subject="Jeudi"),
    ],
    "perhaps": [eml(CHAT, sender=ANNE, to="louis@example.com", subject="Jeudi")],
    "anything": [eml()],
}


def rule_of(mail: bytes, context=CONTEXT) -> tuple[str, MailClass]:
    verdict = understand(mail, context).verdict
    return verdict.reasons[0].partition(":")[0], verdict.mail_class


def cases(table: dict[str, list[bytes]]) -> list:
    return [pytest.param(rule, mail, id=f"{rule}-{number}") for rule, mails in table.items() for number, mail in enumerate(mails)]


@pytest.mark.parametrize(("rule", "mail"), cases(HITS))
def test_a_rule_takes_its_mail_and_gives_its_class(rule, mail):
    classes = {name: mail_class for name, mail_class, _ in RULES}
    assert rule_of(mail) == (rule, classes[rule])


@pytest.mark.parametrize(("rule", "mail"), cases(NEAR_MISSES))
def test_a_rule_leaves_the_near_miss(rule, mail):
    assert rule_of(mail)[0] != rule


def test_every_rule_has_its_cases():
    rules = {name for name, _, _ in RULES} - {"answer_in_known_thread", "withdrawal"}
    assert rules == set(HITS) == set(NEAR_MISSES)


def test_the_conversation_of_an_application_is_known_by_its_message_ids():
    mail = eml(QUOTED, subject="Entretien", in_reply_to="<n1@example.org>")
    known = replace(CONTEXT, known_message_ids=frozenset({"<n1@example.org>"}))
    assert rule_of(mail, known) == ("answer_in_known_thread", MailClass.REPLY)
    assert rule_of(mail)[0] == "answer"


def test_a_missing_cv_that_comes_as_an_answer_is_a_reply_and_not_a_second_application():
    mail = eml(files=[CV], subject="Re: Candidature backend", in_reply_to="<ack@example.org>")
    known = replace(CONTEXT, known_message_ids=frozenset({"<ack@example.org>"}), sender_is_candidate=True)
    assert rule_of(mail, known)[1] is MailClass.REPLY


def test_who_withdraws_is_a_candidate_where_the_conversation_is_known():
    mail = eml("Bonjour,\n\nJe retire ma candidature.\n\nLéa\n", subject="Retrait")
    assert rule_of(mail, replace(CONTEXT, sender_is_candidate=True)) == ("withdrawal", MailClass.REPLY)
    assert not understand(mail, CONTEXT).verdict.auto_reply_allowed


def test_what_we_write_to_each_other_in_a_known_conversation_is_no_answer():
    known = replace(CONTEXT, known_message_ids=frozenset({"<n1@example.org>"}), sender_is_candidate=False)
    mail = eml("Entre nous : je ne la trouve pas convaincante.", sender=CAMILLE, to="dominique@example.org", in_reply_to="<n1@example.org>")
    assert rule_of(mail, known)[1] is MailClass.INTERNAL


def test_a_second_persons_application_is_not_swallowed_by_the_conversation_of_the_first():
    known = replace(CONTEXT, known_message_ids=frozenset({"<n1@example.org>"}), sender_is_candidate=False)
    karim = "Karim Benali <karim.benali@example.com>"
    text = "Bonjour,\n\nLéa m'a transmis votre message : je vous adresse ma candidature.\n\nKarim Benali\n"
    mail = eml(text, sender=karim, subject="Re: Candidature backend", in_reply_to="<n1@example.org>", files=[OTHER_CV])
    found = understand(mail, known)
    assert found.verdict.mail_class is MailClass.APPLICATION
    assert found.applicant is not None
    assert found.applicant.email == "karim.benali@example.com"
    vague = eml("Voici mon CV.", sender=karim, subject="Re: Candidature backend", in_reply_to="<n1@example.org>", files=[OTHER_CV])
    assert rule_of(vague, known)[1] is MailClass.UNSURE


def test_an_absence_of_a_candidate_in_our_conversation_is_still_automatic():
    mail = eml("Je suis absente.", subject="Absence : Re: Entretien", auto_submitted="auto-replied", in_reply_to="<n1@example.org>")
    known = replace(CONTEXT, known_message_ids=frozenset({"<n1@example.org>"}), sender_is_candidate=True)
    assert rule_of(mail, known)[1] is MailClass.AUTO_REPLY


def test_a_candidates_answer_through_a_list_belongs_to_its_conversation():
    mail = eml(QUOTED, subject="Re: Entretien", in_reply_to="<n1@example.org>", list_unsubscribe="<https://mail.example.com/u>")
    known = replace(CONTEXT, known_message_ids=frozenset({"<n1@example.org>"}))
    assert rule_of(mail, known)[1] is MailClass.REPLY
    assert rule_of(mail)[1] is MailClass.LIST_OR_NEWSLETTER


def test_in_a_personal_mailbox_being_written_to_says_nothing():
    mail = eml("Bonjour, le poste est-il toujours ouvert ? Anne", sender=ANNE, to=CAMILLE, subject="Question")
    assert rule_of(mail)[0] == "perhaps"
    assert rule_of(mail, replace(CONTEXT, personal=True))[0] == "anything"
    both = eml("Bonjour, le poste est-il toujours ouvert ? Anne", sender=ANNE, subject="Question")
    assert rule_of(both, replace(CONTEXT, personal=True))[0] == "perhaps"


def test_what_a_known_candidate_writes_is_never_shelved_unseen():
    mail = eml("Bonjour, bonne semaine.", subject="Bonjour")
    assert rule_of(mail, replace(CONTEXT, sender_is_candidate=True))[1] in {MailClass.UNSURE, MailClass.REPLY}


def test_a_reason_names_the_words_that_were_found():
    said = understand(eml(files=[CV]), CONTEXT).verdict.reasons[0]
    assert said.startswith("application: ")
    assert "CV Léa Morin.pdf" in said
    assert "ma candidature" in said


def test_the_rules_asked_before_stand_in_the_misses_in_their_order():
    verdict = understand(eml(files=[CV]), CONTEXT).verdict
    names = [name for name, _, _ in RULES]
    assert list(verdict.misses) == names[: names.index("application")]


def test_a_returned_application_inside_a_bounce_is_a_bounce_and_its_message_id_is_told():
    returned = b"Content-Type: message/rfc822\r\n\r\n" + eml(message_id="<ours@example.org>", files=[CV], sender=CAMILLE)
    report = (
        b"From: MAILER-DAEMON@mx.example.net\r\nTo: camille@example.org\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        b"Return-Path: <>\r\n" + multipart("report; report-type=delivery-status", (text_part("plain", "Sorry."), STATUS.encode(), returned))
    )
    understanding = understand(report, CONTEXT)
    assert understanding.verdict.mail_class is MailClass.BOUNCE
    assert "<ours@example.org>" in understanding.bounced
    assert understanding.applicant is None


def test_a_cv_in_disguise_is_no_cv():
    mail = eml(parts=[file_part("CV Léa Morin.pdf.exe", b"MZ\x90\x00", "application/pdf")])
    understanding = understand(mail, CONTEXT)
    assert understanding.verdict.mail_class is MailClass.SPAM
    assert not understanding.verdict.auto_reply_allowed


def test_without_any_offer_or_address_an_application_is_still_seen():
    from parsing.context import Context

    assert rule_of(eml(files=[CV], sender=LEA), Context())[1] is MailClass.APPLICATION
