"""What understanding costs, as ratios to well-known code measured in the same run, over the demo's own mails."""

from __future__ import annotations

import email
import email.policy
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from io import BytesIO

from pdfminer.high_level import extract_text

from bench.timing import median
from demo.morning import write_mails
from intake.workers import Workers
from parsing.context import Context
from parsing.documents import read_document
from parsing.message import parse_message
from parsing.offer import parse_offer
from parsing.understand import understand

_MANY = 51
_AD = "---\ntitle: Métier {0}\nopen: true\n---\n\nEnvoyez votre CV à camille@example.org, avec le sujet « Métier {0} ».\n"


def measure() -> Iterator[str]:
    """Yield a line for each figure."""
    mails = [mail.content for mail in write_mails("morning", datetime(2026, 11, 23, tzinfo=UTC), {})]
    files = [attachment.content for content in mails for attachment in understand(content, Context()).attachments]
    pdfs = [content for content in files if content.startswith(b"%PDF-")]
    standard = median(lambda: [_standard(content) for content in mails])
    miner = median(lambda: [extract_text(BytesIO(pdf)) for pdf in pdfs])
    whole = median(lambda: [understand(content, Context()) for content in mails])
    with Workers(1) as workers:
        workers.run(understand, mails[0], Context())
        apart = median(lambda: [workers.run(understand, content, Context()) for content in mails])
    rows = (
        ("a mail taken apart", "the standard library's parser", median(lambda: [parse_message(content) for content in mails]) / standard),
        ("text of a PDF", "pdfminer.six alone", median(lambda: [read_document(pdf) for pdf in pdfs]) / miner),
        ("a mail understood, documents included", "the standard library's parser", whole / standard),
        ("the same in a killable child process", "in this process", apart / whole),
    )
    for what, against, ratio in (*rows, *_of_a_large_mail()):
        yield f"{what:40} {ratio:6.2f} times the cost of {against}"


def _of_a_large_mail() -> Iterator[tuple[str, str, float]]:
    """Yield what the mail itself costs, its 180 KiB document left unread, beside a team's ten offers."""
    content = _large_mail()
    offers = tuple(parse_offer(_AD.format(number).encode(), f"offer-{number}.md") for number in range(10))
    context = Context(offers=offers, recruiters=frozenset({"camille@example.org"}), read_documents=False)
    standard = median(lambda: _standard(content), _MANY)
    yield "a mail of 250 KiB taken apart", "the standard library's parser", median(lambda: parse_message(content), _MANY) / standard
    yield "the same told and routed", "the standard library's parser", median(lambda: understand(content, context), _MANY) / standard


def _large_mail() -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"] = "Léa Morin <lea.morin@example.net>", "camille@example.org"
    mail["Subject"], mail["Date"], mail["Message-ID"] = "Candidature : métier 7", "Mon, 23 Nov 2026 10:00:00 +0100", "<1@example.net>"
    text = "Bonjour,\n\nVeuillez trouver ci-joint mon CV pour ce poste.\n\nCordialement,\nLéa Morin\n"
    mail.set_content(text)
    mail.add_alternative(f"<p>{text}</p>", subtype="html")
    octets = b"%PDF-1.7\n" + random.Random(7).randbytes(180 * 1024)  # noqa: S311 - noise, not a secret
    mail.add_attachment(octets, maintype="application", subtype="pdf", filename="CV Léa Morin.pdf")
    return mail.as_bytes(policy=email.policy.SMTP)


def _standard(content: bytes) -> int:
    message = email.message_from_bytes(content, policy=email.policy.compat32)
    return sum(len(part.get_payload(decode=True) or b"") for part in message.walk() if not part.is_multipart())
