# ruff: noqa: E501 - the expected lines stand as users see them
"""The table `oauth2`: what may stand in it, the line that each mistake gets, and that its secrets are never shown."""

from __future__ import annotations

import json
import pickle
import stat

import pytest
from test_config import GOOD, complaint, load

import config
from config import ConfigError
from config.oauth2 import tokens
from config.oauth2.store import Grant

DEVICE = '[mailbox.oauth2]\nprovider = "microsoft"\ntenant = "t"\nclient_id = "c"'
CLIENT = f'{DEVICE}\nflow = "client"\nclient_secret = "PLANTED"'
BROWSER = '[mailbox.oauth2]\nprovider = "google"\nclient_id = "c"\nclient_secret_file = "secret"'
KEY = '[mailbox.oauth2]\nprovider = "google"\nservice_account_file = "key.json"'


def written(table, **changes):
    for old, new in changes.items():
        table = "\n".join(f"{old} = {new}" if line.startswith(f"{old} =") else line for line in table.splitlines())
    return GOOD.replace('password_file = "imap.secret"', table)


@pytest.mark.parametrize(("table", "way"), [(DEVICE, "device"), (CLIENT, "client"), (BROWSER, "browser"), (KEY, "client")])
def test_each_way_has_its_keys(tmp_path, table, way):
    box = load(tmp_path, written(table)).mailbox[0]
    assert box.uses_tokens
    application = box.application
    assert application is not None
    assert (application.flow, application.username, set(application.uses)) == (way, "recrutement@example.org", {"imap"})
    assert application.token_file == tmp_path / f".pli-token-{application.provider}-recrutement@example.org.json"


BAD = [
    (f'password_file = "x"\n{DEVICE}', "pli.toml: mailbox[0]: password_file and [mailbox.oauth2] are both given; keep one"),
    (f"{DEVICE}\ntennant = 'x'", "pli.toml: mailbox[0].oauth2.tennant: there is no such key; did you mean tenant?"),
    (DEVICE.replace("microsoft", "yahoo"), 'pli.toml: mailbox[0].oauth2.provider = "yahoo": write "microsoft" or "google"'),
    (DEVICE.replace('tenant = "t"', ""), 'pli.toml: mailbox[0].oauth2: tenant is missing; provider = "microsoft" with flow = "device" needs it, see docs/oauth2.md'),
    (CLIENT.replace('client_secret = "PLANTED"', ""), 'pli.toml: mailbox[0].oauth2: client_secret is missing; provider = "microsoft" with flow = "client" needs it, see docs/oauth2.md'),
    (CLIENT.replace('"t"', '"common"'), 'pli.toml: mailbox[0].oauth2: tenant = "common" names no single organisation, which flow = "client" needs; write the tenant\'s ID'),
    (f'{CLIENT}\nclient_secret_file = "x"', "pli.toml: mailbox[0].oauth2: client_secret and client_secret_file are both given; keep one"),
    (f'{DEVICE}\nclient_secret_command = "PLANTED"', 'pli.toml: mailbox[0].oauth2: client_secret_command has no use with provider = "microsoft" and flow = "device"; remove it'),
    (f"{CLIENT}\nclient_secret_command = 5", "pli.toml: mailbox[0].oauth2.client_secret_command: write a text in quotes"),
    (f'{BROWSER}\nflow = "device"', 'pli.toml: mailbox[0].oauth2: flow = "device" is none of provider = "google" (Google gives no access to mail by device code); write "browser" or "client"'),
    (f'{KEY}\ntenant = "t"', 'pli.toml: mailbox[0].oauth2: tenant has no use with provider = "google" and flow = "client"; remove it'),
    (f'{BROWSER}\nauthority = "http://login.example.org"', 'pli.toml: mailbox[0].oauth2.authority = "http://login.example.org": would send secrets in the clear; write https'),
    (f'{DEVICE}\nauthority = "http://127.0.0.1"', "pli.toml: mailbox[0].oauth2: authority must begin with https with Microsoft's library; write https"),
    (f'{DEVICE}\nauthority = "login.example.org"', 'pli.toml: mailbox[0].oauth2.authority = "login.example.org": write the address of a log-in server, such as "https://login.microsoftonline.us"'),
    ('oauth2 = "microsoft"', "pli.toml: mailbox[0].oauth2 = \"microsoft\": write a table, [mailbox.oauth2] with its keys below"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "line"), BAD, ids=range(len(BAD)))
def test_each_mistake_gets_one_line_without_a_secret(tmp_path, table, line):
    said = complaint(tmp_path, written(table))
    assert said == [line]
    assert "PLANTED" not in str(said)


def test_a_folder_needs_no_log_in(tmp_path):
    said = complaint(tmp_path, written(DEVICE).replace('host = "imap.example.org"', 'maildir = "/var/mail/x"'))
    assert "maildir and [mailbox.oauth2] are both given" in said[0]


def test_two_tables_may_share_a_token_only_when_they_are_alike(tmp_path):
    smtp = DEVICE.replace("mailbox", "smtp")
    both = written(DEVICE).replace("[privacy]", f'username = "recrutement@example.org"\n{smtp}\n[privacy]')
    settings = load(tmp_path, both)
    assert settings.mailbox[0].application == settings.smtp.application
    assert settings.smtp.application is not None
    assert settings.smtp.application.uses == {"imap", "smtp"}
    said = complaint(tmp_path, both.replace(smtp, smtp.replace('"c"', '"another"')))
    assert "give one another token_file" in said[0]


def test_a_secret_from_the_environment_replaces_the_files_and_is_never_shown(tmp_path):
    settings = load(tmp_path, written(BROWSER), PLI_MAILBOX__0__OAUTH2__CLIENT_SECRET="PLANTED")
    application = settings.mailbox[0].application
    assert application is not None
    assert application.client_secret() == "PLANTED"
    assert "PLANTED" not in repr(settings) + repr(application)
    assert pickle.loads(pickle.dumps(settings)) == settings


def test_a_secret_that_others_may_read_is_told(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("x")
    secret.chmod(0o644)
    assert any(
        line.startswith(f"{secret}: holds a secret and others may read it") for line in config.warnings(load(tmp_path, written(BROWSER)))
    )


def test_what_cannot_be_read_is_told_before_any_work_begins(tmp_path):
    with pytest.raises(ConfigError, match=r"oauth2\.client_secret_file = .* \(of recrutement@example\.org\): cannot be read"):
        config.check_secrets(load(tmp_path, written(BROWSER)))
    with pytest.raises(ConfigError, match=r"oauth2\.service_account_file = .*: cannot be read"):
        config.check_secrets(load(tmp_path, written(KEY)))
    with pytest.raises(ConfigError, match=r"oauth2\.token_file = .*: nobody has let pli into the mailbox yet; run `pli authorize"):
        config.check_secrets(load(tmp_path, written(DEVICE)))


class TestTokenFile:
    @pytest.fixture
    def application(self, tmp_path):
        return load(tmp_path, written(DEVICE)).mailbox[0].application

    def test_it_is_its_owners_alone_whatever_the_umask(self, application, tmp_path):
        import os

        before = os.umask(0)
        try:
            path = tokens.keep(application, Grant("PLANTED", 0, 1, "PLANTED", frozenset({"imap"})))
        finally:
            os.umask(before)
        assert {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.glob(".pli-token-*")} == {0o600}
        assert "PLANTED" not in repr(Grant("PLANTED", 0, 1, "PLANTED"))
        tokens.check(application)
        assert sorted(json.loads(path.read_text())) == ["access_token", "expires_at", "obtained_at", "owner", "refresh_token", "uses"]

    @pytest.mark.parametrize("text", ["", "[]", "{}", "\udcff", '{"owner": 5, "access_token": {}}', "null"])
    def test_what_is_none_of_ours_is_never_a_traceback(self, application, text):
        application.token_file.touch(mode=0o600)
        application.token_file.write_text(text, errors="surrogateescape")
        with pytest.raises(Exception, match=r"holds no token of pli|nobody has let pli"):
            tokens.check(application)

    def test_a_folder_that_cannot_be_written_is_named(self, tmp_path):
        settings = load(tmp_path, written(f'{DEVICE}\ntoken_file = "missing/token"'))
        application = settings.mailbox[0].application
        assert application is not None
        with pytest.raises(Exception, match="cannot be written"):
            tokens.keep(application, Grant("x", 0, 1, "y"))
