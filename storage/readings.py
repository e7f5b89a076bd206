"""Both readings of a message that waits for a person: what speaks for an application, what against, and what taking it in would do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

FOR = (
    "phrase",
    "own_cv",
    "wording",
    "subject_applies",
    "subject",
    "cv",
    "supposed_cv",
    "body",
    "cv_link",
    "document",
    "title",
    "near_title",
    "asked",
    "recipient",
)
"""Pieces of evidence that speak for an application, as `parsing.evidence` names them."""
AGAINST = (
    "elsewhere",
    "asks_after",
    "list",
    "precedence",
    "auto_submitted",
    "robot_author",
    "from_ourselves",
    "not_to_us",
    "applicant_is_not_author",
    "several_authors",
    "forward_unclear",
    "authentication_failed",
)
"""Evidence and refusals (`parsing.refusals`) that speak against one, or against answering it."""
MISSING = (
    ("no_words", frozenset({"phrase", "own_cv", "wording", "subject_applies"})),
    ("no_cv", frozenset({"cv", "supposed_cv", "body", "cv_link"})),
    ("no_offer", frozenset({"title", "near_title"})),
)
"""What is said against one when none of these pieces is there."""


@dataclass(frozen=True, slots=True)
class Readings:
    """What a person needs to decide."""

    speaks_for: tuple[tuple[str, str], ...] = ()
    """Codes of `FOR`, each with the words found."""
    speaks_against: tuple[tuple[str, str], ...] = ()
    """Codes of `AGAINST` and `MISSING`, each with the words found, if any."""
    offers: tuple[str, ...] = ()
    """Slugs of the offers that fit, the likeliest first."""
    withheld: tuple[str, ...] = ()
    """Named reasons why it would not be acknowledged if it were taken in."""


def readings(understanding: Mapping[str, Any]) -> Readings:
    """Return both readings of what was understood of a message."""
    pieces = dict(_pieces(understanding.get("reasons") or ()))
    refusals = [str(name) for name in understanding.get("refusals") or () if name != "not_an_application"]
    against = {name: detail for name, detail in pieces.items() if name in AGAINST}
    against |= {name: "" for name in refusals if name in AGAINST and name not in against}
    against |= {name: "" for name, pieces_of_it in MISSING if not pieces_of_it & set(pieces)}
    offers = (understanding.get("offer"), *(understanding.get("alternatives") or ()))
    return Readings(
        speaks_for=tuple((name, detail) for name, detail in pieces.items() if name in FOR),
        speaks_against=tuple(against.items()),
        offers=tuple(dict.fromkeys(str(offer) for offer in offers if offer)),
        withheld=tuple(refusals),
    )


def _pieces(reasons: list[str] | tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield the evidence in `rule: piece: detail; piece: detail`."""
    for reason in reasons:
        for part in str(reason).partition(": ")[2].split("; "):
            name, separator, detail = part.partition(": ")
            if separator:
                yield name, detail
