"""Read models: what commands and mails show. Frozen, detached from the database, in the words of the product."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentView:
    """A file that came with an application."""

    filename: str
    role: str
    sha256: str
    media_type: str
    size: int
    """Octets."""
    pages: int | None
    language: str | None
    problems: tuple[str, ...]
    received_at: datetime
    message: int | None
    """Row of the message that brought it."""
    version: int | None = None
    """Of a CV: its place among those the person sent, from 1."""
    superseded: bool = False
    """A later CV took its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventView:
    """One line of an application's history."""

    at: datetime
    kind: str
    actor: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageView:
    """A message of an application."""

    id: int
    mailbox: str
    received_at: datetime | None
    author: str | None
    subject: str | None
    mail_class: str | None
    body: str
    understanding: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubleView:
    """Another application that may be of the same person."""

    id: int
    reference: str
    evidence: tuple[tuple[str, str], ...]
    """Kind (`cv`, `phone`, `name`, `address`) and the value that both share."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationView:
    """A candidate for an offer, as a recruiter sees it."""

    reference: str
    offer: str | None
    """Slug."""
    offer_title: str | None
    offer_certain: bool
    stage: str
    received_at: datetime
    last_contact_at: datetime
    acknowledged_at: datetime | None
    language: str
    name: str | None
    email: str | None
    phone: str | None
    mailboxes: tuple[str, ...]
    messages: int
    documents: tuple[DocumentView, ...]
    flags: tuple[str, ...]
    """`no_cv`, `offer_unknown`, `offer_uncertain`, `unverified_sender`, `authentication_failed`, `possible_double`, `bounced`,
    `not_acknowledged`, `acknowledgement_unknown`, `withdrawn_by_candidate`, and the documents' problem codes."""
    profile: dict[str, Any]
    """JSON Resume."""
    words: str
    """What the candidate wrote in the first mail."""
    emails: tuple[str, ...] = ()
    """Every address of the person."""
    former_references: tuple[str, ...] = ()
    """Of applications that were merged into this one; they lead here."""
    doubles: tuple[DoubleView, ...] = ()
    """Undecided suspicions that another application is of the same person."""
    forwarded_by: str | None = None
    """Who handed it on, when the first message did not come from the candidate."""
    withheld: tuple[str, ...] = ()
    """Why no acknowledgement was sent, as named reasons."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationDetail:
    """An application with everything that belongs to it."""

    application: ApplicationView
    history: tuple[EventView, ...]
    messages: tuple[MessageView, ...]
    texts: tuple[tuple[str, str], ...]
    """File name and text of each document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TriageView:
    """Something that needs a person, with what would settle it."""

    id: str
    """`m12` for a message, `o7` for a mail of ours, `d5` for a suspected double, the reference for an application."""
    kind: str
    """`message`, `failure`, `mail`, `application` or `double`."""
    at: datetime
    mailbox: str | None
    author: str | None
    subject: str | None
    mail_class: str | None
    cause: str
    remedy: str
    reference: str | None
    other_reference: str | None = None
    """Of a suspected double: the other application."""
    offers: tuple[str, ...] = ()
    """Slugs of the offers that fit as far as pli knows, the likeliest first."""
    speaks_for: tuple[tuple[str, str], ...] = ()
    """What speaks for an application (codes of `storage.readings`), or for one person (kinds of a double's evidence); with the words."""
    speaks_against: tuple[tuple[str, str], ...] = ()
    """What speaks against it; of a suspected double `other_name`, `other_address`, `other_phone`, with both values."""
    withheld: tuple[str, ...] = ()
    """Of a message: why it would not be acknowledged if it were taken in; empty: it would."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How often pli was not sure."""

    unsure: int
    """Messages that it left to a person, decided or not."""
    total: int
    """Messages that it read."""

    @property
    def ratio(self) -> float:
        """Between 0 and 1; 0 of nothing."""
        return round(self.unsure / self.total, 4) if self.total else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """An event told in a digest, with the application it happened to."""

    application: ApplicationView
    event: EventView


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One offer's part of a digest."""

    slug: str | None
    title: str | None
    open: bool
    new: tuple[ApplicationView, ...]
    updated: tuple[News, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestView:
    """A recruiter's digest of one day."""

    recruiter: str
    period: date
    language: str
    sections: tuple[Section, ...]
    waiting: tuple[ApplicationView, ...]
    triage: tuple[TriageView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgementFacts:
    """What an acknowledgement says."""

    reference: str
    name: str | None
    """None unless it is sure."""
    offer_title: str | None
    """None unless it is certain."""
    offer_open: bool
    recruiters: tuple[str, ...]
    documents: tuple[DocumentView, ...]
    message_id: str | None
    """Of the candidate's message."""
    subject: str
