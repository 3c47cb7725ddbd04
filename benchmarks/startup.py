"""Cold start: from the command to a usable page, beside `streamlit hello` in the same run.

Each round starts a new process and a new browser profile; rounds alternate, and the medians are compared.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import expect

from benchmarks.figures import Figure, report
from benchmarks.serving import chromium, free_port, running

ROUNDS = 5


def main() -> None:
    """Measure, print and write the table."""
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(ROUNDS):
        theirs.append(_hello())
        ours.append(_workbench())
    hello, bench = statistics.median(theirs), statistics.median(ours)
    report(
        "startup",
        [
            Figure(
                what="`streamlit hello`: command to usable page", value=hello, unit="s", beside=f"median of {ROUNDS}"
            ),
            Figure(
                what="`workbench`: command to usable page, sample tools listed",
                value=bench,
                unit="s",
                beside=f"{bench / hello:.2f}× `streamlit hello`",
            ),
        ],
    )


def _hello() -> float:
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "hello", "--server.port", str(port), "--server.headless", "true"]
    return _measure(command, port, "Welcome to Streamlit")


def _workbench() -> float:
    port = free_port()
    command = [sys.executable, "-m", "workbench", "app", "--port", str(port)]
    return _measure(command, port, "not drafted")


def _measure(command: list[str], port: int, text: str) -> float:
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        page = browser.new_context().new_page()
        began = time.monotonic()
        settings = {"WORKBENCH_WORKSPACE": f"{folder}/work.db", "WORKBENCH_REHEARSAL__MODE": "always"}
        with running(command, Path(folder), port, settings) as url:
            page.goto(url)
            expect(page.get_by_text(text).first).to_be_visible(timeout=60_000)
            return time.monotonic() - began
