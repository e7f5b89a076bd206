"""Dataclasses to the documented JSON: the only place that knows its key names.

Fields may be added, never renamed; unknown is None or an empty list, never guessed. Dates are ISO 8601 with offset.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from parsing.profile.json_resume import to_json_resume, to_source

if TYPE_CHECKING:
    from cli.checks import Check
    from intake.importing import Imported
    from intake.process import Processed
    from notifications.delivery import Delivered
    from parsing.attachment import Attachment
    from parsing.documents import Document
    from parsing.offer import Offer
    from parsing.profile import Profile
    from parsing.requirements import Evidence
    from parsing.understand import Understanding
    from scheduler import PollResult
    from storage.merging import Merged
    from storage.splitting import Split
    from storage.views import ApplicationDetail, ApplicationView, DocumentView, DoubleView, EventView, MessageView, Share, TriageView

Shape = dict[str, Any]


def offer(file: str, item: Offer) -> Shape:
    """Shape one offer of `pli offers`."""
    from parsing.routing import plus_tag  # noqa: PLC0415

    return {
        "slug": item.slug,
        "file": file,
        "title": item.title,
        "open": item.open,
        "language": item.language,
        "recruiters": list(item.recruiters),
        "apply_by_email": item.apply_by_email,
        "apply_url": item.apply_url,
        "subject_hint": item.subject_hint,
        "contract": item.contract,
        "start": item.start,
        "duration": item.duration,
        "location": list(item.location),
        "skills": list(item.skills),
        "years": item.years,
        "degree": item.degree,
        "languages": list(item.languages),
        "clearance": item.clearance,
        "plus_tag": plus_tag(item.slug) or None,
        "problems": list(item.problems),
    }


def parsed(file: str, document: Document, profile: Profile, seconds: float, found: Sequence[Evidence] | None = None) -> Shape:
    """Shape one file of `pli parse`; `found`: what it says about what an ad asks, None without an ad."""
    return {
        "file": file,
        "media_type": document.media_type,
        "pages": document.pages,
        "language": document.language,
        "text": document.text,
        "profile": to_json_resume(profile),
        "problems": [str(problem) for problem in document.problems],
        "seconds": round(seconds, 3),
        "engines": list(document.engines),
        "hidden": document.hidden,
        "evidence": None if found is None else [evidence(item) for item in found],
    }


def evidence(item: Evidence) -> Shape:
    """Shape one thing that an ad asks, with the words of the CV that speak of it; no verdict."""
    return {
        "kind": str(item.kind),
        "asked": item.asked,
        "sentence": item.sentence,
        "sought": list(item.sought),
        "found": [{"value": fact.value, "source": to_source(fact)} for fact in item.found],
    }


def inspected(file: str, facts: Understanding) -> Shape:
    """Shape one mail of `pli inspect`."""
    applicant = facts.applicant
    return {
        "file": file,
        "class": str(facts.verdict.mail_class),
        "reasons": list(facts.verdict.reasons),
        "offer": facts.route.offer,
        "offer_certain": facts.route.certain,
        "offer_reasons": list(facts.route.reasons),
        "author": facts.author.addr_spec if facts.author else None,
        "applicant": {"name": applicant.name, "email": applicant.email} if applicant else None,
        "message_id": facts.message_id,
        "attachments": [_attachment(item) for item in facts.attachments],
        "auto_reply_allowed": facts.verdict.auto_reply_allowed,
        "refusals": list(facts.verdict.refusals),
        "problems": list(facts.problems),
    }


def not_inspected(file: str, problem: str, reason: str) -> Shape:
    """Shape a mail that stopped its reader: a person must look, and nothing is answered."""
    unknown: Shape = {"offer": None, "offer_certain": False, "offer_reasons": [], "author": None, "applicant": None, "message_id": None}
    nothing: Shape = {"attachments": [], "auto_reply_allowed": False, "refusals": []}
    return {"file": file, "class": "unsure", "reasons": [reason], **unknown, **nothing, "problems": [problem]}


def polled(result: PollResult, unsure: Share) -> Shape:
    """Shape the pass of `pli poll`; `unsure` is about all that was ever read."""
    return {
        "fetched": result.fetched,
        "applications": result.applications,
        "updated": result.updated,
        "ignored": result.ignored,
        "triage": result.triage,
        "failed": result.failed,
        "sent": result.sent,
        "deferred": result.deferred,
        "refused": result.refused,
        "unknown": result.unknown,
        "mailboxes": [{"address": item.address, "ok": item.error is None, "error": item.error} for item in result.mailboxes],
        "problems": list(result.problems),
        "unsure": share(unsure),
    }


def imported(address: str, found: Imported, processed: Processed, problems: Sequence[str]) -> Shape:
    """Shape what `pli import` did, with the keys of `pli poll`; nothing is sent by it."""
    return {
        "found": found.found,
        "fetched": found.fetched,
        "applications": processed.applications,
        "updated": processed.updated,
        "ignored": processed.ignored + found.left_alone,
        "triage": processed.triage,
        "failed": processed.failed,
        "sent": 0,
        "deferred": 0,
        "mailboxes": [{"address": address, "ok": True, "error": None}],
        "problems": [*problems, *found.troubles],
    }


def digested(requested: int, delivered: Delivered) -> Shape:
    """Shape what `pli digest` did."""
    return {
        "requested": requested,
        "sent": delivered.sent,
        "deferred": delivered.deferred,
        "refused": delivered.failed,
        "unknown": delivered.unknown,
    }


def previewed(files: list[str]) -> Shape:
    """Shape what `pli digest --preview` wrote."""
    return {"files": files}


def retried(messages: int, mails: int) -> Shape:
    """Shape what `pli retry` put back in line."""
    return {"messages": messages, "mails": mails}


def check(item: Check) -> Shape:
    """Shape one line of `pli doctor`."""
    return {"name": item.name, "ok": item.ok, "optional": item.optional, "detail": item.detail, "remedy": item.remedy}


def application(view: ApplicationView) -> Shape:
    """Shape one application of `pli candidates`."""
    return {
        "reference": view.reference,
        "offer": view.offer,
        "candidate": {"name": view.name, "email": view.email, "phone": view.phone},
        "stage": view.stage,
        "received_at": _moment(view.received_at),
        "last_contact_at": _moment(view.last_contact_at),
        "messages": view.messages,
        "mailboxes": list(view.mailboxes),
        "documents": [_document(item) for item in view.documents],
        "acknowledged_at": _moment(view.acknowledged_at),
        "flags": list(view.flags),
        "emails": list(view.emails),
        "doubles": [_double(item) for item in view.doubles],
        "former_references": list(view.former_references),
        "forwarded_by": view.forwarded_by,
        "acknowledgement_withheld": list(view.withheld),
    }


def detail(item: ApplicationDetail) -> Shape:
    """Shape `pli show`: the application as in `pli candidates`, with its profile, mails and history."""
    return application(item.application) | {
        "profile": item.application.profile,
        "mails": [_message(message) for message in item.messages],
        "history": [_event(event) for event in item.history],
    }


def triaged(item: TriageView, decisions: Sequence[tuple[str, str]]) -> Shape:
    """Shape one thing of `pli triage`: `decisions` are the commands that settle it, `effects` what each does, `offers` those that fit."""
    return {
        "id": item.id,
        "kind": item.kind,
        "at": _moment(item.at),
        "mailbox": item.mailbox,
        "author": item.author,
        "subject": item.subject,
        "class": item.mail_class,
        "cause": item.cause,
        "remedy": item.remedy,
        "reference": item.reference,
        "other_reference": item.other_reference,
        "speaks_for": [{"code": code, "detail": detail or None} for code, detail in item.speaks_for],
        "speaks_against": [{"code": code, "detail": detail or None} for code, detail in item.speaks_against],
        "decisions": [command for command, _ in decisions],
        "effects": [effect for _, effect in decisions],
        "offers": list(item.offers),
    }


def share(item: Share) -> Shape:
    """Shape how often pli was not sure."""
    return {"unsure": item.unsure, "total": item.total, "share": item.ratio}


def merged(item: Merged) -> Shape:
    """Shape what `pli merge` did."""
    return {"reference": item.reference, "merged": list(item.merged), "beside": item.beside, "changed": item.changed}


def split(item: Split) -> Shape:
    """Shape what `pli split` did."""
    messages = [f"m{number}" for number in item.messages]
    return {"reference": item.reference, "origin": item.origin, "messages": messages, "changed": item.changed}


def decided(*, id: str, outcome: str, reference: str | None) -> Shape:  # noqa: A002 - a key of the shape
    """Shape what a decision of `pli triage ID` led to."""
    return {"id": id, "outcome": outcome, "reference": reference}


def _attachment(item: Attachment) -> Shape:
    return {"filename": item.filename, "media_type": item.media_type, "size": item.size, "sha256": item.sha256, "role": str(item.role)}


def _document(item: DocumentView) -> Shape:
    return {
        "filename": item.filename,
        "role": item.role,
        "sha256": item.sha256,
        "media_type": item.media_type,
        "size": item.size,
        "pages": item.pages,
        "language": item.language,
        "problems": list(item.problems),
        "version": item.version,
        "superseded": item.superseded,
    }


def _double(item: DoubleView) -> Shape:
    evidence = [{"kind": kind, "detail": detail} for kind, detail in item.evidence]
    return {"id": f"d{item.id}", "reference": item.reference, "evidence": evidence}


def _message(item: MessageView) -> Shape:
    return {
        "id": f"m{item.id}",
        "mailbox": item.mailbox,
        "received_at": _moment(item.received_at),
        "author": item.author,
        "subject": item.subject,
        "class": item.mail_class,
        "reasons": item.understanding.get("reasons", []),
        "body": item.body,
    }


def _event(item: EventView) -> Shape:
    return {"at": _moment(item.at), "kind": item.kind, "actor": item.actor, "data": item.data}


def _moment(value: datetime | None) -> str | None:
    return value.isoformat() if value else None
