"""Servers that are away or say nothing, jobs that fail, and disks that are full."""

from __future__ import annotations

import os

import pytest
from mails import cv, mail
from relay import Relay
from sqlalchemy import text
from waiting import wait

from storage.database import open_database, transaction


def test_a_job_that_fails_is_one_line_in_the_log_without_anybodys_data(office):
    office.deliver(mail())
    office.pli("poll")
    engine = open_database(office.url)
    with transaction(engine) as session:
        session.execute(text("ALTER TABLE messages RENAME TO gone"))
    engine.dispose()
    process = office.start("run")
    lines = []
    try:
        for line in process.stderr:
            lines.append(line)
            if "failed" in line:
                break
    finally:
        process.terminate()
        lines += process.communicate(timeout=10)[1].splitlines(keepends=True)
    assert process.returncode == 0
    log = "".join(lines)
    assert "failed" in log
    assert "Traceback" not in log
    assert "lea.morin" not in log


def test_one_mailbox_that_fails_does_not_hold_up_the_other(office):
    office.settings(
        more_mailboxes='[[mailbox]]\naddress = "ailleurs@example.org"\nhost = "127.0.0.1"\nport = 1\nsecurity = "none"\n'
        'password_file = "secret"'
    )
    office.deliver(mail())
    process = office.start("poll", "--json")
    out, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert '"applications": 1' in out
    assert "ailleurs@example.org" in err
    assert "127.0.0.1:1" in err


def test_one_mailbox_that_hangs_does_not_hold_up_the_other(office):
    with Relay(office.dovecot.port, octets=0, then="stall") as line:
        office.settings(
            more_mailboxes=f'[[mailbox]]\naddress = "ailleurs@example.org"\nhost = "127.0.0.1"\nport = {line.port}\nsecurity = "none"\n'
            'password_file = "secret"'
        )
        office.deliver(mail())
        process = office.start("run")
        try:
            wait(lambda: office.smtp.mails, seconds=12)  # a connection may take longer than this to be given up
            office.deliver(mail(sender="Zoé Petit <zoe.petit@example.net>", message_id="<2@example.net>"))  # nor what comes later
            wait(lambda: len(office.smtp.mails) == 2, seconds=12)
        finally:
            process.terminate()
            process.communicate(timeout=10)


def test_a_mail_server_that_is_away_costs_nothing(office):
    port = office.smtp.port
    office.smtp.port = 1
    office.settings()
    office.deliver(mail())
    out = office.pli("poll", code=1)
    assert "127.0.0.1:1" in out
    office.smtp.port = port
    office.settings()
    office.pli("retry")
    assert office.json("poll")["sent"] == 1


@pytest.mark.skipif(os.getuid() != 0, reason="only root may mount a full disk")
def test_a_full_disk_is_one_clear_line_and_the_next_pass_goes_on(office):
    store = office.folder / "documents"
    store.mkdir()
    os.system(f"mount -t tmpfs -o size=16k tmpfs {store}")
    try:
        if not os.path.ismount(store):
            pytest.skip("this machine lets nobody mount a small disk")
        office.deliver(mail(attachments=(("cv.pdf", cv() + os.urandom(40_000)),)))
        process = office.start("poll")
        _, err = process.communicate(timeout=60)
        assert process.returncode != 0
        assert "No space left" in err
        assert len(err.strip().splitlines()) == 1
    finally:
        os.system(f"umount {store} 2>/dev/null")
    assert office.json("poll")["applications"] == 1
