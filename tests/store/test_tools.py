"""The tools list, its search, its counts, and dossiers that only ever follow one another."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy.dialects import sqlite

from tests.store.samples import NOON, TOOL, a_decision, a_dossier, a_draft
from workbench.domain.decision import Rejected, VerdictSet, Withdrawn
from workbench.domain.dossier import Community
from workbench.domain.events import Usage
from workbench.domain.ids import Digest, DraftId, ToolId
from workbench.errors import ConflictError, StoreError
from workbench.store.tallies import page_of_tools
from workbench.store.workspace import SqlStore


def names(store: SqlStore, search: str = "") -> list[str]:
    with store.reading() as repositories:
        found = [summary.tool.name for summary in repositories.tools.summaries(search=search)]
        assert repositories.tools.count(search=search) == len(found)
    return found


def test_the_next_revision_follows_and_the_first_stays(store: SqlStore) -> None:
    first, second = a_dossier(), a_dossier(name="A Tool 2", description="It deploys.", revision=2)
    with store.writing() as repositories:
        repositories.tools.add(second, NOON)
    with store.reading() as repositories:
        assert repositories.tools.latest(TOOL) == second
        assert repositories.tools.by_digest(TOOL, first.digest) == first
        assert repositories.tools.by_digest(TOOL, Digest("0" * 64)) is None
        assert repositories.tools.latest(ToolId("nobody")) is None
        (summary,) = repositories.tools.summaries()
    assert (summary.tool, summary.revision) == (second.tool, 2)


def test_a_digest_shared_by_two_revisions_gives_the_newer_votes(store: SqlStore) -> None:
    first = a_dossier()
    second = replace(first, revision=2, tool=replace(first.tool, community=Community(ships=9, votes=10)))
    assert first.digest == second.digest
    with store.writing() as repositories:
        repositories.tools.add(second, NOON)
    with store.reading() as repositories:
        assert repositories.tools.by_digest(TOOL, first.digest) == second


def test_a_revision_that_exists_is_refused_and_the_stored_one_stays(store: SqlStore) -> None:
    with pytest.raises(ConflictError, match="Revision 1 of the dossier of A Tool"), store.writing() as repositories:
        repositories.tools.add(a_dossier(description="Something else."), NOON)
    with store.reading() as repositories:
        assert repositories.tools.latest(TOOL) == a_dossier()


def test_search_looks_into_name_vendor_and_category_whatever_the_case(store: SqlStore) -> None:
    with store.writing() as repositories:
        repositories.tools.add(a_dossier("b", name="Überbau 100%", vendor="Straße_GmbH"), NOON)
    assert names(store, "ÜBER") == ["Überbau 100%"]
    assert names(store, "STRASSE_") == ["Überbau 100%"]
    assert names(store, "100%") == ["Überbau 100%"]
    assert names(store, "  acme ") == ["A Tool"]
    assert sorted(names(store, "builds")) == ["A Tool", "Überbau 100%"]
    assert names(store, "_") == ["Überbau 100%"]
    assert names(store, "tool acme") == []


def test_whoever_changed_last_leads_the_list(store: SqlStore) -> None:
    with store.writing() as repositories:
        repositories.tools.add(a_dossier("b", name="B Tool"), NOON + timedelta(hours=1))
    assert names(store) == ["B Tool", "A Tool"]
    late = a_draft()
    with store.writing() as repositories:
        repositories.drafts.add(
            replace(late, origin=replace(late.origin, created_at=NOON + timedelta(hours=2))),
        )
    assert names(store) == ["A Tool", "B Tool"]
    with store.writing() as repositories:
        repositories.decisions.append(a_decision())
    assert names(store) == ["A Tool", "B Tool"]


def test_a_summary_counts_drafts_live_ones_quotes_and_verdicts(store: SqlStore) -> None:
    usage = Usage(input_tokens=10)
    with store.writing() as repositories:
        repositories.tools.add(a_dossier("untouched", name="Untouched"), NOON - timedelta(days=1))
        repositories.drafts.add(a_draft("1"))
        repositories.drafts.add(replace(a_draft("2", take=2), state="done", usage=usage, cost=Decimal("0.10")))
        repositories.drafts.add(replace(a_draft("3", take=3), state="failed", usage=usage, cost=Decimal("0.20")))
        repositories.decisions.append(a_decision(persona="builder"))
        repositories.decisions.append(a_decision(persona="skeptic", act=VerdictSet(verdict="skip")))
        repositories.decisions.append(a_decision(persona="business"))
        repositories.decisions.append(a_decision(2, persona="business", act=Withdrawn()))
    with store.reading() as repositories:
        summary, untouched = repositories.tools.summaries()
    assert (summary.drafts, summary.live, summary.approved, summary.verdicts) == (3, 1, 1, 3)
    assert (untouched.drafts, untouched.live, untouched.approved, untouched.verdicts) == (0, 0, 0, 0)


def test_a_rejected_quote_is_no_longer_approved(store: SqlStore) -> None:
    with store.writing() as repositories:
        repositories.decisions.append(a_decision())
        repositories.decisions.append(a_decision(2, act=Rejected(draft_id=DraftId("draft-1"), reason="off_voice")))
    with store.reading() as repositories:
        (summary,) = repositories.tools.summaries()
    assert (summary.approved, summary.verdicts) == (0, 1)


def test_a_dossier_is_never_rewritten_in_place(store: SqlStore) -> None:
    with closing(sqlite3.connect(store.path)) as connection:
        for statement in ("UPDATE dossier SET body = ''", "DELETE FROM dossier"):
            with pytest.raises(sqlite3.IntegrityError, match="never changed"):
                connection.execute(statement)


def test_a_damaged_dossier_is_named(store: SqlStore) -> None:
    with closing(sqlite3.connect(store.path)) as connection:
        connection.execute("DROP TRIGGER dossier_no_update")
        connection.execute("UPDATE dossier SET body = replace(body, 'builds', 'breaks')")
        connection.commit()
    with pytest.raises(StoreError, match="Revision 1 of the dossier of a-tool is damaged"), store.reading() as found:
        found.tools.latest(TOOL)


MANY = """
WITH RECURSIVE numbers (number) AS (SELECT 0 UNION ALL SELECT number + 1 FROM numbers WHERE number < 9999)
INSERT INTO tool (id, name, vendor, category, tagline, url, search, revision, changed_at)
SELECT printf('tool-%05d', number), printf('Tool %05d', number), vendor, category, tagline, url,
       printf('tool %05d', number), 1, datetime('2026-11-23', printf('+%d seconds', number)) || '.000000'
FROM numbers, tool WHERE tool.id = 'a-tool'
"""


def test_ten_thousand_tools_are_paged_along_the_index(store: SqlStore) -> None:
    with closing(sqlite3.connect(store.path)) as connection:
        connection.execute(MANY)
        connection.commit()
    with store.writing() as repositories:
        repositories.drafts.add(a_draft("1", tool_id="tool-09998"))
    with store.reading() as repositories:
        first, second = repositories.tools.summaries(limit=2)
        assert (first.tool.name, second.tool.name, second.drafts) == ("Tool 09999", "Tool 09998", 1)
        (last,) = repositories.tools.summaries(offset=10_000)
        assert last.tool.name == "A Tool"
        assert repositories.tools.count() == 10_001
        assert repositories.tools.count(search="tool 0123") == 10
        assert len(repositories.tools.summaries(limit=100_000)) == 10_001
    with closing(sqlite3.connect(store.path)) as connection:
        for search in ("", "0123"):
            statement = page_of_tools(search, 100, 50).compile(
                dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}
            )
            plan = " ".join(str(row[3]) for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}"))
            assert "ix_tool_changed_at_id" in plan
            assert "TEMP B-TREE" not in plan
