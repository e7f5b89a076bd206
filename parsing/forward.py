"""Whose mail a forward hands on: a chain of messages inside a message, of which one is the applicant's, or none. Called by `understand`."""

from __future__ import annotations

from dataclasses import replace

from parsing.address import Address
from parsing.boards import shown_behind
from parsing.body import MAX_BODY, Body, Forward
from parsing.context import Context
from parsing.message import Message
from parsing.person import is_same
from parsing.profile import Profile
from parsing.quotation import is_forward
from parsing.robots import is_desk, is_robot
from parsing.vocabulary import find, plain

WEBMAIL = frozenset(
    "gmail.com googlemail.com hotmail.com hotmail.fr outlook.com outlook.fr live.fr live.com yahoo.fr yahoo.com orange.fr wanadoo.fr"
    " free.fr laposte.net sfr.fr icloud.com me.com protonmail.com proton.me gmx.fr gmx.com bbox.fr".split()
)
"""Domains that say nothing about who shares them."""


def is_ours(address: Address | None, context: Context) -> bool:
    """Tell whether an address is one of us."""
    return address is not None and address.addr_spec.lower() in context.our_addresses | context.recruiters


def is_inside(address: Address | None, context: Context) -> bool:
    """Tell whether an address is of our own domain."""
    domains = {ours.rpartition("@")[2] for ours in context.our_addresses | context.recruiters} - WEBMAIL
    return address is not None and address.addr_spec.rpartition("@")[2].lower() in domains


def restore_author(message: Message, context: Context) -> Message:
    """Return the message with its author back where one of our lists put its own address into From (DMARC: RFC 7489, appendix A).

    Lists then write `Anne via Recrutement <recrutement@…>` and keep the author in a field of their own, or in Reply-To.
    """
    shown = message.author
    behind = shown_behind(shown) if shown else None
    if shown is None or behind is None or not (is_ours(shown, context) or message.has("list-id")):
        return message
    for field in ("x-original-from", "x-original-sender", "reply-to"):
        for address in message.addresses(field):
            if not is_ours(address, context) and address.addr_spec.lower() != shown.addr_spec.lower() and not is_robot(address.addr_spec):
                return replace(message, authors=(Address(address.name or behind, address.addr_spec),))
    return message


def resolve(body: Body, message: Message, profile: Profile, context: Context, *, has_cv: bool) -> Body:
    """Return the body with the applicant's message first in `forwards`, or without any where the author applies.

    `profile` is that of the CV alone. What is forwarded may be the author's own mail, the ad, an alert, a mail of ours.
    """
    if not body.forwards:
        return body
    author = message.author
    theirs = next((forward for forward in body.forwards if forward.author and is_same(forward.author, profile)), None)
    if is_ours(author, context):
        if not body.told and not has_cv:
            return replace(body, forwards=())
        return _hand_on(body, theirs or _descend(body.forwards, context))
    chosen = theirs or _descend(body.forwards, context)
    if author is not None and chosen.author is not None and chosen.author.addr_spec.lower() == author.addr_spec.lower():
        return replace(body, forwards=(), own=True, written=f"{body.written}\n\n{chosen.text}".strip()[:MAX_BODY])
    if author is not None and theirs is None and (is_same(author, profile) or _applies(body, chosen, profile, context)):
        return replace(body, forwards=(), own=True)
    return _hand_on(body, chosen)


def writes_for_others(address: Address, context: Context) -> bool:
    """Tell whether no applicant writes from an address: one of us, a program, a desk."""
    return is_ours(address, context) or is_robot(address.addr_spec) or is_desk(address.addr_spec)


def _descend(forwards: tuple[Forward, ...], context: Context) -> Forward:
    """Return the innermost message that was handed on: not what the applicant answered, which is ours or a program's."""
    chosen = forwards[0]
    for inner in forwards[1:]:
        handed_on = (
            chosen.author is None or is_inside(chosen.author, context) or is_ours(chosen.author, context) or is_forward(chosen.subject)
        )
        if not handed_on or (inner.author is not None and writes_for_others(inner.author, context)):
            break
        chosen = inner
    return chosen


def _applies(body: Body, chosen: Forward, profile: Profile, context: Context) -> bool:
    """Tell whether the author applies with words, and forwards what somebody who writes for others sent: the ad, an alert."""
    ad = chosen.author is not None and writes_for_others(chosen.author, context)
    return ad and bool(find(plain(body.written), "apply")) and profile.name is None


def _hand_on(body: Body, chosen: Forward) -> Body:
    return replace(body, forwards=(chosen, *(forward for forward in body.forwards if forward is not chosen)))
