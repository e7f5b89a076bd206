"""What the tests of letters share: our letterhead, and texts compared with files."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from notifications.notices import House

_SNAPSHOTS = Path(__file__).parent / "snapshots"

HOUSE = House(
    sender="Recrutement Lab MI <recrutement@example.org>",
    controller="Ministère de l’Intérieur, DNUM, Lab MI",
    contact="dpo@example.org",
    retention=timedelta(days=730),
    timezone=ZoneInfo("Europe/Paris"),
)


def check_snapshot(text: str, name: str) -> None:
    """Compare `text` with a file under snapshots/; with PLI_RENEW_SNAPSHOTS=1 the file is written anew before."""
    path = _SNAPSHOTS / name
    if os.environ.get("PLI_RENEW_SNAPSHOTS") == "1":
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.exists(), f"{path} is missing; PLI_RENEW_SNAPSHOTS=1 writes it"
    assert text == path.read_text(encoding="utf-8")
