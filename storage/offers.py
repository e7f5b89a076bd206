"""The ads as last read: rows mirror the folder and outlive it, because applications point to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    matched = _matched(ads, rows)
    kept = {id(row) for _, row in matched if row is not None}
    for slug, row in rows.items():
        if id(row) not in kept:
            if slug in here:  # its ad is gone, and another now has its name
                row.slug = f"{slug}~{row.id}"
            if not row.missing:
                row.missing, row.open, row.closed_at = True, False, now
    for ad, known in matched:
        if known is not None and known.slug != ad.offer.slug:
            known.slug = f"~{known.id}"  # for a moment: two ads may have changed names
    session.flush()
    for ad, known in matched:
        if known is None:
            _copy(_added(session, ad, now), ad, now)
        elif ad.read:
            _copy(known, ad, now)
        session.flush()


def _added(session: Session, ad: AdFile, now: datetime) -> OfferRow:
    row = OfferRow(first_seen_at=now, closed_at=None, open=ad.offer.open)
    session.add(row)
    return row


def _matched(ads: Sequence[AdFile], rows: Mapping[str, OfferRow]) -> list[tuple[AdFile, OfferRow | None]]:
    """Return each ad with its row: the one with its name and words, else the one with its words (renamed), else with its name (edited).

    An edited ad keeps its name's row only if no other file has taken that row along under a new name.
    """
    free = dict(rows)
    found: dict[str, OfferRow] = {}
    for ad in ads:
        if (row := free.get(ad.offer.slug)) is not None and (row.digest == ad.sha256 or not ad.read):
            found[ad.offer.slug] = free.pop(ad.offer.slug)
    for ad in ads:
        if ad.offer.slug not in found:
            moved = next((row for row in free.values() if row.digest == ad.sha256), None)
            if moved is not None:
                found[ad.offer.slug] = free.pop(moved.slug)
    for ad in ads:
        if ad.offer.slug not in found and ad.offer.slug in free:
            found[ad.offer.slug] = free.pop(ad.offer.slug)
    return [(ad, found.get(ad.offer.slug)) for ad in ads]


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
