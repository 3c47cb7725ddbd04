"""Eight drafts at 80 tokens/s on our screen and on two naive ones: event to pixels, bytes, processor, keys.

The server stamps every change of a draft as it is published; the page stamps every change of a pane's text. Both
clocks are this machine's. "Pixels" means the DOM changed, and for a key the frame that shows the answer.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import sys
import tempfile
import urllib.request
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from benchmarks.figures import Figure, report, table
from benchmarks.rehearsing import CLAUDE, CODESTRAL, rehearsal
from benchmarks.room_open import drafted
from benchmarks.serving import ROOT, chromium, free_port, running
from workbench.domain.ids import ToolId
from workbench.library.builtin import builtin_personas

FIRST_TOKEN = 0.5
TOKENS_PER_SECOND = 80
WORDS = "[300, 330]"
"""The length asked of each draft, about 450 tokens: the streams last nearly six seconds."""
ROUNDS = int(os.environ.get("BENCHMARK_ROUNDS", "2"))
"""Runs of eight drafts for each row, first without keys, then with them."""
SESSIONS = (1, 5)
PIXELS = {1: 60.0, 5: 120.0}
"""Milliseconds from event to pixels for 95 of 100 events, by open sessions."""
REACTION = 150.0
"""Milliseconds from a key to what can be seen of it, for 95 of 100 keys."""
SCREENS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("room", "draft room", {"WORKBENCH_REVIEW__MASKED": "false"}),
    ("room", "draft room, masked", {}),
    ("write_stream", "`st.write_stream` in columns", {"WORKBENCH_REVIEW__MASKED": "false"}),
    ("polling", "polling fragment, 0.2 s", {"WORKBENCH_REVIEW__MASKED": "false"}),
)
READY = """(drafts) => drafts.every((one) => {
  const pane = document.querySelector(`.st-key-pane-${one}`);
  const drawn = () => [...pane.querySelectorAll('*')].some((two) => two.shadowRoot?.querySelector('.pane'));
  return pane && (!location.pathname.endsWith('/room') || drawn());
})"""
AT_REST = "() => new Promise((done) => setTimeout(() => requestIdleCallback(done), 1000))"
OBSERVE = """() => {
  window.changes = [];
  const letters = (node) => node.textContent.replace(/[^A-Za-z0-9]/g, '').length;
  for (const pane of document.querySelectorAll("[class*='st-key-pane-']")) {
    const id = pane.className.match(/st-key-pane-(\\S+)/)[1];
    const inner = [...pane.querySelectorAll('*')].find((one) => one.shadowRoot)?.shadowRoot || pane;
    const prose = inner === pane
      ? '[data-testid=stMarkdown]:not(:has([data-testid=stCaptionContainer]))'
      : '.prose';
    const size = () => [...inner.querySelectorAll(prose)].reduce((sum, one) => sum + letters(one), 0);
    let last = -1;
    new MutationObserver(() => {
      const now = size();
      if (now !== last) window.changes.push([id, (last = now), Date.now()]);
    }).observe(inner, {subtree: true, childList: true, characterData: true});
  }
}"""
REACT = """() => {
  const rail = [...document.querySelectorAll('.st-key-room-rail *')].find((one) => one.shadowRoot)?.shadowRoot;
  const text = (selector) => [...document.querySelectorAll(selector)].map((one) => one.textContent).join('|');
  const active = () => document.querySelector("[class*='st-key-cell-'][data-active]");
  const busy = () => document.querySelectorAll('[data-busy]').length;
  const said = () => rail.querySelector('.said').textContent;
  const first = () => rail ? [said(), active()?.className, busy()].join('|') : text('.st-key-verdict');
  // The panes' own text is in shadow roots: what is left of a cell is drawn by the server.
  const answer = (cell) => rail ? cell?.textContent : text('.st-key-verdict');
  window.addEventListener('keydown', (event) => {
    const cell = active(), was = [first(), answer(cell)];
    const found = [null, null];
    window.reacted = new Promise((resolve) => {
      const look = (now) => {
        if (found[0] === null && first() !== was[0]) found[0] = now - event.timeStamp;
        if (found[1] === null && 'jk'.includes(event.key)) found[1] = 0;
        if (found[1] === null && answer(cell) !== was[1]) found[1] = now - event.timeStamp;
        const over = !found.includes(null) || now - event.timeStamp > 8000;
        if (!over) requestAnimationFrame(() => look(performance.now()));
        else resolve(found.map((one) => one === null ? 8000 : one));
      };
      requestAnimationFrame(() => look(performance.now()));
    });
  }, true);
}"""


@dataclass(kw_only=True)
class Row:
    """What one screen did with so many sessions: times in milliseconds."""

    screen: str
    sessions: int
    latencies: list[float] = field(default_factory=list[float])
    first: list[float] = field(default_factory=list[float])
    answered: list[float] = field(default_factory=list[float])
    bytes_per_second: float = 0.0
    processor: float = 0.0


def main() -> None:
    """Measure, print and write the tables."""
    rows: list[Row] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        personas = _personas(folder / "personas")
        tools = drafted(folder / "first.db", slice(1), personas=personas)
        url = stack.enter_context(rehearsal(first_token=FIRST_TOKEN, tokens_per_second=TOKENS_PER_SECOND))
        for sessions in SESSIONS:
            for screen, name, settings in SCREENS:
                home = Path(tempfile.mkdtemp(dir=folder))
                shutil.copy(folder / "first.db", home / "work.db")
                given = _settings(home, personas, url, screen) | settings
                rows.append(_measured(Row(screen=name, sessions=sessions), home, given, screen, tools))
                print(_line(rows[-1]), f"load {os.getloadavg()[0]:.1f}", flush=True)
    head = ["screen", "sessions", "event to pixels p50 / p95, ms", "kB/s", "server processor, % of a core"]
    head += ["key to reaction p50 / p95, ms", "key to the server's answer p50 / p95, ms"]
    report("streaming", list(_figures(rows)))
    table("streaming-beside", head, [_line(one) for one in rows])


def _figures(rows: Sequence[Row]) -> Iterable[Figure]:
    for one in rows:
        naive = [two for two in rows if two.sessions == one.sessions and not two.screen.startswith("draft room")]
        if one in naive:
            continue
        what = f"{one.screen}, {one.sessions} open"
        beside = " · ".join(f"{two.screen} {_share(two.latencies, 0.95):.0f}" for two in naive)
        yield Figure(
            what=f"{what}: event to pixels, p95",
            value=_share(one.latencies, 0.95),
            unit="ms",
            limit=PIXELS[one.sessions],
            beside=f"p50 {_share(one.latencies, 0.5):.0f} ms; p95 of {beside}",
        )
        yield Figure(
            what=f"{what}: key to reaction, p95",
            value=_share(one.first, 0.95),
            unit="ms",
            limit=REACTION,
            beside=f"p50 {_share(one.first, 0.5):.0f} ms of {len(one.first)} keys",
        )


def _line(row: Row) -> list[str]:
    def pair(found: list[float]) -> str:
        return f"{_share(found, 0.5):,.0f} / {_share(found, 0.95):,.0f}" if found else "–"

    figures = [f"{row.bytes_per_second / 1000:,.0f}", f"{row.processor:.0f}", pair(row.first), pair(row.answered)]
    return [row.screen, str(row.sessions), pair(row.latencies), *figures]


def _personas(folder: Path) -> Path:
    """The built-in personas, asked for longer drafts."""
    folder.mkdir()
    for one in builtin_personas().glob("*.md"):
        (folder / one.name).write_text(one.read_text("utf-8").replace("[130, 180]", WORDS), "utf-8")
    return folder


def _settings(home: Path, personas: Path, url: str, screen: str) -> dict[str, str]:
    claude = {"api": "anthropic", "model": CLAUDE, "mode": "schema", "thinking": "between_tools", "base_url": url}
    codestral = {"api": "mistral", "model": CODESTRAL, "base_url": url}
    return {
        "WORKBENCH_WORKSPACE": str(home / "work.db"),
        "WORKBENCH_PERSONAS": str(personas),
        "WORKBENCH_PROVIDERS": json.dumps({"claude": claude, "codestral": codestral}),
        "WORKBENCH_REHEARSAL__MODE": "never",
        "BENCHMARK_SCREEN": screen,
    }


def _measured(row: Row, home: Path, settings: dict[str, str], screen: str, tools: Sequence[ToolId]) -> Row:
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(Path(__file__).with_name("stamped_app.py"))]
    command += ["--server.port", str(port)]
    decided, streamed = tools
    alone = f"/room?tool={streamed}" if screen == "room" else f"/?tool={streamed}&other={decided}"
    both = f"/room?tool={decided}&tool={streamed}" if screen == "room" else alone
    with (
        running(command, home, port, settings, beside=ROOT) as url,
        chromium() as browser,
        ThreadPoolExecutor(1) as pool,
    ):
        pages = [_page(browser) for _ in range(row.sessions)]
        _round(pool, url, streamed, pages, alone).result()  # the SDKs are loaded, the caches filled
        runs: list[Any] = []
        for _ in range(ROUNDS):
            run = _round(pool, url, streamed, pages, alone)
            runs.append(run.result())
            stamps, masked = runs[-1]["stamps"], "masked" in row.screen
            row.latencies += [one for page in pages for one in _latencies(stamps, _changes(page), masked=masked)]
        for _ in range(ROUNDS):
            run = _round(pool, url, streamed, pages, alone, both)
            _keys(row, pages[0], run, screen)
    seconds = sum(one["seconds"] for one in runs)
    row.bytes_per_second = sum(one["bytes"] for one in runs) / seconds
    row.processor = 100 * sum(one["busy"] for one in runs) / seconds
    return row


def _page(browser: Browser) -> Page:
    return browser.new_context(viewport={"width": 1400, "height": 1000}).new_page()


def _round(
    pool: ThreadPoolExecutor, url: str, tool: ToolId, pages: Sequence[Page], way: str, first: str = ""
) -> Future[Any]:
    """Start the drafts, have them on every page, and let them stream; the first page may stand elsewhere."""
    drafts = _asked(f"{url}/benchmark/start?tool={tool}")
    for page in pages:
        page.goto(url + (first if first and page is pages[0] else way))
    for page in pages:
        if first and page is pages[0] and "/room" in first:
            page.get_by_text("Both tools side by side").click(timeout=120_000)
        page.wait_for_function(READY, arg=drafts, polling=100, timeout=120_000)
        page.evaluate(OBSERVE)
    for page in pages:
        page.evaluate(AT_REST)
    if first:
        pages[0].evaluate(REACT)
    return pool.submit(_asked, f"{url}/benchmark/go?{'&'.join(f'draft={one}' for one in drafts)}")


def _asked(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=300) as answer:
        return json.loads(answer.read())


def _keys(row: Row, page: Page, run: Future[Any], screen: str) -> None:
    """Press keys one after another, as long as the drafts stream."""
    page.wait_for_timeout(1000 * FIRST_TOKEN + 500)
    pressed = 0
    while not run.done():
        key = "1s2dj1s2dk"[pressed % 10] if screen == "room" else "s"
        page.keyboard.press(key)
        first, answered = page.evaluate("window.reacted")
        row.first.append(first)
        if key not in "jk":
            row.answered.append(answered)
        pressed += 1
        page.wait_for_timeout(150)


def _changes(page: Page) -> list[tuple[str, int, float]]:
    return [tuple(one) for one in page.evaluate("window.changes")]


def _latencies(stamps: dict[str, list[Any]], changes: list[tuple[str, int, float]], *, masked: bool) -> list[float]:
    """For each published event, milliseconds until the page shows at least as much of that draft."""
    found: list[float] = []
    for draft, published in stamps.items():
        shown = sorted((at, size) for name, size, at in changes if name == draft)
        mates = [two for name, two in stamps.items() if masked and name != draft and two[0][0] == published[0][0]]
        index = 0
        for _, characters, letters, at in published[:-1]:
            due = max([at, *(_reached(two, characters) for two in mates)])
            while index < len(shown) and shown[index][1] < letters:
                index += 1
            if letters and index < len(shown):
                found.append(max(0.0, shown[index][0] - due))
    return found


def _reached(published: list[Any], characters: int) -> float:
    """When the other draft of a masked cell had come as far: until then this one is not to be seen."""
    place = bisect_left([one[1] for one in published], characters)
    return float(published[min(place, len(published) - 1)][3])


def _share(found: Sequence[float], share: float) -> float:
    if not found:
        return float("nan")
    ordered = sorted(found)
    return statistics.median(ordered) if share == 0.5 else ordered[min(len(ordered) - 1, int(share * len(ordered)))]
