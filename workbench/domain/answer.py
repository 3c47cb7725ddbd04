"""What an editor answers to a finding: an event, never overwritten, that changes no text. Taking it back is one, too.

An answer is to words, not to a draft: it holds wherever the same sentence stands in its cell, and lapses where the
sentence reads otherwise.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from workbench.domain.finding import Finding, Severity
from workbench.domain.ids import Digest, PersonaId, ToolId
from workbench.domain.review import Review, Sentence
from workbench.domain.text import clean, sentence_spans

AnswerKind = Literal["kept", "sourced", "reworded", "taken_back"]
"""`kept`: the words stay, for a reason; `sourced`: a fact was added for them; `reworded`: the sentence was written
otherwise; `taken_back`: what was answered before does not count any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What an answer is to. `words` are the finding's; of one about the whole quote, what it rests on.

    `sentence` is the digest of the sentence the words stand in, or of the whole quote. A finding that has become more
    severe is another one.
    """

    rule: str
    severity: Severity
    words: str
    sentence: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer with who and when. `reason` is why the words are kept.

    `fact` (`F7`) was added for them, in the revision with the digest `dossier`.
    """

    tool_id: ToolId
    persona_id: PersonaId
    kind: AnswerKind
    mark: Mark
    editor: str
    at: datetime
    reason: str = ""
    fact: str = ""
    dossier: Digest | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A finding on a text; `answer` is the reason its words are kept for, None while it is open."""

    finding: Finding
    mark: Mark
    answer: Answer | None = None

    @property
    def open(self) -> bool:
        """Whether nobody has said why the words stay."""
        return self.answer is None

    @property
    def conflicts(self) -> bool:
        """Whether it is open, and the dossier says otherwise."""
        return self.open and self.finding.severity == "conflict"


def kept(answers: Iterable[Answer]) -> dict[Mark, Answer]:
    """The answers of a cell, oldest first, that keep words: of several to one mark the last counts."""
    found: dict[Mark, Answer] = {}
    for one in answers:
        if one.kind == "kept":
            found[one.mark] = one
        else:
            found.pop(one.mark, None)
    return found


def cited(review: Review, sourced: Iterable[Answer]) -> Review:
    """The review with the facts that were added for its sentences among those they cite.

    Nobody asks a model to cite what it could not know; a sentence that cites nothing is held against all there is.
    """
    added: dict[Digest, dict[str, None]] = {}
    for one in sourced:
        added.setdefault(one.mark.sentence, {})[one.fact] = None
    if not added:
        return review
    quote = review.quote
    said = [(start, end, digest_of(quote[start:end])) for start, end in sentence_spans(quote)]
    sentences: list[Sentence] = []
    for sentence, (start, end) in zip(review.sentences, review.spans, strict=True):
        found = [fact for a, b, digest in said if a < end and start < b for fact in added.get(digest, ())]
        cites = tuple(dict.fromkeys((*sentence.facts, *found))) if sentence.facts else ()
        sentences.append(sentence._replace(facts=cites))
    return review._replace(sentences=tuple(sentences))


def remarks(quote: str, findings: Iterable[Finding], answers: Mapping[Mark, Answer]) -> tuple[Remark, ...]:
    """The findings on a quote, in their order, each with the answer that keeps its words, if one does."""
    spans = sentence_spans(quote)
    marked = [(one, _mark(quote, one, spans)) for one in findings]
    return tuple(Remark(finding=one, mark=mark, answer=answers.get(mark)) for one, mark in marked)


def mark_of(quote: str, finding: Finding) -> Mark:
    """What an answer to this finding on this quote would be to."""
    return _mark(quote, finding, sentence_spans(quote))


def _mark(quote: str, finding: Finding, spans: Sequence[tuple[int, int]]) -> Mark:
    words, said = quote[finding.start : finding.end], quote
    if words:
        around = [(start, end) for start, end in spans if start < finding.end and finding.start < end]
        said = quote[around[0][0] : around[-1][1]] if around else words
    # As it would be published, so that an answer to a draft's words is one to the quote's.
    return Mark(
        rule=finding.rule,
        severity=finding.severity,
        words=clean(words or finding.evidence).text,
        sentence=digest_of(said),
    )


def digest_of(said: str) -> Digest:
    """The digest by which an answer knows its sentence."""
    # A text that is still being typed may hold half an emoji, of which no UTF-8 can be made.
    return Digest(hashlib.sha256(clean(said).text.encode("utf-8", "surrogatepass")).hexdigest())
