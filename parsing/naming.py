"""Which offers a text names: by the subject that an ad asks for, by a title as it stands, by a title's words, or by a slip of the pen.

Called by `parsing/routing.py`. Words are compared without case, accents, signs, gender and number; the longest title that stands in a
text is the one it names ("Développeur senior" before "Développeur"), and what names two offers is never decided by their order.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from parsing.languages import words
from parsing.offer import Offer
from parsing.offer_recruiters import is_one_slip

_SURE = 0.6
"""Share of a title's telling words that must stand in a text for it to be named there without standing there as it is."""
_TELLING = 4
"""Letters of a word that tells an offer by itself."""
_TYPO = 6
"""Letters of a word in which one wrong letter is no other word."""
_MOST_WORDS = 800
_INTRODUCES = 4
"""Words between "the post of" and a title."""
_TOKEN = re.compile(r"[^\W_]+(?:[+#]+(?!\w))?")
_OTHER_GENDER = re.compile(
    r"(?<=\w)(?:[·‧•∙.(-](?:e|se|euse|rice|trice|ice|ère|ière|ve|r|rs|(?<=[(·‧•∙])ne)s?)+[)·‧•∙.]?(?:s(?!\w))?(?!\w)"
)
"""The letters of the other gender, as in "chargé·e" and "développeur(se)"."""
_ENDINGS = (
    ("trices", "t"), ("trice", "t"), ("teurs", "t"), ("teur", "t"), ("teuses", "t"), ("teuse", "t"), ("euses", "eu"), ("euse", "eu"),
    ("eures", "eu"), ("eure", "eu"), ("eurs", "eu"), ("eur", "eu"), ("ieres", "i"), ("iere", "i"), ("iers", "i"), ("ier", "i"),
    ("iennes", "ien"), ("ienne", "ien"), ("eres", "er"), ("ere", "er"), ("ives", "if"), ("ive", "if"), ("ees", "e"), ("ee", "e"),
    ("es", "e"), ("s", ""),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Naming:
    """The offers that a text names, and how."""

    offers: tuple[Offer, ...]
    """More than one: the text does not tell them apart."""
    how: str
    """What stands there, for a person."""


@dataclass(frozen=True, slots=True)
class _Match:
    offer: Offer
    begin: int
    end: int
    """Where in the text's words the name stands."""
    whole: bool
    """The title as it is, not a part of it."""


Words = tuple[str, ...]


def words_of(text: str) -> Words:
    """Return the words of `text` as they are compared: lower case, without accents, gender and number; digits stay."""
    flat = unicodedata.normalize("NFKD", _OTHER_GENDER.sub("", unicodedata.normalize("NFKC", text[: _MOST_WORDS * 20]).lower()))
    plain = "".join(sign for sign in flat.replace("œ", "oe").replace("æ", "ae") if not unicodedata.combining(sign))
    return tuple(_stem(word) for word in _TOKEN.findall(plain)[:_MOST_WORDS])


@lru_cache(maxsize=4096)
def _stem(word: str) -> str:
    if len(word) >= 5:
        for ending, stem in _ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= 3:
                return word.removesuffix(ending) + stem
    return word


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    return frozenset(chain.from_iterable(words_of(word) for word in words("ad", "common")))


@lru_cache(maxsize=4096)
def telling(name: Words) -> frozenset[str]:
    """Return the words of a name that tell it from others."""
    return frozenset(word for word in name if (len(word) > 1 or word.isdigit()) and word not in _common())


def find_hint(said: Words, offers: Sequence[Offer]) -> Naming | None:
    """Return the offers whose asked subject stands in a text, all its telling words at least; those of the longest one."""
    spoken = set(said)
    asked = [(telling(words_of(offer.subject_hint)), offer) for offer in offers if offer.subject_hint]
    there = [(words_told, offer) for words_told, offer in asked if words_told and words_told <= spoken]
    most = _largest(there)
    return Naming(tuple(offer for _, offer in most), f'"{most[0][1].subject_hint}" is asked for') if most else None


def find_title(said: Words, offers: Sequence[Offer], *, running: bool = False) -> Naming | None:
    """Return the offers whose title a text says; `running`: it is a letter, in which one word alone may just be a word."""
    exact = _standing(said, offers, running=running)
    if exact:
        return Naming(exact, f'"{exact[0].title}" stands there')
    if not running and (begun := _begun(said, offers)):
        return begun
    spoken = set(said)
    if found := _said(spoken, offers):
        return Naming(found, f'the words of "{found[0].title}"')
    if not running and (found := _said(spoken, offers, slips=True)):
        return Naming(found, f'with a slip of the pen, "{found[0].title}"')
    return None


def _begun(said: Words, offers: Sequence[Offer]) -> Naming | None:
    """Return the offer of whose title a text says the beginning, where it says fewer words of any other title."""
    spoken = frozenset(said)
    for offer in offers:
        if max((len(told & spoken) for told in _told(offer.title)), default=0) < 2:
            continue
        lengths = [
            (max((_common_beginning(said[begin:], name) for begin in range(len(said))), default=0), name) for name in _names(offer.title)
        ]
        told = max((len(telling(name[:length])) for length, name in lengths), default=0)
        others = (len(telling(words_of(other.title)) & spoken) for other in offers if other is not offer)
        if told > max(others, default=0) and told > 1:
            return Naming((offer,), f'the beginning of "{offer.title}" stands there')
    return None


def _common_beginning(said: Words, name: Words) -> int:
    return next((index for index, (one, other) in enumerate(zip(said, name, strict=False)) if one != other), min(len(said), len(name)))


def find_own_word(said: Words, offers: Sequence[Offer], *, names: Iterable[str] = ()) -> Naming | None:
    """Return the offer of which a text says a word that no other of `offers` has in its title; `names`: words of people's names."""
    taken = {word for name in names for word in words_of(name)}
    titles = {offer.slug: telling(words_of(offer.title)) for offer in offers}
    found: dict[str, list[str]] = {}
    for word in dict.fromkeys(said):
        owners = [slug for slug, title in titles.items() if word in title]
        if len(owners) == 1 and len(word) >= _TELLING and word not in taken and not word.isdigit():
            found.setdefault(owners[0], []).append(word)
    named = tuple(offer for offer in offers if offer.slug in found)
    return Naming(named, f'"{found[named[0].slug][0]}" is said of it alone') if named else None


def _largest(found: Sequence[tuple[frozenset[str], Offer]]) -> list[tuple[frozenset[str], Offer]]:
    """Return those whose words are not all among another's."""
    return [one for one in found if not any(one[0] < other[0] for other in found)]


def _standing(said: Words, offers: Sequence[Offer], *, running: bool) -> tuple[Offer, ...]:
    """Return the offers whose name stands in a text as it is, without those whose name is only a part of a longer one there."""
    spoken = frozenset(said)
    matches = [match for offer in offers for match in _matches(said, spoken, offer, running=running)]
    kept = [match for match in matches if not any(_is_within(match, other) for other in matches)]
    return tuple({match.offer.slug: match.offer for match in kept}.values())


def _is_within(match: _Match, other: _Match) -> bool:
    if match.offer is other.offer or not (other.begin <= match.begin and match.end <= other.end):
        return False
    longer = other.end - other.begin > match.end - match.begin
    return longer or (other.whole and not match.whole)


def _matches(said: Words, spoken: frozenset[str], offer: Offer, *, running: bool) -> Iterable[_Match]:
    for index, name in enumerate(_names(offer.title)):
        if not spoken.issuperset(name):
            continue
        told = telling(name)
        if not told and name != tuple(word for word in said if word in name or word not in _common()):
            continue
        for begin in _places(said, name):
            if not (running and len(told) <= 1) or _is_introduced(said, begin):
                yield _Match(offer, begin, begin + len(name), whole=index == 0)


@lru_cache(maxsize=2048)
def _names(title: str) -> tuple[Words, ...]:
    """Return what a title is called: itself, then without what stands in brackets, then without words such as "we are looking for"."""
    bare = re.sub(r"\s?\([^()]{3,}\)", "", title)
    variants = [words_of(title), words_of(bare)]
    for variant in list(variants):
        begin = next((index for index, word in enumerate(variant) if word not in _common()), 0)
        variants.append(variant[begin:])
    return tuple(dict.fromkeys(variant for variant in variants if variant))


@lru_cache(maxsize=2048)
def _told(title: str) -> tuple[frozenset[str], ...]:
    return tuple(dict.fromkeys(telling(name) for name in _names(title)))


def _places(said: Words, name: Words) -> Iterable[int]:
    return (index for index in range(len(said) - len(name) + 1) if said[index : index + len(name)] == name)


def _is_introduced(said: Words, begin: int) -> bool:
    """Tell whether words such as "the post of" stand before a name."""
    before = said[max(0, begin - _INTRODUCES) : begin]
    return any(word in _introducing() for word in before)


@lru_cache(maxsize=1)
def _introducing() -> frozenset[str]:
    return frozenset(chain.from_iterable(words_of(word) for word in words("ad", "introduces")))


def _said(spoken: set[str], offers: Sequence[Offer], *, slips: bool = False) -> tuple[Offer, ...]:
    """Return the offers of which most words are said: all of them before some, and of these the largest share."""
    shares: list[tuple[float, frozenset[str], Offer]] = []
    for offer in offers:
        names = [(_share(told, spoken, slips=slips), told) for told in _told(offer.title)]
        share, told = max(names, key=lambda found: (found[0], len(found[1])), default=(0.0, frozenset()))
        if share >= _SURE:
            shares.append((share, told, offer))
    whole = _largest([(told, offer) for share, told, offer in shares if share == 1])
    if whole:
        return tuple(offer for _, offer in whole)
    most = max((share for share, _, _ in shares), default=1.0)
    return tuple(offer for share, _, offer in shares if share == most)


def _share(told: frozenset[str], spoken: set[str], *, slips: bool) -> float:
    """Return the share of a name's telling words that are said; one word alone is not enough. `slips`: a letter may be wrong."""
    there = len(told & spoken)
    if len(told) < 2 or not there:
        return 0.0
    if slips:
        there += sum(any(_is_slip(word, other) for other in spoken) for word in told - spoken if len(word) >= _TYPO)
    return there / len(told)


@lru_cache(maxsize=8192)
def _is_slip(word: str, other: str) -> bool:
    return word.isalpha() and other.isalpha() and is_one_slip(word, other)
