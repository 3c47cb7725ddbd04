"""Answers to findings: to words in their sentence, whichever text the sentence stands in."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.answer import Answer, AnswerKind, Mark, kept, mark_of, remarks
from workbench.domain.finding import Finding, Severity
from workbench.domain.ids import PersonaId, ToolId

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
QUOTE = "It costs $50 a month. Teams of 80 use it."


def a_finding(words: str, quote: str = QUOTE, *, severity: Severity = "warning", rule: str = "claims") -> Finding:
    start = quote.index(words)
    return Finding(rule=rule, severity=severity, reason="Because.", start=start, end=start + len(words), evidence="F1")


def an_answer(mark: Mark, kind: AnswerKind = "kept", reason: str = "The vendor says so.") -> Answer:
    return Answer(
        tool_id=ToolId("a-tool"),
        persona_id=PersonaId("builder"),
        kind=kind,
        mark=mark,
        editor="Ann",
        at=NOON,
        reason=reason,
    )


def is_open(quote: str, finding: Finding, *answers: Answer) -> bool:
    (remark,) = remarks(quote, [finding], kept(answers))
    return remark.open


def test_a_kept_answer_holds_in_any_text_with_the_same_sentence() -> None:
    answer = an_answer(mark_of(QUOTE, a_finding("$50")))
    other = "Something else first. It costs $50 a month."
    assert not is_open(QUOTE, a_finding("$50"), answer)
    assert not is_open(other, a_finding("$50", other), answer)


def test_it_lapses_when_its_sentence_changes_and_not_when_another_one_does() -> None:
    answer = an_answer(mark_of(QUOTE, a_finding("$50")))
    mine, another = "It costs $50 a year. Teams of 80 use it.", "It costs $50 a month. Teams of 90 use it."
    assert is_open(mine, a_finding("$50", mine), answer)
    assert not is_open(another, a_finding("$50", another), answer)


def test_it_is_to_one_rule_and_to_words_that_conflict_no_more_than_they_did() -> None:
    answer = an_answer(mark_of(QUOTE, a_finding("$50")))
    assert is_open(QUOTE, a_finding("$50", rule="banned"), answer)
    assert is_open(QUOTE, a_finding("80"), answer)
    assert is_open(QUOTE, a_finding("$50", severity="conflict"), answer)


def test_a_finding_about_the_whole_is_answered_for_this_whole_and_by_what_it_rests_on() -> None:
    short = Finding(rule="beats", severity="warning", reason="No moat.", evidence="moat")
    answer = an_answer(mark_of(QUOTE, short))
    assert answer.mark.words == "moat"
    assert not is_open(QUOTE, short, answer)
    assert is_open(QUOTE, Finding(rule="beats", severity="warning", reason="No claim.", evidence="claim"), answer)
    assert is_open(f"{QUOTE} More.", short, answer)


def test_the_last_answer_to_a_mark_counts() -> None:
    mark = mark_of(QUOTE, a_finding("$50"))
    first, second = an_answer(mark), an_answer(mark, reason="Seen on the page.")
    assert kept([first, second]) == {mark: second}
    assert kept([first, an_answer(mark, "taken_back")]) == {}
    assert kept([an_answer(mark, "taken_back"), first]) == {mark: first}
    assert kept([an_answer(mark, "sourced"), an_answer(mark, "reworded")]) == {}


def test_invisible_characters_of_a_draft_do_not_lapse_an_answer() -> None:
    drafted = "It costs\u200b $50 a month. Teams of 80 use it."
    assert mark_of(drafted, a_finding("$50", drafted)) == mark_of(QUOTE, a_finding("$50"))


@given(st.text(max_size=80), st.text(max_size=80), st.data())
def test_marking_never_fails_and_depends_on_nothing_but_the_words_in_their_sentence(
    before: str, quote: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(quote)))
    end = data.draw(st.integers(start, len(quote)))
    finding = Finding(rule="claims", severity="note", reason="", start=start, end=end)
    found = mark_of(quote, finding)
    assert found == mark_of(quote, finding)
    (remark,) = remarks(quote, [finding], {})
    assert (remark.finding, remark.mark, remark.open) == (finding, found, True)
    mark_of(before, Finding(rule="claims", severity="note", reason="", start=start, end=end))
