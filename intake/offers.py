"""The folder of ads, read again at each pass; an ad that cannot be read is a named problem, never a stop."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from sqlalchemy import Engine

from parsing.offer import MAX_AD, Offer, parse_offer, read_text, slug_of
from parsing.offer_recruiters import is_one_slip
from parsing.profile.facts import fold
from storage.database import reading, transaction
from storage.offers import AdFile, offers, sync

_KEPT = 512
"""Ads that are not read again as long as they stay the same."""
_SUFFIXES = ("", ".md", ".markdown", ".mdown", ".txt")


class OffersError(Exception):
    """The folder of ads cannot be read; the message says what, where and the remedy."""


def read_ad(path: Path) -> AdFile:
    """Read one ad; what prevents it stands in the offer's problems."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_AD + 1)
    except OSError as error:
        return _unread(path, f"{path.name} cannot be read ({error.strerror}); correct its rights")
    text = read_text(content)
    digest = hashlib.sha256((text or "").encode("utf-8", "surrogatepass")).hexdigest()
    # a file without text is no ad: half written, or damaged; what it said before still holds
    return AdFile(path.name, digest, _understood(content, path.name), read=text is not None)


@lru_cache(maxsize=_KEPT)
def _understood(content: bytes, name: str) -> Offer:
    """Read an ad that is looked at in each pass and seldom changes."""
    return parse_offer(content, name)


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
    return _compared(list(seen.values()))


def _compared(ads: list[AdFile]) -> list[AdFile]:
    """Add what is wrong with ads only beside others: two that no mail can tell apart, a domain that the others spell otherwise."""
    twins: dict[tuple[str, ...], list[str]] = {}
    for ad in ads:
        if ad.offer.open and ad.offer.recruiters:
            twins.setdefault((fold(ad.offer.title), ad.offer.subject_hint or "", *sorted(ad.offer.recruiters)), []).append(ad.file)
    domains = Counter(address.rpartition("@")[2] for ad in ads for address in ad.offer.recruiters)
    return [replace(ad, offer=replace(ad.offer, problems=(*ad.offer.problems, *_beside(ad, twins.values(), domains)))) for ad in ads]


def _beside(ad: AdFile, twins: Iterable[list[str]], domains: Mapping[str, int]) -> Iterator[str]:
    for files in twins:
        if ad.file in files and len(files) > 1:
            others = ", ".join(file for file in files if file != ad.file)
            remedy = "no mail can tell which is meant: change a title, or ask for a subject"
            yield f"{ad.file}: has the title and the addresses of {others}; {remedy}"
    for address in ad.offer.recruiters:
        domain = address.rpartition("@")[2]
        meant = next((other for other, count in domains.items() if count > domains[domain] and is_one_slip(domain, other)), None)
        if meant and not any(address in problem for problem in ad.offer.problems):
            remedy = "correct it, for mail to it goes to strangers or to nobody"
            yield f"{ad.file}: {address} may be misspelt: other ads write {meant}; {remedy}"


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
