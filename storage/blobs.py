"""Documents and raw mail by their SHA-256: a file is complete or absent, and never stands under a name its sender chose."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from pathlib import Path
from typing import Protocol

from storage.database import StorageError

_HALF = ".new-"
_ABANDONED_SECONDS = 3600
"""No writer takes so long."""


class BlobStore(Protocol):
    """A place for bytes."""

    def put(self, content: bytes) -> str:
        """Keep `content` durably and return its SHA-256 in hex; putting it again changes nothing."""

    def get(self, sha256: str) -> bytes:
        """Return the bytes; raises StorageError when they are missing or damaged."""

    def delete(self, sha256: str) -> None:
        """Remove the bytes, if they are there."""

    def check(self) -> None:
        """Raise StorageError when nothing can be written."""


class FolderStore:
    """Blobs as files `ab/cdef...` in a folder; written aside, synced, then renamed (maildir(5))."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._durable: set[str] = set()
        """Folders in it whose own names are known to be on the disk."""

    def put(self, content: bytes) -> str:
        """Keep `content` durably and return its SHA-256 in hex; a file that is there is read, because a disk may lie, and mended."""
        sha256 = hashlib.sha256(content).hexdigest()
        path = self._path(sha256)
        try:
            if _holds(path, content):
                return sha256
            self._root.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.parent.mkdir(exist_ok=True, mode=0o700)
            self._write(path, content)
        except OSError as error:
            raise self._trouble(error) from error
        return sha256

    def get(self, sha256: str) -> bytes:
        """Return the bytes; their hash is checked, because a disk may lie."""
        path = self._path(sha256)
        try:
            content = path.read_bytes()
        except OSError as error:
            raise StorageError(f"the document {path} cannot be read: {error.strerror}; restore it from a backup") from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise StorageError(f"the document {path} is damaged; restore it from a backup")
        return content

    def delete(self, sha256: str) -> None:
        """Remove the file, if it is there."""
        try:
            self._path(sha256).unlink(missing_ok=True)
        except OSError as error:
            raise self._trouble(error) from error

    def check(self) -> None:
        """Write and remove a file, and sweep the halves that killed writers left."""
        try:
            self._root.mkdir(parents=True, exist_ok=True, mode=0o700)
            with tempfile.NamedTemporaryFile(dir=self._root) as file:
                file.write(b"pli")
            for half in self._root.glob(f"*/{_HALF}*"):
                if time.time() - half.stat().st_mtime > _ABANDONED_SECONDS:
                    half.unlink(missing_ok=True)
        except OSError as error:
            raise self._trouble(error) from error

    def _write(self, path: Path, content: bytes) -> None:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=_HALF)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)
        if path.parent.name not in self._durable:  # whoever made it may have been killed before this
            _sync_folder(self._root)
            self._durable.add(path.parent.name)

    def _path(self, sha256: str) -> Path:
        return self._root / sha256[:2] / sha256[2:]

    def _trouble(self, error: OSError) -> StorageError:
        return StorageError(f"the document folder {self._root} cannot be written: {error.strerror}; free some space or correct its rights")


def open_store(target: str) -> BlobStore:
    """Return the store for `target`, a folder; raises StorageError for what is not supported."""
    if "://" in target:
        raise StorageError(f"storage.documents is {target!r}; this version keeps documents in a folder, so name one")
    return FolderStore(Path(target))


def _holds(path: Path, content: bytes) -> bool:
    """Tell whether a file holds exactly these bytes; comparing them costs less than hashing them again."""
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except OSError:
        return False  # it is written anew, and that tells what is wrong


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
