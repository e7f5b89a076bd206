"""The jobs of a CV, in the many ways in which people lay them out."""

from __future__ import annotations

import pytest

from parsing.profile.sections import find_sections
from parsing.profile.work import find_work

LAYOUTS = {
    "the date before all else": (
        "EXPÉRIENCES\n2021 - 2023 : Juriste, Cabinet Hautier (Lyon)\n"
        "- Contrats\n2019 – 2021 : Assistante juridique, Mairie de Brou\n- Notes",
        [("Juriste", "Cabinet Hautier", "2021", "2023"), ("Assistante juridique", "Mairie de Brou", "2019", "2021")],
    ),
    "the date behind a tab": (
        "Expérience\nDesigner d'interaction\tjanv. 2021 – aujourd'hui\nOrme et Cie, Nantes\n"
        "• Ateliers\n\nGraphiste\t2018 – 2020\nPapier Vif, Lille\n• Logos",
        [("Designer d'interaction", "Orme et Cie", "2021-01", None), ("Graphiste", "Papier Vif", "2018", "2020")],
    ),
    "the date below": (
        "Work experience\nData engineer – Kestrel Ltd, Leeds\nSep 2021 – present\nBuilt pipelines for the census.\n"
        "Data analyst – Orchard Bank, York\nJan 2019 – Aug 2021\nMade reports",
        [("Data engineer", "Kestrel Ltd", "2021-09", None), ("Data analyst", "Orchard Bank", "2019-01", "2021-08")],
    ),
    "the date above": (
        "Expériences\nmars 2020 – juin 2022\nChargée de déploiement\nRégion Sud, Nice\n"
        "• Réseau\n\nsept. 2018 – févr. 2020\nCheffe de projet\nAtelier Onze\n• Budget",
        [("Chargée de déploiement", "Région Sud", "2020-03", "2022-06"), ("Cheffe de projet", "Atelier Onze", "2018-09", "2020-02")],
    ),
    "a date column, broken over lines": (
        "Expériences\n\njuil. 2023 –\naujourd'hui\n\nData engineer, Halia (Lille)\n"
        "- Flux\n\nmai 2021 – sept.\n2023\n\nData analyst, Orvel (Metz)\n- Rapports",
        [("Data engineer", "Halia", "2023-07", None), ("Data analyst", "Orvel", "2021-05", "2023-09")],
    ),
    "the firm first": (
        "EXPERIENCE\nQuarrymen Inc\nProduct owner | since January 2022\nRan the backlog.\n"
        "Dunlin plc\nBusiness analyst | March 2019 - December 2021\nWrote specs.",
        [("Product owner", "Quarrymen Inc", "2022-01", None), ("Business analyst", "Dunlin plc", "2019-03", "2021-12")],
    ),
    "bars": (
        "Experience\nHR Assistant | Harbour & Stone | 05.2018 → 09.2022\n"
        "Mediated grievances\n\nClerk | Westmarch | 06.2016 → 04.2018\nFiled",
        [("HR Assistant", "Harbour & Stone", "2018-05", "2022-09"), ("Clerk", "Westmarch", "2016-06", "2018-04")],
    ),
    "words that name the firm": (
        "Parcours professionnel\nComptable chez Verger SA (2019 - 2022)\n"
        "Clôtures\n\nDéveloppeur au sein de la DSI d'Ancy, depuis mars 2022\nJava",
        [("Comptable", "Verger SA", "2019", "2022"), ("Développeur au sein de la DSI d'Ancy", None, "2022-03", None)],
    ),
    "a list": (
        "Expérience\n• 2020-2022 : développeuse web, Acme\n• 2018-2020 : intégratrice, Bêta\n",
        [("développeuse web", "Acme", "2020", "2022"), ("intégratrice", "Bêta", "2018", "2020")],
    ),
    "several positions at one firm": (
        "Experience\nNorthwind Ltd, Leeds\t2015 – 2022\nLead developer\t2018 – 2022\n• Led\nDeveloper\t2015 – 2018\n• Coded",
        [("Lead developer", "Northwind Ltd", "2018", "2022"), ("Developer", "Northwind Ltd", "2015", "2018")],
    ),
    "internships and apprenticeships": (
        "Stages\nStage – Musée d'Orme, 2020 (6 mois)\nInventaire\n\nAlternante communication, Ville de Vaux, 2018-2020\nAffiches",
        [("Stage", "Musée d'Orme", "2020", "2020"), ("Alternante communication", "Ville de Vaux", "2018", "2020")],
    ),
    "seasons and quarters": (
        "Experience\nIntern, Plover Labs\tSummer 2019\n• Tests\nTutor, Fen College\tQ1 2020\n• Maths",
        [("Intern", "Plover Labs", "2019-06", "2019-08"), ("Tutor", "Fen College", "2020-01", "2020-03")],
    ),
    "no dates": (
        "Experience\nResearch Assistant, Marrow Labs\n• Wrote\n• Read\n\nLecturer, Fen College\n• Taught",
        [("Research Assistant", "Marrow Labs", None, None), ("Lecturer", "Fen College", None, None)],
    ),
    "no headings": (
        "Léa Morin\n06 39 98 12 34\n\nDéveloppeuse, Acme\t2019 – 2022\n• Python\n\nIntégratrice, Bêta\t2017 – 2019\n• CSS\n",
        [("Développeuse", "Acme", "2019", "2022"), ("Intégratrice", "Bêta", "2017", "2019")],
    ),
    "years in what was done": (
        "Expérience\nChef de projet, Ville de Sault\t2018 – 2021\n• Refonte du site en 2019\n"
        "Migration achevée en mars 2020\n• Prix de la presse 2021\n",
        [("Chef de projet", "Ville de Sault", "2018", "2021")],
    ),
    "volunteering and projects are no work": (
        "Expérience\nBénévole, Croix-Bleue\t2015 – 2020\n\n"
        "Vendeuse, Librairie Pages\t2018 – 2019\n\nProjets\nDéveloppeur, MonJeu\t2017 – 2018\n",
        [("Vendeuse", "Librairie Pages", "2018", "2019")],
    ),
    "a column of dates behind all else": (
        "Education\nPhD Physics, University of Fen\n\nExperience\n"
        "Lecturer, Fen College\n• Taught\n\nResearch Assistant, Marrow Labs\n• Read\n\n"
        "London, UK\nSept 2014 – May 2018\n\nParis, France\nJune 2020 – present\n\nYork, UK\nMay 2019 – Aug 2019\n",
        [("Lecturer", "Fen College", "2020-06", None), ("Research Assistant", "Marrow Labs", "2019-05", "2019-08")],
    ),
    "a column of dates that are not as many": (
        "Experience\nLecturer, Fen College\n• Taught\n\nResearch Assistant, Marrow Labs\n"
        "• Read\n\n2014 – 2018\n\n2018 – 2019\n\n2020 – 2021\n",
        [("Lecturer", "Fen College", None, None), ("Research Assistant", "Marrow Labs", None, None)],
    ),
    "studies are no work": (
        "Parcours\n2019 – 2022\tDéveloppeuse, Acme\n2017 – 2019\tMaster Informatique, Université de Brest\n",
        [("Développeuse", "Acme", "2019", "2022")],
    ),
}


@pytest.mark.parametrize(("text", "jobs"), LAYOUTS.values(), ids=LAYOUTS)
def test_jobs_are_read_whichever_way_they_stand(text, jobs):
    found = find_work(text, find_sections(text))
    assert [(job.position, job.name, job.start_date, job.end_date) for job in found] == jobs
    for job in found:
        assert text[job.start :].startswith(job.quote)
        assert (job.position or "") in job.quote
        assert (job.name or "") in text


TEMPLATES = [
    "EXPERIENCE\n[Job Title], [Company]\n[Dates From] – [To]\n[Describe your responsibilities]\n",
    "Expériences professionnelles\nAAAA – AAAA : Intitulé du poste – Nom de l'entreprise\nDécrivez vos missions\n",
    "Work experience\nYour company\nYour title\n2019 – 2021\n",
    "",
    "Expérience\n\nFormation\n\nCompétences\n",
]


@pytest.mark.parametrize("text", TEMPLATES)
def test_a_template_that_nobody_filled_in_has_no_jobs(text):
    assert find_work(text, find_sections(text)) == ()


def test_what_goes_on_is_current_and_has_no_end():
    text = "Expérience\nDepuis mars 2021 : Juriste, Cabinet Hautier (Lyon)\n"
    (job,) = find_work(text, find_sections(text))
    assert (job.current, job.start_date, job.end_date, job.location) == (True, "2021-03", None, "Lyon")


BELOW = """Experience
Programme Manager
Harbour Stone Ltd, Leeds
Onboarded 25 volunteers a term.

07.2024 → ongoing

Project Manager
Rosslare Authority, Dublin
Ran supplier payments and monthly close.

04.2022 → 06.2024
"""


def test_a_date_below_all_that_was_done_belongs_to_the_title_above():
    found = find_work(BELOW, find_sections(BELOW))
    assert [(job.position, job.name, job.start_date, job.end_date) for job in found] == [
        ("Programme Manager", "Harbour Stone Ltd", "2024-07", None),
        ("Project Manager", "Rosslare Authority", "2022-04", "2024-06"),
    ]
    assert all(BELOW[job.start :].startswith(job.quote) for job in found)


def test_a_title_with_a_full_stop_and_one_above_the_place_are_titles():
    text = "Expérience\nChargée de projet, Perspecta, Caen.\n\njuil. 2020 – janv. 2023\n\n• Animation d'un réseau\n"
    (job,) = find_work(text, find_sections(text))
    assert (job.position, job.name, job.location) == ("Chargée de projet", "Perspecta", "Caen")
    text = "Experience\n\nResearch Intern\nLumen Labs\n\nLondon, UK\nMay 2021 – Aug 2021\n• Wrote a parser\n"
    (job,) = find_work(text, find_sections(text))
    assert (job.position, job.name, job.location) == ("Research Intern", "Lumen Labs", "London, UK")


@pytest.mark.parametrize("label", ["Environnement technique", "Env.", "Technologies", "Tools"])
def test_the_tools_of_a_job_are_not_its_place(label):
    text = f"Expérience\nDe juillet 1998 à novembre 2002\n\nChef de projet\nRadio Lauragais, Nancy\n{label} : MS Project, ITIL\n"
    (job,) = find_work(text, find_sections(text))
    assert (job.position, job.name, job.location) == ("Chef de projet", "Radio Lauragais", "Nancy")


def test_a_place_that_is_called_one_is_the_jobs():
    text = "Expérience\n[ 2022-2023 ]\nVendeur (job d'été)\nMaison Brun\nVille : Bayonne\nAccueil au comptoir\n"
    (job,) = find_work(text, find_sections(text))
    assert (job.position, job.name, job.location) == ("Vendeur", "Maison Brun", "Bayonne")
