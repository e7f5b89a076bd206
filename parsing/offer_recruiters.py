"""Whom an ad asks to write to: which of the addresses it names get applications, and with them the digests about all candidates.

Called by `parsing/offer.py`. Each address is judged by the words of its own sentence; one that nobody is asked to apply to is left
out, for an outsider who is taken for a recruiter is sent everybody's data.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache

from parsing.languages import words
from parsing.offer_body import ADDRESS, Block, Named

_SENTENCE_END = re.compile(r"(?:(?<=[.!…])|(?<=[.!…][\"»)]))\s{1,9}|\n\s{0,9}\n")
_CLAUSE_END = re.compile(r"[,;:()\n–—]| - |(?<!\w)(?:et|mais|and|but)(?!\w)", re.IGNORECASE)
_PAUSE = re.compile(r"[,;:(\n–—]")
_PARENTHESIS = re.compile(r"\([^()\n]{0,200}\)")
_WORD = re.compile(r"[^\W\d_]+")
_OPENS_LIST = re.compile(r"(?::|(?<!\w)(?:à|to))\s*$")
_FEW_WORDS = 8
_SHORTEST = 5
"""Letters of a word in which one wrong letter is no other word."""
_MOST_SENTENCE = 2000
"""Characters before and after an address that are looked at."""


class _Verdict(Enum):
    APPLY = auto()
    CONTACT = auto()
    """Named under a heading such as "Contact": to be written to where no other address is for applying."""
    NEUTRAL = auto()
    """Named, and nothing said of it."""
    ASIDE = auto()
    """Named for something else: a question, a bug, personal data, the job itself."""
    REVOKED = auto()
    """One is told not to write there."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """What an ad's text says of addresses, each once and in its order."""

    recruiters: tuple[Named, ...]
    others: tuple[str, ...]
    """Named in the ad, but not to apply to."""


@dataclass(frozen=True, slots=True)
class _Group:
    """Addresses that are enumerated together, and what their sentence says around them."""

    named: tuple[Named, ...]
    lead: str
    """The words up to the first address."""
    head: str
    """The same with the words of links and between the addresses, without the addresses and what stands in brackets."""
    after: str


def read_addresses(blocks: Sequence[Block], elsewhere: bool) -> Addresses:
    """Return the addresses to write to.

    Where no sentence asks to apply, those that are named as a contact are taken, unless one applies `elsewhere` (on a web page).
    """
    judged = list(_judged(blocks))
    chosen = [named for verdict, group in judged for named in group.named if verdict is _Verdict.APPLY]
    chosen = chosen or [named for verdict, group in judged for named in group.named if verdict is _Verdict.CONTACT]
    if not chosen and not elsewhere:
        chosen = [named for verdict, group in judged for named in group.named if verdict is _Verdict.NEUTRAL and _is_contact(group)]
    recruiters: dict[str, Named] = {}
    for named in chosen:
        if named.address.partition("@")[0] not in words("ad", "no_recruiter"):
            recruiters.setdefault(named.address, named)
    others = dict.fromkeys(named.address for _, group in judged for named in group.named if named.address not in recruiters)
    return Addresses(tuple(recruiters.values()), tuple(others))


def foreign_addresses(addresses: Iterable[str]) -> tuple[tuple[str, ...], str]:
    """Return those on another domain than most (without a majority: than the first), and that domain."""
    domains = {address: _organisation(address) for address in addresses}
    usual = Counter(domains.values()).most_common(1)[0][0] if domains else ""
    return tuple(address for address, domain in domains.items() if domain != usual), usual


def misspelt_addresses(addresses: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return the addresses whose domain is one slip away from another one here, or from a well-known one, and what is meant, perhaps."""
    domains = Counter(address.rpartition("@")[2] for address in addresses)
    known = [domain for domain, count in domains.most_common() if count > 1 or len(domains) == 2]
    found: list[tuple[str, str]] = []
    for address in addresses:
        local, _, domain = address.rpartition("@")
        rivals = [other for other in known if domains[other] > domains[domain] or other == addresses[0].rpartition("@")[2]]
        meant = next((other for other in (*rivals, *words("ad", "mail_domains")) if is_one_slip(domain, other)), None)
        if meant and domain not in words("ad", "mail_domains"):
            found.append((address, f"{local}@{meant}"))
    return tuple(found)


def is_one_slip(written: str, meant: str) -> bool:
    """Tell whether two words differ by one letter: another, one too many, one missing, or two neighbours that changed places."""
    if written == meant or abs(len(written) - len(meant)) > 1 or min(len(written), len(meant)) < _SHORTEST:
        return False
    begin = next((i for i, (a, b) in enumerate(zip(written, meant, strict=False)) if a != b), min(len(written), len(meant)))
    mine, theirs = written[begin:], meant[begin:]
    return mine[1:] == theirs or mine == theirs[1:] or mine[1:] == theirs[1:] or (mine[:2] == theirs[1::-1] and mine[2:] == theirs[2:])


def speaks_of(text: str, *tables: str) -> bool:
    """Tell whether a word of one of these tables of the ads' vocabulary stands in `text`, as a whole word."""
    return any(_any(table).search(_plain(text)) for table in tables)


def _organisation(address: str) -> str:
    """Return the end of a domain that its owner registered: `example.org` of `sub.example.org`."""
    labels = address.rpartition("@")[2].split(".")
    return ".".join(labels[-3 if len(labels) > 2 and len(labels[-2]) <= 3 else -2 :])


@cache
def _any(table: str) -> re.Pattern[str]:
    """Return what finds the words of a table; they are patterns, and stand between no other letters."""
    alternatives = "|".join(sorted(words("ad", table), key=len, reverse=True))
    return re.compile(rf"(?<![\w.@-])(?:{alternatives})(?![\w@])", re.IGNORECASE)


@cache
def _at_end(table: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(words('ad', table))})$", re.IGNORECASE)


def _plain(text: str) -> str:
    """Return `text`, as long as it was, with one kind of apostrophe and of blank."""
    return text.replace("’", "'").replace("\u00a0", " ").replace("\u202f", " ")


def _applies(text: str) -> bool:
    return speaks_of(text, "apply", "apply_strong") and not speaks_of(text, "ask")


def _judged(blocks: Sequence[Block]) -> Iterator[tuple[_Verdict, _Group]]:
    """Yield every group of addresses with what is said of it."""
    announced = False
    """The block before ended with "send your CV to:"."""
    for block in blocks:
        if not block.mentions:
            announced = _applies(block.text) and _OPENS_LIST.search(block.text) is not None if block.text.strip() else announced
            continue
        asking = speaks_of(block.heading, "ask") and not speaks_of(block.heading, "apply_strong")
        under = speaks_of(block.heading, "apply_heading") and not asking
        contact = speaks_of(block.heading, "contact_heading") and not asking
        follows = False
        for sentence, named in _sentences(block):
            verdict = _Verdict.NEUTRAL
            for group in _groups(sentence, named):
                verdict = _judge(group, verdict)
                if verdict is _Verdict.NEUTRAL and asking:
                    verdict = _Verdict.ASIDE
                if verdict is _Verdict.NEUTRAL and ((under and _is_directed(group)) or ((follows or announced) and _is_short(group))):
                    verdict = _Verdict.APPLY
                if verdict is _Verdict.NEUTRAL and contact and _is_directed(group):
                    verdict = _Verdict.CONTACT
                yield verdict, group
            follows = not named and "http" not in sentence and _applies(sentence)


def _sentences(block: Block) -> Iterator[tuple[str, list[Named]]]:
    """Yield each sentence with the addresses in it, whose offsets become the sentence's."""
    text = _plain(block.text)
    start, rest = 0, list(block.mentions)
    for end, following in [*_ends(text), (len(text), len(text))]:
        inside = [named for named in rest if named.start < following or following == len(text)]
        rest = rest[len(inside) :]
        moved = [Named(item.address, item.copied, item.start - start, min(item.end, end) - start) for item in inside]
        yield text[start:end], moved
        start = following


def _ends(text: str) -> Iterator[tuple[int, int]]:
    """Yield where sentences end and the next begin; "M." ends none."""
    for match in _SENTENCE_END.finditer(text):
        before = re.search(r"(?<!\w)(\w{1,5})\.$", text[max(0, match.start() - 8) : match.start()])
        if before is None or not (before[1].lower() in words("ad", "abbreviations") or (len(before[1]) == 1 and before[1].isupper())):
            yield match.start(), match.end()


def _groups(sentence: str, named: Sequence[Named]) -> Iterator[_Group]:
    """Divide the addresses of a sentence where more than an enumeration stands between them."""
    together: list[Named] = []
    begin = 0
    for index, item in enumerate(named):
        together.append(item)
        following = named[index + 1] if index + 1 < len(named) else None
        end = max(one.end for one in together)
        if following and (following.start <= end or _is_enumeration(sentence[end : following.start])):
            continue
        after = sentence[end : following.start if following else len(sentence)][:_MOST_SENTENCE]
        after = after[: _cut(after)] if following else after
        first = max(begin, end - _MOST_SENTENCE)
        head = _PARENTHESIS.sub(" ", ADDRESS.sub(" ", sentence[first:end]))
        yield _Group(tuple(together), sentence[first : together[0].start], head, after)
        begin, together = end + len(after) if following else end, []


def _is_enumeration(between: str) -> bool:
    """Tell whether only names and words such as "and" stand between two addresses."""
    said = _WORD.findall(between[:200])
    if len(said) > 10 or len(between) > 200 or speaks_of(between, "ask", "apply_strong"):
        return False
    return all(word[0].isupper() or word.lower() in words("ad", "enumeration") for word in said)


def _cut(rest: str) -> int:
    """Return where the words about one address end and those about the next begin."""
    inside = re.match(r"\s{0,9}\([^()]{0,300}\)", rest)
    begin = inside.end() if inside else 0
    end = _CLAUSE_END.search(rest, begin)
    return end.start() if end else begin


def _judge(group: _Group, before: _Verdict) -> _Verdict:
    """Tell what a sentence says of a group, given what it said of the group `before`."""
    revoked = _last("revoke", group.head)
    instead = _last("instead", group.head)
    again = revoked and ((instead and instead.start() > revoked.start()) or _any("apply").search(group.head, revoked.end()))
    if (revoked and not again) or _any("revoked").match(group.after.lstrip(" ,(:—–-")):
        return _Verdict.REVOKED
    mission = _last("mission", group.head)
    if (
        _at_end("not_towards").search(group.lead[-40:].rstrip(" \n\"'<([«“*_"))
        or _only_asks(group)
        or (mission and not _any("apply").search(group.head, mission.end()))
    ):
        return _Verdict.ASIDE
    if speaks_of(group.head, "apply", "apply_strong") or _any("apply_strong").search(group.after):
        return _Verdict.APPLY
    return _Verdict.APPLY if instead and before is _Verdict.REVOKED else _Verdict.NEUTRAL


def _last(table: str, text: str) -> re.Match[str] | None:
    return next(iter([*_any(table).finditer(text)][::-1]), None)


def _only_asks(group: _Group) -> bool:
    """Tell whether an address is for questions, bugs or personal data, and not for applications as well."""
    head = group.head
    asked = _any("ask").search(head)
    if asked is None:
        clause = _PAUSE.split(group.after.lstrip(" ,;:()"), maxsplit=1)[0]
        return speaks_of(clause, "ask") and not speaks_of(head + clause, "apply_strong")
    begin = max((match.end() for match in _PAUSE.finditer(head, 0, asked.start())), default=0)
    if any(_joined(head[applying.end() : asked.start()]) for applying in _any("apply_strong").finditer(head, begin, asked.start())):
        return False
    for applying in _any("apply_strong").finditer(head, asked.end()):
        between = head[asked.end() : applying.start()]
        if _joined(between) and (not speaks_of(between, "about") or speaks_of(between, "apply") or speaks_of(applying[0], "apply_act")):
            return False
    # "your CV, your questions and your wishes to ..." sends both
    sends_both = speaks_of(head[:begin], "apply_strong") and not speaks_of(head[begin : asked.start()], "in_case")
    return not sends_both or speaks_of(head[asked.end() :], "apply")


def _joined(between: str) -> bool:
    """Tell whether "and" or "or" stands at the end of the words between two things, so that both are meant."""
    return re.search(r"(?:(?<!\w)(?:et|ou|and|or)(?!\w)|[&/,])[^,;:()?]{0,40}$", between, re.IGNORECASE) is not None


def _is_short(group: _Group) -> bool:
    return len(_WORD.findall(group.head)) <= _FEW_WORDS


def _is_directed(group: _Group) -> bool:
    """Tell whether a sentence of which nothing is known leads to its address, or is little more than that address."""
    return (
        _is_short(group) or re.search(r"(?::|(?<!\w)(?:à|to|sur|auprès de|adresses?))[\s<(\"«*]*$", group.lead, re.IGNORECASE) is not None
    )


def _is_contact(group: _Group) -> bool:
    return speaks_of(f"{group.head} {group.after[:80]}", "contact") or len(_WORD.findall(group.head)) <= _FEW_WORDS // 2
