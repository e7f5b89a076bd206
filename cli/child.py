"""What runs in child processes for commands that read files; imports as little as it can, because every child pays for it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from typing import NamedTuple

from cli.findings import Finding
from cli.places import Box, boxes_of, free_side, sheet_of
from parsing.documents import Document, Tools, Unreadable, read_document
from parsing.documents.media_type import IMAGES, PDF
from parsing.offer import Offer
from parsing.profile import Profile, extract_profile
from parsing.requirements import Evidence, match

MAX_DRAWN = 12
"""Pages whose picture is shown; of more, the text."""
_WIDTH = 1000
"""Of a page's picture, in pixels."""
_WORD = 0.08
"""Width of a word beside a box, as a share of the page's."""


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What a CV file says, and how long the reading took."""

    document: Document
    profile: Profile = field(default_factory=Profile)
    seconds: float = 0.0
    evidence: tuple[Evidence, ...] | None = None
    """What the CV says about what an ad asks; None without an ad."""
    empty: bool = False
    """The file holds nothing, which is no matter of its format."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page's picture (PNG), its size in points, and where on it which of the facts stand."""

    picture: bytes
    width: float
    height: float
    places: tuple[Place, ...]


class Place(NamedTuple):
    """One box of a fact."""

    number: int
    """Of the fact in the list that was asked for."""
    box: Box
    side: str
    """Where there is room for a word about it: `right`, `left` or `above`."""


def read_cv(content: bytes, name: str, tools: Tools, today: date, offer: Offer | None = None) -> ReadFile:
    """Read a file that is meant to be a CV, and look for what `offer` asks.

    `name` is only a hint of the format; `today` ends what goes on. Never raises.
    """
    start = time.perf_counter()
    document = read_document(content, filename=name, tools=tools)
    profile = extract_profile(document, today=today)
    evidence = match(offer, profile, document.text, page_at=document.page_at) if offer else None
    return ReadFile(document, profile, time.perf_counter() - start, evidence, empty=not content)


def draw_pages(content: bytes, document: Document, facts: tuple[Finding, ...]) -> tuple[Drawn, ...]:
    """Return the first pages of a PDF with the places of `facts`, or a picture as it is; nothing for what cannot be drawn."""
    if document.media_type in IMAGES:
        return _picture(content)
    if document.media_type != PDF or not document.page_starts:
        return ()
    drawn: list[Drawn] = []
    for number in range(min(len(document.page_starts), MAX_DRAWN)):
        try:
            drawn.append(_drawn(content, document, number, facts))
        except (Unreadable, IndexError):
            break
    return tuple(drawn)


def _picture(content: bytes) -> tuple[Drawn, ...]:
    """Return a picture, made anew, so that nothing else of the file comes along."""
    from PIL import Image, ImageOps  # noqa: PLC0415

    try:
        with Image.open(BytesIO(content)) as image:
            image.draft("RGB", (2 * _WIDTH, 2 * _WIDTH))
            upright = ImageOps.exif_transpose(image).convert("RGB")
        upright.thumbnail((_WIDTH, 4 * _WIDTH))
        out = BytesIO()
        Image.frombytes("RGB", upright.size, upright.tobytes()).save(out, "PNG")
    except Exception:  # noqa: BLE001 - hostile pictures make the library raise anything; the page has the text
        return ()
    return (Drawn(out.getvalue(), float(upright.width), float(upright.height), ()),)


def _drawn(content: bytes, document: Document, number: int, facts: tuple[Finding, ...]) -> Drawn:
    from parsing.documents.pdf_layout import reading_order  # noqa: PLC0415
    from parsing.documents.pdf_pages import page_size, render, word_boxes  # noqa: PLC0415

    starts = document.page_starts
    begin, end = starts[number], starts[number + 1] if number + 1 < len(starts) else len(document.text)
    width, height = page_size(content, number)
    sheet = sheet_of(document.text[begin:end], reading_order(word_boxes(content, number)), width, height)
    of_cv = ((index, fact.quote, fact.start) for index, fact in enumerate(facts) if fact.source == "cv" and fact.start is not None)
    here = ((index, quote, start) for index, quote, start in of_cv if begin <= start < end)
    places = tuple(
        Place(index, box, free_side(sheet, box, _WORD)) for index, quote, start in here for box in boxes_of(sheet, quote, start - begin)
    )
    return Drawn(render(content, number, _WIDTH), width, height, places)
