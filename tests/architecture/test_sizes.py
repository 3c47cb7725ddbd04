"""The house's limits: small modules, small functions, a sentence at the top of each, nothing put off."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted((ROOT / "workbench").rglob("*.py"))
SOURCES = [*MODULES, *sorted((ROOT / "tests").rglob("*.py")), *sorted((ROOT / "benchmarks").rglob("*.py"))]
MODULE_LIMIT = 300
FUNCTION_LIMIT = 40
HISTORY = ROOT / "workbench" / "store" / "migrations" / "versions"
"""What a migration did is never edited: its functions stay as long as they were."""
PAGES = sorted((ROOT / "workbench" / "ui" / "pages").glob("*.py"))
PAGE_LIMIT = 180
PUT_OFF = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME)\b")
NAMELESS = {"utils", "helpers", "common", "manager", "core", "misc"}


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def functions(path: Path) -> dict[str, int]:
    """The lines of each function, by name."""
    return {
        node.name: (node.end_lineno or node.lineno) - node.lineno + 1
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_module_is_small(path: Path) -> None:
    assert lines_of(path) <= MODULE_LIMIT


@pytest.mark.parametrize("path", [path for path in MODULES if path.parent != HISTORY], ids=named)
def test_its_functions_are_small(path: Path) -> None:
    assert {name: lines for name, lines in functions(path).items() if lines > FUNCTION_LIMIT} == {}


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_a_page_has_no_component_in_it_waiting_to_come_out(path: Path) -> None:
    assert lines_of(path) <= PAGE_LIMIT


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(tree(path))


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_nothing_is_put_off(path: Path) -> None:
    assert PUT_OFF.findall(path.read_text(encoding="utf-8")) == []


def test_no_module_is_named_after_nothing() -> None:
    assert [named(path) for path in MODULES if path.stem.strip("_") in NAMELESS] == []
