"""What documents are read with beside Python: lent to the readers, which touch nothing themselves."""

from __future__ import annotations

import shutil
import subprocess
import time
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from parsing.documents import Problem, Tools, Unreadable

OCR_SECONDS = 15.0
"""For all the pictures of one message, so that reading ends within the time that a child has."""
_LANGUAGES = ("fra", "eng")
_DPI = 200


def tools_of(pdf: Literal["auto", "pdfium", "pdfminer"] = "auto") -> Tools:
    """Return what this machine has; `pdf`: the engine that reads PDFs."""
    return Tools(ocr=find_ocr(), pdf=pdf)


@dataclass(slots=True)
class Ocr:
    """tesseract, a process a picture; each message that is read in a child has its own copy, and so its own time."""

    program: str
    languages: tuple[str, ...]
    left: float = field(default=OCR_SECONDS, compare=False)
    """Seconds that remain."""

    def __call__(self, picture: bytes, media_type: str) -> str:  # noqa: ARG002 - it looks for itself
        """Return the text in a picture; raises Unreadable (`timeout`) when its time is used up."""
        if self.left <= 0:
            raise Unreadable(Problem.TIMEOUT)
        start = time.monotonic()
        try:
            done = subprocess.run(  # noqa: S603 - a program of the system, found on PATH, that is handed nothing but the picture
                [self.program, "stdin", "stdout", "-l", "+".join(self.languages), "--dpi", str(_DPI), "--psm", "3"],
                input=picture,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=self.left,
                check=False,
                env={"OMP_THREAD_LIMIT": "1", "LC_ALL": "C"},
            )
        except subprocess.TimeoutExpired:
            raise Unreadable(Problem.TIMEOUT) from None
        finally:
            self.left -= time.monotonic() - start
        return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""


@lru_cache(1)
def find_ocr() -> Ocr | None:
    """Return tesseract with the languages of our candidates, None where it or they are missing."""
    program = shutil.which("tesseract")
    if program is None:
        return None
    try:
        said = subprocess.run([program, "--list-langs"], capture_output=True, text=True, timeout=10, check=False)  # noqa: S603 - as above
    except (OSError, subprocess.SubprocessError):
        return None
    languages = tuple(language for language in _LANGUAGES if language in said.stdout.split())
    return Ocr(program, languages) if languages else None
