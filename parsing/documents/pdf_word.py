"""The words of this room: a word on a page, and the ink it is drawn with."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple


class Ink(IntEnum):
    """What a word is drawn with, as far as it bears on whether a person can see it."""

    PLAIN = 0
    FAINT = 1
    """Nearly white, nearly transparent or only a clip: the page's picture must say whether it shows."""
    NONE = 2
    """Neither filled nor stroked (ISO 32000-1, 9.3.6: render mode 3)."""
    COVERED = 3
    """Drawn before an opaque picture that lies over it."""


class Word(NamedTuple):
    """Letters between blanks and their box, in points, y upward (ISO 32000-1, 8.3.2.3). A page has hundreds: a tuple is made fastest."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    turn: int = 0
    """Quarter turns counter-clockwise by which the word is turned: 1 reads upward, 3 downward."""
    ink: Ink = Ink.PLAIN

    @property
    def height(self) -> float:
        """Height of the box, never zero."""
        height = self.top - self.bottom
        return height if height > 0.1 else 0.1  # noqa: FURB136 - a call costs more than the rest


Lines = list[list[Word]]
