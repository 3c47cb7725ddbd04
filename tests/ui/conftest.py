"""One real server and one real Chromium for all browser tests; a fresh context for each."""

from __future__ import annotations

import os
import socket
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.chromium import needed
from tests.ui import forking

ROOT = Path(__file__).resolve().parents[2]
expect.set_options(timeout=20_000)  # machines are shared and noisy: a wait costs nothing when all is well
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass
class App:
    """A running app: its address, workspace and log."""

    url: str
    workspace: Path
    log: Path
    process: ForkServerProcess

    @property
    def environment(self) -> dict[str, str]:
        return {"WORKBENCH_WORKSPACE": str(self.workspace)}


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def child_environment(folder: Path, **changes: str) -> dict[str, str]:
    """An environment without keys, with a home of its own and rehearsal at a brisk pace."""
    kept = {
        key: value for key, value in os.environ.items() if not key.startswith(("ANTHROPIC", "MISTRAL", "WORKBENCH"))
    }
    return {
        **kept,
        "HOME": str(folder),
        "WORKBENCH_SAMPLE": "false",
        "WORKBENCH_REHEARSAL__MODE": "always",
        "WORKBENCH_REHEARSAL__FIRST_TOKEN": "0.2",
        "WORKBENCH_REHEARSAL__TOKENS_PER_SECOND": "45",
        "WORKBENCH_EDITOR": "Edith Editor",
        "WORKBENCH_REVIEW__MASKED": "false",  # tests that are not about masks name providers
        **changes,
    }


def start(folder: Path, workspace: Path, **changes: str) -> App:
    """Start the app as a person would, and wait until it answers."""
    port, log = free_port(), folder / "server.log"
    process = forking.workbench(
        *("--workspace", str(workspace), "app", "--port", str(port)),
        folder=folder,
        environment=child_environment(folder, **changes),
        log=log,
    )
    url = f"http://127.0.0.1:{port}"
    for _ in range(600):
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=1) as answer:
                if answer.read() == b"ok":
                    return App(url, workspace, log, process)
        except OSError:
            time.sleep(0.05)
        if not process.is_alive():
            break
    process.kill()
    raise AssertionError(log.read_text())


def stop(app: App) -> None:
    app.process.terminate()
    app.process.join(60)
    assert app.process.exitcode is not None
    assert "Traceback" not in app.log.read_text()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = needed()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, headless=True, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """A fresh app over an empty workspace, at a pace that leaves a slow machine time to stop a draft."""
    running = start(tmp_path, tmp_path / "work.db", WORKBENCH_REHEARSAL__TOKENS_PER_SECOND="35")
    yield running
    stop(running)


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[[str], Page]]:
    """Open an address in a fresh context; a script error on any page fails the test."""
    errors: list[str] = []
    contexts = []

    def opened(url: str) -> Page:
        context = browser.new_context(viewport={"width": 1400, "height": 1000}, accept_downloads=True)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(url)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not errors
