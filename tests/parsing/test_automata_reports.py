"""Reports of mail servers and receipts: told whatever server wrote them, in whatever language, with the mail that they are about."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest
from composing import CONTEXT, CV, eml, file_part, tnef

from parsing.mail_class import MailClass
from parsing.message import find_references
from parsing.understand import Understanding, understand

US = "recrutement@example.org"
SENT = "<ack@example.org>"
DAEMON = "Mail Delivery System <MAILER-DAEMON@mx.example.net>"
POSTMASTER = "postmaster@example.net"
QMAIL = """Hi. This is the qmail-send program at mx.example.net.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<lea@example.net>: 550 no such user

--- Below this line is a copy of the message.

Message-ID: <ack@example.org>
Subject: Votre candidature

Votre candidature au poste de backend nous est bien parvenue.
"""


def read(mail: bytes) -> Understanding:
    return understand(mail, CONTEXT)


def report(action: str, text: str = "This is the mail system.", *, returned: str = "text/rfc822-headers", **fields: Any) -> bytes:
    status = f"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\nAction: {action}\r\n"
    ours = f"Content-Type: {returned}\r\n\r\nMessage-ID: {SENT}\r\nSubject: Votre candidature\r\n\r\n"
    usual: dict[str, Any] = {"sender": DAEMON, "to": US, "subject": "Undelivered Mail Returned to Sender", "return_path": "<>"}
    return eml(text, parts=[status, ours], subtype="report", **{**usual, **fields})


FREE_TEXT = {
    "qmail": (DAEMON, "failure notice", QMAIL),
    "qmail through a relay that keeps no empty path": ("MAILER-DAEMON@mx.example.net", "failure notice", QMAIL),
    "exim": (DAEMON, "Mail delivery failed: returning message to sender", "A message that you sent could not be delivered to one or more."),
    "exchange, English": (
        "System Administrator <admin@example.net>",
        "Undeliverable: hello",
        "Your message did not reach some recipients.",
    ),
    "exchange, French": ("Administrateur système <admin@example.net>", "Non remis : bonjour", "Votre message n'est pas parvenu à Léa."),
    "exchange, German": ("Systemadministrator <admin@example.net>", "Unzustellbar: hallo", "Ihre Nachricht hat einige oder alle Empfänger"),
    "exchange, Spanish": ("Administrador del sistema <a@example.net>", "No se puede entregar: hola", "El mensaje no llegó a algunos"),
    "exchange, Italian": (
        "Amministratore di sistema <a@example.net>",
        "Impossibile recapitare: ciao",
        "Impossibile recapitare il messaggio",
    ),
    "exchange, a subject that says nothing": (f"System Administrator <{POSTMASTER}>", "E", "Your message did not reach the following"),
    "domino": (POSTMASTER, "DELIVERY FAILURE: User Lea not listed in Domino Directory", "Your message was not delivered to: Lea"),
    "notes": (POSTMASTER, "Undeliverable message", "------- Failure Reasons  --------"),
    "a French provider": (f"Le service <{POSTMASTER}>", "Echec de distribution de votre message", "Boîte du destinataire pleine"),
    "a German provider": (
        '"Mailer Daemon" <mailer-daemon@example.net>',
        "Mail delivery failed",
        "Ihre E-Mail konnte nicht zugestellt werden.",
    ),
    "yahoo": ("MAILER-DAEMON@example.net", "Failure Notice", "Sorry, we were unable to deliver your message."),
    "aol": ("Mail Delivery Subsystem <MAILER-DAEMON@example.net>", "Mail Delivery Problem", "permanent fatal errors"),
    "mimecast": (f"Mimecast Postmaster <{POSTMASTER}>", "[Postmaster] Email Delivery Failure", "The message was rejected"),
    "a gateway that answers the subject": ("post_master@example.net", "Re: bonjour", "Error: Invalid user address"),
    "a daemon without an address": ("MAILER-DAEMON <>", "Mail delivery failed", "There was an error delivering your mail."),
    "a sender made for bounces": ("Mail Delivery <bounces+12@example.net>", "Mail delivery failed", "Your message could not be delivered."),
    "Dutch": ("Mail System <MAILER-DAEMON@example.net>", "Kan bericht niet afleveren", "Uw bericht kan niet worden bezorgd"),
    "nothing but a server's answer": ("Server <mx@example.net>", "Returned mail", "<lea@example.net>: 550 5.1.1 no such mailbox"),
    "Portuguese": ("Postmaster <postmaster@example.net>", "Falha no envio", "Falha na entrega aos seguintes destinatários"),
    "Polish": ("MAILER-DAEMON@example.net", "Zwrot", "Wiadomość nie mogła zostać dostarczona"),
}


@pytest.mark.parametrize("path", ["<>", "<relay@example.net>"])
@pytest.mark.parametrize(("sender", "subject", "text"), FREE_TEXT.values(), ids=FREE_TEXT)
def test_a_failure_notice_without_a_report_is_a_bounce_whatever_its_return_path(sender, subject, text, path):
    assert read(eml(text, sender=sender, to=US, subject=subject, return_path=path)).verdict.mail_class is MailClass.BOUNCE


@pytest.mark.parametrize(
    ("action", "mail_class", "came_back"),
    [
        ("failed", MailClass.BOUNCE, True),
        ("delayed", MailClass.BOUNCE, False),
        ("delivered", MailClass.AUTO_REPLY, False),
        ("relayed", MailClass.AUTO_REPLY, False),
        ("expanded", MailClass.AUTO_REPLY, False),
        ("garbled", MailClass.BOUNCE, True),
    ],
)
def test_only_what_failed_counts_as_come_back(action, mail_class, came_back):
    facts = read(report(action))
    assert facts.verdict.mail_class is mail_class
    assert bool(facts.bounced) is came_back


def test_a_warning_in_words_is_no_failure_and_its_reason_says_so():
    text = "A message that you sent has not yet been delivered to one or more of its recipients.\n\nMessage-ID: <ack@example.org>\n"
    facts = read(eml(text, sender=DAEMON, to=US, subject="Warning: message delayed 24 hours", return_path="<>"))
    assert facts.verdict.mail_class is MailClass.BOUNCE
    assert facts.verdict.reasons[0].startswith("delivery_report: delayed")
    assert facts.bounced == ()


RETURNED = {
    "headers": report("failed"),
    "whole": report("failed", returned="message/rfc822"),
    "headers in quoted-printable": eml(
        sender=DAEMON,
        subtype="report",
        parts=[
            "Content-Type: text/rfc822-headers\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
            "Message-ID: =3Cack=40example.org=3E\r\n"
        ],
    ),
    "whole in base64": eml(
        sender=DAEMON,
        subtype="report",
        parts=[
            b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            + b64encode(b"Subject: x\r\nMessage-ID: <ack@example.org>\r\n\r\nx")
        ],
    ),
    "below a line of qmail's": eml(QMAIL, sender=DAEMON),
    "quoted": eml("Delivery failed:\n\n> Message-ID: <ack@example.org>\n> Subject: x\n", sender=DAEMON),
    "shown in HTML": eml("", html="<p>Delivery has failed</p><p>Message-ID: &lt;ack@example.org&gt;</p>", sender=DAEMON, return_path="<>"),
    "by somebody with an empty return path": eml(
        "Mailbox full\n\nMessage-ID: <ack@example.org>\n", sender="Quota <q@example.net>", return_path="<>"
    ),
    "read, not returned": eml(
        subtype="report",
        parts=[
            "Content-Type: message/disposition-notification\r\n\r\nOriginal-Message-ID: <ack@example.org>\r\nDisposition: x; displayed\r\n"
        ],
    ),
}


@pytest.mark.parametrize("mail", RETURNED.values(), ids=RETURNED)
def test_the_message_id_of_our_own_mail_is_found_wherever_it_stands(mail):
    assert SENT in find_references(mail).message_ids


def test_the_report_of_a_mail_that_was_never_ours_names_a_stranger():
    facts = read(report("failed").replace(b"ack@example.org", b"spam@elsewhere.example"))
    assert facts.verdict.mail_class is MailClass.BOUNCE
    assert SENT not in facts.bounced


PEOPLE = {
    "who sends a returned application again": eml(subject="Message non remis : candidature backend"),
    "with the report below": eml(
        "Mon premier envoi est revenu, voici ma candidature.\n\n-----Message d'origine-----\nDe : MAILER-DAEMON@mx.example.net\n"
        "Objet : Undelivered Mail Returned to Sender\n\nYour message could not be delivered\n",
        subject="TR: Undelivered Mail Returned to Sender",
        files=[CV],
    ),
    "who asks for the right address": eml(
        "Mon message est revenu : où envoyer ma candidature ?", subject="Fwd: Undelivered Mail Returned to Sender"
    ),
    "who works on bounces": eml("Je vous adresse ma candidature. J'ai traité les « undelivered mail » chez un hébergeur.", files=[CV]),
    "called postmaster": eml(sender="Paule Postmaster <postmaster@paule.example.com>", files=[CV]),
    "whose server sends with an empty path": eml(return_path="<>"),
}


@pytest.mark.parametrize("mail", PEOPLE.values(), ids=PEOPLE)
def test_a_person_who_applies_is_never_taken_for_a_mail_server(mail):
    assert read(mail).verdict.mail_class in {MailClass.APPLICATION, MailClass.FORWARDED_APPLICATION, MailClass.REPLY, MailClass.UNSURE}


def test_a_complaint_about_a_mail_is_no_bounce():
    complaint = [
        "Content-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\n",
        "Content-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\nx",
    ]
    mail = eml("An abuse report", sender="fbl@example.net", subject="Abuse", return_path="<>", parts=complaint, subtype="report")
    assert read(mail).verdict.mail_class in {MailClass.OTHER, MailClass.UNSURE}
    assert read(mail).bounced == ()


RECEIPTS = {
    "French": ("Lu : Votre candidature", "Votre message a été lu le 23/11/2026."),
    "French, of Thunderbird": ("Accusé de réception (affiché) - Votre candidature", "Ceci est un accusé de lecture."),
    "unread": ("Non lu : Votre candidature", "Votre message a été supprimé sans avoir été lu."),
    "English": ("Read: Your application", "Your message was read on Monday."),
    "English, unread": ("Not read: Your application", "Your message was deleted without being read"),
    "German": ("Gelesen: Ihre Bewerbung", "Ihre Nachricht wurde gelesen"),
    "Spanish": ("Leído: Su candidatura", "Su mensaje fue leído"),
    "Italian": ("Letto: La sua candidatura", "Il messaggio è stato letto"),
    "Dutch": ("Gelezen: Uw sollicitatie", "Uw bericht is gelezen"),
    "Portuguese": ("Lida: Candidatura", "A sua mensagem foi lida"),
    "Polish": ("Przeczytano: Aplikacja", "Wiadomość została przeczytana"),
}


@pytest.mark.parametrize(("subject", "text"), RECEIPTS.values(), ids=RECEIPTS)
def test_a_read_receipt_without_its_part_is_told_by_subject_and_text(subject, text):
    assert read(eml(text, subject=subject)).verdict.mail_class is MailClass.AUTO_REPLY


@pytest.mark.parametrize(
    ("outlook", "mail_class"),
    [
        ("REPORT.IPM.Note.IPNRN", MailClass.AUTO_REPLY),
        ("IPM.Microsoft Mail.Read Receipt", MailClass.AUTO_REPLY),
        ("REPORT.IPM.Note.NDR", MailClass.BOUNCE),
        ("IPM.Microsoft Mail.Non-Delivery", MailClass.BOUNCE),
        ("IPM.Microsoft Schedule.MtgReq", MailClass.CALENDAR),
        ("IPM.Schedule.Meeting.Canceled", MailClass.CALENDAR),
    ],
)
def test_outlooks_own_file_says_what_a_message_is(outlook, mail_class):
    mail = eml("", subject="Entretien", parts=[file_part("winmail.dat", tnef(outlook), "application/ms-tnef")])
    assert read(mail).verdict.mail_class is mail_class


@pytest.mark.parametrize("subject", ["Lu et approuvé : ma candidature", "Lu : votre annonce", "Remise : ma candidature"])
def test_words_of_receipts_in_an_application_hide_nothing(subject):
    assert read(eml(subject=subject)).verdict.mail_class in {MailClass.APPLICATION, MailClass.UNSURE}
