"""The house's limits: small modules, small functions, a sentence at the top of each, nothing put off."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted((ROOT / "workbench").rglob("*.py"))
SOURCES = [*MODULES, *sorted((ROOT / "tests").rglob("*.py")), *sorted((ROOT / "benchmarks").rglob("*.py"))]
MODULE_LIMIT = 400
FUNCTION_LIMIT = 60
PUT_OFF = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME)\b")
NAMELESS = {"utils", "helpers", "common", "manager", "core", "misc"}


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_module_is_small(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MODULE_LIMIT


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_its_functions_are_small(path: Path) -> None:
    long = {
        node.name: (node.end_lineno or node.lineno) - node.lineno + 1
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: lines for name, lines in long.items() if lines > FUNCTION_LIMIT} == {}


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(tree(path))


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_nothing_is_put_off(path: Path) -> None:
    assert PUT_OFF.findall(path.read_text(encoding="utf-8")) == []


def test_no_module_is_named_after_nothing() -> None:
    assert [named(path) for path in MODULES if path.stem.strip("_") in NAMELESS] == []
