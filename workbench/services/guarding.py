"""What keeps a text with open conflicts from being approved, wherever somebody approves it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from workbench.domain.answer import Remark
from workbench.domain.decision import Accepted, Cell, Edited
from workbench.domain.dossier import Dossier
from workbench.errors import DecisionError
from workbench.ports import Repositories
from workbench.services.remarking import Remarking

Hide = Callable[[str, Dossier], str]
"""A text without what would tell which model wrote it."""
_SHOWN = 3
"""Conflicts that a refusal names."""


class ConflictGuard:
    """Refuses while the dossier says otherwise and nobody has said why the words stay."""

    def __init__(self, *, remarking: Remarking, hide: Hide) -> None:
        self._remarking = remarking
        self._hide = hide

    def check(self, repositories: Repositories, cell: Cell, act: Accepted | Edited, *, masked: bool) -> None:
        """Raises DecisionError naming the words, the fact and what can be done, when `act` would approve a conflict.

        `cell` is where it would: as it stands now. `masked`: the editor must not learn who wrote the words.
        """
        after = replace(
            cell,
            text=act.text,
            draft_id=act.draft_id,
            edited=isinstance(act, Edited),
            pieces=act.pieces if isinstance(act, Edited) else (),
            verdict=act.verdict if act.verdict is not None else cell.verdict,
        )
        texts = self._remarking.on(repositories, cell.tool_id)
        conflicts = [one for one in texts.on_cell(after) if one.conflicts]
        latest = repositories.tools.latest(cell.tool_id)
        if conflicts and latest is not None:
            raise DecisionError(
                "The dossier says otherwise: "
                + "; ".join(self._named(one, latest, masked=masked) for one in conflicts[:_SHOWN])
                + (f"; and {len(conflicts) - _SHOWN} more." if len(conflicts) > _SHOWN else "."),
                "Add a source that bears the words out, reword them, or keep them with a reason.",
            )

    def _named(self, one: Remark, dossier: Dossier, *, masked: bool) -> str:
        said = f"“{one.mark.words}” against {one.finding.evidence}".rstrip(" .")
        return self._hide(said, dossier) if masked else said
