"""The kinds of values that tables of `pli.toml` hold, for every file that describes a table.

A path is made relative to the folder of `pli.toml`, which `config.load` hands in as the validation context.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, SecretStr, ValidationInfo

from config import values


def below_file(value: Path, info: ValidationInfo) -> Path:
    """Return `value`, relative to the folder of `pli.toml` when it is not absolute."""
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
EmailAddresses = Annotated[tuple[EmailAddress, ...], BeforeValidator(_list)]
Host = Annotated[str, AfterValidator(values.host)]
FilePath = Annotated[Path, AfterValidator(below_file)]
Duration = Annotated[timedelta, PlainValidator(values.period)]
Count = Annotated[int, BeforeValidator(_no_bool), Field(ge=0)]
Port = Annotated[int, BeforeValidator(_no_bool), Field(ge=1, le=65535)]
Security = Literal["tls", "starttls", "none"]


class Table(BaseModel):
    """A table of `pli.toml`: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


SECRETS = {name: (name, f"{name}_file", f"{name}_command") for name in ("password", "client_secret")}
"""Each secret, and the three keys of which one may give it: the secret itself, a file that holds it, a command that prints it."""


class SecretError(Exception):
    """A secret cannot be had; `key` and `path` say which key is to blame, the message says why and the remedy."""

    def __init__(self, key: str, path: Path | None, said: str) -> None:
        super().__init__(said)
        self.key, self.path = key, path


def given(table: Table, keys: Iterable[str]) -> list[str]:
    """Return which of `keys` a table has a value for."""
    return [key for key in keys if getattr(table, key) is not None]


def read_secret(table: Table, name: str) -> str | None:
    """Return a secret, read now; None when no key gives it. Raises SecretError when its file or command fails."""
    secret, file, command = (getattr(table, key) for key in SECRETS[name])
    word = name.replace("_", " ")
    try:
        if file is not None:
            return values.secret_from_file(file, word)
        if command is not None:
            return values.secret_from_command(command, word)
    except ValueError as error:
        raise SecretError(f"{name}_command" if file is None else f"{name}_file", file, str(error)) from None
    return secret.get_secret_value() if isinstance(secret, SecretStr) else None


def check_one_secret(table: Table, name: str) -> None:
    """See that at most one key gives a secret. Raises ValueError with the remedy."""
    keys = given(table, SECRETS[name])
    if len(keys) > 1:
        raise ValueError(f"{' and '.join(keys)} are both given; keep one")
