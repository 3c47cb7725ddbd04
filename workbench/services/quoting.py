"""What of a draft may be printed, and which words of a quote are a draft's."""

from __future__ import annotations

from collections.abc import Iterable

from workbench.domain.draft import USABLE, Draft
from workbench.domain.ids import DraftId, PersonaId, ToolId
from workbench.domain.piece import Piece
from workbench.domain.text import clean, first_unusable
from workbench.domain.wording import common_words
from workbench.errors import DecisionError, InputError, UnknownNameError
from workbench.ports import Repositories
from workbench.services.reading import read_partial

QUOTE_LIMIT = 5_000
"""Longest quote in characters; the length band is about 1,100."""


def known_draft(repositories: Repositories, draft_id: DraftId) -> Draft:
    """The draft. Raises UnknownNameError."""
    draft = repositories.drafts.get(draft_id)
    if draft is None:
        raise UnknownNameError("draft", draft_id, remedy="`workbench show TOOL` lists a tool's drafts.")
    return draft


def usable_draft(repositories: Repositories, tool_id: ToolId, persona_id: PersonaId, draft_id: DraftId) -> Draft:
    """The draft whose text may go into this cell's quote. Raises UnknownNameError or DecisionError."""
    draft = known_draft(repositories, draft_id)
    if (draft.origin.tool_id, draft.origin.persona_id) != (tool_id, persona_id):
        raise DecisionError("This draft belongs to another cell.", "Open its own cell.")
    if draft.state not in USABLE:
        raise DecisionError(f"This draft is {draft.state}: its text cannot be used.", "Ask for another take.")
    return draft


def taken_words(pieces: Iterable[Piece], draft: Draft) -> int:
    """How many of the pieces' words came from this draft's sentences and stayed as they were."""
    said = read_partial(draft.text).sentences
    return sum(
        common_words(clean(said[one.place].text).text, one.text)
        for one in pieces
        if one.draft_id == draft.origin.id and one.place is not None and 0 <= one.place < len(said)
    )


def drafted_quote(draft: Draft) -> str:
    """The draft's quote as it would be published: a model's invisible characters never are."""
    return clean(read_partial(draft.text).quote).text


def printable(text: str) -> str:
    """The text as it would be published. Raises InputError when it is empty, too long or cannot be kept."""
    if len(text) > QUOTE_LIMIT:
        raise InputError(
            f"The quote has {len(text):,} characters; the limit is {QUOTE_LIMIT:,}.", "Shorten it.", field="quote"
        )
    unusable = first_unusable(text)
    if unusable is not None:
        position, what = unusable
        raise InputError(f"The quote holds {what} at character {position + 1}.", "Remove it.", field="quote")
    quote = clean(text).text
    if not quote:
        raise InputError("The quote is empty.", "Write it, or reject the draft instead.", field="quote")
    return quote
