"""What programs say in mails, in any language: the vocabulary `languages/machines.toml` and the ways to look a text through for it.

Called by `parsing/reports.py` and `parsing/automata.py`. Texts are folded first: lower case, no accents (many programs write none),
straight apostrophes, single blanks.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from parsing.languages import machine_table
from parsing.quotation import is_reply

_ACCENTS = re.compile("[\u0300-\u036f]")
_BRACKETS = re.compile(r"^\s*[\[【(]([^\[\]()【】]{1,60})[\])】]\s*")
_LAST_BRACKETS = re.compile(r"[\[【(（]([^\[\]()【】（）]{1,60})[\])】）]\s*$")
_SEPARATOR = re.compile(r"\s*(?:$|[:：;,.!/|(\[–—]|-\s)|\s(?:until|till|jusqu|bis|hasta|fino|ate|tot|do|til|tills)\b")
_AFTER_DASH = re.compile(r"\s[–—-]\s([^–—]{1,60})$")
_SPACELESS = "\u3000"
"""From here on scripts do not set their words apart."""


@lru_cache(maxsize=16)  # every rule looks at the same subject and the same opening
def fold(text: str) -> str:
    """Return a text ready to be searched for words of programs."""
    low = text.lower()
    if not low.isascii():
        low = unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFKD", low))).replace("’", "'")
    return " ".join(low.split())


def said(folded: str, key: str) -> str | None:
    """Return the first word of the vocabulary `key` (`table.name`) that stands in a folded text as whole words."""
    return next((word for word in _vocabulary(key) if word in folded and _whole(word).search(folded)), None)


def heads(subject: str, key: str) -> str | None:
    """Return the word that a subject is, begins with before a separator or another's subject, or bears in brackets at either end."""
    folded = fold(subject)
    brackets, rest = [], folded
    while first := _BRACKETS.match(rest):
        brackets.append(first[1].strip())
        rest = rest[first.end() :]
    if last := _LAST_BRACKETS.search(folded):
        brackets.append(last[1].strip())
    if last := _AFTER_DASH.search(folded):
        brackets.append(last[1].strip())
    for word in _vocabulary(key):
        if word in brackets or (rest.startswith(word) and (word.endswith(":") or _ends(rest[len(word) :], key))):
            return word
    return None


def _ends(after: str, key: str) -> bool:
    """Tell whether what follows a word sets it apart from the rest: a sign, the subject that is answered, or another such word."""
    if _SEPARATOR.match(after) or is_reply(after):
        return True
    further = after.strip()
    return after.startswith(" ") and any(further.startswith(word) and _SEPARATOR.match(further[len(word) :]) for word in _vocabulary(key))


@cache
def _vocabulary(key: str) -> tuple[str, ...]:
    """Return the words of a key, the longest first: it says most."""
    table, _, name = key.partition(".")
    return tuple(sorted({fold(word) for word in machine_table(table)[name]}, key=lambda word: (-len(word), word)))


@cache
def _whole(word: str) -> re.Pattern[str]:
    before = "" if word[0] >= _SPACELESS else r"(?<!\w)"
    after = "" if word[-1] >= _SPACELESS else r"(?!\w)"
    return re.compile(before + re.escape(word) + after)
