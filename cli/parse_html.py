"""A read file as one HTML page that needs nothing else: the facts, and each where it stands, on the page's picture and in the text.

Everything that a file says is a stranger's: it is escaped by the templates, and the page carries no script and fetches nothing.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from cli.findings import EXPECTED, Finding, all_findings, found_in
from cli.parse_words import GROUP_OF, GROUPS, about, dates, length, problems, words

if TYPE_CHECKING:
    from cli.child import Drawn, Place, ReadFile
    from parsing.documents import Document
    from parsing.offer import Offer

_TEXT_LIMIT = 200_000
"""Characters of a text that are shown; a CV has some 6,000."""
_UNTAGGED = frozenset({"skill"})
"""Many, short and close together: their lines below are theirs alone."""


@dataclass(frozen=True, slots=True)
class Row:
    """A fact in the list."""

    number: int
    kind: str
    value: str
    notes: tuple[str, ...]
    quote: str
    """Empty when the value says the same."""
    place: str | None
    """The anchor of where it stands."""
    where: str
    """The page's number, or where else it comes from."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A box on a picture."""

    number: int
    anchor: str | None
    """Only a fact's first box has one."""
    group: str
    tag: str
    side: str
    """Where the tag has room."""
    says: str
    style: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of the text: inside the same facts from its first letter to its last."""

    text: str
    group: str | None
    says: str
    number: int | None
    anchors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PagePart:
    """One page: its picture with marks, and its text with marks."""

    number: int | None
    picture: str | None
    ratio: str
    marks: tuple[Mark, ...]
    pieces: tuple[Piece, ...]
    open: bool
    """The text holds marks that the picture has not."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that an ad asks, and the facts that speak of it."""

    kind: str
    asked: str
    sentence: str
    """Of the ad, where it says more."""
    sought: bool
    found: tuple[Row, ...]


def page_of(name: str, read: ReadFile, drawn: Sequence[Drawn], language: str, offer: Offer | None = None) -> str:
    """Return the page of the file `name`, in `language` (`fr` or `en`); `drawn` are the pictures of its first pages, if any."""
    table, facts = words(language), all_findings(read.profile, read.evidence)
    boxed = {place.number for sheet in drawn for place in sheet.places}
    spans = _spans(read.document, facts)
    parts = tuple(_parts(read.document, facts, spans, drawn, language))
    rows = [_row(number, fact, boxed, spans, language) for number, fact in enumerate(facts)]
    groups = [(group, _own(rows, facts, group), _missing(facts, kinds)) for group, kinds in GROUPS.items() if group != "evidence"]
    return (
        environment()
        .get_template("parse.html")
        .render(
            w=table,
            language=language,
            file=name,
            name=read.profile.name.value if read.profile.name else None,
            label=read.profile.label.value if read.profile.label else None,
            about=about(read.document, language),
            problems=problems(read, language),
            total=length(read.profile.experience_months, language) if read.profile.experience_months is not None else None,
            groups=[(group, own, missing) for group, own, missing in groups if own or missing],
            legend=list(dict.fromkeys(GROUP_OF[fact.kind] for number, fact in enumerate(facts) if number in boxed or number in spans)),
            offer=offer.title if offer else None,
            asked=_asked(read, rows, facts),
            parts=parts,
            pages_left_out=bool(drawn) and (read.document.pages or 0) > len(drawn),
            text_language=read.document.language,
            hidden=read.document.hidden[:_TEXT_LIMIT],
        )
    )


@cache
def environment() -> Environment:
    """Return the environment of this room's templates: everything is escaped, a missing variable raises."""
    return Environment(
        loader=PackageLoader("cli", "files"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def _own(rows: Sequence[Row], facts: Sequence[Finding], group: str) -> list[Row]:
    return [row for row, fact in zip(rows, facts, strict=True) if GROUP_OF[fact.kind] == group]


def _missing(facts: Sequence[Finding], kinds: Iterable[str]) -> list[str]:
    known = {fact.kind for fact in facts}
    return [kind for kind in kinds if kind in EXPECTED and kind not in known]


def _row(number: int, fact: Finding, boxed: set[int], spans: Mapping[int, tuple[int, int]], language: str) -> Row:
    table = words(language)
    place = f"p{number}" if number in boxed else f"t{number}" if number in spans else None
    where = str(table["short_page"]).format(number=fact.page) if fact.page else ""
    if fact.source == "link":
        where = str(table["sentences"]["link"])
    notes = tuple(part for part in (fact.detail, dates(fact, language)) if part)
    quote = " ".join(fact.quote.split())
    return Row(number, fact.kind, fact.value or str(table["untitled"]), notes, "" if _same(quote, fact.value) else quote, place, where)


def _same(one: str, other: str) -> bool:
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())


def _asked(read: ReadFile, rows: Sequence[Row], facts: Sequence[Finding]) -> list[Asked] | None:
    """Return what the ad asks, each with the rows of its quotations; None without an ad."""
    if read.evidence is None:
        return None
    numbers = {fact: number for number, fact in reversed(list(enumerate(facts)))}
    return [
        Asked(
            kind=str(item.kind),
            asked=item.asked,
            sentence="" if _same(item.sentence, item.asked) else item.sentence,
            sought=bool(item.sought or item.found),
            found=tuple(rows[numbers[fact]] for fact in found_in(item, facts)),
        )
        for item in read.evidence
    ]


def _spans(document: Document, facts: Sequence[Finding]) -> dict[int, tuple[int, int]]:
    """Return for each fact the part of the text that it was read from, where its words stand there."""
    spans: dict[int, tuple[int, int]] = {}
    for number, fact in enumerate(facts):
        if fact.source != "cv" or fact.start is None or not fact.quote.strip():
            continue
        if document.text.startswith(fact.quote, fact.start) and fact.start + len(fact.quote) <= _TEXT_LIMIT:
            spans[number] = (fact.start, fact.start + len(fact.quote))
    return spans


def _parts(
    document: Document, facts: Sequence[Finding], spans: Mapping[int, tuple[int, int]], drawn: Sequence[Drawn], language: str
) -> Iterator[PagePart]:
    """Return the pages; a file without pages is one."""
    starts = document.page_starts or (0,)
    boxed = {place.number for sheet in drawn for place in sheet.places}
    shown: set[int] = set()
    for number, start in enumerate(starts):
        end = min(starts[number + 1] if number + 1 < len(starts) else len(document.text), _TEXT_LIMIT)
        if start >= end and number >= len(drawn):
            continue
        here = {fact: span for fact, span in spans.items() if start <= span[0] < end}
        pieces = tuple(_pieces(document.text, start, end, here, facts, language))
        sheet = drawn[number] if number < len(drawn) else None
        yield PagePart(
            number=number + 1 if document.page_starts or sheet else None,
            picture="data:image/png;base64," + b64encode(sheet.picture).decode() if sheet else None,
            ratio=f"{sheet.width:.2f} / {sheet.height:.2f}" if sheet else "",
            marks=tuple(_marks(sheet.places, facts, shown, language)) if sheet else (),
            pieces=pieces,
            open=sheet is None or not here.keys() <= boxed,
        )


def _marks(places: Iterable[Place], facts: Sequence[Finding], shown: set[int], language: str) -> Iterator[Mark]:
    """Return the boxes, large ones first, so that what stands in them can be pointed at."""
    table = words(language)
    tags = {**table["kinds"], "evidence": table["headings"]["asked"]}
    for number, box, side in sorted(places, key=lambda place: facts[place.number].kind not in {"work", "education"}):
        first = number not in shown
        shown.add(number)
        yield Mark(
            number=number,
            anchor=f"p{number}" if first else None,
            group=GROUP_OF[facts[number].kind],
            tag=str(tags[facts[number].kind]) if first and facts[number].kind not in _UNTAGGED else "",
            side=side,
            says=_says(facts[number], language),
            style=";".join(f"{edge}:{100 * share:.3f}%" for edge, share in zip(("left", "top", "width", "height"), box, strict=True)),
        )


def _says(fact: Finding, language: str) -> str:
    table = words(language)
    when = dates(fact, language)
    said = f"{table['kinds'][fact.kind]}{table['colon']}{fact.value or table['untitled']}"
    return ", ".join(part for part in (said, fact.detail, when) if part)


def _pieces(
    text: str, start: int, end: int, spans: Mapping[int, tuple[int, int]], facts: Sequence[Finding], language: str
) -> Iterator[Piece]:
    """Cut a page's text where facts begin and end; a piece has the look of the shortest fact that it is in."""
    cuts = sorted({start, end, *(min(max(edge, start), end) for span in spans.values() for edge in span)})
    begins: dict[int, list[int]] = {}
    for number, span in spans.items():
        begins.setdefault(span[0], []).append(number)
    inside: list[int] = []
    for first, last in pairwise(cuts):
        inside = [number for number in inside if spans[number][1] > first] + begins.get(first, [])
        inner = min(inside, key=lambda number: spans[number][1] - spans[number][0], default=None)
        yield Piece(
            text=text[first:last],
            group=GROUP_OF[facts[inner].kind] if inner is not None else None,
            says=" / ".join(_says(facts[number], language) for number in inside[:4]),
            number=inner,
            anchors=tuple(f"t{number}" for number in begins.get(first, ())),
        )
