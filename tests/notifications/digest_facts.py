"""A morning of two offers, as storage tells it: what the tests of the digest look at."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from paper import HOUSE

from storage.views import ApplicationView, DigestView, DocumentView, EventView, News, Section, TriageView


def at(day: int, hour: int = 10, minute: int = 12) -> datetime:
    """A moment of November 2026, in the house's zone."""
    return datetime(2026, 11, day, hour, minute, tzinfo=HOUSE.timezone)


def document(filename: str, role: str, pages: int | None, size: int, *problems: str) -> DocumentView:
    return DocumentView(
        filename=filename,
        role=role,
        sha256="0" * 64,
        media_type="application/pdf",
        size=size,
        pages=pages,
        language="fr",
        problems=problems,
        received_at=at(23),
        message=1,
    )


_APPLICATION = ApplicationView(
    reference="K7QM-4F2P",
    offer="backend",
    offer_title="Développeuse ou développeur backend Python",
    offer_certain=True,
    stage="received",
    received_at=at(23),
    last_contact_at=at(23),
    acknowledged_at=at(23),
    language="fr",
    name=None,
    email=None,
    phone=None,
    mailboxes=("recrutement@example.org",),
    messages=1,
    documents=(),
    flags=(),
    profile={},
    words="",
)


def application(reference: str, name: str | None, email: str | None, **facts: Any) -> ApplicationView:
    return replace(_APPLICATION, reference=reference, name=name, email=email, **facts)


def news(view: ApplicationView, kind: str, **data: Any) -> News:
    return News(application=view, event=EventView(at=at(23), kind=kind, actor=view.email or "pli", data=data))


AMINA = application(
    "K7QM-4F2P",
    "Amina Diallo",
    "amina.diallo@example.com",
    phone="+33612345678",
    received_at=at(23, 18, 42),
    mailboxes=("alice.martin@example.org", "recrutement@example.org"),
    documents=(document("CV_Amina_Diallo.pdf", "cv", 2, 184_320), document("lettre.docx", "cover_letter", 1, 32_000)),
    profile={
        "basics": {"label": "Ingénieure logiciel backend", "location": {"city": "Lyon"}},
        "languages": [{"language": "français", "level": "native", "fluency": None}, {"language": "anglais", "fluency": "C1"}],
        "skills": [{"name": name} for name in ("Python", "PostgreSQL", "RabbitMQ")],
        "meta": {"experienceMonths": 51, "statedExperience": "quatre ans"},
    },
    words="""Bonjour,

Je vous adresse ma candidature au poste de développeuse backend. Depuis quatre ans, je construis
des services Python pour la santé publique : files de messages, PostgreSQL, déploiement continu.
Ce qui m’attire chez vous : mettre un produit entre les mains de ses utilisateurs en quelques
semaines, et le faire avec soin.

Je peux me libérer dès février et serais heureuse d’échanger avec l’équipe.

Bien cordialement,
Amina Diallo""",
)
NAMELESS = application(
    "9XWC-HT3R",
    None,
    "j.p.lefevre@example.net",
    received_at=at(23, 7, 3),
    documents=(replace(document("scan0042.pdf", "cv", 3, 4_812_000, "no_text"), received_at=at(23, 7, 3)),),
    flags=("unverified_sender", "not_acknowledged", "no_text"),
    words="Veuillez trouver ci-joint mon CV.",
)
TOMASZ = application(
    "2NDV-8K6J",
    "Tomasz Wójcik",
    "tomasz@example.pl",
    offer="data",
    offer_title="Data scientist – traitement du langage",
    offer_certain=False,
    documents=(document("wojcik_cv.pdf", "cv", 1, 96_000, "encrypted"),),
    flags=("offer_uncertain", "encrypted"),
    profile={"basics": {"label": None}, "work": [{"position": "Data scientist", "name": "Institut national de la statistique"}]},
    words="Hello, I am applying for the position. My CV is attached; the password is in the second mail.",
)
KARIM = application(
    "M4TB-Q9ZA",
    "Karim Benali",
    "karim.benali@example.com",
    documents=(document("cv-karim.pdf", "cv", 2, 150_000), document("diplome-2024.pdf", "certificate", 1, 410_000)),
)
CHLOE = application("B6GH-2MVX", "Chloé Rousseau", "chloe.r@example.com", received_at=at(3))
WAITING = (
    CHLOE,
    application("V3RY-7PLC", "Nguyễn Thị Hương", "huong@example.com", received_at=at(12), stage="in_review"),
    application("C8DE-5FGH", None, "sam@example.com", received_at=at(20), offer=None, offer_title=None),
)


def to_settle(item: str, kind: str, cause: str, **facts: Any) -> TriageView:
    common: dict[str, Any] = {"at": at(23, 9, 5), "mailbox": "recrutement@example.org", "author": None, "subject": None}
    return TriageView(id=item, kind=kind, cause=cause, **common | {"mail_class": None, "remedy": "", "reference": None} | facts)


TO_SETTLE = (
    to_settle(
        "m41",
        "message",
        "pli cannot tell whether this is an application",
        author="contact@ecole.example.com",
        subject="Nos étudiants cherchent un stage",
    ),
    to_settle("m44", "failure", "reading it stopped the program 3 times"),
    to_settle("o7", "mail", "failed: 550 5.1.1 unknown user", mailbox=None, author="p.durand@example.net", subject="acknowledgement"),
    to_settle("o8", "mail", "queued: max_per_hour", mailbox=None, author="l.petit@example.net", subject="acknowledgement"),
    to_settle("2NDV-8K6J", "application", "several offers fit", author="tomasz@example.pl", subject="Tomasz Wójcik"),
)


def morning(language: str = "fr", **parts: Any) -> DigestView:
    """The whole morning, or with other `sections`, `waiting` or `triage`."""
    backend = Section(
        slug="backend",
        title="Développeuse ou développeur backend Python",
        open=True,
        new=(AMINA, NAMELESS),
        updated=(news(KARIM, "updated", documents=["diplome-2024.pdf"]), news(CHLOE, "reply", documents=[], other_sender=True)),
    )
    data = Section(slug="data", title="Data scientist – traitement du langage", open=False, new=(TOMASZ,), updated=())
    view = DigestView(
        recruiter="alice.martin@example.org",
        period=date(2026, 11, 24),
        language=language,
        sections=(backend, data),
        waiting=WAITING,
        triage=TO_SETTLE,
    )
    return replace(view, **parts)


def quiet(language: str = "fr", **parts: Any) -> DigestView:
    """A day without news, but for `sections`, `waiting` or `triage`."""
    return morning(language, **{"sections": (), "waiting": (), "triage": ()} | parts)


_OLD, _NEW = document("cv.pdf", "cv", 2, 1), document("cv-2026.pdf", "cv", 2, 1)
LUCAS = application(
    "T5UV-6WXY",
    "Lucas Petit",
    "lucas@example.com",
    documents=(
        replace(document("cv.pdf", "cv", 2, 1), version=1, superseded=True),
        replace(document("cv-2026.pdf", "cv", 2, 1), version=2),
    ),
)
"""With a newer CV."""
DOUBLE = to_settle(
    "d5",
    "double",
    "K7QM-4F2P and M4TB-Q9ZA may be of one person",
    reference="K7QM-4F2P",
    other_reference="M4TB-Q9ZA",
    speaks_for=(("same_phone", "+33612345678"),),
    speaks_against=(("other_name", "Amina Diallo / Karim Benali"),),
)
UNSURE = to_settle(
    "m42",
    "message",
    "pli cannot tell whether this is an application",
    author="paul@example.com",
    speaks_for=(("supposed_cv", "scan.pdf"),),
    speaks_against=(("no_words", ""), ("list", "")),
)
