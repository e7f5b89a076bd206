"""Signed and encrypted mail, and what a filter of our provider says: nothing of it may make an application disappear."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from datetime import datetime
from functools import cache

import pytest
from composing import APPLYING, CONTEXT, CV, LEA, eml, file_part, multipart, text_part
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7EnvelopeBuilder, PKCS7Options, PKCS7SignatureBuilder
from hypothesis import given, settings
from hypothesis import strategies as st

from parsing.mail_class import MailClass
from parsing.message import parse_message
from parsing.spam_marks import MARKS, spam_mark
from parsing.understand import understand

US = "recrutement@example.org"
HEAD = f"From: {LEA}\r\nTo: {US}\r\nSubject: {{subject}}\r\nMessage-ID: <s1@example.net>\r\n{{more}}MIME-Version: 1.0\r\n"
KNOWN = replace(CONTEXT, known_message_ids=frozenset({"<n1@example.org>"}), sender_is_candidate=True)


@cache
def identity() -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Lea Morin")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    return key, builder.not_valid_before(datetime(2026, 1, 1)).not_valid_after(datetime(2030, 1, 1)).sign(key, hashes.SHA256())  # noqa: DTZ001


@cache
def inner() -> bytes:
    """Return the entity that is signed: an application from its Content-Type on."""
    return eml(files=[CV]).partition(b"MIME-Version: 1.0\r\n")[2]


@cache
def signed(content: bytes, *, detached: bool = False) -> bytes:
    key, certificate = identity()
    options = [PKCS7Options.Binary, *([PKCS7Options.DetachedSignature] if detached else [])]
    return PKCS7SignatureBuilder().set_data(content).add_signer(certificate, key, hashes.SHA256()).sign(Encoding.DER, options)


@cache
def encrypted(content: bytes) -> bytes:
    return PKCS7EnvelopeBuilder().set_data(content).add_recipient(identity()[1]).encrypt(Encoding.DER, [PKCS7Options.Binary])


def smime(
    content: bytes, *, kind: str = "", media_type: str = "application/pkcs7-mime", subject: str = "Candidature backend", more: str = ""
) -> bytes:
    fields = f'Content-Type: {media_type}; {kind}name="smime.p7m"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    return (HEAD.format(subject=subject, more=more) + fields).encode() + b64encode(content)


def whole(entity: bytes, subject: str = "Candidature backend") -> bytes:
    return HEAD.format(subject=subject, more="").encode() + entity


SIGNED = {
    "opaque": lambda: smime(signed(inner()), kind="smime-type=signed-data; "),
    "opaque, without its kind": lambda: smime(signed(inner())),
    "opaque, by its old name": lambda: smime(signed(inner()), media_type="application/x-pkcs7-mime"),
    "opaque, by its file name alone": lambda: smime(signed(inner()), media_type="application/octet-stream"),
    "opaque, twice": lambda: smime(
        signed(b"Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: base64\r\n\r\n" + b64encode(signed(inner())))
    ),
    "beside it": lambda: whole(
        multipart("signed", [inner(), file_part("smime.p7s", signed(inner(), detached=True), "application/pkcs7-signature")])
    ),
    "PGP, beside it": lambda: whole(multipart("signed", [inner(), file_part("signature.asc", b"x", "application/pgp-signature")])),
    "PGP, in the text": lambda: eml(
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n"
        + APPLYING
        + "\n-----BEGIN PGP SIGNATURE-----\n\niQ\n-----END PGP SIGNATURE-----\n",
        files=[CV],
        to=US,
    ),
}


@pytest.mark.parametrize("mail", SIGNED.values(), ids=SIGNED)
def test_a_signed_application_is_read_as_the_mail_inside(mail):
    facts = understand(mail(), CONTEXT)
    assert facts.verdict.mail_class is MailClass.APPLICATION
    assert "encrypted" not in facts.problems
    assert facts.body.startswith("Bonjour,\n\nJe vous adresse ma candidature")
    assert "PGP" not in facts.body
    assert [file.filename for file in facts.attachments if file.role == "cv"] == ["CV Léa Morin.pdf"]


def test_a_signature_is_no_document_somebody_applies_with():
    entity = multipart("signed", [text_part("plain", "On déjeune ?"), file_part("smime.p7s", b"x", "application/pkcs7-signature")])
    mail = whole(entity, "Jeudi").replace(US.encode(), b"louis@example.com")
    assert understand(mail, CONTEXT).verdict.mail_class is MailClass.OTHER


def test_a_signed_document_is_read_as_the_document():
    mail = eml("Voici mon CV signé : ma candidature.", to=US, files=[("CV Léa Morin.pdf.p7m", signed(CV[1]))])
    assert [file.filename for file in understand(mail, CONTEXT).attachments if file.role == "cv"] == ["CV Léa Morin.pdf"]


PGP = "-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n"
PGP_MIME = multipart("encrypted", [b"Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n", text_part("plain", PGP)])
ENCRYPTED = {
    "S/MIME": lambda: smime(encrypted(inner())),
    "S/MIME, broken": lambda: smime(b"0\x80broken", kind="smime-type=enveloped-data; "),
    "PGP/MIME": lambda: whole(PGP_MIME),
    "PGP in the text": lambda: eml(PGP, to=US),
    "of a rights management": lambda: whole(
        multipart("mixed", [file_part("message_v2.rpmsg", b"x", "application/x-microsoft-rpmsg-message")])
    ),
}


@pytest.mark.parametrize("mail", ENCRYPTED.values(), ids=ENCRYPTED)
def test_what_is_encrypted_goes_to_a_person_and_is_named(mail):
    facts = understand(mail(), CONTEXT)
    assert facts.verdict.mail_class is MailClass.UNSURE
    assert facts.verdict.reasons[0].startswith("sealed: encrypted")
    assert "encrypted" in facts.problems
    assert facts.profile.work == ()
    assert not facts.verdict.auto_reply_allowed


def test_an_encrypted_answer_in_a_known_conversation_stays_in_it():
    mail = smime(b"0\x80", kind="smime-type=enveloped-data; ", subject="Re: Entretien", more="In-Reply-To: <n1@example.org>\r\n")
    assert understand(mail, KNOWN).verdict.mail_class is MailClass.REPLY


def test_in_a_personal_mailbox_only_an_applying_subject_makes_an_encrypted_mail_ours():
    private = replace(CONTEXT, personal=True)
    assert understand(eml(PGP, to="camille@example.org", subject="Candidature backend"), private).verdict.mail_class is MailClass.UNSURE
    assert understand(eml(PGP, to="camille@example.org", subject="Jeudi"), private).verdict.mail_class is MailClass.OTHER


def test_an_application_with_an_encrypted_part_is_one():
    facts = understand(eml(files=[CV], to=US, parts=[PGP_MIME]), CONTEXT)
    assert facts.verdict.mail_class is MailClass.APPLICATION
    assert "encrypted" in facts.problems


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["", "smime-type=signed-data; ", "smime-type=enveloped-data; "]))
def test_whatever_octets_are_sealed_a_message_comes_back(content, kind):
    message = parse_message(smime(content, kind=kind))
    assert message.subject == "Candidature backend"
    parse_message(eml("-----BEGIN PGP SIGNED MESSAGE-----\n\n" + content.decode("latin-1").replace("\r", "")))


ENTRY = "Received: from mail.sender.example by mx.example.org (Postfix) with ESMTPS id 1; Mon, 23 Nov 2026 09:00:00 +0100"
BEFORE = "Received: from [10.0.0.1] by mail.sender.example with ESMTPSA id 2; Mon, 23 Nov 2026 09:00:00 +0100"
MARKED = [
    "X-Spam-Flag: YES",
    "X-Spam-Status: Yes, score=8.2 required=5.0",
    "X-Rspamd-Action: add header",
    "X-Spamd-Result: default: False [15.20 / 15.00]; X(1)",
    "X-Vade-Spamstate: spam:high",
    "X-VR-SPAMSTATE: SPAM",
    "X-Ovh-Spam-Status: SPAM",
    "X-Proofpoint-Spam-Details: rule=spam policy=default score=100",
    "X-MS-Exchange-Organization-SCL: 6",
    "X-Forefront-Antispam-Report: CIP:192.0.2.1;SCL:9;SFV:SPM;CAT:SPM;",
    "X-Microsoft-Antispam: BCL:9;",
]
CLEAN = [
    "X-Spam-Flag: NO",
    "X-Spam-Status: No, score=-1 required=5.0",
    "X-Rspamd-Action: no action",
    "X-Spamd-Result: default: False [1.20 / 15.00]",
    "X-Vade-Spamstate: clean",
    "X-Proofpoint-Spam-Details: rule=notspam policy=default score=0 classifier=spam",
    "X-MS-Exchange-Organization-SCL: 1",
    "X-MS-Exchange-Organization-SCL: -1",
    "X-Forefront-Antispam-Report: SCL:1;SFV:NSPM;CAT:NONE",
    "X-Microsoft-Antispam: BCL:0;",
]


@pytest.mark.parametrize("mark", MARKED)
def test_what_our_provider_marks_goes_to_a_person_when_it_applies_and_away_when_not(mark):
    above = [mark, ENTRY, BEFORE]
    for mail in (eml(files=[CV], top=above), eml(top=above)):
        facts = understand(mail, CONTEXT)
        assert facts.verdict.mail_class is MailClass.UNSURE
        assert facts.verdict.reasons[0].startswith("marked: ")
        assert not facts.verdict.auto_reply_allowed
    advertising = eml("Améliorez votre référencement.", subject="Offre", sender="X <x@sender.example>", to="paul@example.org", top=above)
    assert understand(advertising, CONTEXT).verdict.mail_class is MailClass.SPAM


@pytest.mark.parametrize("mark", MARKED)
def test_a_mark_that_the_senders_side_wrote_counts_for_nothing(mark):
    below = [ENTRY, BEFORE, mark]
    assert understand(eml(files=[CV], top=below), CONTEXT).verdict.auto_reply_allowed
    answer = eml("Oui, mardi.", subject="Re: Entretien", in_reply_to="<n1@example.org>", top=below)
    assert understand(answer, CONTEXT).verdict.mail_class is MailClass.REPLY


@pytest.mark.parametrize("field", CLEAN)
def test_that_a_mail_is_wanted_changes_nothing(field):
    assert spam_mark(parse_message(eml(top=[field, ENTRY]))) is None
    program = eml("Bonjour", subject="Facture", files=[("facture.pdf.exe", b"MZ")], top=[field, ENTRY])
    assert understand(program, CONTEXT).verdict.mail_class is MailClass.SPAM


OURS = "Received: from mx.interieur.gouv.fr by imap.interieur.gouv.fr with LMTP"


@pytest.mark.parametrize(
    ("stops", "counts"),
    [
        ([OURS, "{}", "Received: from localhost by mx.interieur.gouv.fr", "Received: from a by mx.interieur.gouv.fr"], True),
        ([OURS, "Received: from localhost (localhost [127.0.0.1]) by localhost (filter)", "{}", "Received: from a by b.example"], True),
        ([OURS, "Received: from y by mx.culture.gouv.fr", "{}"], False),
        (["{}", OURS], True),
        (
            ["Received: by 2002:a05:6402:1 with SMTP id 1", "{}", "Received: from a by mx.example.org", "Received: from b by c.example"],
            True,
        ),
        (["Received: by 10.1.2.3 with SMTP id 1", "Received: from a by mx.example.org", "Received: from b by c.example", "{}"], False),
        (["{}"], True),
    ],
)
def test_our_provider_is_everything_below_the_domain_that_took_the_mail_in(stops, counts):
    mail = eml(top=[stop.format("X-Spam-Flag: YES") for stop in stops])
    assert (spam_mark(parse_message(mail)) is not None) is counts


MICROSOFT = [
    "Received: from AM0.eurprd01.prod.outlook.com by PR1.FRAP264.PROD.OUTLOOK.COM with HTTPS",
    "Received: from a.example.net by AM0.mail.protection.outlook.com with Microsoft SMTP Server",
]


@pytest.mark.parametrize(("top", "counts"), [(MICROSOFT, True), ([ENTRY], False)])
def test_microsofts_fields_count_below_the_senders_only_on_its_servers(top, counts):
    mail = eml(top=top, x_forefront_antispam_report="SCL:9;SFV:SPM;CAT:SPM")
    assert (spam_mark(parse_message(mail)) is not None) is counts


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([name for name, _ in MARKS]), st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60))
def test_no_mark_whatever_it_says_puts_an_application_away(name, value):
    mail_class = understand(eml(files=[CV], to=US, top=[f"{name}: {value}", ENTRY]), CONTEXT).verdict.mail_class
    assert mail_class in {MailClass.APPLICATION, MailClass.UNSURE}
