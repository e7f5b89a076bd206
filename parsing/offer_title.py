"""What a person would call an ad: the role, and the product or team that tells it apart from other ads for that role.

Called by `parsing/offer.py`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from parsing.header import clean
from parsing.languages import words
from parsing.offer_body import Block
from parsing.profile.facts import fold

_ARTICLE = re.compile(r"^(?:un(?:[·.‧(-]?e\)?)?(?:\s+ou\s+une?)?|une(?:\s+ou\s+un)?|an?|des|le|la)\s+", re.IGNORECASE)
_FEW_WORDS = 3
_LONGEST_TEAM = 60
_MOST_BLOCKS = 6
"""Of the beginning, where an ad says who recruits."""
_LONGEST_NAME = 8
_LONGEST_LINE = 16
"""Words."""
_MOST_TEXT = 20_000


def read_title(front: Mapping[str, str], blocks: Sequence[Block], slug: str) -> str:
    """Return `title`, or the role where it says more, with its technology and product; else the first heading, else the file's name."""
    role = _ARTICLE.sub("", front.get("role") or front.get("roles") or front.get("poste") or "").strip()
    title = front.get("title", "")
    if title and role and _says(role, title):
        title = ""  # "a developer" is no more than the role, which may say it better
    if title and not (role and _names_no_role().search(title)):
        return clean(title, 200)
    if not role:
        heading = next((block.text for block in blocks if block.level == 1), None) or next((b.text for b in blocks if b.level), None)
        heading = heading or _first_line(blocks)
        return clean(heading or "", 200) or readable(slug)
    title, techno = role, front.get("techno", "")
    if set(fold(techno).split()) & set(words("ad", "no_techno")):
        techno = ""
    choice = len({"ou", "or"} & set(fold(techno).split()))  # "this or that" tells less than a name
    if techno and len(techno) <= 40 and len(title.split()) <= _FEW_WORDS - choice and not _says(title, techno):
        title += f" {techno}"
    team = _team(front, blocks)
    if team and len(team) <= _LONGEST_TEAM and not _says(title, team):
        title += f" ({team})"
    return clean(title[:1].upper() + title[1:], 200)


def readable(slug: str) -> str:
    """Return a file name as a title: the last resort, and never empty."""
    return clean(slug.replace("-", " ").replace("_", " ").replace(".", " "), 200) or "?"


def _first_line(blocks: Sequence[Block]) -> str:
    """Return the first line of an ad without title and heading if it says who looks for whom, turned round: whom, and who."""
    first = blocks[0].text.strip() if blocks else ""
    who = _who_recruits().match(first)
    if who is None or "\n" in first or len(first.split()) > _LONGEST_LINE:
        return ""
    sought = _ARTICLE.sub("", first[who.end() :].strip(" .!:"))
    return f"{sought[:1].upper()}{sought[1:]} ({who[1].strip()})" if sought else first


def _says(longer: str, text: str) -> bool:
    """Tell whether all words of `text` but its article stand in `longer`."""
    said = set(fold(_ARTICLE.sub("", text)).split())
    return bool(said) and said <= set(fold(longer).split())


def _team(front: Mapping[str, str], blocks: Sequence[Block]) -> str:
    """Return the product or team: as the ad's first words name who recruits, else as `startup` or `equipe` does, in the ad's spelling."""
    declared = front.get("startup") or front.get("equipe") or ""
    text = "\n".join(block.text for block in blocks)[:_MOST_TEXT]
    written = _spelled(declared, text)
    if written:
        return written
    for block in blocks[:_MOST_BLOCKS]:
        who = _who_recruits().match(block.text)
        if who is None or len(who[1].split()) > _LONGEST_NAME:
            continue
        if who[2][:1].isupper():
            return who[1].strip()
        if not declared and any(word[:1].isupper() for word in re.split(r"\s|['’]", who[2])):
            return who[2].strip()
    return declared if "," not in declared else ""


def _spelled(slug: str, text: str) -> str:
    """Return the first words of `text` that have the letters of a slug: "Mes Aides" for `mes-aides`."""
    letters = [re.escape(sign) for sign in fold(slug).replace(" ", "")]
    if not 3 <= len(letters) <= _LONGEST_TEAM or fold(text).replace(" ", "").find("".join(map(str, letters))) < 0:
        return ""
    found = re.search(rf"(?<![\w/@.-])(?i:{'[ .·-]?'.join(letters)})(?:\.[a-z]{{2,8}})*(?![\w@/-])", text)
    return found[0] if found and any(sign.isupper() or sign in " ." for sign in found[0]) else ""


@cache
def _who_recruits() -> re.Pattern[str]:
    """Return what finds "The Factory, a team of the ministry, recruits": the name, and the name without its article."""
    verbs = "|".join(words("ad", "recruits"))
    nobody = "|".join(words("ad", "names_nobody"))
    name = r"(?:l[ae] |l['’]|les |the )?(\w[^\n,;:.!?]{1,60}?)"
    return re.compile(
        rf"\W{{0,3}}(?!(?:{nobody})(?!\w))({name})(?:, [^\n;:!?]{{3,120}}?,)? (?:{verbs})(?!\w)",
        re.IGNORECASE,
    )


@cache
def _names_no_role() -> re.Pattern[str]:
    """Return what finds a title that says who recruits and not whom."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(words('ad', 'recruits'))})\W*$", re.IGNORECASE)
