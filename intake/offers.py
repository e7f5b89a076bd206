"""The folder of ads, read again at each pass; an ad that cannot be read is a named problem, never a stop."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from sqlalchemy import Engine

from parsing.offer import MAX_AD, Offer, parse_offer, slug_of
from storage.database import reading, transaction
from storage.offers import AdFile, offers, sync

_SUFFIXES = ("", ".md", ".markdown", ".mdown", ".txt")

_parsed = lru_cache(maxsize=500)(parse_offer)
"""Ads hardly change from one pass to the next, and what is parsed from the same octets is the same."""


class OffersError(Exception):
    """The folder of ads cannot be read; the message says what, where and the remedy."""


def read_ad(path: Path) -> AdFile:
    """Read one ad; what prevents it stands in the offer's problems."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_AD + 1)
    except OSError as error:
        return _unread(path, f"{path.name} cannot be read ({error.strerror}); correct its rights")
    return AdFile(path.name, hashlib.sha256(content).hexdigest(), _parsed(content, path.name))


def read_folder(folder: Path) -> list[AdFile]:
    """Read every ad of the folder, in the order of their names. Raises OffersError when there is no such folder."""
    try:
        paths = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    except OSError as error:
        raise OffersError(f"offers.folder: {folder} cannot be read ({error.strerror}); create it, or name another in [offers]") from error
    ads = [read_ad(path) for path in paths if path.suffix.lower() in _SUFFIXES or not path.suffix[1:].isalpha()]
    seen: dict[str, AdFile] = {}
    for ad in ads:
        first = seen.setdefault(ad.offer.slug, ad)
        if first is not ad:
            problem = f"{ad.file} would be the same offer as {first.file} and was left out; rename one of them"
            seen[ad.offer.slug] = replace(first, offer=replace(first.offer, problems=(*first.offer.problems, problem)))
    return list(seen.values())


def refresh(engine: Engine, folder: Path, *, now: datetime) -> list[AdFile]:
    """Read the folder and make the database agree with it (T0). Raises OffersError.

    A folder without any ad, where there were open ones, is more probably not mounted than meant: the offers stay, and a person is told.
    """
    ads = read_folder(folder)
    if not ads:
        with reading(engine) as session:
            left = sum(offer.open for offer in offers(session))
        if left:
            many = "offer was" if left == 1 else "offers were"
            raise OffersError(
                f"offers.folder: {folder} holds no ad any more, and {left} {many} open; they stay as they were: "
                "put the ads back, or close an offer with `open: false` in its ad"
            )
    with transaction(engine) as session:
        sync(session, ads, now=now)
    return ads


def _unread(path: Path, problem: str) -> AdFile:
    slug = slug_of(path.name)
    return AdFile(path.name, "", Offer(slug=slug, title=slug, open=False, language="fr", problems=(problem,)), read=False)
