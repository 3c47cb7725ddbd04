"""`workbench forecasts` and `forecast`: what approved quotes foretell, and what became of it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import typer

from workbench.cli.opening import EditorOption, JsonOption, WorkspaceOption, examples, signer, workbench_at
from workbench.cli.printing import console, count, line, put_json, put_rows, stamp
from workbench.domain.ledger import OUTCOMES, Foretold, Outcome
from workbench.errors import InputError, UnknownNameError

LIST_EXAMPLES = examples("workbench forecasts --due", "workbench forecasts --json")
EXAMPLES = examples(
    "workbench forecast 12 --held",
    'workbench forecast 12 --failed --note "Two vendors ship it."',
    "workbench forecast 12 --too-early 2028-06-30              it comes back on that day",
)


def forecasts(
    *,
    due: Annotated[bool, typer.Option("--due", help="Only the open ones whose day has passed.")] = False,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """List the dated predictions of approved quotes by the day they fall due, and what became of them."""
    with workbench_at(workspace) as bench:
        found = bench.foretelling.all(due=due)
        today = bench.foretelling.today
    if as_json:
        put_json({"forecasts": [forecast_shape(one, today) for one in found]})
        return
    out = console()
    if not found:
        out.print("No forecast is due." if due else "No approved quote foretells anything with a date.")
        return
    listed = [
        (
            str(one.number),
            one.due_on.isoformat(),
            "due" if one.is_due(today) else one.state,
            one.tool_id,
            one.persona_id,
            line(one.editor),
            line(one.what),
        )
        for one in found
    ]
    columns = ("id", "by", "state", "tool", "persona", "editor", "what")
    put_rows(out, columns, listed, right=frozenset({"id"}), giving=("what", "editor"))
    waiting = sum(one.is_due(today) for one in found)
    out.print(f"{count(len(found), 'forecast')}, {waiting} due.")


def forecast(
    number: Annotated[str, typer.Argument(metavar="ID", help="A forecast's id, as `workbench forecasts` lists it.")],
    *,
    held: Annotated[bool, typer.Option("--held", help="It came true.")] = False,
    failed: Annotated[bool, typer.Option("--failed", help="It did not.")] = False,
    too_early: Annotated[
        str, typer.Option("--too-early", metavar="DATE", help="Too early to say: it is due on this day instead.")
    ] = "",
    note: Annotated[str, typer.Option(metavar="TEXT", help="A word on it.")] = "",
    editor: EditorOption = None,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Say what became of a forecast; the finding is kept for good, and a later one corrects it."""
    given: dict[Outcome, bool] = {"held": held, "failed": failed, "too_early": bool(too_early)}
    asked: list[Outcome] = [one for one in OUTCOMES if given[one]]
    if len(asked) != 1:
        raise InputError("What became of it?", "Give one of --held, --failed, --too-early DATE.", field="outcome")
    day = _day(too_early) if too_early else None
    if not number.isdecimal():
        raise UnknownNameError("forecast", number, remedy="`workbench forecasts` lists them.")
    with workbench_at(workspace) as bench:
        found = bench.foretelling.judge(int(number), asked[0], editor=signer(bench, editor), note=note, due=day)
        today = bench.foretelling.today
    if as_json:
        put_json({"forecast": forecast_shape(found, today)})
        return
    what = OUTCOMES[asked[0]].lower()
    until = f"; due again on {found.due_on.isoformat()}" if asked[0] == "too_early" else ""
    console().print(line(f"Forecast {found.number} of {found.tool_id} · {found.persona_id}: {what}{until}."))


def forecast_shape(one: Foretold, today: date) -> dict[str, Any]:
    """A forecast and everything that became of it; days are ISO dates in UTC."""
    return {
        "id": one.number,
        "tool": one.tool_id,
        "persona": one.persona_id,
        "editor": one.editor,
        "decided_at": stamp(one.decided_at),
        "what": one.what,
        "when": one.when,
        "due": one.due.isoformat(),
        "due_on": one.due_on.isoformat(),
        "state": one.state,
        "is_due": one.is_due(today),
        "events": [
            {
                "kind": event.kind,
                "editor": event.editor,
                "at": stamp(event.at),
                "note": event.note,
                "due": event.due.isoformat() if event.due is not None else None,
            }
            for event in one.events
        ],
    }


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"“{line(text)}” is not a day.", "Write it as 2028-06-30.", field="too-early") from None
