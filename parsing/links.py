"""A CV that is only linked: kept as an address in the text and flagged `cv_link`, never fetched. Called by `parsing/understand.py`.

A link in a mail is somebody else's: fetching it would tell a stranger that the mail was read, and could bring anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from parsing.body import Body
from parsing.vocabulary import find, match, plain

_URL = re.compile(
    r"(?<![\w@.-])(?:https?://)?((?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.){1,5}[a-z]{2,18})(/[^\s<>\"'()\[\]]{0,500})?", re.IGNORECASE
)
_SHARES = frozenset(
    "we.tl wetransfer.com drive.google.com docs.google.com dropbox.com dropboxusercontent.com db.tt 1drv.ms onedrive.live.com onedrive.com"
    " sharepoint.com icloud.com box.com app.box.com mega.nz mediafire.com pcloud.link transfert.free.fr dl.free.fr grosfichiers.com"
    " smash.com fromsmash.com swisstransfer.com kdrive.infomaniak.com infomaniak.com transfernow.net filemail.com uptobox.com jumpshare.com"
    " francetransfert.numerique.gouv.fr resana.numerique.gouv.fr fichiers.numerique.gouv.fr osmose.numerique.gouv.fr proton.me"
    " drive.proton.me cozy.io mycozy.cloud nextcloud.com framadrop.org lufi.io filesender.renater.fr"
    " melanissimo.developpement-durable.gouv.fr notion.so notion.site canva.com doyoubuzz.com cvdesignr.com zety.com novoresume.com"
    " resume.io indd.adobe.com issuu.com calameo.com docdro.id docdroid.net cjoint.com".split()
)
"""Hosts where people put files down for others, their parent domains included."""
_PEOPLE = re.compile(
    r"(?:linkedin\.com/in/|linkedin\.com/pub/|xing\.com/profile/|malt\.(?:fr|com)/profile/|doyoubuzz\.com/)[\w%-]", re.IGNORECASE
)
_CV_PATH = re.compile(r"(?:^|[/_.\-?=&])(?:cv|curriculum|resume|lebenslauf|mon-?cv)(?:$|[/_.\-?=&\d])", re.IGNORECASE)
_MOST_LINKS = 50


def find_cv_link(body: Body) -> str | None:
    """Return the address under which a CV or a profile is said to lie, in what the author or the forwarded applicant wrote; or None."""
    forward = body.forward
    said = "\n".join(filter(None, (body.written, forward.text if forward else "")))[:20_000]
    low = plain(said[:6000])
    speaks = bool(find(low, "own_cv")) or match(low, "shared_pattern") is not None
    for host, path, whole in _links(said, body.links):
        if _PEOPLE.search(host + path) or _CV_PATH.search(path):
            return whole
        if _is_share(host, path) or (speaks and path.strip("/") and _beside_cv(said, whole)):
            return whole
    return None


def _links(said: str, links: Iterable[str]) -> list[tuple[str, str, str]]:
    """Return host, path and address of each link that is not an address of a person, those written out first."""
    found = [(hit[1].lower().removeprefix("www."), hit[2] or "", hit.group().rstrip(".,;:")) for hit in _URL.finditer(said)]
    for link in links:
        hit = _URL.match(link.strip())
        if hit is not None and link.lower().startswith("http"):
            found.append((hit[1].lower().removeprefix("www."), hit[2] or "", link.strip()))
    return found[:_MOST_LINKS]


def _is_share(host: str, path: str) -> bool:
    labels = host.split(".")
    named = any(".".join(labels[number:]) in _SHARES for number in range(len(labels) - 1))
    return named and len(path) > 1


def _beside_cv(said: str, link: str) -> bool:
    """Tell whether the words before a link, or right after it, speak of a CV."""
    start = said.find(link)
    near = plain(f"{said[:start][-150:]} {said[max(start, 0) + len(link) :][:40]}")
    return match(near, "shared_pattern") is not None or bool(find(near, "own_cv")) or bool(find(near, "cv_name"))
