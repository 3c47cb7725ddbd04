"""What an editor is putting together and has not saved: kept while it is typed, never over somebody else's."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.domain.ids import PersonaId, ToolId
from workbench.domain.piece import Piece, Working
from workbench.domain.text import clean
from workbench.errors import ConflictError, InputError
from workbench.ports import Repositories
from workbench.services.cell_log import standing_text
from workbench.services.quoting import QUOTE_LIMIT

KEPT_LIMIT = 4 * QUOTE_LIMIT
PIECE_LIMIT = 200
"""What may be kept while it is typed: characters, and pieces."""


def keep_working(
    repositories: Repositories,
    tool_id: ToolId,
    persona_id: PersonaId,
    pieces: Sequence[Piece],
    *,
    editor: str,
    revision: int,
) -> Working:
    """Keep it; `revision` is the one its editor has seen, 0 for none.

    Nothing is kept of no text, nor of the quote that stands. Raises InputError when it is endless, and
    ConflictError when something else was kept since `revision`, which then stays.
    """
    working = Working(pieces=tuple(pieces), editor=editor, revision=revision + 1)
    if sum(len(one.text) for one in pieces) > KEPT_LIMIT or len(pieces) > PIECE_LIMIT:
        raise InputError("This is too long to be kept while you type.", "Shorten it.", field="quote")
    before = repositories.scratch.get(tool_id, persona_id)
    if before is not None and before.revision != revision:
        if before.pieces == working.pieces:
            return before
        raise ConflictError(
            f"{before.editor or 'Somebody'} writes here in another window.", "Your text stays on the screen."
        )
    if not working.text or clean(working.text).text == standing_text(repositories, tool_id, persona_id):
        repositories.scratch.put(tool_id, persona_id, None)
    else:
        repositories.scratch.put(tool_id, persona_id, working)
    return working
