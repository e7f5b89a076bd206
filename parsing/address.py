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
