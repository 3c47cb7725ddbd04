"""Findings as the screen draws them: each on the words of a sentence as the reader sees it.

Checks read the whole text; a masked pane shows it without names. So each place is carried over, and the words, the
reason and the evidence lose the names, too.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Protocol

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
    ends = [end for _, end in review.spans]
    found: list[tuple[Mark, Remark]] = []
    seen = dict[str, int]()
    for remark in remarks:
        one, sentence, start, end, words = remark.finding, WHOLE, 0, 0, ""
        if one.end > one.start and ends:
            sentence = min(bisect_right(ends, one.start), last)
            start, end = shown[sentence].span(*_within(review, sentence, one))
            words = shown[sentence].text[start:end]
            if not words:
                continue
        name = digest(ascii((one.rule, words or one.reason)))[:12]
        seen[name] = seen.get(name, 0) + 1
        mark = Mark(
            id=name if seen[name] == 1 else f"{name}-{seen[name]}",
            sentence=sentence,
            start=start,
            end=end,
            words=words,
            severity=one.severity,
            rule=one.rule,
            reason=say(one.reason, whole=True).text,
            evidence=_short(say(one.evidence, whole=True).text),
            remedies=one.remedies,
            answered=say(remark.answer.reason, whole=True).text if remark.answer is not None else "",
            by=remark.answer.editor if remark.answer is not None else "",
        )
        found.append((mark, remark))
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


def _within(review: Review, sentence: int, one: Finding) -> tuple[int, int]:
    """The finding's place in the sentence's own text, blanks before it counted; what goes on behind it is left out."""
    begin, stop = review.span(sentence)
    text = review.sentences[sentence].text
    blank = len(text) - len(text.lstrip())
    return blank + max(one.start - begin, 0), blank + min(one.end, stop) - begin


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"


def _as_it_is(text: str, *, whole: bool) -> Hidden:  # noqa: ARG001 - nobody is masked
    return Hidden(text)
