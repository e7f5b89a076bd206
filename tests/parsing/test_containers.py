"""Files inside files: archives, attached messages, Outlook's winmail.dat; and what is no document at all."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from composing import APPLYING, CONTEXT, CV, eml, file_part, pdf, png, winmail
from hypothesis import given, settings
from hypothesis import strategies as st

from parsing.mail_class import MailClass
from parsing.message import parse_message
from parsing.roles import MAX_FILES
from parsing.understand import Understanding, understand
from parsing.unpack import unpack


def archive(*files: tuple[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", compression) as made:
        for name, content in files:
            made.writestr(name, content)
    return out.getvalue()


def roles(mail: bytes) -> list[tuple[str, str]]:
    return [(file.filename, str(file.role)) for file in understand(mail, CONTEXT).attachments]


def cv_text(understanding: Understanding) -> str:
    return next(file.document.text for file in understanding.attachments if file.role == "cv" and file.document)


def test_a_cv_in_an_archive_is_read_and_the_archive_is_kept():
    mail = eml(
        files=[
            ("candidature.zip", archive(("CV Léa Morin.pdf", CV[1]), ("lettre de motivation.txt", b"Madame, Monsieur"))),
        ]
    )
    understanding = understand(mail, CONTEXT)
    assert [(file.filename, str(file.role), file.container) for file in understanding.attachments] == [
        ("candidature.zip", "other", True),
        ("CV Léa Morin.pdf", "cv", False),
        ("lettre de motivation.txt", "cover_letter", False),
    ]
    assert "Coopérative du Lac" in cv_text(understanding)


def test_an_archive_that_stores_a_pdf_as_it_is_is_still_an_archive():
    mail = eml(files=[("a.zip", archive(("CV.pdf", CV[1]), ("lettre.pdf", pdf(*LETTER)), compression=zipfile.ZIP_STORED))])
    assert roles(mail) == [("a.zip", "other"), ("CV.pdf", "cv"), ("lettre.pdf", "cover_letter")]


def test_members_are_named_without_their_folders_and_system_files_are_left_out():
    made = archive(("../../etc/CV.pdf", CV[1]), ("__MACOSX/._CV.pdf", b"x"), ("dossier/", b""), ("C:\\lettre.txt", b"Bonjour"))
    assert [name for name, _ in roles(eml(files=[("a.zip", made)]))] == ["a.zip", "CV.pdf", "lettre.txt"]


def test_an_old_archivers_names_keep_their_accents():
    for octets, name in ((b"\xd2", "Ê"), ("é".encode(), "é")):  # CP850, and UTF-8 without saying so
        plain = archive((f"CV_{'X' * len(octets)}.pdf", CV[1]))
        old = plain.replace(b"CV_" + b"X" * len(octets), b"CV_" + octets)
        assert roles(eml(files=[("a.zip", old)]))[1] == (f"CV_{name}.pdf", "cv")


@pytest.mark.parametrize(
    "content",
    [b"PK\x03\x04", archive(("a.pdf", CV[1]))[:-30], archive(), b"PK\x05\x06" + b"\x00" * 18],
    ids=["a beginning", "cut off", "empty", "nothing inside"],
)
def test_a_broken_archive_stays_a_file(content):
    assert roles(eml("Voici.", subject="Archive", files=[("a.zip", content)])) == [("a.zip", "other")]


def test_an_archive_that_swells_is_given_up():
    bomb = archive(*((f"{number}.txt", b"0" * 20_000_000) for number in range(8)))
    assert len(bomb) < 300_000
    files = unpack(parse_message(eml(files=[("bombe.zip", bomb)]))).files
    assert sum(len(file.content) for file in files[1:]) <= 80_000_000


def test_a_message_has_at_most_forty_files():
    mail = eml(files=[(f"{number}.txt", b"x") for number in range(60)])
    assert len(understand(mail, CONTEXT).attachments) == MAX_FILES


def test_an_attached_message_and_its_files_stand_in_the_list():
    inner = b'Content-Type: message/rfc822; name="Candidature.eml"\r\n\r\n' + eml(files=[CV])
    mail = eml("Bonjour, ma candidature est dans le message joint, avec mon CV.", parts=[inner])
    assert roles(mail) == [("Candidature.eml", "other"), ("CV Léa Morin.pdf", "cv")]


def test_messages_in_messages_are_followed_some_levels_deep_and_kept_beyond():
    mail = eml("au fond", files=[CV])
    for _ in range(12):
        mail = eml("autour", parts=[b"Content-Type: message/rfc822\r\n\r\n" + mail])
    names = [name for name, _ in roles(mail)]
    assert 1 < len(names) <= 4
    assert all(name.endswith(".eml") for name in names)


def test_winmail_dat_is_opened():
    part = file_part("winmail.dat", winmail(("CV Léa.pdf", CV[1]), ("lettre.txt", b"Bonjour")), "application/ms-tnef")
    understanding = understand(eml(parts=[part]), CONTEXT)
    assert [(file.filename, str(file.role), file.container) for file in understanding.attachments] == [
        ("winmail.dat", "other", True),
        ("CV Léa.pdf", "cv", False),
        ("lettre.txt", "cover_letter", False),
    ]
    assert "Coopérative du Lac" in cv_text(understanding)
    assert understanding.verdict.mail_class is MailClass.APPLICATION


def test_a_winmail_dat_that_is_none_stays_a_file(capfd):
    part = file_part("winmail.dat", b"\x78\x9f\x3e\x22\x00\x00\x01\x02\x90", "application/ms-tnef")
    assert [name for name, _ in roles(eml(parts=[part]))] == ["winmail.dat"]
    assert capfd.readouterr() == ("", "")


@settings(max_examples=60, deadline=5000)
@given(st.data())
def test_damaged_containers_never_raise(data):
    made = data.draw(st.sampled_from([winmail(("cv.pdf", CV[1][:300])), archive(("cv.pdf", CV[1][:300]), ("b.txt", b"x"))]))
    octets = bytearray(made)
    for place, octet in data.draw(st.lists(st.tuples(st.integers(0, len(octets) - 1), st.integers(0, 255)), max_size=8)):
        octets[place] = octet
    cut = bytes(octets[: data.draw(st.integers(1, len(octets)))])
    name = data.draw(st.sampled_from(["winmail.dat", "a.zip"]))
    assert unpack(parse_message(eml(parts=[file_part(name, cut)]))).files


def test_a_program_makes_it_spam_even_inside_an_archive():
    mail = eml(files=[("CV.zip", archive(("CV.pdf.exe", b"MZ\x90")))])
    assert understand(mail, CONTEXT).verdict.mail_class is MailClass.SPAM


def test_code_beside_a_cv_does_not_cost_the_application():
    understanding = understand(eml(files=[CV, ("demo.js", b"console.log(1)")]), CONTEXT)
    assert understanding.verdict.mail_class is MailClass.APPLICATION
    assert [str(file.role) for file in understanding.attachments] == ["cv", "other"]


def test_an_encrypted_cv_is_an_application_that_says_so():
    understanding = understand(eml(files=[("CV Léa Morin.pdf", pdf("Léa Morin", password="secret"))]), CONTEXT)
    assert understanding.verdict.mail_class is MailClass.APPLICATION
    assert understanding.problems == ("encrypted",)
    assert [str(file.role) for file in understanding.attachments] == ["cv"]
    assert understanding.profile.email is not None
    assert understanding.profile.email.source == "header"


def test_a_photographed_cv_is_a_cv_without_text():
    understanding = understand(eml(files=[("CV.png", png())]), CONTEXT)
    assert [(str(file.role), file.media_type) for file in understanding.attachments] == [("cv", "image/png")]
    assert understanding.problems == ("no_text",)


def test_logos_of_signatures_are_no_documents():
    logo = file_part("image001.png", png(500), "image/png", "Content-ID: <logo@x>")
    inline = b"Content-Type: image/png\r\nContent-ID: <photo@x>\r\nContent-Disposition: inline\r\n\r\n" + png(50_000)
    attachments = understand(eml(parts=[logo, inline], files=[CV]), CONTEXT).attachments
    assert [str(file.role) for file in attachments] == ["inline_image", "inline_image", "cv"]
    assert attachments[0].document is None


def test_a_file_that_lies_about_its_type_is_taken_for_what_it_is():
    attachments = understand(eml(parts=[file_part("CV.doc", CV[1], "application/msword")]), CONTEXT).attachments
    assert attachments[0].media_type == "application/pdf"
    assert attachments[0].document is not None
    assert "Léa Morin" in attachments[0].document.text


ROLES = [
    ("CV.pdf", "cv"),
    ("cv_lea_morin.pdf", "cv"),
    ("MonCV2026.pdf", "cv"),
    ("Curriculum Vitae.pdf", "cv"),
    ("resume-lea.pdf", "cv"),
    ("Résumé.pdf", "cv"),
    ("LM_Lea.pdf", "cover_letter"),
    ("Lettre de motivation.pdf", "cover_letter"),
    ("cover letter.pdf", "cover_letter"),
    ("CV et lettre de motivation.pdf", "cv"),
    ("portfolio.pdf", "portfolio"),
    ("diplome master.pdf", "certificate"),
    ("attestation.pdf", "certificate"),
    ("photo.jpg", "photo"),
]


@pytest.mark.parametrize(("name", "role"), ROLES)
def test_a_files_name_tells_what_it_is_for(name, role):
    content = png(30_000) if role == "photo" else pdf("Sans rapport")
    mail = eml("Bonjour.", subject="Bonjour", files=[("CV.pdf", CV[1]), (name, content)])
    assert str(understand(mail, CONTEXT).attachments[1].role) == role


LETTER = (
    "Madame, Monsieur,",
    "Votre annonce m'a intéressée et je vous propose mes services.",
    "Je vous prie d'agréer mes salutations distinguées.",
)


def test_a_files_text_tells_what_it_is_for_when_its_name_does_not():
    mail = eml(APPLYING, files=[("document1.pdf", CV[1]), ("document2.pdf", pdf(*LETTER))])
    assert [role for _, role in roles(mail)] == ["cv", "cover_letter"]


def test_the_only_document_of_an_announced_cv_is_the_cv():
    unknown = ("Lea_Morin.pdf", pdf("Bonjour"))
    assert roles(eml(APPLYING, files=[unknown])) == [("Lea_Morin.pdf", "cv")]
    assert roles(eml("Voici le plan d'accès.", subject="Plan", files=[unknown])) == [("Lea_Morin.pdf", "other")]
    assert roles(eml(APPLYING, files=[("un.pdf", pdf("Un")), ("deux.pdf", pdf("Deux"))])) == [("un.pdf", "other"), ("deux.pdf", "other")]
    assert roles(eml(APPLYING, files=[unknown, ("autre.pdf", pdf("Bonjour"))])) == [("Lea_Morin.pdf", "cv"), ("autre.pdf", "other")]
    assert roles(eml(APPLYING, files=[unknown, CV]))[0] == ("Lea_Morin.pdf", "other")
