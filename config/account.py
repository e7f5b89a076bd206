"""What a mailbox and the submission server share: how to be sure of the server, and how to log in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar, Self

from pydantic import PrivateAttr, SecretStr, model_validator

from config import values
from config.errors import ConfigError
from config.fields import SECRETS, FilePath, SecretError, Security, Table, Text, check_one_secret, given, read_secret
from config.oauth2.application import Application
from config.oauth2.settings import OAuth2Settings

KEYS_READ_LATER = (
    *SECRETS["password"],
    "ca_file",
    *(f"oauth2.{key}" for key in (*SECRETS["client_secret"], "service_account_file", "token_file", "ca_file")),
)
"""Keys of an account whose values are looked into after the file was read."""


class Account(Table):
    """A log-in on a mail server: with a password, or with tokens (`oauth2`)."""

    _name: ClassVar[str] = ""
    _use: ClassVar[str] = ""
    """What a token is for: `imap` or `smtp`."""
    security: Security
    username: Text | None = None
    password: SecretStr | None = None
    password_file: FilePath | None = None
    password_command: Text | None = None
    oauth2: OAuth2Settings | None = None
    ca_file: FilePath | None = None
    """Certificates (PEM) to trust beside the system's: for a server with a certificate of one's own."""
    _places: dict[str, str] = PrivateAttr(default_factory=dict)
    """Where each key that is looked into later than the file stands, as complaints name it."""
    _uses: frozenset[str] = PrivateAttr(default=frozenset())
    """What the token file of this account is for; another account may share it."""

    @property
    def uses_tokens(self) -> bool:
        """Say whether the log-in takes `access_token` instead of `password_value`."""
        return self.oauth2 is not None

    def password_value(self) -> str | None:
        """Return the password, read now; None when none is configured. Raises ConfigError when its file or command fails."""
        try:
            return read_secret(self, "password")
        except SecretError as error:
            raise self._complaint(error.key, error.path, str(error)) from None

    def access_token(self, refused: str | None = None) -> str | None:
        """Return a token to log in with, from the token file or fresh from the log-in server.

        `refused`: a token that the mail server did not take. None when no other is to be had, since that one is fresh, or when this
        account has a password. Raises ConfigError for files, secrets and a permission that is missing, TokenError for the rest.
        """
        application = self.application
        if application is None:
            return None
        from config.oauth2 import tokens  # noqa: PLC0415 - only work with servers needs it

        try:
            return tokens.access_token(application, refused)
        except SecretError as error:
            raise self._complaint(f"oauth2.{error.key}", error.path, str(error)) from None

    def log_in_mark(self) -> str:
        """Return what is another when the log-in would be made with something else: the password, or which token file. Never to be shown.

        Raises ConfigError.
        """
        if self.application is None:
            return self.password_value() or ""
        try:
            return str(self.application.token_file.stat().st_mtime_ns)
        except OSError:
            return ""

    def check(self) -> None:
        """Read secrets, certificates and the token file, and forget them. Raises ConfigError for what cannot be used."""
        self.password_value()
        for key, path in (("ca_file", self.ca_file), ("oauth2.ca_file", self.oauth2.ca_file if self.oauth2 else None)):
            if path is not None:
                try:
                    values.check_certificates(path)
                except ValueError as error:
                    raise self._complaint(key, path, str(error)) from None
        application = self.application
        if application is not None:
            from config.oauth2 import tokens  # noqa: PLC0415

            try:
                tokens.check(application)
            except SecretError as error:
                raise self._complaint(f"oauth2.{error.key}", error.path, str(error)) from None

    @property
    def application(self) -> Application | None:
        """Return who asks for its tokens; None when it has a password."""
        return None if self.oauth2 is None else self.oauth2.application(self.username or "", self._uses | {self._use})

    def tell_places(self, places: Mapping[str, str], uses: frozenset[str]) -> None:
        """Say where the keys stand, and what the token is for, once the whole file is known."""
        self._places.update(places)
        self._uses = uses

    def _complaint(self, key: str, value: Path | None, said: str) -> ConfigError:
        """Return an error about a key of this table; a command is never shown, since it may hold the secret itself."""
        where = self._places.get(key) or f"[{self._name}].{key}"
        whose = getattr(self, "address", None)
        shown = ("" if value is None else f' = "{value}"') + ("" if whose is None else f" (of {whose})")
        return ConfigError(f"{where}{shown}: {said}")

    @model_validator(mode="after")
    def _one_way_in(self) -> Self:
        check_one_secret(self, "password")
        keys = given(self, SECRETS["password"])
        if keys and self.oauth2 is not None:
            raise ValueError(f"{keys[0]} and [{self._name}.oauth2] are both given; keep one")
        return self

    def _check_server(self, host: str) -> None:
        if self.security == "none" and not values.is_loopback(host):
            raise ValueError(f'security = "none" would send passwords and personal data in the clear to {host}; write "tls" or "starttls"')
        keys = [*given(self, SECRETS["password"]), *([f"[{self._name}.oauth2]"] if self.oauth2 else [])]
        if self.username is not None and not keys:
            ways = f"password_file, password_command or password, or a table [{self._name}.oauth2]"
            raise ValueError(f"the password is missing; write {ways}")
        if keys and self.username is None:
            raise ValueError("username is missing; write the name to log in with")
