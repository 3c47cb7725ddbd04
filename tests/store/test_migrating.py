"""Migrations: they make what the models say, in one piece or not at all, and never without a backup."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, event

from tests.store.samples import NOON, TOOL, a_dossier, a_draft, at_noon
from workbench.domain.decision import Accepted, Act, Decision, Edited, Rejected, Undone, VerdictSet, Withdrawn, cell_of
from workbench.domain.events import Usage
from workbench.domain.ids import DraftId, PersonaId
from workbench.domain.text import digest
from workbench.errors import WorkspaceError
from workbench.store import codec
from workbench.store.backups import KEPT, back_up, backups
from workbench.store.connecting import connect
from workbench.store.opening import prepare
from workbench.store.schema import OURS, Schema, migrate, revision_of
from workbench.store.workspace import TABLES, SqlStore, open_store

STEPS = (
    "ALTER TABLE tool ADD COLUMN colour TEXT",
    "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL)",
    "UPDATE tool SET colour = 'green'",
    "CREATE INDEX ix_note_text ON note (text)",
)


NEXT = f"{int(OURS.head) + 1:04d}"


def next_schema(folder: Path, *, steps: tuple[str, ...] = STEPS) -> Schema:
    """Our migrations and one more."""
    migrations = folder / "next 100% migrations"
    shutil.copytree(OURS.migrations, migrations, ignore=shutil.ignore_patterns("__pycache__"))
    lines = "\n".join(f"    op.execute({step!r})" for step in steps)
    (migrations / "versions" / f"{NEXT}_colours.py").write_text(
        f'from alembic import op\nrevision = "{NEXT}"\ndown_revision = "{OURS.head}"\n\n\ndef upgrade():\n{lines}\n'
    )
    return Schema(migrations=migrations, head=NEXT)


def layout(path: Path) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY name").fetchall()


def test_the_migrations_make_exactly_what_the_models_say(store: SqlStore) -> None:
    with store._engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, TABLES) == []


def test_our_head_is_the_newest_migration_and_every_revision_is_a_number() -> None:
    config = Config()
    config.set_main_option("script_location", str(OURS.migrations))
    scripts = ScriptDirectory.from_config(config)
    revisions = [script.revision for script in scripts.walk_revisions()]
    assert scripts.get_heads() == [OURS.head]
    assert revisions == sorted(revisions, reverse=True)
    assert all(revision.isdecimal() for revision in revisions)


def test_an_older_workspace_is_backed_up_then_migrated_and_keeps_its_content(store: SqlStore, tmp_path: Path) -> None:
    store.close()
    prepare(store.path, create=False, now=at_noon, schema=next_schema(tmp_path))
    assert revision_of(store.path) == NEXT
    with closing(sqlite3.connect(store.path)) as connection:
        assert connection.execute("SELECT name, colour FROM tool").fetchall() == [("A Tool", "green")]
    (backup,) = backups(store.path)
    assert backup.name == f"workbench-{OURS.head}-20261122T120000000000Z.db"
    assert revision_of(backup) == OURS.head


def test_a_workspace_of_the_first_schema_opens_with_its_drafts(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    prepare(path, create=True, now=at_noon, schema=Schema(migrations=OURS.migrations, head="0001"))
    draft = replace(a_draft(), state="done", text="{}", usage=Usage(input_tokens=7), cost=Decimal("0.5"))
    known = {
        **{
            name: getattr(draft.origin, name) for name in ("id", "run_id", "tool_id", "persona_id", "provider", "model")
        },
        **{name: getattr(draft.origin, name) for name in ("dossier_digest", "persona_digest", "plan_digest")},
        "take": 1,
        "rehearsal": 1,
        "created_at": "2026-11-22 12:00:00.000000",
        "owner": "gone",
        "state": "done",
        "input_tokens": 7,
        "cost": "0.5",
        "model_reported": "",
        "request_id": "",
        "detail": "",
        "text": "{}",
        "text_sha256": digest("{}"),
    }
    with closing(sqlite3.connect(path)) as connection:
        values = ["a-tool", *["x"] * 4, "", "", 1, "2026-11-22 12:00:00.000000"]
        columns = "id, name, vendor, category, tagline, url, search, revision, changed_at"
        connection.execute(f"INSERT INTO tool ({columns}) VALUES ({', '.join('?' * 9)})", values)
        marks = ", ".join("?" * len(known))
        connection.execute(f"INSERT INTO draft ({', '.join(known)}) VALUES ({marks})", list(known.values()))
        connection.commit()
    opened = open_store(path, create=False, now=at_noon)
    with opened.reading() as repositories:
        assert repositories.drafts.of_tool(TOOL) == [draft]
        assert [one.cost for one in repositories.drafts.charges(since=NOON)] == [Decimal("0.5")]
    opened.close()


def test_cells_decided_before_the_draft_room_know_their_drafts(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    prepare(path, create=True, now=at_noon, schema=Schema(migrations=OURS.migrations, head="0002"))
    one, two = DraftId("d1"), DraftId("d2")
    logs: dict[str, list[Act]] = {
        "builder": [Accepted(draft_id=one, text="A."), Rejected(draft_id=two, reason="generic")],
        "skeptic": [Rejected(draft_id=one, reason="generic"), Edited(text="B.", draft_id=one)],
        "futurist": [Accepted(draft_id=one, text="A."), Rejected(draft_id=one, reason="other"), Undone(to=1)],
        "business": [Accepted(draft_id=one, text="A."), Withdrawn(), VerdictSet(verdict="ship")],
    }
    folded = {
        persona: cell_of(TOOL, PersonaId(persona), [a_decision(act, number) for number, act in enumerate(log, start=1)])
        for persona, log in logs.items()
    }
    with closing(sqlite3.connect(path)) as connection:
        values = [TOOL, *["x"] * 4, "", "", 1, "2026-11-22 12:00:00.000000"]
        columns = "id, name, vendor, category, tagline, url, search, revision, changed_at"
        connection.execute(f"INSERT INTO tool ({columns}) VALUES ({', '.join('?' * 9)})", values)
        for persona, log in logs.items():
            cell = folded[persona]
            connection.execute(
                "INSERT INTO cell (tool_id, persona_id, version, approved, verdict) VALUES (?, ?, ?, ?, ?)",
                [TOOL, persona, cell.version, cell.approved, cell.verdict],
            )
            for number, act in enumerate(log, start=1):
                text = codec.encode(codec.ACT, act, "The act")
                connection.execute(
                    "INSERT INTO decision (tool_id, persona_id, number, editor, at, act, act_sha256) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?)",
                    [TOOL, persona, number, "Ed", "2026-11-22 12:00:00.000000", text, digest(text)],
                )
        connection.commit()
    open_store(path, create=False, now=at_noon).close()
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT persona_id, draft_id, rejected FROM cell").fetchall()
    assert {persona: (draft_id, set(rejected.split())) for persona, draft_id, rejected in rows} == {
        persona: (cell.draft_id, set(cell.rejected)) for persona, cell in folded.items()
    }


def test_quotes_approved_before_they_were_an_archive_are_in_it(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    prepare(path, create=True, now=at_noon, schema=Schema(migrations=OURS.migrations, head="0003"))
    one, two = DraftId("d1"), DraftId("d2")
    logs: dict[str, list[Act]] = {
        "accepted": [
            Accepted(draft_id=one, text="A."),
            VerdictSet(verdict="ship"),
            Rejected(draft_id=two, reason="other"),
        ],
        "edited": [Accepted(draft_id=one, text="A."), Edited(text="B.", draft_id=two), Undone(to=1), Edited(text="C.")],
        "undone": [Edited(text="A."), Withdrawn(), Undone(to=1)],
        "rejected": [Edited(text="A.", draft_id=one), Rejected(draft_id=one, reason="other")],
        "withdrawn": [Edited(text="A."), Withdrawn()],
    }
    folded = {
        persona: cell_of(TOOL, PersonaId(persona), [a_decision(act, number) for number, act in enumerate(log, start=1)])
        for persona, log in logs.items()
    }
    body = codec.encode(codec.DOSSIER, a_dossier(), "It")
    with closing(sqlite3.connect(path)) as connection:
        _insert(connection, "tool", {**dict.fromkeys(("name", "vendor", "category", "tagline"), "x"), "id": TOOL})
        _insert(connection, "dossier", {"tool_id": TOOL, "digest": "d", "body": body, "body_sha256": digest(body)})
        for persona, log in logs.items():
            row = {"tool_id": TOOL, "persona_id": persona, "version": len(log), "approved": folded[persona].approved}
            _insert(connection, "cell", {**row, "changed_at": "2026-11-22 12:00:00.000000"})
            for number, act in enumerate(log, start=1):
                text = codec.encode(codec.ACT, act, "The act")
                decision = {"tool_id": TOOL, "persona_id": persona, "number": number, "editor": "Ed"}
                _insert(connection, "decision", {**decision, "act": text, "act_sha256": digest(text)})
        connection.commit()
    opened = open_store(path, create=False, now=at_noon)
    with opened.reading() as repositories:
        for persona, cell in folded.items():
            found = repositories.decisions.quoted(PersonaId(persona), limit=9)
            assert found == ([(TOOL, cell.quoted)] if cell.approved else [])
            for tool, number in found:
                assert repositories.decisions.text(tool, PersonaId(persona), number) == cell.text
        assert repositories.tools.latest(TOOL) == a_dossier()
        assert [(one.number, one.editor) for one in repositories.tools.revisions(TOOL)] == [(1, "")]
    opened.close()


def _insert(connection: sqlite3.Connection, table: str, values: dict[str, Any]) -> None:
    """A row as an older version wrote it; what is not said is empty, 1 or noon."""
    known = connection.execute(f"PRAGMA table_info({table})").fetchall()
    usual = {"TEXT": "", "INTEGER": 1, "DATETIME": "2026-11-22 12:00:00.000000", "BOOLEAN": 0}
    needed = {name: usual[kind] for _, name, kind, required, default, key in known if (required or key) and not default}
    needed.pop("seq", None)
    row = {**needed, **values}
    marks = ", ".join("?" * len(row))
    connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", list(row.values()))


def a_decision(act: Act, number: int) -> Decision:
    return Decision(tool_id=TOOL, persona_id=PersonaId("any"), number=number, editor="Ed", at=NOON, act=act)


@pytest.mark.parametrize("broken_at", range(len(STEPS) + 1))
def test_a_migration_that_breaks_at_any_step_leaves_the_workspace_as_it_was(
    store: SqlStore, tmp_path: Path, broken_at: int
) -> None:
    store.close()
    before = layout(store.path)
    steps = (*STEPS[:broken_at], "UPDATE no_such_table SET colour = 'red'", *STEPS[broken_at:])
    with pytest.raises(WorkspaceError, match=f"from schema {OURS.head} to {NEXT}") as caught:
        prepare(store.path, create=False, now=at_noon, schema=next_schema(tmp_path, steps=steps))
    assert str(backups(store.path)[0]) in caught.value.remedy
    assert layout(store.path) == before
    again = open_store(store.path, create=False, now=at_noon)
    with again.reading() as repositories:
        assert repositories.tools.latest(a_dossier().tool.id) == a_dossier()
    again.close()


def test_a_migration_whose_rows_point_nowhere_is_taken_back(store: SqlStore, tmp_path: Path) -> None:
    store.close()
    steps = (
        "CREATE TABLE note (tool_id TEXT REFERENCES tool (id) DEFERRABLE INITIALLY DEFERRED)",
        "PRAGMA defer_foreign_keys = ON",
        "INSERT INTO note VALUES ('nobody')",
    )
    with pytest.raises(WorkspaceError, match="would point nowhere"):
        prepare(store.path, create=False, now=at_noon, schema=next_schema(tmp_path, steps=steps))
    assert revision_of(store.path) == OURS.head


class _CutError(Exception):
    pass


def _migrate_up_to_statement(path: Path, allowed: int) -> int:
    """How many statements ran before the cut; the migration is whole when that is fewer than `allowed`."""
    engine = connect(path)
    ran = 0

    def count(_connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        nonlocal ran
        if statement.lstrip().startswith(("CREATE", "INSERT", "UPDATE", "PRAGMA application_id")):
            ran += 1
            if ran > allowed:
                raise _CutError

    event.listen(engine, "before_cursor_execute", count)
    try:
        migrate(engine, OURS)
    except _CutError:
        ran -= 1
    finally:
        engine.dispose()
    return ran


def test_the_first_migration_cut_at_any_statement_leaves_no_table(tmp_path: Path) -> None:
    whole = _migrate_up_to_statement(tmp_path / "whole.db", 1_000)
    assert whole > 10
    for allowed in range(whole):
        path = tmp_path / f"cut-{allowed}.db"
        assert _migrate_up_to_statement(path, allowed) == allowed
        assert layout(path) == []


def test_only_the_newest_backups_are_kept_and_other_workspaces_are_left_alone(store: SqlStore) -> None:
    other = store.path.with_name("workbench-2.db")
    shutil.copy(store.path, other)
    kept = back_up(other, "0001", NOON)
    made = [back_up(store.path, "0001", NOON + timedelta(hours=hour)) for hour in range(KEPT + 3)]
    assert backups(store.path) == list(reversed(made[-KEPT:]))
    assert backups(other) == [kept]


def test_a_backup_made_while_somebody_writes_is_whole(store: SqlStore) -> None:
    with store.writing() as repositories:
        repositories.tools.add(a_dossier("unfinished"), NOON)
        backup = back_up(store.path, "0001", NOON)
    with closing(sqlite3.connect(backup)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT id FROM tool").fetchall() == [("a-tool",)]
    assert [path.name for path in backup.parent.iterdir()] == [backup.name]
