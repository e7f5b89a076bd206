"""Words that name what somebody does: the titles of jobs, told from the firms beside them. Called by `work.py` and `experience.py`."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from parsing.languages import words
from parsing.profile.facts import fold

_LONGEST = 160
"""Characters of words that may name a trade."""
_LONGEST_FIRM = 3
"""Words of a firm's name that no sign divides from a title."""


def names_trade(said: str) -> bool:
    """Tell whether words name what somebody does ("Chargée de mission", "Lead developer")."""
    return len(said) <= _LONGEST and trade_at(said) is not None


def names_job(said: str) -> bool:
    """Tell whether words name a trade or begin with a kind of job that people give as its title ("Stage")."""
    return names_trade(said) or fold(re.split(r"[,:–—|\t(-]", said[:60], maxsplit=1)[0]) in _folded("contract_title")


def without_firm(position: str | None) -> tuple[str | None, str | None]:
    """Divide "Développeur Société Lumen" before the word that begins a firm's name, where no sign does; the firm may be None."""
    if position is None or not names_trade(position):
        return position, None
    said = position.split()
    for number in range(max(1, len(said) - _LONGEST_FIRM), len(said) - 1):
        firm = said[number:]
        begins = fold(firm[0]) in _folded("company_begins") and said[number - 1][0].isupper()
        if begins and all(word[0].isupper() or word[0].isdigit() for word in firm) and not names_trade(" ".join(firm)):
            return " ".join(said[:number]), " ".join(firm)
    return position, None


@lru_cache(maxsize=1024)
def trade_at(said: str) -> int | None:
    """Return which word of `said` is a trade, counted from 0; the ending tells only that of its first word."""
    folded = fold(said).split()[:14]
    for number, word in enumerate(folded):
        if word in _trades() and not (
            number == 0 and len(folded) > 1 and folded[1] in {"of", "de", "des"} and word in _folded("organisation")
        ):
            return number
    if folded and len(folded[0]) > 6 and folded[0].endswith(tuple(_folded("trade_ending"))) and not set(folded) & _folded("organisation"):
        return 0
    return None


@cache
def _trades() -> frozenset[str]:
    modifiers = _folded("trade_modifiers")
    return (_folded("trades") - modifiers) | (_folded("trade_more") - modifiers - {"ux", "ui", "product"})


@cache
def _folded(key: str) -> frozenset[str]:
    return frozenset(fold(word) or word for word in words("cv", key))
