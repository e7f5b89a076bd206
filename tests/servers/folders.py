"""Folders for servers that run as users of their own."""

from __future__ import annotations

import os
import pwd
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def folder_of(user: str) -> Iterator[Path]:
    """Make an empty folder, and remove it at the end. When we are root it belongs to `user`, and others may pass through it.

    Not below pytest's own folder: each session that starts closes that one to all users but its own. The path is short, because
    those of sockets may have 107 octets only.
    """
    folder = Path(tempfile.mkdtemp(prefix="pli-"))
    if os.getuid() == 0:
        owner = pwd.getpwnam(user)
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
