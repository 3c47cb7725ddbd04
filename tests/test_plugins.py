"""One file, one plug-in: found by its constant, in the order of the files' names."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Generator
from itertools import count
from pathlib import Path
from types import ModuleType

import pytest

from workbench import checks, exports, intake, providers
from workbench.plugins import discover

_numbers = count()


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Path, None, None]:
    folder = tmp_path / f"plugged_{next(_numbers)}"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    yield folder
    for name in [name for name in sys.modules if name.startswith(folder.name)]:
        del sys.modules[name]


def imported(folder: Path) -> ModuleType:
    importlib.invalidate_caches()
    return importlib.import_module(folder.name)


def test_every_file_gives_its_constant_in_the_order_of_their_names(package: Path) -> None:
    for name in ("zebra", "ant", "mole"):
        (package / f"{name}.py").write_text(f"THING = {name!r}")
    assert discover(imported(package), "THING") == ["ant", "mole", "zebra"]


def test_files_with_an_underscore_are_no_plugins_and_are_not_imported(package: Path) -> None:
    (package / "_shared.py").write_text("raise RuntimeError")
    (package / "ant.py").write_text("THING = 1")
    assert discover(imported(package), "THING") == [1]


def test_a_file_without_the_constant_is_named(package: Path) -> None:
    (package / "ant.py").write_text("OTHER = 1")
    with pytest.raises(AttributeError, match=r"\.ant exposes no THING"):
        discover(imported(package), "THING")


def test_a_false_constant_is_a_constant(package: Path) -> None:
    (package / "ant.py").write_text("THING = 0")
    assert discover(imported(package), "THING") == [0]


def test_an_empty_package_has_no_plugins(package: Path) -> None:
    assert discover(imported(package), "THING") == []


@pytest.mark.parametrize(
    ("package", "constant", "attribute", "expected"),
    [
        (checks, "CHECK", "name", {"banned", "beats", "citations", "length"}),
        (exports, "EXPORTER", "name", {"csv", "html", "json", "markdown"}),
        (intake, "READER", "name", {"csv", "json", "markdown", "paste"}),
        (providers, "ADAPTER", "api", {"anthropic", "mistral"}),
    ],
)
def test_the_workbenchs_own_plugins_are_found_under_names_of_their_own(
    package: ModuleType, constant: str, attribute: str, expected: set[str]
) -> None:
    names = [getattr(one, attribute) for one in discover(package, constant)]
    assert len(set(names)) == len(names)
    assert expected <= set(names)
