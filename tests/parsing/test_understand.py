"""The whole path from octets to an `Understanding`, and the key by which copies are recognised."""

from __future__ import annotations

import pickle
from dataclasses import replace

import pytest
from composing import APPLYING, CAMILLE, CONTEXT, CV, DOMINIQUE, eml, pdf
from hypothesis import given, settings
from hypothesis import strategies as st

from parsing.context import Context
from parsing.mail_class import MailClass
from parsing.offer import parse_offer
from parsing.understand import understand


def test_an_application_with_everything():
    found = understand(eml(files=[CV]), CONTEXT)
    assert (found.message_id, found.subject, found.language) == ("<1@example.net>", "Candidature backend", "fr")
    assert found.recipients == (CAMILLE, DOMINIQUE)
    assert (found.route.offer, found.route.certain) == ("backend", True)
    assert found.applicant is not None
    assert (found.applicant.name, found.applicant.email, found.applicant.name_is_sure) == ("Léa Morin", "lea.morin@example.net", True)
    assert found.profile.phone is not None
    assert found.profile.phone.value == "+33639981234"
    assert [(file.filename, str(file.role), file.size) for file in found.attachments] == [("CV Léa Morin.pdf", "cv", len(CV[1]))]
    assert found.problems == ()
    assert "Je vous adresse ma candidature" in found.body


def test_it_may_cross_into_another_process_and_is_the_same_each_time():
    found = understand(eml(files=[CV]), CONTEXT)
    assert pickle.loads(pickle.dumps(found)) == found == understand(eml(files=[CV]), CONTEXT)


def test_documents_may_be_left_unread():
    found = understand(eml(files=[CV]), replace(CONTEXT, read_documents=False))
    assert found.verdict.mail_class is MailClass.APPLICATION
    assert found.attachments[0].document is None
    assert found.attachments[0].sha256 == understand(eml(files=[CV]), CONTEXT).attachments[0].sha256


SENDERS = [
    ("Léa Morin <lea.morin@example.net>", "Léa Morin", True),
    ("MORIN Léa <lea.morin@example.net>", "Léa Morin", True),
    ('"Morin, Léa" <lea.morin@example.net>', "Léa Morin", True),
    ("lea.morin@example.net", "Léa Morin", True),
    ("Léa M. <lea.morin@example.net>", "Léa Morin", True),
    ("L. <lea.morin@example.net>", "L.", False),
    ("Léa B. <lea.morin@example.net>", "Léa B.", False),
]


@pytest.mark.parametrize(("sender", "name", "sure"), SENDERS)
def test_the_applicants_name_and_whether_it_may_stand_in_a_greeting(sender, name, sure):
    applicant = understand(eml(files=[CV], sender=sender), CONTEXT).applicant
    assert applicant is not None
    assert (applicant.name, applicant.name_is_sure) == (name, sure)


@pytest.mark.parametrize(
    ("sender", "name"),
    [("RH Services <rh.services@example.net>", False), ("Bob <x42@example.net>", False), ("Anne Petit <anne.petit@example.net>", True)],
)
def test_without_a_cv_only_a_name_that_the_address_repeats_is_sure(sender, name):
    applicant = understand(eml(sender=sender), CONTEXT).applicant
    assert applicant is not None
    assert applicant.name_is_sure is name


LANGUAGES = [
    ("Hello,\n\nPlease find my CV attached. I would like to apply for the position.\n", "Application", "en"),
    (APPLYING, "Application", "fr"),
    ("", "Candidature pour le poste et la mission", "fr"),
    ("", "cv", "en"),
]


@pytest.mark.parametrize(("text", "subject", "language"), LANGUAGES)
def test_the_language_is_the_authors_and_else_the_offers(text, subject, language):
    offer = parse_offer(b"---\ntitle: Backend\nlang: en\n---\nSend your CV to camille@example.org.\n", "backend.md")
    context = replace(CONTEXT, offers=(offer,))
    assert understand(eml(text, subject=subject, files=[("cv.pdf", pdf("12345"))]), context).language == language


def test_what_is_no_application_has_no_applicant_no_profile_and_no_offer():
    found = understand(eml("On déjeune jeudi ?", subject="Jeudi", sender="anne@example.com", to="paul@example.com"), CONTEXT)
    assert (found.applicant, found.route.offer, found.profile.email) == (None, None, None)


def key(mail: bytes) -> str:
    return understand(mail, CONTEXT).content_key


TRACES = st.lists(
    st.sampled_from(
        [
            "Received: from a.example by b.example; Mon, 23 Nov 2026 09:00:01 +0100",
            "Delivered-To: dominique@example.org",
            "X-Original-To: camille@example.org",
            "Return-Path: <lea.morin@example.net>",
            "Received-SPF: pass",
            "X-Spam-Score: 0.1",
            "ARC-Seal: i=1; a=rsa-sha256",
        ]
    ),
    max_size=6,
)


@settings(max_examples=40, deadline=5000)
@given(TRACES, TRACES)
def test_copies_that_differ_only_in_what_servers_added_have_one_key(first, second):
    assert key(eml(files=[CV], top=first)) == key(eml(files=[CV], top=second))


def test_copies_whose_encoding_was_changed_on_the_way_have_one_key():
    plain = eml("Bonjour, ma candidature.\n")
    recoded = plain.replace(b"8bit", b"quoted-printable").replace("é".encode(), b"=C3=A9")
    assert recoded != plain
    assert key(plain) == key(recoded) == key(plain.replace(b"\r\n", b"\n"))


OTHERS = {
    "author": eml(files=[CV], sender="Paul Noir <paul@example.net>"),
    "Message-ID": eml(files=[CV], message_id="<2@example.net>"),
    "date": eml(files=[CV], date="Mon, 23 Nov 2026 09:00:01 +0100"),
    "subject": eml(files=[CV], subject="Candidature"),
    "text": eml(APPLYING + "PS : merci\n", files=[CV]),
    "file": eml(files=[("CV Léa Morin.pdf", pdf("autre"))]),
    "no file": eml(),
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS.keys())
def test_another_message_has_another_key(other):
    assert key(other) != key(eml(files=[CV]))


def test_the_key_does_not_depend_on_what_is_known():
    assert understand(eml(files=[CV]), Context()).content_key == key(eml(files=[CV]))


HOSTILE_NAMES = [
    "../../etc/passwd",
    "..\\..\\boot.ini",
    "/etc/passwd",
    "CV\r\nBcc: x@example.com.pdf",
    "a" * 5000 + ".pdf",
    "\u202efdp.exe",
    "\x00cv.pdf",
]


@pytest.mark.parametrize("name", HOSTILE_NAMES, ids=range(len(HOSTILE_NAMES)))
def test_the_name_of_a_file_is_only_a_name(name):
    [file] = understand(eml(files=[(name, CV[1])]), CONTEXT).attachments
    assert "/" not in file.filename
    assert "\\" not in file.filename
    assert len(file.filename) <= 200
    assert file.filename.isprintable()
