"""What a benchmark found: figures with their limits, printed and kept as Markdown, JSON and a plot."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path

RESULTS = Path(__file__).resolve().parent / "results"
_WIDEST = 2.0
"""Times its limit at which a bar of the plot ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured value. More than `limit` is too much, None is no limit; `beside` says what to compare it with."""

    what: str
    value: float
    unit: str
    limit: float | None = None
    beside: str = ""

    @property
    def missed(self) -> bool:
        """Whether it is beyond its limit."""
        return self.limit is not None and self.value > self.limit


def report(name: str, figures: Sequence[Figure]) -> None:
    """Print the figures with their limits, and keep them as `results/NAME.md`, `.json` and, where limited, `.svg`."""
    rows = [[one.what, _shown(one.value, one.unit), _verdict(one), one.beside] for one in figures]
    loads = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    where = f"Python {platform.python_version()}, {os.cpu_count()} cores, load average at the end {loads}"
    table(
        name, ["what", "measured", "limit", "beside it"], rows, f"\n{where}; {datetime.now(UTC):%Y-%m-%d %H:%M} UTC.\n"
    )
    kept = {"name": name, "where": where, "figures": [{**asdict(one), "missed": one.missed} for one in figures]}
    (RESULTS / f"{name}.json").write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", "utf-8")
    limited = [one for one in figures if one.limit is not None]
    if limited:
        (RESULTS / f"{name}.svg").write_text(_plot(limited), "utf-8")


def table(name: str, head: list[str], rows: list[list[str]], foot: str = "") -> None:
    """Print a Markdown table and keep it under `benchmarks/results/`."""
    lines = ["| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *rows]]
    text = "\n".join(lines) + "\n" + foot
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.md").write_text(text, "utf-8")
    print(text)


def _shown(value: float, unit: str) -> str:
    digits = 2 if unit in {"×", "s"} else 0 if value >= 100 else 1
    return f"{value:,.{digits}f}{unit if unit in '×%' else f' {unit}'}"


def _verdict(one: Figure) -> str:
    if one.limit is None:
        return ""
    return f"{'**missed**: ' if one.missed else ''}≤ {one.limit:,g}{one.unit if one.unit in '×%' else f' {one.unit}'}"


def _plot(figures: Sequence[Figure]) -> str:
    """Each figure as a bar in parts of its limit, which is the line."""
    row, left, full = 24, 430, 400
    line = left + full / _WIDEST
    drawn: list[str] = []
    for place, one in enumerate(figures):
        top = 10 + place * row
        share = one.value / one.limit if one.limit else 0.0
        color = "#b42318" if one.missed else "#2563eb"
        width = full * min(share, _WIDEST) / _WIDEST
        of = f"{_shown(one.value, one.unit)} of {_shown(one.limit or 0.0, one.unit)}"
        drawn += [
            f'<text x="{left - 8}" y="{top + 12}" text-anchor="end">{escape(one.what)}</text>',
            f'<rect x="{left}" y="{top}" width="{width:.0f}" height="16" fill="{color}"/>',
            f'<text x="{left + full + 8}" y="{top + 12}">{escape(of)}</text>',
        ]
    height = 20 + len(figures) * row
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="980" height="{height}" '
        f'font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="white"/>{"".join(drawn)}'
        f'<path d="M{line} 4V{height - 4}" stroke="#111" stroke-dasharray="4 3"/></svg>\n'
    )
