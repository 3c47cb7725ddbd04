"""The seven prompts and the slots each must have."""

from __future__ import annotations

from workbench.domain.prompt import Prompt
from workbench.domain.text import digest
from workbench.errors import SlotError
from workbench.library.source_file import SourceFile

SLOTS: dict[str, frozenset[str]] = {
    "house": frozenset(),
    "brief": frozenset({"id", "label", "summary", "voice", "beats", "low", "high", "banned", "exemplars"}),
    "dossier": frozenset({"marker", "dossier"}),
    "ask": frozenset({"id", "label", "beats", "low", "high"}),
    "note": frozenset({"note"}),
    "opinion": frozenset({"beats"}),
    "reading": frozenset({"quote"}),
}
"""What the workbench fills into each prompt; a prompt uses all of it and nothing else."""
LATER = frozenset({"opinion", "reading"})
"""Prompts that folders of one's own may lack, since they are older than these: the built-in ones are read then."""


def read_prompt(file: SourceFile) -> Prompt:
    """The prompt in `file`, whose id is one of `SLOTS`. Raises LibraryError or SlotError."""
    text = file.text()
    prompt = Prompt(id=file.id, path=str(file.path), text=text.strip(), digest=digest(text))
    wanted = SLOTS[prompt.id]
    listed = ", ".join(f"${slot}" for slot in sorted(wanted)) or "none"
    for slot in sorted(prompt.slots - wanted):
        raise SlotError(prompt.path, slot, "nothing fills it.", f"Slots of this prompt: {listed}.")
    for slot in sorted(wanted - prompt.slots):
        raise SlotError(prompt.path, slot, "the text never uses it.", f"Add ${slot} to the prompt.")
    return prompt
