"""mbox files in all their dialects, message by message."""

from __future__ import annotations

import hashlib
import mailbox as standard
import tracemalloc
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake import mbox
from intake.mbox import is_mbox, read_mbox

LINE = b"From lea@example.net Mon Nov 23 09:15:00 2026\n"


@pytest.fixture
def read(tmp_path):
    """Reads octets as an mbox."""

    def pieces(content):
        path = tmp_path / "mail"
        path.write_bytes(content)
        with path.open("rb") as file:
            return list(read_mbox(file)) if is_mbox(file) else None

    return pieces


def bodies(pieces):
    return [piece.content.partition(b"\n\n")[2] for piece in pieces]


@pytest.mark.parametrize("line", [
    b"From lea@example.net Mon Nov 23 09:15:00 2026",
    b"From - Mon Nov 23 09:15:00 2026",
    b"From lea@example.net  Mon Nov  2 09:15 2026",
    b"From ???@??? Mon Nov 23 09:15:00 2026",
    b"From 1789012345678901234@xxx Mon Nov 23 09:15:00 +0000 2026",
    b"From lea@example.net Mon Nov 23 09:15:00 CET 2026",
    b"From lea at example.net Mon Nov 23 09:15:00 2026",
    b"From lea@example.net Mon, 23 Nov 2026 09:15:00 +0100",
    b"From ",
])  # fmt: skip
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_separators_as_programs_write_them(read, line, end):
    message = line + end + b"Subject: x" + end + end + b"un" + end + end
    assert [piece.content for piece in read(message * 3)] == [b"Subject: x" + end + end + b"un" + end] * 3


@pytest.mark.parametrize(("line", "written"), [
    (b"From a Mon Nov 23 09:15:01 2026", datetime(2026, 11, 23, 9, 15, 1, tzinfo=UTC)),
    (b"From a Mon Nov 23 09:15:01 +0100 2026", datetime(2026, 11, 23, 8, 15, 1, tzinfo=UTC)),
    (b"From a Mon Nov 23 09:15:01 2026 +0100", datetime(2026, 11, 23, 8, 15, 1, tzinfo=UTC)),
    (b"From a Mon Foo 99 09:15:01 2026", None),
    (b"From ", None),
])  # fmt: skip
def test_what_a_separator_says_of_the_time(read, line, written):
    assert read(line + b"\nSubject: x\n\n")[0].written == written


@pytest.mark.parametrize("content", [b"", b"Subject: x\n\nFrom a\n", b"From now on\nwe write\n", b"%PDF-1.4\nFrom a Mon\n"])
def test_what_is_no_mbox(read, content):
    assert read(content) is None


def test_hidden_lines_of_a_body_are_shown_and_nothing_else_is_changed(read):
    body = b">From ici\n>>From la\n> From x\nFrom now on\n>Froment\n"
    assert bodies(read(LINE + b"Subject: x\nX-Line: y\n\n" + body + b"\n")) == [b"From ici\n>From la\n> From x\nFrom now on\n>Froment\n"]


def test_a_line_that_only_looks_like_a_separator_ends_no_message(read):
    body = b"un\n\nFrom camille Mon Nov 23 09:15:00 2026\nce jour\n\nFrom now on\nSubject: no\n"
    assert bodies(read(LINE + b"Subject: x\n\n" + body + b"\n" + LINE + b"Subject: y\n\ndeux\n")) == [body, b"deux"]


def test_a_separator_without_an_empty_line_before_it_is_one(read):
    assert len(read((LINE + b"Subject: x\n\nun\n") * 3)) == 3


def counted(body, *fields):
    length = b"Content-Length: %d\n" % len(body)
    return LINE + b"Subject: x\n" + length + b"".join(fields) + b"\n" + body + b"\n"


def test_where_a_program_counts_lines_that_look_like_separators_stay_in_their_message(read):
    quoted = b"un\n\n" + LINE + b"Subject: inside\n\nquoted\n"
    assert bodies(read(counted(quoted) + counted(b"deux\n") + counted(b">From trois\n"))) == [quoted, b"deux\n", b"From trois\n"]


def test_a_length_that_a_sender_wrote_hides_no_message_behind_it(read):
    second, third = LINE + b"Subject: y\n\ndeux\n\n", LINE + b"Subject: z\n\ntrois\n\n"
    for hidden in (second, second + third):
        first = LINE + b"Subject: x\nContent-Length: %d\n\n" % (len(b"un\n\n" + hidden) - 1) + b"un\n\n"
        assert [body[:2] for body in bodies(read(first + second + third))] == [b"un", b"de", b"tr"]


def test_a_length_that_is_wrong_is_not_believed(read):
    mail = counted(b"un\n") * 2 + counted(b"trois\n").replace(b"Length: 6", b"Length: 9999") + counted(b"quatre\n")
    assert [body.strip() for body in bodies(read(mail))] == [b"un", b"un", b"trois", b"quatre"]


def test_of_a_message_over_the_limit_the_beginning_is_read_and_the_next_comes_whole(read, monkeypatch):
    monkeypatch.setattr(mbox, "MAX_MESSAGE", 1000)
    monkeypatch.setattr(mbox, "MAX_HEADER", 100)
    large = b"Subject: x\n\n" + b"y" * 5000 + b"\n\n"
    first, second = read(LINE + large + LINE + b"Subject: z\n\nun\n")
    assert (first.content, first.size, first.sha256) == (large[:100], len(large), hashlib.sha256(large).hexdigest())
    assert second.content == b"Subject: z\n\nun"


def test_memory_does_not_grow_with_the_file(tmp_path):
    message = LINE + b"Subject: x\n\n" + (b"A" * 76 + b"\n") * 200 + b"\n"
    (tmp_path / "large").write_bytes(message * 1500)
    with (tmp_path / "large").open("rb") as file:
        tracemalloc.start()
        assert sum(1 for _ in read_mbox(file)) == 1500
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 500_000 < len(message) * 1500


LINES = (b"un", b"", b"From now on", b"From ", b">From x", b"Date: y", b"From a@b Mon Nov 23 09:15:00 2026")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.sampled_from(LINES), max_size=6), min_size=1, max_size=5))
def test_what_the_standard_library_writes_is_read_back(tmp_path_factory, messages):
    path = tmp_path_factory.mktemp("mbox") / "mail"
    box = standard.mbox(path)
    contents = [b"Subject: %d\n\n" % number + b"\n".join(lines) + b"\n" for number, lines in enumerate(messages)]
    for content in contents:
        box.add(content)
    box.close()
    with path.open("rb") as file:
        found = [piece.content.rstrip(b"\n") for piece in read_mbox(file)]
    # mboxo, which it writes, does not say whether a line had its sign already
    assert found == [content.replace(b"\n>From ", b"\nFrom ").rstrip(b"\n") for content in contents]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from([b"From a Mon Nov 23 09:15:00 2026", b"From ", b"\n", b"\r\n", b"S: x\n", b"Content-Length: 3\n", b">", b"\xff"]),
        max_size=40,
    )
)
def test_whatever_the_file_is_each_octet_is_in_at_most_one_message_and_nothing_is_lost(tmp_path_factory, pieces):
    content = LINE + b"Subject: x\n\n" + b"".join(pieces)
    path = tmp_path_factory.mktemp("any") / "mail"
    path.write_bytes(content)
    with path.open("rb") as file:
        found = list(read_mbox(file))
    assert found[-1].end == len(content) or not content[found[-1].end :].strip(b"\r\n")
    assert [piece.number for piece in found] == list(range(1, len(found) + 1))
    assert sum(piece.size for piece in found) <= len(content)
