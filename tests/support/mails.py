"""Invented mails, written as mail programs write them."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from functools import cache
from io import BytesIO

from reportlab.pdfgen.canvas import Canvas

RECRUITERS = ("camille@example.org", "dominique@example.org")
AD = """---
title: Développeuse ou développeur backend
open: {state}
---

## Candidater

Envoyez votre CV à [Camille](mailto:camille@example.org) et dominique@example.org.
"""


@cache
def cv(name: str = "Léa Morin", email: str = "lea.morin@example.net") -> bytes:
    """Return a one-page CV as PDF, the same octets each time."""
    file = BytesIO()
    page = Canvas(file, invariant=True)
    lines = (
        name,
        email,
        "+33 6 39 98 12 34",
        "",
        "Expérience",
        "2019 - 2024 Développeuse, Coopérative du Lac",
        "",
        "Formation",
        "2018 Master",
    )
    for number, line in enumerate(lines):
        page.drawString(72, 780 - 18 * number, line)
    page.save()
    return file.getvalue()


def mail(
    *,
    sender: str = "Léa Morin <lea.morin@example.net>",
    to: str = ", ".join(RECRUITERS),
    subject: str = "Candidature backend",
    text: str = "Bonjour,\n\nJe vous adresse ma candidature. Vous trouverez mon CV en pièce jointe.\n\nLéa Morin\n",
    message_id: str = "<1@example.net>",
    attachments: tuple[tuple[str, bytes], ...] | None = None,
    **headers: str,
) -> bytes:
    """Return a mail's octets; by default an application with the sender's own CV. Underscores in `headers` stand for hyphens."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"] = format_datetime(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
    if message_id:
        message["Message-ID"] = message_id
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    name, address = parseaddr(sender)
    for filename, content in attachments if attachments is not None else ((f"CV {name}.pdf", cv(name, address)),):
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=filename)
    return message.as_bytes()


NEWSLETTER = {
    "List_Unsubscribe": "<https://lettres.example.com/u>",
    "sender": "Lettre <lettre@lettres.example.com>",
    "subject": "La lettre",
}
