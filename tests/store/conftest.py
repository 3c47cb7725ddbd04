"""A workspace in a folder of its own."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

from tests.store.samples import NOON, a_dossier, new_store
from workbench.store.workspace import SqlStore


@pytest.fixture
def store(tmp_path: Path) -> Generator[SqlStore, None, None]:
    """A workspace with one tool."""
    opened = new_store(tmp_path)
    with opened.writing() as repositories:
        repositories.tools.add(a_dossier(), NOON)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def lasting_store(tmp_path_factory: pytest.TempPathFactory) -> Generator[SqlStore, None, None]:
    """A workspace that the examples of a property share."""
    opened = new_store(tmp_path_factory.mktemp("lasting"))
    yield opened
    opened.close()
