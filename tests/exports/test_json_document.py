from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, cast

import pytest
from hypothesis import given

from tests.exports import hostile, pages
from workbench.domain.comparison import REHEARSAL_NOTICE, Page
from workbench.domain.ids import DraftId
from workbench.domain.scorecard import Source
from workbench.exports.json_document import EXPORTER


def reread(page: Page) -> dict[str, Any]:
    return cast("dict[str, Any]", json.loads(EXPORTER.render(page)))


@pytest.mark.parametrize(
    "page",
    [
        pages.full_page(),
        pages.full_page(provenance=pages.BY_HAND),
        pages.full_page(provenance=pages.REHEARSED),
        pages.empty_page(),
    ],
    ids=["drafted", "by hand", "rehearsed", "empty"],
)
def test_the_document_follows_the_schema_it_travels_with(page: Page) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    whole = reread(page)
    jsonschema.Draft202012Validator.check_schema(whole["schema"])
    found = list(jsonschema.Draft202012Validator(whole["schema"]).iter_errors(whole["document"]))
    assert found == []


def test_the_schema_refuses_a_document_that_lost_a_quote_s_editor() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    whole = reread(pages.full_page())
    del whole["document"]["quotes"][0]["human"]["editor"]
    assert not jsonschema.Draft202012Validator(whole["schema"]).is_valid(whole["document"])


@hostile.unhurried
@given(name=hostile.lines, tagline=hostile.lines, text=hostile.prose)
def test_text_comes_back_as_it_was(name: str, tagline: str, text: str) -> None:
    told = pages.tool(name, tagline=tagline)
    page = pages.page(pages.card(told, pages.quote(text)), pages.card(pages.BARE), call=text)
    document = reread(page)["document"]
    first = document["tools"][0]
    assert (first["name"], first["tagline"], document["quotes"][0]["text"]) == (name, tagline, text)
    assert document["title"] == f"{name} vs Bare"


def test_keys_are_sorted_and_text_is_readable() -> None:
    made = EXPORTER.render(pages.full_page()).decode("utf-8")
    assert made == json.dumps(json.loads(made), ensure_ascii=False, sort_keys=True, indent=2) + "\n"


def test_a_quote_carries_where_it_comes_from() -> None:
    (first, *_) = reread(pages.full_page())["document"]["quotes"]
    assert first["generation"] == {
        "draft": "draft00000000001",
        "model": "claude-example-1",
        "note": None,
        "provider": "claude",
        "rehearsal": None,
        "take": 1,
    }
    assert first["human"] == {
        "decided_at": "2026-11-23T09:30:00+00:00",
        "decision": "edited",
        "editor": "Ada Example",
        "kept_of_draft": 0.8,
        "masked": False,
        "seconded_by": None,
    }
    assert first["persona"]["kind"] == "AI lens"
    assert first["remarks"] == {"kept": [], "open": 0, "reworded": 0, "sourced": 0}
    assert first["dossier"] == {"older": False, "sha256": "d" * 64}
    assert first["disclosure"]["text"].startswith("Drafted with claude-example-1")


def test_a_quote_names_the_note_its_draft_answers() -> None:
    noted = pages.full_page(provenance=replace(pages.DRAFTED, take=2, note="More concrete on “price”."))
    assert reread(noted)["document"]["quotes"][0]["generation"]["note"] == "More concrete on “price”."


def test_each_sentence_says_whether_it_was_rehearsed() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    taken = [Source(text=f"{n}.", draft_id=DraftId(f"d-{n}"), model="m", rehearsal=bool(n)) for n in range(2)]
    mixed = pages.full_page(provenance=replace(pages.REHEARSED, sources=(*taken, Source(text="Own.", source="pasted"))))
    whole = reread(mixed)
    drafts = [one["draft"] for one in whole["document"]["quotes"][0]["sources"]]
    assert [draft and draft["rehearsal"] for draft in drafts] == [None, REHEARSAL_NOTICE, None]
    assert whole["document"]["quotes"][0]["sources"][-1]["source"] == "pasted"
    assert jsonschema.Draft202012Validator(whole["schema"]).is_valid(whole["document"])


def test_decisions_are_told_apart() -> None:
    def decision(page: Page) -> str:
        return str(reread(page)["document"]["quotes"][0]["human"]["decision"])

    assert decision(pages.full_page(provenance=pages.BY_HAND)) == "written"
    assert decision(pages.full_page(provenance=replace(pages.DRAFTED, edited=False))) == "accepted"
    assert decision(pages.full_page()) == "edited"


def test_figures_are_numbers_or_null_never_zero_for_nothing() -> None:
    left, right = reread(pages.full_page())["document"]["tools"]
    assert (left["panel_ship_percent"], right["panel_ship_percent"]) == (100, 67)
    assert right["reviewer_split"] == {"ship": 2, "skip": 1}
    assert left["community"] == {"ships": 70, "ship_percent": 62, "votes": 113}
    bare = reread(pages.empty_page())["document"]["tools"][0]
    assert (bare["panel_ship_percent"], bare["community"], bare["entry"]) == (None, None, None)
