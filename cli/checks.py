"""What `pli doctor` tries, one line a thing; nothing is changed in a mailbox, and nothing is sent."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import config
from config import ConfigError, Mailbox, Settings, SmtpSettings

if TYPE_CHECKING:
    from intake.source import MailSource
    from parsing.offer import Offer

_MOST_SHOWN = 10
"""Addresses in a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One line of `pli doctor`."""

    name: str
    ok: bool
    detail: str
    """What was found, or what is wrong."""
    remedy: str | None = None
    """What to do about it; None when all is well, or when `detail` says it."""
    optional: bool = False
    """pli works without it."""
    server: bool = False
    """It lies behind a network."""
    configured: bool = True
    """False: `pli.toml` or a file that it names is wrong, whatever the server does."""


def run_checks(settings: Settings) -> Iterator[Check]:
    """Try everything that the settings name, one after the other; yields each answer when it is there."""
    for warning in config.warnings(settings):
        yield Check(name="configuration", ok=False, detail=warning, optional=True)
    yield _try("database", lambda: _database(settings), server=not settings.storage.url.startswith("sqlite"))
    yield _try("documents", lambda: _documents(settings))
    yield from _offers(settings)
    for mailbox in settings.mailbox:
        found = _try(f"mailbox {mailbox.address}", lambda mailbox=mailbox: _mailbox(mailbox, settings), server=mailbox.host is not None)  # type: ignore[misc]
        # the line begins with the address already
        yield replace(found, detail=found.detail.removeprefix(f"{mailbox.address} at ").removeprefix(f"{mailbox.address}: "))
    yield _try("smtp", lambda: _smtp(settings), server=True)
    yield _package()
    yield _ocr()


def _try(name: str, check: Callable[[], str], *, server: bool = False) -> Check:
    from intake.source import SourceError  # noqa: PLC0415
    from notifications.smtp import SmtpError  # noqa: PLC0415
    from storage.database import StorageError  # noqa: PLC0415

    try:
        return Check(name=name, ok=True, detail=check(), server=server)
    except ConfigError as error:
        return Check(name=name, ok=False, detail=str(error), configured=False)
    except (StorageError, SourceError, SmtpError) as error:
        return Check(name=name, ok=False, detail=str(error), server=server)


def _sqlite_file(settings: Settings) -> Path | None:
    """Return SQLite's file; None on PostgreSQL."""
    url = settings.storage.url
    return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None


def _database(settings: Settings) -> str:
    from storage.database import StorageError, check, open_database  # noqa: PLC0415

    file = _sqlite_file(settings)
    if file is not None and not file.exists():
        try:
            with tempfile.TemporaryFile(dir=file.parent):  # rights alone do not tell: the disk may be full or read-only
                return f"{file} will be made by the first pass"
        except OSError as error:
            remedy = "see that its folder exists and that you may write there, or name another file in storage.url"
            raise StorageError(f"{file} cannot be made ({error.strerror}); {remedy}") from error
    engine = open_database(settings.storage.url)
    try:
        return check(engine)
    finally:
        engine.dispose()


def _documents(settings: Settings) -> str:
    from storage.blobs import open_store  # noqa: PLC0415

    open_store(settings.storage.documents).check()
    return f"{settings.storage.documents} can be written"


def _offers(settings: Settings) -> Iterator[Check]:
    """Look at the ads, and at whom they make pli write to."""
    from intake.offers import OffersError, read_folder  # noqa: PLC0415

    folder = settings.offers.folder
    try:
        ads = [ad.offer for ad in read_folder(folder)]
    except OffersError as error:
        yield Check(name="offers", ok=False, detail=str(error))
        return
    troubled, opened = sum(bool(ad.problems) for ad in ads), sum(ad.open for ad in ads)
    said, remedy = f"{len(ads)} in {folder}, {opened} open", None
    if troubled:
        said, remedy = f"{said}, {troubled} with problems", "`pli offers` names them"
    elif not ads:
        remedy = "put your ads there, or name their folder in [offers]; until then applications belong to no offer"
    elif not opened:
        remedy = "write `open: true` into an ad that takes applications; until then candidates read that their offer is closed"
    yield Check(name="offers", ok=remedy is None, detail=said, remedy=remedy, optional=True)
    yield _recruiters(settings, ads)


def _recruiters(settings: Settings, ads: Sequence[Offer]) -> Check:
    """Say who receives a digest, with all that it tells about people: the addresses come out of free text."""
    here = {ad.slug for ad in ads}
    gone = [known for known in _known_offers(settings) if known.slug not in here]
    found = list(dict.fromkeys(address for ad in (*ads, *gone) for address in ad.recruiters))
    if not found:
        remedy = "name a recruiter's address in an ad; `pli offers` shows what was understood"
        return Check(name="recruiters", ok=False, detail="nobody receives a digest", remedy=remedy, optional=True)
    ours = {address.rpartition("@")[2] for address in (*settings.our_addresses, settings.smtp.sender_address)}
    strangers = [address for address in found if address.rpartition("@")[2] not in ours]
    said = f"{len(found)} receive{'s' if len(found) == 1 else ''} a digest: {_some(found)}"
    if not strangers:
        return Check(name="recruiters", ok=True, detail=said)
    remedy = f"outside {', '.join(sorted(ours))}: {_some(strangers)}; correct the ads if they are not meant to read about candidates"
    return Check(name="recruiters", ok=False, detail=said, remedy=remedy, optional=True)


def _some(addresses: Sequence[str]) -> str:
    more = len(addresses) - _MOST_SHOWN
    return ", ".join(addresses[:_MOST_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _known_offers(settings: Settings) -> Sequence[Offer]:
    """Return the offers in the database: the recruiters of an ad that is gone still hear of its applications."""
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415

    from storage.database import open_database, reading  # noqa: PLC0415
    from storage.offers import offers  # noqa: PLC0415

    file = _sqlite_file(settings)
    if file is not None and not file.exists():
        return ()
    engine = open_database(settings.storage.url)
    try:
        with reading(engine) as session:
            return offers(session)
    except SQLAlchemyError:
        return ()  # no tables yet, or no database: that has a line of its own
    finally:
        engine.dispose()


def _mailbox(mailbox: Mailbox, settings: Settings) -> str:
    mailbox.check()
    with _opened(mailbox, settings) as source:
        if mailbox.maildir is not None:
            said = f"Maildir {mailbox.maildir}{'' if mailbox.folder == 'INBOX' else f', folder {mailbox.folder}'}"
        elif mailbox.eml is not None:
            said = f"folder of .eml files {mailbox.eml}"
        else:
            security = "without TLS, on this machine" if mailbox.security == "none" else f"{mailbox.security} verified"
            opens = f"{mailbox.folder} opens read-only{_capabilities(source, mailbox)}"
            said = f"{mailbox.host}:{mailbox.port}, {security}, {_log_in(mailbox)}, {opens}"
    since = f"reads from {mailbox.since} on" if mailbox.since else "reads everything that lies there; `since` would limit it"
    return f"{said}; {since}{_trust(mailbox, settings)}"


@contextmanager
def _opened(mailbox: Mailbox, settings: Settings) -> Iterator[MailSource]:
    """Open a mailbox now, even while passes leave its account alone; what comes of the log-in counts for them too."""
    from intake.access import Access  # noqa: PLC0415
    from intake.sources import open_source  # noqa: PLC0415
    from storage.database import StorageError, is_current, open_database  # noqa: PLC0415

    file, engine = _sqlite_file(settings), None
    if file is None or file.exists():
        with suppress(StorageError):  # that has a line of its own
            engine = open_database(settings.storage.url)
    if engine is None or not is_current(engine):
        with open_source(mailbox) as source:
            yield source
        return
    try:
        with Access(engine, lambda: datetime.now(UTC)).open(mailbox, pausing=False) as source:
            yield source
    finally:
        engine.dispose()


def _log_in(account: Mailbox | SmtpSettings) -> str:
    """Say how we came in."""
    return "logged in" if account.oauth2 is None else f"logged in with a token of {account.oauth2.provider.capitalize()}"


def _capabilities(source: MailSource, mailbox: Mailbox) -> str:
    """Name the capabilities that change how pli works."""
    wanted = [name for name in ("IDLE", "MOVE", "UIDPLUS", "CONDSTORE") if name in source.capabilities]
    without = "" if source.can_wait else "; without IDLE, new mail waits for the next pass"
    if mailbox.after.startswith("move:") and not {"MOVE", "UIDPLUS"} & source.capabilities:
        without += "; without MOVE and UIDPLUS, moved mail also stays here, marked as deleted"
    return (f", server has {', '.join(wanted)}" if wanted else "") + without


def _trust(mailbox: Mailbox, settings: Settings) -> str:
    """Say whose Authentication-Results count (RFC 8601): configured, learned from the mail that came, or nobody's yet."""
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415

    from storage.database import open_database, reading  # noqa: PLC0415
    from storage.messages import authserv_id  # noqa: PLC0415

    if settings.acknowledgement.authserv_id:
        return f"; believes the Authentication-Results of {settings.acknowledgement.authserv_id}"
    file = _sqlite_file(settings)
    if file is not None and not file.exists():
        return ""
    engine = open_database(settings.storage.url)
    try:
        with reading(engine) as session:
            learned = authserv_id(session, mailbox.address)
    except SQLAlchemyError:
        return ""  # no tables yet, or no database: that has a line of its own
    finally:
        engine.dispose()
    return f"; learned to believe the Authentication-Results of {learned} (write authserv_id to fix it)" if learned else ""


def _smtp(settings: Settings) -> str:
    from notifications.smtp import SmtpTransport  # noqa: PLC0415
    from plant import smtp_account  # noqa: PLC0415

    smtp = settings.smtp
    smtp.check()
    with SmtpTransport(smtp_account(settings)) as transport:
        said = transport.check(smtp.sender_address)
    security = "without TLS, on this machine" if smtp.security == "none" else f"{smtp.security} verified"
    return f"{said}, {security}, {_log_in(smtp) if smtp.username else 'without log-in'}"


def _package() -> Check:
    """See that `intake` is ours: a data-catalogue library of that name exists."""
    import intake  # noqa: PLC0415

    home, ours = Path(intake.__file__ or "").parents[1], Path(config.__file__).parents[1]
    if home == ours:
        return Check(name="installation", ok=True, detail=str(ours))
    return Check(
        name="installation",
        ok=False,
        detail=f"another package called intake lies in {home}",
        remedy="install pli into its own virtual environment",
    )


def _ocr() -> Check:
    """See whether scanned CVs can be read, and in which languages."""
    from intake.tools import LANGUAGES, find_ocr  # noqa: PLC0415

    found = find_ocr()
    missing = [language for language in LANGUAGES if found is None or language not in found.languages]
    remedy = f"apt install {' '.join(['tesseract-ocr'] * (found is None) + [f'tesseract-ocr-{language}' for language in missing])}"
    if found is None:
        said = "tesseract is not installed: scanned CVs and pictures are kept, and flagged no_text"
        return Check(name="ocr", ok=False, detail=said, remedy=remedy, optional=True)
    said = f"{found.program} reads scanned CVs in {', '.join(found.languages)}"
    if missing:
        return Check(name="ocr", ok=False, detail=f"{said}, not in {', '.join(missing)}", remedy=remedy, optional=True)
    return Check(name="ocr", ok=True, detail=said, optional=True)
