"""What text and moments must be before a database keeps them."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_PERHAPS_UNSTORABLE = re.compile(r"\\u(?:0000|d[89a-f])")
"""As JSON in ASCII writes them; of the surrogates some are pairs, and so whole characters."""


def storable(value: str) -> str:
    """Return `value` without NUL and lone surrogates, which PostgreSQL refuses."""
    return _UNSTORABLE.sub("", value)


def is_storable(value: Any) -> bool:
    """Tell whether nothing in JSON-like `value` needs cleaning, at a glance: writing it down costs a tenth of walking through it."""
    return _PERHAPS_UNSTORABLE.search(json.dumps(value)) is None


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
