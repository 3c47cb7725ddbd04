"""A second reading adds marks where its words and its facts exist, and a model's word is never taken for more."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.fakes import FakeLibrary, a_dossier
from workbench.domain.ids import Digest, PersonaId, ToolId
from workbench.domain.review import WrongShapeError
from workbench.domain.second_reading import Kind, Reading, Row, findings, judged, plan_of, read_rows
from workbench.domain.text import digest

DOSSIER = a_dossier()
QUOTE = "It builds in a second. It tests nothing, and “it” costs a fortune."
FACT = DOSSIER.facts[0].ref


def a_row(words: str = "a second", kind: Kind = "absent", facts: tuple[str, ...] = (), why: str = "No fact.") -> Row:
    return Row(words=words, kind=kind, facts=facts, why=why)


def a_reading(*rows: Row) -> Reading:
    return Reading(
        tool_id=ToolId("a-tool"),
        persona_id=PersonaId("builder"),
        text=digest(QUOTE),
        rows=rows,
        refused=0,
        provider="codestral",
        model="a-model",
        prompt=Digest("0" * 64),
        cost=Decimal("0.001"),
        rehearsal=False,
        editor="Ann",
        at=datetime(2026, 11, 22, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    "row",
    [
        a_row(words="a minute"),
        a_row(words="A second"),
        a_row(words=" "),
        a_row(words=""),
        a_row(facts=("F99",)),
        a_row(facts=(FACT, "F99")),
        a_row(kind="contradicted"),
        a_row(why="half a character: \ud83d"),
    ],
)
def test_a_row_whose_words_or_facts_do_not_exist_does_not_count(row: Row) -> None:
    assert judged([row, a_row()], QUOTE, DOSSIER) == ((a_row(),), 1)


def test_a_row_said_twice_counts_once() -> None:
    assert judged([a_row(), a_row()], QUOTE, DOSSIER) == ((a_row(),), 1)


def test_its_marks_lie_on_the_words_and_name_the_facts() -> None:
    contrary = a_row(words="tests nothing", kind="contradicted", facts=(FACT,), why="It tests.")
    first, second = findings(a_reading(a_row(), contrary), QUOTE, DOSSIER)
    assert (QUOTE[first.start : first.end], first.severity, first.evidence) == ("a second", "note", "")
    assert (QUOTE[second.start : second.end], second.severity) == ("tests nothing", "warning")
    assert second.evidence == f"{FACT}: {DOSSIER.facts[0].text}"
    assert second.reason == "a-model reads: It tests."


def test_no_reading_makes_a_conflict_that_would_hold_an_approval_up() -> None:
    rows = (a_row(), a_row(words="tests", kind="contradicted", facts=(FACT,)))
    assert "conflict" not in {one.severity for one in findings(a_reading(*rows), QUOTE, DOSSIER)}


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "[]",
        "{}",
        '{"rows": {}}',
        '{"rows": [1]}',
        '{"rows": [{"words": "a", "kind": "true", "facts": [], "why": ""}]}',
        '{"rows": [{"words": "a", "kind": "absent", "facts": [1], "why": ""}]}',
        '{"rows": [{"words": "a", "kind": "absent", "facts": "F1", "why": ""}]}',
        '{"rows": [{"words": null, "kind": "absent", "facts": [], "why": ""}]}',
        "[" * 100_000,
    ],
)
def test_an_answer_of_another_shape_is_refused_whole(answer: str) -> None:
    with pytest.raises(WrongShapeError):
        read_rows(answer)


ROWS = some.builds(
    Row,
    words=some.text(max_size=20) | some.sampled_from(["a second", "tests", "“it”"]),
    kind=some.sampled_from(["absent", "contradicted"]),
    facts=some.lists(some.sampled_from([FACT, "F2", "F77", "f1", ""]), max_size=3).map(tuple),
    why=some.text(max_size=20),
)


@given(some.lists(ROWS, max_size=6))
def test_rows_come_through_json_as_they_were_and_only_real_ones_count(rows: list[Row]) -> None:
    told = json.dumps({"rows": [row._asdict() for row in rows]})
    assert read_rows(told) == tuple(rows)
    kept, refused = judged(rows, QUOTE, DOSSIER)
    assert len(kept) + refused == len(rows)
    for one in findings(a_reading(*rows), QUOTE, DOSSIER):
        assert QUOTE[one.start : one.end].strip()


@given(some.text(max_size=60))
def test_no_quote_breaks_out_of_the_request(quote: str) -> None:
    said = plan_of(FakeLibrary().prompts(), DOSSIER, quote).segments[-1].text
    assert "<" not in said
    assert json.loads(said.removeprefix("Read: ")) == quote
