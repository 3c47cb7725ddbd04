"""The pasted reference page, its eight quotes entered by hand, comes out as it went in."""

from __future__ import annotations

import json
from pathlib import Path

from tests.shared_data import SHARED, needs_shared
from workbench.bootstrap import build
from workbench.domain.ids import PersonaId
from workbench.services.deciding import Signature
from workbench.settings import RehearsalSettings, ReviewSettings, Settings


@needs_shared
def test_the_reference_page_is_pasted_decided_and_exported_line_by_line(tmp_path: Path) -> None:
    pasted = (SHARED / "seed" / "comparison-page.txt").read_text("utf-8")
    published = json.loads((SHARED / "seed" / "comparison.json").read_text("utf-8"))
    # The published page sells a tool by the token that its card calls free; here it goes out as it came in.
    settings = Settings(
        workspace=tmp_path / "work.db",
        sample=False,
        rehearsal=RehearsalSettings(mode="always"),
        review=ReviewSettings(conflicts_block=False),
    )
    bench = build(settings)
    try:
        preview = bench.importing.preview_text(pasted)
        assert [one.status for one in preview.candidates] == ["new", "new"]
        left, right = bench.importing.commit(preview)
        for tool_id, tool in zip((left, right), published["tools"], strict=True):
            for quote in tool["quotes"]:
                bench.deciding.edit(
                    tool_id,
                    PersonaId(quote["persona"]),
                    quote["quote"],
                    Signature(editor="Edith Editor"),
                    verdict=quote["verdict"],
                )
        page = bench.publishing.page(bench.publishing.comparison(left, right))
        text = bench.publishing.export(page, "text").data.decode("utf-8")
    finally:
        bench.close()
    assert (page.left.panel, page.right.panel) == (100, 75)
    added = [line for line in text.split("\n") if line.startswith("[") and line.endswith("]")]
    kept = [line for line in text.split("\n") if line not in added]
    assert kept == pasted.split("\n")
    assert len(added) >= 16  # a label and a disclosure for each quote at least
