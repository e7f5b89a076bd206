"""Whose CV this is: a name is taken on evidence only, never because something must stand there.

Evidence: where it stands, how it is written, and whether the e-mail address, the networks or the mail's author say the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice

from parsing.languages import words
from parsing.profile.agreement import Known, agreement, is_address, is_confirmed, known_of
from parsing.profile.facts import Fact, Line, fold, lines_of

_TOKEN = re.compile(r"[^\W\d_]+(?:[’'\-][^\W\d_]+)*\.?")
_PIECE = re.compile(r"(?:(?! - )[^\t|·•,;:/()–—])+")
_TITLES = frozenset(["m", "mr", "mrs", "ms", "miss", "mme", "mlle", "dr", "pr", "prof", "me", "ing"])
_PARTICLES = frozenset(
    ("de", "d", "da", "di", "do", "dos", "das", "du", "des", "del", "della", "la", "le", "van", "von", "der", "den", "ter", "ten", "zu")
    + ("af", "bin", "ben", "ibn", "al", "el", "y", "e")
)
_LOWERED = frozenset(["de", "d", "du", "des", "van", "von", "der", "den", "ter", "ten", "zu", "af", "y", "e", "of"])
"""Particles written small in a name that was all capitals; the others keep their capital (Le Goff, Da Silva, El Amrani)."""
_LABEL = re.compile(
    r"(?i)^\s*(?:nom(?:\s*(?:et|&|/)\s*pr[ée]noms?)?|pr[ée]noms?(?:\s*(?:et|&|/)\s*nom)?"
    r"|(?:full |first |last )?name(?:\s*/\s*surname)?)\s*[:\t]\s*"
)
_HALF = r"nom(?: de famille)?|pr[ée]noms?|(?:first|last|given|family) ?names?|surname"
_HALVES = re.compile(
    rf"(?im)^[ \t]{{0,9}}(?:{_HALF})[ \t]{{0,9}}[:\t][ \t]{{0,9}}(?P<one>[^\n\t:]{{1,60}})\n{{1,5}}"
    rf"[ \t]{{0,9}}(?P<label>{_HALF})[ \t]{{0,9}}[:\t][ \t]{{0,9}}(?P<two>[^\n\t:]{{1,60}})$"
)
_ASKS_FAMILY = re.compile(r"(?i)\s*(?:nom|last|family|surname)")
_SAID = re.compile(
    r"(?i:(?:\A|[.!?,;\n]|\bprésente ?:?|\b(?:bonjour|hello|hi)\b)\s{0,5}(?:(?:et )?moi,? )?(?:my name is|je m[’']appelle)\s{1,5}"
    r")((?:[A-ZÀ-Ý][^\W\d_]+(?:[’'\-][^\W\d_]+){0,3}[ ]?){2,4})"
)
_ENOUGH = 4
_MOST_TEXT = 100_000
"""Characters of a CV in which a name is looked for."""
_MOST_LETTERS = 100
_MOST_PIECES = 40
"""Of one line, which a person divides into a few."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    tokens: tuple[str, ...]
    quote: str
    start: int
    score: int


def find_name(text: str, body: str, author: str, emails: list[str], slugs: list[str]) -> Fact | None:
    """Return the person's name in natural order and capitals; from the CV, else from the From field, else None."""
    local_parts = [email.partition("@")[0] for email in emails]
    known = known_of(emails, slugs, author)
    candidates = list(_candidates(lines_of(text[:_MOST_TEXT])[:400], known))
    if (pair := _labelled_pair(text)) is not None:
        return pair
    best = max(candidates, key=lambda candidate: (candidate.score, -candidate.start), default=None)
    if best is not None and best.score >= _ENOUGH:
        return Fact(written_naturally(best.tokens), best.quote, "cv", best.start)
    for source, said in (("cv", _SAID.search(text)), ("body", _SAID.search(body))):
        if said and (tokens := name_tokens(said[1])) and len(tokens) > 1:
            return Fact(written_naturally(tokens), said[1].strip(), source, said.start(1))
    tokens = name_tokens(author.strip().strip("\"'"))
    if tokens and (len(tokens) > 1 or any(fold(tokens[0]) == fold(local) for local in local_parts)):
        return Fact(written_naturally(tokens), author, "header")
    return None


def _labelled_pair(text: str) -> Fact | None:
    """Return the name of a form that asks for its two halves on two lines, in either order."""
    for match in _HALVES.finditer(text[:20_000]):
        first, second = match["one"].strip(), match["two"].strip()
        given, family = (second, first) if _ASKS_FAMILY.match(match[0]) else (first, second)
        tokens = shape(f"{given} {family}")
        if tokens and bool(_ASKS_FAMILY.match(match[0])) is not bool(_ASKS_FAMILY.match(match["label"])):
            return Fact(
                " ".join(_capitalised(token) if token.isupper() and len(token) > 1 else token for token in tokens),
                text[match.start("one") : match.end("two")],
                "cv",
                match.start("one"),
            )
    return None


def _candidates(lines: list[Line], known: Known) -> Iterator[_Candidate]:
    """Yield everything in the text that has the shape of a name, with the evidence for it counted."""
    tokens_before: tuple[tuple[str, ...], Line] | None = None
    for index, line in enumerate(lines):
        after = lines[index + 1].text if index + 1 < len(lines) else ""
        whole: tuple[str, ...] | None = None
        for piece in islice(_pieces(line), _MOST_PIECES):
            labelled = bool(_LABEL.match(line.text)) and piece.start > line.start
            spelled = _spelled_out(piece.text, known)
            shaped = shape(piece.text)
            tokens = spelled or (shaped if shaped and is_address(shaped, known) else name_tokens(piece.text))
            whole = shaped if shaped and len(piece.text) > 0.8 * len(line.text) else whole
            if not tokens:
                continue
            score = _evidence(tokens, index, known) + 3 * labelled
            score += 2 * _is_title(after) + (len(piece.text) > 0.8 * len(line.text)) + bool(spelled)
            if (len(tokens) > 1 and (labelled or is_confirmed(tokens, known))) or labelled or agreement(tokens, known) >= 3:
                yield _Candidate(tokens, piece.text, piece.start, score)
        if whole and tokens_before and len(tokens_before[0]) + len(whole) <= 5 and min(len(tokens_before[0]), len(whole)) <= 2:
            joined = tokens_before[0] + whole
            plausible = index <= 2 and len(joined) == 2 and name_tokens(" ".join(joined)) and is_confirmed(joined, known)
            if is_address(joined, known) or plausible:
                score = _evidence(joined, index - 1, known) + 2 * _is_title(after)
                yield _Candidate(joined, f"{tokens_before[1].text}\n{line.text}", tokens_before[1].start, score)
        tokens_before = (whole, line) if whole else None


def _pieces(line: Line) -> Iterator[Line]:
    """Divide a line at what separates facts on it; a label such as "Name:" is cut off."""
    label = _LABEL.match(line.text)
    for match in _PIECE.finditer(line.text, label.end() if label else 0):
        piece = re.search(r"[^\W\d_](?:.*[^\W_]\.?)?", match[0])
        if piece:
            yield Line(piece[0], line.start + match.start() + piece.start())


def name_tokens(text: str) -> tuple[str, ...] | None:
    """Return the words of `text` when it has the shape of a person's name: capitals, no digits, no word of CVs or trades."""
    parts = text.split()
    while parts and fold(parts[0]) in _TITLES and len(parts) > 1:
        parts = parts[1:]
    kept: list[str] = []
    for part in parts:
        if fold(part) in _not_names() or any(word in _not_names() for word in fold(part).split() if len(word) > 3):
            break
        kept.append(part)
    # a trade may follow the name on its line; anything else that is no name spoils it
    if len(kept) < len(parts) and (len(kept) < 2 or not _is_title(" ".join(parts[len(kept) :]))):
        return None
    return shape(" ".join(kept))


def shape(text: str) -> tuple[str, ...] | None:
    """Return the words of `text` when they are written as names are: one to six, capitals or particles, no digits or signs."""
    parts = text.split()
    if not 1 <= len(parts) <= 6 or len(text) > 50 or not all(fold(part) for part in parts):
        return None
    if not all(_TOKEN.fullmatch(part) and (part[0].isupper() or fold(part).split()[0] in _PARTICLES) for part in parts):
        return None
    strong = any(fold(part) not in _PARTICLES for part in parts)
    return tuple(parts) if strong and len(fold(parts[-1])) > 1 else None


def _evidence(tokens: tuple[str, ...], index: int, known: Known) -> int:
    """Count what speaks for `tokens` being the name: place, shape, agreement."""
    score = 2 if index <= 2 else 1 if index <= 8 else 0
    capitals = [token.isupper() and len(token) > 1 for token in tokens]
    score += 1 if 2 <= len(tokens) <= 4 else 0
    score += 1 if any(capitals) and not all(capitals) else 0
    score += agreement(tokens, known)
    said = set(fold(" ".join(tokens)).split())
    return score + (2 if len(known.author) > 1 and known.author == said else 0)


def _spelled_out(text: str, known: Known) -> tuple[str, ...] | None:
    """Read "J O H N D O E" or "johnsmith" with the help of the address, which knows where the words end."""
    if len(text) > _MOST_LETTERS or not all(sign.isalpha() or sign == " " for sign in text):
        return None
    glued = fold(text).replace(" ", "")
    spaced = re.fullmatch(r"(?:[^\W\d_] ){3,}[^\W\d_]", text.strip()) is not None
    if not 5 <= len(glued) <= 40 or (" " in text.strip() and not spaced) or glued not in known.spelled:
        return None
    return _cut_at(text.replace(" ", ""), known.spelled[glued])


def _cut_at(letters: str, parts: tuple[str, ...]) -> tuple[str, ...] | None:
    """Divide `letters` where `parts` end; None where accents make their lengths differ."""
    if len(letters) != sum(map(len, parts)):
        return None
    rest = iter(letters)
    return tuple("".join(next(rest) for _ in part).capitalize() for part in parts)


def written_naturally(tokens: tuple[str, ...]) -> str:
    """Return "Jean Dupont" for "DUPONT Jean": given names first, capitals only where they belong."""
    capitals = [token.isupper() and len(fold(token)) > 1 for token in tokens]
    if any(capitals) and not all(capitals) and capitals[0]:
        split = capitals.index(False)
        if not any(capitals[split:]):
            tokens = tokens[split:] + tokens[:split]
    return " ".join(_capitalised(token) if token.isupper() and len(token) > 1 else token for token in tokens)


def _capitalised(token: str) -> str:
    """Return one all-capitals word of a name as it is normally written."""
    if fold(token) in _LOWERED:
        return token.lower()
    parts = re.split(r"([’'\-])", token)
    small = [part.lower() if part == "D" and len(parts) > 1 else part[:1] + part[1:].lower() for part in parts]
    return re.sub(r"\bMc(\w)(?=\w{3})", lambda match: "Mc" + match[1].upper(), "".join(small))


def _is_title(text: str) -> bool:
    """Tell whether `text` names a trade."""
    return len(text) < 80 and any(word in _trades() for word in fold(text).split())


@cache
def _trades() -> frozenset[str]:
    return frozenset(fold(word) for word in words("cv", "trades"))


@cache
def _not_names() -> frozenset[str]:
    """Words that stand where names stand and are none."""
    headings = ("heading_work", "heading_education", "heading_skills", "heading_languages", "heading_other")
    return _trades() | {fold(word) for key in (*headings, "not_names") for word in words("cv", key)}
