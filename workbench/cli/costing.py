"""`workbench costs`: what drafts cost, what was predicted, and what caching saved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.opening import JsonOption, WorkspaceOption, examples, workbench_at
from workbench.cli.printing import console, line, money, price, put_json, put_rows, share
from workbench.cli.shapes import bill_shape
from workbench.domain.bill import Bill, bill
from workbench.domain.comparison import REHEARSAL_NOTICE
from workbench.services.accounting import Group, bills
from workbench.services.budgeting import midnight

if TYPE_CHECKING:
    from collections.abc import Sequence

EXAMPLES = examples(
    "workbench costs                      the last 30 days, by day and provider",
    "workbench costs --days 1 --by editor",
    "workbench costs --by provider --json",
)


class By(StrEnum):
    """What the bills are grouped by."""

    DAY = "day"
    PROVIDER = "provider"
    EDITOR = "editor"


_GROUPS: dict[By, tuple[Group, Group]] = {
    By.DAY: ("day", "provider"),
    By.PROVIDER: ("provider", "model"),
    By.EDITOR: ("editor", "provider"),
}
_FIGURES = ("drafts", "in", "from cache", "out", "predicted", "list price", "uncached", "saved")


def costs(
    *,
    days: Annotated[int, typer.Option(min=1, max=3660, help="How many days back, today included; days are UTC.")] = 30,
    by: Annotated[By, typer.Option(help="What the bills are grouped by.")] = By.DAY,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Add up what drafts cost at list price, beside what was predicted and what they would cost without caching."""
    since = midnight(datetime.now(UTC)) - timedelta(days=days - 1)
    with workbench_at(workspace) as bench, bench.store.reading() as repositories:
        charges = repositories.drafts.charges(since=since)
    together = bill(charges)
    # Rehearsals are listed where there is nothing else, as in every total; the two are never added.
    counted = [one for one in charges if one.usage is not None and one.rehearsal == together.rehearsal]
    groups = _GROUPS[by]
    found = bills(counted, groups)
    if as_json:
        rows = [{**dict(zip(groups, key, strict=True)), **bill_shape(one)} for key, one in found.items()]
        put_json({"since": since.date().isoformat(), "bills": rows, "total": bill_shape(together)})
        return
    out = console()
    if not found:
        out.print(f"No draft has reported usage since {since.date().isoformat()}.")
        return
    if together.rehearsal:
        out.print(REHEARSAL_NOTICE, style="yellow")
    rows_shown = [_row(key, one) for key, one in found.items()]
    put_rows(out, (*groups, *_FIGURES), rows_shown, right=frozenset(_FIGURES), giving=("out", "in", "uncached"))
    saved = f", {share(together.saved)} saved" if together.saved is not None else ""
    predicted = f"; predicted {money(together.predicted)}" if together.predicted is not None else ""
    cached = f"; without caching {money(together.uncached)}{saved}" if together.uncached is not None else ""
    out.print(f"Together since {since.date().isoformat()}: {price(together)}{predicted}{cached}.")


def _row(key: Sequence[str], one: Bill) -> tuple[str, ...]:
    usage = one.usage
    tokens = (one.drafts, usage.prompt_tokens, usage.cache_read_tokens, usage.output_tokens)
    dollars = (one.predicted, one.cost, one.uncached)
    return (
        *(line(part) for part in key),
        *(f"{each:,}" for each in tokens),
        *("unknown" if each is None else money(each) for each in dollars),
        share(one.saved),
    )
