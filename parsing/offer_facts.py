"""What an ad says of contract, start, duration, place and skills, quoted as it stands; called by `parsing/offer.py`.

Lines such as `Début : mars` are read first, sentences second; nothing is concluded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from parsing.languages import words
from parsing.offer_body import ADDRESS, Block

_KEYED = re.compile(r"^[ \t>*_-]{0,40}([^\W\d_][^:\n—–]{1,40}?)\s*(?::|—|–)\s+?(\S[^\n]{0,200})$", re.MULTILINE)
_LIMIT = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferFacts:
    """Quotations; None or empty when the ad does not say it."""

    contract: str | None
    start: str | None
    duration: str | None
    location: tuple[str, ...]
    skills: tuple[str, ...]


def read_facts(blocks: Sequence[Block], front: dict[str, str]) -> OfferFacts:
    """Read the facts of an ad from its blocks and the text values of its front matter (keys in lower case)."""
    keyed = [(_key(key), value.strip(" .;*_\\")) for block in blocks if not block.level for key, value in _KEYED.findall(block.text)]
    keyed += [(_key(key), value) for key, value in front.items()]
    sentences = [sentence for block in blocks if not block.level for sentence in _sentences(block.text)]
    return OfferFacts(
        contract=_with_length(
            _keyed(keyed, "contract_key", _CONTRACT) or front.get("contrat") or front.get("contract") or _contract(sentences), sentences
        ),
        start=_keyed(keyed, "start_key") or _start(sentences),
        duration=_keyed(keyed, "duration_key") or _duration(sentences),
        location=tuple(_cut(item) for item in _location(keyed, sentences)),
        skills=_skills(blocks),
    )


def _alternatives(key: str) -> str:
    return "|".join(re.escape(word) for word in sorted(words("ad", key), key=len, reverse=True))


_CONTRACT = re.compile(rf"(?<![\w·.-])(?:{_alternatives('contract_words')})(?:[·.(‧]?e?\)?(?:[·.‧]s)?)?(?![\w])", re.IGNORECASE)
_START_VERB = re.compile(rf"(?<!\w)(?:{_alternatives('start_verb')})(?![\w-])", re.IGNORECASE)
_START = re.compile(rf"(?<!\w)(?:{_alternatives('start_words')})(?!\w)", re.IGNORECASE)
_NOT_OF_THE_POST = re.compile(rf"(?<!\w)(?:{_alternatives('not_of_the_post')})(?!\w)", re.IGNORECASE)
_BEFORE_START = re.compile(r"^[\s:*_–—-]*(?:(?:souhaitée?|de la mission|du stage|la mission|en|le|est)(?!\w)|:)*[\s:*_–—-]*")
_UNIT = rf"(?:{_alternatives('duration_units')})"
_DURATION = re.compile(rf"\d{{1,2}}(?:[.,]\d)?(?:\s*(?:à|-|–|to|ou|or)\s*\d{{1,2}})?\s*{_UNIT}(?:\s+renouvelables?)?(?!\w)", re.IGNORECASE)
_PLACE = re.compile(rf"(?<!\w)(?:{_alternatives('location_words')})(?!\w)", re.IGNORECASE)
_ABOUT_CONTRACT = re.compile(r"poste|contrat|mission|recrut|cherch|statut|ouvert|position|contract|stage", re.IGNORECASE)


def _key(text: str) -> str:
    return " ".join(text.strip(" *_").lower().replace("’", "'").split())


def _keyed(keyed: Iterable[tuple[str, str]], table: str, must: re.Pattern[str] | None = None) -> str | None:
    known = words("ad", table)
    for key, value in keyed:
        fits = key in known or (len(key.split()) <= 6 and any(key.startswith((f"{word} ", f"{word}s ")) for word in known))
        if (
            fits
            and value
            and not ADDRESS.search(value)
            and not value.startswith(("http://", "https://"))
            and (must is None or must.search(value))
        ):
            return _cut(value)
    return None


def _sentences(text: str) -> list[str]:
    return [part.strip(" *_;-") for part in re.split(r"(?<=[.!?;])\s+|\n", text) if part.strip(" *_;-")]


def _contract(sentences: Sequence[str]) -> str | None:
    """Return the contract words of the first sentence that speaks of the post, with the duration beside them."""
    for sentence in sentences:
        found = list(_CONTRACT.finditer(sentence))
        if found and _ABOUT_CONTRACT.search(sentence) and len(sentence) < 400:
            if found[-1].end() - found[0].start() > 60:
                found = found[:1]
            said = sentence[found[0].start() : found[-1].end()]
            duration = _DURATION.search(sentence, found[-1].end())
            return _cut(f"{said}, {duration.group()}" if duration else said)
    return next((_cut(sentence) for sentence in sentences if re.match(r"contrat (?:initial )?de \d", sentence, re.IGNORECASE)), None)


def _with_length(contract: str | None, sentences: Sequence[str]) -> str | None:
    """Add to a contract that tells no time the sentence that begins with "contract", "mission" or "post" and does."""
    if contract and re.search(r"\d", contract):
        return contract
    begins = re.compile(rf"(?:{'|'.join(words('ad', 'contract_begins'))})(?!\w)", re.IGNORECASE)
    for sentence in sentences:
        if begins.match(sentence) and len(sentence) <= _LIMIT and _DURATION.search(sentence):
            return _cut(f"{contract.rstrip(' .')}, {sentence}" if contract else sentence)
    return contract


def _start(sentences: Sequence[str]) -> str | None:
    for sentence in sentences:
        verb = _START_VERB.search(sentence)
        when = _START.search(sentence, verb.start()) if verb else None
        if verb is None or when is None or when.start() - verb.end() > 40 or _NOT_OF_THE_POST.search(sentence):
            continue
        after = sentence[when.start() :] if when.start() == verb.start() else sentence[verb.end() :]
        return _cut(_BEFORE_START.sub("", after).strip(" .!"))
    return None


def _duration(sentences: Sequence[str]) -> str | None:
    for sentence in sentences:
        if _ABOUT_CONTRACT.search(sentence) and (found := _DURATION.search(sentence)):
            return found.group()
    return None


def _location(keyed: Sequence[tuple[str, str]], sentences: Sequence[str]) -> list[str]:
    if said := _keyed(keyed, "location_key"):
        return [said]
    return [
        sentence for sentence in sentences if _PLACE.search(sentence) and len(sentence) < 250 and not _NOT_OF_THE_POST.search(sentence)
    ][:1]


def _skills(blocks: Sequence[Block]) -> tuple[str, ...]:
    """Return the list items that stand under a heading about skills."""
    known = words("ad", "skills_heading")
    items = [
        _cut(block.text.strip(" ;.,"))
        for block in blocks
        if not block.level and len(block.text) < 300 and any(word in block.heading.lower() for word in known)
    ]
    return tuple(dict.fromkeys(items))[:30]


def _cut(text: str) -> str:
    flat = " ".join(text.replace("**", "").split()).strip(" *_")
    if flat.endswith(")") and "(" not in flat:
        flat = flat.rstrip(" )")
    return flat if len(flat) <= _LIMIT else flat[:_LIMIT].rsplit(" ", 1)[0] + "…"
