"""No mail leaves that is not exactly what was meant: the gate reads the finished octets again, as a stranger would."""

from __future__ import annotations

import email.policy
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from paper import HOUSE

from notifications.notices import ComposeError, Draft, build, gate, message_id

NOW = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
KEY = "acknowledgement:K7QM-4F2P"
DRAFT = Draft(
    recipient="amina.diallo@example.com",
    recipient_name="Amina Diallo",
    subject="Votre candidature est bien arrivée – Développeuse",
    text="Bonjour Amina Diallo,\n\n.Une ligne qui commence par un point.\n" + "long " * 400 + "\n",
    html="<!DOCTYPE html><html lang='fr'><body><p>Bonjour</p></body></html>\n",
    language="fr",
    automatic="auto-replied",
    in_reply_to="<20261123.1@example.com>",
)


def octets(draft: Draft = DRAFT) -> bytes:
    return build(draft, key=KEY, created_at=NOW, house=HOUSE)


def parsed(content: bytes) -> EmailMessage:
    mail = message_from_bytes(content, policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def check(content: bytes) -> None:
    gate(content, sender="recrutement@example.org", recipient="amina.diallo@example.com")


def test_a_mail_says_who_to_whom_what_when_and_that_it_is_automatic() -> None:
    mail = parsed(octets())
    assert mail["From"] == "Recrutement Lab MI <recrutement@example.org>"
    assert mail["To"] == "Amina Diallo <amina.diallo@example.com>"
    assert mail["Subject"] == DRAFT.subject
    assert mail["Date"] == "Tue, 24 Nov 2026 08:30:00 +0100"
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["In-Reply-To"] == mail["References"] == "<20261123.1@example.com>"
    assert mail["Content-Language"] == "fr"
    assert mail.get_content_type() == "multipart/alternative"
    plain, rich = mail.iter_parts()
    assert isinstance(plain, EmailMessage)
    assert isinstance(rich, EmailMessage)
    assert plain.get_content().replace("\r\n", "\n") == DRAFT.text
    assert rich.get_content().replace("\r\n", "\n") == DRAFT.html


def test_the_same_notice_is_the_same_octets_and_another_is_not() -> None:
    assert octets() == octets()
    other = build(DRAFT, key="acknowledgement:9XWC-HT3R", created_at=NOW, house=HOUSE)
    assert parsed(other)["Message-ID"] != parsed(octets())["Message-ID"]
    assert parsed(octets())["Message-ID"] == message_id(KEY, HOUSE)


def test_answers_go_to_reply_to_only_when_it_is_another_address() -> None:
    elsewhere = build(DRAFT, key=KEY, created_at=NOW, house=replace(HOUSE, reply_to="equipe@example.org"))
    assert parsed(elsewhere)["Reply-To"] == "equipe@example.org"
    same = build(DRAFT, key=KEY, created_at=NOW, house=replace(HOUSE, reply_to="Recrutement@example.org"))
    assert parsed(same)["Reply-To"] is None


def test_a_strangers_broken_message_id_is_not_repeated() -> None:
    mail = parsed(octets(replace(DRAFT, in_reply_to="<x>\r\nBcc: victim@example.org")))
    assert mail["In-Reply-To"] is None
    assert mail["Bcc"] is None


def test_long_message_ids_are_written_as_they_are() -> None:
    long = "<" + "x" * 200 + "@example.com>"
    assert f"\r\nIn-Reply-To: {long}\r\n".encode() in octets(replace(DRAFT, in_reply_to=long))


@pytest.mark.parametrize(
    "address", ["", "zoé@example.org", "a@example.org\r\nBcc: b@example.org", "a@b@", "a..b@example.org", ".a@example.org"]
)
def test_an_address_that_smtp_cannot_carry_is_left_to_a_person(address: str) -> None:
    with pytest.raises(ComposeError, match="write to them by hand"):
        octets(replace(DRAFT, recipient=address))


def test_a_sender_without_an_address_is_a_mistake_of_the_configuration() -> None:
    with pytest.raises(ComposeError, match=r"correct \[smtp\] sender"):
        build(DRAFT, key=KEY, created_at=NOW, house=replace(HOUSE, sender="nobody"))


@given(st.text(max_size=300), st.text(max_size=100), st.text(max_size=300))
@example("=?utf-8?q?=0D=0ABcc:_victim@example.org?=", "x\r\nBcc: y", "")
@example("\r\n\r\nbody", "a, b <c@example.org>", "\x00\x0b\x85\u2028")
def test_no_words_make_another_header_or_another_recipient(subject: str, name: str, text: str) -> None:
    mail = parsed(octets(replace(DRAFT, subject=f"Objet {subject}", recipient_name=name, text=text)))
    assert [address.addr_spec for address in mail["To"].addresses] == ["amina.diallo@example.com"]
    assert mail["Bcc"] is None
    assert mail["Cc"] is None
    assert len(mail.keys()) == len(set(mail.keys()))


MUTATIONS: dict[str, Callable[[bytes], bytes]] = {
    "a field that we never write": lambda c: c.replace(b"Subject:", b"Bcc: victim@example.org\r\nSubject:", 1),
    "an unknown field": lambda c: c.replace(b"Subject:", b"X-Mailer: pli\r\nSubject:", 1),
    "a field twice": lambda c: c.replace(b"Subject:", b"Auto-Submitted: no\r\nSubject:", 1),
    "no date": lambda c: c.replace(b"Date: Tue, 24 Nov 2026 08:30:00 +0100\r\n", b"", 1),
    "not marked as automatic": lambda c: c.replace(b"Auto-Submitted: auto-replied\r\n", b"", 1),
    "another recipient": lambda c: c.replace(b"amina.diallo@example.com", b"somebody@example.com", 1),
    "a second recipient": lambda c: c.replace(b"<amina.diallo@example.com>", b"<amina.diallo@example.com>, b@example.org", 1),
    "another sender": lambda c: c.replace(b"<recrutement@example.org>", b"<president@example.org>", 1),
    "letters beyond ASCII in the header": lambda c: c.replace(b"Recrutement Lab", b"Recrut\xc3\xa9 Lab", 1),
    "a header line that is too long": lambda c: c.replace(b"Content-Language: fr", b"Content-Language: " + b"f" * 990, 1),
    "a bare line feed in the header": lambda c: c.replace(b"\r\nSubject:", b"\nSubject:", 1),
    "a bare line feed in the body": lambda c: c + b"x\ny\r\n",
    "a bare carriage return in the body": lambda c: c + b"x\ry\r\n",
    "a body line that is too long": lambda c: c + b"x" * 999 + b"\r\n",
    "no body": lambda c: c.partition(b"\r\n\r\n")[0],
}


@pytest.mark.parametrize("what", MUTATIONS)
def test_the_gate_refuses(what: str) -> None:
    good = octets()
    check(good)
    bad = MUTATIONS[what](good)
    assert bad != good
    with pytest.raises(ComposeError):
        check(bad)
