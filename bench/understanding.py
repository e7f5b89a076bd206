"""What understanding costs, as ratios to well-known code measured in the same run, over the demo's own mails."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO

from pdfminer.high_level import extract_text

from bench.timing import median
from demo.morning import write_mails
from intake.workers import Workers
from parsing.context import Context
from parsing.documents import read_document
from parsing.message import parse_message
from parsing.understand import understand


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
    for what, against, ratio in rows:
        yield (f"{what:40} {ratio:6.2f} times the cost of {against}")


def _standard(content: bytes) -> int:
    message = email.message_from_bytes(content, policy=email.policy.compat32)
    return sum(len(part.get_payload(decode=True) or b"") for part in message.walk() if not part.is_multipart())
