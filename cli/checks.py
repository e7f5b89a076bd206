"""What `pli doctor` tries, one line a thing; nothing is changed in a mailbox, and nothing is sent."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import config
from config import ConfigError, Mailbox, Settings

if TYPE_CHECKING:
    from intake.source import MailSource

_TOOLS = (
    ("tesseract", "scanned CVs are kept and flagged no_text; this version reads no scans yet"),
    ("soffice", "old .doc files are kept and flagged unsupported; this version converts none yet"),
)


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


def run_checks(settings: Settings) -> Iterator[Check]:
    """Try everything that the settings name, one after the other; yields each answer when it is there."""
    for warning in config.warnings(settings):
        yield Check(name="configuration", ok=False, detail=warning, optional=True)
    yield _try("database", lambda: _database(settings), server=not settings.storage.url.startswith("sqlite"))
    yield _try("documents", lambda: _documents(settings))
    yield _try("offers", lambda: _offers(settings))
    for mailbox in settings.mailbox:
        yield _try(f"mailbox {mailbox.address}", lambda mailbox=mailbox: _mailbox(mailbox, settings), server=mailbox.host is not None)  # type: ignore[misc]
    yield _try("smtp", lambda: _smtp(settings), server=True)
    yield _package()
    for tool, without in _TOOLS:
        path = shutil.which(tool)
        yield Check(name=tool, ok=path is not None, detail=path or f"not installed: {without}", optional=True)


def _try(name: str, check: Callable[[], str], *, server: bool = False) -> Check:
    from intake.offers import OffersError  # noqa: PLC0415
    from intake.source import SourceError  # noqa: PLC0415
    from notifications.smtp import SmtpError  # noqa: PLC0415
    from storage.database import StorageError  # noqa: PLC0415

    try:
        return Check(name=name, ok=True, detail=check(), server=server)
    except ConfigError as error:
        return Check(name=name, ok=False, detail=str(error))
    except (StorageError, OffersError, SourceError, SmtpError) as error:
        return Check(name=name, ok=False, detail=str(error), server=server)


def _database(settings: Settings) -> str:
    from storage.database import check, open_database  # noqa: PLC0415

    file = Path(settings.storage.url.removeprefix("sqlite:///"))
    if settings.storage.url.startswith("sqlite:///") and not file.exists() and file.parent.is_dir():
        return f"{file} will be made by the first pass"
    engine = open_database(settings.storage.url)
    try:
        return check(engine)
    finally:
        engine.dispose()


def _documents(settings: Settings) -> str:
    from storage.blobs import open_store  # noqa: PLC0415

    open_store(settings.storage.documents).check()
    return f"{settings.storage.documents} can be written"


def _offers(settings: Settings) -> str:
    from intake.offers import read_folder  # noqa: PLC0415

    ads = [ad.offer for ad in read_folder(settings.offers.folder)]
    troubled = sum(bool(ad.problems) for ad in ads)
    said = f"{len(ads)} in {settings.offers.folder}, {sum(ad.open for ad in ads)} open"
    return said + (f"; {troubled} with problems, which `pli offers` names" if troubled else "")


def _mailbox(mailbox: Mailbox, settings: Settings) -> str:
    from intake.sources import open_source  # noqa: PLC0415

    with open_source(mailbox) as source:
        if mailbox.maildir is not None:
            said = f"Maildir {mailbox.maildir}"
        else:
            security = "without TLS, on this machine" if mailbox.security == "none" else f"{mailbox.security} verified"
            said = f"{mailbox.host}:{mailbox.port}, {security}, logged in, {mailbox.folder} opens read-only{_capabilities(source)}"
    since = f"reads from {mailbox.since} on" if mailbox.since else "reads everything that lies there; `since` would limit it"
    return f"{said}; {since}{_trust(mailbox, settings)}"


def _capabilities(source: MailSource) -> str:
    """Name the capabilities that change how pli works."""
    wanted = [name for name in ("IDLE", "MOVE", "UIDPLUS", "CONDSTORE") if name in source.capabilities]
    without = "" if source.can_wait else "; without IDLE, new mail waits for the next pass"
    return (f", server has {', '.join(wanted)}" if wanted else "") + without


def _trust(mailbox: Mailbox, settings: Settings) -> str:
    """Say whose Authentication-Results count (RFC 8601): configured, learned from the mail that came, or nobody's yet."""
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415

    from storage.database import open_database, reading  # noqa: PLC0415
    from storage.messages import authserv_id  # noqa: PLC0415

    if settings.acknowledgement.authserv_id:
        return f"; believes the Authentication-Results of {settings.acknowledgement.authserv_id}"
    file = Path(settings.storage.url.removeprefix("sqlite:///"))
    if settings.storage.url.startswith("sqlite") and not file.exists():
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
    from scheduler import smtp_account  # noqa: PLC0415

    smtp = settings.smtp
    with SmtpTransport(smtp_account(settings)) as transport:
        said = transport.check(smtp.sender_address)
    security = "without TLS, on this machine" if smtp.security == "none" else f"{smtp.security} verified"
    return f"{said}, {security}, {'logged in' if smtp.username else 'without log-in'}"


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
