"""Mail that lies in files already, into the journal: mbox, Maildir, `.eml` and `.msg` files, folders of them. Nothing there is changed.

An imported message is known by its octets (`imported_position`), so importing twice changes nothing. In a personal mailbox nothing is
kept of what is no application, not even that it was looked at.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from intake.arrival import HEADER, find_arrival
from intake.collect import Desk, dated, failure_of, is_ours
from intake.files import moment, open_file, read_file, why
from intake.maildir import is_maildir, look_into
from intake.mbox import is_mbox, read_mbox
from intake.reading import Company
from intake.workers import WorkerError
from parsing.message import RawMessage
from parsing.outlook import is_outlook
from storage.database import reading, transaction
from storage.messages import IMPORTED, first_contact, imported_position, known_positions, record_arrival, record_contact

_SUFFIXES = (".eml", ".msg")
_IN_STEP = 50
"""Messages that are journaled before they are processed, so that a person sees what comes of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be imported, and what it counts for."""

    paths: Sequence[Path]
    address: str
    """The mailbox."""
    personal: bool
    acknowledge: bool = False
    """Whether candidates may be answered, within the usual policy."""


@dataclass(slots=True)
class Imported:
    """What came of an import so far; filled while it runs."""

    found: int = 0
    """Messages."""
    fetched: int = 0
    """Of these, new ones that were journaled."""
    left_alone: int = 0
    """Messages of a personal mailbox that are none of ours: nothing of them is kept."""
    octets: int = 0
    """Of files, read so far."""
    troubles: list[str] = field(default_factory=list)
    """What could not be imported, each with its file."""
    passed_over: int = 0
    """Files in folders that are no mail."""


def import_all(order: Order, desk: Desk, step: Callable[[Imported], None]) -> Imported:
    """Journal every message that lies in the paths; `step` is called after some, to process what waits. Ends early when stopped.

    Raises StorageError.
    """
    done = Imported()
    with transaction(desk.engine) as session:
        record_contact(session, address=order.address, folder=IMPORTED, uidvalidity=None, now=desk.now())
        first = first_contact(session, order.address) or desk.now()
    company = Company()
    for place, raw in _messages(order, done, desk):
        done.found += 1
        _take(order, desk, done, first, place, raw, company)
        if done.found % _IN_STEP == 0:
            step(done)
        if desk.stop.is_set():
            break
    step(done)
    return done


def octets_of(paths: Sequence[Path]) -> int:
    """Return how much there is to read."""
    return sum(path.lstat().st_size for path in (Path(name) for name in _files(paths, [], Imported())) if path.is_file())


def _take(order: Order, desk: Desk, done: Imported, first: datetime, place: str, raw: RawMessage, company: Company) -> None:
    """Journal one message, unless it is known or private."""
    with reading(desk.engine) as session:
        if known_positions(session, address=order.address, folder=IMPORTED, positions=[raw.position]):
            return
    raw, failure = dated(raw, desk), failure_of(raw)
    if failure is not None:
        done.troubles.append(f"{place}: {failure[0]}")
        failure = failure[0], f"open it in {place}"
    try:
        if order.personal and (failure is not None or not is_ours(raw, desk, company)):
            done.left_alone += failure is None
            return
    except WorkerError as error:
        if desk.stop.is_set():
            return
        if order.personal:  # nobody could tell whether it is private
            done.troubles.append(f"{place}: {error}")
            return
    sha256 = desk.store.put(raw.content)
    backlog = raw.received_at < first.replace(microsecond=0)
    with transaction(desk.engine) as session:
        record_arrival(
            session, raw, folder=IMPORTED, sha256=sha256, backlog=backlog, now=desk.now(), failure=failure, quiet=not order.acknowledge
        )
    done.fetched += 1


def _messages(order: Order, done: Imported, desk: Desk) -> Iterator[tuple[str, RawMessage]]:
    """Yield each message with the words that say where it lies; what cannot be read is told, and the rest goes on."""
    for path in _files(order.paths, done.troubles, done):
        before = done.octets
        try:
            with open_file(path) as file:
                size = os.fstat(file.fileno()).st_size
                if not path.lower().endswith(_SUFFIXES) and is_mbox(file):
                    for raw, number, end in _of_mbox(file, order.address, desk.now()):
                        done.octets = before + end
                        yield f"{path}, message {number}", raw
                elif not size:
                    done.troubles.append(f"{path}: the file is empty")
                else:
                    yield path, _of_file(file, path, order.address, desk.now())
                done.octets = before + size
        except OSError as error:
            done.troubles.append(f"{path}: {why(error)}")


def _of_mbox(file: BinaryIO, address: str, now: datetime) -> Iterator[tuple[RawMessage, int, int]]:
    changed = moment(os.fstat(file.fileno()).st_mtime, now)
    for piece in read_mbox(file):
        received_at = min(find_arrival(piece.content, written=piece.written) or changed, now)
        position = imported_position(piece.sha256)
        raw = RawMessage(address, position, received_at, piece.content, piece.size, too_large=piece.too_large)
        yield raw if piece.content.strip() else replace(raw, content=b"", trouble="it is empty"), piece.number, piece.end


def _of_file(file: BinaryIO, path: str, address: str, now: datetime) -> RawMessage:
    digest = hashlib.sha256()
    file.seek(0)
    while block := file.read(2**20):
        digest.update(block)
    changed = moment(os.fstat(file.fileno()).st_mtime, now)
    raw = read_file(address, imported_position(digest.hexdigest()), path, changed)
    if raw is None:
        raise FileNotFoundError(2, "it is gone", path)
    said = None if is_outlook(raw.content) else find_arrival(raw.content)
    return replace(raw, received_at=min(said, now)) if said else raw


def _files(paths: Sequence[Path], troubles: list[str], done: Imported) -> Iterator[str]:
    """Yield the files to read, in an order that is the same each time: those that are named, and the mail in folders that are named."""
    for path in paths:
        try:
            if path.is_dir():
                yield from _in_folder(path, troubles, done)
            elif _is_mail(path, named=True):
                yield str(path.resolve() if path.is_symlink() else path)  # a person named it
            else:
                troubles.append(f"{path}: it is no mail; pli knows .eml and .msg files, mbox files, Maildirs and folders of them")
        except OSError as error:
            troubles.append(f"{path}: {why(error)}")


def _in_folder(folder: Path, troubles: list[str], done: Imported) -> Iterator[str]:
    if is_maildir(folder):
        yield from sorted(name for _, name in look_into(folder))
        return
    for path in sorted(folder.iterdir()):
        try:
            if path.name.startswith(".") or path.is_symlink():
                done.passed_over += 1
            elif path.is_dir():
                yield from _in_folder(path, troubles, done)
            elif _is_mail(path, named=False):
                yield str(path)
            else:
                done.passed_over += 1
        except OSError as error:
            troubles.append(f"{path}: {why(error)}")


def _is_mail(path: Path, *, named: bool) -> bool:
    """Tell whether a file is to be read: by its name, as an mbox, or, where a person names it, because it begins with a header."""
    if path.name.lower().endswith(_SUFFIXES):
        return True
    with open_file(str(path.resolve() if named else path)) as file:
        if is_mbox(file):
            return True
        file.seek(0)
        return named and find_arrival(file.read(HEADER)) is not None
