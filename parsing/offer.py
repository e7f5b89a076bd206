"""A job ad, as published in Markdown with YAML front matter, read into an `Offer`.

The ad is the configuration: who receives applications, what the offer is called and whether it is open all come from here.
Called by `intake/offers.py` at each pass and by `pli offers FILE`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What an ad says. Unknown is None or empty, never guessed."""

    slug: str
    """File name without its `.md`: what commands and JSON call this offer."""
    title: str
    """As a person would name it; never empty (the slug, made readable, is the last resort)."""
    open: bool
    language: str
    """`fr` or `en`."""
    recruiters: tuple[str, ...] = ()
    """Addresses to write to, in the ad's order, those in copy included; lower case."""
    apply_by_email: bool = False
    apply_url: str | None = None
    subject_hint: str | None = None
    contract: str | None = None
    start: str | None = None
    duration: str | None = None
    location: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    """What is wrong with the ad, one sentence for a person each (what, where, remedy)."""
