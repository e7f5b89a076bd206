"""What is told from header and structure alone: never that an application, or anything of ours, may be left."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mails import AD, mail

from intake.imap_structure import leaves_of
from parsing.context import Context
from parsing.glance import Leaf, glance
from parsing.message import parse_message
from parsing.offer import parse_offer

OWNER = "camille@example.org"
OTHER = "dominique@example.org"
OURS = frozenset({OWNER, OTHER, "jobs@example.org"})
CONTEXT = Context(
    offers=(parse_offer(AD.format(state="true").encode(), "backend.md"),),
    our_addresses=OURS,
    recruiters=frozenset({OWNER, OTHER}),
    personal=True,
)
TEXT = Leaf(media_type="text/plain", size=300)
PDF = Leaf(media_type="application/pdf", filename="lettre.pdf", disposition="attachment", size=90_000)
LOGO = Leaf(media_type="image/png", filename="logo.png", disposition="inline", size=4_000)
PHOTO = Leaf(media_type="image/jpeg", filename="IMG_1.jpeg", disposition="inline", size=900_000)
INVITATION = Leaf(media_type="text/calendar", size=900)
RECEIPT = Leaf(media_type="message/disposition-notification", size=200)
LIST = {"List_Id": "<lettre.example.com>"}
AUTOMATIC = {"Auto_Submitted": "auto-replied"}
ANSWER = {"subject": "Re: samedi", "In_Reply_To": "<theirs@example.com>"}


def look(*leaves, context=CONTEXT, **given):
    letter = {"sender": "Anne <anne@example.com>", "to": OWNER, "subject": "Samedi", "attachments": ()}
    header = mail(**letter | given).replace(b"\r\n", b"\n").partition(b"\n\n")[0] + b"\n\n"
    return glance(header, leaves or (TEXT,), OWNER, context)


@pytest.mark.parametrize(
    ("rule", "leaves", "given"),
    [
        ("mailing", (TEXT,), LIST),
        ("mailing", (TEXT, LOGO), {"Precedence": "bulk"}),
        ("automatic_answer", (TEXT,), AUTOMATIC),
        ("automatic_answer", (TEXT,), AUTOMATIC | {"subject": "Re: Candidature backend"}),
        ("read_receipt", (TEXT, RECEIPT), {}),
        ("invitation", (TEXT, INVITATION), {}),
        ("unwanted", (TEXT,), {"X_Spam_Flag": "YES"}),
        ("answer_elsewhere", (TEXT, LOGO), ANSWER),
    ],
)
def test_what_cannot_be_an_application_is_left(rule, leaves, given):
    found = look(*leaves, **given)
    assert (found.read, found.reason.partition(":")[0]) == (False, rule)


@pytest.mark.parametrize("signs", [LIST, AUTOMATIC, ANSWER, {"X_Spam_Flag": "YES"}], ids=["list", "automatic", "answer", "spam"])
@pytest.mark.parametrize(
    ("why", "leaves", "given", "known"),
    [
        ("known_thread", (TEXT,), {}, {"known_message_ids": frozenset({"<ours@example.org>"})}),
        ("candidate", (TEXT,), {}, {"sender_is_candidate": True}),
        ("report", (TEXT,), {"sender": "Mail <MAILER-DAEMON@example.com>"}, {}),
        ("file", (TEXT, PDF), {}, {}),
        ("file", (TEXT, PHOTO), {}, {}),
        ("file", (TEXT, Leaf(media_type="message/rfc822")), {}, {}),
        ("file", (TEXT, Leaf(media_type="application/ms-tnef", filename="winmail.dat")), {}, {}),
    ],
)
def test_whatever_else_speaks_for_leaving_it_what_may_be_ours_is_read(signs, why, leaves, given, known):
    found = look(*leaves, context=replace(CONTEXT, **known), **signs | given)
    assert (found.read, found.reason.partition(":")[0]) == (True, why)


@pytest.mark.parametrize("signs", [LIST, ANSWER, {"X_Spam_Flag": "YES"}], ids=["list", "answer", "spam"])
@pytest.mark.parametrize(
    ("why", "given"),
    [
        ("recruiting", {"subject": "Re: Candidature"}),
        ("recruiting", {"subject": "Re: =?utf-8?q?D=C3=A9veloppeuse?= backend"}),
        ("recruiting", {"subject": "Re: Ihre Bewerbung"}),
        ("others_of_us", {"to": f"{OWNER}, {OTHER}"}),
        ("others_of_us", {"to": "jobs@example.org"}),
        ("forward", {"subject": "TR: pour toi"}),
        ("colleague", {"sender": f"Dominique <{OTHER}>"}),
        ("colleague", {"sender": "Sacha <sacha@example.org>"}),
    ],
)
def test_a_sign_in_the_header_is_enough_to_read_on(signs, why, given):
    found = look(**signs | given)
    assert (found.read, found.reason.partition(":")[0]) == (True, why)


def test_a_first_letter_is_read_and_so_is_what_has_no_known_structure():
    assert look().read
    assert look(sender="Site <noreply@example.com>").read  # a form hands applications on like this
    assert glance(b"From: a@example.com\nList-Id: x\n\n", (), OWNER, CONTEXT).read


@given(
    st.binary(max_size=300), st.lists(st.builds(Leaf, media_type=st.text(), filename=st.text(), disposition=st.text(), size=st.integers()))
)
def test_no_header_is_too_strange(header, leaves):
    assert glance(header, tuple(leaves), OWNER, CONTEXT).reason


ATOM = st.one_of(st.none(), st.integers(), st.binary(max_size=8), st.text(max_size=4))


@given(st.recursive(ATOM, lambda inner: st.one_of(st.lists(inner, max_size=4), st.lists(inner, max_size=9).map(tuple)), max_leaves=30))
def test_no_structure_is_too_strange(structure):
    assert isinstance(leaves_of(structure), tuple)


def test_no_application_and_no_bounce_of_the_corpus_is_left(corpus):
    offers = tuple(parse_offer(path.read_bytes(), path.name) for path in sorted((corpus / "offers").glob("*.md")))
    recruiters = frozenset(address for offer in offers for address in offer.recruiters)
    labels = json.loads((corpus / "mailbox" / "labels.json").read_text())
    left = []
    for name, label in labels.items():
        content = (corpus / "mailbox" / name).read_bytes()
        message = parse_message(content)
        leaves = tuple(
            Leaf(media_type=part.media_type, filename=part.filename or "", disposition=part.disposition, size=len(part.content))
            for part in message.parts
        )
        owner = next((one.addr_spec.lower() for one in message.recipients if one.addr_spec.lower() in recruiters), OWNER)
        context = Context(offers=offers, our_addresses=recruiters | {owner}, recruiters=recruiters, personal=True)
        if not glance(content[: 64 * 2**10].partition(b"\n\n")[0] + b"\n\n", leaves, owner, context).read:
            left.append(label["class"])
    assert set(left) <= {"auto_reply", "list_or_newsletter", "calendar"}
    assert len(left) >= 6
