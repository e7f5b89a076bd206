"""The headings of a CV's parts, of whatever kind: what stands between them is read by others, here they only are no names and no titles."""

from __future__ import annotations

from functools import cache

from parsing.languages import words
from parsing.profile.facts import fold

_KINDS = (
    *("work", "education", "skills", "languages", "certificates", "summary", "interests", "contact", "projects", "publications"),
    *("volunteering", "other"),
)


@cache
def all_headings() -> frozenset[str]:
    """Return the headings of all kinds, folded."""
    return frozenset(fold(word) for kind in _KINDS for word in words("cv", f"heading_{kind}"))
