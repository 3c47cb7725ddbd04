"""A quote's sentences traced back to the drafts they were taken from: which beat they serve, which facts they cite."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from workbench.domain.decision import Cell
from workbench.domain.ids import DraftId
from workbench.domain.piece import Piece
from workbench.domain.review import Review, Sentence
from workbench.domain.text import clean, sentence_spans

Said = Mapping[DraftId, Review]
"""What drafts say, as far as their fact numbers are those of the dossier the quote is held against."""


def of_piece(piece: Piece, said: Said) -> Sentence:
    """The piece as a sentence, with the facts of the draft's sentence it was taken from, whatever it says by now."""
    sentences = _said_by(piece.draft_id, said)
    place = -1 if piece.place is None else piece.place
    facts = sentences[place].facts if 0 <= place < len(sentences) else ()
    return Sentence(beat=piece.beat, facts=facts, text=piece.text)


def of_pieces(pieces: Iterable[Piece], said: Said) -> Review:
    """What is put together, as the checks read it."""
    return Review(sentences=tuple(of_piece(one, said) for one in pieces))


def of_cell(cell: Cell, said: Said) -> Review:
    """The approved quote as the checks read it: its quote is `cell.text`, character for character."""
    review = Review(sentences=_traced(cell, said), verdict=cell.verdict)
    if review.quote == cell.text:
        return review
    return review._replace(sentences=(Sentence(beat="", facts=(), text=cell.text),))


def names_beats(review: Review) -> bool:
    """Whether its sentences say which beats they serve; nobody said so of a text typed in one piece."""
    return any(one.beat for one in review.sentences)


def _said_by(draft_id: DraftId | None, said: Said) -> Sequence[Sentence]:
    return said[draft_id].sentences if draft_id is not None and draft_id in said else ()


def _traced(cell: Cell, said: Said) -> tuple[Sentence, ...]:
    if cell.pieces:
        return of_pieces(cell.pieces, said).sentences
    drafted = _said_by(cell.draft_id, said)
    if not cell.edited:
        # A model's invisible characters are never published.
        return tuple(one._replace(text=clean(one.text).text) for one in drafted)
    return _typed(cell.text, drafted)


def _typed(text: str, drafted: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """A text typed in one piece, sentence by sentence, with the facts of those that still read as drafted."""
    cited = {clean(one.text).text: one.facts for one in drafted}
    said = [text[start:end] for start, end in sentence_spans(text)]
    return tuple(Sentence(beat="", facts=cited.get(one, ()), text=one) for one in said)
