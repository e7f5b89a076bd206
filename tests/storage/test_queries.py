"""What commands and mails are shown: applications as they stand, in the order of their arrival, with moments that know their zone."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import DateTime, select
from understandings import NOW, ONE, OTHER, publish, reference_of, sha, take_in, understanding

from parsing.classify import Authentication
from parsing.offer import Offer
from storage import offers, outbox, queries
from storage.applications import Stage, move
from storage.database import reading, transaction
from storage.offers import AdFile, sync
from storage.outbox import Caps, Delivery
from storage.tables import Base, OfferRow

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def ads(engine):
    publish(engine, "backend", "data")


def references(engine, **wanted):
    with reading(engine) as session:
        return [view.reference for view in queries.applications(session, **wanted)]


def publish_ads(engine, *ads, now=NOW):
    with transaction(engine) as session:
        sync(session, [AdFile(f"{slug}.md", sha(words), ad(slug, **given)) for slug, words, given in ads], now=now)


def ad(slug, **given):
    return Offer(**{"slug": slug, "title": slug.title(), "open": True, "language": "fr", "recruiters": (ONE, OTHER)} | given)


def offer_rows(engine):
    with reading(engine) as session:
        return [(row.slug, row.open, row.missing, row.closed_at) for row in session.scalars(select(OfferRow).order_by(OfferRow.id))]


def test_applications_come_in_the_order_of_their_arrival_and_can_be_filtered(engine):
    late = reference_of(take_in(engine, understanding("B", "b@example.net"), received_at=NOW))
    early = reference_of(take_in(engine, understanding("A", "a@example.net", offer="data"), received_at=NOW - 3 * DAY))
    assert references(engine) == [early, late]
    assert references(engine, offer="data") == [early]
    assert references(engine, offer="nowhere") == []
    assert references(engine, since=date(2026, 11, 22)) == [late]
    assert references(engine, since=date(2026, 11, 21)) == [early, late]
    with transaction(engine) as session:
        move(session, late, Stage.INTERVIEW, note=None, actor="camille", now=NOW)
    assert references(engine, stage="interview") == [late]
    assert references(engine, waiting=True) == [early]
    assert references(engine, waiting=True, offer="backend") == []


def test_one_that_is_not_there_is_said_in_a_sentence(engine):
    with pytest.raises(LookupError, match="there is no application XXXX-XXXX; `pli candidates`"), reading(engine) as session:
        queries.show(session, "XXXX-XXXX")


@pytest.mark.parametrize(
    ("facts", "flags"),
    [
        ({}, ()),
        ({"attachments": ()}, ("no_cv",)),
        ({"offer": None, "certain": False}, ("offer_unknown",)),
        ({"certain": False}, ("offer_uncertain",)),
        ({"authentication": Authentication.NONE}, ("unverified_sender",)),
        ({"authentication": Authentication.FAIL}, ("authentication_failed",)),  # which says already why nobody answered
        ({"refusals": ("auto_submitted",)}, ("not_acknowledged",)),
    ],
)
def test_what_a_recruiter_should_know_is_flagged(engine, facts, flags):
    take_in(engine, understanding(**facts))
    with reading(engine) as session:
        assert queries.applications(session)[0].flags == flags


def test_an_acknowledgement_says_only_what_is_sure(engine):
    reference = reference_of(take_in(engine, understanding(subject="Ma candidature", message_id="<1@example.net>")))
    unsure = take_in(engine, understanding("Paul Roux", "paul@example.net", certain=False))
    with reading(engine) as session:
        ids = [message.id for message in queries.show(session, reference).messages]
        said = queries.acknowledgement_facts(session, 1, ids[0])
        vague = queries.acknowledgement_facts(session, 2, None)
    assert (said.reference, said.name, said.offer_title, said.recruiters) == (reference, "Léa Morin", "Backend", (ONE, OTHER))
    assert (said.message_id, said.subject, [document.filename for document in said.documents]) == (
        "<1@example.net>",
        "Ma candidature",
        ["cv.pdf"],
    )
    assert (vague.reference, vague.offer_title, vague.recruiters, vague.documents) == (unsure.reference, None, (), ())


def test_every_moment_that_is_read_back_knows_its_zone(engine):
    reference = reference_of(take_in(engine))
    due = outbox.claim_due(engine, owner="1", now=NOW, caps=Caps(), lease=DAY)
    assert due is not None
    outbox.record_data(engine, due, NOW)
    outbox.settle(engine, due, outcome=Delivery.SENT, detail="", now=NOW)
    seen = []
    with reading(engine) as session:
        for mapper in Base.registry.mappers:
            moments = [column.key for column in mapper.columns if isinstance(getattr(column.type, "impl", column.type), DateTime)]
            for row in session.scalars(select(mapper.class_)):
                seen += [getattr(row, key) for key in moments]
        seen += list(moments_of(queries.show(session, reference)))
    told = [moment for moment in seen if moment is not None]
    assert len(told) > 15
    assert {moment.utcoffset() for moment in told} == {timedelta(0)}


def moments_of(value):
    """Yield every datetime in a read model."""
    if isinstance(value, datetime):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from moments_of(getattr(value, field.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from moments_of(item)


def test_offers_mirror_the_folder(engine):
    facts = {"contract": "CDI", "location": ("Lille", "Paris"), "problems": ("no date",), "open": False}
    publish_ads(engine, ("backend", "words", facts))
    with reading(engine) as session:
        backend, data = offers.offers(session)
    assert backend == ad("backend", **facts)
    assert (data.slug, data.open) == ("data", False)


def test_an_ad_that_vanishes_is_closed_and_one_that_comes_back_is_open(engine):
    publish_ads(engine, ("backend", "backend", {}), now=NOW + DAY)
    publish_ads(engine, ("backend", "backend", {}), now=NOW + 2 * DAY)
    assert offer_rows(engine) == [("backend", True, False, None), ("data", False, True, NOW + DAY)]
    publish_ads(engine, ("backend", "backend", {}), ("data", "other words", {}), now=NOW + 3 * DAY)
    assert offer_rows(engine) == [("backend", True, False, None), ("data", True, False, None)]


def test_an_ad_that_is_renamed_stays_the_same_offer_with_its_applications(engine):
    reference = reference_of(take_in(engine))
    publish_ads(engine, ("backend-2026", "backend", {}), ("data", "data", {}))
    with reading(engine) as session:
        assert queries.show(session, reference).application.offer == "backend-2026"
    assert len(offer_rows(engine)) == 2


def test_an_ad_that_is_closed_says_since_when(engine):
    publish_ads(engine, ("backend", "closed", {"open": False}), ("data", "data", {}), now=NOW + DAY)
    publish_ads(engine, ("backend", "closed", {"open": False}), ("data", "data", {}), now=NOW + 2 * DAY)
    assert offer_rows(engine)[0] == ("backend", False, False, NOW + DAY)


def test_an_offer_that_another_version_wrote_can_still_be_read(engine):
    with transaction(engine) as session:
        for row in session.scalars(select(OfferRow)):
            row.facts = {key: value for key, value in row.facts.items() if key != "skills"} | {"salary": "40 k€"}
    with reading(engine) as session:
        assert [offer.skills for offer in offers.offers(session)] == [(), ()]


def test_moments_keep_their_order_across_the_turn_of_the_clock(engine):
    autumn = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # 2:30 in Paris, twice that night
    first = reference_of(take_in(engine, understanding("A", "a@example.net"), received_at=autumn))
    second = reference_of(take_in(engine, understanding("B", "b@example.net"), received_at=autumn + timedelta(hours=1)))
    assert references(engine) == [first, second]
