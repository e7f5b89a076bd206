"""What documents are read with beside Python: lent to the readers, which touch nothing themselves."""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from typing import Literal

from parsing.documents import Problem, Tools, Unreadable
from parsing.documents.ocr import DPI

OCR_SECONDS = 15.0
"""For all the pictures of one message, so that the rest of it is read, too, within the 30 s that a child has."""
LANGUAGES = ("fra", "eng")
"""Of our candidates, as tesseract calls them (ISO 639-2)."""
_ORDERS = ("--dpi", str(DPI), "--psm", "3", "-c", "thresholding_method=2", "tsv")
"""Find the columns by itself; tell letters from paper by their surroundings (Sauvola); answer with a table of words."""
_ENVIRONMENT = {"OMP_THREAD_LIMIT": "1", "LC_ALL": "C", **{name: said for name, said in os.environ.items() if name == "TESSDATA_PREFIX"}}
"""One thread, for pages are read side by side; nothing of ours, secrets least of all."""


_PR_SET_PDEATHSIG = 1
_LIBRARY = ctypes.CDLL(None)


def tools_of(pdf: Literal["auto", "pdfium", "pdfminer"] = "auto") -> Tools:
    """Return what this machine has; `pdf`: the engine that reads PDFs."""
    found = find_ocr()
    return Tools(ocr=replace(found) if found else None, pdf=pdf)


@dataclass(slots=True)
class Ocr:
    """tesseract, a process a picture; each message that is read in a child has its own copy, and so its own time."""

    program: str
    languages: tuple[str, ...]
    left: float = field(default=OCR_SECONDS, compare=False)
    """Seconds that remain."""

    def __call__(self, picture: bytes, media_type: str) -> str:  # noqa: ARG002 - it looks for itself
        """Return the words in a picture as a table; raises Unreadable (`timeout`) when its time is used up."""
        if self.left <= 0:
            raise Unreadable(Problem.TIMEOUT)
        start = time.monotonic()
        try:
            done = subprocess.run(  # noqa: S603 - a program of the system, found on PATH, that is handed nothing but the picture
                [self.program, "stdin", "stdout", "-l", "+".join(self.languages), *_ORDERS],
                input=picture,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=self.left,
                check=False,
                env=_ENVIRONMENT,
                preexec_fn=partial(_bind, int(self.left) + 2),
            )
        except subprocess.TimeoutExpired:
            raise Unreadable(Problem.TIMEOUT) from None
        except OSError:  # no memory or no descriptor left for a process
            return ""
        finally:
            self.left -= time.monotonic() - start
        return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""


def _bind(seconds: int) -> None:
    """Let the process that this one becomes end with the reader that waits for it, and after `seconds` of CPU at the latest.

    A reader that takes too long is killed, and what it called must not go on in its place.
    """
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (seconds if hard == resource.RLIM_INFINITY else min(seconds, hard), hard))
    if sys.platform == "linux":
        _LIBRARY.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


@lru_cache(1)
def find_ocr() -> Ocr | None:
    """Return tesseract with the languages of our candidates, None where it or they are missing."""
    program = shutil.which("tesseract")
    if program is None:
        return None
    try:
        said = subprocess.run([program, "--list-langs"], capture_output=True, text=True, timeout=10, check=False, env=_ENVIRONMENT)  # noqa: S603 - as above
    except (OSError, subprocess.SubprocessError):
        return None
    languages = tuple(language for language in LANGUAGES if language in said.stdout.split())
    return Ocr(program, languages) if languages else None
