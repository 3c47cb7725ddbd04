"""`workbench costs`: bills by day, provider and editor, predicted beside actual."""

from __future__ import annotations

import pytest

from tests.cli.shell import Shell


def test_bills_add_up_to_the_total(drafted: Shell) -> None:
    found = drafted("costs", "--json").json
    assert {one["provider"] for one in found["bills"]} == {"claude", "codestral"}
    assert sum(one["drafts"] for one in found["bills"]) == found["total"]["drafts"] == 16
    for kind in ("cost", "predicted", "uncached"):
        assert sum(one[kind] for one in found["bills"]) == pytest.approx(found["total"][kind])
    assert found["total"]["rehearsal"] is True
    assert 0 < found["total"]["saved"] < 1


@pytest.mark.parametrize(("by", "second"), [("day", "provider"), ("provider", "model"), ("editor", "provider")])
def test_each_grouping_names_both_its_columns(drafted: Shell, by: str, second: str) -> None:
    rows = drafted("costs", "--by", by, "--json").json["bills"]
    assert len(rows) == 2
    assert all(one[by] and one[second] for one in rows)


def test_the_bill_in_words_says_that_nothing_was_spent_and_keeps_to_a_hundred_columns(drafted: Shell) -> None:
    drafted.monkeypatch.delenv("COLUMNS", raising=False)
    said = drafted("costs").out
    *table, last = said.splitlines()
    assert table[0] == "Rehearsal: no model was called"
    assert max(len(one) for one in table) <= 100
    assert "codestral" in said
    assert last.startswith("Together since ")
    for words in ("not spent", "predicted $", "without caching $", "% saved"):
        assert words in last


def test_before_the_first_draft_there_is_no_bill(stocked: Shell) -> None:
    result = stocked("costs", "--days", "1")
    assert result.code == 0
    assert "No draft has reported usage since" in result.out
    assert stocked("costs", "--json").json["bills"] == []


def test_the_sum_of_a_tools_drafts_is_in_the_list_of_tools(drafted: Shell) -> None:
    spent = {one["id"]: one["spent"] for one in drafted("tools", "--json").json["tools"]}
    assert sum(spent.values()) == pytest.approx(drafted("costs", "--json").json["total"]["cost"])


def test_a_grouping_nobody_knows_is_refused(drafted: Shell) -> None:
    result = drafted("costs", "--by", "moon")
    assert result.code == 2
    assert "editor" in result.err
