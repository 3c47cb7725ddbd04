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
_ENOUGH = 28
"""Columns in which state, words and beats fit."""
_NAME_WIDTH = 20
"""Columns a tool's id always gets; more of it is shown where there is room."""
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

    def look(self, width: int = 120) -> list[str]:
        """Look again; a line of at most `width` where possible for each draft that changed its state since."""
        told: list[str] = []
        for draft_id, held in self._held.items():
            now = self._drafting.get(draft_id) if held.draft.live else held
            self._held[draft_id] = now
            state = (now.draft.state, now.draft.waiting is not None)
            if self._told.get(draft_id) != state and now.draft.state != "queued":
                self._told[draft_id] = state
                told.append(self._line(now, width))
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
        around = 3 * len(providers) + 2  # blanks between the columns and at the edges
        longest = max(len(name) for row in rows for name in (row[0], self._label(row[1])))
        names = min(longest, max(_NAME_WIDTH, width - around - _ENOUGH * len(providers)))
        each = max(_LEAST, min(_CELL_WIDTH, (width - around - names) // len(providers)))
        for column in made.columns:  # of one width, or they would jump while text arrives
            column.width, column.no_wrap, column.overflow = each, True, "ellipsis"
        made.columns[0].width = names
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

        text = Text(_fitted(self._figures(one), width), style=_STYLES[one.draft.state])
        tail = line(one.review.quote)[-width:] if one.draft.live else _fitted(_outcome(one), width)
        return text.append(f"\n{tail}", style="dim")

    def _figures(self, one: Snapshot) -> tuple[str, ...]:
        """How far it has come, what matters most first."""
        persona = self._personas[one.draft.origin.persona_id]
        # The answer names a sentence's beat before its first word; a beat is served by words.
        begun = {sentence.beat for sentence in one.review.sentences if sentence.text.strip()}
        served = len(begun & {beat.id for beat in persona.beats})
        waiting = one.draft.waiting
        if waiting is not None:
            return (f"waiting {waiting.seconds:.0f} s: {line(waiting.reason)}",)
        if one.draft.state == "queued":
            return ("queued",)
        return (
            one.draft.state,
            f"{one.review.words} words",
            f"{served}/{len(persona.beats)} beats",
            f"{_seconds(one):.1f} s",
        )

    def _line(self, one: Snapshot, width: int) -> str:
        origin = one.draft.origin
        where = f"{origin.tool_id} · {origin.persona_id} · {origin.provider}: "
        if one.draft.live:
            return f"{where}{'streaming' if one.draft.waiting is None else self._figures(one)[0]}"
        *figures, seconds = self._figures(one)
        return where + _fitted((*figures, *_outcome(one), seconds), width - len(where))

    def _label(self, persona_id: PersonaId) -> str:
        return line(self._personas[persona_id].label)

    def _caption(self, *, hidden: int) -> str:
        ended = sum(not one.draft.live for one in self._held.values())
        more = f" · {hidden} more rows" if hidden else ""
        return f"{ended} of {len(self._held)} ended · list prices{more}"


def _rank(one: Snapshot) -> int:
    return {"streaming": 0, "queued": 1}.get(one.draft.state, 2)


def _fitted(parts: Sequence[str], width: int) -> str:
    """As many of the parts, from the first, as fit whole; the first one always."""
    shown = parts[0]
    for part in parts[1:]:
        if len(shown) + len(part) + 3 > width:
            break
        shown += f" · {part}"
    return shown


def _outcome(one: Snapshot) -> tuple[str, ...]:
    """What a draft that ended came to, in few words; why one failed is told at the end, with the remedy."""
    if one.draft.failure is not None:
        return (one.draft.failure.failure.replace("_", " "),)
    suggestion = f"suggests {one.review.verdict}" if one.review.verdict is not None else "no suggestion"
    return (suggestion, money(one.draft.cost)) if one.draft.usage is not None else (suggestion,)


def _seconds(one: Snapshot) -> float:
    start = one.draft.started_at or one.draft.origin.created_at
    return max(0.0, ((one.draft.ended_at or datetime.now(UTC)) - start).total_seconds())
