"""Skills are read from lists of any shape, and from prose only where a name can be nothing else."""

from __future__ import annotations

import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsing.profile.facts import Fact
from parsing.profile.sections import find_sections
from parsing.profile.skill_names import canonical, find_sure, plain
from parsing.profile.skills import find_skills

VOCABULARY = Path(__file__).parents[2] / "parsing" / "profile" / "vocabulary" / "skills.toml"


def skills(text: str, name: Fact | None = None) -> list[str]:
    return [fact.value for fact in find_skills(text, find_sections(text), name)]


def below(*lines: str) -> str:
    return (
        "Léa Morin\n\nExpériences\n2019 - 2021 Chargée de mission, Ville de Tours\n\nCompétences\n"
        + "\n".join(lines)
        + "\n\nLangues\nAnglais : B2\n"
    )


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["Python, Django, PostgreSQL"], ["Python", "Django", "PostgreSQL"]),
        (["Python", "Django", "", "PostgreSQL"], ["Python", "Django", "PostgreSQL"]),
        (["• Python", "- Django", "✓ PostgreSQL"], ["Python", "Django", "PostgreSQL"]),
        (["Python\tDjango\tPostgreSQL"], ["Python", "Django", "PostgreSQL"]),
        (["Python | Django | PostgreSQL"], ["Python", "Django", "PostgreSQL"]),
        (["Python / Django / PostgreSQL"], ["Python", "Django", "PostgreSQL"]),
        (["Python · Django ; PostgreSQL."], ["Python", "Django", "PostgreSQL"]),
        (["1. Python", "2. Django"], ["Python", "Django"]),
        (["Figma Matomo Adobe XD"], ["Figma", "Matomo", "Adobe XD"]),
        (["Git / Subversion"], ["Git / Subversion"]),
        (["Langages : Python, Java", "Outils de suivi : Jira, Grist"], ["Python", "Java", "Jira", "Grist"]),
        (["Langages\tPython, Java", "Suivi\tJira, Grist"], ["Python", "Java", "Jira", "Grist"]),
        (["Langages", "Python, Java"], ["Python", "Java"]),
        (["Python : Django, Flask"], ["Python", "Django", "Flask"]),
        (["Python ★★★★☆", "Django ●●○○○", "Excel 80 %", "Word 4/5"], ["Python", "Django", "Excel", "Word"]),
        (["Python (avancé)", "Django : intermédiaire", "Excel niveau confirmé", "Grist – expert"], ["Python", "Django", "Excel", "Grist"]),
        (["Suite graphique (Photoshop, Illustrator)", "Git (3 ans)"], ["Photoshop", "Illustrator", "Git"]),
        (["Python, Django et PostgreSQL"], ["Python", "Django", "PostgreSQL"]),
        (["Canva, Excel, Google", "Analytics, Matomo"], ["Canva", "Excel", "Google Analytics", "Matomo"]),
        (["• Suivi : Canva, Google", "  Analytics, Matomo", "• Excel"], ["Canva", "Google Analytics", "Matomo", "Excel"]),
        (
            ["HTML5\tCSS3\tMatomo", "", "Angular 2\tJira", "", "Also at ease with Photoshop, and grew up with the sea, on a boat."],
            [*"HTML5 CSS3 Matomo".split(), "Angular 2", "Jira", "Photoshop"],
        ),
        (["( Diary management } (Excel ) { Tenue de régie } ( Jira )"], ["Diary management", "Excel", "Tenue de régie", "Jira"]),
        (["Excel\tCréation", "Capacité à mener des\tcréer pour les", "projets\tpublics"], ["Excel", "Création"]),
        (["Python. Django, Excel"], ["Python", "Django", "Excel"]),
        (["Gestion de projets culturels, Médiation, Tenue de régie"], ["Gestion de projets culturels", "Médiation", "Tenue de régie"]),
        (["C, C++, C#, R, Go, .NET"], ["C", "C++", "C#", "R", "Go", ".NET"]),
        (["- Négociation de conventions", "  pluriannuelles d'objectifs avec l'État et", "  les régions", "- Excel"], ["Excel"]),
        (["Excel, anglais courant, Espagnol (B2), lea@example.org, 06 12 34 56 78, 2019"], ["Excel"]),
        (["Excel", "Je suis une personne curieuse, autonome, et j'aime apprendre."], ["Excel"]),
        (
            ["Excel, Permis B, RQTH, 28 ans, Célibataire, 2 enfants, Nationalité française, Née à Tours", "Married, British citizen"],
            ["Excel"],
        ),
        (["Excel", "Savoir-être : rigueur, écoute"], ["Excel"]),
    ],
)
def test_a_list_of_skills_is_read_in_any_shape(lines, found):
    assert skills(below(*lines)) == found


@pytest.mark.parametrize("heading", ["Toolbox", "Boîte à outils", "Ce que je sais faire", "Kenntnisse", "🛠"])
def test_a_list_is_one_by_what_it_holds_whatever_its_heading(heading):
    assert skills(f"Léa Morin\n\n{heading}\nFigma, Matomo, Poterie sur tour, Jira\n") == ["Figma", "Matomo", "Poterie sur tour", "Jira"]
    assert skills(f"Léa Morin\n\n{heading}\nFigma ●●○\nMatomo ●●●\nJira ●○○\n\nLoisirs\nPoterie\n") == ["Figma", "Matomo", "Jira"]


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("Refonte du portail en React et déploiement avec Docker", ["React", "Docker"]),
        ("Services écrits en Go, puis en Rust", ["Go", "Rust"]),
        ("Tableau de suivi des ventes sous Excel", ["Excel"]),
        ("Analyses avec R et scikit-learn", ["R", "scikit-learn"]),
        ("Programmation en langage C", ["C"]),
        ("Migration vers k8s et nodejs", ["k8s", "nodejs"]),
        ("Set OKRs every quarter", ["OKR"]),
        ("Je vais de l'avant en vue de réussir, go !", []),
        ("Summer school in Spring 2020, then let it go and make a word", []),
        ("Encadrement de Julia, Pascal et Ada", []),
        ("Le tableau de bord donne accès à la notion de crise", []),
        ("Stage chez Swift Logistics avec Chef Durand", []),
        ("Conduite de projet et négociation avec les élus", []),
        ("python.org lea.python@example.org https://example.org/docker/java", []),
        ("Membre du R.U.C. et du C.A.", []),
    ],
)
def test_prose_gives_only_names_that_can_be_nothing_else(sentence, found):
    assert skills(f"Léa Morin\nChargée de mission\n\nExpériences\nVille de Tours, 2019 - 2021\n{sentence}\n") == found


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("NodeJS", "Node.js"),
        ("node.js", "Node.js"),
        ("Node JS", "Node.js"),
        ("k8s", "Kubernetes"),
        ("Vue 3", "Vue.js"),
        ("VueJS", "Vue.js"),
        ("Python 3.11", "Python"),
        ("python3", "Python"),
        ("PHP8", "PHP"),
        ("Postgres", "PostgreSQL"),
        ("RECHERCHE UTILISATEUR", "UX research"),
        ("conduite du changement", "accompagnement au changement"),
        ("GDPR", "RGPD"),
        ("C++17", "C++"),
        ("tapisserie", None),
        ("", None),
        ("3", None),
    ],
)
def test_a_skill_has_one_name_for_all_its_writings(said, name):
    assert canonical(said) == name


def test_a_skill_stands_once_as_its_list_writes_it_and_where_it_stands():
    text = "Léa Morin\n\nExpériences\n2019 - 2021 Portail en Vue.js\n\nCompétences\nVueJS, Tapisserie, tapisserie\n"
    facts = find_skills(text, find_sections(text))
    assert [fact.value for fact in facts] == ["VueJS", "Tapisserie"]
    assert all(text[fact.start :].startswith(fact.quote) and fact.source == "cv" for fact in facts)


def test_a_job_below_a_list_is_no_skill():
    assert skills("Compétences\nExcel\nWord\nDirectrice adjointe\nVille de Tours\n") == ["Excel", "Word"]
    assert skills("Compétences\nExcel\nWord\n2019 - 2021 Ville de Tours\nMairie\n") == ["Excel", "Word"]


def test_a_firm_between_a_title_and_a_list_is_no_skill():
    job = "2019 - 2021\nConsultante AMOA\nBanque de l'Ouest, Montreuil\nEnv. : Scrum, Jira, SAP\n"
    text = f"Expériences\n{job}\nOutils\nHTML5\nCSS3\nWindows XP/Vista\n"
    assert skills(text) == ["HTML5", "CSS3", "Windows XP/Vista", "Scrum", "Jira", "SAP"]


def test_the_persons_name_is_no_skill():
    text = "Compétences\nExcel\nLéa Morin\n"
    assert skills(text, Fact("Léa Morin", "Léa Morin", "cv", 0)) == ["Excel"]


def test_a_line_of_a_job_lists_what_was_used():
    text = "Expériences\nDéveloppeuse, 2019 - 2021\nEnvironnement technique : Java, OutilMaison, Oracle\nRefonte du portail.\n"
    assert skills(text) == ["Java", "OutilMaison", "Oracle"]


@given(st.text(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_text_gives_facts_that_stand_in_it(text):
    for said in (text, f"Compétences\n{text}", f"Compétences : {text}"):
        for fact in find_skills(said, find_sections(said)):
            assert fact.value
            assert fact.start is not None
            assert said[fact.start : fact.start + len(fact.quote)] == fact.quote


@given(
    st.lists(st.sampled_from(["Python", "Grist", "Figma", "Jira", "Matomo", "Docker", "Excel"]), min_size=3, unique=True),
    st.sampled_from([", ", " | ", "\n", "\t", " • "]),
)
@settings(max_examples=60, deadline=None)
def test_known_names_are_found_in_any_list(names, separator):
    assert skills(below(separator.join(names))) == names


@given(st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_a_plain_text_keeps_its_offsets(text):
    assert len(plain(text)) == len(text)


@pytest.mark.parametrize(
    "unit",
    ["Go, ", "Compétences\nPython\n", "Python\n\n", "Technologies : a\n", "a et ", "(", "a / ", "docker/", "●", "Python\tGo\n\n", "a:"],
)
def test_hostile_texts_cost_time_in_proportion(unit):
    def cost(length: int) -> float:
        text = "Compétences\n" + unit * (length // len(unit))
        sections = find_sections(text)
        begun = time.process_time()
        find_skills(text, sections)
        return time.process_time() - begun

    find_sure("Python")
    assert cost(60_000) < 8 * max(cost(15_000), 0.5)


def test_the_vocabulary_names_nothing_twice():
    tables = tomllib.loads(VOCABULARY.read_text(encoding="utf-8"))
    for level in ("anywhere", "beside", "listed", "item", "practice"):
        said = [entry.partition(" = ")[0] for group in tables[level].values() for entry in group]
        assert sorted(said) == sorted(set(said)), level


def test_what_shows_a_skill_is_a_name_of_the_vocabulary():
    tables = tomllib.loads(VOCABULARY.read_text(encoding="utf-8"))
    names = {
        entry.partition(" = ")[0] for level, table in tables.items() if level != "shown_by" for group in table.values() for entry in group
    }
    for entry in tables["shown_by"]["names"]:
        name, _, others = entry.partition(" = ")
        assert {name, *others.split(", ")} <= names


@pytest.mark.parametrize("heading", ["FORMATION", "Formation", "Formation :", "TRAINING"])
def test_a_heading_below_a_list_without_heading_is_no_skill(heading):
    job = "Léa Morin\n\nExpériences\n2019 - 2021 Développeuse, Ville de Tours\n- Vue.js, Node.js"
    text = f"{job}\n\n{heading}\n2017 Master, Université de Tours\n"
    assert skills(text) == ["Vue.js", "Node.js"]
