"""Dataclasses to the documented JSON: the only place that knows its key names."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import click

from parsing.documents import Document
from parsing.offer import Offer
from parsing.profile import Profile
from parsing.profile.json_resume import to_json_resume
from parsing.understand import Understanding
from scheduler import PollResult
from storage.views import ApplicationDetail, ApplicationView, DocumentView, TriageView


def emit(value: Any) -> None:
    """Print one JSON value on a line of its own."""
    click.echo(json.dumps(value, ensure_ascii=False))


def offer(file: str, item: Offer) -> dict[str, Any]:
    """Shape of `pli offers`."""
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
        "problems": list(item.problems),
    }


def parsed(file: str, document: Document, profile: Profile, seconds: float) -> dict[str, Any]:
    """Shape of `pli parse`."""
    return {
        "file": file,
        "media_type": document.media_type,
        "pages": document.pages,
        "language": document.language,
        "text": document.text,
        "profile": to_json_resume(profile),
        "problems": [str(problem) for problem in document.problems],
        "seconds": round(seconds, 3),
    }


def inspected(file: str, facts: Understanding) -> dict[str, Any]:
    """Shape of `pli inspect`."""
    applicant = facts.applicant
    return {
        "file": file,
        "class": str(facts.verdict.mail_class),
        "reasons": [*facts.verdict.reasons, *facts.route.reasons],
        "offer": facts.route.offer,
        "offer_certain": facts.route.certain,
        "author": facts.author.addr_spec if facts.author else None,
        "applicant": {"name": applicant.name, "email": applicant.email} if applicant else None,
        "message_id": facts.message_id,
        "attachments": [
            {"filename": item.filename, "media_type": item.media_type, "size": item.size, "sha256": item.sha256, "role": str(item.role)}
            for item in facts.attachments
        ],
        "auto_reply_allowed": facts.verdict.auto_reply_allowed,
        "refusals": list(facts.verdict.refusals),
        "problems": list(facts.problems),
    }


def polled(result: PollResult) -> dict[str, Any]:
    """Shape of `pli poll`."""
    return {
        "fetched": result.fetched,
        "applications": result.applications,
        "updated": result.updated,
        "ignored": result.ignored,
        "triage": result.triage,
        "failed": result.failed,
        "sent": result.sent,
        "deferred": result.deferred,
        "mailboxes": [{"address": item.address, "ok": item.error is None, "error": item.error} for item in result.mailboxes],
        "problems": list(result.problems),
    }


def application(view: ApplicationView) -> dict[str, Any]:
    """Shape of one line of `pli candidates`."""
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
    }


def detail(item: ApplicationDetail) -> dict[str, Any]:
    """Shape of `pli show`."""
    return application(item.application) | {
        "profile": item.application.profile,
        "messages": [
            {
                "id": message.id,
                "mailbox": message.mailbox,
                "received_at": _moment(message.received_at),
                "author": message.author,
                "subject": message.subject,
                "class": message.mail_class,
                "reasons": message.understanding.get("reasons", []),
                "body": message.body,
            }
            for message in item.messages
        ],
        "history": [{"at": _moment(event.at), "kind": event.kind, "actor": event.actor, "data": event.data} for event in item.history],
    }


def triaged(item: TriageView) -> dict[str, Any]:
    """Shape of one line of `pli triage`."""
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
    }


def _document(item: DocumentView) -> dict[str, Any]:
    return {
        "filename": item.filename,
        "role": item.role,
        "sha256": item.sha256,
        "media_type": item.media_type,
        "size": item.size,
        "pages": item.pages,
        "language": item.language,
        "problems": list(item.problems),
    }


def _moment(value: datetime | None) -> str | None:
    return value.isoformat() if value else None
