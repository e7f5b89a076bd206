"""The whole of a pass, from Dovecot over SQLite to SMTP, as a ratio to the limit (`bench/limit.py`) measured in the same run.

`pipeline`: 1,000 applications of 214 KiB. `windows`: 10,000, and what each thousand of them costs, which must not grow.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from bench.applications import ads, applications
from bench.sink import sink

MANY = 1_000
WINDOWS = 10
_ROUNDS = 2
_TARGET, _MEMORY = 1.4, 150
_TICKS = os.sysconf("SC_CLK_TCK")
_TOML = """
[storage]
url = "sqlite:///{folder}/pli.db"
documents = "{folder}/documents"
[offers]
folder = "{folder}/offers"
[[mailbox]]
address = "{user}"
host = "127.0.0.1"
port = {imap}
security = "none"
password_file = "{folder}/secret"
[smtp]
host = "127.0.0.1"
port = {smtp}
security = "none"
sender = "Recrutement <recrutement@example.org>"
[acknowledgement]
backlog = true
max_per_hour = 0
max_per_address_per_day = 0
[privacy]
controller = "Une administration"
contact = "donnees@example.org"
"""
_USER = "recrutement@example.org"


@dataclass
class Usage:
    """What processes used, by what they are; sampled while they run."""

    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    """CPU."""
    peak: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    """Resident memory of the largest process of each kind, in MiB."""

    def total(self) -> float:
        """Return the CPU seconds of all."""
        return sum(self.seconds.values())


class _Hall:
    """The servers, and the mailbox that is filled once."""

    def __init__(self, stack: ExitStack, count: int) -> None:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pli-bench-")))
        import_module("certificates").make_authority(folder).server(folder)
        self.folder, self.count = folder, count
        self.dovecot: Any = stack.enter_context(import_module("dovecot").dovecot(folder / "server-127.0.0.1-1.pem"))
        self.password: str = import_module("dovecot").PASSWORD
        self.smtp, self.sink, self.taken = stack.enter_context(sink())
        self.dovecot.make_mailbox(_USER)

    def fill(self, start: int, end: int, *, now: datetime) -> None:
        """Deliver the applications from `start` to `end`."""
        for number, (moment, content) in enumerate(applications(end, now=now)):
            if number >= start:
                self.dovecot.deliver(_USER, content, received_at=moment)

    def limit(self, number: int) -> tuple[float, Usage]:
        """Run the limit; return its seconds and what it used."""
        database = self.folder / f"limit-{number}.db"
        arguments = [str(self.dovecot.port), _USER, self.password, str(self.smtp), str(database)]
        out, usage, _ = self._watched([sys.executable, "-m", "bench.limit", *arguments])
        return float(out), usage

    def office(self, number: int) -> Path:
        """Set pli up anew and return its settings."""
        folder = self.folder / f"office-{number}"
        (folder / "offers").mkdir(parents=True)
        for name, text in ads():
            (folder / "offers" / name).write_text(text, encoding="utf-8")
        (folder / "secret").touch(mode=0o600)
        (folder / "secret").write_text(self.password)
        settings = _TOML.format(folder=folder, user=_USER, imap=self.dovecot.port, smtp=self.smtp)
        (folder / "pli.toml").write_text(settings, encoding="utf-8")
        return folder / "pli.toml"

    def poll(self, config: Path, expected: int) -> tuple[float, Usage]:
        """Make one pass; return its seconds and what it used."""
        before = self.taken.value
        out, usage, seconds = self._watched([*import_module("office").PROGRAM, "poll", "--json", "--config", str(config)])
        result = json.loads(out)
        if (result["applications"], self.taken.value - before) != (expected, expected):
            raise RuntimeError(f"not every application was taken in and answered: {result}, {self.taken.value - before} mails")
        return seconds, usage

    def _watched(self, command: list[str]) -> tuple[str, Usage, float]:
        start = time.perf_counter()
        root = Path(__file__).parents[1]
        pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        # who installs pli has its modules compiled; a setting of this shell would make every start compile them anew
        env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        process = subprocess.Popen(command, cwd=root, env=env, start_new_session=True, **pipes)  # noqa: S603 - our own commands
        seen: dict[int, tuple[str, float]] = {}
        usage = Usage()
        servers = {pid: cpu for pid, kind, cpu, _ in self._processes(process.pid) if kind in {"Dovecot", "sink"}}
        while process.poll() is None:
            for pid, kind, cpu, memory in self._processes(process.pid):
                seen[pid] = kind, cpu - servers.get(pid, 0.0)
                usage.peak[kind] = max(usage.peak[kind], memory)
            time.sleep(0.05)
        seconds = time.perf_counter() - start
        out, err = process.communicate()
        if process.returncode:
            raise RuntimeError(f"{command[1:3]} ended with {process.returncode}: {err}")
        for kind, cpu in seen.values():
            usage.seconds[kind] += cpu
        return out, usage, seconds

    def _processes(self, session: int) -> Iterator[tuple[int, str, float, float]]:
        """Yield number, kind, CPU seconds and peak memory (MiB) of every process that takes part."""
        for path in Path("/proc").glob("[0-9]*"):
            try:
                name, _, rest = (path / "stat").read_text().partition("(")[2].rpartition(")")
                words = rest.split()
                pid = int(path.name)
                kind = (
                    "main" if pid == session
                    else "children" if int(words[3]) == session
                    else "sink" if pid == self.sink
                    else "Dovecot" if name in {"imap", "imap-login", "dovecot"} else None
                )  # fmt: skip
                if kind is not None:
                    yield pid, kind, (int(words[11]) + int(words[12])) / _TICKS, _peak(path)
            except (OSError, IndexError):
                continue  # it has ended


def _peak(path: Path) -> float:
    line = next((line for line in (path / "status").read_text().splitlines() if line.startswith("VmHWM")), "VmHWM: 0 kB")
    return int(line.split()[1]) / 1024


def _ready() -> bool:
    sys.path[:0] = [str(Path(__file__).parents[1] / "tests" / name) for name in ("servers", "support")]
    return import_module("dovecot").find_program() is not None


def measure(count: int = MANY) -> Iterator[str]:
    """Yield a line for each figure: wall clock as a ratio, CPU by process, memory."""
    if not _ready():
        yield "the whole pipeline: not measured, Dovecot is not installed"
        return
    with ExitStack() as stack:
        hall = _Hall(stack, count)
        hall.fill(0, count, now=datetime.now(UTC))
        hall.limit(-1)  # Dovecot indexes the mailbox
        runs = [(hall.limit(number), hall.poll(hall.office(number), count)) for number in range(_ROUNDS)]
    (limit, least), (seconds, used) = (min(side, key=lambda run: run[0]) for side in zip(*runs, strict=True))
    yield f"{count} applications of 214 KiB, the limit {limit:6.2f} s ({_told(least)})"
    yield f"the same with `pli poll`                 {seconds:6.2f} s ({_told(used)})"
    yield f"the whole pipeline                       {seconds / limit:6.2f} times the limit, by CPU {used.total() / least.total():.2f}"
    yield f"  target {_TARGET}; memory of the main process {used.peak['main']:.0f} MiB (target {_MEMORY})"


def measure_windows() -> Iterator[str]:
    """Yield what a message costs in each thousand of many."""
    if not _ready():
        yield "the windows: not measured, Dovecot is not installed"
        return
    with ExitStack() as stack:
        hall = _Hall(stack, WINDOWS * MANY)
        config, now = hall.office(0), datetime.now(UTC)
        for number in range(WINDOWS):
            hall.fill(number * MANY, (number + 1) * MANY, now=now)
            seconds, used = hall.poll(config, MANY)
            cost = 1000 * used.total() / MANY
            yield f"messages up to {(number + 1) * MANY:6}: {1000 * seconds / MANY:6.2f} ms each, CPU {cost:6.2f} ms ({_told(used)})"


def _told(usage: Usage) -> str:
    return "CPU: " + ", ".join(f"{kind} {seconds:.1f} s" for kind, seconds in sorted(usage.seconds.items()))
