"""Real conversations with a real server: what comes back is what happened, and a secret never leaves its place."""

from __future__ import annotations

import socket
import threading
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest
from certificates import Authority, make_authority
from submission_server import SubmissionServer

from notifications.smtp import Outcome, Result, SmtpAccount, SmtpError, SmtpTransport

_MAIL = b"From: a@example.org\r\nTo: b@example.org\r\nSubject: x\r\n\r\nBonjour\r\n.\r\n..pointilleux\r\nfin\r\n"
_PASSWORD = "s3cr3t-Passw0rd"


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return make_authority(tmp_path)


def _account(server: SubmissionServer, **more: object) -> SmtpAccount:
    settings: dict[str, object] = {"security": "none", "connect_timeout": 10, "command_timeout": 10, "deadline": 20, "final_timeout": 10}
    return SmtpAccount("127.0.0.1", server.port, **(settings | more))  # type: ignore[arg-type]


def _send(transport: SmtpTransport, *, recipient: str = "b@example.org", go: Callable[[], bool] = lambda: True) -> Outcome:
    return transport.send(_MAIL, sender="a@example.org", recipient=recipient, before_final_dot=go)


def test_a_mail_arrives_octet_for_octet_with_its_envelope() -> None:
    with SubmissionServer() as server, SmtpTransport(_account(server)) as transport:
        outcome = _send(transport)
        assert outcome == Outcome(Result.SENT, "250 OK")
        assert server.mails == [("a@example.org", ["b@example.org"], _MAIL)]


def test_one_connection_carries_all_mails() -> None:
    with SubmissionServer() as server, SmtpTransport(_account(server)) as transport:
        assert [_send(transport, recipient=f"{name}@example.org").result for name in "bcd"] == [Result.SENT] * 3
        assert server.connections == 1
        assert [recipients for _, recipients, _ in server.mails] == [["b@example.org"], ["c@example.org"], ["d@example.org"]]


def test_a_connection_that_was_cut_between_two_mails_is_opened_again() -> None:
    with SubmissionServer() as server, SmtpTransport(_account(server)) as transport:
        assert _send(transport).result is Result.SENT
        server.cut_all()
        assert _send(transport).result is Result.SENT
        assert server.connections == 2
        assert len(server.mails) == 2


@pytest.mark.parametrize(
    ("answer", "result"),
    [("450 4.2.1 try again later", Result.TEMPORARY), ("550 5.1.1 no such user", Result.PERMANENT)],
)
def test_a_refused_recipient_is_told_with_the_servers_words_and_the_next_mail_goes_on(answer: str, result: Result) -> None:
    with SubmissionServer() as server, SmtpTransport(_account(server)) as transport:
        server.on_recipient = lambda address: answer if address.startswith("b@") else "250 OK"
        assert _send(transport) == Outcome(result, answer)
        assert _send(transport, recipient="c@example.org").result is Result.SENT
        assert server.connections == 1
        assert len(server.mails) == 1


@pytest.mark.parametrize(
    ("answer", "result"),
    [("451 4.3.0 greylisted", Result.TEMPORARY), ("554 5.7.1 content refused", Result.PERMANENT)],
)
def test_a_mail_refused_after_the_final_dot(answer: str, result: Result) -> None:
    with SubmissionServer(on_content=lambda _: answer) as server, SmtpTransport(_account(server)) as transport:
        assert _send(transport) == Outcome(result, answer)
        assert server.mails == []


def test_a_refusal_without_words_is_told_as_such() -> None:
    with SubmissionServer(on_recipient=lambda _: "550 ") as server, SmtpTransport(_account(server)) as transport:
        assert _send(transport).detail.strip() == "550 no reason given"


def test_a_connection_cut_after_the_final_dot_is_unknown_and_not_tried_again() -> None:
    with SubmissionServer(on_content=lambda _: None) as server, SmtpTransport(_account(server)) as transport:
        outcome = _send(transport)
        assert outcome.result is Result.UNKNOWN
        assert len(server.mails) == 1, "the server had it: a second try would be a second mail"


def test_a_connection_that_was_cut_before_the_final_dot_left_is_no_doubt_and_tried_again() -> None:
    with SubmissionServer() as server, SmtpTransport(_account(server)) as transport:

        def cut() -> bool:
            assert transport._client is not None
            assert transport._client.sock is not None
            transport._client.sock.shutdown(socket.SHUT_RDWR)  # as after a reset: what we write is refused here
            return True

        assert _send(transport, go=cut).result is Result.TEMPORARY
        assert server.mails == []
        assert _send(transport).result is Result.SENT


def test_a_server_that_never_answers_the_final_dot_is_unknown() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        account = SmtpAccount("127.0.0.1", listener.getsockname()[1], "none", final_timeout=0.5)
        with SmtpTransport(account) as transport, _Scripted(listener, [b"220 x", b"250 x", b"250 x", b"250 x", b"354 go"]):
            assert _send(transport).result is Result.UNKNOWN


def test_a_server_that_drips_is_cut_off_before_the_dot() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        account = SmtpAccount("127.0.0.1", listener.getsockname()[1], "none", deadline=0.5)
        with SmtpTransport(account) as transport, _Scripted(listener, []), pytest.raises(SmtpError, match="cannot be reached"):
            transport.check("a@example.org")


@pytest.mark.parametrize("refuse", ["says no", "raises"])
def test_nothing_is_delivered_when_the_last_question_is_answered_no(refuse: str) -> None:
    def no() -> bool:
        if refuse == "raises":
            raise RuntimeError("the database is gone")
        return False

    with SubmissionServer() as server, SmtpTransport(_account(server)) as transport:
        if refuse == "raises":
            with pytest.raises(RuntimeError):
                _send(transport, go=no)
        else:
            assert _send(transport, go=no).result is Result.ABANDONED
        assert _send(transport, recipient="c@example.org").result is Result.SENT, "and the next mail is not harmed"
        assert [recipients for _, recipients, _ in server.mails] == [["c@example.org"]]


def test_the_last_question_comes_after_the_recipient_was_accepted() -> None:
    def go() -> bool:
        raise AssertionError("nobody should have been asked")

    with SubmissionServer(on_recipient=lambda _: "550 no") as server, SmtpTransport(_account(server)) as transport:
        assert _send(transport, go=go).result is Result.PERMANENT


def test_a_sender_that_the_server_refuses_is_the_accounts_trouble() -> None:
    with SubmissionServer(on_sender="553 5.7.1 not yours") as server, SmtpTransport(_account(server)) as transport:
        with pytest.raises(SmtpError, match=r"does not let us write as a@example\.org \(553 5\.7\.1 not yours\); check sender"):
            _send(transport)
        assert server.mails == []


def test_a_check_sends_nothing_and_says_who_takes_mail_from_whom() -> None:
    with SubmissionServer() as server, SmtpTransport(_account(server)) as transport:
        assert transport.check("a@example.org") == f"127.0.0.1:{server.port} takes mail from a@example.org"
        assert _send(transport).result is Result.SENT, "and the conversation goes on"
        assert len(server.mails) == 1


def test_a_check_tells_that_the_sender_is_refused() -> None:
    told = r"does not let us write as a@example\.org"
    server = SubmissionServer(on_sender="553 5.7.1 not yours")
    with server, SmtpTransport(_account(server)) as transport, pytest.raises(SmtpError, match=told):
        transport.check("a@example.org")


def test_a_server_that_is_not_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    told = rf"127\.0\.0\.1:{port} cannot be reached .*; check host and port in \[smtp\]"
    with SmtpTransport(SmtpAccount("127.0.0.1", port, "none")) as transport, pytest.raises(SmtpError, match=told):
        _send(transport)


def test_plain_text_is_spoken_to_this_machine_only() -> None:
    with (
        SmtpTransport(SmtpAccount("smtp.example.org", 25, "none")) as transport,
        pytest.raises(SmtpError, match="only for this very machine"),
    ):
        transport.check("a@example.org")


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_verified_server_gets_log_in_and_mail(security: str, authority: Authority, tmp_path: Path) -> None:
    with _guarded(authority, tmp_path, security) as server:
        with SmtpTransport(_trusting(server, authority, security)) as transport:
            assert _send(transport).result is Result.SENT
        assert len(server.mails) == 1


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize("wrong", ["unknown authority", "other address", "expired"])
def test_a_certificate_that_cannot_be_trusted_ends_it_before_the_password(
    security: str, wrong: str, authority: Authority, tmp_path: Path
) -> None:
    address = "127.0.0.2" if wrong == "other address" else "127.0.0.1"
    with _guarded(authority, tmp_path, security, address=address, days=-1 if wrong == "expired" else 1) as server:
        account = _trusting(server, authority if wrong != "unknown authority" else None, security)
        with SmtpTransport(account) as transport, pytest.raises(SmtpError, match="certificate that cannot be trusted"):
            _send(transport)
        assert server.mails == []


def test_starttls_that_is_not_offered_is_never_done_without() -> None:
    with SubmissionServer(login=("me", _PASSWORD)) as server:
        account = _account(server, security="starttls", username="me", password=lambda: _PASSWORD)
        with SmtpTransport(account) as transport, pytest.raises(SmtpError, match="offers no STARTTLS"):
            _send(transport)


@pytest.mark.parametrize("password", ["wr0ng-but-secret", "mauvais-été-€"])
def test_a_wrong_password_stands_in_no_error(password: str, authority: Authority, tmp_path: Path) -> None:
    with _guarded(authority, tmp_path, "tls") as server:
        account = _trusting(server, authority, "tls", password=password)
        with SmtpTransport(account) as transport, pytest.raises(SmtpError, match="refuses the log-in") as caught:
            _send(transport)
    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value) + repr(account)
    assert password not in told
    assert "check username and password_file in [smtp]" in told


def test_a_password_beyond_ascii_logs_in(authority: Authority, tmp_path: Path) -> None:
    password = "été-€"
    with _guarded(authority, tmp_path, "tls", password=password) as server:
        account = _trusting(server, authority, "tls", password=password)
        with SmtpTransport(account) as transport:
            assert _send(transport).result is Result.SENT


def test_an_empty_password_is_told_before_anything_is_tried(authority: Authority, tmp_path: Path) -> None:
    with _guarded(authority, tmp_path, "tls") as server:
        account = _trusting(server, authority, "tls", password="")
        with SmtpTransport(account) as transport, pytest.raises(SmtpError, match="password is empty; set password_file"):
            transport.check("a@example.org")


def test_a_password_that_cannot_be_fetched_tells_why(authority: Authority, tmp_path: Path) -> None:
    def fetch() -> str:
        raise OSError("[smtp] password_file = /run/secrets/smtp: no such file")

    with _guarded(authority, tmp_path, "tls") as server:
        account = SmtpAccount("127.0.0.1", server.port, "tls", "me", fetch, authority.file)
        with SmtpTransport(account) as transport, pytest.raises(SmtpError, match="password_file = /run/secrets/smtp"):
            transport.check("a@example.org")


def test_an_authority_file_that_is_not_there(tmp_path: Path) -> None:
    with SubmissionServer() as server:
        account = _account(server, security="tls", ca_file=tmp_path / "nowhere.pem")
        with SmtpTransport(account) as transport, pytest.raises(SmtpError, match=r"ca_file .* cannot be read"):
            transport.check("a@example.org")


def _guarded(
    authority: Authority, folder: Path, security: str, *, address: str = "127.0.0.1", days: int = 1, password: str = _PASSWORD
) -> SubmissionServer:
    context = authority.server(folder, address=address, days=days)
    return SubmissionServer(encryption=context, starttls=security == "starttls", login=("me", password))


def _trusting(server: SubmissionServer, authority: Authority | None, security: str, *, password: str = _PASSWORD) -> SmtpAccount:
    ca_file = authority.file if authority else None
    return _account(server, security=security, username="me", password=lambda: password, ca_file=ca_file)


class _Scripted:
    """A server that says these lines, one to each that it hears, and then nothing more; without any, one greeting that never ends."""

    def __init__(self, listener: socket.socket, lines: list[bytes]) -> None:
        self._listener, self._lines, self._stop = listener, lines, threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _serve(self) -> None:
        connection, _ = self._listener.accept()
        with connection, connection.makefile("rb") as heard:
            for number, line in enumerate(self._lines):
                if number:
                    heard.readline()
                connection.sendall(line + b"\r\n")
            while not self._stop.wait(0.1):
                if not self._lines:
                    try:
                        connection.sendall(b"220-wait\r\n")
                    except OSError:
                        return
