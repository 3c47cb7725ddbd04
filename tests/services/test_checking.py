"""All checks at once, in the order of the text."""

from __future__ import annotations

from dataclasses import replace

from tests.fakes import a_dossier, a_persona
from workbench.domain.finding import Background, Finding
from workbench.domain.review import Review, Sentence
from workbench.ports import Check
from workbench.services.checking import Checking

BARE = Background(persona=a_persona(), dossier=a_dossier())


class WordCheck(Check):
    """Finds every place of one word; the empty word is about the whole quote."""

    def __init__(self, word: str) -> None:
        self._word = word

    @property
    def name(self) -> str:
        return f"word-{self._word}"

    def findings(self, review: Review, background: Background) -> list[Finding]:
        del background
        start = review.quote.find(self._word)
        end = start + len(self._word)
        return [Finding(rule=self.name, severity="note", reason="There.", start=start, end=end)] if start >= 0 else []


def findings(*words: str) -> list[str]:
    review = Review(sentences=(Sentence(beat="claim", facts=(), text="One two three."),))
    checking = Checking(checks=[WordCheck(word) for word in words])
    return [one.rule for one in checking.findings(review, BARE)]


def test_findings_come_in_the_order_of_the_text_whole_quote_first() -> None:
    assert findings("three", "two", "", "One") == ["word-", "word-One", "word-two", "word-three"]


def test_findings_at_the_same_place_come_shortest_first_then_by_rule() -> None:
    assert findings("two three", "two") == ["word-two", "word-two three"]


def test_a_clean_draft_has_no_findings() -> None:
    assert findings("four") == []
    assert findings() == []


class BackgroundCheck(Check):
    """Says what it is shown besides the review."""

    @property
    def name(self) -> str:
        return "background"

    def findings(self, review: Review, background: Background) -> list[Finding]:
        del review
        shown = f"{background.archive} {[one.id for one in background.others]}"
        return [Finding(rule=self.name, severity="note", reason=shown)]


def test_a_check_sees_the_archive_and_the_other_lenses() -> None:
    checking = Checking(checks=[BackgroundCheck()])
    lens = a_persona("skeptic")
    (alone,) = checking.findings(Review(), BARE)
    (seen,) = checking.findings(Review(), replace(BARE, archive=("Old.",), others=(lens,)))
    assert (alone.reason, seen.reason) == ("() []", "('Old.',) ['skeptic']")
