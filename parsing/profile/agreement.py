"""What confirms that words are the name of the person of a CV: addresses, network names, the mail's author, how it is written.

Called by `name.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import permutations

from parsing.profile.facts import fold
from parsing.profile.name_shape import given_names

_MOST_SAID = 20
"""Addresses and network names that are compared; a person has a few, and a text of thousands must not take minutes."""
_LONGEST_SAID = 64
_MOST_PARTS = 5


_LOOKALIKES = {"1": "i", "l": "i", "|": "i", "!": "i", "j": "i", "t": "i", "0": "o", "5": "s", "8": "b", "6": "b", "v": "u", "c": "e"}
_LOOKS = str.maketrans(_LOOKALIKES)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a person beside the text."""

    said: tuple[str, ...]
    """Local parts of addresses and network names, letters only."""
    spelled: dict[str, tuple[str, ...]]
    """Two or three words of an address glued together, and these words."""
    author: frozenset[str]
    """The words of the mail's author's name."""
    words: dict[str, str]
    """Words of the addresses by what a picture of them looks like."""


def known_of(emails: Sequence[str], slugs: Sequence[str], author: str) -> Known:
    """Prepare the comparison of many names with these addresses, network names and author."""
    local_parts = [email.partition("@")[0].partition("+")[0] for email in emails[: _MOST_SAID // 2]]
    said = [fold(one[:_LONGEST_SAID]).replace(" ", "") for one in (*local_parts, *slugs[: _MOST_SAID // 2])]
    spelled: dict[str, tuple[str, ...]] = {}
    for one in (*emails[: _MOST_SAID // 2], *slugs[: _MOST_SAID // 2]):
        parts = [part for part in fold(one[:_LONGEST_SAID]).split() if len(part) > 1][:_MOST_PARTS]
        for order in (order for count in (2, 3) for order in permutations(parts, count)):
            spelled.setdefault("".join(order), order)
    whole = {part for one in (*local_parts, *slugs[: _MOST_SAID // 2]) for part in fold(one[:_LONGEST_SAID]).split() if len(part) > 3}
    looks = {_look(part): part for part in sorted(whole)}
    return Known(tuple(dict.fromkeys(one for one in said if len(one) >= 3)), spelled, frozenset(fold(author).split()), looks)


def mended(token: str, known: Known) -> str:
    """Return `token` with the letters that a picture's reader took for others as an address has them; as it is where none does."""
    if not 4 <= len(token) <= _LONGEST_SAID or not any(sign in _LOOKALIKES or sign in "ioseb" for sign in token.lower()):
        return token
    part = known.words.get(_look(token.lower()))
    if part is None or fold(token) == part or len(part) != len(token):
        return token
    letters = (mine if fold(mine) == other else other for mine, other in zip(token, part, strict=True))
    mended_one = "".join(letters)
    return mended_one.upper() if token.isupper() else mended_one[:1].upper() + mended_one[1:]


def _look(word: str) -> str:
    """Return what a word looks like: letters that pictures' readers mistake for each other are one."""
    return fold(word.translate(_LOOKS))


def agreement(tokens: tuple[str, ...], known: Known) -> int:
    """Return 3 when an address or network name is made of the name, 1 or 2 when it holds part of it, else 0."""
    parts = _parts(tokens)
    return max((_agrees(parts, said) for said in known.said), default=0)


def is_address(tokens: tuple[str, ...], known: Known) -> bool:
    """Tell whether an address or network name is exactly this name of two words or more."""
    parts = _parts(tokens)
    return len(tokens) > 1 and any(_is_made_of(parts, said) for said in known.said)


def is_author(tokens: tuple[str, ...], known: Known) -> bool:
    """Tell whether the mail's author has this name of two words or more."""
    said = frozenset(fold(" ".join(tokens)).split())
    return len(said & known.author) > 1 and (said <= known.author or known.author <= said)


def is_confirmed(tokens: tuple[str, ...], known: Known) -> bool:
    """Tell whether anything but its place speaks for a name: firms, schools, towns and tools stand in a CV's first line as well."""
    capitals = [token.isupper() and len(token) > 1 for token in tokens]
    if any(capitals) and not all(capitals):  # "Léa MORIN"
        return True
    given = fold(tokens[0]).split()
    return agreement(tokens, known) > 0 or is_author(tokens, known) or bool(given and given[0] in given_names())


def _parts(tokens: Iterable[str]) -> tuple[str, ...]:
    return tuple(fold(token).replace(" ", "") for token in tokens)


def _agrees(parts: Sequence[str], said: str) -> int:
    """Compare one address with the words of a name, in any order, first ones possibly as initials."""
    held = [part for part in parts if len(part) >= 3 and part in said]
    if len(held) >= 2 or _is_made_of(parts, said):
        return 3
    return (2 if len(held[0]) >= 5 or held[0] == said else 1) if held else 0


def _is_made_of(parts: Sequence[str], said: str) -> bool:
    """Tell whether `said` is the name's words glued together, in any order, the first ones possibly as initials."""
    if len(parts) > _MOST_PARTS + 1 or not any(part in said for part in parts if len(part) > 1):
        return False
    chosen = tuple(parts[:_MOST_PARTS])
    return _glued(said, chosen, True) or _glued(_german(said), tuple(map(_german, chosen)), True)


def _glued(said: str, parts: tuple[str, ...], initials: bool) -> bool:
    """Tell whether `said` is `parts` one after the other; while `initials`, a first letter may stand for a word that is not the last."""
    if not parts:
        return not said
    if len(said) > sum(map(len, parts)) or said[:1] not in {part[:1] for part in parts}:
        return False
    for part in set(parts):
        index = parts.index(part)
        rest = parts[:index] + parts[index + 1 :]
        if said.startswith(part) and _glued(said[len(part) :], rest, False):
            return True
        if initials and rest and len(part) > 1 and said.startswith(part[:1]) and _glued(said[1:], rest, True):
            return True
    return False


def _german(word: str) -> str:
    """Let "mueller" equal "muller"."""
    return re.sub(r"(?<=[aou])e", "", word)
