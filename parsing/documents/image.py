"""Pictures of a CV: no text without OCR, which the caller may lend."""

from __future__ import annotations

from parsing.documents.document import Problem, Reading, Tools, Unreadable


def read_image(data: bytes, tools: Tools) -> Reading:  # noqa: ARG001 - the signature of every reader
    """Report `no_text`; raises Unreadable always."""
    raise Unreadable(Problem.NO_TEXT)
