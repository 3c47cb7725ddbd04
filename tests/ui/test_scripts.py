"""The page's JavaScript as it is served."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from workbench.ui import scripts

SOURCES = sorted(Path(scripts.__file__).parent.glob("*.js"))


@pytest.fixture
def client() -> TestClient:
    return TestClient(Starlette(routes=[scripts.route]))


@pytest.mark.parametrize("source", SOURCES, ids=lambda one: one.name)
def test_a_module_is_served_once_and_as_a_script(client: TestClient, source: Path) -> None:
    answer = client.get(f"{scripts.SCRIPTS_PATH}/{source.name}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.content == source.read_bytes()


@pytest.mark.parametrize("name", ["serve.py", "..%2fserve.py", "live_pane.css", ""])
def test_nothing_else_is_served(client: TestClient, name: str) -> None:
    assert client.get(f"{scripts.SCRIPTS_PATH}/{name}").status_code == 404


@pytest.mark.parametrize("source", SOURCES, ids=lambda one: one.name)
def test_a_module_writes_text_and_never_markup(source: Path) -> None:
    text = source.read_text("utf-8")
    assert re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|srcdoc|DOMParser", text) == []
    assert re.findall(r"https?://", text) == []
