"""The receipt that each candidate gets once: what arrived, what happens next, what is missing, and what becomes of their data.

Besides a cleaned name and cleaned file names nothing in it comes from the candidate's mail, and it goes to one address: it can be
made to carry no stranger's message to anybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from notifications.clean import clean_file_name, clean_line, clean_name
from notifications.notices import Draft, House
from notifications.rendering import duration, known, render
from storage import queries
from storage.outbox import Notice
from storage.views import AcknowledgementFacts, DocumentView

_CLOSED_TO_PEOPLE = frozenset({"encrypted", "unreadable", "unsupported"})
"""Problems that keep a person from reading the file, too; the others only keep a program from it."""
_TOLD = ("encrypted", "unreadable", "unsupported", "no_text")
_NO_PROBLEM = {("no_text", "photo")}
"""A photo has no text, and need not."""
_MOST = 10


@dataclass(frozen=True, slots=True)
class Received:
    """A document as the receipt names it."""

    name: str | None
    """None: too strange to be repeated; the receipt then names the kind alone."""
    role: str
    pages: int | None
    problem: str | None
    """The one problem worth telling the candidate, as a code."""


def compose(session: Session, notice: Notice, house: House) -> Draft:
    """Return the acknowledgement that `notice` asks for; raises LookupError when its application is gone."""
    if notice.application_id is None:
        raise LookupError(f"{notice.key} names no application")
    facts = queries.acknowledgement_facts(session, notice.application_id, notice.about_message_id)
    return draft(facts, house, recipient=notice.recipient, language=notice.language)


def draft(facts: AcknowledgementFacts, house: House, *, recipient: str, language: str) -> Draft:
    """Return the acknowledgement in `language`."""
    language = known(language)
    title = clean_line(facts.offer_title, 120) if facts.offer_title else None
    name = clean_name(facts.name)
    documents = received(facts.documents)
    values = {
        "name": name,
        "title": title,
        "closed": title is not None and not facts.offer_open,
        "reference": facts.reference,
        "documents": documents[:_MOST],
        "more": max(0, len(documents) - _MOST),
        "cv": _state_of_cv(documents),
        "locked": _locked(documents),
        "house": house,
        "retention": duration(house.retention, language),
    }
    subject = render("acknowledgement_subject.txt", language, **values).strip()
    return Draft(
        recipient=recipient,
        recipient_name=name,
        subject=subject,
        text=render("acknowledgement.txt", language, **values),
        html=render("acknowledgement.html", language, subject=subject, **values),
        language=language,
        automatic="auto-replied",
        in_reply_to=facts.message_id,
    )


def received(documents: Sequence[DocumentView]) -> list[Received]:
    """Return the documents worth naming, in the order they came; pictures of a signature are not."""
    return [
        Received(
            name=clean_file_name(document.filename),
            role=str(document.role),
            pages=document.pages or None,
            problem=next((code for code in _TOLD if code in document.problems and (code, document.role) not in _NO_PROBLEM), None),
        )
        for document in documents
        if document.role != "inline_image"
    ]


def _locked(documents: Sequence[Received]) -> str:
    """Return how many of the documents a person cannot open either: `one` when there is but one, else `all` or `some`."""
    closed = sum(document.problem in _CLOSED_TO_PEOPLE for document in documents)
    return "one" if len(documents) == 1 else "all" if closed == len(documents) else "some"


def _state_of_cv(documents: Sequence[Received]) -> str:
    """Return `readable`, `scanned` (a person can read it), `unreadable` or `missing`."""
    problems = [document.problem for document in documents if document.role == "cv"]
    if None in problems:
        return "readable"
    if "no_text" in problems:
        return "scanned"
    if problems:
        return "unreadable"
    # a file that opens for nobody may well be the CV: the receipt then asks for that file, not for "a CV"
    return "unreadable" if any(document.problem in _CLOSED_TO_PEOPLE for document in documents) else "missing"
