"""The schema: every table, and every rule that the database itself keeps.

Idempotency lives here, in unique constraints keyed by what a row is for: a place in a mailbox, a person and an offer, a thing to say,
a recruiter's day.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Date,
    Dialect,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)
from sqlalchemy import DateTime as SqlDateTime
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from storage.text import is_storable, storable, storable_facts, utc


class Moment(TypeDecorator[datetime]):
    """An aware datetime, stored in UTC; SQLite keeps no zone, so it is put back when read."""

    impl = SqlDateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive values: they would silently mean another moment."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        moment = utc(value)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC."""
        return None if value is None else utc(value)


class Words(TypeDecorator[str]):
    """Text from outside: without NUL and lone surrogates, which PostgreSQL refuses."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Clean what the database could not hold."""
        return None if value is None else storable(value)


class Facts(TypeDecorator[Any]):
    """JSON from outside, cleaned like `Words`."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Clean every string in it."""
        return value if is_storable(value) else storable_facts(value)


class Base(DeclarativeBase):
    """All tables; constraint names are fixed so that migrations can name them on every database."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Moment, str: Words, dict[str, Any]: Facts, list[Any]: Facts, date: Date}  # noqa: RUF012 - SQLAlchemy reads it here


class Mailbox(Base):
    """A folder of a mailbox and how far it has been read."""

    __tablename__ = "mailboxes"
    __table_args__ = (UniqueConstraint("address", "folder"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str]
    folder: Mapped[str]
    first_contact_at: Mapped[datetime]
    uidvalidity: Mapped[int | None] = mapped_column(BigInteger)
    last_uid: Mapped[int] = mapped_column(BigInteger, default=0)
    authserv_id: Mapped[str | None]
    """Whose Authentication-Results were learned to count; follows from `authserv_seen`: messages by who signed topmost."""
    authserv_seen: Mapped[dict[str, Any] | None]


class LogInRefusal(Base):
    """The last refused log-in of a mailbox, until one succeeds: how long to leave the account alone is counted from it."""

    __tablename__ = "login_refusals"

    address: Mapped[str] = mapped_column(primary_key=True)
    account: Mapped[str]
    """Tells whether host, username or password were changed since, without telling any of them."""
    refused_at: Mapped[datetime]


class Message(Base):
    """One arrival: where it lies, what became of it, and why."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("mailbox_id", "position"),
        Index("ix_messages_waiting", "state", "quiet", "received_at", "id"),
        Index("ix_messages_message_id", "message_id"),
        Index("ix_messages_content_key", "content_key"),
        Index("ix_messages_sha256", "sha256", "mailbox_id"),
        Index("ix_messages_application_id", "application_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mailbox_id: Mapped[int] = mapped_column(ForeignKey("mailboxes.id"))
    position: Mapped[str]
    state: Mapped[str] = mapped_column(String(16))
    received_at: Mapped[datetime | None]
    recorded_at: Mapped[datetime]
    sha256: Mapped[str | None] = mapped_column(String(64))
    size: Mapped[int | None] = mapped_column(BigInteger)
    backlog: Mapped[bool] = mapped_column(default=False)
    settled: Mapped[bool] = mapped_column(default=False)
    quiet: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Nobody is answered because of it: it was imported, and nobody asked for acknowledgements."""
    attempts: Mapped[int] = mapped_column(default=0)
    owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    cause: Mapped[str | None]
    remedy: Mapped[str | None]
    application_id: Mapped[int | None] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"))
    mail_class: Mapped[str | None] = mapped_column(String(32))
    message_id: Mapped[str | None]
    content_key: Mapped[str | None] = mapped_column(String(64))
    author: Mapped[str | None]
    subject: Mapped[str | None]
    sent_at: Mapped[datetime | None]
    body: Mapped[str | None]
    language: Mapped[str | None] = mapped_column(String(8))
    recipients: Mapped[list[Any] | None]
    understanding: Mapped[dict[str, Any] | None]
    """Reasons, misses, refusals, authentication, route, problems, applicant, files: why it was decided so, and for whom."""
    profile: Mapped[dict[str, Any] | None]
    """What it says of the applicant (JSON Resume), when that may be believed."""


class OfferRow(Base):
    """An ad as last read; rows mirror the folder and outlive it, because applications point to them."""

    __tablename__ = "offers"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    file: Mapped[str]
    title: Mapped[str]
    open: Mapped[bool]
    language: Mapped[str] = mapped_column(String(8))
    recruiters: Mapped[list[Any]]
    facts: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the ad's file: a renamed ad is the same offer."""
    missing: Mapped[bool] = mapped_column(default=False)
    first_seen_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class Candidate(Base):
    """A person. Everything personal hangs on this row and goes with it."""

    __tablename__ = "candidates"
    __table_args__ = (Index("ix_candidates_name_key", "name_key"), Index("ix_candidates_phone", "phone"))

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str | None]
    name_key: Mapped[str | None]
    """The name's words without accents, in one order: finds namesakes, and decides nothing."""
    phone: Mapped[str | None]
    """E.164."""
    created_at: Mapped[datetime]


class CandidateAddress(Base):
    """One of a person's addresses, in lower case: they wrote from it, or one of us handed their mail on. What others claim is none."""

    __tablename__ = "candidate_addresses"
    __table_args__ = (Index("ix_candidate_addresses_candidate_id", "candidate_id"),)

    address: Mapped[str] = mapped_column(primary_key=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id", ondelete="CASCADE"))


class Application(Base):
    """A candidate for an offer."""

    __tablename__ = "applications"
    __table_args__ = (
        UniqueConstraint("candidate_id", "offer_id"),
        # NULLs are never equal, so the one application without an offer needs its own rule
        Index(
            "uq_applications_unrouted",
            "candidate_id",
            unique=True,
            sqlite_where=text("offer_id IS NULL"),
            postgresql_where=text("offer_id IS NULL"),
        ),
        Index("ix_applications_applicant_email", "applicant_email"),
        Index("ix_applications_cv_email", "cv_email"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    candidate_id: Mapped[int] = mapped_column(ForeignKey("candidates.id", ondelete="CASCADE"))
    offer_id: Mapped[int | None] = mapped_column(ForeignKey("offers.id"))
    offer_certain: Mapped[bool]
    stage: Mapped[str] = mapped_column(String(16))
    received_at: Mapped[datetime]
    last_contact_at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    language: Mapped[str] = mapped_column(String(8))
    authentication: Mapped[str] = mapped_column(String(8))
    applicant_name: Mapped[str | None]
    name_is_sure: Mapped[bool]
    applicant_email: Mapped[str | None]
    """As the first message told it, in lower case; perhaps not proven."""
    cv_email: Mapped[str | None]
    """As the latest CV tells it, in lower case."""
    profile: Mapped[dict[str, Any]]


class FormerReference(Base):
    """The reference of an application that was merged into another one: it keeps leading there."""

    __tablename__ = "former_references"
    __table_args__ = (Index("ix_former_references_application_id", "application_id"),)

    reference: Mapped[str] = mapped_column(String(16), primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"))
    before: Mapped[dict[str, Any]]
    """The application and its person as they were, for `pli split`."""
    merged_at: Mapped[datetime]


class Double(Base):
    """Two applications of two people who may be one, with what speaks for it; `decided_at`: a person says that they are not."""

    __tablename__ = "doubles"
    # no number is given twice: `pli triage d5` stands in mails, and must never mean two other people
    __table_args__ = (UniqueConstraint("one_id", "other_id"), Index("ix_doubles_other_id", "other_id"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    one_id: Mapped[int] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"))
    """The application with the lower id."""
    other_id: Mapped[int] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"))
    evidence: Mapped[list[Any]]
    """`{"kind", "detail"}`: `cv`, `phone`, `name` or `address`, and the value both share."""
    found_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]
    note: Mapped[str | None]


class Document(Base):
    """A file that came with an application; the bytes lie in the document store under their SHA-256."""

    __tablename__ = "documents"
    __table_args__ = (UniqueConstraint("application_id", "sha256"), Index("ix_documents_sha256", "sha256"))

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id", ondelete="SET NULL"))
    sha256: Mapped[str] = mapped_column(String(64))
    filename: Mapped[str]
    role: Mapped[str] = mapped_column(String(16))
    media_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    pages: Mapped[int | None]
    language: Mapped[str | None] = mapped_column(String(8))
    problems: Mapped[list[Any]]
    text: Mapped[str]
    received_at: Mapped[datetime]
    believed: Mapped[bool] = mapped_column(default=True, server_default=true())
    """It came from the person, or from one of us for them; other files are shown, and replace nothing."""


class Event(Base):
    """What happened to an application; written once, never changed."""

    __tablename__ = "events"
    __table_args__ = (Index("ix_events_application_id", "application_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime]
    actor: Mapped[str]
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id", ondelete="SET NULL"))
    data: Mapped[dict[str, Any]]


class Outgoing(Base):
    """What must be said, to whom, once: the outbox. Patience is counted from `first_tried_at`: a cap may have kept it waiting before."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_due", "state", "id"),
        Index("ix_outbox_message_id", "message_id"),
        Index("ix_outbox_application_id", "application_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(32))
    recipient: Mapped[str]
    language: Mapped[str] = mapped_column(String(8))
    application_id: Mapped[int | None] = mapped_column(ForeignKey("applications.id", ondelete="CASCADE"))
    about_message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id", ondelete="SET NULL"))
    digest_id: Mapped[int | None] = mapped_column(ForeignKey("digests.id"))
    state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None]
    created_at: Mapped[datetime]
    not_before: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    first_tried_at: Mapped[datetime | None]
    resends: Mapped[int] = mapped_column(default=0)
    owner: Mapped[str | None]
    token: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    message_id: Mapped[str | None]
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    given_at: Mapped[datetime | None]
    """When the final dot was about to be sent; the caps count by it."""
    sent_at: Mapped[datetime | None]


class Digest(Base):
    """A recruiter's digest of one day."""

    __tablename__ = "digests"
    __table_args__ = (UniqueConstraint("recruiter", "period"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    recruiter: Mapped[str]
    period: Mapped[date]
    created_at: Mapped[datetime]


class DigestItem(Base):
    """An event told to a recruiter: each exactly once."""

    __tablename__ = "digest_items"

    recruiter: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"), primary_key=True)
    digest_id: Mapped[int] = mapped_column(ForeignKey("digests.id"))
