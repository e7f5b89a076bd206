"""Applications by the thousand, each by another invented person: a mail of about 214 KiB with a CV of two pages, as they are in life."""

from __future__ import annotations

import base64
import itertools
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import reportlab
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

OFFERS = 10
_PDF_OCTETS = 155 * 1024
_FIRST = (
    "Ana Bastien Camille Damien Élodie Fanny Gaël Hélène Inès Jules Karim Léa Manon Nadia Océane Paul Quentin Rachid Sofia Thomas "
    "Ulysse Valérie Wassim Xavier Yasmine Zoé Amélie Bruno Clara Diego Estelle Farid Gabriel Hugo Iris Jeanne Kevin Lucie Mathis Nora"
).split()
_HEADS = "Mar Ber Del Font Gar Lam Mon Per Rou Sau Val Vin Cha Dur Lef Mer".split()
_TAILS = "tin nard cour taine nier bert tel rin ssel vage lier cent pelle and ebvre cier".split()
_SKILLS = "Python, PostgreSQL, Docker, Kubernetes, Django, React, TypeScript, Git, Linux, Ansible, Terraform, Kafka, Redis, Grafana"
_POSTS = ("Développeuse backend", "Ingénieur logiciel", "Cheffe de projet", "Administrateur systèmes", "Analyste de données")
_HOUSES = ("Coopérative du Lac", "Atelier Numérique", "Mairie de Villeneuve", "Société des Ponts", "Laboratoire Horizon")
_TASKS = (
    "Conception et développement d'une interface de programmation utilisée chaque jour par douze équipes",
    "Migration de la base de données vers PostgreSQL sans interruption du service pour les usagers",
    "Encadrement de deux personnes, revue de code et formation des nouveaux arrivants de l'équipe",
    "Mise en place de l'intégration continue et du déploiement automatique sur trois environnements",
    "Rédaction de la documentation technique et des procédures de reprise après un incident majeur",
    "Réduction de moitié du temps de réponse des pages les plus lues par une analyse des requêtes",
)
_AD = "---\ntitle: Métier {0}\nopen: true\n---\n\nEnvoyez votre CV à camille@example.org, avec le sujet « Métier {0} ».\n"
_MAIL = """Return-Path: <{email}>
Received: from mail.example.net (mail.example.net [192.0.2.25]) by mx.example.org; {date}
From: =?utf-8?q?{encoded}?= <{email}>
To: camille@example.org
Subject: =?utf-8?q?Candidature_:_M=C3=A9tier_{offer}?=
Date: {date}
Message-ID: <{number}.application@example.net>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="=-outer"

--=-outer
Content-Type: multipart/alternative; boundary="=-inner"

--=-inner
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

{text}
--=-inner
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: 8bit

<html><body><p>{html}</p></body></html>
--=-inner--

--=-outer
Content-Type: application/pdf; name="CV-{number}.pdf"
Content-Disposition: attachment; filename="CV-{number}.pdf"
Content-Transfer-Encoding: base64

"""
_TEXT = """Bonjour,

Je vous adresse ma candidature pour le poste « Métier {offer} ». Vous trouverez mon CV en pièce jointe.
Je travaille depuis dix ans dans des équipes qui construisent des services publics, et je serais heureuse d'en parler avec vous.

Cordialement,
{name}
"""


@dataclass(frozen=True, slots=True)
class Applicant:
    """An invented person."""

    number: int
    name: str

    @property
    def email(self) -> str:
        """Their address, under a domain that nobody has."""
        return f"applicant.{self.number}@example.net"


def ads() -> Iterator[tuple[str, str]]:
    """Yield name and text of a team's ads."""
    for number in range(OFFERS):
        yield f"offer-{number}.md", _AD.format(number)


def applications(count: int, *, now: datetime) -> Iterator[tuple[datetime, bytes]]:
    """Yield arrival and octets of `count` mails, by as many people, a second apart, the last one just before `now`."""
    surnames = [head + tail for head, tail in itertools.product(_HEADS, _TAILS)]
    names = (f"{first} {last}" for last, first in itertools.product(surnames, _FIRST))
    for number, name in zip(range(count), names, strict=False):
        moment = now - timedelta(seconds=count - number)
        yield moment, _mail(Applicant(number, name), moment)


def _mail(person: Applicant, moment: datetime) -> bytes:
    offer = person.number % OFFERS
    text = _TEXT.format(offer=offer, name=person.name)
    head = _MAIL.format(
        email=person.email,
        encoded="".join(chr(octet) if chr(octet).isalnum() and octet < 128 else f"={octet:02X}" for octet in person.name.encode()),
        date=moment.astimezone(UTC).strftime("%a, %d %b %Y %H:%M:%S +0000"),
        offer=offer,
        number=person.number,
        text=text,
        html=text.replace("\n", "<br>\n"),
    )
    return (head.encode() + base64.encodebytes(cv(person)) + b"\n--=-outer--\n").replace(b"\n", b"\r\n")


def cv(person: Applicant) -> bytes:
    """Return a CV of two pages in embedded fonts, filled up to its size as a photograph would."""
    chance = random.Random(person.number)  # noqa: S311 - noise, not a secret
    folder = Path(reportlab.__file__).parent / "fonts"
    for name, file in (("Vera", "Vera.ttf"), ("VeraBd", "VeraBd.ttf")):
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, folder / file))
    out = BytesIO()
    page = Canvas(out, invariant=True)
    for lines in _pages(person, chance):
        height = 800.0
        for size, line in lines:
            page.setFont("VeraBd" if size > 9 else "Vera", size)
            page.drawString(56, height, line)
            height -= size + 4
        page.showPage()
    page.save()
    return _filled(out.getvalue(), chance)


def _pages(person: Applicant, chance: random.Random) -> Iterator[list[tuple[int, str]]]:
    year = 2024
    phone = f"+33 6 39 98 {person.number // 100 % 100:02d} {person.number % 100:02d}"
    lines = [(20, person.name), (12, chance.choice(_POSTS)), (9, f"Lyon · {phone} · {person.email}")]
    lines += [(9, f"https://www.linkedin.com/in/applicant-{person.number}"), (11, "Expérience professionnelle")]
    for _ in range(3):
        lines += _post(chance, year)
        year -= 3
    yield lines
    lines = [(11, "Expérience professionnelle (suite)")]
    for _ in range(2):
        lines += _post(chance, year)
        year -= 3
    lines += [(11, "Formation"), (9, f"{year} Master informatique, Université de Grenoble")]
    lines += [(11, "Compétences"), (9, _SKILLS), (11, "Langues"), (9, "Français (langue maternelle), anglais (C1), espagnol (B1)")]
    yield lines


def _post(chance: random.Random, year: int) -> Iterator[tuple[int, str]]:
    yield 10, f"{chance.choice(_POSTS)}, {chance.choice(_HOUSES)} ({year - 3} – {year})"
    for task in chance.sample(_TASKS, 5):
        yield 9, f"• {task}"


def _filled(pdf: bytes, chance: random.Random) -> bytes:
    """Put a stream of noise into the file, before its cross-reference table."""
    place = pdf.rindex(b"xref\n", 0, pdf.rindex(b"startxref"))
    noise = chance.randbytes(max(0, _PDF_OCTETS - len(pdf) - 100))
    piece = b"9999 0 obj\n<< /Length %d >>\nstream\n%b\nendstream\nendobj\n" % (len(noise), noise)
    rest = re.sub(rb"startxref\s+\d+", b"startxref\n%d" % (place + len(piece)), pdf[place:])
    return pdf[:place] + piece + rest
