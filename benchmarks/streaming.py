"""Streaming: click to first visible token, and event to pixels with eight streams at 80 tokens/s.

The server stamps every change of a draft as it is published; the page stamps every change of its text nodes.
Both clocks are this machine's. "Pixels" means the DOM changed: Chromium paints within a frame of that.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page

from benchmarks.figures import Figure, report
from benchmarks.serving import ROOT, chromium, free_port, running

FIRST_TOKEN = 0.5
TOKENS_PER_SECOND = 80
ROUNDS = 3
LIMIT = 60.0
"""Milliseconds from event to pixels for 95 of 100 events."""

OBSERVE = """() => {
  window.changes = [];
  window.found = 0;
  const watched = new WeakSet();
  const note = (pane, host) => {
    const size = [...pane.querySelectorAll('.prose')].reduce((sum, one) => sum + one.textContent.length, 0);
    window.changes.push([pane.getAttribute('aria-label'), size, performance.timeOrigin + performance.now()]);
  };
  const look = (root) => {
    for (const node of root.querySelectorAll('*')) {
      if (!node.shadowRoot) continue;
      const pane = node.shadowRoot.querySelector('.pane');
      if (!pane || watched.has(pane)) continue;
      watched.add(pane);
      if (++window.found === 8) clearInterval(window.looking);
      new MutationObserver(() => note(pane)).observe(pane, {subtree: true, childList: true, characterData: true});
    }
  };
  window.clickedAt = 0;
  document.addEventListener('click', () => { window.clickedAt ||= performance.timeOrigin + performance.now(); }, true);
  // A pane fills its shadow root after its host is in the page: only looking again finds it.
  window.looking = setInterval(() => look(document), 10);
}"""


def main() -> None:
    """Measure, print and write the table."""
    latencies: list[float] = []
    firsts: list[float] = []
    for _ in range(ROUNDS):
        published, changes, clicked = _round()
        latencies += _latencies(published, changes)
        firsts.append(min(at for _, size, at in changes if size) - clicked)
    latencies.sort()
    first = statistics.median(firsts)
    report(
        "streaming",
        [
            Figure(
                what="event to pixels, 8 streams at 80 tokens/s: p95",
                value=_share(latencies, 0.95),
                unit="ms",
                limit=LIMIT,
                beside=f"p50 {_share(latencies, 0.5):.0f} ms; {len(latencies)} events",
            ),
            Figure(
                what="click on *Draft* to first visible token",
                value=first,
                unit="ms",
                beside=f"server's own {FIRST_TOKEN * 1000:.0f} ms, so {first - FIRST_TOKEN * 1000:.0f} ms ours",
            ),
        ],
    )


def _round() -> tuple[list[tuple[str, int, float]], list[tuple[str, int, float]], float]:
    with tempfile.TemporaryDirectory() as name, chromium() as browser:
        folder, port = Path(name), free_port()
        stamps = folder / "published.jsonl"
        command = [sys.executable, "-m", "streamlit", "run", str(Path(__file__).with_name("stamped_app.py"))]
        command += ["--server.port", str(port)]
        settings = {
            "WORKBENCH_WORKSPACE": f"{folder}/work.db",
            "WORKBENCH_REHEARSAL__MODE": "always",
            "WORKBENCH_REHEARSAL__FIRST_TOKEN": str(FIRST_TOKEN),
            "WORKBENCH_REHEARSAL__TOKENS_PER_SECOND": str(TOKENS_PER_SECOND),
            "BENCHMARK_STAMPS": str(stamps),
        }
        with running(command, folder, port, settings, beside=ROOT) as url:  # where the app's own config.toml is
            page = browser.new_context(viewport={"width": 1400, "height": 1000}).new_page()
            page.goto(f"{url}/room?tool=codestral-2-1")
            draft = page.get_by_role("button", name="Draft all")
            draft.wait_for()
            time.sleep(3.0)  # the SDKs are loaded; an editor reads at least that long
            page.evaluate(OBSERVE)
            draft.click()
            changes, clicked = _watch(page)
        published = [tuple(json.loads(line)) for line in stamps.read_text("utf-8").splitlines()]
        return published, changes, clicked


def _watch(page: Page) -> tuple[list[tuple[str, int, float]], float]:
    page.locator("[class*=st-key-accept-]").nth(7).wait_for(timeout=60_000)
    changes = page.evaluate("window.changes")
    return [tuple(one) for one in changes], float(page.evaluate("window.clickedAt"))


def _latencies(published: list[tuple[str, int, float]], changes: list[tuple[str, int, float]]) -> list[float]:
    """For each published event, milliseconds until the page shows at least as much of that draft."""
    found: list[float] = []
    for label in {one[0] for one in published}:
        shown = sorted((at, size) for name, size, at in changes if name == label)
        index = 0
        for _, size, at in sorted((one for one in published if one[0] == label), key=lambda one: one[2]):
            while index < len(shown) and shown[index][1] < size:
                index += 1
            if size and index < len(shown):
                found.append(max(0.0, shown[index][0] - at))
    return found


def _share(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
