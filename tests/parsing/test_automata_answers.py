"""Answers that nobody wrote: absences in many languages, confirmations, filters' questions; and people who sound like them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from composing import APPLYING, CONTEXT, CV, LEA, eml
from hypothesis import given, settings
from hypothesis import strategies as st

from parsing.languages import machine_table
from parsing.machine_words import fold, heads, said
from parsing.mail_class import MailClass
from parsing.understand import understand

US = "recrutement@example.org"
KNOWN = replace(CONTEXT, known_message_ids=frozenset({"<n1@example.org>"}), sender_is_candidate=True)
LOST = {MailClass.AUTO_REPLY, MailClass.BOUNCE, MailClass.LIST_OR_NEWSLETTER, MailClass.CALENDAR, MailClass.SPAM, MailClass.OTHER}


def class_of(mail: bytes, context=CONTEXT) -> MailClass:
    return understand(mail, context).verdict.mail_class


def answer(text: str, subject: str, **fields: Any) -> bytes:
    return eml(text, subject=subject, **{"sender": LEA, "to": US, "in_reply_to": "<ack@example.org>", **fields})


ABSENCES = [
    ("fr", "Réponse automatique : Votre candidature", "Je suis absente jusqu'au 3 décembre."),
    ("fr, no accents", "Reponse automatique: Votre candidature", "Je suis en conges."),
    ("fr, in brackets", "[Réponse automatique] Votre candidature", "Je serai de retour le 3."),
    ("fr, at the end", "RE: Votre candidature - Réponse automatique", "Je suis absent."),
    ("fr, a short word", "Absence Re: Votre candidature", "Absente jusqu'au 3."),
    ("fr, free words", "En congés jusqu'au 3 décembre", "Je suis en congés, en cas d'urgence contactez l'accueil."),
    ("fr, in the text", "Re: Votre candidature", "Bonjour,\n\nCeci est une réponse automatique. Je suis absente."),
    ("fr, who else to ask", "Re: Votre candidature", "Je suis actuellement en congés. En cas d'urgence, vous pouvez contacter Paul."),
    ("en", "Automatic reply: Your application", "I am out of the office until 3 December."),
    ("en, out of office", "Out of Office Re: Your application", "No access to email."),
    ("en, until", "Out of office until 3 December", "I will answer when I return."),
    ("en, in brackets at the end", "Re: Your application (Automatic Response)", "I am away on vacation."),
    ("en, domino", "AUTO: Lea Morin is out of the office (returning 05/01)", "I am out of the office until 05/01."),
    (
        "en, who else to ask",
        "Re: Your application",
        "I'm out of the office with limited access to email. For urgent matters, please contact Jo.",
    ),
    ("de", "Automatische Antwort: Ihre Bewerbung", "Ich bin nicht im Büro."),
    ("de, a note", "Abwesenheitsnotiz: Ihre Bewerbung", "Ich bin im Urlaub."),
    ("de, who else to ask", "Re: Ihre Bewerbung", "Ich bin derzeit nicht im Büro. In dringenden Fällen wenden Sie sich an Jo."),
    ("es", "Respuesta automática: Su candidatura", "Estoy fuera de la oficina."),
    ("pt", "Resposta automática: Candidatura", "Estou de férias."),
    ("it", "Risposta automatica: Candidatura", "Sono in ferie."),
    ("nl", "Automatisch antwoord: Sollicitatie", "Ik ben niet aanwezig."),
    ("pl", "Odpowiedź automatyczna: Aplikacja", "Jestem na urlopie."),
    ("sv", "Automatiskt svar: Ansökan", "Jag är inte på kontoret."),
    ("da", "Automatisk svar: Ansøgning", "Jeg er ikke på kontoret."),
    ("no", "Ikke til stede: Søknad", "Jeg er på ferie."),
    ("fi", "Automaattinen vastaus: Hakemus", "Olen lomalla."),
    ("cs", "Automatická odpověď: Žádost", "Mám dovolenou."),
    ("sk", "Automatická odpoveď: Žiadosť", "Som mimo kancelárie."),
    ("ro", "Răspuns automat: Candidatura", "Sunt în concediu."),
    ("hu", "Automatikus válasz: Jelentkezés", "Szabadságon vagyok."),
    ("tr", "Otomatik yanıt: Başvuru", "İzindeyim."),
    ("el", "Αυτόματη απάντηση: Αίτηση", "Βρίσκομαι εκτός γραφείου."),
    ("ru", "Автоматический ответ: Заявка", "Я в отпуске."),
    ("uk", "Автоматична відповідь: Заявка", "Я у відпустці."),
    ("bg", "Автоматичен отговор: Заявка", "В отпуск съм."),
    ("ja", "自動応答: 応募", "休暇中です。"),
    ("zh", "自动答复: 申请", "我正在休假。"),
    ("ko", "자동 회신: 지원", "휴가 중입니다."),
    ("ar", "رد تلقائي: طلب", "أنا خارج المكتب."),
    ("he", "תשובה אוטומטית: מועמדות", "אני בחופשה."),
]


@pytest.mark.parametrize(("subject", "text"), [pytest.param(subject, text, id=name) for name, subject, text in ABSENCES])
def test_an_absence_is_told_without_any_field(subject, text):
    assert class_of(answer(text, subject)) is MailClass.AUTO_REPLY


AWAY = "Bonjour, je suis absente jusqu'au 3 décembre."
FIELDS: dict[str, Any] = {
    "RFC 3834": {"auto_submitted": "auto-replied (vacation)"},
    "generated": {"auto_submitted": "auto-generated"},
    "cPanel": {"x_autorespond": "Votre candidature", "precedence": "bulk"},
    "Plesk": {"precedence": "auto_reply"},
    "GroupWise": {"x_autoreply_from": "lea@example.net"},
    "FirstClass": {"x_fc_machinegenerated": "true"},
    "vacation(1)": {"precedence": "junk"},
    "an autoresponder's class": {"x_post_messageclass": "9; Autoresponder"},
    "an empty return path": {"return_path": "<>"},
    "Exchange": {"x_auto_response_suppress": "All", "x_ms_exchange_generated_message_source": "Mailbox Rules Agent"},
}


@pytest.mark.parametrize("fields", FIELDS.values(), ids=FIELDS)
def test_an_absence_is_told_by_what_a_program_adds(fields):
    assert class_of(answer(AWAY, "Re: Votre candidature", **fields)) is MailClass.AUTO_REPLY


@pytest.mark.parametrize("fields", list(FIELDS.values())[1:], ids=list(FIELDS)[1:])  # an answer with a CV in it is an answer still
def test_no_such_field_alone_hides_an_application_with_its_cv(fields):
    assert class_of(eml(files=[CV], to=US, **fields)) in {MailClass.APPLICATION, MailClass.UNSURE}


CONFIRMATIONS: dict[str, Any] = {
    "Zendesk": (
        "[Demande reçue] Bonjour",
        "Votre demande (12345) a été reçue et est en cours de traitement.",
        {"auto_submitted": "auto-generated"},
    ),
    "Freshdesk": ("Ticket reçu - Bonjour [#4521]", "Nous accusons réception de votre demande.", {"auto_submitted": "auto-replied"}),
    "GLPI": ("[GLPI #0012345] Nouveau ticket Votre candidature", "Un nouveau ticket a été créé.", {"x_auto_response_suppress": "OOF, All"}),
    "GLPI without fields": (
        "[GLPI #0012345] Votre candidature",
        "Votre demande a bien été enregistrée.",
        {"sender": "GLPI <noreply@example.net>"},
    ),
    "ServiceNow": ("INC0012345 - opened on your behalf", "Your incident has been opened.", {"precedence": "bulk"}),
    "OTRS": ("[Ticket#2026112310000015] Bonjour", "Nous avons bien reçu votre message.", {"x_otrs_loop": "yes"}),
    "RT": ("[ville #1234] AutoReply: Bonjour", "in response to the creation of a trouble ticket", {"x_rt_loop_prevention": "ville"}),
    "a town hall": ("Accusé de réception", "Nous avons bien reçu votre message. Ceci est un message automatique.", {}),
    "another employer": (
        "Votre candidature",
        "Nous avons bien reçu votre candidature. Merci de ne pas répondre à ce message.",
        {"sender": "x@no.example"},
    ),
    "English": ("Thank you", "We have received your message. This is an automated message, please do not reply.", {}),
    "German": ("Eingangsbestätigung", "Ihre Anfrage ist bei uns eingegangen. Bitte antworten Sie nicht.", {}),
    "Spanish": ("Acuse de recibo", "Hemos recibido su mensaje. Este es un mensaje automático.", {}),
}


@pytest.mark.parametrize(("subject", "text", "fields"), CONFIRMATIONS.values(), ids=CONFIRMATIONS)
def test_another_systems_confirmation_is_automatic(subject, text, fields):
    assert class_of(eml(text, subject=subject, **{"sender": "Service <service@example.net>", "to": US, **fields})) is MailClass.AUTO_REPLY


QUESTIONS: dict[str, Any] = {
    "Mailinblack": ("Votre message est en attente", "Merci de vous authentifier en cliquant sur https://mib.example/1", {}),
    "Boxbe": ("Your email (Action Required)", "Your message was waitlisted.", {"x_boxbe_message_source": "crs"}),
    "BlueBottle": ("Verification required", "Click to verify that you are a human sender: https://b.example", {}),
    "Spam Arrest": ("Re: Bonjour (verification)", "Click so I can receive your emails: https://s.example", {"precedence": "bulk"}),
    "TMDA": (
        "Please confirm",
        "created automatically by mail delivery software (TMDA). Your message is being held because",
        {"return_path": "<>"},
    ),
}


@pytest.mark.parametrize(("subject", "text", "fields"), QUESTIONS.values(), ids=QUESTIONS)
def test_a_filter_that_asks_whether_we_are_people_is_automatic(subject, text, fields):
    assert class_of(eml(text, subject=subject, sender="Paul <paul@example.com>", to=US, **fields)) is MailClass.AUTO_REPLY


ASIDE = "\n\nJe suis absente du bureau le vendredi. / I am out of office on Fridays.\n"
PEOPLE = {
    "an application with an absence in its signature": eml(APPLYING + ASIDE),
    "one with its CV": eml(APPLYING + ASIDE, files=[CV]),
    "who had no answer": eml("Je reviens vers vous au sujet de ma candidature.", subject="Absence de réponse à ma candidature"),
    "an offer about automatic answers": eml(subject="Réponse automatique aux courriels : candidature d'ingénieure"),
    "such an offer behind a colon": eml(subject="Candidature : ingénieure réponse automatique"),
    "an offer about cars": eml("Je postule comme mécanicienne.", subject="Auto : mécanicienne"),
    "who is on leave": eml("En congé parental, je vous adresse ma candidature.", subject="En congé, mais candidate"),
    "who is away and proposes a day": answer("Je suis en congés jusqu'au 3 ; l'entretien peut-il avoir lieu le 4 ?", "Re: Entretien"),
    "who is away and says when not": answer("Je serai absente le 3, je propose le 4.\nLéa", "Re: Entretien"),
    "who answers an automatic answer": answer(
        "Merci, à mardi.\n\nLe lun. 16 nov. 2026 à 09:12, Camille <camille@example.org> a écrit :\n> Ceci est une réponse automatique.",
        "Re: Réponse automatique : Entretien",
    ),
    "who got our message": answer("J'ai bien reçu votre message, merci. À mardi.", "Re: Entretien"),
    "who wrote to a ticket": eml(subject="[#4521] Candidature backend"),
    "whose mail a rule handed on": eml(x_ms_exchange_inbox_rules_loop="camille@example.org", x_auto_response_suppress="All"),
    "who works on a filter": eml(
        "Chez Mailinblack, je suis intéressée par le poste de backend : https://lea.example", subject="Poste backend"
    ),
    "a job board": eml(
        "Léa Morin a postulé à votre offre Développeuse ou développeur backend. Nous avons bien reçu votre demande de diffusion.",
        sender="Board <no-reply@board.example>",
        subject="Léa Morin a postulé : Développeuse ou développeur backend",
        auto_submitted="auto-generated",
    ),
}


@pytest.mark.parametrize("mail", PEOPLE.values(), ids=PEOPLE)
def test_who_only_sounds_like_a_program_is_not_put_away(mail):
    assert class_of(mail) not in LOST


def test_an_answer_that_carries_our_own_confirmation_unmarked_stays_a_persons():
    quoted = (
        "Merci, voici les pièces.\nLéa\n\nBonjour Léa, votre candidature nous est bien parvenue. Merci de ne pas répondre à ce message."
    )
    mail = answer(quoted, "Re: Votre candidature", in_reply_to="<n1@example.org>")
    assert class_of(mail, KNOWN) is MailClass.REPLY
    assert class_of(mail) not in LOST


def test_a_candidate_who_will_be_away_answers_all_the_same():
    mail = answer(
        "Je suis absente jusqu'au 3. En mon absence, vous pouvez contacter ma référente.", "Re: Entretien", in_reply_to="<n1@example.org>"
    )
    assert class_of(mail, KNOWN) is MailClass.REPLY


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_can_be_looked_through(text):
    folded = fold(text)
    assert "  " not in folded
    for key in ("automatic.subject", "delivery.bounce_subject", "mailing.unsubscribe"):
        heads(text, key)
        found = said(folded, key)
        assert found is None or found in folded


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([subject for _, subject, _ in ABSENCES]), st.sampled_from(["", "Re: ", "TR : ", "[liste] "]))
def test_no_subject_hides_somebody_who_applies_with_a_cv(subject, prefix):
    assert class_of(eml(subject=prefix + subject, files=[CV], to=US)) not in LOST


WORDS = sorted({word for table in ("delivery", "receipt", "automatic", "mailing") for key in machine_table(table).values() for word in key})
INTERESTED = "Bonjour,\n\nJe suis très intéressée par le poste de développeuse backend.\n\nLéa Morin\n"


@pytest.mark.parametrize("words", [WORDS[start::4] for start in range(4)])
def test_no_single_word_of_programs_puts_a_person_away(words):
    lost = []
    for word in words:
        written = (
            eml(INTERESTED, subject=f"{word} - poste de développeuse backend"),
            answer(f"Oui, mardi me convient. {word}", "Re: Entretien"),
        )
        lost += [(number, word) for number, mail in enumerate(written) if class_of(mail) in LOST]
    assert lost == []
