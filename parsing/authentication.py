"""What our own provider says about the author's domain (Authentication-Results, RFC 8601).

Only the results of the host that we trust count: anybody can write such a field into a mail. A *failure* counts whoever reports it,
because it can only make us say less.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from authres import AuthenticationResultsHeader, AuthResError  # type: ignore[import-untyped]

from parsing.header import header_text
from parsing.message import Message
from parsing.mime import split_message

_MOST = 20


class Authentication(StrEnum):
    """What our own provider says about the author's domain; NONE when it says nothing."""

    PASS = "pass"  # noqa: S105 - a result, not a secret
    FAIL = "fail"
    NONE = "none"


def find_authserv_id(content: bytes) -> str | None:
    """Return the authserv-id of the topmost Authentication-Results field: the last host that looked; None without one."""
    headers, _ = split_message(content)
    first = next((value for name, value in headers if name == "authentication-results"), None)
    parsed = _parse(header_text(first, 4000)) if first is not None else None
    return str(parsed.authserv_id).lower()[:255] if parsed is not None and parsed.authserv_id else None


def authenticate(message: Message, authserv_id: str | None) -> Authentication:
    """Return what the host `authserv_id` says of the author's domain; without a trusted host only a failure is heard."""
    author = message.author
    if author is None or len(message.authors) != 1:
        return Authentication.NONE
    domain = author.addr_spec.rpartition("@")[2].lower()
    results = [result for field in _fields(message, authserv_id) for result in field.results]
    said = [_said(result) for result in results]
    passed = any(
        outcome == "pass" and (method == "dmarc" or (method in {"spf", "dkim"} and _aligned(of, domain))) for method, outcome, of in said
    )
    heard = [_said(result) for field in _fields(message, None) for result in field.results]
    dmarc_failed = any(method == "dmarc" and outcome == "fail" for method, outcome, _ in heard)
    spf_failed = any(method == "spf" and outcome in {"fail", "hardfail"} and _aligned(of, domain) for method, outcome, of in heard)
    if dmarc_failed or (spf_failed and not passed):
        return Authentication.FAIL
    return Authentication.PASS if passed and authserv_id is not None else Authentication.NONE


def _said(result: Any) -> tuple[str, str, str]:
    """Return method, outcome and domain of one result, in lower case."""
    return str(result.method).lower(), str(result.result).lower(), _domain(result)


def _fields(message: Message, authserv_id: str | None) -> Iterator[AuthenticationResultsHeader]:
    for value in message.every("authentication-results")[:_MOST]:
        parsed = _parse(value)
        if parsed is not None and (authserv_id is None or str(parsed.authserv_id).lower() == authserv_id.lower()):
            yield parsed


def _parse(value: str) -> AuthenticationResultsHeader | None:
    try:
        return AuthenticationResultsHeader.parse(f"Authentication-Results: {value}")
    except (AuthResError, ValueError, IndexError, RecursionError):
        return None


def _domain(result: object) -> str:
    """Return the domain that a result is about: `smtp.mailfrom`, `header.d`, `header.i` or `header.from`."""
    for prop in getattr(result, "properties", ()):
        if (prop.type, prop.name) in {("smtp", "mailfrom"), ("header", "d"), ("header", "i"), ("header", "from")}:
            return str(prop.value).rpartition("@")[2].lower().strip()
    return ""


def _aligned(one: str, other: str) -> bool:
    """Relaxed alignment (RFC 7489, 3.1), as far as it can be told without the public suffix list."""
    return bool(one) and (one == other or one.endswith("." + other) or other.endswith("." + one)) and "." in min(one, other, key=len)
