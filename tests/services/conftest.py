"""A real workspace with two tools, four lenses, a clock that stands still, and an engine that is always closed."""

from __future__ import annotations

import shutil
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.fakes import FakeClock, FakeLibrary, WilfulStore, a_dossier, a_persona, a_store, keep
from tests.services.engines import Engine


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def library() -> FakeLibrary:
    names = ("builder", "skeptic", "futurist", "business")
    return FakeLibrary(*(a_persona(name, order=order) for order, name in enumerate(names, start=1)))


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished workspace to copy: making the tables anew for every test would take most of the time."""
    folder = tmp_path_factory.mktemp("template")
    made = a_store(folder, FakeClock())
    keep(made, [a_dossier("a-tool"), a_dossier("b-tool", description="It lints. It sings.")])
    made.close()
    return folder / "workbench.db"


@pytest.fixture
def store(template: Path, tmp_path: Path, clock: FakeClock) -> Generator[WilfulStore, None, None]:
    shutil.copy(template, tmp_path / "workbench.db")
    opened = WilfulStore(a_store(tmp_path, clock))
    yield opened
    opened.close()


@pytest.fixture
def engine(store: WilfulStore, clock: FakeClock, library: FakeLibrary) -> Generator[Engine, None, None]:
    made = Engine(store=store, clock=clock, library=library)
    yield made
    store.hold.set()
    store.refusing = False
    made.drafting.close()
