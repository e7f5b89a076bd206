"""Job ads in Markdown, as people write them: whom to write to, whether it is open, and what is wrong with the file."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsing.offer import MAX_AD, MOST_RECRUITERS, Offer, parse_offer


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


WRITTEN_OUT = [
    "Envoyez votre CV à anne.martin [at] example [dot] org",
    "Envoyez votre CV à anne.martin(at)example.org",
    "Envoyez votre CV à anne.martin at example.org",
    "Envoyez votre CV à anne.martin [arobase] example [point] org.",
    "Envoyez votre CV à ANNE.MARTIN＠EXAMPLE.ORG.",
    "Envoyez votre CV à `anne.martin@example.org`.",
    "Envoyez votre CV à anne.martin@exam\u200bple.org",
    "Envoyez votre CV à [nous](mailto:Anne.Martin@example.org;?subject=CV)",
]


@pytest.mark.parametrize("body", WRITTEN_OUT)
def test_an_address_that_is_written_for_people_only_is_read(body):
    assert ad(body).recruiters == ("anne.martin@example.org",)


@pytest.mark.parametrize("body", ["Look at example.org.", "Rendez-vous at home.example.org", "Nous sommes a.b at least c.d"])
def test_not_every_at_makes_an_address(body):
    assert ad(f"{body}\n\n{APPLY}").recruiters == ("camille@example.org",)


def test_addresses_are_parted_by_semicolons_too_and_a_subject_may_stand_raw_in_a_link():
    offer = ad("Postulez : [nous](mailto:a@example.org;b@example.org?subject=Recrutement déploiement été)")
    assert (offer.recruiters, offer.subject_hint) == (("a@example.org", "b@example.org"), "Recrutement déploiement été")


def test_who_stands_under_contact_gets_no_applications_where_another_address_is_for_them():
    contact = "## Contact\n\nAnne : anne@example.org\n\nBob : bob@example.org\n\n"
    assert ad(contact).recruiters == ("anne@example.org", "bob@example.org")
    assert ad(f"{contact}## Postuler\n\n{APPLY}").recruiters == ("camille@example.org",)


@pytest.mark.parametrize(
    ("body", "front", "is_open"),
    [
        ("**Ce poste a été pourvu.**", "title: a", False),
        ("Le poste est pourvu depuis mars.", "title: a", False),
        ("This position has been filled.", "title: a", False),
        ("Un texte.", "title: '[POURVU] Designer'", False),
        ("Un texte.", "title: Designer (fermé)", False),
        ("**Ce poste a été pourvu.**", "title: a\nopen: true", True),
        ("Le poste sera pourvu en mars.", "title: a", True),
        (
            "Une personne dont le poste a été pourvu en interne nous manque beaucoup, alors nous cherchons encore quelqu'un.",
            "title: a",
            True,
        ),
    ],
)
def test_a_line_at_the_beginning_closes_an_ad_that_says_nothing_else(body, front, is_open):
    offer = ad(f"{body}\n\n{APPLY}", front)
    assert offer.open is is_open
    assert is_open or any("write `open: false`" in problem for problem in offer.problems)


def test_an_ad_without_front_matter_is_named_by_its_first_line():
    offer = parse_offer("La Boîte cherche un·e facteur\n\nEnvoyez votre CV à a@example.org\n".encode(), "2026-boite")
    assert offer.title == "Facteur (La Boîte)"


def test_an_ad_with_duplicate_keys_and_lists_is_read():
    offer = ad(APPLY, "title: Ancien\ntitle: Nouveau\nopen: [true]\nstartup:\n  - a\n  - b")
    assert (offer.title, offer.open, offer.problems) == ("Nouveau", True, ())


PROFILES = [
    ("## Profil\n\n- 3 ans d'expérience minimum", "3 ans d'expérience minimum", None),
    ("Vous avez au moins un an d’expérience.", "au moins un an d’expérience", None),
    ("Environ 5 à 10 années d’expérience au sein d'équipes.", "Environ 5 à 10 années d’expérience", None),
    ("You have at least 5 years of experience.", "at least 5 years of experience", None),
    ("Le salaire dépend de vos 5 ans d'expérience.", None, None),
    ("Niveau minimum : Master en droit", None, "Niveau minimum : Master en droit"),
    ("Diplôme d'ingénieur ou équivalent", None, "Diplôme d'ingénieur ou équivalent"),
    ("A bachelor's degree in design.", None, "A bachelor's degree in design."),
    ("Votre salaire sera déterminé par votre diplôme.", None, None),
    ("Un outil sous licence libre, avec un scrum master.", None, None),
]


@pytest.mark.parametrize(("body", "years", "degree"), PROFILES)
def test_years_and_degree_are_quoted_as_they_stand(body, years, degree):
    offer = ad(f"{body}\n\n{APPLY}")
    assert (offer.years, offer.degree) == (years, degree)


def test_the_facts_of_a_section_are_read_below_its_headings():
    offer = ad(
        "# Missions\n\n- Animer des équipes à distance\n\n# Profil\n\n## Savoirs\n\n- Python\n\n**Qualités :**\n\n- Patience\n\n"
        "# Modalités\n\n- Freelance, en portage\n- 4 jours par semaine\n- Durée : six mois renouvelables\n- « ASAP »\n"
        "- Nos bureaux sont à Vence\n- Télétravail possible\n\n# Candidater\n\n" + APPLY
    )
    assert (offer.skills, offer.contract, offer.duration) == (
        ("Python", "Patience"),
        "Freelance, en portage, Durée : six mois renouvelables",
        "six mois renouvelables",
    )
    assert (offer.start, offer.location) == ("ASAP", ("Nos bureaux sont à Vence", "Télétravail possible"))


WRONG = [
    ("Envoyez votre CV à camille@gmial.com", "camille@gmail.com is meant, perhaps"),
    ("Envoyez votre CV à a@example.org, b@example.org et c@exmaple.org", "c@example.org is meant, perhaps"),
    ("DÃ©veloppeur : envoyez votre CV à a@example.org", "saved in a wrong encoding"),
    (" ".join(f"Envoyez votre CV à a{i}@example.org." for i in range(40)), "of which the first 20 are taken"),
]


@pytest.mark.parametrize(("body", "problem"), WRONG)
def test_what_is_wrong_with_an_ad_is_told_with_its_remedy(body, problem):
    assert any(problem in said and said.startswith("backend.md: ") for said in ad(body).problems)


def test_an_ad_that_only_its_file_name_names_is_told():
    assert any("has no title" in problem for problem in ad(APPLY, "author: Anne", "2026-dev_back.md").problems)
    assert ad("# Dev\n\n" + APPLY, "author: Anne").problems == ()


HOSTILE = {
    "aliases": b"---\na: &a [x,x,x,x]\n"
    + b"".join(b"%c: &%c [%s]\n" % (98 + i, 98 + i, b",".join([b"*%c" % (97 + i)] * 9)) for i in range(20)),
    "depth": b"---\na: " + b"[" * 1500 + b"]" * 1500 + b"\n---\nx",
    "brackets": b"---\ntitle: Dev\n---\n" + b"[" * 20000,
    "links": b"---\ntitle: Dev\n---\n" + b"](mailto:" * 3000,
    "at": b"---\ntitle: Dev\n---\n" + b"a.b [at] c dot " * 2000,
    "subject": b"---\ntitle: Dev\n---\nCV a@example.org objet : " + b"objet \xc2\xab " * 3000,
    "years": b"---\ntitle: Dev\n---\n" + "10 ans à 5 expérience ".encode() * 1500,
    "gender": b"---\ntitle: " + b"a.e" * 10000 + b"\n---\nx",
    "NUL": b"\x00" * 5000,
    "octets": bytes(range(256)) * 50,
}


@pytest.mark.parametrize("octets", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_ad_is_read_or_refused_in_bounded_time(octets):
    begin = time.process_time()
    offer = parse_offer(octets, "x.md")
    assert time.process_time() - begin < 2
    assert offer.title
    assert len(offer.recruiters) <= MOST_RECRUITERS


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: f"---\n{text}\n---\nVotre CV à a@example.org {text}".encode()))
@settings(max_examples=80, deadline=None)
def test_no_ad_at_all_makes_it_fail(octets):
    offer = parse_offer(octets, "x.md")
    assert offer.title
    assert all(problem.startswith("x.md") and "\n" not in problem for problem in offer.problems)
