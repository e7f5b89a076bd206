"""What `pli doctor` tries, one check a thing."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from config import ConfigError, Mailbox, Settings
from intake.imap import connect
from intake.offers import OffersError, read_folder
from intake.source import SourceError
from intake.sources import open_source
from notifications.notices import ComposeError, Draft, build
from notifications.smtp import SmtpError, SmtpTransport
from scheduler import letterhead, smtp_account
from storage.blobs import open_store
from storage.database import StorageError, check, open_database, reading
from storage.messages import authserv_id


@dataclass(frozen=True, slots=True)
class Check:
    """One line of `pli doctor`."""

    name: str
    ok: bool
    detail: str
    """What was found, or what is wrong and the remedy."""
    optional: bool = False
    server: bool = False


def run_checks(settings: Settings) -> list[Check]:
    """Try everything that the settings name; nothing is changed or sent."""
    checks = [
        _try("database", lambda: check(open_database(settings.storage.url))),
        _try("documents", lambda: _documents(settings)),
        _try("offers", lambda: _offers(settings)),
    ]
    checks += [_try(f"mailbox {mailbox.address}", lambda m=mailbox: _mailbox(m, settings), server=True) for mailbox in settings.mailbox]  # type: ignore[misc]
    checks.append(_try("smtp", lambda: _smtp(settings), server=True))
    for name, purpose in (("tesseract", "text of scanned CVs"), ("soffice", "text of .doc files")):
        found = shutil.which(name)
        checks.append(Check(name, found is not None, found or f"not installed; this version does without ({purpose})", optional=True))
    return checks


def _try(name: str, probe: Callable[[], str], *, server: bool = False) -> Check:
    try:
        return Check(name, ok=True, detail=probe(), server=server)
    except (ConfigError, StorageError, OffersError, SourceError, SmtpError, ComposeError) as error:
        return Check(name, ok=False, detail=str(error), server=server)


def _documents(settings: Settings) -> str:
    open_store(settings.storage.documents).check()
    return f"{settings.storage.documents} can be written"


def _offers(settings: Settings) -> str:
    ads = [ad.offer for ad in read_folder(settings.offers.folder)]
    troubled = sum(bool(ad.problems) for ad in ads)
    found = f"{len(ads)} in {settings.offers.folder}, {sum(ad.open for ad in ads)} open"
    return found + (f"; {troubled} with problems, `pli offers` names them" if troubled else "")


def _mailbox(mailbox: Mailbox, settings: Settings) -> str:
    with open_source(mailbox) as source:
        kind = "Maildir" if mailbox.maildir else f"{mailbox.security}, logged in, folder {mailbox.folder} opened read-only"
        validity = f", UIDVALIDITY {source.uidvalidity}" if source.uidvalidity else ""
    since = f", from {mailbox.since}" if mailbox.since else f", without `since`: everything up to today, {date.today()}"  # noqa: DTZ011 - a person's day
    idle = ""
    if mailbox.host:
        client = connect(mailbox)
        idle = ", IDLE" if b"IDLE" in client.capabilities() else ", no IDLE"
        client.logout()
    return f"{kind}{idle}{validity}{since}{_trusts(mailbox, settings)}"


def _trusts(mailbox: Mailbox, settings: Settings) -> str:
    configured = settings.acknowledgement.authserv_id
    if configured:
        return f", trusts Authentication-Results of {configured}"
    try:
        with reading(open_database(settings.storage.url)) as session:
            learned = authserv_id(session, mailbox.address)
    except Exception:  # noqa: BLE001 - a database without tables yet: `database` has its own line
        learned = None
    return f", learned Authentication-Results of {learned} (write authserv_id to fix it)" if learned else ""


def _smtp(settings: Settings) -> str:
    house = letterhead(settings)
    draft = Draft(recipient=house.address, recipient_name=None, subject="x", text="x", html="x", language="fr", automatic="auto-generated")
    build(draft, key="doctor", created_at=datetime.now(UTC), house=house)
    with SmtpTransport(smtp_account(settings)) as transport:
        transport.connect()
    log_in = f", logged in as {settings.smtp.username}" if settings.smtp.username else ", without log-in"
    return f"{settings.smtp.host}:{settings.smtp.port}, {settings.smtp.security}{log_in}, writes as {settings.smtp.sender}"
