"""The folder of ads, read at each pass: the offers follow it, and nothing in it can stop a pass."""

from __future__ import annotations

import os
import pwd
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from folders import folder_of
from mails import AD, RECRUITERS
from sqlalchemy import select
from understandings import NOW, reference_of, take_in, understanding

from intake.offers import OffersError, read_folder, refresh
from parsing.offer import MAX_AD
from storage.database import reading, transaction
from storage.offers import offers, sync
from storage.queries import show
from storage.tables import OfferRow


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "offers"
    path.mkdir()
    (path / "backend.md").write_text(AD.format(state="true"), encoding="utf-8")
    return path


def known(engine):
    with reading(engine) as session:
        return {offer.slug: offer for offer in offers(session)}


def test_an_ad_becomes_an_offer(engine, folder):
    refresh(engine, folder, now=NOW)
    [offer] = known(engine).values()
    assert (offer.slug, offer.title, offer.open) == ("backend", "Développeuse ou développeur backend", True)
    assert offer.recruiters == RECRUITERS


def test_an_offer_reads_the_same_from_the_database_as_from_its_file(engine, folder):
    [ad] = refresh(engine, folder, now=NOW)
    assert known(engine) == {"backend": ad.offer}


def test_reading_again_changes_nothing(engine, folder):
    def rows():
        with reading(engine) as session:
            return session.execute(select(OfferRow.__table__)).all()

    refresh(engine, folder, now=NOW)
    before = rows()
    refresh(engine, folder, now=NOW + timedelta(hours=1))
    assert rows() == before


def test_a_renamed_ad_is_the_same_offer_and_keeps_its_applications(engine, folder):
    refresh(engine, folder, now=NOW)
    reference = reference_of(take_in(engine))
    (folder / "backend.md").rename(folder / "développement.md")
    refresh(engine, folder, now=NOW)
    assert list(known(engine)) == ["développement"]
    with reading(engine) as session:
        assert show(session, reference).application.offer == "développement"


def test_an_ad_that_vanished_closes_its_offer_and_one_that_comes_back_opens_it(engine, folder):
    (folder / "design.md").write_text(AD.format(state="false").replace("backend", "design"), encoding="utf-8")
    refresh(engine, folder, now=NOW)
    (folder / "backend.md").rename(folder.parent / "backend.md")
    refresh(engine, folder, now=NOW + timedelta(days=1))
    assert known(engine)["backend"].open is False
    with reading(engine) as session:
        assert session.scalar(select(OfferRow.closed_at).where(OfferRow.slug == "backend")) == NOW + timedelta(days=1)
    assert take_in(engine, understanding()).outcome == "application"  # who comes late is still taken in
    (folder.parent / "backend.md").rename(folder / "backend.md")
    refresh(engine, folder, now=NOW + timedelta(days=2))
    assert known(engine)["backend"].open is True
    with reading(engine) as session:
        assert session.scalar(select(OfferRow.closed_at).where(OfferRow.slug == "backend")) is None


def test_a_closed_ad_is_closed_from_the_moment_that_it_says_so(engine, folder):
    refresh(engine, folder, now=NOW)
    for days in (1, 2):
        (folder / "backend.md").write_text(AD.format(state="false"), encoding="utf-8")
        refresh(engine, folder, now=NOW + timedelta(days=days))
    with reading(engine) as session:
        assert session.scalar(select(OfferRow.closed_at)) == NOW + timedelta(days=1)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff\xfe" * 100,
        b"---\ntitle: [never closed\n---\nBonjour",
        b"---\ntitle: " + b"[" * 5000,
        b"no front matter at all",
        b"x" * (MAX_AD + 5),
        b"---\n&a [*a, *a]\n---\n",
    ],
    ids=["empty", "octets", "broken YAML", "deep YAML", "no front matter", "too long", "aliases"],
)
def test_a_broken_ad_is_a_named_problem_and_the_others_are_read(engine, folder, content):
    (folder / "broken.md").write_bytes(content)
    ads = {ad.file: ad.offer for ad in refresh(engine, folder, now=NOW)}
    assert ads["backend.md"].problems == ()
    assert ads["broken.md"].problems
    assert all("broken.md" in problem and "\n" not in problem for problem in ads["broken.md"].problems)
    assert known(engine)["backend"].open


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody who may not read")
def test_an_ad_that_may_not_be_read_is_a_named_problem():
    nobody = pwd.getpwnam("nobody").pw_uid
    with folder_of("nobody") as folder:
        (folder / "backend.md").write_text(AD.format(state="true"), encoding="utf-8")
        (folder / "backend.md").chmod(0)
        os.seteuid(nobody)
        try:
            [ad] = read_folder(folder)
        finally:
            os.seteuid(0)
    assert ad.offer.problems == ("backend.md cannot be read (Permission denied); correct its rights",)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody who may not read")
def test_an_offer_whose_ad_cannot_be_read_just_now_stays_what_it_was(engine):
    with folder_of("nobody") as folder:
        ad = folder / "backend.md"
        ad.write_text(AD.format(state="true"), encoding="utf-8")
        refresh(engine, folder, now=NOW)
        before = known(engine)
        ad.chmod(0)
        os.seteuid(pwd.getpwnam("nobody").pw_uid)
        try:
            ads = read_folder(folder)
        finally:
            os.seteuid(0)
        with transaction(engine) as session:
            sync(session, ads, now=NOW + timedelta(minutes=1))
        assert known(engine) == before


def test_of_two_ads_with_one_name_the_second_is_a_named_problem(folder):
    (folder / "backend").write_text(AD.format(state="true"), encoding="utf-8")
    [ad] = read_folder(folder)
    assert ad.file == "backend"
    assert ad.offer.problems == ("backend.md would be the same offer as backend and was left out; rename one of them",)


def test_what_is_no_ad_is_left_alone(folder):
    (folder / ".backend.md.swp").write_text("vim")
    (folder / "logo.png").write_bytes(b"\x89PNG")
    (folder / "drafts").mkdir()
    (folder / "nowhere.md").symlink_to(folder / "gone")
    assert [ad.file for ad in read_folder(folder)] == ["backend.md"]


def test_without_its_folder_the_offers_stay_as_they_were(engine, folder):
    refresh(engine, folder, now=NOW)
    (folder / "backend.md").unlink()
    folder.rmdir()
    with pytest.raises(OffersError, match=r"offers\.folder: .* cannot be read .*; create it, or name another"):
        refresh(engine, folder, now=NOW)
    assert known(engine)["backend"].open


def test_in_a_folder_that_is_suddenly_empty_the_offers_stay_as_they_were(engine, folder):
    refresh(engine, folder, now=NOW)
    (folder / "backend.md").rename(folder.parent / "backend.md")  # as when the disk is not mounted
    with pytest.raises(OffersError, match=r"holds no ad any more, and 1 offer was open; .* put the ads back, or close an offer"):
        refresh(engine, folder, now=NOW)
    assert known(engine)["backend"].open
    (folder.parent / "backend.md").rename(folder / "backend.md")
    (folder / "backend.md").write_text(AD.format(state="false"), encoding="utf-8")
    refresh(engine, folder, now=NOW)
    (folder / "backend.md").unlink()
    assert refresh(engine, folder, now=NOW) == []


def test_two_passes_at_the_same_moment_make_one_offer(engine, folder):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: refresh(engine, folder, now=NOW), range(4)))
    assert list(known(engine)) == ["backend"]


def test_ads_that_change_names_take_their_applications_along(engine, folder):
    (folder / "design.md").write_text(AD.format(state="false"), encoding="utf-8")
    refresh(engine, folder, now=NOW)
    references = {slug: reference_of(take_in(engine, understanding(offer=slug))) for slug in ("backend", "design")}
    (folder / "backend.md").rename(folder / "aside")
    (folder / "design.md").rename(folder / "backend.md")
    (folder / "aside").rename(folder / "design.md")
    refresh(engine, folder, now=NOW)
    assert {slug: offer.open for slug, offer in known(engine).items()} == {"backend": False, "design": True}
    with reading(engine) as session:
        assert show(session, references["backend"]).application.offer == "design"
        assert show(session, references["design"]).application.offer == "backend"


def test_an_ad_that_takes_the_name_of_another_does_not_take_its_applications(engine, folder):
    (folder / "design.md").write_text(AD.format(state="true").replace("backend", "design"), encoding="utf-8")
    refresh(engine, folder, now=NOW)
    references = {slug: reference_of(take_in(engine, understanding(offer=slug))) for slug in ("backend", "design")}
    (folder / "backend.md").rename(folder / "design.md")
    refresh(engine, folder, now=NOW)
    with reading(engine) as session:
        assert show(session, references["backend"]).application.offer == "design"
        moved = show(session, references["design"]).application
    assert moved.offer is not None
    assert moved.offer.startswith("design~")
    assert known(engine)[moved.offer].open is False


EDITS = {
    "the title": lambda text: text.replace("Développeuse ou développeur backend", "Développeur backend confirmé"),
    "an address": lambda text: text.replace("dominique@", "claude@"),
    "everything but the title": lambda text: text.replace("Envoyez votre CV", "Nouveau texte.\n\nPostulez en écrivant"),
    "closing": lambda text: text.replace("open: true", "open: false"),
}


def put(folder, name: str, text: str, encoding: str = "utf-8", ends: str = "\n") -> None:
    (folder / name).write_bytes(text.replace("\n", ends).encode(encoding))


def taken_in(engine, slug: str = "backend") -> str:
    return reference_of(take_in(engine, understanding(offer=slug)))


def offer_of(engine, reference: str) -> str | None:
    with reading(engine) as session:
        return show(session, reference).application.offer


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_an_edited_ad_keeps_its_applications(engine, folder, edit):
    refresh(engine, folder, now=NOW)
    reference = taken_in(engine)
    put(folder, "backend.md", edit(AD.format(state="true")))
    refresh(engine, folder, now=NOW)
    assert offer_of(engine, reference) == "backend"
    assert len(known(engine)) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_an_ad_saved_in_another_way_under_another_name_is_the_same_offer(engine, folder, encoding, ends):
    refresh(engine, folder, now=NOW)
    reference = taken_in(engine)
    (folder / "backend.md").unlink()
    put(folder, "Développement été.md", AD.format(state="true"), encoding, ends)
    refresh(engine, folder, now=NOW)
    assert offer_of(engine, reference) == "Développement été"
    assert [offer.title for offer in known(engine).values()] == ["Développeuse ou développeur backend"]


def test_an_ad_renamed_and_edited_at_once_is_the_same_offer_by_its_title_and_an_address(engine, folder):
    refresh(engine, folder, now=NOW)
    reference = taken_in(engine)
    (folder / "backend.md").unlink()
    put(folder, "2027-backend.md", EDITS["an address"](AD.format(state="true")) + "\nUn paragraphe de plus.\n")
    refresh(engine, folder, now=NOW)
    assert offer_of(engine, reference) == "2027-backend"


def test_a_post_that_was_filled_and_is_advertised_again_is_another_offer(engine, folder):
    refresh(engine, folder, now=NOW)
    reference = taken_in(engine)
    put(folder, "backend.md", AD.format(state="false"))
    refresh(engine, folder, now=NOW)
    (folder / "backend.md").unlink()
    put(folder, "2027-backend.md", AD.format(state="true") + "\nUn paragraphe de plus.\n")
    refresh(engine, folder, now=NOW + timedelta(days=300))
    assert offer_of(engine, reference) == "backend"
    assert {slug: offer.open for slug, offer in known(engine).items()} == {"backend": False, "2027-backend": True}


def test_two_ads_that_change_names_and_texts_at_once_keep_their_applications(engine, folder):
    design = AD.replace("backend", "design")
    put(folder, "design.md", design.format(state="true"))
    refresh(engine, folder, now=NOW)
    references = {slug: taken_in(engine, slug) for slug in ("backend", "design")}
    put(folder, "design.md", AD.format(state="true") + "\nPlus.\n")
    put(folder, "backend.md", design.format(state="true") + "\nPlus.\n")
    refresh(engine, folder, now=NOW)
    assert {slug: offer_of(engine, reference) for slug, reference in references.items()} == {"backend": "design", "design": "backend"}


def test_an_ad_moved_into_a_subfolder_closes_and_opens_when_it_comes_back_under_any_name(engine, folder):
    put(folder, "other.md", AD.format(state="true").replace("backend", "frontend"))
    refresh(engine, folder, now=NOW)
    reference = taken_in(engine)
    (folder / "archives").mkdir()
    (folder / "backend.md").rename(folder / "archives" / "backend.md")
    refresh(engine, folder, now=NOW)
    assert not known(engine)["backend"].open
    (folder / "archives" / "backend.md").rename(folder / "de retour")
    refresh(engine, folder, now=NOW)
    assert known(engine)["de retour"].open
    assert offer_of(engine, reference) == "de retour"


@pytest.mark.parametrize("content", [b"", b"  \n", b"\x00\xff\x01\x02" * 200], ids=["empty", "blank", "octets"])
def test_an_ad_that_is_being_written_or_is_damaged_leaves_its_offer_as_it_was_and_is_told(engine, folder, content):
    refresh(engine, folder, now=NOW)
    before = known(engine)
    (folder / "backend.md").write_bytes(content)
    [ad] = refresh(engine, folder, now=NOW)
    assert known(engine) == before
    assert ad.offer.problems == ("backend.md: is no text (empty, or another kind of file); save the ad as text in UTF-8",)


def test_two_ads_that_no_mail_can_tell_apart_are_told_until_one_asks_for_a_subject(folder):
    put(folder, "twin.md", AD.format(state="true") + "\nUn autre texte.\n")
    problems = {ad.file: ad.offer.problems for ad in read_folder(folder)}
    assert [len(each) for each in problems.values()] == [1, 1]
    assert problems["backend.md"][0].startswith("backend.md: has the title and the addresses of twin.md;")
    put(folder, "twin.md", AD.format(state="true").replace("org.", "org avec l'objet « twin 2 »."))
    assert all(not ad.offer.problems for ad in read_folder(folder))


def test_a_domain_that_the_other_ads_spell_otherwise_is_told(folder):
    put(folder, "design.md", "---\ntitle: Designer\n---\nEnvoyez votre CV à elise@exmaple.org\n")
    problems = {ad.file: ad.offer.problems for ad in read_folder(folder)}
    assert problems["backend.md"] == ()
    [problem] = problems["design.md"]
    assert problem.startswith("design.md: elise@exmaple.org may be misspelt: other ads write example.org; correct it")
