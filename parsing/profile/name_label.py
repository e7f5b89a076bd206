"""A name that a form asks for in halves: "Nom : MORIN", "Prénom : Léa", on lines of their own, in one line, or below their labels."""

from __future__ import annotations

import re
from itertools import islice, pairwise

from parsing.profile.facts import Fact
from parsing.profile.name_shape import capitalised, shape

_MOST_TEXT = 20_000
_MOST_FIELDS = 20
_FAR = 200
"""Characters between the two halves of one form."""
_HALF = r"nom(?:[ ]de[ ]famille)?|pr[ée]noms?|(?:first|last|given|family)[ ]?names?|surname|forenames?"
_FIELD = re.compile(
    rf"(?im)(?:(?<!\w)(?P<label>{_HALF})[ ]{{0,9}}[:\t]|^[ \t]{{0,9}}(?P<above>{_HALF})\n)[ \t]{{0,9}}"
    rf"(?P<said>[^\W\d_](?:(?![ ]{{0,9}}[,;/]?[ ]{{0,9}}(?<!\w)(?:{_HALF})[ ]{{0,9}}[:\t])[^\n\t:|;,]){{0,60}})"
)
_FAMILY = re.compile(r"(?i)nom|last|family|surname")


def labelled_name(text: str) -> Fact | None:
    """Return the name whose two halves a form in `text` asks for, given name first."""
    said = text[:_MOST_TEXT].lower()
    if "nom" not in said and "name" not in said:
        return None
    fields = list(islice(_FIELD.finditer(text[:_MOST_TEXT]), _MOST_FIELDS))
    for first, second in pairwise(fields):
        families = [_FAMILY.match(field["label"] or field["above"]) is not None for field in (first, second)]
        if families[0] is families[1] or second.start() - first.end() > _FAR:
            continue
        given, family = (second, first) if families[0] else (first, second)
        tokens = shape(f"{given['said'].strip()} {family['said'].strip()}")
        if tokens:
            value = " ".join(capitalised(token) if token.isupper() and len(token) > 1 else token for token in tokens)
            quote = text[first.start("said") : second.end("said")].rstrip()
            return Fact(value, quote, "cv", first.start("said"))
    return None
