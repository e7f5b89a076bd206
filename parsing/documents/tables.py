"""Rows of a table as text, the same for every format that has tables."""

from __future__ import annotations

from collections.abc import Sequence


def row_of(cells: Sequence[Sequence[str]]) -> str:
    """Return a table row, given as the lines of each cell: short cells side by side, long ones one after the other."""
    filled = [[line for line in cell if line.strip()] for cell in cells]
    filled = [cell for cell in filled if cell]
    side_by_side = all(len(cell) == 1 and "\n" not in cell[0] for cell in filled)
    return ("\t" if side_by_side else "\n").join("\n".join(cell) for cell in filled)
