"""A submission server that takes everything and keeps nothing: as little work as SMTP allows, in a process of its own."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import Synchronized


@contextmanager
def sink() -> Iterator[tuple[int, int, Synchronized[int]]]:
    """Yield its port, the number of its process and how many mails it took."""
    context = multiprocessing.get_context("fork")
    taken: Synchronized[int] = context.Value("i", 0)
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, taken), daemon=True)
    process.start()
    try:
        yield here.recv(), process.pid or 0, taken
    finally:
        process.terminate()
        process.join()


def _serve(connection: Connection, taken: Synchronized[int]) -> None:
    async def listen() -> None:
        server = await asyncio.get_running_loop().create_server(lambda: _Taker(taken), "127.0.0.1", 0)
        connection.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(listen())


class _Taker(asyncio.Protocol):
    def __init__(self, taken: Synchronized[int]) -> None:
        self._taken, self._heard, self._data = taken, b"", False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport
        transport.write(b"220 sink ESMTP\r\n")

    def data_received(self, data: bytes) -> None:
        self._heard += data
        while True:
            end = b"\r\n.\r\n" if self._data else b"\r\n"
            said, found, rest = self._heard.partition(end)
            if not found:
                return
            self._heard = rest
            if self._data:
                self._data, answer = False, b"250 taken"
                self._taken.value += 1
            else:
                answer = self._answer(said.upper())
            self._transport.write(answer + b"\r\n")

    def _answer(self, command: bytes) -> bytes:
        if command.startswith(b"DATA"):
            self._data = True
            return b"354 go on"
        if command.startswith(b"EHLO"):
            return b"250-sink\r\n250-8BITMIME\r\n250 SIZE 50000000"
        return b"221 bye" if command.startswith(b"QUIT") else b"250 fine"
