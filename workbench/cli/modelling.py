"""`workbench models`: what each provider's endpoint offers, beside what we know of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli.opening import JsonOption, WorkspaceOption, examples, workbench_at
from workbench.cli.printing import console, line, put_json, put_rows
from workbench.errors import UnknownNameError, WorkbenchError
from workbench.services.modelling import Known, cards, known

if TYPE_CHECKING:
    from rich.console import Console

    from workbench.bootstrap import Workbench
    from workbench.domain.models import ModelCard
from workbench.ports import ProviderConfig

EXAMPLES = examples("workbench models", "workbench models --provider claude --json")
_COLUMNS = ("model", "state", "retires", "context", "answer", "cached from", "write", "read", "name")


def models(
    *,
    provider: Annotated[
        list[str] | None, typer.Option("--provider", metavar="NAME", help="Only this provider; may be repeated.")
    ] = None,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """List each provider's models: its endpoint's word on them, and the cache rules and retirements we know of."""
    with workbench_at(workspace) as bench:
        configs = {one.name: one for one in bench.planning.providers}
        for name in provider or ():
            if name not in configs:
                raise UnknownNameError("provider", name, sorted(configs))
        wanted = [configs[name] for name in dict.fromkeys(provider or configs)]
        asked = {one.name: ask(bench, one) for one in wanted}
    if as_json:
        put_json({"providers": [_shape(one, *asked[one.name]) for one in wanted]})
        return
    for one in wanted:
        _print(console(), one, *asked[one.name])


def ask(bench: Workbench, provider: ProviderConfig) -> tuple[Sequence[ModelCard], str]:
    """What the provider's endpoint lists, and why it lists nothing where that has a reason."""
    try:
        return cards(bench.drafting.ask, provider.name), ""
    except WorkbenchError as error:
        return (), str(error)


def _print(out: Console, provider: ProviderConfig, listed: Sequence[ModelCard], problem: str) -> None:
    whose = "its endpoint lists" if listed else "its endpoint lists nothing; we know of"
    out.print(f"{provider.name} uses {line(provider.model)}; {whose}:", style="bold")
    if problem:
        out.print(line(problem), style="yellow")
    rows = [_row(one) for one in known(provider.api, listed)]
    right = frozenset({"context", "answer", "cached from", "write", "read"})
    put_rows(out, _COLUMNS, rows, right=right, giving=("name", "answer", "context"))


def _row(one: Known) -> tuple[str, ...]:
    facts = one.facts
    return (
        line(one.model),
        one.card.lifecycle if one.card is not None else "",
        one.retires_on.isoformat() if one.retires_on is not None else "",
        "" if one.context is None else f"{one.context:,}",
        "" if one.longest_answer is None else f"{one.longest_answer:,}",
        "" if facts is None else f"{facts.minimum:,}",
        "" if facts is None else f"{facts.write_5m:g}× / {facts.write_1h:g}×",
        "" if facts is None else f"{facts.read:g}×",
        line(one.card.name) if one.card is not None else "",
    )


def _shape(provider: ProviderConfig, listed: Sequence[ModelCard], problem: str) -> dict[str, Any]:
    return {
        "name": provider.name,
        "api": provider.api,
        "model": provider.model,
        "rehearsal": provider.rehearsal,
        "problem": problem or None,
        "models": [_model_shape(one) for one in known(provider.api, listed)],
    }


def _model_shape(one: Known) -> dict[str, Any]:
    card, facts = one.card, one.facts
    return {
        "id": one.model,
        "listed": card is not None,
        "name": card.name if card is not None else "",
        "aliases": list(card.aliases) if card is not None else [],
        "lifecycle": card.lifecycle if card is not None else "",
        "replacement": card.replacement if card is not None else "",
        "retires_on": one.retires_on.isoformat() if one.retires_on is not None else None,
        "context": one.context,
        "longest_answer": one.longest_answer,
        "facts": {
            "cache_minimum": facts.minimum,
            "write_5m": facts.write_5m,
            "write_1h": facts.write_1h,
            "read": facts.read,
            "forced_tool": facts.forced_tool,
            "thinks": facts.thinks,
            "thinking": sorted(facts.thinking),
            "source": facts.source,
            "checked": facts.checked.isoformat(),
        }
        if facts is not None
        else None,
    }
