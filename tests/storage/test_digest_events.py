"""Each event is told to each recruiter exactly once, whatever day it is, whoever asks, and however often."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from programs import together
from sqlalchemy import select
from understandings import LEASE, NOW, ONE, OTHER, publish, reference_of, sha, take_in, understanding

from parsing.classify import MailClass
from parsing.offer import Offer
from storage import digests, outbox, queries, triage_list
from storage.applications import Stage, move, reroute
from storage.database import reading, transaction
from storage.offers import AdFile, sync
from storage.outbox import Caps, Delivery
from storage.tables import Digest, DigestItem, Outgoing

TUESDAY, WEDNESDAY = date(2026, 11, 24), date(2026, 11, 25)


@pytest.fixture(autouse=True)
def offers(engine):
    publish(engine, "backend")


def write(engine, recruiter=ONE, period=TUESDAY):
    with transaction(engine) as session:
        return digests.record_digest(session, recruiter=recruiter, period=period, now=NOW)


def told(engine, recruiter=ONE, period=TUESDAY):
    """Return what a written digest says, as composing reads it: references of the new, and kinds of later events."""
    with reading(engine) as session:
        digest = session.scalar(select(Digest.id).where(Digest.recruiter == recruiter, Digest.period == period))
        assert digest is not None
        view = digests.digest_view(session, recruiter=recruiter, period=period, digest_id=digest)
    new = [application.reference for section in view.sections for application in section.new]
    return new, [news.event.kind for section in view.sections for news in section.updated]


def coming(engine, recruiter=ONE, offer=None):
    with reading(engine) as session:
        return digests.digest_view(session, recruiter=recruiter, period=TUESDAY, offer=offer)


def keys(engine):
    with reading(engine) as session:
        return list(session.scalars(select(Outgoing.key).where(Outgoing.kind == "digest").order_by(Outgoing.id)))


def test_each_event_is_told_once_to_each_recruiter(engine):
    reference = reference_of(take_in(engine))
    assert write(engine) is True
    assert write(engine, OTHER) is True
    assert told(engine) == told(engine, OTHER) == ([reference], [])
    take_in(engine, understanding(attachments=()))
    write(engine, period=WEDNESDAY)
    assert told(engine, period=WEDNESDAY) == ([], ["reply"])
    assert told(engine) == ([reference], [])  # what was said stays as it was said
    write(engine, OTHER, WEDNESDAY)
    with reading(engine) as session:
        items = list(session.execute(select(DigestItem.recruiter, DigestItem.event_id)))
    assert len(items) == len(set(items)) == 4


def test_the_same_day_twice_is_one_digest(engine):
    take_in(engine)
    assert [write(engine), write(engine)] == [True, False]
    take_in(engine, understanding("Paul Roux", "paul@example.net"))
    assert write(engine) is False
    assert len(keys(engine)) == 1
    with reading(engine) as session:
        assert digests.is_written(session, ONE, TUESDAY)
        assert not digests.is_written(session, OTHER, TUESDAY)
    assert len(coming(engine).sections[0].new) == 1  # the one that came late is for the next day


def test_threads_that_write_at_the_same_moment_write_one_digest_a_day_and_tell_each_event_once(engine):
    for number in range(5):
        take_in(engine, understanding(f"Personne {number}", f"{number}@example.net"))
    days = [TUESDAY, WEDNESDAY] * 4
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda period: write(engine, period=period), days))
    assert outcomes.count(True) == 2  # the second has no news, and says who waits
    new = told(engine)[0] + told(engine, period=WEDNESDAY)[0]
    assert len(new) == len(set(new)) == 5


def test_processes_that_write_at_the_same_moment_write_one_digest(engine, database_url):
    take_in(engine)
    script = (
        "import sys; from datetime import *; from storage import digests; from storage.database import *\n"
        "engine = open_database(sys.argv[1]); print('ready', flush=True); sys.stdin.readline()\n"
        "with transaction(engine) as session:\n"
        "    now = datetime(2026, 11, 24, tzinfo=UTC)\n"
        "    print(digests.record_digest(session, recruiter=sys.argv[2], period=date(2026, 11, 24), now=now))\n"
        "engine.dispose()\n"
    )
    outcomes = [out.strip() for out, _, _ in together(script, database_url, ONE, count=3)]
    assert sorted(outcomes) == ["False", "False", "True"]
    assert keys(engine) == [f"digest:{ONE}:2026-11-24"]


def test_an_event_that_comes_while_a_digest_is_written_is_told_in_it_or_in_the_next(engine):
    def work(number):
        if number % 3 == 2:
            return write(engine, period=TUESDAY + timedelta(days=number))
        return take_in(engine, understanding(f"Personne {number}", f"{number}@example.net"))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(15)))
    with reading(engine) as session:
        references = [view.reference for view in queries.applications(session)]
    assert len(references) == 10
    write(engine, period=TUESDAY + timedelta(days=30))
    with reading(engine) as session:
        written = list(session.scalars(select(Digest.period)))
    new = [reference for period in written for reference in told(engine, period=period)[0]]
    assert sorted(new) == sorted(references)


def test_a_digest_that_could_not_be_sent_keeps_its_events_and_tells_them_when_it_is_tried_again(engine):
    reference = reference_of(take_in(engine))
    write(engine)
    with transaction(engine) as session:
        session.query(Outgoing).filter(Outgoing.kind != "digest").delete()
    due = outbox.claim_due(engine, owner="1", now=NOW, caps=Caps(), lease=LEASE)
    assert due is not None
    outbox.settle(engine, due, outcome=Delivery.FAILED, detail="550 no such user", now=NOW)
    # the next digest says that one could not be delivered, and does not tell its events as if they were new
    later = coming(engine)
    assert later.sections == ()
    assert [item.cause for item in later.triage] == ["failed: 550 no such user"]
    with transaction(engine) as session:
        outbox.requeue(session, now=NOW)
    again = outbox.claim_due(engine, owner="1", now=NOW, caps=Caps(), lease=LEASE)
    assert again is not None
    assert again.notice == due.notice
    assert told(engine) == ([reference], [])


def test_what_raises_while_a_digest_is_written_leaves_its_events_untold(engine):
    reference = reference_of(take_in(engine))
    with pytest.raises(ZeroDivisionError), transaction(engine) as session:
        assert 1 / (not digests.record_digest(session, recruiter=ONE, period=TUESDAY, now=NOW))
    assert write(engine) is True
    assert told(engine) == ([reference], [])


def test_where_there_is_nothing_to_say_nothing_is_sent_and_the_day_counts_as_told(engine):
    assert write(engine) is False
    take_in(engine)
    assert write(engine) is False
    assert keys(engine) == []
    assert write(engine, period=WEDNESDAY) is True


def test_who_waits_is_said_each_day_until_somebody_decides(engine):
    reference = reference_of(take_in(engine))
    write(engine)
    assert [view.reference for view in coming(engine).waiting] == [reference]
    with transaction(engine) as session:
        move(session, reference, Stage.DECLINED, note=None, actor="camille", now=NOW)
    assert coming(engine).waiting == ()
    assert write(engine, period=WEDNESDAY) is False


def test_new_ones_are_not_listed_among_the_waiting_too(engine):
    reference = reference_of(take_in(engine))
    view = coming(engine)
    assert [application.reference for application in view.sections[0].new] == [reference]
    assert view.waiting == ()


def test_news_of_a_new_application_are_told_with_it(engine):
    take_in(engine)
    take_in(engine, understanding(attachments=()))
    [section] = coming(engine).sections
    assert (len(section.new), section.updated) == (1, ())


def test_a_copy_is_no_news(engine):
    facts = understanding()
    take_in(engine, facts, mailbox=ONE)
    write(engine)
    take_in(engine, facts, mailbox=OTHER)
    assert coming(engine).sections == ()


def test_each_recruiter_hears_of_their_own_offers_only(engine):
    publish(engine, "backend", recruiters=(ONE,))
    with transaction(engine) as session:
        assert digests.recruiters(session) == [ONE]
    take_in(engine)
    assert len(coming(engine, ONE).sections) == 1
    assert coming(engine, OTHER).sections == ()


def test_an_application_without_an_offer_is_told_to_whom_it_was_sent(engine):
    take_in(engine, understanding(offer=None, certain=False, recipients=(OTHER,)), mailbox="recrutement@example.org")
    assert coming(engine, ONE).sections == ()
    assert coming(engine, ONE).triage == ()
    [section] = coming(engine, OTHER).sections
    assert (section.slug, section.title) == (None, None)
    assert [item.kind for item in coming(engine, OTHER).triage] == ["application"]


def test_whose_ad_is_gone_hears_of_it_alone(engine):
    publish(engine, "backend", recruiters=(OTHER,))
    take_in(engine)
    publish(engine, "data", recruiters=(ONE,))
    take_in(engine, understanding("Zoé Petit", "zoe@example.net", offer=None, certain=False), mailbox="recrutement@example.org")
    take_in(engine, understanding("Yann", "yann@example.net", mail_class=MailClass.UNSURE, offer=None), mailbox="recrutement@example.org")
    assert [view.name for section in coming(engine, OTHER).sections for view in section.new] == ["Léa Morin"]
    assert coming(engine, OTHER).triage == ()
    assert len(coming(engine, ONE).triage) == 2


def test_what_names_no_recruiter_concerns_them_all(engine):
    take_in(engine, understanding(mail_class=MailClass.UNSURE, offer=None), mailbox="recrutement@example.org")
    assert len(coming(engine, ONE).triage) == len(coming(engine, OTHER).triage) == 1


def test_an_application_that_a_person_moves_to_another_offer_is_not_new_again(engine):
    publish(engine, "backend", "data")
    reference = reference_of(take_in(engine))
    write(engine)
    with transaction(engine) as session:
        reroute(session, reference, "data", actor="camille", now=NOW)
    assert coming(engine).sections == ()
    assert [view.offer for view in coming(engine).waiting] == ["data"]


def test_a_look_ahead_can_be_narrowed_to_one_offer_and_changes_nothing(engine):
    publish(engine, "backend", "data")
    take_in(engine)
    take_in(engine, understanding(offer="data"))
    assert [section.slug for section in coming(engine, offer="data").sections] == ["data"]
    assert [section.slug for section in coming(engine).sections] == ["backend", "data"]
    with reading(engine) as session:
        assert not digests.is_written(session, ONE, TUESDAY)


@pytest.mark.parametrize(("languages", "language"), [(("en", "en"), "en"), (("fr", "en"), "fr"), ((), "fr")])
def test_a_digest_speaks_the_language_of_its_offers(engine, languages, language):
    mine = Offer(slug="", title="Data", open=True, language="", recruiters=("new@example.org",))
    ads = [AdFile(f"{n}.md", sha(str(n)), replace(mine, slug=str(n), language=spoken)) for n, spoken in enumerate(languages)]
    with transaction(engine) as session:
        sync(session, ads, now=NOW)
    assert coming(engine, "new@example.org").language == language


def test_an_offer_that_names_nobody_is_told_to_whoever_was_written_to(engine):
    with transaction(engine) as session:
        orphan = Offer(slug="backend", title="Développeuse", open=True, language="fr")
        sync(session, [AdFile("backend.md", "1" * 64, orphan)], now=NOW)
    publish(engine, "other")
    reference = reference_of(take_in(engine, understanding(recipients=(ONE,))))
    assert write(engine, ONE) is True
    assert told(engine, ONE) == ([reference], [])
    assert write(engine, OTHER) is False


def claim_digest(engine, now=NOW):
    """Take the digest that is due, past the acknowledgements."""
    while (due := outbox.claim_due(engine, owner="1", now=now, caps=Caps(), lease=LEASE)) is not None:
        if due.notice.kind == "digest":
            return due
    return None


def test_a_digest_in_line_is_not_sent_to_whom_no_ad_names_any_more(engine):
    take_in(engine)
    write(engine, OTHER)
    publish(engine, "backend", recruiters=(ONE,))
    assert claim_digest(engine) is None
    with reading(engine) as session:
        [row] = session.scalars(select(Outgoing).where(Outgoing.kind == "digest"))
        assert (row.state, row.reason, row.content) == (Delivery.CANCELLED, "no ad names them any more", None)
        assert [item for item in triage_list.triage(session) if item.kind == "mail"] == []


def test_nor_does_it_tell_of_an_ad_that_names_them_no_more_when_it_is_tried_again(engine):
    publish(engine, "backend", "data")
    take_in(engine)
    write(engine)
    due = claim_digest(engine)
    assert due is not None
    outbox.record_data(engine, due, NOW, frozen=("<1@example.org>", b"Lea applied for backend"))
    outbox.settle(engine, due, outcome=Delivery.QUEUED, detail="451 later", now=NOW)
    ads = [ad_of("backend", (OTHER,)), ad_of("data", (ONE,))]
    with transaction(engine) as session:
        sync(session, ads, now=NOW)
    again = claim_digest(engine, NOW + timedelta(hours=1))
    assert again is not None
    assert again.content is None, "to be composed anew"
    assert told(engine) == ([], [])


def test_a_digest_that_may_have_arrived_stays_the_mail_it_was(engine):
    take_in(engine)
    write(engine)
    due = claim_digest(engine)
    assert due is not None
    outbox.record_data(engine, due, NOW, frozen=("<1@example.org>", b"as it was"))
    outbox.settle(engine, due, outcome=Delivery.UNKNOWN, detail="", now=NOW)
    outbox.resolve_unknown(engine, NOW + timedelta(hours=1))
    again = claim_digest(engine, NOW + timedelta(hours=1))
    assert again is not None
    assert again.content == b"as it was"


def ad_of(slug, recruiters):
    return AdFile(f"{slug}.md", sha(slug), Offer(slug=slug, title=slug.title(), open=True, language="fr", recruiters=recruiters))
