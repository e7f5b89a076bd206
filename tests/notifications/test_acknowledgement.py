"""The receipt: what a candidate reads, in their language, and what a stranger cannot make us send to anybody."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from digest_facts import document
from html_facts import Html
from hypothesis import given
from hypothesis import strategies as st
from paper import HOUSE, check_snapshot

from notifications.acknowledgement import draft, received
from notifications.notices import Draft, build
from storage.views import AcknowledgementFacts, DocumentView

FACTS = AcknowledgementFacts(
    reference="K7QM-4F2P",
    name="Amina Diallo",
    offer_title="Développeuse ou développeur backend Python",
    offer_open=True,
    recruiters=("alice.martin@example.org",),
    documents=(document("CV_Amina_Diallo.pdf", "cv", 2, 184_320), document("lettre.docx", "cover_letter", 1, 32_000)),
    message_id="<1@example.com>",
    subject="Candidature",
)
BARE = replace(FACTS, name=None, offer_title=None, documents=(), message_id=None)
CASES = {
    "complete": FACTS,
    "bare": BARE,
    "closed": replace(FACTS, offer_open=False),
    "unreadable": replace(FACTS, documents=(document("cv.pdf", "cv", None, 900, "encrypted"),)),
    "scanned": replace(FACTS, documents=(document("cv.pdf", "cv", 1, 900, "no_text"),)),
}


def letter(facts: AcknowledgementFacts = FACTS, language: str = "fr") -> Draft:
    return draft(facts, HOUSE, recipient="amina.diallo@example.com", language=language)


def asked_for_cv(*documents: DocumentView) -> bool:
    text = letter(replace(FACTS, documents=documents), "en").text
    return "WHAT IS MISSING" in text


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("case", CASES)
def test_the_receipt_reads_as_it_always_did(case: str, language: str) -> None:
    mail = letter(CASES[case], language)
    check_snapshot(f"{mail.subject}\n\n{mail.text}", f"acknowledgement-{case}-{language}.txt")


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("case", CASES)
def test_the_mail_passes_the_gate_and_its_html_says_the_same(case: str, language: str) -> None:
    mail = letter(CASES[case], language)
    assert build(mail, key=f"acknowledgement:{case}", created_at=datetime(2026, 11, 24, tzinfo=UTC), house=HOUSE)
    page = Html(mail.html)
    assert ("html", "lang", language) in page.attributes
    assert not set(page.tags) & {"script", "style", "link", "img", "iframe", "object", "form", "a"}
    assert [level for level, _ in page.headings].count("h1") == 1

    def words(text: str) -> set[str]:
        return {word.strip(".,:;()«»“”!") for word in text.lower().split() if word.strip(".,:;()«»“”!-")}

    assert words(mail.text) - words(page.text) == set()


def test_a_language_without_templates_is_answered_in_french() -> None:
    assert letter(FACTS, "de").text == letter(FACTS, "fr").text


def test_it_answers_the_candidates_own_mail() -> None:
    mail = letter()
    assert mail.in_reply_to == "<1@example.com>"
    assert mail.automatic == "auto-replied"
    assert mail.recipient == "amina.diallo@example.com"


def test_nothing_of_the_subject_or_the_recruiters_is_told() -> None:
    mail = letter(replace(FACTS, subject="BUY PILLS"))
    assert "PILLS" not in mail.subject + mail.text + mail.html
    assert "alice.martin" not in mail.text + mail.html


@pytest.mark.parametrize(
    ("documents", "asked"),
    [
        ((), True),
        ((document("lettre.pdf", "cover_letter", 1, 9),), True),
        ((document("cv.pdf", "cv", 1, 9),), False),
        ((document("cv.pdf", "cv", 1, 9, "ocr_used"),), False),
        ((document("cv.pdf", "cv", 1, 9, "hidden_text", "sensitive_data"),), False),
        ((document("cv.pdf", "cv", 1, 9, "no_text"),), False),
        ((document("cv.pdf", "cv", 1, 9, "too_large"),), False),
        ((document("cv.pdf", "cv", 1, 9, "encrypted"),), True),
        ((document("cv.pdf", "cv", 1, 9, "encrypted"), document("cv.docx", "cv", 1, 9)), False),
        ((document("archive.rar", "other", None, 9, "unsupported"),), True),
        ((document("image001.png", "inline_image", None, 9),), True),
    ],
)
def test_a_cv_is_asked_for_only_when_no_person_could_read_one(documents: tuple[DocumentView, ...], asked: bool) -> None:
    assert asked_for_cv(*documents) is asked


def test_a_locked_file_is_asked_for_again_and_not_a_cv() -> None:
    mail = letter(replace(FACTS, documents=(document("dossier.pdf", "other", None, 9, "encrypted"),)), "en")
    assert "WHAT IS MISSING: A READABLE CV" in mail.text
    assert "We found no CV" not in mail.text


def test_a_photo_without_text_is_no_scanned_document() -> None:
    facts = replace(FACTS, documents=(document("cv.pdf", "cv", 1, 9), document("photo.png", "photo", 1, 9, "no_text")))
    assert "numérisé" not in letter(facts).text + letter(facts).html


@pytest.mark.parametrize(
    ("documents", "french", "english"),
    [
        ((document("cv.pdf", "cv", 1, 9, "encrypted"),), "pas pu ouvrir votre document,", "could not open your document,"),
        (
            (document("cv.pdf", "cv", 1, 9, "encrypted"), document("x.rar", "other", None, 9, "unsupported")),
            "pu ouvrir aucun de vos documents,",
            "could not open any of your documents,",
        ),
        (
            (document("cv.pdf", "cv", 1, 9, "encrypted"), document("lettre.pdf", "cover_letter", 1, 9)),
            "pas pu ouvrir certains de vos documents,",
            "could not open some of your documents,",
        ),
    ],
)
def test_how_much_could_be_opened_is_told_as_it_is(documents: tuple[DocumentView, ...], french: str, english: str) -> None:
    facts = replace(FACTS, documents=documents)
    for part in (letter(facts).text, letter(facts).html):
        assert french in part.replace("\N{NO-BREAK SPACE}", " ")
    assert english in letter(facts, "en").text


def test_what_only_a_program_cannot_read_is_no_trouble_for_the_candidate() -> None:
    assert "hidden" not in letter(replace(FACTS, documents=(document("cv.pdf", "cv", 1, 9, "hidden_text"),)), "en").text


def test_twelve_documents_are_ten_and_two_more() -> None:
    many = tuple(document(f"piece-{number}.pdf", "other", 1, 9) for number in range(12))
    text = letter(replace(FACTS, documents=many)).text
    assert text.count("piece-") == 10
    assert "et 2 autres documents" in text
    assert "et 1 autre document\n" in letter(replace(FACTS, documents=many[:11])).text


def test_a_strange_file_name_is_not_repeated_but_its_document_is_told() -> None:
    strange = (document("win at http://evil.example now.pdf", "cv", 2, 9),)
    assert received(strange)[0].name is None
    mail = letter(replace(FACTS, documents=strange))
    assert "evil" not in mail.text + mail.html
    assert "- CV, 2 pages" in mail.text


def test_what_is_no_name_is_not_greeted() -> None:
    assert letter(replace(FACTS, name="Buy at pills.example")).text.startswith("Bonjour,\n")


@given(st.text(max_size=200), st.text(max_size=200))
def test_a_stranger_cannot_make_us_carry_their_words(name: str, filename: str) -> None:
    facts = replace(BARE, name=f"{name} http://evil.example", documents=(document(f"{filename} www.evil.example.pdf", "cv", 1, 9),))
    mail = letter(facts)
    assert "evil" not in mail.subject + mail.text + mail.html


def test_the_retention_is_told_as_configured() -> None:
    house = replace(HOUSE, retention=timedelta(days=90))
    assert "Durée\N{NO-BREAK SPACE}: 3 mois au plus" in draft(FACTS, house, recipient="a@example.org", language="fr").text
