"""Logging in with tokens, on a real Dovecot, a submission server and a log-in server; and each refusal in a person's words."""

from __future__ import annotations

import base64
import json
import logging
import re
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import dovecot as dovecot_server
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from login_server import TENANT, LoginServer
from mails import mail
from office import Office
from relay import Relay

import config
from cli import pli
from config import ConfigError, TokenError
from intake.source import SourceError
from intake.sources import open_source
from notifications.smtp import SmtpError, SmtpTransport
from plant import smtp_account

SECRET = "PLANTED-client-secret"


@pytest.fixture(scope="module")
def certificate(authority, tmp_path_factory):
    folder = tmp_path_factory.mktemp("login")
    return folder, authority.server(folder)


@pytest.fixture(scope="module")
def login_for_all(certificate):
    with LoginServer(certificate[1]) as server:
        yield server


@pytest.fixture(scope="module")
def token_dovecot(certificate, login_for_all):
    if dovecot_server.find_program() is None:
        pytest.skip("Dovecot is not installed: what reads mailboxes over IMAP is left out")
    pem = certificate[0] / "server-127.0.0.1-1.pem"
    with dovecot_server.dovecot(pem, introspection=f"http://{login_for_all.plain}/introspect") as server:
        yield server


@pytest.fixture
def login(login_for_all, mailbox_name):
    """The log-in server as new; tokens are for this test's mailbox."""
    fresh = LoginServer(login_for_all.encryption)
    for name in ("approve_after", "lifetime", "refuse", "status", "nonsense", "asked", "good", "refreshing", "issued", "polls"):
        setattr(login_for_all, name, getattr(fresh, name))
    login_for_all.username = mailbox_name
    return login_for_all


@pytest.fixture
def mailbox_name(token_dovecot, request):
    name = f"{re.sub(r'[^a-z0-9]+', '-', request.node.name.lower())[:40].strip('-')}@example.org"
    token_dovecot.make_mailbox(name)
    return name


class Team(Office):
    """An installation whose mailbox and submission server take tokens only."""

    def tables(self, login, authority, *, flow="device", smtp_too=True, port=None, server=None, **more):
        keys = {"provider": "microsoft", "tenant": TENANT, "client_id": "the-app", "flow": flow}
        keys |= {"authority": f"https://{server or login.secure}", "ca_file": str(authority.file)} | more
        if flow == "client" and keys["provider"] == "microsoft":
            (self.folder / "client-secret").touch(mode=0o600)
            (self.folder / "client-secret").write_text(SECRET)
            keys["client_secret_file"] = "client-secret"
        table = "\n".join(f'{key} = "{value}"' for key, value in keys.items() if value is not None)
        self.settings()
        text = self.config.read_text().replace('password_file = "secret"', f"[mailbox.oauth2]\n{table}")
        if smtp_too:
            text = text.replace("[acknowledgement]", f'username = "{self.mailbox}"\n[smtp.oauth2]\n{table}\n[acknowledgement]')
        self.config.write_text(text.replace(f"port = {self.dovecot.port}", f"port = {port or self.dovecot.port}"))
        return self

    @property
    def token_file(self):
        return next(self.folder.glob(".pli-token-*.json"))

    def held(self):
        return json.loads(self.token_file.read_text())

    @property
    def box(self):
        return config.load(self.config, {}).mailbox[0]


@pytest.fixture
def team(tmp_path, token_dovecot, mailbox_name, login, authority, smtp):
    smtp.tokens = login.takes
    return Team(tmp_path, f"sqlite:///{tmp_path}/pli.db", token_dovecot, mailbox_name, smtp).tables(login, authority)


def granted(team):
    """Let a person have agreed already."""
    from config.oauth2 import microsoft, tokens

    application = team.box.application
    tokens.keep(application, microsoft.by_device_code(application, lambda *_: None))


def age(team, **changes):
    """Change what the token file says of times."""
    team.token_file.write_text(json.dumps(team.held() | changes))


def opens(box):
    with open_source(box) as source:
        return source.uidvalidity


def test_from_the_code_to_the_acknowledgement(team, login, smtp):
    assert "run `pli authorize" in team.pli("poll", code=2)
    out = team.pli("authorize", team.mailbox)
    assert "Open https://login.example/device in any browser, type the code ABCD-EFGH" in out
    assert login.polls == 2
    assert {stat.S_IMODE(path.stat().st_mode) for path in team.folder.glob(".pli-token-*")} == {0o600}
    scopes = set(team.held()["uses"])
    assert scopes == {"imap", "smtp"}

    checks = {check["name"]: check for check in team.json("doctor")}
    assert checks[f"mailbox {team.mailbox}"]["ok"]
    assert checks["smtp"]["ok"]

    team.deliver(mail())
    assert team.json("poll")["sent"] == 1
    assert smtp.log_ins == [team.mailbox] * 2
    assert len(login.asked) == 2, "the kept token was used, nothing was asked for again"
    told = "".join(path.read_text(errors="replace") for path in (team.folder / "pli.db", team.config))
    assert not [secret for secret in login.issued if secret in told + out]


def test_an_expired_token_is_renewed_once_by_whoever_comes_first(team, login):
    granted(team)
    age(team, expires_at=time.time() + 60)
    before = len(login.asked)
    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(lambda _: opens(team.box), range(4)))) == 1
    assert [form["grant_type"] for form in login.asked[before:]] == ["refresh_token"]
    assert team.held()["refresh_token"] == login.issued[-1]


def test_a_token_that_is_refused_is_asked_for_anew_once(team, login):
    granted(team)
    login.good.clear()
    age(team, obtained_at=time.time() - 300)
    opens(team.box)
    assert login.asked[-1]["grant_type"] == "refresh_token"
    login.good.clear()
    with pytest.raises(SourceError, match=r"the log-in of .* was refused; see that IMAP is switched on") as caught:
        opens(team.box)
    assert len(login.asked) == 3, "a fresh token that is refused is not asked for again"
    assert not [secret for secret in login.issued if secret in str(caught.value)]


def test_sending_asks_for_a_token_anew_once_too(team, login, smtp):
    granted(team)
    login.good.clear()
    age(team, obtained_at=time.time() - 300)
    with SmtpTransport(smtp_account(config.load(team.config, {}))) as transport:
        transport.check("recrutement@example.org")
    login.good.clear()
    smtp.refusal = "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox."
    with pytest.raises(SmtpError, match="Set-CASMailbox") as caught, SmtpTransport(smtp_account(config.load(team.config, {}))) as transport:
        transport.check("recrutement@example.org")
    assert not [secret for secret in login.issued if secret in str(caught.value)]


@pytest.mark.parametrize("offered", [b"AUTH=XOAUTH2", b"AUTH=OAUTHBEARER", b"SASL-IR"])
def test_a_server_that_lacks_something_is_spoken_to_in_the_other_way(team, login, authority, offered):
    with Relay(team.dovecot.port, answered=lambda data: data.replace(b" " + offered, b"")) as line:
        team.tables(login, authority, port=line.port)
        granted(team)
        assert opens(team.box)
        login.good.clear()
        with pytest.raises(SourceError, match="was refused"):
            opens(team.box)


def test_a_server_without_tokens_is_called_so(team, login, authority):
    with Relay(team.dovecot.port, answered=lambda data: data.replace(b" AUTH=XOAUTH2", b"").replace(b" AUTH=OAUTHBEARER", b"")) as line:
        team.tables(login, authority, port=line.port)
        granted(team)
        with pytest.raises(SourceError, match="takes no tokens"):
            opens(team.box)


REFUSALS = [
    ("invalid_grant", "AADSTS700082: The refresh token has expired due to inactivity.", "not used for too long; run `pli authorize"),
    ("invalid_grant", "AADSTS65001: The user or administrator has not consented", "grant consent in Entra"),
    ("invalid_grant", "no number", "was revoked or has expired; run `pli authorize"),
    (
        "invalid_client",
        "AADSTS7000222: The provided client secret keys for app 'x' are expired.",
        "client secret has expired; make a new one",
    ),
    ("invalid_client", "AADSTS700024: Client assertion is not within its valid time range.", "clock is wrong"),
    ("interaction_required", "AADSTS50076: Due to a configuration change", "second factor"),
    ("strange_error", "AADSTS123456: new", "error?code=123456 explains it"),
    ("<b>\x1b[31m", "", "not known to pli"),
]


@pytest.mark.parametrize(("error", "description", "told"), REFUSALS)
def test_each_refusal_is_told_with_its_remedy_and_without_the_servers_words(team, login, error, description, told):
    granted(team)
    age(team, expires_at=0)
    trace = " Trace ID: 0a1b2c lea@example.org"
    login.refuse = lambda form: {"error": error, "error_description": description + trace}
    with pytest.raises(SourceError) as caught:
        opens(team.box)
    said = str(caught.value)
    assert told in said
    assert "0a1b2c" not in said
    assert "lea@" not in said
    assert said.isprintable()


def test_a_permission_that_was_revoked_is_one_line(team, login, capsys):
    granted(team)
    age(team, expires_at=0)
    login.refreshing.clear()
    out = here(team, capsys, "poll", code=3)
    [line] = [line for line in out.splitlines() if "AADSTS50173" in line]
    assert "as a new password does; run `pli authorize" in line
    assert "as a new password does" in here(team, capsys, "doctor", code=3)


def test_what_the_login_server_refuses_is_not_asked_for_every_minute(team, login):
    granted(team)
    age(team, expires_at=0)
    login.status = 503
    assert "cannot reach the login server" in team.pli("poll", code=3)
    login.status = None
    login.refreshing.clear()
    assert "AADSTS50173" in team.pli("poll", code=3)
    before = len(login.asked)
    assert "or run `pli authorize" in team.pli("poll", code=3)
    assert len(login.asked) == before
    team.pli("authorize", team.mailbox)
    assert team.json("poll")["mailboxes"][0]["ok"]


def test_a_tenant_that_does_not_exist(team, login, authority, capsys):
    team.tables(login, authority, tenant="unknown.example")
    assert "there is no such tenant; check tenant" in here(team, capsys, "authorize", team.mailbox, code=1)


@pytest.mark.parametrize("trouble", ["closed", "503", "certificate"])
def test_a_log_in_server_that_cannot_be_reached_is_no_refusal(team, login, authority, capsys, trouble):
    granted(team)
    login.status = 503 if trouble == "503" else None
    server = "127.0.0.1:1" if trouble == "closed" else login.secure
    team.tables(login, authority, server=server, **({"ca_file": None} if trouble == "certificate" else {}))
    held = team.held()
    held["owner"]["authority"] = f"https://{server}"
    team.token_file.write_text(json.dumps(held | {"expires_at": 0}))
    with pytest.raises(TokenError, match="cannot reach the login server") as caught:
        team.box.access_token()
    assert caught.value.unreachable
    assert "cannot reach the login server" in here(team, capsys, "authorize", team.mailbox, code=3)


NONSENSE = [
    "",
    "<html>",
    "[]",
    "5",
    "{}",
    '{"access_token": 5, "expires_in": 1}',
    '{"access_token": null}',
    '{"access_token": "x", "expires_in": "soon"}',
]


@pytest.mark.parametrize("said", NONSENSE)
def test_a_log_in_server_that_talks_nonsense_is_one_line(team, login, said):
    granted(team)
    age(team, expires_at=0)
    login.nonsense = said
    with pytest.raises(TokenError, match="the login server"):
        team.box.access_token()


def test_a_token_whose_end_is_not_told_is_good_for_one_log_in(team, login):
    granted(team)
    age(team, expires_at=0)
    login.nonsense = '{"access_token": "x"}'
    assert team.box.access_token() == "x"
    assert team.held()["expires_at"] <= time.time()


def test_a_log_in_server_that_drips_is_left_when_its_time_is_up(team, login, authority, monkeypatch):
    monkeypatch.setattr("config.oauth2.http._WHOLE_SECONDS", 0.5)
    with Relay(int(login.secure.rpartition(":")[2]), octets=0, then="drip") as line:
        team.tables(login, authority, flow="client", server=f"127.0.0.1:{line.port}")
        with pytest.raises(TokenError, match="did not answer in time"):
            team.box.access_token()


def test_a_person_who_declines(team, login, capsys):
    login.refuse = lambda _: {"error": "authorization_declined", "error_description": ""}
    assert "the person declined" in here(team, capsys, "authorize", team.mailbox, code=1)
    assert not list(team.folder.glob(".pli-token-*.json"))


def test_a_token_file_that_others_may_read_is_refused(team, capsys):
    granted(team)
    team.token_file.chmod(0o640)
    assert "others may read or write it; run `chmod 600" in here(team, capsys, "poll", code=2)


def test_a_token_file_is_used_for_its_own_log_in_only(team, login, authority):
    granted(team)
    team.tables(login, authority, client_id="another-app")
    with pytest.raises(ConfigError, match="nobody has let pli into the mailbox yet"):
        team.box.access_token()


def test_what_was_granted_for_reading_is_not_enough_for_sending(team, login, authority):
    team.tables(login, authority, smtp_too=False)
    granted(team)
    team.tables(login, authority)
    with pytest.raises(ConfigError, match="does not include sending"):
        config.check_secrets(config.load(team.config, {}))


def test_an_application_with_a_permission_of_its_own(team, login, authority, capsys):
    team.tables(login, authority, flow="client")
    assert opens(team.box)
    with SmtpTransport(smtp_account(config.load(team.config, {}))) as transport:
        transport.check("recrutement@example.org")
    [form] = login.asked
    assert form["scope"] == "https://outlook.office365.com/.default"
    assert form["client_secret"] == SECRET
    assert "nobody needs to agree" in here(team, capsys, "authorize", team.mailbox)
    login.refuse = lambda _: {"error": "invalid_client", "error_description": "AADSTS7000222: expired"}
    age(team, expires_at=0)
    assert "client secret has expired" in here(team, capsys, "doctor", code=3)


def test_no_secret_stands_in_any_log_repr_or_error(team, login, authority, caplog, monkeypatch):
    caplog.set_level(logging.DEBUG)
    for name in ("msal", "urllib3", "imapclient", "google"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    for name in ("mail.log", "mail.debug"):  # the test's own server
        monkeypatch.setattr(logging.getLogger(name), "disabled", True)
    team.tables(login, authority, flow="client")
    settings = config.load(team.config, {})
    opens(settings.mailbox[0])
    with SmtpTransport(smtp_account(settings)) as transport:
        transport.check("recrutement@example.org")
    team.tables(login, authority)
    team.token_file.unlink()
    granted(team)
    age(team, expires_at=0)
    opens(team.box)
    login.refuse = lambda form: {"error": "invalid_grant", "error_description": str(form)}
    age(team, expires_at=0)
    with pytest.raises(SourceError) as caught:
        opens(team.box)
    told = caplog.text + repr(settings) + repr(team.box.application) + repr(smtp_account(settings)) + repr(caught.value)
    assert [secret for secret in (*login.issued, SECRET, "PLANTED") if secret in told] == []


class TestGoogle:
    @pytest.fixture
    def key(self, team):
        private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        pem = private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        path = team.folder / "key.json"
        path.touch(mode=0o600)
        facts = {
            "type": "service_account",
            "client_email": "pli@project.example",
            "private_key": pem.decode(),
            "token_uri": "https://x.example/",
        }
        path.write_text(json.dumps(facts | {"private_key_id": "1", "client_id": "2"}))
        return path

    @pytest.fixture
    def team(self, team, login, authority):
        self.keys = {"provider": "google", "tenant": None, "client_secret": SECRET}
        return team.tables(login, authority, flow="browser", **self.keys)

    def by_key(self, team, login, authority, key):
        keys = {"provider": "google", "tenant": None, "client_id": None, "service_account_file": key.name}
        return team.tables(login, authority, flow="client", **keys)

    def test_a_service_account_acts_for_the_mailbox(self, team, login, authority, key):
        self.by_key(team, login, authority, key)
        assert opens(team.box)
        [form] = login.asked
        claims = json.loads(base64.urlsafe_b64decode(form["assertion"].split(".")[1] + "=="))
        assert (claims["sub"], claims["scope"]) == (team.mailbox, "https://mail.google.com/")
        opens(team.box)
        assert len(login.asked) == 1

    @pytest.mark.parametrize(
        ("error", "description", "told"),
        [
            ("unauthorized_client", "Client is unauthorized to retrieve access tokens", "Domain-wide delegation"),
            ("invalid_grant", "Invalid JWT: Token must be a short-lived token (60 minutes)", "clock is wrong"),
            ("invalid_grant", "Invalid email or User ID", "Google knows no such person"),
        ],
    )
    def test_what_google_refuses(self, team, login, authority, key, error, description, told):
        self.by_key(team, login, authority, key)
        login.refuse = lambda _: {"error": error, "error_description": description}
        with pytest.raises(TokenError, match=told):
            team.box.access_token()

    @pytest.mark.parametrize("said", NONSENSE)
    def test_a_google_that_talks_nonsense(self, team, login, authority, key, said):
        self.by_key(team, login, authority, key)
        login.nonsense = said
        with pytest.raises(TokenError, match="the login server"):
            team.box.access_token()

    def test_a_google_that_cannot_be_reached(self, team, login, authority, key):
        self.by_key(team, login, authority, key)
        team.config.write_text(team.config.read_text().replace(login.secure, "127.0.0.1:1"))
        with pytest.raises(TokenError, match="cannot reach the login server") as caught:
            team.box.access_token()
        assert caught.value.unreachable

    def test_a_key_that_is_none(self, team, login, authority, key):
        self.by_key(team, login, authority, key)
        key.write_text("{}")
        with pytest.raises(ConfigError, match="is no key of a service account"):
            team.box.check()

    @pytest.mark.parametrize("way", ["browser", "pasted"])
    def test_a_person_agrees_in_a_browser(self, team, login, way):
        process = _start(team, "authorize", team.mailbox)
        assert process.stdout is not None
        process.stdout.readline()
        url = process.stdout.readline().strip()
        asked = {key: values[0] for key, values in parse_qs(urlsplit(url).query).items()}
        assert (asked["scope"], asked["access_type"], asked["login_hint"]) == ("https://mail.google.com/", "offline", team.mailbox)
        back = f"{asked['redirect_uri']}/?state={asked['state']}&code=the-code"
        if way == "browser":
            forged = back.replace(asked["state"], "forged")
            assert b"waiting" in urlopen(forged).read()
            assert b"may be closed" in urlopen(back).read()
        out, err = process.communicate(f"nonsense\n{back}\n" if way == "pasted" else "", timeout=30)
        assert process.returncode == 0, err
        [form] = login.asked
        assert (form["code"], form["redirect_uri"], form["client_secret"]) == ("the-code", asked["redirect_uri"], SECRET)
        assert not [secret for secret in (*login.issued, SECRET) if secret in out + err]
        age(team, expires_at=0)
        assert opens(team.box)
        assert login.asked[-1]["grant_type"] == "refresh_token"


def here(team, capsys, *arguments, code=0):
    """Run `pli` in this process; it must end with `code`."""
    with pytest.raises(SystemExit) as ended:
        pli.main([*arguments, "--config", str(team.config)])
    told = "".join(capsys.readouterr())
    assert ended.value.code == code, told
    return told


def _start(team, *arguments):
    import os
    import subprocess

    from office import PROGRAM

    return subprocess.Popen(
        [*PROGRAM, *arguments, "--config", str(team.config)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, env={name: value for name, value in os.environ.items() if not name.startswith("PLI_")}, cwd=Path(__file__).parents[1],
    )  # fmt: skip
