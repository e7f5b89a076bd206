"""`pli.toml` and the environment into frozen settings: the only room that reads either, and a leaf.

In: a file and variables such as `PLI_STORAGE__URL`. Out: `Settings`, or a `ConfigError` in which each wrong value is one
line naming file, key, value and remedy, all of them at once. Secrets are read when they are asked for, and never shown:
neither by `repr`, nor in an error, nor in a log.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from config import errors
from config.errors import ConfigError
from config.models import (
    SECRET_KEYS,
    AcknowledgementSettings,
    DigestSettings,
    Mailbox,
    MailboxSettings,
    OffersSettings,
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
    "Period",
    "PrivacySettings",
    "ScheduleSettings",
    "Settings",
    "SmtpSettings",
    "StorageSettings",
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
        return Settings.model_validate({**tables, "path": path}, context={"folder": path.resolve().parent})
    except ValidationError as error:
        raise ConfigError("\n".join(errors.lines(error, path, Settings, origins))) from None


def warnings(settings: Settings) -> list[str]:
    """Return a line for each thing that works and is unwise; `pli doctor` shows them."""
    accounts = (*settings.mailbox, settings.smtp)
    holds_secret = any(account.password is not None for account in accounts) or "@" in settings.storage.url.partition(":///")[0]
    try:
        if holds_secret and settings.path.stat().st_mode & 0o077:
            return [f"{settings.path}: holds a password and others may read it; run `chmod 600 {settings.path}`"]
    except OSError:
        pass
    return []


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
        if steps[-1] in SECRET_KEYS:  # a secret from the environment replaces the file's, whatever its kind
            for key in SECRET_KEYS:
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
