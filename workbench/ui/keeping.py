"""What is put together on a page, on its way to be kept: pieces as its script sends them, and what it is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from pydantic import TypeAdapter

from workbench.domain.ids import PersonaId, ToolId
from workbench.domain.piece import Piece, Working
from workbench.errors import ConflictError, WorkbenchError
from workbench.ui import runtime
from workbench.ui.grid_marks import grid_marks
from workbench.ui.marks import plain

_PIECES: TypeAdapter[tuple[Piece, ...]] = TypeAdapter(tuple[Piece, ...])


def pieces_of(sent: object) -> tuple[Piece, ...]:
    """The pieces a page sent. Raises ValueError when they are none."""
    return _PIECES.validate_python(sent)


def sent(pieces: tuple[Piece, ...]) -> list[dict[str, Any]]:
    """Pieces as a page's script reads and sends them."""
    return [asdict(one) for one in pieces]


def keep(wanted: Mapping[str, Any], editor: str) -> dict[str, Any]:
    """Keep what this editor has typed; the answer is the next revision and the text's marks, or why not and what
    somebody else kept.

    Raises ValueError, TypeError or KeyError when `wanted` is not what a page of ours sends.
    """
    tool_id, persona_id = ToolId(str(wanted["tool"])), PersonaId(str(wanted["persona"]))
    pieces, revision = pieces_of(wanted["pieces"]), int(wanted["revision"])
    about = {"tool": tool_id, "persona": persona_id}
    deciding = runtime.workbench().deciding
    try:
        kept = deciding.keep(tool_id, persona_id, pieces, editor=editor, revision=revision)
    except ConflictError as error:
        return {"kept": {**about, "error": error.message, "theirs": _theirs(deciding.kept(tool_id, persona_id))}}
    except WorkbenchError as error:
        return {"kept": {**about, "error": str(error)}}
    return {"kept": {**about, "revision": kept.revision, "marks": _marks(tool_id, persona_id, pieces)}}


def _marks(tool_id: ToolId, persona_id: PersonaId, pieces: tuple[Piece, ...]) -> list[dict[str, Any]] | None:
    """The marks of what was just kept; None when it could not be checked, which is no reason not to keep it."""
    try:
        return plain(one for one, _ in grid_marks(runtime.workbench(), tool_id, persona_id, pieces))
    except WorkbenchError:
        return None


def _theirs(working: Working | None) -> dict[str, Any] | None:
    if working is None:
        return None  # saved or thrown away meanwhile
    return {"pieces": sent(working.pieces), "editor": working.editor, "revision": working.revision}
