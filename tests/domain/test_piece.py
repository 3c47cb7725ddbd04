"""A quote put together from sentences."""

from __future__ import annotations

from workbench.domain.ids import DraftId
from workbench.domain.piece import Piece, Working, joined


def test_pieces_make_one_quote_and_blank_ones_none_of_it() -> None:
    taken = Piece(text=" The primitive is a queue. ", beat="primitive", draft_id=DraftId("d1"), place=0)
    blank = Piece(text="  ", beat="dx")
    own = Piece(text="It holds.", beat="verdict")
    assert joined([taken, blank, own]) == "The primitive is a queue. It holds."
    assert Working(pieces=(taken, blank, own)).text == joined([taken, own])
    assert joined([]) == ""
