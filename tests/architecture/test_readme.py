"""Everything one can name on the command line is in the README."""

from __future__ import annotations

from pathlib import Path

import pytest

import workbench.checks
import workbench.exports
import workbench.intake
from workbench.plugins import discover

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
NAMES = {
    "persona": [path.stem for path in sorted((ROOT / "personas").glob("*.md"))],
    "export": [one.name for one in discover(workbench.exports, "EXPORTER")],
    "check": [one.name for one in discover(workbench.checks, "CHECK")],
    "reader": [one.name for one in discover(workbench.intake, "READER")],
}


@pytest.mark.parametrize("kind", NAMES)
def test_the_readme_names_everything_one_can_ask_for(kind: str) -> None:
    assert NAMES[kind]
    assert [name for name in NAMES[kind] if f"`{name}`" not in README] == []
