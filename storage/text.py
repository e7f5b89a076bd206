"""What text and moments must be before a database keeps them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(value: str) -> str:
    """Return `value` without NUL and lone surrogates, which PostgreSQL refuses."""
    return _UNSTORABLE.sub("", value)


def storable_facts(value: Any) -> Any:
    """Return JSON-like `value` with every string in it storable."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {storable(str(key)): storable_facts(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [storable_facts(item) for item in value]
    return value


def utc(moment: datetime) -> datetime:
    """Return `moment` in UTC; a naive one is taken to be UTC already (SQLite keeps no zone)."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
