"""The words for what speaks for and against something that a person must decide."""

from __future__ import annotations

from collections.abc import Iterable

_WORDS = {
    "phrase": "the words apply",
    "own_cv": "the words speak of the author's own CV",
    "wording": "the wording is that of an application",
    "subject_applies": "the subject applies",
    "subject": "the subject is that of an application",
    "cv": "a file is a CV",
    "supposed_cv": "a file may be a CV",
    "body": "the text reads as a CV",
    "cv_link": "a CV is linked",
    "document": "a document is attached",
    "title": "it names an offer",
    "near_title": "it nearly names an offer",
    "asked": "the subject is the one that the ad asks for",
    "recipient": "written to an address for applications",
    "elsewhere": "it is about another matter",
    "asks_after": "it asks after an application",
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
    "no_words": "nobody applies in so many words",
    "no_cv": "there is no CV",
    "no_offer": "no offer is named",
    "same_cv": "the same CV",
    "same_phone": "the same telephone",
    "same_name": "the same name for the same offer",
    "same_address": "the same address",
    "other_name": "other names",
    "other_address": "other addresses",
    "other_phone": "other telephones",
}
"""Codes of `storage.readings` and of suspected doubles; a test sees that none is missing."""


def in_words(pieces: Iterable[tuple[str, str]]) -> str:
    """Return codes and the words found as one line."""
    return "; ".join(f"{_WORDS.get(code, code)}{f' ({detail})' if detail else ''}" for code, detail in pieces)
