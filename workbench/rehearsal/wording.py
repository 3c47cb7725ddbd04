"""Says a fact inside a sentence: as a clause, in its own words, or as a key and its value, in as many words as fit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from workbench.domain.text import sentences, word_count
from workbench.rehearsal.phrases import Kind
from workbench.rehearsal.reading import Given

_ENTRY = re.compile(r"^(?P<key>[A-Z][\w/-]*(?: [\w/-]+){0,2}): (?P<value>\S.*)$")
_BOUNDARY = re.compile(r"(?:,|;|:| —| –| -) |\s\(")
_PAUSE = re.compile(r" (?=(?:and|featuring|including|delivering|letting|while|which|using|so that) )")
"""Weaker places to stop, used when there is no mark to stop at."""
_LIMPING = re.compile(
    r"(?:^| )(?:an?|the|this|these|its?|their|same|each|every|any|no|of|to|for|with|in|on|by|from|at|as|into|over|per"
    r"|and|or|but|that|which|who|when|while|if|than|more|most|is|are|was|were|be|has|have|can|will|not|so)\Z",
    re.IGNORECASE,
)
"""A last word that waits for another one."""
_PAIRED = re.compile(r"\b(?:both|between|either|neither|from)\b[^,;:]*$", re.IGNORECASE)
_LINK = re.compile(
    r"^(?:Together|Additionally|Moreover|However|Also|Finally|Plus|In addition|As a result|In short),? ", re.IGNORECASE
)
_COPULA = re.compile(r"^(?:It(?:'s|’s| is)|(?:The|This|These|Its) (?:[\w-]+ ){1,2}(?:is|are)) (?:an? |the )?")
_SUBJECTS = frozenset(
    [
        "it",
        "it's",
        "its",
        "the",
        "this",
        "these",
        "those",
        "they",
        "their",
        "a",
        "an",
        "each",
        "every",
        "all",
        "both",
        "you",
        "your",
        "users",
        "developers",
        "teams",
        "there",
    ]
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|can|cannot|will|does|do|may|must|needs?|lets?|keeps?|runs?|starts?|supports?"
    r"|handles?|works?|uses?|offers?|provides?|gives?|makes?|takes?|writes?|reads?|stores?|sends?|costs?|comes?|includes?"
    r"|adds?|allows?|enables?|integrates?|targets?|reduces?|expands?|expanded|turns?|ships?|shipped|stays?|holds?|requires?"
    r"|returns?|builds?|serves?|accepts?|generates?|connects?|launched|announced|released|introduced|added)\b|\b(?:it|that|there)['’]s\b",
    re.IGNORECASE,
)
"""What makes a statement of a line; one without is quoted, never put after “that”."""
_INNER = str.maketrans("“”‘’", "\"\"''")
_FEWEST = 5
"""Words a part of a fact needs to stand alone."""
_FEWEST_LAST = 3
"""Words its last piece needs: “…, each argument is held back; with it” limps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A fact, ready for the slots of a phrase."""

    kind: Kind
    clause: str
    words: str
    key: str
    value: str


@lru_cache(maxsize=2048)
def say(fact: Given, *, limit: int, tool: str, rest: bool = False) -> Said:
    """The fact in about `limit` words. `rest` asks for what an earlier use left out."""
    whole = _first_sentence(fact.text)
    entry = _ENTRY.match(whole)
    shown = _rest(whole, limit) if rest else _shortened(_core(whole, tool), limit)
    stated = not rest and fact.source != "tagline" and fact.text.rstrip().endswith(".")
    clause = _clause(whole, limit, tool) if stated else ""
    kind: Kind = "entry" if entry is not None and not rest else "clause" if clause else "words"
    return Said(
        kind=kind,
        clause=clause,
        words=_quoted(shown),
        key=entry["key"][0].lower() + entry["key"][1:] if entry is not None else "",
        value=_quoted(_shortened(entry["value"], limit)) if entry is not None else "",
    )


def _first_sentence(text: str) -> str:
    first = next(iter(sentences(text)), text)
    first = first.rstrip(" .;,:") or first
    link = _LINK.match(first)
    return first[link.end()].upper() + first[link.end() + 1 :] if link is not None else first


def _core(whole: str, tool: str) -> str:
    """The fact's words without the subject a sentence about the tool need not repeat."""
    named = re.match(rf"{re.escape(tool)} (?:is|are) (?:an? |the )?", whole, re.IGNORECASE)
    cut = named or _COPULA.match(whole)
    return whole[cut.end() :] if cut is not None and word_count(whole[cut.end() :]) >= _FEWEST else whole


def _clause(whole: str, limit: int, tool: str) -> str:
    """The fact as “that …” can take it; empty when it may not be a statement or would have to be cut inside."""
    first = whole.split(" ", 1)[0]
    if first.lower().replace("’", "'") in _SUBJECTS:
        text = whole[0].lower() + whole[1:]
    elif whole.lower().startswith(f"{tool.lower()} "):
        text = whole
    else:
        return ""
    part = _marked(text, limit)
    early = _BOUNDARY.search(text)
    # A comma after three words is an insertion: what stands before it has no verb yet.
    complete = early is None or word_count(text[: early.start()]) >= _FEWEST
    sound = _VERB.search(part) is not None and not re.search(r"[?!“”\"]", part) and _balanced(part)
    return part if part and complete and sound else ""


def _shortened(text: str, limit: int) -> str:
    """The text, or a beginning of it that says by its “…” that it is one."""
    if word_count(text) <= limit:
        return text
    pausing = [part for part in (_marked(text, limit), _paused(text, limit)) if 2 * word_count(part) >= limit]
    if pausing:
        return f"{pausing[0]}…"
    words = text.split(" ")[: max(limit, _FEWEST)]
    while len(words) > _FEWEST and _LIMPING.search(words[-1].rstrip(",;:")):
        words.pop()
    return " ".join(words).rstrip(" ,;:-—–(") + "…"


def _marked(text: str, limit: int) -> str:
    """The longest beginning of at most `limit` words that ends at a mark; empty when there is none."""
    if word_count(text) <= limit:
        return text
    fitting, before = "", 0
    for boundary in _BOUNDARY.finditer(text):
        part = text[: boundary.start()]
        if word_count(part) > limit:
            break
        last, before = text[before : boundary.start()], boundary.end()
        sound = word_count(last) >= _FEWEST_LAST and _balanced(part) and not _LIMPING.search(part)
        if word_count(part) >= _FEWEST and sound:
            fitting = part
    return fitting


def _paused(text: str, limit: int) -> str:
    fitting = ""
    for pause in _PAUSE.finditer(text):
        part = text[: pause.start()]
        if word_count(part) > limit:
            break
        sound = _balanced(part) and not _PAIRED.search(part) and not _LIMPING.search(part)
        if word_count(part) > _FEWEST and sound:
            fitting = part
    return fitting


def _rest(text: str, limit: int) -> str:
    """What comes after the fact's first pause, or the whole again."""
    for boundary in _BOUNDARY.finditer(text):
        after = text[boundary.end() :]
        if word_count(text[: boundary.start()]) >= _FEWEST <= word_count(after) and _balanced(after):
            return _shortened(re.sub(r"^(?:and|or|but) ", "", after), limit)
    return _shortened(text, limit)


def _balanced(part: str) -> bool:
    return part.count("(") == part.count(")") and part.count("`") % 2 == 0


def _quoted(text: str) -> str:
    """In single marks, since a page sets the whole quote in double ones; marks within are straight."""
    inner = text.translate(_INNER)
    if inner.count("`") % 2:
        inner = inner.replace("`", "")
    return f"‘{inner}’"
