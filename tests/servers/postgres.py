"""A private PostgreSQL for the tests: made in a temporary folder, on loopback only, stopped at the end."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from folders import folder_of
from ports import free_port


def find_programs() -> Path | None:
    """Return the folder of initdb and pg_ctl, the newest version first; None when PostgreSQL is not installed."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    found = next((path for path in folders if (path / "initdb").exists()), None)
    if found:
        return found
    anywhere = shutil.which("initdb")
    return Path(anywhere).resolve().parent if anywhere else None


@contextmanager
def postgres() -> Iterator[str]:
    """Run a server; yields its URL up to the database name. The server refuses to run as root, so root lends it a user."""
    programs = find_programs()
    assert programs is not None
    with folder_of("postgres") as folder:
        data, port = folder / "data", free_port()

        def run(program: str, *arguments: str) -> None:
            command = [str(programs / program), "-D", str(data), *arguments]
            done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=log, cwd=folder, check=False, **_identity())  # type: ignore[call-overload]
            assert done.returncode == 0, f"{program} failed:\n{(folder / 'log').read_text(errors='replace')[-3000:]}"

        with (folder / "log").open("ab") as log:
            run("initdb", "-U", "pli", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
            settings = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off -c max_connections=60"
            run("pg_ctl", "-l", str(folder / "server-log"), "-w", "-o", settings, "start")
            try:
                yield f"postgresql+psycopg://pli@127.0.0.1:{port}/"
            finally:
                run("pg_ctl", "-m", "immediate", "-w", "stop")


def _identity() -> dict[str, object]:
    if os.getuid() != 0:
        return {}
    lent = pwd.getpwnam("postgres")
    return {"user": lent.pw_uid, "group": lent.pw_gid, "extra_groups": []}
