"""Findings as the screen draws them: each on the words of a sentence as the reader sees it.

Checks read the whole text; a masked pane shows it without names. So each place is carried over, and the words, the
reason and the evidence lose the names, too.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple, Protocol

from workbench.domain.answer import Remark
from workbench.domain.finding import Finding, Remedy, Severity
from workbench.domain.mask import Hidden
from workbench.domain.review import Review
from workbench.domain.text import digest

WHOLE = -1
"""The sentence of a mark about the whole quote."""
_LONGEST = 220
"""Characters of evidence that are shown: a quote of the archive is five times as long."""


class Hide(Protocol):
    """A text as it may be shown; all of its end only when it is `whole`."""

    def __call__(self, text: str, *, whole: bool) -> Hidden: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """`start` to `end` are characters of sentence `sentence` as it is shown, counted from 0 as Python does.

    `id` stays the same as long as the rule and the words do. `answered` is the reason the words are kept for, and
    `by` who gave it; both are empty while nobody has.
    """

    id: str
    sentence: int
    start: int
    end: int
    words: str
    severity: Severity
    rule: str
    reason: str
    evidence: str
    remedies: tuple[Remedy, ...]
    answered: str = ""
    by: str = ""


class _Place(NamedTuple):
    """Characters of a sentence as it is shown."""

    sentence: int
    start: int
    end: int
    words: str


_NOWHERE = _Place(WHOLE, 0, 0, "")


def marked(
    review: Review,
    remarks: Iterable[Remark],
    *,
    hide: Hide | None = None,
    say: Hide | None = None,
    whole: bool = True,
) -> list[tuple[Mark, Remark]]:
    """The remarks on `review` in their order, each with its mark, without those on words that are held back.

    `hide`: what shows each sentence while the drafter is masked. `say`: the same for reasons and evidence, which repeat
    what others wrote; `hide` unless it is given. `whole`: the last sentence has ended.
    """
    hide = hide or _as_it_is
    say = say or hide
    last = len(review.sentences) - 1
    shown = [hide(one.text, whole=whole or at < last) for at, one in enumerate(review.sentences)]
    found: list[tuple[Mark, Remark]] = []
    seen = Counter[str]()
    for remark in remarks:
        one, place = remark.finding, _place(review, shown, remark.finding)
        if place == _NOWHERE or place.words:
            name = digest(ascii((one.rule, place.words or one.reason)))[:12]
            seen[name] += 1
            found.append((_mark(remark, place, name if seen[name] == 1 else f"{name}-{seen[name]}", say), remark))
    return found


def marks_of(review: Review, remarks: Iterable[Remark], *, hide: Hide | None = None, whole: bool = True) -> list[Mark]:
    """The marks alone."""
    return [one for one, _ in marked(review, remarks, hide=hide, whole=whole)]


def plain(marks: Iterable[Mark]) -> list[dict[str, Any]]:
    """Marks as the page's script reads them."""
    return [asdict(one) for one in marks]


def sent(marks: Iterable[Mark]) -> str:
    """The same as JSON."""
    return json.dumps(plain(marks), ensure_ascii=False)


def _place(review: Review, shown: Sequence[Hidden], one: Finding) -> _Place:
    """Where the finding stands: blanks before its sentence count, what goes on behind that is left out."""
    spans = review.spans
    if one.end <= one.start or not spans:
        return _NOWHERE
    sentence = min(bisect_right([end for _, end in spans], one.start), len(spans) - 1)
    begin, stop = spans[sentence]
    text = review.sentences[sentence].text
    blank = len(text) - len(text.lstrip())
    start, end = shown[sentence].span(blank + max(one.start - begin, 0), blank + min(one.end, stop) - begin)
    return _Place(sentence, start, end, shown[sentence].text[start:end])


def _mark(remark: Remark, place: _Place, name: str, say: Hide) -> Mark:
    one, answer = remark.finding, remark.answer
    return Mark(
        id=name,
        sentence=place.sentence,
        start=place.start,
        end=place.end,
        words=place.words,
        severity=one.severity,
        rule=one.rule,
        reason=say(one.reason, whole=True).text,
        evidence=_short(say(one.evidence, whole=True).text),
        remedies=one.remedies,
        answered="" if answer is None else say(answer.reason, whole=True).text,
        by="" if answer is None else answer.editor,
    )


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"


def _as_it_is(text: str, *, whole: bool) -> Hidden:  # noqa: ARG001 - nobody is masked
    return Hidden(text)
