"""The Markdown of an ad into blocks of plain text, each with its heading, its links and the addresses it names.

Called by `parsing/offer.py`. CommonMark by markdown-it-py; raw HTML is only searched for links.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

ADDRESS = re.compile(r"(?<![\w.+@-])[A-Za-z0-9][\w.+'-]{0,63}@[A-Za-z0-9](?:[\w-]{0,62}\.){1,8}[A-Za-z]{2,24}(?![\w-])")
_MAILTO = re.compile(r"mailto:([^\s\"'<>()]{3,400})", re.IGNORECASE)
_HREF = re.compile(r"href\s*=\s*[\"']?([^\s\"'>]{1,1000})", re.IGNORECASE)
_BARE_URL = re.compile(r"https?://[^\s<>()\[\]\"']{3,500}", re.IGNORECASE)
_SUBJECT = re.compile(r"[?&]subject=([^\s&)\"'<>]{1,300})", re.IGNORECASE)
_MOST_BLOCKS = 2000


@dataclass(frozen=True, slots=True)
class Named:
    """An address as the ad names it."""

    address: str
    """Lower case."""
    copied: bool = False
    """In a `cc` of a mailto link."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, list item or heading."""

    heading: str
    """The nearest heading above (its own text, for a heading)."""
    level: int
    """1 to 6 for a heading, else 0."""
    text: str
    """Plain text; line ends kept."""
    addresses: tuple[Named, ...]
    """In the order in which they stand, each once."""
    urls: tuple[str, ...]
    """Web links."""
    subjects: tuple[str, ...]
    """Subjects that mailto links fill in (RFC 6068)."""


def read_blocks(markdown: str) -> tuple[Block, ...]:
    """Return the blocks of an ad in their order, at most 2000."""
    tokens = MarkdownIt("commonmark", {"maxNesting": 40}).parse(markdown)
    return tuple(_blocks(tokens))[:_MOST_BLOCKS]


def _blocks(tokens: Sequence[Token]) -> Iterator[Block]:
    heading = ""
    for index, token in enumerate(tokens):
        if token.type in {"html_block", "code_block", "fence"}:
            yield _block(heading, 0, re.sub(r"<[^>]{0,500}>", " ", token.content), _hrefs(token.content))
        if token.type != "inline":
            continue
        opening = tokens[index - 1]
        level = int(opening.tag[1]) if opening.type == "heading_open" else 0
        text, links = _inline(token.children or [])
        if level:
            heading = text
        yield _block(heading, level, text, links)


def _inline(children: Sequence[Token]) -> tuple[str, list[str]]:
    """Return the text and the link targets; a link's target stands before its text, so that order is kept."""
    words: list[str] = []
    links: list[str] = []
    for child in children:
        if child.type in {"text", "code_inline"}:
            words.append(child.content)
        elif child.type in {"softbreak", "hardbreak"}:
            words.append("\n")
        elif child.type == "link_open":
            links.append(str(child.attrGet("href") or ""))
        elif child.type == "html_inline":
            links.extend(_hrefs(child.content))
        elif child.type == "image":
            words.append(child.content)
    return "".join(words), links


def _hrefs(html: str) -> list[str]:
    return _HREF.findall(html)


def _block(heading: str, level: int, text: str, links: Sequence[str]) -> Block:
    found: dict[str, Named] = {}
    subjects: list[str] = []
    targets = [*links, *(f"mailto:{target}" for target in _MAILTO.findall(text))]
    for link in targets:
        if link.lower().startswith("mailto:"):
            addresses, subject = read_mailto(link)
            for named in addresses:
                found.setdefault(named.address, named)
            subjects.extend([subject] if subject else [])
    subjects.extend(unquote(match) for match in _SUBJECT.findall(text))  # of links that their writer got wrong
    bare = [match.group().lower().rstrip(".") for match in ADDRESS.finditer(text)]
    for address in bare:
        found.setdefault(address, Named(address))
    order = {address: position for position, address in reversed(list(enumerate(bare)))}
    ordered = sorted(found.values(), key=lambda item: order.get(item.address, -1))  # those that only a link knows come first
    urls = [link for link in links if link.lower().startswith(("http://", "https://"))]
    urls += [match.group().rstrip(".,;:!?") for match in _BARE_URL.finditer(text)]
    return Block(heading, level, text.strip(), tuple(ordered), tuple(dict.fromkeys(urls)), tuple(subjects))


def read_mailto(link: str) -> tuple[tuple[Named, ...], str | None]:
    """Return the addresses of a mailto link, those of `to` and `cc` included, and its subject (RFC 6068)."""
    path, _, query = link.partition(":")[2].partition("?")
    fields: dict[str, list[str]] = {}
    for pair in query.split("&")[:20]:  # "+" stays itself here (RFC 6068, 5), unlike in forms
        name, _, value = pair.partition("=")
        fields.setdefault(name.lower().removeprefix("amp;"), []).append(unquote(value))
    copied = " ".join(fields.get("cc", []))
    direct = " ".join([unquote(path), *fields.get("to", [])])
    named = [Named(match.group().lower()) for match in ADDRESS.finditer(direct)]
    named += [Named(match.group().lower(), copied=True) for match in ADDRESS.finditer(copied)]
    subject = " ".join(" ".join(fields.get("subject", [])[:1]).split())[:200]
    return tuple({item.address: item for item in named}.values()), subject or None
