"""Who applies, where a job board, an applicant tracking system or a form on a site tells it: a program wrote, somebody else applies.

Called by `parsing/understand.py`. Nobody is ever answered on such a notice's word alone; a person decides.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache

from parsing.address import Address
from parsing.boards import is_board, is_program, is_relay, shown_behind
from parsing.languages import words
from parsing.message import Message
from parsing.person import natural_name, same_name, spells
from parsing.profile.facts import fold
from parsing.robots import is_desk, is_robot
from parsing.vocabulary import find, hints, match, plain

_EMAIL = re.compile(r"(?<![\w.+-])[\w][\w.+-]{0,63}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}(?![\w@])")
_WORD = r"[A-ZÀ-ÞŒ](?:[\w'’-]{1,30}|\.)"
_NAME = rf"{_WORD}(?:[ \t]+(?:(?:de|du|des|van|von|der|den|la|le|el|al|ben|da|dos|y)[ \t]+){{0,2}}{_WORD}){{1,4}}"
_GENERAL = re.compile(
    r"(?:contact|info|support|aide|help|service|privacy|dpo|rgpd|recrut\w*|rh|hr|team|equipe|hello|bonjour)[._+@-]", re.IGNORECASE
)
_MOST_TEXT = 6000
_MOST_LINES = 150
_LONGEST_VALUE = 90


@dataclass(frozen=True, slots=True)
class Notice:
    """What a program says of somebody who applies."""

    said: str
    """What shows that it is a notice."""
    name: str | None = None
    email: str | None = None
    """Lower case; the person's own, never the program's."""
    reply_to: bool = False
    """A relay stands between us and the person: the author's address reaches, but is not, the person's."""

    @property
    def names(self) -> bool:
        """True when it says who applies."""
        return self.name is not None or self.email is not None


def read_notice(author: Address | None, subject: str, text: str, others: Collection[str] = ()) -> Notice | None:
    """Return what a program says of an applicant, or None where somebody writes on their own behalf.

    `others`: addresses in lower case that are not an applicant's: ours, and those the message went to.
    """
    if author is None:
        return None
    text = text[:_MOST_TEXT]
    low = plain(f"{subject} {text}")
    relayed = is_relay(author)
    speaks = relayed or is_program(author)
    fields = _fields(text)
    said = match(low, "notice_pattern")
    if not speaks:
        return _form(author, fields, low, said)
    if said is None and not relayed and not (fields.keys() & {"name", "family", "email"} and hints(low)):
        return None
    name = _full_name(fields) or (shown_behind(author) if relayed else None) or _in_words(subject) or _in_words(text)
    email = _email(author, text, fields, name, others)
    return Notice(said or ("a relay writes" if relayed else "its fields"), natural_name(name) if name else None, email, relayed)


def _form(author: Address, fields: dict[str, str], low: str, said: str | None) -> Notice | None:
    """Return the notice of a form on a site: name and address of somebody else stand in fields, and something says that one applies."""
    name, email = _full_name(fields), fields.get("email", "").lower()
    if not name or not email or email == author.addr_spec.lower() or same_name(name, author.name) or spells(name, author.addr_spec):
        return None
    hint = said or next(iter(hints(low)), None)
    return Notice(hint, natural_name(name), email) if hint else None


def _fields(text: str) -> dict[str, str]:
    """Return the values of `Nom : …`, on the same line or on the next, the first of each kind; `several` where addresses differ."""
    found: dict[str, str] = {}
    lines = [line.strip(" \t>*|•-·\u00a0") for line in text.splitlines()]
    lines = [line for line in lines if line][:_MOST_LINES]
    for number, line in enumerate(lines):
        for kind, value in _read_field(line, lines[number + 1] if number + 1 < len(lines) else ""):
            found.setdefault(kind, value)
    return found


def _read_field(line: str, below: str) -> Iterator[tuple[str, str]]:
    for kind, labelled in _labels():
        if (hit := labelled.match(line[:200])) is None:
            continue
        value = (hit[1] or below).strip(" \t:*\"'«»")[:_LONGEST_VALUE]
        if kind != "email" and (whole := re.match(r"([^<>@]{2,80}?)[ \t]*<([^<>\s]+@[^<>\s]+)>?$", value)):
            yield "name", whole[1].strip(" \"'")
            yield "email", whole[2]
        elif kind == "email":
            if address := _EMAIL.search(value):
                yield kind, address.group()
        elif value and "@" not in value and not any(sign.isdigit() for sign in value) and len(value.split()) <= 6:
            value = re.sub(r"\s*\(.*$", "", value)
            if value[:1].isupper() and ":" not in value:
                yield kind, value


@cache
def _labels() -> tuple[tuple[str, re.Pattern[str]], ...]:
    kinds = (("given", "notice_given"), ("family", "notice_family"), ("name", "notice_name"), ("email", "notice_email"))
    found: list[tuple[str, re.Pattern[str]]] = []
    for kind, key in kinds:
        labels = "|".join(map(re.escape, words("mail", key)))
        label = rf"(?:(?:votre|vos|your|ihre?|su|il tuo) )?(?:{labels})[ \t]*(?:[:=?\t]|[ \t]{{2,}}|$)[ \t]*(.*)"
        found.append((kind, re.compile(label, re.IGNORECASE)))
    return tuple(found)


def _full_name(fields: dict[str, str]) -> str | None:
    given, family = fields.get("given"), fields.get("family")
    if given and family:
        return f"{given} {family}" if fold(given) not in fold(family).split() else family
    name = fields.get("name") or family
    return _untitled(name) if name and len(_untitled(name).split()) > 1 else None


@cache
def _said_names() -> tuple[re.Pattern[str], ...]:
    acts = "|".join(words("mail", "notice_act_pattern"))
    nouns = "|".join(words("mail", "notice_noun_pattern"))
    of = r"(?:[ \t]*(?:de la part de|reçue de|de|d['’]|from|of|by|von|:|-|–|—)[ \t]*)"
    titles = r"(?:(?:M\.|Mr\.?|Mme|Mlle|Ms\.?|Monsieur|Madame|Herr|Frau)[ \t]+)?"
    return (
        re.compile(rf"({_NAME})[ \t]*(?:\([^()\n]{{0,80}}\))?[ \t]+(?i:{acts})"),
        re.compile(rf"(?i:\b(?:{nouns})){of}{titles}({_NAME})"),
        re.compile(rf"(?i:\b(?:{nouns}))[^\n]{{2,120}}?[ \t](?:de|by|from)[ \t]+{titles}({_NAME})[ \t]*$", re.MULTILINE),
    )


def _in_words(text: str) -> str | None:
    """Return the person of whom a sentence says that they applied: `Anne Petit a postulé`, `New application from Anne Petit`."""
    for pattern in _said_names():
        for hit in pattern.finditer(text[:_MOST_TEXT]):
            name = _untitled(hit[1])
            if len(name.split()) > 1 and not set(fold(name).split()) & _no_names():
                return name
    return None


@cache
def _no_names() -> frozenset[str]:
    return frozenset(fold(word) for key in ("not_person", "hint", "apply_subject") for word in words("mail", key))


def _untitled(name: str) -> str:
    return re.sub(r"^(?:M\.|MM?\.?|Mr\.?|Mme|Mlle|Ms\.?|Mrs\.?|Monsieur|Madame|Herr|Frau)[ \t]+", "", name.strip()).strip(" .,;:")


def _email(author: Address, text: str, fields: dict[str, str], name: str | None, others: Collection[str]) -> str | None:
    """Return the person's address: the one in a field, the one that spells the name, the only one that is nobody else's."""
    if email := fields.get("email", "").lower():
        return email if email not in others else None
    domain = author.addr_spec.rpartition("@")[2].lower()
    found = [email for email in dict.fromkeys(hit.group().lower().rstrip(".") for hit in _EMAIL.finditer(text)) if email not in others]
    found = [email for email in found if email.rpartition("@")[2] != domain and not is_robot(email) and not is_desk(email)]
    spelled = [email for email in found if name and spells(name, email)]
    if spelled:
        return spelled[0]
    alone = [email for email in found if not is_board(Address("", email))]
    return alone[0] if len(alone) == 1 and not _GENERAL.match(alone[0]) else None


def own_form(message: Message, text: str, others: Collection[str]) -> Notice | None:
    """Return the notice of a form, or of a list, that writes in our own name: answers go to somebody else, or its fields name them.

    No colleague has answers sent to a stranger. That somebody applies must be said too: people write by forms for other reasons.
    """
    low = plain(f"{message.subject} {text[:_MOST_TEXT]}")
    said = match(low, "notice_pattern") or next(iter(find(low, "apply") or find(low, "own_cv")), None)
    author = message.author
    if said is None or author is None:
        return None
    fields = _fields(text[:_MOST_TEXT])
    for answer in message.addresses("reply-to"):
        email = answer.addr_spec.lower()
        if email not in others and not is_robot(email) and email.rpartition("@")[2] != author.addr_spec.lower().rpartition("@")[2]:
            name = _full_name(fields) or answer.name or None
            return Notice(said, natural_name(name) if name else None, email)
    name, email = _full_name(fields), fields.get("email", "").lower()
    return Notice(said, natural_name(name), email) if name and email and email not in others else None


def notice_of(message: Message, text: str, others: Collection[str]) -> Notice | None:
    """Return the notice that a message is; a Reply-To that is nobody else's names the person (forms on sites set it)."""
    found = read_notice(message.author, message.subject, text, others)
    if found is None or found.email is not None or message.author is None:
        return found
    for answer in message.addresses("reply-to"):
        email = answer.addr_spec.lower()
        own = email == message.author.addr_spec.lower() or is_relay(answer) or is_board(answer)
        if not own and email not in others and not is_robot(email) and not is_desk(email) and not _GENERAL.match(email):
            return Notice(found.said, found.name or answer.name or None, email, found.reply_to)
    return found
