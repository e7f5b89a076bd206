"""References of applications: what people and mails call them by. That of a merged application keeps leading to where it went."""

from __future__ import annotations

import secrets

from sqlalchemy import bindparam, select, union_all
from sqlalchemy.orm import Session

from storage.tables import Application, FormerReference

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No letters or digits that look alike when read aloud or copied by hand."""
_TAKEN = union_all(
    select(Application.reference).where(Application.reference == bindparam("reference")),
    select(FormerReference.reference).where(FormerReference.reference == bindparam("reference")),
).limit(1)


def required(session: Session, reference: str, *, lock: bool = False) -> Application:
    """Return the application that a reference leads to, or raise LookupError in a person's words.

    `lock`: keep it for this transaction; one that is merged at this very moment is waited for, and followed to where it went.
    """
    wanted = reference.strip().upper()
    if len(wanted) == 8 and "-" not in wanted:
        wanted = f"{wanted[:4]}-{wanted[4:]}"
    mine = select(Application).where(Application.reference == wanted)
    application = session.scalar(mine.with_for_update().execution_options(populate_existing=True) if lock else mine)
    if application is None:
        former = session.scalar(select(FormerReference.application_id).where(FormerReference.reference == wanted))
        application = session.get(Application, former, with_for_update=lock, populate_existing=lock) if former else None
    if application is None:
        raise LookupError(f"there is no application {reference}; `pli candidates` lists them")
    return application


def former(session: Session, application_id: int) -> tuple[str, ...]:
    """Return the references that were merged into an application."""
    wanted = select(FormerReference.reference).where(FormerReference.application_id == application_id)
    return tuple(session.scalars(wanted.order_by(FormerReference.merged_at, FormerReference.reference)))


def new_reference(session: Session) -> str:
    """Return an unused reference such as `K7QM-4F2P`; random, so that nobody can guess another's."""
    while True:
        letters = "".join(secrets.choice(_ALPHABET) for _ in range(8))
        reference = f"{letters[:4]}-{letters[4:]}"
        if session.scalar(_TAKEN, {"reference": reference}) is None:
            return reference
