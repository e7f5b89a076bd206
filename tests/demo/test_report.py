"""What the demo prints where its table has no room."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime

import pytest

from cli import console
from demo import report
from demo.morning import Mail
from demo.outcome import Told

WIDTH = 60


def test_on_a_narrow_terminal_no_address_and_no_slug_is_broken(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    mail = Mail(
        what="an application, with a letter, to both of the recruiters at once",
        mailboxes=("camille@example.org",),
        received_at=datetime(2026, 11, 23, 8, 31, tzinfo=UTC),
        content=b"",
        sender="Awa Ndiaye-Leroux <awa.ndiaye-leroux@a-rather-long-domain.example.net>",
        subject="Candidature",
    )
    told = Told(
        mail=mail,
        mailbox="camille@example.org",
        mail_class="forwarded_application",
        reasons=("application: cv: CV.pdf; phrase: ma candidature",),
        offer="ingenieure-ou-ingenieur-langue",
        kept=True,
        outcome="new application 99AE-R2X4; acknowledged",
    )
    monkeypatch.setattr(console, "terminal_width", lambda: WIDTH)
    proof = report.Proof(flags_delivered={}, flags_after={}, commands=Counter(), sent_again=0, digests_again=0, database_changed=False)
    report._list_messages(report.Report((told,), (), 0, proof, (), ()))
    printed = capsys.readouterr().out
    assert max(map(len, printed.splitlines())) <= WIDTH
    words = set(re.split(r"\s+", printed))
    assert {"<awa.ndiaye-leroux@a-rather-long-domain.example.net>", "ingenieure-ou-ingenieur-langue", "99AE-R2X4;"} <= words
