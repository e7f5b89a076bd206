"""The folder of the demo: made fresh, never somebody else's; settings, ads and mails go in, and what pli sent is laid beside them."""

from __future__ import annotations

import email
import email.policy
import re
import shutil
from collections.abc import Iterable, Sequence
from importlib.resources import files
from pathlib import Path
from string import Template

from demo.morning import Mail
from demo.servers import SentMail, Servers

_MARK = ".pli-demo"
_MARK_TEXT = "This folder belongs to `pli demo`: the next run empties it.\n"
_OURS = (_MARK, "pli.toml", "password", "pli.db*", "offers", "documents", "mails", "acknowledgements", "digests")
"""Every name the demo writes; nothing else is ever removed."""
_UNSAFE = re.compile(r"[^A-Za-z0-9@.+-]+")


class PlaceError(Exception):
    """The folder cannot be used; the message says why and the remedy."""


def clear_place(folder: Path) -> None:
    """Make the folder, or empty the one that an earlier demo left. Raises PlaceError for a folder that is not the demo's."""
    try:
        if folder.exists() and not folder.is_dir():
            raise PlaceError(f"{folder} is a file; name a folder for the demo: `pli demo FOLDER`")
        if folder.is_dir() and any(folder.iterdir()) and not (folder / _MARK).is_file():
            raise PlaceError(f"{folder} is not empty and not from an earlier demo; nothing was touched, name another: `pli demo FOLDER`")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in [path for name in _OURS for path in folder.glob(name)]:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
        (folder / _MARK).write_text(_MARK_TEXT, encoding="utf-8")
    except OSError as error:
        raise PlaceError(f"{error.filename or folder} cannot be written ({error.strerror}); name another: `pli demo FOLDER`") from error


def furnish(folder: Path, servers: Servers) -> Path:
    """Write settings, password and the ad; returns the path of `pli.toml`."""
    ours = files("demo").joinpath("files")
    (folder / "password").touch(mode=0o600)
    (folder / "password").write_text(servers.password, encoding="utf-8")
    settings = Template(ours.joinpath("pli.toml").read_text(encoding="utf-8"))
    text = settings.substitute(host=servers.host, imap_port=servers.imap_port, smtp_port=servers.smtp_port)
    (folder / "pli.toml").write_text(text, encoding="utf-8")
    for name in ("offers", "mails", "acknowledgements", "digests"):
        (folder / name).mkdir()
    ad = "ingenieur-langue.md"
    (folder / "offers" / ad).write_bytes(ours.joinpath(ad).read_bytes())
    return folder / "pli.toml"


def keep_mails(folder: Path, mails: Iterable[Mail]) -> None:
    """Write the invented mails as files, for whoever wants to look at them or to feed them to `pli inspect`."""
    for mail in mails:
        (folder / "mails" / f"{mail.received_at:%Y%m%d-%H%M}-{_safe(mail.what)}.eml").write_bytes(mail.content)


def keep_sent(folder: Path, sent: Sequence[SentMail], recruiters: Iterable[str]) -> tuple[list[Path], list[Path]]:
    """Write what the SMTP server took: acknowledgements as `.eml`, digests as `.eml`, `.html` and `.txt`; returns both lists of files."""
    recruiters = set(recruiters)
    acknowledgements, digests = [], []
    for mail in sent:
        recipient = _safe(mail.recipients[0])
        if mail.recipients[0] not in recruiters:
            acknowledgements.append(_write(folder / "acknowledgements" / f"{recipient}.eml", mail.content))
            continue
        message = email.message_from_bytes(mail.content, policy=email.policy.default)
        digests.append(_write(folder / "digests" / f"digest-{recipient}.eml", mail.content))
        for kind, extension in (("html", "html"), ("plain", "txt")):
            part = message.get_body((kind,))
            if part is not None:
                digests.append(_write(folder / "digests" / f"digest-{recipient}.{extension}", part.get_content().encode()))
    return acknowledgements, digests


def _write(path: Path, content: bytes) -> Path:
    free = path
    number = 2
    while free.exists():  # a second mail to the same person must be seen, not hidden by the first
        free = path.with_stem(f"{path.stem}-{number}")
        number += 1
    free.write_bytes(content)
    return free


def _safe(text: str) -> str:
    return _UNSAFE.sub("-", text).strip("-")
