"""What stands in a picture may be read wrong: it is shown, and nobody is written to, greeted or recognised by it."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from composing import CONTEXT, eml
from PIL import Image

from parsing.context import Context
from parsing.documents import Tools, read_document
from parsing.mail_class import MailClass
from parsing.profile import extract_profile
from parsing.profile.json_resume import to_json_resume
from parsing.understand import Understanding, understand

MISREAD = "mei.chang@boite.cxample.net"
"""What OCR makes of mei.zhang@boite.example.net."""
OWN = "mei.zhang@boite.example.net"
CV = (
    "Mei Zhang",
    "Développeuse",
    MISREAD,
    "06 39 98 12 34",
    "Expérience",
    "2019 2021 Acme",
    "Formation",
    "2015 2018 Master",
    "Compétences",
)


def context(*lines: str) -> Context:
    """Return one with a tool that reads these lines in every picture."""
    table = [""] + [
        f"5\t1\t1\t1\t{number}\t{place}\t{100 + 200 * place}\t{100 + 60 * number}\t180\t30\t95\t{word}"
        for number, line in enumerate(lines)
        for place, word in enumerate(line.split())
    ]
    return replace(CONTEXT, tools=Tools(ocr=lambda _picture, _kind: "\n".join(table)))


def scan() -> bytes:
    out = BytesIO()
    Image.new("L", (1240, 1754), 255).save(out, "PNG")
    return out.getvalue()


def sent(text: str, *lines: str, **fields: str) -> Understanding:
    return understand(eml(text, subject="Candidature", files=[("CV.png", scan())], **fields), context(*lines or CV))


def test_an_address_in_a_picture_is_shown_as_such():
    document = read_document(scan(), tools=context(*CV).tools)
    profile = extract_profile(document)
    assert profile.email is not None
    assert (profile.email.value, profile.email.by_ocr, profile.email.page) == (MISREAD, True, 1)
    assert all(fact.by_ocr for fact in (profile.name, profile.phone) if fact)
    assert to_json_resume(profile)["basics"]["sources"]["email"]["from"] == "ocr"


def test_what_is_read_from_letters_is_not_marked():
    profile = extract_profile(read_document("\n".join(CV).encode()))
    assert profile.email is not None
    assert not profile.email.by_ocr


WRITERS = {
    "job board": ("HelloBoulot <contact@helloboulot.example>", "Mei Zhang vient de postuler à votre offre. Son CV est joint."),
    "agency": ("Julie Martin <julie.martin@cabinet.example>", "Je vous transmets la candidature de Mei Zhang."),
    "recruiter": ("Camille <camille@example.org>", "Une candidature, pour toi."),
}


@pytest.mark.parametrize(("sender", "text"), WRITERS.values(), ids=WRITERS.keys())
def test_nobody_is_written_to_at_an_address_in_a_picture(sender, text):
    found = sent(f"Bonjour,\n\n{text}\n", sender=sender)
    assert found.verdict.mail_class in {MailClass.APPLICATION, MailClass.FORWARDED_APPLICATION}
    assert found.applicant is not None
    assert found.applicant.email is None
    assert found.applicant.name == "Mei Zhang"
    assert found.profile.email is not None
    assert found.profile.email.value == MISREAD


def test_who_applies_with_a_scan_that_is_read_wrong_is_its_author():
    lines = ("Moi Zbang", *CV[1:])
    found = sent("Bonjour,\n\nVeuillez trouver mon CV, je postule.\n", *lines, sender=f"<{OWN}>")
    assert found.applicant is not None
    assert found.applicant.email == OWN
    assert not found.applicant.name_is_sure
    assert found.profile.email is not None
    assert found.profile.email.value == OWN, "what the mail says is believed before a picture"


@pytest.mark.parametrize("sender", [f"Mei Zhang <{OWN}>", f"ZHANG Mei <{OWN}>"])
def test_a_picture_does_not_spell_the_name_that_is_greeted(sender):
    found = sent("Bonjour,\n\nVeuillez trouver mon CV, je postule.\n", "Mèi Zhäng", *CV[1:], sender=sender)
    assert found.applicant is not None
    assert found.applicant.name == "Mei Zhang"
    assert found.applicant.name_is_sure


def test_two_scans_of_one_person_are_one_application():
    other = BytesIO()
    Image.new("L", (1240, 1700), 255).save(other, "PNG")
    readings = iter([context(*CV), context("Moi Zbang", OWN, *CV[3:])])

    def read(picture: bytes, kind: str) -> str:
        tool = next(readings).tools.ocr
        assert tool is not None
        return tool(picture, kind)

    files = [("CV fr.png", scan()), ("CV en.png", other.getvalue())]
    mail = eml("Bonjour,\n\nVeuillez trouver mon CV, je postule.\n", sender=f"Mei Zhang <{OWN}>", subject="Candidature", files=files)
    found = understand(mail, replace(CONTEXT, tools=Tools(ocr=read)))
    assert found.applicant is not None
    assert found.applicant.email == OWN
