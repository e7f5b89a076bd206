"""How to reach a person: e-mail address, telephone number in E.164, networks, home page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

import phonenumbers

from parsing.profile.facts import Fact, NetworkProfile

_EMAIL = re.compile(
    r"(?<![\w.+\-@])[A-Za-z0-9][\w.+\-]{0,63}@(?:[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?\.){1,6}[A-Za-z]{2,24}(?![\w@])", re.ASCII
)

_INTERNATIONAL = re.compile(r"(?<![\w+])(?:\+|00)[1-9](?:[ \t().\-/·]{0,3}\d){6,17}(?!\d)")
_FRENCH = re.compile(r"(?<![\w+.\-/])0[1-9](?:[ .\-/]{0,3}\d{2}){4}(?![\d])|(?<![\w+])0\d{3}[ .]\d{3}[ .]\d{3}(?!\d)")
_AMERICAN = re.compile(r"(?<![\w+])(?:\(\d{3}\)[ ]?|\d{3}[\-.])\d{3}[\-.]\d{4}(?!\d)")
_FOUR_SIX = re.compile(r"\d{4}[ .\-/]+\d{6}")
"""Ten digits as no French person groups them: another country's number, whose country nobody told us."""
_NOT_A_PHONE = re.compile(r"(?i)(?:\bfax|siren|siret|rpps|adeli|\bisbn|\bissn|\bdoi|\borcid)\W*(?:n°)?\W*$")

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


def find_emails(text: str, links: tuple[str, ...] = (), source: str = "cv") -> list[Fact]:
    """Return the addresses in `text`, then those only behind `mailto:` links; each once, in lower case."""
    hidden = [unquote(link[7:]).partition("?")[0].strip() for link in links if link.lower().startswith("mailto:")]
    hidden = [address for address in hidden if _EMAIL.fullmatch(address)]
    found: dict[str, Fact] = {}
    for match in _EMAIL.finditer(text):
        # an icon's letters may be glued to the address: the link behind it knows better
        shown = next((address for address in hidden if match[0].lower().endswith(address.lower())), match[0])
        start = match.end() - len(shown)
        found.setdefault(shown.lower(), Fact(shown.lower(), text[start : match.end()], source, start))
    for address in hidden:
        found.setdefault(address.lower(), Fact(address.lower(), address, "link"))
    return list(found.values())


def find_phones(text: str, links: tuple[str, ...] = (), source: str = "cv") -> list[Fact]:
    """Return telephone numbers in E.164: those behind `tel:` links first, then those in `text`, each once.

    A number without its country is read as French where it is grouped as French numbers are, as North American where it is written
    so; else its country is unknown and it is left out. Numbers kept for fiction are taken: whether one is in use is not our question.
    """
    found: dict[str, Fact] = {}
    for link in links:
        if link.lower().startswith("tel:"):
            written = unquote(link[4:]).strip()
            match = _INTERNATIONAL.fullmatch(written) or _FRENCH.fullmatch(written)
            if match and (number := _e164(match[0])):
                found.setdefault(number, Fact(number, written, "link"))
    matches = [match for pattern in (_INTERNATIONAL, _FRENCH, _AMERICAN) for match in pattern.finditer(text)]
    for match in sorted(matches, key=re.Match.start):
        if _NOT_A_PHONE.search(text[max(0, match.start() - 20) : match.start()]):
            continue
        if number := _e164(match[0]):
            fact = Fact(number, match[0], source, match.start())
            # words on the page are a better source than what lies behind them
            if number not in found or found[number].source == "link":
                found[number] = fact
    return list(found.values())


def _e164(written: str) -> str | None:
    """Return a written number in E.164 (ITU-T), or None when it cannot be one."""
    if _FOUR_SIX.fullmatch(written):
        return None
    region = "US" if _AMERICAN.fullmatch(written) else "FR"
    # "+33 (0)6": the trunk prefix in brackets is not dialled from abroad; Italy's zero belongs to the number
    dialled = written if re.match(r"(?:\+|00)39", written) else re.sub(r"\(0\)", "", written)
    dialled = re.sub(r"^00", "+", dialled)
    while True:
        try:
            number = phonenumbers.parse(dialled, region)
        except phonenumbers.NumberParseException:
            return None
        if phonenumbers.is_possible_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        # a year or a postal code that follows the number
        shorter = re.sub(r"[ \t().\-/·]+\d+$", "", dialled)
        if shorter == dialled:
            return None
        dialled = shorter


def find_profiles(text: str, links: tuple[str, ...] = (), source: str = "cv") -> list[NetworkProfile]:
    """Return the person's page on each known network, the first of each: from links, else from `text`."""
    found: dict[str, NetworkProfile] = {}
    for link in links:
        for network, username, url, _ in _profiles_in(link):
            found.setdefault(network, NetworkProfile(network, username, Fact(url, link, "link")))
    for network, username, url, match in _profiles_in(text):
        found.setdefault(network, NetworkProfile(network, username, Fact(url, match[0], source, match.start())))
    return list(found.values())


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
