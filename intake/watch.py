"""Watching a mailbox between two passes, so that a candidate is answered within seconds where the server tells of new mail."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from threading import Event

from intake.access import Access
from intake.source import MailboxSettings, SourceError

_PATIENCE_SECONDS = 3600.0
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 15 * 60.0
"""Seconds between two tries to connect; the pause doubles from one to the other."""
_STEADY_SECONDS = 60.0
"""A connection that held for so long was a good one, and the next pause is short again; a server that hangs up at once is not hammered."""

log = logging.getLogger("pli.intake")


def watch(mailbox: MailboxSettings, news: Callable[[], None], stop: Event, access: Access) -> None:
    """Call `news` whenever mail may have come, until `stop` is set; returns, and says so, when the mailbox cannot tell.

    Runs in a thread of its own, over a connection of its own. Trouble is not told here: the next pass meets it, and says so.
    """
    pause = _FIRST_PAUSE
    while not stop.is_set():
        began = time.monotonic()
        try:
            with access.open(mailbox, lasting=True) as source:
                if not source.can_wait:
                    log.info("%s: the server has no IDLE; new mail waits for the next pass", mailbox.address, extra={"action": "no_idle"})
                    return
                news()  # what came between the last pass and this moment
                while not stop.is_set():
                    if source.wait(_PATIENCE_SECONDS):
                        news()
        except Exception as error:  # noqa: BLE001 - whatever it is, the passes meet it too, and this thread must go on
            told = str(error) if isinstance(error, SourceError) else type(error).__name__
            log.debug("watching is interrupted: %s", told, extra={"action": "watch_interrupted"})
            if time.monotonic() - began > _STEADY_SECONDS:
                pause = _FIRST_PAUSE
            stop.wait(pause * random.uniform(0.75, 1.25))  # noqa: S311 - so that many watchers do not come back in one moment
            pause = min(2 * pause, _LONGEST_PAUSE)
