"""Outlook's `.msg` files: attached to a mail, inside one another, and as the mail itself; and those that are broken."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from composing import APPLYING, CAMILLE, CONTEXT, CV, eml, file_part
from hypothesis import given, settings
from hypothesis import strategies as st
from outlook import compound, msg

from parsing.address import Address
from parsing.documents.rtf import rtf_text
from parsing.mail_class import MailClass
from parsing.message import find_references, parse_message
from parsing.outlook import as_mime, find_time, is_outlook
from parsing.rtf import decompress, read_compressed
from parsing.understand import understand
from parsing.unpack import unpack


@cache
def saved(**given):
    return compound(msg(**given))


WITH_CV: dict[str, Any] = {"text": APPLYING.replace("\n", "\r\n"), "attachments": (CV,)}


def seen(mail):
    facts = understand(mail, CONTEXT)
    return facts, [(file.filename, str(file.role), file.container) for file in facts.attachments]


class TestAsTheMailItself:
    def test_it_says_what_the_same_mail_says(self):
        facts, files = seen(saved(**WITH_CV))
        assert facts.verdict.mail_class is MailClass.APPLICATION
        assert facts.author == Address(name="Léa Morin", addr_spec="lea.morin@example.net")
        assert (facts.subject, facts.message_id, facts.recipients) == ("Candidature backend", "<1@example.net>", ("camille@example.org",))
        assert facts.date == find_time(saved(**WITH_CV))
        assert files == [(CV[0], "cv", False)]
        assert find_references(saved(**WITH_CV)).author == "lea.morin@example.net"

    def test_the_header_that_came_over_the_network_counts_first(self):
        transport = (
            "Received: from a by b; Mon, 23 Nov 2026 09:00:00 +0000\r\nFrom: =?utf-8?q?L=C3=A9a?=\r\n <lea@example.com>\r\n"
            "In-Reply-To: <0@example.org>\r\nAuto-Submitted: no\r\nContent-Type: text/plain; charset=utf-7\r\nMIME-Version: 1.0\r\n\r\n"
        )
        message = parse_message(saved(transport=transport))
        assert message.author == Address(name="Léa", addr_spec="lea@example.com")
        assert message.references == ("<0@example.org>",)
        assert message.subject == "Candidature backend"
        assert message.parts[0].text().startswith("Bonjour,\n\nVous trouverez mon CV en pièce jointe.")

    def test_a_colleague_inside_an_organisation_is_known_by_the_address_of_the_network(self):
        inside = "/O=EXCHANGE/OU=GROUP/CN=RECIPIENTS/CN=CAMILLE"
        assert parse_message(saved(sender=("Camille", inside), more=None)).author is None
        known = compound(msg(sender=("Camille", inside), more={0x5D01: "camille@example.org"}))
        assert parse_message(known).author == Address(name="Camille", addr_spec="camille@example.org")

    def test_texts_of_an_old_code_page_are_read(self):
        message = parse_message(compound(msg(codec="cp1250", code_page=1250, subject="Żądanie", text="Dzień dobry, łódź")))
        assert message.subject == "Żądanie"
        assert message.parts[0].text() == "Dzień dobry, łódź"

    def test_html_and_its_pictures(self):
        html = '<p>Bonjour à tous</p><img src="cid:logo@x">'.encode("cp1252")
        tree = msg(text=None, html=html, code_page=1252, attachments=(("logo.png", b"\x89PNG\r\n\x1a\n" + b"x" * 500), CV))
        tree["__attach_version1.0_#00000000"]["__substg1.0_3712001F"] = "logo@x".encode("utf-16-le")
        facts, files = seen(compound(tree))
        assert "Bonjour à tous" in facts.body
        assert files == [("logo.png", "inline_image", False), (CV[0], "cv", False)]

    def test_a_text_that_is_kept_as_rtf_only(self):
        rtf = rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}\f0 Voici mon CV, L\'e9a \u8364?\par Merci}"
        packed = len(rtf).to_bytes(4, "little") + len(rtf).to_bytes(4, "little") + b"MELA" + bytes(4) + rtf
        assert parse_message(saved(text=None, rtf=packed)).parts[0].text() == "Voici mon CV, Léa €\nMerci"

    @pytest.mark.parametrize(("kind", "expected"), [
        ("IPM.Note.Rules.OofTemplate.Microsoft", MailClass.AUTO_REPLY),
        ("REPORT.IPM.Note.NDR", MailClass.AUTO_REPLY),
        ("IPM.Note", MailClass.APPLICATION),
    ])  # fmt: skip
    def test_what_outlook_says_of_its_kind(self, kind, expected):
        assert seen(saved(kind=kind, **WITH_CV))[0].verdict.mail_class is expected

    def test_a_signed_mail_is_opened(self):
        entity = b'Content-Type: multipart/signed; boundary="b"\r\n\r\n--b\r\n' + file_part(*CV) + b"\r\n--b--\r\n"
        tree = msg(kind="IPM.Note.SMIME.MultipartSigned", text=APPLYING, attachments=(("smime.p7m", entity),))
        tree["__attach_version1.0_#00000000"]["__substg1.0_370E001F"] = "multipart/signed".encode("utf-16-le")
        assert (CV[0], "cv", False) in seen(compound(tree))[1]

    def test_one_that_cannot_be_opened_is_for_a_person(self):
        broken = saved(**WITH_CV)[:1200]
        mail = broken + b"".join(part.encode("utf-16-le") for part in ("__properties_version1.0",))
        facts, files = seen(mail)
        assert facts.verdict.mail_class is MailClass.UNSURE
        assert files == [("message.msg", "other", False)]


class TestAttached:
    def test_a_forwarded_application_is_opened_as_one_that_is_attached_as_mail(self):
        part = file_part("Candidature.msg", saved(**WITH_CV), "application/vnd.ms-outlook")
        facts, files = seen(eml("Pour toi.", sender=CAMILLE, to="dominique@example.org", subject="TR: Candidature", parts=[part]))
        assert facts.verdict.mail_class is MailClass.FORWARDED_APPLICATION
        assert facts.applicant.email == "lea.morin@example.net"
        assert files == [("Candidature.msg", "other", True), (CV[0], "cv", False)]
        assert facts.attachments[0].media_type == "application/vnd.ms-outlook"

    def test_messages_in_messages_are_followed(self):
        inner = msg(inside=True, **WITH_CV)
        outer = compound(msg(sender=("Camille", "camille@example.org"), subject="TR: Candidature", attachments=(("Candidature", inner),)))
        assert [name for name, _, _ in seen(eml(APPLYING, parts=[file_part("TR.msg", outer)]))[1]] == ["TR.msg", "Candidature.eml", CV[0]]

    @pytest.mark.parametrize("sender", [CAMILLE, "Paul <paul@example.net>"])
    def test_one_that_cannot_be_opened_is_for_a_person_whoever_sends_it(self, sender):
        facts, files = seen(eml("Bonjour.", sender=sender, subject="Message", files=[("Candidature.msg", b"\xd0\xcf\x11\xe0 broken")]))
        assert facts.verdict.mail_class is MailClass.UNSURE
        assert "Candidature.msg" in " ".join(facts.verdict.reasons)
        assert files == [("Candidature.msg", "other", False)]

    def test_other_compound_files_are_none(self):
        assert not is_outlook(compound({"WordDocument": b"x" * 5000}))
        assert as_mime(compound({"WordDocument": b"x" * 5000})) is None


class TestHostileFiles:
    def test_attachments_that_share_their_octets_do_not_multiply_the_file(self):
        tree = msg(attachments=tuple((f"{number}.bin", b"x" * 100_000) for number in range(40)))
        assert sum(len(part.content) for part in parse_message(compound(tree)).parts) < 8_100_000
        octets = bytearray(compound(tree))
        entries = [
            place for place in range(0, len(octets) - 128, 128) if octets[place : place + 40] == "__substg1.0_37010102".encode("utf-16-le")
        ]
        for place in entries[1:]:
            octets[place + 116 : place + 128] = octets[entries[0] + 116 : entries[0] + 128]
        for place in entries:
            octets[place + 120 : place + 128] = (len(octets) - 2000).to_bytes(8, "little")
        assert len(as_mime(bytes(octets)) or b"") < 3 * len(octets)

    def test_more_messages_in_one_another_than_anybody_sends(self):
        tree = msg(inside=True)
        for _ in range(12):
            tree = msg(inside=True, attachments=(("message", tree),))
        assert as_mime(compound(tree)) is not None

    def test_a_field_cannot_be_smuggled_in(self):
        message = parse_message(
            saved(subject="un\r\nBcc: x@example.net", sender=('a"\r\nReply-To: y <z', "lea@example.net"), message_id="<1@x>\r\nX: y")
        )
        assert {name for name, _ in message.headers} == {"from", "to", "subject", "date", "message-id", "mime-version", "content-type"}
        assert message.author == Address(name="a Reply-To: y <z", addr_spec="lea@example.net")

    @settings(max_examples=150, deadline=5000)
    @given(st.data())
    def test_damaged_files_never_raise(self, data):
        octets = bytearray(saved(**WITH_CV))
        for place, octet in data.draw(st.lists(st.tuples(st.integers(0, len(octets) - 1), st.integers(0, 255)), max_size=8)):
            octets[place] = octet
        damaged = bytes(octets[: data.draw(st.integers(1, len(octets)))])
        find_time(damaged)
        assert parse_message(damaged).parts or not is_outlook(damaged)
        assert unpack(parse_message(eml(parts=[file_part("a.msg", damaged)]))).files

    @settings(max_examples=100, deadline=2000)
    @given(st.binary(max_size=300))
    def test_any_compressed_text_is_read_or_not(self, octets):
        read_compressed(octets)
        read_compressed(octets[:8] + b"LZFu" + octets)
        rtf_text(octets.decode("latin-1"))


def test_compressed_rtf_is_unpacked():
    # what another writer (compressed-rtf) makes of it
    packed = b'#\x00\x00\x00"\x00\x00\x00LZFu3\\\xe8t\x03\x00\n\x00rcpg125\x922\n\xf3 t\x07\x90t}\x0f\x10'
    assert decompress(packed) == rb"{\rtf1\ansi\ansicpg1252\pard test}"
    assert read_compressed(packed) == "test"
