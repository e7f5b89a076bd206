"""Who is who: whether an address and a CV are the same person's, and which name may stand in a greeting."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import cache

from parsing.address import Address
from parsing.languages import words
from parsing.profile import Profile
from parsing.profile.facts import Fact, fold

_MAX_WORDS = 6
_GREETED_WORDS = 4
_PARTICLES = frozenset(words("mail", "particles"))
_LETTERS = re.compile(r"[^\W\d_](?:[^\W\d_]|['’-](?=[^\W\d_]))*")
_CV_HEAD = 600
"""Characters of a CV in which its owner's name stands."""
_SIGNATURE_LINES = 15
_ALIKE, _LONGEST_COMPARED = 0.8, 100
"""Share of letters in common from which an address in a picture may be a given one, read wrong; and how many are compared."""
_SAYS_SOMETHING = 3
"""Letters above which a word of a name, alone, tells whose an address is."""


def shown_name(shown: str) -> str | None:
    """Return a display name that may be a person's: words of letters only."""
    shown = re.sub(r"\s*\([^()]*\)", "", shown).replace(",", " ").strip()
    parts = shown.split()
    if not 1 <= len(parts) <= _MAX_WORDS or "@" in shown or any(sign.isdigit() for sign in shown):
        return None
    return " ".join(parts) if any(sign.isalpha() for sign in shown) else None


def same_name(one: str, other: str) -> bool:
    """Tell whether two names may be one person's: two words in common, be it an initial or a short form (`Alex`, `Alexandre`)."""
    first, second = fold(one).split(), fold(other).split()
    return _common(first, second) >= min(2, len(first), len(second)) > 0


def is_same(address: Address, profile: Profile) -> bool:
    """Tell whether a CV is of the person behind `address`: by its e-mail, by the name, by the name in the address.

    An e-mail that was read from a picture may differ by some letters.
    """
    if profile.email and _may_be(profile.email, address.addr_spec.lower()):
        return True
    if profile.name is None:
        return False
    return same_name(address.name, profile.name.value) or _all_in(profile.name.value, _local(address.addr_spec), at_least=2)


def sure_email(profile: Profile) -> str | None:
    """Return the e-mail that a CV names, in lower case; None for one in a picture: a letter read wrong makes it somebody else's."""
    return profile.email.value.lower() if profile.email and not profile.email.by_ocr else None


def _may_be(email: Fact, address: str) -> bool:
    said = email.value.lower()
    if said == address or not email.by_ocr:
        return said == address
    return SequenceMatcher(None, said[:_LONGEST_COMPARED], address[:_LONGEST_COMPARED], autojunk=False).ratio() >= _ALIKE


def is_somebody_else(address: Address, profile: Profile, written: str, cv_text: str, *, presented: bool) -> bool:
    """Tell whether a CV is plainly not of whoever wrote from `address`: neither its name nor its e-mail.

    `written` is what that one wrote. `presented`: the words say that somebody presents another person; then a CV without an address
    tells enough.
    """
    if is_same(address, profile):
        return False
    if profile.name is None:
        return presented
    own = fold(profile.name.value).split()
    author = fold(shown_name(address.name) or "").split()
    if len(author) < 2 and any(sorted(fold(line).split()) == sorted(own) for line in written.splitlines()[-_SIGNATURE_LINES:]):
        return False  # signed with it
    if author and set(author) <= set(fold(cv_text[:_CV_HEAD]).split()):
        return False
    if not author and any(len(word) > 3 and word in _local(address.addr_spec) for word in own):
        return False
    return presented or profile.email is not None


def spells(name: str, address: str) -> bool:
    """Tell whether an address is made of a name: of a word of it that says something, or of two."""
    local = _local(address)
    inside = [part for part in fold(name).split() if len(part) > 1 and part not in _PARTICLES and part in local]
    return len(inside) > 1 or any(len(part) > _SAYS_SOMETHING for part in inside)


def natural_name(name: str) -> str:
    """Return a name as it stands in a greeting: `DUPONT Jean` is Jean Dupont."""
    parts = name.split()
    capitals = [part for part in parts if len(part) > 1 and part.isupper()]
    if not capitals or not all(_LETTERS.fullmatch(part) for part in parts):
        return name
    written = [part.lower() if part.lower() in _PARTICLES else "-".join(piece.capitalize() for piece in part.split("-")) for part in parts]
    if len(capitals) < len(parts) and parts[0] in capitals:
        surname = next((number for number, part in enumerate(parts) if part not in capitals), len(parts))
        if all(part not in capitals for part in parts[surname:]):
            return " ".join([*(parts[surname:]), *(written[:surname])])
    return " ".join(word if part in capitals else part for part, word in zip(parts, written, strict=True))


def is_sure(name: str, address: str, profile: Profile) -> bool:
    """Tell whether a name may be greeted: nothing in it but words that the address or the CV's name repeats."""
    parts = name.split()
    known = profile.name.value if profile.name else ""
    telling = [part for part in parts if part.lower() not in _PARTICLES]
    plain = all(_LETTERS.fullmatch(part) and len(part) > 1 for part in parts) and len(parts) <= _GREETED_WORDS
    if not plain or not telling or set(fold(name).split()) & _services():
        return False
    by_cv = bool(known) and set(fold(" ".join(telling)).split()) <= set(fold(known).split())
    both = all(_all_in(part, _local(address)) or set(fold(part).split()) <= set(fold(known).split()) for part in telling)
    return by_cv or (len(telling) > 1 and both)


@cache
def _services() -> frozenset[str]:
    """Return the words that name firms, desks and headings, and no person."""
    return frozenset(fold(word) for word in (*words("cv", "not_names"), *words("mail", "not_person")))


def _common(first: list[str], second: list[str]) -> int:
    return sum(any(_alike(word, other) for other in second) for word in first)


def _alike(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return one == other or (len(short) in {1, 3, 4, 5, 6} and long.startswith(short))


def _all_in(name: str, local: str, at_least: int = 1) -> bool:
    parts = [part for part in fold(name).split() if len(part) > 1]
    return len(parts) >= at_least and all(part in local for part in parts)


def _local(address: str) -> str:
    return fold(address.rpartition("@")[0]).replace(" ", "")
