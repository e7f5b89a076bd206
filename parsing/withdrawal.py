"""Whether somebody takes an application back. Called where a candidate's message is recorded."""

from __future__ import annotations

from parsing.vocabulary import find, match, plain

_BEGINNING = 3000
"""Characters of a mail in which such a thing is said."""


def find_withdrawal(subject: str, written: str) -> str | None:
    """Return the words with which the author of a message withdraws an application, or None; `written` is what they wrote themselves."""
    said = plain(f"{subject} {written[:_BEGINNING]}")
    return next(iter(find(said, "withdraws")), None) or match(said, "withdraws_pattern")
