"""The settings as frozen models: which keys there are, what they default to, and what each may be.

A path is made relative to the folder of `pli.toml`, which `load` hands in as the validation context.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    PrivateAttr,
    SecretStr,
    ValidationInfo,
    field_validator,
    model_validator,
)

from config import values
from config.errors import ConfigError, place

SECRET_KEYS = ("password", "password_file", "password_command")


def _below_file(value: Path, info: ValidationInfo) -> Path:
    folder = (info.context or {}).get("folder")
    path = values.path(value)
    return path if folder is None else folder / path


def _list(value: object) -> object:
    # a variable can only hold text: "a@example.org, b@example.org"
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _no_bool(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("write a whole number")  # noqa: TRY004 - pydantic turns ValueError into a line
    return value


Text = Annotated[str, AfterValidator(values.line)]
EmailAddress = Annotated[str, AfterValidator(values.address)]
Host = Annotated[str, AfterValidator(values.host)]
FilePath = Annotated[Path, AfterValidator(_below_file)]
Duration = Annotated[timedelta, PlainValidator(values.period)]
Count = Annotated[int, BeforeValidator(_no_bool), Field(ge=0)]
Port = Annotated[int, BeforeValidator(_no_bool), Field(ge=1, le=65535)]
Security = Literal["tls", "starttls", "none"]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class _Account(_Table):
    """What a mailbox and the submission server share: how to be sure of the server, and how to log in."""

    _name: ClassVar[str] = ""
    security: Security
    username: Text | None = None
    password: SecretStr | None = None
    password_file: FilePath | None = None
    password_command: Text | None = None
    ca_file: FilePath | None = None
    """Certificates (PEM) to trust beside the system's: for a server with a certificate of one's own."""
    _places: dict[str, str] = PrivateAttr(default_factory=dict)
    """Where each key that is looked into later than the file stands, as complaints name it."""

    def password_value(self) -> str | None:
        """Return the password, read now; None when none is configured. Raises ConfigError when its file or command fails."""
        try:
            if self.password_file is not None:
                return values.secret_from_file(self.password_file)
            if self.password_command is not None:
                return values.secret_from_command(self.password_command)
        except ValueError as error:
            key = "password_file" if self.password_file is not None else "password_command"
            raise self._complaint(key, self.password_file, str(error)) from None
        return None if self.password is None else self.password.get_secret_value()

    def check(self) -> None:
        """Read the password and the certificates, and forget them. Raises ConfigError for what cannot be read."""
        self.password_value()
        if self.ca_file is not None:
            try:
                values.check_certificates(self.ca_file)
            except ValueError as error:
                raise self._complaint("ca_file", self.ca_file, str(error)) from None

    def tell_places(self, places: Mapping[str, str]) -> None:
        """Say where the keys stand, once the whole file is known."""
        self._places.update(places)

    def _complaint(self, key: str, value: Path | None, said: str) -> ConfigError:
        """Return an error about a key of this table; a command is never shown, since it may hold the secret itself."""
        where = self._places.get(key) or f"[{self._name}].{key}"
        whose = f" (of {self.address})" if isinstance(self, MailboxSettings) else ""
        given = "" if value is None else f' = "{value}"'
        return ConfigError(f"{where}{given}{whose}: {said}")

    @model_validator(mode="after")
    def _one_secret(self) -> Self:
        given = [key for key in SECRET_KEYS if getattr(self, key) is not None]
        if len(given) > 1:
            raise ValueError(f"{' and '.join(given)} are both given; keep one")
        return self

    def _check_server(self, host: str) -> None:
        if self.security == "none" and not values.is_loopback(host):
            raise ValueError(f'security = "none" would send passwords and personal data in the clear to {host}; write "tls" or "starttls"')
        given = [key for key in SECRET_KEYS if getattr(self, key) is not None]
        if self.username is not None and not given:
            raise ValueError("the password is missing; write password_file, password_command or password")
        if given and self.username is None:
            raise ValueError("username is missing; write the name to log in with")


class MailboxSettings(_Account):
    """One `[[mailbox]]`: a folder on an IMAP server, a Maildir, or a folder of `.eml` files."""

    _name: ClassVar[str] = "mailbox"
    address: EmailAddress
    aliases: Annotated[tuple[EmailAddress, ...], BeforeValidator(_list)] = ()
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
        if self.host is None and self.after != "leave":
            raise ValueError(f'after = "leave" is all that {given[0]} allows: pli only reads there')
        if self.host is not None:
            self._check_server(self.host)
        return self


Mailbox = MailboxSettings


class SmtpSettings(_Account):
    """`[smtp]`: the server that takes our mail (RFC 6409)."""

    _name: ClassVar[str] = "smtp"
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


class StorageSettings(_Table):
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
        return str(_below_file(Path(value), info))


class OffersSettings(_Table):
    """`[offers]`: where the ads lie."""

    folder: FilePath = Field(default=Path("offers"), validate_default=True)


class AcknowledgementSettings(_Table):
    """`[acknowledgement]`: whom to thank, and how many at once. Of caps, 0 means none."""

    backlog: bool = False
    max_age: Duration = values.Period(7, "day")
    max_per_hour: Count = 60
    max_per_address_per_day: Count = 2
    max_per_domain_per_10min: Count = 0
    unverified: Literal["send", "hold"] = "send"
    authserv_id: Text | None = None


class DigestSettings(_Table):
    """`[digest]`: when the recruiters' letter is due."""

    at: Annotated[time, PlainValidator(values.clock)] = time(8)
    timezone: Annotated[ZoneInfo, PlainValidator(values.zone)] = Field(default="Europe/Paris", validate_default=True)
    days: Annotated[frozenset[int], PlainValidator(values.days)] = frozenset(range(5))
    """Weekdays, Monday is 0."""
    country: Annotated[str, AfterValidator(values.country)] = "FR"


class ScheduleSettings(_Table):
    """`[schedule]`: how often."""

    poll_every: Duration = values.Period(60, "second")

    @field_validator("poll_every")
    @classmethod
    def _not_too_often(cls, value: timedelta) -> timedelta:
        if value < timedelta(seconds=1):
            raise ValueError('is too short; write at least "1s"')
        return value


class PrivacySettings(_Table):
    """`[privacy]`: whose data it is; stands in every acknowledgement (RGPD, art. 13)."""

    controller: Text
    contact: Text
    retention: Annotated[values.Period, PlainValidator(values.period)] = values.Period(2, "year")
    """After the last contact; `count` and `unit` say it as it was written."""


class Settings(_Table):
    """Everything that `pli.toml` says; paths are absolute or relative to the file's folder."""

    storage: StorageSettings = Field(default_factory=dict, validate_default=True)
    offers: OffersSettings = Field(default_factory=dict, validate_default=True)
    mailbox: tuple[MailboxSettings, ...] = Field(min_length=1)
    smtp: SmtpSettings
    acknowledgement: AcknowledgementSettings = AcknowledgementSettings()
    digest: DigestSettings = DigestSettings()
    schedule: ScheduleSettings = ScheduleSettings()
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
        for table, account in (*((f"mailbox.{number}", box) for number, box in enumerate(self.mailbox)), ("smtp", self.smtp)):
            account.tell_places({key: place(self.path, f"{table}.{key}", origins) for key in (*SECRET_KEYS, "ca_file")})
        return self

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        places = [(box.address, box.folder) for box in self.mailbox]
        if doubles := [f"{address} {folder}" for address, folder in set(places) if places.count((address, folder)) > 1]:
            raise ValueError(f"two [[mailbox]] tables name the same address and folder ({doubles[0]}); remove one")
        return self
