"""The letter each recruiter gets on a working day: what is new, what waits, what needs a person.

`request` decides that a digest is due and writes so (T5); `compose` makes the mail when it is delivered; `preview` writes the same
page into a folder, and changes nothing.
"""

from __future__ import annotations

import logging
import re
from datetime import date, datetime, time
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from notifications.digest_page import page
from notifications.notices import Draft, House, build
from notifications.rendering import known, render
from notifications.workdays import Calendar, due_period
from storage import digests
from storage.database import reading, transaction
from storage.offers import offers
from storage.outbox import Notice
from storage.views import DigestView

log = logging.getLogger("pli.notifications")

_UNSAFE_IN_FILE_NAME = re.compile(r"[^A-Za-z0-9@._+-]")


def request(engine: Engine, calendar: Calendar, *, now: datetime, period: date | None = None) -> int:
    """Enqueue the digest of the latest due working day, or of `period`, for each recruiter who has not had it; returns how many.

    Safe to call at any time and from several processes: a digest is unique for (recruiter, period). `now` is aware.
    """
    period = period or due_period(now, calendar)
    if period is None:
        return 0
    with reading(engine) as session:
        recruiters = [address for address in digests.recruiters(session) if not digests.is_written(session, address, period)]
    enqueued, troubles = 0, []
    for recruiter in recruiters:
        try:
            with transaction(engine) as session:  # one each: trouble with one recruiter's digest is nobody else's
                enqueued += digests.record_digest(session, recruiter=recruiter, period=period, now=now)
        except DBAPIError as error:
            troubles.append(error)
            log.warning("a digest could not be written: %s", type(error).__name__, extra={"action": "digest_failed"})
    if troubles and not enqueued:
        raise troubles[0]
    return enqueued


def compose(session: Session, notice: Notice, house: House) -> Draft:
    """Return the digest that `notice` asks for; raises LookupError when it names none."""
    if notice.digest_id is None:
        raise LookupError(f"{notice.key} names no digest")
    period = date.fromisoformat(notice.key.rpartition(":")[2])
    view = digests.digest_view(session, recruiter=notice.recipient, period=period, digest_id=notice.digest_id)
    return draft(view, house)


def draft(view: DigestView, house: House, *, now: datetime | None = None) -> Draft:
    """Return the digest as a mail, in the language of the recruiter's offers.

    Ages are counted to the digest's own day, or to `now` in a preview, so that a digest that was delayed says what it would have said.
    """
    language = known(view.language)
    calendar = Calendar(time.max, house.timezone, house.days, house.country)
    shown = page(view, calendar, now=now or datetime.combine(view.period, time(12), tzinfo=house.timezone))
    subject = render("digest_subject.txt", language, page=shown).strip()
    return Draft(
        recipient=view.recruiter,
        subject=subject,
        text=render("digest.txt", language, page=shown, subject=subject, house=house),
        html=render("digest.html", language, page=shown, subject=subject, house=house),
        language=language,
        automatic="auto-generated",
    )


def preview(
    engine: Engine, folder: Path, house: House, *, now: datetime, period: date | None = None, offer: str | None = None
) -> list[Path]:
    """Write what each recruiter's next digest would say as `digest-<recruiter>.eml`, `.html` and `.txt`; returns the files.

    Sends nothing and changes nothing. `period`: the day it is for, else today. `offer`: a slug, to see only that offer.
    Raises OSError when the folder cannot be written, LookupError when there is no such offer.
    """
    folder.mkdir(parents=True, exist_ok=True)
    period = period or now.astimezone(house.timezone).date()
    written: list[Path] = []
    with reading(engine) as session:
        if offer is not None and offer not in {known.slug for known in offers(session)}:
            raise LookupError(f"there is no offer {offer}; `pli offers` lists them")
        for recruiter in digests.recruiters(session):
            view = digests.digest_view(session, recruiter=recruiter, period=period, offer=offer)
            mail = draft(view, house)
            octets = build(mail, key=f"preview:{recruiter}:{period.isoformat()}", created_at=now, house=house)
            stem = _UNSAFE_IN_FILE_NAME.sub("_", recruiter)
            for extension, content in (("eml", octets), ("html", mail.html.encode()), ("txt", mail.text.encode())):
                written.append(_write(folder / f"digest-{stem}.{extension}", content))
    return written


def _write(path: Path, content: bytes) -> Path:
    path.touch(mode=0o600)  # personal data: for nobody else, from the first octet on
    path.write_bytes(content)
    return path
