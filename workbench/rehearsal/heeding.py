"""Reads an editor's note by rule: which sentences it is about, which facts it would rather see, and how long a draft.

A note is looked through for words and nothing else: it can ask for nothing that the composer would not do anyway.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from workbench.domain.review import Sentence, partial_review
from workbench.rehearsal.choosing import ASKS, Topic, answers, stems, topic_of
from workbench.rehearsal.reading import Assignment, Given

_NOTE = re.compile(r"<note>(.*)</note>", re.DOTALL)
_CONCRETE = re.compile(r"\b(?:concrete|specific\w*|figures?|numbers?|exact\w*|precise\w*)\b", re.IGNORECASE)
_SHORTER = re.compile(r"\b(?:short\w*|brief\w*|tight\w*|trim\w*|cut|terse\w*|concise\w*|less|fewer)\b", re.IGNORECASE)
_LONGER = re.compile(r"\b(?:long\w*|expand\w*|detail\w*|more|elaborat\w*|develop\w*)\b", re.IGNORECASE)
_END = re.compile(r"[.!?…][\"'”’)\]]*$")
"""A sentence without it was cut off, and is written anew."""
_SLOT = re.compile(r"\{\w+\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """An earlier answer, and what was said to it."""

    answer: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Heed:
    """What a note asks for. `kept` are the earlier sentences it leaves alone, by beat; `before` is all that was said.

    `stretch` is how far up the length band the draft should go, 0 to 1; None leaves that to chance.
    """

    kept: Mapping[str, Sentence] = field(default_factory=dict[str, Sentence])
    before: str = ""
    words: frozenset[str] = frozenset()
    topic: Topic | None = None
    concrete: bool = False
    stretch: float | None = None

    def liking(self, fact: Given) -> float:
        """How much rather than others the note would see this fact; 0 for not at all."""
        asked = 1.5 if self.topic is not None and answers(fact, self.topic) else 0.0
        figures = 1.0 if self.concrete and re.search(r"\d", fact.text) else 0.0
        return asked + figures + min(1.5, 0.5 * len(self.words & stems(fact.text)))

    def used(self, form: str) -> bool:
        """Whether the earlier draft has said something in this form."""
        return bool(self.before) and max(_SLOT.split(form), key=len) in self.before


def heard(said: Iterable[tuple[str, str]]) -> tuple[str, Revision | None]:
    """What was asked first, and what is to be revised by which note, out of roles and their texts in order."""
    asked, answer, note = [""], "", [""]
    for role, text in said:
        if role == "assistant":
            answer, note = text, []
        elif role == "user":
            (note if answer else asked).append(text)
    told = "\n\n".join(note).strip()
    return "\n\n".join(asked).strip(), Revision(answer=answer, note=told) if told else None


def heed(assignment: Assignment, revision: Revision) -> Heed:
    """What the note asks for in this draft."""
    found = _NOTE.search(revision.note)
    note = found[1] if found is not None else revision.note
    refs = {fact.ref for fact in assignment.facts}
    earlier = {one.beat: one for one in _sentences(revision.answer) if _END.search(one.text) and refs >= set(one.facts)}
    topic: Topic | None = next((topic for topic, pattern in ASKS.items() if pattern.search(note)), None)
    words = stems(note)
    named = {
        beat.id
        for beat in assignment.beats
        if words & stems(f"{beat.id} {beat.label}") or (topic is not None and topic_of(beat) == topic)
    }
    meant = named or {one.beat for one in earlier.values() if words & stems(one.text)} or set(earlier)
    stretch = 0.0 if _SHORTER.search(note) else 0.9 if _LONGER.search(note) else None
    return Heed(
        kept={beat: one for beat, one in earlier.items() if beat not in meant},
        before=" ".join(one.text for one in earlier.values()),
        words=words,
        topic=topic,
        concrete=_CONCRETE.search(note) is not None,
        stretch=stretch,
    )


def _sentences(answer: str) -> tuple[Sentence, ...]:
    try:
        return partial_review(json.loads(answer)).sentences
    except (ValueError, RecursionError):
        return ()
