"""The recruiters' letter: what it says, in which order and language, and that no stranger's words do anything in it."""

from __future__ import annotations

import re
from dataclasses import replace

import click
import pytest
from digest_facts import (
    AMINA,
    CHLOE,
    DOUBLE,
    KARIM,
    LUCAS,
    NAMELESS,
    TO_SETTLE,
    UNSURE,
    WAITING,
    application,
    at,
    document,
    morning,
    news,
    quiet,
    to_settle,
)
from html_facts import Html
from hypothesis import given, settings
from hypothesis import strategies as st
from paper import HOUSE, check_snapshot

from cli import pli
from notifications.digest import draft
from notifications.notices import build
from storage.views import DigestView, DoubleView, Section

NO_BREAK = "\N{NO-BREAK SPACE}"


def backend(**parts: object) -> Section:
    return Section(**{"slug": "backend", "title": "Backend", "open": True, "new": (), "updated": ()} | parts)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("day", ["morning", "quiet"])
def test_the_letter_reads_as_it_always_did(language: str, day: str) -> None:
    letter = draft({"morning": morning, "quiet": quiet}[day](language), HOUSE)
    check_snapshot(f"{letter.subject}\n\n{letter.text}", f"digest-{day}-{language}.txt")


@pytest.mark.parametrize(
    ("view", "subject"),
    [
        (morning(), "3 nouvelles candidatures et 2 mises à jour – mardi 24 novembre 2026"),
        (quiet(sections=(backend(new=(AMINA,)),)), "1 nouvelle candidature – mardi 24 novembre 2026"),
        (quiet(sections=(backend(updated=(news(CHLOE, "reply"),)),)), "1 mise à jour – mardi 24 novembre 2026"),
        (quiet(triage=TO_SETTLE[:2], waiting=WAITING), "3 candidatures en attente, 2 points à régler – mardi 24 novembre 2026"),
        (quiet(triage=TO_SETTLE[:2]), "2 points à régler – mardi 24 novembre 2026"),
        (quiet("en", triage=TO_SETTLE[:1], waiting=WAITING), "3 applications waiting, 1 thing to settle – Tuesday 24 November 2026"),
        (quiet(waiting=WAITING[:1]), "1 candidature en attente – mardi 24 novembre 2026"),
        (quiet(), "Rien de nouveau – mardi 24 novembre 2026"),
        (morning("en"), "3 new applications and 2 updates – Tuesday 24 November 2026"),
        (quiet("en", waiting=WAITING), "3 applications waiting – Tuesday 24 November 2026"),
        (quiet("en", triage=TO_SETTLE[:1]), "1 thing to settle – Tuesday 24 November 2026"),
        (quiet("en"), "Nothing new – Tuesday 24 November 2026"),
    ],
)
def test_the_subject_tells_the_numbers_and_the_day(view: DigestView, subject: str) -> None:
    assert draft(view, HOUSE).subject == subject


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("view", [morning(), quiet(), quiet(waiting=WAITING), quiet(triage=TO_SETTLE)])
def test_the_mail_passes_the_gate(language: str, view: DigestView) -> None:
    letter = draft(replace(view, language=language), HOUSE)
    assert letter.automatic == "auto-generated"
    assert build(letter, key="digest:alice.martin@example.org:2026-11-24", created_at=at(24), house=HOUSE)


def test_an_unknown_language_is_written_in_french() -> None:
    assert draft(morning("de"), HOUSE).subject == draft(morning("fr"), HOUSE).subject


@pytest.mark.parametrize("part", ["text", "html"])
def test_applications_stand_in_the_order_they_came(part: str) -> None:
    letter = getattr(draft(morning(), HOUSE), part)
    assert letter.index(NAMELESS.reference) < letter.index(AMINA.reference)


def test_waiting_is_counted_in_working_days_to_the_digests_own_day() -> None:
    letter = draft(morning(), HOUSE).text
    assert f"* 14 jours{NO_BREAK}: Chloé Rousseau" in letter, "with Armistice between"
    late = draft(quiet(waiting=(replace(CHLOE, received_at=at(24, 7)), replace(CHLOE, received_at=at(23)))), HOUSE).text
    assert f"* aujourd’hui{NO_BREAK}:" in late
    assert f"* 1 jour{NO_BREAK}:" in late


def test_a_long_list_is_cut_and_says_where_the_rest_is() -> None:
    many = tuple(application(f"AAAA-{number:04}", "X", None, received_at=at(3)) for number in range(43))
    letter = draft(quiet(waiting=many), HOUSE)
    assert f"et 3 autres{NO_BREAK}: pli candidates --waiting" in letter.text
    assert letter.text.count("AAAA-") == letter.html.count("AAAA-") == 40


def test_every_new_application_is_told_however_many() -> None:
    many = tuple(application(f"AAAA-{number:04}", "X", "x@example.org") for number in range(120))
    letter = draft(quiet(sections=(backend(new=many),)), HOUSE)
    assert all(f"AAAA-{number:04}" in letter.text and f"AAAA-{number:04}" in letter.html for number in range(120))


def test_without_a_name_the_address_stands_for_the_person_once() -> None:
    letter = draft(quiet(sections=(backend(new=(NAMELESS,)),)), HOUSE)
    assert letter.text.count("j.p.lefevre@example.net") == 1
    assert ("h3", "j.p.lefevre@example.net") in Html(letter.html).headings


def test_an_application_without_anything_is_still_told() -> None:
    bare = application("K7QM-4F2P", None, None, mailboxes=())
    letter = draft(quiet(sections=(backend(title=None, new=(bare,), updated=(news(bare, "bounced"),)),), waiting=(bare,)), HOUSE)
    assert "Nom inconnu" in letter.text
    assert "Offre inconnue" in letter.text
    assert "Aucune pièce jointe." in letter.text


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"acknowledged_at": at(23), "flags": ("no_cv",)}, "l’accusé de réception en a demandé un."),
        ({"acknowledged_at": None, "flags": ("no_cv",)}, "l’accusé de réception en demande un."),
        ({"acknowledged_at": None, "flags": ("no_cv", "not_acknowledged")}, "personne n’en a encore demandé."),
        ({"acknowledged_at": None, "flags": ("no_cv", "authentication_failed")}, "personne n’en a encore demandé."),
    ],
)
def test_who_asked_for_the_missing_cv_is_told_as_it_is(facts: dict[str, object], told: str) -> None:
    letter = draft(quiet(sections=(backend(new=(replace(AMINA, documents=(), **facts),)),)), HOUSE).text  # type: ignore[arg-type]
    [line] = [line for line in letter.splitlines() if "Pas de CV lisible" in line]
    assert line.endswith(told)


def test_a_document_that_came_later_says_so() -> None:
    later = replace(document("cv.pdf", "cv", 2, 9_000), received_at=at(23, 19, 0))
    letter = draft(quiet(sections=(backend(new=(replace(AMINA, documents=(*AMINA.documents, later)),)),)), HOUSE)
    for part in (letter.text, Html(letter.html).text):
        [line] = [line for line in part.splitlines() if "reçu plus tard" in line]
        assert "cv.pdf" in line
        assert "(reçu plus tard, lundi 23 novembre à 19 h 00)" in line.replace(NO_BREAK, " ")
    assert (
        "plus tard" not in draft(quiet(sections=(backend(updated=(news(KARIM, "updated", documents=["diplome-2024.pdf"]),)),)), HOUSE).text
    )


def test_what_is_true_of_every_sender_is_said_once_in_the_foot() -> None:
    first, second = (replace(view, flags=("unverified_sender",)) for view in (AMINA, CHLOE))
    everybody = draft(quiet(sections=(backend(new=(first, second)),)), HOUSE)
    for part in (everybody.text, everybody.html):
        assert "Expéditeur non vérifié" not in part
        assert part.count("n’a vérifié l’adresse d’aucun expéditeur") == 1
    one = draft(quiet(sections=(backend(new=(first, replace(second, flags=()))),)), HOUSE)
    for part in (one.text, one.html):
        assert part.count("Expéditeur non vérifié") == 1
        assert "aucun expéditeur" not in part


def test_an_update_names_only_what_arrived() -> None:
    letter = draft(morning(), HOUSE).text
    assert "diplome-2024.pdf" in letter
    assert "cv-karim.pdf" not in letter


def test_pictures_of_a_signature_are_no_documents() -> None:
    signed = replace(AMINA, documents=(*AMINA.documents, document("image001.png", "inline_image", None, 4_000)))
    assert "image001" not in draft(quiet(sections=(backend(new=(signed,)),)), HOUSE).text


def test_codes_that_nobody_has_words_for_do_not_stop_the_letter() -> None:
    odd = replace(AMINA, flags=("new_flag",), stage="new_stage", documents=(document("x.pdf", "new_role", 1, 1, "new_problem"),))
    section = backend(new=(odd,), updated=(news(odd, "new_event"),))
    letter = draft(quiet(sections=(section,), waiting=(odd,), triage=(to_settle("m1", "new_kind", "new cause: why"),)), HOUSE).text
    for code in ("new_flag", "new_stage", "ew_role", "new_problem", "new_event", "ew cause: why"):
        assert code in letter


@pytest.mark.parametrize(
    ("cause", "told"),
    [
        ("reading it stopped the program 3 times", "Sa lecture a arrêté le programme 3 fois"),
        (
            "it is larger than pli reads (61 MB, the limit is 50 MB)",
            "Il est trop volumineux pour être lu (61 Mo, la limite est de 50 Mo)",
        ),
        ("reading failed: ValueError", f"Sa lecture a échoué{NO_BREAK}: ValueError"),
        ("reading stopped its process (exit code -9)", "Sa lecture a arrêté le programme (signal 9)"),
        ("something quite new: 12 #3", "Something quite new: 12 #3"),
    ],
)
def test_causes_are_told_in_the_readers_language(cause: str, told: str) -> None:
    assert told in draft(quiet(triage=(to_settle("m1", "failure", cause),)), HOUSE).text


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_command_in_the_letter_is_one_that_pli_takes(language: str) -> None:
    held = to_settle("o9", "mail", "held: unverified", author="a@example.org", subject="acknowledgement")
    many = tuple(application(f"AAAA-{number:04}", "X", None) for number in range(41))
    view = morning(language, triage=(*TO_SETTLE, held, DOUBLE, UNSURE), waiting=many)
    codes = re.findall(r"<code[^>]*>(.*?)</code>", draft(view, HOUSE).html)
    assert len(set(codes)) >= 8
    for code in codes:
        program, name, *arguments = code.split()
        assert program == "pli"
        command = pli.get_command(click.Context(pli), name)
        assert command is not None, code
        words = ["backend" if word in {"OFFRE", "OFFER"} else word for word in arguments]
        command.make_context(name, words)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("view", [morning(), quiet()])
def test_the_html_stands_alone_and_can_be_read_by_ear(language: str, view: DigestView) -> None:
    page = Html(draft(replace(view, language=language), HOUSE).html)
    assert ("html", "lang", language) in page.attributes
    assert ("meta", "content", "light dark") in page.attributes
    assert not set(page.tags) & {"script", "style", "link", "img", "iframe", "object", "form", "input", "svg"}
    assert not [value for value in page.values("style") if "url(" in value or "expression" in value]
    assert all(link.startswith("mailto:") for link in page.values("href"))
    assert [value for tag, name, value in page.attributes if tag == "table" and name == "role"] == ["presentation"] * page.tags.count(
        "table"
    )
    levels = [level for level, _ in page.headings]
    assert levels[0] == "h1"
    assert levels.count("h1") == 1
    assert all(text.strip() for _, text in page.headings)
    assert "color:" not in "".join(page.values("style")).replace("-color:", ""), "words keep the reader's own colours, light or dark"


def test_the_html_says_all_that_the_text_says() -> None:
    letter = draft(morning(), HOUSE)
    spoken = set(re.findall(r"[\w@+-]{4,}", Html(letter.html).text.lower()))
    written = set(re.findall(r"[\w@+-]{4,}", letter.text.lower()))
    assert written - spoken == set()


def test_a_link_begins_a_mail_with_the_offer_and_the_reference() -> None:
    links = Html(draft(morning(), HOUSE).html).values("href")
    subject = "D%C3%A9veloppeuse%20ou%20d%C3%A9veloppeur%20backend%20Python%20%E2%80%93%20K7QM-4F2P"
    assert f"mailto:amina.diallo@example.com?subject={subject}" in links


def test_an_address_cannot_add_to_its_link() -> None:
    sly = application("K7QM-4F2P", "X", "a@example.org?cc=victim@example.org&body=x")
    links = Html(draft(quiet(sections=(backend(new=(sly,)),)), HOUSE).html).values("href")
    assert [link.partition("?")[0] for link in links] == ["mailto:a@example.org%3Fcc%3Dvictim@example.org%26body%3Dx"]


def both(view: DigestView) -> tuple[str, str]:
    """Return the words of a letter's two parts, as one line each."""
    letter = draft(view, HOUSE)
    return " ".join(letter.text.split()), " ".join(Html(letter.html).text.split())


@pytest.mark.parametrize(
    ("language", "title", "said"),
    [
        ("fr", "CV mis à jour", "cv-2026.pdf remplace cv.pdf (version 2)"),
        ("en", "CV updated", "cv-2026.pdf replaces cv.pdf (version 2)"),
    ],
)
def test_a_newer_cv_is_told_with_the_one_it_replaces(language: str, title: str, said: str) -> None:
    told = news(LUCAS, "updated", documents=["cv-2026.pdf"], cv={"version": 2, "new": "cv-2026.pdf", "old": "cv.pdf"})
    for part in both(quiet(language, sections=(backend(updated=(told,)),))):
        assert title in part
        assert said in part


def test_a_newer_cv_that_cannot_be_read_replaces_nothing() -> None:
    first, second = LUCAS.documents
    locked = replace(LUCAS, documents=(replace(first, superseded=False), replace(second, problems=("encrypted",))))
    told = news(locked, "updated", documents=["cv-2026.pdf"], cv={"version": 2, "new": "cv-2026.pdf", "old": "cv.pdf"})
    for part in both(quiet(sections=(backend(updated=(told,)),))):
        assert "cv-2026.pdf (version 2) ne se lit pas : cv.pdf reste affiché" in part.replace(NO_BREAK, " ")


def test_who_handed_an_application_on_is_told_and_why_nobody_was_answered() -> None:
    forwarded = replace(AMINA, forwarded_by="chef@example.org", flags=("not_acknowledged",), withheld=("forwarded", "new_reason"))
    for part in both(quiet(sections=(backend(new=(forwarded,)),))):
        assert "transmise par chef@example.org" in part
        assert "Raison : transmise par quelqu’un d’autre, new_reason." in part.replace(NO_BREAK, " ")


def test_a_suspected_double_is_told_on_the_card_with_what_speaks_for_it() -> None:
    double = DoubleView(id=5, reference="M4TB-Q9ZA", evidence=(("phone", "+33612345678"), ("cv", "cv.pdf")))
    for part in both(quiet(sections=(backend(new=(replace(AMINA, flags=("possible_double",), doubles=(double,)),)),))):
        assert "comme M4TB-Q9ZA (le même téléphone, le même CV)" in part


def test_a_decision_is_told_with_both_readings_and_what_each_command_does() -> None:
    for part in both(quiet("en", triage=(DOUBLE, UNSURE))):
        assert "K7QM-4F2P and M4TB-Q9ZA" in part
        assert "For: the same telephone (+33612345678)" in part
        assert "Against: other names (Amina Diallo / Karim Benali)" in part
        assert "pli triage d5 --same makes them one application" in part
        assert "For: a file may be a CV (scan.pdf)" in part
        assert "Against: nobody applies in so many words; a mailing list or a newsletter brought it" in part


def test_who_withdraws_is_told_and_flagged() -> None:
    flagged = replace(CHLOE, flags=("withdrawn_by_candidate",))
    for part in both(quiet(sections=(backend(new=(flagged,), updated=(news(CHLOE, "withdrawal", documents=[]),)),))):
        assert "retire sa candidature" in part
        assert "Candidature retirée" in part


HOSTILE = '<script>alert(1)</script>"><img src=http://evil.example/x>\u202e{{ 7*7 }}\r\nBcc: v@example.org'


def test_strangers_words_do_nothing() -> None:
    sly = application(
        "K7QM-4F2P",
        HOSTILE,
        HOSTILE,
        phone=HOSTILE,
        words=HOSTILE,
        documents=(document(HOSTILE, "cv", 1, 1),),
        profile={"basics": {"label": HOSTILE, "location": {"city": HOSTILE}}, "languages": [{"language": HOSTILE}]},
    )
    section = backend(title=HOSTILE, new=(sly,), updated=(news(sly, "updated", documents=[HOSTILE]),))
    item = to_settle("m1", "message", HOSTILE, author=HOSTILE, subject=HOSTILE)
    letter = draft(quiet(sections=(section,), waiting=(replace(sly, offer_title=HOSTILE),), triage=(item,)), HOUSE)
    page = Html(letter.html)
    assert not set(page.tags) & {"script", "img"}
    assert "49" not in letter.text
    assert "\u202e" not in letter.text + letter.html
    assert "\r" not in letter.text + letter.html
    build(letter, key="digest:x", created_at=at(24), house=HOUSE)


@settings(max_examples=40, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner),
        max_leaves=8,
    )
)
def test_a_profile_of_any_shape_makes_a_letter(value: object) -> None:
    profile = {"basics": {"label": value, "location": value}, "work": value, "languages": value}
    for shape in (profile, {"basics": value, "work": [value], "languages": [{"language": value, "fluency": value}]}):
        letter = draft(quiet(sections=(backend(new=(replace(AMINA, profile=shape),)),)), HOUSE)
        assert AMINA.reference in letter.text
        Html(letter.html)


@given(st.text(max_size=2_000))
@settings(max_examples=60, deadline=None)
def test_what_was_written_is_quoted_shortened_and_every_line_is_marked(words: str) -> None:
    letter = draft(quiet(sections=(backend(new=(replace(AMINA, words=words),)),)), HOUSE)
    quoted = [line for line in letter.text.splitlines() if line.startswith("  >")]
    assert sum(map(len, quoted)) < 700
    build(letter, key="digest:x", created_at=at(24), house=HOUSE)


def test_a_cut_quotation_does_not_end_in_a_stub() -> None:
    assert "avec l’équipe. …" in Html(draft(morning(), HOUSE).html).text


def test_a_preview_reckons_to_now() -> None:
    later = draft(quiet(waiting=(CHLOE,)), HOUSE, now=at(27)).text
    assert f"* 17 jours{NO_BREAK}:" in later


def _letter_of(profile: dict[str, object], language: str = "fr") -> str:
    return draft(quiet(language, sections=(backend(new=(replace(AMINA, profile=profile),)),)), HOUSE).text.replace(NO_BREAK, " ")


def test_experience_is_told_by_dates_else_in_the_candidate_s_words() -> None:
    assert "  Experience: 1 year and 1 month by the dates of the CV\n" in _letter_of({"meta": {"experienceMonths": 13}}, "en")
    stated: dict[str, object] = {"meta": {"experienceMonths": None, "statedExperience": "8 ans d'expérience"}}
    assert "  Expérience : « 8 ans d'expérience »\n" in _letter_of(stated)


def test_of_many_skills_the_first_ones_are_named_and_the_others_counted() -> None:
    named = [{"name": f"compétence {number}"} for number in range(1, 15)]
    assert "compétence 11, compétence 12 et 2 autres\n" in _letter_of({"skills": named})
    assert "compétence 12, " not in _letter_of({"skills": named})
    assert "compétence 12 et 1 autre\n" in _letter_of({"skills": named[:13]})


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    "profile",
    [
        {},
        {"basics": {"label": "Designer"}},
        {"skills": None, "languages": None, "meta": None},
        {"skills": "Python", "languages": {}, "meta": []},
        {"skills": [None, "Python", {"name": ""}], "meta": {"experienceMonths": "12"}},
        {"meta": {"experienceMonths": 0}},
        {"meta": {"experienceMonths": 10**9}},
    ],
)
def test_a_profile_stored_before_or_broken_says_nothing_more(profile: dict[str, object], language: str) -> None:
    text = _letter_of(profile, language)
    assert not re.search("Exp[eé]rience|Compétences|Skills", text)
