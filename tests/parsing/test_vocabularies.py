"""Every vocabulary is read, and every one that is asked for exists: words that nobody reads mislead whoever changes them."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from parsing.withdrawal import find_withdrawal

ROOT = Path(__file__).parents[2]
TABLES = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in (ROOT / "parsing" / "languages").glob("*.toml")}
KEYS = {
    f"{name}.{key}" if file == "machines" else key for file, tables in TABLES.items() for name, table in tables.items() for key in table
}
CODE = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "parsing").rglob("*.py"))


def test_every_vocabulary_is_read():
    read = set(re.findall(r"[\"']([\w.]+)[\"']", CODE))
    built = {f"heading_{kind}" for kind in read}  # words("cv", f"heading_{kind}")
    built |= {f"automatic.{kind}" for kind in read}
    assert KEYS - {"words"} - read - built == set()


def test_every_vocabulary_that_is_asked_for_exists():
    asked = set(re.findall(r"\b(?:find|match|said|heads|without|words)\((?:[^()\"]|\"(?:mail|ad|cv)\"|\([^()]*\))*, \"([\w.]+)\"\)", CODE))
    assert len(asked) > 40
    assert asked <= KEYS


def test_no_word_stands_twice_in_a_vocabulary():
    doubles = {
        (file, key): twice
        for file, tables in TABLES.items()
        for table in tables.values()
        for key, words in table.items()
        if (twice := {word for word in words if words.count(word) > 1})
    }
    assert doubles == {}


def test_a_withdrawal_is_seen_in_whatever_words_the_rules_know():
    assert find_withdrawal("Re: Entretien", "J'ai accepté un autre poste.")
    assert find_withdrawal("Retrait", "Je retire ma candidature.")
    assert find_withdrawal("Candidature", "J'ai trouvé une offre sur votre site.") is None
