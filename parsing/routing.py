"""Which offer a message is about: thread, address, subject, title, in that order."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Route:
    """The offer meant, or the best candidate and why it is not certain."""

    offer: str | None = None
    """Slug."""
    certain: bool = False
    """False: other offers fit as well; the acknowledgement then names no title, and a person may correct it."""
    alternatives: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
