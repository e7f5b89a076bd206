"""The words of `pli.toml` into Python values: durations, days, addresses, hosts, secrets.

Each function takes what stands in the file (or in the environment: then it is text) and returns the value, or raises
ValueError with the remedy, written to follow `FILE: key = value: `. Only `config/models.py` calls these.
"""

from __future__ import annotations

import ipaddress
import re
import shlex
import subprocess
from datetime import time, timedelta
from email.utils import getaddresses, parseaddr
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_SECONDS = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800, "month": 2_592_000, "year": 31_536_000}
_ABBREVIATIONS = {"s": "second", "sec": "second", "m": "minute", "min": "minute", "h": "hour", "d": "day"}
_DURATION = re.compile(r"\s*(\d{1,6})\s*([a-zA-Z]+)\s*")
_LONGEST = 100 * _SECONDS["year"]
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
# RFC 5322, 3.4.1 as far as providers hand it out: no quoted local parts, no address literals
_ADDRESS = re.compile(r"[^\s@<>,;:\"\\()\[\]\x00-\x1f]{1,64}@[\w-]+(\.[\w-]+)*", re.ASCII)
_HOST = re.compile(r"(?=.{1,253}$)[\w-]+(\.[\w-]+)*\.?")
_SECRET_COMMAND_SECONDS = 30


class Period(timedelta):
    """A duration that remembers how it was written, so that a mail can say "2 years" and not 730 days."""

    count: int
    unit: str
    """`second`, `minute`, `hour`, `day`, `week`, `month` (30 days) or `year` (365 days)."""

    def __new__(cls, count: int, unit: str) -> Self:
        """Make `count` times `unit`."""
        made = super().__new__(cls, seconds=count * _SECONDS[unit])
        made.count, made.unit = count, unit
        return made

    def __reduce__(self) -> tuple[type[Self], tuple[int, str]]:
        return type(self), (self.count, self.unit)

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{'' if self.count == 1 else 's'}"


def period(value: object) -> Period:
    """Read "60s", "15 min", "7 days" or "2 years"; at most a hundred years."""
    if isinstance(value, Period):
        return value
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError('write a duration in quotes, such as "60s", "15 min", "7 days" or "2 years"')
    unit = match[2].lower()
    unit = _ABBREVIATIONS.get(unit, unit)
    unit = unit if unit in _SECONDS else unit.removesuffix("s")
    unit = _ABBREVIATIONS.get(unit, unit)
    if unit not in _SECONDS:
        raise ValueError('write the unit as s, min, hours, days, weeks, months or years, as in "7 days"')
    if int(match[1]) * _SECONDS[unit] > _LONGEST:
        raise ValueError("is too long; write at most 100 years")
    return Period(int(match[1]), unit)


def clock(value: object) -> time:
    """Read a time of day, "08:00"."""
    if isinstance(value, time) and value.tzinfo is None:
        return value
    match = _CLOCK.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError('write a time of day, such as "08:00"')
    return time(int(match[1]), int(match[2]))


def days(value: object) -> frozenset[int]:
    """Read "mon-fri" or "mon,wed,fri" into weekdays, Monday is 0."""
    remedy = 'write days such as "mon-fri" or "mon,wed,fri"'
    if isinstance(value, frozenset):
        return value
    if not isinstance(value, str):
        raise ValueError(remedy)  # noqa: TRY004 - pydantic turns ValueError into a line
    found: set[int] = set()
    for part in value.lower().replace(" ", "").split(","):
        first, dash, last = part.partition("-")
        if first not in _WEEKDAYS or (dash and last not in _WEEKDAYS):
            raise ValueError(remedy)
        start, end = _WEEKDAYS.index(first), _WEEKDAYS.index(last or first)
        found.update((start + step) % 7 for step in range((end - start) % 7 + 1))
    return frozenset(found)


def zone(value: object) -> ZoneInfo:
    """Read the name of an IANA time zone."""
    if isinstance(value, ZoneInfo):
        return value
    try:
        return ZoneInfo(str(value))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError('write an IANA time zone, such as "Europe/Paris"') from None


def country(value: str) -> str:
    """Read an ISO 3166 code for which the public holidays are known."""
    if value.upper() == "FR":
        return "FR"
    import holidays.registry  # noqa: PLC0415 - takes half a second, which no command should wait for when it is the default

    if value.upper() not in {entry[1] for entry in holidays.registry.COUNTRIES.values()}:
        raise ValueError('write a country\'s two letters (ISO 3166), such as "FR"')
    return value.upper()


def address(value: str) -> str:
    """Read one bare e-mail address; lower case."""
    if not _ADDRESS.fullmatch(value.strip()):
        raise ValueError('write one e-mail address, such as "recrutement@example.org"')
    return value.strip().lower()


def sender(value: str) -> str:
    """Read `Name <address>` or an address."""
    name, spec = parseaddr(value)
    if not spec.isascii():  # not every server takes SMTPUTF8 (RFC 6531), and a candidate must get our mail
        raise ValueError("write an address in ASCII letters: not every server takes accents in one (a domain has an xn-- form)")
    if len(getaddresses([value])) != 1 or not _ADDRESS.fullmatch(spec) or any(ord(letter) < 32 for letter in name):
        raise ValueError('write "Name <address>", such as "Recrutement <recrutement@example.org>"')
    return value.strip()


def path(value: Path) -> Path:
    """Read a path; `~` is the home of whoever runs pli."""
    if "\0" in str(value):
        raise ValueError("write a path without NUL characters")
    try:
        return value.expanduser()
    except RuntimeError:
        raise ValueError("no such home folder is known on this machine; write the whole path") from None


def database_url(value: str) -> str:
    """Read where the database is. What is wrong with it is said without quoting it: a password may stand anywhere in it."""
    if value.startswith("postgresql://"):
        value = f"postgresql+psycopg://{value.removeprefix('postgresql://')}"
    if value.startswith("sqlite:///") and len(value) > len("sqlite:///"):
        return value
    scheme, rest, _ = value.partition("postgresql+psycopg://")
    if scheme or not rest:
        raise ValueError('write "sqlite:///FILE" or "postgresql+psycopg://USER@HOST/NAME"')
    if value.count("@") > 1 or "@" in value.partition("?")[2]:
        # a part of the password would be taken for the host, and be shown wherever the host is
        raise ValueError("there is an @ too many; in a user name, password or option write @ as %40, ? as %3F, / as %2F")
    return value


def host(value: str) -> str:
    """Read a host name or an IP address: no scheme, no port."""
    try:
        return str(ipaddress.ip_address(value))
    except ValueError:
        if not _HOST.fullmatch(value):
            raise ValueError('write the bare host name, such as "imap.example.org"; the port has a key of its own') from None
    return value


def is_loopback(name: str) -> bool:
    """Say whether `name` can only mean this machine."""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name.rstrip(".").lower() == "localhost"


def web_address(value: str) -> str:
    """Read where log-ins are made: `https://HOST`, with a port and a path if need be; `http` only to this machine."""
    try:
        parts = urlsplit(value)
        scheme, name, _ = parts.scheme, parts.hostname or "", parts.port
    except ValueError:
        scheme = name = ""
    if not name or scheme not in {"https", "http"} or parts.query or parts.fragment or parts.username or not value.isprintable():
        raise ValueError('write the address of a log-in server, such as "https://login.microsoftonline.us"')
    if scheme == "http" and not is_loopback(name):
        raise ValueError("would send secrets in the clear; write https")
    return value.rstrip("/")


def after(value: str) -> str:
    """Read what becomes of a message that was taken in."""
    # IMAP keywords are atoms (RFC 9051, 9); a folder is whatever the server takes
    if value != "leave" and not re.fullmatch(r"move:\S[^\r\n\x00]*|flag:[^\s(){%*\"\\\]\x00-\x1f]+", value):
        raise ValueError('write "leave", "move:FOLDER" or "flag:KEYWORD"')
    return value


def line(value: str) -> str:
    """Read a text of one line that is not empty."""
    if not value.strip() or any(ord(letter) < 32 for letter in value):
        raise ValueError("write a text of one line")
    return value.strip()


def secret_from_file(path: Path, word: str = "password") -> str:
    """Return the secret in `path`, without the line end. Raises ValueError with the remedy."""
    try:
        text = path.read_text(encoding="utf-8").strip("\r\n")
    except OSError as error:
        raise ValueError(f"cannot be read ({error.strerror}); write the {word} into it and run `chmod 600 {path}`") from None
    except UnicodeDecodeError:
        raise ValueError(f"is not text; write the {word} into it as UTF-8") from None
    if not text:
        raise ValueError(f"is empty; write the {word} into it")
    return text


def check_certificates(path: Path) -> None:
    """See that `path` holds certificates to trust. Raises ValueError with the remedy."""
    import ssl  # noqa: PLC0415 - only work with servers needs it

    remedy = "name a PEM file with the certificate of the authority that signed the server's"
    try:
        ssl.create_default_context(cafile=str(path))
    except ssl.SSLError:
        raise ValueError(f"holds no certificate; {remedy}") from None
    except OSError as error:
        raise ValueError(f"cannot be read ({error.strerror}); {remedy}") from None


def secret_from_command(command: str, word: str = "password") -> str:
    """Return the first line that `command` prints. Raises ValueError with the remedy; what it printed is never shown."""
    try:
        words = shlex.split(command)
        done = subprocess.run(words, capture_output=True, text=True, timeout=_SECRET_COMMAND_SECONDS, check=True, stdin=subprocess.DEVNULL)  # noqa: S603 - the owner's own command
    except subprocess.CalledProcessError as error:
        ended = f"exit code {error.returncode}" if error.returncode >= 0 else f"signal {-error.returncode}"
        raise ValueError(f"ended with {ended}; run it by hand to see why") from None
    except subprocess.TimeoutExpired:
        raise ValueError(f"took longer than {_SECRET_COMMAND_SECONDS} s; it must not wait for anybody") from None
    except OSError as error:
        raise ValueError(f"cannot be started ({error.strerror}); write the whole path of a program") from None
    except UnicodeDecodeError:
        raise ValueError(f"printed what is not text; it must print the {word} on its first line") from None
    except (ValueError, IndexError):
        raise ValueError("is no command line; close its quotes, or write the whole path of a program") from None
    lines = done.stdout.splitlines()
    if not lines or not lines[0]:
        raise ValueError(f"printed nothing; it must print the {word} on its first line")
    return lines[0]
