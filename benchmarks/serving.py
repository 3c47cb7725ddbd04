"""Starts real servers and a real Chromium for the benchmarks."""

from __future__ import annotations

import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks.figures import table
from tests.chromium import CHROMIUM

__all__ = ["ROOT", "chromium", "free_port", "running", "table", "wait_for"]

ROOT = Path(__file__).resolve().parents[1]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@contextmanager
def running(
    command: list[str], folder: Path, port: int, settings: Mapping[str, str], *, beside: Path | None = None
) -> Iterator[str]:
    """A server under `command` until the block ends; its address once it answers.

    `folder` is its home and holds its log; `beside` is where it runs, when that is another place.
    """
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("WORKBENCH", "ANTHROPIC", "MISTRAL"))}
    with (folder / "server.log").open("ab") as log:
        process = subprocess.Popen(
            command, cwd=beside or folder, env={**kept, "HOME": str(folder), **settings}, stdout=log, stderr=log
        )
    try:
        url = f"http://127.0.0.1:{port}"
        wait_for(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(20)


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    """Return when the server's health route answers; raise when it died instead."""
    while True:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=1) as answer:
                if answer.read() == b"ok":
                    return
        except OSError:
            time.sleep(0.01)
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()
