"""What our own provider says about the author's domain (Authentication-Results, RFC 8601).

A *pass* counts only in the topmost field of the host that we trust: anybody can write such a field into a mail, and a host writes its own
above those that came with it. A *failure* counts whoever reports it and however badly it is written, because it can only make us say less.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from authres import AuthenticationResultsHeader, AuthResError  # type: ignore[import-untyped]

from parsing.header import header_text
from parsing.message import Message
from parsing.mime import split_message

_MOST = 20
_LONGEST = 64 * 1024
"""Characters of a field that are looked through for a failure."""
_LONGEST_READ = 8000
"""Characters of a field that may bring a pass; hosts write a few hundred."""
_HOST = re.compile(r"\s*([A-Za-z0-9._-]{1,255})\s*(?:\d{1,3}\s*)?(?:;|$)")
_DMARC_FAILED = re.compile(r"(?<![\w.-])dmarc\s{0,9}=\s{0,9}fail", re.IGNORECASE)
_SPF_FAILED = re.compile(r"(?<![\w.-])spf\s{0,9}=\s{0,9}(?:hard)?fail\b([^;]{0,1000})", re.IGNORECASE)
_MAIL_FROM = re.compile(r"smtp\.mailfrom\s{0,9}=\s{0,9}\"?([^\s;\"]{1,320})", re.IGNORECASE)
_SHARED = frozenset(
    "github.io gitlab.io herokuapp.com netlify.app vercel.app pages.dev workers.dev blogspot.com wordpress.com wixsite.com web.app"
    " firebaseapp.com appspot.com azurewebsites.net onmicrosoft.com cloudfront.net amazonaws.com myshopify.com weebly.com free.fr"
    " gouv.fr asso.fr com.fr nom.fr eu.org us.com uk.com de.com".split()
)
"""Domains whose subdomains belong to others."""
_SECOND_LEVEL = frozenset("ac asso co com edu go gob gouv gov gv ltd mil ne net nom or org plc sch".split())
"""Labels which make a public suffix with the two letters of a country, such as `co.uk`."""


class Authentication(StrEnum):
    """What our own provider says about the author's domain; NONE when it says nothing."""

    PASS = "pass"  # noqa: S105 - a result, not a secret
    FAIL = "fail"
    NONE = "none"


def find_authserv_id(content: bytes) -> str | None:
    """Return the authserv-id of the topmost Authentication-Results field: the last host that looked; None without one."""
    headers, _ = split_message(content)
    first = next((value for name, value in headers if name == "authentication-results"), None)
    return _host(header_text(first, _LONGEST_READ)) if first is not None else None


def authenticate(message: Message, authserv_id: str | None) -> Authentication:
    """Return what the host `authserv_id` says of the author's domain; without a trusted host only a failure is heard."""
    author = message.author
    if author is None or len(message.authors) != 1:
        return Authentication.NONE
    domain = author.addr_spec.rpartition("@")[2].lower()
    fields = [header_text(value, _LONGEST) for name, value in message.headers if name == "authentication-results"]
    passed = authserv_id is not None and any(_vouches(*said, domain) for said in _trusted(fields, authserv_id))
    if any(_DMARC_FAILED.search(field) for field in fields) or (not passed and any(_spf_failed(field, domain) for field in fields)):
        return Authentication.FAIL
    return Authentication.PASS if passed else Authentication.NONE


def _host(field: str) -> str | None:
    """Return the authserv-id of a field; Microsoft leaves it out and begins with the first result."""
    found = _HOST.match(field)
    return found[1].lower() if found else None


def _trusted(fields: list[str], authserv_id: str) -> Iterator[tuple[str, str, str]]:
    """Yield the results of the topmost field of a host."""
    field = next((field for field in fields[:_MOST] if _host(field) == authserv_id.lower()), "")
    yield from _results(field)


def _results(field: str) -> Iterator[tuple[str, str, str]]:
    """Yield method, outcome and domain of each result of a field, in lower case; nothing of a field that cannot be read."""
    if len(field) > _LONGEST_READ:
        return
    try:
        parsed = AuthenticationResultsHeader.parse(f"Authentication-Results: {field}")
    except (AuthResError, ValueError, IndexError, RecursionError):
        return
    for result in parsed.results:
        yield str(result.method).lower(), str(result.result).lower(), _domain(result)


def _vouches(method: str, outcome: str, of: str, domain: str) -> bool:
    """Tell whether a result speaks for the author's domain; DMARC names the very domain it judged (RFC 7489, 3.1)."""
    return outcome == "pass" and ((method == "dmarc" and of == domain) or (method in {"spf", "dkim"} and _aligned(of, domain)))


def _spf_failed(field: str, domain: str) -> bool:
    """Tell whether a field says that SPF failed for the author's domain, and nothing in it makes up for that."""
    senders = (found[1] for match in _SPF_FAILED.finditer(field) if (found := _MAIL_FROM.search(match[1])))
    failed = any(_aligned(sender.rpartition("@")[2].lower(), domain) for sender in senders)
    return failed and not any(_vouches(*said, domain) for said in _results(field))


def _domain(result: Any) -> str:
    """Return the domain that a result is about: `header.from` for DMARC, else `smtp.mailfrom`, `header.d` or `header.i`."""
    wanted = {("header", "from")} if str(result.method).lower() == "dmarc" else {("smtp", "mailfrom"), ("header", "d"), ("header", "i")}
    for prop in getattr(result, "properties", ()):
        if (prop.type, prop.name) in wanted:
            return str(prop.value).rpartition("@")[2].lower().strip()
    return ""


def same_organisation(one: str, other: str) -> bool:
    """Tell whether two hosts lie below one domain that somebody registered, as far as that can be told without the public suffix list."""
    if _aligned(one, other):
        return True
    shared: list[str] = []
    for mine, theirs in zip(reversed(one.split(".")), reversed(other.split(".")), strict=False):
        if mine != theirs:
            break
        shared.insert(0, mine)
    return _aligned(".".join(shared), one) and _aligned(".".join(shared), other)


def _aligned(one: str, other: str) -> bool:
    """Relaxed alignment (RFC 7489, 3.1), as far as it can be told without the public suffix list: in doubt not."""
    short, long = sorted((one, other), key=len)
    if one == other:
        return bool(one)
    labels = short.split(".")
    public = short in _SHARED or (len(labels) == 2 and len(labels[1]) == 2 and labels[0] in _SECOND_LEVEL)
    return len(labels) >= 2 and all(labels) and not public and long.endswith("." + short)
