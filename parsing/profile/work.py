"""The jobs of a CV: position, employer, place and dates, internships and apprenticeships included; volunteering and projects are none.

What the words do not say stays None: a firm is not told from a title by guessing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from parsing.languages import words
from parsing.profile.degrees import find_degree, names_degree
from parsing.profile.entries import Entry, find_entries, find_undated
from parsing.profile.facts import Work, fold
from parsing.profile.sections import Section
from parsing.profile.trades import names_job, names_trade, trade_at, without_firm

_NEVER_WORK = {"education", "projects", "referees", "publications", "other"}
_MOST = 60
"""Jobs of a person."""
_LONGEST = 90
_SIGNS = " \t\u00a0,;:|–—-·•■▪●./*>[]="
_DIVIDED = re.compile(r"\s*\t\s*|\s{1,3}(?:[|•·–—→/]|-{1,2})\s{1,3}|\s{0,2}[|•]\s{0,2}|\s{0,2}[;:]\s{1,3}|,\s{1,3}|\s{0,2}[()]\s{0,2}|\n")
_NO_NAME = re.compile(r"[@]|https?:|www\.|\d{5}")
_CONTACT = re.compile(r"@[\w-]+\.\w|(?<!\d)\+?\d(?:[ .()/-]{0,2}\d){8,}")
"""An address or a telephone number."""
_PLACE = "place"
"""Before a piece: words that say that a place follows."""
_CODE = re.compile(r"(?:[A-Z]{2}|\d{2,5})\Z")


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    before: str
    """The sign or word that divides it from what stands before."""


def find_work(text: str, sections: Sequence[Section]) -> tuple[Work, ...]:
    """Return the jobs of a CV's `text`, in its order; `sections` are its parts. Never raises."""
    parts = [(section.start, section.end) for section in _joined(sections, "work")]
    entries = [entry for start, end in parts for entry in _entries(text, start, end, sections) if _is_job(entry)]
    if not entries:
        entries = [
            entry
            for start, end in _elsewhere(text, sections)
            for entry in find_entries(text, start, end, names_job)
            if _is_plain_job(entry)
        ]
    jobs = _told(entries[:_MOST])
    return tuple(
        replace(job, quote=text[entry.at : entry.to], start=entry.at)
        for job, entry in _without_spans(list(zip(jobs, entries, strict=False)))
    )


def _entries(text: str, start: int, end: int, sections: Sequence[Section]) -> Sequence[Entry]:
    """Return the jobs of one part.

    A column of dates may have been read behind all that it dates: it is laid beside them when it is as long as they are, studies above
    them included; else they have no dates.
    """
    entries = find_entries(text, start, end, names_job)
    if len(entries) < 2 or any(names_job(line) for entry in entries for line in entry.head):
        return entries
    jobs = find_undated(text, start, end, names_job)
    if len(jobs) < 2 or jobs[-1].at > entries[0].at:
        return entries
    studies = [section for section in sections if section.kind == "education" and section.end <= start]
    above = sum(len(find_undated(text, section.start, section.end, names_degree)) for section in studies)
    spare = len(entries) - len(jobs)
    if spare not in {0, above}:
        return jobs
    return [replace(job, period=entry.period) for job, entry in zip(jobs, entries[spare:], strict=True)]


def _joined(sections: Sequence[Section], kind: str) -> list[Section]:
    """Return the parts of a kind, those that follow each other as one."""
    found: list[Section] = []
    for before, section in zip((None, *sections), sections, strict=False):
        if section.kind != kind:
            continue
        if before is not None and before.kind == kind and found:
            found[-1] = replace(found[-1], end=section.end)
        else:
            found.append(section)
    return found


def _elsewhere(text: str, sections: Sequence[Section]) -> list[tuple[int, int]]:
    """Return where jobs may stand in a text that has no part about work: above the first heading and below odd ones."""
    first = sections[0].start - len(sections[0].heading) if sections else len(text)
    odd = [(section.start, section.end) for section in sections if section.kind not in _NEVER_WORK]
    return [(0, max(0, first)), *odd]


def _is_job(entry: Entry) -> bool:
    said = " ".join(entry.head)
    if set(fold(said).split()) & _folded("unpaid") or _CONTACT.search(said):
        return False
    return names_trade(" ".join(entry.head)) or find_degree(" ".join(entry.head)[:200]) is None


def _is_plain_job(entry: Entry) -> bool:
    head = "\n".join(entry.head)
    return entry.period is not None and entry.period.spans and _is_job(entry) and any(map(names_trade, head.split("\n")))


def _told(entries: Sequence[Entry]) -> list[Work]:
    """Return what each entry says; which comes first, firm or title, is learnt from those that are plain."""
    pieces = [_pieces(entry.head) for entry in entries]
    firsts = [_position(one) for one in pieces]
    titles_first = sum(first == 0 for first in firsts) > sum(first is not None and first > 0 for first in firsts)
    plain = any(first is not None for first in firsts)
    return [_work(entry, one, first, titles_first if plain else None) for entry, one, first in zip(entries, pieces, firsts, strict=True)]


def _work(entry: Entry, pieces: Sequence[_Piece], first: int | None, titles_first: bool | None) -> Work:
    position = pieces[first].text if first is not None else None
    rest = [piece for number, piece in enumerate(pieces) if number != first]
    if position is None:
        contract = next((piece for piece in rest if fold(piece.text) in _folded("contract_title")), None)
        if contract is not None:
            position, rest = contract.text, [piece for piece in rest if piece is not contract]
    rest = [piece for piece in rest if fold(piece.text) not in _folded("contract")]
    if position is None and titles_first is not None and len(named := [piece for piece in rest if not _is_place(piece)]) > 1:
        chosen = named[0] if titles_first else named[1]
        if len(chosen.text.split()) <= 8:
            position, rest = chosen.text, [piece for piece in rest if piece is not chosen]
    name = next((piece for piece in rest if piece.before in _folded("employer_follows")), None)
    name = name or next((piece for piece in rest if not _is_place(piece) and _is_name(piece.text)), None)
    if name is None and rest and position is not None and rest[0].before != "(" and _is_name(rest[0].text):
        name = rest[0]  # a firm that is called as a town is, or a town alone
        name = None if _is_known_place(name.text) else name
    after = [piece for piece in rest if piece is not name and (_is_place(piece) or _CODE.match(piece.text))]
    period = entry.period
    position, firm = without_firm(position)
    return Work(
        name=firm or (name.text if name else None),
        position=position,
        location=", ".join(dict.fromkeys(piece.text for piece in after[:2])) or None,
        start_date=period.start if period else None,
        end_date=period.end if period else None,
        current=period.current if period else False,
    )


def _pieces(head: Iterable[str]) -> list[_Piece]:
    """Return the divided words of an entry's lines; a line that ends in a comma or dash, or begins small, goes on."""
    joined = ""
    for line in head:
        goes_on = joined and (line[:1].islower() or joined.endswith((",", "–", "—", "-")))
        joined = f"{joined} {line}" if goes_on else f"{joined}\n{line}" if joined else line
    found: list[_Piece] = []
    at, before = 0, ""
    for match in [*_divided().finditer(joined[:400]), None]:
        said = " ".join(joined[at : match.start() if match else len(joined[:400])].strip(_SIGNS).split())
        if 1 < len(said) <= _LONGEST:
            found.append(_Piece(said, before))
        if match:
            at, before = match.end(), fold(match[0]) or match[0].strip() or match[0][:1]
            before = "@" if "@" in match[0] else before
    return _with_codes(_with_labels(found)[:10])


def _with_labels(pieces: Sequence[_Piece]) -> list[_Piece]:
    """Return the pieces without the words that say that a place follows ("Ville : Bayonne"); the place is told by them."""
    behind = pairwise(pieces)
    labels = [number for number, (piece, told) in enumerate(behind) if told.before == ":" and fold(piece.text) in _folded("place_label")]
    return [replace(piece, before=_PLACE) if number - 1 in labels else piece for number, piece in enumerate(pieces) if number not in labels]


def _with_codes(pieces: Sequence[_Piece]) -> list[_Piece]:
    """Put "Santa Clara, CA" together again."""
    found: list[_Piece] = []
    for piece in pieces:
        if piece.before == "," and _CODE.match(piece.text) and found and not names_trade(found[-1].text):
            found[-1] = _Piece(f"{found[-1].text}, {piece.text}", ",")
        else:
            found.append(piece)
    return found


def _position(pieces: Sequence[_Piece]) -> int | None:
    """Return which piece is the title: the one whose trade stands nearest to its beginning."""
    ranked = [
        (0 if at <= 2 else 1, number)
        for number, piece in enumerate(pieces)
        if (at := trade_at(piece.text)) is not None and piece.before not in _folded("employer_follows") and len(piece.text.split()) <= 12
    ]
    return min(ranked)[1] if ranked else None


def _is_place(piece: _Piece) -> bool:
    said = piece.text
    return piece.before == _PLACE or _is_known_place(said) or re.search(r", [A-Z]{2}\Z", said) is not None or _is_new_place(piece)


def _is_known_place(said: str) -> bool:
    return fold(said) in _places()


def _is_new_place(piece: _Piece) -> bool:
    """Tell whether a piece in brackets or behind a comma may be a town: a few capital words, nothing of a firm."""
    said = piece.text
    alike = (
        piece.before in {"(", ","} and len(said.split()) <= 3 and said[:1].isupper() and said.replace(" ", "").replace("-", "").isalpha()
    )
    return alike and not set(fold(said).split()) & _folded("organisation")


def _is_name(said: str) -> bool:
    return 2 <= len(said) <= 70 and len(said.split()) <= 9 and not _NO_NAME.search(said) and any(sign.isalpha() for sign in said)


def _without_spans(jobs: Sequence[tuple[Work, Entry]]) -> list[tuple[Work, Entry]]:
    """Leave out the firm that stands above several positions with the time of them all; the positions are given its name."""
    kept: list[tuple[Work, Entry]] = []
    firm, left = None, 0
    for number, (told, entry) in enumerate(jobs):
        job, within = told, 0
        if job.position is None and job.name and job.start_date and job.end_date != job.start_date:
            for other, _ in jobs[number + 1 : number + 9]:
                if other.position is None or not _lies_in(other, job):
                    break
                within += 1
        if within and any(other.start_date == job.start_date for other, _ in jobs[number + 1 : number + 1 + within]):
            firm, left = job, within
            continue
        if job.name is None and firm is not None and left > 0:
            job = replace(job, name=firm.name, location=job.location or firm.location)
        elif job.name is None and job.position and kept and _holds_next(*kept[-1], job):
            job = replace(job, name=kept[-1][0].name)
        kept.append((job, entry))
        left -= 1
    return kept


def _holds_next(above: Work, entry: Entry, job: Work) -> bool:
    """Tell whether the firm that stands in a line above one position is that of an earlier one below, which names none."""
    first = entry.head[0] if len(entry.head) > 1 else ""
    begins = bool(above.name) and first.startswith(above.name or "") and not names_trade(first)
    return begins and job.end_date is not None and above.start_date is not None and job.end_date[:7] <= above.start_date[:7]


def _lies_in(job: Work, whole: Work) -> bool:
    if not (job.start_date and whole.start_date and job.start_date[:7] >= whole.start_date[:7]):
        return False
    return whole.current or whole.end_date is None or (job.end_date is not None and job.end_date <= whole.end_date)


@cache
def _divided() -> re.Pattern[str]:
    """Return what divides an entry's words: signs, and words before which no firm's name ends ("chez")."""
    follows = "|".join(re.escape(word) for word in sorted(words("cv", "employer_follows"), key=len, reverse=True))
    return re.compile(rf"{_DIVIDED.pattern}|\s{{1,2}}(?:{follows})\s{{1,2}}(?=[A-ZÀ-Ý\d])")


@cache
def _places() -> frozenset[str]:
    return _folded("home_places") | _abroad()


@cache
def _abroad() -> frozenset[str]:
    entries = (entry.partition("=")[2] for entry in words("cv", "country_of"))
    return frozenset(fold(name) for names in entries for name in names.split(","))


@cache
def _folded(key: str) -> frozenset[str]:
    return frozenset(fold(word) or word for word in words("cv", key))
