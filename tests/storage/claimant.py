"""A worker as a program of its own, `claimant.py URL TASK NOW`; it says what it took, a line each.

`all` takes every message that waits; `hold` takes one and waits to be killed; `send` takes a mail, up to just before the final dot,
and waits to be killed.
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime, timedelta

from storage import messages, outbox
from storage.database import open_database
from storage.liveness import Worker
from storage.outbox import Caps

LEASE = timedelta(minutes=15)


def main(url: str, task: str, at: str) -> None:
    """Work as `task` says; the clock stands at `at`."""
    engine, now = open_database(url), datetime.fromisoformat(at).astimezone(UTC)
    with Worker.start(engine) as worker:
        _say("ready")
        sys.stdin.readline()
        if task == "send":
            due = outbox.claim_due(engine, owner=worker.token, now=now, caps=Caps(), lease=LEASE)
            assert due is not None
            outbox.record_data(engine, due, now)
            _say(due.id)
        while task != "send" and (message := messages.claim(engine, owner=worker.token, now=now, lease=LEASE)):
            _say(message.id)
            if task == "hold":
                break
        if task != "all":
            time.sleep(300)  # the test kills it long before
    engine.dispose()


def _say(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


main(*sys.argv[1:])
