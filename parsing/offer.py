"""A job ad, as published in Markdown with YAML front matter, read into an `Offer`.

The ad is the configuration: who receives applications, what the offer is called and whether it is open all come from here.
Called by `intake/offers.py` at each pass and by `pli offers FILE`.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from parsing.header import clean, decode_bytes
from parsing.languages import detect, words
from parsing.offer_body import ADDRESS, Block, read_blocks, with_plain_addresses
from parsing.offer_facts import read_facts
from parsing.offer_front import read_front_matter, read_open
from parsing.offer_recruiters import foreign_addresses, misspelt_addresses, read_addresses, speaks_of
from parsing.offer_title import read_title, readable

MAX_AD = 256 * 1024
"""Octets; an ad is a page of text."""
MOST_RECRUITERS = 20
"""Everyone who is written to gets the data of all candidates: a longer list is no list of recruiters."""
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MISREAD = re.compile("\ufffd|Ã[\u00a0-\u00bf]|â€[\u0099\u2122œ“”¦]")
"""UTF-8 that was read as another encoding and saved again, or octets that are no letter."""
_SUBJECT_QUOTED = (
    r"(?:«\s{0,4}([^»\n]{3,120}?)\s{0,4}»|“([^”\n]{3,120})”|\"([^\"\n]{3,120})\"|`([^`\n]{3,120})`"
    r"|\*{1,2}([^*\n]{3,120})\*|\[([^\]\n]{3,120})\])"
)
"""What stands between one kind of signs; another kind may stand in it."""


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
    years: str | None = None
    """How much experience is asked for."""
    degree: str | None = None
    languages: tuple[str, ...] = ()
    """The sentences that ask for a spoken language."""
    clearance: str | None = None
    """The sentence that asks for a security clearance."""
    problems: tuple[str, ...] = ()
    """What is wrong with the ad, one sentence for a person each (what, where, remedy)."""


def parse_offer(data: bytes, filename: str) -> Offer:
    """Read an ad; `filename` (without folders) gives the slug. Never raises: what is wrong with the ad stands in `problems`."""
    slug = slug_of(filename)
    problems: list[str] = []
    if len(data) > MAX_AD:
        problems.append(f"{filename}: larger than {MAX_AD // 1024} KB, only the beginning was read; an ad is a page of text")
    text = read_text(data[:MAX_AD])
    if text is None:
        problems.append(f"{filename}: is no text (empty, or another kind of file); save the ad as text in UTF-8")
        return Offer(slug=slug, title=slug or "?", open=False, language="fr", problems=tuple(problems))
    if misread := _MISREAD.search(text):
        problems.append(f"{filename}: has letters that were saved in a wrong encoding, such as {misread[0]!r}; save it in UTF-8")
    front, body = read_front_matter(text, filename, problems)
    blocks = read_blocks(with_plain_addresses(body))
    said = "\n".join(block.text for block in blocks)
    apply_url = _apply_url(blocks, front)
    recruiters = _recruiters(blocks, front, apply_url, filename, problems)
    if not said.strip():
        problems.append(f"{filename}: has no text below the front matter")
    facts = read_facts(blocks, front)
    title = read_title(front, blocks, slug)
    if title == readable(slug):
        problems.append(f"{filename}: has no title; add a line `title: …` to its front matter, for candidates read it")
    return Offer(
        slug=slug,
        title=title,
        open=read_open(front, blocks, filename, problems),
        language=_language(front, said),
        recruiters=recruiters,
        apply_by_email=bool(recruiters),
        apply_url=None if recruiters else apply_url,
        subject_hint=_subject_hint(blocks) if recruiters else None,
        contract=facts.contract,
        start=facts.start,
        duration=facts.duration,
        location=facts.location,
        skills=facts.skills,
        years=facts.years,
        degree=facts.degree,
        languages=facts.languages,
        clearance=facts.clearance,
        problems=tuple(problems),
    )


def read_text(data: bytes) -> str | None:
    """Return the text of an ad with plain line ends, in whatever encoding it was saved; None when it is no text or has none."""
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if data.startswith(mark):
            data = data.decode(encoding, "replace").encode("utf-8", "replace")
    if data.count(b"\x00") * 3 >= len(data) > 3 and data[1::2].count(b"\x00") > len(data) // 4:  # UTF-16 without its mark
        data = data.decode("utf-16-le", "replace").encode("utf-8", "replace")
    if len(_CONTROL.findall(data)) * 20 > len(data):
        return None
    text = decode_bytes(data).replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return text if text.strip("\ufeff \t\n") else None


def slug_of(filename: str) -> str:
    """Return what an ad in this file is called in commands and JSON."""
    return filename.removesuffix(".md")


def _language(front: Mapping[str, str], said: str) -> str:
    declared = (front.get("lang") or front.get("language") or "")[:2].lower()
    return declared if declared in {"fr", "en"} else detect(said) or "fr"


def _recruiters(
    blocks: Sequence[Block], front: Mapping[str, str], apply_url: str | None, filename: str, problems: list[str]
) -> tuple[str, ...]:
    """Return the addresses to write to: those that the front matter declares, then those of the text."""
    declared = _addresses_of(front, ("recruiters", "recruteurs", "candidatures"))
    found = read_addresses(blocks, elsewhere=apply_url is not None)
    said = [named.address for named in found.recruiters]
    if not said and apply_url is None:
        said = _addresses_of(front, ("contact", "email"))
    foreign, usual = foreign_addresses([*declared, *said])
    problems += [
        f"{filename}: {address} is on another domain than {usual}; everyone to whom the ad asks to write gets the data of all candidates: "
        "take it out if it is no recruiter's"
        for address in foreign
        if address not in declared
    ]
    if not declared and not said and apply_url is None:
        seen = f" ({clean(found.others[0], 80)} is there, but not to apply to)" if found.others else ""
        problems.append(
            f'{filename}: names no address to write to{seen}; add a sentence such as "Envoyez votre CV à prenom.nom@example.org"'
        )
    problems += [
        f"{filename}: {address} may be misspelt: {meant} is meant, perhaps; correct it, for mail to it goes to strangers or to nobody"
        for address, meant in misspelt_addresses([*declared, *said])
    ]
    everyone = tuple(dict.fromkeys([*declared, *said]))
    if len(everyone) > MOST_RECRUITERS:
        problems.append(
            f"{filename}: asks to write to {len(everyone)} addresses, of which the first {MOST_RECRUITERS} are taken; name fewer"
        )
    return everyone[:MOST_RECRUITERS]


def _addresses_of(front: Mapping[str, str], keys: Iterable[str]) -> list[str]:
    return [match.group().lower() for key in keys for match in ADDRESS.finditer(front.get(key, ""))]


def _apply_url(blocks: Sequence[Block], front: Mapping[str, str]) -> str | None:
    """Return where one applies on the web: the ad's own `externalURL`, else the link in the words about applying."""
    if front.get("externalurl", "").startswith(("http://", "https://")):
        return front["externalurl"]
    headed = [block for block in blocks if speaks_of(block.heading, "apply_heading", "contact_heading")]
    below = [url for block in headed if not speaks_of(block.heading, "why") for url in block.urls]
    beside = [url for block in blocks if speaks_of(block.text, "apply", "apply_strong") for url in block.urls]
    elsewhere = [url for block in blocks if speaks_of(block.text, "apply_link") for url in block.urls]
    return next(iter([*below[::-1][:1], *beside[::-1][:1], *elsewhere[:1]]), None)


def _subject_hint(blocks: Sequence[Block]) -> str | None:
    """Return what the subject is to be: as a mailto link fills it in, or as the ad asks for it."""
    for block in blocks:
        if block.subjects:
            return clean(block.subjects[0], 200)
    said = "|".join(map(re.escape, words("ad", "subject")))
    after = re.compile(rf"\b(?:{said})\b[^«“\"`\[\n]{{0,40}}{_SUBJECT_QUOTED}", re.IGNORECASE)
    before = re.compile(rf"{_SUBJECT_QUOTED}[^«“\"`\[\n]{{0,30}}\b(?:{said})\b", re.IGNORECASE)
    plain = re.compile(rf"\b(?:{said})\b(?: du (?:mail|courriel|message))?\s*:\s*([^\n.;]{{3,120}})", re.IGNORECASE)
    put, inside = "|".join(words("ad", "subject_put")), "|".join(words("ad", "subject_in"))
    described = re.compile(rf"(?<!\w)(?:{put})\s+([^\n.;:,()]{{3,80}}?)\s+(?:{inside})(?!\w)", re.IGNORECASE)
    for block in blocks:
        if (speaks_of(block.text, "apply", "apply_strong") or block.mentions) and (
            found := after.search(block.text) or before.search(block.text) or plain.search(block.text) or described.search(block.text)
        ):
            return clean(next(filter(None, found.groups())), 200)
    return None
