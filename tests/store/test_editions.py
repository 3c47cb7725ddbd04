"""Versions of files: every save is kept, and each knows the quotes that rest on it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.dialects import sqlite

from tests.store.samples import BUILDER, NOON, a_decision, a_draft
from workbench.domain.decision import Accepted
from workbench.domain.draft import Draft
from workbench.domain.edition import Edition
from workbench.domain.ids import Digest, DraftId, PersonaId
from workbench.domain.text import digest
from workbench.errors import StoreError
from workbench.store.editions import quotes_of
from workbench.store.workspace import SqlStore


def an_edition(text: str, *, name: str = "builder", note: str = "a try") -> Edition:
    return Edition(kind="persona", name=name, digest=digest(text), text=text, editor="Ann", note=note, at=NOON)


def test_versions_come_newest_first_and_a_text_may_come_back(store: SqlStore) -> None:
    kept = [an_edition("one"), an_edition("two 😀"), an_edition("one", note="back to one")]
    with store.writing() as repositories:
        for each in kept:
            repositories.editions.add(each)
        repositories.editions.add(an_edition("other", name="skeptic"))
    with store.reading() as repositories:
        assert repositories.editions.of("persona", "builder") == kept[::-1]
        assert repositories.editions.of("prompt", "builder") == []


def test_a_version_that_was_damaged_is_not_shown_as_what_was_saved(store: SqlStore) -> None:
    with store.writing() as repositories:
        repositories.editions.add(an_edition("one"))
    with sqlite3.connect(store.path) as raw:
        raw.execute("UPDATE edition SET text = 'ones'")
    raw.close()
    with store.reading() as repositories, pytest.raises(StoreError, match="is damaged"):
        repositories.editions.of("persona", "builder")


def by_version(draft_id: str, version: str, *, take: int) -> Draft:
    draft = a_draft(draft_id, take=take)
    return replace(draft, origin=replace(draft.origin, persona_digest=Digest(version)))


def test_quotes_are_counted_by_the_version_their_draft_was_made_with(store: SqlStore) -> None:
    with store.writing() as repositories:
        repositories.drafts.add(by_version("d1", "v1", take=1))
        repositories.drafts.add(by_version("d2", "v2", take=2))
        repositories.decisions.append(a_decision(act=Accepted(draft_id=DraftId("d1"), text="A quote.", verdict="ship")))
    with store.reading() as repositories:
        assert repositories.editions.quotes(BUILDER) == {"v1": 1}
        assert repositories.editions.quotes(PersonaId("skeptic")) == {}
    again = a_decision(2, act=Accepted(draft_id=DraftId("d2"), text="Another.", verdict="ship"))
    with store.writing() as repositories:
        repositories.decisions.append(replace(again, at=NOON + timedelta(minutes=1)))
    with store.reading() as repositories:
        assert repositories.editions.quotes(BUILDER) == {"v2": 1}


def by_plan(draft_id: str, plan: str, *, take: int) -> Draft:
    draft = a_draft(draft_id, take=take)
    return replace(draft, origin=replace(draft.origin, plan_digest=Digest(plan)))


def test_quotes_are_counted_by_each_prompt_their_drafts_plan_was_made_of(store: SqlStore) -> None:
    house, ask, other = Digest("house-1"), Digest("ask-1"), Digest("ask-2")
    with store.writing() as repositories:
        repositories.drafts.add(by_plan("d1", "p1", take=1), by_plan("d2", "p2", take=2))
        for plan, prompts in (("p1", [house, ask]), ("p2", [house, other]), ("p1", [house, ask])):
            repositories.editions.used(Digest(plan), prompts)
        repositories.decisions.append(a_decision(act=Accepted(draft_id=DraftId("d1"), text="A quote.", verdict="ship")))
    with store.writing() as repositories:
        repositories.editions.used(Digest("p1"), [house, ask])  # another run of the same plan
    with store.reading() as repositories:
        assert repositories.editions.quotes_by_prompt([house, ask, other]) == {house: 1, ask: 1}
        assert repositories.editions.quotes_by_prompt([]) == {}
    again = a_decision(2, act=Accepted(draft_id=DraftId("d2"), text="Another.", verdict="ship"))
    with store.writing() as repositories:
        repositories.decisions.append(replace(again, at=NOON + timedelta(minutes=1)))
    with store.reading() as repositories:
        assert repositories.editions.quotes_by_prompt([house, ask, other]) == {house: 1, other: 1}


def test_quotes_of_a_prompt_are_found_by_indexes(store: SqlStore) -> None:
    text = quotes_of([Digest("house-1"), Digest("house-2")]).compile(
        dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}
    )
    with closing(sqlite3.connect(store.path)) as connection:
        told = "\n".join(str(row[3]) for row in connection.execute(f"EXPLAIN QUERY PLAN {text}"))
    assert "SEARCH draft USING INDEX" in told
    assert "SEARCH plan_prompt USING COVERING INDEX" in told
