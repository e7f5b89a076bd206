"""pdfminer.six's interpreter of page content with a lexer made of one regular expression: the same calls to the device, sooner.

More than half of pdfminer's time goes into its lexer, which reads character by character through buffers of 4 KiB. Here the streams
of a page are read whole. Lines and shapes are not followed (we only want text). Whatever is not plain (images inside the stream, odd
tokens, brackets that do not match) is left to pdfminer's own lexer before anything has been executed, so that the outcome is the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from copy import copy
from functools import cache
from typing import Any

from pdfminer.pdfinterp import PDFGraphicState, PDFPageInterpreter
from pdfminer.pdftypes import PDFStream, dict_value, num_value, resolve1, stream_value
from pdfminer.psparser import LIT, PSLiteral, literal_name

_NUMBER = rb"[-+]?(?:\d{1,300}+(?:\.\d*+)?+|\.\d++)"
_SHAPE = rb"(?:(?:%(n)s\s++){2}[ml]|(?:%(n)s\s++){4}(?:re|[vy])|(?:%(n)s\s++){6}c)(?=\s)" % {b"n": _NUMBER}
_END = rb"(?=[/%\[\]()<>\s])"
_TOKEN = re.compile(
    rb"\s++|%[^\r\n]*+|"
    rb"(?P<shape>" + _SHAPE + rb")|"
    rb"(?P<number>" + _NUMBER + rb")(?=\D)|"
    rb"(?P<name>/[^#/%\[\]()<>{}\s\x00]*+)" + _END + rb"|"
    rb"(?P<word>[A-Za-z][^#/%\[\]()<>{}\s\x00]*+|['\"])" + _END + rb"|"
    rb"(?P<plain>\([^()\\]*+\))|"
    rb"(?P<string>\((?:[^()\\]++|\\[^\r]|\((?:[^()\\]++|\\[^\r])*+\))*+\))|"
    rb"(?P<hex><[0-9A-Fa-f\s]*+>)|"
    rb"(?P<open>\[|<<)|(?P<close>\]|>>)"
)
_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|(.))", re.DOTALL)
_ESCAPED = {b"b": b"\b", b"t": b"\t", b"n": b"\n", b"f": b"\f", b"r": b"\r", b"(": b"(", b")": b")", b"\\": b"\\"}

_SHAPES = {
    **dict.fromkeys(["h", "S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "n", "W", "W*"], 0),
    **dict.fromkeys(["sh", "w", "J", "j", "M", "ri", "i"], 1),
    **dict.fromkeys(["m", "l", "d"], 2),
    **dict.fromkeys(["v", "y", "re"], 4),
    "c": 6,
}
"""Operators that draw and style lines (ISO 32000-1, 8.5), with how many operands each takes: nothing to do for text."""


class _Odd(Exception):  # noqa: N818 - no error: the stock lexer takes over
    """A token that the quick lexer leaves to pdfminer's own."""


class Clarity(PDFGraphicState):
    """A graphic state that knows how opaque its fill is, 0 to 1."""

    opacity: float = 1.0

    def copy(self) -> Clarity:
        """Return a copy, opacity included."""
        return copy(self)


class TextInterpreter(PDFPageInterpreter):
    """pdfminer's interpreter, which knows opacity and named properties, too."""

    def init_state(self, ctm: Any) -> None:
        """Begin with an opaque fill."""
        super().init_state(ctm)
        self.graphicstate = Clarity()

    def do_gs(self, name: Any) -> None:
        """Take the fill's opacity from a dictionary of graphic state (ISO 32000-1, 11.6.4.4)."""
        states = dict_value(self.resources.get("ExtGState", {}))
        opacity = dict_value(states.get(literal_name(name), {})).get("ca")
        if opacity is not None and isinstance(self.graphicstate, Clarity):
            self.graphicstate.opacity = num_value(opacity)

    def do_BDC(self, tag: Any, props: Any) -> None:  # noqa: N802 - pdfminer's name
        """Begin a marked sequence, its properties looked up where they are named."""
        if isinstance(props, PSLiteral):
            props = resolve1(dict_value(self.resources.get("Properties", {})).get(literal_name(props)))
        super().do_BDC(tag, props)


class QuickInterpreter(TextInterpreter):
    """The same, with the quick lexer, and for the text alone."""

    def execute(self, streams: Sequence[object]) -> None:
        """Execute content streams, with pdfminer's own lexer where they are not plain."""
        found = [stream_value(stream) for stream in streams]
        if any(stream.objid is None or stream.objid in self.parent_stream_ids for stream in found):
            super().execute(streams)
            return
        try:
            program = _tokens(found)
        except _Odd:
            super().execute(streams)
            return
        self.stream_ids.clear()
        self.stream_ids.update(stream.objid for stream in found if stream.objid is not None)
        self._run(program)

    def _run(self, program: list[Any]) -> None:
        operators = _operators()
        for token in program:
            if type(token) is not str:
                self.argstack.append(token)
                continue
            operator = operators.get(token)
            if operator is None:
                continue
            function, count = operator
            if count == 0:
                function(self)
                continue
            operands = self.argstack[-count:]
            del self.argstack[-count:]
            if len(operands) == count:
                function(self, *operands)


@cache
def _operators() -> dict[str, tuple[Callable[..., None], int]]:
    """Return each operator's method and how many operands it takes."""
    found: dict[str, tuple[Callable[..., None], int]] = {}
    for name in dir(QuickInterpreter):
        if name.startswith("do_"):
            function = getattr(QuickInterpreter, name)
            operator = name[3:].replace("_a", "*").replace("_w", '"').replace("_q", "'")
            found[operator] = (function, function.__code__.co_argcount - 1)
    for operator, count in _SHAPES.items():
        found[operator] = (_nothing, count)
    return found


def _nothing(*_: object) -> None:
    """Draw nothing."""


def _tokens(streams: Sequence[PDFStream]) -> list[Any]:
    """Return the operands and operators (as str) of content streams; raises _Odd."""
    data = b"\n".join(stream.get_data() for stream in streams) + b"\n"
    program: list[Any] = []
    outer: list[tuple[list[Any], bytes]] = []
    here = program
    place = 0
    for match in _TOKEN.finditer(data):
        if match.start() != place:
            raise _Odd
        place = match.end()
        kind = match.lastgroup
        if kind is None or kind == "shape":
            continue
        token = match.group()
        if kind == "word":
            if token in _OTHERS or outer:
                here.append(_other(token))
            else:
                here.append(str(token, "utf-8", "ignore"))
        elif kind == "open":
            outer.append((here, token))
            here = []
        elif kind == "close":
            if not outer or (outer[-1][1] == b"[") is not (token == b"]"):
                raise _Odd
            inner = here
            here, _ = outer.pop()
            here.append(inner if token == b"]" else _dictionary(inner))
        else:
            here.append(_VALUES[kind](token))
    if place != len(data) or outer:
        raise _Odd
    return program


_OTHERS = {b"true", b"false", b"BI", b"ID", b"EI"}


def _other(token: bytes) -> bool:
    if token not in {b"true", b"false"}:
        raise _Odd
    return token == b"true"


def _dictionary(pairs: list[Any]) -> dict[str, Any]:
    if len(pairs) % 2:
        raise _Odd
    return {literal_name(key): value for key, value in zip(pairs[::2], pairs[1::2], strict=True)}


def _number(token: bytes) -> float:
    return float(token) if b"." in token else int(token)


def _name(token: bytes) -> PSLiteral:
    try:
        return LIT(str(token[1:], "utf-8"))
    except UnicodeDecodeError:
        return LIT(token[1:])


def _plain(token: bytes) -> bytes:
    return token[1:-1]


def _string(token: bytes) -> bytes:
    return _ESCAPE.sub(_unescaped, token[1:-1])


def _unescaped(match: re.Match[bytes]) -> bytes:
    """Return what an escape in a string stands for (ISO 32000-1, 7.3.4.2)."""
    octal, sign = match.groups()
    if octal is None:
        return _ESCAPED.get(sign, b"")
    value = int(octal, 8)
    if value > 255:
        raise _Odd
    return bytes((value,))


def _hexadecimal(token: bytes) -> bytes:
    digits = b"".join(token[1:-1].split())
    if len(digits) % 2 == 0:
        return bytes.fromhex(digits.decode())
    return bytes.fromhex(digits[:-1].decode()) + bytes((int(digits[-1:], 16),))


_VALUES: dict[str, Callable[[bytes], Any]] = {"number": _number, "name": _name, "plain": _plain, "string": _string, "hex": _hexadecimal}
