"""From the delivery of an application in Dovecot to its acknowledgement at the submission server, with `pli run` between them.

The servers are those of the tests. A relay on the way tells when the server announced the message and when its body was asked for, so
that the figure says where the time goes.
"""

from __future__ import annotations

import itertools
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

MESSAGES = 12
_TARGET = 2.0
"""Seconds."""
_PATIENCE = 60.0
_NAMES = "Ana Bea Cleo Dina Eva Flora Gala Hana Ines Jana Kim Lola Mila Nora".split()


@dataclass
class Moments:
    """When what happened, in seconds of the monotonic clock."""

    delivered: float = 0.0
    announced: float = 0.0
    asked_for: float = 0.0
    answered: float = 0.0

    def hear_server(self, data: bytes) -> bytes:
        """Note when a message is announced."""
        if b"EXISTS" in data and b"UIDVALIDITY" not in data and not self.announced:
            self.announced = time.monotonic()
        return data

    def hear_client(self, data: bytes) -> bytes:
        """Note when a body is asked for."""
        if b"BODY.PEEK[]" in data and not self.asked_for:
            self.asked_for = time.monotonic()
        return data

    def begin(self) -> None:
        """Forget what was."""
        self.announced = self.asked_for = self.answered = 0.0
        self.delivered = time.monotonic()

    def steps(self) -> tuple[float, float, float, float]:
        """Return the whole and its three parts, in seconds."""
        announced = self.announced or self.asked_for  # a pass may come by itself in that moment
        return (
            self.answered - self.delivered,
            announced - self.delivered,
            self.asked_for - announced,
            self.answered - self.asked_for,
        )


def measure() -> Iterator[str]:
    """Yield a line for each figure, in seconds."""
    sys.path[:0] = [str(Path(__file__).parents[1] / "tests" / name) for name in ("servers", "support")]
    if import_module("dovecot").find_program() is None:
        yield "from delivery to acknowledgement: not measured, Dovecot is not installed"
        return
    with ExitStack() as stack:
        runs = list(_runs(stack))
    whole, announced, asked_for, answered = (statistics.median(step) for step in zip(*runs, strict=True))
    spread = f"median of {len(runs)}; slowest {max(run[0] for run in runs):.2f} s; target {_TARGET:.0f} s"
    yield f"from delivery to acknowledgement         {whole:6.2f} s ({spread})"
    yield f"  until the server announces it          {announced:6.2f} s"
    yield f"  until its body is asked for            {asked_for:6.2f} s"
    yield f"  until its acknowledgement is taken     {answered:6.2f} s"


def _runs(stack: ExitStack) -> Iterator[tuple[float, float, float, float]]:
    mails: Any = import_module("mails")
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pli-bench-")))
    import_module("certificates").make_authority(folder).server(folder)
    server = stack.enter_context(import_module("dovecot").dovecot(folder / "server-127.0.0.1-1.pem"))
    smtp = stack.enter_context(import_module("submission_server").SubmissionServer())
    moments = Moments()
    line = stack.enter_context(import_module("relay").Relay(server.port, asked=moments.hear_client, answered=moments.hear_server))
    mailbox = "recrutement@example.org"
    server.make_mailbox(mailbox)
    behind = replace(server, port=line.port)
    office = import_module("office").Office(folder, f"sqlite:///{folder}/pli.db", behind, mailbox, smtp)
    worker = office.start("run")
    stack.callback(worker.communicate, timeout=_PATIENCE)
    stack.callback(worker.send_signal, signal.SIGTERM)
    for count, name in zip(itertools.count(1), _NAMES[: MESSAGES + 1], strict=False):
        address = f"{name.lower()}@example.net"
        content = mails.mail(sender=f"{name} Morin <{address}>", message_id=f"<{name}@example.net>")
        moments.begin()
        server.deliver(mailbox, content)
        end = time.monotonic() + _PATIENCE
        while len(smtp.mails) < count:
            if time.monotonic() > end or worker.poll() is not None:
                raise RuntimeError(f"pli run did not answer {name}: {worker.poll()}")
            time.sleep(0.005)
        moments.answered = time.monotonic()
        if count > 1:  # the first one also waits for everything to start
            yield moments.steps()
