"""A worker of its own, for tests that kill it: `python deliver_once.py FOLDER PORT MOMENT`."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

from post_office import office

from notifications.delivery import deliver_due
from storage.database import open_database
from storage.liveness import Worker

if __name__ == "__main__":
    folder, port, moment = Path(sys.argv[1]), int(sys.argv[2]), datetime.fromisoformat(sys.argv[3])
    engine = open_database(f"sqlite:///{folder / 'pli.db'}")
    with Worker.start(engine) as worker:
        deliver_due(office(engine, port, lambda: moment), owner=worker.token)
