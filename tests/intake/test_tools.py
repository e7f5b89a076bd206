"""Programs that are called to read pictures end with who called them, and know nothing of ours."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from intake.tools import Ocr
from parsing.documents import Problem, Unreadable

_SECONDS = 20.0


def program(folder: Path, script: str) -> str:
    path = folder / "reads"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def until(happens) -> bool:
    end = time.monotonic() + _SECONDS
    while not happens() and time.monotonic() < end:
        time.sleep(0.02)
    return bool(happens())


def is_alive(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a process with its parent")
def test_what_a_killed_reader_called_ends_with_it(tmp_path):
    told = tmp_path / "pid"
    called = program(tmp_path, f"echo $$ > {told}.new; mv {told}.new {told}; exec sleep 300")
    reader = subprocess.Popen([sys.executable, "-c", f"from intake.tools import Ocr; Ocr({called!r}, ('fra',))(b'', '')"])
    assert until(told.exists)
    number = int(told.read_text(encoding="utf-8"))
    assert is_alive(number)
    reader.kill()
    reader.wait()
    assert until(lambda: not is_alive(number))


def test_time_ends_the_call_and_leaves_nobody_behind(tmp_path):
    told = tmp_path / "pid"
    ocr = Ocr(program(tmp_path, f"echo $$ > {told}; exec sleep 300"), ("fra",), left=0.5)
    with pytest.raises(Unreadable) as raised:
        ocr(b"x" * 3_000_000, "")
    assert raised.value.problem is Problem.TIMEOUT
    assert not told.exists() or not is_alive(int(told.read_text(encoding="utf-8") or 0))


def test_it_is_handed_no_secret_and_little_time(tmp_path, monkeypatch):
    monkeypatch.setitem(os.environ, "PLI_SMTP_PASSWORD", "geheim")
    said = Ocr(program(tmp_path, "cat > /dev/null; env; ulimit -t"), ("fra",))(b"x" * 3_000_000, "")
    assert "geheim" not in said
    assert int(said.split()[-1]) <= 22
