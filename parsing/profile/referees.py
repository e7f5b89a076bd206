"""Other people in a CV: whoever is named as a reference is not the person whose CV it is."""

from __future__ import annotations

import re
from functools import cache

from parsing.languages import words
from parsing.profile.emails import link_target
from parsing.profile.facts import fold

_MOST_LINKS = 200
_MOST_LINES = 25
"""Of the people below a heading about references, in a text that names no further heading."""


def without_referees(text: str) -> str:
    """Return `text`, as long as it was, with blanks for what stands below a heading "References" or on a line that begins so."""
    if not _said().search(text):
        return text
    kept: list[str] = []
    hidden = 0
    for line in text.split("\n"):
        heading = fold(line) if len(line) <= 60 else ""
        if heading in _folded("heading_references"):
            hidden = _MOST_LINES
        elif heading in _headings():
            hidden = 0
        begins = _said().match(line)
        kept.append(" " * len(line) if hidden or (begins and line[begins.end() :].lstrip()[:1] == ":") else line)
        hidden = max(0, hidden - 1)
    return "\n".join(kept)


def own_links(links: tuple[str, ...], whole: str, text: str) -> tuple[str, ...]:
    """Return the links without those whose address or number stands in the `whole` text only where `text` has blanked it."""
    if whole == text:
        return links
    return tuple(link for link in links[:_MOST_LINKS] if not (_stands_in(link, whole) and not _stands_in(link, text)))


def _stands_in(link: str, text: str) -> bool:
    kind, target = link_target(link)
    if kind == "tel":
        digits = re.sub(r"\D", "", target)[-8:]
        return len(digits) == 8 and digits in re.sub(r"\D", "", text)
    return kind == "mailto" and target.lower() in text.lower()


@cache
def _said() -> re.Pattern[str]:
    return re.compile(rf"(?im)^\W{{0,4}}(?:{'|'.join(map(re.escape, words('cv', 'heading_references')))})(?!\w)")


@cache
def _headings() -> frozenset[str]:
    kinds = ("work", "education", "skills", "languages", "other")
    return frozenset().union(*(_folded(f"heading_{kind}") for kind in kinds)) - _folded("heading_references")


@cache
def _folded(key: str) -> frozenset[str]:
    return frozenset(fold(word) for word in words("cv", key))
