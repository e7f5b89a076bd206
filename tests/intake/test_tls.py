"""TLS with mailboxes: whatever is wrong with a certificate, the password is not said, and the line says what to do."""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import contextmanager

import pytest
from certificates import make_authority
from relay import Asked, Relay

from intake.source import SourceError
from intake.sources import open_source


@contextmanager
def server(context):
    """Greet over TLS, and return all that a client says after its handshake."""
    said: list[bytes] = []

    def greet():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            try:
                encrypted = context.wrap_socket(connection, server_side=True)
                encrypted.sendall(b"* OK hello\r\n")
                said.append(encrypted.recv(4096))
                encrypted.close()
            except OSError:  # TLS errors are that
                connection.close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=greet, daemon=True)
        thread.start()
        yield listener.getsockname()[1], said
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(5)


@pytest.mark.parametrize(
    ("certificate", "words"),
    [
        ({"days": -1}, "has expired; have it renewed, or correct this machine's clock"),
        ({"days": 60, "lasting": 10}, "not yet valid; have it renewed, or correct this machine's clock"),
        ({"address": "192.0.2.1"}, "IP address mismatch.*; name the server as its certificate does in host"),
    ],
    ids=["expired", "not yet valid", "of another host"],
)
def test_a_bad_certificate_is_named_and_nothing_is_said(settings, authority, tmp_path, certificate, words):
    with server(authority.server(tmp_path, **certificate)) as (port, said):
        given = settings(port=port, security="tls", ca_file=authority.file)
        with pytest.raises(SourceError, match=f"the certificate is not valid: .*{words}"), open_source(given):
            pass
    assert said == []


def test_a_certificate_that_signed_itself_is_refused(settings, authority, tmp_path):
    stranger = make_authority(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    stranger.server(tmp_path)
    context.load_cert_chain(tmp_path / "server-127.0.0.1-1.pem")
    with server(context) as (port, said):
        for trusted in (None, authority.file):  # neither the machine's authorities nor ours vouch for it
            given = settings(port=port, security="tls", ca_file=trusted)
            with pytest.raises(SourceError, match=r"is not valid: .*name its authority in ca_file"), open_source(given):
                pass
    assert said == []


def test_starttls_that_was_stripped_is_not_done_without(settings, dovecot, authority):
    asked = Asked()
    with Relay(dovecot.port, asked=asked.hear, answered=lambda data: data.replace(b" STARTTLS", b"")) as line:
        given = settings(port=line.port, security="starttls", ca_file=authority.file)
        with pytest.raises(SourceError, match=r"offers no STARTTLS, and no password was said"), open_source(given):
            pass
    assert "LOGIN" not in asked.names()


def test_starttls_that_is_refused_is_not_done_without(settings, dovecot, authority):
    asked = Asked()

    def refuse(data):
        asked.hear(data)
        return data.replace(b"STARTTLS", b"NONSENSE")

    with Relay(dovecot.port, asked=refuse) as line:
        given = settings(port=line.port, security="starttls", ca_file=authority.file)
        with pytest.raises(SourceError), open_source(given):
            pass
    assert "LOGIN" not in asked.names()


def test_words_that_came_before_the_encryption_count_for_nothing(settings, dovecot, authority):
    """A line that whispers before TLS begins must not be heard as the server's word (CVE-2011-0411)."""
    whispered = b"* CAPABILITY IMAP4rev1 LOGINDISABLED NOTHING\r\n"
    with Relay(dovecot.port, answered=lambda data: data + whispered if b"Begin TLS" in data else data) as line:
        given = settings(port=line.port, security="starttls", ca_file=authority.file)
        try:
            with open_source(given) as source:
                capabilities = source.capabilities
        except SourceError:
            capabilities = frozenset()
    assert "NOTHING" not in capabilities
