"""The front matter of an ad: the text values in it, as far as they can be read, and whether they say that the offer is open.

Called by `parsing/offer.py`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

import yaml

from parsing.header import clean
from parsing.languages import words
from parsing.offer_body import Block
from parsing.offer_recruiters import speaks_of
from parsing.offer_sentences import patterns
from parsing.profile.facts import fold

_FRONT = re.compile(r"\A\ufeff?\s*---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*$\n?", re.DOTALL | re.MULTILINE)
_LATE_FRONT = re.compile(r"\A((?:(?!---)[^\n]*\n){1,8}?)(---[ \t]*\n(?=[\w-]+:).*)\Z", re.DOTALL)
"""Front matter with a line or a heading before it: no front matter by the book, but plainly meant as one."""
_BEGINNING = 6
"""Blocks of an ad where it may say that it is closed."""
_FEW_WORDS = 15
_KEY_VALUE = re.compile(r"([ \t]{0,40})([^\W\d_][\w -]{0,60}?)[ \t]{0,9}:(?:[ \t]+(\S.*))$")


def read_front_matter(text: str, filename: str, problems: list[str]) -> tuple[dict[str, str], str]:
    """Return the text values of the front matter (keys in lower case; lists joined) and the Markdown after it."""
    if not _FRONT.match(text) and (late := _LATE_FRONT.match(text)):
        problems.append(f"{filename}, line 1: something stands before the front matter; the first line of the file must be ---")
        text = late[2].rstrip("\n") + "\n\n" + late[1]
    match = _FRONT.match(text)
    if match is None:
        if text.lstrip("\ufeff \n").startswith("---"):
            problems.append(f"{filename}, line 1: the front matter begins with --- and never ends; close it with a line of three dashes")
            return {}, text.lstrip("\ufeff \n").removeprefix("---")
        problems.append(f"{filename}: has no front matter; begin the file with ---, `title: …`, `open: true`, ---")
        return {}, text
    try:
        values = yaml.load(match[1], Loader=yaml.BaseLoader)  # noqa: S506 - BaseLoader builds only strings, lists and mappings
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 2}" if mark else ""
        cause = clean(str(getattr(error, "problem", None) or "not valid YAML"), 120)
        remedy = "indent with blanks, not with tabs" if "'\\t'" in cause else 'put values with a colon or a quote between " "'
        problems.append(f"{filename}{line}: the front matter is not valid YAML ({cause}); {remedy}")
        return _lines_of(match[1]), text[match.end() :]
    except RecursionError:
        problems.append(f"{filename}: the front matter is nested too deeply")
        return {}, text[match.end() :]
    if not isinstance(values, Mapping):
        problems.append(f"{filename}: the front matter is no list of `key: value` lines")
        return {}, text[match.end() :]
    return {str(key).lower(): said for key, value in values.items() if (said := _flat(value))}, text[match.end() :]


def _lines_of(front: str) -> dict[str, str]:
    """Read what can be read of a broken front matter: an ad must not become open, or lose its title, by a tab or a missing quote."""
    found = [match for line in front.splitlines() if (match := _KEY_VALUE.match(line))]
    # what stands at the line's beginning counts before what may belong to another key
    pairs = [
        (match[2].lower(), clean(match[3].split(" #")[0].strip().strip("\"'"), 300))
        for match in sorted(found, key=lambda m: m[1], reverse=True)
    ]
    return {key: value for key, value in pairs if value}


def _flat(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(said for item in value[:20] if isinstance(item, str) and (said := clean(item, 200)))
    return clean(value, 300) if isinstance(value, str) else ""


def read_open(front: Mapping[str, str], blocks: Sequence[Block], filename: str, problems: list[str]) -> bool:
    """Read whether an offer is open; an ad that says nothing is: it was published.

    `open` decides, then what says that it is closed (`closed: true`), then `status`; without any of them a line at the ad's beginning
    that says so ("This position has been filled"). A word that is not known, or a contradiction, is
    added to `problems`; the offer then counts as open, so that no application is lost.
    """
    said = [
        (key, value, state)
        for table, means in (("open_key", True), ("closed_key", False), ("status_key", None))
        for key, value in front.items()
        if fold(key) in _folded(table)
        for state in [_state(value, means)]
    ]
    for key, value, state in said:
        if state is None and not speaks_of(value, "contract_words"):  # `statut: contractuel` is about something else
            problems.append(
                f'{filename}: {clean(key, 40)} = "{clean(value, 40)}" does not say whether the offer is open, which it counts as then; '
                "write `open: true` or `open: false`"
            )
    known = [(key, value, state) for key, value, state in said if state is not None]
    if not known:
        return not _says_that_it_is_filled(front.get("title", ""), blocks, filename, problems)
    if known[0][2]:
        counts = f'{clean(known[0][0], 40)} = "{clean(known[0][1], 40)}" counts'
        problems.extend(
            f'{filename}: {counts}, though {clean(key, 40)} = "{clean(value, 40)}" says that it is closed; write `open: false` to close it'
            for key, value, state in known[1:]
            if not state
        )
    return bool(known[0][2])


def _says_that_it_is_filled(title: str, blocks: Sequence[Block], filename: str, problems: list[str]) -> bool:
    lines = [block.text.strip() for block in blocks[:_BEGINNING] if len(block.text.split()) <= _FEW_WORDS]
    found = next((line for line in lines if patterns("filled").search(line)), None)
    found = found or next(
        (line for line in (title, *lines[:2]) if _filled_mark().match(line) or _filled_mark(ends=True).search(line)), None
    )
    if found:
        problems.append(f'{filename}: "{clean(found, 60)}" closes the offer; write `open: false`, which is read for certain')
    return found is not None


@cache
def _filled_mark(ends: bool = False) -> re.Pattern[str]:
    """Return what finds a title's "[closed]"."""
    marks = "|".join(words("ad", "filled_mark"))
    return re.compile(rf"\s[\[(](?:{marks})[\])]\W*$" if ends else rf"\W*[\[(](?:{marks})[\])]|(?:{marks})\s?[:!–—-]\s", re.IGNORECASE)


def _state(value: str, means: bool | None) -> bool | None:
    """Return whether `value` says "open"; `means` is what a plain yes would say there (None: nothing)."""
    said = fold(value) or value.strip()
    first = said.split(" ")[0]
    for word in (said, first):
        if word in _folded("open_word"):
            return True
        if word in _folded("closed_word"):
            return False
        if means is not None and word in _folded("yes"):
            return means
        if means is not None and word in _folded("no"):
            return not means
    return None


@cache
def _folded(table: str) -> frozenset[str]:
    return frozenset(fold(word) or word for word in words("ad", table))
