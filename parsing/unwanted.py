"""The rules for what our provider or a file warns of, and for what cannot be read: a filter errs, and a sealed mail may be an application.

So nothing that may be one is put away here: a person looks. Called through the table in `parsing/rules.py`.
"""

from __future__ import annotations

import re

from parsing.case import Case
from parsing.evidence import find, plain
from parsing.quotation import is_reply
from parsing.roles import EXECUTABLE

_DISGUISED = re.compile(r"\.[a-z0-9]{2,4}\.[a-z0-9]{2,4}$", re.IGNORECASE)


def harmful(case: Case) -> str | None:
    """A program in disguise, or what our provider marks as unwanted while nothing in it has to do with an application."""
    program = next((file.filename for file in case.attachments if EXECUTABLE.search(file.filename)), None)
    if program and not case.is_full and (_DISGUISED.search(program) or not case.applies):
        return program
    known = case.context.sender_is_candidate or bool(case.context.known_message_ids)
    if case.spam_mark and not (case.carries_cv or case.mentions or case.hands_on or known):
        return case.spam_mark
    words = find(plain(f"{case.message.subject} {case.body.written[:2000]}"), "spam")
    return words[0] if words and not case.has_cv and not case.mentions else None


def marked(case: Case) -> str | None:
    """What our provider marks as unwanted and what yet applies: a filter errs, and so may the mail, so a person looks."""
    mark = case.spam_mark
    if mark is None or case.is_ours:
        return None
    applies = case.would_convince if case.context.personal else case.would_convince or case.has_cv or case.applies or case.hands_on
    return f"{mark}; {case.evidence}" if applies else None


def sealed(case: Case) -> str | None:
    """An encrypted mail that nothing readable decides: to a mailbox for applications it may be one, so a person opens it."""
    evidence = case.evidence
    if not case.is_encrypted or case.is_ours or case.would_convince:
        return None
    if case.context.sender_is_candidate and is_reply(case.message.subject):
        return None
    applies = any(evidence.has(name) for name in ("subject_applies", "phrase", "own_cv", "title"))
    meant = evidence.has("recipient") or applies if not case.context.personal else applies
    return "; ".join(filter(None, ("encrypted", str(evidence)))) if meant else None
