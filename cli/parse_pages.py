"""The pages that `pli parse --html` writes: one file, or a folder with a page for each file and an index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.parse_html import environment, page_of
from cli.parse_words import problems, words
from cli.reading import STDIN

if TYPE_CHECKING:
    from cli.child import Drawn, ReadFile
    from parsing.offer import Offer

_INDEX = "index.html"
_HTML = frozenset({".html", ".htm"})


@dataclass(frozen=True, slots=True)
class _Entry:
    """A line of the index."""

    file: str
    page: str
    name: str | None
    label: str | None
    problems: tuple[str, ...]


class Pages:
    """Where the page of each file lies. Raises UsageError when `target` cannot take them; never writes over a file that is read."""

    def __init__(self, target: Path, files: Sequence[Path], language: str, offer: Offer | None) -> None:
        self._language, self._offer = language, offer
        self._entries: list[_Entry] = []
        files = list(dict.fromkeys(files))
        self._is_folder = len(files) != 1 or target.is_dir() or target.suffix.lower() not in _HTML
        if target == STDIN:
            raise click.UsageError(f"--html: {target} is no place; name a file that ends in .html, or a folder")
        if self._is_folder and target.exists() and not target.is_dir():
            remedy = "name a folder" if len(files) > 1 else "name one that ends in .html, or a folder"
            raise click.UsageError(f"--html: {target} is a file, and no page is written over it; {remedy}")
        if self._is_folder and target.suffix.lower() in _HTML and not target.is_dir():
            raise click.UsageError(f"--html: there are {len(files)} pages to write; name a folder, not {target}")
        self._target = target
        self._above = _above(files)
        self._paths = dict(zip(files, _free_names(target, files), strict=True)) if self._is_folder else {files[0]: target}
        read = {path.resolve() for path in files}
        if overwritten := [path for path in self._paths.values() if path.resolve() in read]:
            raise click.UsageError(f"--html: {overwritten[0]} is a file to be read; write the page elsewhere")
        try:
            (target if self._is_folder else target.parent).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise click.UsageError(f"--html: {target} cannot be written ({error.strerror})") from None

    def page(self, path: Path, read: ReadFile, drawn: Sequence[Drawn]) -> str:
        """Return the page of a file that was read."""
        return page_of(path.name, read, drawn, self._language, self._offer)

    def write(self, path: Path, read: ReadFile, page: str | None) -> Path:
        """Write the page of `path`, and remember it for the index; return where it lies. Raises FileError."""
        profile, place = read.profile, self._paths[path]
        _write(place, page or self.page(path, read, ()))
        self._entries.append(
            _Entry(
                file=str(path.relative_to(self._above) if self._above else path),
                page=place.name,
                name=profile.name.value if profile.name else None,
                label=profile.label.value if profile.label else None,
                problems=tuple(problems(read, self._language)),
            )
        )
        return place

    def write_index(self) -> Path | None:
        """Write a list of the pages, in the files' order, where there are several; return where it lies. Raises FileError."""
        if len(self._entries) < 2:
            return None
        template = environment().get_template("parse_index.html")
        _write(self._target / _INDEX, template.render(w=words(self._language), language=self._language, entries=self._entries))
        return self._target / _INDEX


def _above(files: Sequence[Path]) -> Path | None:
    """Return the folder in or below which all files lie as they were named: an index need not say where that is."""
    shared = set.intersection(*(set(path.parents) for path in files))
    return max(shared, key=lambda path: len(path.parts), default=None)


def _write(place: Path, page: str) -> None:
    try:
        place.write_text(page, encoding="utf-8", errors="replace")
    except OSError as error:
        raise click.FileError(str(place), error.strerror or "it cannot be written") from None


def _free_names(folder: Path, files: Sequence[Path]) -> Iterator[Path]:
    """Return a page's path for each file: named after it, told apart by numbers, none the name of a file that is read."""
    taken = {(folder / _INDEX).resolve(), *(path.resolve() for path in files)}
    for path in files:
        stem = path.stem if path != STDIN else "stdin"
        number, place = 1, folder / f"{stem}.html"
        while place.resolve() in taken:
            number += 1
            place = folder / f"{stem}-{number}.html"
        taken.add(place.resolve())
        yield place
