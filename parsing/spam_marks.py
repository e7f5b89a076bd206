"""What our own provider's filter says of a mail, wherever it writes that down.

Anybody can write such a field into a mail of their own, and mails that went through another filter carry that one's. So a mark counts
only where our provider writes: above the first field that the sender's side wrote. That a mail is *not* unwanted counts nowhere.
Called by `parsing/case.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from parsing.authentication import same_organisation
from parsing.header import header_text
from parsing.message import Message

_AUTHORS = frozenset({"from", "to", "cc", "subject", "date", "message-id", "mime-version", "content-type", "user-agent", "x-mailer"})
"""Fields that the sender's program writes; ours stand above them."""
_BY = re.compile(r"\bby\s+([A-Za-z0-9._-]{1,255})", re.IGNORECASE)
_MICROSOFT = re.compile(r"with microsoft smtp server|by [a-z0-9.-]{1,200}\.(?:outlook|exchangelabs)\.com", re.IGNORECASE)
_MICROSOFT_FIELDS = ("x-ms-exchange-", "x-forefront-", "x-microsoft-")
"""Its servers write these below the sender's fields, and take them out of what comes from outside (header firewall)."""
_SCORE = re.compile(r"\[\s*(-?\d{1,5}(?:\.\d{1,5})?)\s*/\s*(-?\d{1,5}(?:\.\d{1,5})?)\s*\]")

Test = Callable[[str], bool]


def _pattern(pattern: str) -> Test:
    compiled = re.compile(pattern, re.IGNORECASE)
    return lambda value: bool(compiled.search(value))


def _over_the_limit(value: str) -> bool:
    found = _SCORE.search(value)
    return value.lower().startswith("default: true") or (found is not None and float(found[1]) >= float(found[2]) > 0)


_yes = _pattern(r"^\s*(?:yes|true|1)\b")
_unwanted = _pattern(r"^\s*(?:spam|phish|scam|malware|virus|suspect)")

MARKS: tuple[tuple[str, Test], ...] = (
    ("x-spam-flag", _yes),
    ("x-spam-status", _yes),
    ("x-spam", _yes),
    ("x-barracuda-spam-flag", _yes),
    ("x-barracuda-spam-status", _yes),
    ("x-rspamd-action", _pattern(r"add header|rewrite subject|reject|quarantine")),
    ("x-spamd-result", _over_the_limit),
    ("x-vade-spamstate", _unwanted),
    ("x-vr-spamstate", _unwanted),
    ("x-vadesecure-status", _unwanted),
    ("x-vadesecure-verdict", _unwanted),
    ("x-ovh-spam-status", _unwanted),
    ("x-mailinblack-status", _unwanted),
    ("x-proofpoint-spam-details", _pattern(r"\brule=(?!not)\w{0,40}spam\b")),
    ("x-ms-exchange-organization-scl", _pattern(r"^\s*[5-9]\b")),
    ("x-forefront-antispam-report", _pattern(r"\bSCL:[5-9]\b|\bSFV:(?:SPM|SKB|SKS)\b|\bCAT:(?:SPM|HSPM|PHSH|HPHSH|HPHISH|MALW|SPOOF)\b")),
    ("x-microsoft-antispam", _pattern(r"\bBCL:[7-9]\b")),
    ("x-cmae-verdict", _unwanted),
    ("x-dspam-result", _unwanted),
    ("x-bogosity", _pattern(r"^\s*(?:spam|yes)\b")),
    ("x-yandex-spam", _pattern(r"^\s*[2-9]\b")),
    ("x-gm-spam", _yes),
    ("x-gm-phishy", _yes),
)
"""Field and test of each filter whose word is known."""


def spam_mark(message: Message) -> str | None:
    """Return the field, with its value, by which our provider marks a mail as unwanted; None without one."""
    tests = dict(MARKS)
    for name, value in _of_our_provider(message):
        test = tests.get(name)
        if test is not None and test(text := header_text(value)):
            return f"{name}: {text[:80]}"
    return None


def _of_our_provider(message: Message) -> Iterator[tuple[str, bytes]]:
    """Yield the fields that our provider wrote: those above the sender's own, and above the first stop that is not our provider's.

    Without any Received field nothing says where the mail came from, and all fields are looked at.
    """
    stops = [header_text(value) for name, value in message.headers if name == "received"]
    microsoft = bool(stops) and bool(_MICROSOFT.search(stops[0]))
    ours, above = next(filter(None, map(_host, stops)), ""), True
    for name, value in message.headers:
        foreign = name == "received" and not _is_ours(_host(header_text(value)), ours)
        above = above and not foreign and not (stops and name in _AUTHORS)
        if above or (microsoft and name.startswith(_MICROSOFT_FIELDS)):
            yield name, value


def _is_ours(host: str, ours: str) -> bool:
    return not host or same_organisation(host, ours)


def _host(received: str) -> str:
    """Return the host that wrote a Received field; empty for a name or a number that only its own network knows."""
    found = _BY.search(received)
    host = found[1].lower().rstrip(".") if found else ""
    return host if "." in host and not host.replace(".", "").isdigit() else ""
