"""Where the work of an ad is done, quoted as it stands: the office, and what is said of working elsewhere.

Called by `parsing/offer_facts.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from parsing.offer_sentences import Line, Sentence, alternatives, cut, keyed, patterns, stands_under

_REMOTE = re.compile(rf"(?<!\w)(?:{alternatives('location_words')})(?!\w)", re.IGNORECASE)
_TOWN = re.compile(
    r"(?:\(|(?i:\b(?:à|au|aux|en|sur|in|at|dans|de|entre|rue|avenue|quai))\s+(?:la |le |l['’]|les )?(?:\d{1,3},? )?)[A-ZÉÈÎÔ]\w"
)
_LONGEST = 400
_QUOTED = 240
_FIRST_WORDS = 12
_MOST_PLACES = 5
_ENOUGH = 2
"""Points that a sentence needs to be taken for one about the post's place."""


def read_location(lines: Iterable[Line], sentences: Sequence[Sentence]) -> tuple[str, ...]:
    """Return the places: of a line such as `Location: …`, else the best sentences about the office and about working elsewhere."""
    kept = [line for line in lines if not line.key.startswith("adresse ")]
    if said := keyed(kept, "location_key"):
        return (said,)
    office = _best(sentences, patterns("office"))
    remote = _best(sentences, _REMOTE)
    told = [one for one in sentences if one in (office, remote) or _is_another_of(one, office)]
    return tuple(dict.fromkeys(cut(one.text, _QUOTED) for one in told))[:_MOST_PLACES]


def _is_another_of(sentence: Sentence, office: Sentence | None) -> bool:
    """Tell whether a line of a list names a further place in the words of another line ("a post based in …")."""
    if office is None or not (office.item and sentence.item) or sentence.under != office.under:
        return False
    return sentence.text.split()[:3] == office.text.split()[:3]


def _best(sentences: Sequence[Sentence], about: re.Pattern[str]) -> Sentence | None:
    """Return the sentence that most plainly tells where one works, the first of equals."""
    points = [(_points(sentence, about), -index) for index, sentence in enumerate(sentences)]
    best = max(points, default=(0, 0))
    return sentences[-best[1]] if best[0] >= _ENOUGH else None


def _points(sentence: Sentence, about: re.Pattern[str]) -> int:
    found = about.search(sentence.text)
    if found is None or len(sentence.text) > _LONGEST or patterns("not_a_place").search(sentence.text):
        return 0
    if patterns("others_place").match(sentence.text.replace("’", "'")):
        return 0
    points = 1 + (found.start() <= _FIRST_WORDS) + (_TOWN.search(sentence.text) is not None)
    points += 2 * (patterns("the_post").search(sentence.text[: found.start()]) is not None and about is not _REMOTE)
    points -= 2 * sentence.text[: found.start()].endswith("(")  # in brackets: where somebody else is
    points += patterns("place_begins").match(sentence.text) is not None
    points -= 2 * (about is not _REMOTE and patterns("travel").search(sentence.text) is not None)
    if stands_under(sentence, "conditions_heading", "not_conditions_heading"):
        return points + 2
    if any(patterns("not_conditions_heading").search(heading.replace("’", "'")) for heading in sentence.under):
        return points - 2
    return points
