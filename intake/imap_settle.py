"""Moving a message away, on servers that know how and on those that do not (RFC 6851, RFC 4315)."""

from __future__ import annotations

import logging

from imapclient import IMAPClient  # type: ignore[import-untyped]

log = logging.getLogger("pli.intake")

_DELETED = b"\\Deleted"


def move_away(client: IMAPClient, uid: int, folder: str) -> None:
    """Move one message of the folder that is open for writing; raises what imapclient raises.

    Without MOVE it is copied, then marked as deleted, in this order: at worst there are two. Only UID EXPUNGE (UIDPLUS) takes away just
    this one; without that the mark stays, since EXPUNGE would take along whatever its owner has marked. A message that is marked already
    was copied before a crash, or its owner deletes it: it is left to them.
    """
    if client.has_capability("MOVE"):
        client.move([uid], folder)
        return
    answer = client.fetch([uid], ["FLAGS"]).get(uid)
    if answer is None or _DELETED in answer.get(b"FLAGS", ()):
        return
    client.copy([uid], folder)
    client.add_flags([uid], [_DELETED], silent=True)
    if client.has_capability("UIDPLUS"):
        client.uid_expunge([uid])
    else:
        log.info("a moved message stays, marked as deleted: the server has neither MOVE nor UIDPLUS", extra={"action": "not_expunged"})
