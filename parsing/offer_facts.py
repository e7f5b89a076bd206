"""What an ad says of contract, start, duration, place and who is sought, quoted as it stands; called by `parsing/offer.py`.

Lines such as `Début : mars` are read first, sentences second; nothing is concluded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from parsing.languages import words
from parsing.offer_body import Block
from parsing.offer_place import read_location
from parsing.offer_profile import read_clearance, read_degree, read_languages, read_skills, read_years
from parsing.offer_sentences import Sentence, alternatives, cut, keyed, keyed_lines, patterns, sentences_of, stands_under

_LIMIT = 120
_NUMBER = rf"(?:\d{{1,2}}(?:[.,]\d)?|{alternatives('number_words')})"
_DURATION = re.compile(
    rf"(?<![\w+-])(?<!après )(?<!depuis )(?<!after ){_NUMBER}(?:\s*(?:à|-|–|to|ou|or)\s*{_NUMBER})?"
    rf"\s*(?:{alternatives('duration_units')})(?:\s+minimum)?(?:\s+renouvelables?)?(?!\w)",
    re.IGNORECASE,
)
_DAYS = re.compile(r"(?:jours?|days?)\b", re.IGNORECASE)
_CONTRACT = re.compile(rf"(?<![\w·.-])(?:{alternatives('contract_words')})(?:[·.(‧]?e?\)?(?:[·.‧]s)?)?(?![\w])", re.IGNORECASE)
_START_VERB = re.compile(rf"(?<!\w)(?:{alternatives('start_verb')})(?![\w-])", re.IGNORECASE)
_START = re.compile(rf"(?<!\w)(?:{alternatives('start_words')})(?!\w)", re.IGNORECASE)
_ONLY_START = re.compile(rf"\W*(?:{alternatives('start_alone')})\W*", re.IGNORECASE)
_PAST = re.compile(rf"(?<!\w)(?:{alternatives('not_of_the_post')})(?!\w)", re.IGNORECASE)
_BEFORE_START = re.compile(r"^[\s:*_–—-]*(?:(?:souhaitée?|de la mission|du stage|la mission|en|le|est)(?!\w)|:)*[\s:*_–—-]*")
_NEAR = 40
"""Characters between "start" and its month."""
_FIRST_WORDS = 12
"""Characters of a sentence within which its subject stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferFacts:
    """Quotations; None or empty when the ad does not say it."""

    contract: str | None
    start: str | None
    duration: str | None
    location: tuple[str, ...]
    skills: tuple[str, ...]
    years: str | None
    degree: str | None
    languages: tuple[str, ...]
    clearance: str | None


def read_facts(blocks: Sequence[Block], front: Mapping[str, str]) -> OfferFacts:
    """Read the facts of an ad from its blocks and the text values of its front matter (keys in lower case)."""
    lines = keyed_lines(blocks, front)
    sentences = sentences_of(blocks)
    contract = _with_length(
        front.get("contrat")
        or front.get("contract")
        or keyed(lines, "contract_key", _CONTRACT)
        or _contract(sentences)
        or _contract_of_role(front),
        sentences,
    )
    return OfferFacts(
        contract=contract,
        start=keyed(lines, "start_key") or _start(sentences),
        duration=keyed(lines, "duration_key", _DURATION) or _duration(contract, sentences),
        location=read_location(lines, sentences),
        skills=read_skills(blocks),
        years=read_years(sentences),
        degree=read_degree(sentences),
        languages=read_languages(sentences),
        clearance=read_clearance(sentences),
    )


def _contract(sentences: Sequence[Sentence]) -> str | None:
    """Return the contract words of the first sentence that speaks of the post, with the duration beside them."""
    for sentence in sentences:
        text = sentence.text
        found = list(_CONTRACT.finditer(text))
        begins = sentence.item and found and found[0].start() <= _FIRST_WORDS
        if found and (begins or _is_about_the_post(text)) and not patterns("about_others").search(text) and len(text) < 400:
            if found[-1].end() - found[0].start() > 60:
                found = found[:1]
            said = text[found[0].start() : found[-1].end()]
            duration = _DURATION.search(text, found[-1].end())
            return cut(f"{said}, {duration.group()}" if duration else said)
    return next((cut(one.text) for one in sentences if re.match(r"contrat (?:initial )?de \d", one.text, re.IGNORECASE)), None)


def _contract_of_role(front: Mapping[str, str]) -> str | None:
    """Return the contract that the name of the post tells ("Internship: …")."""
    named = " ".join(front.get(key, "") for key in ("title", "role", "roles", "poste"))
    found = _CONTRACT.search(named)
    return found[0] if found else None


def _with_length(contract: str | None, sentences: Sequence[Sentence]) -> str | None:
    """Add to a contract that tells no time the sentence that begins with "contract", "mission" or "post" and does."""
    if contract and re.search(r"\d", contract):
        return contract
    begins = re.compile(rf"(?:{'|'.join(words('ad', 'contract_begins'))})(?!\w)", re.IGNORECASE)
    for sentence in sentences:
        text = sentence.text
        if begins.match(text) and len(text) <= _LIMIT and (_DURATION.search(text) or patterns("until").search(text)):
            return cut(f"{contract.rstrip(' .')}, {text}" if contract else text)
    return contract


def _start(sentences: Sequence[Sentence]) -> str | None:
    for sentence in sentences:
        text = sentence.text
        if sentence.item and _ONLY_START.fullmatch(text):
            return cut(text.strip(' .!«»"“”'))
        verb = _START_VERB.search(text)
        when = _START.search(text, verb.start()) if verb else None
        if verb is None or when is None or when.start() - verb.end() > _NEAR or patterns("began").search(text):
            continue
        if _PAST.search(text) and not patterns("the_post").search(text[: verb.start()]):
            continue
        if verb.start() > _FIRST_WORDS and not _is_about_the_post(text):
            continue
        after = text[when.start() :] if when.start() == verb.start() else text[verb.end() :]
        return cut(_BEFORE_START.sub("", after).strip(" .!"))
    return _start_beside_the_search(sentences)


def _start_beside_the_search(sentences: Sequence[Sentence]) -> str | None:
    """Return "as soon as possible" of the sentence that says whom one looks for."""
    for sentence in sentences:
        speaks = patterns("recruits").search(sentence.text) or _START_VERB.search(sentence.text)
        if speaks and not patterns("began").search(sentence.text) and (when := _ONLY_START_INSIDE.search(sentence.text)):
            return when[0]
    return None


_ONLY_START_INSIDE = re.compile(rf"(?<!\w)(?:{alternatives('start_alone')})(?!\w)", re.IGNORECASE)


def _is_about_the_post(text: str) -> bool:
    return patterns("about_contract").search(text) is not None and not patterns("about_others").search(text)


def _duration(contract: str | None, sentences: Sequence[Sentence]) -> str | None:
    """Return how long the contract lasts: as it says itself, else as a sentence about it does; days a week are no duration."""
    about = [one for one in sentences if _is_about_the_post(one.text)]
    about.sort(key=lambda one: not stands_under(one, "conditions_heading", "not_conditions_heading"))
    for text in (contract or "", *(one.text for one in about)):
        found = next((match for match in _DURATION.finditer(text) if not _DAYS.search(match[0])), None) or patterns("until").search(text)
        if found:
            return found[0]
    return None
