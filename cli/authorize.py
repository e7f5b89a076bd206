"""The command `pli authorize`: a person lets pli into a mailbox, once, and pli keeps the permission (never shown)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli import DONE, IN_PART, UNREACHABLE, WRONG, console

if TYPE_CHECKING:
    from config import Settings
    from config.oauth2.application import Application
    from config.oauth2.store import Grant


@click.command()
@click.argument("address", metavar="ADDRESS")
@console.config_option
def authorize(address: str, config_file: Path | None) -> int:
    """Let pli into the mailbox ADDRESS, where its provider wants a person to agree in a browser.

    Prints what to open and what to type there, waits until it is done, and keeps the permission in the token file.
    """
    settings = console.settings_of(config_file)
    found = _accounts(settings, address)
    if not found:
        console.tell(f"{address}: no account has this address or username; there are {', '.join(sorted(_names(settings)))}")
        return IN_PART
    applications = list({item.token_file: item for item in found if item is not None}.values())
    if not applications:
        console.tell(f"{address}: logs in with a password; write a table [mailbox.oauth2] first, see docs/oauth2.md")
        return WRONG
    for application in applications:
        if (code := _authorize(application)) != DONE:
            return code
    return DONE


def _accounts(settings: Settings, address: str) -> list[Application | None]:
    """Return who asks for the tokens of the accounts that `address` names; None for an account with a password."""
    wanted = address.lower()
    boxes = [box.application for box in settings.mailbox if wanted in {box.address, (box.username or "").lower()}]
    smtp = settings.smtp
    return boxes + ([smtp.application] if wanted in {smtp.sender_address, (smtp.username or "").lower()} else [])


def _names(settings: Settings) -> set[str]:
    return {box.address for box in settings.mailbox} | {settings.smtp.username or settings.smtp.sender_address}


def _authorize(application: Application) -> int:
    """Get and keep one permission; whatever goes wrong is told in a line."""
    from config import TokenError  # noqa: PLC0415
    from config.fields import SecretError  # noqa: PLC0415
    from config.oauth2 import store, tokens  # noqa: PLC0415

    if application.flow == "client":
        console.tell(f"{application.username}: the application has a permission of its own, nobody needs to agree; `pli doctor` tries it")
        return DONE
    try:
        application.client_secret()
        with store.locked(application.token_file):
            pass  # better now than when the person has done their part
        kept = tokens.keep(application, _granted(application))
    except SecretError as error:
        console.tell(f"{error.path or error.key}: {error}")
        return WRONG
    except TokenError as error:
        console.tell(str(error))
        return UNREACHABLE if error.unreachable else IN_PART
    console.tell(f"{application.username}: pli may come in; the permission is kept in {kept}, `pli doctor` tries it")
    return DONE


def _granted(application: Application) -> Grant:
    """Return what a person grants. Raises SecretError, TokenError."""
    if application.provider == "google":
        from cli.browser import ask_in_browser  # noqa: PLC0415

        return ask_in_browser(application)
    from config.oauth2.microsoft import by_device_code  # noqa: PLC0415

    def show(where: str, code: str, seconds: int) -> None:
        console.write(f"Open {where} in any browser, type the code {code}, and log in as somebody who may open {application.username}.")
        console.tell(f"waiting for at most {seconds // 60 or 1} minutes; Ctrl-C ends it")

    return by_device_code(application, show)
