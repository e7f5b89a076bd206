"""What a mail is, and why: the table `RULES` walked from the top, and the reasons not to answer."""

from __future__ import annotations

from dataclasses import dataclass

from parsing.authentication import Authentication
from parsing.case import Case
from parsing.mail_class import MailClass
from parsing.refusals import refusals
from parsing.rules import RULES

__all__ = ["Authentication", "MailClass", "Verdict", "classify"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The class of a message, with everything that led to it."""

    mail_class: MailClass
    reasons: tuple[str, ...]
    """The rule that hit, with the words found: `rule-name: evidence`; where it is unsure also what speaks against: `against: …`."""
    misses: tuple[str, ...] = ()
    """Names of the rules asked before, which did not hit."""
    refusals: tuple[str, ...] = ()
    """Named reasons not to answer automatically (RFC 3834, 2); stable codes such as `auto_submitted`."""
    authentication: Authentication = Authentication.NONE

    @property
    def auto_reply_allowed(self) -> bool:
        """True when nothing in the message itself forbids an acknowledgement."""
        return not self.refusals


def classify(case: Case) -> Verdict:
    """Return the verdict on a message. The last rule always hits."""
    misses: list[str] = []
    for name, mail_class, rule in RULES:
        found = rule(case)
        if found is not None:
            return Verdict(
                mail_class=mail_class,
                reasons=(f"{name}: {found}"[:500], *_against(case, mail_class)),
                misses=tuple(misses),
                refusals=refusals(case, mail_class),
                authentication=case.authentication,
            )
        misses.append(name)
    raise AssertionError("the last rule takes everything")


def _against(case: Case, mail_class: MailClass) -> tuple[str, ...]:
    """Return the other reading, where a person has to choose between two."""
    return (f"against: {'; '.join(case.doubts)}"[:500],) if mail_class is MailClass.UNSURE and case.doubts else ()
