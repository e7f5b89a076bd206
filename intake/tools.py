"""What documents are read with beside Python: lent to the readers, which touch nothing themselves."""

from __future__ import annotations

from typing import Literal

from parsing.documents import Tools


def tools_of(pdf: Literal["auto", "pdfium", "pdfminer"] = "auto") -> Tools:
    """Return what this machine has; `pdf`: the engine that reads PDFs."""
    return Tools(pdf=pdf)
