"""The main job on embedded mail servers, with invented people: what `pli demo` and `make demo` run.

The two recruiters' mailboxes are filled as a provider would fill them; everything after that is what `pli poll` and `pli digest` do,
with the settings of a `pli.toml` that anybody could have written. Only the clock is the demo's: it plays the morning of the last
working day, so that mails, acknowledgements and digest fit together at whatever hour it is run.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cli import DONE, IN_PART, WRONG, console
from config import load
from demo.morning import MAILBOXES, Mail, write_mails
from demo.outcome import tell
from demo.place import PlaceError, clear_place, furnish, keep_mails, keep_sent
from demo.report import Pass, Proof, Report, show, step
from demo.servers import Arrival, ServerError, Servers, start_servers
from notifications.workdays import Calendar, is_working_day
from plant import calendar, plant
from scheduler import one_pass, send_digests

DEFAULT_FOLDER = Path("pli-demo")


class Clock:
    """The demo's time: set to a moment of its day, it goes on at the usual pace."""

    def __init__(self, midnight: datetime) -> None:
        self.midnight = midnight
        self._moment, self._since = midnight, time.monotonic()

    def set(self, at: str) -> None:
        """Move on to `at` (`HH:MM`)."""
        hour, minute = map(int, at.split(":"))
        self._moment, self._since = self.midnight.replace(hour=hour, minute=minute), time.monotonic()

    def __call__(self) -> datetime:
        """Return the present, in UTC."""
        return (self._moment + timedelta(seconds=time.monotonic() - self._since)).astimezone(UTC)


def run(directory: Path | None = None) -> int:
    """Play the demo in `directory` (default `./pli-demo`), print what happened, and return the exit code: 0 when all is as promised."""
    folder = directory or DEFAULT_FOLDER
    start = time.monotonic()
    try:
        clear_place(folder)
        step("starting an IMAP and an SMTP server on 127.0.0.1")
        with start_servers(tuple(MAILBOXES.values())) as servers:
            report = _play(folder, servers)
    except PlaceError as error:
        console.tell(str(error))
        return WRONG
    except ServerError as error:
        console.tell(str(error))
        return IN_PART
    show(report, folder, seconds=time.monotonic() - start)
    return DONE if report.as_promised else IN_PART


def _play(folder: Path, servers: Servers) -> Report:
    settings = load(furnish(folder, servers), environ={})
    clock = Clock(_last_working_day(calendar(settings)))
    arrived: list[tuple[Mail, Arrival]] = []
    passes: list[Pass] = []

    def deliver(part: str) -> None:
        ours = {mail.recipients[0]: mail.content for mail in servers.sent()}
        mails = write_mails(part, clock.midnight, ours)
        keep_mails(folder, mails)
        for mail in mails:
            arrived.extend((mail, servers.put(mailbox, mail.content, mail.received_at, mail.flags)) for mailbox in mail.mailboxes)

    def make_pass(at: str, words: str) -> None:
        clock.set(at)
        step(f"{at}  {words}")
        passes.append(Pass(at, words, one_pass(parts)))

    with plant(settings, now=clock) as parts:
        deliver("before")
        make_pass("07:30", "pli poll, for the first time: only old mail lies there")
        deliver("morning")
        make_pass("10:00", "pli poll, after the morning's mail")
        deliver("later")
        make_pass("11:30", "pli poll, after a second letter and two answers to what we sent")
        clock.set("12:00")
        step("12:00  pli digest")
        digests = send_digests(parts)
        sent, state = servers.sent(), _database(folder)
        make_pass("12:05", "pli poll and pli digest once more: nothing may happen")
        again = send_digests(parts)
        proof = Proof(
            flags_delivered=_delivered(arrived),
            flags_after=servers.flags(),
            commands=servers.commands(),
            sent_again=len(servers.sent()) - len(sent),
            digests_again=again,
            database_changed=_database(folder) != state,
        )
        acknowledgements, pages = keep_sent(folder, servers.sent(), MAILBOXES.values())
        return Report(tuple(tell(parts, arrived)), tuple(passes), digests, proof, tuple(acknowledgements), tuple(pages))


def _delivered(arrived: Sequence[tuple[Mail, Arrival]]) -> dict[tuple[str, int], tuple[str, ...]]:
    """Return the flags as they were delivered; a message that no mail program has seen is recent (RFC 3501, 2.3.2)."""
    return {(arrival.mailbox, arrival.uid): tuple(sorted((*mail.flags, "\\Recent"))) for mail, arrival in arrived}


def _last_working_day(days: Calendar) -> datetime:
    """Return the midnight that began the last working day before today."""
    day = datetime.now(days.timezone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    day -= timedelta(days=1)
    while not is_working_day(day.date(), days):
        day -= timedelta(days=1)
    return day


def _database(folder: Path) -> str:
    """Return everything the database holds, as SQL."""
    connection = sqlite3.connect(folder / "pli.db")
    try:
        return "\n".join(connection.iterdump())
    finally:
        connection.close()
