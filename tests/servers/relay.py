"""A bad line to a real server: passes octets on until it is cut, or stalls with both ends open."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self


@dataclass
class Relay:
    """Listens on a free loopback port and passes everything on to `target`; use as a context manager.

    Once the server's answers of one connection exceed `octets` the line is cut (`then="cut"`), says nothing more (`then="stall"`) or
    drips (`then="drip"`). `asked` and `answered` change what each side says.
    """

    target: int
    octets: int | None = None
    then: str = "cut"
    asked: Callable[[bytes], bytes] = bytes
    answered: Callable[[bytes], bytes] = bytes
    port: int = 0
    _sockets: list[socket.socket] = field(default_factory=list)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._start(self._accept)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for item in (self._listener, *self._sockets):
            _end(item)
        for thread in self._threads:
            thread.join(10)
        for item in (self._listener, *self._sockets):
            item.close()

    def cut(self) -> None:
        """Cut every connection that is open now; new ones are taken."""
        for item in self._sockets:
            _end(item)

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return  # the test is over
            far = socket.create_connection(("127.0.0.1", self.target))
            self._sockets += [near, far]
            self._start(self._pass_on, near, far, None, self.asked)
            self._start(self._pass_on, far, near, self.octets, self.answered)

    def _pass_on(self, source: socket.socket, sink: socket.socket, octets: int | None, change: Callable[[bytes], bytes]) -> None:
        left = octets
        try:
            while data := source.recv(4096):
                data = change(data)
                if left is not None and len(data) > left:
                    sink.sendall(data[:left])
                    if self.then == "drip":
                        for octet in data[left:]:
                            sink.sendall(bytes([octet]))
                            time.sleep(0.1)
                    if self.then == "cut":
                        break
                    return
                left = None if left is None else left - len(data)
                sink.sendall(data)
        except OSError:
            pass  # the other end went first
        _end(source)
        _end(sink)

    def _start(self, work: object, *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()


@dataclass
class Asked:
    """What a client said, command by command; give its `hear` to a relay as `asked`."""

    commands: list[str] = field(default_factory=list)

    def hear(self, data: bytes) -> bytes:
        """Note the commands, without their tags."""
        self.commands += [line.partition(" ")[2] for line in data.decode("latin-1").splitlines() if " " in line]
        return data

    def names(self) -> list[str]:
        """Return the commands without their arguments, and forget them."""
        names = [command.removeprefix("UID ").partition(" ")[0] for command in self.commands]
        self.commands.clear()
        return names


def _end(item: socket.socket) -> None:
    try:
        item.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # closed, or never connected
