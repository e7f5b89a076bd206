"""Lists, newsletters and invitations; and applications that come through a group or beside a calendar file."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from composing import CONTEXT, CV, eml, file_part

from parsing.mail_class import MailClass
from parsing.understand import understand

US = "recrutement@example.org"
KEPT = {MailClass.APPLICATION, MailClass.FORWARDED_APPLICATION, MailClass.REPLY, MailClass.UNSURE}
QUOTING = "Voici mes disponibilités.\n\nLe lun. 16 nov. 2026 à 09:12, Camille <camille@example.org> a écrit :\n> Êtes-vous libre ?\n"


def class_of(mail: bytes, context=CONTEXT) -> MailClass:
    return understand(mail, context).verdict.mail_class


ONE_CLICK: dict[str, Any] = {"list_unsubscribe": "<https://example.com/u>", "list_unsubscribe_post": "List-Unsubscribe=One-Click"}
LISTS: dict[str, Any] = {
    "Mailchimp": ("Nouveautés https://example.com", {**ONE_CLICK, "x_mailer": "Mailchimp Mailer", "feedback_id": "1:us1:mc"}),
    "Brevo": ("10 offres https://example.com", {"x_mailin_campaign": "12"}),
    "a service that names only its campaign": ("Webinaire https://example.com", {"feedback_id": "1:2:3:service"}),
    "Mailjet": ("Formation https://example.com", {"x_mj_mid": "1", "list_unsubscribe": "<mailto:u@example.com>"}),
    "Listmonk": ("Version 4 https://example.com", {**ONE_CLICK, "x_listmonk_campaign": "u"}),
    "Sympa": ("Réunion mardi.", {"list_id": "<agents.listes.example.com>", "x_loop": "agents@listes.example.com", "precedence": "list"}),
    "Mailman": ("Réunion mardi.", {"x_mailman_version": "2.1.39", "x_beenthere": "agents@example.com"}),
    "Google Groups": ("Who uses xdist?", {"x_google_group_id": "1", "precedence": "list", "list_id": "<py.googlegroups.com>"}),
    "no field, French": ("Formation https://example.com\nPour ne plus recevoir nos messages : https://example.com/u", {}),
    "no field, English": ("News https://example.com\nUnsubscribe | View in browser https://example.com/u", {}),
    "no field, German": ("Neues https://example.com\nNewsletter abbestellen https://example.com/u", {}),
    "no field, Spanish": ("Novedades https://example.com\nDarse de baja https://example.com/u", {}),
    "no field, Mailman's footer": ("Réunion.\n" + 40 * "_" + "\nhttps://example.com/mailman/listinfo/devs", {}),
}


@pytest.mark.parametrize(("text", "fields"), LISTS.values(), ids=LISTS)
def test_a_circular_is_told_by_its_fields_or_by_its_foot(text, fields):
    mail = eml(text, subject="Nouvelles", sender="Info <info@example.com>", to=US, **fields)
    assert class_of(mail) is MailClass.LIST_OR_NEWSLETTER


def test_a_newsletter_about_applications_is_none():
    text = "5 conseils pour votre CV : ma candidature est-elle prête ? https://example.com"
    assert class_of(eml(text, subject="Votre candidature", sender="news@example.com", to=US, **ONE_CLICK)) is MailClass.LIST_OR_NEWSLETTER


GROUP: dict[str, Any] = {
    "list_id": "<recrutement.example.org>",
    "x_google_group_id": "1",
    "mailing_list": "list recrutement@example.org; contact recrutement+owners@example.org",
    "list_unsubscribe": "<mailto:googlegroups-manage+1+unsubscribe@example.org>, <https://groups.google.com/a/example.org/1>",
    "precedence": "list",
}
SYMPA: dict[str, Any] = {"list_id": "<recrutement.listes.example.com>", "x_loop": "recrutement@listes.example.com", "precedence": "list"}
THROUGH = {
    "with its CV": eml(files=[CV], to=US, **GROUP),
    "in words": eml(to=US, **GROUP),
    "in words that say little": eml(
        "Je suis intéressée par le poste de backend : https://lea.example", subject="Poste backend", to=US, **GROUP
    ),
    "through a group that nobody named": eml(to="recrutement@listes.example.com", subject="[recrutement] Candidature", **SYMPA),
    "with its CV, through such a group": eml(files=[CV], to="recrutement@listes.example.com", **SYMPA),
    "by a program for circulars": eml(files=[CV], to=US, feedback_id="x", **ONE_CLICK),
    "by a mailer that says how to be rid of it": eml(
        "Je suis intéressée par votre offre de développeuse backend.\n\nSe désabonner : https://mailer.example/u",
        subject="Votre offre",
        to=US,
    ),
    "with a group's footer": eml(
        "Je suis intéressée par le poste de backend : https://lea.example\n\nhttps://groups.google.com/a/x", subject="Poste backend", to=US
    ),
    "through a forwarder": eml("Je suis intéressée par le poste de backend : https://lea.example", subject="Poste", x_loop="f@example.net"),
}


@pytest.mark.parametrize("mail", THROUGH.values(), ids=THROUGH)
def test_an_application_through_a_list_is_not_lost(mail):
    assert class_of(mail) in KEPT


def test_a_list_of_developers_stays_a_list_whatever_they_apply():
    mail = eml(
        "My application crashes.",
        subject="[py] crash",
        sender="Jo <jo@example.com>",
        to="py@lists.example.com",
        list_id="<py.lists.example.com>",
    )
    assert class_of(mail) is MailClass.LIST_OR_NEWSLETTER


def scheduled(method: str) -> str:
    return (
        f"Content-Type: text/calendar; charset=utf-8; method={method}\r\n\r\n"
        f"BEGIN:VCALENDAR\r\nMETHOD:{method}\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )


@pytest.mark.parametrize("method", ["REQUEST", "REPLY", "CANCEL", "COUNTER"])
@pytest.mark.parametrize("known", [False, True])
def test_what_calendars_send_each_other_is_calendar(method, known):
    context = replace(CONTEXT, known_message_ids=frozenset({"<n1@example.org>"}), sender_is_candidate=True) if known else CONTEXT
    mail = eml("Entretien backend", subject="Entretien", parts=[scheduled(method)], subtype="alternative", in_reply_to="<n1@example.org>")
    assert class_of(mail, context) is MailClass.CALENDAR


def test_googles_invitation_with_its_file_is_calendar():
    file = file_part("invite.ics", b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n", "application/ics")
    mail = eml(
        "Vous êtes invité",
        subject="Invitation : entretien candidature backend",
        sender="Paul <p@example.com>",
        parts=[scheduled("REQUEST"), file],
    )
    assert class_of(mail) is MailClass.CALENDAR


FILE = ("disponibilites.ics", b"BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\nEND:VCALENDAR\r\n")
BESIDE = {
    "an application": eml(files=[CV, FILE]),
    "one in words": eml("Je suis intéressée par le poste de backend, voici mes disponibilités.", files=[FILE]),
    "an answer": eml(QUOTING, subject="Re: Entretien", in_reply_to="<n1@example.org>", files=[FILE]),
}


@pytest.mark.parametrize("mail", BESIDE.values(), ids=BESIDE)
def test_a_calendar_file_beside_what_a_person_wrote_changes_nothing(mail):
    assert class_of(mail) in KEPT
