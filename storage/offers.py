"""The ads as last read: rows mirror the folder and outlive it, because applications point to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from parsing.offer import Offer
from storage.database import serialise_by
from storage.tables import OfferRow


@dataclass(frozen=True, slots=True)
class AdFile:
    """One file of the offers folder, read."""

    file: str
    """Name in the folder."""
    sha256: str
    offer: Offer
    read: bool = True
    """False: the file is there and could not be read; what it said before still holds."""


def sync(session: Session, ads: Sequence[AdFile], *, now: datetime) -> None:
    """Make the rows agree with the folder (T0).

    A renamed file with the same words stays the same offer; one that vanished is closed; one that cannot be read just now stays what
    it was.
    """
    serialise_by(session, "offers")
    rows = {row.slug: row for row in session.scalars(select(OfferRow))}
    here = {ad.offer.slug for ad in ads}
    vanished = {row.digest: row for row in rows.values() if row.slug not in here}
    for ad in ads:
        row = rows.get(ad.offer.slug) or vanished.pop(ad.sha256, None)
        if row is not None and not ad.read:
            continue
        if row is None:
            row = OfferRow(first_seen_at=now, closed_at=None, open=ad.offer.open)
            session.add(row)
        _copy(row, ad, now)
        rows[ad.offer.slug] = row
        session.flush()
    for row in rows.values():
        if row.slug not in here and not row.missing:
            row.missing, row.open, row.closed_at = True, False, now


def offers(session: Session) -> tuple[Offer, ...]:
    """Return every offer as last read, those whose file is gone included (closed)."""
    return tuple(_offer(row) for row in session.scalars(select(OfferRow).order_by(OfferRow.id)))


def _copy(row: OfferRow, ad: AdFile, now: datetime) -> None:
    offer = ad.offer
    if row.open and not offer.open:
        row.closed_at = now
    elif offer.open:
        row.closed_at = None
    row.slug, row.file, row.digest, row.title, row.language = offer.slug, ad.file, ad.sha256, offer.title, offer.language
    row.open, row.missing, row.recruiters, row.facts = offer.open, False, list(offer.recruiters), asdict(offer)


def _offer(row: OfferRow) -> Offer:
    words = {field.name for field in fields(Offer)}  # the row may have been written by another version of pli
    facts: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in row.facts.items() if key in words}
    return Offer(**facts | {"slug": row.slug, "open": row.open})
