"""What drafts cost, in figures and bars: what a run should, and what a desk and a day did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from html import escape

import streamlit as st

from workbench.bootstrap import Workbench
from workbench.domain.bill import Bill, Charge, Spent, bill, ceiling, real_or_rehearsed, total
from workbench.domain.draft import Draft
from workbench.domain.events import Usage
from workbench.services.accounting import bills, explain
from workbench.services.budgeting import Standing, midnight
from workbench.services.planning import RunPlan
from workbench.ui.components.words import COARSE, count, money, percent, price, tokens, under

MASKED = "By provider once every cell on the desk has a quote: what a draft costs tells who wrote it."
_Row = tuple[str, Callable[[Bill], str]]
_EXPLAINED = {
    "Read from cache": "Prompt tokens the vendor had kept from an earlier request: a tenth of the price, or less.",
    "Written for 1 h": "Prompt tokens the vendor keeps for an hour: dearer once, so that other drafts read them.",
    "Written for 5 min": "Prompt tokens the vendor keeps for five minutes: a little dearer once.",
    "Uncached": "Prompt tokens at the full price: nothing is kept of them.",
    "Output": "Tokens of the answers; before a run, about as many as such answers had.",
    "Cost": "At the vendor’s list price, as far as it is known.",
    "Predicted": "What the plans of these drafts said before they were sent.",
    "Actual": "The tokens the vendor reported, at its list price.",
    "Without caching": "What the same tokens would cost if none were read from or written to a cache.",
    "Saved": "1 − cost ÷ cost without caching.",
    "Price unknown": "Drafts by a model with no known price: their tokens are counted, their cost is not.",
}
"""What each row of a bill is, for a pointer that rests on it and for a screen reader."""
SO_FAR = (
    "The list prices of every draft on the desk that has reported its tokens. Saved by caching: 1 − that ÷ what the "
    "same tokens cost without a cache. A hit is missed where fewer tokens came from the cache than the plan foresaw."
)
_KINDS: tuple[tuple[str, Callable[[Usage], int]], ...] = (
    ("read", lambda one: one.cache_read_tokens),
    ("written", lambda one: one.cache_write_1h_tokens + one.cache_write_5m_tokens),
    ("uncached", lambda one: one.input_tokens),
)
_TOKENS: tuple[_Row, ...] = (
    ("Read from cache", lambda one: f"{one.usage.cache_read_tokens:,}"),
    ("Written for 1 h", lambda one: f"{one.usage.cache_write_1h_tokens:,}"),
    ("Written for 5 min", lambda one: f"{one.usage.cache_write_5m_tokens:,}"),
    ("Uncached", lambda one: f"{one.usage.input_tokens:,}"),
    ("Output", lambda one: f"{one.usage.output_tokens:,}"),
)
_EXPECTED: _Row = ("Cost", lambda one: money(one.cost))
_ACTUAL: tuple[_Row, ...] = (
    ("Predicted", lambda one: "–" if one.predicted is None else money(one.predicted)),
    ("Actual", lambda one: money(one.cost) if one.drafts else "–"),
)
_CACHING: tuple[_Row, ...] = (
    ("Without caching", lambda one: "–" if one.uncached is None else money(one.uncached)),
    ("Saved", lambda one: percent(one.saved)),
)
_UNPRICED: _Row = ("Price unknown", lambda one: count(one.unpriced, "draft") if one.unpriced else "–")


def run_costs(bench: Workbench, run: RunPlan, *, masked: bool) -> None:
    """What a run should take from each provider, why, and what the budgets leave; `masked`: without naming any.

    Raises StoreError.
    """
    columns = {} if masked else {one.provider.name: one.bill for one in run.shares}
    models = [] if masked else [one.provider.model for one in run.shares]
    if len(columns) != 1:
        columns["all"] = run.bill
    said = [] if not masked else [MASKED]
    if not masked:
        said += [
            f"{one.provider.name}: {one.layout}; tokens {'counted by the vendor' if one.counted else 'estimated'}."
            for one in run.shares
        ]
        said += [note for one in run.shares for note in one.notes]
    standings = bench.budgeting.standings(bench.settings.editor, rehearsal=bench.rehearsing)
    hidden = masked or day_masked(bench)
    said += [f"Budget, {one.name}: {_left(one, hidden=hidden)} of {money(one.limit)} left." for one in standings]
    table = _table(columns, (*_TOKENS, _EXPECTED, *_CACHING), models)
    st.html((table if not masked or tells_nobody(bench, run) else "") + _notes(said))


def tells_nobody(bench: Workbench, run: RunPlan) -> bool:
    """Whether a run's price is the same whoever is on which side: it asks for as many drafts of every provider."""
    asked = Counter(job.provider.name for job in run.jobs)
    return len({asked[one.name] for one in bench.planning.providers}) == 1


def so_far(drafts: Sequence[Draft], *, masked: bool) -> str:
    """What these drafts cost, in a line; empty when none has reported usage. `masked`: no more than a bound."""
    if masked:
        own = by_provider(drafts)
        return f"So far {under(own.values())}" if own else ""
    desk = bill(one.charge for one in drafts)
    missed = sum(bool(explain(one)) for one in drafts)
    parts = [f"So far {price(desk)}"]
    if desk.saved is not None:
        parts.append(f"{percent(desk.saved)} saved by caching")
    if missed:
        parts.append(f"{count(missed, 'cache hit')} missed")
    return " · ".join(parts) if desk.drafts else ""


def costs_panel(bench: Workbench, drafts: Sequence[Draft], now: datetime, *, masked: bool) -> None:
    """What the drafts on the desk cost and were to cost, beside the day's; `masked`: no more than a bound of either.

    Raises StoreError.
    """
    own = by_provider(drafts)
    if not own:
        return
    # What is not looked at is not worked out: the day may have hundreds of drafts, and the board is drawn often.
    panel = st.expander("Costs", icon=":material/payments:", key="costs", on_change="rerun")
    if panel.open:
        hidden = masked or day_masked(bench, now)
        notes = [spent_today(bench, now)] if hidden else []
        if masked:
            panel.html(_notes([so_far(drafts, masked=True), *notes, MASKED, COARSE]))
            return
        columns = own if len(own) == 1 else own | {"desk": bill(one.charge for one in drafts)}
        if not hidden:
            columns = columns | {"today": bill(_today(bench, now))}
        missed = ((one.origin, why) for one in drafts if (why := explain(one)))
        notes += [f"{one.tool_id}, {one.persona_id} by {one.provider}, take {one.take}: {why}" for one, why in missed]
        table = _table(columns, (*_ACTUAL, *_CACHING))
        panel.html(f'<div class="costs">{_meters(own, drafts)}{table}</div>{_notes(notes)}')


def by_provider(drafts: Iterable[Draft]) -> dict[str, Bill]:
    """A bill for each provider whose drafts have reported usage."""
    return {name: one for (name,), one in bills((one.charge for one in drafts), by=["provider"]).items() if one.drafts}


def day_masked(bench: Workbench, now: datetime | None = None) -> bool:
    """Whether a draft of this day may be masked: then no figure of the day may tell what a take cost."""
    with bench.store.reading() as repositories:
        return bench.masking.on and repositories.drafts.unapproved(since=midnight(now or datetime.now(UTC)))


def day_bound(bench: Workbench) -> Decimal | None:
    """What the day stays under while a draft of it may be masked; None: its exact sum may be shown, or is not known."""
    if not day_masked(bench):
        return None
    with bench.store.reading() as repositories:
        return ceiling(repositories.drafts.spent(since=midnight(datetime.now(UTC))))


def spent_today(bench: Workbench, now: datetime | None = None) -> str:
    """The day's costs by provider in a line; empty when nothing was drafted. Raises StoreError.

    A bound of their sum alone while a draft of the day may be masked: another take would move its provider's figure.
    """
    since = midnight(now or datetime.now(UTC))
    with bench.store.reading() as repositories:
        own = [one for one in real_or_rehearsed(repositories.drafts.spent(since=since)) if one.drafts]
    if own and day_masked(bench, now):
        return f"Today: {under(own)}, by provider once every cell drafted today has a quote"
    parts = [f"{one.provider} {_taken(one)}" for one in own]
    return f"Today: {'; '.join(parts)}" if parts else ""


def _left(one: Standing, *, hidden: bool) -> str:
    """What a budget leaves; `hidden`: in whole tenths of it, which a take hardly moves."""
    if not hidden or not one.limit:
        return money(one.left)
    return f"at least {int(10 * one.left / one.limit) * 10} %"


def _taken(one: Spent) -> str:
    return price(one) if one.cost is not None else f"{tokens(one.prompt_tokens)} in, {price(one)}"


def _today(bench: Workbench, now: datetime) -> list[Charge]:
    with bench.store.reading() as repositories:
        return repositories.drafts.charges(since=midnight(now))


def _table(columns: Mapping[str, Bill], rows: Iterable[_Row], models: Sequence[str] = ()) -> str:
    """A column for each bill; the rows' figures stand under one another."""
    below = {name: f"<small>{escape(model)}</small>" for name, model in zip(columns, models, strict=False)}
    heads = "".join(f'<th scope="col">{escape(name)}{below.get(name, "")}</th>' for name in columns)
    unpriced = (_UNPRICED,) if any(one.unpriced for one in columns.values()) else ()
    lines = [
        f'<tr><th scope="row" title="{escape(_EXPLAINED[label])}">{label}</th>'
        f"{''.join(f'<td>{figure(one)}</td>' for one in columns.values())}</tr>"
        for label, figure in (*rows, *unpriced)
    ]
    rehearsed = [name for name, one in columns.items() if one.rehearsal]
    whose = "" if len(rehearsed) == len(columns) else f" ({escape(', '.join(rehearsed))})"
    foot = f"<p>A rehearsal{whose}: list price, not spent.</p>" if rehearsed else ""
    table = f"<table><thead><tr><td></td>{heads}</tr></thead><tbody>{''.join(lines)}</tbody></table>"
    return f'<div class="bill">{table}{foot}</div>'


def _meters(own: Mapping[str, Bill], drafts: Sequence[Draft]) -> str:
    """For each provider a bar of its prompt tokens, and a thinner one of those predicted."""
    rows: list[str] = []
    for name, one in own.items():
        foreseen = total(
            draft.origin.forecast.usage
            for draft in drafts
            if draft.usage is not None and draft.origin.forecast is not None and draft.origin.provider == name
        )
        told = f"{name}: {_told(one.usage)}; predicted {_told(foreseen)}"
        rows.append(
            f'<div class="row" title="{escape(told)}"><b>{escape(name)}</b>'
            f'<span class="meter" role="img" aria-label="{escape(told)}">{_bar(one.usage)}{_bar(foreseen)}</span>'
            f"<span>{percent(one.usage.cache_read_tokens / max(1, one.usage.prompt_tokens))} read</span></div>"
        )
    legend = "".join(f'<span><i class="{kind}"></i>{kind}</span>' for kind, _ in _KINDS)
    return f'<div class="meters">{"".join(rows)}<div class="legend">{legend}<span>below: predicted</span></div></div>'


def _bar(usage: Usage) -> str:
    return f'<span>{"".join(f"""<i class="{kind}" style="flex-grow:{of(usage)}"></i>""" for kind, of in _KINDS)}</span>'


def _told(usage: Usage) -> str:
    return ", ".join(f"{of(usage):,} {kind}" for kind, of in _KINDS)


def _notes(said: Iterable[str]) -> str:
    return f'<ul class="notes">{"".join(f"<li>{escape(one)}</li>" for one in said)}</ul>'
