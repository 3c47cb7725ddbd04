"""From the click on *Draft* to the first visible token in Chromium, against the server's own time to first token.

The rehearsal server runs in a process of its own and takes 0.3 s to its first token. Each round is a tool that was
never drafted: a click in the room, then a bare request for the same plan over httpx2, so that both meet the same
machine. The page's own clock runs from the click's event to the frame in which a pane shows a letter.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import httpx2
from playwright.sync_api import Browser

from benchmarks.figures import Figure, report
from benchmarks.rehearsing import CLAUDE, CODESTRAL, configs, lantern, plan, rehearsal
from benchmarks.serving import chromium, free_port, running
from workbench.bootstrap import build
from workbench.domain.ids import ToolId
from workbench.domain.submission import Submission
from workbench.ports import ProviderConfig
from workbench.providers import claude
from workbench.settings import load

FIRST_TOKEN = 0.3
TOKENS_PER_SECOND = 80
ROUNDS = int(os.environ.get("BENCHMARK_ROUNDS", "9"))
WATCH = """() => {
  const visible = () => [...document.querySelectorAll("[class*='st-key-pane-'] *")].some(
    (one) => /[A-Za-z]/.test(one.shadowRoot?.querySelector('.prose')?.textContent || ''));
  window.shown = new Promise((done) => document.addEventListener('click', (event) => {
    const look = (now) => visible() ? done(now - event.timeStamp) : requestAnimationFrame(look);
    requestAnimationFrame(look);
  }, {capture: true, once: true}));
}"""


def main() -> None:
    """Measure, print and write the table."""
    clicks: list[float] = []
    bare: list[float] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(rehearsal(first_token=FIRST_TOKEN, tokens_per_second=TOKENS_PER_SECOND))
        tools = _undrafted(folder / "work.db", ROUNDS + 1)
        port = free_port()
        command = [sys.executable, "-m", "workbench", "app", "--port", str(port)]
        app = stack.enter_context(running(command, folder, port, _settings(folder, url)))
        browser = stack.enter_context(chromium())
        config, _ = configs(url)
        for number, tool in enumerate(tools):
            taken = _clicked(browser, f"{app}/room?tool={tool}")
            own = _own_first_token(config, number)
            if number:  # the first round loads the SDKs and opens the connections
                clicks.append(taken)
                bare.append(own)
    click, first = statistics.median(clicks), statistics.median(bare)
    report(
        "draft-click",
        [
            Figure(
                what="click on *Draft* to the first visible token",
                value=click,
                unit="ms",
                beside=f"the server’s own first token {first:.0f} ms: {click - first:+.0f} ms; medians of {ROUNDS}",
            )
        ],
    )


def _undrafted(path: Path, count: int) -> list[ToolId]:
    bench = build(load(workspace=path, sample=False, rehearsal={"mode": "always"}))
    try:
        told = [lantern(number) for number in range(count)]
        forms = [Submission(name=one.tool.name, description=one.description) for one in told]
        return list(bench.importing.commit(bench.importing.preview_form(*forms)))
    finally:
        bench.close()


def _settings(folder: Path, url: str) -> dict[str, str]:
    drafting = {"api": "anthropic", "model": CLAUDE, "mode": "schema", "thinking": "between_tools", "base_url": url}
    beside = {"api": "mistral", "model": CODESTRAL, "base_url": url}
    return {
        "WORKBENCH_WORKSPACE": str(folder / "work.db"),
        "WORKBENCH_PROVIDERS": json.dumps({"claude": drafting, "codestral": beside}),
        "WORKBENCH_REHEARSAL__MODE": "never",
        # A masked cell waits until both of its drafts have come as far.
        "WORKBENCH_REVIEW__MASKED": "false",
    }


def _clicked(browser: Browser, address: str) -> float:
    """Milliseconds from the click to a letter in some pane."""
    page = browser.new_context(viewport={"width": 1400, "height": 1000}).new_page()
    page.goto(address)
    button = page.get_by_role("button", name="Draft all 8")
    button.wait_for(timeout=60_000)
    page.evaluate(WATCH)
    button.click()
    taken = float(page.evaluate("window.shown"))
    page.get_by_role("button", name="Stop").first.wait_for(timeout=60_000)
    page.wait_for_function("() => !document.querySelector('[class*=st-key-stop-]')", timeout=120_000)
    page.context.close()
    return taken


def _own_first_token(config: ProviderConfig, number: int) -> float:
    """Milliseconds until the server sends text, over a connection that is open already."""
    body = {**claude.request_body(plan(60, number), config, "schema"), "stream": True}
    headers = {"x-api-key": "bare", "anthropic-version": "2023-06-01"}
    with httpx2.Client(base_url=config.base_url, headers=headers, timeout=60) as client:
        client.get("/v1/models")
        began, first = time.perf_counter(), 0.0
        with client.stream("POST", "/v1/messages", json=body) as answer:
            for line in answer.iter_lines():
                if not first and line.startswith("data:") and "content_block_delta" in line:
                    first = time.perf_counter() - began
        return 1000 * first
