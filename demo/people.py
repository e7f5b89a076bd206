"""The demo's invented candidates, read from `files/people.toml`: none of them exists."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Post:
    """A line of working life."""

    position: str
    name: str
    dates: str
    tasks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Study:
    """A line of education."""

    study: str
    school: str
    dates: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What a CV is made of."""

    name: str
    email: str
    phone: str
    language: str
    """`fr` or `en`."""
    title: str
    city: str
    links: tuple[str, ...]
    about: str
    skills: tuple[str, ...]
    languages: tuple[str, ...]
    work: tuple[Post, ...]
    education: tuple[Study, ...]


def read_people() -> dict[str, Person]:
    """Return the candidates by the short name that the mails call them."""
    tables = tomllib.loads(files("demo").joinpath("files", "people.toml").read_text(encoding="utf-8"))
    return {key: _person(table) for key, table in tables.items()}


def _person(table: dict[str, Any]) -> Person:
    plain: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}
    plain["work"] = tuple(Post(post["position"], post["name"], post["dates"], tuple(post["tasks"])) for post in table["work"])
    plain["education"] = tuple(Study(**study) for study in table["education"])
    return Person(**plain)
