"""Reasons not to answer automatically (RFC 3834): each is seen in a mail that has it, and not in the one that nearly has."""

from __future__ import annotations

from dataclasses import replace

import pytest
from composing import APPLYING, CAMILLE, CONTEXT, CV, eml

from parsing.context import Context
from parsing.refusals import REASONS
from parsing.understand import understand

FAILED = "mx.example.org; dmarc=fail header.from=example.net"
FORGED = "mx.elsewhere.example; spf=pass smtp.mailfrom=lea.morin@example.net"
FORWARD = eml("Pour toi.", subject="TR: Candidature", parts=[b"Content-Type: message/rfc822\r\n\r\n" + eml(files=[CV])], sender=CAMILLE)
OWN = (
    "Je vous renvoie mon message.\n\n---------- Forwarded message ---------\nDe : Léa Morin <lea.morin@example.net>\n"
    "Date: lun. 23 nov. 2026 à 08:00\nSubject: Candidature backend\nTo: <camile@example.org>\n\n" + APPLYING
)

HOLDS: dict[str, list[bytes]] = {
    "not_an_application": [
        eml("On déjeune ?", subject="Jeudi", to="paul@example.com"),
        eml("Oui, mardi.", subject="Re: Entretien"),
        eml("Le poste est-il ouvert ?", subject="Question"),
    ],
    "forwarded": [FORWARD],
    "forward_unclear": [eml("Pour information.", subject="Fwd: Candidature backend", files=[CV])],
    "no_author": [eml(files=[CV], sender=None), eml(files=[CV], sender="Léa")],
    "several_authors": [eml(files=[CV], sender="lea@example.net, paul@example.net")],
    "rewritten_author": [eml(files=[CV], sender=f"'Léa' via RH <{CAMILLE}>", reply_to="lea@example.net")],
    "null_return_path": [eml(files=[CV], return_path="<>"), eml(files=[CV], return_path="")],
    "robot_author": [
        eml(files=[CV], sender=f"{local}@example.net")
        for local in ("noreply", "no-reply", "ne-pas-repondre", "do_not_reply", "notifications", "list-request", "owner-list", "www-data")
    ]
    + [eml(files=[CV], return_path="<bounce-123@lettre.example.net>")],
    "auto_submitted": [eml(files=[CV], auto_submitted="auto-generated"), eml(files=[CV], x_autoresponder="x")],
    "list": [
        eml(files=[CV], top=[f"{field}: <l.example.net>"])
        for field in ("List-Id", "List-Unsubscribe", "List-Post", "List-Help", "List-Subscribe", "Feedback-ID")
    ],
    "precedence": [eml(files=[CV], precedence=word) for word in ("bulk", "Junk", "list")],
    "response_suppressed": [eml(files=[CV], x_auto_response_suppress=words) for words in ("All", "DR, AutoReply", "OOF, RN")],
    "report": [eml(files=[CV], subtype="report")],
    "from_ourselves": [eml(files=[CV], sender="Camille <Camille@Example.org>")],
    "not_to_us": [eml(files=[CV], to="undisclosed-recipients:;"), eml(files=[CV], to="paul@example.com"), eml(files=[CV], to=None)],
    "authentication_failed": [eml(files=[CV], authentication_results=FAILED)],
}
SPARED: dict[str, list[bytes]] = {
    "not_an_application": [eml(files=[CV]), eml(), FORWARD],
    "forwarded": [eml(files=[CV]), eml(APPLYING, subject="Fwd: Candidature backend", files=[CV])],
    "forward_unclear": [
        eml(OWN, subject="Fwd: Candidature backend", files=[CV]),
        eml(files=[CV], subject="Re: Candidature backend"),
        FORWARD,
    ],
    "no_author": [eml(files=[CV], sender="lea@example.net")],
    "several_authors": [eml(files=[CV], sender='"Morin, Léa" <lea@example.net>')],
    "rewritten_author": [
        eml(files=[CV], reply_to="lea@example.org"),
        eml(files=[CV], sender="Léa via RH <lea@example.net>", reply_to="lea@example.com"),
    ],
    "null_return_path": [eml(files=[CV], return_path="<lea@example.net>"), eml(files=[CV])],
    "robot_author": [eml(files=[CV], sender=f"{local}@example.net") for local in ("norelly", "lea.noreply", "notification.lea", "roots")],
    "auto_submitted": [eml(files=[CV], auto_submitted="no"), eml(files=[CV], auto_submitted="No (a comment)")],
    "list": [eml(files=[CV], x_mailer="Listes 2")],
    "precedence": [eml(files=[CV], precedence="first-class")],
    "response_suppressed": [eml(files=[CV], x_auto_response_suppress="DR, RN, NRN")],
    "report": [eml(files=[CV])],
    "from_ourselves": [eml(files=[CV], sender="Camille Roy <camille.roy@example.net>")],
    "not_to_us": [eml(files=[CV], to="paul@example.com", cc=f"RH <{CAMILLE.upper()}>"), eml(files=[CV], to=f"Équipe: {CAMILLE};")],
    "authentication_failed": [
        eml(files=[CV], authentication_results="mx.example.org; dmarc=pass header.from=example.net"),
        eml(files=[CV], authentication_results=FORGED),
        eml(files=[CV]),
    ],
}


def cases(table: dict[str, list[bytes]]) -> list:
    return [pytest.param(reason, mail, id=f"{reason}-{number}") for reason, mails in table.items() for number, mail in enumerate(mails)]


@pytest.mark.parametrize(("reason", "mail"), cases(HOLDS))
def test_a_reason_not_to_answer_is_found_by_name(reason, mail):
    verdict = understand(mail, CONTEXT).verdict
    assert reason in verdict.refusals
    assert not verdict.auto_reply_allowed


@pytest.mark.parametrize(("reason", "mail"), cases(SPARED))
def test_the_near_miss_is_not_refused_for_it(reason, mail):
    assert reason not in understand(mail, CONTEXT).verdict.refusals


def test_every_reason_has_its_cases():
    assert {name for name, _ in REASONS} == set(HOLDS) == set(SPARED)


def test_a_plain_application_may_be_answered():
    verdict = understand(eml(files=[CV]), CONTEXT).verdict
    assert verdict.refusals == ()
    assert verdict.auto_reply_allowed


def test_all_reasons_are_named_not_only_the_first():
    mail = eml(files=[CV], return_path="<>", precedence="bulk", sender="noreply@example.net", to="paul@example.com")
    assert {"null_return_path", "precedence", "robot_author", "not_to_us"} <= set(understand(mail, CONTEXT).verdict.refusals)


def test_an_application_sent_for_somebody_else_is_not_answered():
    text = "Bonjour,\n\nNous vous présentons notre candidate pour votre offre, son CV est joint.\n\nAgence Nord\n"
    understanding = understand(eml(text, files=[CV], sender="Agence <contact@agence.example.com>"), CONTEXT)
    assert "applicant_is_not_author" in understanding.verdict.refusals
    assert understanding.applicant is not None
    assert understanding.applicant.email == "lea.morin@example.net"


def test_without_any_address_of_ours_nothing_can_be_said_about_the_recipients():
    assert "not_to_us" not in understand(eml(APPLYING, files=[CV]), Context()).verdict.refusals


def test_an_alias_of_the_mailbox_counts_as_us():
    mail = eml(files=[CV], to="emplois@example.org")
    assert "not_to_us" in understand(mail, CONTEXT).verdict.refusals
    known = replace(CONTEXT, our_addresses=CONTEXT.our_addresses | {"emplois@example.org"})
    assert understand(mail, known).verdict.auto_reply_allowed
