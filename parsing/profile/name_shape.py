"""What a person's name looks like, and how it is written: the shape alone, whoever it is.

Called by `name.py` and `name_label.py`.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from parsing.languages import words
from parsing.profile.facts import fold
from parsing.profile.headings import all_headings

_TOKEN = re.compile(r"[^\W\d_]+(?:\.?[’'\-][^\W\d_]+)*\.?")
_TITLES = frozenset(
    ("m", "mr", "mrs", "ms", "miss", "mme", "mlle", "dr", "pr", "prof", "me", "ing", "mx", "sir", "madame", "monsieur", "mademoiselle")
    + ("docteur", "doctor", "professeur", "maitre")
)
_PARTICLES = frozenset(
    ("de", "d", "da", "di", "do", "dos", "das", "du", "des", "del", "della", "la", "le", "van", "von", "der", "den", "ter", "ten", "zu")
    + ("af", "bin", "ben", "ibn", "al", "el", "y", "e")
)
_LOWERED = frozenset(["de", "d", "du", "des", "van", "von", "der", "den", "ter", "ten", "zu", "af", "y", "e", "of"])
"""Particles written small in a name that was all capitals; the others keep their capital (Le Goff, Da Silva, El Amrani)."""
_LONGEST = 120
"""Characters of a name with a trade after it."""
_LONGEST_SHAPE = 50
_NICKNAME = re.compile(r"[“”\"«»„][^“”\"«»„]{1,20}[“”\"«»]")


def name_tokens(text: str) -> tuple[str, ...] | None:
    """Return the words of `text` when it has the shape of a person's name: capitals, no digits, no word of CVs or trades."""
    return _name_tokens(text) if len(text) <= _LONGEST else None


@lru_cache(maxsize=512)
def _name_tokens(text: str) -> tuple[str, ...] | None:
    parts = _NICKNAME.sub(" ", text).split()
    while parts and fold(parts[0]) in _TITLES and len(parts) > 1:
        parts = parts[1:]
    if not parts:
        return None
    kept: list[str] = []
    for part in parts:
        if fold(part) in _not_names() or any(word in _not_names() for word in fold(part).split() if len(word) > 3):
            break
        kept.append(part)
    # a trade may follow the name on its line; anything else that is no name spoils it
    if len(kept) < len(parts) and (len(kept) < 2 or not is_title(" ".join(parts[len(kept) :]))):
        return None
    return shape(" ".join(kept))


def shape(text: str) -> tuple[str, ...] | None:
    """Return the words of `text` when they are written as names are: one to six, capitals or particles, no digits or signs."""
    return _shape(text) if len(text) <= _LONGEST_SHAPE else None


@lru_cache(maxsize=512)
def _shape(text: str) -> tuple[str, ...] | None:
    parts = _NICKNAME.sub(" ", text).split()
    if not 1 <= len(parts) <= 6 or not all(fold(part) for part in parts):
        return None
    if not all(_TOKEN.fullmatch(part) and (part[0].isupper() or fold(part).split()[0] in _PARTICLES) for part in parts):
        return None
    strong = any(fold(part) not in _PARTICLES for part in parts)
    return tuple(parts) if strong and len(fold(parts[-1])) > 1 and not is_placeholder(tuple(parts)) else None


def written_naturally(tokens: tuple[str, ...]) -> str:
    """Return "Jean Dupont" for "DUPONT Jean": given names first, capitals only where they belong."""
    capitals = [token.isupper() and len(fold(token)) > 1 and "." not in token for token in tokens]
    if any(capitals) and not all(capitals) and capitals[0]:
        split = capitals.index(False)
        if not any(capitals[split:]):
            tokens = tokens[split:] + tokens[:split]
    return " ".join(capitalised(token) if token.isupper() and len(token) > 1 else token for token in tokens)


def capitalised(token: str) -> str:
    """Return one all-capitals word of a name as it is normally written."""
    if fold(token) in _LOWERED:
        return token.lower()
    parts = re.split(r"([’'\-])", token)
    small = [part.lower() if part == "D" and len(parts) > 1 else part[:1] + part[1:].lower() for part in parts]
    return re.sub(r"\bMc(\w)(?=\w{3})", lambda match: "Mc" + match[1].upper(), "".join(small))


def is_title(text: str) -> bool:
    """Tell whether `text` names a trade."""
    return len(text) < 80 and any(word in _trades() for word in fold(text).split())


@cache
def _trades() -> frozenset[str]:
    return frozenset(fold(word) for word in words("cv", "trades"))


@cache
def given_names() -> frozenset[str]:
    """Return the given names that many people have, folded."""
    return frozenset(fold(word) for word in words("cv", "given_names"))


def is_not_name(token: str) -> bool:
    """Tell whether a word stands for a thing, a place, a trade or a heading."""
    return fold(token) in _not_names()


def is_particle(word: str) -> bool:
    """Tell whether a word is one that stands within names, such as "de" or "d'Arcy"."""
    return fold(word).partition(" ")[0] in _PARTICLES


def is_placeholder(tokens: tuple[str, ...]) -> bool:
    """Tell whether a "name" is what a template asks for: "Prénom NOM", "Your Name"."""
    said = fold(" ".join(tokens)).split()
    return bool(set(said) & _folded("placeholder")) and set(said) <= _folded("placeholder") | _folded("placeholder_beside")


@cache
def _folded(key: str) -> frozenset[str]:
    return frozenset(fold(word) for word in words("cv", key))


@cache
def _not_names() -> frozenset[str]:
    """Words that stand where names stand and are none."""
    return _trades() | all_headings() | _folded("not_names")
