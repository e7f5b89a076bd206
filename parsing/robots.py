"""Addresses behind which nobody reads: told by their local part. One place, asked by rules, refusals and for the applicant."""

from __future__ import annotations

import re

_DAEMON = re.compile(
    r"^(?:mailer[._-]?daemon|post[._-]?master|mail[._-]daemon|microsoftexchange[0-9a-f]{20,40})(?:[+_.-]|$)", re.IGNORECASE
)
_ROBOT = re.compile(
    r"^(?:mailer-daemon|postmaster|owner-.*|.*-owner|.*-request|.*-bounces?.*|bounces?[+_.-].*|no[._-]?reply.*|do[._-]?not[._-]?reply.*"
    r"|ne[._-]?pas[._-]?repondre.*|notifications?|listserv|majordomo|daemon|root|www-data)$",
    re.IGNORECASE,
)
_DESK = re.compile(
    r"^(?:no[._-]?reply|notifications?|ne[._-]?pas[._-]?repondre|jobs?|candidat(?:ure)?s?|job[._-]?alerts?|alertes?|alerts?|emplois?"
    r"|newsletter)(?:[._+-]|\d|$)",
    re.IGNORECASE,
)


_FOR_APPLICATIONS = re.compile(r"(?:^|[<._-])(?:recrut|candidat|jobs?\b|d?rh\b|emploi|hr\b|careers?|talent|hiring|apply)", re.IGNORECASE)


def is_for_applications(address: str) -> bool:
    """Tell whether an address, or the name of a list, is called as those are to which one applies."""
    return bool(_FOR_APPLICATIONS.search(address.rpartition("@")[0] or address))


def is_daemon(address: str) -> bool:
    """Tell whether a mail server itself writes from `address`; its word is about deliveries (RFC 5321, 4.5.1)."""
    return bool(_DAEMON.match(_local(address)))


def is_robot(address: str) -> bool:
    """Tell whether a program, a list or a mail server writes from `address`, so that no answer may go there (RFC 3834, 2)."""
    return bool(_ROBOT.match(_local(address)))


def is_desk(address: str) -> bool:
    """Tell whether `address` speaks for other people, as a job board's does: whoever applies is somebody else."""
    return bool(_DESK.match(_local(address)))


def _local(address: str) -> str:
    return address.rpartition("@")[0] or address
