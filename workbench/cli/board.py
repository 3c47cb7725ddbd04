"""The drafts of a run as a terminal shows them: a table that grows, or a line for each change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from workbench.cli.printing import line, money, table
from workbench.domain.draft import State
from workbench.domain.ids import DraftId, PersonaId, ToolId
from workbench.domain.persona import Persona

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from workbench.services.drafting import Drafting
    from workbench.services.live import Snapshot

_STYLES: dict[State, str] = {
    "queued": "dim",
    "streaming": "cyan",
    "done": "green",
    "truncated": "yellow",
    "interrupted": "yellow",
    "stopped": "yellow",
    "refused": "red",
    "failed": "red",
}
_CELL_WIDTH = 42
_LEAST = 12
_GAP = 3
_NAME_WIDTH = 28
_LINES_A_ROW = 2
_LINES_AROUND = 6


class Board:
    """Looks at a run's drafts; `snapshots` are in the order they were started."""

    def __init__(self, drafting: Drafting, ids: Sequence[DraftId], personas: Mapping[PersonaId, Persona]) -> None:
        self._drafting = drafting
        self._personas = personas
        self._held: dict[DraftId, Snapshot] = {one: drafting.get(one) for one in ids}
        self._told: dict[DraftId, tuple[State, bool]] = {}

    @property
    def snapshots(self) -> list[Snapshot]:
        """The drafts as they were at the last look."""
        return list(self._held.values())

    @property
    def ended(self) -> bool:
        """Whether all had ended at the last look."""
        return not any(one.draft.live for one in self._held.values())

    def look(self) -> list[str]:
        """Look again; a line for each draft that changed its state since the last look."""
        told: list[str] = []
        for draft_id, held in self._held.items():
            now = self._drafting.get(draft_id) if held.draft.live else held
            self._held[draft_id] = now
            state = (now.draft.state, now.draft.waiting is not None)
            if self._told.get(draft_id) != state and now.draft.state != "queued":
                self._told[draft_id] = state
                told.append(self._line(now))
        return told

    def table(self, width: int, height: int | None) -> Table:
        """Rows are tools × personas, columns providers. Rows that do not fit into `height` lines are counted."""
        providers = list(dict.fromkeys(one.draft.origin.provider for one in self._held.values()))
        rows: dict[tuple[ToolId, PersonaId], dict[str, Snapshot]] = {}
        for one in self._held.values():
            rows.setdefault((one.draft.origin.tool_id, one.draft.origin.persona_id), {})[one.draft.origin.provider] = (
                one
            )
        shown = list(rows)
        room = len(shown) if height is None else max(1, (height - _LINES_AROUND) // _LINES_A_ROW)
        if room < len(shown):  # what streams matters more than what waits, and that more than what has ended
            shown = sorted(shown, key=lambda row: min(_rank(one) for one in rows[row].values()))[:room]
        made = table("persona", *providers)
        each = max(_LEAST, min(_CELL_WIDTH, (width - _NAME_WIDTH) // len(providers) - _GAP))
        for column in made.columns[1:]:  # of one width, or they would jump while text arrives
            column.width, column.no_wrap = each, height is not None
        made.columns[0].no_wrap, made.columns[0].overflow, made.columns[0].max_width = (
            True,
            "ellipsis",
            _NAME_WIDTH - _GAP,
        )
        for tool_id, persona_id in shown:
            own = rows[tool_id, persona_id]
            made.add_row(
                f"{self._label(persona_id)}\n{tool_id}",
                *(self._cell(own[name], each) if name in own else "" for name in providers),
            )
        made.caption = self._caption(hidden=len(rows) - len(shown))
        return made

    def _cell(self, one: Snapshot, width: int) -> Text:
        from rich.text import Text

        text = Text(self._figures(one), style=_STYLES[one.draft.state])
        tail = line(one.review.quote)[-width:] if one.draft.live else _outcome(one)
        return text.append(f"\n{tail}", style="dim")

    def _figures(self, one: Snapshot) -> str:
        persona = self._personas[one.draft.origin.persona_id]
        served = {sentence.beat for sentence in one.review.sentences} & {beat.id for beat in persona.beats}
        waiting = one.draft.waiting
        if waiting is not None:
            return f"waiting {waiting.seconds:.0f} s: {line(waiting.reason)}"
        if one.draft.state == "queued":
            return "queued"
        return (
            f"{one.draft.state} · {one.review.words} words · {len(served)}/{len(persona.beats)} beats · "
            f"{_seconds(one):.1f} s"
        )

    def _line(self, one: Snapshot) -> str:
        origin = one.draft.origin
        where = f"{origin.tool_id} · {origin.persona_id} · {origin.provider}"
        if one.draft.live:
            return f"{where}: {'streaming' if one.draft.waiting is None else self._figures(one)}"
        return f"{where}: {self._figures(one)} · {_outcome(one)}"

    def _label(self, persona_id: PersonaId) -> str:
        return line(self._personas[persona_id].label)

    def _caption(self, *, hidden: int) -> str:
        ended = sum(not one.draft.live for one in self._held.values())
        more = f" · {hidden} more rows" if hidden else ""
        return f"{ended} of {len(self._held)} ended{more}"


def _rank(one: Snapshot) -> int:
    return {"streaming": 0, "queued": 1}.get(one.draft.state, 2)


def _outcome(one: Snapshot) -> str:
    """What a draft that ended came to."""
    if one.draft.failure is not None:
        return line(one.draft.failure.message)
    price = f" · {money(one.draft.cost)} list price" if one.draft.usage is not None else ""
    suggestion = f"suggests {one.review.verdict}" if one.review.verdict is not None else "no suggestion"
    return f"{suggestion}{price}"


def _seconds(one: Snapshot) -> float:
    start = one.draft.started_at or one.draft.origin.created_at
    return max(0.0, ((one.draft.ended_at or datetime.now(UTC)) - start).total_seconds())
