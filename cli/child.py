"""What runs in child processes for commands that read files; imports as little as it can, because every child pays for it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import date

from parsing.documents import Document, Tools, read_document
from parsing.profile import Profile, extract_profile


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What a CV file says, and how long the reading took."""

    document: Document
    profile: Profile = field(default_factory=Profile)
    seconds: float = 0.0


def read_cv(content: bytes, name: str, tools: Tools, today: date) -> ReadFile:
    """Read a file that is meant to be a CV; `name` is only a hint of its format, `today` ends what goes on. Never raises."""
    start = time.perf_counter()
    document = read_document(content, filename=name, tools=tools)
    profile = extract_profile(document, today=today)
    return ReadFile(document, profile, time.perf_counter() - start)
