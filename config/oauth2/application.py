"""Who asks for a token, for which mailbox and what for."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from config.fields import Table, read_secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """The facts of an `oauth2` table; holds no secret, but can read it."""

    provider: str
    """`microsoft` or `google`."""
    flow: str
    """`device`, `browser` or `client`."""
    username: str
    """Of the mailbox, as the log-in names it."""
    uses: frozenset[str]
    """`imap`, `smtp`, or both."""
    tenant: str
    client_id: str
    authority: str | None
    ca_file: Path | None
    token_file: Path
    service_account_file: Path | None
    secrets: Table = field(repr=False)

    def client_secret(self) -> str | None:
        """Return the secret, read now. Raises SecretError."""
        return read_secret(self.secrets, "client_secret")

    @property
    def owner(self) -> dict[str, str]:
        """Return what a token file must say of itself, so that no token is used for another log-in than its own."""
        return {
            "provider": self.provider,
            "flow": self.flow,
            "username": self.username,
            "tenant": self.tenant,
            "client_id": self.client_id,
            "authority": self.authority or "",
        }
