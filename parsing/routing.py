"""Which offer a message is about: the addresses it was written to, then what its subject and text call the offer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from parsing.body import Body
from parsing.context import Context
from parsing.message import Message
from parsing.offer import Offer
from parsing.profile.facts import fold
from parsing.quotation import bare_subject

_SURE = 0.6
"""Share of an offer's telling words that must stand in a text for it to be named there."""
_COMMON = frozenset(
    "un une de des du le la les et ou en au aux pour par sur dans the of and for a an in to at on with h f x e se rice euse trice"
    " recrute recherche cherche recrutement poste offre mission equipe beta gouv fr candidature application role position job".split()
)
_TELLING = 4
"""Letters of a word that tells an offer by itself."""
_MOST_TEXT = 4000


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
    forward = body.forward
    recipients = {address.addr_spec.lower() for address in message.recipients} | set(forward.recipients if forward else ())
    if forward and message.author:
        recipients.add(message.author.addr_spec.lower())  # who forwards was written to
    pool, near = _addressed(recipients, context.offers)
    subject = fold(bare_subject(f"{message.subject} {forward.subject if forward else ''}"))
    text = fold(" ".join((body.written, forward.text if forward else ""))[:_MOST_TEXT])
    how = f"written to {', '.join(sorted(recipients & set(pool[0].recruiters)))}" if pool else "written to no offer's address"
    for place, said, among in (("subject", subject, pool), ("text", text, pool), ("subject", subject, near), ("text", text, near)):
        named = _named(said, among or context.offers)
        if named:
            certain = len(named) == 1 and (bool(pool) or place == "subject")
            return Route(named[0].slug, certain, _slugs(named[1:]), (how, f"the {place} names it"))
    if not pool:
        return Route(reasons=(how, "neither subject nor text names an offer"))
    if len(pool) == 1:
        return Route(pool[0].slug, certain=len(near) == 1, alternatives=_slugs([o for o in near if o is not pool[0]]), reasons=(how,))
    ordered = sorted(pool, key=lambda offer: (not offer.open, -_share(f"{subject} {text}", offer)))
    return Route(ordered[0].slug, certain=False, alternatives=_slugs(ordered[1:]), reasons=(how, f"{len(pool)} offers share the addresses"))


def _addressed(recipients: set[str], offers: Sequence[Offer]) -> tuple[list[Offer], list[Offer]]:
    """Return the offers whose addresses were written to most (most of them, then least beside them), and all that were written to."""
    hits = {offer.slug: len(recipients & set(offer.recruiters)) for offer in offers}
    near = [offer for offer in offers if hits[offer.slug]]
    best = max(((hits[offer.slug], -len(offer.recruiters)) for offer in near), default=None)
    return [offer for offer in near if (hits[offer.slug], -len(offer.recruiters)) == best], near


def names_offer(text: str, offers: Sequence[Offer]) -> str | None:
    """Return the title of an offer that `text` names, or None."""
    named = _named(fold(text), offers)
    return named[0].title if named else None


def hints_at_offer(text: str, offers: Sequence[Offer]) -> str | None:
    """Return the title of an offer of which `text` says a telling word, too little to name it; or None."""
    spoken = set(fold(text).split())
    return next((offer.title for offer in offers if spoken & {word for word in _words(offer.title) if len(word) >= _TELLING}), None)


def _named(said: str, offers: Sequence[Offer]) -> list[Offer]:
    """Return the offers that a folded text names best: by the subject that they ask for, or by the words of their title."""
    if not said:
        return []
    shares = {offer.slug: _share(said, offer) for offer in offers}
    best = max(shares.values(), default=0.0)
    if best < _SURE:
        return []
    named = [offer for offer in offers if shares[offer.slug] >= best]
    return sorted(named, key=lambda offer: not offer.open)


def _share(said: str, offer: Offer) -> float:
    """Return how much of an offer's name stands in a folded text: 0 to 1, and up to 2 when it stands there as it is."""
    best = 0.0
    spoken = set(said.split())
    for name in (offer.title, re.sub(r"\([^()]*\)", "", offer.title), offer.subject_hint or ""):
        folded = fold(name)
        telling = _words(name)
        if not telling:
            continue
        share = sum(word in spoken for word in telling) / len(telling)
        if len(folded) >= 6 and f" {folded} " in f" {said} ":
            share = 1 + min(len(telling), 10) / 10  # the longer the name that stands there, the less it is by chance
        best = max(best, share if len(telling) > 1 or share > 1 else 0.0)
    return best


def _words(name: str) -> frozenset[str]:
    """Return the words of a title that tell it from others."""
    return frozenset(word for word in fold(name).split() if len(word) > 1 and word not in _COMMON)


def _slugs(offers: Sequence[Offer]) -> tuple[str, ...]:
    return tuple(offer.slug for offer in offers)[:10]
