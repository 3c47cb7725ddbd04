"""The house's limits: small modules, small functions, a sentence at the top of each, nothing put off."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted((ROOT / "workbench").rglob("*.py"))
SOURCES = [*MODULES, *sorted((ROOT / "tests").rglob("*.py")), *sorted((ROOT / "benchmarks").rglob("*.py"))]
MODULE_LIMIT = 390
FUNCTION_LIMIT = 48
"""What the longest have today, or hardly more; what the house wants stands below."""
WANTED_MODULE, WANTED_FUNCTION = 300, 40
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


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_its_functions_are_small(path: Path) -> None:
    assert {name: lines for name, lines in functions(path).items() if lines > FUNCTION_LIMIT} == {}


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_a_page_has_no_component_in_it_waiting_to_come_out(path: Path) -> None:
    assert lines_of(path) <= PAGE_LIMIT


def test_few_are_longer_than_the_house_wants() -> None:
    modules = [named(path) for path in MODULES if lines_of(path) > WANTED_MODULE]
    longer = [name for path in MODULES for name, lines in functions(path).items() if lines > WANTED_FUNCTION]
    assert (len(modules) <= 7, len(longer) <= 12) == (True, True), (modules, longer)


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(tree(path))


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_nothing_is_put_off(path: Path) -> None:
    assert PUT_OFF.findall(path.read_text(encoding="utf-8")) == []


def test_no_module_is_named_after_nothing() -> None:
    assert [named(path) for path in MODULES if path.stem.strip("_") in NAMELESS] == []
