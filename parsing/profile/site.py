"""A person's own web page: one called so, or one whose address holds the person's name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from parsing.profile.facts import Fact

_URL = re.compile(r"(?i)https?://")
_SITE = re.compile(
    r"(?i)(?<![\w@.\-/])(?:https?://)?(?:[a-z\d](?:[a-z\d\-]{0,61}[a-z\d])?\.){1,5}[a-z]{2,18}(?:/[\w.\-~%/]{0,200})?(?![\w@])"
)
_NAMED = re.compile(r"(?i)(?:\b(?:site|web|website|portfolio|blog|homepage|home page|page perso(?:nnelle)?)\b\W{0,12})$")
_CALLED = re.compile(
    r"(?im)^\W{0,3}(?:portfolio|site(?: web| internet| perso(?:nnel)?)?|website|personal (?:web)?site|blog|page perso(?:nnelle)?)\W{0,3}$"
)
"""A line that is nothing but what a link is called."""
_MOST_SITES = 300
_ENDINGS = frozenset(
    ("fr", "com", "org", "net", "io", "dev", "me", "eu", "info", "be", "ch", "ca", "uk", "de", "example", "name", "xyz", "bzh")
    + ("paris", "tech", "design", "app", "page", "site", "online", "pro", "re", "co", "ext")
)
"""Top-level domains that people have, so that `dupont.fr` is told from `Node.js`."""
_OTHERS = (
    *("linkedin.com", "github.com", "gitlab.com", "bitbucket.org", "stackoverflow.com", "twitter.com", "x.com", "bsky.app", "orcid.org"),
    *("researchgate.net", "kaggle.com", "medium.com", "dev.to", "malt.fr", "malt.com", "behance.net", "dribbble.com", "codepen.io"),
    *(
        "facebook.com",
        "instagram.com",
        "youtube.com",
        "google.com",
        "google.fr",
        "doi.org",
        "wikipedia.org",
        "huggingface.co",
        "codeberg.org",
    ),
)


def find_site(text: str, links: tuple[str, ...], known: Sequence[str], source: str = "cv") -> Fact | None:
    """Return the person's own web page; `known`: the words of the name, folded."""
    own = [link for link in links if _URL.match(link) and link.isascii() and _is_public(link) and not _is_network(link)]
    for link in own:
        if _speaks_of(link, known):
            return Fact(link, link, "link")
    for match in islice(_SITE.finditer(text), _MOST_SITES):
        named = _NAMED.search(text[max(0, match.start() - 30) : match.start()])
        explicit = re.match(r"(?i)https?://|www\.", match[0]) or named
        if _is_network(match[0]) or not (named or _speaks_of(match[0], known)):
            continue
        if explicit or _looks_like_host(match[0]):
            written = match[0].rstrip(".")
            return Fact(written if written.lower().startswith("http") else f"https://{written}", written, source, match.start())
    # "Portfolio" alone on a line, and only one link to which it can lead
    return Fact(own[0], own[0], "link") if len(own) == 1 and _CALLED.search(text) else None


def _looks_like_host(written: str) -> bool:
    host = written.partition("/")[0].lower()
    return host.rpartition(".")[2] in _ENDINGS


def _host(url: str) -> str:
    return _URL.sub("", url).partition("/")[0].lower()


def _is_public(url: str) -> bool:
    """Tell addresses of the web from those of the machine on which a CV was made."""
    return re.fullmatch(r"(?:[a-z\d-]{1,63}\.){1,6}[a-z]{2,24}", _host(url)) is not None


def _is_network(url: str) -> bool:
    host = _host(url)
    return any(host == name or host.endswith(f".{name}") for name in _OTHERS)


def _speaks_of(url: str, known: Sequence[str]) -> bool:
    address = _URL.sub("", url).lower()
    return any(len(word) >= 3 and word in address for word in known)
