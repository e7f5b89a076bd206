"""What a document is for by what it says, whatever its file is called. Called by `parsing/roles.py` and `parsing/evidence.py`.

A CV has headings, and lines with years under them; a letter opens, asks and takes leave; a certificate has a title or somebody who
certifies; a portfolio tells of projects, one like the other; papers (a payslip, bank details, an ad) have words of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from parsing.attachment import Role
from parsing.roles_marks import Line, Shape, Title, Words, cut, lines_of, opens_letter, portfolio_weight, shape_of, title_of, words_of

_ENOUGH = 3
_SPEAKS = 0.02
"""From one word in fifty an author speaks of herself."""
_SOME_WORDS = 40
_OPENING_LINES = 25
_ROLES = {"certificate": Role.CERTIFICATE, "recommends": Role.CERTIFICATE, "portfolio": Role.PORTFOLIO, "other": Role.OTHER}


@dataclass(frozen=True, slots=True)
class Told:
    """What a text is for; `sure`: whatever the file is called."""

    role: Role | None = None
    sure: bool = False


def told_by_content(text: str) -> Told:
    """Return what the document that says `text` is for; no role when nothing tells."""
    seen = cut(text)
    lines = lines_of(seen)
    shape, title = shape_of(lines, seen), title_of(lines)
    if shape.complete and title is None:
        return Told(Role.CV, True)  # a letter may stand before it
    spoken = words_of(seen)
    portfolio = portfolio_weight(lines, spoken)
    if shape.complete and (title is None or title.says != "portfolio" or portfolio <= _ENOUGH + 1):
        return Told(Role.CV, True)
    letter = _letter(lines, spoken, shape)
    others = (_paper(title, spoken), _certificate(title, spoken, shape), letter)
    found = next((told for told in others if told.sure), None)
    if found is not None and (title is not None or not shape.likely):
        return found
    if portfolio >= _ENOUGH:  # its title and a case, or cases that are told alike
        return Told(Role.PORTFOLIO, True)
    return Told(Role.CV, True) if shape.likely else _unsure(title, shape, spoken, letter, cases=portfolio > 1)


def reads_as_cv(text: str) -> bool:
    """Tell whether a text has the headings, years and address of a CV."""
    return cv_marks(text) >= _ENOUGH


def cv_marks(text: str) -> int:
    """Count what is typical of a CV: its headings, an address, years."""
    seen = cut(text)
    return shape_of(lines_of(seen), seen).marks


def _paper(title: Title | None, spoken: Words) -> Told:
    """Tell papers that are none of the applicant's making, and ads, which speak of `you`."""
    own, ad = len(spoken.said["other_said"]), len(spoken.said["ad_said"])
    titled = title is not None and title.says == "other"
    wanted = ad >= _ENOUGH + (not titled) and spoken.first_person < _SPEAKS / 2
    sure = wanted or own > _ENOUGH or (own > 0 and titled)
    return Told(Role.OTHER, True) if sure else Told()


def _letter(lines: Sequence[Line], spoken: Words, shape: Shape) -> Told:
    """Tell a letter by how it opens, asks and takes leave, and that its author speaks."""
    if _recommends(spoken) or shape.dated > 2 * _ENOUGH:
        return Told()
    opens = any(opens_letter(line) for line in lines[:_OPENING_LINES])
    asks = len(spoken.said["applies"])
    speaks = spoken.first_person >= _SPEAKS
    marks = opens + spoken.leaves + speaks + (asks > 0) + (asks >= _ENOUGH)
    if marks >= _ENOUGH and (opens or asks):
        return Told(Role.COVER_LETTER, True)
    return Told(Role.COVER_LETTER) if opens and marks > 1 else Told()


def _certificate(title: Title | None, spoken: Words, shape: Shape) -> Told:
    """Tell what others say of a person: a certificate, a diploma, marks, a recommendation."""
    certifies, says = len(spoken.said["certifies"]), title.says if title else ""
    recommended = _recommends(spoken) or (title is not None and says == "recommends" and (title.clear or spoken.third_person > 0))
    untitled = certifies > 1 and not shape.likely and spoken.first_person < _SPEAKS
    sure = recommended or untitled or (certifies > 0 and says == "certificate")
    return Told(Role.CERTIFICATE, True) if sure else Told()


def _recommends(spoken: Words) -> bool:
    praised, asks = len(spoken.said["recommends"]), len(spoken.said["applies"])
    told_of = spoken.third_person > 1 and asks < _ENOUGH
    another = told_of and asks <= 1 and spoken.leaves and 2 * spoken.third_person > spoken.first_person * spoken.count
    return (praised > 1 and 2 * praised > asks) or (praised > 0 and told_of) or another


def _unsure(title: Title | None, shape: Shape, spoken: Words, letter: Told, *, cases: bool) -> Told:
    """Return what a text is that only calls itself something, or may be when the name of its file says nothing else."""
    clear = title is not None and title.clear
    if shape.marks >= _ENOUGH and not clear and (shape.headings > 1 or not letter.role):
        return Told(Role.CV)
    if letter.role:
        return letter
    if title is not None:
        return Told(_ROLES[title.says], clear and title.says != "portfolio")
    guesses = {
        Role.CV: shape.possible or (shape.dated >= _ENOUGH and (shape.email or shape.phone)),
        Role.CERTIFICATE: any(" " in phrase for phrase in spoken.said["certifies"]),
        Role.PORTFOLIO: cases,
        Role.COVER_LETTER: spoken.first_person >= 2 * _SPEAKS and spoken.count >= _SOME_WORDS,
    }
    return Told(next((role for role, fits in guesses.items() if fits), None))
