"""What header and structure of a message tell without its body: whether anything of ours may be in it.

Asked for messages of a personal mailbox, so that private mail stays where it lies. One table, read from the top; in doubt the body is
read (in memory: what is no application is not kept then either). A message is only left where no rule of `parsing/rules.py` that
ends in something of ours could hit: an answer that nobody wrote, an invitation, a newsletter, what the provider marked as unwanted, an
answer in a conversation that is not ours; each without any file, without a word of recruiting in its subject and addressed to nobody
else of us. A first letter from a person is read, and so is a robot's that is no list's: forms on sites write like that.
Known limits: who applies in words only, in answer to something else or through a newsletter's machinery, under a subject that says
nothing of it. Called by `intake/collect.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from parsing.boards import is_board, is_form, is_relay
from parsing.case import AUTOMATIC_FIELDS, LIST_FIELDS, says_automatic
from parsing.context import Context
from parsing.evidence import find, plain
from parsing.forward import is_inside, is_ours
from parsing.machine_words import fold, said
from parsing.message import Message, parse_message
from parsing.quotation import bare_subject, is_forward, is_reply
from parsing.robots import is_daemon
from parsing.routing import hints_at_offer, names_offer
from parsing.spam_marks import spam_mark
from parsing.vocabulary import match

_RECRUITING = ("apply", "apply_weak", "apply_subject", "subject_applies", "own_cv", "hint", "withdraws")
_SENTENCES = ("presents_pattern", "notice_pattern", "withdraws_pattern", "follows_up_pattern")
"""Vocabularies, and patterns, of which one in a subject is enough to read on."""
_LOGO = 100_000
"""Encoded octets up to which a picture that is no attachment belongs to the letter itself."""
_TEXTS = frozenset({"text/plain", "text/html", "text/x-amp-html", "text/calendar", "text/watch-html"})
_SIGNATURES = frozenset({"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"})
_REPORTS = frozenset({"message/disposition-notification"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One leaf of a message's MIME tree, as BODYSTRUCTURE describes it (RFC 9051, 7.5.2)."""

    media_type: str
    """Lower case."""
    filename: str = ""
    disposition: str = ""
    """`attachment`, `inline` or empty."""
    size: int = 0
    """Octets as they are sent."""


@dataclass(frozen=True, slots=True)
class Glance:
    """Whether a body is to be read, and why."""

    read: bool
    reason: str


@dataclass(frozen=True, slots=True)
class _Outside:
    """What can be seen of a message from outside."""

    message: Message
    leaves: tuple[Leaf, ...]
    mailbox: str
    context: Context

    @property
    def author(self) -> str:
        return self.message.author.addr_spec.lower() if self.message.author else ""


def glance(header: bytes, leaves: tuple[Leaf, ...], mailbox: str, context: Context) -> Glance:
    """Return whether the body of a message in the personal mailbox of the address `mailbox` is to be read.

    `header`: its octets up to the empty line, complete. `leaves`: empty when the structure is not known. Never raises.
    """
    outside = _Outside(parse_message(header), leaves, mailbox.lower(), context)
    for name, read, rule in _TABLE:
        found = rule(outside)
        if found:
            return Glance(read, f"{name}: {found}"[:500])
    return Glance(read=True, reason="nothing tells it from a first letter")


def _known_thread(outside: _Outside) -> str | None:
    return min(outside.context.known_message_ids, default=None)


def _candidate(outside: _Outside) -> str | None:
    return outside.author if outside.context.sender_is_candidate else None


def _no_author(outside: _Outside) -> str | None:
    """A header that cannot be read proves nothing."""
    return None if outside.author else "no author"


def _report(outside: _Outside) -> str | None:
    """What mail servers say about deliveries: it may be about a mail of ours, and only its body names that."""
    message = outside.message
    about_reading = "report-type=disposition-notification" in message.media_type.replace('"', "").replace(" ", "")
    if message.media_type.startswith("multipart/report") and not about_reading:
        return "multipart/report"
    if is_daemon(outside.author) or message.has("x-failed-recipients"):
        return outside.author
    name = message.author.name if message.author else ""
    return said(fold(message.subject), "delivery.bounce_subject") or said(fold(name), "delivery.daemon_name")


def _file(outside: _Outside) -> str | None:
    """A file that may be a CV, a letter, another message; all of it when the structure is not known."""
    if not outside.leaves:
        return "its structure is not known"
    return next((leaf.filename or leaf.media_type for leaf in outside.leaves if _may_be_a_document(leaf)), None)


def _may_be_a_document(leaf: Leaf) -> bool:
    if leaf.media_type in _SIGNATURES | _REPORTS:
        return False
    if leaf.media_type.startswith("image/"):
        return leaf.disposition == "attachment" or leaf.size > _LOGO
    calendar = leaf.filename.lower().endswith(".ics") or leaf.media_type == "text/calendar"
    named = bool(leaf.filename) or leaf.disposition == "attachment"
    return not calendar and (leaf.media_type not in _TEXTS or named)


def _notice(outside: _Outside) -> str | None:
    """What a job board or a form says of somebody who applies, whatever it says of itself (`notice` comes before automata in the rules)."""
    author, subject = outside.message.author, outside.message.subject
    if author is None or is_reply(subject):
        return None
    if is_board(author) or is_relay(author) or is_form(author):
        return outside.author
    return match(plain(subject), "notice_pattern")


def _receipt(outside: _Outside) -> str | None:
    """A notice that a mail was displayed (RFC 8098)."""
    return next((leaf.media_type for leaf in outside.leaves if leaf.media_type in _REPORTS), None)


def _automatic(outside: _Outside) -> str | None:
    """An answer that nobody wrote (RFC 3834, 5)."""
    message = outside.message
    submitted = message.text("auto-submitted").partition(";")[0].strip().lower()
    if submitted.startswith(("auto-replied", "auto-notified")):
        return f"Auto-Submitted: {submitted}"
    for name in AUTOMATIC_FIELDS:
        if says_automatic(message, name):
            return name
    precedence = message.text("precedence").lower()
    return f"Precedence: {precedence}" if precedence in {"auto_reply", "auto-reply"} else None


def _forward(outside: _Outside) -> str | None:
    return "Fwd: in the subject" if is_forward(outside.message.subject) else None


def _recruiting(outside: _Outside) -> str | None:
    """A word of recruiting in the subject, or what an offer is called."""
    subject = plain(bare_subject(outside.message.subject))
    word = next((words[0] for key in _RECRUITING if (words := find(subject, key))), None)
    word = word or next((found for key in _SENTENCES if (found := match(subject, key))), None)
    offers, names = outside.context.offers, (outside.message.author.name,) if outside.message.author else ()
    return word or names_offer(subject, offers) or hints_at_offer(subject, offers, names=names)


def _invitation(outside: _Outside) -> str | None:
    """A calendar object beside its own description (RFC 6047), and nothing else."""
    return next((leaf.media_type for leaf in outside.leaves if leaf.media_type == "text/calendar" and not leaf.filename), None)


def _others_of_us(outside: _Outside) -> str | None:
    """Another address of ours among the recipients: a group that hands applications on to its members."""
    ours = outside.context.our_addresses | outside.context.recruiters
    return min(({one.addr_spec.lower() for one in outside.message.recipients} & ours) - {outside.mailbox}, default=None)


def _colleague(outside: _Outside) -> str | None:
    author, context = outside.message.author, outside.context
    return outside.author if is_ours(author, context) or is_inside(author, context) else None


def _list(outside: _Outside) -> str | None:
    """A list or newsletter (RFC 2369, RFC 2919)."""
    message = outside.message
    precedence = message.text("precedence").lower()
    named = next((name for name in (*LIST_FIELDS, "x-campaign-id") if message.has(name)), None)
    return named or (f"Precedence: {precedence}" if precedence in {"bulk", "list", "junk"} else None)


def _unwanted(outside: _Outside) -> str | None:
    return spam_mark(outside.message)


def _answer_elsewhere(outside: _Outside) -> str | None:
    """An answer in a conversation that is none of ours."""
    references = outside.message.references
    return references[0] if is_reply(outside.message.subject) and references else None


_TABLE: tuple[tuple[str, bool, Callable[[_Outside], str | None]], ...] = (
    ("known_thread", True, _known_thread),
    ("candidate", True, _candidate),
    ("no_author", True, _no_author),
    ("report", True, _report),
    ("file", True, _file),
    ("read_receipt", False, _receipt),
    ("notice", True, _notice),
    ("automatic_answer", False, _automatic),
    ("forward", True, _forward),
    ("recruiting", True, _recruiting),
    ("others_of_us", True, _others_of_us),
    ("invitation", False, _invitation),
    ("colleague", True, _colleague),
    ("mailing", False, _list),
    ("unwanted", False, _unwanted),
    ("answer_elsewhere", False, _answer_elsewhere),
)
"""Asked from the top; the first that hits decides. True: the body is read."""
