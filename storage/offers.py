"""The ads as last read: rows mirror the folder and outlive it, because applications point to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from parsing.offer import Offer
from parsing.profile.facts import fold
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
    """Return each ad with its row, which outlives a new name, a new text, and mostly both at once.

    It is the one with its name and words, else the one with its words (renamed), else the one with its name and title (edited), else the
    one with its title and an address of it (renamed and edited at once), else the one with its name. An edited ad keeps its name's row
    only if no other file has taken that row along.
    """
    free = dict(rows)
    found: dict[str, OfferRow] = {}
    for fits in (_is_same, _is_renamed, _is_edited, _is_renamed_and_edited, _has_its_name):
        for ad in ads:
            if ad.offer.slug not in found and (row := next((row for row in free.values() if fits(ad, row)), None)) is not None:
                found[ad.offer.slug] = free.pop(row.slug)
    return [(ad, found.get(ad.offer.slug)) for ad in ads]


def _is_same(ad: AdFile, row: OfferRow) -> bool:
    return row.slug == ad.offer.slug and (row.digest == ad.sha256 or not ad.read)


def _is_renamed(ad: AdFile, row: OfferRow) -> bool:
    return ad.read and row.digest == ad.sha256


def _is_edited(ad: AdFile, row: OfferRow) -> bool:
    return row.slug == ad.offer.slug and fold(row.title) == fold(ad.offer.title)


def _is_renamed_and_edited(ad: AdFile, row: OfferRow) -> bool:
    """A post that was filled and is advertised again is another offer: only one that was there and open until now, and is still."""
    lasting = row.open and ad.offer.open and not row.missing
    return lasting and fold(row.title) == fold(ad.offer.title) and bool(set(row.recruiters) & set(ad.offer.recruiters))


def _has_its_name(ad: AdFile, row: OfferRow) -> bool:
    return row.slug == ad.offer.slug


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
