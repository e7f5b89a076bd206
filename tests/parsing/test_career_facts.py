"""Studies, languages, certificates and the length of a career."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsing.documents import Document
from parsing.profile import Profile, extract_profile
from parsing.profile.degrees import find_degree
from parsing.profile.experience import experience_months, find_stated_experience
from parsing.profile.facts import Work

LEVELS = [
    ("Doctorat en informatique", "bac+8"),
    ("PhD in Physics", "bac+8"),
    ("Ph.D. candidate", "bac+8"),
    ("Master 2 Droit public", "bac+5"),
    ("MSc Data Science", "bac+5"),
    ("Master of Arts", "bac+5"),
    ("MBA", "bac+5"),
    ("DEA de sociologie", "bac+5"),
    ("DESS Informatique", "bac+5"),
    ("Diplôme d'ingénieur", "bac+5"),
    ("Diplôme d’ingénieure en génie civil", "bac+5"),
    ("M1 Économie", "bac+4"),
    ("Maîtrise MIAGE", "bac+4"),
    ("Licence professionnelle Métiers du web", "bac+3"),
    ("BUT Informatique", "bac+3"),
    ("Bachelor of Science", "bac+3"),
    ("BA History", "bac+3"),
    ("BTS SIO", "bac+2"),
    ("DUT GEA", "bac+2"),
    ("Baccalauréat scientifique", "bac"),
    ("CAP Boulanger", "cap"),
    ("BEP", "cap"),
    ("Titre RNCP niveau 6 Concepteur", "bac+3"),
    ("Titre professionnel (niveau 5)", "bac+2"),
    ("Certification RNCP, niveau 7", "bac+5"),
    ("Formation Bac +5", "bac+5"),
    ("Diplôme de niveau II", "bac+3"),
    ("Diplôme de journalisme", None),
]


@pytest.mark.parametrize(("said", "level"), LEVELS)
def test_the_level_of_a_degree_is_what_its_words_say(said, level):
    degree = find_degree(said)
    assert degree is not None
    assert degree.level == level


@pytest.mark.parametrize("said", ["du travail", "But du stage", "Ma mission", "Boston, MA", "Cap Solidaire", "en cours", ""])
def test_words_that_are_no_degree_are_none(said):
    assert find_degree(said) is None


def profile(text: str) -> Profile:
    return extract_profile(Document("text/plain", text), today=date(2024, 6, 15))


STUDIES = [
    ("2017 : Master Informatique, Université de Brest", ("Master", "Informatique", "Université de Brest", None, "2017")),
    ("Licence de droit\tUniversité de Vaux\t2014 – 2017", ("Licence", "droit", "Université de Vaux", "2014", "2017")),
    ("2019–2021 Doctorat en économie, CNAM", ("Doctorat", "économie", "CNAM", "2019", "2021")),
    ("BTS Assistant\nde manager\nLycée Vial\n2010 - 2012", ("BTS", "Assistant de manager", "Lycée Vial", "2010", "2012")),
    (
        "University of Fen\tBoston, MA\nBachelor of Science in Physics\tMay 2019",
        ("Bachelor of Science", "Physics", "University of Fen", None, "2019-05"),
    ),
    ("Master of Arts | March 2012 - December 2013", ("Master of Arts", None, None, "2012-03", "2013-12")),
    ("CIPD Level 7 Diploma, London, 2018", ("CIPD Level 7 Diploma", None, "London", None, "2018")),
    ("BUT Informatique, IUT de Vannes, depuis 2022", ("BUT", "Informatique", "IUT de Vannes", "2022", None)),
]


@pytest.mark.parametrize(("text", "study"), STUDIES)
def test_studies_are_read_whichever_way_they_stand(text, study):
    whole = f"FORMATION\n{text}\n"
    (one,) = profile(whole).education
    assert (one.study_type, one.area, one.institution, one.start_date, one.end_date) == study
    assert whole[one.start :].startswith(one.quote)


LANGUAGES = [
    ("Anglais : courant, TOEIC 925", ("Anglais", "en", "courant, TOEIC 925", None)),
    ("• Allemand (B1)", ("Allemand", "de", "B1", "B1")),
    ("Breton : langue\nmaternelle", ("Breton", "br", "langue maternelle", "native")),
    ("Arabe – bilingue", ("Arabe", "ar", "bilingue", "native")),
    ("English\tC1 Proficient user", ("English", "en", "C1 Proficient user", "C1")),
    ("Mother tongue: Greek", ("Greek", "el", "Mother tongue", "native")),
    ("spanish", ("spanish", "es", None, None)),
    ("LSF, notions", ("LSF", None, "notions", None)),
]


@pytest.mark.parametrize(("text", "language"), LANGUAGES)
def test_a_language_has_the_level_that_is_written(text, language):
    whole = f"Langues\n{text}\n"
    (one,) = profile(whole).languages
    assert (one.language, one.code, one.fluency, one.level) == language
    assert whole[one.start :].startswith(one.quote)


def test_languages_without_a_heading_need_a_level_and_nationality_is_none():
    text = "Léa Morin\nNationalité : française\nFrançaise, 36 ans\nCours d'espagnol pour adultes\nAnglais courant\n"
    assert [one.language for one in profile(text).languages] == ["Anglais"]


def test_certificates_are_those_of_their_part_and_those_that_are_named_elsewhere():
    text = "Formation\nAWS Certified Developer (2022)\nMaster Droit, Université de Brest\n\nCertifications\nCKA - 2023\n2021 : Opquast\n"
    found = profile(text).certificates
    assert [fact.value for fact in found] == ["AWS Certified Developer", "CKA", "Opquast"]
    assert all(text[fact.start :].startswith(fact.quote) for fact in found)


def test_a_side_column_ends_where_the_name_stands():
    text = "Certifications\nPSM I\n\nLéa Morin\nDéveloppeuse web\nlea.morin@example.net\n\nExpérience\n2019 – 2021 : Développeuse, Acme\n"
    assert [fact.value for fact in profile(text).certificates] == ["PSM I"]


STATED = [
    ("Fort de 8 ans d'expérience dans le web", "8 ans d'expérience"),
    ("Dix années d’expérience en droit", "Dix années d’expérience"),
    ("with 5+ years of professional experience", "5+ years of professional experience"),
    ("Expérience de plus de 12 ans en paie", "Expérience de plus de 12 ans"),
    ("Ingénieure logiciel depuis 6 ans, je", "depuis 6 ans"),
    ("Âgée de 36 ans", None),
    ("Mariée depuis 6 ans", None),
    ("Voile depuis 10 ans", None),
]


@pytest.mark.parametrize(("text", "value"), STATED)
def test_experience_is_stated_in_words(text, value):
    found = find_stated_experience(text)
    assert (found.value if found else None) == value


def job(start: str | None, end: str | None, current: bool = False, quote: str = "") -> Work:
    return Work(start_date=start, end_date=end, current=current, quote=quote)


MONTHS = [
    ([job("2020-01", "2020-12")], 12),
    ([job("2019", "2022")], 36),
    ([job("2019", "2019")], 12),
    ([job("2019", "2019", quote="2019 (6 mois)")], 6),
    ([job("2020-01", "2020-12"), job("2020-07", "2021-06")], 18),
    ([job("2015", "2022"), job("2018", "2019")], 84),
    ([job("2024-01", None, True)], 6),
    ([job("2024-01", None)], None),
    ([job(None, None)], None),
    ([], None),
]


@pytest.mark.parametrize(("jobs", "months"), MONTHS)
def test_overlaps_are_counted_once(jobs, months):
    assert experience_months(jobs, "2024-06") == months


def test_without_a_today_what_goes_on_ends_with_the_latest_month_named():
    assert experience_months([job("2021-01", None, True), job("2019-01", "2021-06")], None) == 30


SPANS = st.lists(st.tuples(st.integers(1990, 2020), st.integers(1, 12), st.integers(0, 60)), min_size=1, max_size=8)


@settings(max_examples=100, deadline=5000)
@given(SPANS)
def test_experience_is_the_number_of_months_with_a_job(spans):
    months = {year * 12 + month - 1 + n for year, month, length in spans for n in range(length + 1)}
    jobs = [
        job(f"{year}-{month:02}", f"{(year * 12 + month - 1 + length) // 12}-{(year * 12 + month - 1 + length) % 12 + 1:02}")
        for year, month, length in spans
    ]
    assert experience_months(jobs, "2030-01") == len(months)


def test_studies_are_no_experience():
    text = "Expérience\nJuriste, Acme\t2020 – 2022\n\nFormation\nMaster Droit, Université de Brest\t2014 – 2019\n"
    assert profile(text).experience_months == 24


LINES = st.sampled_from(
    [
        "Expérience\n",
        "Formation\n",
        "Langues\n",
        "Certifications\n",
        "2019",
        " – ",
        "2022",
        "\n",
        "\t",
        "• ",
        "Développeuse",
        " chez ",
        "Acme",
    ]
    + [
        ", ",
        "(",
        ")",
        "Master",
        " en ",
        "Université de Brest",
        "anglais",
        "C1",
        " : ",
        "depuis ",
        "aujourd'hui",
        "3 ans",
        "İ",
        "Stage",
        "MA",
    ]
)


@settings(max_examples=300, deadline=5000)
@given(st.lists(st.one_of(LINES, st.text(max_size=6)), max_size=60).map("".join))
def test_any_text_has_a_career_whose_words_stand_in_it(text):
    found = profile(text)
    read = [(work.quote, work.start) for work in found.work] + [(study.quote, study.start) for study in found.education]
    read += [(one.quote, one.start) for one in found.languages] + [(fact.quote, fact.start) for fact in found.certificates]
    for quote, start in read:
        assert start is not None
        assert text[start : start + len(quote)] == quote
    for work in found.work:
        assert all(piece in " ".join(text.split()) for piece in (work.name or "", work.position or ""))


HOSTILE = [
    "Expérience\n" + "2019 - 2020 " * 41_000,
    "Expérience\n" + "Développeur, Acme 2019-2020\n" * 16_000,
    "Expérience\n" + "(" * 490_000,
    "Formation\n" + "Master 2019\n" * 40_000,
    "Langues\n" + "anglais " * 60_000,
    "anglais \n" * 50_000,
    "Certifications\n" + "a 2019\n" * 60_000,
    "8 ans de " * 55_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_read_quickly(text):
    from parsing.profile.certificates import find_certificates
    from parsing.profile.education import find_education
    from parsing.profile.sections import find_sections
    from parsing.profile.spoken import find_languages
    from parsing.profile.work import find_work

    sections = find_sections(text)
    for find in (find_work, find_education, find_languages, find_certificates):
        begun = time.process_time()
        find(text, sections)
        assert time.process_time() - begun < 1.5


def test_a_skill_that_is_listed_is_no_certificate():
    text = "Compétences\nScrum\nITIL\nPRINCE2\n\nCertifications\nPMP\n"
    assert [fact.value for fact in profile(text).certificates] == ["PMP"]


def test_a_certificate_whose_name_is_wrapped_is_one():
    text = "Léa Morin\n\nCertifications\nCertified Kubernetes Application\nDeveloper\nAWS Certified Developer\nPSM I\n"
    found = profile(text).certificates
    assert [fact.value for fact in found] == ["Certified Kubernetes Application Developer", "AWS Certified Developer", "PSM I"]
    assert found[0].quote == "Certified Kubernetes Application\nDeveloper"


@pytest.mark.parametrize("line", ["Français (langue maternelle)", "anglais (C1)", "Anglais (lu, écrit, parlé)"])
def test_a_language_is_quoted_with_both_its_brackets(line):
    (spoken,) = profile(f"Langues\n{line}\n").languages
    assert spoken.quote == line


def test_a_telephone_number_is_quoted_with_both_its_brackets():
    phone = profile("Léa Morin\n(+33) 6 39 98 12 34\n").phone
    assert phone is not None
    assert (phone.value, phone.quote, phone.start) == ("+33639981234", "(+33) 6 39 98 12 34", 10)
