"""A digest's facts as the page shows them: plain cleaned words in the order of arrival, nothing left to decide for a template.

Never a score, a rank or a colour that judges (AI Act, annex III(4)(a) and art. 6(3)): applications stand in the order they came.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from notifications.clean import clean_line
from notifications.digest_parts import Card, Decision, DocumentLine, OfferPart, Page, Update, Waiting
from notifications.profile_lines import excerpt, experience, label, languages, line, phone, place, skills
from notifications.rendering import day, size, words
from notifications.workdays import Calendar, working_days_since
from storage.views import ApplicationView, DigestView, DocumentView, News, TriageView

_DOCUMENT_PROBLEMS = frozenset({"encrypted", "no_text", "ocr_used", "unreadable", "too_large", "timeout", "hidden_text", "unsupported"})
"""Shown beside the document itself, so not again as a flag of the application."""
_UNVERIFIED = "unverified_sender"
_UNANSWERED = frozenset({"not_acknowledged", "authentication_failed"})
_NUMBER = re.compile(r"\d+")


def page(view: DigestView, calendar: Calendar, *, now: datetime) -> Page:
    """Return the page of `view` in its own language; `now` (aware) gives the ages of what waits."""
    new = [application for part in view.sections for application in part.new]
    nobody_verified = bool(new) and all(_UNVERIFIED in application.flags for application in new)
    make = _Words(view.language, calendar, now, frozenset({_UNVERIFIED} if nobody_verified else ()))
    offers = [
        OfferPart(
            title=clean_line(part.title, 120) if part.title else None,
            open=part.open,
            new=tuple(make.card(application) for application in sorted(part.new, key=_arrival)),
            updated=tuple(make.update(news) for news in part.updated),
        )
        for part in view.sections
    ]
    return Page(
        recruiter=view.recruiter,
        day=make.day(view.period),
        offers=tuple(part for part in offers if part.new or part.updated),
        waiting=tuple(make.waiting(application) for application in sorted(view.waiting, key=_arrival)),
        decisions=tuple(make.decision(item) for item in view.triage),
        new=len(new),
        updated=sum(len(part.updated) for part in offers),
        nobody_verified=nobody_verified,
    )


def _arrival(application: ApplicationView) -> datetime:
    return application.received_at


@dataclass(frozen=True, slots=True)
class _Words:
    """Facts into the words of one language."""

    language: str
    calendar: Calendar
    now: datetime
    unsaid: frozenset[str]
    """Flags that are told elsewhere."""

    def card(self, view: ApplicationView) -> Card:
        named, more = skills(view.profile)
        return Card(
            reference=view.reference,
            name=line(view.name, 80),
            email=line(view.email, 120),
            phone=phone(view.phone),
            label=label(view.profile),
            place=place(view.profile),
            experience=experience(view.profile, self.language),
            languages=languages(view.profile, self.language),
            skills=named,
            more_skills=more,
            documents=self.documents(view.documents, since=view.received_at),
            flags=tuple(flag for code in _flags(view) if code not in self.unsaid for flag in self.flags(code, view)),
            excerpt=excerpt(view.words),
            received=self.moment(view.received_at),
            mailboxes=tuple(view.mailboxes),
            forwarded_by=line(view.forwarded_by, 120),
        )

    def update(self, news: News) -> Update:
        view, arrived = news.application, {str(name) for name in news.event.data.get("documents") or ()}
        newer = news.event.data.get("cv") or {}
        return Update(
            reference=view.reference,
            name=line(view.name, 80),
            email=line(view.email, 120),
            what=self.look_up("events", "cv_updated" if newer else str(news.event.kind)),
            documents=self.documents(document for document in view.documents if document.filename in arrived),
            other_sender=bool(news.event.data.get("other_sender")),
            version=self.version(newer, view.documents) if newer else None,
        )

    def waiting(self, view: ApplicationView) -> Waiting:
        return Waiting(
            reference=view.reference,
            name=line(view.name, 80),
            email=line(view.email, 120),
            title=line(view.offer_title, 120),
            stage=self.look_up("stages", str(view.stage)),
            age=working_days_since(view.received_at, self.now, self.calendar),
        )

    def decision(self, view: TriageView) -> Decision:
        state, separator, reason = view.cause.partition(": ") if view.kind == "mail" else ("", "", view.cause)
        return Decision(
            kind=view.kind,
            subject=self.subject(view),
            author=line(view.author, 120),
            mailbox=view.mailbox,
            received=self.moment(view.at),
            cause=words(self.language)["double_cause"] if view.kind == "double" else self.cause(reason),
            state=self.look_up("deliveries", state) if separator else None,
            commands=tuple((command, self.look_up("commands", effect)) for command, effect in _commands(view, state, self.offer)),
            readings=self.readings(view) if view.speaks_for or view.speaks_against else (),
        )

    def subject(self, view: TriageView) -> str | None:
        if view.kind == "mail":
            return self.look_up("notices", view.subject or "")
        if view.kind == "double":
            return str(words(self.language)["double"]).format(one=view.reference, other=view.other_reference)
        return line(view.subject, 120)

    def readings(self, view: TriageView) -> tuple[tuple[str, str], ...]:
        table = words(self.language)
        both = ((table["speaks_for"], view.speaks_for), (table["speaks_against"], view.speaks_against))
        return tuple((heading, self.reasons(pieces) or table["nothing"]) for heading, pieces in both)

    def reasons(self, pieces: Iterable[tuple[str, str]]) -> str:
        said = (f"{self.look_up('readings', code)}{f' ({clean_line(detail, 120)})' if detail else ''}" for code, detail in pieces)
        return clean_line("; ".join(said), 600)

    def version(self, newer: Mapping[str, object], documents: Iterable[DocumentView]) -> str:
        """Say which CV counts now: a newer one that cannot be read takes nobody's place."""
        replaced = any(document.superseded for document in documents if document.filename == newer.get("old"))
        form: str = words(self.language)["cv_replaces" if replaced else "cv_closed"]
        new, old = (line(str(newer.get(key) or ""), 80) or "?" for key in ("new", "old"))
        return form.format(new=new, old=old, version=newer.get("version"))

    def documents(self, documents: Iterable[DocumentView], since: datetime | None = None) -> tuple[DocumentLine, ...]:
        return tuple(
            DocumentLine(
                name=line(document.filename, 80) or self.look_up("roles", str(document.role)),
                kind=self.look_up("roles", str(document.role)),
                pages=document.pages or None,
                size=size(document.size, self.language),
                problems=tuple(self.look_up("problems", str(problem)) for problem in document.problems),
                later=self.moment(document.received_at) if since is not None and document.received_at > since else None,
            )
            for document in documents
            if document.role != "inline_image"
        )

    def flag(self, code: str) -> tuple[str, str]:
        name, separator, meaning = self.look_up("flags", code).partition(":")
        return (name.strip(), meaning.strip()) if separator else (name, "")

    def flags(self, code: str, view: ApplicationView) -> Iterable[tuple[str, str]]:
        """Return what is said of a flag: of a double with what speaks for it, of a missing acknowledgement with the reason."""
        name, meaning = self.flag(code)
        table = words(self.language)
        if code == "possible_double" and view.doubles:
            for double in view.doubles:
                evidence = ", ".join(self.look_up("readings", f"same_{kind}") for kind, _ in double.evidence)
                yield name, str(table["double_with"]).format(reference=double.reference, evidence=evidence)
        elif code == "not_acknowledged" and view.withheld:
            reasons = ", ".join(self.look_up("withheld", reason) for reason in view.withheld)
            yield name, f"{meaning} {str(table['because']).format(reasons=reasons)}".strip()
        else:
            yield name, meaning

    def look_up(self, table: str, code: str) -> str:
        """Return the words for `code`, or the code itself, made harmless: a new code must not stop a digest."""
        known: Mapping[str, str] = words(self.language).get(table, {})
        return known.get(code) or clean_line(code, 300)

    def cause(self, text: str) -> str:
        """Return a cause in the reader's language as far as it is one of ours; a server's own words stay as they are."""
        head, colon, tail = text.partition(": ")
        numbers = iter(_NUMBER.findall(head))
        ours: str | None = words(self.language)["causes"].get(_NUMBER.sub("#", head))
        if ours is None:
            return clean_line(text, 300)
        said = re.sub("#", lambda _: next(numbers, ""), ours)
        return clean_line(f"{said}{words(self.language)['colon']}{tail}" if colon else said, 300)

    @property
    def offer(self) -> str:
        """What stands for an offer's name in a command."""
        return str(words(self.language)["offer"])

    def day(self, value: date) -> str:
        return day(value, self.language)

    def moment(self, value: datetime) -> str:
        local = value.astimezone(self.calendar.timezone)
        form: str = words(self.language)["moment"]
        return form.format(day=self.day(local.date()).rpartition(" ")[0], hour=local.hour, minute=f"{local:%M}")


def _flags(view: ApplicationView) -> list[str]:
    """Return the codes a card shows: not what its documents say themselves, and the missing CV by whether anybody has asked for it."""
    asked = "no_cv_asked" if view.acknowledged_at else "no_cv_unasked" if _UNANSWERED & set(view.flags) else "no_cv"
    shown = (code for code in view.flags if code not in _DOCUMENT_PROBLEMS or not view.documents)
    return [asked if code == "no_cv" else code for code in shown]


def _commands(view: TriageView, state: str, offer: str) -> tuple[tuple[str, str], ...]:
    """Return the commands that settle an item, each with a code for what it does."""
    ignore = (f"pli triage {view.id} --ignore", "ignore")
    match view.kind, state:
        case "mail", "queued":
            return (("", "wait"),)
        case "mail", "held":
            return ((f"pli triage {view.id} --send", "send"), (ignore[0], "unsent"))
        case "mail", _:
            return (("pli retry", "send_again"), (ignore[0], "unsent"))
        case "double", _:
            return ((f"pli triage {view.id} --same", "same"), (f"pli triage {view.id} --different", "different"))
        case "application", _:
            return ((f"pli triage {view.id} --application {offer}", "assign"),)
    taking = ("pli retry", "read_again") if view.kind == "failure" else (f"pli triage {view.id} --application {offer}", "take_in")
    return (taking, ignore)
