"""The one word that headers, bodies and forwards share: an `Address`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox of RFC 5322, 3.4: display name and addr-spec."""

    name: str
    """Cleaned display name, possibly empty."""
    addr_spec: str
    """`local@domain` as written; compare with `.lower()`."""


def detail(addr_spec: str) -> str:
    """Return the detail of an address, lower case: `jobs` of `anne+jobs@example.org` (RFC 5233); empty when it has none."""
    return addr_spec.lower().rpartition("@")[0].partition("+")[2]


def without_detail(addr_spec: str) -> str:
    """Return an address in lower case without its detail: `anne@example.org` for `anne+jobs@example.org`."""
    local, at, domain = addr_spec.lower().rpartition("@")
    return f"{local.partition('+')[0] or local}{at}{domain}"
