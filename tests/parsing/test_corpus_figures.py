"""Figures on real ads and composed mailboxes, where they lie beside this folder: none lost, nobody answered who must not be."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from parsing.context import Context
from parsing.offer import Offer, parse_offer
from parsing.understand import Understanding, understand

APPLYING = {"application", "forwarded_application", "reply"}
TAKEN_IN = APPLYING | {"unsure"}


@cache
def offers(folder: Path) -> tuple[Offer, ...]:
    return tuple(parse_offer(path.read_bytes(), path.name) for path in sorted(folder.glob("*.md")))


@cache
def mailbox(corpus: Path) -> tuple[tuple[dict, Understanding], ...]:
    """Every labelled mail with what was understood of it, as `pli inspect --offers` would."""
    ads = offers(corpus / "offers")
    ours = frozenset(address for ad in ads for address in ad.recruiters)
    context = Context(offers=ads, our_addresses=ours, recruiters=ours)
    labels = json.loads((corpus / "mailbox" / "labels.json").read_text(encoding="utf-8"))
    return tuple((label, understand((corpus / "mailbox" / name).read_bytes(), context)) for name, label in labels.items())


def test_no_application_is_lost(corpus):
    meant = [(label, found) for label, found in mailbox(corpus) if label["class"] in APPLYING]
    assert len(meant) > 100
    assert [found.message_id for _, found in meant if found.verdict.mail_class not in TAKEN_IN] == []


def test_nobody_is_answered_who_did_not_apply(corpus):
    others = [(label, found) for label, found in mailbox(corpus) if label["class"] not in APPLYING | {"other"}]
    assert len(others) > 10
    answered = [found.message_id for _, found in others if found.verdict.auto_reply_allowed]
    assert answered == []


def test_the_cv_and_the_applicant_of_each_application_are_found(corpus):
    wrong: list[tuple[str, object]] = []
    for label, found in mailbox(corpus):
        if label["class"] not in {"application", "forwarded_application"}:
            continue
        cvs = [file.filename for file in found.attachments if file.role == "cv"]
        person = label.get("candidate") or {}
        if label.get("cv_file") and label["cv_file"] not in cvs:
            wrong.append((label["cv_file"], cvs))
        if person.get("email") and (found.applicant is None or found.applicant.email != person["email"].lower()):
            wrong.append((person["email"], found.applicant))
    assert len(wrong) <= 2, wrong


def test_whom_to_write_to_is_read_from_the_ads(corpus):
    labels = json.loads((corpus / "offers" / "labels.json").read_text(encoding="utf-8"))
    by_file = {offer.slug: offer for offer in offers(corpus / "offers")}
    meant = {name.removesuffix(".md"): label for name, label in labels.items() if label.get("labelled") and label.get("addresses")}
    right = [slug for slug, label in meant.items() if list(by_file[slug].recruiters) == [address.lower() for address in label["addresses"]]]
    assert len(meant) > 30
    assert len(right) / len(meant) >= 0.97, sorted(set(meant) - set(right))
