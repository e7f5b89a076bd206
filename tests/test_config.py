# ruff: noqa: E501 - the expected lines stand as users see them
"""The configuration: what it promises to users, and the line that each mistake gets."""

from __future__ import annotations

import pickle
from datetime import date, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import config
from config import ConfigError, Settings

GOOD = """
[[mailbox]]
address = "recrutement@example.org"
host = "imap.example.org"
password_file = "imap.secret"
[smtp]
host = "smtp.example.org"
sender = "Recrutement Lab MI <recrutement@example.org>"
[privacy]
controller = "Ministère de l'Intérieur"
contact = "dpo@example.org"
"""
HUSH = "correct-horse-battery"


def load(folder: Path, text: str = GOOD, **environ: str) -> Settings:
    path = folder / "pli.toml"
    path.write_text(text, encoding="utf-8")
    return config.load(path, environ)


def complaint(folder: Path, text: str = GOOD, **environ: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(folder, text, **environ)
    return [line.removeprefix(f"{folder}/") for line in str(caught.value).splitlines()]


def test_the_shortest_file_gets_every_default_of_the_interface(tmp_path):
    settings = load(tmp_path)
    box = settings.mailbox[0]
    assert (box.port, box.security, box.username, box.folder, box.kind, box.after) == (
        993, "tls", "recrutement@example.org", "INBOX", "dedicated", "leave",
    )  # fmt: skip
    assert (settings.smtp.port, settings.smtp.security) == (587, "starttls")
    assert (settings.smtp.sender_name, settings.smtp.sender_address) == ("Recrutement Lab MI", "recrutement@example.org")
    acknowledgement = settings.acknowledgement
    assert (acknowledgement.backlog, acknowledgement.max_age, acknowledgement.unverified) == (False, timedelta(days=7), "send")
    assert (acknowledgement.max_per_hour, acknowledgement.max_per_address_per_day, acknowledgement.max_per_domain_per_10min) == (60, 2, 0)
    digest = settings.digest
    assert (digest.at, digest.timezone, digest.days, digest.country) == (time(8), ZoneInfo("Europe/Paris"), frozenset(range(5)), "FR")
    assert settings.schedule.poll_every == timedelta(seconds=60)
    assert (settings.privacy.retention, str(settings.privacy.retention)) == (timedelta(days=730), "2 years")
    assert settings.our_addresses == {"recrutement@example.org"}


def test_relative_paths_are_relative_to_the_file(tmp_path):
    settings = load(tmp_path)
    assert settings.storage.url == f"sqlite:///{tmp_path}/pli.db"
    assert settings.storage.documents == str(tmp_path / "documents")
    assert settings.offers.folder == tmp_path / "offers"
    assert settings.mailbox[0].password_file == tmp_path / "imap.secret"
    assert settings.path == tmp_path / "pli.toml"


def test_the_interfaces_example_is_understood(tmp_path):
    text = """
[storage]
url = "postgresql+psycopg://user@host/db"
documents = "/srv/documents"
[offers]
folder = "/srv/offers"
[[mailbox]]
address  = "Recrutement@example.org"
aliases  = ["jobs@example.org"]
host     = "imap.example.org"
port     = 993
security = "tls"
username = "recrutement@example.org"
password_file = "/run/secrets/imap"
folder   = "INBOX"
kind     = "personal"
since    = 2026-11-01
after    = "move:Archive/Candidatures"
[[mailbox]]
address = "camille@example.org"
maildir = "Maildir"
[smtp]
host = "smtp.example.org"
port = 587
security = "starttls"
username = "recrutement@example.org"
password_command = "echo hush"
sender = "recrutement@example.org"
[acknowledgement]
backlog = true
max_age = "36 hours"
max_per_hour = 0
max_per_address_per_day = 2
max_per_domain_per_10min = 5
unverified = "hold"
authserv_id = "mx.example.org"
[digest]
at = "7:30"
timezone = "America/Martinique"
days = "mon,wed-thu"
country = "be"
[schedule]
poll_every = "5min"
[privacy]
controller = "Lab MI"
contact = "dpo@example.org"
retention = "18 months"
"""
    settings = load(tmp_path, text)
    box = settings.mailbox[0]
    assert (box.address, box.since, box.after, box.kind) == (
        "recrutement@example.org",
        date(2026, 11, 1),
        "move:Archive/Candidatures",
        "personal",
    )
    assert settings.mailbox[1].maildir == tmp_path / "Maildir"
    assert settings.our_addresses == {"recrutement@example.org", "jobs@example.org", "camille@example.org"}
    assert settings.digest.days == {0, 2, 3}
    assert settings.digest.country == "BE"
    assert settings.smtp.password_value() == "hush"
    assert (settings.privacy.retention.count, settings.privacy.retention.unit) == (18, "month")


def test_the_environment_overrides_the_file(tmp_path):
    settings = load(
        tmp_path,
        PLI_STORAGE__URL="sqlite:////var/lib/pli/pli.db",
        PLI_SMTP__PORT="465",
        PLI_ACKNOWLEDGEMENT__BACKLOG="true",
        PLI_MAILBOX__0__PASSWORD=HUSH,
        PLI_MAILBOX__0__ALIASES="a@example.org, b@example.org",
        PLI_MAILBOX__0__SINCE="2026-11-01",
        PLI_DIGEST__DAYS="sat-mon",
        PLI_CONFIG="elsewhere.toml",
        HOME="/nowhere",
    )
    assert settings.storage.url == "sqlite:////var/lib/pli/pli.db"
    assert settings.smtp.port == 465
    assert settings.acknowledgement.backlog is True
    assert settings.mailbox[0].password_value() == HUSH
    assert settings.mailbox[0].aliases == ("a@example.org", "b@example.org")
    assert settings.mailbox[0].since == date(2026, 11, 1)
    assert settings.digest.days == {5, 6, 0}


def test_a_mailbox_may_come_from_the_environment_alone(tmp_path):
    text = GOOD.partition("[smtp]")[1] + GOOD.partition("[smtp]")[2]
    settings = load(tmp_path, text, PLI_MAILBOX__0__ADDRESS="a@example.org", PLI_MAILBOX__0__MAILDIR="/var/mail/a")
    assert settings.mailbox[0].maildir == Path("/var/mail/a")


def test_pli_config_names_the_file(tmp_path):
    load(tmp_path)
    assert config.load(None, {"PLI_CONFIG": str(tmp_path / "pli.toml")}).path == tmp_path / "pli.toml"


BAD = [
    # (what is replaced, by what, the line)
    ('host = "imap.example.org"', "", 'pli.toml: mailbox[0]: say where the mail lies: host = "imap.example.org", maildir = "/var/mail/recrutement" or eml = "folder"'),
    ('host = "imap.example.org"', 'host = "imaps://imap.example.org:993"', 'pli.toml: mailbox[0].host = "imaps://imap.example.org:993": write the bare host name, such as "imap.example.org"; the port has a key of its own'),
    ('host = "imap.example.org"', 'host = "imap.example.org"\nmaildir = "x"', "pli.toml: mailbox[0]: host and maildir are both given; keep one"),
    ('password_file = "imap.secret"', "", "pli.toml: mailbox[0]: the password is missing; write password_file, password_command or password, or a table [mailbox.oauth2]"),
    ('password_file = "imap.secret"', 'password_file = "a"\npassword_command = "b"', "pli.toml: mailbox[0]: password_file and password_command are both given; keep one"),
    ('password_file = "imap.secret"', 'password_file = "a"\nport = 70000', "pli.toml: mailbox[0].port = 70000: write a number of at most 65535"),
    ('password_file = "imap.secret"', 'password_file = "a"\nport = true', "pli.toml: mailbox[0].port = true: write a whole number"),
    ('password_file = "imap.secret"', 'password_file = "a"\nport = "imap"', 'pli.toml: mailbox[0].port = "imap": write a whole number, without quotes'),
    ('password_file = "imap.secret"', 'password_file = "a"\nsecurity = "none"', 'pli.toml: mailbox[0]: security = "none" would send passwords and personal data in the clear to imap.example.org; write "tls" or "starttls"'),
    ('password_file = "imap.secret"', 'password_file = "a"\nsecurity = "ssl"', 'pli.toml: mailbox[0].security = "ssl": write "tls", "starttls" or "none"'),
    ('password_file = "imap.secret"', 'password_file = "a"\nkind = "private"', 'pli.toml: mailbox[0].kind = "private": write "dedicated" or "personal"'),
    ('password_file = "imap.secret"', 'password_file = "a"\nafter = "delete"', 'pli.toml: mailbox[0].after = "delete": write "leave", "move:FOLDER" or "flag:KEYWORD"'),
    ('password_file = "imap.secret"', 'password_file = "a"\nafter = "flag:two words"', 'pli.toml: mailbox[0].after = "flag:two words": write "leave", "move:FOLDER" or "flag:KEYWORD"'),
    ('password_file = "imap.secret"', 'password_file = "a"\nsince = "last week"', 'pli.toml: mailbox[0].since = "last week": write a date such as 2026-11-01, without quotes'),
    ('password_file = "imap.secret"', 'password_file = "a"\naliases = ["jobs"]', 'pli.toml: mailbox[0].aliases[0] = "jobs": write one e-mail address, such as "recrutement@example.org"'),
    ('password_file = "imap.secret"', 'password_file = "a"\naliases = 5', 'pli.toml: mailbox[0].aliases = 5: write a list, such as ["a@example.org", "b@example.org"]'),
    ('password_file = "imap.secret"', 'password_fil = "a"', "pli.toml: mailbox[0].password_fil: there is no such key; did you mean password_file?"),
    ('address = "recrutement@example.org"', "", "pli.toml: mailbox[0].address: is missing; write it, `pli init` shows an example"),
    ('address = "recrutement@example.org"', 'address = "Camille <c@example.org>"', 'pli.toml: mailbox[0].address = "Camille <c@example.org>": write one e-mail address, such as "recrutement@example.org"'),
    ("[[mailbox]]", "[mailbox]", "pli.toml: mailbox: write [[mailbox]] with two brackets on each side, once for each mailbox"),
    ("[smtp]", "[smpt]", "pli.toml: smpt: there is no such key; did you mean smtp?"),
    ("[smtp]", "smtp = 5\n[digest]", "pli.toml: smtp: the table [smtp] is missing; write it, `pli init` shows an example"),
    ("[smtp]", '[storage]\nurl = "mysql://u:geheim@h/db"\n[smtp]', 'pli.toml: storage.url: write "sqlite:///FILE" or "postgresql+psycopg://USER@HOST/NAME"'),
    ("[smtp]", '[smtp]\nusername = "x"', "pli.toml: smtp: the password is missing; write password_file, password_command or password, or a table [smtp.oauth2]"),
    ("[smtp]", '[smtp]\npassword = "x"', "pli.toml: smtp: username is missing; write the name to log in with"),
    ("[smtp]", "[smtp]\npassword = 5", "pli.toml: smtp.password: write a text in quotes"),
    ('"Recrutement Lab MI <recrutement@example.org>"', '"Recrutement"', 'pli.toml: smtp.sender = "Recrutement": write "Name <address>", such as "Recrutement <recrutement@example.org>"'),
    ('"Recrutement Lab MI <recrutement@example.org>"', '"A <a@example.org>, B <b@example.org>"', 'pli.toml: smtp.sender = "A <a@example.org>, B <b@example.org>": write "Name <address>", such as "Recrutement <recrutement@example.org>"'),
    ('"Recrutement Lab MI <recrutement@example.org>"', '"équipe@example.org"', 'pli.toml: smtp.sender = "équipe@example.org": write an address in ASCII letters: not every server takes accents in one (a domain has an xn-- form)'),
    ('"Recrutement Lab MI <recrutement@example.org>"', '"É <e@éole.example>"', 'pli.toml: smtp.sender = "É <e@éole.example>": write an address in ASCII letters: not every server takes accents in one (a domain has an xn-- form)'),
    ("[privacy]", '[offers]\nfolder = "~nobody-of-that-name/x"\n[privacy]', 'pli.toml: offers.folder = "~nobody-of-that-name/x": no such home folder is known on this machine; write the whole path'),
    ("[privacy]", '[storage]\ndocuments = "~nobody-of-that-name/x"\n[privacy]', 'pli.toml: storage.documents = "~nobody-of-that-name/x": no such home folder is known on this machine; write the whole path'),
    ("[privacy]", '[storage]\nurl = "sqlite:///~nobody-of-that-name/x"\n[privacy]', "pli.toml: storage.url: no such home folder is known on this machine; write the whole path"),
    ("[privacy]", '[offers]\nfolder = "a\\u0000b"\n[privacy]', 'pli.toml: offers.folder = "a?b": write a path without NUL characters'),
    ("[privacy]", '[digest]\nat = "25:00"\n[privacy]', 'pli.toml: digest.at = "25:00": write a time of day, such as "08:00"'),
    ("[privacy]", '[digest]\ntimezone = "Paris"\n[privacy]', 'pli.toml: digest.timezone = "Paris": write an IANA time zone, such as "Europe/Paris"'),
    ("[privacy]", '[digest]\ntimezone = "../../etc/passwd"\n[privacy]', 'pli.toml: digest.timezone = "../../etc/passwd": write an IANA time zone, such as "Europe/Paris"'),
    ("[privacy]", '[digest]\ndays = "lun-ven"\n[privacy]', 'pli.toml: digest.days = "lun-ven": write days such as "mon-fri" or "mon,wed,fri"'),
    ("[privacy]", "[digest]\ndays = 5\n[privacy]", 'pli.toml: digest.days = 5: write days such as "mon-fri" or "mon,wed,fri"'),
    ("[privacy]", '[digest]\ncountry = "France"\n[privacy]', "pli.toml: digest.country = \"France\": write a country's two letters (ISO 3166), such as \"FR\""),
    ("[privacy]", '[schedule]\npoll_every = 60\n[privacy]', 'pli.toml: schedule.poll_every = 60: write a duration in quotes, such as "60s", "15 min", "7 days" or "2 years"'),
    ("[privacy]", '[schedule]\npoll_every = "0s"\n[privacy]', 'pli.toml: schedule.poll_every = "0s": is too short; write at least "1s"'),
    ("[privacy]", '[acknowledgement]\nmax_age = "7 lunes"\n[privacy]', 'pli.toml: acknowledgement.max_age = "7 lunes": write the unit as s, min, hours, days, weeks, months or years, as in "7 days"'),
    ("[privacy]", "[acknowledgement]\nmax_per_hour = -1\n[privacy]", "pli.toml: acknowledgement.max_per_hour = -1: write a number of at least 0"),
    ("[privacy]", '[acknowledgement]\nbacklog = "maybe"\n[privacy]', 'pli.toml: acknowledgement.backlog = "maybe": write true or false, without quotes'),
    ("[privacy]", '[privacy]\nretention = "999999 years"', 'pli.toml: privacy.retention = "999999 years": is too long; write at most 100 years'),
    ('contact = "dpo@example.org"', 'contact = ""', 'pli.toml: privacy.contact = "": write a text of one line'),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line"), BAD, ids=[f"{number}-{row[1][:30]!r}" for number, row in enumerate(BAD)])
def test_every_wrong_value_gets_one_line_with_file_key_value_and_remedy(tmp_path, old, new, line):
    assert old in GOOD
    assert line in complaint(tmp_path, GOOD.replace(old, new, 1))


def test_several_mistakes_are_told_at_once(tmp_path):
    lines = complaint(tmp_path, GOOD.replace("[smtp]", '[smtp]\nport = "x"\nsecurty = "tls"') + 'retention = "soon"\n')
    assert [line.split(":")[1].split(" =")[0].strip() for line in lines] == ["smtp.port", "smtp.securty", "privacy.retention"]


def test_a_table_given_as_a_value_is_told(tmp_path):
    assert complaint(tmp_path, "digest = 5\n" + GOOD) == ["pli.toml: digest = 5: write a table, [digest] with its keys below"]


def test_two_tables_for_the_same_folder_are_refused(tmp_path):
    box = GOOD.partition("[smtp]")[0]
    assert complaint(tmp_path, box + GOOD) == [
        "pli.toml: two [[mailbox]] tables name the same address and folder (recrutement@example.org INBOX); remove one"
    ]


def test_a_syntax_error_names_its_line(tmp_path):
    (line,) = complaint(tmp_path, "[smtp]\nhost = smtp.example.org\n")
    assert line.startswith("pli.toml: this is not TOML: ")
    assert "line 2" in line


def test_a_missing_file_names_pli_init(tmp_path):
    with pytest.raises(ConfigError, match=r"there is no such file; `pli init` writes one"):
        config.load(tmp_path / "none.toml", {})


def test_a_folder_and_a_latin1_file_get_a_line(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        config.load(tmp_path, {})
    (tmp_path / "pli.toml").write_bytes("controller = 'Minist\xe8re'".encode("latin-1"))
    with pytest.raises(ConfigError, match="is not UTF-8 at byte"):
        config.load(tmp_path / "pli.toml", {})


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("PLI_SMTP__PORT", "smtps", 'environment: PLI_SMTP__PORT = "smtps": write a whole number, without quotes'),
        ("PLI_SMTP__PASWORD", HUSH, "environment: PLI_SMTP__PASWORD: there is no such key; did you mean password?"),
        ("PLI_MAILBOX__7__HOST", "x", "environment: PLI_MAILBOX__7__HOST: there is no mailbox.7; mailboxes are counted from 0, as in PLI_MAILBOX__0__HOST"),
        ("PLI_MAILBOX__HOST", "x", "environment: PLI_MAILBOX__HOST: mailbox is no table; write PLI_TABLE__KEY, as in PLI_STORAGE__URL"),
        ("PLI_MAILBOX__0__ALIASES", "a@example.org,b", 'environment: PLI_MAILBOX__0__ALIASES = "b": write one e-mail address, such as "recrutement@example.org"'),
    ],
)  # fmt: skip
def test_a_wrong_variable_is_named(tmp_path, name, value, line):
    assert complaint(tmp_path, **{name: value}) == [line]


@pytest.mark.parametrize(
    "text",
    [
        GOOD.replace('password_file = "imap.secret"', f'password = "{HUSH}"\nport = "x"'),
        GOOD.replace('password_file = "imap.secret"', f'password = ["{HUSH}"]'),
        GOOD.replace('password_file = "imap.secret"', f'password_command = ["{HUSH}"]'),
        GOOD.replace('password_file = "imap.secret"', f'password = "{HUSH}"\npassword_file = "y"'),
        GOOD.replace("[smtp]", f'[storage]\nurl = "mysql://u:{HUSH}@h/d"\n[smtp]'),
        GOOD.replace("[smtp]", f'[storage]\nurl = "user:{HUSH}@host/db"\n[smtp]'),
        GOOD.replace("[smtp]", f'[storage]\nurl = "postgresql:/user:{HUSH}@host/db"\n[smtp]'),
        GOOD.replace("[smtp]", f'[storage]\nurl = "postgres://host/db?user=u&password={HUSH}"\n[smtp]'),
        GOOD.replace("[smtp]", f'[storage]\nurl = "postgresql+psycopg://u:x@{HUSH}@host/db"\n[smtp]'),
        GOOD.replace("[smtp]", f'[storage]\nurl = "postgresql://u:{HUSH}?@host/db"\n[smtp]'),
        GOOD.replace("[smtp]", f'[storage]\nurl = "postgresql://host:5432/db?user=u&password={HUSH}@x"\n[smtp]'),
        GOOD.replace("[smtp]", f'[smtp]\npassword = "{HUSH}"'),
        GOOD.replace("[smtp]", f'[smtp]\npasswort = "{HUSH}"'),
    ],
)
def test_a_secret_never_stands_in_an_error(tmp_path, text):
    assert HUSH not in "\n".join(complaint(tmp_path, text))


@pytest.mark.parametrize("url", ["postgresql://u:x@y@host/db", "postgresql://u:x?@host/db", "postgresql://host:5432/db?password=x@y"])
def test_an_unescaped_at_sign_in_a_database_url_is_told_with_how_to_write_it(tmp_path, url):
    (line,) = complaint(tmp_path, GOOD.replace("[smtp]", f'[storage]\nurl = "{url}"\n[smtp]'))
    assert line == "pli.toml: storage.url: there is an @ too many; in a user name, password or option write @ as %40, ? as %3F, / as %2F"


@pytest.mark.parametrize("url", ["postgresql://u:x%40y@host/db", "postgresql+psycopg:///db", "postgresql://host/db?user=u&password=x%40"])
def test_a_database_url_that_is_well_written_is_taken(tmp_path, url):
    settings = load(tmp_path, GOOD.replace("[smtp]", f'[storage]\nurl = "{url}"\n[smtp]'))
    assert settings.storage.url.startswith("postgresql+psycopg://")


def test_a_secret_never_stands_in_a_representation(tmp_path):
    settings = load(tmp_path, PLI_MAILBOX__0__PASSWORD=HUSH, PLI_STORAGE__URL=f"postgresql+psycopg://u:{HUSH}@h/d")
    assert settings.mailbox[0].password_value() == HUSH
    for thing in (settings, settings.storage, settings.mailbox[0]):
        assert HUSH not in f"{thing!r}{thing}"


def test_settings_are_frozen_and_travel_to_other_processes(tmp_path):
    settings = load(tmp_path)
    with pytest.raises(ValueError, match="frozen"):
        settings.smtp.port = 1  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(settings)) == settings


class TestSecretFile:
    def test_is_read_when_asked_for_and_not_before(self, tmp_path):
        settings = load(tmp_path)
        secret = tmp_path / "imap.secret"
        secret.write_text(f"{HUSH}\n")
        secret.chmod(0o600)
        assert settings.mailbox[0].password_value() == HUSH

    def test_that_others_may_read_is_warned_about_and_works(self, tmp_path):
        settings = load(tmp_path)
        secret = tmp_path / "imap.secret"
        secret.write_text(HUSH)
        secret.chmod(0o644)
        assert settings.mailbox[0].password_value() == HUSH
        assert f"{secret}: holds a secret and others may read it; run `chmod 600 {secret}`" in config.warnings(settings)

    def test_each_that_is_missing_is_named_by_file_mailbox_and_key(self, tmp_path):
        more = '[[mailbox]]\naddress = "b@example.org"\nhost = "imap.example.org"\npassword_file = "/nowhere/x"\n'
        settings = load(tmp_path, GOOD.replace("[smtp]", more + "[smtp]"))
        with pytest.raises(ConfigError) as caught:
            config.check_secrets(settings)
        assert str(caught.value).splitlines() == [
            f'{tmp_path}/pli.toml: mailbox[{number}].password_file = "{file}" (of {address}): cannot be read (No such file or directory); '
            f"write the password into it and run `chmod 600 {file}`"
            for number, file, address in ((0, tmp_path / "imap.secret", "recrutement@example.org"), (1, "/nowhere/x", "b@example.org"))
        ]

    def test_one_that_a_variable_names_is_told_by_the_variable(self, tmp_path):
        settings = load(tmp_path, PLI_MAILBOX__0__PASSWORD_FILE="/nowhere/x")
        with pytest.raises(ConfigError, match=r"^environment: PLI_MAILBOX__0__PASSWORD_FILE = "):
            config.check_secrets(settings)

    def test_missing_or_empty_says_what_to_do(self, tmp_path):
        settings = load(tmp_path)
        with pytest.raises(ConfigError, match=r"cannot be read \(No such file or directory\); write the password into it"):
            settings.mailbox[0].password_value()
        (tmp_path / "imap.secret").touch(mode=0o600)
        with pytest.raises(ConfigError, match="is empty"):
            settings.mailbox[0].password_value()


@pytest.mark.parametrize("command", [f"sh -c 'echo {HUSH}; exit 3'", "/no/such/{HUSH}", "true", "'"])
def test_a_command_that_fails_never_shows_what_it_printed(tmp_path, command):
    settings = load(tmp_path, GOOD.replace('password_file = "imap.secret"', f'password_command = "{command}"'))
    with pytest.raises(ConfigError, match=r"/pli.toml: mailbox\[0\].password_command \(of recrutement@example.org\): ") as caught:
        settings.mailbox[0].password_value()
    assert HUSH not in str(caught.value)


@pytest.mark.parametrize(
    ("command", "told"),
    [("false", "ended with exit code 1;"), ("/no/such", "cannot be started (No such file or directory);"), ("sh -c 'kill -9 $$'", "ended with signal 9;")],
)  # fmt: skip
def test_what_became_of_a_command_is_said_in_words(tmp_path, command, told):
    settings = load(tmp_path, GOOD.replace('password_file = "imap.secret"', f'password_command = "{command}"'))
    with pytest.raises(ConfigError) as caught:
        settings.mailbox[0].password_value()
    assert told in str(caught.value)


def test_a_command_that_does_not_end_is_left(tmp_path, monkeypatch):
    monkeypatch.setattr("config.values._SECRET_COMMAND_SECONDS", 0.2)
    settings = load(tmp_path, GOOD.replace('password_file = "imap.secret"', 'password_command = "sleep 60"'))
    with pytest.raises(ConfigError, match=r"took longer than 0\.2 s;"):
        settings.mailbox[0].password_value()


@pytest.mark.parametrize("table", ["mailbox", "smtp"])
def test_certificates_that_cannot_be_used_are_a_line_of_the_configuration(tmp_path, table):
    (tmp_path / "imap.secret").write_text(HUSH)
    place = {"mailbox": 'host = "imap.example.org"', "smtp": 'host = "smtp.example.org"'}[table]
    settings = load(tmp_path, GOOD.replace(place, f'{place}\nca_file = "authority.pem"'))
    with pytest.raises(
        ConfigError, match=rf"{table}.*\.ca_file = .*authority\.pem.*: cannot be read \(No such file or directory\); name a PEM"
    ):
        config.check_secrets(settings)
    (tmp_path / "authority.pem").write_text("no certificate")
    with pytest.raises(ConfigError, match="holds no certificate; name a PEM file"):
        config.check_secrets(settings)


def test_what_is_unwise_is_a_warning(tmp_path):
    def told(text: str) -> list[str]:
        return [line for line in config.warnings(load(tmp_path, text)) if "sender" in line or "retention" in line]

    assert told(GOOD) == []
    assert told(GOOD + 'retention = "24 months"\n') == []
    [line] = told(GOOD + 'retention = "5 years"\n')
    assert "privacy.retention = '5 years' is longer than the two years" in line
    [line] = told(GOOD.replace('sender = "Recrutement Lab MI <recrutement@example.org>"', 'sender = "Autre <autre@example.org>"'))
    assert "answers to acknowledgements would not reach pli" in line
    assert (
        told(GOOD.replace('address = "recrutement@example.org"', 'address = "x@example.org"\naliases = ["recrutement@example.org"]')) == []
    )


def test_a_readable_file_that_holds_a_password_is_a_warning(tmp_path):
    path = tmp_path / "pli.toml"
    settings = load(tmp_path, GOOD.replace('password_file = "imap.secret"', f'password = "{HUSH}"'))
    path.chmod(0o644)
    assert f"{path}: holds a secret and others may read it; run `chmod 600 {path}`" in config.warnings(settings)
    path.chmod(0o600)
    assert not any("holds a secret" in line for line in config.warnings(settings))


def test_plaintext_is_for_this_machine_only(tmp_path):
    for host in ("localhost", "127.0.0.1", "127.8.8.8", "::1"):
        assert load(tmp_path, GOOD.replace('host = "smtp.example.org"', f'host = "{host}"\nsecurity = "none"')).smtp.security == "none"
