"""A newcomer's quarter of an hour, as programs: import, draft, decide, call, export."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.shell import ANVIL, KETTLE, TOOLS, program


def test_two_tools_become_a_page(tmp_path: Path) -> None:
    imported = program(tmp_path, "import", "-", "--format", "csv", "--json", stdin=TOOLS.encode())
    assert imported.code == 0, imported.err
    drafted = program(tmp_path, "draft", "--all", "--json")
    assert drafted.code == 0, drafted.err
    chosen = [one for one in drafted.json["drafts"] if (one["provider"], one["persona"]) == ("claude", "builder")]
    assert {one["tool"] for one in chosen} == {KETTLE, ANVIL}
    for draft in chosen:
        words = ("decide", draft["tool"], "builder", "--accept", draft["id"], "--verdict", draft["verdict"])
        assert program(tmp_path, *words, "--editor", "Ada").code == 0
    assert program(tmp_path, "call", KETTLE, ANVIL, "--text", "Ship the first.").code == 0
    exported = program(tmp_path, "export", KETTLE, ANVIL, "--format", "json", "--output", "-")
    assert exported.code == 0, exported.err
    page = json.dumps(json.loads(exported.out), ensure_ascii=False)
    for draft in chosen:
        assert json.dumps(draft["quote"], ensure_ascii=False)[1:-1] in page
    assert "Ship the first." in page
    assert "Ada" in page
    rows = program(tmp_path, "tools", "--json").json["tools"]
    assert [(one["state"], one["approved"], one["verdicts"]) for one in rows] == [("undecided", 1, 1)] * 2


def test_a_newcomer_s_sample_is_drafted_by_one_command(tmp_path: Path) -> None:
    drafted = program(tmp_path, "draft", "--all", "--json", WORKBENCH_SAMPLE="true")
    assert drafted.code == 0, drafted.err
    assert len(drafted.json["drafts"]) == 16
    assert {one["state"] for one in drafted.json["drafts"]} == {"done"}
