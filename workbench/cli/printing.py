"""Words, figures and tables on a terminal; whatever a vendor or a model wrote is text, never an instruction to it."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from workbench.domain.text import clean, one_line

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from workbench.domain.bill import Bill

PIPED_WIDTH = 100
"""Columns of a table where neither a terminal nor `COLUMNS` says how many there are."""
_LEAST = 12
"""Columns a shortened cell keeps; with fewer it is left out."""
_WRAPPING = frozenset({"text", "source", "beats", "decisions", "name", "label", "vendor", "by"})
"""Columns of words; the others hold ids and figures, which are typed back in and never broken."""


def console(*, err: bool = False) -> Console:
    """Standard output (or error) as it is now, without markup: names may hold brackets.

    Without a terminal a sentence stays on one line, for whoever searches in it; tables keep to the width.
    """
    from rich.console import Console

    made = Console(stderr=err, markup=False, highlight=False, emoji=False)
    if not made.is_terminal:
        made.soft_wrap = True
        made.width = shutil.get_terminal_size((PIPED_WIDTH, 40)).columns
    return made


def table(*columns: str, right: frozenset[str] = frozenset()) -> Table:
    """An empty table; columns named in `right` hold figures."""
    from rich import box
    from rich.table import Table

    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for name in columns:
        made.add_column(
            name, justify="right" if name in right else "left", overflow="fold", no_wrap=name not in _WRAPPING
        )
    return made


def put_rows(
    out: Console,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    right: frozenset[str] = frozenset(),
    giving: Sequence[str] = (),
) -> None:
    """Print rows as a table. Columns in `giving` are shortened, then left out, in that order, until the rest fits."""
    from rich.cells import cell_len

    widths = {name: max(cell_len(row[at]) for row in ((*columns,), *rows)) for at, name in enumerate(columns)}
    for name in giving:
        beyond = _table_width(widths.values()) - out.width
        if beyond > 0 and widths[name] - beyond >= _LEAST:
            widths[name] -= beyond
        elif beyond > 0:
            del widths[name]
    made = table(*widths, right=right)
    for column, width in zip(made.columns, widths.values(), strict=True):
        column.width, column.no_wrap, column.overflow = width, True, "ellipsis"
    for row in rows:
        made.add_row(*(row[columns.index(name)] for name in widths))
    before, out.width = out.width, max(out.width, _table_width(widths.values()))  # better wide than an id broken
    out.print(made, soft_wrap=True)
    out.width = before


def _table_width(widths: Collection[int]) -> int:
    """Columns a table takes: its cells, three blanks between them, one at each edge."""
    return sum(widths) + 3 * len(widths) - 1


def put_json(value: object) -> None:
    """One JSON value on standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")
    sys.stdout.flush()


def safe(text: str) -> str:
    """The text without anything a terminal would obey."""
    return clean(text).text


def line(text: str) -> str:
    """The same on one line."""
    return one_line(safe(text))


def count(number: int, noun: str) -> str:
    """`1 draft`, `2 drafts`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def money(cost: Decimal | None, *, rehearsal: bool = False) -> str:
    """`$0.0042`; `price unknown` rather than $0; a rehearsal's list price is no spend."""
    if cost is None:
        return "price unknown"
    shown = f"${cost:.4f}" if cost < 1 else f"${cost:.2f}"
    return f"{shown} at list price, not spent" if rehearsal else shown


def price(one: Bill) -> str:
    """A bill's cost in words, with the drafts whose price nobody knows."""
    if one.cost is None:
        return money(None)
    unknown = f" and {count(one.unpriced, 'draft')} at an unknown price" if one.unpriced else ""
    return money(one.cost, rehearsal=one.rehearsal) + unknown


def share(part: float | None) -> str:
    """`38 %`; empty when it is unknown."""
    return "" if part is None else f"{100 * part:.0f} %"


def when(moment: datetime | None) -> str:
    """`2026-11-23 14:05`, in UTC; empty for never."""
    return moment.strftime("%Y-%m-%d %H:%M") if moment is not None else ""


def stamp(moment: datetime | None) -> str | None:
    """The moment as JSON holds it."""
    return moment.isoformat() if moment is not None else None


def figure(cost: Decimal | None) -> float | None:
    """US dollars as JSON holds them; None when the price is unknown."""
    return float(cost) if cost is not None else None
