"""Whose CV this is: a name is taken on evidence only, never because something must stand there.

Evidence: where it stands, how it is written, and whether the e-mail address, the networks or the mail's author say the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice

from parsing.languages import words
from parsing.profile.agreement import Known, agreement, is_address, is_confirmed, known_of, mended
from parsing.profile.facts import Fact, Line, fold, lines_of
from parsing.profile.name_label import labelled_name
from parsing.profile.name_shape import given_names, is_not_name, is_title, name_tokens, shape, written_naturally

_PIECE = re.compile(r"(?:(?! - )[^\t|·•,;:/()–—])+")
_LABEL = re.compile(
    r"(?i)^\s*(?:nom(?:\s*(?:et|&|/|,)?\s*pr[ée]noms?)?|pr[ée]noms?(?:\s*(?:et|&|/|,)?\s*nom)?"
    r"|(?:full |first |last )?name(?:\s*/\s*surname)?)\s*[:\t]\s*"
)
_TURNED = re.compile(r"(?P<family>[^\n\t,;:|/()]{2,40}),[ ]?(?P<given>[^\n\t,;:|/()]{2,30})")
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
_LONGEST_LINE = 300
_MOST_WORDS = 5
_CONTACT = 400
"""Characters below a name in which its owner's address stands when it heads a CV."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    tokens: tuple[str, ...]
    quote: str
    start: int
    score: int


def find_name(text: str, body: str, author: str, emails: list[str], slugs: list[str]) -> Fact | None:
    """Return the person's name in natural order and capitals; from the CV, else from the From field, else None."""
    if (labelled := labelled_name(text)) is not None:
        return labelled
    local_parts = [email.partition("@")[0] for email in emails]
    known = known_of(emails, slugs, author)
    candidates = _candidates(lines_of(text[:_MOST_TEXT])[:400], known)
    best = max(candidates, key=lambda candidate: (candidate.score, -candidate.start), default=None)
    if best is not None and best.score >= _ENOUGH:
        return Fact(written_naturally(_turned_as(slugs, best.tokens)), best.quote, "cv", best.start)
    for source, said in (("cv", _SAID.search(text)), ("body", _SAID.search(body))):
        if said and (tokens := name_tokens(said[1])) and len(tokens) > 1:
            return Fact(written_naturally(tokens), said[1].strip(), source, said.start(1))
    tokens = name_tokens(author.strip().strip("\"'"))
    if tokens and (len(tokens) > 1 or any(fold(tokens[0]) == fold(local) for local in local_parts)):
        return Fact(written_naturally(tokens), author, "header")
    return None


def _turned_as(slugs: Sequence[str], tokens: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words of a name in the order of a network's page, which puts the given name first, where it holds them all."""
    for slug in slugs[:10]:
        said = fold(slug)
        for turn in range(1, len(tokens)):
            turned = tokens[turn:] + tokens[:turn]
            if " " in said and said.startswith(fold(" ".join(turned).replace("-", " "))):
                return turned
    return tokens


def _candidates(lines: list[Line], known: Known) -> Iterator[_Candidate]:
    """Yield everything in the text that has the shape of a name, with the evidence for it counted."""
    above: tuple[tuple[str, ...], Line] | None = None
    for index, line in enumerate(lines):
        after = lines[index + 1].text if index + 1 < len(lines) else ""
        if len(line.text) > _LONGEST_LINE:
            above = None
            continue
        heads = index == 0 and _heads_contact(lines)
        yield from _turned(line, index, known)
        whole: tuple[str, ...] | None = None
        label = _label_end(line.text)
        for piece in islice(_pieces(line, label), _MOST_PIECES):
            labelled = label > 0
            spelled = _spelled_out(piece.text, known)
            shaped = shape(piece.text) or _small(piece.text, known)
            tokens = spelled or _mended(piece.text, known) or (shaped if shaped and is_address(shaped, known) else name_tokens(piece.text))
            alone = len(piece.text) > 0.8 * len(line.text)
            whole = shaped if shaped and alone else whole
            if not tokens:
                continue
            rest = line.text[piece.start - line.start + len(piece.text) :]
            score = _evidence(tokens, index, known) + 3 * labelled + alone + bool(spelled) + 2 * (is_title(after) or is_title(rest)) + heads
            several = len(tokens) > 1 and (labelled or heads or is_confirmed(tokens, known))
            if several or (labelled and _LABEL.match(line.text)) or agreement(tokens, known) >= 3:
                yield _Candidate(tokens, piece.text, piece.start, score)
        if whole and above and _goes_on(joined := above[0] + whole, above[0], index, known):
            score = _evidence(joined, index - 1, known) + 2 * is_title(after) + 2
            yield _Candidate(joined, f"{above[1].text}\n{line.text}", above[1].start, score)
        above = (whole, line) if whole else None


def _goes_on(joined: tuple[str, ...], above: tuple[str, ...], index: int, known: Known) -> bool:
    """Tell whether the words of two lines are one name."""
    if not 2 <= len(joined) <= _MOST_WORDS or min(len(above), len(joined) - len(above)) > 2:
        return False
    if is_address(joined, known):
        return True
    first = fold(above[0]).partition(" ")[0] in given_names()
    family = joined[len(above) :]
    capitals = all(token.isupper() for token in family) and not any(token.isupper() and len(token) > 1 for token in above)
    plausible = name_tokens(" ".join(joined)) is not None and is_confirmed(joined, known)
    return index <= 2 and plausible and (len(joined) == 2 or (first and len(above) == 1) or capitals)


def _turned(line: Line, index: int, known: Known) -> Iterator[_Candidate]:
    """Yield the name of a line such as "MORIN, Léa"."""
    label = _label_end(line.text)
    match = _TURNED.fullmatch(line.text, label)
    if match is None:
        return
    family, given = shape(match["family"]), name_tokens(match["given"])
    if not family or not given or len(family) + len(given) > _MOST_WORDS or any(is_not_name(token) for token in family):
        return
    tokens = given + family
    capitals = all(token.isupper() for token in family) and not any(token.isupper() and len(token) > 1 for token in given)
    if capitals or is_address(tokens, known) or (label and len(tokens) > 1):
        yield _Candidate(tokens, line.text[label:], line.start + label, _evidence(tokens, index, known) + 2 + 3 * bool(label))


def _heads_contact(lines: Sequence[Line]) -> bool:
    """Tell whether the first line of a text is two or three words, of which none is a thing's, above an address and a trade or number."""
    first = lines[0].text
    tokens = name_tokens(first)
    if tokens is None or not 2 <= len(tokens) <= 3 or len(tokens) != len(first.split()) or any(is_not_name(token) for token in tokens):
        return False
    below = "\n".join(line.text for line in lines[1:8])[:_CONTACT]
    told = is_title(lines[1].text) if len(lines) > 1 else False
    return "@" in below and (told or re.search(r"\d\d[ .]?\d\d", below) is not None)


def _label_end(text: str) -> int:
    """Return where a label such as "Name:" or "CV of" ends at the beginning of a line, 0 where there is none."""
    label = _LABEL.match(text) or _cv_of().match(text)
    return label.end() if label else 0


@cache
def _cv_of() -> re.Pattern[str]:
    said = "|".join(map(re.escape, words("cv", "cv_of")))
    return re.compile(
        rf"(?i)\s*(?:{said})(?:[ ]?[-–—:|][ ]?|[ ](?:de|du|of|pour|for)[ ](?:m\.|mr|mme|mlle|monsieur|madame)?[ ]?|[ ]?d['’])"
    )


def _pieces(line: Line, begin: int) -> Iterator[Line]:
    """Divide a line from `begin` on at what separates facts on it."""
    for match in _PIECE.finditer(line.text, begin):
        piece = re.search(r"[^\W\d_](?:.*[^\W_]\.?)?", match[0])
        if piece:
            yield Line(piece[0], line.start + match.start() + piece.start())


def _small(text: str, known: Known) -> tuple[str, ...] | None:
    """Return the words of a name in small letters that an address repeats."""
    if len(text) > _MOST_LETTERS or not text.islower() or not 2 <= len(text.split()) <= _MOST_WORDS:
        return None
    tokens = shape(" ".join(word[:1].upper() + word[1:] for word in text.split()))
    return tokens if tokens and is_address(tokens, known) else None


def _mended(text: str, known: Known) -> tuple[str, ...] | None:
    """Return the words of a name in which reading a picture has taken one letter for another, as an address spells it."""
    parts = text.split()
    if len(text) > _MOST_LETTERS or not 2 <= len(parts) <= 4:
        return None
    tokens = tuple(mended(part, known) for part in parts)
    return tokens if tokens != tuple(parts) and shape(" ".join(tokens)) and is_address(tokens, known) else None


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
    spaced = re.fullmatch(r"(?:[^\W\d_] ){3,}[^\W\d_]", text.strip()) is not None
    if " " in text.strip() and not spaced:
        return None
    glued = fold(text).replace(" ", "")
    if not 5 <= len(glued) <= 40 or glued not in known.spelled:
        return None
    return _cut_at(text.replace(" ", ""), known.spelled[glued])


def _cut_at(letters: str, parts: tuple[str, ...]) -> tuple[str, ...] | None:
    """Divide `letters` where `parts` end; None where accents make their lengths differ."""
    if len(letters) != sum(map(len, parts)):
        return None
    rest = iter(letters)
    return tuple("".join(next(rest) for _ in part).capitalize() for part in parts)
