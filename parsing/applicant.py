"""Whose application a message carries: its author, whoever wrote what was forwarded, or the person the CV speaks of."""

from __future__ import annotations

import re
from dataclasses import dataclass

from parsing.address import Address
from parsing.body import Body
from parsing.evidence import find, plain
from parsing.languages import words
from parsing.mail_class import MailClass
from parsing.message import Message
from parsing.profile import Profile
from parsing.profile.facts import fold
from parsing.robots import is_desk

_MAX_WORDS = 6


@dataclass(frozen=True, slots=True)
class Applicant:
    """Whose application a message carries; not its author when it was forwarded."""

    name: str | None
    email: str | None
    """Lower case."""
    name_is_sure: bool = False
    """True: it may stand in a greeting."""


def is_presented(message: Message, body: Body) -> bool:
    """Tell whether somebody presents another person: an agency, a job board."""
    return bool(find(plain(f"{message.subject} {body.written[:2000]}"), "presents"))


def find_applicant(mail_class: MailClass, message: Message, body: Body, profile: Profile) -> tuple[Applicant | None, bool]:
    """Return the applicant, and whether that is surely the person who wrote the message.

    `profile` is that of the CV alone. An applicant who is not the author is never written to by a machine.
    """
    author = message.author
    forward = body.forward
    if mail_class is MailClass.FORWARDED_APPLICATION and forward is not None:
        inner = forward.author
        if inner is not None and not is_desk(inner.addr_spec):
            return _person(inner, profile), False
        return _of_cv(profile), False
    if mail_class not in {MailClass.APPLICATION, MailClass.REPLY, MailClass.UNSURE} or author is None:
        return None, False
    if mail_class is MailClass.APPLICATION and (is_presented(message, body) or is_desk(author.addr_spec)) and _differ(author, profile):
        return _of_cv(profile) or _person(author, Profile()), False
    return _person(author, profile), True


def _person(author: Address, profile: Profile) -> Applicant:
    """Return the author as applicant; the name is sure when it is plainly a name, or the CV says the same."""
    shown = _name(author.name)
    said = profile.name.value if profile.name else None
    if shown and said and _same(shown, said):
        return Applicant(_nicer(shown, said), author.addr_spec.lower(), name_is_sure=True)
    if shown:
        sure = len(shown.split()) > 1 and _fits(shown, author.addr_spec)
        return Applicant(shown, author.addr_spec.lower(), name_is_sure=sure)
    return Applicant(said, author.addr_spec.lower(), name_is_sure=bool(said and _fits(said, author.addr_spec)))


def _of_cv(profile: Profile) -> Applicant | None:
    if profile.name is None and profile.email is None:
        return None
    return Applicant(profile.name.value if profile.name else None, profile.email.value.lower() if profile.email else None)


def _differ(author: Address, profile: Profile) -> bool:
    """Tell whether the CV is plainly somebody else's."""
    if profile.email and profile.email.value.lower() == author.addr_spec.lower():
        return False
    return profile.name is None or not _same(author.name, profile.name.value)


def _name(shown: str) -> str | None:
    """Return a display name that may be a person's: words of letters only, none of them about a service."""
    shown = re.sub(r"\s*\([^()]*\)", "", shown).replace(",", " ").strip()
    parts = shown.split()
    if not 1 <= len(parts) <= _MAX_WORDS or "@" in shown or any(sign.isdigit() for sign in shown):
        return None
    return " ".join(parts) if any(sign.isalpha() for sign in shown) else None


def _same(one: str, other: str) -> bool:
    first, second = set(fold(one).split()), set(fold(other).split())
    return len(first & second) >= min(2, len(first), len(second)) > 0


def _nicer(shown: str, said: str) -> str:
    """Prefer the CV's way of writing the very same name: given name first, capitals only where they belong."""
    return said if sorted(fold(shown).split()) == sorted(fold(said).split()) else shown


def _fits(name: str, address: str) -> bool:
    """Tell whether a name is plainly the one in an address, such as Anne Martin in `anne.martin@`."""
    local = fold(address.rpartition("@")[0]).replace(" ", "")
    parts = [part for part in fold(name).split() if len(part) > 1]
    services = set(words("cv", "not_names"))
    return len(parts) > 1 and not set(parts) & services and sum(part in local for part in parts) >= 2
