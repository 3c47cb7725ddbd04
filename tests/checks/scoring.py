"""Labelled claims and public sets, and how well the marks meet them."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.domain.claim import CUES, Claim
from workbench.domain.dossier import Dossier, Entry, Tool, make_dossier
from workbench.domain.grounding.claims import claims
from workbench.domain.ids import ToolId
from workbench.domain.review import Review, Sentence
from workbench.domain.text import sentences

MARKED = frozenset({"absent", "conflicts", "miscited"})
UNSUPPORTED = frozenset({"unsupported", "conflict"})


@dataclass(slots=True)
class Score:
    """How often a mark was right, and how much of what deserved one got one."""

    right: int = 0
    wrong: int = 0
    found: int = 0
    missed: int = 0
    silent: int = 0

    @property
    def precision(self) -> float:
        """Right marks of all marks."""
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """What was found of what deserved a mark."""
        return self.found / max(1, self.found + self.missed)

    @property
    def balanced(self) -> float:
        """The mean of recall and of how much of the rest stayed unmarked."""
        return (self.recall + self.silent / max(1, self.silent + self.wrong)) / 2

    def take(self, *, bad: bool, marked: bool) -> None:
        """Count one text that is bad or not, marked or not."""
        self.right += bad and marked
        self.found += bad and marked
        self.wrong += marked and not bad
        self.missed += bad and not marked
        self.silent += not bad and not marked


def labelled_quotes(folder: Path) -> tuple[Score, Score]:
    """By claim and by sentence, over the labelled quotes. A mark is right when it touches an unsupported span."""
    data: dict[str, Any] = json.loads((folder / "labels.json").read_text("utf-8"))
    told = data["dossier"]
    tool = Tool(
        id=ToolId("labelled"),
        name=told["name"],
        tagline=told["tagline"],
        category=told["category"],
        entry=Entry(told["pricing"]),
    )
    dossier = make_dossier(tool, told["entry"])
    by_claim, by_sentence = Score(), Score()
    for quote in data["quotes"]:
        review = as_review(quote["text"])
        assert review.quote == quote["text"]
        marks = [(one.start, one.end) for one in claims(review, dossier) if one.standing in MARKED]
        bad = [(one["start"], one["end"]) for one in quote["claims"] if one["verdict"] in UNSUPPORTED]
        by_claim.right += sum(touched(one, bad) for one in marks)
        by_claim.wrong += sum(not touched(one, bad) for one in marks)
        by_claim.found += sum(touched(one, marks) for one in bad)
        by_claim.missed += sum(not touched(one, marks) for one in bad)
        for number in range(len(review.sentences)):
            span = review.span(number)
            by_sentence.take(bad=touched(span, bad), marked=touched(span, marks))
    return by_claim, by_sentence


def touched(span: tuple[int, int], spans: Iterable[tuple[int, int]]) -> bool:
    """Whether it shares a character with one of them."""
    return any(span[0] < end and start < span[1] for start, end in spans)


def as_review(text: str) -> Review:
    """The text's sentences without beats or citations."""
    return Review(sentences=tuple(Sentence("", (), one) for one in sentences(text)))


def summary_marks(summary: str, dossier: Dossier) -> list[Claim]:
    """The values, contraries and denials of a summary that its source does not hold."""
    review = Review(sentences=(Sentence("", (), summary),))
    found = claims(review, dossier, summary=True)
    return [one for one in found if one.standing in MARKED and one.kind not in CUES]


def source(text: str) -> Dossier:
    """A text to be summarised, as the only thing known."""
    return make_dossier(Tool(id=ToolId("source"), name=""), text)


def summedits(folder: Path) -> Score:
    """Sales e-mails with true and edited summaries."""
    rows = list(_rows(folder / "summedits" / "sales_email.jsonl.gz"))
    sources = {row["doc_id"]: source(row["text"]) for row in rows if "text" in row}
    score = Score()
    for row in rows:
        if "summary" in row:
            score.take(bad=row["label"] == 0, marked=bool(summary_marks(row["summary"], sources[row["doc"]])))
    return score


def wice(folder: Path, split: str) -> Score:
    """The words of sub-claims with the page they cite; each of these claims holds some that it does not support."""
    score = Score()
    for row in _rows(folder / "wice" / f"non_supported_tokens_{split}.jsonl.gz"):
        marks = summary_marks(" ".join(row["claim_tokens"]), source("\n".join(row["evidence"])))
        spans, start = [(one.start, one.end) for one in marks], 0
        for token, bad in zip(row["claim_tokens"], row["non_supported_spans"], strict=True):
            score.take(bad=bad, marked=touched((start, start + len(token)), spans))
            start += len(token) + 1
    return score


def begin(folder: Path, name: str) -> Score:
    """Dialogue turns with the snippet they should rest on; generic turns are left out."""
    score = Score()
    with (folder / "begin_wow" / name).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["begin_label"] in {"Fully attributable", "Not fully attributable"}:
                marks = summary_marks(row["response"], source(row["knowledge"]))
                score.take(bad=row["begin_label"] != "Fully attributable", marked=bool(marks))
    return score


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)
