"""What a digest is made of, as the templates see it: plain words only. Filled by `digest_page.py`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLine:
    """A file, in words."""

    name: str
    kind: str
    pages: int | None
    size: str
    problems: tuple[str, ...]
    later: str | None
    """When it came, if that was after the application itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A new application."""

    reference: str
    name: str | None
    email: str | None
    phone: str | None
    label: str | None
    place: str | None
    experience: str | None
    """How long they have worked, and how that is known."""
    languages: tuple[str, ...]
    skills: tuple[str, ...]
    """The first ones, in the order of the CV."""
    more_skills: int
    documents: tuple[DocumentLine, ...]
    flags: tuple[tuple[str, str], ...]
    """Short name and meaning."""
    excerpt: tuple[str, ...]
    """Paragraphs of what was written, shortened."""
    received: str
    mailboxes: tuple[str, ...]
    """Where the mail itself lies."""
    forwarded_by: str | None
    """Who handed it on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """Something new about an application that was told before."""

    reference: str
    name: str | None
    email: str | None
    what: str
    documents: tuple[DocumentLine, ...]
    other_sender: bool
    """It was not sent from the candidate's address."""
    version: str | None
    """Which CV took the place of which, when a newer one came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferPart:
    """One offer's news; `title` None: applications whose offer is unknown."""

    title: str | None
    open: bool
    new: tuple[Card, ...]
    updated: tuple[Update, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An application that nobody has decided on."""

    reference: str
    name: str | None
    email: str | None
    title: str | None
    stage: str
    age: int
    """Working days since it came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Something that needs a person."""

    kind: str
    """`message`, `failure`, `mail`, `application` or `double`."""
    subject: str | None
    author: str | None
    mailbox: str | None
    received: str
    cause: str
    state: str | None
    """Of a mail of ours that did not leave."""
    commands: tuple[tuple[str, str], ...]
    """What would settle it: the command, and what it does, as a code of the words `commands`."""
    readings: tuple[tuple[str, str], ...]
    """What speaks for it and what against: a heading, and the reasons."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A whole digest."""

    recruiter: str
    day: str
    offers: tuple[OfferPart, ...]
    waiting: tuple[Waiting, ...]
    decisions: tuple[Decision, ...]
    new: int
    updated: int
    nobody_verified: bool
    """True of every new application: then it says something about the mail server, and is said once."""
