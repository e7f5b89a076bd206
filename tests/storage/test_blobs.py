"""The document store: a file is complete or absent, whatever happens while it is written."""

from __future__ import annotations

import hashlib
import os
import stat
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from storage.blobs import FolderStore, open_store
from storage.database import StorageError

CONTENT = b"%PDF-1.7 a CV\n" * 1000


def files(root: Path) -> list[Path]:
    """Return every file below the folder, the hidden ones too."""
    return sorted(path for path in root.rglob("*") if path.is_file())


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "documents"


@pytest.fixture
def store(root: Path) -> FolderStore:
    return FolderStore(root)


@pytest.fixture
def tiny(tmp_path: Path):
    """A file system of 64 KB."""
    if os.getuid() != 0:
        pytest.skip("only root can mount a small file system: what a full disk does is left out")
    folder = tmp_path / "tiny"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)], capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.skip(f"a small file system cannot be mounted here ({mounted.stderr.strip()}): what a full disk does is left out")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_what_is_put_can_be_read_back_by_its_hash(store, root):
    sha256 = store.put(CONTENT)
    assert sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert store.get(sha256) == CONTENT
    assert files(root) == [root / sha256[:2] / sha256[2:]]


def test_the_same_content_twice_is_one_file_that_is_not_written_again(store, root):
    store.put(CONTENT)
    before = files(root)[0].stat()
    store.put(CONTENT)
    after = files(root)[0].stat()
    assert len(files(root)) == 1
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_a_damaged_file_of_the_same_size_is_mended_when_its_content_comes_again(store, root):
    sha256 = store.put(CONTENT)
    path = root / sha256[:2] / sha256[2:]
    path.write_bytes(CONTENT[:-1] + b"X")
    with pytest.raises(StorageError, match="is damaged"):
        store.get(sha256)
    assert store.put(CONTENT) == sha256
    assert store.get(sha256) == CONTENT
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_nobody_else_can_read_it(store, root):
    sha256 = store.put(CONTENT)
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (root, root / sha256[:2], root / sha256[:2] / sha256[2:])}
    assert list(modes.values()) == [0o700, 0o700, 0o600]


def test_half_a_file_is_never_visible(store, root):
    contents = [bytes([number]) * 400_000 for number in range(40)]
    seen: list[bool] = []
    over = threading.Event()

    def look() -> None:
        last = False
        while not last:
            last = over.is_set()
            visible = [path for path in root.glob("*/*") if not path.name.startswith(".")]
            seen.extend(hashlib.sha256(path.read_bytes()).hexdigest() == path.parent.name + path.name for path in visible)

    watcher = threading.Thread(target=look)
    watcher.start()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(store.put, contents))
    over.set()
    watcher.join()
    assert seen
    assert all(seen)


def test_threads_that_put_the_same_at_the_same_moment_leave_one_file(store, root):
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(store.put, [CONTENT] * 32))) == 1
    assert len(files(root)) == 1


def test_a_half_that_a_crash_left_under_its_name_is_written_anew(store, root):
    sha256 = store.put(CONTENT)
    (root / sha256[:2] / sha256[2:]).write_bytes(CONTENT[:100])
    store.put(CONTENT)
    assert store.get(sha256) == CONTENT


def test_a_killed_writer_leaves_nothing_visible_and_its_half_is_swept_later(store, root):
    # os.kill in place of fsync: the process dies when everything is written and nothing is renamed
    script = (
        "import os, signal, sys; from pathlib import Path; from storage.blobs import FolderStore\n"
        "os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)\n"
        "FolderStore(Path(sys.argv[1])).put(b'x' * 1000)\n"
    )
    ended = subprocess.run([sys.executable, "-c", script, str(root)], cwd=Path(__file__).parents[2], check=False)
    assert ended.returncode == -9
    [half] = files(root)
    assert half.name.startswith(".")
    with pytest.raises(StorageError):
        store.get(hashlib.sha256(b"x" * 1000).hexdigest())
    store.check()
    assert files(root) == [half]  # it might still be written to
    long_ago = time.time() - 7200
    os.utime(half, (long_ago, long_ago))
    store.check()
    assert files(root) == []


def test_a_missing_document_is_a_sentence_with_its_remedy(store, root):
    with pytest.raises(StorageError, match="restore it from a backup") as caught:
        store.get("ab" * 32)
    assert str(root) in str(caught.value)


def test_a_damaged_document_is_not_handed_out(store, root):
    sha256 = store.put(CONTENT)
    files(root)[0].write_bytes(CONTENT[::-1])
    with pytest.raises(StorageError, match="damaged"):
        store.get(sha256)


def test_what_is_deleted_is_gone_and_deleting_again_is_no_trouble(store, root):
    sha256 = store.put(CONTENT)
    store.delete(sha256)
    store.delete(sha256)
    assert files(root) == []


@pytest.mark.parametrize("use", [lambda store: store.put(CONTENT), lambda store: store.check()])
def test_a_folder_that_cannot_be_one_is_a_sentence_with_its_remedy(tmp_path, use):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StorageError, match=r"cannot be written: Not a directory; .*rights"):
        use(FolderStore(tmp_path / "file" / "documents"))


def test_on_a_full_disk_nothing_half_written_stays_and_the_rest_is_unharmed(tiny):
    store = FolderStore(tiny / "documents")
    small = store.put(b"a small CV")
    with pytest.raises(StorageError, match="No space left on device; free some space"):
        store.put(os.urandom(200_000))
    assert files(tiny) == [tiny / "documents" / small[:2] / small[2:]]
    assert store.get(small) == b"a small CV"
    store.check()


def test_on_a_disk_without_room_for_anything_the_check_says_so(tiny):
    store = FolderStore(tiny / "documents")
    store.check()
    with pytest.raises(OSError, match="No space"):
        (tiny / "filler").write_bytes(bytes(2**17))
    with pytest.raises(StorageError, match="free some space"):
        store.check()
    assert files(tiny) == [tiny / "filler"]


def test_a_store_that_this_version_does_not_know_is_refused_in_a_sentence():
    with pytest.raises(StorageError, match="name one"):
        open_store("s3://bucket/prefix")
