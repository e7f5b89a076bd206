"""The invented people and mails: complete, readable, and nobody's real address."""

from __future__ import annotations

import email
import email.policy
from datetime import datetime
from email.message import EmailMessage
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest

from demo.cvs import MAKERS
from demo.morning import CAMILLE, IDRIS, Mail, write_mails
from demo.people import Person, read_people
from parsing.documents import read_document
from parsing.offer import parse_offer
from parsing.profile import extract_profile

MONDAY = datetime(2026, 11, 23, tzinfo=ZoneInfo("Europe/Paris"))
PEOPLE = read_people()


def parsed(mail: Mail) -> EmailMessage:
    return email.message_from_bytes(mail.content, policy=email.policy.default)


@pytest.mark.parametrize("kind", ["one-column", "two-column", "word"])
@pytest.mark.parametrize("person", PEOPLE.values(), ids=PEOPLE.keys())
def test_every_cv_can_be_read(person: Person, kind: str) -> None:
    document = read_document(MAKERS[kind][0](person, ""))
    profile = extract_profile(document)
    assert document.problems == ()
    assert document.language == person.language
    assert profile.name
    assert profile.email
    assert profile.phone
    assert (profile.name.value, profile.email.value) == (person.name, person.email)
    assert profile.phone.value.startswith(("+3363998", "+3319900"))  # the range kept for fiction


def test_the_two_columns_are_two_columns() -> None:
    lines = read_document(MAKERS["two-column"][0](PEOPLE["tomas"], "")).text.splitlines()
    assert lines.index("Skills") < lines.index("Languages") < lines.index("Experience") < lines.index("Education")


def test_the_offer_names_both_recruiters() -> None:
    content = files("demo").joinpath("files", "ingenieur-langue.md").read_bytes()
    offer = parse_offer(content, "ingenieur-langue.md")
    assert offer.recruiters == (CAMILLE, IDRIS)
    assert (offer.open, offer.apply_by_email, offer.problems) == (True, True, ())


def test_every_address_is_reserved_for_examples() -> None:
    for mail in (*write_mails("before", MONDAY), *write_mails("morning", MONDAY)):
        message = parsed(mail)
        for field in ("From", "To", "Cc"):
            for address in message[field].addresses if message[field] else ():
                assert address.domain.endswith((".example", "example.org", "example.net", "example.com")), address


def test_old_mail_came_on_weekdays_before_and_the_morning_in_order() -> None:
    assert all(mail.received_at.weekday() < 5 and mail.received_at < MONDAY for mail in write_mails("before", MONDAY))
    times = [mail.received_at for mail in write_mails("morning", MONDAY)]
    assert times == sorted(times)
    assert {time.date() for time in times} == {MONDAY.date()}


def test_what_is_special_is_made_by_the_book() -> None:
    by_what = {mail.what: parsed(mail) for mail in write_mails("morning", MONDAY)}
    report = by_what["bounce of a private mail"]
    assert report.get_content_type() == "multipart/report"
    assert report.get_param("report-type") == "delivery-status"
    assert [part.get_content_type() for part in report.iter_parts()] == ["text/plain", "message/delivery-status", "message/rfc822"]
    invitation = next(part for part in by_what["calendar invitation"].walk() if part.get_content_type() == "text/calendar")
    assert invitation.get_param("method") == "REQUEST"
    assert by_what["newsletter"]["List-Unsubscribe"]
    assert by_what["auto-reply (vacation)"]["Auto-Submitted"] == "auto-replied"
