"""The limit that pli's pass is measured against: the same mails, and of all that is done with them only what nobody can leave out.

Fetched without formatting what is fetched, the PDF cut out at its boundary and decoded, its text taken by pdfium as it comes, one commit
and one SMTP mail for each: all of it overlapped, in as many processes as there are cores.
"""

from __future__ import annotations

import binascii
import multiprocessing
import os
import smtplib
import sqlite3
import sys
import threading
import time
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path
from queue import SimpleQueue

import pypdfium2  # type: ignore[import-untyped]
from imapclient import IMAPClient  # type: ignore[import-untyped]

_AT_ONCE = 50
_ANSWER = b"From: a@example.org\r\nTo: b@example.net\r\nSubject: Candidature\r\n\r\n" + b"Nous avons bien recu votre lettre.\r\n" * 70


def text_of(content: bytes) -> str:
    """Return the text of the PDF in a mail."""
    start = content.index(b"\r\n\r\n", content.index(b"application/pdf")) + 4
    document = pypdfium2.PdfDocument(binascii.a2b_base64(content[start : content.index(b"\r\n--", start)]))
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


def texts_of(contents: list[bytes]) -> list[str]:
    """Return the texts of several."""
    return [text_of(content) for content in contents]


def run(imap: int, user: str, password: str, smtp: int, database: Path) -> float:
    """Take in the whole mailbox and return the seconds it took."""
    start = time.perf_counter()
    waiting: SimpleQueue[str | None] = SimpleQueue()
    sender = threading.Thread(target=_send, args=(smtp, waiting))
    sender.start()
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE applications (id INTEGER PRIMARY KEY, text TEXT)")
    with ProcessPoolExecutor(os.cpu_count(), mp_context=multiprocessing.get_context("fork")) as pool:
        pool.submit(texts_of, []).result()
        client = IMAPClient("127.0.0.1", port=imap, ssl=False)
        client._imap.debug = 0  # noqa: SLF001 - it would write down what it reads
        client.login(user, password)
        client.select_folder("INBOX", readonly=True)
        uids, reading = client.search("ALL"), deque[Future[list[str]]]()
        for place in range(0, len(uids), _AT_ONCE):
            contents = [answer[b"BODY[]"] for answer in client.fetch(uids[place : place + _AT_ONCE], ["BODY.PEEK[]"]).values()]
            reading.extend(pool.submit(texts_of, contents[i : i + 5]) for i in range(0, len(contents), 5))
            while len(reading) > 2 * _AT_ONCE // 5:
                _keep(connection, reading, waiting)
        while reading:
            _keep(connection, reading, waiting)
        client.logout()
    waiting.put(None)
    sender.join()
    connection.close()
    return time.perf_counter() - start


def _keep(connection: sqlite3.Connection, reading: deque[Future[list[str]]], waiting: SimpleQueue[str | None]) -> None:
    for text in reading.popleft().result():
        connection.execute("INSERT INTO applications (text) VALUES (?)", (text,))
        waiting.put(text)


def _send(port: int, waiting: SimpleQueue[str | None]) -> None:
    client = smtplib.SMTP("127.0.0.1", port)
    while waiting.get() is not None:
        client.sendmail("a@example.org", ["b@example.net"], _ANSWER)
    client.quit()


if __name__ == "__main__":
    given_imap, given_user, given_password, given_smtp, given_database = sys.argv[1:]
    print(run(int(given_imap), given_user, given_password, int(given_smtp), Path(given_database)))
