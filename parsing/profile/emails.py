"""A person's e-mail addresses, also those that a narrow column, an icon, letter-spacing or the fear of robots has spoilt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from urllib.parse import unquote

from parsing.languages import words
from parsing.profile.facts import Fact
from parsing.profile.name_shape import is_placeholder

_LOCAL = r"[A-Za-z0-9][\w.+\-'’]{0,63}"
_HOST = r"(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.){1,6}[A-Za-z]{2,24}"
_EMAIL = re.compile(rf"(?<![\w.+\-@]){_LOCAL}@{_HOST}(?![\w@])", re.ASCII)
_MOST_EMAILS = 10
"""A person has a few; a text of thousands is no CV, and each is compared with every name."""
_MOST_SIGNS = 40
"""Signs in a text that may stand in an address."""
_AROUND = 100
"""Characters before and after such a sign that may belong to its address."""
_GLUED_BEFORE = re.compile(r"(?:(?:00|\+)?33[1-9]\d{8}|0[1-9]\d{8})(?=[A-Za-z])|(?:[Ee]-?mail|EMAIL|[Cc]ourriel)(?=[A-Za-z]{1,30}[._-])")
_GLUED_SITE = re.compile(r"@(?:[\w-]{1,63}\.){1,5}[A-Za-z]{2,10}?(?=www\.)", re.IGNORECASE)
_GLUED_WORD = re.compile(r"@(?:[a-z\d-]{1,63}\.){1,5}[a-z]{2,10}(?=\.?[A-Z][a-z]+$)")
"""A top-level domain in small letters and a word with a capital after it."""
_KNOWN_ENDINGS = frozenset(["com", "org", "net", "info", "name", "dev", "pro", "paris", "bzh", "edu", "gov", "example", "test"])
_COUNTRIES = frozenset(
    ["fr", "be", "ch", "lu", "uk", "ie", "de", "es", "it", "io", "me", "eu", "ca", "us", "co", "re", "ma", "tn", "sn", "dz", "pt", "nl"]
)
_BROKEN_BEFORE = re.compile(r"(?:^|\n)(?P<said>[^\n]{0,30}[ \t:])?(?P<part>[A-Za-z0-9][\w.+\-]{0,40})\n$", re.ASCII)
_BROKEN_HOST = re.compile(r"\n[a-z0-9][a-z0-9\-]{0,40}(?:\.[a-z0-9\-]{1,40}){0,3}\.[a-z]{2,10}(?=\s|$)")
_SIGN = re.compile(r"@|[\[({<]{1,2}[ ]?(?:at|arobase|arobas|a|chez)[ ]?[\])}>]{1,2}|[ _-](?:at|arobase|arobas)[ _-]", re.IGNORECASE)
_DOT = r"(?:[ ]?[\[({<][ ]?(?:dot|point|pt|\.)[ ]?[\])}>][ ]?|[ ](?:dot|point)[ ])"
_ENDS_LOCAL = re.compile(
    rf"(?<![\w.+\-@])(?P<local>[A-Za-z0-9][\w+\-]{{0,40}}(?:(?:\.|{_DOT})[\w+\-]{{1,40}}){{0,4}})(?P<gap>[ ]?|\n)\Z", re.IGNORECASE
)
_BEGINS_HOST = re.compile(
    r"(?P<gap>[ ]?|\n)(?P<host>[a-z0-9][a-z0-9\-]{0,61}(?:\n[a-z0-9\-]{1,40})?"
    rf"(?:(?:\.|\n\.|\.\n|{_DOT})[a-z0-9\-]{{2,40}}){{1,4}})(?![\w@])",
    re.IGNORECASE,
)
_SPACED = re.compile(r"(?<!\S)[A-Za-z0-9](?:[ ]{1,2}[\w.+\-]){1,50}[ ]{1,2}@(?:[ ]{1,2}[A-Za-z0-9.\-]){4,50}(?!\S)", re.ASCII)


def link_target(link: str) -> tuple[str, str]:
    """Return the kind of a link (`mailto`, `tel`, ...) in lower case, and what it leads to without its query."""
    kind, colon, target = link.partition(":")
    if not colon and _EMAIL.fullmatch(link.strip()):
        return "mailto", link.strip()
    return kind.lower(), unquote(target.partition("?")[0]).strip().strip("/<>")


def find_emails(text: str, links: tuple[str, ...] = (), source: str = "cv") -> list[Fact]:
    """Return the addresses in `text`, then those only behind `mailto:` links; each once, in lower case, at most ten of each.

    Where `text` has none as addresses are written, and no link either, those that are spelled ("lea at example.org"), broken or spaced.
    """
    targets = [target for kind, target in map(link_target, links) if kind == "mailto"][:_MOST_EMAILS]
    hidden = [address for address in targets if _EMAIL.fullmatch(address)]
    found: dict[str, Fact] = {}
    if "@" in text:
        for fact in islice(_written(text, hidden, source), _MOST_EMAILS):
            found.setdefault(fact.value, fact)
    for address in hidden:
        found.setdefault(address.lower(), Fact(address.lower(), address, "link"))
    facts = list(found.values()) or list(islice(_spelled(text, source), 1))
    return [fact for fact in facts if not _is_to_fill_in(fact.value)]


def _is_to_fill_in(address: str) -> bool:
    """Tell an address that a template holds for another one: "prenom.nom@votre-mail.fr"."""
    local, _, host = address.partition("@")
    return is_placeholder((local,)) or is_placeholder((host.rpartition(".")[0],))


def _written(text: str, hidden: list[str], source: str) -> Iterator[Fact]:
    for match in islice(_EMAIL.finditer(text), 2 * _MOST_EMAILS):
        written = match[0].lower()
        # an icon's letters may be glued to the address: the link behind it knows better
        known = next((address for address in hidden if written.endswith(address.lower())), None)
        begin, end = (len(match[0]) - len(known), len(match[0])) if known else _unglued(match[0])
        start, shown = match.start() + begin, match[0][begin:end]
        if not _EMAIL.fullmatch(shown) or _is_cut_off(text, match.start()):
            continue
        part = next((a.lower() for a in hidden if len(a) > len(shown) and a.lower().endswith(shown.lower())), None) or next(
            (a.lower() for a in hidden if len(a) > len(shown) and a.lower().startswith(shown.lower())), None
        )
        if part:
            yield Fact(part, shown, source, start)
        else:
            yield _whole(text, start, shown, source)


def _is_cut_off(text: str, start: int) -> bool:
    """Tell whether an address would begin in the middle of a word, after a letter that is not ASCII; a capital may be an icon."""
    return start > 0 and text[start - 1].isalpha() and text[start - 1].islower()


def _whole(text: str, start: int, shown: str, source: str) -> Fact:
    """Return an address with what a narrow column has put on the line above or below it."""
    end = start + len(shown)
    before = _BROKEN_BEFORE.search(text[max(0, start - _AROUND) : start]) if text[start - 1 : start] == "\n" else None
    if before and (before["said"] is None or _label().search(before["said"])) and _is_begun(before["part"], shown.partition("@")[0]):
        start -= len(before["part"]) + 1
    ending = shown.rpartition(".")[2].lower()
    after = _BROKEN_HOST.match(text[end : end + _AROUND]) if len(ending) > 2 and ending not in _KNOWN_ENDINGS else None
    end += len(after[0]) if after else 0
    written = text[start:end]
    return Fact(written.replace("\n", "").replace("’", "'").lower(), written, source, start)


def _is_begun(above: str, local: str) -> bool:
    """Tell whether the word above an address is its beginning: one that ends with a sign, or one in small letters with a sign inside."""
    if re.search(r"[._]", local):
        return False
    ending = above.rpartition(".")[2]
    is_host = ending in _KNOWN_ENDINGS or ending in _COUNTRIES
    return above[-1] in "._-" or (above.islower() and re.search(r"[a-z\d][._][a-z\d]", above) is not None and not is_host)


def _unglued(written: str) -> tuple[int, int]:
    """Return where an address begins and ends in what was written without a blank: a telephone number or a label before, words after."""
    glued = _GLUED_BEFORE.match(written)
    start = glued.end() if glued else 0
    ending = _GLUED_SITE.search(written, start) or _GLUED_WORD.search(written, start)
    return start, ending.end() if ending else len(written)


def _spelled(text: str, source: str) -> Iterator[Fact]:
    """Yield the addresses that are not written as addresses are; those that might as well be words only beside a label."""
    for match in islice(_SPACED.finditer(text), _MOST_EMAILS) if " @ " in text else ():
        value = match[0].replace(" ", "")
        if _EMAIL.fullmatch(value):
            yield Fact(value.lower(), match[0], source, match.start())
    for sign in islice(_SIGN.finditer(text), _MOST_SIGNS):
        before = _ENDS_LOCAL.search(text[max(0, sign.start() - _AROUND) : sign.start()])
        after = _BEGINS_HOST.match(text[sign.end() : sign.end() + _AROUND])
        if not before or not after:
            continue
        value = re.sub(_DOT, ".", f"{before['local']}@{after['host']}".replace("\n", ""), flags=re.IGNORECASE).lower()
        start = sign.start() - len(before[0])
        labelled = _label().search(text[max(0, start - 25) : start]) is not None
        if _EMAIL.fullmatch(value) and (labelled or _is_plainly_one(sign[0], before, after)):
            written = text[start : sign.end() + after.end()]
            yield Fact(value, written, source, start)


def _is_plainly_one(sign: str, before: re.Match[str], after: re.Match[str]) -> bool:
    """Tell an address from "Developer @ acme.io" and "developer at acme.io"."""
    if sign == "@":
        one_gap = not (before["gap"] and after["gap"])
        telling = re.search(r"\w[._]\w|\w\d", before["local"]) is not None
        return telling or (one_gap and not before["gap"])
    if sign.strip(" -") == sign:
        return True
    return re.search(_DOT, after["host"], re.IGNORECASE) is not None


@cache
def _label() -> re.Pattern[str]:
    return re.compile(rf"(?i)(?<!\w)(?:{'|'.join(map(re.escape, words('cv', 'email_label')))})\W{{0,4}}$")
