"""What is wrong with `pli.toml`, one line a value: file, key, value and remedy, and never a secret."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

_SHOWN = 60
"""Characters of a wrong value that are shown."""
_SECRET = re.compile(r"^(password|client_secret)(_command)?$")
_NUMBER = re.compile(r"\.(\d+)(?=\.|$)")
_REMEDIES = {
    "string_type": "write a text in quotes",
    "bool_type": "write true or false, without quotes",
    "bool_parsing": "write true or false, without quotes",
    "int_type": "write a whole number, without quotes",
    "int_parsing": "write a whole number, without quotes",
    "int_from_float": "write a whole number, without quotes",
    "date_type": "write a date such as 2026-11-01, without quotes",
    "date_parsing": "write a date such as 2026-11-01, without quotes",
    "date_from_datetime_parsing": "write a date such as 2026-11-01, without quotes",
    "date_from_datetime_inexact": "write a date such as 2026-11-01, without a time of day",
    "path_type": "write a path in quotes",
    "tuple_type": 'write a list, such as ["a@example.org", "b@example.org"]',
    "too_short": "there must be at least one [[mailbox]]; `pli init` shows an example",
}


class ConfigError(Exception):
    """The configuration is wrong; each line of the message names file, key, value and the remedy."""


class TokenError(Exception):
    """No token can be had for a log-in; the message says what, where and the remedy, and never a secret."""

    def __init__(self, said: str, *, unreachable: bool = False) -> None:
        super().__init__(said)
        self.unreachable = unreachable
        """The log-in server did not answer: nothing was refused, and the next try may well succeed."""


def lines(error: ValidationError, path: Path, model: type[BaseModel], origins: Mapping[str, str]) -> list[str]:
    """Return a line for each wrong value of `path`.

    `model` is the settings' root; `origins` maps `table.key` to the environment variable it came from.
    """
    items = error.errors(include_url=False)
    inside = {item["loc"][0] for item in items if len(item["loc"]) > 1}
    # a list whose only item is wrong is also called too short
    told = [item for item in items if not (item["type"] == "too_short" and item["loc"][0] in inside)]
    return list(dict.fromkeys(_line(item, path, model, origins) for item in told))


def _line(item: ErrorDetails, path: Path, model: type[BaseModel], origins: Mapping[str, str]) -> str:
    steps = item["loc"]
    key, parent = ".".join(map(str, steps)), ".".join(map(str, steps[:-1]))
    # positions inside a list of values (aliases.1) say less than the value itself
    where = place(path, parent if key not in origins and parent in origins else key, origins)
    return f"{where}{_value(item, steps)}: {_remedy(item, model)}"


def _value(item: ErrorDetails, steps: tuple[int | str, ...]) -> str:
    value = item["input"]
    if (
        item["type"] in {"missing", "extra_forbidden"}
        or not steps
        or _SECRET.match(str(steps[-1]))
        or steps == ("storage", "url")  # there is no telling where in a mistyped URL the password stands
        or isinstance(value, (BaseModel, dict, list, tuple))
    ):
        return ""
    shown = f'"{value}"' if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
    shown = "".join(letter if letter.isprintable() else "?" for letter in shown)
    return f" = {shown if len(shown) <= _SHOWN else shown[:_SHOWN] + '...'}"


def place(path: Path, key: str, origins: Mapping[str, str]) -> str:
    """Return where a value stands: the file and its key (`mailbox.0.ca_file`), or the environment variable that holds it."""
    if key in origins:
        return f"environment: {origins[key]}"
    counted = _NUMBER.sub(r"[\1]", key)
    return f"{path}: {counted}" if key else f"{path}"


def _remedy(item: ErrorDetails, model: type[BaseModel]) -> str:
    kind, steps, context = item["type"], item["loc"], item.get("ctx", {})
    if kind == "tuple_type" and steps == ("mailbox",):
        return "write [[mailbox]] with two brackets on each side, once for each mailbox"
    match kind:
        case "missing":
            said = _missing(steps)
        case "extra_forbidden":
            said = f"there is no such key{_nearest(steps, model)}"
        case "literal_error":
            said = f"write {context['expected']}".replace("'", '"')
        case "greater_than_equal" | "less_than_equal":
            said = f"write a number of {'at least' if kind.startswith('g') else 'at most'} {next(iter(context.values()))}"
        case "model_type" | "model_attributes_type":
            table = ".".join(step for step in steps if isinstance(step, str))
            said = f"write a table, [{table}] with its keys below"
        case _:
            said = _REMEDIES.get(kind) or item["msg"].removeprefix("Value error, ")
    return said


def _missing(steps: tuple[int | str, ...]) -> str:
    if len(steps) == 1:
        table = "[[mailbox]]" if steps[0] == "mailbox" else f"[{steps[0]}]"
        return f"the table {table} is missing; write it, `pli init` shows an example"
    return "is missing; write it, `pli init` shows an example"


def _nearest(steps: tuple[int | str, ...], model: type[BaseModel]) -> str:
    known = [name for name in _table(steps[:-1], model).model_fields if (len(steps) > 1 or name != "path")]
    close = difflib.get_close_matches(str(steps[-1]).lower(), known, n=1, cutoff=0.5)
    return f"; did you mean {close[0]}?" if close else f"; remove it (known here: {', '.join(known)})"


def _table(steps: tuple[int | str, ...], model: type[BaseModel]) -> type[BaseModel]:
    for step in steps:
        if isinstance(step, str):
            annotation: Any = model.model_fields[step].annotation
            inner = [kind for kind in (annotation, *get_args(annotation)) if isinstance(kind, type) and issubclass(kind, BaseModel)]
            model = inner[0] if inner else model
    return model
