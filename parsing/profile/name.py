"""Whose CV this is: a name is taken on evidence only, never because something must stand there.

Evidence: where it stands, how it is written, and whether the e-mail address, the networks or the mail's author say the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice, pairwise, takewhile

from parsing.languages import words
from parsing.profile.agreement import Known, agreement, is_address, is_confirmed, known_of, mended
from parsing.profile.facts import Fact, Line, fold, lines_of
from parsing.profile.name_label import labelled_name
from parsing.profile.name_shape import given_names, is_not_name, is_particle, is_title, name_tokens, shape, written_naturally
from parsing.profile.sections import heading_kind

_PIECE = re.compile(r"(?:(?! - )[^\t|·•,;:/()–—])+")
_SAID_IN_PIECE = re.compile(r"[^\W\d_](?:.*[^\W_]\.?)?")
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
_SURE = 7
_FAR = 10
"""Lines below a sure name in which a better one may follow."""
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_NUMBER = re.compile(r"(?:\d[ .()\-]{0,2}){9}")
_NEAR_TOP = 8
_BETWEEN = 3
"""Lines from the one word of a name to the other."""
_WHOLE = 0.8
"""Share of a line that a name may be said to fill."""
_MOST_LINES = 400
_LONGEST_PIECE = 120
_SHORT = 50
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
    known = known_of(emails, slugs, author)
    best = _best(lines_of(text)[:_MOST_LINES], known)
    if best is not None and best.score >= _ENOUGH:
        return Fact(written_naturally(_turned_as(slugs, best.tokens)), best.quote, "cv", best.start)
    for source, said in (("cv", _SAID.search(text)), ("body", _SAID.search(body))):
        if said and (tokens := name_tokens(said[1])) and len(tokens) > 1:
            return Fact(written_naturally(tokens), said[1].strip(), source, said.start(1))
    tokens = name_tokens(author.strip().strip("\"'"))
    if tokens and (len(tokens) > 1 or any(fold(tokens[0]) == fold(email.partition("@")[0]) for email in emails)):
        return Fact(written_naturally(tokens), author, "header")
    return None


def _best(lines: Sequence[Line], known: Known) -> _Candidate | None:
    """Return the candidate with most evidence, the first of several; a few lines below a sure one nobody looks further."""
    best = _apart(lines, known)
    last = len(lines)
    for index in range(len(lines)):
        if index > last:
            break
        for candidate in _candidates(lines, index, known):
            if best is None or candidate.score > best.score:
                best = candidate
                last = min(last, index + _FAR) if best.score >= _SURE else last
    return best


def _apart(lines: Sequence[Line], known: Known) -> _Candidate | None:
    """Return the name whose two words stand on lines of their own with contact details read between them, as an address has them."""
    words_of = [(number, whole) for number, line in enumerate(lines[:_NEAR_TOP]) if (whole := _whole_line(line, known)) and len(whole) == 1]
    for (number, first), (other, second) in pairwise(words_of):
        if 1 < other - number <= _BETWEEN and is_address(first + second, known):
            quote = "\n".join(line.text for line in lines[number : other + 1])
            if len(quote) <= _LONGEST_LINE:
                return _Candidate(first + second, quote, lines[number].start, _evidence(first + second, number, known) + 1)
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


def _candidates(lines: Sequence[Line], index: int, known: Known) -> Iterator[_Candidate]:
    """Yield everything on a line, or on it and the one above, that has the shape of a name, with the evidence for it counted."""
    line = lines[index]
    if len(line.text) > _LONGEST_LINE:
        return
    after = lines[index + 1].text if index + 1 < len(lines) else ""
    head, addressed = _head(lines) if index <= 1 else (None, False)
    heads = index == head
    label = _label_end(line.text)
    yield from _turned(line, label, index, known)
    for piece in islice(_pieces(line, label), _MOST_PIECES):
        if not _may_be_name(piece.text):
            continue
        spelled = _spelled_out(piece.text, known)
        tokens = spelled or _mended(piece.text, known) or _tokens(piece.text, known)
        if not tokens:
            continue
        rest = line.text[piece.start - line.start + len(piece.text) :]
        score = _evidence(tokens, index, known) + 3 * (label > 0) + (len(piece.text) > _WHOLE * len(line.text)) + bool(spelled)
        score += 2 * (is_title(after) or is_title(rest)) + (heads and addressed)
        several = len(tokens) > 1 and (label > 0 or heads or is_confirmed(tokens, known))
        if several or (label and _LABEL.match(line.text)) or agreement(tokens, known) >= 3:
            yield _Candidate(tokens, piece.text, piece.start, score)
    if not index or (index > 2 and not known.said):
        return
    whole, above = _whole_line(line, known), _whole_line(lines[index - 1], known)
    if whole and above and _goes_on(above + whole, above, index, known):
        score = _evidence(above + whole, index - 1, known) + 2 * is_title(after) + 2
        yield _Candidate(above + whole, f"{lines[index - 1].text}\n{line.text}", lines[index - 1].start, score)


def _tokens(text: str, known: Known) -> tuple[str, ...] | None:
    shaped = shape(text) or _small(text, known)
    return shaped if shaped and is_address(shaped, known) else name_tokens(text)


def _whole_line(line: Line, known: Known) -> tuple[str, ...] | None:
    """Return the words of a line that is nothing but a name, or half of one."""
    if len(line.text) > _MOST_LETTERS or not line.text[0].isalpha() or any(map(str.isdigit, line.text)):
        return None
    return shape(line.text) or _small(line.text, known)


def _may_be_name(text: str) -> bool:
    """Tell at a glance whether words may be a name, so that the sentences of a CV cost nothing."""
    if len(text) > _LONGEST_PIECE:
        return False
    if len(text) <= _SHORT and (text.islower() or not text[0].isupper()):
        return True
    begin = text.split(None, 2)
    return text[0].isupper() and (len(begin) == 1 or not begin[1][0].islower() or is_particle(begin[1]))


def _goes_on(joined: tuple[str, ...], above: tuple[str, ...], index: int, known: Known) -> bool:
    """Tell whether the words of two lines are one name."""
    if not 2 <= len(joined) <= _MOST_WORDS or min(len(above), len(joined) - len(above)) > 2:
        return False
    if is_address(joined, known):
        return True
    given = all(fold(token).partition(" ")[0] in given_names() for token in above)
    family = joined[len(above) :]
    capitals = all(token.isupper() for token in family) and not any(token.isupper() and len(token) > 1 for token in above)
    plausible = name_tokens(" ".join(joined)) is not None and is_confirmed(joined, known)
    return index <= 2 and plausible and (len(joined) == 2 or (given and (len(above) == 1 or capitals)))


def _turned(line: Line, label: int, index: int, known: Known) -> Iterator[_Candidate]:
    """Yield the name of a line such as "MORIN, Léa", behind its label."""
    match = _TURNED.fullmatch(line.text, label) if "," in line.text else None
    if match is None:
        return
    family, given = shape(match["family"]), name_tokens(match["given"])
    if not family or not given or len(family) + len(given) > _MOST_WORDS or any(is_not_name(token) for token in family):
        return
    tokens = given + family
    capitals = all(token.isupper() for token in family) and not any(token.isupper() and len(token) > 1 for token in given)
    if capitals or is_address(tokens, known) or (label and len(tokens) > 1):
        yield _Candidate(tokens, line.text[label:], line.start + label, _evidence(tokens, index, known) + 2 + 3 * bool(label))


def _head(lines: Sequence[Line]) -> tuple[int | None, bool]:
    """Return the line that heads a text as a name does, and whether an address stands below it.

    It is two or three words, of which none is a thing's or a firm's, above an address and a number, or in a text with an address above a
    trade that no year dates; "CV" may stand above it.
    """
    at = 1 if len(lines) > 1 and all(map(is_not_name, lines[0].text.split()[:_MOST_WORDS])) else 0
    first = lines[at].text
    tokens = name_tokens(first)
    if tokens is None or len(tokens) != len(first.split()) or set(fold(first).split()) & _organisation():
        return None, False
    if not 2 <= sum(not is_particle(token) for token in tokens) <= 3 or any(is_not_name(token) for token in tokens):
        return None, False
    below = "\n".join(line.text for line in lines[at + 1 : at + 8])[:_CONTACT]
    beside = takewhile(lambda line: heading_kind(line.text) is None, lines[at + 1 : at + 4])
    told = len(lines) > at + 1 and is_title(lines[at + 1].text) and not any(_YEAR.search(line.text) for line in beside)
    told = told and any("@" in line.text for line in lines)
    addressed = "@" in below and (told or _NUMBER.search(below) is not None)
    return (at, addressed) if told or addressed else (None, False)


@cache
def _organisation() -> frozenset[str]:
    return frozenset(fold(word) for word in words("cv", "organisation"))


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
        piece = _SAID_IN_PIECE.search(match[0])
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
    parts = text.split() if known.words and len(text) <= _MOST_LETTERS else ()
    if not 2 <= len(parts) <= 4:
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
