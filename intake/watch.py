"""Watching a mailbox between two passes, so that a candidate is answered within seconds where the server tells of new mail."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from threading import Event

from intake.source import MailboxSettings, SourceError
from intake.sources import open_source

_PATIENCE_SECONDS = 3600.0
_FIRST_PAUSE, _LONGEST_PAUSE = 15.0, 15 * 60.0
"""Seconds between two tries to connect; the pause doubles from one to the other."""

log = logging.getLogger("pli.intake")


def watch(mailbox: MailboxSettings, news: Callable[[], None], stop: Event) -> None:
    """Call `news` whenever mail may have come, until `stop` is set; returns at once when the mailbox cannot tell.

    Runs in a thread of its own, over a connection of its own. Trouble is not told here: the next pass meets it, and says so.
    """
    pause = _FIRST_PAUSE
    while not stop.is_set():
        try:
            with open_source(mailbox) as source:
                if not source.can_wait:
                    return
                news()  # what came between the last pass and this moment
                pause = _FIRST_PAUSE
                while not stop.is_set():
                    if source.wait(_PATIENCE_SECONDS):
                        news()
        except Exception as error:  # noqa: BLE001 - whatever it is, the passes meet it too, and this thread must go on
            told = str(error) if isinstance(error, SourceError) else type(error).__name__
            log.debug("watching is interrupted: %s", told, extra={"action": "watch_interrupted"})
            stop.wait(pause * random.uniform(0.75, 1.25))  # noqa: S311 - so that many watchers do not come back in one moment
            pause = min(2 * pause, _LONGEST_PAUSE)
