"""A person's pages on networks: from link annotations, from the text, or by a handle beside the network's name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import islice
from urllib.parse import unquote

from parsing.languages import words
from parsing.profile.facts import Fact, NetworkProfile, fold

_NETWORKS: tuple[tuple[str, str, str], ...] = (
    ("LinkedIn", "linkedin.com", r"/\s?(?:mwlite/)?(?:(?:in|pub)/\s?)?([\w%.\-~]+(?:(?<=-)\n[a-z\d][\w%\-]*)?)"),
    ("GitHub", "github.com", r"/\s?([A-Za-z\d](?:-?[A-Za-z\d]){0,38}(?:-\n[a-z\d][a-z\d\-]{0,30})?)"),
    ("GitLab", "gitlab.com", r"/\s?([\w.\-]+)"),
    ("Bitbucket", "bitbucket.org", r"/([\w.\-]+)"),
    ("Codeberg", "codeberg.org", r"/([\w.\-]+)"),
    ("Stack Overflow", "stackoverflow.com", r"/users/(\d+(?:/[\w.\-]+)?)"),
    ("X", "twitter.com", r"/@?(\w{1,15})"),
    ("X", "x.com", r"/@?(\w{1,15})"),
    ("Mastodon", "mastodon.social", r"/@(\w+)"),
    ("Mastodon", "mastodon.xyz", r"/@(\w+)"),
    ("Mastodon", "mastodon.online", r"/@(\w+)"),
    ("Mastodon", "mamot.fr", r"/@(\w+)"),
    ("Mastodon", "piaille.fr", r"/@(\w+)"),
    ("Mastodon", "framapiaf.org", r"/@(\w+)"),
    ("Bluesky", "bsky.app", r"/profile/([\w.\-]+)"),
    ("ORCID", "orcid.org", r"/(\d{4}-\d{4}-\d{4}-\d{3}[\dX])"),
    ("HAL", "cv.hal.science", r"/([\w.\-]+)"),
    ("HAL", "cv.archives-ouvertes.fr", r"/([\w.\-]+)"),
    ("ResearchGate", "researchgate.net", r"/profile/([\w.\-]+)"),
    ("Google Scholar", "scholar.google", r"\.(?:com|fr)/citations\?(?:hl=\w\w&)?user=([\w\-]{12})"),
    ("Kaggle", "kaggle.com", r"/([\w.\-]+)"),
    ("Hugging Face", "huggingface.co", r"/([\w.\-]+)"),
    ("Medium", "medium.com", r"/@([\w.\-]+)"),
    ("Dev.to", "dev.to", r"/([\w.\-]+)"),
    ("Malt", "malt.fr", r"/profile/([\w.\-]+)"),
    ("Malt", "malt.com", r"/profile/([\w.\-]+)"),
    ("Behance", "behance.net", r"/([\w.\-]+)"),
    ("Dribbble", "dribbble.com", r"/([\w.\-]+)"),
    ("CodePen", "codepen.io", r"/([\w.\-]+)"),
)
"""Name, host in lower case, and how a person's page is called there."""
_PAGES = tuple((network, host, re.compile(re.escape(host) + path, re.IGNORECASE)) for network, host, path in _NETWORKS)
_BEFORE = re.compile(r"(?:^|[^\w@.\-])((?:https?://)?\s?(?:www\.\s?|[a-z]{1,3}\.)?)$", re.IGNORECASE)
_LONGEST_BEFORE = 16
_MOST_PAGES = 100
"""Of one network in one text."""
_NO_USERS = frozenset(
    ("about", "company", "explore", "features", "feed", "jobs", "login", "orgs", "pricing", "pulse", "search", "settings")
    + ("share", "sharing", "signup", "sponsors", "topics", "school", "groups", "in", "pub", "profile", "learning", "posts", "home")
    + ("intent", "hashtag", "competitions", "datasets", "models", "spaces", "gallery", "shots", "users", "readme", "apps", "marketplace")
)
"""First path segments that are pages of the network, not people."""
_HANDLES: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    ("LinkedIn", "https://www.linkedin.com/in/", re.compile(r"[\w%\-]{3,80}")),
    ("GitHub", "https://github.com/", re.compile(r"[A-Za-z\d](?:-?[A-Za-z\d]){1,38}")),
    ("GitLab", "https://gitlab.com/", re.compile(r"[\w.\-]{3,60}", re.ASCII)),
    ("X", "https://x.com/", re.compile(r"\w{3,15}", re.ASCII)),
    ("Kaggle", "https://www.kaggle.com/", re.compile(r"[\w\-]{3,40}", re.ASCII)),
    ("Behance", "https://www.behance.net/", re.compile(r"[\w\-]{3,40}", re.ASCII)),
    ("Dribbble", "https://dribbble.com/", re.compile(r"[\w\-]{3,40}", re.ASCII)),
    ("Malt", "https://www.malt.fr/profile/", re.compile(r"[\w\-]{3,60}", re.ASCII)),
    ("Medium", "https://medium.com/@", re.compile(r"[\w.\-]{3,60}", re.ASCII)),
)
"""Where a name beside the network's own leads."""
_LABEL = re.compile(
    r"(?:(?P<network>linked-?in|git-?hub|git-?lab|twitter|kaggle|behance|dribbble|malt|medium)(?![\w.])"
    r"(?:[ ]?(?P<colon>[:：])[ ]?|[ ]?/[ ]?|[\t\n ])(?P<in>/?in/)?|(?P<bare>/?in/))(?P<at>[@/])?"
)
_NO_LABEL_AFTER = re.compile(r"[\w./@\-]\Z")
_PLAIN = ("LinkedIn", "GitHub", "GitLab")
"""Networks whose names are no words of a language."""
_MOST_LABELS = 40
_ENDS = re.compile(r"[ ]{0,2}(?:$|[\n\t|·•,;)—–]|[ ]-[ ])")
"""What stands after a handle, as after all that is no sentence."""


def find_profiles(text: str, links: tuple[str, ...] = (), source: str = "cv") -> list[NetworkProfile]:
    """Return the pages of people on each known network, those behind links first; more than one of a network where there are."""
    found: dict[tuple[str, str], NetworkProfile] = {}
    for link in links:
        for network, username, url, _ in _profiles_in(link):
            found.setdefault((network, username.lower()), NetworkProfile(network, username, Fact(url, link, "link")))
    for network, username, url, (start, end) in _profiles_in(text):
        # "I contribute to github.com/somebody"
        if _contributes().search(text[max(0, start - 80) : start].rpartition("\n")[2]):
            continue
        found.setdefault((network, username.lower()), NetworkProfile(network, username, Fact(url, text[start:end], source, start)))
    return list(found.values())


def own_profiles(found: Sequence[NetworkProfile], is_own: Callable[[str], bool]) -> tuple[NetworkProfile, ...]:
    """Return one page for each network: the first whose user name `is_own`, else the first."""
    chosen: dict[str, NetworkProfile] = {}
    for item in found:
        held = chosen.get(item.network)
        if held is None or (not is_own(held.username) and is_own(item.username)):
            chosen[item.network] = item
    return tuple(chosen.values())


def find_handles(text: str, taken: set[str], is_own: Callable[[str], bool], source: str = "cv") -> Iterator[NetworkProfile]:
    """Yield the pages of networks not yet `taken` that a text names by a handle: "LinkedIn : lea-morin", "in/lea-morin".

    Without a colon or the network's own sign, the handle must be the person's name.
    """
    for label in islice(_LABEL.finditer(_lowered(text)), _MOST_LABELS):
        if _NO_LABEL_AFTER.match(text, max(0, label.start() - 1), label.start()):
            continue
        named = fold(label["network"] or "linkedin").replace(" ", "")
        network, base, pattern = next(one for one in _HANDLES if fold(one[0]) == {"twitter": "x"}.get(named, named))
        handle = pattern.match(text, label.end())
        if network in taken or not handle or handle[0].lower() in _NO_USERS or fold(handle[0]) in _words_of_networks():
            continue
        telling = "-" in handle[0] or any(map(str.isdigit, handle[0]))
        plain = network in _PLAIN and label["colon"] and handle[0].isascii()
        sure = plain or label["in"] or label["at"] == "@" or (label["bare"] and telling)
        if _ENDS.match(text, handle.end()) and ((sure and not handle[0].isdigit()) or is_own(handle[0])):
            taken.add(network)
            start = label.start("bare") if label["bare"] else label.start("in") if label["in"] else handle.start()
            yield NetworkProfile(network, handle[0], Fact(base + handle[0], text[start : handle.end()], source, start))


def _profiles_in(text: str) -> Iterator[tuple[str, str, str, tuple[int, int]]]:
    """Yield network, user name, URL and place for each network page in `text`."""
    lowered = _lowered(text)
    for network, host, pattern in _PAGES:
        if host not in lowered:
            continue
        for match in islice(pattern.finditer(text), _MOST_PAGES):
            before = _BEFORE.search(text[max(0, match.start() - _LONGEST_BEFORE) : match.start()])
            username = unquote(match[1].replace("\n", "")).rstrip(".-")
            if before is None or not username or username.lower() in _NO_USERS:
                continue
            # a repository or a post says less about who this is than a page of one's own
            if network != "LinkedIn" and re.match(r"/[\w\-]", text[match.end() : match.end() + 2]):
                continue
            start, end = match.start() - len(before[1]), match.end()
            written = re.sub(r"\s", "", text[start:end])
            url = written.rstrip("/.-")
            yield network, username, url if url.lower().startswith("http") else f"https://{url}", (start, end)


@lru_cache(maxsize=1)
def _lowered(text: str) -> str:
    """Return `text` in small letters, as long as it was."""
    small = text.lower()
    return small if len(small) == len(text) else "".join(sign.lower() if len(sign.lower()) == 1 else sign for sign in text)


@cache
def _contributes() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(words('cv', 'contributes'))})(?!\w)", re.IGNORECASE)


@cache
def _words_of_networks() -> frozenset[str]:
    """Words that stand beside the name of a network and are no handle."""
    return frozenset(fold(name) for name, _, _ in _HANDLES) | {fold(word) for word in words("cv", "no_handle")}
