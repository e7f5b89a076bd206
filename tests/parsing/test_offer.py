"""Job ads in Markdown, as people write them: whom to write to, whether it is open, and what is wrong with the file."""

from __future__ import annotations

import pytest

from parsing.offer import MAX_AD, Offer, parse_offer


def ad(body: str, front: str = "title: Développeuse backend\nopen: true", name: str = "backend.md") -> Offer:
    return parse_offer(f"---\n{front}\n---\n\n{body}\n".encode(), name)


APPLY = "Envoyez votre CV à camille@example.org."


def test_a_plain_ad():
    offer = ad(APPLY)
    assert (offer.slug, offer.title, offer.open, offer.language) == ("backend", "Développeuse backend", True, "fr")
    assert (offer.recruiters, offer.apply_by_email, offer.problems) == (("camille@example.org",), True, ())


ADDRESSES = [
    ("Envoyez votre CV à a@example.org et b@example.org", ["a@example.org", "b@example.org"]),
    ("Postulez : [Anne](mailto:Anne@Example.org), [Bob](mailto:bob@example.org)", ["anne@example.org", "bob@example.org"]),
    ("Postulez auprès de [a@example.org](mailto:a@example.org)", ["a@example.org"]),
    ("Écrivez à [Anne](mailto:a@example.org?cc=b@example.org&subject=CV) pour candidater", ["a@example.org", "b@example.org"]),
    ("Candidature à [nous](mailto:a@example.org,b@example.org)", ["a@example.org", "b@example.org"]),
    ("Candidature à [nous](mailto:?to=a@example.org&amp;cc=b%40example.org)", ["a@example.org", "b@example.org"]),
    ("Envoyez votre CV à a@example.org (copie à b@example.org)", ["a@example.org", "b@example.org"]),
    ('Envoyez votre CV à <a href="mailto:a@example.org">Anne</a>', ["a@example.org"]),
    ("Envoyez votre CV à <a@example.org>", ["a@example.org"]),
    ("Envoyez votre CV à lea+jobs@sub.example.co.uk.", ["lea+jobs@sub.example.co.uk"]),
    ("Votre CV à a@example.org !\n\nDes questions ? Écrivez à questions@example.org.", ["a@example.org"]),
    ("## Postuler\n\n- a@example.org\n- b@example.org", ["a@example.org", "b@example.org"]),
    ("Contact : a@example.org", ["a@example.org"]),
    ("Suivez @anne@mastodon.example sur le fédivers.", []),
]


@pytest.mark.parametrize(("body", "recruiters"), ADDRESSES)
def test_the_addresses_to_write_to_come_in_the_ads_order(body, recruiters):
    offer = ad(body)
    assert list(offer.recruiters) == recruiters
    assert offer.apply_by_email is bool(recruiters)


def test_an_address_that_only_the_front_matter_names_is_taken():
    assert ad("Rejoignez-nous.", "title: a\ncontact: a@example.org").recruiters == ("a@example.org",)
    assert ad("Rejoignez-nous.", "title: a\nrecruiters: [a@example.org, B@example.org]").recruiters == ("a@example.org", "b@example.org")
    assert ad(APPLY, "title: a\nrecruteurs:\n  - a@example.org").recruiters == ("a@example.org", "camille@example.org")


SUBJECTS = [
    ("Envoyez votre CV à [nous](mailto:a@example.org?subject=Candidature%20backend%20%2B%20nom)", "Candidature backend + nom"),
    ("Envoyez votre CV à a@example.org avec pour objet « Candidature backend »", "Candidature backend"),
    ('Envoyez votre CV à a@example.org avec l\'objet "Candidature backend"', "Candidature backend"),
    ('Send your CV to a@example.org with "Backend application" in the subject', "Backend application"),
    ("Envoyez votre CV à a@example.org\n\nObjet du mail : Candidature backend", "Candidature backend"),
    ('Envoyez votre CV à a@example.org, objet : "[Dev] Prénom Nom".', "[Dev] Prénom Nom"),
    ("Envoyez votre CV à a@example.org avec [Candidature dev] dans l'objet", "Candidature dev"),
    ("Envoyez votre CV à a@example.org et mettez le nom de votre poisson dans l'objet du message", "le nom de votre poisson"),
    (APPLY, None),
    ("L'objet de la mission « refondre » est clair.\n\n" + APPLY, None),
]


@pytest.mark.parametrize(("body", "hint"), SUBJECTS)
def test_the_subject_that_an_ad_asks_for(body, hint):
    assert ad(body).subject_hint == hint


STATES = [
    ("open: true", True, 0),
    ("open: false", False, 0),
    ("open: Oui", True, 0),
    ("open: non", False, 0),
    ("status: closed", False, 0),
    ("status: pourvu", False, 0),
    ("open: true\nstatus: closed", True, 1),
    ("open: false\nstatus: open", False, 0),
    ("statut: fermée", False, 0),
    ("status: pourvue", False, 0),
    ("status: Pourvu depuis mars", False, 0),
    ("statut: non pourvu", True, 0),
    ("status: archived", False, 0),
    ("closed: true", False, 0),
    ("closed: false", True, 0),
    ("poste_ferme: true", False, 0),
    ("pourvu: oui", False, 0),
    ("closed: 2024-05-01", True, 1),
    ("status: brouillon", True, 1),
    ("statut: contractuel ou titulaire", True, 0),
    ("open: peut-être", True, 1),
    ("author: Anne", True, 0),
]


@pytest.mark.parametrize(("line", "is_open", "problems"), STATES)
def test_open_decides_then_status_and_silence_means_open(line, is_open, problems):
    offer = ad(APPLY, f"title: a\n{line}")
    assert (offer.open, len(offer.problems)) == (is_open, problems)


TITLES = [
    ("title: Cheffe de projet", "Cheffe de projet"),
    ("title: '  deux   mots '", "deux mots"),
    ("role: une développeuse ou un développeur", "Développeuse ou un développeur"),
    ("role: un·e designer\nstartup: Aides", "Designer (Aides)"),
    ("title: La Fabrique recrute\nrole: Designer", "Designer"),
    ("title: un·e designer\nroles: Designer\nequipe: Aides locales", "Designer (Aides locales)"),
    ("title: Designer\nroles: Designer de services publics", "Designer de services publics"),
    ("roles: un·e tech lead mobile\ntechno: Kotlin, Swift", "Tech lead mobile Kotlin, Swift"),
    ("author: Anne", "Un titre"),
]


@pytest.mark.parametrize(("front", "title"), TITLES)
def test_a_title_is_found(front, title):
    assert ad(f"# Un titre\n\n{APPLY}", front).title == title


@pytest.mark.parametrize(
    ("front", "body", "title"),
    [
        ("roles: Designer\nstartup: mes-lettres", "L'équipe de Mes Lettres vous attend.", "Designer (Mes Lettres)"),
        ("roles: Designer\nstartup: pli", "La Poste aux lettres recrute une designer.", "Designer (La Poste aux lettres)"),
        ("roles: Designer", "La Fabrique, qui fait des lettres, recherche une designer.", "Designer (La Fabrique)"),
        ("roles: Designer", "Nous sommes ouverts.\n\nUne équipe recrute.", "Designer"),
        ("roles: Designer\nstartup: boîte postale", "La Boîte recrute.", "Designer (La Boîte)"),
    ],
)
def test_a_role_is_told_apart_by_the_product_as_the_ad_writes_it(front, body, title):
    assert ad(f"{body}\n\n{APPLY}", front).title == title


def test_a_contract_is_given_with_its_time():
    assert ad(f"- Contrat de 6 mois renouvelable\n\n{APPLY}", "title: a\ncontrat: indépendant").contract == (
        "indépendant, Contrat de 6 mois renouvelable"
    )
    assert ad(f"- Contrat de 6 mois\n\n{APPLY}", "title: a\ncontrat: CDD 3 ans").contract == "CDD 3 ans"
    assert ad(f"- Prise de poste : entre mars et juin\n\n{APPLY}").start == "entre mars et juin"
    assert ad(f"Poste à pourvoir : début entre mars et juin.\n\n{APPLY}").start == "début entre mars et juin"


def test_the_file_name_is_the_last_resort_for_a_title():
    assert ad(APPLY, "author: Anne", "2026-dev_back.md").title == "2026 dev back"
    assert parse_offer(b"", ".md").title == "?"


BROKEN = [
    (b"---\ntitle: Chef : de projet\nopen: false\n---\nEnvoyez votre CV \xc3\xa0 a@example.org\n", "line 2", "Chef : de projet", False),
    (b'---\ntitle: "Dev\nopen: false\n---\nVotre CV \xc3\xa0 a@example.org\n', "not valid YAML", "Dev", False),
    (b"---\ntitle:\tDev\n\topen: false\n---\nVotre CV \xc3\xa0 a@example.org\n", "not with tabs", "Dev", False),
    (b"---\nopen:\tfalse # pourvu\n---\nVotre CV \xc3\xa0 a@example.org\n", "not with tabs", None, False),
    (b"---\ntitle: Dev\n\nVotre CV \xc3\xa0 a@example.org\n", "never ends", None, True),
    (b"# Dev\n\nVotre CV \xc3\xa0 a@example.org\n", "no front matter", "Dev", True),
    (b"Bonjour\n---\ntitle: Dev\nopen: false\n---\nVotre CV \xc3\xa0 a@example.org\n", "line 1", "Dev", False),
    (b"---\n- Dev\n---\nVotre CV \xc3\xa0 a@example.org\n", "no list of", None, True),
    (b"---\ntitle: Dev\n---\nRejoignez-nous.\n", "names no address", "Dev", True),
    (b"---\ntitle: Dev\ncontact: a@example.org\n---\n", "no text", "Dev", True),
]


@pytest.mark.parametrize(("octets", "problem", "title", "is_open"), BROKEN, ids=[row[1] for row in BROKEN])
def test_a_broken_ad_is_read_as_far_as_it_goes_and_its_problem_named(octets, problem, title, is_open):
    offer = parse_offer(octets, "dev.md")
    assert any(problem in said and said.startswith("dev.md") for said in offer.problems)
    assert offer.open is is_open
    assert title is None or offer.title == title
    assert "names no address" in problem or offer.recruiters == ("a@example.org",)


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace("\n", "\r").encode(),
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.encode("cp1252"),
        lambda text: ("\n\n" + text).encode(),
        lambda text: text.replace("---\n\n", "...\n\n").encode(),
        lambda text: text.replace("---\n", "---  \n").encode(),
    ],
    ids=["crlf", "cr", "mark", "cp1252", "empty lines before", "dots", "blanks after dashes"],
)
def test_however_the_file_was_saved_it_reads_the_same(encode):
    text = f"---\ntitle: Développeuse backend\nopen: false\n---\n\n{APPLY}\n"
    offer = parse_offer(encode(text), "backend.md")
    assert (offer.title, offer.open, offer.recruiters, offer.problems) == ("Développeuse backend", False, ("camille@example.org",), ())


def test_an_english_ad():
    offer = ad(
        "We are looking for a developer to join our team.\n\n**Location:** Berlin\n\n**Start date:** as soon as possible\n\n"
        "**Contract:** permanent\n\nTo apply, send your resume to a@example.org.",
        "title: Backend developer\nopen: true",
    )
    assert (offer.language, offer.recruiters) == ("en", ("a@example.org",))
    assert (offer.location, offer.start, offer.contract) == (("Berlin",), "as soon as possible", "permanent")
    assert ad(APPLY, "title: a\nlang: en").language == "en"


def test_the_facts_of_a_french_ad():
    offer = ad(
        "- Contrat : CDD de 6 mois\n- Lieu : Vence\n- Prise de poste : mars 2027\n- Durée : 6 mois\n\n"
        f"## Compétences\n\n- Python\n- Django\n\n## Postuler\n\n{APPLY}"
    )
    assert (offer.contract, offer.location, offer.start, offer.duration) == ("CDD de 6 mois", ("Vence",), "mars 2027", "6 mois")
    assert offer.skills == ("Python", "Django")


def test_what_the_ad_does_not_say_is_not_guessed():
    offer = ad(APPLY)
    assert (offer.contract, offer.location, offer.start, offer.duration, offer.skills) == (None, (), None, None, ())


def test_an_ad_that_one_answers_on_a_web_page_takes_no_mail():
    offer = ad("Pour postuler : https://emploi.example.org/42")
    assert (offer.apply_by_email, offer.apply_url, offer.recruiters) == (False, "https://emploi.example.org/42", ())
    outside = ad("Une mission.", "title: a\nexternalURL: https://emploi.example.org/43")
    assert outside.apply_url == "https://emploi.example.org/43"
    assert outside.problems == ()


def test_an_ad_as_large_as_a_book_is_cut_and_told():
    offer = parse_offer(f"---\ntitle: Dev\n---\n{APPLY}\n\n".encode() + b"mot " * MAX_AD, "dev.md")
    assert "larger than" in offer.problems[0]
    assert offer.recruiters == ("camille@example.org",)


def test_yaml_builds_nothing_but_text():
    offer = ad(APPLY, 'title: !!python/object/apply:os.system ["true"]\nopen: 0x0')
    assert offer.recruiters == ("camille@example.org",)
    assert isinstance(offer.title, str)


def test_an_address_is_no_place_and_the_past_no_start():
    offer = ad("Adresse : camille@example.org\n\nDébut 2023 la mission a commencé dès que possible.\n\n" + APPLY)
    assert (offer.location, offer.start) == ((), None)
