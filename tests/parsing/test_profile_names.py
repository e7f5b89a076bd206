"""Names as CVs write them: on two lines, in forms, in capitals, spoilt by a picture's reader; and templates, which have none."""

from __future__ import annotations

import pytest

from parsing.address import Address
from parsing.documents import Document
from parsing.profile import Fact, Profile, extract_profile


def profile(text: str, links: tuple[str, ...] = (), **more) -> Profile:
    return extract_profile(Document("text/plain", text, links=links), **more)


def value(fact: Fact | None) -> str | None:
    return fact.value if fact else None


NAMES = [
    ("CV de Léa Morin\nlea@example.net", "Léa Morin"),
    ("CV - Léa MORIN\nlea@example.net", "Léa Morin"),
    ("Curriculum Vitae de Léa Morin\n", "Léa Morin"),
    ("Curriculum Vitae – Léa Morin", "Léa Morin"),
    ("Resume of John Fitzgerald", "John Fitzgerald"),
    ("Léa Morin Développeuse web\nlea.morin@example.net", "Léa Morin"),
    ("Léa Morin - Développeuse web - Paris", "Léa Morin"),
    ("Léa Morin, Développeuse web", "Léa Morin"),
    ("Léa\nMorin\nDéveloppeuse", "Léa Morin"),
    ("LÉA\nMORIN\nDéveloppeuse", "Léa Morin"),
    ("Zoé\nBen Salah\nDirectrice artistique\nzbensalah@x.example", "Zoé Ben Salah"),
    ("Zoé\nBen Salah\nDirectrice artistique\ncontact@x.example", "Zoé Ben Salah"),
    ("Marie Claire\nDE LA FONTAINE\nJuriste", "Marie Claire de La Fontaine"),
    ("D U P R A T E D G A R\nx@example.net\nlinkedin.com/in/edgar-duprat", "Edgar Duprat"),
    ("L é a M o r i n\nlea.morin@example.net", "Léa Morin"),
    ("J. Dupont\nj.dupont@example.net", "J. Dupont"),
    ("John F. Kennedy\nSoftware engineer", "John F. Kennedy"),
    ("J.-P. Martin\njp.martin@example.net", "J.-P. Martin"),
    ("Jean P. Martin\nComptable", "Jean P. Martin"),
    ("Nguyễn Thị Minh Khai\nComptable\nminhkhai.nguyen@example.net", "Nguyễn Thị Minh Khai"),
    ("Oluwaseun Adeyemi-Okonkwo\nData analyst\noluwaseun@example.net", "Oluwaseun Adeyemi-Okonkwo"),
    ("Łukasz Wiśniewski\nDeveloper\nlukasz.wisniewski@example.net", "Łukasz Wiśniewski"),
    ("Mohamed Amine BEN YOUSSEF\nDéveloppeur", "Mohamed Amine Ben Youssef"),
    ("Ó Súilleabháin Séamus\nseamus@example.net", "Ó Súilleabháin Séamus"),
    ("Léa Morln\nDéveloppeuse\nlea.morin@example.net", "Léa Morin"),
    ("Lea Mor1n\nDéveloppeuse\nlea.morin@example.net", "Lea Morin"),
    ("Prénom : Léa Nom : Morin\nlea@example.net", "Léa Morin"),
    ("Nom\nMorin\nPrénom\nLéa\nAdresse", "Léa Morin"),
    ("Nom, prénom : MORIN, Léa\n", "Léa Morin"),
    ("MORIN, Léa\nDéveloppeuse\nlea@example.net", "Léa Morin"),
    ("Mme Léa MORIN\n12 rue Haute", "Léa Morin"),
    ("Madame Léa MORIN\n12 rue Haute", "Léa Morin"),
    ("Dr. Léa Morin\nChercheuse", "Léa Morin"),
    ("Léa Morin, PhD\nResearcher", "Léa Morin"),
    ("Léa MORIN (épouse PETIT)\nComptable", "Léa Morin"),
    ("Léa MORIN-PETIT | 06 39 98 12 34 | lea@example.net", "Léa Morin-Petit"),
    ("06 39 98 12 34 Léa Morin\nlea.morin@example.net", "Léa Morin"),
    ("léa morin\nlea.morin@example.net", "Léa Morin"),
    ("lea morin\ndéveloppeuse\nlea.morin@example.net", "Lea Morin"),
    ("LEA MORIN\nResponsable Paris\n", "Lea Morin"),
    ("Prénom NOM\nIntitulé du poste\nprenom.nom@votre-mail.fr", None),
    ("Votre Nom\nTitre\nvotre.nom@example.com", None),
    ("Your Name\nJob title\nyour.name@example.com", None),
    ("First Last\nfirst.last@example.com", None),
    ("First Name Last Name\n", None),
    ("NOM Prénom\nAdresse\nTéléphone", None),
    ("Lorem Ipsum\nDolor sit amet", None),
    ("Ville de Paris\nDirection des services\n", None),
    ("Microsoft Azure\nKubernetes Docker\n", None),
    ("Anne-Sophie de la Bruyère d'Arcy\nJuriste", "Anne-Sophie de la Bruyère d'Arcy"),
    ("Jean-Luc VAN DER MEULEN\nChef de projet", "Jean-Luc van der Meulen"),
    ("Juan Carlos Pérez y López\nConsultant", "Juan Carlos Pérez y López"),
    ("Léa “Lili” Morin\nGraphiste\nlea.morin@example.net", "Léa Morin"),
    ("Bensalem Yanis\nÉtudiant en informatique\nyanis.bensalem@example.net", "Bensalem Yanis"),
    ("★ Léa Morin ★\nGraphiste", "Léa Morin"),
    ("Portfolio\nLéa Morin\nDesigner", "Léa Morin"),
    ("Candidature de Léa Morin\nDesigner", "Léa Morin"),
    ("Page 1/2\nLéa Morin\nDesigner", "Léa Morin"),
    ("Profil\nDynamique et motivée\nLéa Morin\n", "Léa Morin"),
    ("Paris, France\nSaint Denis\nRose Martin\nrose.martin@example.net", "Rose Martin"),
    ("Qorwin Vashti\n12 rue Haute, Vence\n06 39 98 12 34\ncontact@example.net\nExpériences", "Qorwin Vashti"),
    ("Mamadou Diop Diallo N'Diaye\nInfirmier", "Mamadou Diop Diallo N'Diaye"),
]


@pytest.mark.parametrize(("text", "name"), NAMES)
def test_a_name_is_read_however_it_is_written(text, name):
    found = profile(text).name
    assert value(found) == name
    if found:
        assert found.start is not None
        assert text[found.start :].startswith(found.quote)


def test_the_author_of_the_mail_completes_what_the_cv_shortens():
    author = Address("Léa Morin", "lea.morin@example.net")
    assert value(profile("Morin L.\nDéveloppeuse\n", author=author).name) == "Léa Morin"
    assert value(profile("Développeuse\n12 rue Haute", author=author).name) == "Léa Morin"


def test_a_template_that_nobody_filled_in_says_nothing():
    found = profile("Prénom NOM\nIntitulé du poste recherché\nprenom.nom@votre-mail.fr – 06 00 00 00 00 – Ville\nFormation\nNom du diplôme")
    assert found == Profile()
