"""A second reading by rule: a sentence that shares too few words with every fact is handed in. No model is called."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from workbench.domain.text import sentence_spans
from workbench.rehearsal.payload import mapping
from workbench.rehearsal.reading import Given, facts_in

_QUOTE = re.compile(r'"(?:[^"\\]|\\.)*"\s*\Z')
_WORD = re.compile(r"\w{4,}")
_ENOUGH = 3
"""Words of four letters or more that a sentence shares with the fact it stands on."""
WHY = "Rehearsal, by rule and not by a model: too few of its words stand in any one fact."


def reads(schema: object) -> bool:
    """Whether this is the shape of a reading and not of a review."""
    return "rows" in mapping(mapping(schema).get("properties"))


def reading(said: Iterable[tuple[str, str]]) -> str:
    """The rows for the text the conversation ends in, as JSON; none where it holds no text."""
    whole = "\n\n".join(text for _, text in said)
    found = _QUOTE.search(whole)
    facts = facts_in(whole)
    try:
        quote = str(json.loads(found[0])) if found is not None else ""
    except ValueError:
        quote = ""
    rows = [
        {"words": words, "kind": "absent", "facts": [nearest.ref] if nearest is not None else [], "why": WHY}
        for start, end in sentence_spans(quote)
        for words in [quote[start:end]]
        for shared, nearest in [_nearest(words, facts)]
        if shared < _ENOUGH
    ]
    return json.dumps({"rows": rows}, ensure_ascii=False)


def _nearest(words: str, facts: Iterable[Given]) -> tuple[int, Given | None]:
    own = _words(words)
    shared = [(len(own & _words(one.text)), one) for one in facts]
    return max(shared, key=lambda one: one[0], default=(0, None))


def _words(text: str) -> set[str]:
    return {one.casefold() for one in _WORD.findall(text)}
