"""The token file: JSON that nobody but its owner may read, replaced in one step, with one writer at a time.

In: what was granted. Out: the same, as long as the file is ours alone and says that it belongs to this application. Each complaint is a
SecretError about the key `token_file`.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import stat
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from config.errors import TokenError
from config.fields import SecretError

_LOCK_SECONDS = 90.0
"""As long as the slowest log-in server may take, and some more."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What a log-in server gave us; times in seconds since the epoch."""

    access_token: str = field(repr=False)
    obtained_at: float
    expires_at: float
    refresh_token: str | None = field(default=None, repr=False)
    uses: frozenset[str] = frozenset()
    """What it was granted for: `imap`, `smtp`."""


def read(path: Path, owner: Mapping[str, str]) -> Grant | None:
    """Return what the file holds for `owner`; None when there is no file, or it holds another's. Raises SecretError."""
    try:
        with path.open("rb") as file:
            if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
                remedy = f"run `chmod 600 {path}`, and `pli authorize` again if they may have read it"
                raise SecretError("token_file", path, f"others may read or write it; {remedy}")
            text = file.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SecretError("token_file", path, f"cannot be read ({error.strerror}); name a file that is yours") from None
    try:
        held = json.loads(text)
        if held["owner"] != dict(owner):
            return None
        refresh = held["refresh_token"]
        return Grant(
            access_token=str(held["access_token"]),
            obtained_at=float(held["obtained_at"]),
            expires_at=float(held["expires_at"]),
            refresh_token=None if refresh is None else str(refresh),
            uses=frozenset(held["uses"]),
        )
    except (ValueError, TypeError, LookupError, AttributeError):
        raise SecretError("token_file", path, "holds no token of pli; remove it, or name another file") from None


def write(path: Path, owner: Mapping[str, str], grant: Grant) -> None:
    """Replace the file in one step; it is its owner's alone from its first octet on. Raises SecretError."""
    held = {
        "owner": dict(owner),
        "access_token": grant.access_token,
        "refresh_token": grant.refresh_token,
        "obtained_at": grant.obtained_at,
        "expires_at": grant.expires_at,
        "uses": sorted(grant.uses),
    }
    waiting = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump(held, file)
            file.flush()
            os.fsync(file.fileno())
        waiting.replace(path)
    except OSError as error:
        with suppress(OSError):
            waiting.unlink()
        raise _unwritable(path, error) from None


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Be the only one, of all processes and threads, that gets a new token for this file. Raises SecretError, TokenError."""
    try:
        lock = os.open(path.with_name(f"{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise _unwritable(path, error) from None
    try:
        _wait_for(lock, path)
        yield
    finally:
        os.close(lock)


def _wait_for(lock: int, path: Path) -> None:
    end = time.monotonic() + _LOCK_SECONDS
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                said = f"another pli has been getting a token for {path} for more than {_LOCK_SECONDS:.0f} s; see whether it hangs"
                raise TokenError(said, unreachable=True) from None
            time.sleep(0.05)
        else:
            return


def _unwritable(path: Path, error: OSError) -> SecretError:
    return SecretError("token_file", path, f"cannot be written ({error.strerror}); name a file in a folder where pli may write")
