"""Starts workers as real processes, and kills them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text
from understandings import NOW

HERE = Path(__file__).parent
Program = subprocess.Popen[str]


@contextmanager
def claimants(url: str, task: str, count: int = 1) -> Iterator[list[Program]]:
    """Start `claimant.py` `count` times and let them begin at the same moment; none outlives the block."""
    environment = {**os.environ, "PYTHONPATH": str(HERE.parents[1])}
    programs = [
        subprocess.Popen(
            [sys.executable, str(HERE / "claimant.py"), url, task, NOW.isoformat()],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment,
        )
        for _ in range(count)
    ]  # fmt: skip
    try:
        for program in programs:
            assert line(program) == "ready"
        for program in programs:
            assert program.stdin is not None
            program.stdin.write("\n")
            program.stdin.flush()
        yield programs
    finally:
        for program in programs:
            kill(program)


def together(script: str, *arguments: str, count: int) -> list[tuple[str, str, int]]:
    """Run `script` in `count` programs at the same moment: each prints `ready`, and goes on when it reads a line.

    Returns what each then wrote to stdout and stderr, and its exit code.
    """
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", script, *arguments],
            cwd=HERE.parents[1], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for _ in range(count)
    ]  # fmt: skip
    for program in programs:
        assert line(program) == "ready"
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("\n")
        program.stdin.flush()
    return [(*program.communicate(timeout=60), program.returncode) for program in programs]


def line(program: Program) -> str:
    """Return the next line that the program prints."""
    assert program.stdout is not None
    return program.stdout.readline().strip()


def until_noticed(engine: Engine, owner: str | None) -> None:
    """Wait until the database has noticed that the killed program is gone: PostgreSQL does so a moment after the kill."""
    assert owner is not None
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:  # given as soon as the dead program's lock is let go
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": int(owner)})


def kill(program: Program) -> None:
    """Kill the program so that it can tidy nothing up."""
    if program.poll() is None:
        program.send_signal(signal.SIGKILL)
    program.wait(timeout=20)
    for pipe in (program.stdin, program.stdout):
        if pipe is not None:
            pipe.close()
