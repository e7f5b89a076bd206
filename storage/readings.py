"""Both readings of a message that waits for a person: what speaks for an application, what against, and what taking it in would do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_FOR = {
    "phrase": "the words apply",
    "own_cv": "the words speak of the author's own CV",
    "wording": "the wording is that of an application",
    "cv": "a file is a CV",
    "supposed_cv": "a file may be a CV",
    "document": "a document is attached",
    "recipient": "written to an address for applications",
    "title": "it names an offer",
    "near_title": "it nearly names an offer",
    "subject": "the subject is that of an application",
    "subject_applies": "the subject applies",
    "body": "the text reads as a CV",
}
"""Pieces of evidence as `parsing.evidence` names them."""
_AGAINST = {
    "elsewhere": "it is about a post elsewhere",
    "asks_after": "it asks a question",
    "list": "a mailing list or a newsletter brought it",
    "precedence": "it is bulk mail",
    "auto_submitted": "a program wrote it",
    "robot_author": "a program's address wrote it",
    "from_ourselves": "one of us wrote it",
    "not_to_us": "it is not addressed to us",
    "applicant_is_not_author": "its author is not the applicant",
    "several_authors": "it has several authors",
    "forward_unclear": "it is forwarded, and does not show from whom",
    "authentication_failed": "its sender may be forged",
}
"""Evidence and refusals (`parsing.refusals`) that speak against it, or against answering it."""
_MISSING = (
    ({"phrase", "own_cv", "wording", "subject_applies"}, "nobody applies in so many words"),
    ({"cv", "supposed_cv", "body"}, "there is no CV"),
    ({"title", "near_title"}, "no offer is named"),
)


@dataclass(frozen=True, slots=True)
class Readings:
    """What a person needs to decide."""

    speaks_for: tuple[str, ...] = ()
    speaks_against: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    """Slugs of the offers that fit, the likeliest first."""
    withheld: tuple[str, ...] = ()
    """Named reasons why it would not be acknowledged if it were taken in."""


def readings(understanding: Mapping[str, Any]) -> Readings:
    """Return both readings of what was understood of a message."""
    pieces = dict(_pieces(understanding.get("reasons") or ()))
    refusals = [str(name) for name in understanding.get("refusals") or () if name != "not_an_application"]
    against = [f"{_AGAINST[name]}{f' ({detail})' if detail else ''}" for name, detail in pieces.items() if name in _AGAINST]
    against += [_AGAINST[name] for name in refusals if name in _AGAINST]
    against += [words for names, words in _MISSING if not names & set(pieces)]
    offers = (understanding.get("offer"), *(understanding.get("alternatives") or ()))
    return Readings(
        speaks_for=tuple(f"{_FOR[name]}{f' ({detail})' if detail else ''}" for name, detail in pieces.items() if name in _FOR),
        speaks_against=tuple(dict.fromkeys(against)),
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
