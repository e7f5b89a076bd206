"""The table `oauth2` of an account: whose log-in server, which application, and how it gets its permission."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, PrivateAttr, SecretStr, ValidationInfo, model_validator

from config import values
from config.fields import SECRETS, FilePath, Table, Text, check_one_secret, given
from config.oauth2.application import Application

_FLOWS = {"microsoft": ("device", "client"), "google": ("browser", "client")}
"""Ways to a permission; the first is the default. Google's log-in by device code gives no access to mail."""
_ANYBODY = frozenset({"common", "organizations", "consumers"})
"""Names for more than one tenant: a person's log-in says which, an application's cannot."""
_UNSAFE = re.compile(r"[^\w.@+-]")


class OAuth2Settings(Table):
    """`[mailbox.oauth2]` or `[smtp.oauth2]`."""

    provider: Literal["microsoft", "google"]
    flow: Literal["device", "browser", "client"] | None = None
    """`device`, `browser`: a person grants it once (`pli authorize`); `client`: the application has a permission of its own."""
    tenant: Text | None = None
    client_id: Text | None = None
    client_secret: SecretStr | None = None
    client_secret_file: FilePath | None = None
    client_secret_command: Text | None = None
    service_account_file: FilePath | None = None
    """Google's JSON key, for `flow = "client"`."""
    token_file: FilePath | None = None
    authority: Annotated[str, AfterValidator(values.web_address)] | None = None
    """Another log-in server than the provider's own: a national cloud's."""
    ca_file: FilePath | None = None
    """Certificates (PEM) to trust beside the system's: for a proxy that looks into TLS."""
    _folder: Path = PrivateAttr(default=Path())

    @property
    def way(self) -> str:
        """Return the flow, or the provider's default."""
        return self.flow or ("client" if self.service_account_file else _FLOWS[self.provider][0])

    def application(self, username: str, uses: frozenset[str]) -> Application:
        """Return who asks for tokens: this application, for the mailbox of `username`."""
        return Application(
            provider=self.provider,
            flow=self.way,
            username=username,
            uses=uses,
            tenant=self.tenant or "",
            client_id=self.client_id or "",
            authority=self.authority,
            ca_file=self.ca_file,
            token_file=self.token_file or self._folder / f".pli-token-{self.provider}-{_UNSAFE.sub('_', username)}.json",
            service_account_file=self.service_account_file,
            secrets=self,
        )

    @model_validator(mode="after")
    def _whole(self, info: ValidationInfo) -> Self:
        self._folder = (info.context or {}).get("folder", Path())
        check_one_secret(self, "client_secret")
        self._check_flow()
        wanted, unwanted = self._keys()
        if missing := [key for key in wanted if not given(self, SECRETS.get(key, (key,)))]:
            raise ValueError(f'{missing[0]} is missing; provider = "{self.provider}" with flow = "{self.way}" needs it, see docs/oauth2.md')
        if extra := [key for name in unwanted for key in given(self, SECRETS.get(name, (name,)))]:
            raise ValueError(f'{extra[0]} has no use with provider = "{self.provider}" and flow = "{self.way}"; remove it')
        return self

    def _check_flow(self) -> None:
        flows = _FLOWS[self.provider]
        if self.way not in flows:
            why = " (Google gives no access to mail by device code)" if self.way == "device" else ""
            known = " or ".join(f'"{flow}"' for flow in flows)
            raise ValueError(f'flow = "{self.way}" is none of provider = "{self.provider}"{why}; write {known}')
        if self.provider == "microsoft" and (self.authority or "").startswith("http:"):
            raise ValueError("authority must begin with https with Microsoft's library; write https")
        if self.way == "client" and (self.tenant or "").lower() in _ANYBODY:
            raise ValueError(f'tenant = "{self.tenant}" names no single organisation, which flow = "client" needs; write the tenant\'s ID')

    def _keys(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the keys (secrets by their name) that must be there, and those that must not."""
        match self.provider, self.way:
            case "microsoft", "client":
                return ("tenant", "client_id", "client_secret"), ("service_account_file",)
            case "microsoft", _:
                return ("tenant", "client_id"), ("client_secret", "service_account_file")
            case "google", "client":
                return ("service_account_file",), ("tenant", "client_id", "client_secret")
            case _:
                return ("client_id", "client_secret"), ("tenant", "service_account_file")
