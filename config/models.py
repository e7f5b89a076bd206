"""The settings as frozen models: which keys there are, what they default to, and what each may be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, PlainValidator, ValidationInfo, field_validator, model_validator

from config import values
from config.account import KEYS_READ_LATER, Account
from config.errors import place
from config.fields import Count, Duration, EmailAddress, EmailAddresses, FilePath, Host, Port, Security, Table, Text, below_file
from config.oauth2.application import Application


class MailboxSettings(Account):
    """One `[[mailbox]]`: a folder on an IMAP server, a Maildir, or a folder of `.eml` files."""

    _name: ClassVar[str] = "mailbox"
    _use: ClassVar[str] = "imap"
    address: EmailAddress
    aliases: EmailAddresses = ()
    host: Host | None = None
    maildir: FilePath | None = None
    eml: FilePath | None = None
    """A folder of `.eml` files."""
    port: Port = 993
    security: Security = "tls"
    folder: Text = "INBOX"
    kind: Literal["dedicated", "personal"] = "dedicated"
    since: date | None = None
    """Older messages (INTERNALDATE) are not looked at on the first pass."""
    after: Annotated[str, AfterValidator(values.after)] = "leave"

    @model_validator(mode="before")
    @classmethod
    def _defaults(cls, table: object) -> object:
        if not isinstance(table, dict) or not table.get("host"):
            return table
        ports = {"tls": 993, "starttls": 143, "none": 143}
        return {"username": table.get("address"), "port": ports.get(str(table.get("security", "tls")), 993), **table}

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        given = [key for key in ("host", "maildir", "eml") if getattr(self, key) is not None]
        if len(given) > 1:
            raise ValueError(f"{' and '.join(given)} are {'both' if len(given) == 2 else 'all'} given; keep one")
        if not given:
            raise ValueError('say where the mail lies: host = "imap.example.org", maildir = "/var/mail/recrutement" or eml = "folder"')
        if self.host is None and self.oauth2 is not None:
            raise ValueError(f"{given[0]} and [mailbox.oauth2] are both given; a folder needs no log-in, remove the table")
        if self.host is None and self.after != "leave":
            raise ValueError(f'after = "leave" is all that {given[0]} allows: pli only reads there')
        if self.host is not None:
            self._check_server(self.host)
        return self


Mailbox = MailboxSettings


class SmtpSettings(Account):
    """`[smtp]`: the server that takes our mail (RFC 6409)."""

    _name: ClassVar[str] = "smtp"
    _use: ClassVar[str] = "smtp"
    host: Host
    port: Port = 587
    security: Security = "starttls"
    sender: Annotated[str, AfterValidator(values.sender)]

    @property
    def sender_name(self) -> str:
        """Return the sender's display name, possibly empty."""
        return parseaddr(self.sender)[0]

    @property
    def sender_address(self) -> str:
        """Return the sender's bare address, lower case."""
        return parseaddr(self.sender)[1].lower()

    @model_validator(mode="after")
    def _server(self) -> Self:
        self._check_server(self.host)
        return self


class StorageSettings(Table):
    """`[storage]`: where rows and files lie."""

    url: str = Field(default="sqlite:///pli.db", validate_default=True, repr=False)
    """May hold a password: never show it."""
    documents: str = Field(default="documents", validate_default=True)

    @field_validator("url")
    @classmethod
    def _known_database(cls, value: str, info: ValidationInfo) -> str:
        folder = (info.context or {}).get("folder", Path())
        value = values.database_url(value)
        if not value.startswith("sqlite:///"):
            return value
        return f"sqlite:///{folder / values.path(Path(value.removeprefix('sqlite:///')))}"

    @field_validator("documents")
    @classmethod
    def _folder(cls, value: str, info: ValidationInfo) -> str:
        if "://" in value or not value.strip():
            raise ValueError('write the path of a folder, such as "documents"; this version knows no other store')
        return str(below_file(Path(value), info))


class OffersSettings(Table):
    """`[offers]`: where the ads lie."""

    folder: FilePath = Field(default=Path("offers"), validate_default=True)


class AcknowledgementSettings(Table):
    """`[acknowledgement]`: whom to thank, and how many at once. Of caps, 0 means none."""

    backlog: bool = False
    max_age: Duration = values.Period(7, "day")
    max_per_hour: Count = 60
    max_per_address_per_day: Count = 2
    max_per_domain_per_10min: Count = 0
    unverified: Literal["send", "hold"] = "send"
    authserv_id: Text | None = None


class DigestSettings(Table):
    """`[digest]`: when the recruiters' letter is due."""

    at: Annotated[time, PlainValidator(values.clock)] = time(8)
    timezone: Annotated[ZoneInfo, PlainValidator(values.zone)] = Field(default="Europe/Paris", validate_default=True)
    days: Annotated[frozenset[int], PlainValidator(values.days)] = frozenset(range(5))
    """Weekdays, Monday is 0."""
    country: Annotated[str, AfterValidator(values.country)] = "FR"


class ScheduleSettings(Table):
    """`[schedule]`: how often."""

    poll_every: Duration = values.Period(60, "second")

    @field_validator("poll_every")
    @classmethod
    def _not_too_often(cls, value: timedelta) -> timedelta:
        if value < timedelta(seconds=1):
            raise ValueError('is too short; write at least "1s"')
        return value


class ParsingSettings(Table):
    """`[parsing]`: how documents are read."""

    pdf: Literal["auto", "pdfium", "pdfminer"] = "auto"
    """Which engine reads PDFs; `auto`: pdfium, and pdfminer.six for pages that pdfium reads badly."""


class PrivacySettings(Table):
    """`[privacy]`: whose data it is; stands in every acknowledgement (RGPD, art. 13)."""

    controller: Text
    contact: Text
    retention: Annotated[values.Period, PlainValidator(values.period)] = values.Period(2, "year")
    """After the last contact; `count` and `unit` say it as it was written."""


class Settings(Table):
    """Everything that `pli.toml` says; paths are absolute or relative to the file's folder."""

    storage: StorageSettings = Field(default_factory=dict, validate_default=True)
    offers: OffersSettings = Field(default_factory=dict, validate_default=True)
    mailbox: tuple[MailboxSettings, ...] = Field(min_length=1)
    smtp: SmtpSettings
    acknowledgement: AcknowledgementSettings = AcknowledgementSettings()
    digest: DigestSettings = DigestSettings()
    schedule: ScheduleSettings = ScheduleSettings()
    parsing: ParsingSettings = ParsingSettings()
    privacy: PrivacySettings
    path: Path = Path("pli.toml")
    """The file itself; no key of it."""

    @property
    def our_addresses(self) -> frozenset[str]:
        """Return mailboxes' addresses and aliases, lower case; those in the offers come on top."""
        return frozenset(name for mailbox in self.mailbox for name in (mailbox.address, *mailbox.aliases))

    @model_validator(mode="after")
    def _tell_places(self, info: ValidationInfo) -> Self:
        origins = (info.context or {}).get("origins", {})
        shared: dict[Path, Application] = {}
        for account in (*self.mailbox, self.smtp):
            if (mine := account.application) is not None:
                other = shared.setdefault(mine.token_file, mine)
                if other.owner != mine.owner:
                    raise ValueError(f"two oauth2 tables that differ keep their token in {mine.token_file}; give one another token_file")
                shared[mine.token_file] = replace(mine, uses=mine.uses | other.uses)
        for table, account in (*((f"mailbox.{number}", box) for number, box in enumerate(self.mailbox)), ("smtp", self.smtp)):
            mine = account.application
            places = {key: place(self.path, f"{table}.{key}", origins) for key in KEYS_READ_LATER}
            account.tell_places(places, frozenset() if mine is None else shared[mine.token_file].uses)
        return self

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        places = [(box.address, box.folder) for box in self.mailbox]
        if doubles := [f"{address} {folder}" for address, folder in set(places) if places.count((address, folder)) > 1]:
            raise ValueError(f"two [[mailbox]] tables name the same address and folder ({doubles[0]}); remove one")
        return self
