"""Numbered facts and what a model is shown of them."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.dossier import AddedFact, Community, Entry, Tool, extends, make_dossier
from workbench.domain.ids import ToolId

TOOL = Tool(id=ToolId("testo"), name="Testo", vendor="ACME", tagline="Runs all", entry=Entry.FREE)
TEXT = "It runs tests. It is fast."
ADDED = AddedFact(text="It costs $3.", source="price page", checked_on="2026-01-31")


def test_adding_a_fact_renumbers_none() -> None:
    before, after = make_dossier(TOOL, TEXT), make_dossier(TOOL, TEXT, (ADDED,), revision=2)
    assert after.facts[: len(before.facts)] == before.facts
    assert after.facts[-1].ref == "F5"
    assert (before.revision, after.revision) == (1, 2)


def test_a_dossier_extends_another_when_every_number_of_it_means_the_same() -> None:
    before, after = make_dossier(TOOL, TEXT), make_dossier(TOOL, TEXT, (ADDED,), revision=2)
    assert extends(after, before)
    assert extends(before, before)
    assert not extends(before, after)
    assert not extends(make_dossier(TOOL, "It runs tests. It is slow.", (ADDED,)), before)


def test_a_tool_without_tagline_and_entry_has_its_sentences_only() -> None:
    dossier = make_dossier(Tool(id=ToolId("a"), name="A"), TEXT)
    assert [fact.source for fact in dossier.facts] == ["description", "description"]
    assert json.loads(dossier.as_json())["tool"]["entry"] == ""


def test_votes_and_revision_do_not_change_the_digest() -> None:
    dossier = make_dossier(TOOL, TEXT)
    voted = make_dossier(replace(TOOL, community=Community(ships=1, votes=2)), TEXT, revision=9)
    assert voted.digest == dossier.digest


@pytest.mark.parametrize(
    "other",
    [
        make_dossier(replace(TOOL, name="Other"), TEXT),
        make_dossier(replace(TOOL, entry=Entry.PAID), TEXT),
        make_dossier(TOOL, "It runs tests. It is slow."),
        make_dossier(TOOL, TEXT, (ADDED,)),
    ],
)
def test_whatever_a_model_is_told_changes_the_digest(other: object) -> None:
    assert getattr(other, "digest", "") != make_dossier(TOOL, TEXT).digest


@given(st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8"), min_size=1))
def test_what_the_models_see_is_json_with_one_fact_a_line(description: str, fact: str) -> None:
    dossier = make_dossier(TOOL, description, (AddedFact(text=fact, source="s"),))
    whole = dossier.as_json()
    assert [one["text"] for one in json.loads(whole)["facts"]] == [one.text for one in dossier.facts]
    assert whole.count("\n") == len(dossier.facts) + 1
