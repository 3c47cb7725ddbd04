"""An editor's note about a draft, as the conversation with the model goes on from it."""

from __future__ import annotations

from workbench.domain.draft import USABLE, Draft
from workbench.domain.plan import Note
from workbench.domain.text import clean, first_unusable
from workbench.errors import InputError
from workbench.services.reading import closed, read_partial

NOTE_LIMIT = 500
"""Characters. What is longer is an edit, and better made by hand."""


def note_on(draft: Draft, text: str) -> Note | None:
    """The note, cleaned, beside what it is about; None when nothing is left of it.

    Raises InputError for a note that no text can keep or that is too long, and for a draft without text to go on from.
    """
    unusable = first_unusable(text)
    if unusable is not None:
        raise InputError(f"The note holds {unusable[1]} at character {unusable[0] + 1}.", "Remove it.", field="note")
    note = clean(text).text
    if not note:
        return None
    if len(note) > NOTE_LIMIT:
        raise InputError(
            f"The note has {len(note):,} characters; the limit is {NOTE_LIMIT:,}.", "Shorten it.", field="note"
        )
    if draft.state not in USABLE or not read_partial(draft.text).quote:
        raise InputError(
            f"Draft {draft.id} is {draft.state} and holds no text that a note could be about.",
            "Wait for its end, or stop it." if draft.live else "Ask for another take without a note.",
            field="note",
        )
    return Note(draft_id=draft.id, answer=closed(draft.text), text=note)
