"""The demo's folder: made fresh if it is the demo's own, never touched if it is not."""

from __future__ import annotations

from pathlib import Path

import pytest

import demo
from demo.place import PlaceError, clear_place


def test_a_folder_that_is_not_its_own_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    assert demo.run(tmp_path) == 2
    assert (tmp_path / "thesis.txt").read_text() == "years of work"
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
    assert "is not empty" in capsys.readouterr().err


def test_a_file_is_no_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "demo").write_text("notes")
    assert demo.run(tmp_path / "demo") == 2
    assert "is a file" in capsys.readouterr().err
    assert (tmp_path / "demo").read_text() == "notes"


def test_an_empty_folder_may_be_used(tmp_path: Path) -> None:
    clear_place(tmp_path)
    assert (tmp_path / ".pli-demo").is_file()


def test_an_earlier_demo_makes_room_but_what_others_put_there_stays(tmp_path: Path) -> None:
    clear_place(tmp_path)
    (tmp_path / "digests").mkdir()
    (tmp_path / "digests" / "digest-x.html").write_text("old")
    (tmp_path / "pli.db-wal").write_text("old")
    (tmp_path / "my notes.txt").write_text("mine")
    clear_place(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".pli-demo", "my notes.txt"]


def test_a_link_is_removed_and_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "letter.txt").write_text("mine")
    folder = tmp_path / "demo"
    clear_place(folder)
    (folder / "documents").symlink_to(elsewhere)
    clear_place(folder)
    assert (elsewhere / "letter.txt").read_text() == "mine"
    assert not (folder / "documents").exists()


def test_a_folder_below_a_file_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(PlaceError, match="cannot be written"):
        clear_place(tmp_path / "file" / "demo")
