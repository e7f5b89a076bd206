"""What Outlook says of a message in its winmail.dat (MS-OXTNEF, 2.1.3.3): an invitation, a receipt, a plain note."""

from __future__ import annotations

import re

from parsing.message import Message

_CLASS = re.compile(rb"\x01\x08\x80\x07\x00[\x00-\xff]{4}([!-~][ -~]{3,80})\x00")
"""The attribute attMessageClass: level, number, length, text."""
_FAR = 4000


def message_class(message: Message) -> str | None:
    """Return the class of the message that a winmail.dat names, in lower case, such as `ipm.microsoft schedule.mtgreq`."""
    for part in message.parts:
        if part.media_type in {"application/ms-tnef", "application/vnd.ms-tnef"} or (part.filename or "").lower() == "winmail.dat":
            found = _CLASS.search(part.content[:_FAR])
            return found[1].decode("ascii").lower() if found else None
    return None
