"""Which offer a message is about; called by `parsing/understand.py`.

The first of these that tells it counts, each with its reason: the conversation that it answers, an address such as `jobs+slug@…`, an
address that only one offer has, the subject that an ad asks for, its title in the subject, its title in the text, and last that only
one of the offers written to is open.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain

from parsing.address import detail, without_detail
from parsing.body import Body
from parsing.context import Context
from parsing.languages import words
from parsing.message import Message
from parsing.naming import Naming, Words, find_hint, find_own_word, find_title, telling, words_of
from parsing.offer import Offer
from parsing.profile.facts import fold
from parsing.quotation import bare_subject

_MOST_TEXT = 4000
_MOST_ADDRESSES = 100
_TELLING = 4
"""Letters of a word that tells an offer by itself."""
_APART = ("|",) * 5
"""Between subject and text, so that no word of the one introduces the other."""
_ENVELOPE = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-forwarded-to")
"""Fields in which servers keep to whom a message was brought; an alias or a blind copy shows only there."""


@dataclass(frozen=True, slots=True)
class Route:
    """The offer meant, or the best candidate and why it is not certain."""

    offer: str | None = None
    """Slug."""
    certain: bool = False
    """False: other offers fit as well; the acknowledgement then names no title, and a person may correct it."""
    alternatives: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


UNROUTED = Route()


def route(message: Message, body: Body, context: Context) -> Route:
    """Return the offer that a message is about; offers that share their addresses are told apart by subject, then by text."""
    if not context.offers:
        return Route(reasons=("no offer is known",))
    said = _Said.of(message, body)
    recipients = _recipients(message, body, context)
    found = _by_conversation(said, context) or _by_detail(recipients, context) or _by_address_and_name(said, recipients, context)
    offer = next((offer for offer in context.offers if offer.slug == found.offer), None)
    return replace(found, reasons=(*found.reasons, "that offer is closed")) if offer is not None and not offer.open else found


def plus_tag(slug: str) -> str:
    """Return what an offer is called in an address: `jobs+TAG@example.org`; empty when nothing of the slug can stand there."""
    return "-".join(re.findall(r"[a-z0-9]+", " ".join(fold_digits(slug).split())))[:60].strip("-")


def with_tag(addr_spec: str, tag: str) -> str:
    """Return an address with a detail: `jobs+designer@example.org`."""
    local, at, domain = without_detail(addr_spec).rpartition("@")
    return f"{local}+{tag}{at}{domain}"


def fold_digits(text: str) -> str:
    """Return `text` in lower case ASCII letters, digits and blanks."""
    return " ".join(fold(piece) if not piece.isdigit() else piece for piece in re.split(r"(\d+)", text) if piece).strip()


@dataclass(frozen=True, slots=True)
class _Said:
    """What a message says, as it is compared."""

    subject: Words
    text: Words
    names: tuple[str, ...]
    """Of the people who wrote it: no word of a title."""

    @classmethod
    def of(cls, message: Message, body: Body) -> _Said:
        forward = body.forward
        people = (message.author, forward.author if forward else None)
        return cls(
            subject=words_of(bare_subject(f"{message.subject} {forward.subject if forward else ''}")),
            text=words_of("\n".join((body.written, forward.text if forward else ""))[:_MOST_TEXT]),
            names=tuple(f"{person.name} {person.addr_spec.partition('@')[0]}" for person in people if person),
        )


def _recipients(message: Message, body: Body, context: Context) -> set[str]:
    """Return to whom a message was written or brought, lower case."""
    forward = body.forward
    addresses = [address.addr_spec for address in message.recipients]
    addresses += [address.addr_spec for field in _ENVELOPE for address in message.addresses(field)]
    addresses += forward.recipients if forward else ()
    if forward and message.author:
        addresses.append(message.author.addr_spec)  # who forwards was written to
    written = {address.lower() for address in addresses[:_MOST_ADDRESSES]}
    known = {address for offer in context.offers for address in offer.recruiters}
    plain = {address if address in known else without_detail(address) for address in written}
    if context.mailbox and not plain & known:
        plain.add(context.mailbox)
    return written | plain


def _by_conversation(said: _Said, context: Context) -> Route | None:
    """An answer is about what it answers, unless its subject names another offer (a second application)."""
    if context.thread_offer is None:
        return None
    named = find_title(said.subject, context.offers)
    if named and context.thread_offer not in {offer.slug for offer in named.offers}:
        return None
    return Route(context.thread_offer, certain=True, reasons=("it answers a conversation about this offer",))


def _by_detail(recipients: Iterable[str], context: Context) -> Route | None:
    """Return the offer that the detail of an address of ours names (RFC 5233)."""
    ours = context.our_addresses | context.recruiters
    for address in sorted(recipients):
        tag = plus_tag(detail(address))
        named = [offer for offer in context.offers if tag and plus_tag(offer.slug) == tag]
        if len(named) == 1 and without_detail(address) in ours:
            return Route(named[0].slug, certain=True, reasons=(f"written to {address}",))
    return None


def _by_address_and_name(said: _Said, recipients: set[str], context: Context) -> Route:
    pool, near = _addressed(recipients, context.offers)
    how = f"written to {', '.join(sorted(recipients & set(pool[0].recruiters)))}" if pool else "written to no offer's address"
    if len(near) == 1:
        return _unless_another_is_named(near[0], how, said, context)
    for among in (pool, near) if pool else (context.offers,):
        found = _named(said, among, how, addressed=bool(pool))
        if found:
            return found
    if not pool:
        return Route(reasons=(how, "neither subject nor text names an offer"))
    return _of_those_written_to(pool, near, how, said)


def _of_those_written_to(pool: Sequence[Offer], near: Sequence[Offer], how: str, said: _Said) -> Route:
    """Tell offers apart that share addresses and of which no name is said."""
    own = find_own_word(said.subject, near, names=said.names)
    if own and len(own.offers) == 1:
        return Route(own.offers[0].slug, certain=True, reasons=(how, f"in the subject, {own.how}"))
    if len(pool) == 1 and not own:
        others = _others(near, pool[0])
        return Route(pool[0].slug, certain=False, alternatives=others, reasons=(how, "other offers have some of these addresses"))
    still_open = [offer for offer in near if offer.open]
    if len(still_open) == 1 and not own:
        others = _others(near, still_open[0])
        return Route(still_open[0].slug, certain=True, alternatives=others, reasons=(how, "the only open one of these offers"))
    ordered = sorted(own.offers if own else pool, key=lambda offer: not offer.open)
    others = _others([*ordered, *pool], ordered[0])
    return Route(ordered[0].slug, certain=False, alternatives=others, reasons=(how, f"{len(pool)} offers share the addresses"))


def _named(said: _Said, among: Sequence[Offer], how: str, *, addressed: bool) -> Route | None:
    """Return the offer that subject or text names; named in the text of a mail to nobody's address it is not certain."""
    asked = find_hint(said.subject, among)
    if asked and len(asked.offers) == 1:
        return _chosen(asked, how, "subject", certain=True)
    title = find_title(said.subject, asked.offers if asked else among) or find_title(said.subject, among)
    if title:
        return _chosen(title, how, "subject", certain=True)
    in_text = find_title(said.text, asked.offers if asked else among, running=True)
    in_text = in_text or find_title((*said.subject, *_APART, *said.text), among, running=True)
    if in_text:
        return _chosen(in_text, how, "text", certain=addressed)
    return _chosen(asked, how, "subject", certain=False) if asked else None


def _chosen(naming: Naming, how: str, place: str, *, certain: bool) -> Route:
    ordered = sorted(naming.offers, key=lambda offer: not offer.open)
    reasons = (how, f"in the {place}, {naming.how}", *((f"{len(ordered)} offers are named",) if len(ordered) > 1 else ()))
    return Route(ordered[0].slug, certain and len(ordered) == 1, _others(ordered, ordered[0]), reasons)


def _unless_another_is_named(offer: Offer, how: str, said: _Said, context: Context) -> Route:
    """Return the one offer with this address; when the subject plainly names another and not this one, a person looks."""
    named = find_title(said.subject, context.offers)
    others = [other for other in named.offers if len(telling(words_of(other.title))) > 1] if named else []
    if named and others and offer not in named.offers:
        return Route(offer.slug, certain=False, alternatives=_others(others, offer), reasons=(how, f"but in the subject, {named.how}"))
    return Route(offer.slug, certain=True, reasons=(how,))


def _addressed(recipients: set[str], offers: Sequence[Offer]) -> tuple[list[Offer], list[Offer]]:
    """Return the offers whose addresses were written to most (most of them, then least beside them), and all that were written to."""
    hits = {offer.slug: len(recipients & set(offer.recruiters)) for offer in offers}
    near = [offer for offer in offers if hits[offer.slug]]
    best = max(((hits[offer.slug], -len(offer.recruiters)) for offer in near), default=None)
    return [offer for offer in near if (hits[offer.slug], -len(offer.recruiters)) == best], near


def names_offer(text: str, offers: Sequence[Offer]) -> str | None:
    """Return the title of an offer that `text` names, or None."""
    said = words_of(text)
    named = find_hint(said, offers) or find_title(said, offers, running=True)
    return named.offers[0].title if named else None


def hints_at_offer(subject: str, offers: Sequence[Offer], *, names: Iterable[str] = ()) -> str | None:
    """Return the title of an offer of which a subject says too little to name it, but hardly anything else; or None.

    One word of a title may just be a word ("plan"): two are needed, or one that is most of what is said. `names`: of whoever wrote.
    """
    people = {word for name in names for word in words_of(name)}
    spoken = telling(words_of(subject)) - people - _about_hiring()
    for offer in offers:
        common = spoken & telling(words_of(offer.title))
        if any(len(word) >= _TELLING and not word.isdigit() for word in common) and (len(common) > 1 or 2 * len(common) > len(spoken)):
            return offer.title
    return None


@cache
def _about_hiring() -> frozenset[str]:
    return frozenset(chain.from_iterable(words_of(word) for key in ("hint", "apply_subject") for word in words("mail", key)))


def asks_for(subject: str, offers: Sequence[Offer]) -> str | None:
    """Return the subject that an ad asks for and that this one is, or None; one word of it would prove nothing."""
    asked = find_hint(words_of(subject), offers)
    hint = asked.offers[0].subject_hint if asked else None
    return hint if hint and len(telling(words_of(hint))) > 1 else None


def _others(offers: Iterable[Offer], chosen: Offer) -> tuple[str, ...]:
    return tuple(dict.fromkeys(offer.slug for offer in offers if offer is not chosen))[:10]
