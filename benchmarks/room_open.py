"""Desk and draft room with 10,000 tools and 80,000 drafts in the workspace, against one with nothing else in it.

Both rooms show the same two tools with the same drafts; both servers are up all the time, and the rounds alternate.
The full desk has ten times the rows to draw, and a day on which every one of the drafts was begun: no limit holds it to
the empty one's time.
"""

from __future__ import annotations

import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from playwright.sync_api import Browser, expect

from benchmarks.figures import Figure, report
from benchmarks.serving import chromium, free_port, running
from workbench.bootstrap import build
from workbench.domain.ids import ToolId
from workbench.settings import load

TOOLS = 10_000
ROUNDS = 9
LIMIT = 1.3
"""Times the room of a workspace with nothing else in it."""
USABLE = """() => {
  const drawn = (key, least) => document.querySelectorAll(`[class*='st-key-${key}-']`).length >= least;
  const rail = [...document.querySelectorAll('.st-key-room-rail *')].find((one) => one.shadowRoot)?.shadowRoot;
  return drawn('accept', 8) && drawn('hand', 4) && rail?.querySelector('.chip') != null;
}"""
"""Every draft can be accepted, every cell has its beat grid, and the rail listens for keys."""
LISTED = """() => document.querySelectorAll("[class*='st-key-tally-'] button").length >= 2
  && document.querySelector("[class*='st-key-next-up'] button") != null"""
"""The desk lists tools that can be opened, and says what comes next."""
WAYS = ("a new tab on the room", "desk to room by its link", "a new tab on the desk")
_COPIED = {"tool": ("id", "name"), "dossier": ("tool_id",), "draft": ("id", "tool_id")}
"""Tables that grow with the tools, and the columns that a copy needs a value of its own in."""


def main() -> None:
    """Measure, print and write the table."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        tools = drafted(folder / "alone.db")
        shutil.copy(folder / "alone.db", folder / "full.db")
        drafts = _fill(folder / "full.db")
        urls = [stack.enter_context(_served(folder, name)) for name in ("alone", "full")]
        browser = stack.enter_context(chromium())
        rounds = [[_opened(browser, url, tools) for url in urls] for _ in range(ROUNDS + 1)][
            1:
        ]  # the first one warms up
    ratios = [
        [full[way] / alone[way] for alone, full in rounds]  # of one round, so that the machine's moods hit both
        for way in range(len(WAYS))
    ]
    medians = [[statistics.median(pair[side][way] for pair in rounds) for side in (0, 1)] for way in range(len(WAYS))]
    report(
        "room-open",
        [
            Figure(
                what=f"{what}, {TOOLS:,} tools and {drafts:,} drafts",
                value=statistics.median(ratios[way]),
                unit="×",
                limit=LIMIT if "room" in what else None,
                beside=f"{medians[way][1] * 1000:.0f} ms against {medians[way][0] * 1000:.0f} ms, median of {ROUNDS}",
            )
            for way, what in enumerate(WAYS)
        ],
    )


def drafted(path: Path, only: slice = slice(None), **settings: object) -> list[ToolId]:
    """A workspace with the two sample tools, `only` some of them with every draft; the tools' ids."""
    rehearsal = {"mode": "always", "first_token": 0, "tokens_per_second": 100_000}
    bench = build(load(workspace=path, rehearsal=rehearsal, **settings))
    try:
        with bench.store.reading() as repositories:
            tools = [one.tool.id for one in repositories.tools.summaries()]
            dossiers = [found for one in tools[only] if (found := repositories.tools.latest(one)) is not None]
        started = bench.drafting.start([job for one in dossiers for job in bench.planning.jobs(one)])
        bench.drafting.wait([one.id for one in started])
    finally:
        bench.close()
    return tools


def _fill(path: Path) -> int:
    """Copies of the first tool and its drafts, up to TOOLS; how many drafts there are then."""
    with closing(sqlite3.connect(path)) as file, file:
        (first,) = file.execute("SELECT min(id) FROM tool").fetchone()
        (known,) = file.execute("SELECT count(*) FROM tool").fetchone()
        for table, own in _COPIED.items():
            columns = [name for _, name, *_ in file.execute(f"PRAGMA table_info({table})") if name != "seq"]
            values = [f"{one} || '-' || n" if one in own else one for one in columns]
            file.execute(
                f"WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?)"
                f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM numbers, {table} "
                f"WHERE {table}.{'id' if table == 'tool' else 'tool_id'} = ?",
                (TOOLS - known, first),
            )
        return int(file.execute("SELECT count(*) FROM draft").fetchone()[0])


@contextmanager
def _served(folder: Path, name: str) -> Iterator[str]:
    home, port = folder / name, free_port()
    home.mkdir()
    command = [sys.executable, "-m", "workbench", "app", "--port", str(port)]
    settings = {"WORKBENCH_WORKSPACE": str(folder / f"{name}.db"), "WORKBENCH_REHEARSAL__MODE": "always"}
    with running(command, home, port, settings) as url:
        yield url


def _opened(browser: Browser, url: str, tools: list[ToolId]) -> tuple[float, float, float]:
    """Seconds until the room can be used, from a new tab and from the desk, and until the desk can."""
    with closing(browser.new_context(viewport={"width": 1400, "height": 1000})) as context:
        page = context.new_page()
        began = time.monotonic()
        page.goto(f"{url}/room?{'&'.join(f'tool={one}' for one in tools)}")
        page.wait_for_function(USABLE, polling="raf", timeout=60_000)
        opened = time.monotonic() - began
        page.get_by_role("link", name="Desk").click()
        expect(page.get_by_role("heading", name="Desk")).to_be_visible(timeout=60_000)
        page.wait_for_selector("[data-test-script-state='notRunning']")
        page.wait_for_timeout(500)  # the room is gone, and the desk at rest
        room = page.get_by_role("link", name="Draft room")
        began = time.monotonic()
        room.click()
        page.wait_for_function(USABLE, polling="raf", timeout=60_000)
        followed = time.monotonic() - began
    with closing(browser.new_context(viewport={"width": 1400, "height": 1000})) as context:
        page = context.new_page()
        began = time.monotonic()
        page.goto(url)
        page.wait_for_function(LISTED, polling="raf", timeout=60_000)
        return opened, followed, time.monotonic() - began
