"""The rules that say what a mail is: an ordered table, asked from the top, each rule a function with a name.

A rule looks at one `Case` and returns the words it found, or None. Adding a class or a sign is one function and one row of `RULES`.
What an automaton wrote comes first (`parsing/reports.py`, `parsing/automata.py`, `parsing/mailings.py`), because it must never be answered;
what speaks for an application comes before what speaks for nothing, because an application must never be lost.
"""

from __future__ import annotations

from collections.abc import Callable

from parsing.automata import answers_by_itself, automatic_answer, invitation
from parsing.boards import is_program
from parsing.case import Case
from parsing.evidence import ENOUGH
from parsing.languages import words
from parsing.mail_class import MailClass
from parsing.mailings import mailing
from parsing.quotation import is_forward, is_reply
from parsing.reports import delivery_report, read_receipt, report_about_mail
from parsing.robots import is_for_applications
from parsing.unwanted import harmful, marked, sealed
from parsing.vocabulary import find, hints, match

_SHORT_QUESTION = 300
_SHORT_THANKS = 700
"""Characters of a mail that does nothing but thank."""

Rule = Callable[[Case], str | None]


def notice(case: Case) -> str | None:
    """A job board, an applicant tracking system or a form says who applies; in somebody's own mailbox it must be for an offer of ours."""
    said = case.notice
    if said is None or case.is_suspect or is_reply(case.message.subject) or answers_by_itself(case.message):
        return None
    offer = case.evidence.has("title") or case.evidence.has("near_title")
    if not (said.names or case.carries_cv) or (case.context.personal and not (offer or case.has_cv)):
        return None
    whose = " ".join(filter(None, (said.name, f"<{said.email}>" if said.email else None))) or "the person of the CV"
    return f"{said.said}: {whose}; {case.evidence}"


def several(case: Case) -> str | None:
    """The applications of several people in one message: it can be recorded for one of them only, so a person takes them apart."""
    return f"several people: {', '.join(case.several)}" if case.several else None


def forwarded(case: Case) -> str | None:
    """Somebody hands an application on: one of us, or with what speaks for an application inside."""
    forward = case.body.forward
    if forward is None:
        return None
    inside = forward.author.addr_spec.lower() if forward.author else "an unnamed author"
    if case.convinces or (case.is_ours and case.evidence.weight >= ENOUGH and (case.applies or case.carries_cv)):
        return f"of {inside}; {case.evidence}"
    known_reader = any(is_for_applications(address.addr_spec) for address in case.message.recipients)
    theirs = is_forward(case.message.subject) and inside not in case.context.our_addresses | case.context.recruiters
    return f"of {inside}, to a mailbox for applications" if known_reader and theirs and forward.text else None


def handed_on(case: Case) -> str | None:
    """One of us sends the CV of somebody else, however it came."""
    return f"from {case.author}; {case.evidence}" if case.is_ours and case.has_cv and case.cv_of_other else None


def handed_on_perhaps(case: Case) -> str | None:
    """One of us sends what may be an application: a CV that does not say whose it is, a mail that cannot be opened."""
    if not case.is_ours:
        return None
    sealed_one = case.is_encrypted and (is_forward(case.message.subject) or case.evidence.has("subject_applies"))
    return case.unopened or (str(case.evidence) if case.has_cv else "encrypted" if sealed_one else None)


def colleague(case: Case) -> str | None:
    """Written by one of us, or by somebody of our own domain who does not apply."""
    if case.is_ours:
        return case.author
    interested = case.mentions and (case.evidence.has("document") or bool(case.body.links) or "http" in case.body.written)
    applies = case.carries_cv or case.applies or interested
    return f"of our own domain: {case.author}" if case.is_inside and not applies and not case.context.known_message_ids else None


def answer_in_known_thread(case: Case) -> str | None:
    """An answer in a conversation of an application: not what we write to each other, nor what brings another person's CV."""
    if case.is_ours or (case.has_cv and not case.context.sender_is_candidate):
        return None
    return min(case.context.known_message_ids, default=None)


def withdrawal(case: Case) -> str | None:
    """Somebody takes an application back, in a conversation that is known."""
    known = case.context.sender_is_candidate or bool(case.context.known_message_ids)
    return withdrawal_perhaps(case) if known else None


def withdrawal_perhaps(case: Case) -> str | None:
    """Somebody takes an application back that we do not know of."""
    if said := find(case.words, "withdraws"):
        return said[0]
    said_so = match(case.words, "withdraws_pattern")
    about = case.speaks_of_work or bool(find(case.words, "file"))
    return said_so if said_so and about and not case.carries_cv and not _applies_anew(case) else None


def follow_up(case: Case) -> str | None:
    """Somebody asks what has become of an application, or thanks, without a CV: it belongs to an application, and is none."""
    if case.carries_cv or case.evidence.has("elsewhere") or case.evidence.has("cv_link"):
        return None
    asks = next((piece.detail for piece in case.evidence.pieces if piece.name == "asks_after"), None)
    if asks is not None and (case.speaks_of_work or find(case.words, "file")):
        return f"it asks after an application: {asks}"
    thanks = match(case.words[:400], "thanks_pattern")
    return f"it thanks: {thanks}" if thanks and not case.applies and len(case.body.written) < _SHORT_THANKS else None


def offered(case: Case) -> str | None:
    """Somebody offers the services of people whom no CV names: an agency's profiles, which are nobody's application."""
    if not case.unnamed:
        return None
    said = match(case.words, "sells_pattern")
    return f"it offers the services of others: {said}" if said and not case.evidence.has("own_cv") else None


def answer(case: Case) -> str | None:
    """An answer to something, without a CV of its own; it may belong to a candidate."""
    context = case.context
    if (case.has_cv or (case.carries_cv and case.applies)) and not context.sender_is_candidate:
        return None
    message = case.message
    if is_reply(message.subject) and (message.references or case.body.quotes or context.sender_is_candidate):
        return "Re: in the subject"
    if case.body.quotes and (message.references or not case.applies):
        return "it quotes what it answers"
    own = case.applies or case.carries_cv or case.evidence.has("wording")  # the subject is that of whom is answered
    if is_reply(message.subject) and not (case.convinces and own):
        return "Re: in the subject"
    return "the author is a candidate" if context.sender_is_candidate and not case.has_cv and message.references else None


def application(case: Case) -> str | None:
    """Enough speaks for an application; in the conversation of somebody else's only words that apply do."""
    if not case.convinces or (case.context.known_message_ids and not case.evidence.has("phrase")):
        return None
    own = case.has_cv or case.applies
    asks = case.asks and (not own or (not case.carries_cv and _only_speaks_of_it(case)))
    program = case.message.author is not None and is_program(case.message.author) and not own
    return None if asks or program else str(case.evidence)


def _only_speaks_of_it(case: Case) -> bool:
    """Tell whether a few lines speak of an application without applying: it may be one that was sent before."""
    return case.evidence.has("phrase") and not _applies_anew(case) and len(case.body.written) < _SHORT_QUESTION


def _applies_anew(case: Case) -> bool:
    """Tell whether words apply, rather than only name an application, which may be one that was sent before."""
    return case.evidence.has("own_cv") or bool(set(find(case.words, "apply")) - set(words("mail", "apply_noun")))


def perhaps(case: Case) -> str | None:
    """Something speaks for an application, not enough: a person decides."""
    evidence = case.evidence
    said = hints(case.words)
    if any(evidence.has(name) for name in ("cv", "supposed_cv", "phrase", "own_cv", "body")):
        return str(evidence)
    if case.unopened:
        return f"a mail that cannot be opened: {case.unopened}"
    if evidence.has("recipient") and (
        said or evidence.has("document") or any(evidence.has(name) for name in ("cv_link", "asks_after")) or evidence.weight >= ENOUGH
    ):
        return "; ".join(filter(None, (str(evidence), ", ".join(said[:3]))))
    if case.is_inside and case.mentions:
        return str(evidence)
    return "the author is a candidate" if case.context.sender_is_candidate else None


def anything(_case: Case) -> str:
    """What no rule above knows."""
    return "nothing speaks for an application"


RULES: tuple[tuple[str, MailClass, Rule], ...] = (
    ("report_about_mail", MailClass.OTHER, report_about_mail),
    ("delivery_report", MailClass.BOUNCE, delivery_report),
    ("read_receipt", MailClass.AUTO_REPLY, read_receipt),
    ("notice", MailClass.APPLICATION, notice),
    ("automatic_answer", MailClass.AUTO_REPLY, automatic_answer),
    ("invitation", MailClass.CALENDAR, invitation),
    ("answer_in_known_thread", MailClass.REPLY, answer_in_known_thread),
    ("mailing", MailClass.LIST_OR_NEWSLETTER, mailing),
    ("harmful", MailClass.SPAM, harmful),
    ("several", MailClass.UNSURE, several),
    ("forwarded", MailClass.FORWARDED_APPLICATION, forwarded),
    ("handed_on", MailClass.FORWARDED_APPLICATION, handed_on),
    ("handed_on_perhaps", MailClass.UNSURE, handed_on_perhaps),
    ("colleague", MailClass.INTERNAL, colleague),
    ("withdrawal", MailClass.REPLY, withdrawal),
    ("sealed", MailClass.UNSURE, sealed),
    ("answer", MailClass.REPLY, answer),
    ("withdrawal_perhaps", MailClass.UNSURE, withdrawal_perhaps),
    ("follow_up", MailClass.REPLY, follow_up),
    ("offered", MailClass.UNSURE, offered),
    ("marked", MailClass.UNSURE, marked),
    ("application", MailClass.APPLICATION, application),
    ("perhaps", MailClass.UNSURE, perhaps),
    ("anything", MailClass.OTHER, anything),
)
"""Asked from the top; the first that hits decides."""
