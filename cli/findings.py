"""A profile as one list of facts in the order in which people ask for them; what the card and the page show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from parsing.profile import Education, Fact, Language, Profile, Work
from parsing.profile.dates import find_periods

if TYPE_CHECKING:
    from parsing.requirements import Evidence

Kind = Literal[
    "name",
    "label",
    "email",
    "phone",
    "location",
    "link",
    "stated",
    "work",
    "education",
    "skill",
    "language",
    "certificate",
    "evidence",
]
"""Every kind of fact; the words for them are in `files/parse.<language>.toml`."""
EXPECTED = ("name", "label", "email", "phone", "location")
"""What every CV is asked for: said even when it was not found."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fact and where it was read."""

    kind: Kind
    value: str
    """Empty for a job or a study of which only dates and place were read."""
    detail: str = ""
    """What goes with it: a level, a network."""
    dates: tuple[str | None, str | None, bool] = (None, None, False)
    """Beginning, end, both ISO 8601 up to the day, and whether it goes on."""
    quote: str = ""
    source: str = "cv"
    start: int | None = None
    page: int | None = None


def findings(profile: Profile) -> tuple[Finding, ...]:
    """Return every fact of `profile`, kind by kind in the order of `Kind`."""
    return tuple(_findings(profile))


def _findings(profile: Profile) -> Iterator[Finding]:
    basics: dict[Kind, Fact | None] = {
        "name": profile.name,
        "label": profile.label,
        "email": profile.email,
        "phone": profile.phone,
        "location": profile.location,
    }
    for kind, fact in basics.items():
        if fact:
            yield _fact(kind, fact)
    for item in profile.profiles:
        yield _fact("link", item.url, item.network)
    if profile.url:
        yield _fact("link", profile.url)
    if profile.stated_experience:
        yield _fact("stated", profile.stated_experience)
    for post in profile.work:
        yield _dated("work", _joined(post.position, post.name), post.location, post)
    for study in profile.education:
        yield _dated("education", _joined(study.study_type, study.area, study.institution), study.level, study)
    for skill in profile.skills:
        yield _fact("skill", skill)
    for spoken in profile.languages:
        yield Finding("language", spoken.language, _level(spoken), quote=spoken.quote, start=spoken.start, page=spoken.page)
    for certificate in profile.certificates:
        yield _fact("certificate", certificate)


def _fact(kind: Kind, fact: Fact, detail: str = "") -> Finding:
    return Finding(kind, fact.value, detail, quote=fact.quote, source=fact.source, start=fact.start, page=fact.page)


def _dated(kind: Kind, value: str, detail: str | None, item: Work | Education) -> Finding:
    goes_on = isinstance(item, Work) and item.current
    dates = (item.start_date, item.end_date, goes_on)
    if not value and (value := _undated(item.quote)) == detail:
        value = ""  # a town is no title
    return Finding(kind, value, detail or "", dates, quote=item.quote, start=item.start, page=item.page)


def _undated(quote: str) -> str:
    """Return the words of a job or a study of which nothing was told but its dates, without these; empty where there are no others."""
    for period in reversed(find_periods(quote)):
        quote = f"{quote[: period.at]} {quote[period.to :]}"
    return " ".join(quote.split()) if any(map(str.isalpha, quote)) else ""


def _level(spoken: Language) -> str:
    """Return how well a language is spoken: the level, and the words for it where they say more."""
    level, fluency = spoken.level or "", spoken.fluency or ""
    if not level or level == "native" or level.casefold() in fluency.casefold():
        return fluency or level
    return f"{level} · {fluency}" if fluency else level


def _joined(*parts: str | None) -> str:
    return ", ".join(dict.fromkeys(part for part in parts if part))


def all_findings(profile: Profile, evidence: tuple[Evidence, ...] | None) -> tuple[Finding, ...]:
    """Return the facts of `profile`, and behind them what else answers the questions of an ad."""
    known = findings(profile)
    more = (fact for item in evidence or () for fact in found_in(item, known) if fact not in known)
    return (*known, *dict.fromkeys(more))


def found_in(item: Evidence, facts: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return what was found for one question of an ad: the fact of `facts` that stands in the same words, else one of its own."""
    known = [fact for fact in facts if fact.source == "cv" and fact.start is not None]
    return tuple(dict.fromkeys(_known(known, fact) or _fact("evidence", fact) for fact in item.found))


def _known(facts: Iterable[Finding], wanted: Fact) -> Finding | None:
    """Return the fact that says the same within the words of `wanted`."""
    if wanted.start is None:
        return None
    end = wanted.start + len(wanted.quote)
    value = wanted.value.casefold()
    return next((fact for fact in facts if fact.value.casefold() == value and wanted.start <= (fact.start or 0) < end), None)
