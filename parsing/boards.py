"""Addresses from which programs write about people who apply: job boards, applicant tracking systems, forms on sites, relays.

Called by `parsing/body.py`, `parsing/notice.py` and the rules; programs in general are told in `parsing/robots.py`.
"""

from __future__ import annotations

import re

from parsing.address import Address
from parsing.robots import is_desk, is_robot

BOARDS = frozenset(
    "apec cadremploi choisirleservicepublic choisir-le-service-public emploi-territorial emploi-public place-emploi-public francetravail"
    " france-travail pole-emploi poleemploi hellowork regionsjob parisjob ouestjob meteojob monster indeed indeedemail linkedin glassdoor"
    " stepstone welcometothejungle welcomekit wttj jobteaser malt freelance-info free-work freework lesjeudis chooseyourboss talent-io"
    " comet keljob jobijoba jobrapido optioncarriere leboncoin emploi-store lhotellerie-restauration profilculture makesense jobirl"
    " greenhouse greenhouse-mail lever teamtailor teamtailor-mail smartrecruiters workable recruitee personio taleez flatchr beetween"
    " talentdetection digitalrecruiters talentsoft cegid jobaffinity softy nicoka breezy ashbyhq jobvite icims bamboohr workday xing"
    " infojobs jobup".split()
)
"""Labels of domains from which job boards and applicant tracking systems write."""
_RELAY_LABELS = frozenset("reply replies relay messages messaging indeedemail candidate candidates inbound".split())
_VIA = re.compile(r"^[\"' ]*(.{2,80}?)[\"' ]*[ \t]\(?(?:via|par|through|über)[ \t].{2,80}$", re.IGNORECASE)
_FORM = re.compile(
    r"(?:wordpress|webmaster|web-?form|form|formulaires?|website|site|site-?web|apache|nginx|php|drupal|typo3)@", re.IGNORECASE
)


def is_board(address: Address) -> bool:
    """Tell whether a job board or an applicant tracking system writes from an address."""
    labels = address.addr_spec.rpartition("@")[2].lower().split(".")
    return bool(BOARDS & set(labels[:-1]))


def is_form(address: Address) -> bool:
    """Tell whether a form on a site writes from an address."""
    return bool(_FORM.match(address.addr_spec))


def is_program(address: Address) -> bool:
    """Tell whether a program writes from an address, whatever it is for: no person applies from it on their own."""
    return is_board(address) or is_form(address) or is_robot(address.addr_spec) or is_desk(address.addr_spec)


def is_relay(address: Address) -> bool:
    """Tell whether an address stands for that of somebody behind a job board: `lea-8f2a@reply.board.example`."""
    labels = address.addr_spec.rpartition("@")[2].lower().split(".")
    return bool(_RELAY_LABELS & set(labels[:-1])) or (shown_behind(address) is not None and is_board(address))


def shown_behind(address: Address) -> str | None:
    """Return the person whom a relay or a list names: `Anne Petit via a board`."""
    via = _VIA.match(address.name)
    return via[1] if via else None
