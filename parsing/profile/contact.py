"""How to reach a person: e-mail address, networks, home page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from urllib.parse import unquote

from parsing.languages import words
from parsing.profile.facts import Fact, NetworkProfile

_EMAIL = re.compile(
    r"(?<![\w.+\-@])[A-Za-z0-9][\w.+\-]{0,63}@(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.){1,6}[A-Za-z]{2,24}(?![\w@])", re.ASCII
)
_MOST_EMAILS = 10
"""A person has a few; a text of thousands is no CV, and each is compared with every name."""
_GLUED_BEFORE = re.compile(r"(?:(?:00|\+)?33[1-9]\d{8}|0[1-9]\d{8})(?=[A-Za-z])|(?:[Ee]-?mail|EMAIL|[Cc]ourriel)(?=[A-Za-z]{1,30}[._-])")
_GLUED_SITE = re.compile(r"@(?:[\w-]{1,63}\.){1,5}[A-Za-z]{2,10}?(?=www\.)", re.IGNORECASE)
_GLUED_WORD = re.compile(r"@(?:[a-z\d-]{1,63}\.){1,5}[a-z]{2,10}(?=\.?[A-Z][a-z]+$)")
"""A top-level domain in small letters and a word with a capital after it."""

NETWORKS: tuple[tuple[str, str], ...] = (
    ("LinkedIn", r"linkedin\.com/(?:in|pub)/([\w%.\-~]+)"),
    ("GitHub", r"github\.com/([A-Za-z\d](?:-?[A-Za-z\d]){0,38})"),
    ("GitLab", r"gitlab\.com/([\w.\-]+)"),
    ("Bitbucket", r"bitbucket\.org/([\w.\-]+)"),
    ("Stack Overflow", r"stackoverflow\.com/users/(\d+(?:/[\w.\-]+)?)"),
    ("X", r"(?:twitter|x)\.com/@?(\w{1,15})"),
    ("Mastodon", r"(?:mastodon\.[a-z]{2,10}|mamot\.fr|piaille\.fr|framapiaf\.org)/@(\w+)"),
    ("Bluesky", r"bsky\.app/profile/([\w.\-]+)"),
    ("ORCID", r"orcid\.org/(\d{4}-\d{4}-\d{4}-\d{3}[\dX])"),
    ("HAL", r"cv\.(?:hal\.science|archives-ouvertes\.fr)/([\w.\-]+)"),
    ("ResearchGate", r"researchgate\.net/profile/([\w.\-]+)"),
    ("Kaggle", r"kaggle\.com/([\w.\-]+)"),
    ("Medium", r"medium\.com/@([\w.\-]+)"),
    ("Dev.to", r"dev\.to/([\w.\-]+)"),
    ("Malt", r"malt\.(?:fr|com)/profile/([\w.\-]+)"),
    ("Behance", r"behance\.net/([\w.\-]+)"),
    ("Dribbble", r"dribbble\.com/([\w.\-]+)"),
    ("CodePen", r"codepen\.io/([\w.\-]+)"),
)
_HOSTS = tuple(
    (network, re.compile(rf"(?i)(?<![\w@.\-])(?:https?://)?(?:www\.|[a-z]{{2,3}}\.)?{pattern}/?")) for network, pattern in NETWORKS
)
_NO_USERS = frozenset(
    ("about", "company", "explore", "features", "feed", "jobs", "login", "orgs", "pricing", "pulse", "search", "settings")
    + ("share", "signup", "sponsors", "topics")
)
"""First path segments that are pages of the network, not people."""

_SITE = re.compile(r"(?i)(?<![\w@.\-/])(?:https?://)?(?:[a-z\d](?:[a-z\d\-]{0,61}[a-z\d])?\.){1,5}[a-z]{2,18}(?:/[\w.\-~%/]*)?(?![\w@])")
_SITE_NAMED = re.compile(r"(?i)(?:\b(?:site|web|website|portfolio|blog|homepage|page perso(?:nnelle)?)\b\W{0,12})$")


def link_target(link: str) -> tuple[str, str]:
    """Return the kind of a link (`mailto`, `tel`, ...) in lower case, and what it leads to without its query."""
    kind, _, target = link.partition(":")
    return kind.lower(), unquote(target.partition("?")[0]).strip()


def find_emails(text: str, links: tuple[str, ...] = (), source: str = "cv") -> list[Fact]:
    """Return the addresses in `text`, then those only behind `mailto:` links; each once, in lower case, at most ten of each."""
    targets = [target for kind, target in map(link_target, links) if kind == "mailto"][:_MOST_EMAILS]
    hidden = [address for address in targets if _EMAIL.fullmatch(address)]
    found: dict[str, Fact] = {}
    for match in islice(_EMAIL.finditer(text), 2 * _MOST_EMAILS):
        # an icon's letters may be glued to the address: the link behind it knows better
        known = next((address for address in hidden if match[0].lower().endswith(address.lower())), None)
        begin, end = (len(match[0]) - len(known), len(match[0])) if known else _unglued(match[0])
        start, shown = match.start() + begin, match[0][begin:end]
        if _EMAIL.fullmatch(shown) and len(found) < _MOST_EMAILS:
            found.setdefault(shown.lower(), Fact(shown.lower(), shown, source, start))
    for address in hidden:
        found.setdefault(address.lower(), Fact(address.lower(), address, "link"))
    return list(found.values())


def _unglued(written: str) -> tuple[int, int]:
    """Return where an address begins and ends in what was written without a blank: a telephone number or a label before, words after."""
    glued = _GLUED_BEFORE.match(written)
    start = glued.end() if glued else 0
    ending = _GLUED_SITE.search(written, start) or _GLUED_WORD.search(written, start)
    return start, ending.end() if ending else len(written)


def find_profiles(text: str, links: tuple[str, ...] = (), source: str = "cv") -> list[NetworkProfile]:
    """Return the person's page on each known network, the first of each: from links, else from `text`."""
    found: dict[str, NetworkProfile] = {}
    for link in links:
        for network, username, url, _ in _profiles_in(link):
            found.setdefault(network, NetworkProfile(network, username, Fact(url, link, "link")))
    for network, username, url, match in _profiles_in(text):
        # "I contribute to github.com/somebody"
        if _contributes().search(text[max(0, match.start() - 80) : match.start()].rpartition("\n")[2]):
            continue
        found.setdefault(network, NetworkProfile(network, username, Fact(url, match[0], source, match.start())))
    return list(found.values())


@cache
def _contributes() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(words('cv', 'contributes'))})(?!\w)", re.IGNORECASE)


def _profiles_in(text: str) -> Iterator[tuple[str, str, str, re.Match[str]]]:
    """Yield network, user name, URL and match for each network page in `text`."""
    for network, pattern in _HOSTS:
        for match in pattern.finditer(text):
            username = unquote(match[1]).rstrip(".-")
            if not username or username.lower() in _NO_USERS:
                continue
            # a repository or a post says less about who this is than a page of one's own
            if network != "LinkedIn" and re.match(r"/?[\w\-]", text[match.end() : match.end() + 2]) and text[match.end() - 1] == "/":
                continue
            url = match[0].rstrip("/.-")
            yield network, username, url if url.lower().startswith("http") else f"https://{url}", match


def find_site(text: str, links: tuple[str, ...], known: list[str], source: str = "cv") -> Fact | None:
    """Return the person's own web page: one called so, or one whose address holds a word of `known` (name, e-mail's local part)."""
    for link in links:
        if re.match(r"(?i)https?://", link) and not _is_network(link) and _speaks_of(link, known) and link.isascii():
            return Fact(link, link, "link")
    for match in _SITE.finditer(text):
        named = _SITE_NAMED.search(text[max(0, match.start() - 30) : match.start()])
        explicit = re.match(r"(?i)https?://|www\.", match[0]) or named
        before = text[match.start() - 1 : match.start()]
        if (
            before != "@"
            and not _is_network(match[0])
            and (named or _speaks_of(match[0], known))
            and (explicit or _looks_like_host(match[0]))
        ):
            written = match[0].rstrip(".")
            return Fact(written if written.lower().startswith("http") else f"https://{written}", written, source, match.start())
    return None


def _looks_like_host(written: str) -> bool:
    """Tell `dupont.fr` from `Node.js`: a top-level domain that people have."""
    host = written.partition("/")[0].lower()
    return host.rpartition(".")[2] in {
        "fr",
        "com",
        "org",
        "net",
        "io",
        "dev",
        "me",
        "eu",
        "info",
        "be",
        "ch",
        "ca",
        "uk",
        "de",
        "example",
        "name",
        "xyz",
        "bzh",
        "paris",
    }


def _is_network(url: str) -> bool:
    host = re.sub(r"(?i)^https?://", "", url).partition("/")[0].lower()
    return any(host == name or host.endswith(f".{name}") for name in _NETWORK_HOSTS)


_NETWORK_HOSTS = (
    *("linkedin.com", "github.com", "gitlab.com", "bitbucket.org", "stackoverflow.com", "twitter.com", "x.com", "bsky.app", "orcid.org"),
    *("researchgate.net", "kaggle.com", "medium.com", "dev.to", "malt.fr", "malt.com", "behance.net", "dribbble.com", "codepen.io"),
    *("facebook.com", "instagram.com", "youtube.com", "google.com", "doi.org", "wikipedia.org"),
)


def _speaks_of(url: str, known: list[str]) -> bool:
    address = re.sub(r"(?i)^https?://", "", url).lower()
    return any(len(word) >= 3 and word in address for word in known)
