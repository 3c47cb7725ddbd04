"""The marks of what is put together in the beat grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from workbench.bootstrap import Workbench
from workbench.domain.answer import Remark
from workbench.domain.dossier import Dossier
from workbench.domain.ids import PersonaId, ToolId
from workbench.domain.mask import HIDDEN, Hidden
from workbench.domain.piece import Piece
from workbench.domain.review import Review, Sentence
from workbench.errors import UnknownNameError
from workbench.services.remarking import ToolRemarks
from workbench.ui.marks import Mark, marked


def grid_marks(
    bench: Workbench, tool_id: ToolId, persona_id: PersonaId, pieces: Sequence[Piece]
) -> list[tuple[Mark, Remark]]:
    """The remarks on these pieces, each with its mark: `sentence` counts the pieces from 0.

    A masked piece is held against the dossier as its draft has it, so that an answer to it holds for the quote, too.
    Raises StoreError and LibraryError.
    """
    cell = bench.deciding.cells(tool_id).get(persona_id)
    masked = bench.masking.masked(cell)
    with bench.store.reading() as repositories:
        texts = bench.remarking.on(repositories, tool_id)
        latest = texts.held(None)
        if latest is None:
            return []
        whole = [_as_drafted(bench, texts, one, latest) for one in pieces] if masked else list(pieces)
        remarks = texts.on_pieces(persona_id, whole, verdict=cell.verdict if cell is not None else None)
    review = Review(sentences=tuple(Sentence(beat=one.beat, facts=(), text=one.text) for one in whole))
    if not masked:
        return marked(review, remarks)
    drafted = {one.text for one, shown in zip(whole, pieces, strict=True) if one is not shown}

    def say(text: str, *, whole: bool) -> Hidden:
        return bench.masking.hidden(text, latest, whole=whole)

    def hide(text: str, *, whole: bool) -> Hidden:
        return say(text, whole=whole) if text in drafted else Hidden(text)  # an editor sees what an editor typed

    return marked(review, remarks, hide=hide, say=say)


def _as_drafted(bench: Workbench, texts: ToolRemarks, piece: Piece, latest: Dossier) -> Piece:
    """The piece as its draft has it, where a name is hidden in it and nothing was changed."""
    if HIDDEN not in piece.text or piece.draft_id is None or piece.place is None:
        return piece
    try:
        snapshot = bench.drafting.get(piece.draft_id)
    except UnknownNameError:
        return piece
    dossier = texts.held(snapshot.draft) or latest
    real = snapshot.review.sentences
    shown = bench.masking.review(snapshot.review, dossier, whole=snapshot.draft.state == "done").sentences
    if not 0 <= piece.place < len(real) or shown[piece.place].text != piece.text:
        return piece
    return replace(piece, text=real[piece.place].text)
