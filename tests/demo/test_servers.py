"""The embedded servers: real conversations, and a proof of innocence that would fail if a mailbox were changed."""

from __future__ import annotations

import smtplib
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from imapclient import IMAPClient  # type: ignore[import-untyped]
from imapclient.exceptions import LoginError  # type: ignore[import-untyped]

from demo.report import Proof
from demo.servers import Flags, Servers, start_servers

BOX = "a@atelier-ia.example"
MAIL = b"From: x@example.org\r\nSubject: test\r\n\r\nbody \xc3\xa9\r\n"
WHEN = datetime(2026, 11, 23, 8, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    with start_servers((BOX, "b@atelier-ia.example")) as running:
        yield running


def client(servers: Servers) -> IMAPClient:
    connection = IMAPClient(servers.host, port=servers.imap_port, ssl=False)
    connection.normalise_times = False
    connection.login(BOX, servers.password)
    return connection


def proof(servers: Servers, delivered: Flags) -> Proof:
    return Proof(
        flags_delivered=delivered, flags_after=servers.flags(), commands=servers.commands(),
        sent_again=0, digests_again=0, database_changed=False,
    )  # fmt: skip


def test_reading_leaves_no_trace_and_writing_is_found_out(servers: Servers) -> None:
    arrival = servers.put(BOX, MAIL, WHEN, ("\\Flagged",))
    delivered = servers.flags()
    assert delivered == {(BOX, arrival.uid): ("\\Flagged", "\\Recent")}
    with client(servers) as reader:
        opened = reader.select_folder("INBOX", readonly=True)
        found = reader.fetch([arrival.uid], ["BODY.PEEK[]", "INTERNALDATE"])
    assert arrival.position == f"{opened[b'UIDVALIDITY']}:{arrival.uid}"
    assert found[arrival.uid][b"BODY[]"] == MAIL
    assert found[arrival.uid][b"INTERNALDATE"] == WHEN
    innocent = proof(servers, delivered)
    assert (innocent.flags_changed, innocent.writing_commands) == (0, 0)
    assert innocent.commands["EXAMINE"] == 1

    with client(servers) as writer:
        writer.select_folder("INBOX")
        writer.add_flags([arrival.uid], [b"\\Seen"])
    guilty = proof(servers, delivered)
    assert guilty.flags_changed == 1
    assert (guilty.commands["SELECT"], guilty.commands["STORE"], guilty.writing_commands) == (1, 1, 2)


def test_a_message_that_is_gone_counts_as_changed() -> None:
    gone = Proof(
        flags_delivered={(BOX, 1): ("\\Recent",)}, flags_after={}, commands=Counter(),
        sent_again=0, digests_again=0, database_changed=False,
    )  # fmt: skip
    assert gone.flags_changed == 1


def test_a_wrong_password_opens_neither(servers: Servers) -> None:
    connection = IMAPClient(servers.host, port=servers.imap_port, ssl=False)
    with pytest.raises(LoginError):
        connection.login(BOX, "wrong")
    connection.logout()
    with smtplib.SMTP(servers.host, servers.smtp_port) as smtp, pytest.raises(smtplib.SMTPAuthenticationError):
        smtp.login(BOX, "wrong")


def test_mail_is_kept_as_it_was_submitted(servers: Servers) -> None:
    content = b"Subject: x\r\n\r\n.a line that begins with a dot\r\n"
    with smtplib.SMTP(servers.host, servers.smtp_port) as smtp:
        with pytest.raises(smtplib.SMTPSenderRefused):
            smtp.sendmail(BOX, ["c@example.org"], content)  # not without a log-in
        smtp.login(BOX, servers.password)
        smtp.sendmail(BOX, ["c@example.org"], content)
    sent = servers.sent()[-1]
    assert (sent.sender, sent.recipients, sent.content) == (BOX, ("c@example.org",), content)
