"""What a log-in server's refusal means, in a person's words with the remedy.

The servers' own descriptions are never shown: they hold identifiers of people and of traces. Their codes are (RFC 6749, section 5.2;
RFC 8628, section 3.5; Microsoft's AADSTS numbers, which may change and are therefore only ever translated, never relied upon).
"""

from __future__ import annotations

import re

from config.errors import TokenError
from config.oauth2.application import Application

_NUMBER = re.compile(r"\bAADSTS(\d{4,8})\b")
_AGAIN = "run `pli authorize {username}`"
_CLOCK = "this machine's clock is wrong, or runs too far from the server's; set it by NTP"

_MICROSOFT: dict[str, str] = {
    # the application
    "7000222": "the application's client secret has expired; make a new one in Entra (App registrations, Certificates & secrets) and "
    "write it in place of the old one",
    "7000215": "the client secret is wrong; copy the secret's Value from Entra, not its Secret ID",
    "7000218": "Entra takes the application for one with a secret; allow public client flows (App registrations, Authentication), or use "
    'flow = "client"',
    "7000112": "the application is disabled in Entra; have an administrator enable it",
    "700016": "this tenant knows no application of that client_id; check client_id and tenant",
    "700024": _CLOCK,
    "70002": "the application's log-in is refused; check client_id and the client secret",
    "700027": _CLOCK,
    # the tenant
    "90002": "there is no such tenant; check tenant (Entra, Overview, Tenant ID)",
    "900023": "there is no such tenant; check tenant (Entra, Overview, Tenant ID)",
    "50059": "the tenant cannot be told; write its ID into tenant",
    "50194": 'the application belongs to one tenant only; write that tenant\'s ID into tenant instead of "{tenant}"',
    "500011": "this tenant has no Exchange Online, or it is another cloud's; check tenant, and authority for a national cloud",
    # what it may do
    "65001": "nobody has consented to what pli asks for; have an administrator grant consent in Entra (API permissions), then " + _AGAIN,
    "90094": "an administrator must consent first; have it granted in Entra (API permissions), then " + _AGAIN,
    "65004": "the person declined; " + _AGAIN + " and accept",
    "1002012": "the permission of an application is asked for in the wrong way; this is an error of pli, please report it",
    "70011": "the permissions asked for are unknown to the application; add them in Entra (API permissions, Office 365 Exchange Online)",
    "650053": "the permissions asked for are unknown to the application; add them in Entra (API permissions, Office 365 Exchange Online)",
    "50105": "the person is not assigned to the application; have an administrator assign them in Entra (Enterprise applications)",
    # the person
    "50173": "the permission was revoked, as a new password does; " + _AGAIN,
    "700082": "the permission lapsed because it was not used for too long; " + _AGAIN,
    "70008": "the permission has expired; " + _AGAIN,
    "70043": "the permission has expired by the organisation's rule; " + _AGAIN,
    "700084": "the permission has expired; " + _AGAIN,
    "50076": "the organisation now asks for a second factor; " + _AGAIN,
    "50078": "the second factor has expired; " + _AGAIN,
    "50079": "the person must set up a second factor first; then " + _AGAIN,
    "50034": "there is no such person in this tenant; check tenant and username",
    "50057": "the person's account is disabled; have it enabled, or log in as another who may open the mailbox",
    "53000": "the organisation's rules let only managed devices in; have pli's application exempted (Conditional Access)",
    "53003": "the organisation's rules (Conditional Access) forbid it; have an administrator allow pli's application",
    "530034": "the organisation has been locked out by Microsoft; have an administrator look into it",
    "7000014": "the code has expired; " + _AGAIN,
    "70020": "the code has expired; " + _AGAIN,
}
_GOOGLE: tuple[tuple[str, str, str], ...] = (
    # error, a word of its description, what it means; the first that fits
    ("invalid_grant", "short-lived", _CLOCK),
    ("invalid_grant", "reasonable timeframe", _CLOCK),
    ("invalid_grant", "invalid email", "Google knows no such person; username must be a mailbox of the service account's domain"),
    ("invalid_grant", "not a valid email", "Google knows no such person; username must be a mailbox of the service account's domain"),
    ("invalid_grant", "signature", "the service account's key is not valid any more; make a new one, and name it in service_account_file"),
    ("invalid_grant", "account not found", "the service account is gone; make a new key, and name it in service_account_file"),
    (
        "invalid_client",
        "",
        "the application is unknown or its secret wrong; check client_id and the client secret (Google Cloud, Credentials)",
    ),
    ("deleted_client", "", "the application was deleted in Google Cloud; make another, and check client_id"),
    ("disabled_client", "", "the application is disabled in Google Cloud; have it enabled"),
    ("admin_policy_enforced", "", "the Workspace administrator blocks the application; have it trusted (Security, API controls)"),
    ("org_internal", "", "the application is for another organisation only; make one in your own Google Cloud project"),
)
_ANY: dict[str, str] = {
    "invalid_grant": "the permission was revoked or has expired; " + _AGAIN,
    "interaction_required": "the person must log in again; " + _AGAIN,
    "consent_required": "nobody has consented to what pli asks for; " + _AGAIN,
    "access_denied": "the person declined; " + _AGAIN + " and accept",
    "authorization_declined": "the person declined; " + _AGAIN + " and accept",
    "expired_token": "the code has expired; " + _AGAIN,
    "bad_verification_code": "the code is not known any more; " + _AGAIN,
    "invalid_client": "the application's log-in is refused; check client_id and the client secret",
    "unauthorized_client": "the application may not ask in this way; check client_id and flow",
    "invalid_scope": "the permissions asked for are unknown to the application; see docs/oauth2.md for which to add",
    "redirect_uri_mismatch": "the application is of the wrong kind; make an OAuth client of the kind Desktop app",
}
_BUSY = frozenset({"temporarily_unavailable", "server_error", "internal_failure", "slow_down"})


def refusal(application: Application, server: str, error: str, description: str) -> TokenError:
    """Return the error for a refusal. `error`, `description`: what the server said; of the description only a number is shown."""
    number = _NUMBER.search(description)
    said, code = None, error
    if number is not None:
        said, code = _MICROSOFT.get(number[1]), f"AADSTS{number[1]}"
    if application.provider == "google":
        said = _google(application, error, description.lower())
    said = said or _ANY.get(error) or _unknown(number)
    if application.flow == "client" and said == _ANY["invalid_grant"]:
        said = "the application has no permission any more; check its key or secret, and what it was granted (docs/oauth2.md)"
    code = "".join(letter for letter in code if letter.isascii() and (letter.isalnum() or letter in "_.-"))[:60] or "no reason given"
    told = said.format(username=application.username, tenant=application.tenant)
    who = f"the login server {server} refuses a token for {application.username}"
    return TokenError(f"{who} ({code}): {told}", unreachable=error in _BUSY)


def _google(application: Application, error: str, description: str) -> str | None:
    if error == "unauthorized_client" and application.flow == "client":
        return (
            "the service account may not act for mailboxes; have a Workspace administrator allow its client ID the scope "
            "https://mail.google.com/ (Security, API controls, Domain-wide delegation)"
        )
    return next((said for kind, word, said in _GOOGLE if kind == error and word in description), None)


def _unknown(number: re.Match[str] | None) -> str:
    where = f"https://login.microsoftonline.com/error?code={number[1]} explains it" if number else "ask whoever administers the mailbox"
    return f"this is not known to pli; {where}"
