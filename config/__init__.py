"""`pli.toml` and the environment into frozen settings: the only room that reads either, and a leaf.

In: a file and variables such as `PLI_STORAGE__URL`. Out: `Settings`, or a `ConfigError` in which each wrong value is one
line naming file, key, value and remedy, all of them at once. Secrets are read when they are asked for, and never shown:
neither by `repr`, nor in an error, nor in a log.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from config import errors
from config.errors import ConfigError, TokenError
from config.fields import SECRETS
from config.models import (
    AcknowledgementSettings,
    DigestSettings,
    Mailbox,
    MailboxSettings,
    OffersSettings,
    ParsingSettings,
    PrivacySettings,
    ScheduleSettings,
    Settings,
    SmtpSettings,
    StorageSettings,
)
from config.values import Period

__all__ = [
    "AcknowledgementSettings",
    "ConfigError",
    "DigestSettings",
    "Mailbox",
    "MailboxSettings",
    "OffersSettings",
    "ParsingSettings",
    "Period",
    "PrivacySettings",
    "ScheduleSettings",
    "Settings",
    "SmtpSettings",
    "StorageSettings",
    "TokenError",
    "check_secrets",
    "load",
    "warnings",
]


def load(path: Path | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """Return the settings in `path` (default: `$PLI_CONFIG`, else `./pli.toml`), overlaid by `PLI_TABLE__KEY` variables.

    `environ` is the process environment by default. Raises ConfigError.
    """
    environ = os.environ if environ is None else environ
    path = path or Path(environ.get("PLI_CONFIG") or "pli.toml")
    tables = _read(path)
    origins = _overlay(tables, environ)
    try:
        if "path" in tables:
            raise ConfigError(f"{path}: path: there is no such key; remove it")
        return Settings.model_validate({**tables, "path": path}, context={"folder": path.resolve().parent, "origins": origins})
    except ValidationError as error:
        raise ConfigError("\n".join(errors.lines(error, path, Settings, origins))) from None


_EXAMPLE = re.compile(r"^(?:Recrutement <recrutement@example\.org>|dpo@example\.org|Nom de l'organisme, service)$")
"""What `pli init` writes."""
_URL_PASSWORD = re.compile(r"^postgresql.*?(?://[^/@]*:[^@]*@|[?&]password=)")
_LONGEST_RETENTION = timedelta(days=731)


def warnings(settings: Settings) -> list[str]:
    """Return a line for each thing that works and is unwise; `pli doctor` shows them."""
    accounts = (*settings.mailbox, settings.smtp)
    tables = [account.oauth2 for account in accounts if account.oauth2 is not None]
    files = [account.password_file for account in accounts]
    files += [path for table in tables for path in (table.client_secret_file, table.service_account_file)]
    secrets = [path for path in files if path is not None]
    written = [*(account.password for account in accounts), *(table.client_secret for table in tables)]
    if any(secret is not None for secret in written) or _URL_PASSWORD.search(settings.storage.url):
        secrets.append(settings.path)
    readable = [
        f"{path}: holds a secret and others may read it; run `chmod 600 {path}`" for path in dict.fromkeys(secrets) if _open_to_others(path)
    ]
    told = {"smtp.sender": settings.smtp.sender}
    told |= {"privacy.controller": settings.privacy.controller, "privacy.contact": settings.privacy.contact}
    left = [(key, said) for key, said in told.items() if _EXAMPLE.search(said)]
    unwise = [f"{settings.path}: {key} = {said!r} is the example's, and candidates read it; write yours" for key, said in left]
    sender, retention = settings.smtp.sender_address, settings.privacy.retention
    if sender not in settings.our_addresses:
        unwise.append(
            f"{settings.path}: smtp.sender = {sender!r} is the address or alias of no [[mailbox]]: answers to acknowledgements would not "
            "reach pli; send from a mailbox that it reads, or add the address to its aliases"
        )
    if retention > _LONGEST_RETENTION:
        unwise.append(
            f"{settings.path}: privacy.retention = '{retention}' is longer than the two years after the last contact that the CNIL allows "
            "for CVs; write '2 years' or less"
        )
    return readable + unwise


def check_secrets(settings: Settings) -> None:
    """Read every password and certificate once and forget it. Raises ConfigError with a line for each that cannot be read.

    Better now than in the night.
    """
    wrong = []
    for account in (*settings.mailbox, settings.smtp):
        try:
            account.check()
        except ConfigError as error:
            wrong.append(str(error))
    if wrong:
        raise ConfigError("\n".join(wrong))


def _open_to_others(path: Path) -> bool:
    """Tell whether others may read `path`; what lies below /run has rights that the machine gave it (credentials of services)."""
    try:
        return bool(path.stat().st_mode & 0o077) and not path.resolve().is_relative_to("/run")
    except OSError:
        return False


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        raise ConfigError(f"{path}: there is no such file; `pli init` writes one, or name yours with --config or $PLI_CONFIG") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}); name a readable file with --config or $PLI_CONFIG") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is not UTF-8 at byte {error.start}; save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: this is not TOML: {error}; correct that line (texts stand in double quotes)") from None


def _overlay(tables: dict[str, Any], environ: Mapping[str, str]) -> dict[str, str]:
    """Put each `PLI_TABLE__KEY` into `tables`; return which variable each key came from."""
    origins: dict[str, str] = {}
    for name, value in sorted(environ.items()):
        steps = name.removeprefix("PLI_").lower().split("__")
        if not name.startswith("PLI_") or len(steps) < 2 or not all(steps):
            continue
        place = _place(tables, steps[:-1], name)
        for keys in SECRETS.values():  # a secret from the environment replaces the file's, whatever its kind
            for key in keys if steps[-1] in keys else ():
                if ".".join([*steps[:-1], key]) not in origins:
                    place.pop(key, None)
        place[steps[-1]] = value
        origins[".".join(steps)] = name
    return origins


def _place(tables: dict[str, Any], steps: list[str], name: str) -> dict[str, Any]:
    place: Any = tables
    for step in steps:
        if isinstance(place, dict):
            place = place.setdefault(step, [] if place is tables and step == "mailbox" else {})
        elif isinstance(place, list) and step.isdecimal() and int(step) <= len(place):
            place.extend([{}] if int(step) == len(place) else [])
            place = place[int(step)]
        else:
            raise ConfigError(
                f"environment: {name}: there is no {'.'.join(steps)}; mailboxes are counted from 0, as in PLI_MAILBOX__0__HOST"
            )
    if not isinstance(place, dict):
        raise ConfigError(f"environment: {name}: {'.'.join(steps)} is no table; write PLI_TABLE__KEY, as in PLI_STORAGE__URL")
    return place
