"""The Markdown of an ad into blocks of plain text, each with its heading, its links and the places where it names addresses.

Called by `parsing/offer.py`. CommonMark by markdown-it-py; raw HTML is only searched for links. Words that are struck out, commented
out or code are no words to the reader: no address is taken from them, nor from the description of a picture.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

ADDRESS = re.compile(r"(?<![\w.+@-])[A-Za-z0-9][\w.+'-]{0,63}@[A-Za-z0-9](?:[\w-]{0,62}\.){1,8}[A-Za-z]{2,24}(?![\w-])")
_INVISIBLE = re.compile("[\u200b\u200c\u2060\u00ad]")
_DOT_WORD = r"(?:\s?[\[({]\s?(?:dot|point)\s?[\])}]\s?|\s(?:dot|point)\s|\s?\[\.\]\s?|\.)"
_DOT = re.compile(_DOT_WORD, re.IGNORECASE)
_SPELLED_DOMAIN = rf"[a-z0-9][a-z0-9-]{{0,62}}(?:{_DOT_WORD}[a-z0-9-]{{1,63}}){{1,5}}"
_WRITTEN_OUT = re.compile(
    rf"(?<![\w.+@-])(?:([a-z0-9][\w.+-]{{0,63}})\s?[\[({{<]\s?(?:at|arobase|chez|@)\s?[\])}}>]\s?({_SPELLED_DOMAIN})"
    # without brackets only where it cannot be a sentence ("look at example.org")
    rf"|([a-z0-9][\w+-]{{0,63}}[.+_-][\w.+-]{{0,63}}[a-z0-9])\s(?:at|arobase)\s({_SPELLED_DOMAIN}))(?![\w@-])",
    re.IGNORECASE,
)
_MAILTO = re.compile(r"mailto:([^\s\"'<>()]{3,400})", re.IGNORECASE)
_HREF = re.compile(r"href\s*=\s*[\"']?([^\s\"'>]{1,1000})", re.IGNORECASE)
_BARE_URL = re.compile(r"https?://[^\s<>()\[\]\"']{3,500}", re.IGNORECASE)
_SUBJECT = re.compile(r"[?&]subject=([^\s&)\"'<>]{1,300})", re.IGNORECASE)
_TAG = re.compile(r"(<[^<>]{0,500}>)")
_STRUCK = re.compile(r"<(/?)(?:s|del|strike)\b", re.IGNORECASE)
_INLINE_SUBJECT = re.compile(r"\]\(mailto:[^)\n]{0,300}?[?&]subject=([^&)\n]{1,300})", re.IGNORECASE)
"""Of a link with blanks in it, which is no link by the book."""
_ANNOUNCES = re.compile(r"[:?]\W{0,3}$")
_MOST_WORDS = 12
"""Of a line that announces what follows."""
_ANNOUNCED = 7
"""The level of a line that is a heading in all but name: below all others."""
_MOST_BLOCKS = 2000
_MOST_BRACKETS = 3000
"""Beyond these an ad has no links, only their words."""
_MOST_MENTIONS = 50
"""Addresses of one block; an ad names a handful."""


@dataclass(frozen=True, slots=True)
class Named:
    """An address as the ad names it."""

    address: str
    """Lower case."""
    copied: bool = False
    """In a `cc` of a mailto link."""
    start: int = 0
    """Where in the block's text it stands, or the words of the link that holds it."""
    end: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, list item or heading."""

    heading: str
    """The nearest heading above (its own text, for a heading)."""
    level: int
    """1 to 6 for a heading, else 0."""
    text: str
    """Plain text; line ends kept."""
    mentions: tuple[Named, ...]
    """Every place where an address stands, in the text's order; an address may stand in several."""
    urls: tuple[str, ...]
    """Web links."""
    subjects: tuple[str, ...]
    """Subjects that mailto links fill in (RFC 6068)."""
    item: bool = False
    """Stands in a list."""
    under: tuple[str, ...] = ()
    """All headings that it stands under, the outermost first; a short line that announces what follows is one here too."""


@dataclass(slots=True)
class _Writing:
    """What has been read of a block so far."""

    words: list[str] = field(default_factory=list)
    length: int = 0
    links: list[tuple[str, int, int]] = field(default_factory=list)
    """Target, and where the link's words begin and end."""
    struck: int = 0

    def say(self, words: str) -> None:
        if not self.struck:
            self.words.append(words)
            self.length += len(words)

    def open_link(self, target: str) -> None:
        if not self.struck:
            self.links.append((target, self.length, -1))

    def close_link(self) -> None:
        if self.links and self.links[-1][2] < 0:
            target, start, _ = self.links[-1]
            self.links[-1] = (target, start, self.length)

    def tag(self, written: str) -> None:
        """Take notice of an HTML tag; a comment is nothing."""
        if written.startswith("<!--"):
            return
        if struck := _STRUCK.match(written):
            self.struck = max(0, self.struck + (-1 if struck[1] else 1))
        elif written[:3].lower() == "</a":
            self.close_link()
        for target in _HREF.findall(written):
            self.open_link(target)


def with_plain_addresses(text: str) -> str:
    """Return `text` with addresses that are written for people only, such as "anne [at] example [dot] org", as they are meant."""
    plain = _INVISIBLE.sub("", text.replace("＠", "@"))
    return _WRITTEN_OUT.sub(lambda found: f"{found[1] or found[3]}@{_DOT.sub('.', found[2] or found[4])}", plain)


def read_blocks(markdown: str) -> tuple[Block, ...]:
    """Return the blocks of an ad in their order, at most 2000."""
    if markdown.count("[") > _MOST_BRACKETS:  # each is looked for its end up to the text's
        markdown = markdown.replace("[", "(")
    tokens = MarkdownIt("commonmark", {"maxNesting": 40}).enable("strikethrough").parse(markdown)
    return tuple(_blocks(tokens))[:_MOST_BLOCKS]


def _blocks(tokens: Sequence[Token]) -> Iterator[Block]:
    heading, lists = "", 0
    above: list[tuple[int, str]] = []
    """The headings in force, with their levels."""
    for index, token in enumerate(tokens):
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            lists += 1
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            lists -= 1
        under = tuple(text for _, text in above)
        if token.type == "html_block":
            yield replace(_block(heading, 0, _html(token.content)), under=under)
        elif token.type in {"code_block", "fence"}:
            yield Block(heading, 0, token.content.strip(), (), (), (), under=under)
        if token.type != "inline":
            continue
        opening = tokens[index - 1]
        level = int(opening.tag[1]) if opening.type == "heading_open" else 0
        written = _inline(token.children or [])
        said = "".join(written.words)
        if level:
            heading = said
        announces = not level and not lists and _announces(token.children or [], said)
        if level or announces:
            while above and above[-1][0] >= (level or _ANNOUNCED):
                above.pop()
        yield replace(_block(heading, level, written), item=lists > 0, under=tuple(text for _, text in above))
        if level or announces:
            above.append((level or _ANNOUNCED, said))


def _announces(children: Sequence[Token], said: str) -> bool:
    """Tell whether a paragraph is a heading in all but name: short, and in bold letters or ending with a colon."""
    if not said.strip() or "@" in said or "\n" in said.strip() or len(said.split()) > _MOST_WORDS:
        return False
    bold = [child.type for child in children if child.type != "text" or child.content.strip(" :")]
    return _ANNOUNCES.search(said) is not None or (
        bold[:1] == ["strong_open"] and bold[-1:] == ["strong_close"] and bold.count("strong_open") == 1
    )


def _inline(children: Sequence[Token]) -> _Writing:
    written = _Writing()
    for child in children:
        if child.type in {"text", "code_inline"}:
            written.say(child.content)
        elif child.type in {"softbreak", "hardbreak"}:
            written.say("\n")
        elif child.type == "link_open":
            written.open_link(str(child.attrGet("href") or ""))
        elif child.type == "link_close":
            written.close_link()
        elif child.type in {"s_open", "s_close"}:
            written.struck = max(0, written.struck + child.nesting)
        elif child.type == "html_inline":
            written.tag(child.content)
        elif child.type == "image":
            written.say(ADDRESS.sub("", child.content))
    return written


def _html(content: str) -> _Writing:
    written = _Writing()
    for piece in _TAG.split(_without_comments(content)):
        if piece.startswith("<") and piece.endswith(">"):
            written.tag(piece)
            written.say(" ")
        else:
            written.say(piece)
    return written


def _without_comments(html: str) -> str:
    kept: list[str] = []
    rest = html
    while rest:
        before, opened, after = rest.partition("<!--")
        kept.append(before)
        rest = after.partition("-->")[2] if opened else ""
    return "".join(kept)


def _block(heading: str, level: int, written: _Writing) -> Block:
    text = "".join(written.words)
    mentions: list[Named] = []
    subjects: list[str] = []
    spans = [(target, start, max(start, end)) for target, start, end in written.links]
    spans += [(match[0], match.start(), match.end()) for match in _MAILTO.finditer(text)]
    for target, start, end in spans:
        if target.lower().startswith("mailto:"):
            addresses, subject = read_mailto(target)
            mentions += [Named(named.address, named.copied, start, end) for named in addresses]
            subjects.extend([subject] if subject else [])
    # of links that their writer got wrong
    subjects = [*(" ".join(unquote(match).split()) for match in _INLINE_SUBJECT.findall(text)), *subjects]
    subjects += [unquote(match) for match in _SUBJECT.findall(text)]
    for match in ADDRESS.finditer(text):
        mentions.append(Named(match[0].lower().rstrip("."), False, match.start(), match.end()))
    urls = [target for target, _, _ in written.links if target.lower().startswith(("http://", "https://"))]
    urls += [match.group().rstrip(".,;:!?") for match in _BARE_URL.finditer(text)]
    # those that only a link knows come before those in its words
    ordered = tuple(sorted(mentions, key=lambda item: item.start)[:_MOST_MENTIONS])
    return Block(heading, level, text, ordered, tuple(dict.fromkeys(urls)), tuple(subjects))


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
